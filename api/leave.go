// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"verlof/calendar"
	"verlof/identity/access"
	"verlof/leave"
	"verlof/people"
)

const leaveArea = "Leave"

// Request is leave that somebody asked for.
type Request struct {
	ID         string     `json:"id"`
	Person     string     `json:"person" doc:"Id of the person whose leave it is."`
	Type       string     `json:"type" doc:"Id of the leave type." example:"holiday"`
	From       Date       `json:"from" doc:"First day."`
	To         Date       `json:"to" doc:"Last day."`
	First      Portion    `json:"first" doc:"What part of the first day."`
	Last       Portion    `json:"last" doc:"What part of the last day."`
	State      string     `json:"state" enum:"pending,approved,refused,withdrawn,cancelled"`
	Note       string     `json:"note,omitempty" doc:"What the asker wrote."`
	AskedBy    string     `json:"asked_by" doc:"Id of who asked."`
	AskedAt    *time.Time `json:"asked_at,omitempty"`
	DecidedBy  string     `json:"decided_by,omitempty"`
	DecidedAt  *time.Time `json:"decided_at,omitempty"`
	Reason     string     `json:"reason,omitempty" doc:"What the decider wrote."`
	Replaces   string     `json:"replaces,omitempty" doc:"Id of the approved leave whose place it would take."`
	Revises    string     `json:"revises,omitempty" doc:"Id of the request that waited, and that this one was asked in place of."`
	Collective string     `json:"collective,omitempty" doc:"Id of the collective leave that it is a part of."`
	Substitute string     `json:"substitute,omitempty" doc:"Id of who does the work meanwhile."`
}

func requestSeen(r leave.Request) Request {
	return Request{ID: r.ID, Person: string(r.Person), Type: r.Type, From: dated(r.From), To: dated(r.To), First: Portion{r.First}, Last: Portion{r.Last},
		State: string(r.State), Note: r.Note, AskedBy: string(r.AskedBy), AskedAt: moment(r.AskedAt), DecidedBy: string(r.DecidedBy),
		DecidedAt: moment(r.DecidedAt), Reason: r.Reason, Replaces: r.Replaces, Revises: r.Revises, Collective: r.Collective, Substitute: string(r.Substitute().Person)}
}

// RequestDetail is a request with what it costs and what the caller may do about it.
type RequestDetail struct {
	Request
	Cost        Amount     `json:"cost"`
	Years       []YearPart `json:"years" doc:"What each leave year pays."`
	Days        []Charge   `json:"days" doc:"What each day costs."`
	Skipped     []Skipped  `json:"skipped" doc:"Days that cost nothing, and why."`
	Waits       *Waits     `json:"waits,omitempty" doc:"Who is to decide, while it is pending."`
	MayDecide   bool       `json:"may_decide"`
	MayWithdraw bool       `json:"may_withdraw"`
	MayRevise   bool       `json:"may_revise" doc:"The caller may ask for something else in its place: see revises."`
	MayCancel   bool       `json:"may_cancel"`
	MayChange   bool       `json:"may_change" doc:"The caller may ask for a change of this approved leave: see replaces."`
	Next        string     `json:"next,omitempty" doc:"Id of the request that would take, or took, its place, or was asked in its place."`
}

// Waits is the step for which a request waits.
type Waits struct {
	Step     int      `json:"step" doc:"From 1."`
	Of       int      `json:"of" doc:"How many steps there are."`
	Deciders []string `json:"deciders" doc:"Ids of those who may decide in their own right."`
}

// YearPart is the share of a request that one leave year pays.
type YearPart struct {
	Year   int    `json:"year" doc:"In which the leave year begins."`
	Before Amount `json:"before"`
	Cost   Amount `json:"cost"`
	After  Amount `json:"after"`
}

// Charge is what one day of a request costs.
type Charge struct {
	Date    Date  `json:"date"`
	Minutes int   `json:"minutes" doc:"Working time."`
	Days    Exact `json:"days" doc:"Part of a working day."`
}

// Skipped is a day that costs nothing.
type Skipped struct {
	Date    Date   `json:"date"`
	Why     string `json:"why" enum:"holiday,free,not-employed"`
	Holiday string `json:"holiday,omitempty" doc:"Its name, in the caller's language."`
}

func (c *call) yearParts(list []leave.YearPart, u leave.Unit) []YearPart {
	return each(list, func(y leave.YearPart) YearPart {
		return YearPart{Year: y.Year, Before: amount(c.lang, y.Before, u), Cost: amount(c.lang, y.Cost, u), After: amount(c.lang, y.After, u)}
	})
}

