// SPDX-License-Identifier: Apache-2.0

package api

import (
	"cmp"
	"context"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"verlof/identity/access"
)

// operation is one thing that a program can do.
type operation struct {
	ID      string // names it for programs that are made from the document
	Method  string
	Path    string // below Root
	Scope   access.Scope
	Area    string // under which heading the document tells of it
	Summary string
	Doc     string
	Match   bool // it changes a thing that can be read under the same address, which the caller must have seen
	Secret  bool // its answer holds a secret: it is told once
	Fresh   bool // it changes who may do what: the caller must have proved lately who they are
	File    bool // a file is handed in: see maxFile
	Status  int  // when it is done; 0: 200, and 204 where there is nothing to tell
}

// none is the answer, or the input, of an operation that has none.
type none struct{}

// add adds an operation. f gets the call with its customer, and what the caller
// sent once it has the right form. What it returns becomes the answer, or a problem. It is not inlined, as it
// would be 150 times.
//
//go:noinline
func add[I, O any](s *surface, op operation, f func(ctx context.Context, c *call, in *I) (O, error)) {
	s.add(op, reflect.TypeFor[I](), reflect.TypeFor[O](), func(ctx context.Context, c *call, in any) (any, error) { return f(ctx, c, in.(*I)) })
}

// add adds an operation that reads a struct of the type in and answers with an out.
func (s *surface) add(op operation, in, out reflect.Type, f func(ctx context.Context, c *call, in any) (any, error)) {
	s.ops[op.Method+" "+Root+op.Path] = &op
	h := s.describe(op, out)
	form := inputOf(in, s.spec.Components.Schemas, &h)
	s.spec.AddOperation(&h)
	s.mux.HandleFunc(op.Method+" "+Root+op.Path, func(w http.ResponseWriter, r *http.Request) {
		c, v := callOf(r.Context()), reflect.New(in)
		err := form.read(c.lang, r, v.Elem())
		var told any
		if err == nil {
			told, err = f(r.Context(), c, v.Interface())
		}
		if err == nil && out != nothing {
			err = tell(w, h.DefaultStatus, "application/json", told)
		}
		switch {
		case err != nil:
			s.refuse(w, r, err)
		case out == nothing:
			w.WriteHeader(h.DefaultStatus)
		}
	})
}

var nothing = reflect.TypeFor[none]()

// describe returns what the document says of an operation whose answer has the body.
func (s *surface) describe(op operation, body reflect.Type) huma.Operation {
	status := cmp.Or(op.Status, http.StatusOK)
	if body == nothing {
		status = cmp.Or(op.Status, http.StatusNoContent)
	}
	schemas := s.spec.Components.Schemas
	says := map[string]*huma.Response{strconv.Itoa(status): {}}
	if body != nothing {
		schema := schemas.Schema(body, true, op.ID+"Response")
		says[strconv.Itoa(status)].Content = map[string]*huma.MediaType{"application/json": {Schema: schema}}
	}
	problem := map[string]*huma.MediaType{problemType: {Schema: schemas.Schema(reflect.TypeFor[Problem](), true, "")}}
	for _, status := range op.errors() {
		says[strconv.Itoa(status)] = &huma.Response{Content: problem}
	}
	var marks map[string]any
	if op.Fresh {
		op.Doc, marks = strings.TrimSpace(op.Doc+" "+freshDoc), map[string]any{"x-fresh-proof": true}
	}
	return huma.Operation{OperationID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Summary, Description: op.Doc,
		Tags: []string{op.Area}, DefaultStatus: status, Extensions: marks,
		Parameters: op.parameters(), Security: []map[string][]string{{"token": op.scopes()}}, Responses: says}
}

// freshDoc is what the document says of operations that need a fresh proof.
const freshDoc = "The person must have signed in lately, as a token of an application tells (RFC 9470); a personal access token is refused."

// most is how many bytes a request may bring.
func (o *operation) most() int64 {
	if o.File {
		return maxFile
	}
	return maxBody
}

func (o *operation) scopes() []string {
	if o.Scope == "" {
		return []string{}
	}
	return []string{string(o.Scope)}
}

// errors returns the statuses of the problems that there can be.
func (o *operation) errors() []int {
	list := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusTooManyRequests,
		http.StatusInternalServerError, http.StatusServiceUnavailable}
	if strings.Contains(o.Path, "{") || o.Method == http.MethodPost {
		list = append(list, http.StatusNotFound)
	}
	if o.Method != http.MethodGet {
		list = append(list, http.StatusBadRequest, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	if o.Match {
		list = append(list, http.StatusPreconditionFailed, http.StatusPreconditionRequired)
	}
	return list
}

// parameters returns the header fields that the chain reads.
func (o *operation) parameters() []*huma.Param {
	most, least := maxKey, 1
	text := &huma.Schema{Type: huma.TypeString}
	list := []*huma.Param{{Name: "Accept-Language", In: "header", Schema: text, Example: "nl",
		Description: "In which language problems and sentences are told; without it, in the person's."}}
	switch {
	case o.Match:
		list = append(list, &huma.Param{Name: "If-Match", In: "header", Required: true, Schema: text,
			Description: "The ETag under which you read it.", Example: `"6Yx0cYyq2nBvXl1hB3aT"`})
	case o.Method == http.MethodPost && !o.Secret:
		list = append(list, &huma.Param{Name: "Idempotency-Key", In: "header",
			Schema:      &huma.Schema{Type: huma.TypeString, MinLength: &least, MaxLength: &most},
			Description: "A text of your choice, new for each thing that you want done. A request that comes again with its key within a day is answered as it was the first time, and done once."})
	case o.Method == http.MethodGet:
		list = append(list, &huma.Param{Name: "If-None-Match", In: "header", Schema: text,
			Description: "The ETag under which you read it before: where nothing has changed, the answer is 304 and empty."})
	}
	return list
}
