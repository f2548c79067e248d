// SPDX-License-Identifier: Apache-2.0

package demo

import "testing"

// TestExamples: what a page offers to begin with has no mistake and comes out as it says.
func TestExamples(t *testing.T) {
	for _, name := range caseOrder {
		p := &scenarioPage{}
		if err := p.run(t.Context(), caseExamples[name]); err != nil || p.Differ > 0 || len(p.Results) == 0 {
			t.Errorf("example %s: %v, %d differ: %+v", name, err, p.Differ, p.Results)
		}
	}
}
