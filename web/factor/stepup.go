// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"maps"
	"net/http"
	"net/url"
	"slices"

	"verlof/identity"
	"verlof/identity/sso"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// The fields of the proof have names that no other form uses: what else was sent goes along
// with them.
const (
	fieldPassword = page.ProofPassword
	fieldCode     = page.ProofCode
	fieldNext     = "proof-next"
	fieldAgain    = "proof-again" // yes: a form was sent to next, and is to be sent once more
	fieldAnswer   = "answer"
)

// stepUpPage asks for a fresh proof, and goes on with what was meant.
type stepUpPage struct {
	Frame     template.Page
	Form      *page.Form
	Name      string
	Email     string
	Password  bool // they have one, and it counts
	Protected bool // a code is asked for beside the password
	Keys      bool // a passkey would do
	Next      string
	Again     bool
	Carried   []carried
	Doors     []sso.Door // providers that vouch for the person
	Back      string     // where they go after one has vouched once more
}

// carried is a field of the form that waits for the proof.
type carried struct{ Name, Value string }

// AskProof answers a request that was refused for want of a fresh proof: where somebody went
// to a page it leads to the proof and back, and where a form was sent it keeps the form.
func AskProof(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if r.Method == http.MethodGet {
		return page.SeeOther(w, r, StepUpPath+"?"+url.Values{fieldNext: {r.URL.RequestURI()}}.Encode())
	}
	if err := r.ParseForm(); err != nil {
		return err
	}
	f := page.BlankForm(r)
	f.Values = page.WithoutSecrets(r.PostForm)
	f.Values.Set(fieldNext, r.URL.RequestURI())
	f.Values.Set(fieldAgain, "yes")
	f.Code = http.StatusForbidden
	return renderStepUp(w, r, t, f)
}

// showStepUp handles GET /step-up.
func showStepUp(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderStepUp(w, r, t, page.BlankForm(r, fieldNext, r.URL.Query().Get(fieldNext)))
}

// stepUp handles POST /step-up.
func stepUp(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	var e identity.Entry
	proved, err := f.Attempt(func() (err error) {
		e, err = t.Identity.StepUp(r.Context(), identity.Proof{Password: f.Secret(fieldPassword), Code: f.Secret(fieldCode), Visitor: page.Visitor(r, t)})
		return at(err)
	})
	if err != nil {
		return err
	}
	if !proved {
		return renderStepUp(w, r, t, f)
	}
	return carryOn(w, r, t, f, e)
}

// askStepUp handles POST /step-up/ask.
func askStepUp(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	q, err := t.Identity.AskToStepUp(r.Context(), page.Visitor(r, t))
	return question(w, r, t, q, err)
}

// stepUpWithKey handles POST /step-up/passkey.
func stepUpWithKey(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	e, err := t.Identity.StepUpWithPasskey(r.Context(), []byte(f.Secret(fieldAnswer)), page.Visitor(r, t))
	if err == nil {
		return carryOn(w, r, t, f, e)
	}
	if !refuse(w, f, err) {
		return err
	}
	return renderStepUp(w, r, t, f)
}

// carryOn goes on with what the proof was for: to a page, or with a form, which the browser
// sends there by itself (RFC 9110, section 15.4.8).
func carryOn(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form, e identity.Entry) error {
	t.Identity.Keep(w, e)
	next := page.LocalPath(f.Text(fieldNext))
	if !f.Has(fieldAgain, "yes") {
		return page.SeeOther(w, r, next)
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, next, http.StatusTemporaryRedirect)
	return nil
}

func renderStepUp(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	sec, err := t.Identity.Security(r.Context(), v.Person)
	if err != nil {
		return err
	}
	doors, err := t.SSO.DoorsOf(r.Context(), v.Person)
	if err != nil {
		return err
	}
	if sec.Demanded == identity.WithKey {
		doors = nil // nobody but the passkey vouches
	}
	p := stepUpPage{Doors: doors, Frame: page.Frame(w, r, v.Lang.T("factor.stepup.title")), Form: f, Name: v.Viewer.Name(), Email: v.Viewer.Email,
		Password: (sec.Password || len(doors) == 0) && typed(sec), Protected: sec.Protected(), Keys: len(sec.Passkeys) > 0 && t.Identity.HasPasskeys(page.Visitor(r, t)),
		Next: page.LocalPath(f.Text(fieldNext)), Again: f.Has(fieldAgain, "yes"), Carried: others(f.Values)}
	if p.Back = p.Next; p.Again {
		p.Back = page.CameFrom(r)
	}
	p.Frame.Path, p.Frame.Styles, p.Frame.Scripts = "/", []string{"factor.css"}, []string{"passkey.js"}
	return page.Render(w, r, f.Status(), stepUpView(p))
}

// typed reports whether what somebody can type proves as much as is demanded of them.
func typed(sec identity.Security) bool {
	return sec.Demanded == identity.OneFactor || sec.Demanded == identity.TwoFactors && sec.Protected()
}

// others are the fields that are not the proof's own.
func others(values url.Values) (all []carried) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if slices.Contains([]string{fieldPassword, fieldCode, fieldNext, fieldAgain, fieldAnswer}, name) {
			continue
		}
		for _, value := range values[name] {
			all = append(all, carried{name, value})
		}
	}
	return all
}
