// SPDX-License-Identifier: Apache-2.0

package scim

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// crowd is a kind with a list of members.
var crowd = &Kind{Name: "Crowd", Core: Schema{ID: "urn:crowd", Attributes: []Attribute{
	{Name: "members", Type: Complex, Multi: true, Sub: []Attribute{{Name: "value", Exact: true}, {Name: "type"}, {Name: "primary", Type: Boolean}}},
	{Name: "name"}}}}

// TestAddsOneByOne: additions that come one by one come to the same as all at once, also between
// others; what is not a list takes the last.
func TestAddsOneByOne(t *testing.T) {
	member := func(value, kind string, primary bool) Object {
		o := Object{"value": value, "primary": primary}
		if kind != "" {
			o["type"] = kind
		}
		return o
	}
	a, b, c := member("a", "", true), member("b", "work", true), member("a", "work", false)
	before := Object{"members": []any{member("b", "work", false)}}
	got, err := crowd.Patch(before, []Operation{
		{"add", "members", []any{a}}, {"Add", "members", b}, {"add", "members", []any{c, a}}, {"add", "members", nil},
		{"add", "name", "x"}, {"add", "name", "y"}, {"remove", `members[value eq "a" and type eq "work"]`, nil}, {"add", "members", c}})
	if err != nil {
		t.Fatal(err)
	}
	want := Object{"name": "y", "members": []any{member("b", "work", false), member("a", "", true), c}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestLargeGroup: a thousand members of twenty thousand come and go one by one, and not each is
// looked for among all there are: it is a customer's only writer who waits for it.
func TestLargeGroup(t *testing.T) {
	list := make([]any, 19_000)
	for i := range list {
		list[i] = Object{"value": fmt.Sprintf("person-%020d", i)}
	}
	var steps []Operation
	for i := range maxOperations / 2 {
		steps = append(steps, Operation{"add", "members", []any{Object{"value": fmt.Sprint("new", i)}}})
	}
	for i := range maxOperations / 2 {
		steps = append(steps, Operation{"remove", fmt.Sprintf(`members[value eq "person-%020d"]`, i), nil})
	}
	before := Object{"members": list}
	made := testing.AllocsPerRun(1, func() {
		o, err := crowd.Patch(before, steps)
		if n := len(listOf(o["members"])); err != nil || n != len(list) {
			t.Errorf("%d members, %v", n, err)
		}
	})
	t.Logf("%.0f allocations", made)
	if most := 10.0 * float64(len(list)+len(steps)); made > most {
		t.Errorf("%.0f allocations, want at most %.0f", made, most)
	}
}
