// SPDX-License-Identifier: Apache-2.0

// Package programs owns the pages about programs: the access tokens that people make for
// their scripts, and the reference of the API. It refuses to say what a token or a feed opens: that
// is for identity/access.
package programs

import "verlof/web/page"

// Routes are for those who let programs act in their name.
func Routes() []page.Route {
	return []page.Route{
		page.Get("/api", page.SignedIn, showReference),
		page.Get("/account/tokens", page.SignedIn, showTokens),
		page.Post("/account/tokens", page.SignedIn, makeToken),
		page.Get(page.FeedsPath, page.SignedIn, showFeeds),
		page.Post(page.FeedsPath, page.SignedIn, makeFeed),
		page.Post(page.FeedsPath+"/{id}/replace", page.SignedIn, replaceFeed),
		page.Post(page.FeedsPath+"/{id}/revoke", page.SignedIn, revokeFeed),
		page.Get("/feeds/{secret}/calendar.ics", page.Program, serveFeed),
		page.Get(agreedPath, page.SignedIn, showAgreed),
		page.Post(agreedPath+"/{id}/end", page.SignedIn, endAgreed),
		page.Post("/account/tokens/{id}/revoke", page.SignedIn, revokeToken),
	}
}
