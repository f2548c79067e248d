// SPDX-License-Identifier: Apache-2.0

package web

import (
	"bytes"
	"fmt"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/identity/access"
	"verlof/identity/openid"
	"verlof/identity/sso"
	"verlof/internal/lang"
	"verlof/internal/saml/samltest"
	limits "verlof/internal/sheet"
	"verlof/leave"
	"verlof/people"
	"verlof/store/storetest"
	"verlof/web/demo"
	"verlof/web/page"
	"verlof/web/template"
)

// sheet is a form: who fills it in, where it is sent, and its boxes.
type sheet struct {
	who     string // nobody signed in where empty
	path    string // with {pending} and the like, see ids
	boxes   []box
	also    []slip // wrong only together, or against what is there
	parts   bool   // it is sent in parts, since a file is among them
	counted bool   // who gets it wrong too often has to wait
	proof   proof  // what the person proves who they are with, besides
}

// box is a field of a form with what is right in it.
type box struct {
	name, value string
	kind        kind
	optional    bool
}

// kind decides what can go wrong in a box.
type kind int

const (
	words  kind = iota // typed freely
	secret             // a password: never shown again
	mail               // a mail address
	day                // a date
	clock              // a time of day
	amount             // of leave
	number             // whole
	pick               // offered by the page; nobody types it
	tick               // a box to tick
	file               // attached
)

// slip is a way to get a form wrong: what stands in some boxes instead.
type slip struct {
	name string
	in   map[string]string
}

// slips are the things that go wrong in a box, by its kind.
var slips = map[kind]map[string]string{
	words:  {"long": long},
	secret: {"short": "abc", "long": long},
	mail:   {"none": "carla", "long": long + "@example.test", "two": "a@b.test, c@d.test"},
	day: {"no_such_day": "2026-02-30", "word": "soon", "negative": "-2026-06-01", "far": "99999-01-01",
		"number": "20260601", "long": long},
	clock:  {"no_such_time": "25:00", "word": "noon", "negative": "-09:00", "long": long},
	amount: {"word": "ten", "exponent": "1e3", "signs": "--5", "not_a_number": "NaN", "by_nothing": "1/0", "long": strings.Repeat("9", 400)},
	number: {"word": "ten", "negative": "-1", "fraction": "1.5", "long": strings.Repeat("9", 400)},
	pick:   {"unknown": "nonesuch", "long": long},
	tick:   {},
	file: {"zeroes": strings.Repeat("\x00", 4096), "cut_off": "PK\x03\x04 half a workbook",
		"too_large": strings.Repeat("a;b\n", int(limits.Usual.Bytes/4)+1)},
}

// long is longer than anybody may write.
var long = strings.Repeat("far too long ", 400)

// smudges are put before what is right in a box that is typed: characters that
// nobody sees, and bytes that are no UTF-8.
var smudges = map[string]string{"nul": "\x00", "escape": "\x1b[31m", "not_utf8": "\xff\xfe", "latin1": "Jos\xe9 "}

// all returns every way to get s wrong.
func (s sheet) all() []slip {
	var out []slip
	for _, b := range s.boxes {
		add := func(name, value string) {
			out = append(out, slip{b.name + "_" + name, map[string]string{b.name: value}})
		}
		for name, value := range slips[b.kind] {
			add(name, value)
		}
		if !b.optional {
			add("missing", "")
		}
		if b.kind == words || b.kind == mail || b.kind == day || b.kind == amount {
			for name, bytes := range smudges {
				add(name, bytes+b.value)
			}
		}
	}
	slices.SortFunc(out, func(a, b slip) int { return strings.Compare(a.name, b.name) })
	return append(out, s.also...)
}

// values returns what a form sends: what is right, but for a slip.
func (s sheet) values(x slip) url.Values {
	v := url.Values{}
	for _, b := range s.boxes {
		text := b.value
		if wrong, ok := x.in[b.name]; ok {
			text = wrong
		}
		if text != "" {
			v.Add(b.name, text)
		}
	}
	return v
}

// request returns a request as a browser sends it.
func (s sheet) request(path string, v url.Values) *http.Request {
	body, kind := new(bytes.Buffer), "application/x-www-form-urlencoded"
	if s.parts {
		kind = s.writeParts(body, v)
	} else {
		body.WriteString(v.Encode())
	}
	r := httptest.NewRequest(http.MethodPost, path, body)
	r.Header.Set("Content-Type", kind)
	return r
}

