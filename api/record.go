// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"
	"time"

	"verlof/calendar"
	"verlof/identity/access"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/leave/explain"
)

// ChangeEntry is a change on record that moved, or might have moved, what people have left.
type ChangeEntry struct {
	ID      string     `json:"id"`
	At      *time.Time `json:"at"`
	By      string     `json:"by" doc:"Id of who made it."`
	Kind    string     `json:"kind" enum:"person,employment,contract,pattern,location,holidays,type,policy,law,fixed"`
	Text    string     `json:"text" doc:"What was changed, in the caller's language."`
	Reason  string     `json:"reason,omitempty" doc:"Missing where nobody's balance changed."`
	People  int        `json:"people" doc:"Whom it concerned."`
	Others  int        `json:"others" doc:"Of how many nothing changed."`
	Effects []Effect   `json:"effects,omitempty" doc:"The greatest first; left out of lists."`
}

func (c *call) changeEntry(e leave.ChangeEntry) ChangeEntry {
	out := ChangeEntry{ID: e.ID, At: moment(e.At), By: string(e.By), Kind: string(e.Kind), Reason: e.Reason, People: e.People, Others: e.Others,
		Text: c.lang.T("leave.change."+e.Words.Key, explain.Values(c.lang, e.Words.Args)...)}
	if e.Effects != nil {
		out.Effects = each(e.Effects, c.effect)
	}
	return out
}

type changesQuery struct {
	Kind  string `query:"kind" enum:"person,employment,contract,pattern,location,holidays,type,policy,law,fixed" doc:"Only those of this kind."`
	After string `query:"after" maxLength:"64" doc:"The value of next in the part before this one."`
}

func addRecord(s *surface) {
	const area, who = "Record", "For those who may see the record."
	add(s, operation{ID: "listChanges", Method: http.MethodGet, Path: "/changes", Scope: access.ReportsRead, Area: area, Summary: "List changes that may have moved what people have left",
		Doc: "Latest first. " + who}, listChanges)
	add(s, operation{ID: "getChange", Method: http.MethodGet, Path: "/changes/{id}", Scope: access.ReportsRead, Area: area, Summary: "Read a change, and who gained or lost what by it", Doc: who},
		func(ctx context.Context, c *call, in *ByID) (ChangeEntry, error) {
			e, err := c.Leave.ChangeOnRecord(ctx, c.Caller.Person, in.ID)
			if err != nil {
				return ChangeEntry{}, err
			}
			return c.changeEntry(e), nil
		})
	add(s, operation{ID: "listLeavers", Method: http.MethodGet, Path: "/leavers", Scope: access.ReportsRead, Area: "Reports", Summary: "List those who leave, and what becomes of their leave",
		Doc: "And who left in the last year. For those who see reports."}, listLeavers)
	add(s, operation{ID: "getLeaver", Method: http.MethodGet, Path: "/leavers/{id}", Scope: access.ReportsRead, Area: "Reports", Summary: "Read what becomes of the leave of somebody who leaves", Doc: "For those who see reports."},
		func(ctx context.Context, c *call, in *leaverQuery) (Leaver, error) {
			x, err := c.Leave.Leaver(ctx, c.Caller.Person, in.who(), in.Employment)
			if err != nil {
				return Leaver{}, err
			}
			return c.leaver(x), nil
		})
	add(s, operation{ID: "listTrades", Method: http.MethodGet, Path: "/trades", Scope: access.ReportsRead, Area: "Reports", Summary: "List leave that was bought and sold", Doc: "Of everybody, latest first, for payroll. For those who see reports."},
		func(ctx context.Context, c *call, in *Cut) (Page[Claim], error) {
			list, err := c.Leave.Trades(ctx, c.Caller.Person)
			if err != nil {
				return Page[Claim]{}, err
			}
			return part(each(list, c.claim), *in, true, func(x Claim) string { return x.ID })
		})
}

func listChanges(ctx context.Context, c *call, in *changesQuery) (Page[ChangeEntry], error) {
	list, more, err := c.Leave.Changes(ctx, c.Caller.Person, leave.ChangeKind(in.Kind), in.After)
	out := Page[ChangeEntry]{Items: each(list, c.changeEntry)}
	if more && len(list) > 0 {
		out.Next = list[len(list)-1].ID
	}
	return out, err
}

