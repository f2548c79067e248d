// SPDX-License-Identifier: Apache-2.0

package migration

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
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

// TestKinds reads of each step what it does to programs, and has one that contracts say so in the
// database.
func TestKinds(t *testing.T) {
	set := Of("test", fstest.MapFS{
		"0001_one.sql":   {Data: []byte("-- +goose Up\nCREATE TABLE a (b TEXT);\n")},
		"0002_two.sql":   {Data: []byte("-- later: pages count them one by one until then\n-- +goose Up\nUPDATE a SET b = '';\n")},
		"0003_three.sql": {Data: []byte("-- contract: nothing since step 1 reads a.b\n-- +goose Up\nDROP TABLE a;\n")},
	})
	if set.Version != 3 || set.Least != 1 || set.Until(2).Version != 2 || len(set.Until(1).Steps) != 1 {
		t.Errorf("version %d, least %d, until 2: %+v", set.Version, set.Least, set.Until(2).Steps)
	}
	want := []Step{{2, "0002_two.sql", Later, 0}, {3, "0003_three.sql", Contract, 1}}
	if got := set.After(1); !slices.Equal(got, want) || set.After(3) != nil {
		t.Errorf("after step 1: %+v", got)
	}
	for name, marks := range map[string]int{"0002_two.sql": 0, "0003_three.sql": 1} {
		text, err := fs.ReadFile(set.Until(3).Until(4).Files, name)
		if err != nil || strings.Count(string(text), MetaLeast) != marks {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
	if files, err := fs.ReadDir(set.Until(2).Files, "."); err != nil || len(files) != 2 {
		t.Errorf("files until 2: %v, %v", files, err)
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
