// SPDX-License-Identifier: Apache-2.0

package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"verlof/identity/access"
)

func TestWho(t *testing.T) {
	w := newWorld(t)
	r := w.want(200, "bram", "GET", "/me", "")
	var me Me
	r.json(t, &me)
	if me.Person.Given != "Bram" || me.Today.String() != "2026-03-16" || len(me.Leads) != 1 || me.Leads[0] != "sales" {
		t.Errorf("%+v", me)
	}
	ana := w.acme.tokens["ana"]
	for name, x := range map[string]struct {
		c      *customer
		header string
	}{
		"nobody":                 {w.acme, ""},
		"basic":                  {w.acme, "Basic YTpi"},
		"no_token":               {w.acme, "Bearer"},
		"a_wrong_token":          {w.acme, "Bearer " + access.Prefix + strings.Repeat("0", 38)},
		"of_no_kind":             {w.acme, "Bearer abc"},
		"of_another_customer":    {w.acme, "Bearer " + w.globex.tokens["ana"]},
		"two_words":              {w.acme, "Bearer " + ana + " x"},
		"one_of_ours_at_another": {w.globex, "Bearer " + ana},
	} {
		r := w.call(x.c, "", "GET", "/me", "", "Authorization", x.header, "Cookie", "verlof-session=x")
		if r.StatusCode != 401 || !strings.HasPrefix(r.Header.Get("WWW-Authenticate"), "Bearer") || strings.Contains(r.text, "Tester") {
			t.Errorf("%s: %d %v %s", name, r.StatusCode, r.Header, r.text)
		}
	}
	w.now = w.now.AddDate(0, 6, 0)
	if r := w.as("ana", "GET", "/me", ""); r.StatusCode != 401 {
		t.Errorf("a token that has expired: %d", r.StatusCode)
	}
	if strings.Contains(w.log.String(), access.Prefix) {
		t.Error("the log holds a token")
	}
}

func TestProblems(t *testing.T) {
	w := newWorld(t)
	for _, x := range []struct {
		name, method, path, body string
		header                   []string
		status                   int
		has                      string
	}{
		{"unknown_address", "GET", "/nowhere", "", nil, 404, `"type":"/api#not-found"`},
		{"method", "DELETE", "/me", "", nil, 405, `"type":"/api#method"`},
		{"unknown_parameter", "GET", "/me?x=1", "", nil, 422, `"field":"x","code":"api.invalid.unknown"`},
		{"dutch", "GET", "/me?x=1", "", []string{"Accept-Language", "nl"}, 422, "Hier is geen veld met deze naam."},
		{"too_large", "GET", "/me", strings.Repeat("x", maxBody+1), nil, 413, `"type":"/api#too-large"`},
		{"file_too_large", "POST", "/imports/plan", strings.Repeat("x", maxFile+1), nil, 413, `"type":"/api#too-large"`},
		{"nul", "GET", "/me%00", "", nil, 404, `"code":"api.kind.not-found"`},
	} {
		r := w.as("ana", x.method, x.path, x.body, x.header...)
		if r.StatusCode != x.status || r.Header.Get("Content-Type") != problemType || !strings.Contains(r.text, x.has) {
			t.Errorf("%s: %d %s %s", x.name, r.StatusCode, r.Header.Get("Content-Type"), r.text)
		}
	}
	if r := w.call(w.acme, "", "POST", "/imports/plan", strings.Repeat("x", maxFile+1)); r.StatusCode != 401 {
		t.Errorf("a flood of nobody's: %d", r.StatusCode)
	}
	if allow := w.as("ana", "DELETE", "/me", "").Header.Get("Allow"); !strings.Contains(allow, "GET") {
		t.Errorf("Allow: %q", allow)
	}
}

func TestScope(t *testing.T) {
	w := newWorld(t)
	token := w.token(w.acme, "ana", access.LeaveRead)
	if r := w.call(w.acme, token, "GET", "/me", ""); r.StatusCode != 200 {
		t.Errorf("me: %d", r.StatusCode)
	}
}

func TestConditionalGet(t *testing.T) {
	w := newWorld(t)
	tag := w.want(200, "ana", "GET", "/me", "").Header.Get("ETag")
	r := w.want(304, "ana", "GET", "/me", "", "If-None-Match", `"x", W/`+tag)
	if tag == "" || r.text != "" || r.Header.Get("ETag") != tag {
		t.Errorf("%q: %q %v", tag, r.text, r.Header)
	}
	w.want(200, "ana", "GET", "/me", "", "If-None-Match", `"x"`)
}

// TestLimit: a token that calls too often waits, another does not, and afterwards
// it is heard again.
func TestLimit(t *testing.T) {
	w := newWorld(t)
	l := NewGates(Limit{Burst: 3, Every: time.Second})
	for i := range 3 {
		if left, _, wait := l.Take("a", w.now); wait != 0 || left != 2-i {
			t.Errorf("call %d: left %d, wait %v", i, left, wait)
		}
	}
	if _, _, wait := l.Take("a", w.now); wait != time.Second {
		t.Errorf("one too many waits %v", wait)
	}
	if _, _, wait := l.Take("b", w.now); wait != 0 {
		t.Errorf("another token waits %v", wait)
	}
	if left, _, wait := l.Take("a", w.now.Add(time.Second)); wait != 0 || left != 0 {
		t.Errorf("a second later: left %d, wait %v", left, wait)
	}
	r := w.want(http.StatusOK, "ana", "GET", "/me", "")
	if r.Header.Get("RateLimit") == "" || r.Header.Get("RateLimit-Policy") == "" {
		t.Errorf("%v", r.Header)
	}
}
