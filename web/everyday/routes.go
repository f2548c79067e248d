// SPDX-License-Identifier: Apache-2.0

// Package everyday owns what everybody meets, and those who lead others: asking for
// leave, requests and decisions, balances, the calendar, claims, stand-ins, one's own
// account. It refuses to say what leave costs and who decides on it: that is for leave.
package everyday

import (
	"verlof/people"
	"verlof/web/page"
)

// Routes are what everybody meets, and those who lead others.
func Routes() []page.Route {
	return []page.Route{
		page.Get("/{$}", page.SignedIn, showHome),
		page.Get("/leave/new", page.SignedIn, showAsk),
		page.Post("/leave/new", page.SignedIn, postAsk),
		page.Get("/leave/new/preview", page.SignedIn, page.Fragment(showPreview)),
		page.Get("/requests", page.SignedIn, showRequests),
		page.Get("/requests/{id}", page.SignedIn, showRequest),
		page.Get("/requests/{id}/calendar.ics", page.SignedIn, requestFile),
		page.Post("/requests/{id}/withdraw", page.SignedIn, withdraw),
		page.Post("/requests/{id}/cancel", page.SignedIn, cancel),
		page.Post("/requests/{id}/approve", page.SignedIn, approve),
		page.Post("/requests/{id}/refuse", page.SignedIn, refuse),
		page.Post("/requests/{id}/substitute", page.SignedIn, nameSubstitute),
		page.Post("/duties/{id}/agree", page.SignedIn, agreeDuty),
		page.Post("/duties/{id}/decline", page.SignedIn, declineDuty),
		page.Get("/claims", page.SignedIn, showClaims),
		page.Get("/claims/new", page.SignedIn, showClaim),
		page.Post("/claims/new", page.SignedIn, postClaim),
		page.Post("/claims/{id}/withdraw", page.SignedIn, withdrawClaim),
		page.Post("/claims/{id}/approve", page.SignedIn, approveClaim),
		page.Post("/claims/{id}/refuse", page.SignedIn, refuseClaim),
		page.Get("/people/{id}/claims", page.SignedIn, showClaimsOf),
		page.Get("/inbox", page.SignedIn, showInbox),
		page.Post("/inbox", page.SignedIn, decide),
		page.Get("/calendar", page.SignedIn, showChart),
		page.Get("/away", page.SignedIn, showAway),
		page.Get("/balance", page.SignedIn, showOwnBalance),
		page.Get("/people", page.Manager, showPeople),
		page.Get("/people/{id}/balance", page.SignedIn, showBalance),
		page.Get("/people/{id}/requests", page.SignedIn, showRequestsOf),
		page.Post("/people/{id}/adjustments", page.To(people.KeepBalances), adjust),
		page.Post("/people/{id}/fixed", page.To(people.KeepBalances), fixEntitlement),
		page.Get("/account", page.SignedIn, showAccount),
		page.Get("/account/access", page.SignedIn, showAccess),
		page.Get(page.DigestPath, page.SignedIn, showDigest),
		page.Post(page.DigestPath, page.SignedIn, chooseDigest),
		page.Post("/account/password", page.SignedIn, changePassword),
		page.Get("/stand-ins", page.SignedIn, showStandIns),
		page.Post("/stand-ins", page.SignedIn, saveStandIn),
		page.Post("/stand-ins/{id}/end", page.SignedIn, endStandIn),
		page.Post("/account/sessions/{id}/end", page.SignedIn, endSession),
		page.Post("/account/sessions/end-others", page.SignedIn, endOtherSessions),
	}
}
