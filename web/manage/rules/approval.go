// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// approvalPage lists the rules of who decides.
type approvalPage struct {
	Frame template.Page
	Lines []ruleLine
}

// ruleLine is one rule of the list.
type ruleLine struct {
	ID, Name, Scope string
	Steps           []string
}

// rulesOf returns what pages about who decides start from.
func rulesOf(ctx context.Context, v *page.Visit, t *tenant.Tenant) (*leave.Procedure, *leave.Rulebook, *people.Organisation, error) {
	how, err := t.Leave.Procedure(ctx, v.Person)
	if err != nil {
		return nil, nil, nil, err
	}
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	org, err := t.People.Organisation(ctx)
	return how, book, org, err
}

// showApproval handles GET /manage/approval.
func showApproval(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	l := page.VisitOf(r).Lang
	how, book, org, err := rulesOf(r.Context(), page.VisitOf(r), t)
	if err != nil {
		return err
	}
	p := approvalPage{Frame: page.ManageFrame(w, r, l.T("admin.approval"), "/manage/approval")}
	for i := range how.Rules {
		x := &how.Rules[i]
		line := ruleLine{ID: x.ID, Name: x.Name, Scope: strings.Join(view.ScopeOf(l, org, book, x), " · ")}
		for _, s := range x.Steps {
			line.Steps = append(line.Steps, stepText(l, org, s))
		}
		p.Lines = append(p.Lines, line)
	}
	return page.Render(w, r, http.StatusOK, approvalView(p))
}

func stepText(l *lang.Locale, org *people.Organisation, s leave.Step) string {
	text := view.WhoOf(l, org, s)
	if s.Within > 0 {
		text += " " + l.T("admin.approval.within", "count", s.Within)
	}
	return text
}

// rulePage is where a rule is added or changed.
type rulePage struct {
	Frame  template.Page
	Form   *page.Form
	ID     string // empty for a new one
	Types  []template.Option
	Teams  []template.Option
	People []template.Option
}

// stepsOffered is how many steps a rule may have on the page: as many as leave allows.
// stepsAtFirst is how many the page begins with, since most rules have no more.
const (
	stepsOffered = 5
	stepsAtFirst = 2
)

func (p *rulePage) path() string {
	if p.ID == "" {
		return "/manage/approval/new"
	}
	return "/manage/approval/" + p.ID
}

// showRule handles GET /manage/approval/new and GET /manage/approval/{id}.
func showRule(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f := page.BlankForm(r, "step1", string(leave.AnyManager))
	if id := r.PathValue("id"); id != "" {
		x, err := ruleOf(r, t, id)
		if err != nil {
			return err
		}
		fillRule(f, &x)
	}
	return renderRule(w, r, t, f)
}

// ruleOf returns the rule with an id, or errNothing.
func ruleOf(r *http.Request, t *tenant.Tenant, id string) (leave.ApprovalRule, error) {
	how, err := t.Leave.Procedure(r.Context(), page.VisitOf(r).Person)
	if err != nil {
		return leave.ApprovalRule{}, err
	}
	return the(how.Rules, func(x leave.ApprovalRule) bool { return x.ID == id })
}

// the returns the one of a list that is meant, or errNothing.
func the[T any](list []T, is func(T) bool) (one T, err error) {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], nil
	}
	return one, page.ErrNothing
}

func fillRule(f *page.Form, x *leave.ApprovalRule) {
	f.Values.Set("name", x.Name)
	f.Values["types"] = x.Types
	f.Values.Set("team", x.Team)
	f.Values.Set("person", string(x.Person))
	f.Values.Set("over", blankZero(x.Over))
	for i, s := range x.Steps {
		n := "step" + strconv.Itoa(i+1)
		f.Values.Set(n, string(s.Who))
		f.Values.Set(n+"-person", string(s.Person))
		f.Values.Set(n+"-within", blankZero(s.Within))
	}
}

