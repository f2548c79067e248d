// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"slices"

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

const get, post = http.MethodGet, http.MethodPost

// Routes returns every address of a customer's site outside the demo.
func Routes() []Route {
	return slices.Concat(everydayRoutes(), noticeRoutes(), sickRoutes(), adminRoutes(), holidayRoutes(), ruleRoutes())
}

// everydayRoutes are what everybody meets, and managers.
func everydayRoutes() []Route {
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

		{get, "/claims", SignedIn, showClaims},
		{get, "/claims/new", SignedIn, showClaim},
		{post, "/claims/new", SignedIn, postClaim},
		{post, "/claims/{id}/withdraw", SignedIn, withdrawClaim},
		{post, "/claims/{id}/approve", SignedIn, approveClaim},
		{post, "/claims/{id}/refuse", SignedIn, refuseClaim},
		{get, "/people/{id}/claims", SignedIn, showClaimsOf},

		{get, "/inbox", SignedIn, showInbox},
		{post, "/inbox", SignedIn, decide},
		{get, "/calendar", SignedIn, showChart},
		{get, "/away", SignedIn, showAway},

		{get, "/balance", SignedIn, showOwnBalance},
		{get, "/notices/{id}", SignedIn, showNotice},
		{get, "/people", Manager, showPeople},
		{get, "/people/{id}/balance", SignedIn, showBalance},
		{get, "/people/{id}/requests", SignedIn, showRequestsOf},
		{post, "/people/{id}/adjustments", Administrator, adjust},
		{post, "/people/{id}/fixed", Administrator, fixEntitlement},

		{get, overviewPath, Manager, showOverview},
		{get, "/balances/file", Manager, overviewFile},
		{get, collectivePath, Manager, showCollectives},
		{post, collectivePath, Manager, bookCollective},
		{get, "/collective/new", Manager, showNewCollective},
		{post, "/collective/new", Manager, previewCollective},
		{get, "/collective/{id}", Manager, showCollective},
		{post, "/collective/{id}/undo", Manager, undoCollective},

		{get, "/account", SignedIn, showAccount},
		{post, "/account/password", SignedIn, changePassword},
		{get, "/stand-ins", SignedIn, showStandIns},
		{post, "/stand-ins", SignedIn, saveStandIn},
		{post, "/stand-ins/{id}/end", SignedIn, endStandIn},
		{post, "/account/sessions/{id}/end", SignedIn, endSession},
		{post, "/account/sessions/end-others", SignedIn, endOtherSessions},

		{get, static.Prefix, Asset, files},
		{get, "/robots.txt", Asset, robots},
		{"", "/", Public, notFound},
	}
}

// sickRoutes report sickness and follow it. Who may see and do what with one report is for
// the domain.
func sickRoutes() []Route {
	return []Route{
		{get, "/sick", SignedIn, showSick},
		{post, "/sick", SignedIn, reportSick},
		{get, "/sick/history", SignedIn, showOwnSickness},
		{get, "/absences/{id}", SignedIn, showAbsence},
		{post, "/absences/{id}/recover", SignedIn, recoverSick},
		{post, "/absences/{id}/expect", SignedIn, expectSick},
		{post, "/absences/{id}/agree", SignedIn, agreeSick},
		{post, "/absences/{id}/withdraw", SignedIn, withdrawSick},
		{post, "/absences/{id}/notes", SignedIn, addSickNote},
		{get, "/absences/{id}/correct", Officer, showCorrectSick},
		{post, "/absences/{id}/correct", Officer, correctSick},
		{get, "/people/{id}/sickness", SignedIn, showSicknessOf},
		{get, "/sickness", Officer, showSickness},
		{get, figuresPath, SignedIn, showSickFigures},
		{get, figuresPath + "/csv", SignedIn, sendSickFigures},
	}
}

// adminRoutes are the pages of those who keep people and places.
func adminRoutes() []Route {
	return []Route{
		{get, "/manage", Administrator, showAdmin},

		{get, "/manage/people", Administrator, showStaff},
		{get, "/manage/people/new", Administrator, showNewPerson},
		{post, "/manage/people/new", Administrator, addPerson},
		{get, "/manage/people/{id}", Administrator, showPerson},
		{get, "/manage/people/{id}/edit", Administrator, showEditPerson},
		{post, "/manage/people/{id}/edit", Administrator, savePerson},
		{post, "/manage/people/{id}/sign-in", Administrator, sendLink},
		{get, "/manage/people/{id}/employments/new", Administrator, showEmployment},
		{post, "/manage/people/{id}/employments/new", Administrator, saveEmployment},
		{get, "/manage/people/{id}/employments/{line}", Administrator, showEmployment},
		{post, "/manage/people/{id}/employments/{line}", Administrator, saveEmployment},
		{post, "/manage/people/{id}/employments/{line}/delete", Administrator, deleteEmployment},
		{get, "/manage/people/{id}/contracts/new", Administrator, showContract},
		{post, "/manage/people/{id}/contracts/new", Administrator, saveContract},
		{get, "/manage/people/{id}/contracts/{line}", Administrator, showContract},
		{post, "/manage/people/{id}/contracts/{line}", Administrator, saveContract},
		{post, "/manage/people/{id}/contracts/{line}/delete", Administrator, deleteContract},

		{get, "/manage/teams", Administrator, showTeams},
		{get, "/manage/teams/new", Administrator, showTeam},
		{post, "/manage/teams/new", Administrator, saveTeam},
		{get, "/manage/teams/{id}", Administrator, showTeam},
		{post, "/manage/teams/{id}", Administrator, saveTeam},
		{post, "/manage/teams/{id}/delete", Administrator, deleteTeam},

		{get, "/manage/locations", Administrator, showLocations},
		{get, "/manage/locations/new", Administrator, showLocation},
		{post, "/manage/locations/new", Administrator, saveLocation},
		{get, "/manage/locations/{id}", Administrator, showLocation},
		{post, "/manage/locations/{id}", Administrator, saveLocation},
		{get, "/manage/patterns", Administrator, showPatterns},
		{get, "/manage/patterns/new", Administrator, showPattern},
		{post, "/manage/patterns/new", Administrator, savePattern},
		{get, "/manage/patterns/preview", Administrator, fragment(previewPattern)},
		{get, "/manage/patterns/{id}", Administrator, showPattern},
		{post, "/manage/patterns/{id}", Administrator, savePattern},
	}
}

