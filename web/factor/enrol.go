// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"net/http"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/qr"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// setUp is what the pages have in common on which a factor is set up.
type setUp struct {
	Frame template.Page
	Form  *page.Form
	First bool   // the person is not signed in before it is done
	Short bool   // because the password is too short to stand alone
	Key   bool   // a passkey is demanded of them, and nothing else will do
	Keys  bool   // passkeys work at this address
	Next  string // where they wanted to go who are not signed in; empty: nowhere
}

func settingUp(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form, title, path string) setUp {
	v := page.VisitOf(r)
	s := setUp{Frame: page.Frame(w, r, title), Form: f, First: !v.SignedIn(), Keys: t.Identity.HasPasskeys(page.Visitor(r, t))}
	s.Short, s.Key = s.First && v.Waiting.Short, s.First && v.Waiting.Key
	if s.First {
		s.Next = nextOf(r)
	}
	s.Frame.Path, s.Frame.Styles, s.Frame.Scripts = path, []string{"factor.css"}, []string{"passkey.js"}
	return s
}

// nextOf returns where somebody wanted to go who has to set something up first.
func nextOf(r *http.Request) string {
	next := page.LocalPath(r.FormValue("next"))
	if next == "/" {
		return ""
	}
	return next
}

// at leads to a page on which something is set up, and from there to where they wanted to go.
func (s *setUp) at(path string) string { return page.WithQuery(path, "next", s.Next) }

// back leads to where the person came from.
func (s *setUp) back() string {
	if s.First {
		return s.at(EnrolPath)
	}
	return SecurityPath
}

// showEnrol handles GET /account/enrol: what somebody may set up.
func showEnrol(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f := page.BlankForm(r)
	s := settingUp(w, r, t, f, f.Lang.T("factor.enrol.title"), EnrolPath)
	if s.Key {
		s.Frame.Title = f.Lang.T("factor.enrol.title.passkey")
	}
	return page.Render(w, r, http.StatusOK, enrolView(s))
}

// appPage is where an authenticator app is set up.
type appPage struct {
	setUp
	Secret  string // in groups of four; empty: not started
	Picture qr.Code
}

// showApp handles GET /account/app.
func showApp(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderApp(w, r, t, page.BlankForm(r))
}

// startApp handles POST /account/app/start.
func startApp(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if _, err := t.Identity.StartApp(r.Context(), holder(r)); err != nil {
		return err
	}
	return page.SeeOther(w, r, page.WithQuery(appPath, "next", nextOf(r)))
}

// confirmApp handles POST /account/app.
func confirmApp(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	var c identity.Confirmed
	finished, err := f.Attempt(func() (err error) {
		c, err = t.Identity.ConfirmApp(r.Context(), holder(r), f.Secret("code"), page.Visitor(r, t))
		return err
	})
	switch {
	case errs.Is(err, errs.NotFound): // it was not started in time
		return page.SeeOther(w, r, appPath)
	case err != nil:
		return err
	case !finished:
		return renderApp(w, r, t, f)
	}
	return goOn(w, r, t, c, "app-added")
}

func renderApp(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	started, err := t.Identity.StartedApp(r.Context(), holder(r))
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	p := appPage{setUp: settingUp(w, r, t, f, v.Lang.T("factor.app.title"), appPath)}
	if err == nil {
		account := v.Viewer.Email
		if p.First {
			account = v.Waiting.Person.Email
		}
		if p.Picture, err = qr.Encode(started.URI(v.Settings.Name, account)); err != nil {
			return err
		}
		p.Secret = inFours(started.Secret())
	}
	return page.Render(w, r, f.Status(), appView(p))
}

// inFours parts a text that somebody has to type.
func inFours(s string) string {
	out := ""
	for i, c := range s {
		if i > 0 && i%4 == 0 {
			out += " "
		}
		out += string(c)
	}
	return out
}

// showNewKey handles GET /account/passkeys/new.
func showNewKey(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	if v.SignedIn() {
		if err := t.Identity.NeedProof(r.Context(), v.Proof); err != nil {
			return err
		}
	}
	return renderNewKey(w, r, t, page.BlankForm(r, "name", page.BrowserName(r.UserAgent())))
}

func renderNewKey(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	return page.Render(w, r, f.Status(), newKeyView(settingUp(w, r, t, f, f.Lang.T("factor.key.title"), newKeyPath)))
}

// askRegister handles POST /account/passkeys/ask.
func askRegister(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	q, err := t.Identity.AskToRegister(r.Context(), holder(r), page.Visitor(r, t))
	return question(w, r, t, q, err)
}

// register handles POST /account/passkeys/new.
func register(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if !f.Fine() {
		return renderNewKey(w, r, t, f)
	}
	c, err := t.Identity.Register(r.Context(), holder(r), f.Text("name"), []byte(f.Secret("answer")), page.Visitor(r, t))
	if err == nil {
		return goOn(w, r, t, c, "passkey-added")
	}
	if !refuse(w, f, err) {
		return err
	}
	return renderNewKey(w, r, t, f)
}

// codesPage shows recovery codes, this once.
type codesPage struct {
	Frame template.Page
	First bool // somebody was not signed in before
	Codes []string
	Next  string
}

// goOn lets somebody in who set something up, by way of new recovery codes.
func goOn(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, c identity.Confirmed, flash string) error {
	t.Identity.Keep(w, c.Entry)
	first := !page.VisitOf(r).SignedIn()
	next := SecurityPath
	if first {
		next = page.LocalPath(nextOf(r))
	}
	if len(c.Codes) == 0 {
		return page.Done(w, r, next, flash)
	}
	return renderCodes(w, r, codesPage{First: first, Codes: c.Codes, Next: next})
}

// makeCodes handles POST /account/codes.
func makeCodes(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	codes, err := t.Identity.NewCodes(r.Context(), holder(r))
	if err != nil {
		return err
	}
	return renderCodes(w, r, codesPage{Codes: codes, Next: SecurityPath})
}

func renderCodes(w http.ResponseWriter, r *http.Request, p codesPage) error {
	p.Frame = page.Frame(w, r, page.VisitOf(r).Lang.T("factor.codes.title"))
	p.Frame.Path, p.Frame.Styles = p.Next, []string{"factor.css"}
	return page.Render(w, r, http.StatusOK, codesView(p))
}