// Leaver is what becomes of the leave of somebody who leaves.
type Leaver struct {
	Person     string       `json:"person" doc:"Id of the person."`
	Employment string       `json:"employment" doc:"Id of the employment."`
	From       Date         `json:"from" doc:"First day of the employment."`
	To         Date         `json:"to" doc:"Its last day."`
	Back       *Date        `json:"back,omitempty" doc:"First day of the employment that they came back for next. What was left stays in the balance until it is recorded with the final pay."`
	Lines      []LeaverLine `json:"lines" doc:"Of each leave type that there is something to say of."`
}

// LeaverLine is one leave type on the last day of an employment.
type LeaverLine struct {
	Type     string  `json:"type" doc:"Id of the leave type."`
	YearFrom Date    `json:"year_from" doc:"First day of the leave year."`
	YearTo   Date    `json:"year_to" doc:"Last day of the leave year."`
	Carried  Amount  `json:"carried"`
	Entitled Amount  `json:"entitled"`
	Taken    Amount  `json:"taken"`
	Lost     Amount  `json:"lost"`
	Paid     Amount  `json:"paid"`
	Since    Amount  `json:"since" doc:"What came since that leave year was closed."`
	PayOut   Amount  `json:"pay_out" doc:"Left, to be paid."`
	NotPaid  Amount  `json:"not_paid" doc:"Left, and not paid, as the leave type says."`
	Owed     Amount  `json:"owed" doc:"Taken beyond what was due."`
	FinalPay Amount  `json:"final_pay" doc:"Paid out with the final pay, as a line by hand of the last day says; negative: withheld from it. Neither pay_out nor owed has it."`
	Classes  []Share `json:"classes" doc:"Of what is paid, by what kind of right it is."`
}

// Share is the part of an amount that is of one kind of right.
type Share struct {
	Class  string `json:"class" doc:"Empty: none, such as leave granted by hand." example:"statutory"`
	Amount Amount `json:"amount"`
}

func (c *call) leaver(x leave.Leaver) Leaver {
	out := Leaver{Person: string(x.Person.ID), Employment: x.Employment.ID, From: dated(x.Employment.From), To: dated(x.Employment.To), Back: maybeDated(x.Back), Lines: []LeaverLine{}}
	for i := range x.Lines {
		out.Lines = append(out.Lines, c.leaverLine(&x.Lines[i]))
	}
	return out
}

func (c *call) leaverLine(x *leave.LeaverLine) LeaverLine {
	in := func(v exact.Rat) Amount { return amount(c.lang, v, x.Unit) }
	return LeaverLine{Type: x.Type.ID, YearFrom: dated(x.Year.From), YearTo: dated(x.Year.To), Carried: in(x.Carried), Entitled: in(x.Entitled), Taken: in(x.Taken),
		Lost: in(x.Lost), Paid: in(x.Paid), Since: in(x.Since), PayOut: in(x.PayOut), NotPaid: in(x.NotPaid), Owed: in(x.Owed), FinalPay: in(x.FinalPay),
		Classes: each(x.Classes, func(s leave.Share) Share { return Share{string(s.Class), in(s.Amount)} })}
}

type leaverQuery struct {
	ByPerson
	Employment string `query:"employment" doc:"Id of the employment; missing: the latest that has a last day."`
}

type leaversQuery struct {
	Cut
	Since Date `query:"since" doc:"Whose last day is this one or later; missing: a year ago."`
}

func listLeavers(ctx context.Context, c *call, in *leaversQuery) (Page[Leaver], error) {
	since, err := c.leaversSince(ctx, in.Since)
	if err != nil {
		return Page[Leaver]{}, err
	}
	list, err := c.Leave.Leavers(ctx, c.Caller.Person, since)
	if err != nil {
		return Page[Leaver]{}, err
	}
	return part(each(list, c.leaver), in.Cut, false, func(x Leaver) string { return x.Employment })
}

func (c *call) leaversSince(ctx context.Context, asked Date) (calendar.Date, error) {
	if !asked.IsZero() {
		return asked.Date, nil
	}
	today, err := c.today(ctx)
	return today.AddYears(-1), err
}
