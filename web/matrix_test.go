// SPDX-License-Identifier: Apache-2.0

package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/identity/openid"
	"verlof/leave"
	"verlof/people"
	"verlof/web/demo"
	"verlof/web/page"
	"verlof/web/static"
	"verlof/web/template"
)

// exemplar is one request to a route that names something of a customer.
type exemplar struct {
	path  string   // {pending}, {change}, {session}, {token} and {id:x} stand for ids of the customer meant
	form  []string // the same in values
	other int      // what an administrator of the other customer gets for it; 0: their own page
	own   int      // what those get for whom the page is meant; 0: 200
}

// exemplars has an entry for every route. A route without one fails the test.
var exemplars = map[string]exemplar{
	"GET /sign-in":                  {path: "/sign-in", other: http.StatusSeeOther},
	"POST /sign-in":                 {path: "/sign-in", form: []string{"email", "carla@{host}", "password", password}, other: http.StatusUnauthorized},
	"POST /sign-out":                {path: "/sign-out"},
	"GET /forgot":                   {path: "/forgot"},
	"GET " + template.PromisesPath:  {path: template.PromisesPath},
	"POST /forgot":                  {path: "/forgot", form: []string{"email", "carla@{host}"}},
	"GET /invitation/{token}":       {path: "/invitation/{token}", other: http.StatusNotFound},
	"POST /invitation/{token}":      {path: "/invitation/{token}", form: []string{"password", "nine slow otters dream"}, other: http.StatusNotFound},
	"GET /reset/{token}":            {path: "/reset/{token}", other: http.StatusNotFound},
	"POST /reset/{token}":           {path: "/reset/{token}", form: []string{"password", "nine slow otters dream"}, other: http.StatusNotFound},
	"POST " + template.ThemePath:    {path: template.ThemePath, form: []string{"theme", "dark"}},
	"POST " + template.LanguagePath: {path: template.LanguagePath, form: []string{"lang", "nl"}},

	"GET /sso/{id}":                                          {path: "/sso/{sso}", other: http.StatusNotFound, own: http.StatusNotFound},                                                 // it is not in use yet
	"GET /sso/{id}/return":                                   {path: "/sso/{sso}/return?state=x&code=y", other: http.StatusUnauthorized, own: http.StatusUnauthorized},                   // nobody was sent there
	"POST /sso/{id}/return":                                  {path: "/sso/{sso}/return", form: []string{"RelayState", "x"}, other: http.StatusSeeOther},                                 // to where a browser is told
	"POST /promises/seen":                                    {path: "/promises/seen", other: http.StatusUnauthorized, own: http.StatusUnauthorized},                                     // nobody signed it
	"POST /sso/{id}/logout":                                  {path: "/sso/{sso}/logout", form: []string{"logout_token", "x"}, other: http.StatusBadRequest, own: http.StatusBadRequest}, // it is not in use yet
	"GET /sso/{id}/metadata":                                 {path: "/sso/{sso}/metadata", other: http.StatusNotFound, own: http.StatusNotFound},                                        // it does not speak SAML
	"GET /manage/sso/keys":                                   {path: "/manage/sso/keys"},
	"POST /manage/sso/keys":                                  {path: "/manage/sso/keys"},
	"POST /manage/sso/keys/use":                              {path: "/manage/sso/keys/use", own: http.StatusNotFound}, // none waits
	"POST /manage/sso/keys/{key}/delete":                     {path: "/manage/sso/keys/none/delete", other: http.StatusNotFound, own: http.StatusNotFound},
	"GET /manage/sso/{id}/metadata":                          {path: "/manage/sso/{sso}/metadata", other: http.StatusNotFound, own: http.StatusNotFound},
	"POST /manage/sso/{id}/metadata":                         {path: "/manage/sso/{sso}/metadata", other: http.StatusNotFound, own: http.StatusNotFound},
	"GET /manage/sso":                                        {path: "/manage/sso"},
	"GET /manage/sso/new":                                    {path: "/manage/sso/new"},
	"POST /manage/sso/new":                                   {path: "/manage/sso/new", form: []string{"name", "x", "issuer", "none"}, other: http.StatusUnprocessableEntity},
	"GET /manage/bureaus":                                    {path: "/manage/bureaus"},
	"GET /manage/bureaus/new":                                {path: "/manage/bureaus/new"},
	"POST /manage/bureaus/new":                               {path: "/manage/bureaus/new", form: []string{"host", "x", "until", "2026-12-31"}, other: http.StatusUnprocessableEntity},
	"GET /manage/bureaus/{id}":                               {path: "/manage/bureaus/{bureau}", other: http.StatusNotFound},
	"POST /manage/bureaus/{id}":                              {path: "/manage/bureaus/{bureau}", form: []string{"reason", "x", "until", "2026-12-31"}, other: http.StatusNotFound},
	"POST /manage/bureaus/{id}/end":                          {path: "/manage/bureaus/{bureau}/end", other: http.StatusNotFound},
	"GET /manage/served":                                     {path: "/manage/served"},
	"GET /manage/served/{id}":                                {path: "/manage/served/{served}", other: http.StatusNotFound},
	"POST /manage/served/{id}":                               {path: "/manage/served/{served}", form: []string{"sent", "all"}, other: http.StatusNotFound},
	"POST /manage/served/{id}/leave":                         {path: "/manage/served/{served}/leave", other: http.StatusNotFound},
	"GET /serve":                                             {path: "/serve"},
	"GET /manage/sso/{id}":                                   {path: "/manage/sso/{sso}", other: http.StatusNotFound},
	"POST /manage/sso/{id}":                                  {path: "/manage/sso/{sso}", form: []string{"name", "x"}, other: http.StatusNotFound},
	"POST /manage/sso/{id}/delete":                           {path: "/manage/sso/{sso}/delete", other: http.StatusNotFound},
	"POST /manage/sso/{id}/people/{person}/unlink":           {path: "/manage/sso/{sso}/people/{id:carla}/unlink", other: http.StatusNotFound},
	"GET /manage/sso/{id}/try":                               {path: "/manage/sso/{sso}/try", other: http.StatusNotFound, own: http.StatusServiceUnavailable}, // nobody answers there
	"GET /manage/applications":                               {path: "/manage/applications"},
	"GET /manage/applications/new":                           {path: "/manage/applications/new"},
	"POST /manage/applications/new":                          {path: "/manage/applications/new", form: []string{"name", "x", "kind", "none"}, other: http.StatusUnprocessableEntity},
	"GET /manage/applications/{id}":                          {path: "/manage/applications/{app}", other: http.StatusNotFound},
	"POST /manage/applications/{id}":                         {path: "/manage/applications/{app}", form: []string{"name", "x"}, other: http.StatusNotFound},
	"POST /manage/applications/{id}/delete":                  {path: "/manage/applications/{app}/delete", other: http.StatusNotFound},
	"POST /manage/applications/{id}/secrets":                 {path: "/manage/applications/{app}/secrets", other: http.StatusNotFound},
	"POST /manage/applications/{id}/secrets/{secret}/delete": {path: "/manage/applications/{app}/secrets/none/delete", other: http.StatusNotFound},

	"GET " + openid.ConfigurationPath:     {path: openid.ConfigurationPath},
	"GET " + openid.ServerPath:            {path: openid.ServerPath},
	"GET " + openid.KeysPath:              {path: openid.KeysPath},
	"POST " + openid.TokenPath:            {path: openid.TokenPath, form: []string{"client_id", "{app}"}, other: http.StatusUnauthorized},
	"OPTIONS " + openid.ConfigurationPath: {path: openid.ConfigurationPath},
	"OPTIONS " + openid.ServerPath:        {path: openid.ServerPath},
	"OPTIONS " + openid.KeysPath:          {path: openid.KeysPath},
	"OPTIONS " + openid.DeviceCodePath:    {path: openid.DeviceCodePath},
	"OPTIONS " + openid.TokenPath:         {path: openid.TokenPath},
	"POST " + openid.PushPath:             {path: openid.PushPath, form: []string{"client_id", "{app}"}, other: http.StatusUnauthorized},
	"OPTIONS " + openid.PushPath:          {path: openid.PushPath},
	"GET " + openid.UserInfoPath:          {path: openid.UserInfoPath, other: http.StatusUnauthorized, own: http.StatusUnauthorized},
	"POST " + openid.UserInfoPath:         {path: openid.UserInfoPath, other: http.StatusUnauthorized},
	"OPTIONS " + openid.UserInfoPath:      {path: openid.UserInfoPath},
	"POST " + openid.IntrospectPath:       {path: openid.IntrospectPath, form: []string{"client_id", "{app}"}, other: http.StatusUnauthorized},
	"POST " + openid.RevokePath:           {path: openid.RevokePath, form: []string{"client_id", "{app}"}, other: http.StatusUnauthorized},
	"OPTIONS " + openid.RevokePath:        {path: openid.RevokePath},
	"POST " + openid.DeviceCodePath:       {path: openid.DeviceCodePath, form: []string{"client_id", "{app}"}, other: http.StatusUnauthorized},
	"GET " + openid.AuthorizePath:         {path: openid.AuthorizePath + "?client_id={app}", other: http.StatusUnprocessableEntity, own: http.StatusUnprocessableEntity},
	"POST " + openid.AuthorizePath:        {path: openid.AuthorizePath, form: []string{"client_id", "{app}"}},
	"POST /oauth/consent":                 {path: "/oauth/consent", form: []string{"request", "client_id=none", "decision", "allow"}, other: http.StatusUnprocessableEntity},
	"GET " + openid.DevicePath:            {path: openid.DevicePath},
	"POST " + openid.DevicePath:           {path: openid.DevicePath, form: []string{"code", "BBBB-BBBB"}, other: http.StatusUnprocessableEntity},
	"GET " + openid.LogoutPath:            {path: openid.LogoutPath, own: http.StatusSeeOther},
	"POST " + openid.LogoutPath:           {path: openid.LogoutPath},
	"POST /oauth/logout/confirm":          {path: "/oauth/logout/confirm"},
	"GET /oauth/logout/done":              {path: "/oauth/logout/done"},

	"POST /sign-in/passkey/ask":                        {path: "/sign-in/passkey/ask"},
	"POST /sign-in/passkey":                            {path: "/sign-in/passkey", form: []string{"answer", "{}"}, other: http.StatusUnauthorized},
	"GET /sign-in/second":                              {path: "/sign-in/second", own: http.StatusSeeOther},
	"POST /sign-in/second":                             {path: "/sign-in/second", form: []string{"code", "123456"}, other: http.StatusUnauthorized},
	"POST /sign-in/second/ask":                         {path: "/sign-in/second/ask", other: http.StatusUnauthorized},
	"POST /sign-in/second/passkey":                     {path: "/sign-in/second/passkey", form: []string{"answer", "{}"}, other: http.StatusUnauthorized},
	"GET /account/enrol":                               {path: "/account/enrol"},
	"GET /account/app":                                 {path: "/account/app"},
	"POST /account/app/start":                          {path: "/account/app/start"},
	"POST /account/app":                                {path: "/account/app", form: []string{"code", "123456"}, other: http.StatusUnprocessableEntity},
	"GET /account/passkeys/new":                        {path: "/account/passkeys/new"},
	"POST /account/passkeys/ask":                       {path: "/account/passkeys/ask"},
	"POST /account/passkeys/new":                       {path: "/account/passkeys/new", form: []string{"name", "Laptop", "answer", "{}"}, other: http.StatusUnauthorized},
	"GET /account/security":                            {path: "/account/security"},
	"POST /account/codes":                              {path: "/account/codes", other: http.StatusNotFound},
	"POST /account/factors/{id}/remove":                {path: "/account/factors/{factor}/remove", other: http.StatusNotFound},
	"POST /account/browsers/{id}/distrust":             {path: "/account/browsers/{device}/distrust", other: http.StatusNotFound},
	"GET /step-up":                                     {path: "/step-up"},
	"POST /step-up":                                    {path: "/step-up", form: []string{"proof-password", "wrong"}, other: http.StatusUnprocessableEntity},
	"POST /step-up/ask":                                {path: "/step-up/ask", other: http.StatusNotFound},
	"POST /step-up/passkey":                            {path: "/step-up/passkey", form: []string{"answer", "{}"}, other: http.StatusUnauthorized},
	"GET /manage/sign-in":                              {path: "/manage/sign-in"},
	"POST /manage/sign-in":                             {path: "/manage/sign-in", form: []string{"remember", "30"}},
	"POST /manage/sign-in/sessions":                    {path: "/manage/sign-in/sessions", form: []string{"reason", "stolen"}},
	"GET /manage/sign-in/{id}":                         {path: "/manage/sign-in/{id:carla}", other: http.StatusNotFound},
	"POST /manage/sign-in/{id}/sessions":               {path: "/manage/sign-in/{id:carla}/sessions", form: []string{"reason", "stolen"}, other: http.StatusNotFound},
	"POST /manage/sign-in/{id}/applications/{app}/end": {path: "/manage/sign-in/{id:carla}/applications/{app}/end", other: http.StatusNotFound},
	"GET /account/applications":                        {path: "/account/applications"},
	"POST /account/applications/{id}/end":              {path: "/account/applications/{app}/end", other: http.StatusNotFound},
	"POST /manage/sign-in/{id}/reset":                  {path: "/manage/sign-in/{id:carla}/reset", other: http.StatusNotFound},

	"GET /{$}":               {path: "/"},
	"GET /leave/new":         {path: "/leave/new?person={id:carla}", other: http.StatusNotFound},
	"POST /leave/new":        {path: "/leave/new", form: []string{"person", "{id:carla}", "type", "holiday", "from", "2026-06-01"}, other: http.StatusNotFound},
	"GET /leave/new/preview": {path: "/leave/new/preview?person={id:carla}&type=holiday&from=2026-06-01", other: http.StatusNotFound},

	"GET /requests":                   {path: "/requests"},
	"GET /requests/{id}":              {path: "/requests/{pending}", other: http.StatusNotFound},
	"GET /requests/{id}/calendar.ics": {path: "/requests/{pending}/calendar.ics", other: http.StatusNotFound},
	"POST /requests/{id}/withdraw":    {path: "/requests/{pending}/withdraw", other: http.StatusNotFound},
	"POST /requests/{id}/cancel":      {path: "/requests/{pending}/cancel", other: http.StatusNotFound},
	"POST /requests/{id}/approve":     {path: "/requests/{pending}/approve", other: http.StatusNotFound},
	"POST /requests/{id}/refuse":      {path: "/requests/{pending}/refuse", form: []string{"reason", "busy"}, other: http.StatusNotFound},

	"POST /requests/{id}/substitute": {path: "/requests/{pending}/substitute", form: []string{"substitute", "{id:esra}"}, other: http.StatusNotFound},
	"POST /duties/{id}/agree":        {path: "/duties/{pending}/agree", other: http.StatusNotFound},
	"POST /duties/{id}/decline":      {path: "/duties/{pending}/decline", form: []string{"reason", "away"}, other: http.StatusNotFound},

	"GET /claims":                {path: "/claims"},
	"GET /claims/new":            {path: "/claims/new?kind=overtime&person={id:carla}", other: http.StatusNotFound},
	"POST /claims/new":           {path: "/claims/new", form: []string{"kind", "overtime", "person", "{id:carla}", "type", "holiday", "date", "2026-01-05", "time", "2:00", "factor", "100"}, other: http.StatusNotFound},
	"POST /claims/{id}/withdraw": {path: "/claims/{pending}/withdraw", other: http.StatusNotFound},
	"POST /claims/{id}/approve":  {path: "/claims/{pending}/approve", other: http.StatusNotFound},
	"POST /claims/{id}/refuse":   {path: "/claims/{pending}/refuse", form: []string{"reason", "busy"}, other: http.StatusNotFound},
	"GET /people/{id}/claims":    {path: "/people/{id:carla}/claims", other: http.StatusNotFound},

	"GET /manage/adjustments":                {path: "/manage/adjustments"},
	"GET /manage/adjustments/{id}/undo":      {path: "/manage/adjustments/{by_hand}/undo", other: http.StatusNotFound},
	"POST /manage/adjustments/{id}/undo":     {path: "/manage/adjustments/{by_hand}/undo", form: []string{"reason", "mistake"}, other: http.StatusNotFound},
	"GET /manage/trades":                     {path: "/manage/trades"},
	"GET /manage/trades/list.csv":            {path: "/manage/trades/list.csv"},
	"GET /manage/years":                      {path: "/manage/years"},
	"GET /manage/years/{to}":                 {path: "/manage/years/2025-12-31"}, // a day is nobody's
	"POST /manage/years/{to}":                {path: "/manage/years/2025-12-31", form: []string{"mark", "none"}, other: http.StatusConflict},
	"POST /manage/years/{to}/reopen":         {path: "/manage/years/2025-12-31/reopen", form: []string{"person", "everybody", "reason", "wrong"}, other: http.StatusConflict},
	"GET /manage/years/{to}/file":            {path: "/manage/years/2025-12-31/file"},
	"GET /manage/leavers":                    {path: "/manage/leavers"},
	"GET /manage/leavers/{id}":               {path: "/manage/leavers/{id:carla}", other: http.StatusNotFound},
	"POST /manage/leavers/{id}/final-pay":    {path: "/manage/leavers/{id:carla}/final-pay", form: []string{"due", "holiday 1", "reason", "June"}, other: http.StatusNotFound},
	"GET /manage/leavers/{id}/statement.pdf": {path: "/manage/leavers/{id:carla}/statement.pdf", other: http.StatusNotFound},

	"GET /sick":                        {path: "/sick?person={id:carla}", other: http.StatusNotFound},
	"POST /sick":                       {path: "/sick", form: []string{"person", "{id:carla}", "from", "2026-01-12"}, other: http.StatusNotFound},
	"GET /sick/history":                {path: "/sick/history"},
	"GET /absences/{id}":               {path: "/absences/{sick}", other: http.StatusNotFound},
	"POST /absences/{id}/recover":      {path: "/absences/{sick}/recover", form: []string{"to", "2026-06-12"}, other: http.StatusNotFound},
	"POST /absences/{id}/partly":       {path: "/absences/{sick}/partly", form: []string{"step", "2026-06-12", "percent", "50"}, other: http.StatusNotFound},
	"POST /absences/{id}/expect":       {path: "/absences/{sick}/expect", form: []string{"expected", "2026-06-12"}, other: http.StatusNotFound},
	"POST /absences/{id}/agree":        {path: "/absences/{sick}/agree", form: []string{"agreed", "yes"}, other: http.StatusNotFound},
	"POST /absences/{id}/withdraw":     {path: "/absences/{sick}/withdraw", other: http.StatusNotFound},
	"POST /absences/{id}/notes":        {path: "/absences/{sick}/notes", form: []string{"note", "rest"}, other: http.StatusNotFound},
	"GET /absences/{id}/correct":       {path: "/absences/{sick}/correct", other: http.StatusNotFound},
	"POST /absences/{id}/correct":      {path: "/absences/{sick}/correct", form: []string{"from", "2026-06-10"}, other: http.StatusNotFound},
	"GET /people/{id}/sickness":        {path: "/people/{id:carla}/sickness", other: http.StatusNotFound},
	"GET /sickness":                    {path: "/sickness"},
	"GET " + page.FiguresPath:          {path: page.FiguresPath},
	"GET " + page.FiguresPath + "/csv": {path: page.FiguresPath + "/csv"},

	"GET /inbox":    {path: "/inbox"},
	"POST /inbox":   {path: "/inbox", form: []string{"decision", "approve", "request", "{pending}"}, other: http.StatusConflict},
	"GET /calendar": {path: "/calendar?team={id:sales}", other: http.StatusNotFound},
	"GET /away":     {path: "/away"},

	"GET /notices/{id}":                       {path: "/notices/{notice}", other: http.StatusNotFound},
	"GET /manage/notices":                     {path: "/manage/notices"},
	"GET /manage/notices/{type}/{ends}":       {path: "/manage/notices/holiday/2026-12-31"},
	"POST /manage/notices/{type}/{ends}":      {path: "/manage/notices/holiday/2026-12-31", form: []string{"person", "{id:carla}"}, other: http.StatusNotFound},
	"GET /manage/notices/{type}/{ends}/proof": {path: "/manage/notices/holiday/2026-12-31/proof"},

	"GET /balance":                      {path: "/balance"},
	"GET /people":                       {path: "/people"},
	"GET /people/{id}/balance":          {path: "/people/{id:carla}/balance", other: http.StatusNotFound},
	"GET /people/{id}/requests":         {path: "/people/{id:carla}/requests", other: http.StatusNotFound},
	"POST /people/{id}/fixed":           {path: "/people/{id:carla}/fixed", form: []string{"fix_type", "holiday", "fix_year", "2026", "fix_amount", "30", "fix_reason", "agreed"}, other: http.StatusNotFound},
	"POST /people/{id}/adjustments":     {path: "/people/{id:carla}/adjustments", form: []string{"type", "holiday", "date", "2026-01-01", "amount", "5", "reason", "gift"}, other: http.StatusNotFound},
	"GET /balances":                     {path: "/balances?team={id:sales}", other: http.StatusNotFound},
	"GET /balances/file":                {path: "/balances/file?team={id:sales}", other: http.StatusNotFound},
	"GET /taken":                        {path: "/taken?team={id:sales}", other: http.StatusNotFound},
	"GET /taken/file":                   {path: "/taken/file?team={id:sales}", other: http.StatusNotFound},
	"GET /taken/settlements":            {path: "/taken/settlements"},
	"GET /taken/settlements/new":        {path: "/taken/settlements/new?from=2026-03-01&to=2026-03-31"},
	"POST /taken/settlements":           {path: "/taken/settlements", form: []string{"from", "2026-03-01", "to", "2026-03-31", "mark", "none"}, other: http.StatusConflict},
	"GET /taken/settlements/{id}":       {path: "/taken/settlements/{settled}", other: http.StatusNotFound},
	"GET /taken/settlements/{id}/file":  {path: "/taken/settlements/{settled}/file", other: http.StatusNotFound},
	"POST /taken/settlements/{id}/undo": {path: "/taken/settlements/{settled}/undo", form: []string{"reason", "wrong"}, other: http.StatusNotFound},
	"GET /collective":                   {path: "/collective"},
	"POST /collective":                  {path: "/collective", form: append(closure, "part", "{id:carla}"), other: http.StatusNotFound},
	"GET /collective/new":               {path: "/collective/new"},
	"POST /collective/new":              {path: "/collective/new", form: append(closure, "person", "{id:carla}"), other: http.StatusNotFound},
	"GET /collective/{id}":              {path: "/collective/{closed}", other: http.StatusNotFound},
	"POST /collective/{id}/undo":        {path: "/collective/{closed}/undo", form: []string{"reason", "open after all"}, other: http.StatusNotFound},
	"GET /account":                      {path: "/account"},
	"GET /account/access":               {path: "/account/access"},
	"GET /account/digest":               {path: "/account/digest"},
	"POST /account/digest":              {path: "/account/digest", form: []string{"every", "never", "of", "teams"}},
	"GET /stand-ins":                    {path: "/stand-ins?person={id:carla}", other: http.StatusNotFound},
	"POST /stand-ins":                   {path: "/stand-ins", form: []string{"person", "{id:carla}", "stand_in", "{id:carla}", "from", "2026-06-01"}, other: http.StatusNotFound},
	"POST /stand-ins/{id}/end":          {path: "/stand-ins/{stand_in}/end", other: http.StatusNotFound},
	"POST /account/password":            {path: "/account/password", form: []string{"current", "wrong", "password", "nine slow otters dream"}, other: http.StatusUnprocessableEntity},
	"POST /account/sessions/{id}/end":   {path: "/account/sessions/{session}/end", other: http.StatusNotFound},
	"POST /account/sessions/end-others": {path: "/account/sessions/end-others"},
	"GET /api":                          {path: "/api"},
	"GET /account/tokens":               {path: "/account/tokens"},
	"POST /account/tokens":              {path: "/account/tokens", form: []string{"name", "Payroll", "scopes", "leave:read", "days", "30"}, other: http.StatusOK},
	"POST /account/tokens/{id}/revoke":  {path: "/account/tokens/none/revoke", other: http.StatusNotFound},

	"GET " + static.Prefix: {path: static.URL("app.css")},
	"GET /robots.txt":      {path: "/robots.txt"},
	"/":                    {path: "/{pending}", other: http.StatusNotFound},

	"POST " + template.DemoSwitchPath: {path: template.DemoSwitchPath, form: []string{"person", "{id:carla}"}, other: http.StatusNotFound},
	"GET /demo":                       {path: "/demo"},
	"GET /demo/mail":                  {path: "/demo/mail"},
	"GET " + demo.ScenarioPath:        {path: demo.ScenarioPath},
	"POST " + demo.ScenarioPath:       {path: demo.ScenarioPath, form: []string{"text", "policy 25 days a year"}},
	"GET /styleguide":                 {path: "/styleguide"},
}

