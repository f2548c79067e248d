// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"
	"time"

	"verlof/calendar"
	"verlof/identity/access"
	"verlof/leave"
)

// ByHand is what somebody wrote into a balance by hand.
type ByHand struct {
	ID      string     `json:"id"`
	Person  string     `json:"person" doc:"Id of whose balance it is."`
	Type    string     `json:"type" doc:"Id of the leave type."`
	Date    *Date      `json:"date,omitempty" doc:"It counts from this day on; missing for a fixed leave year."`
	Until   *Date      `json:"until,omitempty"`
	Year    int        `json:"year,omitempty" doc:"Of a fixed leave year: in which it begins."`
	Amount  Amount     `json:"amount"`
	Class   string     `json:"class,omitempty" doc:"The kind of right that it lies with; missing: none was named."`
	Reason  string     `json:"reason"`
	By      string     `json:"by" doc:"Id of who wrote it."`
	At      *time.Time `json:"at"`
	Undone  string     `json:"undone,omitempty" doc:"Id of the line that took it back."`
	Back    string     `json:"back,omitempty" doc:"Id of the line that it takes back."`
	MayUndo bool       `json:"may_undo"`
}

// Telling is whether somebody is told of what is written into their balance: a program may write for hundreds.
type Telling struct {
	Tell bool `header:"Change-Tell" doc:"The person is told by email: of the amount, its reason and the balance."`
}

// undoBody is a line that is taken back, and why.
type undoBody struct {
	WithWords
	Telling
}

// FixedInput is what a leave year grants somebody, set by hand.
type FixedInput struct {
	Type   string `json:"type" maxLength:"64" doc:"Id of the leave type." example:"holiday"`
	Year   int    `json:"year" minimum:"1990" maximum:"2100" doc:"In which the leave year begins." example:"2026"`
	Amount *Exact `json:"amount,omitempty" doc:"In the unit of the type, hours in minutes; missing: the leave year follows the policy again."`
	Reason string `json:"reason" minLength:"1" maxLength:"2000" doc:"What the person will read." example:"Agreed on joining"`
}

func (c *call) byHand(x leave.ByHand) ByHand {
	out := ByHand{ID: x.Line.ID, Person: string(x.Person.ID), Type: x.Type.ID, Date: maybeDated(x.Line.Date), Until: maybeDated(x.Line.Until), Year: x.Year,
		Amount: amount(c.lang, x.Line.Amount, x.Type.Unit), Class: string(x.Line.Class), Reason: x.Line.Reason, By: string(x.By.ID), At: moment(x.Line.At), MayUndo: x.MayUndo()}
	if x.Undone != nil {
		out.Undone = x.Undone.ID
	}
	if x.Back != nil {
		out.Back = x.Back.ID
	}
	return out
}

func addByHand(s *surface) {
	add(s, operation{ID: "listAdjustments", Method: http.MethodGet, Path: "/adjustments", Scope: access.LeaveRead, Area: leaveArea, Summary: "List what was written into balances by hand",
		Doc: "The last first. For those who keep balances or see reports."}, listByHand)
	add(s, operation{ID: "getAdjustment", Method: http.MethodGet, Path: "/adjustments/{id}", Scope: access.LeaveRead, Area: leaveArea, Summary: "Read a line that was written by hand",
		Doc: "For those who keep balances."}, getByHand)
	add(s, operation{ID: "undoAdjustment", Method: http.MethodPost, Path: "/adjustments/{id}/undo", Scope: access.LeaveWrite, Area: leaveArea, Summary: "Take back a line that was written by hand",
		Doc: "By a line that says the opposite. A reason is needed. For those who keep balances."},
		func(ctx context.Context, c *call, in *undoBody) (ByHand, error) {
			if err := c.Leave.UndoAdjustment(ctx, c.Caller.Person, in.ID, in.reason(), in.Tell); err != nil {
				return ByHand{}, err
			}
			return getByHand(ctx, c, &in.ByID)
		})
	add(s, operation{ID: "fixEntitlement", Method: http.MethodPost, Path: "/people/{id}/fixed", Scope: access.LeaveWrite, Area: leaveArea, Summary: "Set by hand what a leave year grants, or let it follow the policy again",
		Doc: "With the forecast of changes that move what somebody has left; the reason is that of the body. For those who keep balances. The answer is the statement at the end of that year."}, fixEntitlement)
}

func listByHand(ctx context.Context, c *call, in *Cut) (Page[ByHand], error) {
	list, err := c.Leave.ByHand(ctx, c.Caller.Person)
	if err != nil {
		return Page[ByHand]{}, err
	}
	return part(each(list, c.byHand), *in, true, func(x ByHand) string { return x.ID })
}

func getByHand(ctx context.Context, c *call, in *ByID) (ByHand, error) {
	x, err := c.Leave.OneByHand(ctx, c.Caller.Person, in.ID)
	if err != nil {
		return ByHand{}, err
	}
	return c.byHand(x), nil
}

type fixedBody struct {
	ByPerson
	Mark string `header:"Change-Mark" maxLength:"64" doc:"Of the forecast that you were shown."`
	Tell bool   `header:"Change-Tell" doc:"The person is told by email that it was changed, and neither what nor why."`
	Body FixedInput
}

func fixEntitlement(ctx context.Context, c *call, in *fixedBody) (Statement, error) {
	b := &in.Body
	ch := leave.Freeing(in.who(), b.Type, b.Year)
	if b.Amount != nil {
		ch = leave.Fixing(leave.FixedEntitlement{Person: in.who(), Type: b.Type, Year: b.Year, Amount: b.Amount.Rat, Reason: b.Reason})
	}
	if _, err := c.change(ctx, ch, leave.Consent{Mark: in.Mark, Reason: b.Reason, Tell: in.Tell}); err != nil {
		return Statement{}, err
	}
	at := Date{calendar.YearOf(b.Year).To}
	return getStatement(ctx, c, &statementQuery{BalanceQuery: BalanceQuery{ByPerson: in.ByPerson, At: at}, Type: b.Type})
}
