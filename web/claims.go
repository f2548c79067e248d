// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/template"
)

// claimsPage lists what one person reported and asked for beside leave: events,
// overtime, leave bought and sold.
type claimsPage struct {
	Frame template.Page
	Form  *form
	Whose subject
	Ways  []template.Btn // to what can be reported and asked for
	Lines []claimLine
}

// showClaims handles GET /claims.
func showClaims(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderClaims(w, r, t, visitOf(r).viewer.Person, blankForm(r))
}

// showClaimsOf handles GET /people/{id}/claims.
func showClaimsOf(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	who, err := t.People.Record(r.Context(), visitOf(r).person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return renderClaims(w, r, t, who.Person, blankForm(r))
}

func renderClaims(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, who people.Person, f *form) error {
	v, ctx := visitOf(r), r.Context()
	claims, err := t.Leave.Claims(ctx, v.person, who.ID)
	if err != nil {
		return err
	}
	today, err := t.Leave.Today(ctx, v.person)
	if err != nil {
		return err
	}
	offer, err := t.Leave.Offer(ctx, v.person, who.ID, today)
	if err != nil {
		return err
	}
	p := claimsPage{Form: f, Whose: subjectOf(v, who)}
	p.Ways = waysOf(v.lang, &offer, p.Whose)
	for _, c := range claims {
		p.Lines = append(p.Lines, claimLineOf(v, c))
	}
	p.Frame = frame(w, r, p.Whose.title(v.lang, "web.claims.title", "web.claims.title.of"))
	p.Frame.Path = p.Whose.path("claims")
	return render(w, r, f.status(), claimsView(p))
}

// waysOf are the buttons to what an offer holds.
func waysOf(l *lang.Locale, o *leave.Offer, who subject) []template.Btn {
	buys := slices.ContainsFunc(o.Trades, func(x leave.TradeOffer) bool { return x.Rule.Buy.Sign() > 0 })
	sells := slices.ContainsFunc(o.Trades, func(x leave.TradeOffer) bool { return x.Rule.Sell.Sign() > 0 })
	var out []template.Btn
	for _, way := range []struct {
		kind leave.ClaimKind
		icon string
		is   bool
	}{
		{leave.ClaimOvertime, "clock", len(o.Overtime) > 0}, {leave.ClaimEvent, "calendar", len(o.Events) > 0},
		{leave.ClaimPurchase, "plus", buys}, {leave.ClaimSale, "balance", sells},
	} {
		if way.is {
			out = append(out, template.Btn{Text: l.T("web.claim.way." + string(way.kind)), Icon: way.icon, Href: who.claim(way.kind)})
		}
	}
	return out
}

// withdrawClaim handles POST /claims/{id}/withdraw.
func withdrawClaim(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return settleClaim(w, r, t, "claim-withdrawn", func(ctx context.Context, by people.ID, id, _ string) error {
		return t.Leave.WithdrawClaim(ctx, by, id)
	})
}

// approveClaim handles POST /claims/{id}/approve.
func approveClaim(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return settleClaim(w, r, t, "claim-approved", func(ctx context.Context, by people.ID, id, reason string) error {
		return t.Leave.DecideClaim(ctx, by, id, true, reason)
	})
}

// refuseClaim handles POST /claims/{id}/refuse.
func refuseClaim(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return settleClaim(w, r, t, "claim-refused", func(ctx context.Context, by people.ID, id, reason string) error {
		return t.Leave.DecideClaim(ctx, by, id, false, reason)
	})
}

// settleClaim does something to a claim and goes back to where it was asked for, or
// shows the inbox or the visitor's own list again with what is wrong.
func settleClaim(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, flash string,
	do func(ctx context.Context, by people.ID, id, reason string) error) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	back := localPath(f.text("back"))
	saved, err := f.attempt(func() error { return do(r.Context(), visitOf(r).person, r.PathValue("id"), f.text("reason")) })
	switch {
	case saved && back == "/":
		return done(w, r, "/claims", flash)
	case saved:
		return done(w, r, back, flash)
	case err != nil:
		return err
	case back == "/inbox":
		return renderInbox(w, r, t, f, nil)
	}
	return renderClaims(w, r, t, visitOf(r).viewer.Person, f)
}

