// SPDX-License-Identifier: Apache-2.0

package api

import (
	"errors"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"verlof/internal/lang"
)

// sent is an input with one field of every sort.
type sent struct {
	ID    string   `path:"id" maxLength:"4"`
	Limit int      `query:"limit" minimum:"1" default:"50"`
	Kinds []string `query:"kind" maxItems:"2"`
	On    Date     `query:"on" required:"true"`
	Mark  string   `header:"Mark" maxLength:"4"`
	Body  struct {
		Name string   `json:"name" minLength:"1"`
		Day  *Date    `json:"day,omitempty"`
		Part *Portion `json:"part,omitempty"`
		Over []Exact  `json:"over,omitempty"`
		Deep *struct {
			Left Exact `json:"left"`
		} `json:"deep,omitempty"`
	}
}

// readSent reads a request with an id into v and returns what is wrong with it: field and code of each fault, or
// the refusal.
func readSent(id, query, mark, kind, body string, v any) []string {
	schemas := huma.NewMapRegistry("#/", huma.DefaultSchemaNamer)
	form := inputOf(reflect.TypeOf(v).Elem(), schemas, &huma.Operation{OperationID: "send"})
	r := withBody(httptest.NewRequest("POST", "/?"+query, nil), []byte(body))
	r.SetPathValue("id", id)
	r.Header.Set("Mark", mark)
	r.Header.Set("Content-Type", kind)
	err := form.read(lang.For("en"), r, reflect.ValueOf(v).Elem())
	var p *Problem
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &p):
		return []string{err.Error()}
	}
	return each(p.Errors, func(f Fault) string { return f.Field + " " + strings.TrimPrefix(f.Code, "api.invalid.") })
}

// TestInput: what is right arrives in its field, and each thing that is wrong is told at its own.
func TestInput(t *testing.T) {
	var got sent
	faults := readSent("7", "kind=a,b&on=2026-12-31", "é", "application/merge-patch+json; charset=utf-8", `{"name":"x","day":"2026-02-28"}`, &got)
	if faults != nil || got.ID != "7" || got.Limit != 50 || !slices.Equal(got.Kinds, []string{"a", "b"}) || got.On.String() != "2026-12-31" ||
		got.Mark != "é" || got.Body.Name != "x" || got.Body.Day.String() != "2026-02-28" {
		t.Errorf("%v, %+v", faults, got)
	}
	for name, x := range map[string]struct {
		id, query, mark, kind, body string
		want                        []string
	}{
		"unknown":     {"7", "b=1&on=2026-12-31&a=1", "", "", `{"name":"x"}`, []string{"a unknown", "b unknown"}},
		"missing":     {"7", "", "", "", `{}`, []string{"on missing", "name missing"}},
		"no_path":     {"", "on=2026-12-31", "", "", `{"name":"x"}`, []string{"id missing"}},
		"all_wrong":   {"12345", "limit=x&kind=a,b,c&on=2026-02-30", "12345", "", `{"name":""}`, []string{"id shorter", "limit integer", "kind fewer_items", "on date", "Mark shorter", "name longer"}},
		"too_few":     {"7", "limit=0&on=2026-12-31", "", "", `{"name":"x","surprise":1}`, []string{"limit at_least", "surprise unknown"}},
		"no_day":      {"7", "on=2026-12-31", "", "", `{"name":"x","day":"2026-02-30"}`, []string{"day date"}},
		"no_part":     {"7", "on=2026-12-31", "", "", `{"name":"x","part":"25:00-26:00"}`, []string{"part portion"}},
		"backwards":   {"7", "on=2026-12-31", "", "", `{"name":"x","part":"15:00-09:00"}`, []string{"part portion"}},
		"no_amount":   {"7", "on=2026-12-31", "", "", `{"name":"x","deep":{"left":"1/0"}}`, []string{"deep.left exact"}},
		"in_a_list":   {"7", "on=2026-12-31", "", "", `{"name":"x","over":["1","1/0"]}`, []string{"over value"}},
		"no_json":     {"7", "on=2026-12-31", "", "", `{"name":`, []string{errMalformed.key}},
		"nul":         {"7", "on=2026-12-31", "", "", `{"name":"\u0000"}`, []string{errMalformed.key}},
		"no_body":     {"7", "on=2026-12-31", "", "", ``, []string{errMalformed.key}},
		"another":     {"7", "on=2026-12-31", "", "text/plain", `{"name":"x"}`, []string{errMediaType.key}},
		"not_a_kind":  {"7", "on=2026-12-31", "", "json;", `{"name":"x"}`, []string{errMediaType.key}},
		"wrong_shape": {"7", "on=2026-12-31", "", "", `[]`, []string{" object"}},
	} {
		if faults := readSent(x.id, x.query, x.mark, x.kind, x.body, new(sent)); !slices.Equal(faults, x.want) {
			t.Errorf("%s: %q, want %q", name, faults, x.want)
		}
	}
	var free struct{ Body *Words }
	if faults := readSent("", "", "", "", "", &free); faults != nil || free.Body != nil {
		t.Errorf("a body that may be missing: %v, %v", faults, free.Body)
	}
}
