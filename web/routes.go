// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"slices"

	"verlof/tenant"
	"verlof/web/bureau"
	"verlof/web/door"
	"verlof/web/everyday"
	"verlof/web/factor"
	"verlof/web/manage/rules"
	"verlof/web/manage/staff"
	"verlof/web/manage/upkeep"
	"verlof/web/manage/work"
	"verlof/web/page"
	"verlof/web/programs"
	"verlof/web/promises"
	"verlof/web/provider"
	"verlof/web/sick"
	"verlof/web/static"
)

// Routes returns every address of a customer's site outside the demo.
func Routes() []page.Route {
	return slices.Concat(door.Routes(), factor.Routes(), provider.Routes(), everyday.Routes(), programs.Routes(), sick.Routes(), staff.Routes(), rules.Routes(), work.Routes(), upkeep.Routes(), bureau.Routes(), promises.Routes(), ownRoutes())
}

// ownRoutes are what no page package owns.
func ownRoutes() []page.Route {
	return []page.Route{
		page.Get(static.Prefix, page.Asset, files),
		page.Get("/robots.txt", page.Asset, robots),
		{Pattern: "/", Access: page.Public, Handler: notFound},
	}
}

// routes returns what this site serves.
func (s *site) routes() []page.Route {
	return append(Routes(), s.Demo.Routes()...)
}

// files serves what pages need beside their HTML.
func files(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
	static.Handler().ServeHTTP(w, r)
	return nil
}

// robots keeps search engines away: there is nothing here for them.
func robots(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
	page.Send(w, r, http.StatusOK, "text/plain; charset=utf-8", []byte("User-agent: *\nDisallow: /\n"))
	return nil
}
