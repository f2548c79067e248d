// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"slices"
	"strings"

	"verlof/identity/access"
)

// Scope is a list of scopes in the form of RFC 6749, section 3.3: separated by single
// spaces.
type Scope string

// The scopes of OpenID Connect Core 1.0, sections 5.4 and 11.
const (
	ScopeOpenID  = "openid"
	ScopeProfile = "profile" // name, and the language the person reads
	ScopeEmail   = "email"
	ScopeOffline = "offline_access" // goes on after the person has signed out
)

// scopeClaims are the claims that a scope brings.
var scopeClaims = map[string][]string{
	ScopeProfile: {"name", "given_name", "family_name", "locale"},
	ScopeEmail:   {"email", "email_verified"},
}

// PersonScopes returns the scopes that say something of a person, in the order of pages.
func PersonScopes() []string { return []string{ScopeOpenID, ScopeProfile, ScopeEmail, ScopeOffline} }

// Scopes returns every scope that a client can be allowed: those, the areas of the API,
// and for services the provisioning of people.
func Scopes() []string {
	names := PersonScopes()
	for _, s := range access.Scopes() {
		names = append(names, string(s))
	}
	return append(names, string(access.SCIM))
}

// List returns the scopes one by one, each once.
func (s Scope) List() (list []string) {
	for name := range strings.FieldsSeq(string(s)) {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// Has reports whether a scope is in the list.
func (s Scope) Has(name string) bool { return slices.Contains(s.List(), name) }

// Within reports whether every scope of s is in other too.
func (s Scope) Within(other Scope) bool {
	have := other.List()
	return !slices.ContainsFunc(s.List(), func(name string) bool { return !slices.Contains(have, name) })
}

// And returns the scopes of both lists.
func (s Scope) And(other Scope) Scope { return scopeOf(append(s.List(), other.List()...)...) }

// only returns those scopes of s that are in other: what is not understood, or not
// allowed, is left out (RFC 6749, section 3.3).
func (s Scope) only(other Scope) Scope {
	if s == other {
		return s
	}
	have := other.List()
	return scopeOf(slices.DeleteFunc(s.List(), func(name string) bool { return !slices.Contains(have, name) })...)
}

func scopeOf(names ...string) Scope {
	return Scope(strings.Join(Scope(strings.Join(names, " ")).List(), " "))
}

// scopeOfClaim returns the scope that covers a claim; empty for a claim that there is
// not.
func scopeOfClaim(claim string) string {
	for scope, claims := range scopeClaims {
		if slices.Contains(claims, claim) {
			return scope
		}
	}
	return ""
}
