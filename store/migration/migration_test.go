// SPDX-License-Identifier: Apache-2.0

package migration

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// refused are the words that a step must not contain, and why.
var refused = map[string]string{
	`\+goose Down`:                 "steps go forward only",
	`\bDEFER`:                      "checked at COMMIT, which several callers share",
	`\bAUTOINCREMENT\b|\bSERIAL\b`: "ids are text made by the program",
	`^\s*\w+\s+(DATE|TIME|DATETIME|TIMESTAMP|JSONB?|UUID|REAL|FLOAT|NUMERIC)\b`: "not the same on both engines: TEXT or BIGINT",
}

func TestSteps(t *testing.T) {
	for _, set := range []Set{Tenant, Registry} {
		t.Run(set.Name, func(t *testing.T) {
			entries, err := fs.ReadDir(set.Files, ".")
			if err != nil {
				t.Fatal(err)
			}
			if int64(len(entries)) != set.Version {
				t.Errorf("%d files, newest number %d: a gap or a duplicate", len(entries), set.Version)
			}
			for _, e := range entries {
				text, err := fs.ReadFile(set.Files, e.Name())
				if err != nil {
					t.Fatal(err)
				}
				for _, fault := range faults(string(text)) {
					t.Errorf("%s: %s", e.Name(), fault)
				}
			}
		})
	}
}

func TestFaults(t *testing.T) {
	for name, text := range map[string]string{
		"down":     "-- +goose Up\nCREATE TABLE a (b TEXT);\n-- +goose Down\nDROP TABLE a;",
		"deferred": "CREATE TABLE a (b TEXT REFERENCES c (d) DEFERRABLE INITIALLY DEFERRED);",
		"serial":   "CREATE TABLE a (b BIGINT PRIMARY KEY AUTOINCREMENT);",
		"date":     "CREATE TABLE a (\n    b DATE NOT NULL,\n    c TEXT\n);",
	} {
		t.Run(name, func(t *testing.T) {
			if got := faults(text); len(got) != 1 {
				t.Errorf("faults %v, want one", got)
			}
		})
	}
}

// faults returns what is wrong with the text of one step.
func faults(text string) (found []string) {
	for words, why := range refused {
		re := regexp.MustCompile("(?im)" + words)
		if m := re.FindString(text); m != "" {
			found = append(found, strings.TrimSpace(m)+": "+why)
		}
	}
	return found
}