func charges(list []leave.Charge) []Charge {
	return each(list, func(x leave.Charge) Charge {
		return Charge{Date: dated(x.Date), Minutes: x.Minutes, Days: Exact{x.Days}}
	})
}

func (c *call) skipped(list []leave.Skipped) []Skipped {
	return each(list, func(x leave.Skipped) Skipped {
		switch {
		case x.NoJob:
			return Skipped{Date: dated(x.Date), Why: "not-employed"}
		case x.Holiday.Date.IsZero():
			return Skipped{Date: dated(x.Date), Why: "free"}
		}
		return Skipped{Date: dated(x.Date), Why: "holiday", Holiday: c.holiday(x.Holiday).Name}
	})
}

func (c *call) detail(d leave.Detail) RequestDetail {
	out := RequestDetail{Request: requestSeen(d.Request), Cost: amount(c.lang, d.Cost, d.Type.Unit), Years: c.yearParts(d.Years, d.Type.Unit),
		Days: charges(d.Request.Costs()), Skipped: c.skipped(d.Skipped), MayDecide: d.MayDecide, MayWithdraw: d.MayWithdraw,
		MayRevise: d.MayRevise, MayCancel: d.MayCancel, MayChange: d.MayChange, Next: d.Next.ID}
	if d.Request.State == leave.Pending && d.Now >= 0 && d.Now < len(d.Stages) {
		out.Waits = &Waits{Step: d.Now + 1, Of: len(d.Stages), Deciders: ids(d.Waits().Deciders)}
	}
	return out
}

type requestQuery struct {
	Cut
	Person string `query:"person" maxLength:"64" doc:"Only those of this person."`
	Team   string `query:"team" maxLength:"64" doc:"Only those of the members of this team."`
	Type   string `query:"type" maxLength:"64" doc:"Only those of this leave type."`
	State  string `query:"state" enum:"pending,approved,refused,withdrawn,cancelled" doc:"Only those in this state."`
	From   Date   `query:"from" doc:"Only those that end on this day or later."`
	To     Date   `query:"to" doc:"Only those that begin on this day or earlier."`
}

// AskInput is leave that is asked for.
type AskInput struct {
	Person     string   `json:"person,omitempty" maxLength:"64" doc:"Id of whose leave it is; missing: the caller's own."`
	Type       string   `json:"type" maxLength:"64" doc:"Id of the leave type." example:"holiday"`
	From       Date     `json:"from"`
	To         *Date    `json:"to,omitempty" doc:"Last day; missing: the first one."`
	First      *Portion `json:"first,omitempty" doc:"What part of the first day; missing: all of it."`
	Last       *Portion `json:"last,omitempty" doc:"What part of the last day, where that is another one; missing: all of it."`
	Note       string   `json:"note,omitempty" maxLength:"2000" doc:"For those who decide."`
	Replaces   string   `json:"replaces,omitempty" maxLength:"64" doc:"Id of approved leave whose place this is to take."`
	Revises    string   `json:"revises,omitempty" maxLength:"64" doc:"Id of a request that waits, and that this is to be in place of: that one ends as withdrawn, and this one takes the place of what that one would have. Say everything that is asked for: nothing is carried over."`
	Substitute string   `json:"substitute,omitempty" maxLength:"64" doc:"Id of who does the work meanwhile."`
}

func (a *AskInput) ask(by people.ID) leave.Ask {
	out := leave.Ask{Person: by, Type: a.Type, Note: a.Note, Replaces: a.Replaces, Revises: a.Revises, Substitute: people.ID(a.Substitute),
		Span: leave.Span{From: a.From.Date, To: dateOr(a.To, a.From.Date)}}
	if a.Person != "" {
		out.Person = people.ID(a.Person)
	}
	if a.First != nil {
		out.First = a.First.Portion
	}
	if a.Last != nil {
		out.Last = a.Last.Portion
	}
	return out
}

// Cost is what a request would cost and leave, before it is made.
type Cost struct {
	Cost     Amount     `json:"cost"`
	Minutes  int        `json:"minutes" doc:"Working time."`
	Years    []YearPart `json:"years" doc:"What each leave year would pay."`
	Days     []Charge   `json:"days"`
	Skipped  []Skipped  `json:"skipped"`
	Possible bool       `json:"possible" doc:"It would be accepted as things stand."`
	Problem  *Problem   `json:"problem,omitempty" doc:"Why it would be refused."`
}

