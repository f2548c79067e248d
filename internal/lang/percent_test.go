// SPDX-License-Identifier: Apache-2.0

package lang

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestDutchPercents: a per cent stands by its number in Dutch, as Locale.Percent writes it.
func TestDutchPercents(t *testing.T) {
	files, err := filepath.Glob("nl/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatal("no Dutch texts", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range regexp.MustCompile(`(?m)^.*[0-9}] %.*$`).FindAll(text, -1) {
			t.Errorf("%s: %s", name, line)
		}
	}
}
