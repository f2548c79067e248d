// SPDX-License-Identifier: Apache-2.0

package bureau

import (
	"net/http"
	"strings"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/identity/bureau"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// bureausPage lists the bureaus that the customer admits.
type bureausPage struct {
	Frame  template.Page
	Lines  []bureauLine
	Keeps  bool // the reader may admit
	Serves int  // customers that admit this one
}

type bureauLine struct {
	bureau.Admission
	Roles string
	State view.Badge
}

// showBureaus handles GET /manage/bureaus.
func showBureaus(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v, ctx := page.VisitOf(r), r.Context()
	all, err := t.Bureaus.Admissions(ctx, v.Person)
	if err != nil {
		return err
	}
	served, err := t.Bureaus.Serves(ctx, v.Person)
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(ctx)
	if err != nil {
		return err
	}
	p := bureausPage{Frame: page.ManageFrame(w, r, v.Lang.T("admin.bureaus"), page.BureausPath), Keeps: v.Viewer.Has(people.KeepRoles), Serves: len(served)}
	for _, a := range all {
		p.Lines = append(p.Lines, bureauLine{a, rolesOf(v, org, &a), stateOf(v, a.State, a.Over(v.Now()))})
	}
	return page.Render(w, r, http.StatusOK, bureausView(p))
}

// rolesOf names the roles that an admission gives.
func rolesOf(v *page.Visit, org *people.Organisation, a *bureau.Admission) string {
	var names []string
	for _, name := range a.Roles.Names() {
		names = append(names, v.Lang.T("admin.role."+name))
	}
	for _, role := range org.Roles {
		for _, id := range a.Custom {
			if id == role.ID {
				names = append(names, role.Name)
			}
		}
	}
	return v.Lang.List(names...)
}

// stateOf says how an admission stands.
func stateOf(v *page.Visit, s bureau.State, over bool) view.Badge {
	if over && s.Stands() {
		return view.Badge{Tone: template.Info, Text: v.Lang.T("admin.bureaus.state.over")}
	}
	tone := map[bureau.State]template.Tone{bureau.Offered: template.Warn, bureau.Accepted: template.Good, bureau.Declined: template.Bad}[s]
	if tone == "" {
		tone = template.Info
	}
	return view.Badge{Tone: tone, Text: v.Lang.T("admin.bureaus.state." + string(s))}
}

// bureauPage is where an admission is given, seen, changed and ended.
type bureauPage struct {
	Frame  template.Page
	Form   *page.Form
	A      bureau.Admission // without an ID for a new one
	Facts  []template.Fact
	Roles  []template.Option
	Guests []guestLine
	Visits []visitLine
	Keeps  bool // the reader may change it
}

type guestLine struct {
	Person people.Person
	Visits int
	Last   string
}

type visitLine struct{ Who, At string }

func (p *bureauPage) path() string {
	if p.A.ID == "" {
		return page.BureausPath + "/new"
	}
	return page.BureausPath + "/" + p.A.ID
}

// open reports whether the admission can be changed by the reader.
func (p *bureauPage) open() bool { return p.Keeps && (p.A.ID == "" || p.A.State.Stands()) }

// showNew handles GET /manage/bureaus/new.
func showNew(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	until := calendar.DateOf(v.Now().In(v.Zone)).AddDays(365)
	return renderBureau(w, r, t, bureauPage{Form: page.BlankForm(r, "whom", "some", "until", until.String())})
}

// wish reads an admission from its form.
func wish(f *page.Form) bureau.Admission {
	a := bureau.Admission{Host: f.Text("host"), Reason: f.Text("reason"), Until: f.Date("until")}
	for _, name := range f.Values["roles"] {
		if r, ok := people.ParseRole(name); ok {
			a.Roles |= r
		} else {
			a.Custom = append(a.Custom, name)
		}
	}
	if a.Whom.All = offered(f, "whom") == "all"; !a.Whom.All {
		a.Whom.Mails = strings.FieldsFunc(f.Text("mails"), func(r rune) bool { return strings.ContainsRune(" ,;\t\r\n", r) })
	}
	return a
}

// offered returns what was chosen of "some" and "all"; anything else is wrong.
func offered(f *page.Form, name string) string {
	s := f.Text(name)
	if s != "some" && s != "all" {
		f.Refuse(errs.New(errs.Invalid, "bureau.error.choice").At(name))
	}
	return s
}

// admit handles POST /manage/bureaus/new. It asks for a fresh proof.
func admit(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	v, id := page.VisitOf(r), ""
	if err := t.Identity.NeedProof(r.Context(), v.Proof); err != nil {
		return err
	}
	a := wish(f)
	made, err := f.Attempt(func() (err error) {
		id, err = t.Bureaus.Admit(r.Context(), v.Proof, a)
		return err
	})
	if made {
		return page.Done(w, r, page.BureausPath+"/"+id, "bureau-admitted")
	}
	if err != nil {
		return err
	}
	return renderBureau(w, r, t, bureauPage{Form: f})
}

// showBureau handles GET /manage/bureaus/{id}.
func showBureau(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	a, err := t.Bureaus.Admission(r.Context(), page.VisitOf(r).Person, r.PathValue("id"))
	if err != nil {
		return err
	}
	f := page.BlankForm(r, "whom", "some", "reason", a.Reason, "until", a.Until.String(), "mails", strings.Join(a.Whom.Mails, "\n"))
	if a.Whom.All {
		f.Values.Set("whom", "all")
	}
	held := people.Person{Roles: a.Roles, Custom: a.Custom}
	f.Values["roles"] = held.Held()
	return renderBureau(w, r, t, bureauPage{Form: f, A: a})
}

// change handles POST /manage/bureaus/{id}. It asks for a fresh proof.
func change(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	v := page.VisitOf(r)
	p := bureauPage{Form: f}
	if p.A, err = t.Bureaus.Admission(r.Context(), v.Person, r.PathValue("id")); err != nil {
		return err
	}
	if err := t.Identity.NeedProof(r.Context(), v.Proof); err != nil {
		return err
	}
	a := wish(f)
	a.ID = p.A.ID
	saved, err := f.Attempt(func() error { return t.Bureaus.Change(r.Context(), v.Proof, a) })
	if saved {
		return page.Done(w, r, p.path(), "bureau-saved")
	}
	if err != nil {
		return err
	}
	return renderBureau(w, r, t, p)
}

// end handles POST /manage/bureaus/{id}/end.
func end(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	id := r.PathValue("id")
	if err := t.Bureaus.End(r.Context(), page.VisitOf(r).Person, id); err != nil {
		return err
	}
	return page.Done(w, r, page.BureausPath+"/"+id, "bureau-ended")
}

func renderBureau(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, p bureauPage) error {
	v, ctx := page.VisitOf(r), r.Context()
	org, err := t.People.Organisation(ctx)
	if err != nil {
		return err
	}
	p.Keeps = v.Viewer.Has(people.KeepRoles)
	for _, role := range people.AllRoles.Each() {
		name := role.Names()[0]
		p.Roles = append(p.Roles, template.Option{Value: name, Text: v.Lang.T("admin.role." + name)})
	}
	for _, role := range org.Roles {
		p.Roles = append(p.Roles, template.Option{Value: role.ID, Text: role.Name})
	}
	title := v.Lang.T("admin.bureaus.add")
	if p.A.ID != "" {
		title = p.A.Title()
		p.Facts = p.facts(v, org)
		if err := p.fillVisits(r, t); err != nil {
			return err
		}
	}
	p.Frame = page.ManageFrame(w, r, title, p.path())
	return page.Render(w, r, p.Form.Status(), bureauView(p))
}

// facts say how the admission stands.
func (p *bureauPage) facts(v *page.Visit, org *people.Organisation) []template.Fact {
	l, a := v.Lang, &p.A
	state := stateOf(v, a.State, a.Over(v.Now()))
	whom := l.T("admin.whom.all")
	if !a.Whom.All {
		whom = l.List(a.Whom.Mails...)
	}
	facts := []template.Fact{
		{Name: l.T("admin.bureaus.state"), Value: template.Badge(state.Tone, state.Text)},
		{Name: l.T("admin.field.host"), Text: a.Host},
		{Name: l.T("admin.bureaus.roles"), Text: rolesOf(v, org, a)},
		{Name: l.T("admin.field.whom"), Text: whom},
		{Name: l.T("admin.field.until"), Text: l.Date(a.Until)},
		{Name: l.T("admin.field.reason"), Text: a.Reason},
		{Name: l.T("admin.bureaus.made"), Text: l.T("admin.bureaus.by", "name", org.Person(a.MadeBy).Name(), "at", at(v, a.Made))},
	}
	if !a.Ended.IsZero() {
		by := a.Title()
		if a.EndedBy != "" {
			by = org.Person(a.EndedBy).Name()
		}
		facts = append(facts, template.Fact{Name: l.T("admin.bureaus.ended"), Text: l.T("admin.bureaus.by", "name", by, "at", at(v, a.Ended))})
	}
	return facts
}

func at(v *page.Visit, t time.Time) string { return v.Lang.DateTime(t.UnixMicro(), v.Zone) }

// shownVisits is how many of the last visits the page shows.
const shownVisits = 30

func (p *bureauPage) fillVisits(r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	visits, guests, err := t.Bureaus.Visits(r.Context(), v.Person, p.A.ID)
	if err != nil {
		return err
	}
	names := map[people.ID]people.Person{}
	for _, g := range guests {
		names[g.Person.ID] = g.Person
		line := guestLine{Person: g.Person, Visits: g.Visits}
		if !g.Last.IsZero() {
			line.Last = at(v, g.Last)
		}
		p.Guests = append(p.Guests, line)
	}
	for _, x := range visits[:min(len(visits), shownVisits)] {
		who := names[x.Person]
		p.Visits = append(p.Visits, visitLine{who.Name(), at(v, x.At)})
	}
	return nil
}
