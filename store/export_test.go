// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"verlof/errs"
)

// TestExportTables holds the description of an export to the schema: whoever adds a table or
// a column says what it means, or why it is left out.
func TestExportTables(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		have := map[string][]string{}
		err := db.View(context.Background(), func(tx *Tx) error {
			all, err := list(tx, tx.c.d.columns.text, func(v []any) [2]string { return [2]string{fmt.Sprint(v[0]), fmt.Sprint(v[1])} })
			for _, c := range all {
				have[c[0]] = append(have[c[0]], c[1])
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		delete(have, "pad") // a test's own
		for _, table := range ExportTables() {
			columns, ok := have[table.Name]
			if delete(have, table.Name); !ok {
				t.Errorf("store/export.txt describes a table %s that is not there", table.Name)
			}
			if table.Out {
				continue
			}
			for _, name := range columns {
				if !slices.Contains(table.names(), name) {
					t.Errorf("say in store/export.txt what column %s of %s holds, or why it is left out", name, table.Name)
				}
			}
			for _, name := range table.names() {
				if !slices.Contains(columns, name) {
					t.Errorf("store/export.txt describes a column %s of %s that is not there", name, table.Name)
				}
			}
		}
		for name := range have {
			t.Errorf("say in store/export.txt what table %s holds, or why it is left out", name)
		}
	})
}

// TestExportTables_sealed: of what is kept sealed an export holds medical notes and nothing else.
func TestExportTables_sealed(t *testing.T) {
	for _, s := range sealedColumns {
		for _, table := range ExportTables() {
			i := slices.Index(table.names(), s.column)
			if table.Name == s.table && !table.Out && !table.Columns[i].Out && table.Name != medicalTable {
				t.Errorf("%s.%s is in the export", s.table, s.column)
			}
		}
	}
}

const exportGuide = "../docs/export.md"

// TestExportGuide holds the guide to the description. VERLOF_WRITE=1 writes it anew.
func TestExportGuide(t *testing.T) {
	const mark = "<!-- the tables: written by TestExportGuide with VERLOF_WRITE=1 -->\n"
	text, err := os.ReadFile(exportGuide)
	if err != nil {
		t.Fatal(err)
	}
	before, is, _ := strings.Cut(string(text), mark)
	want := exportGuideTables()
	if is == want {
		return
	}
	if os.Getenv("VERLOF_WRITE") == "" {
		t.Fatal("docs/export.md does not describe what an export holds: run this test with VERLOF_WRITE=1")
	}
	if err := os.WriteFile(exportGuide, []byte(before+mark+want), 0o644); err != nil {
		t.Fatal(err)
	}
}

func exportGuideTables() string {
	var in, out strings.Builder
	for _, table := range ExportTables() {
		if table.Out {
			fmt.Fprintf(&out, "| `%s` | %s |\n", table.Name, table.About)
			continue
		}
		fmt.Fprintf(&in, "\n### %s.jsonl\n\n%s.\n\n| name | means |\n|---|---|\n", table.Name, table.About)
		for _, c := range table.Columns {
			about := c.About
			if c.Out {
				about = "left out, always empty: " + about
			}
			fmt.Fprintf(&in, "| `%s` | %s |\n", c.Name, about)
		}
	}
	return "\n## Left out\n\n| table | what it holds |\n|---|---|\n" + out.String() + "\n## The files\n" + in.String()
}

// TestImport_noColumns refuses a table without columns, which no export has.
func TestImport_noColumns(t *testing.T) {
	db := openSQLite(t)
	err := db.Import(context.Background(), []ImportTable{{Name: "person"}}, func(*Tx) error { return nil })
	if !errs.Is(err, errs.Invalid) {
		t.Errorf("imported: %v", err)
	}
}
