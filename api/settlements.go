// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"
	"time"

	"verlof/calendar"
	"verlof/identity/access"
	"verlof/leave"
	"verlof/leave/explain"
)

// Settlement is a time that payroll has settled.
type Settlement struct {
	ID          string     `json:"id"`
	From        Date       `json:"from"`
	To          Date       `json:"to"`
	By          string     `json:"by" doc:"Id of who settled it."`
	At          *time.Time `json:"at"`
	People      int        `json:"people" doc:"Whom its lines are about."`
	Pieces      int        `json:"pieces" doc:"Lines about its own time."`
	Corrections int        `json:"corrections" doc:"Lines about times that were settled before."`
	UndoneBy    string     `json:"undone_by,omitempty"`
	UndoneAt    *time.Time `json:"undone_at,omitempty"`
	Undo        string     `json:"undo_reason,omitempty"`
	MayUndo     bool       `json:"may_undo" doc:"By the caller: it is the last one that stands."`
}

// SettlementDetail is a settlement with all that it told.
type SettlementDetail struct {
	Settlement
	Lines []SettlementLine `json:"lines" doc:"Corrections first, by the time they are about; then by person and day. They stay as they were told."`
}

// SettlementLine is what a settlement tells of one piece of leave in one settled time.
type SettlementLine struct {
	About    string   `json:"about,omitempty" doc:"Id of the settlement whose time it is about: an earlier one where it corrects; missing: the time that a preview is of."`
	Person   string   `json:"person" doc:"Id of the person."`
	Type     string   `json:"type" doc:"Id of the leave type."`
	Request  string   `json:"request" doc:"Id of the request."`
	From     Date     `json:"from" doc:"The first day in that time that costs something."`
	To       Date     `json:"to" doc:"The last day in that time that costs something."`
	Corrects bool     `json:"corrects"`
	Days     Amount   `json:"days" doc:"Of a correction the difference, signed."`
	Hours    Amount   `json:"hours" doc:"Of a correction the difference, signed."`
	WasDays  Amount   `json:"was_days" doc:"What had been told of it before."`
	WasHours Amount   `json:"was_hours" doc:"What had been told of it before."`
	Why      []string `json:"why,omitempty" doc:"Of a correction in a preview: why leave that stands costs something else now. Of leave that does not stand any more the request says it."`
}

// SettlementPreview is what settling a time would tell.
type SettlementPreview struct {
	From    Date             `json:"from"`
	To      Date             `json:"to"`
	Settled []Settlement     `json:"settled" doc:"Settlements that touch the time: with one it cannot be settled, and the lines are corrections alone."`
	Lines   []SettlementLine `json:"lines"`
	May     bool             `json:"may_settle" doc:"It can be settled, and by the caller."`
	Mark    string           `json:"mark" doc:"Of the lines, for settling them."`
}

type (
	settleQuery struct {
		From Date `query:"from" required:"true" doc:"First day."`
		To   Date `query:"to" required:"true" doc:"Last day."`
	}
	settleBody struct {
		Body struct {
			From Date   `json:"from"`
			To   Date   `json:"to"`
			Mark string `json:"mark" maxLength:"64" doc:"Of the preview."`
		}
	}
)

func addSettlements(s *surface) {
	const area, see, settle = "Settlements", "For those who see reports.", "For payroll and administrators."
	add(s, operation{ID: "listSettlements", Method: http.MethodGet, Path: "/settlements", Scope: access.ReportsRead, Area: area, Summary: "List what payroll has settled", Doc: "Also what was taken back. " + see},
		func(ctx context.Context, c *call, in *Cut) (Page[Settlement], error) {
			list, err := c.Leave.Settlements(ctx, c.Caller.Person)
			if err != nil {
				return Page[Settlement]{}, err
			}
			return part(each(list, settlementSeen), *in, true, func(x Settlement) string { return x.ID })
		})
	add(s, operation{ID: "previewSettlement", Method: http.MethodGet, Path: "/settlements/preview", Scope: access.ReportsRead, Area: area, Summary: "Work out what settling a time would tell",
		Doc: "Approved leave of the time, and what has changed in those settled before. Nothing is written. " + see},
		func(ctx context.Context, c *call, in *settleQuery) (SettlementPreview, error) {
			p, err := c.Leave.PreviewSettlement(ctx, c.Caller.Person, calendar.Range{From: in.From.Date, To: in.To.Date})
			return SettlementPreview{From: in.From, To: in.To, Settled: each(p.Settled, settlementSeen), Lines: each(p.Lines, c.settlementLine), May: p.May, Mark: p.Mark}, err
		})
	add(s, operation{ID: "addSettlement", Method: http.MethodPost, Path: "/settlements", Scope: access.LeaveWrite, Area: area, Status: http.StatusCreated, Summary: "Settle a time",
		Doc: "What it tells stays on record. Refused where the lines are others than in the preview, and where some of the time is settled. " + settle},
		func(ctx context.Context, c *call, in *settleBody) (SettlementDetail, error) {
			x, err := c.Leave.SettleLeave(ctx, c.Caller.Person, calendar.Range{From: in.Body.From.Date, To: in.Body.To.Date}, in.Body.Mark)
			if err != nil {
				return SettlementDetail{}, err
			}
			c.made("/settlements/" + x.ID)
			return getSettlement(ctx, c, &ByID{x.ID})
		})
	add(s, operation{ID: "getSettlement", Method: http.MethodGet, Path: "/settlements/{id}", Scope: access.ReportsRead, Area: area, Summary: "Read a settlement with its lines", Doc: see}, getSettlement)
	add(s, operation{ID: "undoSettlement", Method: http.MethodPost, Path: "/settlements/{id}/undo", Scope: access.LeaveWrite, Area: area, Summary: "Take the last settlement back",
		Doc: "A reason is needed. It counts as not told, and stays on record. " + settle}, takenBack((*leave.Service).UndoSettlement, getSettlement))
}

func getSettlement(ctx context.Context, c *call, in *ByID) (SettlementDetail, error) {
	d, err := c.Leave.Settlement(ctx, c.Caller.Person, in.ID)
	if err != nil {
		return SettlementDetail{}, err
	}
	return SettlementDetail{Settlement: settlementSeen(d.SettlementEntry), Lines: each(d.Lines, c.settlementLine)}, nil
}

func settlementSeen(x leave.SettlementEntry) Settlement {
	return Settlement{ID: x.ID, From: dated(x.Period.From), To: dated(x.Period.To), By: string(x.By.ID), At: moment(x.At), People: x.People, Pieces: x.Pieces,
		Corrections: x.Corrections, UndoneBy: string(x.UndoneBy.ID), UndoneAt: moment(x.UndoneAt), Undo: x.UndoReason, MayUndo: x.MayUndo}
}

func (c *call) settlementLine(x leave.SettlementLine) SettlementLine {
	if !c.tellsSickness() {
		x.Discreet()
	}
	return SettlementLine{About: x.About, Person: string(x.Person.ID), Type: x.Type.ID, Request: x.SettledLine.Request, From: dated(x.In.From), To: dated(x.In.To),
		Corrects: x.Corrects(), Days: amount(c.lang, x.Days, leave.Days), Hours: amount(c.lang, x.Minutes, leave.Hours),
		WasDays: amount(c.lang, x.Was.Days, leave.Days), WasHours: amount(c.lang, x.Was.Minutes, leave.Hours), Why: explain.Reasons(c.lang, x.Why)}
}
