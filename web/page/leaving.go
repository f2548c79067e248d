// SPDX-License-Identifier: Apache-2.0

package page

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"verlof/identity/openid"
	"verlof/tenant"
)

// EndSession signs the browser out.
func EndSession(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if err := t.Identity.SignOut(r.Context(), Visitor(r, t).Session); err != nil {
		return err
	}
	t.Identity.Drop(w)
	w.Header().Set("Clear-Site-Data", `"cache"`)
	return nil
}

// FormsTo lets a form of this page end at another site: a browser looks where the answer
// to a form leads (CSP Level 3, section 6.4.1). Only its origin is told.
func FormsTo(w http.ResponseWriter, address string) {
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return
	}
	source := u.Scheme + ":"
	if u.Host != "" {
		source += "//" + u.Host
	}
	if !plainSource.MatchString(source) {
		return
	}
	h := w.Header()
	const own = "form-action 'self'"
	h.Set(contentPolicy, strings.Replace(h.Get(contentPolicy), own, own+" "+source, 1))
}

const contentPolicy = "Content-Security-Policy"

// plainSource is an origin that cannot end the list it stands in.
var plainSource = regexp.MustCompile(`^[a-z][a-z0-9+.-]*:(//[A-Za-z0-9.:\[\]-]+)?$`)

// FormsFollow is FormsTo for a form that goes on to next: an application may wait behind
// it for somebody to sign in.
func FormsFollow(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, next string) error {
	path, query, _ := strings.Cut(next, "?")
	if path != openid.AuthorizePath {
		return nil
	}
	to, err := t.OpenID.Target(r.Context(), (&url.URL{RawQuery: query}).Query())
	if err == nil {
		FormsTo(w, to)
	}
	return err
}
