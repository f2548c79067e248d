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
	"verlof/people"
)

const yearsArea = "Leave years"

// LeaveYear is how far the leave years that end on a day have come.
type LeaveYear struct {
	From   Date         `json:"from"`
	To     Date         `json:"to" doc:"Its last day, which names it."`
	People int          `json:"people" doc:"Who have an account in it."`
	Runs   int          `json:"runs" doc:"Accounts (one type of one person) that are not over."`
	Waits  int          `json:"waits" doc:"Accounts in which something waits for a decision."`
	Ready  int          `json:"ready" doc:"Accounts that can be closed."`
	Closed int          `json:"closed" doc:"Accounts whose figures stay."`
	Last   *YearClosing `json:"last,omitempty" doc:"What was done last."`
}

// YearClosing is on record of who closed leave years, or opened them again.
type YearClosing struct {
	ID       string     `json:"id"`
	Kind     string     `json:"kind" enum:"close,reopen"`
	Package  string     `json:"package,omitempty" doc:"Id of the package of those whose leave years they were; missing: whatever the package."`
	Person   string     `json:"person,omitempty" doc:"Id of the one person; missing: all."`
	Reason   string     `json:"reason,omitempty"`
	People   int        `json:"people" doc:"Whose leave years they were."`
	Accounts int        `json:"accounts" doc:"How many: one type of one person each."`
	By       string     `json:"by"`
	At       *time.Time `json:"at"`
}

// YearReview is what there is to look at before leave years are closed.
type YearReview struct {
	LeaveYear
	Mark  string         `json:"mark" doc:"Of the figures: send it to close what you have seen."`
	Lines []YearAccount  `json:"lines" doc:"By name, then in the order of leave types."`
	Loose []YearLooseEnd `json:"loose" doc:"What waits for a decision: those leave years stay open."`
	Look  []YearDoubt    `json:"look" doc:"What may be wrong, and keeps nothing from being closed."`
	Acts  []YearClosing  `json:"acts" doc:"What was done, latest first."`
}

// YearAccount is a leave year of one type of one person.
type YearAccount struct {
	Person   string `json:"person" doc:"Id of the person."`
	Type     string `json:"type" doc:"Id of the leave type."`
	State    string `json:"state" enum:"runs,waits,ready,closed"`
	Carried  Amount `json:"carried"`
	Entitled Amount `json:"entitled"`
	Lost     Amount `json:"lost"`
	Paid     Amount `json:"paid"`
	Taken    Amount `json:"taken"`
	Pending  Amount `json:"pending"`
	Balance  Amount `json:"balance" doc:"At the end of its last day."`
	Since    Amount `json:"since" doc:"What came after it was closed, corrected that day."`
	Over     Amount `json:"over" doc:"Goes over."`
	Ends     Amount `json:"ends" doc:"Lapses, expires or is paid out."`
	Stays    Amount `json:"stays" doc:"Has a later last day of its own, or is left of somebody who works here no more. With over and ends it makes balance and since."`
	Later    bool   `json:"later,omitempty" doc:"A later leave year of it is closed too, so that it cannot be opened again."`
}

// YearLooseEnd is what waits for a decision.
type YearLooseEnd struct {
	Person  string `json:"person"`
	Type    string `json:"type"`
	Date    Date   `json:"date"`
	Request string `json:"request,omitempty" doc:"Id of the request."`
	Claim   string `json:"claim,omitempty" doc:"Id of the claim."`
}

// YearDoubt is something that may be wrong about a person.
type YearDoubt struct {
	Person string `json:"person"`
	Code   string `json:"code"`
	Text   string `json:"text" doc:"In the caller's language."`
}

func (c *call) leaveYear(y leave.YearSummary) LeaveYear {
	out := LeaveYear{From: dated(y.Year.From), To: dated(y.Year.To), People: y.People, Runs: y.Counts[leave.YearRuns], Waits: y.Counts[leave.YearWaits],
		Ready: y.Counts[leave.YearReady], Closed: y.Counts[leave.YearClosed]}
	if y.Last.ID != "" {
		last := closingSeen(y.Last)
		out.Last = &last
	}
	return out
}

func closingSeen(a leave.ClosingAct) YearClosing {
	return YearClosing{ID: a.ID, Kind: string(a.Kind), Package: a.Package, Person: string(a.Person), Reason: a.Reason, People: a.People, Accounts: a.Accounts,
		By: string(a.By), At: moment(a.At)}
}

func (c *call) yearAccount(x leave.ReviewLine) YearAccount {
	in := func(v exact.Rat) Amount { return amount(c.lang, v, x.Type.Unit) }
	return YearAccount{Person: string(x.Person.ID), Type: x.Type.ID, State: string(x.State), Carried: in(x.Carried), Entitled: in(x.Entitled), Lost: in(x.Lost),
		Paid: in(x.Paid), Taken: in(x.Taken), Pending: in(x.Pending), Balance: in(x.Balance), Since: in(x.Since), Over: in(x.Over), Ends: in(x.Ends), Stays: in(x.Stays()), Later: x.Later}
}

