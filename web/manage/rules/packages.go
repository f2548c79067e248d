// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"net/http"
	"slices"
	"strings"

	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// packagesPage lists the packages with their policies.
type packagesPage struct {
	Frame    template.Page
	Packages []packageCard
}

// packageCard is one package.
type packageCard struct {
	leave.Package
	People   int
	Policies []policyLine
	Missing  []leave.Type // entitled types that the package does not grant
}

// policyLine is one policy of a package in a few words.
type policyLine struct {
	ID                        string
	Type                      leave.Type
	From                      string
	Amount, Granted, Leftover string
	Steps                     []string // what service, age and further pots add
	Law                       string   // which law it follows, and how closely; empty for a policy made by hand
	Newer                     bool     // that law has changed since
}

// showPackages handles GET /manage/packages.
func showPackages(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	l := page.VisitOf(r).Lang
	book, err := t.Leave.Rules(r.Context())
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	p := packagesPage{Frame: page.ManageFrame(w, r, l.T("admin.packages"), "/manage/packages")}
	for _, one := range book.Packages {
		p.Packages = append(p.Packages, packageCardOf(l, book, org, one))
	}
	return page.Render(w, r, http.StatusOK, packagesView(p))
}

func packageCardOf(l *lang.Locale, book *leave.Rulebook, org *people.Organisation, one leave.Package) packageCard {
	card := packageCard{Package: one, People: peopleOn(org, one.ID)}
	for _, t := range book.Types {
		found := false
		for _, p := range book.Policies {
			if p.Package == one.ID && p.Type == t.ID {
				line := policyLineOf(l, t, p)
				line.Steps = append(line.Steps, furtherSteps(l, t, &p.Terms)...)
				line.Leftover = leftovers(l, t, &p.Terms)
				card.Policies = append(card.Policies, line)
				found = true
			}
		}
		if !found && t.Entitled && !t.Retired {
			card.Missing = append(card.Missing, t)
		}
	}
	return card
}

// peopleOn counts who has a contract line with a package.
func peopleOn(org *people.Organisation, pkg string) int {
	n := 0
	for _, r := range org.Records {
		if slices.ContainsFunc(r.Contracts, func(c people.Contract) bool { return c.Package == pkg }) {
			n++
		}
	}
	return n
}

func policyLineOf(l *lang.Locale, t leave.Type, p leave.Policy) policyLine {
	rhythm, moment := p.Terms.Accrual.Split()
	due := explain.Entitlement(l, &p.Terms, t.Unit)
	x := policyLine{ID: p.ID, Type: t, From: l.T("admin.policy.ever"), Amount: due[0], Steps: due[1:],
		Granted: l.T("admin.policy.granted", "rhythm", l.T("admin.accrual."+string(rhythm)), "moment", l.T("admin.moment."+string(moment)))}
	x.Leftover = leftover(l, t.Unit, p.Terms.CarryOver)
	switch {
	case !p.Terms.Event.IsZero():
		x.Granted, x.Leftover = l.T("admin.policy.on_event"), l.T("admin.policy.carry.none")
	case p.Terms.Amount.IsZero() && !p.Terms.Overtime.IsZero():
		x.Granted = l.T("admin.policy.on_overtime")
	}
	if !p.From.IsZero() {
		x.From = l.Date(p.From)
	}
	if state := pinned(&p); state != pinNone {
		x.Law, x.Newer = p.Law.Law+": "+l.T("admin.law.pin."+string(state)), state == pinNewer
	}
	return x
}

// furtherSteps says what the further pots of some terms give.
func furtherSteps(l *lang.Locale, t leave.Type, terms *leave.Terms) []string {
	var out []string
	for _, pot := range terms.Pots()[1:] {
		due := explain.Entitlement(l, &pot, t.Unit)
		out = append(out, l.T("admin.policy.and", "due", strings.Join(due, "; ")))
	}
	return out
}

// leftovers says what becomes of what is left of each pot, once where it is the same of all.
func leftovers(l *lang.Locale, t leave.Type, terms *leave.Terms) string {
	var out []string
	for _, pot := range terms.Pots() {
		if text := policyLineOf(l, t, leave.Policy{Terms: pot}).Leftover; !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return strings.Join(out, " · ")
}

// leftover says what happens to what is left at the end of a leave year.
func leftover(l *lang.Locale, u leave.Unit, c leave.CarryOver) string {
	switch {
	case c.All && !c.Valid.IsZero():
		return l.T("terms.carry.valid", "text", l.T("admin.policy.carry.all"), "term", explain.Term(l, c.Valid))
	case c.All && c.Expires.IsZero():
		return l.T("admin.policy.carry.all")
	case c.All:
		return l.T("admin.policy.carry.all_until", "day", dayOfYear(l, c.Expires))
	case c.Max.IsZero():
		return l.T("admin.policy.carry.none")
	case c.Expires.IsZero():
		return l.T("admin.policy.carry.max", "amount", explain.Plain(l, c.Max, u))
	}
	return l.T("admin.policy.carry.max_until", "amount", explain.Plain(l, c.Max, u), "day", dayOfYear(l, c.Expires))
}

// dayOfYear writes the last day before one of every year on which something is gone:
// "30 Jun".
func dayOfYear(l *lang.Locale, m leave.MonthDay) string {
	return l.DateShort(m.In(2023).AddDays(-1))
}

// packagePage is where a package is added or renamed.
type packagePage struct {
	Frame template.Page
	Form  *page.Form
	ID    string // empty for a new one
}

func (p *packagePage) path() string {
	if p.ID == "" {
		return "/manage/packages/new"
	}
	return "/manage/packages/" + p.ID
}

// showPackage handles GET /manage/packages/new and GET /manage/packages/{id}.
func showPackage(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f := page.BlankForm(r)
	if id := r.PathValue("id"); id != "" {
		book, err := t.Leave.Rules(r.Context())
		if err != nil {
			return err
		}
		name := view.PackageName(book, id)
		if name == "" {
			return page.ErrNothing
		}
		f.Values.Set("name", name)
	}
	return renderPackage(w, r, f)
}

// savePackage handles POST to the same addresses.
func savePackage(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	saved, err := f.Attempt(func() error {
		_, err := t.Leave.SavePackage(r.Context(), page.VisitOf(r).Person, leave.Package{ID: r.PathValue("id"), Name: f.Text("name")})
		return err
	})
	if saved {
		return page.Done(w, r, "/manage/packages", "package-saved")
	}
	if err != nil {
		return err
	}
	return renderPackage(w, r, f)
}

func renderPackage(w http.ResponseWriter, r *http.Request, f *page.Form) error {
	p := packagePage{Form: f, ID: r.PathValue("id")}
	title := f.Lang.T("admin.package.add")
	if p.ID != "" {
		title = f.Lang.T("admin.package.edit")
	}
	p.Frame = page.ManageFrame(w, r, title, p.path())
	return page.Render(w, r, f.Status(), packageView(p))
}
