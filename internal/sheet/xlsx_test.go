// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"

	"verlof/errs"
)

// workbook returns an XLSX file that fill has written to.
func workbook(t *testing.T, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// set puts a value into a cell of the first sheet, in a number format.
func set(t *testing.T, f *excelize.File, cell string, value any, format string) {
	t.Helper()
	if err := f.SetCellValue("Sheet1", cell, value); err != nil {
		t.Fatal(err)
	}
	if format == "" {
		return
	}
	style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellStyle("Sheet1", cell, cell, style); err != nil {
		t.Fatal(err)
	}
}

func TestReadXLSX(t *testing.T) {
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	data := workbook(t, func(f *excelize.File) {
		for cell, v := range map[string]string{"A1": "number", "B1": "name", "C1": "start", "D1": "part", "E1": "hours", "F1": "left"} {
			set(t, f, cell, v, "")
		}
		set(t, f, "A2", 42, "00000")
		set(t, f, "B2", "Zoë", "")
		set(t, f, "C2", day, `[$-413]d\ mmmm\ yyyy;@`)
		set(t, f, "D2", 0.8, "0%")
		set(t, f, "E2", 1234.5, `#,##0 "days"`)
		set(t, f, "A4", 43, "")
		set(t, f, "C4", day, "mm-dd-yy")
		set(t, f, "E4", 0.25, "h:mm")
		set(t, f, "G4", "surplus", "")
		for _, line := range []int{3, 4} { // nothing stands on line 3
			if err := f.SetRowVisible("Sheet1", line, false); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := f.NewSheet("Hidden"); err != nil {
			t.Fatal(err)
		}
		f.SetCellValue("Hidden", "A1", "secret")
		f.SetSheetVisible("Hidden", false)
		f.NewSheet("Blank")
		f.NewSheet("Notes")
		f.SetCellValue("Notes", "B2", "something else")
	})
	s, err := Read(bytes.NewReader(data), Usual)
	if err != nil {
		t.Fatal(err)
	}
	want := &Sheet{
		Format: XLSX, Name: "Sheet1", Others: []string{"Notes"}, Unseen: []string{"Hidden"}, Hidden: []int{4}, HeaderLine: 1,
		Header: []string{"number", "name", "start", "part", "hours", "left"},
		Rows: []Row{
			{Line: 2, Cells: []string{"00042", "Zoë", "2026-03-02", "80%", "1234.5", ""}},
			{Line: 4, Cells: []string{"43", "", "2026-03-02", "", "06:00", "", "surplus"}},
		},
	}
	if d := cmp.Diff(want, s, cmpopts.IgnoreUnexported(Sheet{})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestReadXLSXFormulas(t *testing.T) {
	data := workbook(t, func(f *excelize.File) {
		set(t, f, "A1", "a", "")
		set(t, f, "B1", "b", "")
		set(t, f, "C1", "c", "")
		set(t, f, "A2", 7, "")
		set(t, f, "B2", 8, "")
		f.SetCellFormula("Sheet1", "B2", "A2+1")
		set(t, f, "A3", 1, "")
		f.SetCellFormula("Sheet1", "C3", "A3/0")
	})
	s, err := Read(bytes.NewReader(data), Usual)
	if err != nil {
		t.Fatal(err)
	}
	want := []Row{
		{Line: 2, Cells: []string{"7", "8", ""}, Formulas: []int{1}},
		{Line: 3, Cells: []string{"1", "", ""}, Formulas: []int{2}},
	}
	if d := cmp.Diff(want, s.Rows); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if !s.Rows[0].Formula(1) || s.Rows[0].Formula(0) {
		t.Error("Formula does not tell B2 from A2")
	}
}

func TestReadXLSXLimits(t *testing.T) {
	data := workbook(t, func(f *excelize.File) {
		for i, cell := range []string{"A1", "A2", "A3", "A4"} {
			set(t, f, cell, i, "")
		}
	})
	tests := []struct {
		name   string
		change func(l *Limits)
		key    string
	}{
		{"unpacked", func(l *Limits) { l.Unpacked = 1000 }, "intake.sheet.bytes"},
		{"rows", func(l *Limits) { l.Rows = 2 }, "intake.sheet.rows"},
		{"bytes", func(l *Limits) { l.Bytes = 1000 }, "intake.sheet.bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := Usual
			tt.change(&l)
			_, err := Read(bytes.NewReader(data), l)
			if e := errs.As(err); e == nil || e.Kind != errs.Invalid || e.Public != tt.key {
				t.Errorf("got %v, want %s", err, tt.key)
			}
		})
	}
}

func TestIsError(t *testing.T) {
	for cell, want := range map[string]bool{"#REF!": true, " #N/A": true, "#1": false, "": false} {
		if IsError(cell) != want {
			t.Errorf("IsError(%q) = %v", cell, !want)
		}
	}
}
