// SPDX-License-Identifier: Apache-2.0

package scim

import (
	"encoding/json"
	"slices"
	"strings"
)

// Filter chooses among resources, or among the values of an attribute (RFC 7644, section
// 3.4.2.2).
type Filter struct {
	op    string // and, or, not, has, or a comparison
	a, b  *Filter
	at    Path
	value any // what is compared with: string, bool, json.Number or nil
}

// The bounds of a filter.
const (
	maxText  = 4000 // bytes
	maxDepth = 40   // brackets within brackets
)

var comparisons = []string{"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"}

// ParseFilter reads a filter on resources of the kind. It reports invalidFilter.
func (k *Kind) ParseFilter(text string) (*Filter, error) {
	p := parser{text: text, kind: k, wrong: InvalidFilter}
	if len(text) > maxText {
		return nil, p.bad("the filter is too long")
	}
	f, err := p.or(nil, 0)
	if err != nil {
		return nil, err
	}
	if p.space(); p.at < len(text) {
		return nil, p.bad("something is left behind the filter")
	}
	return f, nil
}

// parser reads a filter or a path from left to right.
type parser struct {
	text  string
	at    int
	kind  *Kind
	wrong string // the type of its refusals
}

func (p *parser) bad(format string, args ...any) *Error { return Bad(p.wrong, format, args...) }

func (p *parser) space() {
	for p.at < len(p.text) && p.text[p.at] == ' ' {
		p.at++
	}
}

// name takes what runs to the next space or bracket.
func (p *parser) name() string {
	begin := p.at
	for p.at < len(p.text) && !strings.ContainsRune(" []()\"", rune(p.text[p.at])) {
		p.at++
	}
	return p.text[begin:p.at]
}

// word takes the next word if it is this one, in any case.
func (p *parser) word(want string) bool {
	p.space()
	begin := p.at
	if strings.EqualFold(p.name(), want) {
		return true
	}
	p.at = begin
	return false
}

// or reads what "or" parts, which binds least.
func (p *parser) or(within *Attribute, depth int) (*Filter, error) {
	return p.chain("or", within, depth, p.and)
}

func (p *parser) and(within *Attribute, depth int) (*Filter, error) {
	return p.chain("and", within, depth, p.term)
}

func (p *parser) chain(op string, within *Attribute, depth int, next func(*Attribute, int) (*Filter, error)) (*Filter, error) {
	f, err := next(within, depth)
	for err == nil && p.word(op) {
		var g *Filter
		if g, err = next(within, depth); err == nil {
			f = &Filter{op: op, a: f, b: g}
		}
	}
	return f, err
}

// term reads a comparison, a negation, or a filter in brackets.
func (p *parser) term(within *Attribute, depth int) (*Filter, error) {
	if depth > maxDepth {
		return nil, p.bad("the filter has too many brackets")
	}
	negated := p.word("not")
	if p.space(); p.at < len(p.text) && p.text[p.at] == '(' {
		p.at++
		f, err := p.or(within, depth+1)
		if err != nil {
			return nil, err
		}
		if p.space(); p.at >= len(p.text) || p.text[p.at] != ')' {
			return nil, p.bad("a bracket is not closed")
		}
		if p.at++; negated {
			f = &Filter{op: "not", a: f}
		}
		return f, nil
	}
	if negated {
		return nil, p.bad("not is followed by a bracket")
	}
	return p.comparison(within)
}

// comparison reads an attribute with what is said of it.
func (p *parser) comparison(within *Attribute) (*Filter, error) {
	path, err := p.path(within)
	if err != nil {
		return nil, err
	}
	if path.attr == nil {
		return nil, p.bad("a schema cannot be compared")
	}
	if path.filter != nil && path.sub == nil {
		if p.space(); p.at >= len(p.text) || p.text[p.at] == ')' || p.text[p.at] == ']' || p.joins() {
			return &Filter{op: "has", at: path, a: path.filter}, nil
		}
	}
	p.space()
	op := strings.ToLower(p.name())
	if op == "pr" {
		return &Filter{op: op, at: path}, nil
	}
	if !slices.Contains(comparisons, op) {
		return nil, p.bad("there is no such comparison")
	}
	f := &Filter{op: op, at: path}
	if f.value, err = p.literal(); err != nil {
		return nil, err
	}
	return f, f.fits(p)
}

// joins reports whether "and" or "or" comes next, and takes nothing.
func (p *parser) joins() bool {
	begin := p.at
	found := p.word("and") || p.word("or")
	p.at = begin
	return found
}

// literal reads what an attribute is compared with: a JSON text, number, truth or null.
func (p *parser) literal() (any, error) {
	p.space()
	begin := p.at
	if p.at < len(p.text) && p.text[p.at] == '"' {
		for p.at++; p.at < len(p.text) && p.text[p.at] != '"'; p.at++ {
			if p.text[p.at] == '\\' {
				p.at++
			}
		}
		p.at = min(p.at+1, len(p.text))
	} else {
		p.name()
	}
	word := p.text[begin:p.at]
	if !strings.HasPrefix(word, `"`) {
		word = strings.ToLower(word)
	}
	var v any
	if err := Decode([]byte(word), &v); err != nil {
		return nil, p.bad("there is nothing to compare with")
	}
	switch v.(type) {
	case Object, []any:
		return nil, p.bad("only plain values can be compared with")
	}
	return v, nil
}

// fits reports a comparison that has no meaning for the attribute (RFC 7644, table 3).
func (f *Filter) fits(p *parser) error {
	leaf := f.at.leaf()
	if leaf.kind() == Complex {
		if leaf = leaf.sub("value"); leaf == nil {
			return p.bad("%s holds several attributes: name one of them", f.at.attr.Name)
		}
	}
	if leaf.kind() == Boolean {
		v, err := leaf.read(f.value)
		if err != nil || f.op != "eq" && f.op != "ne" {
			return p.bad("%s is compared with true or false by eq or ne", leaf.Name)
		}
		f.value = v
		return nil
	}
	switch v := f.value.(type) {
	case bool:
		return p.bad("%s is not a truth", leaf.Name)
	case json.Number:
		f.value = v.String()
	case nil:
		if f.op != "eq" && f.op != "ne" {
			return p.bad("null is compared by eq or ne")
		}
	}
	return nil
}
