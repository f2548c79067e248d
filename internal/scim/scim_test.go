// SPDX-License-Identifier: Apache-2.0

package scim

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

// user is a kind with one attribute of each sort.
var user = &Kind{Name: "User", Endpoint: "/Users", Unkept: []string{"title", "phoneNumbers"},
	Core: Schema{ID: "urn:ietf:params:scim:schemas:core:2.0:User", Attributes: []Attribute{
		{Name: "userName", Required: true, Unique: true},
		{Name: "active", Type: Boolean},
		{Name: "name", Type: Complex, Sub: []Attribute{{Name: "givenName"}, {Name: "familyName"}}},
		{Name: "emails", Type: Complex, Multi: true, Sub: []Attribute{{Name: "value"}, {Name: "type"}, {Name: "primary", Type: Boolean}}},
		{Name: "members", Type: Complex, Multi: true, Sub: []Attribute{{Name: "value", Exact: true}, {Name: "display", ReadOnly: true}}},
	}},
	Extensions: []Schema{{ID: enterprise, Attributes: []Attribute{
		{Name: "employeeNumber", Exact: true}, {Name: "department"},
		{Name: "manager", Type: Complex, Sub: []Attribute{{Name: "value", Exact: true}, {Name: "displayName", ReadOnly: true}}},
	}}}}

const carla = `{"id":"1","externalId":"Ext-1","userName":"Carla@acme.example","active":true,
	"name":{"givenName":"Carla","familyName":"Smit"},
	"emails":[{"value":"carla@acme.example","type":"work","primary":true},{"value":"c@home.example","type":"home"}],
	"members":[{"value":"a"},{"value":"b"}],
	"meta":{"lastModified":"2026-03-02T10:00:00Z"},
	"` + enterprise + `":{"department":"Sales","manager":{"value":"9"}}}`

