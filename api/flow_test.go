// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/errs"
	"verlof/identity/access"
	"verlof/leave"
	"verlof/people"
)

// TestLeaveFlow: leave is asked for, seen by who decides, approved and taken back;
// each with its cost and reasons.
func TestLeaveFlow(t *testing.T) {
	w := newWorld(t)
	const ask = `{"type":"holiday","from":"2026-06-01","to":"2026-06-05","note":"Sea"}`
	var cost Cost
	w.want(200, "carla", "POST", "/requests/preview", ask).json(t, &cost)
	if cost.Cost.Value.String() != "5" || !cost.Possible || cost.Years[0].After.Text != "20 days" {
		t.Errorf("%+v", cost)
	}
	made := w.want(201, "carla", "POST", "/requests", ask)
	var r RequestDetail
	made.json(t, &r)
	if made.Header.Get("Location") != Root+"/requests/"+r.ID || r.State != "pending" || r.Waits.Deciders[0] != "acme-bram" || !r.MayWithdraw {
		t.Errorf("%v %+v", made.Header, r)
	}
	if again := w.want(409, "carla", "POST", "/requests", ask); again.field("code") != "leave.error.overlap" || !strings.Contains(again.text, `"field":"from"`) {
		t.Errorf("overlap: %s", again.text)
	}
	if inbox := w.want(200, "bram", "GET", "/inbox", ""); !strings.Contains(inbox.text, r.ID) {
		t.Errorf("inbox: %s", inbox.text)
	}
	w.want(403, "carla", "POST", "/requests/"+r.ID+"/approve", "")
	w.want(404, "dirk", "POST", "/requests/"+r.ID+"/approve", "")
	w.want(422, "bram", "POST", "/requests/"+r.ID+"/refuse", "")
	w.want(200, "bram", "POST", "/requests/"+r.ID+"/approve", `{"reason":"Enjoy"}`).json(t, &r)
	if r.State != "approved" || r.Reason != "Enjoy" {
		t.Errorf("%+v", r)
	}
	var s Statement
	w.want(200, "carla", "GET", "/people/acme-carla/balances/holiday?at=2026-12-31", "", "Accept-Language", "nl").json(t, &s)
	if s.Available.Text != "20 dagen" || len(s.Lines) < 2 || len(s.Lines[0].Reasons) == 0 {
		t.Errorf("%+v", s)
	}
	if list := w.want(200, "dirk", "GET", "/calendar?from=2026-06-01&to=2026-06-07", ""); !strings.Contains(list.text, `"person":"acme-carla"`) || strings.Contains(list.text, r.ID) {
		t.Errorf("a colleague's calendar: %s", list.text)
	}
	w.want(200, "carla", "POST", "/requests/"+r.ID+"/cancel", "")
	w.want(200, "ana", "GET", "/overview?at=2026-12-31", "")
	w.want(403, "carla", "GET", "/overview", "")
}

// counted counts of whom balances are read.
type counted struct {
	leave.Store
	read int
	ever int // how often the leave of everybody was
}

func (s *counted) View(ctx context.Context, f func(leave.Tx) error) error {
	return s.Store.View(ctx, func(tx leave.Tx) error { return f(countedTx{tx, s}) })
}

type countedTx struct {
	leave.Tx
	s *counted
}

func (tx countedTx) Adjustments(id people.ID) ([]leave.Adjustment, error) {
	tx.s.read++
	return tx.Tx.Adjustments(id)
}

func (tx countedTx) RequestsEver(r calendar.Range) ([]leave.Request, error) {
	tx.s.ever++
	return tx.Tx.RequestsEver(r)
}

// TestSearchOfFew: who leads a few reads the leave of those, and finds theirs and their own all the same.
func TestSearchOfFew(t *testing.T) {
	w := newWorld(t)
	ids := map[string]string{}
	for _, who := range []string{"carla", "bram", "noor"} {
		ids[who] = w.want(201, who, "POST", "/requests", `{"type":"holiday","from":"2026-06-01"}`).field("id")
	}
	store := &counted{Store: w.acme.Leave.Store}
	w.acme.Leave.Store = store
	got := w.want(200, "bram", "GET", "/requests", "").text
	if store.ever != 0 || !strings.Contains(got, ids["carla"]) || !strings.Contains(got, ids["bram"]) || strings.Contains(got, ids["noor"]) {
		t.Errorf("everybody's leave was read %d times: %s", store.ever, got)
	}
}

