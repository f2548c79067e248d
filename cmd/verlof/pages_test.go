// SPDX-License-Identifier: Apache-2.0

//go:build !race

package main

import (
	"bytes"
	"cmp"
	"html"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/identity/openid"
	"verlof/internal/browsertest"
	"verlof/internal/lang"
	"verlof/web"
)

// sight is a page in a state worth looking at, by somebody for whom it is meant.
type sight struct {
	name   string // of its pictures
	who    role
	path   string // {person} and the like: see ids
	status int    // 0: 200
}

// sights has an entry for every page of the site; a route that answers GET and is
// not here fails the test.
var sights = map[string][]sight{
	"/sign-in":            {{"sign-in", nobody, "/sign-in", 0}},
	"/sso/{id}":           nil, // off to the provider
	"/step-over":          {{"step-over-none", nobody, "/step-over?pass=none", 404}},
	"/sso/{id}/return":    {{"provider-late", nobody, "/sso/none/return?state=none&code=none", 401}},
	"/forgot":             {{"forgot", nobody, "/forgot", 0}},
	"/promises":           {{"promises", nobody, "/promises", 0}, {"promises-inside", employee, "/promises", 0}},
	"/reset/{token}":      {{"reset", nobody, "{reset}", 0}},
	"/invitation/{token}": {{"invitation", nobody, "{invitation}", 0}, {"invitation-old", nobody, "/invitation/old", 404}},

	"/oauth/authorize":                  {{"consent", employee, "{consent}", 0}, {"consent-unknown", nobody, "/oauth/authorize?client_id=none", 422}},
	"/device":                           {{"device", employee, "/device?code=WDJB-MJHT", 0}},
	"/oauth/logout":                     {{"leave", employee, "/oauth/logout", 0}},
	"/oauth/logout/done":                {{"left", nobody, "/oauth/logout/done", 0}},
	"/oauth/keys":                       nil, // for programs
	"/oauth/userinfo":                   nil,
	"/oauth/token":                      nil,
	"/oauth/par":                        nil,
	"/oauth/device":                     nil,
	"/oauth/revoke":                     nil,
	"/.well-known/openid-configuration": nil,
	"/.well-known/oauth-authorization-server": nil,

	"/{$}": {{"home", employee, "/", 0}, {"home-manager", manager, "/", 0}, {"home-administrator", administrator, "/", 0}},
	"/leave/new": {{"ask", employee, "/leave/new", 0}, {"ask-filled", employee, "/leave/new?from={free}&to={free}", 0},
		{"ask-too-much", employee, "/leave/new?from={free}&to={late}", 0}, {"ask-for", manager, "/leave/new?person={person}", 0}},
	"/leave/new/preview": nil, // a part of the page before

	"/requests":                   {{"requests", employee, "/requests", 0}, {"requests-none", employee, "/requests?year=2001", 0}},
	"/requests/{id}":              {{"request", employee, "{request}", 0}, {"request-decide", manager, "{waiting}", 0}},
	"/requests/{id}/calendar.ics": nil, // a file
	"/claims":                     {{"claims", employee, "/claims", 0}},
	"/claims/new":                 {{"claim-overtime", employee, "/claims/new?kind=overtime", 0}, {"claim-purchase", employee, "/claims/new?kind=purchase", 0}, {"claim-event", administrator, "/claims/new?kind=event&person={person}", 0}},
	"/people/{id}/claims":         {{"claims-of", manager, "/people/{person}/claims", 0}},

	"/sick":                              {{"sick", employee, "/sick", 0}, {"sick-for", manager, "/sick", 0}},
	"/sick/history":                      {{"sick-history", employee, "/sick/history", 0}},
	"/absences/{id}":                     {{"absence", officer, "{absence}", 0}},
	"/absences/{id}/correct":             {{"absence-correct", officer, "{absence}/correct", 0}},
	"/people/{id}/sickness":              {{"person-sickness", officer, "/people/{person}/sickness", 0}},
	"/sickness":                          {{"sickness", officer, "/sickness", 0}},
	"/sickness/figures":                  {{"sickness-figures", officer, "/sickness/figures", 0}},
	"/sickness/figures/csv":              nil, // a file
	"/inbox":                             {{"inbox", manager, "/inbox", 0}, {"inbox-none", employee, "/inbox", 0}},
	"/manage/adjustments":                {{"by-hand", administrator, "/manage/adjustments", 0}, {"by-hand-nothing", administrator, "/manage/adjustments?year=1999", 0}},
	"/manage/adjustments/{id}/undo":      {{"by-hand-undo", administrator, "{by_hand}", 0}},
	"/manage/trades":                     {{"trades", administrator, "/manage/trades", 0}},
	"/manage/rights/list.csv":            nil, // a file
	"/manage/trades/list.csv":            nil, // a file
	"/manage/years":                      {{"years", administrator, "/manage/years", 0}},
	"/manage/years/{to}":                 {{"year", administrator, "{year}", 0}},
	"/manage/years/{to}/file":            nil, // a file
	"/manage/leavers":                    {{"leavers", administrator, "/manage/leavers", 0}},
	"/manage/leavers/{id}":               {{"leaver", administrator, "{leaver}", 0}},
	"/manage/leavers/{id}/statement.pdf": nil, // a paper

	"/calendar": {{"month-manager", manager, "/calendar", 0}, {"month-all", administrator, "/calendar", 0}, {"month-employee", employee, "/calendar", 0},
		{"quarter", manager, "/calendar?by=quarter", 0}},
	"/away": {{"away", manager, "/away", 0}, {"away-nobody", employee, "/away?date=2001-01-01", 0}},

	"/balance": {{"balance", employee, "/balance", 0}, {"balance-later", employee, "/balance?at={late}", 0}},
	"/people": {{"people", manager, "/people", 0}, {"people-all", administrator, "/people", 0},
		{"people-none", administrator, "/people?find=nobody", 0}},
	"/people/{id}/balance":         {{"person-balance", administrator, "/people/{person}/balance", 0}},
	"/people/{id}/requests":        {{"person-requests", manager, "/people/{person}/requests", 0}},
	"/balances":                    {{"balances", administrator, "/balances", 0}, {"balances-manager", manager, "/balances", 0}, {"balances-none", administrator, "/balances?at=1990-01-01", 0}},
	"/balances/file":               nil, // a file
	"/taken":                       {{"taken", administrator, "/taken", 0}, {"taken-manager", manager, "/taken", 0}, {"taken-none", administrator, "/taken?from=1990-01-01&to=1990-01-31", 0}},
	"/taken/file":                  nil, // a file
	"/taken/settlements":           {{"settlements", administrator, "/taken/settlements", 0}},
	"/taken/settlements/new":       {{"settle", administrator, "/taken/settlements/new", 0}},
	"/taken/settlements/{id}":      {{"settlement", administrator, "{settlement}", 0}},
	"/taken/settlements/{id}/file": nil, // a file
	"/collective":                  {{"collective", administrator, "/collective", 0}, {"collective-manager", manager, "/collective", 0}},
	"/collective/new":              {{"collective-new", administrator, "/collective/new", 0}, {"collective-new-manager", manager, "/collective/new", 0}},
	"/collective/{id}":             {{"collective-one", administrator, "{collective}", 0}},
	"/sign-in/second":              {{"second-step-none", nobody, "/sign-in/second", 0}}, // see TestPasskey for who waits
	"/account/enrol":               {{"enrol", employee, "/account/enrol", 0}},
	"/account/app":                 {{"app", employee, "/account/app", 0}},
	"/account/passkeys/new":        {{"passkey-new", employee, "/account/passkeys/new", 0}},
	"/account/security":            {{"security", employee, "/account/security", 0}},
	"/step-up":                     {{"step-up", employee, "/step-up", 0}},
	"/manage/sign-in":              {{"manage-sign-in", administrator, "/manage/sign-in", 0}, {"manage-sign-in-without", administrator, "/manage/sign-in?who=without", 0}},
	"/account":                     {{"account", employee, "/account", 0}, {"account-manager", manager, "/account", 0}},
	"/api":                         {{"api", employee, "/api", 0}},
	"/account/access":              {{"account-access", employee, "/account/access", 0}},
	"/account/applications":        {{"agreed", employee, "/account/applications", 0}},
	"/manage/sign-in/{id}":         {{"manage-entrance", administrator, "{entrance}", 0}},
	"/account/digest":              {{"digest", employee, "/account/digest", 0}, {"digest-leads", manager, "/account/digest", 0}},
	"/account/feeds":               {{"feeds", employee, "/account/feeds", 0}},
	"/feeds/{secret}/calendar.ics": nil, // for calendar apps
	"/account/tokens":              {{"tokens", employee, "/account/tokens", 0}},
	"/stand-ins":                   {{"stand-ins", manager, "/stand-ins", 0}, {"not-for-you", employee, "/manage", 403}},

	"/notices/{id}":                       {{"notice-none", employee, "/notices/none", 404}},
	"/manage/notices":                     {{"manage-notices", administrator, "/manage/notices", 0}},
	"/manage/notices/{type}/{ends}":       {{"manage-notice-run", administrator, "{run}", 0}},
	"/manage/notices/{type}/{ends}/proof": nil, // a file

	"/manage":                                {{"manage", administrator, "/manage", 0}},
	"/manage/people":                         {{"manage-people", administrator, "/manage/people", 0}, {"manage-people-none", administrator, "/manage/people?find=nobody", 0}},
	"/manage/people/new":                     {{"manage-person-new", administrator, "/manage/people/new", 0}},
	"/manage/people/{id}":                    {{"manage-person", administrator, "/manage/people/{person}", 0}},
	"/manage/people/{id}/edit":               {{"manage-person-edit", administrator, "/manage/people/{person}/edit", 0}},
	"/manage/people/{id}/employments/new":    {{"manage-employment-new", administrator, "/manage/people/{person}/employments/new", 0}},
	"/manage/people/{id}/employments/{line}": {{"manage-employment", administrator, "{employment}", 0}},
	"/manage/people/{id}/contracts/new":      {{"manage-contract-new", administrator, "/manage/people/{person}/contracts/new", 0}},
	"/manage/people/{id}/contracts/{line}":   {{"manage-contract", administrator, "{contract}", 0}},
	"/manage/roles":                          {{"manage-roles", administrator, "/manage/roles", 0}},
	"/manage/roles/new":                      {{"manage-role-new", administrator, "/manage/roles/new", 0}},
	"/manage/roles/{id}":                     {{"manage-role", administrator, "{role}", 0}},
	"/manage/rights":                         {{"manage-rights", administrator, "/manage/rights", 0}},
	"/manage/teams":                          {{"manage-teams", administrator, "/manage/teams", 0}},
	"/manage/teams/new":                      {{"manage-team-new", administrator, "/manage/teams/new", 0}},
	"/manage/teams/{id}":                     {{"manage-team", administrator, "{team}", 0}},
	"/manage/locations":                      {{"manage-locations", administrator, "/manage/locations", 0}},
	"/manage/locations/new":                  {{"manage-location-new", administrator, "/manage/locations/new", 0}},
	"/manage/locations/{id}":                 {{"manage-location", administrator, "{location}", 0}},
	"/manage/holidays":                       {{"manage-holidays", administrator, "/manage/holidays", 0}},
	"/manage/holidays/sets/new":              {{"manage-holiday-set-new", administrator, "/manage/holidays/sets/new", 0}},
	"/manage/holidays/sets/{id}":             {{"manage-holiday-set", administrator, "{set}", 0}},
	"/manage/days/new":                       {{"manage-day-new", administrator, "/manage/days/new", 0}, {"manage-day-feast", administrator, "/manage/days/new?feast=kings-day", 0}},
	"/manage/days/{id}":                      {{"manage-day", administrator, "{day}", 0}},
	"/manage/patterns":                       {{"manage-patterns", administrator, "/manage/patterns", 0}},
	"/manage/patterns/new":                   {{"manage-pattern-new", administrator, "/manage/patterns/new", 0}},
	"/manage/patterns/{id}":                  {{"manage-pattern", administrator, "{pattern}", 0}},
	"/manage/patterns/preview":               nil, // a part of the page before
	"/manage/types":                          {{"manage-types", administrator, "/manage/types", 0}},
	"/manage/types/new":                      {{"manage-type-new", administrator, "/manage/types/new", 0}},
	"/manage/types/{id}":                     {{"manage-type", administrator, "{type}", 0}},
	"/manage/packages":                       {{"manage-packages", administrator, "/manage/packages", 0}},
	"/manage/packages/new":                   {{"manage-package-new", administrator, "/manage/packages/new", 0}},
	"/manage/packages/{id}":                  {{"manage-package", administrator, "{package}", 0}},
	"/manage/packages/{id}/policies/new":     {{"manage-policy-new", administrator, "{package}/policies/new?type={kind}", 0}},
	"/manage/policies/{policy}":              {{"manage-policy", administrator, "{policy}", 0}},
	"/manage/policies/example":               nil, // a part of the page before
	"/manage/approval":                       {{"manage-approval", administrator, "/manage/approval", 0}},
	"/manage/approval/new":                   {{"manage-rule-new", administrator, "/manage/approval/new", 0}},
	"/manage/approval/{id}":                  {{"manage-rule", administrator, "{rule}", 0}},
	"/manage/limits":                         {{"manage-limits", administrator, "/manage/limits", 0}},
	"/manage/limits/new":                     {{"manage-limit-new", administrator, "/manage/limits/new", 0}},
	"/manage/limits/{id}":                    {{"manage-limit", administrator, "{limit}", 0}},
	"/manage/laws":                           {{"manage-laws", administrator, "/manage/laws", 0}},
	"/manage/laws/{code}":                    {{"manage-law", administrator, "/manage/laws/NL", 0}},
	"/manage/changes":                        {{"changes", administrator, "/manage/changes", 0}, {"changes-none", administrator, "/manage/changes?kind=law", 0}},
	"/manage/changes/{id}":                   {{"change-made", administrator, "{change}", 0}},
	"/manage/import":                         {{"manage-import", administrator, "/manage/import", 0}},
	"/manage/import/{file}":                  {{"manage-import-plan", administrator, "{plan}", 0}, {"manage-import-columns", administrator, "{columns}", 422}},
	"/manage/import/{file}/mend":             nil, // a file
	"/manage/import-blank/{kind}":            nil, // a file
	"/manage/bureaus":                        {{"manage-bureaus", administrator, "/manage/bureaus", 0}},
	"/manage/bureaus/new":                    {{"manage-bureau-new", administrator, "/manage/bureaus/new", 0}},
	"/manage/bureaus/{id}":                   {{"manage-bureau", administrator, "{bureau}", 0}},
	"/manage/served":                         {{"manage-served", administrator, "/manage/served", 0}},
	"/manage/served/{id}":                    {{"manage-served-customer", administrator, "{served}", 0}},
	"/serve":                                 {{"serve", administrator, "/serve", 0}, {"serve-none", employee, "/serve", 0}},
	"/manage/sso":                            {{"manage-sso", administrator, "/manage/sso", 0}},
	"/sso/{id}/metadata":                     nil, // for a provider to read
	"/manage/sso/keys":                       {{"manage-sso-keys", administrator, "/manage/sso/keys", 0}},
	"/manage/sso/{id}/metadata":              {{"manage-sso-metadata", administrator, "{saml}/metadata", 0}},
	"/manage/sso/new":                        {{"manage-sso-new", administrator, "/manage/sso/new", 0}},
	"/manage/sso/{id}":                       {{"manage-sso-provider", administrator, "{provider}", 0}},
	"/manage/sso/{id}/try":                   nil, // off to the provider
	"/manage/export":                         {{"manage-export", administrator, "/manage/export", 0}},
	"/manage/pasts":                          {{"manage-pasts", administrator, "/manage/pasts", 0}},
	"/manage/pasts/{id}":                     {{"manage-past", administrator, "{past}", 0}},
	"/manage/pasts/{id}/back":                {{"manage-past-back", administrator, "{back}", 0}},
	"/manage/pasts/{id}/look":                nil, // leads elsewhere
	"/manage/webhooks":                       {{"manage-webhooks", administrator, "/manage/webhooks", 0}},
	"/manage/webhooks/new":                   {{"manage-webhook-new", administrator, "/manage/webhooks/new", 0}},
	"/manage/webhooks/{id}":                  {{"manage-webhook", administrator, "{webhook}", 0}},
	"/manage/applications":                   {{"manage-applications", administrator, "/manage/applications", 0}},
	"/manage/applications/new":               {{"manage-application-new", administrator, "/manage/applications/new", 0}},
	"/manage/applications/{id}":              {{"manage-application", administrator, "{application}", 0}},
	"/manage/settings":                       {{"manage-settings", administrator, "/manage/settings", 0}},
	"/manage/settings/preview":               nil, // a part of the page before
	"/manage/joiners":                        {{"manage-joiners", administrator, "/manage/joiners", 0}},
	"/manage/joiners/{id}":                   {{"manage-joiner", administrator, "{joiner}", 0}},
	"/manage/provisioning":                   {{"manage-provisioning", administrator, "/manage/provisioning", 0}},
	"/manage/provisioning/groups/{id}":       {{"manage-provisioning-group", administrator, "{group}", 0}},

	"/robots.txt": nil, // no page
	"/static/":    nil, // no page
	"/":           {{"nothing", employee, "/nowhere", 404}, {"nothing-signed-out", nobody, "/nowhere", 404}},

	"/demo/scenario": {{"scenario", employee, "/demo/scenario?example=carry_over", 0}},
	"/demo":          {{"demo-start", nobody, "/demo", 0}, {"demo-start-signed-in", employee, "/demo", 0}},
	"/demo/mail":     {{"mail", manager, "/demo/mail", 0}},
	"/styleguide":    {{"styleguide", employee, "/styleguide", 0}},
}

