// SPDX-License-Identifier: Apache-2.0

package store

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"verlof/internal/pgtest"
	"verlof/store/migration"
)

var keepStatements = flag.Bool("keep-statements", false, "write down the statements of this program, for those that come after it")

// said is a statement of some program, as testdata/statements keeps it: a line of JSON in a file
// named after the newest steps that the program knew.
type said struct{ Set, Name, Text string }

// statementsAt returns the file of the statements of a program that knew so many steps.
func statementsAt(tenant, registry int64) string {
	return filepath.Join("testdata", "statements", fmt.Sprintf("%04d-%04d.jsonl", tenant, registry))
}

// keep writes down what this program says to databases.
func keep() {
	var out strings.Builder
	for _, set := range []string{migration.Tenant.Name, migration.Registry.Name} {
		for _, q := range bySet[set] {
			fmt.Fprintf(&out, "%s\n", must(json.Marshal(said{set, q.name, q.text})))
		}
	}
	must(0, os.WriteFile(statementsAt(migration.Tenant.Version, migration.Registry.Version), []byte(out.String()), 0o600))
}

// TestEarlier: the program of the release before goes on when this one has brought databases up to
// date. Each statement of programs that knew fewer steps comes to the same after the newest
// steps as it came to after the last one that they knew: with values of no meaning, so most
// change no row and many break a rule, the same one.
func TestEarlier(t *testing.T) {
	files, err := filepath.Glob("testdata/statements/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatal("no statements of an earlier program are kept: " + howToKeep)
	}
	newest := int64(0)
	for _, file := range files {
		var knew struct{ tenant, registry int64 }
		if _, err := fmt.Sscanf(filepath.Base(file), "%04d-%04d.jsonl", &knew.tenant, &knew.registry); err != nil {
			t.Fatal(err)
		}
		newest = max(newest, knew.tenant)
		statements := readStatements(t, file)
		for _, s := range []struct {
			set  migration.Set
			knew int64
		}{{migration.Tenant, knew.tenant}, {migration.Registry, knew.registry}} {
			if s.knew < needed(s.set) || s.knew == s.set.Version {
				continue // it is not to run any more, or meets what it knows
			}
			t.Run(fmt.Sprintf("%s_%d", s.set.Name, s.knew), func(t *testing.T) {
				for name, setting := range map[string]string{"sqlite": "sqlite:" + t.TempDir(), "postgres": pgtest.URL(t)} {
					t.Run(name, func(t *testing.T) {
						for what, outcome := range changedBy(t, setting, s.set, s.knew, statements) {
							t.Errorf("%s %s", what, outcome)
						}
					})
				}
			})
		}
	}
	if newest < migration.Tenant.Version-manySteps {
		t.Errorf("the newest statements that are kept are of step %d: at the commit before the next step, %s", newest, howToKeep)
	}
}

// manySteps is how many steps may come before statements are kept anew.
const (
	manySteps = 3
	howToKeep = "go test ./store -keep-statements"
)

// needed returns the step that a program must know to go on after all steps of a set.
func needed(set migration.Set) (step int64) {
	for _, s := range set.Steps {
		step = max(step, s.Since)
	}
	return step
}

func readStatements(t *testing.T, file string) (list []said) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var s said
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	return list
}

// changedBy says of each statement that comes to something else after all steps of a set than after those that its
// program knew, what.
func changedBy(t *testing.T, setting string, set migration.Set, knew int64, statements []said) map[string]string {
	db := openAt(t, setting, set.Until(knew))
	before := outcomes(t, db, set.Name, statements)
	if err := Migrate(context.Background(), db, set); err != nil {
		t.Fatal(err)
	}
	changed := map[string]string{}
	for name, now := range outcomes(t, db, set.Name, statements) {
		if was := before[name]; was != now {
			changed[name] = fmt.Sprintf("came to %q, and comes to %q", was, now)
		}
	}
	return changed
}

// TestEarlier_finds plants steps with which an earlier program cannot go on.
func TestEarlier_finds(t *testing.T) {
	statements := []said{{"test", "pad.insert", "INSERT INTO pad (id, n) VALUES ($1, $2)"}, {"test", "pad.get", "SELECT n FROM pad WHERE id = $1"}}
	for name, c := range map[string]struct {
		step    string
		changed int
	}{
		"table":    {"CREATE TABLE other (a TEXT);", 0},
		"column":   {"ALTER TABLE pad ADD COLUMN more TEXT NOT NULL DEFAULT '';", 0},
		"gone":     {"ALTER TABLE pad DROP COLUMN n;", 2},
		"stricter": {"DROP TABLE pad;\nCREATE TABLE pad (id TEXT PRIMARY KEY NOT NULL, n BIGINT, more TEXT NOT NULL);", 1},
		"unique":   {"INSERT INTO pad (id) VALUES ('1');", 1},
	} {
		t.Run(name, func(t *testing.T) {
			set := migration.Of("test", fstest.MapFS{
				"0001_pad.sql":  {Data: []byte("-- +goose Up\nCREATE TABLE pad (id TEXT PRIMARY KEY NOT NULL, n BIGINT);\n")},
				"0002_next.sql": {Data: []byte("-- +goose Up\n" + c.step + "\n")},
			})
			if got := changedBy(t, "sqlite:"+t.TempDir(), set, 1, statements); len(got) != c.changed {
				t.Errorf("%v, want %d", got, c.changed)
			}
		})
	}
}

// openAt makes a database as a program of that set makes it.
func openAt(t *testing.T, setting string, set migration.Set) *DB {
	t.Helper()
	db := openEmpty(t, setting)
	if err := Migrate(context.Background(), db, set); err != nil {
		t.Fatal(err)
	}
	return db
}

// openEmpty makes a database in which nothing is.
func openEmpty(t *testing.T, setting string) *DB {
	t.Helper()
	ctx := context.Background()
	p, err := ParsePlace(setting)
	if err != nil {
		t.Fatal(err)
	}
	where, err := p.CreateDatabase(ctx, "one")
	if err != nil {
		t.Fatal(err)
	}
	db, err := p.Open(ctx, where)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

var placeholder = regexp.MustCompile(`\$\d+`)

// outcomes runs each statement of a set in a transaction that is given up, and returns what each came to: nothing, or an
// error.
func outcomes(t *testing.T, db *DB, set string, statements []said) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, s := range statements {
		if s.Set != set {
			continue
		}
		args := make([]any, 0, 30)
		for n := 1; slices.Contains(placeholder.FindAllString(s.Text, -1), fmt.Sprint("$", n)); n++ {
			args = append(args, "1") // a text and a number
		}
		err := db.Update(context.Background(), func(tx *Tx) error {
			if rows, err := tx.c.QueryContext(tx.ctx, s.Text, args...); err != nil {
				return err
			} else if rows.Next(); rows.Err() != nil {
				err = rows.Err()
				_ = rows.Close()
				return err
			} else if err := rows.Close(); err != nil {
				return err
			}
			return errGivenUp
		})
		all[s.Name] = err.Error()
	}
	return all
}

var errGivenUp = fmt.Errorf("given up")
