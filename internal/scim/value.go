// SPDX-License-Identifier: Apache-2.0

package scim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// Decode reads one JSON value, with its numbers as they are written.
func Decode(body []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(to); err != nil {
		return Bad(InvalidSyntax, "the body is not the JSON that was expected")
	}
	if _, err := d.Token(); err != io.EOF {
		return Bad(InvalidSyntax, "the body holds more than one JSON value")
	}
	return nil
}

// Read reads a whole resource (RFC 7644, sections 3.3 and 3.5.1). What is read-only, what
// the kind does not know and what is empty is left out.
func (k *Kind) Read(body []byte) (Object, error) {
	var in Object
	if err := Decode(body, &in); err != nil {
		return nil, err
	}
	if in == nil {
		return nil, Bad(InvalidSyntax, "a resource is a JSON object")
	}
	out := Object{}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		if err := k.readPart(out, name, in[name]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// readPart reads what stands below one name of a resource.
func (k *Kind) readPart(out Object, name string, value any) error {
	if x := k.extension(name); x != nil {
		part, ok := value.(Object)
		if !ok {
			return Bad(InvalidValue, "%s is not an object", x.ID)
		}
		all, err := readObject(x.Attributes, part, x.ID)
		if err == nil && len(all) > 0 {
			out[x.ID] = all
		}
		return err
	}
	a := k.attribute(name)
	if a == nil || a.ReadOnly {
		return nil
	}
	v, err := a.read(value)
	if err == nil && v != nil {
		out[a.Name] = v
	}
	return err
}

// readObject reads those names of an object that a list of attributes has.
func readObject(list []Attribute, in Object, of string) (Object, error) {
	out := Object{}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		a := named(list, name)
		if a == nil {
			continue
		}
		v, err := a.read(in[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", of, err)
		}
		if v != nil {
			out[a.Name] = v
		}
	}
	return out, nil
}

// read returns a value as the attribute holds it: nil for what is unassigned (RFC 7643,
// section 2.5), which an empty text is taken for too.
func (a *Attribute) read(v any) (any, error) {
	list, several := v.([]any)
	switch {
	case a.Multi && !several:
		list = []any{v}
	case !a.Multi && several && len(list) > 1:
		return nil, Bad(InvalidValue, "%s takes one value", a.Name)
	case !a.Multi && several && len(list) == 0:
		return nil, nil
	case !a.Multi && several:
		return a.one(list[0])
	case !a.Multi:
		return a.one(v)
	}
	var out []any
	for _, x := range list {
		x, err := a.one(x)
		if err != nil {
			return nil, err
		}
		if x != nil {
			out = append(out, x)
		}
	}
	if out == nil {
		return nil, nil
	}
	return out, nil
}

// one reads a single value.
func (a *Attribute) one(v any) (any, error) {
	if v == nil || v == "" {
		return nil, nil
	}
	switch a.kind() {
	case Boolean:
		return a.truth(v)
	case Complex:
		return a.complex(v)
	case DateTime:
		s, ok := v.(string)
		if _, err := time.Parse(time.RFC3339, s); !ok || err != nil {
			return nil, Bad(InvalidValue, "%s is not a date and time", a.Name)
		}
		return s, nil
	}
	switch v := v.(type) {
	case string:
		return v, nil
	case json.Number: // an employee number that somebody keeps as a number
		return v.String(), nil
	}
	return nil, Bad(InvalidValue, "%s is not a text", a.Name)
}

// truth reads true and false, which some send as texts with a capital.
func (a *Attribute) truth(v any) (any, error) {
	switch v := v.(type) {
	case bool:
		return v, nil
	case string:
		if strings.EqualFold(v, "true") || strings.EqualFold(v, "false") {
			return strings.EqualFold(v, "true"), nil
		}
	}
	return nil, Bad(InvalidValue, "%s is neither true nor false", a.Name)
}

// complex reads an object; a plain value is its sub-attribute "value".
func (a *Attribute) complex(v any) (any, error) {
	o, ok := v.(Object)
	if !ok {
		value := a.sub("value")
		if value == nil {
			return nil, Bad(InvalidValue, "%s is not an object", a.Name)
		}
		x, err := value.read(v)
		if err != nil || x == nil {
			return nil, err
		}
		return Object{value.Name: x}, nil
	}
	out, err := readObject(a.Sub, o, a.Name)
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return out, nil
}

// Clone returns a copy that shares nothing with v.
func Clone[T any](v T) T {
	return clone(v).(T)
}

func clone(v any) any {
	switch v := v.(type) {
	case Object:
		out := make(Object, len(v))
		for name, x := range v {
			out[name] = clone(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = clone(x)
		}
		return out
	}
	return v
}
