// SPDX-License-Identifier: Apache-2.0

package bureau

import (
	"log/slog"
	"net/http"

	"verlof/identity/bureau"
	"verlof/internal/order"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// servedPage lists the customers that admit this one.
type servedPage struct {
	Frame template.Page
	Lines []servedLine
}

type servedLine struct {
	bureau.Served
	Roles string
	Who   string // whom the bureau sends
	State view.Badge
}

// showServed handles GET /manage/served.
func showServed(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	all, err := t.Bureaus.Serves(r.Context(), v.Person)
	if err != nil {
		return err
	}
	p := servedPage{Frame: page.ManageFrame(w, r, v.Lang.T("admin.served"), page.ServedPath)}
	for _, s := range all {
		who := v.Lang.T("admin.served.sent", "count", len(s.Chosen))
		if s.Everybody {
			who = v.Lang.T("admin.served.everybody")
		}
		if s.State != bureau.Accepted {
			who = "–"
		}
		p.Lines = append(p.Lines, servedLine{s, givenTo(v, &s), who, stateOf(v, s.State, !v.Now().Before(s.Ends))})
	}
	return page.Render(w, r, http.StatusOK, servedView(p))
}

// givenTo names the roles that a customer gives.
func givenTo(v *page.Visit, s *bureau.Served) string {
	var names []string
	for _, name := range s.Roles {
		if _, ok := people.ParseRole(name); ok {
			names = append(names, v.Lang.T("admin.role."+name))
		}
	}
	return v.Lang.List(append(names, s.Custom...)...)
}

// customerPage is where a bureau accepts an admission, chooses whom it sends, and gives it up.
type customerPage struct {
	Frame  template.Page
	Form   *page.Form
	S      bureau.Served
	Facts  []template.Fact
	People []people.Person // who may be sent
	Keeps  bool
}

func (p *customerPage) path() string { return page.ServedPath + "/" + p.S.ID }
func (p *customerPage) open() bool   { return p.Keeps && p.S.State.Stands() }

func customerOf(r *http.Request, t *tenant.Tenant) (p customerPage, err error) {
	p.S, err = t.Bureaus.Serving(r.Context(), page.VisitOf(r).Person, r.PathValue("id"))
	return p, err
}

// showCustomer handles GET /manage/served/{id}.
func showCustomer(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	p, err := customerOf(r, t)
	if err != nil {
		return err
	}
	p.Form = page.BlankForm(r, "sent", "some")
	if p.S.Everybody {
		p.Form.Values.Set("sent", "all")
	}
	for _, id := range p.S.Chosen {
		p.Form.Values.Add("people", string(id))
	}
	return renderCustomer(w, r, t, p)
}

// choose handles POST /manage/served/{id}. It asks for a fresh proof.
func choose(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	p, err := customerOf(r, t)
	if err != nil {
		return err
	}
	v := page.VisitOf(r)
	if err := t.Identity.NeedProof(r.Context(), v.Proof); err != nil {
		return err
	}
	p.Form = f
	var chosen []people.ID
	for _, id := range f.Values["people"] {
		chosen = append(chosen, people.ID(id))
	}
	everybody := offered(f, "sent") == "all"
	saved, err := f.Attempt(func() error { return t.Bureaus.Choose(r.Context(), v.Proof, p.S.ID, everybody, chosen) })
	if saved {
		return page.Done(w, r, p.path(), "served-saved")
	}
	if err != nil {
		return err
	}
	return renderCustomer(w, r, t, p)
}

// leave handles POST /manage/served/{id}/leave.
func leave(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if err := t.Bureaus.Leave(r.Context(), page.VisitOf(r).Person, r.PathValue("id")); err != nil {
		return err
	}
	return page.Done(w, r, page.ServedPath, "served-left")
}

func renderCustomer(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, p customerPage) error {
	v := page.VisitOf(r)
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	l, s := v.Lang, &p.S
	p.Keeps = v.Viewer.Has(people.KeepRoles)
	for _, id := range org.Order {
		if one := org.Person(id); one.Active && s.Whom.Has(one.Email) {
			p.People = append(p.People, one)
		}
	}
	state := stateOf(v, s.State, !v.Now().Before(s.Ends))
	whom := l.T("admin.served.any")
	if !s.Whom.All {
		whom = l.List(s.Whom.Mails...)
	}
	p.Facts = []template.Fact{
		{Name: l.T("admin.bureaus.state"), Value: template.Badge(state.Tone, state.Text)},
		{Name: l.T("admin.served.site"), Text: s.Site},
		{Name: l.T("admin.served.role"), Text: givenTo(v, s)},
		{Name: l.T("admin.served.admits"), Text: whom},
		{Name: l.T("admin.field.until"), Text: l.Date(s.Until)},
		{Name: l.T("admin.field.reason"), Text: s.Reason},
	}
	if s.AnsweredBy != "" {
		p.Facts = append(p.Facts, template.Fact{Name: l.T("admin.served.answered"), Text: l.T("admin.bureaus.by", "name", org.Person(s.AnsweredBy).Name(), "at", at(v, s.Answered))})
	}
	p.Frame = page.ManageFrame(w, r, s.Name, p.path())
	return page.Render(w, r, p.Form.Status(), customerView(p))
}

// servePage leads somebody to the customers whom they serve.
type servePage struct {
	Frame template.Page
	Cards []serveCard
}

type serveCard struct {
	Name, Roles, Until, Href string
	Waits                    int
	Say                      string // what waits there, in words
}

// showServe handles GET /serve.
func showServe(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v, ctx := page.VisitOf(r), r.Context()
	mine, err := t.Bureaus.Mine(ctx, v.Person)
	if err != nil {
		return err
	}
	p := servePage{}
	for _, s := range mine {
		c := serveCard{Name: s.Name, Roles: givenTo(v, &s), Until: v.Lang.Date(s.Until), Href: s.Site + "/sso/" + s.ID + "?next=%2F"}
		x, err := t.Bureaus.Others.Waiting(ctx, s.Customer, s.ID, string(v.Person))
		switch {
		case err != nil: // a customer that does not answer hides no other
			v.Log.LogAttrs(ctx, slog.LevelInfo, "what waits at a customer", slog.String("number", v.Number), slog.String("cause", err.Error()))
			c.Say, c.Href = v.Lang.T("web.serve.closed"), ""
		case !x.Known:
			c.Say = v.Lang.T("web.serve.new")
		default:
			c.Waits, c.Say = x.Requests, v.Lang.T("web.serve.waits", "count", x.Requests)
		}
		p.Cards = append(p.Cards, c)
	}
	order.By(p.Cards, func(a, b serveCard) int { return b.Waits - a.Waits })
	p.Frame = page.Frame(w, r, v.Lang.T("web.serve"))
	p.Frame.Styles = []string{"admin.css"}
	return page.Render(w, r, http.StatusOK, serveView(p))
}
