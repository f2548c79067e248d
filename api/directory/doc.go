// SPDX-License-Identifier: Apache-2.0

// Package directory owns the door of a customer's directory: SCIM 2.0 (RFC 7643, RFC
// 7644) below /scim/v2 of the customer's host name, in the shapes that Entra and Okta
// send. It refuses to decide what becomes of a user or a group: that is for
// identity/provision. What SCIM has no meaning for is read and not kept: addresses,
// telephone numbers, titles, passwords. Leave and health are not in it.
//
// Reading order: server.go (the way of a request), kinds.go (what a user and a group are
// in SCIM), user.go, group.go, list.go, refuse.go.
package directory
