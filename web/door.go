// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"net/url"

	"verlof/errs"
	"verlof/identity"
	"verlof/tenant"
	"verlof/web/template"
)

// signInPage is where somebody proves who they are.
type signInPage struct {
	Frame template.Page
	Form  *form
	Next  string // where they wanted to go
}

// showSignIn handles GET /sign-in. Who is signed in already goes on.
func showSignIn(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
	next := localPath(r.URL.Query().Get("next"))
	if visitOf(r).signedIn() {
		return seeOther(w, r, next)
	}
	return renderSignIn(w, r, blankForm(r, "next", next))
}

// signIn handles POST /sign-in.
func signIn(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if !f.fine() {
		return renderSignIn(w, r, f)
	}
	e, err := t.Identity.SignIn(r.Context(), identity.Attempt{
		Email: f.text("email"), Password: f.secret("password"), Visitor: visitor(r, t),
	})
	if err == nil {
		t.Identity.Keep(w, e)
		return seeOther(w, r, localPath(f.text("next")))
	}
	if !f.refuse(err) && !f.refuseAs(http.StatusUnauthorized, err) {
		return err
	}
	retryAfter(w, err)
	return renderSignIn(w, r, f)
}

func renderSignIn(w http.ResponseWriter, r *http.Request, f *form) error {
	p := signInPage{Frame: frame(w, r, f.lang.T("web.signin.title")), Form: f, Next: localPath(f.text("next"))}
	p.Frame.Path = "/sign-in?next=" + url.QueryEscape(p.Next)
	return render(w, r, f.status(), signInView(p))
}

// signOut handles POST /sign-out.
func signOut(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if err := t.Identity.SignOut(r.Context(), visitor(r, t).Session); err != nil {
		return err
	}
	t.Identity.Drop(w)
	w.Header().Set("Clear-Site-Data", `"cache"`)
	return done(w, r, "/sign-in", "signed-out")
}

// forgotPage is where somebody asks for a link to choose a new password.
type forgotPage struct {
	Frame template.Page
	Form  *form
	Sent  bool // the answer is the same whether the address is known or not
}

// showForgot handles GET /forgot.
func showForgot(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
	return renderForgot(w, r, forgotPage{Form: blankForm(r)})
}

// forgot handles POST /forgot.
func forgot(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if f.text("email") == "" {
		f.refuse(errs.New(errs.Invalid, "web.error.email_missing").At("email"))
	}
	if !f.fine() {
		return renderForgot(w, r, forgotPage{Form: f})
	}
	if err := t.Identity.RequestReset(r.Context(), f.text("email"), visitor(r, t)); err != nil {
		if !f.refuse(err) {
			return err
		}
		retryAfter(w, err)
		return renderForgot(w, r, forgotPage{Form: f})
	}
	return renderForgot(w, r, forgotPage{Form: f, Sent: true})
}

func renderForgot(w http.ResponseWriter, r *http.Request, p forgotPage) error {
	p.Frame = frame(w, r, p.Form.lang.T("web.forgot.title"))
	p.Frame.Path = "/forgot"
	return render(w, r, p.Form.status(), forgotView(p))
}

// passwordPage is where a link from a mail leads.
type passwordPage struct {
	Frame   template.Page
	Form    *form
	Name    string
	Email   string
	Invited bool // chooses a password for the first time
}

// showInvitation handles GET /invitation/{token}.
func showInvitation(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderPassword(w, r, t, passwordPage{Form: blankForm(r), Invited: true})
}

// showReset handles GET /reset/{token}.
func showReset(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderPassword(w, r, t, passwordPage{Form: blankForm(r)})
}

// redeem handles POST /invitation/{token} and POST /reset/{token}.
func redeem(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	e, err := t.Identity.Redeem(r.Context(), identity.Redemption{
		Token: r.PathValue("token"), Password: f.secret("password"), Visitor: visitor(r, t),
	})
	if err == nil {
		t.Identity.Keep(w, e)
		return done(w, r, "/sign-in", "password-set")
	}
	if !f.refuse(err) {
		return err
	}
	return renderPassword(w, r, t, passwordPage{Form: f})
}

func renderPassword(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, p passwordPage) error {
	who, err := t.Identity.Holder(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	p.Name, p.Email = who.Name(), who.Email
	p.Frame = frame(w, r, p.Form.lang.T("web.password.title"))
	p.Frame.Path = r.URL.Path
	return render(w, r, p.Form.status(), passwordView(p))
}
