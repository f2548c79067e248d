// SPDX-License-Identifier: Apache-2.0

package page

import (
	"net/http"
	"strconv"

	"verlof/web/template"
)

// failure is what somebody sees of an error.
type failure struct {
	Frame  template.Page
	Status int
	Title  string
	Text   string
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
	return Render(w, r, p.Status, failureAtDoor(p))
}
