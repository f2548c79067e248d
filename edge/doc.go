// SPDX-License-Identifier: Apache-2.0

// Package edge owns what stands before the sites: who asks, where proxies pass requests on
// (Proxies), how much of it is let in (Flood), and TLS, where no proxy ends it (Certificates).
//
// It refuses to know a customer: it is told which host names there are, and what is let in
// it hands on as it came.
package edge
