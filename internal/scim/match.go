// SPDX-License-Identifier: Apache-2.0

package scim

import (
	"cmp"
	"strings"
	"time"
)

// Match reports whether a filter chooses a resource, or a value.
func (f *Filter) Match(o Object) bool {
	switch f.op {
	case "and":
		return f.a.Match(o) && f.b.Match(o)
	case "or":
		return f.a.Match(o) || f.b.Match(o)
	case "not":
		return !f.a.Match(o)
	case "ne":
		return !f.any(o, "eq")
	case "pr", "has":
		return f.present(o)
	}
	return f.any(o, f.op)
}

// present reports whether the attribute has any value.
func (f *Filter) present(o Object) bool {
	if f.at.sub == nil && f.at.filter == nil {
		return f.at.holder(o)[f.at.attr.Name] != nil
	}
	if f.at.sub == nil {
		for _, v := range listOf(f.at.holder(o)[f.at.attr.Name]) {
			if part, ok := v.(Object); ok && f.at.filter.Match(part) {
				return true
			}
		}
		return false
	}
	return len(f.at.values(o)) > 0
}

// any reports whether a comparison holds of one of the attribute's values; equal to null
// is what has none.
func (f *Filter) any(o Object, op string) bool {
	if text, ok := f.at.plain(o); ok && f.value != nil {
		return f.at.attr.compares(op, text, f.value)
	}
	values := f.at.values(o)
	if f.value == nil {
		return len(values) == 0
	}
	leaf := f.at.leaf()
	if leaf.kind() == Complex {
		leaf = leaf.sub("value")
	}
	for _, v := range values {
		if leaf.compares(op, v, f.value) {
			return true
		}
	}
	return false
}

// compares reports whether op holds of a value of the attribute and another.
func (a *Attribute) compares(op string, v, with any) bool {
	x, ok1 := v.(string)
	y, ok2 := with.(string)
	if !ok1 || !ok2 {
		return op == "eq" && v == with
	}
	if !a.Exact {
		x, y = strings.ToLower(x), strings.ToLower(y)
	}
	switch op {
	case "eq":
		return a.order(x, y) == 0
	case "co":
		return strings.Contains(x, y)
	case "sw":
		return strings.HasPrefix(x, y)
	case "ew":
		return strings.HasSuffix(x, y)
	case "gt":
		return a.order(x, y) > 0
	case "ge":
		return a.order(x, y) >= 0
	case "lt":
		return a.order(x, y) < 0
	}
	return a.order(x, y) <= 0
}

// order compares two texts of the attribute: moments in time, else letter by letter.
func (a *Attribute) order(x, y string) int {
	if a.kind() == DateTime {
		t, err1 := time.Parse(time.RFC3339, strings.ToUpper(x))
		u, err2 := time.Parse(time.RFC3339, strings.ToUpper(y))
		if err1 == nil && err2 == nil {
			return t.Compare(u)
		}
	}
	return cmp.Compare(x, y)
}

// Equals returns what the filter says that an attribute named name is equal to, where all
// it asks is that: for finding the resource without looking at all of them.
func (f *Filter) Equals(name string) (string, bool) {
	text, ok := f.value.(string)
	return text, ok && f.op == "eq" && f.at.schema == "" && f.at.sub == nil && f.at.filter == nil && f.at.attr.Name == name
}
