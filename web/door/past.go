// SPDX-License-Identifier: Apache-2.0

package door

import (
	"net/http"

	"verlof/errs"
	"verlof/identity"
	"verlof/tenant"
	"verlof/web/page"
)

// enterPast handles GET /step-over: it lets a browser look at a past state, by a link that
// is good for once.
func enterPast(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if t.Past == nil {
		return errs.New(errs.NotFound, "")
	}
	session, err := t.Enter(r.Context(), r.URL.Query().Get("pass"))
	if err != nil {
		return err
	}
	t.Identity.Keep(w, identity.Entry{Token: session})
	return page.SeeOther(w, r, "/")
}