// closure is a collective leave, but for whom.
var closure = []string{"type", "special", "from", "2026-11-02", "reason", "Stocktaking"}

// of returns the exemplar with the ids of a customer.
func (e exemplar) of(c *customer, token, session string) exemplar {
	r := strings.NewReplacer("{pending}", c.pending, "{notice}", c.notice, "{closed}", c.closed, "{settled}", c.settled, "{by_hand}", c.byHand, "{change}", c.change, "{token}", token, "{session}", session, "{host}", c.host, "{upload}", c.upload, "{sick}", c.sick, "{app}", c.app, "{hook}", c.hook, "{sent}", c.sent, "{sso}", c.sso, "{bureau}", c.bureau, "{served}", c.served, "{before}", c.before,
		"{stand_in}", c.standIn, "{rule}", c.rule, "{limit}", c.limit,
		"{id:carla}", c.id("carla"), "{id:esra}", c.id("esra"), "{id:sales}", c.id("sales"))
	e.path = r.Replace(e.path)
	form := make([]string, len(e.form))
	for i := range form {
		form[i] = r.Replace(e.form[i])
	}
	e.form = form
	return e
}

// wanted is the status of a page for those for whom it is meant.
func (e exemplar) wanted() int {
	if e.own == 0 {
		return http.StatusOK
	}
	return e.own
}

