// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestVerbs: each verb explains itself with an example, prints JSON for a script unless there is nothing to print,
// and calls a customer SLUG.
func TestVerbs(t *testing.T) {
	t.Parallel()
	k, err := kong.New(&cli{}, kong.Name("verlof"), kong.NoDefaultHelp(), kong.ExplicitGroups([]kong.Group{{Key: settingsGroup}}))
	if err != nil {
		t.Fatal(err)
	}
	leaves := k.Model.Leaves(true)
	if len(leaves) < 30 {
		t.Fatalf("%d verbs", len(leaves))
	}
	wordless := []string{"demo", "serve", "scenario", "api", "backup setup", "probe run"}
	for _, leaf := range leaves {
		verb := leaf.Path()
		if !strings.Contains(leaf.Detail, "Example") && verb != "version" {
			t.Errorf("%s has no example", verb)
		}
		var flags []string
		for _, group := range leaf.AllFlags(false) {
			for _, f := range group {
				flags = append(flags, f.Name)
			}
		}
		if !slices.Contains(flags, "json") && !slices.Contains(wordless, verb) {
			t.Errorf("%s prints no JSON", verb)
		}
		for _, p := range leaf.Positional {
			if strings.Contains(strings.ToLower(p.Help), "short name") && p.Name != "SLUG" {
				t.Errorf("%s calls a customer %s", verb, p.Name)
			}
		}
	}
}
