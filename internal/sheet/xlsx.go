// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/xuri/excelize/v2"

	"verlof/errs"
)

// readXLSX reads the first visible sheet that holds something.
func readXLSX(data []byte, l Limits) (*Sheet, error) {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit:    l.Unpacked,
		UnzipXMLSizeLimit: l.Unpacked, // never to a file on disk: it holds personal data
		ShortDatePattern:  isoDate,
	})
	if err != nil {
		return nil, openError(err, l)
	}
	defer f.Close()
	plainNumbers(f)
	formulas, err := formulasOf(data)
	if err != nil {
		return nil, errs.New(errs.Invalid, "intake.sheet.xlsx").Because(err)
	}
	s := &Sheet{Format: XLSX}
	for _, name := range f.GetSheetList() {
		if visible, err := f.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		if err := s.sheet(f, name, formulas[name], l); err != nil {
			return nil, err
		}
	}
	return s.done()
}

func openError(err error, l Limits) error {
	var e *errs.Error
	if errors.As(err, &e) {
		return e
	}
	if bytes.Contains([]byte(err.Error()), []byte("unzip size")) {
		return errs.New(errs.Invalid, "intake.sheet.bytes", "limit", l.Unpacked>>20).Because(err)
	}
	return errs.New(errs.Invalid, "intake.sheet.xlsx").Because(err)
}

// sheet reads one sheet of the file, or only notes its name where another was
// read already.
func (s *Sheet) sheet(f *excelize.File, name string, formulas map[int][]int, l Limits) error {
	rows, err := f.Rows(name)
	if err != nil {
		return nil // a chart or a macro is no table
	}
	defer rows.Close()
	had := s.Header != nil
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return errs.New(errs.Invalid, "intake.sheet.xlsx").Because(fmt.Errorf("row %d: %w", line, err))
		}
		if had && len(cells) > 0 {
			s.Others = append(s.Others, name)
			return nil
		}
		if err := s.add(Row{Line: line, Cells: cells, Formulas: formulas[line]}, l); err != nil {
			return err
		}
	}
	if s.Header != nil && !had {
		s.Name = name
	}
	return rows.Error()
}