func (e exemplar) send(b *browser, method string) *httptest.ResponseRecorder {
	switch method {
	case http.MethodPost:
		return b.post(e.path, e.form...)
	case http.MethodOptions:
		return b.do(httptest.NewRequest(method, e.path, nil))
	}
	return b.get(e.path)
}

// matrix is the world in which every route is tried.
type matrix struct {
	*world
	token   string // of a link for a person of acme
	session string // id of a session at acme
}

func newMatrix(t *testing.T, demo *demo.Demo) *matrix {
	w := newWorld(t, demo)
	w.acme.rename(w)
	w.acme.upload, _ = w.importing(w.acme)
	w.before(w.acme)
	letter, err := w.acme.Identity.Issue(t.Context(), people.ID(w.acme.id("hugo")))
	if err != nil {
		t.Fatal(err)
	}
	w.at(w.acme, "quirina")
	sessions, err := w.acme.Identity.Sessions(t.Context(), people.ID(w.acme.id("carla")))
	if err != nil || len(sessions) == 0 {
		t.Fatalf("sessions: %v, %v", sessions, err)
	}
	return &matrix{world: w, token: letter.Token, session: sessions[0].ID}
}

// secrets are what nobody may learn of carla by the way: names, notes and dates
// that no page holds but those about her.
var secrets = []string{"Quirina", "Zeldenrust", "quirina@", "Carla", "Fonseca", "To the lighthouse",
	"2026-06-09", "9 Jun", "09/06"}

