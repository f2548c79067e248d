// SPDX-License-Identifier: Apache-2.0

// Package house owns the floor plan of Verlof: which folder may import which,
// by which door a heavy library comes in, how long a file and a function may
// be, and that the documents name what is there. Each rule carries its reason,
// and a fault says it.
//
// It refuses exceptions: a rule that is wrong is changed here, with its
// reason, and not worked around where it hurts. Nothing imports it; its test
// reads the source and runs with all the others.
package house

import (
	"fmt"
	"io/fs"
	"strings"

	"verlof/internal/order"
)

// Fault is a place where the source departs from the plan.
type Fault struct {
	Where string // path below the module's root, with a line where there is one
	What  string
	Why   string // why the rule exists
}

func (f Fault) String() string {
	return fmt.Sprintf("%s: %s\n\twhy not: %s", f.Where, f.What, f.Why)
}

// Check reads the source tree root, which holds go.mod, and returns its
// faults in the order of their places.
func Check(root fs.FS) ([]Fault, error) {
	t, err := read(root)
	if err != nil {
		return nil, err
	}
	var faults []Fault
	for _, rule := range []func(*tree) []Fault{
		folders, arrows, ordered, guestsInside, quiet, exactness, helpers, foreseen, sorting,
		comments, lengths, licences,
		decisions, architecture, dependencies, links,
	} {
		faults = append(faults, rule(t)...)
	}
	order.By(faults, func(a, b Fault) int { return strings.Compare(a.Where, b.Where) })
	return faults, nil
}
