// SPDX-License-Identifier: Apache-2.0

// Package web owns what a browser sees of one customer: the chain that every request goes
// through, and the one table of routes. The pages themselves are in packages below, and
// what all of them share is in page. It refuses rules: whether
// somebody may do a thing, what it costs and what is left is for people and
// leave to say. It refuses to find data by itself: a handler is given the
// customer whose host name was asked for, and there is no other way to one.
//
// Reading order: routes.go (which packages own which addresses), chain.go (what happens
// before a handler), page/fail.go (what becomes of an error), then a page: everyday/home.go
// and everyday/home.templ beside it.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"verlof/identity"
	"verlof/tenant"
	"verlof/web/demo"
	"verlof/web/factor"
	"verlof/web/page"
)

// Directory finds customers by host name.
type Directory interface {
	// ByHost returns the customer who answers to host, as a request names it,
	// open until release is called. It reports NotFound for a name that belongs
	// to nobody and Unavailable for a customer who is suspended.
	ByHost(ctx context.Context, host string) (t *tenant.Tenant, release func(), err error)
}

// Pasts finds past states of customers by host name.
type Pasts interface {
	// PastByHost returns the past state that answers to host, as ByHost does a customer.
	PastByHost(ctx context.Context, host string) (t *tenant.Tenant, release func(), err error)
}

// Config is what a site needs.
type Config struct {
	Tenants Directory
	Pasts   Pasts // nil: none can be looked at
	Log     *slog.Logger
	Now     func() time.Time
	Secure  bool       // browsers reach us over TLS: cookies demand it, and HSTS is sent
	Demo    *demo.Demo // nil outside the demo
}

// site is a configured set of pages.
type site struct {
	Config
}

// New returns the handler of all customers' sites. It wants requests as the
// browser sent them: Host as typed, RemoteAddr of the browser.
func New(c Config) http.Handler {
	s := &site{Config: c}
	return s.chain(http.HandlerFunc(s.handle))
}

// handle runs the handler of the route that the chain has found. Where that wants a fresh
// proof of who somebody is, they are asked for one, and then go on.
func (s *site) handle(w http.ResponseWriter, r *http.Request) {
	v := page.VisitOf(r)
	err := v.Route.Handler(w, r, v.Tenant)
	if identity.Stale(err) {
		err = factor.AskProof(w, r, v.Tenant)
	}
	if err != nil {
		page.Fail(w, r, err)
	}
}
