// SPDX-License-Identifier: Apache-2.0

package scim

import "strings"

// Path names a part of a resource (RFC 7644, figures 1 and 7).
type Path struct {
	schema string     // URN of the extension; empty: the kind itself
	all    *Schema    // the whole extension, where no attribute is named
	attr   *Attribute // else the attribute
	filter *Filter    // which of its values; nil: all
	sub    *Attribute // of the values; nil: the values themselves
}

// ParsePath reads a path. It reports invalidPath for what is none, or names what the kind
// does not have.
func (k *Kind) ParsePath(text string) (Path, error) {
	p := parser{text: text, kind: k, wrong: InvalidPath}
	path, err := p.path(nil)
	if err == nil && p.at < len(text) {
		err = Bad(InvalidPath, "something is left behind the path")
	}
	return path, err
}

// leaf is the attribute that holds what the path names; nil for a whole extension.
func (p Path) leaf() *Attribute {
	if p.sub != nil {
		return p.sub
	}
	return p.attr
}

// holder returns the object in which the path's attribute stands; nil where there is none.
func (p Path) holder(o Object) Object {
	if p.schema == "" {
		return o
	}
	x, _ := o[p.schema].(Object)
	return x
}

// values returns what the path names, value by value. Of complex values without a
// sub-attribute it is what they hold as "value" where they have that.
func (p Path) values(o Object) []any {
	if p.attr == nil {
		return nil
	}
	var out []any
	for _, v := range listOf(p.holder(o)[p.attr.Name]) {
		part, isObject := v.(Object)
		switch {
		case !isObject:
			out = append(out, v)
			continue
		case p.filter != nil && !p.filter.Match(part):
			continue
		case p.sub != nil:
			v = part[p.sub.Name]
		case p.attr.sub("value") != nil:
			v = part["value"]
		}
		if v != nil {
			out = append(out, v)
		}
	}
	return out
}

// plain returns what the path names where that is one text, without making a list of it.
func (p Path) plain(o Object) (text string, ok bool) {
	if p.schema == "" && p.attr != nil && p.sub == nil && p.filter == nil {
		text, ok = o[p.attr.Name].(string)
	}
	return text, ok
}

// listOf returns the values of an attribute, none where it is unassigned.
func listOf(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// path reads a path at the parser's place. within is the attribute whose sub-attributes
// are meant; nil: those of the kind.
func (p *parser) path(within *Attribute) (Path, error) {
	word := p.name()
	if within != nil {
		a := within.sub(word)
		if a == nil {
			return Path{}, p.bad("%s has no attribute of that name", within.Name)
		}
		return Path{attr: a}, nil
	}
	path, rest, err := p.schema(word)
	if err != nil || path.all != nil {
		return path, err
	}
	name, sub, dotted := strings.Cut(rest, ".")
	if path.attr = p.kind.attributeOf(path.schema, name); path.attr == nil {
		return Path{}, p.bad("there is no attribute of that name")
	}
	if !dotted && p.at < len(p.text) && p.text[p.at] == '[' {
		if path.filter, err = p.valueFilter(path.attr); err != nil {
			return Path{}, err
		}
		if sub, dotted = strings.CutPrefix(p.name(), "."); !dotted {
			return path, nil
		}
	}
	if dotted {
		if path.sub = path.attr.sub(sub); path.sub == nil {
			return Path{}, p.bad("%s has no attribute of that name", path.attr.Name)
		}
	}
	return path, nil
}

// schema takes the URN off a name, where it has one.
func (p *parser) schema(word string) (Path, string, error) {
	if len(word) < 4 || !strings.EqualFold(word[:4], "urn:") {
		return Path{}, word, nil
	}
	for _, s := range p.kind.Schemas() {
		rest, ok := cutFold(word, s.ID)
		if !ok || rest != "" && rest[0] != ':' {
			continue
		}
		path := Path{schema: s.ID}
		if s.ID == p.kind.Core.ID {
			path.schema = ""
		}
		if rest == "" {
			path.all = &s
			return path, "", nil
		}
		return path, rest[1:], nil
	}
	return Path{}, "", p.bad("there is no schema of that name")
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// attributeOf returns an attribute of an extension, or of the kind itself.
func (k *Kind) attributeOf(schema, name string) *Attribute {
	if schema == "" {
		return k.attribute(name)
	}
	return named(k.extension(schema).Attributes, name)
}

// valueFilter reads a filter in square brackets on the values of an attribute.
func (p *parser) valueFilter(a *Attribute) (*Filter, error) {
	if a.kind() != Complex || !a.Multi {
		return nil, p.bad("%s has no several values to choose among", a.Name)
	}
	p.at++ // the bracket
	f, err := p.or(a, 1)
	if err != nil {
		return nil, err
	}
	if p.space(); p.at >= len(p.text) || p.text[p.at] != ']' {
		return nil, p.bad("a square bracket is not closed")
	}
	p.at++
	return f, nil
}