// TestInboxInParts: a part of the inbox reads what it tells, not what the parts after it will, and the
// parts together are the inbox.
func TestInboxInParts(t *testing.T) {
	w := newWorld(t)
	for _, day := range []string{"2026-06-01", "2026-06-03", "2026-06-05"} {
		w.want(201, "carla", "POST", "/requests", `{"type":"holiday","from":"`+day+`"}`)
	}
	var whole, at Page[Request]
	w.want(200, "bram", "GET", "/inbox", "").json(t, &whole)
	store := &counted{Store: w.acme.Leave.Store}
	w.acme.Leave.Store = store
	var parts []Request
	for path := "/inbox?limit=1"; ; path = "/inbox?limit=1&after=" + at.Next {
		store.read, at = 0, Page[Request]{}
		w.want(200, "bram", "GET", path, "").json(t, &at)
		if len(at.Items) != 1 || store.read != 1 {
			t.Fatalf("%d requests are told, for which %d persons were read", len(at.Items), store.read)
		}
		if parts = append(parts, at.Items...); at.Next == "" {
			break
		}
	}
	if diff := cmp.Diff(whole.Items, parts); diff != "" || len(parts) < 3 {
		t.Errorf("the parts of the inbox are not the inbox (-whole +parts):\n%s", diff)
	}
}

// TestReviseFlow: a request that waits is changed by asking anew in its place; refused, it waits on.
func TestReviseFlow(t *testing.T) {
	w := newWorld(t)
	var old, now RequestDetail
	w.want(201, "carla", "POST", "/requests", `{"type":"holiday","from":"2026-06-01","to":"2026-06-05"}`).json(t, &old)
	if !old.MayRevise {
		t.Errorf("%+v", old)
	}
	with := func(to string) string {
		return `{"type":"holiday","from":"2026-06-01","to":"` + to + `","revises":"` + old.ID + `"}`
	}
	var cost Cost
	w.want(200, "carla", "POST", "/requests/preview", with("2026-06-04")).json(t, &cost)
	if !cost.Possible || cost.Years[0].Before.Text != "25 days" {
		t.Errorf("%+v", cost)
	}
	if r := w.want(409, "carla", "POST", "/requests", with("2026-06-05")); r.field("code") != "leave.error.no_revision" {
		t.Errorf("the same: %s", r.text)
	}
	w.want(409, "carla", "POST", "/requests", with("2026-07-31"))
	w.want(404, "dirk", "POST", "/requests", with("2026-06-04"))
	w.want(200, "carla", "GET", "/requests/"+old.ID, "").json(t, &old)
	if old.State != "pending" {
		t.Errorf("after what was refused: %+v", old)
	}
	w.want(201, "carla", "POST", "/requests", with("2026-06-04")).json(t, &now)
	w.want(200, "carla", "GET", "/requests/"+old.ID, "").json(t, &old)
	if old.State != "withdrawn" || old.Next != now.ID || now.Revises != old.ID || now.State != "pending" {
		t.Errorf("%+v\n%+v", old, now)
	}
	if r := w.want(409, "bram", "POST", "/requests/"+old.ID+"/approve", ""); r.field("code") != "leave.error.revised" {
		t.Errorf("the one before: %s", r.text)
	}
	if r := w.want(409, "carla", "POST", "/requests", with("2026-06-03")); r.field("code") != "leave.error.revised" {
		t.Errorf("twice: %s", r.text)
	}
}

