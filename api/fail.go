// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"verlof/errs"
	"verlof/identity"
	"verlof/identity/openid"
	"verlof/internal/httperr"
	"verlof/internal/lang"
	"verlof/leave/explain"
	"verlof/tenant"
)

// Problem is what a program is told when something is not done (RFC 9457).
type Problem struct {
	Type   string  `json:"type" format:"uri-reference" doc:"The kind of problem, as a link to its description." example:"/api#conflict"`
	Title  string  `json:"title" doc:"The kind of problem, in the caller's language." example:"Not possible any more"`
	Status int     `json:"status" doc:"The status of the answer once more." example:"409"`
	Detail string  `json:"detail" doc:"What is the matter this time, in the caller's language." example:"There is already leave from 3 to 7 August 2026."`
	Code   string  `json:"code" doc:"Names the detail for programs. It does not change; the sentence may." example:"leave.error.overlap"`
	Number string  `json:"number,omitempty" doc:"Names the request in the log of the installation. Only when the fault is ours." example:"K7QF2"`
	Errors []Fault `json:"errors,omitempty" doc:"What is wrong with the input, field by field."`

	Forecast *Forecast `json:"forecast,omitempty" doc:"What the change would do to people's leave, where it waits for your consent."`
}

// Fault is what is wrong with one field of the input.
type Fault struct {
	Field  string `json:"field" doc:"Where: the name in the body, in the address or of the header." example:"from"`
	Code   string `json:"code" doc:"Names the detail for programs." example:"api.invalid.date"`
	Detail string `json:"detail" doc:"What is wrong, in the caller's language." example:"Write a date as 2026-12-31."`
}

// Error is the code.
func (p *Problem) Error() string { return p.Code }

const problemType = "application/problem+json"

// kind is a kind of problem: its name, and the status it has.
type kind struct {
	name   string
	status int
}

var kinds = map[errs.Kind]string{
	errs.Internal:        "internal",
	errs.Invalid:         "invalid",
	errs.NotFound:        "not-found",
	errs.Conflict:        "conflict",
	errs.Forbidden:       "forbidden",
	errs.Unauthenticated: "unauthenticated",
	errs.TooMany:         "too-many",
	errs.Unavailable:     "unavailable",
}

// refusal is a problem of the protocol, for which the domain has no kind.
type refusal struct {
	kind
	key string
}

func (r *refusal) Error() string { return r.key }

// The refusals of the protocol.
var (
	errMethod      = &refusal{kind{"method", http.StatusMethodNotAllowed}, "api.error.method"}
	errTooLarge    = &refusal{kind{"too-large", http.StatusRequestEntityTooLarge}, "api.error.too_large"}
	errMediaType   = &refusal{kind{"media-type", http.StatusUnsupportedMediaType}, "api.error.media_type"}
	errNoMatch     = &refusal{kind{"no-match", http.StatusPreconditionFailed}, "api.error.no_match"}
	errMatchNeeded = &refusal{kind{"match-needed", http.StatusPreconditionRequired}, "api.error.match_needed"}
	errProof       = &refusal{kind{"proof", http.StatusUnauthorized}, "api.error.proof"}
	errMalformed   = &refusal{kind{"malformed", http.StatusBadRequest}, "api.error.malformed"}
)

// problemOf returns what a program reads of err.
func problemOf(l *lang.Locale, err error, number string) *Problem {
	var ready *Problem
	if errors.As(err, &ready) {
		return ready
	}
	var r *refusal
	if errors.As(err, &r) {
		return newProblem(l, r.kind, r.key, l.T(r.key))
	}
	if identity.Stale(err) {
		return problemOf(l, errProof, number)
	}
	e := errs.As(err)
	code, detail := sentence(l, e, number)
	p := newProblem(l, kind{kinds[e.Kind], httperr.Status(e.Kind)}, code, detail)
	if e.Kind == errs.Internal {
		p.Number = number
	}
	if e.Kind == errs.Invalid || e.Field != "" {
		p.Errors = faultsOf(l, err, number)
	}
	return p
}

