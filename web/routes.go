// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"slices"

	"verlof/tenant"
	"verlof/web/static"
)

// Routes returns every address of a customer's site outside the demo.
func Routes() []Route {
	return slices.Concat(doorRoutes(), everydayRoutes(), sickRoutes(), staffRoutes(), rulesRoutes(), workRoutes(), upkeepRoutes(), ownRoutes())
}

// ownRoutes are what no page package owns.
func ownRoutes() []Route {
	return []Route{
		get(static.Prefix, Asset, files),
		get("/robots.txt", Asset, robots),
		{Pattern: "/", Access: Public, Handler: notFound},
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
