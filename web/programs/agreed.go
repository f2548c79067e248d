// SPDX-License-Identifier: Apache-2.0

package programs

import (
	"net/http"

	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

const agreedPath = "/account/applications"

// agreedPage is where somebody sees which applications may act in their name, and ends that.
type agreedPage struct {
	Frame template.Page
	Lines []view.AgreementLine
}

// showAgreed handles GET /account/applications.
func showAgreed(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	list, err := t.OpenID.Agreements(r.Context(), v.Person, v.Person)
	if err != nil {
		return err
	}
	p := agreedPage{Frame: page.Frame(w, r, v.Lang.T("agreed.title"))}
	p.Frame.Path = agreedPath
	p.Lines = view.AgreementLines(v, list, func(client string) string { return agreedPath + "/" + client + "/end" })
	return page.Render(w, r, http.StatusOK, agreedView(p))
}

// endAgreed handles POST /account/applications/{id}/end.
func endAgreed(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	if err := t.OpenID.EndAgreement(r.Context(), v.Person, v.Person, r.PathValue("id")); err != nil {
		return err
	}
	return page.Done(w, r, agreedPath, "agreement-ended")
}