// TestPolicies: the rules are read, changed with what was read, and read again.
func TestPolicies(t *testing.T) {
	w := newWorld(t)
	read := w.want(200, "ana", "GET", "/policies/p1", "")
	var p struct {
		ID    string         `json:"id"`
		Terms map[string]any `json:"terms"`
	}
	read.json(t, &p)
	if p.Terms["amount"] != "25" || p.Terms["full_time"] != "5" || p.Terms["accrual"] != "year" {
		t.Fatalf("%s", read.text)
	}
	body := strings.Replace(strings.Replace(strings.TrimSpace(read.text), `"id":"p1",`, "", 1), `"amount":"25"`, `"amount":"26"`, 1)
	w.want(428, "ana", "PUT", "/policies/p1", body)
	w.want(412, "ana", "PUT", "/policies/p1", body, "If-Match", `"x"`)
	tag := read.Header.Get("ETag")
	unseen := w.want(409, "ana", "PUT", "/policies/p1", body, "If-Match", tag)
	var p409 Problem
	unseen.json(t, &p409)
	if p409.Code != "leave.error.change_unseen" || p409.Forecast == nil || len(p409.Forecast.Effects) != len(staff) || p409.Forecast.Effects[0].End.After.Text == "" {
		t.Fatalf("%s", unseen.text)
	}
	w.want(422, "ana", "PUT", "/policies/p1", body, "If-Match", tag, "Change-Mark", p409.Forecast.Mark)
	if r := w.want(200, "ana", "PUT", "/policies/p1", body, "If-Match", tag, "Change-Mark", p409.Forecast.Mark, "Change-Reason", "100% agr%C3%A9%C3%A9d"); !strings.Contains(r.text, `"amount":"26"`) {
		t.Errorf("%s", r.text)
	}
	w.want(412, "ana", "PUT", "/policies/p1", body, "If-Match", tag)
	w.want(404, "ana", "PUT", "/policies/none", body, "If-Match", "*")
	r := w.want(422, "ana", "POST", "/policies", `{"package":"all","type":"holiday","from":"2026-01-01","terms":{"amount":"-1","accrual":"sometimes"}}`)
	if !strings.Contains(r.text, `"field":"terms.amount"`) {
		t.Errorf("%s", r.text)
	}
	w.want(403, "carla", "GET", "/policies", "")
	w.want(200, "carla", "GET", "/leave-types", "")
	if r := w.want(201, "ana", "POST", "/leave-types", `{"name":"Study","colour":4,"unit":"days","counting":"working"}`); !strings.Contains(r.text, `"name":"Study"`) {
		t.Errorf("%s", r.text)
	}
}

// TestOnce: of many requests with one key at once one is done, and each later one is
// told what that was told.
func TestOnce(t *testing.T) {
	w := newWorld(t)
	const ask = `{"type":"holiday","from":"2026-06-01"}`
	var wait sync.WaitGroup
	replies := make([]reply, 12)
	for i := range replies {
		wait.Go(func() { replies[i] = w.as("carla", "POST", "/requests", ask, "Idempotency-Key", "one") })
	}
	wait.Wait()
	first := w.want(201, "carla", "POST", "/requests", ask, "Idempotency-Key", "one")
	if first.Header.Get("Idempotency-Replayed") == "" || first.Header.Get("Location") == "" {
		t.Errorf("%v", first.Header)
	}
	for _, r := range replies {
		if r.StatusCode != 409 && (r.StatusCode != 201 || r.field("id") != first.field("id")) {
			t.Errorf("%d %s", r.StatusCode, r.text)
		}
	}
	if list := w.want(200, "carla", "GET", "/requests", ""); strings.Count(list.text, `"asked_by"`) != 1 {
		t.Errorf("%s", list.text)
	}
	w.want(422, "carla", "POST", "/requests", `{"type":"holiday","from":"2026-06-02"}`, "Idempotency-Key", "one")
	w.want(201, "dirk", "POST", "/requests", ask, "Idempotency-Key", "one") // another caller's key
	w.want(422, "carla", "POST", "/requests", `{"type":"none","from":"2026-06-02"}`, "Idempotency-Key", "two")
	w.want(201, "carla", "POST", "/requests", `{"type":"holiday","from":"2026-06-02"}`, "Idempotency-Key", "two") // what was refused did nothing
	w.want(422, "carla", "POST", "/tokens", `{"name":"x","scopes":["leave:read"],"expires":"2026-04-01T00:00:00Z"}`, "Idempotency-Key", "three")
}

// spoilt is a second place that fails at one commit.
type spoilt struct {
	left atomic.Int32 // commits before that one
}

func (s *spoilt) Committed(bool) error {
	if s.left.Add(-1) == 0 {
		return errs.New(errs.Unavailable, "")
	}
	return nil
}

func (*spoilt) Rested() {}

// TestOnceDone: where something was done and the caller heard of a failure, the same request again does not do it twice; where
// nothing was, it does it.
func TestOnceDone(t *testing.T) {
	w := newWorld(t)
	place := &spoilt{}
	w.acme.DB().CarryWith(place)
	kept := 0
	for n := range 5 {
		reason := fmt.Sprintf("agreed %d", n)
		body := fmt.Sprintf(`{"type":"holiday","date":"2026-03-16","amount":"1","reason":%q}`, reason)
		add := func() reply {
			return w.as("ana", "POST", "/people/acme-carla/adjustments", body, "Idempotency-Key", reason)
		}
		added := func() int {
			return strings.Count(w.want(200, "carla", "GET", "/people/acme-carla/balances/holiday", "").text, reason)
		}
		place.left.Store(int32(n + 1))
		first := add()
		place.left.Store(0)
		done, again := added(), add()
		if first.StatusCode == 503 && done == 1 {
			kept++
			if again.StatusCode != 409 {
				t.Errorf("what was done, again: %d %s", again.StatusCode, again.text)
			}
		}
		if added() != 1 {
			t.Errorf("commit %d failed (%d), then %d: added %d times", n+1, first.StatusCode, again.StatusCode, added())
		}
	}
	if kept == 0 {
		t.Error("nothing was done and failed")
	}
}

