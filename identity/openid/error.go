// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"errors"
	"net/http"
	"strings"

	"verlof/errs"
)

// Fault is an error in the protocol's own words (RFC 6749, sections 4.1.2.1 and 5.2).
// Nothing else of an error reaches a client.
type Fault struct {
	Code   string // registered name, such as invalid_grant
	Says   string // error_description: for the one who writes the client, in English
	Status int    // of an answer that is no redirect; 0: 400
	Basic  bool   // the client tried HTTP Basic: the answer names the scheme
	Bearer bool   // the fault is of a bearer token (RFC 6750, section 3)
	Proof  bool   // the fault is of a token that is bound to a key (RFC 9449, section 7.1)
	Nonce  string // that the next proof has to hold; empty: any (RFC 9449, section 8)
}

func (f *Fault) Error() string { return f.Code + ": " + f.Says }

func fault(code, says string) *Fault { return &Fault{Code: code, Says: says} }

// Challenge tells what would be an answer to the fault (RFC 9110, section 11.6.1); empty:
// nothing in a header.
func (f *Fault) Challenge() string {
	says := ""
	if f.Code != "" {
		says = `error="` + f.Code + `", error_description="` + f.Says + `"`
	}
	switch {
	case f.Basic:
		return `Basic realm="verlof"`
	case f.Proof:
		algs := `algs="` + strings.Join(programAlgorithms(), " ") + `"`
		if says == "" {
			return schemeProof + " " + algs
		}
		return schemeProof + " " + says + ", " + algs
	case f.Bearer:
		return strings.TrimSpace("Bearer " + says)
	}
	return ""
}

// ProofFault returns what is wrong with a token that is bound to a key, or with the proof
// beside it (RFC 9449); nil: nothing.
func ProofFault(err error) *Fault {
	if f := (*Fault)(nil); errors.As(err, &f) && f.Proof {
		return f
	}
	return nil
}

// Tell puts what would be an answer to the fault into the header of a refusal.
func (f *Fault) Tell(h http.Header) {
	if c := f.Challenge(); c != "" {
		h.Set("WWW-Authenticate", c)
	}
	if f.Nonce != "" {
		h.Set("DPoP-Nonce", f.Nonce)
	}
}

// The names of faults.
const (
	codeInvalidRequest    = "invalid_request"
	codeInvalidClient     = "invalid_client"
	codeInvalidGrant      = "invalid_grant"
	codeInvalidScope      = "invalid_scope"
	codeInvalidToken      = "invalid_token"
	codeInvalidProof      = "invalid_dpop_proof"
	codeUnauthorized      = "unauthorized_client"
	codeAccessDenied      = "access_denied"
	codeLoginRequired     = "login_required"
	codeConsentRequired   = "consent_required"
	codeServerError       = "server_error"
	codeUnavailable       = "temporarily_unavailable"
	codeInsufficientScope = "insufficient_scope"
)

// faultOf returns what a client reads of an error. What is no Fault is ours, and a
// client learns only that.
func faultOf(err error) *Fault {
	var f *Fault
	switch {
	case errors.As(err, &f):
		return f
	case errs.Is(err, errs.Unavailable), errs.Is(err, errs.TooMany):
		return &Fault{Code: codeUnavailable, Says: "try again later", Status: http.StatusServiceUnavailable}
	}
	return &Fault{Code: codeServerError, Says: "the request failed here", Status: http.StatusInternalServerError}
}

// IsOurs reports whether an error is no fault of the client, so that it belongs in
// the log.
func IsOurs(err error) bool {
	var f *Fault
	return err != nil && !errors.As(err, &f)
}
