// SPDX-License-Identifier: Apache-2.0

// Package provision owns what the customer's directory (Entra, Okta and others) says of
// people: its users and groups, by which rules they become persons, teams and roles, and
// what is done when somebody joins, moves or leaves. It refuses leave: a directory never
// reads or writes any, and nothing it says removes any. It refuses SCIM, the form in which
// a directory says it: that is api/directory's.
//
// A user is a person. What the directory says of a user is kept as it was said, so that
// the directory reads back what it wrote; the person follows it, unless somebody detached
// them: then only their access does.
//
// Who waits for HR follows from facts and is nobody's task to note: whoever may sign in
// and has no contract line joins, whoever may not and is employed leaves. Only a move
// between teams that HR is to confirm is written down.
//
// Reading order: user.go, group.go, rules.go, service.go, apply.go, groups.go, waiting.go.
package provision
