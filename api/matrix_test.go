// SPDX-License-Identifier: Apache-2.0

package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"verlof/events"
	"verlof/identity/access"
	"verlof/identity/openid"
	"verlof/internal/prooftest"
)

// described is an operation as the document tells of it.
type described struct {
	id, method, path string
	scope            access.Scope
	match, fresh     bool
}

// operations reads the operations out of the document that programs read.
func (w *world) operations() []described {
	w.Helper()
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string                `json:"operationId"`
			Security    []map[string][]string `json:"security"`
			Parameters  []struct{ Name string }
			Fresh       bool `json:"x-fresh-proof"`
		}
	}
	if err := json.Unmarshal(Document(), &doc); err != nil {
		w.Fatal(err)
	}
	var out []described
	for path, item := range doc.Paths {
		for method, op := range item {
			d := described{id: op.OperationID, method: strings.ToUpper(method), path: path, fresh: op.Fresh}
			if len(op.Security) != 1 {
				w.Fatalf("%s: security %v", d.id, op.Security)
			}
			if s := op.Security[0]["token"]; len(s) > 0 {
				d.scope = access.Scope(s[0])
			}
			for _, p := range op.Parameters {
				d.match = d.match || p.Name == "If-Match"
			}
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b described) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return out
}

// try sends an exemplar, with the ETag where one is needed and with consent to what
// it does.
func (w *world) try(d described, c *customer, token, path, body string) reply {
	w.Helper()
	header := []string{}
	if d.match {
		header = append(header, "If-Match", "*")
	}
	if d.fresh && token != "" {
		token = "lately." + token
	}
	r := w.call(c, token, d.method, path, body, header...)
	var p Problem
	if r.StatusCode == 409 && json.Unmarshal([]byte(r.text), &p) == nil && p.Forecast != nil {
		r = w.call(c, token, d.method, path, body, append(header, "Change-Mark", p.Forecast.Mark, "Change-Reason", "x")...)
	}
	return r
}

// TestMatrix: every operation of the document is refused to nobody, to another
// customer's token, to a token without its scope, and to everybody who may not; what
// they are told names nobody. Who may is heard. A thing of another customer is not
// there for anybody.
func TestMatrix(t *testing.T) {
	w := newWorld(t)
	w.prepare()
	ops := w.operations()
	known := maps.Clone(exemplars)
	for _, d := range ops {
		if _, ok := known[d.id]; !ok {
			t.Errorf("%s %s (%s) has no exemplar", d.method, d.path, d.id)
		}
		delete(known, d.id)
	}
	for id := range known {
		t.Errorf("%s is an exemplar of nothing", id)
	}
	for _, d := range ops { // nobody who may: nothing changes
		w.refusals(d)
	}
	slices.SortStableFunc(ops, func(a, b described) int { return rank(a) - rank(b) })
	for _, d := range ops {
		x := w.exemplar(d.id)
		before := w.lastEvent()
		for i, name := range x.may {
			r := w.try(d, w.acme, w.acme.tokens[name], w.address(d.id, x), x.body)
			fine := r.StatusCode < 300 || i > 0 && (r.StatusCode == 409 || d.method == "DELETE" && r.StatusCode == 404)
			if !fine {
				t.Errorf("%s as %s: %d %s", d.id, name, r.StatusCode, r.text)
			}
		}
		w.tells(d, before)
	}
}

// silentOperations are those that change nothing though they are sent with POST, with the
// reason. All others must tell an event.
var silentOperations = map[string]string{
	"previewRequest":    "it only counts",
	"planImport":        "it only counts",
	"dropMove":          "nothing has moved",
	"previewCollective": "it only counts",
	"testWebhook":       "a message to see whether it arrives",
	"resendDelivery":    "what happened happened before",
	"replayWebhook":     "what happened happened before",
	"addSickNote":       "that there is a note is for the officer alone",
}

// lastEvent returns the number of the last event.
func (w *world) lastEvent() int64 {
	w.Helper()
	_, last, err := w.acme.Events.List(w.Context(), w.acme.person("ana"), events.Query{Most: 1 << 20})
	if err != nil {
		w.Fatal(err)
	}
	return last
}

