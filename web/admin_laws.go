// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"slices"
	"strings"

	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/law"
	"verlof/tenant"
	"verlof/web/template"
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
	l := visitOf(r).lang
	book, err := t.Leave.Rules(r.Context())
	if err != nil {
		return err
	}
	p := lawsPage{Frame: adminFrame(w, r, l.T("admin.laws"), "/manage/laws")}
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
	return render(w, r, http.StatusOK, lawsView(p))
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
	Form     *form
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
		return law.Template{}, errNothing
	}
	return law.Templates()[i], nil
}

// showLaw handles GET /manage/laws/{code}.
func showLaw(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	x, err := lawOf(r)
	if err != nil {
		return err
	}
	f := blankForm(r, "name", x.Name.In(visitOf(r).lang.Tag()))
	for _, rule := range x.Rules {
		if rule.Instead == "" && !rule.Optional {
			f.values.Set("rule-"+rule.Type.ID, "yes")
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
	f, err := readForm(r)
	if err != nil {
		return err
	}
	a := readAdoption(f, x)
	saved, err := f.attempt(func() error {
		_, err := t.Leave.Adopt(r.Context(), visitOf(r).person, a)
		return err
	})
	if saved {
		return done(w, r, "/manage/packages", "law-taken")
	}
	if err != nil {
		return err
	}
	return renderLaw(w, r, t, x, f)
}

// readAdoption reads what of a law is chosen.
func readAdoption(f *form, x law.Template) leave.Adoption {
	a := leave.Adoption{Package: leave.Package{ID: f.text("package"), Name: f.text("name")}, From: f.dateOr("from", 0)}
	extra := f.amountOr("extra", leave.Days)
	for _, rule := range x.Rules {
		if !f.has("rule-"+rule.Type.ID, "yes") {
			continue
		}
		one := leave.Adopted{Type: rule.Type, Pin: leave.Pin{Law: x.Code, Rule: rule.Type.ID, Dated: x.Dated}}
		one.Type.ID, one.Type.Name = f.text("type-"+rule.Type.ID), rule.Name.In(f.lang.Tag())
		if rule.Extra != "" {
			one.Pin.Extra = extra
		}
		one.Terms, _ = x.Terms(rule.Type.ID, one.Pin.Extra)
		a.Rules = append(a.Rules, one)
	}
	return a
}

func renderLaw(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, x law.Template, f *form) error {
	book, err := t.Leave.Rules(r.Context())
	if err != nil {
		return err
	}
	p := lawPage{Form: f, Law: x, Packages: []template.Option{{Text: f.lang.T("admin.law.new_package")}}}
	for _, rule := range x.Rules {
		p.Rules = append(p.Rules, lawRuleOf(f, book, x, rule))
		p.Extra = p.Extra || rule.Extra != ""
	}
	for _, one := range book.Packages {
		p.Packages = append(p.Packages, template.Option{Value: one.ID, Text: one.Name})
	}
	p.Compare = compareLaw(f.lang, book, x)
	p.Frame = adminFrame(w, r, x.Name.In(f.lang.Tag()), p.path())
	return render(w, r, f.status(), lawView(p))
}

func lawRuleOf(f *form, book *leave.Rulebook, x law.Template, rule law.Rule) lawRule {
	out := lawRule{Rule: rule, Name: rule.Name.In(f.lang.Tag())}
	for _, n := range rule.Notes {
		out.Notes = append(out.Notes, n.In(f.lang.Tag()))
	}
	if terms, ok := x.Terms(rule.Type.ID, exact.Rat{}); ok {
		out.Pots = potLines(f.lang, rule.Type, &terms)
	}
	out.Types = []template.Option{{Text: f.lang.T("admin.law.new_type", "name", out.Name)}}
	chosen := f.values.Has("type-" + rule.Type.ID)
	for _, t := range book.Types {
		if t.Retired || t.Unit != rule.Type.Unit || t.Entitled != rule.Type.Entitled {
			continue
		}
		out.Types = append(out.Types, template.Option{Value: t.ID, Text: t.Name})
		if !chosen && strings.EqualFold(t.Name, out.Name) {
			f.values.Set("type-"+rule.Type.ID, t.ID)
		}
	}
	return out
}

// potLines says what each pot of some terms gives.
func potLines(l *lang.Locale, t leave.Type, terms *leave.Terms) []policyLine {
	var out []policyLine
	for _, pot := range terms.Pots() {
		out = append(out, policyLineOf(l, t, leave.Policy{Terms: pot}))
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
		c := lawCompare{Package: packageName(book, p.Package), Policy: *p}
		c.Type, _ = book.Type(p.Type)
		c.Was, c.Now = potLines(l, c.Type, &p.Terms), potLines(l, c.Type, &now)
		out = append(out, c)
	}
	return out
}

func (p *lawPage) packages() template.Choice {
	c := p.Form.choice("package", p.Packages)
	c.Required = false
	return c
}

func (p *lawPage) from() template.Input {
	i := p.Form.day("from")
	i.Label, i.Hint, i.Short = p.Frame.L.T("admin.field.holds"), p.Frame.L.T("admin.field.holds.hint"), true
	return i
}

func (p *lawPage) extra() template.Input {
	i := p.Form.field("extra")
	i.Hint, i.Short = p.Frame.L.T("admin.law.extra.hint"), true
	return i
}

// lawType is as which leave type a rule is taken over.
func lawType(l *lang.Locale, f *form, x lawRule) template.Choice {
	name := "type-" + x.Rule.Type.ID
	return template.Choice{Name: name, Label: l.T("admin.law.as"), Value: f.text(name), Options: x.Types, Required: true, Error: f.at(name)}
}
