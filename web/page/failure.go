// SPDX-License-Identifier: Apache-2.0

package page

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"verlof/web/template"
)

// failure is what somebody sees of an error.
type failure struct {
	Frame  template.Page
	Status int
	Title  string
	Text   string
	Kept   *keptForm // what was sent when the session had ended; nil: nothing to send again
}

// keptForm is a form that somebody sent when their session had ended. It comes back to them, hidden, and can be
// sent again once they are signed in, in another tab. Secrets do not come back.
type keptForm struct {
	SignIn string
	Action string
	Fields []keptField
}

type keptField struct{ Name, Value string }

// keep returns the form of r, nil where it is none whose fields can be written down.
func keep(r *http.Request) *keptForm {
	v := VisitOf(r)
	if r.Method != http.MethodPost || v.SignedIn() || v.Tenant == nil || v.Tenant.Past != nil {
		return nil
	}
	f, err := ReadForm(r)
	if err != nil || len(r.PostForm) == 0 || !f.Fine() {
		return nil
	}
	k := &keptForm{SignIn: signInAt(r), Action: r.URL.RequestURI()}
	fields := WithoutSecrets(r.PostForm)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		for _, value := range fields[name] {
			k.Fields = append(k.Fields, keptField{name, value})
		}
	}
	return k
}

// showFailure writes a failure as a page, in the frame that the visitor knows, or
// as a fragment.
func showFailure(w http.ResponseWriter, r *http.Request, p failure) error {
	v := VisitOf(r)
	if v.fragment {
		return Render(w, r, p.Status, template.Message(template.Flash{Tone: template.Bad, Text: p.Text}))
	}
	p.Title = v.Lang.T("web.fail." + strconv.Itoa(p.Status))
	p.Frame = Frame(w, r, p.Title)
	if v.Tenant == nil {
		p.Frame.Customer.Name = "Verlof"
	}
	if v.SignedIn() {
		return Render(w, r, p.Status, failureView(p))
	}
	if p.Status == http.StatusUnauthorized {
		p.Kept = keep(r)
	}
	return Render(w, r, p.Status, failureAtDoor(p))
}
