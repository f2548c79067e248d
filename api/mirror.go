// SPDX-License-Identifier: Apache-2.0

package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"unicode"

	"github.com/danielgtaylor/huma/v2"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
)

// Mirror shows a type of the domain as it is, field by field, so that what the
// domain learns the API knows: names in small letters with underscores, dates and
// exact numbers as text. What is zero is left out, and what is missing is zero.
// Field names that begin with a word of hidden are not shown.
type Mirror[T any] struct{ Of T }

// choices are the values that texts of a type can have.
var choices = map[reflect.Type][]any{
	reflect.TypeFor[leave.Unit]():         anyOf([]leave.Unit{leave.Days, leave.Hours}),
	reflect.TypeFor[leave.Counting]():     anyOf(leave.Countings),
	reflect.TypeFor[leave.GiveBack]():     anyOf(leave.GiveBacks),
	reflect.TypeFor[leave.Substitution](): anyOf(leave.Substitutions),
	reflect.TypeFor[leave.Proration]():    anyOf(leave.Prorations),
	reflect.TypeFor[leave.RoundingMode](): anyOf(leave.RoundingModes),
	reflect.TypeFor[leave.Consequence]():  anyOf(leave.Consequences),
	reflect.TypeFor[leave.ClaimKind]():    anyOf(leave.ClaimKinds),
}

func anyOf[T ~string](list []T) []any { return each(list, func(x T) any { return string(x) }) }

// hidden are fields that are told in another place, by type and name.
var hidden = map[string]bool{"Type.ID": true}

// mirrored are the fields of a struct that are shown.
func mirrored(t reflect.Type) []reflect.StructField {
	var out []reflect.StructField
	for f := range fields(t) {
		if f.IsExported() && !hidden[t.Name()+"."+f.Name] {
			out = append(out, f)
		}
	}
	return out
}

func fields(t reflect.Type) func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if !yield(t.Field(i)) {
				return
			}
		}
	}
}

// snake returns "full_time" of "FullTime".
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) {
			if i > 0 {
				b.WriteByte('_')
			}
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

var (
	exactType = reflect.TypeFor[exact.Rat]()
	dateType  = reflect.TypeFor[calendar.Date]()
)

// Schema is part of huma.SchemaProvider.
func (Mirror[T]) Schema(r huma.Registry) *huma.Schema { return mirrorSchema(r, reflect.TypeFor[T]()) }

func mirrorSchema(r huma.Registry, t reflect.Type) *huma.Schema {
	most := 100
	switch {
	case t == exactType:
		return Exact{}.Schema(r)
	case t == dateType:
		return Date{}.Schema(r)
	case t.Kind() == reflect.Slice:
		return &huma.Schema{Type: huma.TypeArray, Items: mirrorSchema(r, t.Elem()), MaxItems: &most}
	case t.Kind() == reflect.Bool:
		return &huma.Schema{Type: huma.TypeBoolean}
	case t.Kind() == reflect.String:
		long := 200
		return &huma.Schema{Type: huma.TypeString, MaxLength: &long, Enum: choices[t]}
	case t.Kind() == reflect.Struct:
		return mirrorStruct(r, t)
	}
	least, top := -1e6, 1e6
	return &huma.Schema{Type: huma.TypeInteger, Minimum: &least, Maximum: &top}
}

// mirrorStruct registers the schema of a struct under its name and refers to it.
func mirrorStruct(r huma.Registry, t reflect.Type) *huma.Schema {
	name := mirrorName(t)
	if _, busy := r.Map()[name]; !busy {
		s := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: false, Properties: map[string]*huma.Schema{}}
		r.Map()[name] = s
		for _, f := range mirrored(t) {
			field := mirrorSchema(r, f.Type)
			field.Description = mirrorWords[name+"."+snake(f.Name)]
			s.Properties[snake(f.Name)] = field
		}
		s.PrecomputeMessages()
	}
	return &huma.Schema{Ref: "#/components/schemas/" + name}
}

// mirrorName keeps the names of the domain apart from ours.
func mirrorName(t reflect.Type) string {
	if t == reflect.TypeFor[leave.Type]() {
		return "LeaveTypeInput"
	}
	return t.Name()
}

// MarshalJSON shows the value.
func (m Mirror[T]) MarshalJSON() ([]byte, error) { return json.Marshal(shown(reflect.ValueOf(m.Of))) }

// shown returns a value as JSON shows it.
func shown(v reflect.Value) any {
	switch {
	case v.Type() == exactType || v.Type() == dateType:
		return v.Interface()
	case v.Kind() == reflect.Slice:
		list := make([]any, 0, v.Len())
		for i := range v.Len() {
			list = append(list, shown(v.Index(i)))
		}
		return list
	case v.Kind() == reflect.Struct:
		out := map[string]any{}
		for _, f := range mirrored(v.Type()) {
			if x := v.FieldByIndex(f.Index); !x.IsZero() && !(x.Kind() == reflect.Slice && x.Len() == 0) {
				out[snake(f.Name)] = shown(x)
			}
		}
		return out
	}
	return v.Interface()
}

// UnmarshalJSON reads what MarshalJSON shows.
func (m *Mirror[T]) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var sent any
	if err := d.Decode(&sent); err != nil {
		return err
	}
	renamed, err := json.Marshal(unsnake(reflect.TypeFor[T](), sent))
	if err != nil {
		return err
	}
	return json.Unmarshal(renamed, &m.Of)
}

// unsnake gives fields the names that they have in Go.
func unsnake(t reflect.Type, v any) any {
	switch v := v.(type) {
	case []any:
		if t.Kind() != reflect.Slice {
			return v
		}
		for i := range v {
			v[i] = unsnake(t.Elem(), v[i])
		}
	case map[string]any:
		if t.Kind() != reflect.Struct {
			return v
		}
		out := map[string]any{}
		for _, f := range mirrored(t) {
			if x, ok := v[snake(f.Name)]; ok {
				out[f.Name] = unsnake(f.Type, x)
			}
		}
		return out
	}
	return v
}

var leaveTypeType = reflect.TypeFor[leave.Type]()

func valueOf(v any) reflect.Value { return reflect.ValueOf(v) }
