// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"verlof/errs"
)

// readXLSX reads the first visible sheet that holds something.
func readXLSX(data []byte, l Limits) (*Sheet, error) {
	s := &Sheet{Format: XLSX}
	b, err := openBook(data, l)
	if err != nil {
		return nil, unreadable(err, l)
	}
	for _, t := range b.tables {
		if err := s.table(b, t, l); err != nil {
			return nil, unreadable(fmt.Errorf("%s: %w", t.part, err), l)
		}
	}
	return s.done()
}

// unreadable makes of what went wrong in a file a sentence for who sent it.
func unreadable(err error, l Limits) error {
	if e := (*errs.Error)(nil); errors.As(err, &e) {
		return e
	}
	if errors.Is(err, errTooLarge) {
		return errs.New(errs.Invalid, "intake.sheet.bytes", "limit", l.Unpacked>>20).Because(err)
	}
	return errs.New(errs.Invalid, "intake.sheet.xlsx").Because(err)
}

// table reads one sheet of the book, or only notes its name where another was
// read already.
func (s *Sheet) table(b *book, t table, l Limits) error {
	part, err := b.open(t.part)
	if err != nil {
		return err
	}
	defer part.Close()
	if t.hidden {
		return s.unseen(&rows{book: b, d: newDecoder(part)}, t.name)
	}
	had, r := s.Header != nil, &rows{book: b, d: newDecoder(part)}
	for {
		row, err := r.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if had && len(row.Cells) > 0 {
			s.Others = append(s.Others, t.name)
			return nil
		}
		above := len(s.Rows)
		if err := s.add(row, l); err != nil {
			return err
		}
		if r.hidden && len(s.Rows) > above {
			s.Hidden = append(s.Hidden, row.Line)
		}
	}
	if s.Header != nil && !had {
		s.Name = t.name
	}
	return nil
}

// unseen notes the name of a hidden sheet that holds something.
func (s *Sheet) unseen(r *rows, name string) error {
	for {
		row, err := r.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(row.Cells) > 0 {
			s.Unseen = append(s.Unseen, name)
			return nil
		}
	}
}

// How far a sheet can reach in any spreadsheet.
const (
	lastLine    = 1 << 20
	lastColumns = 1 << 14
)

// rows reads a worksheet, row by row (ECMA-376, part 1, section 18.3.1). The
// prefixes of its elements do not matter.
type rows struct {
	book   *book
	d      *xml.Decoder
	line   int  // of the row that was read last
	hidden bool // as is that row
}

// next returns the next row, with or without content, or io.EOF.
func (r *rows) next() (Row, error) {
	for {
		token, err := r.d.Token()
		if err != nil {
			return Row{}, err
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "row" {
			continue
		}
		r.line++
		r.hidden = isTrue(attribute(start, "hidden"))
		if text := attribute(start, "r"); text != "" {
			if r.line, err = strconv.Atoi(text); err != nil {
				return Row{}, fmt.Errorf("number of a row: %w", err)
			}
		}
		if r.line < 1 || r.line > lastLine {
			return Row{}, fmt.Errorf("no sheet has a row %d", r.line)
		}
		return r.row()
	}
}

// row reads the cells of a row whose start was read.
func (r *rows) row() (Row, error) {
	row := Row{Line: r.line}
	for column := 0; ; column++ {
		start, more, err := child(r.d)
		if err != nil || !more {
			return row, err
		}
		if ref := attribute(start, "r"); ref != "" {
			if column, err = columnOf(ref); err != nil {
				return row, err
			}
		}
		c, err := readCell(r.d, start)
		if err != nil {
			return row, err
		}
		if err := r.put(&row, column, c); err != nil {
			return row, err
		}
	}
}

// put files a cell that holds something.
func (r *rows) put(row *Row, column int, c cell) error {
	text, err := r.book.show(c)
	if err != nil {
		return err
	}
	if column >= lastColumns {
		return fmt.Errorf("no sheet has a column %s", Letters(column))
	}
	if c.formula {
		row.Formulas = append(row.Formulas, column)
	}
	if text == "" {
		return nil
	}
	if missing := column + 1 - len(row.Cells); missing > 0 {
		row.Cells = append(row.Cells, make([]string, missing)...)
	}
	row.Cells[column] = text
	return nil
}

// columnOf returns the index of the column in a reference such as "AB12".
func columnOf(ref string) (int, error) {
	column := 0
	for i := 0; i < len(ref) && column <= lastColumns; i++ {
		if c := ref[i] &^ 0x20; c >= 'A' && c <= 'Z' {
			column = column*26 + int(c-'A') + 1
		} else if i > 0 {
			break
		}
	}
	if column == 0 {
		return 0, fmt.Errorf("%.8q is no cell", ref)
	}
	return column - 1, nil
}

// cell is a cell as the file holds it.
type cell struct {
	kind    string // "": a number
	style   int    // index of its style
	value   string
	formula bool
}

// readCell reads a cell whose start was read.
func readCell(d *xml.Decoder, start xml.StartElement) (cell, error) {
	c := cell{kind: attribute(start, "t")}
	if text := attribute(start, "s"); text != "" {
		var err error
		if c.style, err = strconv.Atoi(text); err != nil {
			return c, fmt.Errorf("style of a cell: %w", err)
		}
	}
	for {
		part, more, err := child(d)
		if err != nil || !more {
			return c, err
		}
		switch part.Name.Local {
		case "v":
			c.value, err = content(d)
		case "is":
			c.value, err = richText(d)
		case "f":
			c.formula = true
			err = d.Skip()
		default:
			err = d.Skip()
		}
		if err != nil {
			return c, err
		}
	}
}

// child returns the next element inside the one that was started, or false at
// its end.
func child(d *xml.Decoder) (start xml.StartElement, more bool, err error) {
	for {
		token, err := d.Token()
		if err != nil {
			return start, false, whole(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			return t, true, nil
		case xml.EndElement:
			return start, false, nil
		}
	}
}

// content returns the text of the element that was started.
func content(d *xml.Decoder) (string, error) {
	var text strings.Builder
	for {
		token, err := d.Token()
		if err != nil {
			return "", whole(err)
		}
		switch t := token.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.StartElement:
			if err := d.Skip(); err != nil {
				return "", err
			}
		case xml.EndElement:
			return text.String(), nil
		}
	}
}

// richText returns the text of the element that was started, without its
// formats and without what says how it is pronounced.
func richText(d *xml.Decoder) (string, error) {
	var text strings.Builder
	for {
		part, more, err := child(d)
		if err != nil || !more {
			return unescape(text.String()), err
		}
		var run string
		switch part.Name.Local {
		case "t":
			run, err = content(d)
		case "r":
			run, err = richText(d)
		default:
			err = d.Skip()
		}
		if err != nil {
			return "", err
		}
		text.WriteString(run)
	}
}

// whole says that a document which ends inside an element is damaged.
func whole(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}
