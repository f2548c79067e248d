// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// workPage is where a period of employment or a contract line is added, changed
// or removed.
type workPage struct {
	Frame    template.Page
	Form     *page.Form
	Person   people.Person
	Contract bool   // a contract line, else an employment
	Line     string // id; empty for a new one
	Then     string // the moment of the past state as which it is filled in; empty: none
	Unpaid   string // what they had left when they went, who come back; empty: nothing
	Back     string // where what is otherwise than then is compared; empty: came from elsewhere
	Patterns []template.Option
	Packages []template.Option
	Places   []template.Option // of work
}

// kind is the word of the addresses and the catalogues: "employment", "contract".
func (p *workPage) kind() string {
	if p.Contract {
		return "contract"
	}
	return "employment"
}

// path is the address of the page.
func (p *workPage) path() string {
	line := p.Line
	if line == "" {
		line = "new"
	}
	return page.PersonPath(p.Person.ID) + "/" + p.kind() + "s/" + line
}

// fillBack reads where somebody who came from a comparison goes on.
func (p *workPage) fillBack(f *page.Form) {
	if to := page.LocalPath(f.Text("back")); strings.HasPrefix(to, page.PastsPath+"/") {
		p.Back = to
	}
}

// leads is where somebody goes who is done here, or changes their mind.
func (p *workPage) leads() string { return cmp.Or(p.Back, page.PersonPath(p.Person.ID)) }

// showEmployment handles GET /manage/people/{id}/employments/new and .../{line}.
func showEmployment(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	rec, err := t.People.Record(r.Context(), page.VisitOf(r).Person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := page.BlankForm(r)
	if line := r.PathValue("line"); line != "" {
		i := slices.IndexFunc(rec.Employments, func(e people.Employment) bool { return e.ID == line })
		if i < 0 {
			return page.ErrNothing
		}
		e := rec.Employments[i]
		f.Values.Set("from", e.From.String())
		if !e.To.IsZero() {
			f.Values.Set("to", e.To.String())
		} else if last, err := calendar.Parse(r.URL.Query().Get("to")); err == nil { // as a page proposes it
			f.Values.Set("to", last.String())
		}
	}
	p := workPage{Person: rec.Person, Then: asThen(r, f, "from", "to")}
	if r.PathValue("line") == "" {
		if p.Unpaid, err = leftBehind(r, t, &rec); err != nil {
			return err
		}
	}
	return renderWork(w, r, t, f, p)
}

// leftBehind tells whoever lets somebody come back what was left when they went;
// nothing where nobody left, nothing was left, or the visitor may not read it.
func leftBehind(r *http.Request, t *tenant.Tenant, rec *people.Record) (string, error) {
	v := page.VisitOf(r)
	e, gone := rec.LastEmployment()
	if !gone || !v.Viewer.Has(people.SeeReports) {
		return "", nil
	}
	x, err := t.Leave.Leaver(r.Context(), v.Person, rec.Person.ID, e.ID)
	if left := view.LeftOf(v.Lang, &x); err == nil && left != "" {
		return v.Lang.T("admin.employment.left", "date", e.To, "left", left), nil
	}
	return "", err
}

// asThen fills fields in as a past state had them, and returns of when it is; empty: the
// address proposes nothing.
func asThen(r *http.Request, f *page.Form, fields ...string) string {
	q := r.URL.Query()
	if q.Get("then") == "" {
		return ""
	}
	for _, name := range append(fields, "back") {
		f.Values.Set(name, q.Get(name))
	}
	return q.Get("then")
}

// saveEmployment handles POST to the same addresses.
func saveEmployment(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return saveWork(w, r, t, workPage{}, "", func(p *workPage) leave.Change {
		return leave.SavingEmployment(people.Employment{ID: p.Line, Person: p.Person.ID, From: p.Form.DateOr("from", 0), To: p.Form.DateOr("to", 0)})
	})
}

// deleteEmployment handles POST /manage/people/{id}/employments/{line}/delete.
func deleteEmployment(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return saveWork(w, r, t, workPage{}, "employments", func(p *workPage) leave.Change {
		return leave.DeletingEmployment(p.Person.ID, p.Line)
	})
}

// showContract handles GET /manage/people/{id}/contracts/new and .../{line}.
func showContract(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	rec, err := t.People.Record(r.Context(), page.VisitOf(r).Person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	var c people.Contract
	if n := len(rec.Contracts); n > 0 { // a new line begins as the last one
		last := rec.Contracts[n-1]
		c = people.Contract{Pattern: last.Pattern, Package: last.Package, Location: last.Location}
	}
	if line := r.PathValue("line"); line != "" {
		i := slices.IndexFunc(rec.Contracts, func(c people.Contract) bool { return c.ID == line })
		if i < 0 {
			return page.ErrNothing
		}
		c = rec.Contracts[i]
	}
	f := page.BlankForm(r, "pattern", c.Pattern, "package", c.Package, "location", c.Location)
	if !c.From.IsZero() {
		f.Values.Set("from", c.From.String())
	}
	return renderWork(w, r, t, f, workPage{Person: rec.Person, Contract: true, Then: asThen(r, f, "from", "pattern", "package", "location")})
}

// saveContract handles POST to the same addresses.
func saveContract(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return saveWork(w, r, t, workPage{Contract: true}, "", func(p *workPage) leave.Change {
		return leave.SavingContract(people.Contract{ID: p.Line, Person: p.Person.ID,
			From: p.Form.DateOr("from", 0), Pattern: p.Form.Text("pattern"), Package: p.Form.Text("package"), Location: p.Form.Text("location")})
	})
}

// deleteContract handles POST /manage/people/{id}/contracts/{line}/delete.
func deleteContract(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return saveWork(w, r, t, workPage{Contract: true}, "contracts", func(p *workPage) leave.Change {
		return leave.DeletingContract(p.Person.ID, p.Line)
	})
}

// saveWork reads the form of a line of a person and, where it can be read, makes the change
// that is asked for; else it shows the form again with what is wrong. A form that deletes
// holds nothing of the line: back from a forecast leads to the line among others of its
// kind.
func saveWork(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, p workPage, kind string, read func(*workPage) leave.Change) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	rec, err := t.People.Record(r.Context(), page.VisitOf(r).Person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	p.Form, p.Person, p.Line = f, rec.Person, r.PathValue("line")
	p.fillBack(f)
	from := view.Asker{
		Done:  func(string) error { return page.Done(w, r, p.leads(), "work-saved") },
		Again: func() error { return renderWork(w, r, t, f, p) },
	}
	if kind != "" {
		from.Back = page.PersonPath(p.Person.ID) + "/" + kind + "/" + p.Line
	}
	return view.Change(w, r, t, f, read(&p), from)
}

func renderWork(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form, p workPage) error {
	v := page.VisitOf(r)
	p.Form, p.Line = f, r.PathValue("line")
	p.fillBack(f)
	if p.Contract {
		var err error
		if p.Patterns, p.Packages, err = view.ContractOptions(r.Context(), v, t); err != nil {
			return err
		}
		if p.Places, err = placeOptions(r.Context(), v, t); err != nil {
			return err
		}
	}
	title := "admin." + p.kind() + ".add"
	if p.Line != "" {
		title = "admin." + p.kind() + ".edit"
	}
	p.Frame = page.ManageFrame(w, r, v.Lang.T(title), p.path())
	return page.Render(w, r, f.Status(), workView(p))
}
