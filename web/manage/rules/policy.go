// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/leave/law"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// policyPage is where a policy is added or changed, beside an example of what it
// gives.
type policyPage struct {
	Focus    string // the field or button to go on with; empty: the first
	Frame    template.Page
	Form     *page.Form
	ID       string // empty for a new one
	Package  leave.Package
	Type     leave.Type
	Pots     []potView // the first pot and those behind it
	Law      policyLaw
	Patterns []template.Option
	Types    []leave.Type
	Example  policyExample
}

// policyLaw is the rule of a law that a policy was made from.
type policyLaw struct{ Code, Name, Source string }

func policyLawOf(l *lang.Locale, pin leave.Pin) policyLaw {
	t, ok := law.For(pin.Law)
	if !ok {
		return policyLaw{}
	}
	r, _ := t.Rule(pin.Rule)
	return policyLaw{t.Code, t.Name.In(l.Tag()), r.Source.In(l.Tag())}
}

// policyExample is what a policy gives somebody made up.
type policyExample struct {
	Said    string // for whom
	Also    string // more of them
	Number  string
	Unit    string
	By      string // until when
	Formula string
	Lines   []template.LineItem
	More    int // lines left out
	Problem string
}

// exampleLines is how many lines an example shows.
const exampleLines = 13

func (p *policyPage) path() string {
	if p.ID == "" {
		return "/manage/packages/" + p.Package.ID + "/policies/new"
	}
	return "/manage/policies/" + p.ID
}

// policyOf returns the policy that an address means, or one to begin with: the
// last of the same package and type, or a usual one.
func policyOf(r *http.Request, book *leave.Rulebook, typ string) (leave.Policy, error) {
	if id := r.PathValue("policy"); id != "" {
		i := slices.IndexFunc(book.Policies, func(p leave.Policy) bool { return p.ID == id })
		if i < 0 {
			return leave.Policy{}, page.ErrNothing
		}
		return book.Policies[i], nil
	}
	p := leave.Policy{Package: r.PathValue("id"), Type: typ}
	t, known := book.Type(typ)
	if !known || view.PackageName(book, p.Package) == "" {
		return p, page.ErrNothing
	}
	p.Terms = usualTerms(t.Unit)
	for _, o := range book.Policies {
		if o.Package == p.Package && o.Type == typ {
			p.Terms = o.Terms // the list is in the order of days
		}
	}
	return p, nil
}

// askedPolicy returns the form that was sent, the policy that the address means, as it is
// kept, and its type.
func askedPolicy(r *http.Request, t *tenant.Tenant) (*page.Form, leave.Policy, leave.Type, error) {
	f, err := page.ReadForm(r)
	if err != nil {
		return nil, leave.Policy{}, leave.Type{}, err
	}
	book, err := t.Leave.Rules(r.Context())
	if err != nil {
		return nil, leave.Policy{}, leave.Type{}, err
	}
	p, err := policyOf(r, book, f.Text("type"))
	kind, _ := book.Type(p.Type)
	return f, p, kind, err
}

// showPolicy handles GET /manage/policies/{policy} and GET
// /manage/packages/{id}/policies/new. What the query says is tried and not saved.
func showPolicy(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, p, kind, err := askedPolicy(r, t)
	if err != nil {
		return err
	}
	if r.Form.Has("amount") {
		p = readPolicy(f, p, kind.Unit)
	} else if f, err = filledPolicy(r, t, p, kind); err != nil {
		return err
	}
	return renderPolicy(w, r, t, f, p, "")
}

// filledPolicy returns the form of a policy, with an example to begin with.
func filledPolicy(r *http.Request, t *tenant.Tenant, p leave.Policy, kind leave.Type) (*page.Form, error) {
	f := page.BlankForm(r)
	today, err := t.Leave.Today(r.Context(), page.VisitOf(r).Person)
	if err != nil {
		return nil, err
	}
	most, err := view.UsualOf(r.Context(), t)
	if err != nil {
		return nil, err
	}
	fillPolicy(f, p, kind.Unit)
	f.Values.Set("pattern", most.Pattern)
	f.Values.Set("joins", p.Terms.YearStart.YearOf(today).From.AddMonths(6).String())
	return f, nil
}

