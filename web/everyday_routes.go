// SPDX-License-Identifier: Apache-2.0

// Package everyday owns what everybody meets, and those who lead others: asking for
// leave, requests and decisions, balances, the calendar, claims, stand-ins, one's own
// account. It refuses what leave costs and who decides on it: that is for leave to say.
package web

// everydayRoutes are what everybody meets, and those who lead others.
func everydayRoutes() []Route {
	return []Route{
		get("/{$}", SignedIn, showHome),
		get("/leave/new", SignedIn, showAsk),
		post("/leave/new", SignedIn, postAsk),
		get("/leave/new/preview", SignedIn, fragment(showPreview)),
		get("/requests", SignedIn, showRequests),
		get("/requests/{id}", SignedIn, showRequest),
		post("/requests/{id}/withdraw", SignedIn, withdraw),
		post("/requests/{id}/cancel", SignedIn, cancel),
		post("/requests/{id}/approve", SignedIn, approve),
		post("/requests/{id}/refuse", SignedIn, refuse),
		get("/claims", SignedIn, showClaims),
		get("/claims/new", SignedIn, showClaim),
		post("/claims/new", SignedIn, postClaim),
		post("/claims/{id}/withdraw", SignedIn, withdrawClaim),
		post("/claims/{id}/approve", SignedIn, approveClaim),
		post("/claims/{id}/refuse", SignedIn, refuseClaim),
		get("/people/{id}/claims", SignedIn, showClaimsOf),
		get("/inbox", SignedIn, showInbox),
		post("/inbox", SignedIn, decide),
		get("/calendar", SignedIn, showChart),
		get("/away", SignedIn, showAway),
		get("/balance", SignedIn, showOwnBalance),
		get("/people", Manager, showPeople),
		get("/people/{id}/balance", SignedIn, showBalance),
		get("/people/{id}/requests", SignedIn, showRequestsOf),
		post("/people/{id}/adjustments", Administrator, adjust),
		post("/people/{id}/fixed", Administrator, fixEntitlement),
		get("/account", SignedIn, showAccount),
		post("/account/password", SignedIn, changePassword),
		get("/stand-ins", SignedIn, showStandIns),
		post("/stand-ins", SignedIn, saveStandIn),
		post("/stand-ins/{id}/end", SignedIn, endStandIn),
		post("/account/sessions/{id}/end", SignedIn, endSession),
		post("/account/sessions/end-others", SignedIn, endOtherSessions),
	}
}