// TestCursor: a list is told in parts, each thing once, whatever is added meanwhile.
func TestCursor(t *testing.T) {
	w := newWorld(t)
	seen, next := map[string]bool{}, ""
	for i := 0; ; i++ {
		var page Page[Person]
		w.want(200, "ana", "GET", "/people?limit=2&after="+url.QueryEscape(next), "").json(t, &page)
		for _, p := range page.Items {
			if seen[p.ID] {
				t.Errorf("%s twice", p.ID)
			}
			seen[p.ID] = true
		}
		if i == 0 {
			w.want(201, "ana", "POST", "/people", `{"given":"Zoe","family":"New","email":"zoe@acme.example","location":"utrecht","from":"2026-04-01","pattern":"full","package":"all"}`)
		}
		if next = page.Next; next == "" {
			break
		}
	}
	for _, s := range staff {
		if !seen["acme-"+s.name] {
			t.Errorf("%s was not told", s.name)
		}
	}
	w.want(422, "ana", "GET", "/people?after=x", "")
	if r := w.want(422, "ana", "GET", "/events?after=999999999", ""); !strings.Contains(r.text, "events.error.cursor") {
		t.Errorf("a number that no event has: %s", r.text)
	}
	w.want(422, "ana", "GET", "/people?limit=0", "")
}

// TestTokens: a token makes none that opens more or longer than itself.
func TestTokens(t *testing.T) {
	w := newWorld(t)
	little := w.token(w.acme, "carla", access.ClientsWrite, access.LeaveRead)
	body := func(scope, expires string) string {
		return fmt.Sprintf(`{"name":"x","scopes":[%q],"expires":"%sT00:00:00Z"}`, scope, expires)
	}
	for name, x := range map[string]struct {
		body   string
		status int
	}{
		"less":    {body("leave:read", "2026-04-01"), 201},
		"more":    {body("leave:write", "2026-04-01"), 403},
		"longer":  {body("leave:read", "2026-12-01"), 403},
		"unknown": {body("admin", "2026-04-01"), 422},
		"past":    {body("leave:read", "2026-03-01"), 422},
	} {
		if r := w.call(w.acme, little, "POST", "/tokens", x.body); r.StatusCode != x.status {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.text)
		}
	}
	var made NewToken
	w.call(w.acme, little, "POST", "/tokens", body("leave:read", "2026-04-01")).json(t, &made)
	if r := w.call(w.acme, made.Secret, "GET", "/requests", ""); r.StatusCode != 200 {
		t.Errorf("the new token: %d %s", r.StatusCode, r.text)
	}
	w.want(404, "dirk", "DELETE", "/tokens/"+made.ID, "")
	w.want(204, "carla", "DELETE", "/tokens/"+made.ID, "")
	if r := w.call(w.acme, made.Secret, "GET", "/requests", ""); r.StatusCode != 401 {
		t.Errorf("a revoked token: %d", r.StatusCode)
	}
}

// TestSickness: who may not know what a sickness is about learns its days alone, and
// without the scope nothing says that it is one.
func TestSickness(t *testing.T) {
	w := newWorld(t)
	w.want(200, "ana", "PUT", "/settings", `{"name":"ACME","accent":"#0f766e","language":"en","sickness_known":true}`, "If-Match", "*")
	r := w.want(201, "carla", "POST", "/sickness", `{"from":"2026-03-16","note":"Flu"}`)
	id := r.field("id")
	for name, sees := range map[string]bool{"carla": true, "fay": true, "bram": false, "ana": false} {
		got := w.want(200, name, "GET", "/sickness/"+id, "")
		if strings.Contains(got.text, "Flu") != sees {
			t.Errorf("%s: %s", name, got.text)
		}
	}
	w.want(404, "dirk", "GET", "/sickness/"+id, "")
	narrow := w.token(w.acme, "fay", access.LeaveRead)
	if got := w.call(w.acme, narrow, "GET", "/calendar?from=2026-03-16&to=2026-03-16", ""); got.StatusCode != 200 || strings.Contains(got.text, "sick") {
		t.Errorf("without the scope: %s", got.text)
	}
	if got := w.call(w.acme, narrow, "GET", "/sickness", ""); got.StatusCode != 403 || !strings.Contains(got.Header.Get("WWW-Authenticate"), "sickness:read") {
		t.Errorf("without the scope: %d %v", got.StatusCode, got.Header)
	}
	w.want(200, "carla", "POST", "/sickness/"+id+"/recover", `{"day":"2026-03-17"}`)
}

