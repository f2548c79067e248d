// SPDX-License-Identifier: Apache-2.0

package programs

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"verlof/api"
	"verlof/internal/order"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// referencePage shows every operation of the API, from the document that programs read.
type referencePage struct {
	Frame    template.Page
	Areas    []area
	Problems []problem
}

// area is a part of the API.
type area struct {
	Name, ID, Description string
	Operations            []operation
}

// operation is one thing that a program can do.
type operation struct {
	ID, Method, Path, Summary, Description, Scope string
	Query, Body, Answer                           []field
}

// address is the method and where to, which a narrow screen breaks after a slash.
func (o *operation) address() templ.Component {
	return templ.Raw(strings.ReplaceAll(templ.EscapeString(o.Method+" /api/v1"+o.Path), "/", "/<wbr>"))
}

// field is a value that is sent or told.
type field struct {
	Name, Kind, Doc string
	Required        bool
}

// problem is a kind of problem.
type problem struct{ ID, Title, Text string }

// showReference handles GET /api.
func showReference(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
	l := page.VisitOf(r).Lang
	p := referencePage{Frame: page.Frame(w, r, l.T("web.api.title")), Areas: reference()}
	for _, k := range api.ProblemKinds() {
		p.Problems = append(p.Problems, problem{ID: k, Title: l.T("api.problem." + k)})
	}
	return page.Render(w, r, http.StatusOK, referenceView(p))
}

// document is what is read of the document.
type document struct {
	Tags       []struct{ Name, Description string }
	Paths      map[string]map[string]described
	Components struct{ Schemas map[string]schema }
}

type described struct {
	OperationID string `json:"operationId"`
	Summary     string
	Description string
	Tags        []string
	Security    []map[string][]string
	Parameters  []struct {
		Name, In, Description string
		Required              bool
		Schema                schema
	}
	RequestBody struct {
		Content map[string]struct{ Schema schema }
	}
	Responses map[string]struct {
		Content map[string]struct{ Schema schema }
	}
}

type schema struct {
	Ref         string `json:"$ref"`
	Type        any
	Format      string
	Description string
	Enum        []any
	Items       *schema
	Properties  map[string]schema
	Required    []string
}

// reference reads the document, once: it is part of the program.
var reference = sync.OnceValue(func() []area {
	var d document
	if err := json.Unmarshal(api.Document(), &d); err != nil {
		panic(err)
	}
	var out []area
	for _, t := range d.Tags {
		a := area{Name: t.Name, ID: strings.ReplaceAll(strings.ToLower(t.Name), " ", "-"), Description: t.Description}
		for path, item := range d.Paths {
			for method, op := range item {
				if slices.Contains(op.Tags, t.Name) {
					a.Operations = append(a.Operations, d.operation(strings.ToUpper(method), path, op))
				}
			}
		}
		order.By(a.Operations, func(x, y operation) int {
			return strings.Compare(x.Path+" "+methods[x.Method], y.Path+" "+methods[y.Method])
		})
		out = append(out, a)
	}
	return out
})

// methods has reading come before writing.
var methods = map[string]string{http.MethodGet: "1", http.MethodPost: "2", http.MethodPut: "3", http.MethodDelete: "4"}

func (d *document) operation(method, path string, op described) operation {
	o := operation{ID: op.OperationID, Method: method, Path: path, Summary: op.Summary, Description: op.Description}
	for _, s := range op.Security {
		o.Scope = strings.Join(s["token"], " ")
	}
	for _, p := range op.Parameters {
		if p.In != "header" || strings.HasPrefix(p.Name, "Change-") { // the guide tells of the others
			o.Query = append(o.Query, field{p.Name, d.kind(p.Schema), p.Description, p.Required})
		}
	}
	o.Body = d.fields(op.RequestBody.Content["application/json"].Schema)
	for _, status := range []string{"200", "201"} {
		o.Answer = append(o.Answer, d.fields(op.Responses[status].Content["application/json"].Schema)...)
	}
	return o
}

// fields are the properties of an object, those that must be there first.
func (d *document) fields(s schema) []field {
	s = d.resolve(s)
	var out []field
	for name, p := range s.Properties {
		out = append(out, field{name, d.kind(p), p.Description, slices.Contains(s.Required, name)})
	}
	order.By(out, func(a, b field) int {
		if a.Required != b.Required {
			return map[bool]int{true: -1, false: 1}[a.Required]
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out
}

func (d *document) resolve(s schema) schema {
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		return d.Components.Schemas[name]
	}
	return s
}

// kind is what a value looks like, in a few words.
func (d *document) kind(s schema) string {
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		return name
	}
	if s.Items != nil {
		return "list of " + d.kind(*s.Items)
	}
	if len(s.Enum) > 0 {
		var words []string
		for _, v := range s.Enum {
			if w, ok := v.(string); ok && w != "" {
				words = append(words, w)
			}
		}
		return strings.Join(words, " | ")
	}
	if s.Format == "date" || s.Format == "date-time" {
		return s.Format
	}
	if t, ok := s.Type.(string); ok {
		return t
	}
	return "value"
}