func (s sheet) writeParts(body *bytes.Buffer, v url.Values) (kind string) {
	w := multipart.NewWriter(body)
	for _, b := range s.boxes {
		for _, value := range v[b.name] {
			if b.kind == file {
				part, _ := w.CreateFormFile(b.name, "people.csv") // a buffer takes all
				_, _ = part.Write([]byte(value))
				continue
			}
			_ = w.WriteField(b.name, value)
		}
	}
	_ = w.Close()
	return w.FormDataContentType()
}

// ids returns what the words in braces of the path of s stand for.
func (c *customer) ids(w *world, s sheet) *strings.Replacer {
	w.Helper()
	letter, err := c.Identity.Issue(w.Context(), people.ID(c.id("hugo")))
	if err != nil {
		w.Fatal(err)
	}
	w.at(c, "carla")
	sessions, err := c.Identity.Sessions(w.Context(), people.ID(c.id("carla")))
	if err != nil || len(sessions) == 0 {
		w.Fatalf("sessions: %v, %v", sessions, err)
	}
	upload, digest := w.importing(c)
	from := calendar.MustParse("2026-03-09")
	report, err := c.Leave.ReportSick(w.Context(), people.ID(c.id("carla")), leave.SickAsk{Person: people.ID(c.id("carla")), From: from})
	if err != nil {
		w.Fatal(err)
	}
	claim, err := c.Leave.FileClaim(w.Context(), people.ID(c.id("carla")), leave.Claim{Person: people.ID(c.id("carla")), Kind: leave.ClaimOvertime,
		Type: "overtime", Date: calendar.MustParse("2026-03-02"), Minutes: 120, Factor: 100})
	if err != nil {
		w.Fatal(err)
	}
	pat, _, err := c.Programs.Make(w.Context(), people.ID(c.id("carla")), access.Wish{Name: "Script", Scopes: access.Scopes(), Expires: now.AddDate(0, 1, 0)})
	if err != nil {
		w.Fatal(err)
	}
	feed, _, err := c.Programs.MakeFeed(w.Context(), people.ID(c.id("carla")), access.FeedWish{})
	if err != nil {
		w.Fatal(err)
	}
	came := ""
	if strings.Contains(s.path, "{before}") || strings.Contains(s.path, "{came}") { // a past state is a copy of all
		came = c.came(w)
	}
	idp := samltest.New(nil) // it publishes and answers nothing
	return strings.NewReplacer("{pat}", pat.ID, "{feed}", feed.ID, "{came}", came, "{before}", c.before, "{app}", c.app, "{hook}", c.hook, "{sent}", c.sent, "{sso}", c.sso, "{bureau}", c.bureau, "{served}", c.served, "{saml}", c.addSAML(w, idp, func(p *sso.Provider) { p.Domains = nil }), "{metadata}", idp.Metadata(), "{linked}", c.linked(w), "{user_code}", c.deviceCode(w), "{spare}", c.spare(w), "{claim}", claim.ID, "{stand_in}", c.standIn, "{rule}", c.rule, "{limit}", c.limit, "{sick}", report.ID, "{upload}", upload, "{digest}", digest, "{pending}", c.pending, "{approved}", c.approved, "{closed}", c.closed, "{settled}", c.settled, "{settle}", c.settleMark(w, calendar.MonthOf(2026, 1)), "{by_hand}", c.byHand, "{token}", letter.Token,
		"{session}", sessions[0].ID, "{carla}", c.id("carla"), "{dirk}", c.id("dirk"), "{host}", c.host, "{mark}", c.closeYear(w))
}

// closeYear closes Carla's last leave year, and returns the mark of the review for
// closing those of the others.
func (c *customer) closeYear(w *world) string {
	w.Helper()
	ana, year := people.ID(c.id("ana")), leave.YearPick{To: calendar.MustParse("2025-12-31")}
	review := func(pick leave.YearPick) string {
		r, err := c.Leave.YearReview(w.Context(), ana, pick)
		if err != nil {
			w.Fatal(err)
		}
		return r.Mark
	}
	carla := year
	carla.Person = people.ID(c.id("carla"))
	if _, err := c.Leave.CloseYear(w.Context(), ana, carla, review(carla)); err != nil {
		w.Fatal(err)
	}
	return review(year)
}