// Words is what somebody says with an act.
type Words struct {
	Reason string `json:"reason,omitempty" maxLength:"2000" doc:"What the person will read." example:"Have a good time."`
}

// WithWords names a thing in the address, and says something with an act on it.
type WithWords struct {
	ByID
	Body *Words
}

// takenBack is an operation that takes a thing back, with a reason, and answers with what it is then.
func takenBack[T any](undo func(s *leave.Service, ctx context.Context, by people.ID, id, reason string) error,
	get func(context.Context, *call, *ByID) (T, error)) func(context.Context, *call, *WithWords) (T, error) {
	return func(ctx context.Context, c *call, in *WithWords) (out T, err error) {
		if err := undo(c.Leave, ctx, c.Caller.Person, in.ID, in.reason()); err != nil {
			return out, err
		}
		return get(ctx, c, &in.ByID)
	}
}

// reason returns what was said; a body may be missing.
func (w *WithWords) reason() string {
	if w.Body == nil {
		return ""
	}
	return w.Body.Reason
}

func addLeave(s *surface) {
	add(s, operation{ID: "listRequests", Method: http.MethodGet, Path: "/requests", Scope: access.LeaveRead, Area: leaveArea, Summary: "List requests",
		Doc: "Of those whose leave the caller may know: their own, of those whom they lead, and for an administrator everybody's. Latest first."}, listRequests)
	add(s, operation{ID: "previewRequest", Method: http.MethodPost, Path: "/requests/preview", Scope: access.LeaveRead, Area: leaveArea, Summary: "Work out what leave would cost",
		Doc: "Nothing is written."}, previewRequest)
	add(s, operation{ID: "addRequest", Method: http.MethodPost, Path: "/requests", Scope: access.LeaveWrite, Area: leaveArea, Status: http.StatusCreated, Summary: "Ask for leave",
		Doc: "It counts from now on, and waits for a decision where its type needs one. With replaces it asks for a change of approved leave; with revises it changes a request that waits, in one go: refused, that one stays as it is."}, addRequest)
	add(s, operation{ID: "getRequest", Method: http.MethodGet, Path: "/requests/{id}", Scope: access.LeaveRead, Area: leaveArea, Summary: "Read a request"}, getRequest)
	for _, act := range []struct {
		name, what, doc string
		do              func(ctx context.Context, c *call, id, reason string) error
	}{
		{"withdraw", "Take back a request that is not decided", "By who asked, or whose leave it is.",
			func(ctx context.Context, c *call, id, _ string) error {
				return c.Leave.Withdraw(ctx, c.Caller.Person, id)
			}},
		{"cancel", "Take back approved leave", "By the person until it begins, and by those who decide.",
			func(ctx context.Context, c *call, id, reason string) error {
				return c.Leave.Cancel(ctx, c.Caller.Person, id, reason)
			}},
		{"approve", "Approve a request", "At the step that waits.",
			func(ctx context.Context, c *call, id, reason string) error {
				return c.Leave.Approve(ctx, c.Caller.Person, id, reason)
			}},
		{"refuse", "Refuse a request", "A reason is needed.",
			func(ctx context.Context, c *call, id, reason string) error {
				return c.Leave.Refuse(ctx, c.Caller.Person, id, reason)
			}},
	} {
		add(s, operation{ID: act.name + "Request", Method: http.MethodPost, Path: "/requests/{id}/" + act.name, Scope: access.LeaveWrite, Area: leaveArea, Summary: act.what, Doc: act.doc},
			func(ctx context.Context, c *call, in *WithWords) (RequestDetail, error) {
				if err := act.do(ctx, c, in.ID, in.reason()); err != nil {
					return RequestDetail{}, err
				}
				return getRequest(ctx, c, &in.ByID)
			})
	}
	add(s, operation{ID: "listInbox", Method: http.MethodGet, Path: "/inbox", Scope: access.LeaveRead, Area: leaveArea, Summary: "List what waits for the caller's decision"}, listInbox)
	addBalances(s)
	addCalendar(s)
	addClaims(s)
}

func listRequests(ctx context.Context, c *call, in *requestQuery) (Page[Request], error) {
	list, err := c.Leave.Search(ctx, c.Caller.Person, leave.Search{Person: people.ID(in.Person), Team: in.Team, Type: in.Type, State: leave.State(in.State),
		From: in.From.Date, To: in.To.Date})
	if err != nil {
		return Page[Request]{}, err
	}
	page, err := part(list, in.Cut, true, func(r leave.Request) string { return fmt.Sprintf("%017d %s", r.AskedAt, r.ID) })
	return Page[Request]{Items: each(page.Items, requestSeen), Next: page.Next}, err
}