// TestSicknessInBalances: leave that sickness gives back is a correction to a program without the scope, also to the person's own.
func TestSicknessInBalances(t *testing.T) {
	w := newWorld(t)
	w.want(200, "ana", "PUT", "/leave-types/holiday", `{"name":"Holiday","colour":1,"unit":"days","counting":"working","entitled":true,"give_back":"always"}`, "If-Match", "*")
	q := w.want(201, "carla", "POST", "/requests", `{"type":"holiday","from":"2026-03-16","to":"2026-03-20"}`)
	w.want(200, "bram", "POST", "/requests/"+q.field("id")+"/approve", "{}")
	w.want(201, "fay", "POST", "/sickness", `{"person":"acme-carla","from":"2026-03-16","to":"2026-03-17"}`)
	path := "/people/acme-carla/balances/holiday?at=2026-12-31"
	whole := w.want(200, "carla", "GET", path, "")
	if !strings.Contains(whole.text, `"given-back"`) || !strings.Contains(whole.text, `"sick_given_back`) {
		t.Fatalf("nothing is given back: %s", whole.text)
	}
	got := w.call(w.acme, w.token(w.acme, "carla", access.LeaveRead), "GET", path, "")
	if got.StatusCode != 200 || strings.Contains(got.text, "given-back") || strings.Contains(got.text, "sick") || !strings.Contains(got.text, `"correction"`) {
		t.Errorf("without the scope a balance says: %s", got.text)
	}
	w.want(201, "fay", "POST", "/sickness", `{"person":"acme-carla","from":"2026-03-25"}`)
	w.want(200, "ana", "PUT", "/settings", `{"name":"ACME","accent":"#0f766e","language":"en","sickness_known":true}`, "If-Match", "*")
	year := "/leave-years/2026-12-31"
	if got := w.want(200, "ana", "GET", year, ""); !strings.Contains(got.text, `"sick"`) {
		t.Errorf("a year does not say that somebody is sick: %s", got.text)
	}
	if got := w.call(w.acme, w.token(w.acme, "ana", access.ReportsRead), "GET", year, ""); got.StatusCode != 200 || strings.Contains(got.text, "sick") {
		t.Errorf("without the scope a year says: %s", got.text)
	}
}

// TestSickIsKept: who leads somebody, and an administrator, do not learn from the API that the person is sick where the
// settings keep it from them, and report the person back all the same; where the settings tell, so does the API. Who
// reported it knows.
func TestSickIsKept(t *testing.T) {
	w := newWorld(t)
	id := w.want(201, "carla", "POST", "/sickness", `{"from":"2026-03-16","note":"Flu"}`).field("id")
	own := w.want(201, "bram", "POST", "/sickness", `{"person":"acme-dirk","from":"2026-03-16"}`).field("id")
	for _, who := range []string{"bram", "ana"} {
		if got := w.want(200, who, "GET", "/sickness", ""); strings.Contains(got.text, id) || strings.Contains(got.text, "acme-carla") {
			t.Errorf("%s learns that carla is sick: %s", who, got.text)
		}
		w.want(404, who, "GET", "/sickness/"+id, "")
	}
	if got := w.want(200, "bram", "GET", "/sickness", ""); !strings.Contains(got.text, own) {
		t.Errorf("who reported dirk does not find the report: %s", got.text)
	}
	w.want(200, "bram", "GET", "/sickness/"+own, "")
	w.want(404, "ana", "GET", "/sickness/"+own, "")
	for _, who := range []string{"carla", "fay"} {
		if got := w.want(200, who, "GET", "/sickness", ""); !strings.Contains(got.text, id) {
			t.Errorf("%s does not see it: %s", who, got.text)
		}
	}
	if got := w.want(200, "bram", "POST", "/sickness/"+id+"/expect", `{"day":"2026-03-20"}`); strings.Contains(got.text, "Flu") {
		t.Errorf("bram reads the note: %s", got.text)
	}
	w.want(200, "ana", "PUT", "/settings", `{"name":"ACME","accent":"#0f766e","language":"en","sickness_known":true}`, "If-Match", "*")
	if got := w.want(200, "bram", "GET", "/sickness", ""); !strings.Contains(got.text, id) {
		t.Errorf("bram may know and is not told: %s", got.text)
	}
	w.want(200, "bram", "POST", "/sickness/"+id+"/recover", `{"day":"2026-03-16"}`)
}