// applicationBoxes are the fields of an application.
var applicationBoxes = []box{{name: "name", value: "Roster", kind: words}, {name: "redirects", value: "https://roster.example.test/back", kind: words},
	{name: "post_logout", value: "https://roster.example.test/", kind: words, optional: true}, {name: "logout", value: "https://roster.example.test/end", kind: words, optional: true},
	{name: "keys", value: `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`, kind: words, optional: true},
	{name: "scope", value: "openid", kind: pick}, {name: "trusted", value: "yes", kind: tick, optional: true}, {name: "pairwise", value: "yes", kind: tick, optional: true},
	{name: "pushes", value: "yes", kind: tick, optional: true}, {name: "bound", value: "yes", kind: tick, optional: true}}

// spare returns an application and the older of its two secrets, as an address has them.
func (c *customer) spare(w *world) string {
	w.Helper()
	ana, ctx := people.ID(c.id("ana")), w.Context()
	app, _, err := c.OpenID.Register(ctx, ana, openid.Client{Name: "Spare", Kind: openid.Service, Scope: "leave:read", Subjects: openid.SubjectPublic})
	if err != nil {
		w.Fatal(err)
	}
	_, list, err := c.OpenID.Client(ctx, ana, app.ID)
	if err == nil {
		_, err = c.OpenID.AddSecret(ctx, ana, app.ID)
	}
	if err != nil {
		w.Fatal(err)
	}
	return app.ID + "/secrets/" + list[0].ID
}

// attempt is a form in a world of its own.
type attempt struct {
	*world
	sheet
	browser *browser
	dsn     string
	held    []string // what the customer had after the last form that was refused; nil: none was
}

