// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"maps"
	"slices"

	"verlof/tenant"
)

// usual is what most people have: what a form begins with.
type usual struct{ pattern, pkg, location string }

func usualOf(ctx context.Context, t *tenant.Tenant) (usual, error) {
	org, err := t.People.Organisation(ctx)
	if err != nil {
		return usual{}, err
	}
	patterns, packages, locations := tally{}, tally{}, tally{}
	for _, id := range org.Order {
		r := org.Records[id]
		locations[r.Person.Location]++
		if n := len(r.Contracts); n > 0 {
			patterns[r.Contracts[n-1].Pattern]++
			packages[r.Contracts[n-1].Package]++
		}
	}
	return usual{patterns.most(), packages.most(), locations.most()}, nil
}

// tally counts how many have each of some ids.
type tally map[string]int

// most returns the id that most have, the first in order of several; "" where
// nobody has any.
func (t tally) most() string {
	best := ""
	for _, id := range slices.Sorted(maps.Keys(t)) {
		if t[id] > t[best] {
			best = id
		}
	}
	return best
}
