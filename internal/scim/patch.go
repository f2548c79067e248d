// SPDX-License-Identifier: Apache-2.0

package scim

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Operation is one step of a patch (RFC 7644, section 3.5.2).
type Operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

// PatchSchema is the URN of a patch.
const PatchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

// maxOperations is how many steps a patch may have: a directory sends the members of a
// group by the thousand, but in one step.
const maxOperations = 1000

// ReadPatch reads a patch.
func ReadPatch(body []byte) ([]Operation, error) {
	var in struct {
		Schemas    []string    `json:"schemas"`
		Operations []Operation `json:"Operations"`
	}
	if err := Decode(body, &in); err != nil {
		return nil, err
	}
	switch {
	case !slices.Contains(in.Schemas, PatchSchema):
		return nil, Bad(InvalidSyntax, "schemas does not name %s", PatchSchema)
	case len(in.Operations) == 0:
		return nil, Bad(InvalidSyntax, "a patch has at least one operation")
	case len(in.Operations) > maxOperations:
		return nil, Bad(TooMany, "a patch has at most %d operations", maxOperations)
	}
	return in.Operations, nil
}

// Patch returns a resource as the operations make it, one after the other; o stays as it
// is. The first that cannot be done refuses all.
func (k *Kind) Patch(o Object, ops []Operation) (Object, error) {
	out := Clone(o)
	for _, op := range k.gathered(ops) {
		if err := k.step(out, op); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// gathered returns the operations with those as one that add to the same list one after the other: a
// directory may send a thousand members so, and each would be looked for among all there are.
func (k *Kind) gathered(ops []Operation) []Operation {
	var out []Operation
	for _, op := range ops {
		if n := len(out); n > 0 && strings.EqualFold(op.Op, "add") && strings.EqualFold(out[n-1].Op, "add") && op.Path == out[n-1].Path && k.isList(op.Path) {
			out[n-1].Value = append(slices.Clip(listOf(out[n-1].Value)), listOf(op.Value)...)
			continue
		}
		out = append(out, op)
	}
	return out
}

// isList reports whether a path names all values of an attribute that may have several.
func (k *Kind) isList(path string) bool {
	p, err := k.ParsePath(path)
	return err == nil && p.attr != nil && p.attr.Multi && p.sub == nil && p.filter == nil
}

func (k *Kind) step(o Object, op Operation) error {
	verb := strings.ToLower(op.Op)
	if verb != "add" && verb != "replace" && verb != "remove" {
		return Bad(InvalidSyntax, "an operation is add, replace or remove")
	}
	if op.Path == "" {
		return k.whole(o, verb, op.Value)
	}
	if k.unkept(op.Path) {
		return nil
	}
	path, err := k.ParsePath(op.Path)
	if err != nil {
		return err
	}
	if leaf := path.leaf(); leaf != nil && (leaf.ReadOnly || path.attr.ReadOnly) {
		return Bad(Mutability, "%s cannot be changed", path.attr.Name)
	}
	if verb == "remove" {
		return path.remove(o, op.Value)
	}
	return k.set(o, path, verb == "add", op.Value)
}

// whole is a step without a path: each name of its value is one. What is read-only, or not
// known, is left alone, as it is where a whole resource is sent.
func (k *Kind) whole(o Object, verb string, value any) error {
	if verb == "remove" {
		return Bad(NoTarget, "remove needs a path")
	}
	parts, ok := value.(Object)
	if !ok {
		return Bad(InvalidValue, "without a path the value is an object")
	}
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		path, err := k.ParsePath(name)
		if err != nil || path.attr != nil && path.leaf().ReadOnly {
			continue
		}
		if err := k.set(o, path, verb == "add", parts[name]); err != nil {
			return err
		}
	}
	return nil
}

// set adds or replaces what a path names.
func (k *Kind) set(o Object, p Path, add bool, value any) error {
	if p.all != nil {
		return k.setAll(o, p, add, value)
	}
	in := o
	if p.schema != "" {
		in, _ = o[p.schema].(Object)
		if in == nil {
			in = Object{}
		}
	}
	if err := p.setIn(in, add, value); err != nil {
		return err
	}
	if p.schema != "" && len(in) > 0 {
		o[p.schema] = in
	}
	return nil
}

// setAll sets each attribute of an extension that the value names.
func (k *Kind) setAll(o Object, p Path, add bool, value any) error {
	parts, ok := value.(Object)
	if !ok {
		return Bad(InvalidValue, "%s is not an object", p.all.ID)
	}
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		a := named(p.all.Attributes, name)
		if a == nil || a.ReadOnly {
			continue
		}
		if err := k.set(o, Path{schema: p.schema, attr: a}, add, parts[name]); err != nil {
			return err
		}
	}
	return nil
}

func (p Path) setIn(in Object, add bool, value any) error {
	v, err := p.leaf().read(value)
	if err != nil {
		return err
	}
	name := p.attr.Name
	switch {
	case p.filter != nil || p.sub != nil && p.attr.Multi:
		return p.setChosen(in, add, v)
	case p.sub != nil:
		part, _ := in[name].(Object)
		in[name] = merged(part, Object{p.sub.Name: v})
	case p.attr.Multi && add:
		in[name] = with(listOf(in[name]), listOf(v))
	case p.attr.Type == Complex && !p.attr.Multi && v != nil:
		part, _ := in[name].(Object)
		in[name] = merged(part, v.(Object))
	default:
		in[name] = v
	}
	tidy(in, name)
	return nil
}

