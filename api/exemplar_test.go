// SPDX-License-Identifier: Apache-2.0

package api

import (
	"encoding/json"
	"strings"

	"verlof/calendar"
	"verlof/events"
	"verlof/identity"
	"verlof/identity/access"
	"verlof/identity/bureau"
	"verlof/identity/openid"
	"verlof/identity/provision"
	"verlof/identity/sso"
	"verlof/intake"
	"verlof/internal/exact"
	"verlof/internal/saml/samltest"
	"verlof/leave"
	"verlof/people"
)

// exemplar is one request that an operation does, and who may.
type exemplar struct {
	path string   // with the parameters filled in; $NAME is an id that prepare made
	body string   // empty: none
	may  []string // who may; all others are refused, with 403 or 404
}

var (
	everybody = []string{"ana", "bram", "carla", "dirk", "fay", "sam", "noor", "aud", "pay"}
	anaAlone  = []string{"ana"}
	keepers   = []string{"ana", "sam"}
	setup     = []string{"ana", "aud"}                         // who sees how all is set up
	reports   = []string{"ana", "aud", "pay"}                  // who sees reports
	ofCarla   = []string{"carla", "bram", "ana"}               // who acts on her leave
	seeCarla  = []string{"carla", "bram", "ana", "aud", "pay"} // who sees it
)

const (
	aTeam     = `{"name":"Support","members":["acme-carla"],"managers":["acme-bram"]}`
	aLocation = `{"name":"Berlin","region":"DE-BE","time_zone":"Europe/Berlin"}`
	aPattern  = `{"name":"Three days","pattern":"mon-wed 09:00-17:00"}`
	aSet      = `{"name":"Bridges","locations":["utrecht"]}`
	aDay      = `{"name":"Party","date":"2027-09-03","off":"afternoon"}`
	aType     = `{"name":"Study","colour":4,"unit":"days","counting":"working"}`
	aPolicy   = `{"package":"all","type":"spare","from":"2027-01-01","terms":{"amount":"2","accrual":"year","proration":"none"}}`
	aPerson   = `{"given":"Zoe","family":"New","email":"zoe@acme.example","location":"utrecht"}`
	aRule     = `{"name":"Long","over":10,"types":["holiday"],"steps":[{"who":"manager","within":5},{"who":"person","person":"acme-ana"}]}`
	aLimit    = `{"name":"Stock","kind":"away","team":"sales","number":50,"percent":true,"from":"2027-01-01","warn":true}`
	aClosure  = `{"type":"holiday","from":"2026-12-28","to":"2026-12-30","reason":"Closed","people":["acme-carla","acme-dirk"]}`
	aTable    = "Employee number,Given name,Family name,Email,Start date\n900,Iris,New,iris@acme.example,2026-04-01\n"
	aFile     = `{"name":"people.csv","data":"RW1wbG95ZWUgbnVtYmVyLEdpdmVuIG5hbWUsRmFtaWx5IG5hbWUsRW1haWwsU3RhcnQgZGF0ZQo5MDAsSXJpcyxOZXcsaXJpc0BhY21lLmV4YW1wbGUsMjAyNi0wNC0wMQo=","pattern":"full","package":"all","location":"utrecht"`
	someWords = `{"reason":"Because"}`
)

