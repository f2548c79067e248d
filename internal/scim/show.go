// SPDX-License-Identifier: Apache-2.0

package scim

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"verlof/internal/order"
)

// View is which part of a resource is told (RFC 7644, section 3.9).
type View struct {
	only []Path // empty: all
	less []Path
}

// ParseView reads lists of attributes that are wanted, and that are not. Both at once
// cannot be meant. What the kind does not know is left out.
func (k *Kind) ParseView(attributes, excluded []string) (View, error) {
	var v View
	for _, name := range attributes {
		if p, err := k.ParsePath(strings.TrimSpace(name)); err == nil && p.filter == nil {
			v.only = append(v.only, p)
		}
	}
	for _, name := range excluded {
		if p, err := k.ParsePath(strings.TrimSpace(name)); err == nil && p.filter == nil {
			v.less = append(v.less, p)
		}
	}
	if len(attributes) > 0 && len(excluded) > 0 {
		return v, Bad(InvalidValue, "attributes and excludedAttributes exclude each other")
	}
	if len(attributes) > 0 && len(v.only) == 0 {
		v.only = []Path{{attr: named(common, "id")}}
	}
	return v, nil
}

// Wants reports whether an attribute of the kind's own is told at all, so that what costs
// much to find need not be looked for.
func (v View) Wants(name string) bool {
	is := func(p Path) bool { return p.schema == "" && p.attr != nil && p.attr.Name == name }
	if slices.ContainsFunc(v.less, func(p Path) bool { return is(p) && p.sub == nil }) {
		return false
	}
	return len(v.only) == 0 || slices.ContainsFunc(v.only, is)
}

// Show returns the part of a resource that is told; o stays as it is.
func (v View) Show(o Object) Object {
	if len(v.only) > 0 {
		return v.chosen(o)
	}
	out := maps.Clone(o)
	for _, p := range v.less {
		hide(out, p)
	}
	return out
}

// chosen returns what is wanted, and what is always told.
func (v View) chosen(o Object) Object {
	out := Object{}
	for _, a := range common {
		if x, ok := o[a.Name]; ok && a.Always {
			out[a.Name] = x
		}
	}
	for _, p := range v.only {
		switch from := p.holder(o); {
		case p.all != nil && p.schema != "" && from != nil:
			out[p.schema] = from
		case p.all != nil && p.schema == "":
			maps.Copy(out, o)
		case p.attr == nil || from[p.attr.Name] == nil:
		case p.schema == "":
			out[p.attr.Name] = part(out[p.attr.Name], from[p.attr.Name], p)
		default:
			in, _ := out[p.schema].(Object)
			out[p.schema] = merged(in, Object{p.attr.Name: part(in[p.attr.Name], from[p.attr.Name], p)})
		}
	}
	return out
}

// part returns of a value what a path names of it, beside what is there of it already.
func part(have, v any, p Path) any {
	if p.sub == nil {
		return v
	}
	pick := func(have, x any) any {
		o, _ := x.(Object)
		h, _ := have.(Object)
		return merged(h, Object{p.sub.Name: o[p.sub.Name]})
	}
	list, several := v.([]any)
	if !several {
		return pick(have, v)
	}
	out, old := make([]any, len(list)), listOf(have)
	for i, x := range list {
		var h any
		if i < len(old) {
			h = old[i]
		}
		out[i] = pick(h, x)
	}
	return out
}

// hide takes away what a path names, unless it is always told.
func hide(o Object, p Path) {
	in := o
	if p.schema != "" {
		in = maps.Clone(p.holder(o))
		o[p.schema] = in
	}
	switch {
	case p.all != nil:
		delete(o, p.schema)
		return
	case in == nil || p.attr.Always:
	case p.sub == nil:
		delete(in, p.attr.Name)
	default:
		switch v := in[p.attr.Name].(type) {
		case Object:
			in[p.attr.Name] = merged(v, Object{p.sub.Name: nil})
		case []any:
			v = slices.Clone(v)
			for i, x := range v {
				if part, ok := x.(Object); ok {
					v[i] = merged(part, Object{p.sub.Name: nil})
				}
			}
			in[p.attr.Name] = v
		}
	}
	if p.schema != "" && len(in) == 0 {
		delete(o, p.schema)
	}
}

// Sort puts resources in the order of what a path names: of several values the primary
// one. Those without any come last, or first in descending order (RFC 7644, section
// 3.4.2.3). Others keep the order they had.
func Sort(list []Object, by Path, descending bool) {
	if by.attr == nil {
		return
	}
	leaf := by.leaf()
	if leaf.kind() == Complex && leaf.sub("value") != nil {
		leaf = leaf.sub("value")
	}
	compare := func(a, b Object) int {
		x, ok1 := by.key(a, leaf)
		y, ok2 := by.key(b, leaf)
		if !ok1 || !ok2 {
			return cmp.Compare(boolean(!ok1), boolean(!ok2))
		}
		return leaf.order(x, y)
	}
	order.By(list, func(a, b Object) int {
		if descending {
			return compare(b, a)
		}
		return compare(a, b)
	})
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

// key is what a resource is sorted by.
func (p Path) key(o Object, leaf *Attribute) (string, bool) {
	main := slices.Clone(listOf(p.holder(o)[p.attr.Name]))
	order.By(main, func(a, b any) int { return boolean(isPrimary(b)) - boolean(isPrimary(a)) })
	p.schema = "" // main is what stood there
	values := p.values(Object{p.attr.Name: main})
	if len(values) == 0 {
		return "", false
	}
	switch v := values[0].(type) {
	case string:
		if !leaf.Exact {
			v = strings.ToLower(v)
		}
		return v, true
	case bool:
		return either(v, "true", "false"), true
	}
	return "", false
}

func isPrimary(v any) bool {
	o, ok := v.(Object)
	return ok && o["primary"] == true
}
