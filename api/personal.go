// SPDX-License-Identifier: Apache-2.0

package api

import (
	"net/http"
	"strings"

	"verlof/identity/access"
	"verlof/tenant"
)

// Personal takes the tokens that people make for their scripts.
type Personal struct{}

// Takes reports whether a token begins as personal access tokens do.
func (Personal) Takes(token string) bool { return strings.HasPrefix(token, access.Prefix) }

// Authenticate returns the person who made a token. It reports Unauthenticated for
// one that opens nothing at this customer.
func (Personal) Authenticate(r *http.Request, t *tenant.Tenant, token string) (Caller, error) {
	got, err := t.Programs.Authenticate(r.Context(), token)
	if err != nil {
		return Caller{}, err
	}
	return Caller{ID: got.ID, Person: got.Person, Scopes: got.Scopes, Expires: got.Expires}, nil
}