// rename gives carla of one customer a name, and leave on days, that are nobody
// else's.
func (c *customer) rename(w *world) {
	w.Helper()
	ctx, id := w.Context(), people.ID(c.id("carla"))
	r, err := c.People.Record(ctx, id, id)
	if err == nil {
		r.Person.GivenName, r.Person.FamilyName, r.Person.Email = "Quirina", "Zeldenrust", "quirina@"+c.host
		err = c.People.SavePerson(ctx, people.ID(c.id("ana")), r.Person)
	}
	if err == nil { // she leaves, some day
		e := r.Employments[0]
		e.To = calendar.MustParse("2031-12-31")
		_, err = c.People.SaveEmployment(ctx, people.ID(c.id("ana")), e)
	}
	var q leave.Request
	if err == nil {
		day := calendar.MustParse("2026-06-09")
		q, err = c.Leave.Submit(ctx, id, leave.Ask{Person: id, Type: "holiday", Note: "To the lighthouse", Span: leave.Span{From: day, To: day}})
	}
	var report leave.SickReport
	if err == nil {
		report, err = c.Leave.ReportSick(ctx, id, leave.SickAsk{Person: id, From: calendar.MustParse("2026-06-09"), Note: "To the lighthouse"})
	}
	if err != nil {
		w.Fatal(err)
	}
	c.pending, c.sick = q.ID, report.ID
	ends := calendar.MustParse("2026-12-31")
	if _, err := c.Leave.SendNotices(ctx, people.ID(c.id("ana")), "holiday", ends, []people.ID{id}); err != nil {
		w.Fatal(err)
	}
	soon, err := c.Leave.EndingSoon(ctx, id, id, ends.AddDays(1))
	for _, x := range soon {
		if x.Ends == ends && x.Type.ID == "holiday" {
			c.notice = x.Notice.ID
		}
	}
	if err != nil || c.notice == "" {
		w.Fatalf("no notice: %v, %+v", err, soon)
	}
	ana, form := w.at(c, "ana"), "/manage/days/new"
	ana.agrees(form, ana.post(form, "date", "2027-05-07", "name", "Bridge day", "off", "full", "location", "utrecht"))
	changes, _, err := c.Leave.Changes(ctx, people.ID(c.id("ana")), "", "")
	if err != nil || len(changes) != 1 {
		w.Fatalf("on record: %v, %+v", err, changes)
	}
	c.change = changes[0].ID
}

