// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"

	"verlof/errs"
	"verlof/tenant"
)

// Handler answers a request to one customer's site. What it returns goes to
// fail; a handler that returns an error has written nothing.
type Handler func(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error

// Route is one address of the site.
type Route struct {
	Method  string // empty: any
	Pattern string // as net/http.ServeMux reads it
	Access  Access
	Handler Handler
}

// get is a route for reading.
func get(pattern string, a Access, h Handler) Route { return Route{http.MethodGet, pattern, a, h} }

// post is a route for a form.
func post(pattern string, a Access, h Handler) Route { return Route{http.MethodPost, pattern, a, h} }

// Access says for whom a route is meant.
type Access string

// The kinds of access.
const (
	Asset         Access = "asset"            // everybody, and nobody asks who
	Public        Access = "public"           // signed out too
	SignedIn      Access = "signed in"        // every person
	Manager       Access = "manager"          // those who lead somebody, and administrators
	Administrator Access = "administrator"    // those who keep everybody's leave
	Officer       Access = "sickness officer" // those who follow everybody's sickness
	SystemManager Access = "system manager"   // those who keep the customer's settings, and administrators
)

func (a Access) check(v *visit) error {
	switch {
	case a == Asset || a == Public:
		return nil
	case !v.signedIn():
		return errs.New(errs.Unauthenticated, "")
	case a == Manager && !v.viewer.IsManager() && !v.viewer.IsAdministrator():
		return errs.New(errs.Forbidden, "web.error.manager")
	case a == Administrator:
		return v.viewer.NeedAdministrator()
	case a == Officer:
		return v.viewer.NeedSicknessOfficer()
	case a == SystemManager:
		return v.viewer.NeedSystemManager()
	}
	return nil
}

// fragment marks a handler whose answers, refusals too, are parts of a page that
// a script puts in.
func fragment(h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
		visitOf(r).fragment = true
		return h(w, r, t)
	}
}
