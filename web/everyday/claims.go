// SPDX-License-Identifier: Apache-2.0

package everyday

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
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// claimsPage lists what one person reported and asked for beside leave: events,
// overtime, leave bought and sold.
type claimsPage struct {
	Frame template.Page
	Form  *page.Form
	Whose view.Subject
	Ways  []template.Btn // to what can be reported and asked for
	Lines []view.ClaimLine
}

// showClaims handles GET /claims.
func showClaims(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderClaims(w, r, t, page.VisitOf(r).Viewer.Person, page.BlankForm(r))
}

// showClaimsOf handles GET /people/{id}/claims.
func showClaimsOf(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	who, err := t.People.Record(r.Context(), page.VisitOf(r).Person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return renderClaims(w, r, t, who.Person, page.BlankForm(r))
}

func renderClaims(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, who people.Person, f *page.Form) error {
	v, ctx := page.VisitOf(r), r.Context()
	claims, err := t.Leave.Claims(ctx, v.Person, who.ID)
	if err != nil {
		return err
	}
	today, err := t.Leave.Today(ctx, v.Person)
	if err != nil {
		return err
	}
	offer, err := t.Leave.Offer(ctx, v.Person, who.ID, today)
	if err != nil && (v.Viewer.MayAskFor(who.ID) || !errs.Is(err, errs.NotFound)) {
		return err
	}
	p := claimsPage{Form: f}
	if p.Whose, err = subjectOf(ctx, v, t, who); err != nil {
		return err
	}
	p.Ways = waysOf(v.Lang, &offer, p.Whose)
	for _, c := range claims {
		p.Lines = append(p.Lines, view.ClaimLineOf(v, c))
	}
	p.Frame = page.Frame(w, r, p.Whose.Title(v.Lang, "web.claims.title", "web.claims.title.of"))
	p.Frame.Path = p.Whose.Path("claims")
	return page.Render(w, r, f.Status(), claimsView(p))
}

// waysOf are the buttons to what an offer holds.
func waysOf(l *lang.Locale, o *leave.Offer, who view.Subject) []template.Btn {
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
			out = append(out, template.Btn{Text: l.T("web.claim.way." + string(way.kind)), Icon: way.icon, Href: who.Claim(way.kind)})
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
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	back := page.LocalPath(f.Text("back"))
	saved, err := f.Attempt(func() error { return do(r.Context(), page.VisitOf(r).Person, r.PathValue("id"), f.Text("reason")) })
	switch {
	case saved && back == "/":
		return page.Done(w, r, "/claims", flash)
	case saved:
		return page.Done(w, r, back, flash)
	case err != nil:
		return err
	case toInbox(back):
		if err := nameDecided(r, t, f); err != nil {
			return err
		}
		return renderInbox(w, r, t, f, nil)
	}
	return renderClaims(w, r, t, page.VisitOf(r).Viewer.Person, f)
}

// nameDecided has what is wrong name the claim, where it is not in the inbox any more: somebody else decided meanwhile.
func nameDecided(r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	c, err := t.Leave.OneClaim(r.Context(), v.Person, r.PathValue("id"))
	switch {
	case errs.Is(err, errs.NotFound) || err == nil && c.State == leave.Pending:
		return nil
	case err != nil:
		return err
	}
	x := view.ClaimLineOf(v, c)
	for i := range f.Wrong {
		f.Wrong[i].Text = v.Lang.T("web.inbox.gone", "name", c.Who.Name(), "dates", x.What+", "+x.Date,
			"state", v.Lang.T("ui.status."+string(c.State)), "why", f.Wrong[i].Text)
	}
	return nil
}

// claimPage is where something is reported or asked for.
type claimPage struct {
	Frame template.Page
	Form  *page.Form
	Whose view.Subject
	Kind  leave.ClaimKind
	Offer leave.Offer
	Today calendar.Date
}

// showClaim handles GET /claims/new.
func showClaim(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	return renderClaim(w, r, t, f)
}

// postClaim handles POST /claims/new.
func postClaim(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	v := page.VisitOf(r)
	book, err := t.Leave.Rules(r.Context())
	if err != nil {
		return err
	}
	c := readClaim(f, book)
	if c.Person == "" {
		c.Person = v.Person
	}
	var made leave.Claim
	saved, err := f.Attempt(func() (err error) {
		made, err = t.Leave.FileClaim(r.Context(), v.Person, c)
		return err
	})
	if err != nil {
		return err
	}
	if saved {
		return page.Done(w, r, view.SubjectOf(v, people.Person{ID: c.Person}).Path("claims"), "claim-filed-"+string(made.State))
	}
	return renderClaim(w, r, t, f)
}

// readClaim reads a claim from the form.
func readClaim(f *page.Form, book *leave.Rulebook) leave.Claim {
	c := leave.Claim{ID: f.Text(page.FieldKey), Person: people.ID(f.Text("person")), Kind: leave.ClaimKind(f.Text("kind")), Date: f.Date("date"), Note: f.Text("note")}
	switch c.Kind {
	case leave.ClaimEvent:
		c.Event, c.Child = leave.EventKind(f.Text("event")), f.Text("child")
	case leave.ClaimOvertime:
		c.Type = f.Text("type")
		c.Factor, _ = strconv.Atoi(f.Text("factor"))
		c.Minutes, c.Times = readWorked(f)
	default:
		t, _ := book.Type(f.Text("type"))
		c.Type, c.Amount = t.ID, f.Amount("amount", t.Unit)
	}
	return c
}

// readWorked reads how long somebody worked: from one time to another, or how many
// hours.
func readWorked(f *page.Form) (minutes int, times calendar.Interval) {
	from, to := f.Text("start"), f.Text("end")
	if from == "" && to == "" {
		if f.Text("time") == "" {
			return 0, times
		}
		n, ok := f.Amount("time", leave.Hours).Int64()
		if !ok || n > leave.MaxOvertime {
			f.Refuse(errs.New(errs.Invalid, "web.error.amount").At("time"))
		}
		return int(n), times
	}
	times, err := calendar.ParseInterval(from + "-" + to)
	if err != nil || times.IsZero() {
		f.Refuse(errs.New(errs.Invalid, "leave.error.hours_backwards").At("end"))
	}
	return times.Minutes(), times
}

func renderClaim(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v, ctx := page.VisitOf(r), r.Context()
	f.Key(v.Now())
	p := claimPage{Form: f, Kind: leave.ClaimKind(f.Text("kind")), Whose: view.SubjectOf(v, v.Viewer.Person)}
	if id := f.Text("person"); id != "" && people.ID(id) != v.Person {
		who, err := t.People.Record(ctx, v.Person, people.ID(id))
		if err != nil {
			return err
		}
		p.Whose = view.SubjectOf(v, who.Person)
	}
	if !slices.Contains(leave.ClaimKinds, p.Kind) {
		return page.ErrNothing
	}
	var err error
	if p.Today, err = t.Leave.Today(ctx, v.Person); err != nil {
		return err
	}
	if p.Offer, err = t.Leave.Offer(ctx, v.Person, p.Whose.Person.ID, p.Today); err != nil {
		return err
	}
	way := "web.claim.way." + string(p.Kind)
	p.Frame = page.Frame(w, r, v.Lang.T(way))
	if !p.Whose.Own {
		p.Frame.Title = v.Lang.T(way) + " · " + p.Whose.Person.Name()
	}
	p.Frame = page.Within(p.Frame, "/requests")
	return page.Render(w, r, f.Status(), claimView(p))
}