// routes returns every route, the demo's too, with its exemplar.
func (m *matrix) routes(t *testing.T, try func(t *testing.T, rt page.Route, e exemplar)) {
	seen := map[string]bool{}
	for _, rt := range append(Routes(), testDemo().Routes()...) {
		key := strings.TrimSpace(rt.Method + " " + rt.Pattern)
		seen[key] = true
		t.Run(strings.ReplaceAll(key, " ", "_"), func(t *testing.T) {
			e, ok := exemplars[key]
			if !ok {
				t.Fatalf("%s has no exemplar: say what asks for it, and what the other customer gets", key)
			}
			try(t, rt, e.of(m.acme, m.token, m.session))
		})
	}
	for key := range exemplars {
		if !seen[key] {
			t.Errorf("the exemplar %s is of no route", key)
		}
	}
}

// TestSignedOut asks for every route without a session, and with a session of the
// other customer, which is none here.
func TestSignedOut(t *testing.T) {
	m := newMatrix(t, nil)
	stranger := m.at(m.globex, "ana")
	stranger.host = m.acme.host
	before := m.state(t)
	m.routes(t, func(t *testing.T, rt page.Route, e exemplar) {
		if !rt.Access.AsksWho() || rt.Access == page.Public {
			return
		}
		for name, b := range map[string]*browser{"nobody": m.at(m.acme, ""), "stranger": stranger} {
			a := e.send(b, rt.Method)
			want := http.StatusUnauthorized
			if rt.Method == http.MethodGet {
				want = http.StatusSeeOther
				if to := a.Header().Get("Location"); !strings.HasPrefix(to, "/sign-in") {
					t.Errorf("%s: sent to %q", name, to)
				}
			}
			if a.Code != want {
				t.Errorf("%s: %d, want %d", name, a.Code, want)
			}
			m.tellsNothing(t, e, a, append(secrets, m.acme.id(""), "Sales", "Visiting")...)
		}
	})
	if d := cmp.Diff(before, m.state(t)); d != "" {
		t.Errorf("something changed:\n%s", d)
	}
}

