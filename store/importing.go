// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"verlof/errs"
)

// ImportTable is a table of an export that is to be imported: its columns, and its rows,
// whose values (string, int64 or nil) stand in their order. The rows may be asked for again.
type ImportTable struct {
	Name    string
	Columns []string
	Rows    iter.Seq2[[]any, error]
}

// errImport is what is wrong with what is imported.
func errImport(format string, args ...any) error {
	return errs.Operator("import a file that verlof tenant export made, as it made it", format, args...)
}

// Import fills a database that was just made with the rows of an export, sealed columns
// sealed with the keys of the database, all or nothing; after is called in the same
// transaction. It reports Invalid for tables, columns and values that the database has no
// place for, and for rows that refer to nothing.
func (db *DB) Import(ctx context.Context, tables []ImportTable, after func(*Tx) error) error {
	return db.reshape(ctx, func(tx *Tx) error {
		have, err := tx.imported(tables)
		if err != nil {
			return err
		}
		var names []string
		for _, t := range tables {
			names = append(names, t.Name)
		}
		bind, err := tx.unbind(names)
		if err != nil {
			return err
		}
		for i, t := range tables {
			if err := tx.importTable(have[i], t); err != nil {
				return fmt.Errorf("import %s: %w", t.Name, err)
			}
		}
		if err := bind(); err != nil {
			return errImport("what is imported refers to what is not there: %w", err)
		}
		return after(tx)
	})
}

// imported returns what the database has in the place of each table, with the columns in
// the order of the import.
func (tx *Tx) imported(tables []ImportTable) (have []ExportTable, err error) {
	all, err := tx.typed()
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		i := slices.IndexFunc(all, func(h ExportTable) bool { return h.Name == t.Name && !h.Stays })
		if i < 0 {
			return nil, errImport("there is no table %q", t.Name)
		}
		if len(t.Columns) == 0 {
			return nil, errImport("%s has no columns", t.Name)
		}
		is := ExportTable{Name: t.Name}
		for _, name := range t.Columns {
			j := slices.IndexFunc(all[i].Columns, func(c ExportColumn) bool { return c.Name == name })
			if j < 0 || slices.ContainsFunc(is.Columns, func(c ExportColumn) bool { return c.Name == name }) {
				return nil, errImport("there is no column %q of %s, or twice", name, t.Name)
			}
			is.Columns = append(is.Columns, all[i].Columns[j])
		}
		have = append(have, is)
	}
	return have, nil
}

// importTable inserts the rows of a table.
func (tx *Tx) importTable(have ExportTable, t ImportTable) error {
	most := atOnce(t.Columns)
	var values []any
	for row, err := range t.Rows {
		if err == nil {
			err = tx.importRow(have, row)
		}
		if err != nil {
			return err
		}
		if have.Name == metaTable && slices.Contains(ownFacts, fmt.Sprint(row[slices.Index(t.Columns, "key")])) {
			return errImport("a fact of the database's own")
		}
		if values = append(values, row...); len(values) == most*len(t.Columns) {
			if err := tx.insertRows(t.Name, t.Columns, values); err != nil {
				return err
			}
			values = nil
		}
	}
	if len(values) == 0 {
		return nil
	}
	return tx.insertRows(t.Name, t.Columns, values)
}

// importRow makes of a row of an export one of the database, in place.
func (tx *Tx) importRow(have ExportTable, row []any) error {
	if len(row) != len(have.Columns) {
		return errImport("a row of %d values for %d columns", len(row), len(have.Columns))
	}
	for i, c := range have.Columns {
		if c.Imported != "" {
			if row[i] = c.Imported; c.Type == "BIGINT" {
				row[i], _ = strconv.ParseInt(c.Imported, 10, 64)
			}
		}
		_, text := row[i].(string)
		_, number := row[i].(int64)
		if row[i] == nil && !c.Null || row[i] != nil && (c.Type == "TEXT" && !text || c.Type == "BIGINT" && !number) {
			return errImport("column %s cannot hold what a row has for it", c.Name)
		}
	}
	names := have.names()
	for i, c := range have.Columns {
		s := sealedOf(have.Name, c.Name)
		if s == nil || c.Out {
			continue
		}
		sealed, err := tx.seal(s, fmt.Sprint(row[i]), s.keyIn(names, row)...)
		if err != nil {
			return err
		}
		row[i] = sealed
	}
	return nil
}
