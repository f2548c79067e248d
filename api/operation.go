// SPDX-License-Identifier: Apache-2.0

package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
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

// told is what an operation answers with. To the library all answers are of this one type, so that
// its code is compiled once for each kind of input and not once for each operation as well.
type told struct{ Body any }

// add adds an operation. f gets the call with its customer, and what the caller
// sent once it has the right form. What it returns becomes the answer, or a problem.
func add[I, O any](s *surface, op operation, f func(ctx context.Context, c *call, in *I) (O, error)) {
	s.ops[op.Method+" "+Root+op.Path] = &op
	body := reflect.TypeFor[O]()
	h := s.describe(op, body)
	huma.Register(s.huma, h, func(ctx context.Context, in *I) (*told, error) {
		out, err := f(ctx, callOf(ctx), in)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		if body == nothing {
			return nil, nil
		}
		return &told{out}, nil
	})
	if body == nothing {
		h.Responses[strconv.Itoa(h.DefaultStatus)].Content = nil
	}
}

var nothing = reflect.TypeFor[none]()

// describe returns what the document says of an operation whose answer has the body.
func (s *surface) describe(op operation, body reflect.Type) huma.Operation {
	status := cmp.Or(op.Status, http.StatusOK)
	if body == nothing {
		status = cmp.Or(op.Status, http.StatusNoContent)
	}
	says := &huma.Response{Description: http.StatusText(status)}
	if body != nothing {
		schema := s.huma.OpenAPI().Components.Schemas.Schema(body, true, op.ID+"Response")
		says.Content = map[string]*huma.MediaType{"application/json": {Schema: schema}}
	}
	var marks map[string]any
	if op.Fresh {
		op.Doc, marks = strings.TrimSpace(op.Doc+" "+freshDoc), map[string]any{"x-fresh-proof": true}
	}
	return huma.Operation{OperationID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Summary, Description: op.Doc,
		Tags: []string{op.Area}, DefaultStatus: status, MaxBodyBytes: op.most(), Errors: op.errors(), Extensions: marks,
		Parameters: op.parameters(), Security: []map[string][]string{{"token": op.scopes()}},
		Responses: map[string]*huma.Response{strconv.Itoa(status): says}}
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

// configuration returns what the library is set to: JSON alone, no pages of its own,
// nothing in a request that was not asked for.
func configuration() huma.Config {
	c := huma.DefaultConfig("Verlof", "1")
	c.OpenAPIPath, c.DocsPath, c.SchemasPath, c.CreateHooks = "", "", "", nil
	c.RejectUnknownQueryParameters = true
	format := huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: decode}
	c.Formats = map[string]huma.Format{"application/json": format, "json": format} // the second for application/problem+json
	return c
}

var errNul = errors.New("a NUL character")

// decode reads JSON. A text with a NUL in it is none: no database keeps one.
func decode(data []byte, to any) error {
	if err := json.Unmarshal(data, to); err != nil {
		return err
	}
	if v, ok := to.(*any); ok && hasNul(*v) {
		return errNul
	}
	return nil
}

func hasNul(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.ContainsRune(v, 0)
	case []any:
		for _, x := range v {
			if hasNul(x) {
				return true
			}
		}
	case map[string]any:
		for k, x := range v {
			if strings.ContainsRune(k, 0) || hasNul(x) {
				return true
			}
		}
	}
	return false
}