// TestOtherCustomer asks for every route as an administrator of one customer with
// ids of the other: refused, as if they did not exist.
func TestOtherCustomer(t *testing.T) {
	m := newMatrix(t, testDemo())
	before := m.state(t)
	m.routes(t, func(t *testing.T, rt page.Route, e exemplar) {
		ana := m.at(m.globex, "ana")
		if e.other == 0 && rt.Method == http.MethodPost {
			e.form = append(e.form, ana.drawn(e.path)...)
		}
		a := e.send(ana, rt.Method)
		switch {
		case e.other != 0 && a.Code != e.other:
			t.Errorf("%d, want %d", a.Code, e.other)
		case e.other == 0 && a.Code >= 400:
			t.Errorf("their own page: %d", a.Code)
		}
		m.tellsNothing(t, e, a, m.acme.id(""), m.acme.host, "Acme", "Quirina", "Zeldenrust", "lighthouse")
		if e.other != http.StatusNotFound {
			return
		}
		none := exemplars[strings.TrimSpace(rt.Method+" "+rt.Pattern)].of(nowhere, "0000", "0000")
		n := none.send(m.at(m.globex, "ana"), rt.Method)
		if got, want := m.withoutEcho(e, a), m.withoutEcho(none, n); got != want {
			t.Errorf("what exists elsewhere is told from what does not exist:\n%s", cmp.Diff(want, got))
		}
	})
	if d := cmp.Diff(before, m.state(t)); d != "" {
		t.Errorf("something changed at acme:\n%s", d)
	}
}