// exemplars has one for each operation of the document. An operation without one
// fails TestMatrix.
var exemplars = map[string]exemplar{
	"getMe": {"/me", "", everybody},

	"listPeople":       {"/people", "", everybody},
	"addPerson":        {"/people", strings.TrimSuffix(aPerson, "}") + `,"from":"2026-04-01","pattern":"full","package":"all","team":["board"]}`, anaAlone},
	"getPerson":        {"/people/acme-carla", "", []string{"carla", "bram", "dirk", "ana", "fay", "aud", "pay"}},
	"savePerson":       {"/people/acme-noor", `{"given":"Noor","family":"Tester","email":"noor2@acme.example","location":"utrecht"}`, anaAlone},
	"getWork":          {"/people/acme-carla/work", "", seeCarla},
	"addEmployment":    {"/people/acme-gone/employments", `{"from":"2027-01-01"}`, anaAlone},
	"getEmployment":    {"/people/acme-carla/employments/acme-e-carla", "", seeCarla},
	"saveEmployment":   {"/people/acme-noor/employments/acme-e-noor", `{"from":"2020-01-01","to":"2040-12-31"}`, anaAlone},
	"deleteEmployment": {"/people/acme-gone/employments/acme-e-gone2", "", anaAlone},
	"addContract":      {"/people/acme-noor/contracts", `{"from":"2039-01-01","pattern":"full","package":"all"}`, anaAlone},
	"getContract":      {"/people/acme-carla/contracts/acme-c-carla", "", seeCarla},
	"saveContract":     {"/people/acme-noor/contracts/acme-c-noor2", `{"from":"2038-02-01","pattern":"full","package":"all"}`, anaAlone},
	"deleteContract":   {"/people/acme-noor/contracts/acme-c-noor3", "", anaAlone},

	"listRoles": {"/roles", "", setup}, "getRole": {"/roles/planner", "", setup},
	"addRole": {"/roles", `{"name":"Desk","rights":["see-away"],"teams":["sales"]}`, anaAlone}, "saveRole": {"/roles/planner", `{"name":"Planner 2","rights":["see-leave"],"everybody":true}`, anaAlone},
	"deleteRole": {"/roles/gone", "", anaAlone},
	"getRights":  {"/people/acme-carla/rights", "", []string{"carla", "ana", "aud"}},
	"listRights": {"/rights", "", setup},

	"listTeams": {"/teams", "", everybody}, "getTeam": {"/teams/sales", "", []string{"bram", "carla", "dirk", "ana", "fay", "aud", "pay"}},
	"addTeam": {"/teams", aTeam, anaAlone}, "saveTeam": {"/teams/board", `{"name":"Board","members":["acme-sam"]}`, anaAlone},
	"deleteTeam":    {"/teams/spare", "", anaAlone},
	"listLocations": {"/locations", "", setup}, "getLocation": {"/locations/utrecht", "", setup},
	"addLocation": {"/locations", aLocation, anaAlone}, "saveLocation": {"/locations/spare", `{"name":"Spare 2","time_zone":"UTC"}`, anaAlone},
	"listPatterns": {"/patterns", "", setup}, "getPattern": {"/patterns/full", "", setup},
	"addPattern": {"/patterns", aPattern, anaAlone}, "savePattern": {"/patterns/spare", `{"name":"Spare 2","pattern":"mon 09:00-17:00"}`, anaAlone},

	"listHolidays":    {"/holidays?from=2026-01-01&to=2026-12-31", "", everybody},
	"listHolidaySets": {"/holiday-sets", "", setup}, "getHolidaySet": {"/holiday-sets/early", "", setup},
	"addHolidaySet": {"/holiday-sets", aSet, anaAlone}, "saveHolidaySet": {"/holiday-sets/early", `{"name":"Early"}`, anaAlone},
	"deleteHolidaySet": {"/holiday-sets/spare", "", anaAlone},
	"listOwnDays":      {"/own-days", "", setup}, "getOwnDay": {"/own-days/eve", "", setup},
	"addOwnDay": {"/own-days", aDay, anaAlone}, "saveOwnDay": {"/own-days/party", `{"name":"Feast","date":"2027-09-10","off":"informative"}`, anaAlone},
	"deleteOwnDay": {"/own-days/gone", "", anaAlone},

	"listLeaveTypes": {"/leave-types", "", everybody}, "getLeaveType": {"/leave-types/holiday", "", everybody},
	"addLeaveType": {"/leave-types", aType, anaAlone}, "saveLeaveType": {"/leave-types/spare", `{"name":"Spare 2","colour":4,"unit":"days","counting":"working","entitled":true}`, anaAlone},
	"listPackages": {"/packages", "", setup}, "getPackage": {"/packages/all", "", setup},
	"addPackage": {"/packages", `{"name":"Office"}`, anaAlone}, "savePackage": {"/packages/all", `{"name":"All"}`, anaAlone},
	"listPolicies": {"/policies", "", setup}, "getPolicy": {"/policies/p1", "", setup},
	"addPolicy": {"/policies", aPolicy, anaAlone}, "savePolicy": {"/policies/spare", strings.Replace(aPolicy, "2027", "2030", 1), anaAlone},
	"deletePolicy": {"/policies/gone", "", anaAlone},

	"listApprovalRules": {"/approval-rules", "", setup}, "getApprovalRule": {"/approval-rules/rule", "", setup},
	"addApprovalRule":    {"/approval-rules", aRule, anaAlone},
	"saveApprovalRule":   {"/approval-rules/rule", strings.Replace(aRule, "Long", "Longer", 1), anaAlone},
	"deleteApprovalRule": {"/approval-rules/gone", "", anaAlone},
	"listLimits":         {"/limits", "", setup}, "getLimit": {"/limits/limit", "", setup},
	"addLimit": {"/limits", aLimit, anaAlone}, "saveLimit": {"/limits/limit", strings.Replace(aLimit, "Stock", "Shelves", 1), anaAlone},
	"deleteLimit":  {"/limits/gone", "", anaAlone},
	"listStandIns": {"/people/acme-bram/stand-ins", "", []string{"bram", "ana", "aud", "pay"}},
	"addStandIn":   {"/people/acme-bram/stand-ins", `{"by":"acme-dirk","from":"2026-08-01","to":"2026-08-31"}`, []string{"bram", "ana"}},
	"endStandIn":   {"/stand-ins/$standin", "", []string{"bram", "ana"}},

	"listSubstitutes": {"/people/acme-carla/substitutes", "", ofCarla},
	"nameSubstitute":  {"/requests/$covered/substitute", `{"substitute":"acme-dirk"}`, ofCarla},
	"listDuties":      {"/duties", "", everybody},
	"agreeDuty":       {"/duties/$duty/agree", "", []string{"dirk"}},
	"declineDuty":     {"/duties/$duty2/decline", someWords, []string{"dirk"}},

	"listCollectives":   {"/collectives", "", everybody},
	"previewCollective": {"/collectives/preview", aClosure, []string{"ana", "bram"}},
	"addCollective":     {"/collectives", aClosure, []string{"ana", "bram"}},
	"getCollective":     {"/collectives/$closed", "", []string{"bram", "ana", "aud", "pay"}},
	"undoCollective":    {"/collectives/$closed/undo", someWords, []string{"bram", "ana"}},

	"listAdjustments": {"/adjustments", "", []string{"ana", "aud", "pay"}},
	"getAdjustment":   {"/adjustments/$adjusted", "", anaAlone},
	"undoAdjustment":  {"/adjustments/$adjusted/undo", someWords, anaAlone},
	"fixEntitlement":  {"/people/acme-carla/fixed", `{"type":"holiday","year":2028,"amount":"30","reason":"Agreed"}`, anaAlone},

	"listLeaveYears":  {"/leave-years", "", reports},
	"reviewLeaveYear": {"/leave-years/2025-12-31?person=acme-carla", "", reports},
	"closeLeaveYear":  {"/leave-years/2025-12-31/close", `{"person":"acme-carla","mark":"$mark"}`, anaAlone},
	"reopenLeaveYear": {"/leave-years/2025-12-31/reopen", `{"person":"acme-carla","reason":"Too early"}`, anaAlone},
	"listEndings":     {"/endings", "", reports},

	"listSettlements":   {"/settlements", "", reports},
	"previewSettlement": {"/settlements/preview?from=2026-01-01&to=2026-01-31", "", reports},
	"addSettlement":     {"/settlements", `{"from":"2026-01-01","to":"2026-01-31","mark":"$settle"}`, []string{"ana", "pay"}},
	"getSettlement":     {"/settlements/$settled", "", reports},
	"undoSettlement":    {"/settlements/$settled/undo", someWords, []string{"ana", "pay"}},

	"getEnding":   {"/endings/holiday/2026-12-31", "", reports},
	"sendNotices": {"/endings/holiday/2026-12-31/send", `{"people":["acme-dirk"]}`, anaAlone},
	"readNotice":  {"/notices/$notice/read", "", []string{"carla", "ana", "aud", "pay"}},
	"listChanges": {"/changes", "", setup}, "getChange": {"/changes/$change", "", setup},
	"listLeavers": {"/leavers?since=2010-01-01", "", reports}, "getLeaver": {"/leavers/acme-gone", "", reports},
	"listTrades":  {"/trades", "", reports},
	"getSettings": {"/settings", "", keepers}, "saveSettings": {"/settings", `{"name":"ACME","accent":"#0f766e","language":"nl","sick_figures":true}`, keepers},
	"copyOwnDays":    {"/own-days/copy", `{"year":2027}`, anaAlone},
	"sendSignInLink": {"/people/acme-dirk/sign-in-link", "", anaAlone},

	"listLaws": {"/laws", "", setup}, "getLaw": {"/laws/NL", "", setup},
	"adoptLaw": {"/laws/NL/adopt", `{"name":"Dutch","from":"2027-01-01","extra":"5","rules":[{"rule":"parental"}]}`, anaAlone},

	"listClients": {"/clients", "", keepers}, "getClient": {"/clients/$client", "", keepers},
	"addClient":          {"/clients", `{"kind":"confidential","name":"Intranet","redirects":["https://app.example/in"],"scopes":["openid"]}`, keepers},
	"saveClient":         {"/clients/$client", `{"name":"Intranet 2","scopes":["leave:read"],"keys":[{"kty":"EC","crv":"P-256","kid":"a","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}`, keepers},
	"deleteClient":       {"/clients/$client2", "", keepers},
	"addClientSecret":    {"/clients/$client3/secrets", "", keepers},
	"deleteClientSecret": {"/clients/$client/secrets/$secret", "", keepers},

	"listJoiners":  {"/joiners", "", anaAlone},
	"hireJoiner":   {"/joiners/$joiner/hire", `{"from":"2026-04-01","pattern":"full","package":"all"}`, anaAlone},
	"confirmMove":  {"/moves/$move/confirm", "", anaAlone},
	"dropMove":     {"/moves/$move2/drop", "", anaAlone},
	"detachPerson": {"/people/$joiner/directory", `{"detached":true}`, anaAlone},
	"getDirectory": {"/directory", "", keepers}, "saveDirectory": {"/directory", `{"name":"Contoso","groups":true}`, keepers},
	"useGroup":            {"/directory/groups/$group/use", `{"purpose":"leaders","team":"board"}`, anaAlone},
	"listDirectoryTokens": {"/directory/tokens", "", keepers}, "addDirectoryToken": {"/directory/tokens", `{"name":"Entra","expires":"2026-05-01T00:00:00Z"}`, anaAlone},
	"revokeDirectoryToken": {"/directory/tokens/$service", "", keepers},

	"planImport":   {"/imports/plan", aFile + "}", anaAlone},
	"acceptImport": {"/imports", aFile + `,"digest":"$digest"}`, anaAlone},

	"listRequests":    {"/requests", "", everybody},
	"previewRequest":  {"/requests/preview", `{"person":"acme-carla","type":"holiday","from":"2026-10-05"}`, ofCarla},
	"addRequest":      {"/requests", `{"person":"acme-carla","type":"holiday","from":"2026-10-05","note":"Sea"}`, ofCarla},
	"getRequest":      {"/requests/$asked", "", seeCarla},
	"withdrawRequest": {"/requests/$withdrawn", "", []string{"carla"}},
	"cancelRequest":   {"/requests/$cancelled", someWords, ofCarla},
	"approveRequest":  {"/requests/$approved", someWords, []string{"bram", "ana"}},
	"refuseRequest":   {"/requests/$refused", someWords, []string{"bram", "ana"}},
	"listInbox":       {"/inbox", "", everybody},
	"listAbsences":    {"/calendar?from=2026-06-01&to=2026-06-30&team=sales", "", []string{"bram", "carla", "dirk", "ana", "fay", "aud", "pay"}},

	"listBalances":  {"/people/acme-carla/balances?at=2026-12-31", "", seeCarla},
	"getStatement":  {"/people/acme-carla/balances/holiday", "", seeCarla},
	"addAdjustment": {"/people/acme-carla/adjustments", `{"type":"holiday","date":"2026-03-01","amount":"1/2","reason":"Agreed"}`, anaAlone},
	"getOverview":   {"/overview?at=2026-12-31", "", []string{"ana", "bram", "aud", "pay"}},
	"getTaken":      {"/taken?from=2026-01-01&to=2026-12-31", "", []string{"ana", "bram", "aud", "pay"}},

	"listClaims":        {"/people/acme-carla/claims", "", seeCarla},
	"getClaim":          {"/people/acme-carla/claims/$claim", "", seeCarla},
	"listWaitingClaims": {"/claims/waiting", "", everybody},
	"addClaim":          {"/claims", `{"person":"acme-carla","kind":"overtime","type":"lieu","date":"2026-03-09","minutes":60,"factor":100}`, ofCarla},
	"approveClaim":      {"/claims/$claim", "", []string{"bram", "ana"}},
	"refuseClaim":       {"/claims/$claim2", someWords, []string{"bram", "ana"}},
	"withdrawClaim":     {"/claims/$claim3", "", []string{"carla"}},

	"listSick":     {"/sickness", "", everybody},
	"listSickness": {"/people/acme-carla/sickness", "", []string{"carla", "fay"}},
	"getSickness":  {"/sickness/$sick", "", []string{"carla", "fay"}},
	"reportSick":   {"/sickness", `{"person":"acme-dirk","from":"2026-03-16","expected":"2026-03-20"}`, []string{"bram", "dirk", "fay", "ana"}},
	"recoverSick":  {"/sickness/$sick2", `{"day":"2026-03-16"}`, []string{"carla", "fay", "bram", "ana"}},
	"partlySick":   {"/sickness/$sick2", `{"from":"2026-03-18","percent":50}`, []string{"carla", "fay"}},
	"expectSick":   {"/sickness/$sick", `{"day":"2026-03-20"}`, []string{"carla", "fay", "bram", "ana"}},
	"agreeSick":    {"/sickness/$sick", `{"agreed":true}`, []string{"carla", "fay"}},
	"addSickNote":  {"/sickness/$sick", `{"note":"Called"}`, []string{"carla", "fay"}},
	"correctSick":  {"/sickness/$sick", `{"from":"2026-02-02","to":"2026-02-06","recovery":[{"from":"2026-02-04","percent":50}]}`, []string{"fay"}},
	"withdrawSick": {"/sickness/$sick3", "", []string{"carla", "fay"}},

	"listEvents": {"/events?after=0&type=leave.request.*", "", []string{"ana", "fay", "sam", "aud"}},

	"getSignInPolicy":  {"/sign-in-policy", "", []string{"ana", "sam", "aud"}},
	"saveSignInPolicy": {"/sign-in-policy", `{"demand":["custom"],"passkey":[],"remember":14}`, keepers},
	"listProviders":    {"/providers", "", keepers}, "getProvider": {"/providers/$provider", "", keepers},
	"addProvider":          {"/providers", `{"kind":"openid","name":"Okta","issuer":"https://id.example.com","client":"verlof","secret":"s"}`, keepers},
	"saveProvider":         {"/providers/$provider", `{"name":"Okta","issuer":"https://one.example.com","domains":["okta.example.com"]}`, keepers},
	"setProviderMetadata":  {"/providers/$saml/metadata", `{"xml":"$metadata"}`, keepers},
	"deleteProvider":       {"/providers/$provider2", "", keepers},
	"unlinkProviderPerson": {"/providers/$provider/people/acme-carla", "", keepers},
	"listProviderKeys":     {"/provider-keys", "", keepers},
	"prepareProviderKey":   {"/provider-keys", "", []string{"ana"}},
	"useProviderKey":       {"/provider-keys/use", "", []string{"ana"}},
	"deleteProviderKey":    {"/provider-keys/used", "", []string{"ana"}},

	"listWebhooks": {"/webhooks", "", keepers}, "getWebhook": {"/webhooks/$hook", "", keepers},
	"addWebhook":     {"/webhooks", `{"url":"https://example.com/in","types":["leave.request.*"]}`, keepers},
	"saveWebhook":    {"/webhooks/$hook", `{"url":"https://example.com/in","description":"Payroll"}`, keepers},
	"deleteWebhook":  {"/webhooks/$hook2", "", keepers},
	"rotateWebhook":  {"/webhooks/$hook/secret", "", keepers},
	"testWebhook":    {"/webhooks/$hook/test", "", keepers},
	"listDeliveries": {"/webhooks/$hook/deliveries", "", keepers},
	"resendDelivery": {"/webhooks/$hook/deliveries/$delivery/resend", "", keepers},
	"replayWebhook":  {"/webhooks/$hook/replay", `{"since":"2026-03-01T00:00:00Z"}`, keepers},

	"listBureaus": {"/bureaus", "", setup}, "getBureau": {"/bureaus/$bureau", "", setup},
	"listVisits": {"/bureaus/$bureau/visits", "", setup},
	"endBureau":  {"/bureaus/$bureau/end", "", anaAlone},
	"listServed": {"/served", "", setup}, "leaveCustomer": {"/served/served/leave", "", anaAlone},

	"listTokens":  {"/tokens", "", everybody},
	"addToken":    {"/tokens", `{"name":"Payroll","scopes":["leave:read"],"expires":"2026-04-01T00:00:00Z"}`, everybody},
	"revokeToken": {"/tokens/$token", "", []string{"carla"}},

	"listAgreements": {"/agreements", "", everybody},
	"endAgreement":   {"/agreements/$client", "", []string{"carla"}},
}

