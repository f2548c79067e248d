// SPDX-License-Identifier: Apache-2.0

package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wrong are values that no field should take without a look.
var wrong = []any{nil, true, -1, 0, 1.5, 1e300, "", " ", "x", "\x00", "0000-00-00", "2026-02-30", "9999-12-31", "0001-01-01", "99:99-00:00", "1/0", "-1/3",
	"1e9", strings.Repeat("é", 3000), "\u202e<script>", "../../etc", []any{}, []any{nil, 1, "x"}, map[string]any{}, map[string]any{"x": []any{}}}

// broken returns bodies that differ from a good one in one place, at every place of it.
func broken(v any) []any {
	out := slices.Clone(wrong)
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			without := maps.Clone(v)
			delete(without, k)
			out = append(out, without)
			for _, x := range broken(v[k]) {
				with := maps.Clone(v)
				with[k] = x
				out = append(out, with)
			}
		}
		with := maps.Clone(v)
		with["surprise"] = 1
		out = append(out, with)
	case []any:
		for i := range v {
			for _, x := range broken(v[i]) {
				with := slices.Clone(v)
				with[i] = x
				out = append(out, with)
			}
		}
	}
	return out
}

// raw are bodies that are no JSON, or not one value.
var raw = []string{"{", "{}{}", "nul", `{"a":1,}`, "\xff\xfe", `"`, strings.Repeat("[", 20_000), `{"name":"\ud800"}`, "[]", "null"}

// TestBroken: whatever is sent to whichever operation, nothing fails on our side, and
// what is refused changes no row of any table.
func TestBroken(t *testing.T) {
	w := newWorld(t)
	w.prepare()
	sent, refused := 0, 0
	for _, d := range w.operations() {
		x := w.exemplar(d.id)
		var no []string // what was refused
		for _, body := range w.bodies(x.body) {
			sent++
			if r := w.breaks(d, w.address(d.id, x), body); r.StatusCode >= 400 && d.method != "GET" {
				no = append(no, body)
			}
		}
		was := w.tables()
		for _, body := range no {
			refused++
			w.breaks(d, w.address(d.id, x), body)
		}
		for _, path := range addresses(d.path, x.path) {
			if r := w.breaks(d, path, "{}"); r.StatusCode < 300 && d.method != "GET" {
				was = w.tables() // it was not broken after all
			}
		}
		if diff := cmp.Diff(was, w.tables()); diff != "" {
			t.Errorf("%s changed something though it was refused:\n%s", d.id, diff)
		}
	}
	if t.Logf("%d requests, %d refused", sent, refused); refused < sent/2 {
		t.Errorf("of %d broken requests only %d were refused: the generator breaks nothing", sent, refused)
	}
	if strings.Contains(w.log.String(), `"request failed"`) {
		t.Error("something failed on our side")
	}
}

// breaks sends a broken request as one who may send a good one.
func (w *world) breaks(d described, path, body string) reply {
	w.Helper()
	header := []string{}
	if d.match {
		header = append(header, "If-Match", "*")
	}
	token := w.acme.tokens[exemplars[d.id].may[0]]
	if d.fresh {
		token = "lately." + token
	}
	r := w.call(w.acme, token, d.method, path, body, header...)
	if r.StatusCode >= 500 || r.StatusCode >= 400 && r.Header.Get("Content-Type") != problemType {
		w.Errorf("%s at %.200q with %.200q: %d %s", d.id, path, body, r.StatusCode, r.text)
	}
	return r
}

// bodies returns what is sent in place of a good body: some of all that there are,
// others each time; with VERLOF_HISTORIES, as in the tests of the engine, so many.
func (w *world) bodies(good string) []string {
	if good == "" {
		return []string{"", "{}", "{", "null"}
	}
	var v any
	if err := json.Unmarshal([]byte(good), &v); err != nil {
		w.Fatal(err)
	}
	out := append(slices.Clone(raw), "")
	for _, b := range broken(v) {
		text, err := json.Marshal(b)
		if err != nil {
			w.Fatal(err)
		}
		out = append(out, string(text))
	}
	most, err := strconv.Atoi(os.Getenv("VERLOF_HISTORIES"))
	if err != nil {
		most = 30
	}
	rand.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out[:min(len(out), most)]
}

// addresses returns addresses with strange ids and parameters.
func addresses(pattern, good string) []string {
	var out []string
	plain, query, _ := strings.Cut(good, "?")
	for _, x := range []string{"x", "%00", "%2e%2e", url.PathEscape(strings.Repeat("é", 100)), strings.Repeat("a", 5000), "%ff", "'; DROP TABLE person --"} {
		x = strings.ReplaceAll(x, " ", "%20")
		if i := strings.Index(pattern, "{"); i >= 0 {
			out = append(out, pattern[:i]+x+strings.TrimLeft(pattern[strings.Index(pattern, "}")+1:], ""))
		}
		for name := range strings.SplitSeq(query+"&limit=&after=&from=&team=&surprise=&at=", "&") {
			name, _, _ = strings.Cut(name, "=")
			out = append(out, fmt.Sprintf("%s?%s&%s=%s", plain, query, name, x))
		}
	}
	for i := range out {
		out[i] = strings.NewReplacer("{line}", "x", "{type}", "x", "{claim}", "x", "$", "").Replace(out[i])
	}
	return out
}

// tables returns a digest of each table of acme's database. There is none that a refusal
// may change: it is told to the caller and to the log of the installation.
func (w *world) tables() map[string]string {
	w.Helper()
	all, err := w.acme.DB().Digests(w.Context())
	w.must(err)
	if len(all) < 40 {
		w.Fatalf("only %d tables: %v", len(all), all)
	}
	return all
}