func newAttempt(t *testing.T, s sheet) *attempt {
	t.Helper()
	a := &attempt{world: newWorld(t, testDemo()), sheet: s}
	names := a.acme.ids(a.world, s)
	if provisionedPath.MatchString(a.path) {
		a.path = a.acme.provisioned(a.world).Replace(a.path)
	}
	if strings.Contains(a.path, "{leaver}") {
		names = a.acme.leaving(a.world, "2026-03-31")
	}
	a.path = names.Replace(a.path)
	a.boxes, a.also = slices.Clone(a.boxes), slices.Clone(a.also)
	for i := range a.boxes {
		a.boxes[i].value = names.Replace(a.boxes[i].value)
	}
	a.browser = a.at(a.acme, a.who)
	if drawn := a.browser.drawn(a.path); drawn != nil {
		a.boxes = append(a.boxes, box{name: drawn[0], value: drawn[1], kind: pick})
	}
	if s.proof != "" {
		a.prepare(t)
	}
	info, err := a.dir.Show(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	if a.dsn, err = a.dir.Place.DSN(info.Database); err != nil {
		t.Fatal(err)
	}
	return a
}

// rows returns all that the customer has, but for the counts of attempts.
func (a *attempt) rows(t *testing.T) []string { return storetest.Rows(t, a.dsn, "tally") }

// refused sends a form and fails where it is not turned down, or something
// changed.
func (a *attempt) refused(t *testing.T, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	if a.held == nil {
		a.held = a.rows(t)
	}
	got := a.browser.do(r)
	after := a.rows(t)
	if d := cmp.Diff(a.held, after); d != "" {
		t.Errorf("something changed:\n%s", d)
	}
	a.held = after
	switch {
	case got.Code < 400 || got.Code > 499:
		t.Fatalf("%d, want a refusal", got.Code)
	case got.Code == http.StatusTooManyRequests:
		t.Fatal("too many attempts: the refusal is of something else")
	}
	return got
}

// says fails unless the answer says what to do: above the form, which holds what
// was typed, or on a page of its own where the form cannot be shown again.
func (a *attempt) says(t *testing.T, got *httptest.ResponseRecorder, sent url.Values, x slip) {
	t.Helper()
	body := got.Body.String()
	if !strings.Contains(body, `role="alert"`) {
		title := lang.For("en").T(fmt.Sprintf("web.fail.%d", got.Code))
		if !strings.Contains(body, html.EscapeString(title)) {
			t.Errorf("%d and no word of what is wrong:\n%s", got.Code, body)
		}
		if a.typed(x) {
			t.Errorf("%d and the form is gone, with what was typed", got.Code)
		}
		return
	}
	listed := item.FindAllString(problem.FindString(body), -1)
	if slices.Sort(listed); len(slices.Compact(slices.Clone(listed))) < len(listed) {
		t.Errorf("it says so more than once: %q", listed)
	}
	for _, b := range a.boxes {
		smudged := strings.ContainsFunc(sent.Get(b.name), func(r rune) bool { return r == 0 || r == 0x1b || r == utf8.RuneError })
		if b.kind == secret || b.kind == file || b.kind == pick || b.kind == tick || smudged {
			continue
		}
		if text := strings.TrimSpace(sent.Get(b.name)); !strings.Contains(body, html.EscapeString(text)) {
			t.Errorf("what was typed as %s is gone: %.60q", b.name, text)
		}
	}
}

var (
	problem = regexp.MustCompile(`(?s)<div class="problem".*?</div>`)
	item    = regexp.MustCompile(`<li>.*?</li>`)
)

// typed reports whether a person could make this slip in the page.
func (a *attempt) typed(x slip) bool {
	for _, b := range a.boxes {
		if _, wrong := x.in[b.name]; wrong && b.kind != pick && b.kind != tick {
			return true
		}
	}
	return false
}

// TestSlips gets every form wrong in every way: it is refused, the page says what
// to do and still holds what was typed, and nothing has changed. A form without a
// sheet fails the test.
func TestSlips(t *testing.T) {
	seen := map[string]bool{}
	for _, rt := range append(Routes(), testDemo().Routes()...) {
		if rt.Method != http.MethodPost || rt.Access == page.Program { // a program's mistakes are in openid_test.go
			continue
		}
		seen[rt.Pattern] = true
		t.Run(strings.Trim(strings.ReplaceAll(rt.Pattern, "/", "_"), "_"), func(t *testing.T) {
			s, ok := sheets[rt.Pattern]
			if !ok {
				t.Fatalf("POST %s has no sheet: say what is filled in, and by whom", rt.Pattern)
			}
			s.try(t)
		})
	}
	for pattern := range sheets {
		if !seen[pattern] {
			t.Errorf("the sheet for %s is of no form", pattern)
		}
	}
}

func (s sheet) try(t *testing.T) {
	a, sound := newAttempt(t, s), true
	for _, x := range s.all() {
		if s.counted || !sound {
			a = newAttempt(t, s)
		}
		sound = t.Run(x.name, func(t *testing.T) {
			v := a.values(x)
			a.says(t, a.refused(t, a.request(a.path, v)), v, x)
		})
	}
	if s.counted || !sound {
		a = newAttempt(t, s)
	}
	if len(s.boxes) > 0 {
		t.Run("bodies", a.bodies)
	}
	if s.path != a.path {
		t.Run("paths", func(t *testing.T) { a.paths(t, s.path) })
	}
	t.Run("right", func(t *testing.T) { // else the refusals prove nothing
		if got := a.browser.do(a.request(a.path, a.values(slip{}))); got.Code >= 400 {
			t.Errorf("%d %s", got.Code, got.Body)
		}
	})
}

// asks reports whether something must be filled in.
func (s sheet) asks() bool {
	return slices.ContainsFunc(s.boxes, func(b box) bool { return !b.optional })
}

// paths sends a form to addresses like pattern with ids that nobody has.
func (a *attempt) paths(t *testing.T, pattern string) {
	before, after, _ := strings.Cut(pattern, "{")
	_, after, _ = strings.Cut(after, "}")
	for name, id := range map[string]string{
		"unknown": "nonesuch", "nul": "%00", "not_utf8": "%ff", "escape": "%1b", "long": strings.Repeat("x", 5000), "quote": "'%22%3E",
	} {
		t.Run(name, func(t *testing.T) {
			got := a.refused(t, a.request(before+id+after, a.values(slip{})))
			if got.Code != http.StatusNotFound {
				t.Errorf("%d", got.Code)
			}
			a.says(t, got, nil, slip{})
		})
	}
}

// closureBoxes are what a collective leave is made of, but for whom.
var closureBoxes = []box{
	{name: "type", value: "special", kind: pick}, {name: "from", value: "2026-11-02", kind: day}, {name: "to", value: "2026-11-03", kind: day, optional: true},
	{name: "first", value: "whole", kind: pick, optional: true}, {name: "last", value: "whole", kind: pick, optional: true}, {name: "reason", value: "Stocktaking"},
}

// sheets has an entry for every form.
var sheets = map[string]sheet{
	"/sign-in": {counted: true, path: "/sign-in", boxes: []box{
		{name: "email", value: "carla@{host}", kind: mail}, {name: "password", value: password, kind: secret}},
		also: []slip{{"wrong_password", map[string]string{"password": "seven quiet herons run"}}}},
	template.SignOutPath:                                {who: "carla", path: template.SignOutPath},
	"/manage/sso/new":                                   {who: "ana", path: "/manage/sso/new", boxes: providerBoxes[:2]},
	"/manage/sso/{id}":                                  {who: "ana", path: "/manage/sso/{sso}", boxes: providerBoxes},
	"/manage/sso/{id}/people/{person}/unlink":           {who: "ana", path: "/manage/sso/{sso}/people/{linked}/unlink"},
	"/manage/sso/{id}/metadata":                         {who: "ana", path: "/manage/sso/{saml}/metadata", parts: true, boxes: []box{{name: "metadata", value: "{metadata}", kind: file}}},
	"/manage/sso/keys":                                  {who: "ana", path: "/manage/sso/keys"},
	"/manage/sso/keys/use":                              {who: "ana", path: "/manage/sso/keys/use"},
	"/manage/sso/keys/{key}/delete":                     {who: "ana", path: "/manage/sso/keys/next/delete"},
	"/manage/sso/{id}/delete":                           {who: "ana", path: "/manage/sso/{sso}/delete"},
	"/manage/applications/new":                          {who: "ana", path: "/manage/applications/new", boxes: append(applicationBoxes, box{name: "kind", value: "confidential", kind: pick})},
	"/manage/applications/{id}":                         {who: "ana", path: "/manage/applications/{app}", boxes: applicationBoxes},
	"/manage/applications/{id}/delete":                  {who: "ana", path: "/manage/applications/{app}/delete"},
	"/manage/applications/{id}/secrets":                 {who: "ana", path: "/manage/applications/{app}/secrets"},
	"/manage/applications/{id}/secrets/{secret}/delete": {who: "ana", path: "/manage/applications/{spare}/delete"},
	"/oauth/consent":                                    {who: "carla", path: "/oauth/consent", boxes: []box{{name: "request", value: "client_id={app}&redirect_uri=https%3A%2F%2Fintranet.example.test%2Fback&scope=openid", kind: pick}, {name: "decision", value: "allow", kind: pick}}},
	openid.DevicePath:                                   {who: "carla", counted: true, path: openid.DevicePath, boxes: []box{{name: "code", value: "{user_code}", kind: words}}},
	"/oauth/logout/confirm":                             {who: "carla", path: "/oauth/logout/confirm"},
	"/forgot":                                           {counted: true, path: "/forgot", boxes: []box{{name: "email", value: "carla@{host}", kind: mail}}},
	"/invitation/{token}":                               {path: "/invitation/{token}", boxes: []box{{name: "password", value: "nine slow otters dream", kind: secret}}},
	"/reset/{token}":                                    {path: "/reset/{token}", boxes: []box{{name: "password", value: "nine slow otters dream", kind: secret}}},
	demo.ScenarioPath:                                   {path: demo.ScenarioPath, boxes: []box{{name: "text", value: "policy 25 days a year"}}, also: []slip{{"nonsense", map[string]string{"text": "give me leave"}}}},
	template.ThemePath:                                  {path: template.ThemePath, boxes: []box{{name: "theme", value: "dark", kind: pick}}},
	template.LanguagePath:                               {path: template.LanguagePath, boxes: []box{{name: "lang", value: "nl", kind: pick}}},

	"/sign-in/passkey/ask":            {path: "/sign-in/passkey/ask"},
	"/sign-in/passkey":                {proof: byKey, path: "/sign-in/passkey", boxes: []box{{name: "answer", value: "/sign-in/passkey/ask", kind: secret}}},
	"/sign-in/second":                 {counted: true, proof: half, path: "/sign-in/second", boxes: []box{{name: "code", value: "code", kind: secret}}, also: []slip{{"wrong", map[string]string{"code": "000000"}}}},
	"/sign-in/second/ask":             {proof: half, path: "/sign-in/second/ask"},
	"/sign-in/second/passkey":         {proof: half, path: "/sign-in/second/passkey", boxes: []box{{name: "answer", value: "/sign-in/second/ask", kind: secret}}},
	"/account/app/start":              {who: "carla", path: "/account/app/start"},
	"/account/app":                    {who: "carla", proof: started, path: "/account/app", boxes: []box{{name: "code", value: "code", kind: secret}}},
	"/account/passkeys/ask":           {who: "carla", path: "/account/passkeys/ask"},
	"/account/passkeys/new":           {who: "carla", proof: newKey, path: "/account/passkeys/new", boxes: []box{{name: "name", value: "Laptop"}, {name: "answer", value: "/account/passkeys/ask", kind: secret}}},
	"/account/codes":                  {proof: whole, path: "/account/codes"},
	"/account/factors/{id}/remove":    {proof: whole, path: "/account/factors/{factor}/remove"},
	"/account/browsers/{id}/distrust": {proof: whole, path: "/account/browsers/{device}/distrust"},
	"/step-up":                        {counted: true, proof: whole, path: "/step-up", boxes: []box{{name: "proof-password", value: password, kind: secret}, {name: "proof-code", value: "code", kind: secret}}},
	"/step-up/ask":                    {proof: whole, path: "/step-up/ask"},
	"/step-up/passkey":                {proof: whole, path: "/step-up/passkey", boxes: []box{{name: "answer", value: "/step-up/ask", kind: secret}}},
	"/manage/sign-in":                 {who: "ana", path: "/manage/sign-in", boxes: []box{{name: "remember", value: "14", kind: number}, {name: "demand", value: "manager", kind: tick, optional: true}, {name: "passkey", value: "custom", kind: tick, optional: true}, {name: "feeds", value: "nobody", kind: pick, optional: true}}},
	"/manage/sign-in/{id}/reset":      {who: "ana", proof: others, path: "/manage/sign-in/{mila}/reset"},

	"/claims/new": {who: "carla", path: "/claims/new", boxes: []box{{name: "kind", value: "overtime", kind: pick}, {name: "type", value: "overtime", kind: pick},
		{name: "person", value: "{carla}", kind: pick, optional: true}, {name: "date", value: "2026-03-09", kind: day},
		{name: "start", value: "18:00", kind: clock, optional: true}, {name: "end", value: "20:00", kind: clock, optional: true},
		{name: "factor", value: "150", kind: pick}, {name: "note", value: "Stocktaking", optional: true}},
		also: []slip{{"backwards", map[string]string{"start": "20:00", "end": "18:00"}}, {"not_yet", map[string]string{"date": "2026-12-01"}},
			{"no_hours", map[string]string{"start": "", "end": ""}}}},
	"/claims/{id}/withdraw": {who: "carla", path: "/claims/{claim}/withdraw"},
	"/claims/{id}/approve":  {who: "bram", path: "/claims/{claim}/approve"},
	"/claims/{id}/refuse":   {who: "bram", path: "/claims/{claim}/refuse?back=/inbox", boxes: []box{{name: "reason", value: "Nobody asked for it"}}},

	"/leave/new": {who: "carla", path: "/leave/new", boxes: []box{
		{name: "type", value: "holiday", kind: pick, optional: true}, {name: "person", value: "{carla}", kind: pick, optional: true},
		{name: "from", value: "2026-06-01", kind: day}, {name: "to", value: "2026-06-04", kind: day, optional: true},
		{name: "first", value: "whole", kind: pick, optional: true}, {name: "last", value: "whole", kind: pick, optional: true},
		{name: "note", value: "To the sea", optional: true}, {name: "substitute", value: "{dirk}", kind: pick, optional: true},
	}, also: []slip{
		{"backwards", map[string]string{"from": "2026-06-05"}},
		{"endless", map[string]string{"to": "2028-06-04"}},
		{"overlap", map[string]string{"from": "2026-03-24", "to": "2026-03-26"}},
		{"too_much", map[string]string{"to": "2026-07-31"}},
		{"free_days", map[string]string{"from": "2026-06-06", "to": "2026-06-07"}},
		{"before_the_job", map[string]string{"from": "2001-06-04", "to": "2001-06-04"}},
		{"hole", map[string]string{"first": "morning"}},
		{"not_entitled", map[string]string{"type": "nonesuch"}},
	}},

	"/sick": {who: "bram", path: "/sick", boxes: []box{{name: "person", value: "{carla}", kind: pick, optional: true}, {name: "from", value: "2026-02-02", kind: day},
		{name: "to", value: "2026-02-06", kind: day, optional: true}, {name: "expected", value: "2026-02-09", kind: day, optional: true}},
		also: []slip{{"backwards", map[string]string{"to": "2026-01-30"}}, {"twice", map[string]string{"from": "2026-03-10", "to": "", "expected": ""}}}},
	"/absences/{id}/recover": {who: "carla", path: "/absences/{sick}/recover", boxes: []box{{name: "to", value: "2026-03-13", kind: day}}},
	"/absences/{id}/partly": {who: "carla", path: "/absences/{sick}/partly", boxes: []box{{name: "step", value: "2026-03-16", kind: day},
		{name: "percent", value: "50", kind: number}}},
	"/absences/{id}/expect":   {who: "bram", path: "/absences/{sick}/expect", boxes: []box{{name: "expected", value: "2026-03-30", kind: day, optional: true}}},
	"/absences/{id}/agree":    {who: "carla", path: "/absences/{sick}/agree", boxes: []box{{name: "agreed", value: "yes", kind: tick, optional: true}}},
	"/absences/{id}/withdraw": {who: "carla", path: "/absences/{sick}/withdraw"},
	"/absences/{id}/notes":    {who: "carla", path: "/absences/{sick}/notes", boxes: []box{{name: "note", value: "Rest"}}},
	"/absences/{id}/correct": {who: "ana", path: "/absences/{sick}/correct", boxes: []box{{name: "from", value: "2026-03-10", kind: day},
		{name: "to", value: "2026-03-20", kind: day, optional: true}, {name: "expected", value: "2026-03-23", kind: day, optional: true},
		{name: "certified", value: "yes", kind: tick, optional: true}, {name: "note_until", value: "2026-03-18", kind: day, optional: true},
		{name: "agreed", value: "yes", kind: tick, optional: true}, {name: "step0", value: "2026-03-16", kind: day, optional: true},
		{name: "percent0", value: "50", kind: number, optional: true}}},
	"/requests/{id}/withdraw": {who: "carla", path: "/requests/{pending}/withdraw"},
	"/requests/{id}/cancel": {who: "carla", path: "/requests/{approved}/cancel", boxes: []box{
		{name: "reason", value: "Other plans", optional: true}}},
	"/requests/{id}/substitute": {who: "carla", path: "/requests/{pending}/substitute", boxes: []box{
		{name: "substitute", value: "{dirk}", kind: pick, optional: true}}},
	"/duties/{id}/agree":   {who: "esra", path: "/duties/{pending}/agree"},
	"/duties/{id}/decline": {who: "esra", path: "/duties/{pending}/decline", boxes: []box{{name: "reason", value: "Away myself"}}},
	"/requests/{id}/approve": {who: "bram", path: "/requests/{pending}/approve", boxes: []box{
		{name: "reason", value: "Enjoy", optional: true}}},
	"/requests/{id}/refuse": {who: "bram", path: "/requests/{pending}/refuse", boxes: []box{{name: "reason", value: "Stocktaking"}}},
	"/inbox": {who: "bram", path: "/inbox", boxes: []box{
		{name: "decision", value: "refuse", kind: pick}, {name: "request", value: "{pending}", kind: pick},
		{name: "reason", value: "Stocktaking"}}},

	"/people/{id}/fixed": {who: "ana", path: "/people/{carla}/fixed", boxes: []box{
		{name: "fix_type", value: "holiday", kind: pick}, {name: "fix_year", value: "2026", kind: number},
		{name: "fix_amount", value: "30", kind: amount, optional: true}, {name: "fix_reason", value: "Agreed"}}},
	"/manage/notices/{type}/{ends}": {who: "ana", path: "/manage/notices/holiday/2026-12-31", boxes: []box{
		{name: "person", value: "{carla}", kind: pick}}},

	"/manage/years/{to}": {who: "ana", path: "/manage/years/2025-12-31", boxes: []box{
		{name: "mark", value: "{mark}", kind: pick}, {name: "package", value: "all", kind: pick, optional: true}}},
	"/manage/years/{to}/reopen": {who: "ana", path: "/manage/years/2025-12-31/reopen", boxes: []box{
		{name: "package", value: "all", kind: pick, optional: true}, {name: "person", value: "{carla}", kind: pick, optional: true}, {name: "reason", value: "Stocktaking"}}},

	"/manage/adjustments/{id}/undo": {who: "ana", path: "/manage/adjustments/{by_hand}/undo", boxes: []box{{name: "reason", value: "A mistake"}}},

	"/manage/leavers/{id}/final-pay": {who: "ana", path: "/manage/leavers/{leaver}/final-pay", boxes: []box{
		{name: "due", value: "{due}", kind: pick}, {name: "reason", value: "June"}}},

	"/people/{id}/adjustments": {who: "ana", path: "/people/{carla}/adjustments", boxes: []box{
		{name: "type", value: "holiday", kind: pick}, {name: "date", value: "2026-03-02", kind: day},
		{name: "amount", value: "1.5", kind: amount}, {name: "reason", value: "Stocktaking"}},
		also: []slip{{"nothing", map[string]string{"amount": "0"}}}},

	"/collective": {who: "ana", path: "/collective", boxes: append(slices.Clone(closureBoxes), box{name: "part", value: "{carla}", kind: pick}),
		also: []slip{{"away_already", map[string]string{"from": "2026-08-03"}}}},
	"/collective/new": {who: "ana", path: "/collective/new", boxes: append(slices.Clone(closureBoxes), box{name: "person", value: "{carla}", kind: pick})},
	"/taken/settlements": {who: "ana", path: "/taken/settlements", boxes: []box{{name: "from", value: "2026-01-01", kind: day}, {name: "to", value: "2026-01-31", kind: day},
		{name: "mark", value: "{settle}", kind: pick}}, also: []slip{{"settled", map[string]string{"from": "2025-12-31"}}, {"ahead", map[string]string{"from": "2027-01-01", "to": "2027-01-31"}}}},
	"/taken/settlements/{id}/undo": {who: "ana", path: "/taken/settlements/{settled}/undo", boxes: []box{{name: "reason", value: "Too early"}}},

	"/collective/{id}/undo": {who: "ana", path: "/collective/{closed}/undo", boxes: []box{{name: "reason", value: "Open after all", optional: true}}},

	"/account/password": {counted: true, who: "carla", path: "/account/password", boxes: []box{
		{name: "current", value: password, kind: secret}, {name: "password", value: "nine slow otters dream", kind: secret}}},
	"/account/digest":              {who: "carla", path: "/account/digest", boxes: []box{{name: "every", value: "daily", kind: pick}, {name: "of", value: "teams", kind: pick}}},
	"/account/sessions/{id}/end":   {who: "carla", path: "/account/sessions/{session}/end"},
	"/account/sessions/end-others": {who: "carla", path: "/account/sessions/end-others", boxes: []box{{name: "applications", value: "yes", kind: tick, optional: true}}},
	"/account/tokens": {who: "carla", path: "/account/tokens", boxes: []box{{name: "name", value: "Payroll"}, {name: "scopes", value: "leave:read", kind: pick},
		{name: "days", value: "30", kind: pick}}},
	"/account/applications/{id}/end":              {who: "carla", path: "/account/applications/{app}/end"},
	"/manage/sign-in/sessions":                    {who: "ana", path: "/manage/sign-in/sessions", boxes: []box{{name: "reason", value: "A laptop was stolen"}, {name: "applications", value: "yes", kind: tick, optional: true}}},
	"/manage/sign-in/{id}/sessions":               {who: "ana", path: "/manage/sign-in/{carla}/sessions", boxes: []box{{name: "reason", value: "A laptop was stolen"}, {name: "applications", value: "yes", kind: tick, optional: true}}},
	"/manage/sign-in/{id}/applications/{app}/end": {who: "ana", path: "/manage/sign-in/{carla}/applications/{app}/end"},
	"/account/tokens/{id}/revoke":                 {who: "carla", path: "/account/tokens/{pat}/revoke"},

	template.DemoSwitchPath: {path: template.DemoSwitchPath, boxes: []box{{name: "person", value: "{carla}", kind: pick}}},
}
