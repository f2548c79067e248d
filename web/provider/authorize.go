// SPDX-License-Identifier: Apache-2.0

package provider

import (
	"maps"
	"net/http"
	"net/url"
	"slices"

	"verlof/errs"
	"verlof/identity/openid"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// who returns the person at the browser and how they proved it.
func who(r *http.Request, t *tenant.Tenant) (openid.Who, error) {
	if !page.VisitOf(r).SignedIn() {
		return openid.Who{}, nil
	}
	s, err := t.Identity.Session(r)
	if err != nil {
		return openid.Who{}, err
	}
	return openid.WhoOf(s), nil
}

// authorize handles GET /oauth/authorize.
func authorize(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	person, err := who(r, t)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	a, err := t.OpenID.Authorize(r.Context(), q, person)
	return answer(w, r, q, a, err)
}

// decisions are what the buttons of a question say.
var decisions = map[string]bool{"allow": true, "deny": false}

// decide handles POST /oauth/consent.
func decide(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	person, err := who(r, t)
	if err != nil {
		return err
	}
	q, err := url.ParseQuery(f.Text("request"))
	agreed, known := decisions[f.Text("decision")]
	if err != nil || !known {
		return errs.New(errs.Invalid, "openid.error.request")
	}
	a, err := t.OpenID.Decide(r.Context(), q, person, agreed)
	return answer(w, r, q, a, err)
}

// answer does what is to be done about an authorization request.
func answer(w http.ResponseWriter, r *http.Request, q url.Values, a openid.Answer, err error) error {
	switch {
	case err != nil:
		return err
	case a.Form != nil:
		return renderOnward(w, r, a)
	case a.Redirect != "":
		return page.SeeOther(w, r, a.Redirect)
	case a.SignIn != nil:
		return page.SeeOther(w, r, page.SignInTo(openid.AuthorizePath+"?"+a.SignIn.Next.Encode(), a.SignIn.Hint, a.SignIn.Again))
	}
	page.FormsTo(w, a.Consent.Address) // which was registered, or there would be nothing to agree to
	l := page.VisitOf(r).Lang
	p := consentPage{Frame: page.Frame(w, r, l.T("web.consent.title", "name", a.Consent.Client)), Consult: *a.Consent, Request: q.Encode()}
	p.Frame.Path = openid.AuthorizePath + "?" + p.Request
	p.Me = page.VisitOf(r).Viewer.Name()
	p.Other = page.SignInTo(p.Frame.Path, "", true)
	return page.Render(w, r, http.StatusOK, consentView(p))
}

// consentPage is where somebody agrees to what an application wants.
type consentPage struct {
	Frame   template.Page
	Consult openid.Consult
	Request string // as it was sent
	Me      string // who is signed in
	Other   string // where somebody else signs in
}

// onwardPage takes an answer to an application that wants it as a form: a script sends it at
// once, and where there is none somebody presses a button.
type onwardPage struct {
	Frame  template.Page
	To     string // the address, which is registered
	Host   string // in it
	Fields [][2]string
}

func renderOnward(w http.ResponseWriter, r *http.Request, a openid.Answer) error {
	to, err := url.Parse(a.Redirect)
	if err != nil {
		return err
	}
	page.FormsTo(w, a.Redirect)
	p := onwardPage{Frame: page.Frame(w, r, page.VisitOf(r).Lang.T("web.onward.title")), To: a.Redirect, Host: to.Host}
	p.Frame.Path, p.Frame.Scripts = r.URL.RequestURI(), []string{"onward.js"}
	for _, name := range slices.Sorted(maps.Keys(a.Form)) {
		p.Fields = append(p.Fields, [2]string{name, a.Form.Get(name)})
	}
	return page.Render(w, r, http.StatusOK, onwardView(p))
}

// devicePage is where somebody types the code that a device shows, and then agrees.
type devicePage struct {
	Frame   template.Page
	Form    *page.Form
	Consult *openid.Consult // nil: no code yet
	Me      string
	Done    bool // the device knows
	Allowed bool
	Client  string
}

// showDevice handles GET /device. A code in the address is shown and not taken: the person
// looks whether their device shows the same (RFC 8628, section 3.3.1).
func showDevice(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
	return renderDevice(w, r, devicePage{Form: page.BlankForm(r, "code", r.URL.Query().Get("code"))})
}

// confirmDevice handles POST /device: first the code, then the decision.
func confirmDevice(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	person, err := who(r, t)
	if err != nil {
		return err
	}
	p := devicePage{Form: f}
	if !f.Fine() {
		return renderDevice(w, r, p)
	}
	if decision := f.Text("decision"); decision != "" {
		var known bool
		if p.Allowed, known = decisions[decision]; !known {
			return errs.New(errs.Invalid, "openid.error.request")
		}
		p.Client, err = t.OpenID.DecideDevice(r.Context(), person, f.Text("code"), p.Allowed)
		p.Done = err == nil
	} else {
		var ask openid.Consult
		ask, err = t.OpenID.FindDevice(r.Context(), person, f.Text("code"))
		p.Consult = &ask
	}
	if err != nil {
		if !f.Refuse(err) {
			return err
		}
		p.Consult = nil
	}
	return renderDevice(w, r, p)
}

func renderDevice(w http.ResponseWriter, r *http.Request, p devicePage) error {
	p.Frame, p.Me = page.Frame(w, r, p.Form.Lang.T("web.device.title")), page.VisitOf(r).Viewer.Name()
	p.Frame.Path = openid.DevicePath
	return page.Render(w, r, p.Form.Status(), deviceView(p))
}

// leavePage is where somebody signs out because an application asks for it.
type leavePage struct {
	Frame   template.Page
	Request string // as it was sent
	Left    bool
}

// leave handles GET /oauth/logout.
func leave(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	person, err := who(r, t)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	l, err := t.OpenID.Leave(r.Context(), q, person)
	if err != nil {
		return err
	}
	if !l.Ask {
		return signOut(w, r, t, l.Redirect)
	}
	page.FormsTo(w, l.Redirect)
	return renderLeave(w, r, leavePage{Request: q.Encode()})
}

// confirmLeave handles POST /oauth/logout/confirm.
func confirmLeave(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	q, err := url.ParseQuery(f.Text("request"))
	if err != nil {
		return errs.New(errs.Invalid, "openid.error.request")
	}
	l, err := t.OpenID.Leave(r.Context(), q, openid.Who{})
	if err != nil {
		return err
	}
	return signOut(w, r, t, l.Redirect)
}

// signOut ends the session and sends the browser on, or says that it is over.
func signOut(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, to string) error {
	if err := page.EndSession(w, r, t); err != nil {
		return err
	}
	if to == "" {
		to = leftPath
	}
	return page.SeeOther(w, r, to)
}

// showLeft handles GET /oauth/logout/done.
func showLeft(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
	return renderLeave(w, r, leavePage{Left: true})
}

func renderLeave(w http.ResponseWriter, r *http.Request, p leavePage) error {
	p.Frame = page.Frame(w, r, page.VisitOf(r).Lang.T("web.leave.title"))
	return page.Render(w, r, http.StatusOK, leaveView(p))
}
