// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"net/http"
	"net/url"

	"verlof/identity"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// secondPage is the second step of a sign-in.
type secondPage struct {
	Frame    template.Page
	Form     *page.Form
	Waits    identity.Waiting
	Keys     bool // passkeys work here, and the person has one
	Recovery bool // a recovery code is asked for
	Next     string
}

// showSecond handles GET /sign-in/second.
func showSecond(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f := page.BlankForm(r, "next", page.LocalPath(r.URL.Query().Get("next")), "with", r.URL.Query().Get("with"))
	return renderSecond(w, r, t, f)
}

// second handles POST /sign-in/second.
func second(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	var e identity.Entry
	in, err := f.Attempt(func() (err error) {
		e, err = t.Identity.Second(r.Context(), identity.Step{Code: f.Secret("code"), Remember: f.Has("remember", "on"), Visitor: page.Visitor(r, t)})
		return err
	})
	if in {
		t.Identity.Keep(w, e)
		return page.SeeOther(w, r, page.LocalPath(f.Text("next")))
	}
	if err != nil {
		return err
	}
	return renderSecond(w, r, t, f)
}

// renderSecond shows the second step to whom it is awaited of; others begin at the door.
func renderSecond(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	next := page.LocalPath(f.Text("next"))
	if v.SignedIn() {
		return page.SeeOther(w, r, next)
	}
	if v.Waiting == nil || v.Waiting.Session.Stage != identity.SecondStep {
		return page.SeeOther(w, r, "/sign-in?next="+url.QueryEscape(next))
	}
	if err := page.FormsFollow(w, r, t, next); err != nil {
		return err
	}
	p := secondPage{Frame: page.Frame(w, r, v.Lang.T("factor.second.title")), Form: f, Waits: *v.Waiting, Next: next}
	p.Keys = p.Waits.Passkeys && t.Identity.HasPasskeys(page.Visitor(r, t))
	p.Recovery = p.Waits.Codes && (f.Text("with") == "recovery" || !p.Waits.App)
	p.Frame.Path, p.Frame.Styles = p.address(f.Text("with")), []string{"factor.css"}
	p.Frame.Scripts = []string{"passkey.js"}
	return page.Render(w, r, f.Status(), secondView(p))
}

// address is where the page is, asking for one thing or another.
func (p *secondPage) address(with string) string {
	return SecondPath + "?" + url.Values{"next": {p.Next}, "with": {with}}.Encode()
}

// askSecond handles POST /sign-in/second/ask.
func askSecond(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	q, err := t.Identity.AskForSecond(r.Context(), page.Visitor(r, t))
	return question(w, r, t, q, err)
}

// secondWithKey handles POST /sign-in/second/passkey.
func secondWithKey(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	e, err := t.Identity.SecondWithPasskey(r.Context(), []byte(f.Secret("answer")), page.Visitor(r, t))
	if err == nil {
		t.Identity.Keep(w, e)
		return page.SeeOther(w, r, page.LocalPath(f.Text("next")))
	}
	if !refuse(w, f, err) {
		return err
	}
	return renderSecond(w, r, t, f)
}

// askSignIn handles POST /sign-in/passkey/ask.
func askSignIn(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	q, err := t.Identity.AskToSignIn(r.Context(), page.Visitor(r, t))
	return question(w, r, t, q, err)
}

// keyPage says why a passkey did not open the door.
type keyPage struct {
	Frame template.Page
	Form  *page.Form
	Next  string
}

// signInWithKey handles POST /sign-in/passkey.
func signInWithKey(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	e, err := t.Identity.SignInWithPasskey(r.Context(), []byte(f.Secret("answer")), page.Visitor(r, t))
	next := page.LocalPath(f.Text("next"))
	if err == nil {
		t.Identity.Keep(w, e)
		return page.SeeOther(w, r, next)
	}
	if !refuse(w, f, err) {
		return err
	}
	p := keyPage{Frame: page.Frame(w, r, f.Lang.T("web.signin.title")), Form: f, Next: next}
	p.Frame.Path = "/sign-in?next=" + url.QueryEscape(next)
	return page.Render(w, r, f.Status(), keyView(p))
}
