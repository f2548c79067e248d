// SPDX-License-Identifier: Apache-2.0

package access

import (
	"slices"

	"verlof/errs"
	"verlof/people"
)

// Scope is an area of the API that a token opens to its holder, for reading or
// for writing. It never gives more than the person's own rights: who may not see
// a thing on a page does not see it with every scope.
type Scope string

// The scopes.
const (
	LeaveRead     Scope = "leave:read"     // requests, balances, claims, who is away
	LeaveWrite    Scope = "leave:write"    // to ask, withdraw, cancel, decide, adjust
	PeopleRead    Scope = "people:read"    // persons, employments, teams, locations, holidays
	PeopleWrite   Scope = "people:write"   // to keep them
	PoliciesRead  Scope = "policies:read"  // leave types, packages, policies
	PoliciesWrite Scope = "policies:write" // to keep them
	SicknessRead  Scope = "sickness:read"  // sick reports
	SicknessWrite Scope = "sickness:write" // to report sick, and back at work
	ReportsRead   Scope = "reports:read"   // the overview of balances
	ClientsRead   Scope = "clients:read"   // access tokens and webhooks
	ClientsWrite  Scope = "clients:write"  // to make and revoke them
)

// SCIM is the scope of a directory that provisions people: only services may have it, and
// it opens nothing of the API.
const SCIM Scope = "scim"

// NeedForDirectory returns Forbidden unless v may let a directory in. It gives anybody another
// mail address, administrators too: who lets it in could become each of them.
func NeedForDirectory(v people.Viewer) error {
	if v.IsAdministrator() {
		return nil
	}
	return errs.New(errs.Forbidden, "access.error.directory")
}

// Scopes returns every scope of the API, in the order in which people read them.
func Scopes() []Scope {
	return []Scope{LeaveRead, LeaveWrite, PeopleRead, PeopleWrite, PoliciesRead, PoliciesWrite,
		SicknessRead, SicknessWrite, ReportsRead, ClientsRead, ClientsWrite}
}

// checkScopes returns scopes in the order of Scopes, each once. It reports Invalid
// where there is none or one that nobody knows.
func checkScopes(scopes []Scope) ([]Scope, error) {
	var out []Scope
	for _, known := range Scopes() {
		if slices.Contains(scopes, known) {
			out = append(out, known)
		}
	}
	unknown := func(s Scope) bool { return !slices.Contains(out, s) }
	if len(out) == 0 || slices.ContainsFunc(scopes, unknown) {
		return nil, errs.New(errs.Invalid, "access.error.scopes").At("scopes")
	}
	return out, nil
}
