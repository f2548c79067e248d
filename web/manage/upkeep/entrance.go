// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"net/http"
	"net/url"

	"verlof/errs"
	"verlof/identity"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// entrancePage is how one person signs in: with what, where they are signed in, and what acts
// in their name.
type entrancePage struct {
	Frame    template.Page
	Form     *page.Form
	All      bool // the visitor sees how all is set up too
	Line     signInLine
	Sessions []openSession
	Agreed   []view.AgreementLine
	Feeds    []feedLine
	History  []view.HistoryLine
}

// feedLine is a calendar feed of somebody's.
type feedLine struct{ ID, Name, Used string }

// openSession is a browser in which somebody is signed in.
type openSession struct{ Browser, Seen string }

func entrancePath(id people.ID) string {
	return page.SignInPolicyPath + "/" + url.PathEscape(string(id))
}

// showEntrance handles GET /manage/sign-in/{id}.
func showEntrance(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderEntrance(w, r, t, page.BlankForm(r))
}

func renderEntrance(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v, ctx, who := page.VisitOf(r), r.Context(), people.ID(r.PathValue("id"))
	all, err := t.Identity.Standings(ctx, v.Person)
	if err != nil {
		return err
	}
	p := entrancePage{Form: f, All: v.Viewer.Has(people.SeeSetup)}
	for _, s := range all {
		if s.Person.ID == who {
			p.Line = signInLineOf(v, s, 0)
		}
	}
	if p.Line.ID == "" {
		return errs.New(errs.NotFound, "people.error.no_person")
	}
	sessions, err := t.Identity.Sessions(ctx, who)
	if err != nil {
		return err
	}
	for _, s := range sessions {
		x := openSession{Browser: page.BrowserName(s.Agent), Seen: v.Lang.T("web.account.seen", "from", s.From.String(), "time", v.Lang.DateTime(s.Seen.UnixMicro(), v.Zone))}
		if x.Browser == "" {
			x.Browser = v.Lang.T("web.account.browser")
		}
		p.Sessions = append(p.Sessions, x)
	}
	agreed, err := t.OpenID.Agreements(ctx, v.Person, who)
	if err != nil {
		return err
	}
	if err := p.addFeeds(r, t, who); err != nil {
		return err
	}
	told, err := t.Identity.History(ctx, v.Person, who)
	if err != nil {
		return err
	}
	p.History = view.KeptHistoryLines(v, told)
	p.Agreed = view.AgreementLines(v, agreed, func(client string) string { return entrancePath(who) + "/applications/" + client + "/end" })
	p.Frame = page.ManageFrame(w, r, p.Line.Name, entrancePath(who))
	return page.Render(w, r, f.Status(), entranceView(p))
}

// addFeeds adds the calendar feeds of a person: what is in them, never their address.
func (p *entrancePage) addFeeds(r *http.Request, t *tenant.Tenant, who people.ID) error {
	v := page.VisitOf(r)
	all, err := t.Programs.AllFeeds(r.Context(), v.Person)
	if err != nil {
		return err
	}
	for i := range all {
		if f := &all[i]; f.Person == who {
			p.Feeds = append(p.Feeds, feedLine{ID: f.ID, Name: view.FeedName(v.Lang, f.FeedWish, v.Org.Teams), Used: view.FeedUse(v, f)})
		}
	}
	return nil
}

// endFeedOf handles POST /manage/sign-in/{id}/feeds/{feed}/revoke.
func endFeedOf(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	who := people.ID(r.PathValue("id"))
	if err := t.Programs.RevokeFeed(r.Context(), page.VisitOf(r).Person, who, r.PathValue("feed")); err != nil {
		return err
	}
	return page.Done(w, r, entrancePath(who), "feed-revoked")
}

// endSessionsOf handles POST /manage/sign-in/{id}/sessions.
func endSessionsOf(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	who := people.ID(r.PathValue("id"))
	return endSessions(w, r, t, entrancePath(who), func(by identity.Session, reason string, applications bool) error {
		return t.Identity.EndSessions(r.Context(), by, who, reason, applications)
	}, renderEntrance)
}

// endAllSessions handles POST /manage/sign-in/sessions.
func endAllSessions(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return endSessions(w, r, t, page.SignInPolicyPath, func(by identity.Session, reason string, applications bool) error {
		return t.Identity.EndAllSessions(r.Context(), by, reason, applications)
	}, func(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
		policy, err := t.Identity.Policy(r.Context())
		if err != nil {
			return err
		}
		fillInPolicy(f, policy)
		return renderSignIn(w, r, t, f)
	})
}

func endSessions(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, back string, end func(identity.Session, string, bool) error,
	again func(http.ResponseWriter, *http.Request, *tenant.Tenant, *page.Form) error) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	ended, err := f.Attempt(func() error { return end(page.VisitOf(r).Proof, f.Text("reason"), f.Has("applications", "yes")) })
	switch {
	case err != nil:
		return err
	case ended:
		return page.Done(w, r, back, "sessions-ended-of")
	}
	return again(w, r, t, f)
}

// endAgreementOf handles POST /manage/sign-in/{id}/applications/{app}/end.
func endAgreementOf(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	who := people.ID(r.PathValue("id"))
	if err := t.OpenID.EndAgreement(r.Context(), page.VisitOf(r).Person, who, r.PathValue("app")); err != nil {
		return err
	}
	return page.Done(w, r, entrancePath(who), "agreement-ended")
}