// nowhere is a customer whose ids nobody has.
var nowhere = &customer{before: "01none", bureau: "01none", served: "01none", hook: "01none", sent: "01none", sso: "01none", app: "01none", change: "03none", closed: "03none", settled: "03none", byHand: "03none", standIn: "01none", rule: "01none", limit: "01none", pending: "01none", sick: "03none", upload: "02none", host: "none.example.test", id: func(name string) string { return "none-" + name }}

// TestEmployee asks for what is not meant for everybody as somebody who leads
// nobody.
func TestEmployee(t *testing.T) {
	m := newMatrix(t, nil)
	b := m.at(m.acme, "dirk")
	m.routes(t, func(t *testing.T, rt page.Route, e exemplar) {
		if !rt.Access.ForSome() {
			return
		}
		if a := e.send(b, rt.Method); a.Code != http.StatusForbidden {
			t.Errorf("%d, want 403", a.Code)
		}
	})
}

// TestForeign asks for every route with carla's ids as colleagues who have nothing
// to do with her: somebody in no team, and the manager of another one. They get
// what they would get for ids that nobody has.
func TestForeign(t *testing.T) {
	m := newMatrix(t, nil)
	before := m.state(t)
	for _, who := range []string{"noor", "jonas"} {
		b := m.at(m.acme, who)
		m.routes(t, func(t *testing.T, rt page.Route, e exemplar) {
			key := strings.TrimSpace(rt.Method + " " + rt.Pattern)
			none := exemplars[key].of(nowhere, "0000", "0000")
			if !rt.Access.AsksWho() || rt.Access == page.Public || e.path == none.path && slices.Equal(e.form, none.form) {
				return
			}
			got, want := e.send(b, rt.Method), none.send(b, rt.Method)
			if got.Code < 400 {
				t.Errorf("%s: %d, want a refusal", who, got.Code)
			}
			if d := cmp.Diff(m.withoutEcho(none, want), m.withoutEcho(e, got)); d != "" {
				t.Errorf("%s can tell what exists from what does not:\n%s", who, d)
			}
			m.tellsNothing(t, e, got, secrets...)
		})
	}
	if d := cmp.Diff(before, m.state(t)); d != "" {
		t.Errorf("something changed:\n%s", d)
	}
}