func newProblem(l *lang.Locale, k kind, code, detail string) *Problem {
	return &Problem{Type: "/api#" + k.name, Title: l.T("api.problem." + k.name), Status: k.status, Code: code, Detail: detail}
}

// sentence returns what is told of e: its own sentence, else that of its kind.
func sentence(l *lang.Locale, e *errs.Error, number string) (code, text string) {
	if e.Public != "" {
		return e.Public, l.T(e.Sentence(), explain.Values(l, e.Args)...)
	}
	code = "api.kind." + kinds[e.Kind]
	return code, l.T(code, "number", number)
}

// faultsOf returns the faults that err holds, one for each field.
func faultsOf(l *lang.Locale, err error, number string) []Fault {
	var out []Fault
	for _, one := range errs.All(err) {
		if e := errs.As(one); e.Field != "" {
			code, text := sentence(l, e, number)
			out = append(out, Fault{Field: e.Field, Code: code, Detail: text})
		}
	}
	return out
}

// fail is what becomes of every error: a problem in the caller's language with the
// right status. What is our own fault or the operator's to put right goes to the log, under the number that
// the problem shows.
func (s *surface) fail(ctx context.Context, err error) *Problem {
	c := callOf(ctx)
	c.lost = tenant.Again(err)
	p := problemOf(c.lang, err, c.number)
	if p.Status == http.StatusInternalServerError || errs.Is(err, errs.Unavailable) && httperr.Ours(err) {
		httperr.Log(ctx, s.Log, c.number, err)
	}
	switch p.Status {
	case http.StatusUnauthorized:
		c.header.Set("WWW-Authenticate", c.challenge(p.Code))
		if f := openid.ProofFault(err); f != nil {
			f.Tell(c.header)
		}
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		after := identity.RetryAfter(err)
		if after == 0 {
			after = 60
		}
		c.header.Set("Retry-After", strconv.Itoa(after))
	}
	return p
}

// challenge tells what would be an answer to a refusal with a code.
func (c *call) challenge(code string) string {
	switch code {
	case errProof.key:
		return c.staleChallenge()
	case "access.error.token":
		return `Bearer realm="verlof", error="invalid_token"`
	}
	return `Bearer realm="verlof"`
}

// refuse answers with a problem.
func (s *surface) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := s.fail(r.Context(), err)
	_ = tell(w, p.Status, problemType, p) // a problem always can be written
}

// inputFault is what the library finds wrong with one field.
func inputFault(l *lang.Locale, err error) Fault {
	var d *huma.ErrorDetail
	if !errors.As(err, &d) {
		return Fault{Code: "api.invalid.value", Detail: l.T("api.invalid.value")}
	}
	_, field, _ := strings.Cut(d.Location, ".")
	code, arg, _ := strings.Cut(d.Message, "|")
	if known, ok := literals[code]; ok {
		code = known
	}
	if !strings.HasPrefix(code, "api.invalid.") || !l.Has(code) {
		code = "api.invalid.value"
	}
	if code == "api.invalid.missing" && arg != "" {
		field = strings.TrimPrefix(field+"."+arg, ".")
	}
	return Fault{Field: field, Code: code, Detail: l.T(code, "arg", strings.ReplaceAll(arg, `"`, ""))}
}

// ProblemKinds returns the names of the kinds of problem, which the type of a problem
// links to.
func ProblemKinds() []string {
	var out []string
	for k := errs.Internal; k <= errs.Unavailable; k++ {
		out = append(out, kinds[k])
	}
	for _, r := range []*refusal{errMethod, errTooLarge, errMediaType, errNoMatch, errMatchNeeded, errProof, errMalformed} {
		out = append(out, r.name)
	}
	slices.Sort(out)
	return out
}