// TestPages opens every page as those for whom it is meant, on a desk in the light and on
// a phone in the dark: axe finds no violation, nothing is wider than the screen, no page
// complains, and none weighs more than it may. Pictures of all, in both lights, are taken
// where VERLOF_OUT names a folder for them.
func TestPages(t *testing.T) {
	t.Parallel()
	r := newRunning(t)
	ids := r.ids("acme")
	for _, v := range []browsertest.View{browsertest.Desk, browsertest.Phone.InDark()} {
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			tabs := map[role]*tab{}
			for _, pattern := range slices.Sorted(maps.Keys(sights)) {
				for _, s := range sights[pattern] {
					if tabs[s.who] == nil {
						tabs[s.who] = r.tab(t, v, "acme", s.who)
					}
					s.look(t, tabs[s.who], ids)
				}
			}
		})
	}
}

// maxWeight is what a page may weigh over the wire with all that it loads, in
// bytes.
const maxWeight = 100_000

// look opens a page as one who was never here, and looks at it.
func (s sight) look(t *testing.T, p *tab, ids *strings.Replacer) {
	t.Helper()
	address := p.site + ids.Replace(s.path)
	status, weight := p.Weigh(address)
	if status != cmp.Or(s.status, http.StatusOK) || weight > maxWeight {
		t.Errorf("%s (%s): %d with %d bytes", s.name, p.View(), status, weight)
	}
	p.Inspect(s.name)
	if p.View().Touch {
		s.inOthers(p, address)
	}
}

// inOthers looks at a page in the languages with longer words.
func (s sight) inOthers(p *tab, address string) {
	p.t.Helper()
	english := p.View()
	for _, tag := range lang.Tags()[1:] {
		p.Look(english.In(tag))
		p.Goto(address)
		p.Picture(s.name + "-" + tag)
		for _, wide := range p.Overflow() {
			p.t.Errorf("%s in %s is wider than the screen: %s", s.name, tag, wide)
		}
	}
	p.Look(english)
}

// ids fills in what the paths of sights leave open.
func (r *running) ids(slug string) *strings.Replacer {
	r.Helper()
	self, boss, keeper := r.client(slug, employee), r.client(slug, manager), r.client(slug, administrator)
	person := string(r.person(slug, employee).ID)
	free := calendar.On(calendar.DateOf(time.Now()).Year()+1, time.September, 7).Monday()
	pairs := []string{"{person}", person, "{free}", free.String(), "{late}", free.AddMonths(3).String(),
		"{reset}", r.reset(slug), "{invitation}", r.invitation(slug, keeper),
		"{plan}", r.upload(keeper, staff), "{columns}", r.upload(keeper, "one;two\nthree;four\n")}
	for _, x := range []struct {
		name   string
		b      *browser
		page   string
		prefix string
	}{
		{"{request}", self, "/requests", "/requests/"},
		{"{waiting}", boss, "/inbox", "/requests/"},
		{"{employment}", keeper, "/manage/people/" + person, "/manage/people/" + person + "/employments/"},
		{"{contract}", keeper, "/manage/people/" + person, "/manage/people/" + person + "/contracts/"},
		{"{collective}", keeper, "/collective", "/collective/"},
		{"{team}", keeper, "/manage/teams", "/manage/teams/"},
		{"{absence}", r.client(slug, officer), "/sickness", "/absences/"},
		{"{location}", keeper, "/manage/locations", "/manage/locations/"},
		{"{day}", keeper, "/manage/holidays", "/manage/days/"},
		{"{set}", keeper, "/manage/holidays", "/manage/holidays/sets/"},
		{"{pattern}", keeper, "/manage/patterns", "/manage/patterns/"},
		{"{type}", keeper, "/manage/types", "/manage/types/"},
		{"{package}", keeper, "/manage/packages", "/manage/packages/"},
		{"{rule}", keeper, "/manage/approval", "/manage/approval/"},
		{"{limit}", keeper, "/manage/limits", "/manage/limits/"},
		{"{policy}", keeper, "/manage/packages", "/manage/policies/"},
		{"{leaver}", keeper, "/manage/leavers", "/manage/leavers/"},
		{"{settlement}", keeper, "/taken/settlements", "/taken/settlements/"},
	} {
		pairs = append(pairs, x.name, r.find(x.b, x.page, `href="(`+x.prefix+slug+`-[0-9]+)["?]`))
	}
	pairs = append(pairs, "{change}", r.find(keeper, "/manage/changes", `href="(/manage/changes/[0-9a-z]+)"`))
	pairs = append(pairs, "{year}", r.find(keeper, "/manage/years", `href="(/manage/years/[0-9-]+)"`))
	pairs = append(pairs, "{run}", r.find(keeper, "/manage/notices", `href="(/manage/notices/`+slug+`-[0-9]+/[0-9-]+)"`))
	pairs = append(pairs, "{role}", r.find(keeper, "/manage/roles", `href="(/manage/roles/`+slug+`-hr)"`))
	pairs = append(pairs, "{joiner}", r.find(keeper, "/manage/joiners", `href="(/manage/joiners/[0-9a-z]{26})"`),
		"{group}", r.find(keeper, "/manage/provisioning", `href="(/manage/provisioning/groups/[0-9a-z]{26})"`))
	pairs = append(pairs, "{entrance}", r.find(keeper, "/manage/sign-in", `href="(/manage/sign-in/`+slug+`-[0-9]+)"`))
	application := r.find(keeper, "/manage/applications", `href="(/manage/applications/[0-9a-z]{26})">Intranet<`)
	pairs = append(pairs, "{application}", application, "{consent}", consentFor(strings.TrimPrefix(application, "/manage/applications/")))
	pairs = append(pairs, "{saml}", r.find(keeper, "/manage/sso", `href="(/manage/sso/[0-9a-z]{26})">Keycloak`))
	pairs = append(pairs, "{bureau}", r.find(keeper, "/manage/bureaus", `href="(/manage/bureaus/[0-9a-z]{26})"`),
		"{served}", r.find(keeper, "/manage/served", `href="(/manage/served/[0-9a-z]{26})"`))
	past := r.find(keeper, "/manage/pasts", `href="(/manage/pasts/[0-9a-z]{26})"`)
	pairs = append(pairs, "{past}", past, "{back}", html.UnescapeString(r.find(keeper, past, `href="(/manage/pasts/[^"]+/back[^"]+)"`)))
	pairs = append(pairs, "{provider}", r.find(keeper, "/manage/sso", `href="(/manage/sso/[0-9a-z]{26})"`))
	pairs = append(pairs, "{webhook}", r.find(keeper, "/manage/webhooks", `href="(/manage/webhooks/[0-9a-z]{26})"`))
	pairs = append(pairs, "{by_hand}", r.find(keeper, "/manage/adjustments", `href="(/manage/adjustments/[^"]+/undo)"`))
	pairs = append(pairs, "{kind}", r.find(keeper, "/manage/types", `href="/manage/types/(`+slug+`-[0-9]+)"`))
	return strings.NewReplacer(pairs...)
}

// consentFor is how an application of the demo sends somebody to sign in.
func consentFor(client string) string {
	return openid.AuthorizePath + "?" + url.Values{"client_id": {client}, "redirect_uri": {"https://intranet.example/signed-in"}, "response_type": {"code"},
		"scope": {"openid profile email"}, "code_challenge": {strings.Repeat("A", 43)}, "code_challenge_method": {"S256"}, "prompt": {"consent"}}.Encode()
}

// reset asks for a link to choose another password, and finds it in the mail.
func (r *running) reset(slug string) string {
	r.Helper()
	r.client(slug, employee).post("/forgot", "email", r.person(slug, colleague).Email)
	return r.mailed(slug, "/reset/")
}

// invitation adds somebody, and finds the link in their mail.
func (r *running) invitation(slug string, keeper *browser) string {
	r.Helper()
	option := func(name string) string {
		return r.find(keeper, "/manage/people/new", `(?s)<select[^>]*name="`+name+`".*?<option value="([^"]+)"`)
	}
	status, page := keeper.post("/manage/people/new", "given", "Nora", "family", "Nightingale", "email", "nora.nightingale@"+slug+".example",
		"from", "2026-01-01", "location", option("location"), "pattern", option("pattern"), "package", option("package"), "invite", "yes")
	if status != http.StatusOK || !strings.Contains(page, "Nightingale") {
		r.Fatalf("add somebody: %d %s", status, page)
	}
	return r.mailed(slug, "/invitation/")
}