func looseSeen(x leave.LooseEnd) YearLooseEnd {
	out := YearLooseEnd{Person: string(x.Person.ID), Type: x.Type.ID, Date: dated(x.Date())}
	if x.Request != nil {
		out.Request = x.Request.ID
	}
	if x.Claim != nil {
		out.Claim = x.Claim.ID
	}
	return out
}

// ByYear names leave years in the address.
type ByYear struct {
	To Date `path:"to" doc:"Last day of the leave years." example:"2026-12-31"`
}

// YearPick says whose leave years are meant.
type YearPick struct {
	Package string `json:"package,omitempty" maxLength:"64" doc:"Id of a package: only of those who have it at the end; missing: whatever the package."`
	Person  string `json:"person,omitempty" maxLength:"64" doc:"Id of one person; missing: all."`
}

func (p *YearPick) pick(to Date) leave.YearPick {
	return leave.YearPick{To: to.Date, Package: p.Package, Person: people.ID(p.Person)}
}

type (
	reviewQuery struct {
		ByYear
		Package string `query:"package" maxLength:"64" doc:"Only of those who have this package."`
		Person  string `query:"person" maxLength:"64" doc:"Only of this person."`
	}
	closeBody struct {
		ByYear
		Body struct {
			YearPick
			Mark string `json:"mark" minLength:"1" maxLength:"64" doc:"Of the review that you have seen."`
		}
	}
	reopenBody struct {
		ByYear
		Body struct {
			YearPick
			Reason string `json:"reason" minLength:"1" maxLength:"2000"`
		}
	}
)

func addYears(s *surface) {
	const see, keep = "For those who see reports.", "For those who close years."
	add(s, operation{ID: "listLeaveYears", Method: http.MethodGet, Path: "/leave-years", Scope: access.ReportsRead, Area: yearsArea, Summary: "List leave years, and how far they have come",
		Doc: "Latest first. " + see},
		func(ctx context.Context, c *call, _ *none) (Page[LeaveYear], error) {
			list, err := c.Leave.Years(ctx, c.Caller.Person)
			return Page[LeaveYear]{Items: each(list, c.leaveYear)}, err
		})
	add(s, operation{ID: "reviewLeaveYear", Method: http.MethodGet, Path: "/leave-years/{to}", Scope: access.ReportsRead, Area: yearsArea, Summary: "Review leave years before they are closed", Doc: see}, reviewYear)
	add(s, operation{ID: "closeLeaveYear", Method: http.MethodPost, Path: "/leave-years/{to}/close", Scope: access.LeaveWrite, Area: yearsArea, Summary: "Close leave years",
		Doc: "Their figures stay from now on. Refused where they are others than in the review. " + keep},
		func(ctx context.Context, c *call, in *closeBody) (YearClosing, error) {
			act, err := c.Leave.CloseYear(ctx, c.Caller.Person, in.Body.pick(in.To), in.Body.Mark)
			return closingSeen(act), err
		})
	add(s, operation{ID: "reopenLeaveYear", Method: http.MethodPost, Path: "/leave-years/{to}/reopen", Scope: access.LeaveWrite, Area: yearsArea, Summary: "Open closed leave years again", Doc: keep},
		func(ctx context.Context, c *call, in *reopenBody) (YearClosing, error) {
			act, err := c.Leave.ReopenYear(ctx, c.Caller.Person, in.Body.pick(in.To), in.Body.Reason)
			return closingSeen(act), err
		})
}

// yearDoubt returns what caller and token may know of what may be wrong about somebody.
func (c *call) yearDoubt(x leave.LookAt) YearDoubt {
	if x.Key == "sick" && !c.tellsSickness() {
		x.Key = "away"
	}
	return YearDoubt{string(x.Person.ID), x.Key, c.lang.T("leave.look."+x.Key, "date", x.Date)}
}

func reviewYear(ctx context.Context, c *call, in *reviewQuery) (YearReview, error) {
	x := YearPick{in.Package, in.Person}
	r, err := c.Leave.YearReview(ctx, c.Caller.Person, x.pick(in.To))
	if err != nil {
		return YearReview{}, err
	}
	if r.Year.To.IsZero() { // nobody has such a leave year
		r.Year = calendar.Range{From: in.To.Date, To: in.To.Date}
	}
	return YearReview{LeaveYear: c.leaveYear(r.YearSummary), Mark: r.Mark, Lines: each(r.Lines, c.yearAccount), Loose: each(r.Loose, looseSeen),
		Look: each(r.Look, c.yearDoubt), Acts: each(r.Acts, closingSeen)}, nil
}
