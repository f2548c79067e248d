// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"testing"

	"verlof/trust"
)

// TestParts_apart: database servers stand apart where all of them are other machines.
func TestParts_apart(t *testing.T) {
	for _, c := range []struct {
		database string
		clusters clusters
		want     bool
	}{
		{"sqlite:data", nil, false},
		{"postgres://verlof@db.example/verlof", nil, true},
		{"postgres://verlof@192.0.2.7:5433/verlof", clusters{"west": "postgres://verlof@db2.example/verlof"}, true},
		{"postgres://verlof@db.example/verlof", clusters{"west": "postgres://verlof@127.0.0.1/verlof"}, false},
		{"postgres://verlof@localhost/verlof", nil, false},
		{"postgres://verlof@[::1]:5432/verlof", nil, false},
		{"postgres:///verlof", nil, false},
	} {
		s := settings{Database: c.database, Clusters: c.clusters}
		if got := slices.Contains(s.parts(), trust.Apart); got != c.want {
			t.Errorf("%s, %v: %v", c.database, c.clusters, got)
		}
	}
}