// staff is a file of people as another system writes it, with two lines to mend.
const staff = "number;email;first name;last name;department;in service from\n" +
	"9001;ada.arrow@acme.example;Ada;Arrow;Support;2026-02-01\n9002;bo.bridge@acme.example;Bo;Bridge;Support;31-31-2026\n" +
	"9003;cy.cedar@acme.example;Cy;Cedar;Stargazing;2026-03-01\n9003;di.dune@acme.example;Di;Dune;Sales;2026-04-01\n"

// upload hands in a file and returns the path of its plan.
func (r *running) upload(b *browser, text string) string {
	r.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, _ := w.CreateFormFile("file", "staff.csv") // a buffer takes all
	_, _ = part.Write([]byte(text))
	_ = w.Close()
	a, err := b.Post(b.base+"/manage/import", w.FormDataContentType(), &body)
	if err != nil {
		r.Fatal(err)
	}
	a.Body.Close()
	path := a.Request.URL.Path
	if path == "/manage/import" { // columns that it does not know it asks for
		r.Fatalf("hand in a file: %d at %s", a.StatusCode, path)
	}
	return path
}

// TestSights holds the table above to the routes.
func TestSights(t *testing.T) {
	var patterns []string
	for _, rt := range web.Routes() {
		if rt.Method == http.MethodPost {
			continue
		}
		patterns = append(patterns, rt.Pattern)
		if _, ok := sights[rt.Pattern]; !ok {
			t.Errorf("nobody looks at %s: say in sights who does", rt.Pattern)
		}
	}
	for pattern := range sights {
		if !slices.Contains(patterns, pattern) && !slices.Contains([]string{"/demo", "/demo/mail", "/demo/scenario", "/styleguide"}, pattern) {
			t.Errorf("%s is no page", pattern)
		}
	}
}

// TestPictures opens what the documents show; make screenshots has pictures taken and
// copies them.
func TestPictures(t *testing.T) {
	t.Parallel()
	p := newRunning(t).tab(t, browsertest.Desk, "acme", manager)
	p.visit("/calendar?month=" + calendar.On(time.Now().Year(), time.July, 1).String()[:7])
	p.Picture("month")
}