// claimPage is where something is reported or asked for.
type claimPage struct {
	Frame template.Page
	Form  *form
	Whose subject
	Kind  leave.ClaimKind
	Offer leave.Offer
	Today calendar.Date
}

// showClaim handles GET /claims/new.
func showClaim(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	return renderClaim(w, r, t, f)
}

// postClaim handles POST /claims/new.
func postClaim(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	v := visitOf(r)
	book, err := t.Leave.Rules(r.Context())
	if err != nil {
		return err
	}
	c := readClaim(f, book)
	if c.Person == "" {
		c.Person = v.person
	}
	var made leave.Claim
	saved, err := f.attempt(func() (err error) {
		made, err = t.Leave.FileClaim(r.Context(), v.person, c)
		return err
	})
	if err != nil {
		return err
	}
	if saved {
		return done(w, r, subjectOf(v, people.Person{ID: c.Person}).path("claims"), "claim-filed-"+string(made.State))
	}
	return renderClaim(w, r, t, f)
}

// readClaim reads a claim from the form.
func readClaim(f *form, book *leave.Rulebook) leave.Claim {
	c := leave.Claim{Person: people.ID(f.text("person")), Kind: leave.ClaimKind(f.text("kind")), Date: f.date("date"), Note: f.text("note")}
	switch c.Kind {
	case leave.ClaimEvent:
		c.Event, c.Child = leave.EventKind(f.text("event")), f.text("child")
	case leave.ClaimOvertime:
		c.Type = f.text("type")
		c.Factor, _ = strconv.Atoi(f.text("factor"))
		c.Minutes, c.Times = readWorked(f)
	default:
		t, _ := book.Type(f.text("type"))
		c.Type, c.Amount = t.ID, f.amount("amount", t.Unit)
	}
	return c
}

// readWorked reads how long somebody worked: from one time to another, or how many
// hours.
func readWorked(f *form) (minutes int, times calendar.Interval) {
	from, to := f.text("start"), f.text("end")
	if from == "" && to == "" {
		if f.text("time") == "" {
			return 0, times
		}
		n, ok := f.amount("time", leave.Hours).Int64()
		if !ok || n > leave.MaxOvertime {
			f.refuse(errs.New(errs.Invalid, "web.error.amount").At("time"))
		}
		return int(n), times
	}
	times, err := calendar.ParseInterval(from + "-" + to)
	if err != nil || times.IsZero() {
		f.refuse(errs.New(errs.Invalid, "leave.error.hours_backwards").At("end"))
	}
	return times.Minutes(), times
}

func renderClaim(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *form) error {
	v, ctx := visitOf(r), r.Context()
	p := claimPage{Form: f, Kind: leave.ClaimKind(f.text("kind")), Whose: subjectOf(v, v.viewer.Person)}
	if id := f.text("person"); id != "" && people.ID(id) != v.person {
		who, err := t.People.Record(ctx, v.person, people.ID(id))
		if err != nil {
			return err
		}
		p.Whose = subjectOf(v, who.Person)
	}
	if !slices.Contains(leave.ClaimKinds, p.Kind) {
		return errNothing
	}
	var err error
	if p.Today, err = t.Leave.Today(ctx, v.person); err != nil {
		return err
	}
	if p.Offer, err = t.Leave.Offer(ctx, v.person, p.Whose.Person.ID, p.Today); err != nil {
		return err
	}
	way := "web.claim.way." + string(p.Kind)
	p.Frame = frame(w, r, v.lang.T(way))
	if !p.Whose.Own {
		p.Frame.Title = v.lang.T(way) + " · " + p.Whose.Person.Name()
	}
	p.Frame = within(p.Frame, "/requests")
	p.Frame.Styles = []string{"admin.css"}
	return render(w, r, f.status(), claimView(p))
}
