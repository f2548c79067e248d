// SPDX-License-Identifier: Apache-2.0

// Package api owns what a program sees of one customer: JSON over HTTP below
// /api/v1, and the document that describes it (OpenAPI 3.1). It refuses rules:
// every operation calls the same service of the domain as the pages do, in the
// name of the person whose token was shown. It refuses cookies: a browser that is
// signed in to the pages is nobody here. It refuses to find data by itself: an
// operation is given the customer whose host name was asked for.
//
// Reading order: server.go (what it is made of), chain.go (what happens to a
// request), operation.go (how an operation is added), fail.go (what becomes of an
// error), then a file for each area: me.go, people.go, leave.go and so on.
package api