func object(t *testing.T, text string) Object {
	t.Helper()
	var o Object
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestFilter(t *testing.T) {
	who := object(t, carla)
	for filter, want := range map[string]bool{
		`userName eq "carla@ACME.example"`:                                      true,
		`USERNAME EQ "carla@acme.example"`:                                      true,
		`urn:ietf:params:scim:schemas:core:2.0:User:userName sw "carla"`:        true,
		`externalId eq "ext-1"`:                                                 false, // case counts
		`externalId eq "Ext-1"`:                                                 true,
		`userName ne "other"`:                                                   true,
		`userName co "ACME"`:                                                    true,
		`userName ew "example"`:                                                 true,
		`userName sw "acme"`:                                                    false,
		`userName gt "bob" and userName lt "dora"`:                              true,
		`userName ge "dora" or userName le "bob"`:                               false,
		`active eq true`:                                                        true,
		`active eq "True"`:                                                      true,
		`active eq False`:                                                       false,
		`active ne false`:                                                       true,
		`title pr or userName pr`:                                               true,
		`name.familyName eq "smit"`:                                             true,
		`emails eq "c@home.example"`:                                            true,
		`emails.type eq "work"`:                                                 true,
		`emails[type eq "home" and value co "home"]`:                            true,
		`emails[type eq "work" and value co "home"]`:                            false,
		`emails[type eq "home"].value eq "carla@acme.example"`:                  false,
		`emails[type eq "other"] or active eq true`:                             true,
		`not (emails[type eq "other"])`:                                         true,
		`emails[not (type eq "work")]`:                                          true,
		`members.value eq "b"`:                                                  true,
		`members[value eq "B"]`:                                                 false,
		`members pr`:                                                            true,
		`meta.lastModified gt "2026-03-02T10:59:00+01:00"`:                      true,
		`meta.lastModified gt "2026-03-02T10:00:00.5Z"`:                         false,
		enterprise + `:department eq "sales"`:                                   true,
		strings.ToUpper(enterprise) + `:manager.value eq "9"`:                   true,
		enterprise + `:manager eq "9"`:                                          true,
		enterprise + `:employeeNumber pr`:                                       false,
		enterprise + `:employeeNumber eq null`:                                  true,
		`userName eq "x" and active eq true or name.givenName eq "Carla"`:       true, // and binds more
		`userName eq "x" and (active eq true or name.givenName eq "Carla")`:     false,
		`  active   eq   true  `:                                                true,
		`userName eq "\u0063arla@acme.example"`:                                 true,
		`not (active eq true) or not (userName pr and (name.givenName sw "c"))`: false,
	} {
		if strings.Contains(filter, "title") {
			continue // what is not kept cannot be asked for: see TestFilter_refused
		}
		f, err := user.ParseFilter(filter)
		if err != nil {
			t.Errorf("%s: %v", filter, err)
		} else if got := f.Match(who); got != want {
			t.Errorf("%s: %t, want %t", filter, got, want)
		}
	}
}

func TestFilter_refused(t *testing.T) {
	for _, filter := range []string{
		``, ` `, `userName`, `userName eq`, `userName eq x`, `userName is "x"`, `eq "x"`, `userName eq "x`, `userName eq "x" and`, `(userName pr`,
		`userName pr)`, `userName pr userName pr`, `not userName pr`, `emails[type eq "work"`, `emails[]`, `emails[userName pr]`, `userName[type pr]`,
		`name eq "x"`, `active gt true`, `active eq "yes"`, `userName eq true`, `userName gt null`, `userName eq {}`, `userName eq ["x"]`, `title pr`,
		`urn:ietf:params:scim:schemas:core:2.0:User pr`, `urn:other:thing:a pr`, `urn pr`, `name.other pr`, `emails.value.x pr`, `userName eq "\x"`,
		strings.Repeat("(", 100) + "userName pr" + strings.Repeat(")", 100), strings.Repeat("not (", 50) + "userName pr" + strings.Repeat(")", 50),
		`userName eq "` + strings.Repeat("x", maxText) + `"`,
	} {
		var e *Error
		if _, err := user.ParseFilter(filter); !errors.As(err, &e) || e.Type != InvalidFilter || e.Status != 400 {
			t.Errorf("%.60s: %v", filter, err)
		}
	}
}

// TestPatch: what becomes of one resource, step by step, in the shapes that directories
// send.
func TestPatch(t *testing.T) {
	tests := []struct {
		name, ops string
		path      string // where to look afterwards
		want      string // JSON; empty: nothing there
	}{
		{"replace", `{"op":"replace","path":"userName","value":"c2"}`, "userName", `["c2"]`},
		{"capitals_and_text_for_truth", `{"op":"Replace","path":"active","value":"False"}`, "active", `[false]`},
		{"name_in_any_case", `{"op":"Add","path":"USERNAME","value":"c2"}`, "userName", `["c2"]`},
		{"without_path", `{"op":"replace","value":{"active":false,"name.givenName":"C","id":"x","nonsense":1}}`, "name.givenName", `["C"]`},
		{"without_path_keeps_the_rest", `{"op":"replace","value":{"name":{"givenName":"C"}}}`, "name.familyName", `["Smit"]`},
		{"urn_as_key", `{"op":"add","value":{"` + enterprise + `:employeeNumber":"77"}}`, enterprise + ":employeeNumber", `["77"]`},
		{"urn_with_object", `{"op":"add","value":{"` + enterprise + `":{"employeeNumber":77,"x":1}}}`, enterprise + ":employeeNumber", `["77"]`},
		{"urn_path", `{"op":"Replace","path":"` + enterprise + `:department","value":"HR"}`, enterprise + ":department", `["HR"]`},
		{"urn_of_the_kind", `{"op":"replace","path":"urn:ietf:params:scim:schemas:core:2.0:User:name.familyName","value":"S"}`, "name.familyName", `["S"]`},
		{"manager_as_text", `{"op":"Replace","path":"` + enterprise + `:manager","value":"10"}`, enterprise + ":manager.value", `["10"]`},
		{"manager_in_a_list", `{"op":"Add","path":"` + enterprise + `:manager","value":[{"value":"10"}]}`, enterprise + ":manager.value", `["10"]`},
		{"manager_away", `{"op":"Remove","path":"` + enterprise + `:manager"}`, enterprise + ":manager.value", ``},
		{"extension_away", `{"op":"remove","path":"` + enterprise + `"}`, enterprise + ":department", ``},
		{"chosen_value", `{"op":"Replace","path":"emails[type eq \"work\"].value","value":"w@x"}`, "emails.value", `["w@x","c@home.example"]`},
		{"chosen_value_made", `{"op":"Add","path":"emails[type eq \"other\"].value","value":"o@x"}`, `emails[type eq "other"].value`, `["o@x"]`},
		{"chosen_removed", `{"op":"remove","path":"emails[type eq \"home\"]"}`, "emails.type", `["work"]`},
		{"chosen_sub_removed", `{"op":"remove","path":"emails[type eq \"home\"].type"}`, "emails.type", `["work"]`},
		{"one_primary", `{"op":"add","path":"emails","value":[{"value":"n@x","primary":true}]}`, "emails[primary eq true].value", `["n@x"]`},
		{"the_last_is_primary", `{"op":"add","path":"emails","value":[{"value":"n@x","primary":true},{"value":"c@home.example","type":"home","primary":true},{"value":"m@x"}]}`, "emails[primary eq true].value", `["c@home.example"]`},
		{"one_primary_chosen", `{"op":"replace","path":"emails[type eq \"home\"].primary","value":true}`, "emails[primary eq true].type", `["home"]`},
		{"members_added_once", `{"op":"Add","path":"members","value":[{"value":"b"},{"value":"c"}]}`, "members", `["a","b","c"]`},
		{"member_not_in_a_list", `{"op":"add","path":"members","value":{"value":"c"}}`, "members", `["a","b","c"]`},
		{"members_replaced", `{"op":"replace","path":"members","value":[{"value":"z"}]}`, "members", `["z"]`},
		{"member_removed_by_filter", `{"op":"remove","path":"members[value eq \"a\"]"}`, "members", `["b"]`},
		{"member_removed_by_value", `{"op":"Remove","path":"members","value":[{"value":"a"}]}`, "members", `["b"]`},
		{"member_removed_by_text", `{"op":"Remove","path":"members","value":"a"}`, "members", `["b"]`},
		{"members_all_removed", `{"op":"remove","path":"members"}`, "members", ``},
		{"nobody_removed", `{"op":"remove","path":"members[value eq \"zz\"]"}`, "members", `["a","b"]`},
		{"null_unassigns", `{"op":"replace","path":"externalId","value":null}`, "externalId", ``},
		{"empty_unassigns", `{"op":"replace","path":"members","value":[]}`, "members", ``},
		{"not_kept", `{"op":"replace","path":"phoneNumbers[type eq \"mobile\"].value","value":"1"}`, "active", `[true]`},
		{"one_after_the_other", `{"op":"remove","path":"members"},{"op":"add","path":"members","value":[{"value":"q"}]}`, "members", `["q"]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := object(t, carla)
			got, err := patched(before, tt.ops)
			if err != nil {
				t.Fatal(err)
			}
			p, err := user.ParsePath(tt.path)
			if err != nil {
				t.Fatal(err)
			}
			var want []any
			if tt.want != "" {
				if err := json.Unmarshal([]byte(tt.want), &want); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(want, p.values(got)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(object(t, carla), before); diff != "" {
				t.Error("the resource itself has changed:", diff)
			}
		})
	}
}

// TestPatch_large adds the members of a large group at once: as many as fit into a request.
// Comparing each with all of the others would take minutes.
func TestPatch_large(t *testing.T) {
	members := make([]string, 100_000)
	for i := range members {
		members[i] = fmt.Sprintf(`{"value":"%d"}`, i)
	}
	began := time.Now()
	got, err := patched(object(t, carla), `{"op":"add","path":"members","value":[`+strings.Join(members, ",")+`]}`)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(listOf(got["members"])); n != len(members)+2 {
		t.Errorf("%d members", n)
	}
	if took := time.Since(began); took > time.Minute {
		t.Errorf("it took %s", took)
	}
}

func patched(o Object, ops string) (Object, error) {
	list, err := ReadPatch([]byte(`{"schemas":["` + PatchSchema + `"],"Operations":[` + ops + `]}`))
	if err != nil {
		return nil, err
	}
	return user.Patch(o, list)
}

func TestPatch_refused(t *testing.T) {
	for ops, want := range map[string]string{
		``:                                InvalidSyntax,
		`{"op":"move","path":"userName"}`: InvalidSyntax,
		`{"op":"remove"}`:                 NoTarget,
		`{"op":"replace","value":"x"}`:    InvalidValue,
		`{"op":"replace","path":"id","value":"x"}`:                          Mutability,
		`{"op":"replace","path":"meta.version","value":"x"}`:                Mutability,
		`{"op":"remove","path":"meta"}`:                                     Mutability,
		`{"op":"replace","path":"nonsense","value":"x"}`:                    InvalidPath,
		`{"op":"replace","path":"urn:x:y","value":"x"}`:                     InvalidPath,
		`{"op":"replace","path":"emails[type eq","value":""}`:               InvalidPath,
		`{"op":"replace","path":"emails[type eq \"x\"].value","value":"x"}`: NoTarget,
		`{"op":"replace","path":"active","value":"perhaps"}`:                InvalidValue,
		`{"op":"replace","path":"userName","value":{"a":1}}`:                InvalidValue,
		`{"op":"replace","path":"userName","value":["a","b"]}`:              InvalidValue,
		`{"op":"replace","path":"name","value":"x"}`:                        InvalidValue,
		`{"op":"add","path":"emails","value":[{"primary":"perhaps"}]}`:      InvalidValue,
		`{"op":"add","path":"` + enterprise + `","value":"x"}`:              InvalidValue,
		`{"op":"add","path":"userName","value":"x"},{"op":"remove"}`:        NoTarget, // all or nothing
	} {
		var e *Error
		if _, err := patched(object(t, carla), ops); !errors.As(err, &e) || e.Type != want {
			t.Errorf("%s: %v, want %s", ops, err, want)
		}
	}
	if _, err := ReadPatch([]byte(`{"Operations":[{"op":"remove","path":"name"}]}`)); err == nil {
		t.Error("a patch without its schema is taken")
	}
}

func TestRead(t *testing.T) {
	got, err := user.Read([]byte(`{"schemas":["x"],"ID":"7","USERNAME":"c","active":"True","title":"Dr","emails":{"value":"a@x"},
		"name":{"givenName":"","other":1},"` + strings.ToLower(enterprise) + `":{"employeeNumber":12},"urn:x:y":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := Object{"userName": "c", "active": true, "emails": []any{Object{"value": "a@x"}}, enterprise: Object{"employeeNumber": "12"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, body := range []string{``, `null`, `[]`, `"x"`, `{`, `{} {}`, `{"userName":{}}`, `{"active":2}`, `{"name":5}`, `{"` + enterprise + `":[]}`} {
		if _, err := user.Read([]byte(body)); err == nil {
			t.Errorf("%s is taken", body)
		}
	}
}

func TestView(t *testing.T) {
	for _, tt := range []struct{ only, less, want string }{
		{"userName", "", `{"id":"1","userName":"Carla@acme.example"}`},
		{"nonsense", "", `{"id":"1"}`},
		{"name.givenName,name.familyName", "", `{"id":"1","name":{"givenName":"Carla","familyName":"Smit"}}`},
		{"emails.type", "", `{"id":"1","emails":[{"type":"work"},{"type":"home"}]}`},
		{enterprise + ":department", "", `{"id":"1","` + enterprise + `":{"department":"Sales"}}`},
		{enterprise, "", `{"id":"1","` + enterprise + `":{"department":"Sales","manager":{"value":"9"}}}`},
		{"", "id,externalId,userName,active,name.givenName,emails,members,meta," + enterprise + ":manager", `{"id":"1","name":{"familyName":"Smit"},"` + enterprise + `":{"department":"Sales"}}`},
	} {
		v, err := user.ParseView(split(tt.only), split(tt.less))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(object(t, tt.want), v.Show(object(t, carla))); diff != "" {
			t.Errorf("%+v: %s", tt, diff)
		}
	}
	if v, _ := user.ParseView(nil, []string{"members"}); v.Wants("members") || !v.Wants("name") {
		t.Error("members are wanted")
	}
	if _, err := user.ParseView([]string{"name"}, []string{"id"}); err == nil {
		t.Error("both at once are taken")
	}
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

func TestSort(t *testing.T) {
	list := []Object{{"id": "1", "userName": "b"}, {"id": "2"}, {"id": "3", "userName": "A"},
		{"id": "4", "userName": "c", "emails": []any{Object{"value": "z"}, Object{"value": "a", "primary": true}}}, {"id": "5", "emails": []any{Object{"value": "B"}}}}
	for by, want := range map[string]string{"userName": "31425", "-userName": "25413", "emails": "45123", "-emails": "12354", "name": "12345"} {
		path, down := strings.CutPrefix(by, "-")
		p, err := user.ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		got, in := "", append([]Object{}, list...)
		Sort(in, p, down)
		for _, o := range in {
			got += o["id"].(string)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", by, got, want)
		}
	}
}

// FuzzFilter: no text makes the parser fall over.
func FuzzFilter(f *testing.F) {
	who := Object{}
	if err := json.Unmarshal([]byte(carla), &who); err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{`userName eq "x"`, `emails[type eq "work"].value sw "a" or not (active eq true)`, `members[`, `a"\`, enterprise + ":x pr"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if filter, err := user.ParseFilter(text); err == nil {
			filter.Match(who)
		}
		if path, err := user.ParsePath(text); err == nil {
			path.values(who)
			_ = path.remove(Clone(who), "x")
			_ = user.set(Clone(who), path, true, "x")
		}
	})
}
