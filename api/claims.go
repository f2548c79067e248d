// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/identity/access"
	"verlof/leave"
	"verlof/people"
)

// Claim is what somebody reports or asks for that moves a balance once it is
// approved: an event, overtime, leave bought or sold.
type Claim struct {
	ID          string     `json:"id"`
	Person      string     `json:"person" doc:"Id of the person."`
	State       string     `json:"state" enum:"pending,approved,refused,withdrawn,cancelled"`
	Worth       *Amount    `json:"worth,omitempty" doc:"What it gives or takes; an event gives what the policies say."`
	AskedBy     string     `json:"asked_by"`
	AskedAt     *time.Time `json:"asked_at,omitempty"`
	DecidedBy   string     `json:"decided_by,omitempty"`
	Reason      string     `json:"reason,omitempty" doc:"What the decider wrote."`
	MayDecide   bool       `json:"may_decide"`
	MayWithdraw bool       `json:"may_withdraw"`
	ClaimFields
}

// ClaimFields are what a claim says.
type ClaimFields struct {
	Kind    string `json:"kind" enum:"event,overtime,purchase,sale"`
	Type    string `json:"type,omitempty" maxLength:"64" doc:"Id of the leave type; missing for an event."`
	Date    Date   `json:"date" doc:"Of the event or the work; the day from which bought or sold leave counts."`
	Event   string `json:"event,omitempty" maxLength:"40" doc:"Which event." example:"birth"`
	Child   string `json:"child,omitempty" maxLength:"60" doc:"Which child, where leave is due for each."`
	Times   string `json:"times,omitempty" pattern:"^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$" doc:"When the overtime was." example:"18:00-20:30"`
	Minutes int    `json:"minutes,omitempty" minimum:"0" maximum:"100000" doc:"How long the overtime was."`
	Factor  int    `json:"factor,omitempty" minimum:"0" maximum:"1000" doc:"Percent of the time worked that is earned."`
	Amount  *Exact `json:"amount,omitempty" doc:"Bought or sold, in the unit of the leave type."`
	Note    string `json:"note,omitempty" maxLength:"2000"`
}

// ClaimInput is a claim that is made.
type ClaimInput struct {
	Person string `json:"person,omitempty" maxLength:"64" doc:"Id of whose claim it is; missing: the caller's own."`
	ClaimFields
}

func (c *call) claim(v leave.ClaimView) Claim {
	out := Claim{ID: v.ID, Person: string(v.Person), State: string(v.State), AskedBy: string(v.AskedBy), AskedAt: moment(v.AskedAt), DecidedBy: string(v.DecidedBy),
		Reason: v.Reason, MayDecide: v.MayDecide, MayWithdraw: v.MayWithdraw, ClaimFields: ClaimFields{Kind: string(v.Kind), Type: v.Claim.Type, Date: dated(v.Date),
			Event: string(v.Event), Child: v.Child, Minutes: v.Minutes, Factor: v.Factor, Note: v.Note}}
	if !v.Times.IsZero() {
		out.Times = v.Times.String()
	}
	if !v.Claim.Amount.IsZero() {
		out.Amount = &Exact{v.Claim.Amount}
	}
	if v.On.ID != "" {
		worth := amount(c.lang, v.Worth, v.On.Unit)
		out.Worth = &worth
	}
	return out
}

func (b *ClaimInput) claim(by people.ID) (leave.Claim, error) {
	out := leave.Claim{Person: by, Kind: leave.ClaimKind(b.Kind), Type: b.Type, Date: b.Date.Date, Event: leave.EventKind(b.Event), Child: b.Child,
		Minutes: b.Minutes, Factor: b.Factor, Note: b.Note}
	if b.Person != "" {
		out.Person = people.ID(b.Person)
	}
	if b.Amount != nil {
		out.Amount = b.Amount.Rat
	}
	if b.Times == "" {
		return out, nil
	}
	var err error
	if out.Times, err = calendar.ParseInterval(b.Times); err != nil {
		return out, errs.As(err).At("times")
	}
	return out, nil
}

type claimQuery struct {
	ByPerson
	Cut
	State string `query:"state" enum:"pending,approved,refused,withdrawn,cancelled" doc:"Only those in this state."`
}

