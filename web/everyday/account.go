// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"net/http"

	"verlof/errs"
	"verlof/identity"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// accountPage is where somebody keeps their password and sees where they are
// signed in.
type accountPage struct {
	Frame    template.Page
	Form     *page.Form // of the password
	Email    string
	Sessions []sessionLine
	Sec      identity.Security
	Fresh    bool // the password may be changed at once
	Tokens   int  // of scripts
	Covers   coverCards
	Decides  bool
}

// doorway leads to a page of its own.
type doorway struct{ Title, Text, Href string }

// elsewhere are the pages on which somebody keeps what else is theirs.
func (p *accountPage) elsewhere() []doorway {
	l := p.Frame.L
	return []doorway{
		{l.T("web.digest.title"), l.T("web.digest.lead"), page.DigestPath},
		{l.T("web.feeds.title"), l.T("web.feeds.lead"), page.FeedsPath},
		{l.T("access.others"), l.T("access.lead"), "/account/access"},
		{l.T("agreed.title"), l.T("agreed.lead"), "/account/applications"},
		{l.T("web.tokens.title"), l.T("web.account.tokens.text"), "/account/tokens"},
	}
}

// sessionLine is one browser in which the person is signed in.
type sessionLine struct {
	ID      string
	Browser string
	From    string
	Seen    string
	Here    bool // the one that asks
}

// showAccount handles GET /account.
func showAccount(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderAccount(w, r, t, page.BlankForm(r))
}

func renderAccount(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	sessions, err := t.Identity.Sessions(r.Context(), v.Person)
	if err != nil {
		return err
	}
	p := accountPage{Frame: page.Frame(w, r, v.Lang.T("web.account.title")), Form: f, Email: v.Viewer.Email}
	p.Frame.Path, p.Decides = "/account", v.Decides()
	if p.Sec, err = t.Identity.Security(r.Context(), v.Person); err != nil {
		return err
	}
	stale := t.Identity.NeedProof(r.Context(), v.Proof)
	if stale != nil && !identity.Stale(stale) {
		return stale
	}
	p.Fresh = !p.Sec.Protected() && p.Sec.Demanded == identity.OneFactor || stale == nil
	tokens, err := t.Programs.Tokens(r.Context(), v.Person)
	if err != nil {
		return err
	}
	p.Tokens = len(tokens)
	if p.Covers, err = coversOf(r.Context(), v, t, v.Person); err != nil {
		return err
	}
	p.Covers.Manage = "/stand-ins"
	for _, s := range sessions {
		p.Sessions = append(p.Sessions, sessionLineOf(v, s))
	}
	return page.Render(w, r, f.Status(), accountView(p))
}

// accessPage says who may see or do what about the person who looks.
type accessPage struct {
	Frame  template.Page
	Others []view.AccessLine
}

// showAccess handles GET /account/access.
func showAccess(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	others, err := t.People.Accesses(r.Context(), v.Person, v.Person)
	if err != nil {
		return err
	}
	p := accessPage{Frame: page.Frame(w, r, v.Lang.T("access.others")), Others: view.AccessLines(v.Lang, others)}
	p.Frame.Path = "/account"
	return page.Render(w, r, http.StatusOK, accessView(p))
}

func sessionLineOf(v *page.Visit, s identity.Session) sessionLine {
	l := sessionLine{
		ID: s.ID, Browser: page.BrowserName(s.Agent), From: s.From.String(),
		Seen: v.Lang.DateTime(s.Seen.UnixMicro(), v.Zone), Here: s.ID == v.Session,
	}
	if l.Browser == "" {
		l.Browser = v.Lang.T("web.account.browser")
	}
	return l
}

// changePassword handles POST /account/password.
func changePassword(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if f.Secret("current") == "" {
		f.Refuse(errs.New(errs.Invalid, "web.error.current_missing").At("current"))
		return renderAccount(w, r, t, f)
	}
	e, err := t.Identity.ChangePassword(r.Context(), identity.Change{
		Person: page.VisitOf(r).Person, Current: f.Secret("current"), New: f.Secret("password"), Tokens: f.Has("tokens", "yes"), Visitor: page.Visitor(r, t),
	})
	if err == nil {
		t.Identity.Keep(w, e)
		return page.Done(w, r, "/account", "password-changed")
	}
	if !f.Refuse(err) {
		return err
	}
	page.RetryAfter(w, err)
	return renderAccount(w, r, t, f)
}

// endSession handles POST /account/sessions/{id}/end.
func endSession(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if err := t.Identity.Revoke(r.Context(), page.VisitOf(r).Person, r.PathValue("id")); err != nil {
		return err
	}
	return page.Done(w, r, "/account", "session-ended")
}

// endOtherSessions handles POST /account/sessions/end-others.
func endOtherSessions(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if err := t.Identity.RevokeAll(r.Context(), v.Person, v.Session, f.Has("applications", "yes")); err != nil {
		return err
	}
	return page.Done(w, r, "/account", "sessions-ended")
}
