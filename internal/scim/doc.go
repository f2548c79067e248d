// SPDX-License-Identifier: Apache-2.0

// Package scim owns the parts of SCIM 2.0 that mean nothing by themselves: schemas (RFC
// 7643), filters, paths, patches, and which part of a resource is told (RFC 7644). It
// works on resources as JSON has them. It refuses to know what a user or a group is to
// Verlof, to keep anything, and to speak HTTP.
//
// It reads what directories send and not only what the standard says: names in any case,
// "True" for true, a key with dots for a path, one value where several may stand. What
// comes out is always in the standard's own form.
//
// Reading order: schema.go, value.go (from JSON to a resource), path.go, filter.go,
// match.go, patch.go, show.go.
package scim

import (
	"fmt"
	"net/http"
)

// Error is a refusal (RFC 7644, section 3.12).
type Error struct {
	Status int
	Type   string // scimType; empty where the standard has none
	Detail string // in English, for whoever keeps the directory; it holds no personal data
}

func (e *Error) Error() string { return fmt.Sprintf("%d %s: %s", e.Status, e.Type, e.Detail) }

// The types of refusal (RFC 7644, table 9).
const (
	InvalidFilter = "invalidFilter"
	InvalidPath   = "invalidPath"
	InvalidSyntax = "invalidSyntax"
	InvalidValue  = "invalidValue"
	Mutability    = "mutability"
	NoTarget      = "noTarget"
	TooMany       = "tooMany"
	Uniqueness    = "uniqueness"
)

// Bad returns the refusal of a request that cannot be understood or followed.
func Bad(kind, format string, args ...any) *Error {
	return &Error{Status: http.StatusBadRequest, Type: kind, Detail: fmt.Sprintf(format, args...)}
}
