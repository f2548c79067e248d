// SPDX-License-Identifier: Apache-2.0

package storetest

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Rows returns every row of the SQLite database at dsn ("sqlite:PATH"), of all
// tables but those named, as its table and its values, sorted: what a test
// compares before and after something that must change nothing.
func Rows(t testing.TB, dsn string, except ...string) []string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(dsn, "sqlite:")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var out []string
	for _, table := range read(t, db, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name") {
		name := table[0].(string)
		if slices.Contains(except, name) {
			continue
		}
		for _, row := range read(t, db, `SELECT * FROM "`+name+`"`) {
			out = append(out, name+" "+fmt.Sprintf("%#v", row))
		}
	}
	slices.Sort(out)
	return out
}

// read returns the rows that a query finds.
func read(t testing.TB, db *sql.DB, query string) (out [][]any) {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