// holidayRoutes are the pages of days off: the customer's own days and its holiday
// sets.
func holidayRoutes() []Route {
	return []Route{
		{get, "/manage/holidays", Administrator, showHolidays},
		{post, "/manage/holidays/copy", Administrator, copyDays},
		{get, "/manage/holidays/sets/new", Administrator, showHolidaySet},
		{post, "/manage/holidays/sets/new", Administrator, saveHolidaySet},
		{get, "/manage/holidays/sets/{id}", Administrator, showHolidaySet},
		{post, "/manage/holidays/sets/{id}", Administrator, saveHolidaySet},
		{post, "/manage/holidays/sets/{id}/delete", Administrator, deleteHolidaySet},
		{get, "/manage/days/new", Administrator, showOwnDay},
		{post, "/manage/days/new", Administrator, saveOwnDay},
		{get, "/manage/days/{id}", Administrator, showOwnDay},
		{post, "/manage/days/{id}", Administrator, saveOwnDay},
		{post, "/manage/days/{id}/delete", Administrator, deleteOwnDay},
	}
}

// ruleRoutes are the pages of those who keep the rules of leave, import what
// another system wrote, and keep the settings.
func ruleRoutes() []Route {
	return []Route{
		{get, "/manage/types", Administrator, showTypes},
		{get, "/manage/types/new", Administrator, showType},
		{post, "/manage/types/new", Administrator, saveType},
		{get, "/manage/types/{id}", Administrator, showType},
		{post, "/manage/types/{id}", Administrator, saveType},
		{get, "/manage/packages", Administrator, showPackages},
		{get, "/manage/packages/new", Administrator, showPackage},
		{post, "/manage/packages/new", Administrator, savePackage},
		{get, "/manage/packages/{id}", Administrator, showPackage},
		{post, "/manage/packages/{id}", Administrator, savePackage},
		{get, "/manage/packages/{id}/policies/new", Administrator, showPolicy},
		{post, "/manage/packages/{id}/policies/new", Administrator, savePolicy},
		{get, "/manage/policies/example", Administrator, fragment(previewPolicy)},
		{get, "/manage/policies/{policy}", Administrator, showPolicy},
		{post, "/manage/policies/{policy}", Administrator, savePolicy},
		{post, "/manage/policies/{policy}/delete", Administrator, deletePolicy},
		{get, "/manage/approval", Administrator, showApproval},
		{get, "/manage/approval/new", Administrator, showRule},
		{post, "/manage/approval/new", Administrator, saveRule},
		{get, "/manage/approval/{id}", Administrator, showRule},
		{post, "/manage/approval/{id}", Administrator, saveRule},
		{post, "/manage/approval/{id}/delete", Administrator, deleteRule},
		{get, "/manage/limits", Administrator, showLimits},
		{get, "/manage/limits/new", Administrator, showLimit},
		{post, "/manage/limits/new", Administrator, saveLimit},
		{get, "/manage/limits/{id}", Administrator, showLimit},
		{post, "/manage/limits/{id}", Administrator, saveLimit},
		{post, "/manage/limits/{id}/delete", Administrator, deleteLimit},

		{get, "/manage/laws", Administrator, showLaws},
		{get, "/manage/laws/{code}", Administrator, showLaw},
		{post, "/manage/laws/{code}", Administrator, takeLaw},

		{get, "/manage/trades", Administrator, showTrades},
		{get, "/manage/trades/list.csv", Administrator, tradesFile},
		{get, "/manage/leavers", Administrator, showLeavers},
		{get, "/manage/leavers/{id}", Administrator, showLeaver},
		{get, "/manage/leavers/{id}/statement.pdf", Administrator, leaverPaper},

		{get, importPath, Administrator, showImport},
		{post, importPath, Administrator, takeFile},
		{get, "/manage/import/{file}", Administrator, showPlan},
		{post, "/manage/import/{file}", Administrator, setOptions},
		{post, "/manage/import/{file}/accept", Administrator, acceptPlan},
		{get, "/manage/import/{file}/mend", Administrator, mendFile},

		{get, "/manage/settings", SystemManager, showSettings},
		{post, "/manage/settings", SystemManager, saveSettings},
		{get, "/manage/settings/preview", SystemManager, fragment(previewSettings)},
	}
}

// noticeRoutes are the letters about leave that ends.
func noticeRoutes() []Route {
	return []Route{
		{get, "/manage/notices", Administrator, showNotices},
		{get, "/manage/notices/{type}/{ends}", Administrator, showRun},
		{post, "/manage/notices/{type}/{ends}", Administrator, sendRun},
		{get, "/manage/notices/{type}/{ends}/proof", Administrator, exportRun},
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
