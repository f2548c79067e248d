// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"cmp"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"verlof/errs"
	"verlof/identity"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// signInPage is what the customer demands of those who sign in, and who has what.
type signInPage struct {
	Frame     template.Page
	Form      *page.Form
	All       bool // the visitor keeps people and rules too
	Lines     []signInLine
	Find      string
	Who       string // see shownTo
	Pages     template.Pages
	Protected int
	People    int
	Without   int // of whom more is demanded than they have
	History   []view.HistoryLine
	Only      bool // a provider of the customer's own is on, so that it may be the only way in
}

// signInLine is how somebody signs in.
type signInLine struct {
	ID         string
	Name, Mail string
	Badges     []view.Badge
	Feeds      string // how many calendar feeds; empty: none
	Has        bool
	Own        bool
}

// showSignIn handles GET /manage/sign-in.
func showSignIn(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	p, err := t.Identity.Policy(r.Context())
	if err != nil {
		return err
	}
	f := page.BlankForm(r)
	fillInPolicy(f, p)
	return renderSignIn(w, r, t, f)
}

// fillInPolicy puts what is demanded into a form.
func fillInPolicy(f *page.Form, p identity.Policy) {
	f.Values.Set("remember", strconv.Itoa(p.Remember))
	f.Values.Set("feeds", string(cmp.Or(p.Feeds, identity.FeedsByDemand)))
	f.Values["demand"], f.Values["passkey"] = p.Second.Names(), p.Passkey.Names()
	if p.Only {
		f.Values.Set("only", "yes")
	}
}

// saveSignIn handles POST /manage/sign-in.
func saveSignIn(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	days, err := strconv.Atoi(f.Text("remember"))
	if err != nil {
		f.Refuse(errs.New(errs.Invalid, "identity.error.remember", "max", identity.MaxRemember).At("remember"))
	}
	saved, err := f.Attempt(func() error {
		return t.Identity.ChangePolicy(r.Context(), page.VisitOf(r).Proof, identity.Policy{Second: identity.ParseThose(f.Values["demand"]),
			Passkey: identity.ParseThose(f.Values["passkey"]), Remember: days, Only: f.Has("only", "yes"), Feeds: identity.FeedRule(f.Text("feeds"))})
	})
	if saved {
		return page.Done(w, r, page.SignInPolicyPath, "sign-in-saved")
	}
	if err != nil {
		return err
	}
	return renderSignIn(w, r, t, f)
}

// resetFactors handles POST /manage/sign-in/{id}/reset.
func resetFactors(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if err := t.Identity.ResetFactors(r.Context(), page.VisitOf(r).Proof, people.ID(r.PathValue("id"))); err != nil {
		return err
	}
	return page.Done(w, r, page.SignInPolicyPath, "factors-reset")
}

func renderSignIn(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	all, err := t.Identity.Standings(r.Context(), v.Person)
	if err != nil {
		return err
	}
	p := signInPage{Form: f, All: v.Viewer.Has(people.SeeSetup), Find: r.URL.Query().Get("find"), Who: r.URL.Query().Get("who")}
	feeds, err := feedCounts(r, t)
	if err != nil {
		return err
	}
	for _, s := range all {
		p.count(s)
		n := feeds[s.Person.ID]
		if s.State != "" && shownTo(p.Who, s, n) && view.Matches(s.Person, p.Find) {
			p.Lines = append(p.Lines, signInLineOf(v, s, n))
		}
	}
	doors, _, err := t.SSO.Doors(r.Context())
	if err != nil {
		return err
	}
	p.Only = len(doors) > 0
	told, err := t.Identity.History(r.Context(), v.Person, "")
	if err != nil {
		return err
	}
	p.History = view.KeptHistoryLines(v, told)
	p.Lines, p.Pages = page.Paginate(p.Lines, r.URL.Query().Get("page"), func(number string) string {
		return page.WithQuery(page.SignInPolicyPath, "find", p.Find, "who", p.Who, "page", number)
	})
	p.Frame = page.ManageFrame(w, r, f.Lang.T("admin.second"), page.SignInPolicyPath)
	return page.Render(w, r, f.Status(), signInView(p))
}

