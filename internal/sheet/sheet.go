// SPDX-License-Identifier: Apache-2.0

// Package sheet owns the way from a file of rows and columns to strings and
// back: CSV with any usual separator and encoding, and XLSX, in; CSV out. It
// refuses meaning: what a column holds is the reader's business. It refuses
// files that are no table, that pass its limits or whose quotes do not close,
// and says at which line and column.
package sheet

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"verlof/errs"
)

// Format is what a file is.
type Format string

// The formats that Read understands.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// Limits bound what Read accepts, and with it the memory that it takes: for CSV
// some four times the file, and some ten times where cells are one character.
type Limits struct {
	Bytes    int64 // of the file
	Unpacked int64 // of an XLSX file, unpacked
	Texts    int   // of an XLSX file, that its cells refer to
	Rows     int   // below the header
	Columns  int
	Cells    int // below the header, in all, with the empty ones between others
	Cell     int // bytes of one cell
}

// Usual are the limits for files that people hand in.
var Usual = Limits{Bytes: 32 << 20, Unpacked: 192 << 20, Texts: 4 << 20, Rows: 200_000, Columns: 200, Cells: 6 << 20, Cell: 32_767}

// Sheet is a table as the file holds it. Cells are not trimmed.
type Sheet struct {
	Format     Format
	Encoding   string   // of a CSV file: "UTF-8", "UTF-16", "Windows-1252" or "ISO-8859-1"
	Comma      rune     // what parts the cells of a CSV file
	Name       string   // of the sheet that was read in an XLSX file
	Others     []string // names of its other visible sheets that hold something
	Unseen     []string // names of its hidden sheets that hold something
	Hidden     []int    // lines of Rows that a spreadsheet hides or filters away
	HeaderLine int
	Header     []string
	Rows       []Row

	cells int // of Rows
}

// Row is one row below the header. It has at least as many cells as the header,
// and more only where a surplus cell is not empty. Rows without any content are
// left out.
type Row struct {
	Line     int // line of the file at which it begins, the first is 1
	Cells    []string
	Formulas []int // indexes of the cells that hold a formula, whose last value is in Cells
}

// Formula reports whether the cell of a column holds a formula.
func (r Row) Formula(column int) bool { return slices.Contains(r.Formulas, column) }

// Read reads a whole file. Every error about the file is errs.Invalid.
func Read(r io.Reader, l Limits) (*Sheet, error) {
	data, err := io.ReadAll(io.LimitReader(r, l.Bytes+1))
	if err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	if int64(len(data)) > l.Bytes {
		return nil, errs.New(errs.Invalid, "intake.sheet.bytes", "limit", l.Bytes>>20)
	}
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readXLSX(data, l)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return nil, errs.New(errs.Invalid, "intake.sheet.old_excel")
	case isDocument(data):
		return nil, errs.New(errs.Invalid, "intake.sheet.document")
	}
	return readCSV(data, l)
}

// isDocument recognises what people take for a table and is none: some systems
// save a web page under the name of a sheet.
func isDocument(data []byte) bool {
	start := bytes.ToLower(bytes.TrimLeft(data[:min(len(data), 256)], "\xef\xbb\xbf \t\r\n"))
	for _, mark := range []string{"%pdf", `{\rtf`, "<html", "<!doctype", "<?xml", "<table"} {
		if bytes.HasPrefix(start, []byte(mark)) {
			return true
		}
	}
	return false
}

// add files one row of the file: the first with content is the header. Lines that hold one
// cell each above a row of several are the title of the table, and left out.
func (s *Sheet) add(row Row, l Limits) error {
	for len(row.Cells) > 0 && row.Cells[len(row.Cells)-1] == "" {
		row.Cells = row.Cells[:len(row.Cells)-1]
	}
	if len(row.Cells) == 0 {
		return nil
	}
	if err := check(row, l); err != nil {
		return err
	}
	if s.Header == nil || s.titled() && !lone(row.Cells) {
		s.Header, s.HeaderLine, s.Rows, s.Hidden, s.cells = row.Cells, row.Line, nil, nil, 0
		return nil
	}
	if len(s.Rows) == l.Rows {
		return errs.New(errs.Invalid, "intake.sheet.rows", "limit", l.Rows, "line", row.Line)
	}
	if short := len(s.Header) - len(row.Cells); short > 0 {
		row.Cells = append(row.Cells, make([]string, short)...)
	}
	if s.cells += len(row.Cells); s.cells > l.Cells {
		return errs.New(errs.Invalid, "intake.sheet.cells", "limit", l.Cells, "line", row.Line)
	}
	s.Rows = append(s.Rows, row)
	return nil
}

// mostTitles is how many lines of one cell may stand above the header.
const mostTitles = 5

// titled reports whether all lines so far may be titles.
func (s *Sheet) titled() bool {
	return len(s.Rows) < mostTitles && lone(s.Header) && !slices.ContainsFunc(s.Rows, func(r Row) bool { return !lone(r.Cells) })
}

// lone reports whether one cell alone holds something.
func lone(cells []string) bool {
	n := 0
	for _, c := range cells {
		if c != "" {
			n++
		}
	}
	return n == 1
}

func check(row Row, l Limits) error {
	if len(row.Cells) > l.Columns {
		return errs.New(errs.Invalid, "intake.sheet.columns", "line", row.Line, "limit", l.Columns)
	}
	for i, c := range row.Cells {
		if len(c) > l.Cell {
			return errs.New(errs.Invalid, "intake.sheet.cell", "line", row.Line, "column", Letters(i), "limit", l.Cell)
		}
	}
	return nil
}

// done refuses a sheet without a header.
func (s *Sheet) done() (*Sheet, error) {
	if s.Header == nil {
		return nil, errs.New(errs.Invalid, "intake.sheet.empty")
	}
	return s, nil
}

// Letters returns the name that spreadsheets give to the column with an index
// from 0: "A" to "Z", then "AA".
func Letters(column int) string {
	if column < 26 {
		return string(rune('A' + column))
	}
	return Letters(column/26-1) + string(rune('A'+column%26))
}
