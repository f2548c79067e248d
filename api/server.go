// SPDX-License-Identifier: Apache-2.0

package api

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"verlof/identity"
	"verlof/identity/access"
	"verlof/internal/order"
	"verlof/people"
	"verlof/tenant"
)

// Root is where the API begins on every customer's site. The number rises with a
// change that would break a program; see docs/api.md.
const Root = "/api/v1"

// Directory finds customers by host name.
type Directory interface {
	// ByHost returns the customer who answers to host, as a request names it,
	// open until release is called. It reports NotFound for a name that belongs
	// to nobody and Unavailable for a customer who is suspended.
	ByHost(ctx context.Context, host string) (t *tenant.Tenant, release func(), err error)
}

// Authenticator tells who shows a token (RFC 6750; RFC 9449, section 7). The API asks each of
// those it was given; the first that takes a token has the last word on it.
type Authenticator interface {
	// Takes reports whether a token is of the kind that this one knows, by its
	// form alone.
	Takes(token string) bool
	// Authenticate returns the caller to whom a customer gave a token that a request
	// shows. It reports
	// Unauthenticated for one that opens nothing.
	Authenticate(r *http.Request, t *tenant.Tenant, token string) (Caller, error)
}

// Caller is who sends a request, and in whose name.
type Caller struct {
	ID      string // names the token or client: what limits and idempotency keys belong to
	Person  people.ID
	Scopes  []access.Scope
	Expires time.Time      // of the token
	Proved  time.Time      // when the person proved who they are; zero: the token does not tell
	Means   identity.Means // by what means they did
}

// Config is what the API needs.
type Config struct {
	Tenants        Directory
	Log            *slog.Logger
	Now            func() time.Time
	Secure         bool // programs reach us over TLS: HSTS is sent
	Authenticators []Authenticator
	Limit          Limit
}

// surface is a configured API.
type surface struct {
	Config
	mux   *http.ServeMux
	spec  *huma.OpenAPI
	ops   map[string]*operation // by pattern of the mux
	gates *Gates
	doc   func() []byte // the document, which is written when somebody first reads it
}

// New returns the handler of all customers' APIs, for requests below Root. It wants
// requests as the program sent them: Host as typed.
func New(c Config) http.Handler {
	s := build(c)
	return s.chain(http.HandlerFunc(s.serve))
}

func build(c Config) *surface {
	s := &surface{Config: c, mux: http.NewServeMux(), spec: huma.DefaultConfig("Verlof", "1").OpenAPI, ops: map[string]*operation{}, gates: NewGates(c.Limit)}
	for _, add := range areas {
		add(s)
	}
	describe(s.spec, s.ops)
	s.doc = sync.OnceValue(func() []byte { return document(s.spec) })
	s.mux.HandleFunc("GET "+Root+"/openapi.json", s.showDocument)
	return s
}

// areas are the parts of the API, in the order of the document.
var areas = []func(*surface){addMe, addPeople, addRoles, addDirectory, addOrganisation, addPolicies, addLaws, addProcedure, addLeave, addCollective, addByHand,
	addYears, addSettlements, addNotices, addSickness, addRecord, addImports, addEvents, addWebhooks, addBureaus, addClients, addSignIn, addProviders, addTokens, addAgreements, addSettings}

// Is reports whether a path is the API's.
func Is(path string) bool { return path == Root || strings.HasPrefix(path, Root+"/") }

// Document returns the OpenAPI document, as JSON.
func Document() []byte { return build(Config{Now: time.Now}).doc() }

// OperationSeen is one thing that a program can do, in a line.
type OperationSeen struct{ ID, Method, Path, Scope, Area, Summary string }

// Operations lists what a program can do, by path and method.
func Operations() []OperationSeen {
	var out []OperationSeen
	for _, o := range build(Config{Now: time.Now}).ops {
		out = append(out, OperationSeen{o.ID, o.Method, o.Path, string(o.Scope), o.Area, o.Summary})
	}
	order.By(out, func(a, b OperationSeen) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Method, b.Method))
	})
	return out
}

func document(d *huma.OpenAPI) []byte {
	text, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		panic(err) // it is part of the program
	}
	return append(text, '\n')
}

func (s *surface) showDocument(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/openapi+json;version=3.1")
	_, _ = w.Write(s.doc())
}

// serve runs the operation that the chain has found.
func (s *surface) serve(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }
