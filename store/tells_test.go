// SPDX-License-Identifier: Apache-2.0

package store

import (
	"slices"
	"strings"
	"testing"

	"verlof/events"
	"verlof/store/migration"
)

// TestTells: each statement that changes a customer's database tells an event of a kind
// that programs can look up, or stands in quiet with a reason; not both, and nothing that
// is no statement any more.
func TestTells(t *testing.T) {
	silent := map[string]bool{}
	for _, q := range bySet[migration.Tenant.Name] {
		if verb, _, _ := strings.Cut(strings.TrimSpace(q.text), " "); !slices.Contains([]string{"INSERT", "UPDATE", "DELETE"}, verb) {
			continue
		}
		reason, isQuiet := quiet[q.name]
		isQuiet = isQuiet || strings.HasSuffix(q.name, ".reseal")
		silent[q.name] = true
		switch {
		case q.tale == nil && !isQuiet:
			t.Errorf("%s changes something: say in tells.go which event that is, or why it is none", q.name)
		case q.tale != nil && isQuiet:
			t.Errorf("%s tells an event and is quiet (%s)", q.name, reason)
		}
	}
	for name, reason := range quiet {
		if !silent[name] || reason == "" {
			t.Errorf("%s is quiet: %q, of no statement or without a reason", name, reason)
		}
	}
	words := map[string]bool{}
	for q, tale := range tales {
		if len(tale.words) == 0 {
			t.Errorf("%s can tell nothing", q.name)
		}
		for _, word := range tale.words {
			words[tale.thing.Type(word)] = true
			if !slices.Contains(events.Types(), tale.thing.Type(word)) {
				t.Errorf("%s tells %s, which nobody can look up", q.name, tale.thing.Type(word))
			}
		}
	}
	for _, thing := range settingsOf { // of one statement
		words[thing.Type(events.Changed)] = true
	}
	for _, typ := range events.Types() {
		if !words[typ] {
			t.Errorf("%s is told by no statement", typ)
		}
	}
}
