// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"
	"time"

	"verlof/identity/access"
	"verlof/leave"
)

// Collective is one leave for many people, booked for all of them at once.
type Collective struct {
	ID       string     `json:"id"`
	Type     string     `json:"type" doc:"Id of the leave type."`
	From     Date       `json:"from"`
	To       Date       `json:"to"`
	First    Portion    `json:"first"`
	Last     Portion    `json:"last"`
	Reason   string     `json:"reason" doc:"What everybody in it reads."`
	By       string     `json:"by" doc:"Id of who booked it."`
	At       *time.Time `json:"at"`
	People   int        `json:"people" doc:"Whose part of it stands."`
	UndoneBy string     `json:"undone_by,omitempty"`
	UndoneAt *time.Time `json:"undone_at,omitempty"`
	Undo     string     `json:"undo_reason,omitempty"`
}

// CollectiveDetail is a collective leave with everybody in it.
type CollectiveDetail struct {
	Collective
	Rows    []CollectiveRow `json:"rows"`
	MayUndo bool            `json:"may_undo"`
}

// CollectivePreview is what a collective leave would do, person by person.
type CollectivePreview struct {
	Rows     []CollectiveRow `json:"rows"`
	Bookable int             `json:"bookable" doc:"Rows without a problem."`
	Cost     Amount          `json:"cost" doc:"Of those."`
}

// CollectiveRow is one person of a collective leave.
type CollectiveRow struct {
	Person  string   `json:"person" doc:"Id of the person."`
	Request string   `json:"request,omitempty" doc:"Id of their request, once it is booked."`
	State   string   `json:"state,omitempty" enum:",pending,approved,refused,withdrawn,cancelled" doc:"Of the request."`
	Cost    Amount   `json:"cost"`
	Minutes int      `json:"minutes,omitempty" doc:"Working time; of a preview."`
	Before  *Amount  `json:"before,omitempty" doc:"Available before it; of a preview."`
	After   *Amount  `json:"after,omitempty" doc:"Available after it; of a preview."`
	Problem *Problem `json:"problem,omitempty" doc:"Why it cannot be booked."`
}

// CollectiveInput is leave that is to be booked for many.
type CollectiveInput struct {
	Type      string   `json:"type" maxLength:"64" doc:"Id of the leave type." example:"holiday"`
	From      Date     `json:"from"`
	To        *Date    `json:"to,omitempty" doc:"Last day; missing: the first one."`
	First     *Portion `json:"first,omitempty" doc:"What part of the first day; missing: all of it."`
	Last      *Portion `json:"last,omitempty" doc:"What part of the last day, where that is another one; missing: all of it."`
	Reason    string   `json:"reason" minLength:"1" maxLength:"2000" doc:"What everybody in it reads." example:"Closed between Christmas and New Year"`
	Everybody bool     `json:"everybody,omitempty" doc:"All on whose leave the caller decides."`
	Teams     []string `json:"teams,omitempty" maxItems:"200" doc:"Ids: all of their members."`
	Locations []string `json:"locations,omitempty" maxItems:"200" doc:"Ids: all who work there."`
	People    []string `json:"people,omitempty" maxItems:"5000" doc:"Ids."`
}

func (in *CollectiveInput) ask() leave.CollectiveAsk {
	span := AskInput{From: in.From, To: in.To, First: in.First, Last: in.Last}
	return leave.CollectiveAsk{Type: in.Type, Span: span.ask("").Span, Reason: in.Reason,
		Choice: leave.Choice{Everybody: in.Everybody, Teams: in.Teams, Locations: in.Locations, People: peopleIDs(in.People)}}
}

func collectiveSeen(x leave.CollectiveLine) Collective {
	return Collective{ID: x.ID, Type: x.Collective.Type, From: dated(x.From), To: dated(x.To), First: Portion{x.First}, Last: Portion{x.Last}, Reason: x.Reason,
		By: string(x.Collective.By), At: moment(x.At), People: x.People, UndoneBy: string(x.Collective.UndoneBy), UndoneAt: moment(x.UndoneAt), Undo: x.UndoReason}
}

