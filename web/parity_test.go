// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"strings"
	"testing"

	"verlof/api"
	"verlof/identity/openid"
	"verlof/web/demo"
	"verlof/web/template"
)

// doing says which operations of the API do what a form of a page does; or, in a
// sentence, why there is none.
type doing struct {
	ops string // ids, with a space between two
	why string
}

// Why no program does what a page does.
const (
	whyProof    = "it proves who a person is, which a program never does for them"
	whyBrowser  = "it is about a browser, and a program has none"
	whyProtocol = "it is an endpoint of a protocol that programs call as it is"
	whyFeed     = "it makes the address of a calendar for an app of a person; a program reads leave itself"
	whyDemo     = "it is there in a demo alone"
)

// doings has an entry for every form, by the route that takes it.
var doings = map[string]doing{
	"/sign-in":              {why: whyProof},
	template.SignOutPath:    {why: whyBrowser},
	"/forgot":               {why: whyProof},
	"/invitation/{token}":   {why: whyProof},
	"/reset/{token}":        {why: whyProof},
	template.ThemePath:      {why: whyBrowser},
	template.LanguagePath:   {why: whyBrowser},
	template.DemoSwitchPath: {why: whyDemo},
	demo.ScenarioPath:       {why: whyDemo},

	"/sign-in/passkey/ask":                               {why: whyProof},
	"/sign-in/passkey":                                   {why: whyProof},
	"/sign-in/second":                                    {why: whyProof},
	"/sign-in/second/ask":                                {why: whyProof},
	"/sign-in/second/passkey":                            {why: whyProof},
	"/account/app/start":                                 {why: whyProof},
	"/account/app":                                       {why: whyProof},
	"/account/passkeys/ask":                              {why: whyProof},
	"/account/passkeys/new":                              {why: whyProof},
	"/account/codes":                                     {why: whyProof},
	"/account/factors/{id}/remove":                       {why: whyProof},
	"/account/browsers/{id}/distrust":                    {why: whyBrowser},
	"/account/password":                                  {why: whyProof},
	"/account/sessions/{id}/end":                         {why: whyBrowser},
	"/account/sessions/end-others":                       {why: whyBrowser},
	"/step-up":                                           {why: whyProof},
	"/step-up/ask":                                       {why: whyProof},
	"/step-up/passkey":                                   {why: whyProof},
	"/account/tokens":                                    {ops: "addToken"},
	"/account/tokens/{id}/revoke":                        {ops: "revokeToken"},
	"/account/digest":                                    {why: "it says which mail a person gets, and a program reads who is away itself"},
	"/account/feeds":                                     {why: whyFeed},
	"/account/feeds/{id}/replace":                        {why: whyFeed},
	"/account/feeds/{id}/revoke":                         {why: whyFeed},
	"/manage/sign-in/{id}/feeds/{feed}/revoke":           {why: "it is done in a session whose proof is fresh when it is written"},
	openid.TokenPath:                                     {why: whyProtocol},
	openid.PushPath:                                      {why: whyProtocol},
	openid.UserInfoPath:                                  {why: whyProtocol},
	openid.IntrospectPath:                                {why: whyProtocol},
	openid.RevokePath:                                    {why: whyProtocol},
	openid.DeviceCodePath:                                {why: whyProtocol},
	openid.AuthorizePath:                                 {why: whyProtocol},
	openid.LogoutPath:                                    {why: whyProtocol},
	openid.DevicePath:                                    {why: whyProof},
	"/oauth/consent":                                     {why: whyProof},
	"/oauth/logout/confirm":                              {why: whyBrowser},
	"/manage/sign-in":                                    {ops: "saveSignInPolicy"},
	"/manage/sign-in/sessions":                           {why: "it is done in a session whose proof is fresh when it is written"},
	"/manage/sign-in/{id}/sessions":                      {why: "as for everybody's"},
	"/manage/sign-in/{id}/applications/{app}/end":        {why: "as for everybody's"},
	"/account/applications/{id}/end":                     {ops: "endAgreement"},
	"/manage/sign-in/{id}/reset":                         {why: "it is done in a session whose proof is fresh when it is written"},
	"/manage/bureaus/new":                                {why: "it is done in a session whose proof is fresh when it is written"},
	"/manage/bureaus/{id}":                               {why: "it is done in a session whose proof is fresh when it is written"},
	"/manage/bureaus/{id}/end":                           {ops: "endBureau"},
	"/manage/served/{id}":                                {why: "it is done in a session whose proof is fresh when it is written"},
	"/manage/served/{id}/leave":                          {ops: "leaveCustomer"},
	"/sso/{id}/return":                                   {why: whyProtocol},
	"/promises/seen":                                     {why: whyProtocol},
	"/sso/{id}/logout":                                   {why: whyProtocol},
	"/manage/sso/new":                                    {ops: "addProvider"},
	"/manage/sso/{id}":                                   {ops: "saveProvider"},
	"/manage/sso/{id}/metadata":                          {ops: "setProviderMetadata"},
	"/manage/sso/{id}/delete":                            {ops: "deleteProvider"},
	"/manage/sso/{id}/people/{person}/unlink":            {ops: "unlinkProviderPerson"},
	"/manage/sso/keys":                                   {ops: "prepareProviderKey"},
	"/manage/sso/keys/use":                               {ops: "useProviderKey"},
	"/manage/sso/keys/{key}/delete":                      {ops: "deleteProviderKey"},
	"/leave/new":                                         {ops: "addRequest"},
	"/requests/{id}/withdraw":                            {ops: "withdrawRequest"},
	"/requests/{id}/cancel":                              {ops: "cancelRequest"},
	"/requests/{id}/approve":                             {ops: "approveRequest"},
	"/requests/{id}/refuse":                              {ops: "refuseRequest"},
	"/requests/{id}/substitute":                          {ops: "nameSubstitute"},
	"/duties/{id}/agree":                                 {ops: "agreeDuty"},
	"/duties/{id}/decline":                               {ops: "declineDuty"},
	"/claims/new":                                        {ops: "addClaim"},
	"/claims/{id}/withdraw":                              {ops: "withdrawClaim"},
	"/claims/{id}/approve":                               {ops: "approveClaim"},
	"/claims/{id}/refuse":                                {ops: "refuseClaim"},
	"/inbox":                                             {ops: "approveRequest refuseRequest"},
	"/people/{id}/adjustments":                           {ops: "addAdjustment"},
	"/people/{id}/fixed":                                 {ops: "fixEntitlement"},
	"/stand-ins":                                         {ops: "addStandIn"},
	"/stand-ins/{id}/end":                                {ops: "endStandIn"},
	"/sick":                                              {ops: "reportSick"},
	"/absences/{id}/recover":                             {ops: "recoverSick"},
	"/absences/{id}/partly":                              {ops: "partlySick"},
	"/absences/{id}/expect":                              {ops: "expectSick"},
	"/absences/{id}/agree":                               {ops: "agreeSick"},
	"/absences/{id}/withdraw":                            {ops: "withdrawSick"},
	"/absences/{id}/notes":                               {ops: "addSickNote"},
	"/absences/{id}/correct":                             {ops: "correctSick"},
	"/collective":                                        {ops: "addCollective"},
	"/collective/new":                                    {ops: "previewCollective"},
	"/collective/{id}/undo":                              {ops: "undoCollective"},
	"/manage/adjustments/{id}/undo":                      {ops: "undoAdjustment"},
	"/manage/leavers/{id}/final-pay":                     {ops: "addAdjustment"},
	"/manage/types/new":                                  {ops: "addLeaveType"},
	"/manage/types/{id}":                                 {ops: "saveLeaveType"},
	"/manage/packages/new":                               {ops: "addPackage"},
	"/manage/packages/{id}":                              {ops: "savePackage"},
	"/manage/packages/{id}/policies/new":                 {ops: "addPolicy"},
	"/manage/policies/{policy}":                          {ops: "savePolicy"},
	"/manage/policies/{policy}/delete":                   {ops: "deletePolicy"},
	"/manage/approval/new":                               {ops: "addApprovalRule"},
	"/manage/approval/{id}":                              {ops: "saveApprovalRule"},
	"/manage/approval/{id}/delete":                       {ops: "deleteApprovalRule"},
	"/manage/limits/new":                                 {ops: "addLimit"},
	"/manage/limits/{id}":                                {ops: "saveLimit"},
	"/manage/limits/{id}/delete":                         {ops: "deleteLimit"},
	"/manage/people/new":                                 {ops: "addPerson"},
	"/manage/people/{id}/edit":                           {ops: "savePerson"},
	"/manage/people/{id}/employments/new":                {ops: "addEmployment"},
	"/manage/people/{id}/employments/{line}":             {ops: "saveEmployment"},
	"/manage/people/{id}/employments/{line}/delete":      {ops: "deleteEmployment"},
	"/manage/people/{id}/contracts/new":                  {ops: "addContract"},
	"/manage/people/{id}/contracts/{line}":               {ops: "saveContract"},
	"/manage/people/{id}/contracts/{line}/delete":        {ops: "deleteContract"},
	"/manage/roles/new":                                  {ops: "addRole"},
	"/manage/roles/{id}":                                 {ops: "saveRole"},
	"/manage/roles/{id}/delete":                          {ops: "deleteRole"},
	"/manage/teams/new":                                  {ops: "addTeam"},
	"/manage/teams/{id}":                                 {ops: "saveTeam"},
	"/manage/teams/{id}/delete":                          {ops: "deleteTeam"},
	"/manage/locations/new":                              {ops: "addLocation"},
	"/manage/locations/{id}":                             {ops: "saveLocation"},
	"/manage/patterns/new":                               {ops: "addPattern"},
	"/manage/patterns/{id}":                              {ops: "savePattern"},
	"/manage/holidays/sets/new":                          {ops: "addHolidaySet"},
	"/manage/holidays/sets/{id}":                         {ops: "saveHolidaySet"},
	"/manage/holidays/sets/{id}/delete":                  {ops: "deleteHolidaySet"},
	"/manage/days/new":                                   {ops: "addOwnDay"},
	"/manage/days/{id}":                                  {ops: "saveOwnDay"},
	"/manage/days/{id}/delete":                           {ops: "deleteOwnDay"},
	"/manage/webhooks/new":                               {ops: "addWebhook"},
	"/manage/webhooks/{id}":                              {ops: "saveWebhook"},
	"/manage/webhooks/{id}/secret":                       {ops: "rotateWebhook"},
	"/manage/webhooks/{id}/delete":                       {ops: "deleteWebhook"},
	"/manage/webhooks/{id}/test":                         {ops: "testWebhook"},
	"/manage/webhooks/{id}/replay":                       {ops: "replayWebhook"},
	"/manage/webhooks/{id}/deliveries/{delivery}/resend": {ops: "resendDelivery"},
	"/manage/people/invite":                              {ops: "sendSignInLink"},
	"/manage/people/{id}/sign-in":                        {ops: "sendSignInLink"},
	"/manage/people/{id}/directory":                      {ops: "detachPerson"},
	"/manage/joiners/{id}":                               {ops: "hireJoiner"},
	"/manage/joiners/moves/{id}/confirm":                 {ops: "confirmMove"},
	"/manage/joiners/moves/{id}/drop":                    {ops: "dropMove"},
	"/manage/holidays/copy":                              {ops: "copyOwnDays"},
	"/manage/laws/{code}":                                {ops: "adoptLaw"},
	"/taken/settlements":                                 {ops: "addSettlement"},
	"/taken/settlements/{id}/undo":                       {ops: "undoSettlement"},
	"/manage/years/{to}":                                 {ops: "closeLeaveYear"},
	"/manage/years/{to}/reopen":                          {ops: "reopenLeaveYear"},
	"/manage/notices/{type}/{ends}":                      {ops: "sendNotices"},
	"/manage/import":                                     {ops: "planImport"},
	"/manage/import/{file}":                              {ops: "planImport"},
	"/manage/import/{file}/accept":                       {ops: "acceptImport"},
	"/manage/settings":                                   {ops: "saveSettings"},
	"/manage/applications/new":                           {ops: "addClient"},
	"/manage/applications/{id}":                          {ops: "saveClient"},
	"/manage/applications/{id}/delete":                   {ops: "deleteClient"},
	"/manage/applications/{id}/secrets":                  {ops: "addClientSecret"},
	"/manage/applications/{id}/secrets/{secret}/delete":  {ops: "deleteClientSecret"},
	"/manage/provisioning":                               {ops: "saveDirectory"},
	"/manage/provisioning/tokens":                        {ops: "addDirectoryToken"},
	"/manage/provisioning/tokens/{id}/revoke":            {ops: "revokeDirectoryToken"},
	"/manage/provisioning/groups/{id}":                   {ops: "useGroup"},
}

// TestParity: everything that a form of a page does, a program can do, or there is a
// reason why not.
func TestParity(t *testing.T) {
	known := map[string]bool{}
	for _, o := range api.Operations() {
		known[o.ID] = true
	}
	left := map[string]bool{}
	for route := range doings {
		left[route] = true
	}
	for _, r := range append(Routes(), (&demo.Demo{}).Routes()...) {
		if r.Method != http.MethodPost {
			continue
		}
		delete(left, r.Pattern)
		switch d, ok := doings[r.Pattern]; {
		case !ok:
			t.Errorf("POST %s: name the operations of the API that do the same, or say why there are none", r.Pattern)
		case (d.ops == "") == (d.why == ""):
			t.Errorf("POST %s: either operations or a reason", r.Pattern)
		default:
			for _, op := range strings.Fields(d.ops) {
				if !known[op] {
					t.Errorf("POST %s: the API has no operation %s", r.Pattern, op)
				}
			}
		}
	}
	for route := range left {
		t.Errorf("POST %s is no route any more", route)
	}
}
