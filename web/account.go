// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"

	"verlof/errs"
	"verlof/identity"
	"verlof/tenant"
	"verlof/web/template"
)

// accountPage is where somebody keeps their password and sees where they are
// signed in.
type accountPage struct {
	Frame    template.Page
	Form     *form // of the password
	Email    string
	Sessions []sessionLine
	Covers   coverCards
	Decides  bool
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
	return renderAccount(w, r, t, blankForm(r))
}

func renderAccount(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *form) error {
	v := visitOf(r)
	sessions, err := t.Identity.Sessions(r.Context(), v.person)
	if err != nil {
		return err
	}
	p := accountPage{Frame: frame(w, r, v.lang.T("web.account.title")), Form: f, Email: v.viewer.Email}
	p.Frame.Path, p.Decides = "/account", v.decides()
	if p.Covers, err = coversOf(r.Context(), v, t, v.person); err != nil {
		return err
	}
	p.Covers.Manage = "/stand-ins"
	for _, s := range sessions {
		p.Sessions = append(p.Sessions, sessionLineOf(v, s))
	}
	return render(w, r, f.status(), accountView(p))
}

func sessionLineOf(v *visit, s identity.Session) sessionLine {
	l := sessionLine{
		ID: s.ID, Browser: browserName(s.Agent), From: s.From.String(),
		Seen: v.lang.DateTime(s.Seen.UnixMicro(), v.zone), Here: s.ID == v.session,
	}
	if l.Browser == "" {
		l.Browser = v.lang.T("web.account.browser")
	}
	return l
}

// changePassword handles POST /account/password.
func changePassword(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if f.secret("current") == "" {
		f.refuse(errs.New(errs.Invalid, "web.error.current_missing").At("current"))
		return renderAccount(w, r, t, f)
	}
	e, err := t.Identity.ChangePassword(r.Context(), identity.Change{
		Person: visitOf(r).person, Current: f.secret("current"), New: f.secret("password"), Visitor: visitor(r, t),
	})
	if err == nil {
		t.Identity.Keep(w, e)
		return done(w, r, "/account", "password-changed")
	}
	if !f.refuse(err) {
		return err
	}
	retryAfter(w, err)
	return renderAccount(w, r, t, f)
}

// endSession handles POST /account/sessions/{id}/end.
func endSession(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if err := t.Identity.Revoke(r.Context(), visitOf(r).person, r.PathValue("id")); err != nil {
		return err
	}
	return done(w, r, "/account", "session-ended")
}

// endOtherSessions handles POST /account/sessions/end-others.
func endOtherSessions(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := visitOf(r)
	if err := t.Identity.RevokeAll(r.Context(), v.person, v.session); err != nil {
		return err
	}
	return done(w, r, "/account", "sessions-ended")
}