// exemplar returns that of an operation, with the ids that prepare made in its body.
func (w *world) exemplar(id string) exemplar {
	x := exemplars[id]
	for name, made := range w.ids {
		x.body = strings.ReplaceAll(x.body, `"$`+name+`"`, `"`+made+`"`)
	}
	return x
}

// suffixes are what the address of an act has behind the id.
func (w *world) address(id string, x exemplar) string {
	path := x.path
	for name, made := range w.ids {
		path = strings.ReplaceAll(path+" ", "$"+name+" ", made+" ")
		path = strings.ReplaceAll(strings.TrimSuffix(path, " "), "$"+name+"/", made+"/")
	}
	for _, act := range []string{"withdraw", "cancel", "approve", "refuse", "recover", "partly", "expect", "agree"} {
		if strings.HasPrefix(id, act) && !strings.HasSuffix(path, "/"+act) {
			return path + "/" + act
		}
	}
	if id == "addSickNote" {
		return path + "/notes"
	}
	return path
}

// prepare makes what the exemplars act on, and notes the ids.
func (w *world) prepare() {
	w.Helper()
	c := w.acme
	if err := c.Leave.Store.Update(w.Context(), spare); err != nil {
		w.Fatal(err)
	}
	w.ids = map[string]string{}
	carla, bram := c.person("carla"), c.person("bram")
	from := calendar.MustParse("2026-06-01")
	for _, name := range []string{"asked", "withdrawn", "cancelled", "approved", "refused"} {
		r, err := c.Leave.Submit(w.Context(), carla, leave.Ask{Person: carla, Type: "holiday", Span: leave.Span{From: from, To: from}})
		if err != nil {
			w.Fatal(err)
		}
		w.ids[name], from = r.ID, from.AddDays(7)
	}
	if err := c.Leave.Approve(w.Context(), bram, w.ids["cancelled"], ""); err != nil {
		w.Fatal(err)
	}
	for _, name := range []string{"claim", "claim2", "claim3"} {
		x, err := c.Leave.FileClaim(w.Context(), carla, leave.Claim{Person: carla, Kind: leave.ClaimOvertime, Type: "lieu", Date: from.AddMonths(-4), Minutes: 60, Factor: 100})
		if err != nil {
			w.Fatal(err)
		}
		w.ids[name], from = x.ID, from.AddDays(1)
	}
	for _, x := range []struct{ name, from, to string }{{"sick3", "2026-01-05", "2026-01-05"}, {"sick", "2026-02-02", "2026-02-06"}, {"sick2", "2026-03-16", ""}} {
		ask := leave.SickAsk{Person: carla, From: calendar.MustParse(x.from)}
		if x.to != "" {
			ask.To = calendar.MustParse(x.to)
		}
		r, err := c.Leave.ReportSick(w.Context(), carla, ask)
		if err != nil {
			w.Fatal(x.name, err)
		}
		w.ids[x.name] = r.ID
	}
	w.prepareOthers()
	w.ids["token"] = w.tokenID(c, "carla")
	w.prepareWebhooks()
	w.prepareProviders()
	w.prepareBureaus()
}

