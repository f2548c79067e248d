// SPDX-License-Identifier: Apache-2.0

package scim

import "strings"

// Object is a resource, or a part of one, as JSON has it: the names are those of its
// schema, the values string, bool, json.Number, Object or []any.
type Object = map[string]any

// Type is what an attribute holds (RFC 7643, section 2.3).
type Type string

// The types that are used.
const (
	String    Type = "string"
	Boolean   Type = "boolean"
	DateTime  Type = "dateTime"
	Reference Type = "reference"
	Complex   Type = "complex"
)

// Attribute is one attribute of a schema (RFC 7643, section 7).
type Attribute struct {
	Name     string
	Type     Type // empty: String
	Says     string
	Multi    bool
	Required bool
	Exact    bool // upper and lower case differ
	ReadOnly bool
	Unique   bool // within the customer
	Always   bool // told whatever is asked for
	Values   []string
	Refers   []string // names of kinds, or "external"
	Sub      []Attribute
}

// sub returns the sub-attribute with a name, in any case; nil where there is none.
func (a *Attribute) sub(name string) *Attribute { return named(a.Sub, name) }

func named(list []Attribute, name string) *Attribute {
	for i := range list {
		if strings.EqualFold(list[i].Name, name) {
			return &list[i]
		}
	}
	return nil
}

// Schema is a set of attributes with its URN.
type Schema struct {
	ID, Name, Says string
	Attributes     []Attribute
}

// Kind is a type of resource (RFC 7643, section 6).
type Kind struct {
	Name       string // "User"
	Endpoint   string // "/Users"
	Says       string
	Core       Schema
	Extensions []Schema
	Unkept     []string // attributes of the standard that are read and not kept
}

// common are the attributes that every resource has (RFC 7643, section 3.1).
var common = []Attribute{
	{Name: "schemas", Type: Reference, Multi: true, Exact: true, ReadOnly: true, Always: true},
	{Name: "id", Exact: true, ReadOnly: true, Always: true},
	{Name: "externalId", Exact: true},
	{Name: "meta", Type: Complex, ReadOnly: true, Sub: []Attribute{
		{Name: "resourceType", Exact: true, ReadOnly: true}, {Name: "created", Type: DateTime, ReadOnly: true},
		{Name: "lastModified", Type: DateTime, ReadOnly: true}, {Name: "location", Type: Reference, Exact: true, ReadOnly: true},
		{Name: "version", Exact: true, ReadOnly: true}}},
}

// attribute returns an attribute of the kind itself; nil where there is none.
func (k *Kind) attribute(name string) *Attribute {
	if a := named(common, name); a != nil {
		return a
	}
	return named(k.Core.Attributes, name)
}

// extension returns the extension with an URN, in any case; nil where there is none.
func (k *Kind) extension(urn string) *Schema {
	for i := range k.Extensions {
		if strings.EqualFold(k.Extensions[i].ID, urn) {
			return &k.Extensions[i]
		}
	}
	return nil
}

// unkept reports whether a name is of the standard and what it holds is not kept.
func (k *Kind) unkept(name string) bool {
	for _, s := range k.Schemas() {
		if rest, ok := cutFold(name, s.ID+":"); ok {
			name = rest
		}
	}
	name, _, _ = strings.Cut(name, ".")
	name, _, _ = strings.Cut(name, "[")
	for _, u := range k.Unkept {
		if strings.EqualFold(u, name) {
			return true
		}
	}
	return false
}

// Schemas returns the schemas of the kind, its own first.
func (k *Kind) Schemas() []Schema { return append([]Schema{k.Core}, k.Extensions...) }

// Show returns the schema as a resource (RFC 7643, section 7).
func (s *Schema) Show() Object {
	return Object{"id": s.ID, "name": s.Name, "description": s.Says, "attributes": showAttributes(s.Attributes)}
}

func showAttributes(list []Attribute) []any {
	out := make([]any, 0, len(list))
	for i := range list {
		a := &list[i]
		o := Object{"name": a.Name, "type": string(a.kind()), "multiValued": a.Multi, "description": a.Says, "required": a.Required,
			"caseExact": a.Exact, "mutability": either(a.ReadOnly, "readOnly", "readWrite"), "returned": either(a.Always, "always", "default"),
			"uniqueness": either(a.Unique, "server", "none")}
		if len(a.Values) > 0 {
			o["canonicalValues"] = texts(a.Values)
		}
		if len(a.Refers) > 0 {
			o["referenceTypes"] = texts(a.Refers)
		}
		if len(a.Sub) > 0 {
			o["subAttributes"] = showAttributes(a.Sub)
		}
		out = append(out, o)
	}
	return out
}

func (a *Attribute) kind() Type {
	if a.Type == "" {
		return String
	}
	return a.Type
}

func either(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

func texts(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}