// tells fails unless an operation that changes something has told who did it, and one that
// reads has told nothing.
func (w *world) tells(d described, before int64) {
	w.Helper()
	silent := d.method == "GET" || silentOperations[d.id] != ""
	list, last, err := w.acme.Events.List(w.Context(), w.acme.person("ana"), events.Query{After: before, Most: 1 << 20, Areas: events.Areas()})
	switch {
	case err != nil:
		w.Fatal(err)
	case !silent && last == before:
		w.Errorf("%s tells no event", d.id)
	case silent && last != before:
		w.Errorf("%s tells %v", d.id, list)
	}
	for _, e := range list {
		if e.By == "" {
			w.Errorf("%s: nobody did %s", d.id, e.Type)
		}
	}
}

// rank has reading come before writing, and removing last.
func rank(d described) int { return slices.Index([]string{"GET", "POST", "PUT", "DELETE"}, d.method) }

// names finds addresses that name something of a customer: a day is nobody's.
var names = regexp.MustCompile(`\{(id|line|type|claim)\}`)

// refusals tries an operation in all ways that must be refused.
func (w *world) refusals(d described) {
	w.Helper()
	x := w.exemplar(d.id)
	path := w.address(d.id, x)
	want := func(what string, r reply, statuses ...int) {
		w.Helper()
		if !slices.Contains(statuses, r.StatusCode) || r.Header.Get("Content-Type") != problemType || strings.Contains(r.text, "Tester") {
			w.Errorf("%s, %s: %d %s", d.id, what, r.StatusCode, r.text)
		}
	}
	want("nobody", w.try(d, w.acme, "", path, x.body), 401)
	want("another customer's token", w.try(d, w.acme, w.globex.tokens["ana"], path, x.body), 401)
	want("a token that is bound to a key, from whoever brings it", w.try(d, w.acme, w.stolen(), path, x.body), 401)
	if d.scope != "" {
		others := slices.DeleteFunc(access.Scopes(), func(s access.Scope) bool { return s == d.scope })
		want("without the scope", w.try(d, w.acme, w.narrow(others...), path, x.body), 403)
	}
	if d.fresh {
		r := w.call(w.acme, w.acme.tokens[x.may[0]], d.method, path, x.body, "If-Match", "*")
		want("without a fresh proof", r, 401)
	}
	for _, s := range staff {
		if !slices.Contains(x.may, s.name) {
			want(s.name, w.try(d, w.acme, w.acme.tokens[s.name], path, x.body), 403, 404)
		}
		if names.MatchString(d.path) {
			foreign := strings.NewReplacer("acme-", "globex-").Replace(d.path)
			for name, id := range map[string]string{"{id}": "globex-carla", "{line}": "globex-e-carla", "{to}": "2025-12-31", "{ends}": "2026-12-31", "{code}": "XX", "{type}": "globex", "{claim}": "globex"} {
				foreign = strings.ReplaceAll(foreign, name, id)
			}
			want(s.name+" with another customer's id", w.try(d, w.acme, w.acme.tokens[s.name], foreign, x.body), 403, 404)
		}
	}
	if strings.Contains(path+x.body, "acme-") {
		to := strings.NewReplacer("acme-", "globex-")
		r := w.try(d, w.acme, w.acme.tokens["ana"], to.Replace(path), to.Replace(x.body))
		want("another customer's person", r, 403, 404, 422)
	}
}

// stolen returns a token of ana's for everything that is bound to a key; it is made once.
func (w *world) stolen() string {
	if w.made == nil {
		w.made = map[string]string{}
	}
	if w.made["stolen"] == "" {
		scope := openid.Scope(openid.ScopeOpenID)
		for _, s := range access.Scopes() {
			scope = scope.And(openid.Scope(s))
		}
		w.made["stolen"] = w.bound(w.acme, "ana", scope, prooftest.New(w, "ES256").Thumbprint())
	}
	return w.made["stolen"]
}

// narrow returns a token of ana's with these scopes; each is made once.
func (w *world) narrow(scopes ...access.Scope) string {
	key := fmt.Sprint(scopes)
	if w.made == nil {
		w.made = map[string]string{}
	}
	if w.made[key] == "" {
		w.made[key] = w.token(w.acme, "ana", scopes...)
	}
	return w.made[key]
}