// prepareProviders makes providers that people could sign in with, and keys for those that
// speak SAML.
func (w *world) prepareProviders() {
	w.Helper()
	ctx, db := w.Context(), w.acme.SSO.Store
	by := identity.Session{Person: w.acme.person("ana"), Proven: w.now}
	w.must(db.Update(ctx, func(tx sso.Tx) error {
		for _, state := range []sso.KeyState{sso.KeyUsed, sso.KeyNext} { // nobody is asked with them
			if err := tx.SaveSSOKey(sso.Key{ID: string(state), Private: "none", Certificate: "none", State: state, Made: w.now}); err != nil {
				return err
			}
		}
		return nil
	}))
	for name, p := range map[string]sso.Provider{"provider": {Name: "One", Issuer: "https://one.example.com"}, "provider2": {Name: "Two", Issuer: "https://two.example.com"},
		"saml": {Kind: sso.SAML, Name: "Three"}} {
		id, err := w.acme.SSO.Save(ctx, by, p)
		w.must(err)
		w.ids[name] = id
	}
	w.must(db.Update(ctx, func(tx sso.Tx) error {
		return tx.SaveSSOLink(sso.Link{Provider: w.ids["provider"], Subject: "c", Person: w.acme.person("carla"), Made: w.now, Used: w.now})
	}))
	text, err := json.Marshal(samltest.New(nil).Metadata())
	w.must(err)
	w.ids["metadata"] = strings.Trim(string(text), `"`)
}

