// SPDX-License-Identifier: Apache-2.0

package door

import (
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"verlof/errs"
	"verlof/identity"
	"verlof/identity/sso"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// signInPage is where somebody proves who they are.
type signInPage struct {
	Frame template.Page
	Form  *page.Form
	Next  string // where they wanted to go
	Keys  bool   // passkeys work at this address

	Doors    []sso.Door // providers of the customer's own
	Only     bool       // there is no other way in for most people
	Password bool       // the fields for a password are shown
	Anew     string     // "yes": somebody is signed in, and is to prove again who they are
	Found    *sso.Door  // decides on the address that was typed; nil: nobody asked, or none does
}

// showSignIn handles GET /sign-in. Who is signed in already goes on, unless they are to
// prove it again.
func showSignIn(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	q := r.URL.Query()
	next := page.LocalPath(q.Get("next"))
	if page.VisitOf(r).SignedIn() && !q.Has("again") {
		return page.SeeOther(w, r, next)
	}
	return renderSignIn(w, r, t, page.BlankForm(r, "next", next, "email", q.Get("email")))
}

// signIn handles POST /sign-in.
func signIn(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if !f.Fine() || f.Secret("password") == "" {
		return renderSignIn(w, r, t, f)
	}
	e, err := t.Identity.SignIn(r.Context(), identity.Attempt{
		Email: f.Text("email"), Password: f.Secret("password"), Visitor: page.Visitor(r, t),
	})
	if err == nil {
		return goOn(w, r, t, e, page.LocalPath(f.Text("next")))
	}
	if !f.Refuse(err) && !f.RefuseAs(http.StatusUnauthorized, err) {
		return err
	}
	page.RetryAfter(w, err)
	return renderSignIn(w, r, t, f)
}

func renderSignIn(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	if err := page.FormsFollow(w, r, t, page.LocalPath(f.Text("next"))); err != nil {
		return err
	}
	p := signInPage{Frame: page.Frame(w, r, f.Lang.T("web.signin.title")), Form: f, Next: page.LocalPath(f.Text("next"))}
	if page.VisitOf(r).SignedIn() {
		p.Anew = "yes"
	}
	p.Frame.Path = "/sign-in?next=" + url.QueryEscape(p.Next)
	if err := p.findDoors(r, t); err != nil {
		return err
	}
	if p.Keys = p.Password && t.Identity.HasPasskeys(page.Visitor(r, t)); p.Keys {
		p.Frame.Scripts = []string{"passkey.js"}
	}
	return page.Render(w, r, f.Status(), signInView(p))
}

// findDoors finds out in which ways somebody can come in, and which is the one for the
// address that they typed.
func (p *signInPage) findDoors(r *http.Request, t *tenant.Tenant) (err error) {
	if p.Doors, p.Only, err = t.SSO.Doors(r.Context()); err != nil {
		return err
	}
	p.Password = !p.Only || r.URL.Query().Has("password") || r.Method == http.MethodPost
	if r.Method != http.MethodPost || p.Form.Secret("password") != "" {
		return nil
	}
	d, err := t.SSO.DoorOf(r.Context(), p.Form.Text("email"))
	switch {
	case err == nil:
		p.Found, p.Doors = &d, []sso.Door{d}
	case errs.Is(err, errs.NotFound):
		p.Form.RefuseAs(http.StatusUnauthorized, errs.New(errs.Unauthenticated, "sso.error.password_missing").At("password"))
		err = nil
	}
	return err
}

// decided reports whether some provider decides on mail addresses, so that an address alone
// may be enough to go on.
func (p *signInPage) decided() bool {
	return slices.ContainsFunc(p.Doors, func(d sso.Door) bool { return d.Domains })
}

// signOut handles POST /sign-out. Where the session goes with one at a provider of the
// customer's own, and the customer wants that, the browser goes on to there. A provider that
// does not answer keeps nobody signed in.
func signOut(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	to, away, err := t.SSO.Leave(r.Context(), v.Session)
	if err != nil {
		v.Log.LogAttrs(r.Context(), slog.LevelInfo, "nobody was signed out at a provider", slog.String("number", v.Number), slog.String("cause", err.Error()))
	}
	if err := page.EndSession(w, r, t); err != nil {
		return err
	}
	if !away {
		return page.Done(w, r, "/sign-in", "signed-out")
	}
	// Not a redirect: forms of ours end here (form-action), and this is the answer to one.
	w.Header().Set("Refresh", "0;url="+to.URL)
	v.Person, v.Session = "", ""
	return page.Render(w, r, http.StatusOK, awayView(page.Frame(w, r, v.Lang.T("sso.away")), to))
}

// forgotPage is where somebody asks for a link to choose a new password.
type forgotPage struct {
	Frame template.Page
	Form  *page.Form
	Sent  bool // the answer is the same whether the address is known or not
}

// showForgot handles GET /forgot.
func showForgot(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
	return renderForgot(w, r, forgotPage{Form: page.BlankForm(r)})
}

// forgot handles POST /forgot.
func forgot(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if f.Text("email") == "" {
		f.Refuse(errs.New(errs.Invalid, "web.error.email_missing").At("email"))
	}
	if !f.Fine() {
		return renderForgot(w, r, forgotPage{Form: f})
	}
	if err := t.Identity.RequestReset(r.Context(), f.Text("email"), page.Visitor(r, t)); err != nil {
		if !f.Refuse(err) {
			return err
		}
		page.RetryAfter(w, err)
		return renderForgot(w, r, forgotPage{Form: f})
	}
	return renderForgot(w, r, forgotPage{Form: f, Sent: true})
}

func renderForgot(w http.ResponseWriter, r *http.Request, p forgotPage) error {
	p.Frame = page.Frame(w, r, p.Form.Lang.T("web.forgot.title"))
	p.Frame.Path = "/forgot"
	return page.Render(w, r, p.Form.Status(), forgotView(p))
}

// passwordPage is where a link from a mail leads.
type passwordPage struct {
	Frame   template.Page
	Form    *page.Form
	Name    string
	Email   string
	Invited bool // chooses a password for the first time
	Least   int  // characters of a password
}

// showInvitation handles GET /invitation/{token}.
func showInvitation(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderPassword(w, r, t, page.BlankForm(r))
}

// showReset handles GET /reset/{token}.
func showReset(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderPassword(w, r, t, page.BlankForm(r))
}

// redeem handles POST /invitation/{token} and POST /reset/{token}.
func redeem(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	e, err := t.Identity.Redeem(r.Context(), identity.Redemption{
		Token: r.PathValue("token"), Password: f.Secret("password"), Visitor: page.Visitor(r, t),
	})
	if err == nil {
		t.Identity.Keep(w, e)
		return page.Done(w, r, "/sign-in", "password-set")
	}
	if !f.Refuse(err) {
		return err
	}
	return renderPassword(w, r, t, f)
}

func renderPassword(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	p := passwordPage{Form: f, Invited: strings.HasPrefix(r.URL.Path, "/invitation/")}
	who, err := t.Identity.Holder(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	if p.Least, err = t.Identity.LeastPassword(r.Context(), who.ID); err != nil {
		return err
	}
	p.Name, p.Email = who.Name(), who.Email
	p.Frame = page.Frame(w, r, p.Form.Lang.T("web.password.title"))
	p.Frame.Path = r.URL.Path
	return page.Render(w, r, p.Form.Status(), passwordView(p))
}