// setChosen sets those values of an attribute that the path's filter chooses, or their
// sub-attribute. An addition makes the value that is not there yet; a replacement wants
// one (RFC 7644, section 3.5.2.3).
func (p Path) setChosen(in Object, add bool, v any) error {
	list, found := slices.Clone(listOf(in[p.attr.Name])), false
	change := func(part Object) Object {
		if p.sub != nil {
			return merged(part, Object{p.sub.Name: v})
		}
		o, _ := first(v).(Object)
		return merged(part, o)
	}
	for i, x := range list {
		part, _ := x.(Object)
		if p.filter != nil && !p.filter.Match(part) {
			continue
		}
		found, list[i] = true, change(part)
		list = primary(list, i)
	}
	if !found && !add {
		return Bad(NoTarget, "no value of %s is the one that the path chooses", p.attr.Name)
	}
	if !found {
		fresh := Object{}
		p.filter.assume(fresh)
		list = primary(append(list, change(fresh)), len(list))
	}
	in[p.attr.Name] = list
	tidy(in, p.attr.Name)
	return nil
}

func first(v any) any {
	if list := listOf(v); len(list) > 0 {
		return list[0]
	}
	return nil
}

// assume puts into o what a filter says that attributes are equal to.
func (f *Filter) assume(o Object) {
	switch {
	case f == nil:
	case f.op == "and":
		f.a.assume(o)
		f.b.assume(o)
	case f.op == "eq" && f.value != nil:
		o[f.at.attr.Name] = f.value
	}
}

// remove takes away what a path names. A value chooses among several, as the path's own
// filter does: some directories send it so.
func (p Path) remove(o Object, value any) error {
	if p.all != nil {
		delete(o, p.schema)
		return nil
	}
	in := p.holder(o)
	if in == nil {
		return nil
	}
	if p.filter == nil && p.sub == nil && (value == nil || !p.attr.Multi) {
		delete(in, p.attr.Name)
		return nil
	}
	gone, err := p.removes(value)
	if err != nil {
		return err
	}
	list := listOf(in[p.attr.Name])
	left := make([]any, 0, len(list))
	for _, x := range list {
		part, isObject := x.(Object)
		switch {
		case isObject && !gone(part) || !isObject && p.sub == nil:
			left = append(left, x)
		case isObject && p.sub != nil:
			if part = merged(part, Object{p.sub.Name: nil}); len(part) > 0 {
				left = append(left, part)
			}
		}
	}
	delete(in, p.attr.Name)
	switch {
	case len(left) == 0:
	case p.attr.Multi:
		in[p.attr.Name] = left
	default:
		in[p.attr.Name] = left[0]
	}
	return nil
}

// removes returns which values go.
func (p Path) removes(value any) (func(Object) bool, error) {
	if p.filter != nil {
		return p.filter.Match, nil
	}
	if p.sub != nil || value == nil {
		return func(Object) bool { return true }, nil
	}
	v, err := p.attr.read(value)
	if err != nil {
		return nil, err
	}
	named := map[any]bool{}
	for _, x := range listOf(v) {
		if o, ok := x.(Object); ok {
			named[o["value"]] = true
		}
	}
	return func(part Object) bool { return named[part["value"]] }, nil
}

// with returns a list with those of more that it does not hold yet: two that have the same
// value are the same.
func with(list, more []any) any {
	list = slices.Clone(list)
	places, last := map[string]int{}, -1
	for i, x := range slices.Backward(list) {
		places[keyOf(x)] = i
	}
	for _, x := range more {
		key := keyOf(x)
		i, there := places[key]
		if !there {
			i = len(list)
			places[key], list = i, append(list, x)
		} else if a, ok := list[i].(Object); ok {
			b, _ := x.(Object)
			list[i] = merged(a, b)
		}
		if isPrimary(x) {
			last = i
		}
	}
	if last >= 0 {
		list = primary(list, last)
	}
	return list
}

// keyOf returns what two values have in common that are the same: value and type, or all
// there is where they have no value.
func keyOf(x any) string {
	if o, ok := x.(Object); ok && o["value"] != nil {
		value, isText := o["value"].(string)
		if kind, _ := o["type"].(string); isText {
			return strconv.Quote(value) + kind
		}
		x = []any{o["value"], o["type"]}
	}
	b, _ := json.Marshal(x) // it came from JSON
	return string(b)
}

// primary takes the mark of the primary value from all others, where one has it now (RFC
// 7643, section 2.4).
func primary(list []any, now int) []any {
	if o, ok := list[now].(Object); !ok || o["primary"] != true {
		return list
	}
	for i, x := range list {
		if o, ok := x.(Object); ok && i != now && o["primary"] == true {
			list[i] = merged(o, Object{"primary": false})
		}
	}
	return list
}

// merged returns the names of both objects; nil takes one away.
func merged(a, b Object) Object {
	out := Object{}
	maps.Copy(out, a)
	for name, v := range b {
		if out[name] = v; v == nil {
			delete(out, name)
		}
	}
	return out
}

// tidy takes away an attribute that holds nothing any more.
func tidy(in Object, name string) {
	switch v := in[name].(type) {
	case nil:
		delete(in, name)
	case Object:
		if len(v) == 0 {
			delete(in, name)
		}
	case []any:
		v = slices.DeleteFunc(v, func(x any) bool { o, ok := x.(Object); return ok && len(o) == 0 })
		if in[name] = v; len(v) == 0 {
			delete(in, name)
		}
	}
}