type byClaim struct {
	ByPerson
	Claim string `path:"claim" maxLength:"64" doc:"Id of the claim."`
}

func addClaims(s *surface) {
	const area = "Claims"
	add(s, operation{ID: "listClaims", Method: http.MethodGet, Path: "/people/{id}/claims", Scope: access.LeaveRead, Area: area, Summary: "List a person's claims",
		Doc: "Events, overtime, leave bought and sold, latest first, as far as the caller may know of them."}, listClaims)
	add(s, operation{ID: "getClaim", Method: http.MethodGet, Path: "/people/{id}/claims/{claim}", Scope: access.LeaveRead, Area: area, Summary: "Read a claim"}, getClaim)
	add(s, operation{ID: "listWaitingClaims", Method: http.MethodGet, Path: "/claims/waiting", Scope: access.LeaveRead, Area: area, Summary: "List claims that wait for the caller's decision"}, listWaitingClaims)
	add(s, operation{ID: "addClaim", Method: http.MethodPost, Path: "/claims", Scope: access.LeaveWrite, Area: area, Status: http.StatusCreated, Summary: "Report an event or overtime, or buy or sell leave"}, addClaim)
	for _, act := range []struct {
		name, what string
		do         func(ctx context.Context, c *call, id, reason string) error
	}{
		{"approve", "Approve a claim", func(ctx context.Context, c *call, id, reason string) error {
			return c.Leave.DecideClaim(ctx, c.Caller.Person, id, true, reason)
		}},
		{"refuse", "Refuse a claim", func(ctx context.Context, c *call, id, reason string) error {
			return c.Leave.DecideClaim(ctx, c.Caller.Person, id, false, reason)
		}},
		{"withdraw", "Take back a claim", func(ctx context.Context, c *call, id, _ string) error {
			return c.Leave.WithdrawClaim(ctx, c.Caller.Person, id)
		}},
	} {
		add(s, operation{ID: act.name + "Claim", Method: http.MethodPost, Path: "/claims/{id}/" + act.name, Scope: access.LeaveWrite, Area: area, Summary: act.what},
			func(ctx context.Context, c *call, in *WithWords) (none, error) {
				return none{}, act.do(ctx, c, in.ID, in.reason())
			})
	}
}

func listClaims(ctx context.Context, c *call, in *claimQuery) (Page[Claim], error) {
	list, err := c.Leave.Claims(ctx, c.Caller.Person, in.who())
	if err != nil {
		return Page[Claim]{}, err
	}
	list = slices.DeleteFunc(list, func(v leave.ClaimView) bool { return in.State != "" && string(v.State) != in.State })
	return part(each(list, c.claim), in.Cut, true, func(x Claim) string { return x.ID })
}

func getClaim(ctx context.Context, c *call, in *byClaim) (Claim, error) {
	list, err := c.Leave.Claims(ctx, c.Caller.Person, in.who())
	if err != nil {
		return Claim{}, err
	}
	for _, v := range list {
		if v.ID == in.Claim {
			return c.claim(v), nil
		}
	}
	return Claim{}, errs.New(errs.NotFound, "leave.error.no_claim")
}

func listWaitingClaims(ctx context.Context, c *call, in *Cut) (Page[Claim], error) {
	list, err := c.Leave.WaitingClaims(ctx, c.Caller.Person)
	if err != nil {
		return Page[Claim]{}, err
	}
	return part(each(list, c.claim), *in, false, func(x Claim) string { return x.ID })
}

type newClaim struct{ Body ClaimInput }

func addClaim(ctx context.Context, c *call, in *newClaim) (Claim, error) {
	claim, err := in.Body.claim(c.Caller.Person)
	if err != nil {
		return Claim{}, err
	}
	filed, err := c.Leave.FileClaim(ctx, c.Caller.Person, claim)
	if err != nil {
		return Claim{}, err
	}
	c.made("/people/" + string(filed.Person) + "/claims/" + filed.ID)
	return getClaim(ctx, c, &byClaim{ByPerson{string(filed.Person)}, filed.ID})
}
