// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"verlof/identity"
	"verlof/internal/lang"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/template"
)

// visit is what the chain has found out about one request. Each step fills in
// its part; a handler reads it.
type visit struct {
	Log    *slog.Logger
	Now    func() time.Time
	Secure bool // browsers reach us over TLS

	number   string // names the request in the log and on a page that failed
	route    *Route // nil until an address has matched
	tenant   *tenant.Tenant
	settings people.Settings
	lang     *lang.Locale
	session  string    // id of the session; empty: signed out
	person   people.ID // empty: signed out
	viewer   people.Viewer
	zone     *time.Location // where the person works
	demo     *template.Demo // nil outside a demo
	fragment bool           // the answer is a part of a page
}

type visitKey struct{}

// visitOf returns the visit that r belongs to. Every request that came through
// the chain has one.
func visitOf(r *http.Request) *visit {
	return r.Context().Value(visitKey{}).(*visit)
}

func withVisit(r *http.Request, v *visit) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), visitKey{}, v))
}

// signedIn reports whether the visitor is known.
func (v *visit) signedIn() bool { return v.person != "" }

// decides reports whether the visitor is one of those who decide on leave.
func (v *visit) decides() bool { return v.viewer.IsManager() || v.viewer.IsAdministrator() }

// visitor returns the browser at the other end as identity wants to know it.
func visitor(r *http.Request, t *tenant.Tenant) identity.Visitor {
	from, _ := netip.ParseAddrPort(r.RemoteAddr) // the zero address is one place too
	return t.Identity.Visitor(r, from.Addr())
}