// count takes somebody who signs in into the figures.
func (p *signInPage) count(s identity.Standing) {
	if s.State == "" {
		return
	}
	p.People++
	if s.Protected() {
		p.Protected++
	}
	if s.Lacks() {
		p.Without++
	}
}

// feedCounts returns how many calendar feeds each person has.
func feedCounts(r *http.Request, t *tenant.Tenant) (map[people.ID]int, error) {
	all, err := t.Programs.AllFeeds(r.Context(), page.VisitOf(r).Person)
	counts := map[people.ID]int{}
	for i := range all {
		counts[all[i].Person]++
	}
	return counts, err
}

// shownTo reports whether somebody is among those who are looked for: "without" a second factor,
// "lacking" what is demanded of them, or with calendar "feeds".
func shownTo(who string, s identity.Standing, feeds int) bool {
	switch who {
	case "without":
		return !s.Protected()
	case "lacking":
		return s.Lacks()
	case "feeds":
		return feeds > 0
	}
	return true
}

func signInLineOf(v *page.Visit, s identity.Standing, feeds int) signInLine {
	l := v.Lang
	x := signInLine{ID: string(s.Person.ID), Name: s.Person.Name(), Mail: s.Person.Email, Has: s.Protected(), Own: s.Person.ID == v.Person}
	if s.State != identity.Open {
		x.Badges = append(x.Badges, view.Badge{Text: l.T("admin.second.state." + string(s.State))})
	}
	if s.App {
		x.Badges = append(x.Badges, view.Badge{Tone: template.Good, Text: l.T("factor.app")})
	}
	if s.Passkeys > 0 {
		x.Badges = append(x.Badges, view.Badge{Tone: template.Good, Text: l.T("factor.count.passkeys", "count", s.Passkeys)})
	}
	switch {
	case s.Lacks() && s.Demanded == identity.WithKey:
		x.Badges = append(x.Badges, view.Badge{Tone: template.Warn, Text: l.T("admin.second.at_next.passkey")})
	case s.Lacks():
		x.Badges = append(x.Badges, view.Badge{Tone: template.Warn, Text: l.T("admin.second.at_next")})
	}
	if feeds > 0 {
		x.Feeds = l.T("admin.second.feeds.count", "count", feeds)
	}
	return x
}

// demands are the ticks for those of whom a second factor, or a passkey, is demanded.
func (p *signInPage) demands(field string) (all []template.Tick) {
	for _, name := range identity.Demandable() {
		t := p.Form.Tick(field, name, p.Frame.L.T("admin.second.demand."+name))
		t.Error = ""
		all = append(all, t)
	}
	return all
}

// remember is the field for the days that a browser may be trusted.
func (p *signInPage) remember() template.Input {
	i := p.Form.Need("remember")
	i.Type, i.Short, i.Hint = "number", true, p.Frame.L.T("admin.field.remember.hint")
	i.Attrs = templ.Attributes{"min": "0", "max": strconv.Itoa(identity.MaxRemember)}
	return i
}

// only is the tick for having providers as the only way in.
func (p *signInPage) only() template.Tick {
	t := p.Form.Tick("only", "yes", p.Frame.L.T("admin.second.only"))
	t.Hint = p.Frame.L.T("admin.second.only.hint")
	return t
}

// feeds is the choice of who may have calendar feeds.
func (p *signInPage) feeds() template.Choice {
	var options []template.Option
	for _, rule := range identity.FeedRules() {
		options = append(options, template.Option{Value: string(rule), Text: p.Frame.L.T("admin.second.feeds." + string(rule))})
	}
	c := p.Form.Choice("feeds", options)
	c.Hint = p.Frame.L.T("admin.second.feeds.hint")
	return c
}
