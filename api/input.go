// SPDX-License-Identifier: Apache-2.0

package api

import (
	"encoding"
	"encoding/json"
	"maps"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"verlof/errs"
	"verlof/internal/lang"
)

// input is what an operation reads of a request. A struct says it: its fields with a tag path,
// query or header are parameters, and Body is what is sent as JSON. The library would compile all of
// its code once for each such struct; here one code, compiled once, reads them all by reflection.
type input struct {
	params  []param
	body    []int        // where in the struct the body goes; nil: none is read
	schema  *huma.Schema // of the body
	needed  bool         // there must be a body
	schemas huma.Registry
}

// param is a parameter and where in the struct it goes.
type param struct {
	*huma.Param
	index   []int
	without string // what is read where none was sent
}

// inputOf returns the input that a struct says, and has h describe it.
func inputOf(t reflect.Type, schemas huma.Registry, h *huma.Operation) *input {
	in := &input{schemas: schemas}
	for _, f := range reflect.VisibleFields(t) {
		if f.Name == "Body" {
			hint := h.OperationID + "Request"
			if t.Name() != "" {
				hint = t.Name() + f.Name
			}
			in.body, in.schema, in.needed = f.Index, huma.SchemaFromField(schemas, f, hint), f.Type.Kind() != reflect.Pointer
			h.RequestBody = &huma.RequestBody{Required: in.needed, Content: map[string]*huma.MediaType{"application/json": {Schema: in.schema}}}
			continue
		}
		for _, place := range []string{"path", "query", "header"} {
			name, ok := f.Tag.Lookup(place)
			if !ok {
				continue
			}
			p := &huma.Param{Name: name, In: place, Schema: huma.SchemaFromField(schemas, f, "")}
			p.Description, p.Required = p.Schema.Description, place == "path" || f.Tag.Get("required") == "true"
			if place == "query" {
				p.Explode = new(bool) // a list is one parameter, with commas
			}
			in.params = append(in.params, param{p, f.Index, f.Tag.Get("default")})
			h.Parameters = append(h.Parameters, p)
		}
	}
	return in
}

// read fills v, a struct of the input's kind, with what a request says. It reports all that is
// wrong with the parameters and the body, each at its field.
func (in *input) read(l *lang.Locale, r *http.Request, v reflect.Value) error {
	f := &findings{in.schemas, huma.NewPathBuffer(nil, 0), huma.ValidateResult{}}
	query := r.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !slices.ContainsFunc(in.params, func(p param) bool { return p.In == "query" && p.Name == name }) {
			f.at("query", name).Add(f.path, "", "unknown query parameter")
		}
	}
	if len(f.Errors) > 0 {
		return f.problem(l)
	}
	for _, p := range in.params {
		text := ""
		switch p.In {
		case "path":
			text = r.PathValue(p.Name)
		case "query":
			text = query.Get(p.Name)
		case "header":
			text = r.Header.Get(p.Name)
		}
		if text == "" {
			text = p.without
		}
		p.read(text, v.FieldByIndex(p.index), f)
	}
	if err := in.readBody(r, v, f); err != nil {
		return err
	}
	return f.problem(l)
}

// readBody fills the body of v. It reports what is no JSON.
func (in *input) readBody(r *http.Request, v reflect.Value, f *findings) error {
	if in.body == nil {
		return nil
	}
	body := bodyOf(r)
	switch {
	case len(body) == 0 && in.needed:
		return errMalformed
	case len(body) == 0:
		return nil
	case !isJSON(r.Header.Get("Content-Type")):
		return errMediaType
	}
	var parsed any
	if err := json.Unmarshal(body, &parsed); err != nil || hasNul(parsed) {
		return errMalformed
	}
	before := len(f.Errors)
	f.check(in.schema, parsed, "body")
	to := v.FieldByIndex(in.body)
	if err := json.Unmarshal(body, to.Addr().Interface()); err != nil && len(f.Errors) == before {
		place, code := misfit(body, to.Type())
		f.at(append([]string{"body"}, place...)...).Add(f.path, "", code)
	}
	return nil
}

// misfit finds a value in a body that has the form and is none, such as a day from 25:00 to 26:00 or
// 1/0: where it stands, and what is told of it.
func misfit(raw json.RawMessage, t reflect.Type) (place []string, code string) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	value := reflect.New(t).Interface()
	if _, own := value.(encoding.TextUnmarshaler); own || t.Kind() != reflect.Struct {
		return nil, faultOf(value)
	}
	var parts map[string]json.RawMessage
	_ = json.Unmarshal(raw, &parts) // it was read before
	for _, field := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		part, sent := parts[name]
		if !sent || json.Unmarshal(part, reflect.New(field.Type).Interface()) == nil {
			continue
		}
		within, code := misfit(part, field.Type)
		return append([]string{name}, within...), code
	}
	return nil, faultOf(value)
}

// faultOf is what is told of a text that is no value of a kind.
func faultOf(value any) string {
	switch value.(type) {
	case *Date:
		return "api.invalid.date"
	case *Portion:
		return "api.invalid.portion"
	case *Exact:
		return "api.invalid.exact"
	}
	return "api.invalid.value"
}

// read puts text into a field, if it is right.
func (p *param) read(text string, field reflect.Value, f *findings) {
	if text == "" {
		if p.Required {
			f.at(p.In, p.Name).Add(f.path, "", "required "+p.In+" parameter is missing")
		}
		return
	}
	var value any = text
	switch to := field.Addr().Interface().(type) {
	case encoding.TextUnmarshaler:
		if err := to.UnmarshalText([]byte(text)); err != nil {
			f.at(p.In, p.Name).Add(f.path, text, faultOf(to))
			return
		}
	case *int:
		n, err := strconv.Atoi(text)
		if err != nil {
			f.at(p.In, p.Name).Add(f.path, text, "invalid integer")
			return
		}
		*to, value = n, n
	case *[]string:
		*to = strings.Split(text, ",")
		value = *to
	default:
		field.SetString(text)
	}
	f.check(p.Schema, value, p.In, p.Name)
}

// findings are what is wrong with the input of a request.
type findings struct {
	schemas huma.Registry
	path    *huma.PathBuffer
	huma.ValidateResult
}

// at has what is found next stand at a place.
func (f *findings) at(place ...string) *findings {
	f.path.Reset()
	for _, name := range place {
		f.path.Push(name)
	}
	return f
}

// check looks whether a value at a place is as its schema says.
func (f *findings) check(s *huma.Schema, value any, place ...string) {
	f.at(place...)
	huma.Validate(f.schemas, s, f.path, huma.ModeWriteToServer, value, &f.ValidateResult)
}

// problem returns the findings in our words, as an error; nil: there are none.
func (f *findings) problem(l *lang.Locale) error {
	if len(f.Errors) == 0 {
		return nil
	}
	p := problemOf(l, errs.New(errs.Invalid, "api.error.input"), "")
	p.Errors = each(f.Errors, func(err error) Fault { return inputFault(l, err) })
	return p
}

// isJSON reports whether a media type is that of JSON, or of a kind of it (RFC 6839, section 3.1). What
// is sent without one is taken for JSON.
func isJSON(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return contentType == "" || err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json"))
}

// hasNul reports whether a text in a value read from JSON has a NUL in it: no database keeps one.
func hasNul(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.ContainsRune(v, 0)
	case []any:
		return slices.ContainsFunc(v, hasNul)
	case map[string]any:
		for k, x := range v {
			if strings.ContainsRune(k, 0) || hasNul(x) {
				return true
			}
		}
	}
	return false
}
