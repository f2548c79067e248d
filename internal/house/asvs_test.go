// SPDX-License-Identifier: Apache-2.0

package house

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// asvsSections are how many requirements each section has of the chapters that
// docs/security/asvs.md answers to (OWASP ASVS 5.0.0).
var asvsSections = []struct {
	section      string
	requirements int
}{
	{"6.1", 3}, {"6.2", 12}, {"6.3", 8}, {"6.4", 6}, {"6.5", 8}, {"6.6", 4}, {"6.7", 2}, {"6.8", 4},
	{"7.1", 3}, {"7.2", 4}, {"7.3", 2}, {"7.4", 5}, {"7.5", 3}, {"7.6", 2},
	{"9.1", 3}, {"9.2", 4},
	{"10.1", 2}, {"10.2", 3}, {"10.3", 5}, {"10.4", 16}, {"10.5", 5}, {"10.6", 2}, {"10.7", 3},
}

var (
	asvsRow  = regexp.MustCompile(`(?m)^\| ([0-9]+(?:\.[0-9]+){0,2}) \|.*\| (.*) \|$`)
	testName = regexp.MustCompile("`([a-z/]+)\\.(Test[A-Za-z0-9_]+)`")
)

// TestSecurityTable: every requirement has a row with a test that exists, or says what is
// open or why it cannot occur.
func TestSecurityTable(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "security", "asvs.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for _, m := range asvsRow.FindAllStringSubmatch(string(text), -1) {
		number, shown := m[1], m[2]
		if rows[number] != "" {
			t.Errorf("%s has two rows", number)
		}
		rows[number] = shown
		if !testName.MatchString(shown) && !strings.Contains(shown, "Open") && !strings.HasPrefix(shown, "None") {
			t.Errorf("%s names neither a test nor what is open: %s", number, shown)
		}
	}
	for _, s := range asvsSections {
		for i := range s.requirements {
			if n := fmt.Sprintf("%s.%d", s.section, i+1); rows[n] == "" {
				t.Errorf("%s has no row", n)
			}
		}
	}
	for _, m := range testName.FindAllStringSubmatch(string(text), -1) {
		if !hasTest(t, m[1], m[2]) {
			t.Errorf("there is no test %s in %s", m[2], m[1])
		}
	}
}

// hasTest reports whether a package has a test.
func hasTest(t *testing.T, dir, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\nfunc "+name+"(") {
			return true
		}
	}
	return false
}
