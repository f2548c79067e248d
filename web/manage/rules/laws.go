// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"net/http"
	"slices"
	"strings"

	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/leave/law"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// lawsPage lists the laws that there are templates for.
type lawsPage struct {
	Frame template.Page
	Laws  []lawLine
}

// lawLine is one law in the list.
type lawLine struct {
	law.Template
	Name     string
	Rules    int
	Policies int // of the customer, made from it
	Newer    int // of those, the ones for which the law has changed since
}

// showLaws handles GET /manage/laws.
func showLaws(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	l := page.VisitOf(r).Lang
	book, err := t.Leave.Rules(r.Context())
	if err != nil {
		return err
	}
	p := lawsPage{Frame: page.ManageFrame(w, r, l.T("admin.laws"), "/manage/laws")}
	for _, x := range law.Templates() {
		line := lawLine{Template: x, Name: x.Name.In(l.Tag()), Rules: len(x.Rules)}
		for i := range book.Policies {
			if q := &book.Policies[i]; q.Law.Law == x.Code {
				line.Policies++
				if pinned(q) == pinNewer {
					line.Newer++
				}
			}
		}
		p.Laws = append(p.Laws, line)
	}
	return page.Render(w, r, http.StatusOK, lawsView(p))
}

// pinState says how a policy stands to the law that it was made from.
type pinState string

// The states. The sentence is "admin.law.pin." + state.
const (
	pinNone    pinState = ""
	pinSame    pinState = "same"
	pinChanged pinState = "changed" // by hand
	pinNewer   pinState = "newer"   // the law has changed since, and gives something else
)

// pinned compares a policy with its law as the templates have it now.
func pinned(p *leave.Policy) pinState {
	if p.Law.IsZero() {
		return pinNone
	}
	t, ok := law.For(p.Law.Law)
	if !ok {
		return pinChanged
	}
	now, ok := t.Terms(p.Law.Rule, p.Law.Extra)
	switch {
	case ok && now.Equal(&p.Terms):
		return pinSame
	case ok && t.Dated > p.Law.Dated:
		return pinNewer
	}
	return pinChanged
}

// lawPage is a law with what it says on each type of leave, to take over.
type lawPage struct {
	Frame    template.Page
	Form     *page.Form
	Law      law.Template
	Rules    []lawRule
	Extra    bool // something may come on top of holiday
	Packages []template.Option
	Compare  []lawCompare
}

// lawRule is what a law says on one type of leave.
type lawRule struct {
	law.Rule
	Name  string
	Pots  []policyLine // what is due; empty for what is only recorded
	Notes []string
	Types []template.Option // as which type it can be taken over
}

// lawCompare is a policy beside what the law gives now.
type lawCompare struct {
	Package  string
	Policy   leave.Policy
	Type     leave.Type
	Was, Now []policyLine
}

func (p *lawPage) path() string { return "/manage/laws/" + p.Law.Code }

func lawOf(r *http.Request) (law.Template, error) {
	code := r.PathValue("code")
	i := slices.IndexFunc(law.Templates(), func(t law.Template) bool { return t.Code == code })
	if i < 0 {
		return law.Template{}, page.ErrNothing
	}
	return law.Templates()[i], nil
}

// showLaw handles GET /manage/laws/{code}.
func showLaw(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	x, err := lawOf(r)
	if err != nil {
		return err
	}
	f := page.BlankForm(r, "name", x.Name.In(page.VisitOf(r).Lang.Tag()))
	for _, rule := range x.Rules {
		if rule.Instead == "" && !rule.Optional {
			f.Values.Set("rule-"+rule.Type.ID, "yes")
		}
	}
	return renderLaw(w, r, t, x, f)
}

// takeLaw handles POST /manage/laws/{code}.
func takeLaw(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	x, err := lawOf(r)
	if err != nil {
		return err
	}
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	a := readAdoption(f, x)
	return view.Change(w, r, t, f, leave.Adopting(a), view.Asker{
		Done:  func(string) error { return page.Done(w, r, "/manage/packages", "law-taken") },
		Again: func() error { return renderLaw(w, r, t, x, f) },
	})
}