// savePolicy handles POST to the addresses of showPolicy.
func savePolicy(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, p, kind, err := askedPolicy(r, t)
	if err != nil {
		return err
	}
	if field, asked := editRows(f, kind.Unit); asked {
		shown, tried := triedPolicy(f, p, kind.Unit)
		if f.Text(rowButton) == tryButton { // who asks for a result hears why there is none
			f.Wrong, f.Code = tried.Wrong, tried.Code
		}
		return renderPolicy(w, r, t, f, shown, field)
	}
	p = readPolicy(f, p, kind.Unit)
	return view.Change(w, r, t, f, leave.SavingPolicy(p), view.Asker{
		Done:  func(string) error { return page.Done(w, r, "/manage/packages", "policy-saved") },
		Again: func() error { return renderPolicy(w, r, t, f, p, "") },
	})
}

// triedPolicy returns p with what a form says that goes on being filled in, or without
// terms where that cannot be read yet; tried says why. The form keeps its empty lines and is not
// held to what is missing.
func triedPolicy(f *page.Form, p leave.Policy, u leave.Unit) (shown leave.Policy, tried *page.Form) {
	tried = &page.Form{Values: url.Values{}, Lang: f.Lang}
	for name, values := range f.Values {
		tried.Values[name] = slices.Clone(values)
	}
	read := readPolicy(tried, p, u)
	if !tried.Fine() {
		return leave.Policy{ID: p.ID, Package: p.Package, Type: p.Type, Law: p.Law}, tried
	}
	return read, tried
}

// deletePolicy handles POST /manage/policies/{policy}/delete.
func deletePolicy(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	return view.Change(w, r, t, f, leave.DeletingPolicy(r.PathValue("policy")), view.Asker{
		Done: func(string) error { return page.Done(w, r, "/manage/packages", "policy-deleted") },
		Back: "/manage/policies/" + r.PathValue("policy"),
	})
}

// previewPolicy handles GET /manage/policies/example: the example alone.
func previewPolicy(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	book, err := t.Leave.Rules(r.Context())
	if err != nil {
		return err
	}
	kind, known := book.Type(f.Text("type"))
	if !known {
		return page.ErrNothing
	}
	p := readPolicy(f, leave.Policy{Type: kind.ID}, kind.Unit)
	x, err := exampleOf(r.Context(), page.VisitOf(r), t, f, p)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, exampleView(f.Lang, x))
}

// renderPolicy shows the form of a policy; focus names the field to go on with, if
// not the first.
func renderPolicy(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form, policy leave.Policy, focus string) error {
	v, ctx := page.VisitOf(r), r.Context()
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return err
	}
	p := policyPage{Form: f, ID: policy.ID, Package: leave.Package{ID: policy.Package, Name: view.PackageName(book, policy.Package)},
		Law: policyLawOf(f.Lang, policy.Law), Types: book.Types}
	p.Type, _ = book.Type(policy.Type)
	p.Focus, p.Pots = focus, p.potViews(&policy, book.Types, focus)
	if p.Patterns, _, err = view.ContractOptions(ctx, v, t); err != nil {
		return err
	}
	if len(p.Patterns) > 0 && f.Text("pattern") == "" {
		f.Values.Set("pattern", p.Patterns[0].Value)
	}
	if f.Fine() && policy.Terms.Accrual != "" {
		if p.Example, err = exampleOf(ctx, v, t, f, policy); err != nil {
			return err
		}
	}
	title := "admin.policy.add"
	if p.ID != "" {
		title = "admin.policy.edit"
	}
	p.Frame = page.ManageFrame(w, r, v.Lang.T(title), p.path())
	p.Frame.Scripts = []string{"preview.js"}
	return page.Render(w, r, f.Status(), policyView(p))
}