type askBody struct{ Body AskInput }

func previewRequest(ctx context.Context, c *call, in *askBody) (Cost, error) {
	p, err := c.Leave.Preview(ctx, c.Caller.Person, in.Body.ask(c.Caller.Person))
	if err != nil {
		return Cost{}, err
	}
	out := Cost{Cost: amount(c.lang, p.Cost, p.Type.Unit), Minutes: p.Minutes, Years: c.yearParts(p.Years, p.Type.Unit), Days: charges(p.Charges),
		Skipped: c.skipped(p.Skipped), Possible: p.Problem == nil}
	if p.Problem != nil {
		out.Problem = problemOf(c.lang, p.Problem, c.number)
	}
	return out, nil
}

func addRequest(ctx context.Context, c *call, in *askBody) (RequestDetail, error) {
	r, err := c.Leave.Submit(ctx, c.Caller.Person, in.Body.ask(c.Caller.Person))
	if err != nil {
		return RequestDetail{}, err
	}
	c.made("/requests/" + r.ID)
	return getRequest(ctx, c, &ByID{r.ID})
}

func getRequest(ctx context.Context, c *call, in *ByID) (RequestDetail, error) {
	d, err := c.Leave.Detail(ctx, c.Caller.Person, in.ID)
	if err != nil {
		return RequestDetail{}, err
	}
	return c.detail(d), nil
}

func listInbox(ctx context.Context, c *call, in *Cut) (Page[Request], error) {
	var page Page[leave.Request]
	list, err := c.Leave.ToDecide(ctx, c.Caller.Person, func(all []leave.Request) (_ []leave.Request, err error) {
		page, err = part(all, *in, false, func(r leave.Request) string { return r.ID })
		return page.Items, err
	})
	if err != nil {
		return Page[Request]{}, err
	}
	return Page[Request]{Items: each(list, requestSeen), Next: page.Next}, nil
}

// Absence is a time that somebody is away, as far as the caller may know it.
type Absence struct {
	Person  string  `json:"person" doc:"Id of the person."`
	From    Date    `json:"from"`
	To      Date    `json:"to"`
	First   Portion `json:"first"`
	Last    Portion `json:"last"`
	Pending bool    `json:"pending" doc:"It waits for a decision."`
	Type    string  `json:"type,omitempty" doc:"Id of the leave type, where the caller may know it."`
	Request string  `json:"request,omitempty" doc:"Id of the request, where the caller may read it."`
	Sick    bool    `json:"sick,omitempty" doc:"It is sickness, and caller and token may know that."`
}

type calendarQuery struct {
	From Date   `query:"from" required:"true" doc:"First day."`
	To   Date   `query:"to" required:"true" doc:"Last day; at most 93 days."`
	Team string `query:"team" maxLength:"64" doc:"Only the members of this team."`
}

func addCalendar(s *surface) {
	add(s, operation{ID: "listAbsences", Method: http.MethodGet, Path: "/calendar", Scope: access.LeaveRead, Area: leaveArea, Summary: "List who is away",
		Doc: "Of those whom the caller may see. A reason that the caller may not know is left out, and the absence is not."}, listAbsences)
}

func listAbsences(ctx context.Context, c *call, in *calendarQuery) (Page[Absence], error) {
	chart, err := c.Leave.Chart(ctx, c.Caller.Person, in.Team, calendar.Range{From: in.From.Date, To: in.To.Date})
	if err != nil {
		return Page[Absence]{}, err
	}
	out := Page[Absence]{Items: []Absence{}}
	met := map[people.ID]bool{} // a person of two teams stands in both
	for _, t := range chart.Teams {
		for _, row := range t.Rows {
			if met[row.Person.ID] {
				continue
			}
			met[row.Person.ID] = true
			out.Items = append(out.Items, each(row.Away, c.absence)...)
		}
	}
	return out, nil
}

// tellsSickness reports whether the token may be told of sickness, which is an area of its own: no other scope tells of it.
func (c *call) tellsSickness() bool { return slices.Contains(c.Scopes, access.SicknessRead) }

// absence returns what caller and token may know of an absence.
func (c *call) absence(a leave.Absence) Absence {
	return Absence{Person: string(a.Person.ID), From: dated(a.From), To: dated(a.To), First: Portion{a.First}, Last: Portion{a.Last}, Pending: a.Pending,
		Type: a.Type.ID, Request: a.Request, Sick: a.Sick && c.tellsSickness()}
}