// TestOwn asks for every page as those for whom it is meant: else the refusals
// above prove nothing.
func TestOwn(t *testing.T) {
	m := newMatrix(t, testDemo())
	m.routes(t, func(t *testing.T, rt page.Route, e exemplar) {
		if rt.Method != http.MethodGet {
			return // forms are sent rightly in TestSlips
		}
		who := "ana"
		if rt.Access == page.Public {
			who = ""
		}
		if a := e.send(m.at(m.acme, who), rt.Method); a.Code != e.wanted() {
			t.Errorf("%d %s", a.Code, a.Body)
		}
	})
}

// withoutEcho returns an answer less what was asked and the request's number.
func (m *matrix) withoutEcho(e exemplar, a *httptest.ResponseRecorder) string {
	s := a.Body.String()
	for _, part := range append([]string{e.path, templEscape(e.path)}, e.form...) {
		if part != "" {
			s = strings.ReplaceAll(s, part, "")
		}
	}
	return fmt.Sprintf("%d %s", a.Code, s)
}

func templEscape(s string) string { return strings.ReplaceAll(s, "&", "&amp;") }

// tellsNothing fails where an answer holds something that only the customer's own
// people may know.
func (m *matrix) tellsNothing(t *testing.T, e exemplar, a *httptest.ResponseRecorder, secrets ...string) {
	t.Helper()
	body := m.withoutEcho(e, a) + fmt.Sprint(a.Header())
	for _, part := range []string{e.path, strings.ReplaceAll(e.path, "/", "%2F")} {
		body = strings.ReplaceAll(body, part, "")
	}
	for _, s := range secrets {
		if a.Header().Get("Location") == "" && strings.Contains(body, s) {
			t.Errorf("the answer tells %q", s)
		}
	}
}

// state is what acme has: everybody's requests and balances.
func (m *matrix) state(t *testing.T) string {
	t.Helper()
	by := people.ID(m.acme.id("ana"))
	all, err := m.acme.People.People(t.Context(), by)
	if err != nil {
		t.Fatal(err)
	}
	var out []any
	for _, p := range all {
		requests, err := m.acme.Leave.Mine(t.Context(), by, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		balances, err := m.acme.Leave.Balances(t.Context(), by, p.ID, calendar.DateOf(now))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p, requests, balances)
	}
	text, err := json.MarshalIndent(out, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
