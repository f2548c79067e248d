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
				for _, fault := range append(faults(string(text)), narrowing(string(text))...) {
					t.Errorf("%s: %s", e.Name(), fault)
				}
			}
		})
	}
}

// contract marks a step that takes something away, and names the step with which the last
// program came that still used it: that program is not to run any more when this one does.
var contract = regexp.MustCompile(`(?m)^-- contract: nothing since step (\d+) reads `)

// narrower are the words of a step with which the program of the release before cannot go on:
// it works on the new schema while an update is under way, on other machines and where a customer's
// step failed.
var narrower = map[string]string{
	`\bDROP\s+(TABLE|COLUMN|CONSTRAINT)\b`:            "takes away what the release before may use",
	`\bRENAME\b`:                                      "takes a name away that the release before uses",
	`\bALTER\s+COLUMN\b`:                              "makes a column what the release before does not know",
	`\bADD\s+(CONSTRAINT|CHECK|UNIQUE)\b`:             "refuses what the release before writes",
	`\bCREATE\s+TRIGGER\b`:                            "does what the release before does not expect",
	`(?s)\bADD\s+COLUMN\s+\w+\s+\w+\s+NOT\s+NULL\s*;`: "has no default for what the release before writes",
}

// narrowing returns what in a step is not to be had while the release before runs.
func narrowing(text string) (found []string) {
	if contract.MatchString(text) {
		return nil
	}
	text = regexp.MustCompile(`--[^\n]*`).ReplaceAllString(text, "")
	for words, why := range narrower {
		if m := regexp.MustCompile("(?i)" + words).FindString(text); m != "" {
			found = append(found, strings.Join(strings.Fields(m), " ")+": "+why)
		}
	}
	return found
}

func TestNarrowing(t *testing.T) {
	for text, want := range map[string]int{
		"ALTER TABLE a DROP COLUMN b;": 1,
		"-- contract: nothing since step 31 reads a.b\nALTER TABLE a DROP COLUMN b;": 0,
		"DROP TABLE a;":                                            1,
		"ALTER TABLE a RENAME TO b;":                               1,
		"ALTER TABLE a RENAME COLUMN b TO c;":                      1,
		"ALTER TABLE a ADD COLUMN b TEXT NOT NULL;":                1,
		"ALTER TABLE a ADD COLUMN b TEXT NOT NULL -- none\n;":      1,
		"ALTER TABLE a ADD COLUMN b TEXT NOT NULL DEFAULT '';":     0,
		"ALTER TABLE a ADD COLUMN b TEXT;":                         0,
		"ALTER TABLE a ALTER COLUMN b SET NOT NULL;":               1,
		"CREATE TABLE a (b TEXT NOT NULL REFERENCES c (d));":       0,
		"CREATE INDEX a ON b (c); -- RENAME is a word of comments": 0,
	} {
		if got := narrowing(text); len(got) != want {
			t.Errorf("%s: %v, want %d", text, got, want)
		}
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