// TestLargeImport: a file that is larger than other requests may be is read, and the line of it
// that is wrong is named.
func TestLargeImport(t *testing.T) {
	w := newWorld(t)
	var file strings.Builder
	file.WriteString("Employee number,Given name,Family name,Email,Start date,Remark\n")
	for i := range 300 {
		start := "2026-04-01"
		if i == 200 {
			start = "2026-13-01"
		}
		fmt.Fprintf(&file, "%d,Iris,New,iris%d@acme.example,%s,%s\n", 1000+i, i, start, strings.Repeat("x", 1000))
	}
	body, err := json.Marshal(ImportInput{Name: "people.csv", Data: []byte(file.String()), Kind: "people", Pattern: "full", Package: "all", Location: "utrecht"})
	if err != nil || len(body) <= maxBody {
		t.Fatalf("%d bytes, %v", len(body), err)
	}
	r := w.as("ana", "POST", "/imports/plan", string(body))
	var p Plan
	if err := json.Unmarshal([]byte(r.text), &p); err != nil || r.StatusCode != 200 {
		t.Fatalf("%d %.500s", r.StatusCode, r.text)
	}
	if p.Counts.Refuse != 1 || p.Counts.Add < 299 {
		t.Errorf("%+v", p.Counts)
	}
	for _, l := range p.Lines {
		if wrong := len(l.Why) > 0; wrong != (l.Number == 202) {
			t.Errorf("line %d: %v", l.Number, l.Why)
		}
	}
}

// TestMoveFlow: a contract line moves somebody from a day on: the holidays of the old place count until
// then, and those of the new one from then on. Nothing else says where they work.
func TestMoveFlow(t *testing.T) {
	w := newWorld(t)
	var there Location
	w.want(201, "ana", "POST", "/locations", `{"name":"Munich","region":"DE-BY","time_zone":"Europe/Berlin"}`).json(t, &there)
	var line Contract
	w.want(201, "ana", "POST", "/people/acme-carla/contracts", `{"from":"2026-06-01","pattern":"full","package":"all","location":"`+there.ID+`"}`).json(t, &line)
	if line.Location != there.ID {
		t.Errorf("%+v", line)
	}
	w.want(200, "ana", "PUT", "/people/acme-carla/contracts/"+line.ID, `{"from":"2026-06-01","pattern":"full","package":"all"}`, "If-Match", "*").json(t, &line)
	if line.Location != there.ID {
		t.Errorf("without a location it became %q", line.Location)
	}
	var days Page[Holiday]
	w.want(200, "carla", "GET", "/holidays?from=2026-04-01&to=2026-12-31", "").json(t, &days)
	on := map[string]bool{}
	for _, d := range days.Items {
		on[d.Date.String()] = true
	}
	for day, want := range map[string]bool{"2026-04-27": true, "2026-05-01": false, "2026-06-04": true, "2026-11-01": true} { // King's Day, Labour Day, Corpus Christi, All Saints' Day
		if on[day] != want {
			t.Errorf("%s off: %t", day, on[day])
		}
	}
	var p Person
	w.want(200, "ana", "GET", "/people/acme-carla", "").json(t, &p)
	if p.Location == there.ID {
		t.Error("moved too early")
	}
	for _, location := range []string{`,"location":"` + p.Location + `"`, ""} {
		w.want(200, "ana", "PUT", "/people/acme-carla", `{"given":"Carla","family":"Smit","email":"carla@acme.example"`+location+`}`, "If-Match", "*")
	}
	got := w.want(422, "ana", "PUT", "/people/acme-carla", `{"given":"Carla","family":"Smit","email":"carla@acme.example","location":"`+there.ID+`"}`, "If-Match", "*")
	if got.field("code") != "people.error.location_dated" {
		t.Errorf("%s", got.text)
	}
}
