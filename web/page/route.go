// SPDX-License-Identifier: Apache-2.0

package page

import (
	"net/http"
	"strings"

	"verlof/errs"
	"verlof/identity"
	"verlof/people"
	"verlof/tenant"
)

// Handler answers a request to one customer's site. What it returns goes to
// Fail; a handler that returns an error has written nothing.
type Handler func(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error

// Route is one address of the site.
type Route struct {
	Method  string // empty: any
	Pattern string // as net/http.ServeMux reads it
	Access  Access
	Handler Handler
}

// Get is a route for reading.
func Get(pattern string, a Access, h Handler) Route { return Route{http.MethodGet, pattern, a, h} }

// Post is a route for a form.
func Post(pattern string, a Access, h Handler) Route { return Route{http.MethodPost, pattern, a, h} }

// Access says for whom a route is meant.
type Access string

// The kinds of access.
const (
	Asset         Access = "asset"            // everybody, and nobody asks who
	Program       Access = "program"          // programs of any site, which prove who they are in the request; no cookie counts
	Public        Access = "public"           // signed out too
	SignedIn      Access = "signed in"        // every person
	Enrolling     Access = "enrolling"        // every person, and who has to set up a second factor before anything else
	Manager       Access = "manager"          // those who see leave of others: who leads somebody, and by a role
	Managing      Access = "managing"         // those who find anything in the administration
	Administrator Access = "administrator"    // those who keep everybody's leave
	Officer       Access = "sickness officer" // those who follow everybody's sickness
	SignInKeeper  Access = "sign-in keeper"   // those who keep the customer's sign-in, and administrators
)

// To is access for those who have a right over anybody else than themselves.
func To(r people.Right) Access { return Access(r.String()) }

// ForSome reports whether a route is for those alone who may more than everybody may.
func (a Access) ForSome() bool {
	return a.AsksWho() && a != Public && a != SignedIn && a != Enrolling
}

// Check reports what keeps the visitor of v from such a route: Unauthenticated where nobody
// is signed in, Forbidden where somebody else is wanted, nil where nothing does.
func (a Access) Check(v *Visit) error {
	switch {
	case !a.AsksWho() || a == Public:
		return nil
	case a == Enrolling && v.Waiting != nil && v.Waiting.Session.Stage == identity.Enrolment:
		return nil
	case !v.SignedIn():
		return errs.New(errs.Unauthenticated, "")
	case v.Viewer.Bureau != nil && v.Route != nil && strings.HasPrefix(v.Route.Pattern, "/account"):
		return errs.New(errs.Forbidden, "bureau.error.own_pages") // how they sign in is kept at their bureau
	case a == Manager && !v.Viewer.SeesLeave():
		return errs.New(errs.Forbidden, "web.error.manager")
	case a == Administrator:
		return v.Viewer.NeedAdministrator()
	case a == Officer:
		return v.Viewer.NeedSicknessOfficer()
	case a == SignInKeeper:
		return v.Viewer.NeedSignInKeeper()
	case a == Managing && len(SectionsOf(v)) == 0:
		return v.Viewer.Need(people.SeeSetup)
	}
	if r, ok := people.ParseRight(string(a)); ok {
		return v.Viewer.NeedAny(r)
	}
	return nil
}

// AsksWho reports whether it matters on such a route who is signed in.
func (a Access) AsksWho() bool { return a != Asset && a != Program }

// Fragment marks a handler whose answers, refusals too, are parts of a page that
// a script puts in.
func Fragment(h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
		VisitOf(r).fragment = true
		return h(w, r, t)
	}
}