func blankZero(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// saveRule handles POST to the same addresses.
func saveRule(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if f.Text("do") == "step" {
		f.Values.Set("steps", strconv.Itoa(stepsShown(f)+1))
		return renderRule(w, r, t, f)
	}
	x := readRule(f, r.PathValue("id"))
	saved, err := f.Attempt(func() error {
		_, err := t.Leave.SaveApprovalRule(r.Context(), page.VisitOf(r).Person, x)
		return err
	})
	if saved {
		return page.Done(w, r, "/manage/approval", "rule-saved")
	}
	if err != nil {
		return err
	}
	return renderRule(w, r, t, f)
}

// stepsShown is how many steps the page shows: as many as it did, and all that are filled in.
func stepsShown(f *page.Form) int {
	n, _ := strconv.Atoi(f.Text("steps"))
	n = min(max(n, stepsAtFirst), stepsOffered)
	for i := n; i < stepsOffered; i++ {
		if f.Text("step"+strconv.Itoa(i+1)) != "" {
			n = i + 1
		}
	}
	return n
}

// readRule returns the rule that the form describes; steps that say nothing are left
// out.
func readRule(f *page.Form, id string) leave.ApprovalRule {
	x := leave.ApprovalRule{ID: id, Name: f.Text("name"), Types: f.Values["types"], Team: f.Text("team"),
		Person: people.ID(f.Text("person")), Over: f.Number("over")}
	for i := range stepsOffered {
		n := "step" + strconv.Itoa(i+1)
		s := leave.Step{Who: leave.Who(f.Text(n)), Within: f.Number(n + "-within")}
		if s.Who == leave.Named {
			s.Person = people.ID(f.Text(n + "-person"))
		}
		if s.Who != "" || i == 0 {
			x.Steps = append(x.Steps, s)
		}
	}
	return x
}

// deleteRule handles POST /manage/approval/{id}/delete.
func deleteRule(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if err := t.Leave.DeleteApprovalRule(r.Context(), page.VisitOf(r).Person, r.PathValue("id")); err != nil {
		return err
	}
	return page.Done(w, r, "/manage/approval", "rule-deleted")
}

func renderRule(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	l := page.VisitOf(r).Lang
	_, book, org, err := rulesOf(r.Context(), page.VisitOf(r), t)
	if err != nil {
		return err
	}
	p := rulePage{Form: f, ID: r.PathValue("id"), Types: typeChoices(f, book), Teams: teamChoices(l, org), People: personChoices(f, org)}
	title := l.T("admin.approval.add")
	if p.ID != "" {
		x, err := ruleOf(r, t, p.ID)
		if err != nil {
			return err
		}
		title = x.Name
	}
	p.Frame = page.ManageFrame(w, r, title, p.path())
	return page.Render(w, r, f.Status(), ruleView(p))
}

// typeChoices are the leave types that are offered, and those that the form has already:
// saving it must not take them away, since no type at all means every type.
func typeChoices(f *page.Form, book *leave.Rulebook) []template.Option {
	var out []template.Option
	for _, t := range book.Types {
		if !t.Retired || f.Has("types", t.ID) {
			out = append(out, template.Option{Value: t.ID, Text: t.Name, Colour: t.Colour})
		}
	}
	return out
}

func teamChoices(l *lang.Locale, org *people.Organisation) []template.Option {
	out := []template.Option{{Text: l.T("admin.approval.any_team")}}
	for _, t := range org.Teams {
		out = append(out, template.Option{Value: t.ID, Text: t.Name})
	}
	return out
}

// personChoices are the people that are offered, and whoever the form names already: saving
// it must not take them away, since nobody in particular means everybody.
func personChoices(f *page.Form, org *people.Organisation) []template.Option {
	named := map[people.ID]bool{people.ID(f.Text("person")): true}
	for i := range stepsOffered {
		named[people.ID(f.Text("step"+strconv.Itoa(i+1)+"-person"))] = true
	}
	out := []template.Option{{Text: f.Lang.T("admin.approval.anybody")}}
	for _, id := range org.Order {
		if p := org.Person(id); p.Active || named[id] {
			out = append(out, template.Option{Value: string(id), Text: p.Name()})
		}
	}
	return out
}

// deciders are those who may be asked at a step, and nobody.
func (p *rulePage) deciders(first bool) []template.Option {
	l := p.Frame.L
	var out []template.Option
	if !first {
		out = append(out, template.Option{Text: l.T("admin.approval.no_step")})
	}
	for _, w := range leave.Deciding {
		out = append(out, template.Option{Value: string(w), Text: l.T("approval.who." + string(w))})
	}
	return out
}
