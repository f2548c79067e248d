// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"

	"verlof/errs"
	"verlof/tenant"
	"verlof/web/static"
	"verlof/web/template"
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

// Access says for whom a route is meant.
type Access string

// The kinds of access.
const (
	Asset         Access = "asset"         // everybody, and nobody asks who
	Public        Access = "public"        // signed out too
	SignedIn      Access = "signed in"     // every person
	Manager       Access = "manager"       // those who lead somebody, and administrators
	Administrator Access = "administrator" // those who keep everybody's leave
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
	}
	return nil
}

const get, post = http.MethodGet, http.MethodPost

// Routes returns every address of a customer's site outside the demo.
func Routes() []Route {
	return []Route{
		{get, "/sign-in", Public, showSignIn},
		{post, "/sign-in", Public, signIn},
		{post, template.SignOutPath, Public, signOut},
		{get, "/forgot", Public, showForgot},
		{post, "/forgot", Public, forgot},
		{get, "/invitation/{token}", Public, showInvitation},
		{post, "/invitation/{token}", Public, redeem},
		{get, "/reset/{token}", Public, showReset},
		{post, "/reset/{token}", Public, redeem},
		{post, template.ThemePath, Public, chooseTheme},
		{post, template.LanguagePath, Public, chooseLanguage},

		{get, "/{$}", SignedIn, showHome},
		{get, "/leave/new", SignedIn, showAsk},
		{post, "/leave/new", SignedIn, postAsk},
		{get, "/leave/new/preview", SignedIn, fragment(showPreview)},

		{get, "/requests", SignedIn, showRequests},
		{get, "/requests/{id}", SignedIn, showRequest},
		{post, "/requests/{id}/withdraw", SignedIn, withdraw},
		{post, "/requests/{id}/cancel", SignedIn, cancel},
		{post, "/requests/{id}/approve", SignedIn, approve},
		{post, "/requests/{id}/refuse", SignedIn, refuse},

		{get, "/inbox", Manager, showInbox},
		{post, "/inbox", Manager, decide},
		{get, "/calendar", SignedIn, showChart},
		{get, "/away", SignedIn, showAway},

		{get, "/balance", SignedIn, showOwnBalance},
		{get, "/people", Manager, showPeople},
		{get, "/people/{id}/balance", SignedIn, showBalance},
		{get, "/people/{id}/requests", SignedIn, showRequestsOf},
		{post, "/people/{id}/adjustments", Administrator, adjust},

		{get, "/account", SignedIn, showAccount},
		{post, "/account/password", SignedIn, changePassword},
		{post, "/account/sessions/{id}/end", SignedIn, endSession},
		{post, "/account/sessions/end-others", SignedIn, endOtherSessions},

		{get, static.Prefix, Asset, files},
		{get, "/robots.txt", Asset, robots},
		{"", "/", Public, notFound},
	}
}

// fragment marks a handler whose answers, refusals too, are parts of a page that
// a script puts in.
func fragment(h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
		visitOf(r).fragment = true
		return h(w, r, t)
	}
}

// routes returns what this site serves.
func (s *site) routes() []Route {
	return append(Routes(), s.Demo.routes()...)
}

// files serves what pages need beside their HTML.
func files(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
	static.Handler().ServeHTTP(w, r)
	return nil
}

// robots keeps search engines away: there is nothing here for them.
func robots(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
	send(w, r, http.StatusOK, "text/plain; charset=utf-8", []byte("User-agent: *\nDisallow: /\n"))
	return nil
}
