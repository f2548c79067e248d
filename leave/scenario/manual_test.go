// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"os"
	"strings"
	"testing"
)

// TestManual: the manual explains every word that a line begins with, in its tables
// and in its grammar.
func TestManual(t *testing.T) {
	b, err := os.ReadFile("../../docs/scenarios.md")
	if err != nil {
		t.Fatal(err)
	}
	tables, grammar, found := strings.Cut(string(b), "\n## Grammar\n")
	if !found {
		t.Fatal("the manual has no grammar")
	}
	for _, word := range beginnings() {
		if !strings.Contains(tables, "\n| `"+word+" ") {
			t.Errorf("no table says what %q means", word)
		}
		if !strings.Contains(grammar, `"`+word+`"`) {
			t.Errorf("the grammar has no %q", word)
		}
	}
	for clause := range plainClauses {
		first, _, _ := strings.Cut(clause, " ")
		if !strings.Contains(tables, "`"+first) {
			t.Errorf("no table says what the clause %q means", clause)
		}
	}
}
