// SPDX-License-Identifier: Apache-2.0

package api

import (
	"net/http"
	"strings"
	"time"

	"verlof/errs"
	"verlof/identity/access"
	"verlof/identity/openid"
	"verlof/tenant"
)

// OAuth takes the access tokens that the customer's OpenID provider gives to applications.
type OAuth struct{}

// Takes reports whether a token has the form of those: three parts (RFC 9068).
func (OAuth) Takes(token string) bool { return strings.Count(token, ".") == 2 }

// Authenticate returns the person who let an application in. It reports Unauthenticated
// for a token that is not good at this customer, and Forbidden for one that an application
// has for itself: what the API tells is told to persons.
func (OAuth) Authenticate(r *http.Request, t *tenant.Tenant, token string) (Caller, error) {
	b, err := t.OpenID.Presented(r, token)
	if err != nil && openid.IsOurs(err) {
		return Caller{}, err
	}
	if err != nil {
		return Caller{}, errs.New(errs.Unauthenticated, "access.error.token").Because(err)
	}
	if b.Person == "" {
		return Caller{}, errs.New(errs.Forbidden, "access.error.service")
	}
	proof := b.Grant.Proof()
	c := Caller{ID: b.Grant.ID, Person: b.Person, Expires: time.Unix(b.Expires(), 0), Proved: proof.Proven, Means: proof.Means}
	for _, name := range b.Scope.List() {
		c.Scopes = append(c.Scopes, access.Scope(name))
	}
	return c, nil
}