func (c *call) collectiveRows(list []leave.CollectiveRow, u leave.Unit) []CollectiveRow {
	return each(list, func(x leave.CollectiveRow) CollectiveRow {
		out := CollectiveRow{Person: string(x.Person.ID), Request: x.Request.ID, State: string(x.Request.State), Cost: amount(c.lang, x.Cost, u)}
		if x.Request.ID == "" {
			before, after := amount(c.lang, x.Before, u), amount(c.lang, x.After, u)
			out.Minutes, out.Before, out.After = x.Minutes, &before, &after
		}
		if x.Problem != nil {
			out.Problem = problemOf(c.lang, x.Problem, c.number)
		}
		return out
	})
}

type collectiveBody struct{ Body CollectiveInput }

func addCollective(s *surface) {
	const area, who = "Collective leave", "For those who decide on leave."
	add(s, operation{ID: "listCollectives", Method: http.MethodGet, Path: "/collectives", Scope: access.LeaveRead, Area: area, Summary: "List collective leave", Doc: who}, listCollectives)
	add(s, operation{ID: "previewCollective", Method: http.MethodPost, Path: "/collectives/preview", Scope: access.LeaveRead, Area: area, Summary: "Work out what collective leave would do",
		Doc: "Nothing is written. " + who}, previewCollective)
	add(s, operation{ID: "addCollective", Method: http.MethodPost, Path: "/collectives", Scope: access.LeaveWrite, Area: area, Status: http.StatusCreated, Summary: "Book leave for many at once",
		Doc: "For all of them or for none: where one cannot be booked it is refused, and a preview says who and why. " + who}, bookCollective)
	add(s, operation{ID: "getCollective", Method: http.MethodGet, Path: "/collectives/{id}", Scope: access.LeaveRead, Area: area, Summary: "Read a collective leave", Doc: who}, getCollective)
	add(s, operation{ID: "undoCollective", Method: http.MethodPost, Path: "/collectives/{id}/undo", Scope: access.LeaveWrite, Area: area, Summary: "Take collective leave back for everybody",
		Doc: "A reason is needed. " + who}, takenBack((*leave.Service).UndoCollective, getCollective))
}

func listCollectives(ctx context.Context, c *call, in *Cut) (Page[Collective], error) {
	list, err := c.Leave.Collectives(ctx, c.Caller.Person)
	if err != nil {
		return Page[Collective]{}, err
	}
	return part(each(list, collectiveSeen), *in, true, func(x Collective) string { return x.ID })
}

func previewCollective(ctx context.Context, c *call, in *collectiveBody) (CollectivePreview, error) {
	p, err := c.Leave.PreviewCollective(ctx, c.Caller.Person, in.Body.ask())
	if err != nil {
		return CollectivePreview{}, err
	}
	return CollectivePreview{Rows: c.collectiveRows(p.Rows, p.Type.Unit), Bookable: p.Bookable, Cost: amount(c.lang, p.Cost, p.Type.Unit)}, nil
}

func bookCollective(ctx context.Context, c *call, in *collectiveBody) (CollectiveDetail, error) {
	x, err := c.Leave.BookCollective(ctx, c.Caller.Person, in.Body.ask())
	if err != nil {
		return CollectiveDetail{}, err
	}
	c.made("/collectives/" + x.ID)
	return getCollective(ctx, c, &ByID{x.ID})
}

func getCollective(ctx context.Context, c *call, in *ByID) (CollectiveDetail, error) {
	d, err := c.Leave.CollectiveDetail(ctx, c.Caller.Person, in.ID)
	if err != nil {
		return CollectiveDetail{}, err
	}
	return CollectiveDetail{Collective: collectiveSeen(d.CollectiveLine), Rows: c.collectiveRows(d.Rows, d.CollectiveLine.Type.Unit), MayUndo: d.MayUndo}, nil
}
