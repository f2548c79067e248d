// SPDX-License-Identifier: Apache-2.0

// Package hostname owns reading the host name of a site out of what a client sends, so that every room finds the same
// one. It refuses to say whose it is.
package hostname

import (
	"net"
	"strings"
)

// Of returns the name in a Host header, or of an address: without port or final dot, in lower case.
func Of(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}