// readAdoption reads what of a law is chosen.
func readAdoption(f *page.Form, x law.Template) leave.Adoption {
	a := leave.Adoption{Package: leave.Package{ID: f.Text("package"), Name: f.Text("name")}, From: f.DateOr("from", 0)}
	extra := f.AmountOr("extra", leave.Days)
	for _, rule := range x.Rules {
		if !f.Has("rule-"+rule.Type.ID, "yes") {
			continue
		}
		one := leave.Adopted{Type: rule.Type, Pin: leave.Pin{Law: x.Code, Rule: rule.Type.ID, Dated: x.Dated}}
		one.Type.ID, one.Type.Name = f.Text("type-"+rule.Type.ID), rule.Name.In(f.Lang.Tag())
		if rule.Extra != "" {
			one.Pin.Extra = extra
		}
		one.Terms, _ = x.Terms(rule.Type.ID, one.Pin.Extra)
		a.Rules = append(a.Rules, one)
	}
	return a
}

func renderLaw(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, x law.Template, f *page.Form) error {
	book, err := t.Leave.Rules(r.Context())
	if err != nil {
		return err
	}
	p := lawPage{Form: f, Law: x, Packages: []template.Option{{Text: f.Lang.T("admin.law.new_package")}}}
	for _, rule := range x.Rules {
		p.Rules = append(p.Rules, lawRuleOf(f, book, x, rule))
		p.Extra = p.Extra || rule.Extra != ""
	}
	for _, one := range book.Packages {
		p.Packages = append(p.Packages, template.Option{Value: one.ID, Text: one.Name})
	}
	p.Compare = compareLaw(f.Lang, book, x)
	p.Frame = page.ManageFrame(w, r, x.Name.In(f.Lang.Tag()), p.path())
	return page.Render(w, r, f.Status(), lawView(p))
}

func lawRuleOf(f *page.Form, book *leave.Rulebook, x law.Template, rule law.Rule) lawRule {
	out := lawRule{Rule: rule, Name: rule.Name.In(f.Lang.Tag())}
	for _, n := range rule.Notes {
		out.Notes = append(out.Notes, n.In(f.Lang.Tag()))
	}
	if terms, ok := x.Terms(rule.Type.ID, exact.Rat{}); ok {
		out.Pots = potLines(f.Lang, rule.Type, &terms)
	}
	out.Types = []template.Option{{Text: f.Lang.T("admin.law.new_type", "name", out.Name)}}
	chosen := f.Values.Has("type-" + rule.Type.ID)
	for _, t := range book.Types {
		if t.Retired || t.Unit != rule.Type.Unit || t.Entitled != rule.Type.Entitled {
			continue
		}
		out.Types = append(out.Types, template.Option{Value: t.ID, Text: t.Name})
		if !chosen && strings.EqualFold(t.Name, out.Name) {
			f.Values.Set("type-"+rule.Type.ID, t.ID)
		}
	}
	return out
}

// potLines says what each pot of some terms gives.
func potLines(l *lang.Locale, t leave.Type, terms *leave.Terms) []policyLine {
	var out []policyLine
	for _, pot := range terms.Pots() {
		line := policyLineOf(l, t, leave.Policy{Terms: pot})
		if event := explain.Event(l, &pot, t.Unit); len(event) > 0 { // more than a table has room for
			line.Granted += ": " + strings.Join(event, ", ")
		}
		out = append(out, line)
	}
	return out
}

// compareLaw returns the policies made from an older state of a law that gives
// something else now.
func compareLaw(l *lang.Locale, book *leave.Rulebook, x law.Template) []lawCompare {
	var out []lawCompare
	for i := range book.Policies {
		p := &book.Policies[i]
		if p.Law.Law != x.Code || pinned(p) != pinNewer {
			continue
		}
		now, _ := x.Terms(p.Law.Rule, p.Law.Extra)
		c := lawCompare{Package: view.PackageName(book, p.Package), Policy: *p}
		c.Type, _ = book.Type(p.Type)
		c.Was, c.Now = potLines(l, c.Type, &p.Terms), potLines(l, c.Type, &now)
		out = append(out, c)
	}
	return out
}

func (p *lawPage) packages() template.Choice {
	c := p.Form.Choice("package", p.Packages)
	c.Required = false
	return c
}

func (p *lawPage) from() template.Input {
	i := p.Form.Day("from")
	i.Label, i.Hint, i.Short = p.Frame.L.T("admin.field.holds"), p.Frame.L.T("admin.field.holds.hint"), true
	return i
}

func (p *lawPage) extra() template.Input {
	i := p.Form.Field("extra")
	i.Hint, i.Short = p.Frame.L.T("admin.law.extra.hint"), true
	return i
}

// lawType is as which leave type a rule is taken over.
func lawType(l *lang.Locale, f *page.Form, x lawRule) template.Choice {
	name := "type-" + x.Rule.Type.ID
	return template.Choice{Name: name, Label: l.T("admin.law.as"), Value: f.Text(name), Options: x.Types, Required: true, Error: f.At(name)}
}