// spare makes things that an exemplar can change and remove.
func spare(tx leave.Tx) error {
	far := calendar.MustParse("2030-01-01")
	for _, err := range []error{
		tx.SaveTeam(people.Team{ID: "spare", Name: "Spare"}),
		tx.SaveLocation(people.Location{ID: "spare", Name: "Spare", TimeZone: "UTC"}),
		tx.SavePattern(people.Pattern{ID: "spare", Name: "Spare", Pattern: calendar.MustParsePattern("tue 09:00-17:00")}),
		tx.SaveHolidaySet(people.HolidaySet{ID: "spare", Name: "Spare"}),
		tx.SaveOwnDay(people.OwnDay{ID: "party", Date: calendar.MustParse("2027-09-09"), Name: "Party 2", Off: calendar.Informative}),
		tx.SaveOwnDay(people.OwnDay{ID: "gone", Date: calendar.MustParse("2027-09-08"), Name: "Party 3", Off: calendar.Informative}),
		tx.SaveCustomRole(people.Role{ID: "planner", Name: "Planner", Rights: people.Set(people.SeeLeave), Everybody: true}),
		tx.SaveCustomRole(people.Role{ID: "gone", Name: "Gone", Rights: people.Set(people.SeeAway), Everybody: true}),
		tx.SaveApprovalRule(leave.ApprovalRule{ID: "rule", Name: "Rule", Over: 50, Steps: []leave.Step{{Who: leave.AnyManager}}}),
		tx.SaveApprovalRule(leave.ApprovalRule{ID: "gone", Name: "Gone", Over: 60, Steps: []leave.Step{{Who: leave.AnyManager}}}),
		tx.SaveLimit(leave.Limit{ID: "limit", Name: "Limit", Kind: leave.Blocked, From: far, To: far}),
		tx.SaveLimit(leave.Limit{ID: "gone", Name: "Gone", Kind: leave.Blocked, From: far, To: far}),
		tx.SaveType(leave.Type{ID: "covered", Name: "Covered", Colour: 2, Unit: leave.Days, Counting: leave.WorkingTime, Substitute: leave.MaySubstitute, Order: 8}),
		tx.SaveType(leave.Type{ID: "spare", Name: "Spare", Colour: 2, Unit: leave.Days, Counting: leave.WorkingTime, Entitled: true, Order: 9}),
		tx.SavePolicy(leave.Policy{ID: "spare", Package: "all", Type: "spare", From: far, Terms: leave.Terms{Accrual: leave.AtYearStart, Proration: leave.NoProration}}),
		tx.SavePolicy(leave.Policy{ID: "gone", Package: "all", Type: "spare", From: far.AddYears(1), Terms: leave.Terms{Accrual: leave.AtYearStart, Proration: leave.NoProration}}),
		tx.SavePerson(people.Person{ID: "acme-gone", Email: "gone@acme.example", GivenName: "Gone", FamilyName: "Tester", Location: "utrecht", Active: true}),
		tx.SaveEmployment(people.Employment{ID: "acme-e-gone", Person: "acme-gone", From: calendar.MustParse("2010-01-01"), To: calendar.MustParse("2010-12-31")}),
		tx.SaveEmployment(people.Employment{ID: "acme-e-gone2", Person: "acme-gone", From: calendar.MustParse("2012-01-01"), To: calendar.MustParse("2012-12-31")}),
		tx.SaveContract(people.Contract{ID: "acme-c-noor2", Person: "acme-noor", From: calendar.MustParse("2038-01-01"), Pattern: "full", Package: "all"}),
		tx.SaveContract(people.Contract{ID: "acme-c-noor3", Person: "acme-noor", From: calendar.MustParse("2037-01-01"), Pattern: "full", Package: "all"}),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// prepareOthers makes a stand-in, substitutes, a collective leave and a line by hand.
func (w *world) prepareOthers() {
	w.Helper()
	c, ctx := w.acme, w.Context()
	ana, bram, carla, dirk := c.person("ana"), c.person("bram"), c.person("carla"), c.person("dirk")
	w.must(c.Leave.SaveStandIn(ctx, bram, leave.StandIn{Person: bram, By: dirk, From: calendar.MustParse("2026-07-01"), To: calendar.MustParse("2026-07-31")}))
	own, _, err := c.Leave.StandIns(ctx, bram, bram)
	w.must(err)
	w.ids["standin"] = own[0].ID
	from := calendar.MustParse("2026-09-07")
	for _, name := range []string{"covered", "duty", "duty2"} {
		r, err := c.Leave.Submit(ctx, carla, leave.Ask{Person: carla, Type: "covered", Substitute: dirk, Span: leave.Span{From: from, To: from}})
		w.must(err)
		w.ids[name], from = r.ID, from.AddDays(7)
	}
	closed, err := c.Leave.BookCollective(ctx, bram, leave.CollectiveAsk{Type: "care", Span: leave.Span{From: from, To: from}, Reason: "Closed", Choice: leave.Choice{People: []people.ID{carla, dirk}}})
	w.must(err)
	w.ids["closed"] = closed.ID
	w.must(c.Leave.Adjust(ctx, ana, leave.Adjustment{Person: carla, Type: "lieu", Date: calendar.MustParse("2026-02-02"), Amount: exact.Int(60), Reason: "Agreed"}, false))
	lines, err := c.Leave.ByHand(ctx, ana)
	w.must(err)
	w.ids["adjusted"] = lines[0].Line.ID
	w.prepareYear()
	w.prepareSettlement()
	w.prepareClients()
	w.prepareDirectory()
	plan, err := c.Intake.Plan(ctx, ana, intake.Source{Name: "people.csv", Reader: strings.NewReader(aTable)}, intake.Options{Pattern: "full", Package: "all", Location: "utrecht"})
	w.must(err)
	w.ids["digest"] = plan.Digest
}

// prepareSettlement settles a month, and looks at the next.
func (w *world) prepareSettlement() {
	w.Helper()
	c, ctx, ana := w.acme, w.Context(), w.acme.person("ana")
	december, january := calendar.MonthOf(2025, 12), calendar.MonthOf(2026, 1)
	p, err := c.Leave.PreviewSettlement(ctx, ana, december)
	w.must(err)
	s, err := c.Leave.SettleLeave(ctx, ana, december, p.Mark)
	w.must(err)
	p, err = c.Leave.PreviewSettlement(ctx, ana, january)
	w.must(err)
	w.ids["settled"], w.ids["settle"] = s.ID, p.Mark
}

// prepareYear reviews a leave year, sends a letter and makes a change that is on record.
func (w *world) prepareYear() {
	w.Helper()
	c, ctx, ana, carla := w.acme, w.Context(), w.acme.person("ana"), w.acme.person("carla")
	review, err := c.Leave.YearReview(ctx, ana, leave.YearPick{To: calendar.MustParse("2025-12-31"), Person: carla})
	w.must(err)
	w.ids["mark"] = review.Mark
	ends := calendar.MustParse("2026-12-31")
	_, err = c.Leave.SendNotices(ctx, ana, "holiday", ends, []people.ID{carla})
	w.must(err)
	run, err := c.Leave.Run(ctx, ana, "holiday", ends)
	w.must(err)
	for _, x := range run.Letters {
		if x.Person.ID == carla {
			w.ids["notice"] = x.Notice.ID
		}
	}
	day := leave.SavingOwnDay(people.OwnDay{Name: "Bridge", Date: calendar.MustParse("2027-05-07"), Off: calendar.FullDay})
	f, err := c.Leave.Foresee(ctx, ana, day)
	w.must(err)
	_, err = c.Leave.Apply(ctx, ana, day, leave.Consent{Mark: f.Mark(), Reason: "Agreed"})
	w.must(err)
	changes, _, err := c.Leave.Changes(ctx, ana, "", "")
	w.must(err)
	w.ids["change"] = changes[0].ID
}

// prepareClients registers clients, the first with a second secret.
func (w *world) prepareClients() {
	w.Helper()
	c, ctx, sam := w.acme, w.Context(), w.acme.person("sam")
	for _, name := range []string{"client", "client2", "client3"} {
		x, _, err := c.OpenID.Register(ctx, sam, openid.Client{Name: name, Kind: openid.Service, Scope: "leave:read", Subjects: openid.SubjectPublic})
		w.must(err)
		w.ids[name] = x.ID
	}
	err := c.OpenID.Store.Update(ctx, func(tx openid.Tx) error {
		return tx.SaveConsent(openid.Consent{Person: c.person("carla"), Client: w.ids["client"], Scope: "openid", At: w.now})
	})
	w.must(err)
	_, err = c.OpenID.AddSecret(ctx, sam, w.ids["client"])
	w.must(err)
	_, secrets, err := c.OpenID.Client(ctx, sam, w.ids["client"])
	w.must(err)
	w.ids["secret"] = secrets[0].ID
}

// prepareDirectory has somebody join, two move, and the directory have a token.
func (w *world) prepareDirectory() {
	w.Helper()
	c, ctx, ana := w.acme, w.Context(), w.acme.person("ana")
	w.must(c.Provision.SaveRules(ctx, ana, provision.Rules{Name: "Contoso", Groups: true, Confirm: true}))
	nils, err := c.Provision.AddUser(ctx, provision.User{Name: "nils@acme.example", Active: true, Details: provision.Details{Given: "Nils", Family: "Tester"}})
	w.must(err)
	w.ids["joiner"] = string(nils.Person)
	for name, who := range map[string]string{"Desk": "noor", "Hall": "pay"} {
		_, err := c.Provision.AddGroup(ctx, provision.Group{Name: name, Members: []people.ID{c.person(who)}})
		w.must(err)
	}
	g, err := c.Provision.AddGroup(ctx, provision.Group{Name: "Loft"})
	w.must(err)
	w.ids["group"] = g.ID
	waiting, err := c.Provision.Waiting(ctx, ana)
	w.must(err)
	w.ids["move"], w.ids["move2"] = waiting.Moves[0].ID, waiting.Moves[1].ID
	token, _, err := c.Programs.MakeServiceToken(ctx, ana, access.Wish{Name: "Entra", Scopes: []access.Scope{access.SCIM}, Expires: w.now.AddDate(0, 1, 0)})
	w.must(err)
	w.ids["service"] = token.ID
}

// prepareBureaus makes an admission of either side.
func (w *world) prepareBureaus() {
	w.Helper()
	var err error
	whom, until := bureau.Whom{All: true}, calendar.MustParse("2026-12-31")
	w.ids["bureau"], err = w.acme.Bureaus.Admit(w.Context(), identity.Session{Person: w.acme.person("ana"), Proven: w.now}, bureau.Admission{
		Host: "bureau.example.test", Roles: people.Payroll, Whom: whom, Reason: "Keeps our leave", Until: until})
	if err != nil {
		w.Fatal(err)
	}
	err = w.acme.Bureaus.Take(w.Context(), bureau.Terms{ID: "served", Customer: "elsewhere", Name: "Elsewhere", Site: "https://elsewhere.example.test",
		Roles: []string{"payroll"}, Whom: whom, Reason: "Keeps our leave", Until: until, Ends: w.now.AddDate(1, 0, 0), State: bureau.Offered, Version: 1})
	if err != nil {
		w.Fatal(err)
	}
}

// prepareWebhooks makes two webhooks, and a message to the first.
func (w *world) prepareWebhooks() {
	w.Helper()
	for _, name := range []string{"hook", "hook2"} {
		h, err := w.acme.Events.Add(w.Context(), w.acme.person("sam"), events.Wish{URL: "https://example.com/in"})
		if err != nil {
			w.Fatal(err)
		}
		w.ids[name] = h.ID
	}
	if err := w.acme.Events.Test(w.Context(), w.acme.person("sam"), w.ids["hook"]); err != nil {
		w.Fatal(err)
	}
	list, err := w.acme.Events.Deliveries(w.Context(), w.acme.person("sam"), w.ids["hook"])
	if err != nil {
		w.Fatal(err)
	}
	w.ids["delivery"] = list[len(list)-1].ID
}
