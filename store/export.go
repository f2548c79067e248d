// SPDX-License-Identifier: Apache-2.0

package store

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed export.txt
var exportText string

// ExportTable is what an export says of a table.
type ExportTable struct {
	Name    string
	About   string // what a row is; of a table that is left out, why
	Out     bool   // left out
	Stays   bool   // in the export, and not imported
	Columns []ExportColumn
}

// ExportColumn is what an export says of a column.
type ExportColumn struct {
	Name     string
	About    string
	Out      bool   // left out: its values are empty
	Imported string // what an import puts in place of its values; empty: the values
	Type     string // TEXT or BIGINT
	Null     bool   // may be null
}

// medicalTable holds what is exported only where it was asked for expressly.
const medicalTable = "sickness_note"

// ExportTables returns all tables, in the order in which an export holds them. Types are
// known of a database only, see DB.ExportTables.
func ExportTables() (tables []ExportTable) {
	for line := range strings.Lines(exportText) {
		indented := strings.HasPrefix(line, " ")
		name, about, ok := strings.Cut(strings.TrimSpace(line), ": ")
		switch {
		case !ok || strings.HasPrefix(name, "#"):
		case indented:
			last := &tables[len(tables)-1]
			last.Columns = append(last.Columns, exportColumn(name, about))
		default:
			bare := strings.TrimLeft(name, "!~")
			tables = append(tables, ExportTable{Name: bare, About: about, Out: name[0] == '!', Stays: name[0] == '~'})
		}
	}
	return tables
}

func exportColumn(name, about string) ExportColumn {
	name, imported, _ := strings.Cut(name, " =")
	bare := strings.TrimPrefix(name, "!")
	return ExportColumn{Name: bare, About: about, Out: bare != name, Imported: imported}
}

// typed returns the tables that an export of the database holds, with the types of their
// columns. Of an older database those are left out that it does not have yet.
func (tx *Tx) typed() (tables []ExportTable, err error) {
	columns, err := list(tx, tx.c.d.columns.text, func(v []any) [4]string {
		return [4]string{fmt.Sprint(v[0]), fmt.Sprint(v[1]), fmt.Sprint(v[2]), fmt.Sprint(v[3])}
	})
	if err != nil {
		return nil, err
	}
	for _, t := range ExportTables() {
		var have []ExportColumn
		for _, c := range t.Columns {
			i := slices.IndexFunc(columns, func(is [4]string) bool { return is[0] == t.Name && is[1] == c.Name })
			if i >= 0 {
				c.Type, c.Null = columns[i][2], columns[i][3] == "0"
				have = append(have, c)
			}
		}
		if t.Columns = have; !t.Out && len(have) > 0 {
			tables = append(tables, t)
		}
	}
	return tables, nil
}

// names returns the names of a table's columns.
func (t *ExportTable) names() (names []string) {
	for _, c := range t.Columns {
		names = append(names, c.Name)
	}
	return names
}

// ExportTables returns the tables that an export of the database holds, with the types of
// their columns.
func (db *DB) ExportTables(ctx context.Context) (tables []ExportTable, err error) {
	err = db.View(ctx, func(tx *Tx) error {
		tables, err = tx.typed()
		return err
	})
	return tables, err
}

// Export hands out everything that an export holds, all as it is at one moment: begin is
// called for each table, and the function that it returns for each row, whose values (string,
// int64 or nil) stand in the order of the columns and are good for the call. Sealed columns come in clear text. Medical
// notes are left out unless they are asked for.
func (db *DB) Export(ctx context.Context, medical bool, begin func(ExportTable) (row func(values []any) error, err error)) error {
	return db.survey(ctx, func(tx *Tx) error {
		tables, err := tx.typed()
		if err != nil {
			return err
		}
		for _, t := range tables {
			row, err := begin(t)
			if err == nil && (medical || t.Name != medicalTable) {
				err = tx.exportTable(t, row)
			}
			if err != nil {
				return fmt.Errorf("export %s: %w", t.Name, err)
			}
		}
		return nil
	})
}

// exportTable hands out the rows of a table, by its first columns.
func (tx *Tx) exportTable(t ExportTable, row func([]any) error) (err error) {
	var columns []string
	for _, c := range t.Columns {
		columns = append(columns, quote(c.Name))
	}
	order := strings.Join(columns[:min(3, len(columns))], ", ")
	rows, err := tx.c.QueryContext(tx.c.d.context(tx.ctx), "SELECT "+strings.Join(columns, ", ")+" FROM "+quote(t.Name)+" ORDER BY "+order)
	if err != nil {
		return tx.c.d.wrap(err)
	}
	defer func() { err = cmp.Or(err, rows.Close()) }()
	unseal := tx.unsealer(t)
	for rows.Next() {
		values, err := scanRow(rows, len(columns))
		if err == nil {
			err = unseal(values)
		}
		if err != nil {
			return err
		}
		if t.Name == metaTable && slices.Contains(ownFacts, fmt.Sprint(values[0])) {
			continue
		}
		if err := cmp.Or(tx.ctx.Err(), row(values)); err != nil {
			return err
		}
	}
	return tx.c.d.wrap(rows.Err())
}

// metaTable is where a database keeps facts, and ownFacts are those that are the database's
// own and mean nothing in another.
const metaTable = "meta"

var ownFacts = []string{MetaTenant, metaSeal, metaShut}

// MetaTenant is the fact that says whose a database is.
const MetaTenant = "tenant.id"

// unsealer returns what opens the sealed columns of a table's rows, and empties those that
// are left out.
func (tx *Tx) unsealer(t ExportTable) func(values []any) error {
	names := t.names()
	return func(values []any) error {
		for i, c := range t.Columns {
			s := sealedOf(t.Name, c.Name)
			switch {
			case c.Out:
				values[i] = ""
			case s != nil:
				text, err := tx.unseal(s, fmt.Sprint(values[i]), s.keyIn(names, values)...)
				if err != nil {
					return err
				}
				values[i] = text
			}
		}
		return nil
	}
}

// sealedOf returns the declaration of a column that is kept sealed, or nil.
func sealedOf(table, column string) *sealedColumn {
	for _, c := range sealedColumns {
		if c.table == table && c.column == column {
			return c
		}
	}
	return nil
}

// keyIn returns what names a row that a text is bound to, out of the row's values.
func (c *sealedColumn) keyIn(names []string, values []any) (key []string) {
	for _, k := range c.key {
		text := ""
		if v := values[slices.Index(names, k)]; v != nil {
			text = fmt.Sprint(v)
		}
		key = append(key, text)
	}
	return key
}
