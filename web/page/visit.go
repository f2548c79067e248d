// SPDX-License-Identifier: Apache-2.0

// Package page owns what every page of a site shares: the visit, which is all that is known
// of one request; routes and for whom they are; forms and what is wrong with them; the
// frame around a page; answers, and what becomes of an error. It refuses pages: each is in
// a package of its own that imports this one. It decides nothing about leave or people.
//
// Reading order: visit.go (what a handler knows), route.go, form.go (what somebody filled
// in), reading.go and fields.go (from a form, to a form), drawn.go and once.go (what somebody else
// did meanwhile, and what is sent twice), respond.go, fail.go, frame.go.
package page

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"verlof/identity"
	"verlof/internal/lang"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/template"
)

// Visit is what the chain has found out about one request. Each step fills in
// its part; a handler reads it.
type Visit struct {
	Log    *slog.Logger     // of the site
	Now    func() time.Time // the clock of the site
	Secure bool             // browsers reach us over TLS

	Number   string // names the request in the log and on a page that failed
	Route    *Route // nil until an address has matched
	Tenant   *tenant.Tenant
	Org      *people.Organisation // of the customer, as it was when the request came
	Settings people.Settings
	Lang     *lang.Locale
	Session  string            // id of the session; empty: signed out
	Person   people.ID         // empty: signed out
	Proof    identity.Session  // what the person proved: see identity.Service.NeedProof
	Waiting  *identity.Waiting // signed out, with a step of the sign-in to go; else nil
	Viewer   people.Viewer
	Zone     *time.Location                   // where the person works
	Serves   bool                             // the visitor serves other customers
	Demo     *template.Demo                   // nil outside a demo
	Again    bool                             // nothing was answered: look once more
	looked   bool                             // once more
	fragment bool                             // the answer is a part of a page
	Find     func(method, path string) *Route // the route of an address; nil outside a site
}

type visitKey struct{}

// VisitOf returns the visit that r belongs to. Every request that came through
// the chain has one.
func VisitOf(r *http.Request) *Visit {
	return r.Context().Value(visitKey{}).(*Visit)
}

// WithVisit returns r as part of the visit v.
func WithVisit(r *http.Request, v *Visit) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), visitKey{}, v))
}

// SignedIn reports whether the visitor is known.
func (v *Visit) SignedIn() bool { return v.Person != "" }

// Decides reports whether the visitor is one of those who decide on leave.
func (v *Visit) Decides() bool { return v.Viewer.Decides() }

// May reports whether the visitor may go to an address of the site, or send a form there: the
// access that its route asks for says so. Who is signed out may try.
func (v *Visit) May(method, href string) bool {
	if v.Find == nil || !v.SignedIn() || !strings.HasPrefix(href, "/") {
		return true
	}
	path, _, _ := strings.Cut(href, "?")
	path, _, _ = strings.Cut(path, "#")
	rt := v.Find(method, path)
	return rt == nil || rt.Access.Check(v) == nil
}

// Visitor returns the browser at the other end as identity wants to know it.
func Visitor(r *http.Request, t *tenant.Tenant) identity.Visitor {
	from, _ := netip.ParseAddrPort(r.RemoteAddr) // the zero address is one place too
	return t.Identity.Visitor(r, from.Addr())
}