// exampleOf works out what a policy gives the one whom the form describes. What is
// wrong with either is part of the example, not of the form.
func exampleOf(ctx context.Context, v *page.Visit, t *tenant.Tenant, f *page.Form, p leave.Policy) (policyExample, error) {
	if !f.Fine() {
		return policyExample{Problem: f.Wrong[0].Text}, nil
	}
	tried := &page.Form{Values: f.Values, Lang: f.Lang}
	who := leave.Case{Born: tried.DateOr("born", 0), Joins: tried.DateOr("joins", 0), Leaves: tried.DateOr("leaves", 0), At: tried.DateOr("at", 0),
		Pattern: tried.Text("pattern"), Away: tried.Text("away"), From: tried.DateOr("away_from", 0), To: tried.DateOr("away_to", 0)}
	if !tried.Fine() {
		return policyExample{Problem: tried.Wrong[0].Text}, nil
	}
	s, err := t.Leave.Example(ctx, v.Person, p, who)
	if err != nil {
		if !tried.Mend(err) {
			return policyExample{}, err
		}
		return policyExample{Problem: tried.Wrong[0].Text}, nil
	}
	patterns, err := t.People.Patterns(ctx, v.Person)
	if err != nil {
		return policyExample{}, err
	}
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return policyExample{}, err
	}
	return exampleIn(v.Lang, &s, who, patterns, book.Types), nil
}

// exampleIn puts an example into words.
func exampleIn(l *lang.Locale, s *leave.Statement, who leave.Case, patterns []people.Pattern, types []leave.Type) policyExample {
	x := policyExample{Said: l.T("admin.example.joins", "date", who.Joins, "pattern", view.PatternName(patterns, who.Pattern)),
		By: l.T("admin.example.by", "date", s.At)}
	if !who.Leaves.IsZero() {
		x.Said = l.T("admin.example.leaves", "date", who.Joins, "pattern", view.PatternName(patterns, who.Pattern), "last", who.Leaves)
	}
	x.Also = aboutCase(l, &who, types)
	x.Number, x.Unit = view.NumberAndUnit(l, s.Balance, s.Unit)
	for i := range s.Lines {
		if len(x.Lines) == exampleLines {
			x.More = len(s.Lines) - i
			break
		}
		x.Lines = append(x.Lines, view.LineItem(l, s, &s.Lines[i]))
	}
	if len(s.Lines) == 1 {
		x.Formula = explain.Formula(l, s.Lines[0].Formula, s.Unit)
		x.Lines[0].Reasons = slices.DeleteFunc(x.Lines[0].Reasons, func(reason string) bool { return reason == x.Formula })
	}
	return x
}

// aboutCase says when the one on whom a policy is tried was born and what they were away
// for; empty where neither is known.
func aboutCase(l *lang.Locale, who *leave.Case, types []leave.Type) string {
	var out []string
	if !who.Born.IsZero() {
		out = append(out, l.T("admin.example.born", "date", who.Born))
	}
	if who.Away != "" {
		what := l.T("admin.away.sick")
		if who.Away != leave.Ill {
			what = typeNames(types)(who.Away)
		}
		out = append(out, l.T("admin.example.away", "what", what, "range", l.Range(who.From, who.To)))
	}
	return sentence(strings.Join(out, "; "))
}

// monthOptions are the months of the year to choose from, after none where there
// is such a choice.
func monthOptions(l *lang.Locale, none string) []template.Option {
	var out []template.Option
	if none != "" {
		out = append(out, template.Option{Text: none})
	}
	for m := time.January; m <= time.December; m++ {
		out = append(out, template.Option{Value: strconv.Itoa(int(m)), Text: l.MonthName(m)})
	}
	return out
}

// away says what the one on whom a policy is tried was away for.
func (p *policyPage) away() template.Choice {
	options := []template.Option{{Text: p.Form.Lang.T("admin.away.none")}, {Value: leave.Ill, Text: p.Form.Lang.T("admin.away.sick")}}
	for _, t := range p.Types {
		if !t.Retired {
			options = append(options, template.Option{Value: t.ID, Text: t.Name})
		}
	}
	return p.Form.Optionally("away", options)
}

// sentence begins with a capital.
func sentence(s string) string {
	if s == "" {
		return s
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// more is what follows the first phrase of a pot.
func more(said []string) string {
	if len(said) == 0 {
		return "."
	}
	return "; " + strings.Join(said, "; ") + "."
}
