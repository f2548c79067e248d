// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"verlof/errs"
)

func read(t *testing.T, data string) *Sheet {
	t.Helper()
	s, err := Read(strings.NewReader(data), Usual)
	if err != nil {
		t.Fatalf("read: %v %v", err, errs.As(err).Args)
	}
	return s
}

func TestReadCSV(t *testing.T) {
	tests := []struct {
		name, data string
		header     []string
		rows       []Row
	}{
		{"comma", "a,b\n1,2\n", []string{"a", "b"}, []Row{{Line: 2, Cells: []string{"1", "2"}}}},
		{"semicolon", "a;b\n1,5;2\n", []string{"a", "b"}, []Row{{Line: 2, Cells: []string{"1,5", "2"}}}},
		{"semicolon_with_more_commas", "n;m\nx, y, z;1\nx, y, z;2\n", []string{"n", "m"},
			[]Row{{Line: 2, Cells: []string{"x, y, z", "1"}}, {Line: 3, Cells: []string{"x, y, z", "2"}}}},
		{"comma_in_a_heading", "Naam (achternaam, voornaam);E-mail\nVries, Anna;a@x\nBerg, Bo;b@x\n", []string{"Naam (achternaam, voornaam)", "E-mail"},
			[]Row{{Line: 2, Cells: []string{"Vries, Anna", "a@x"}}, {Line: 3, Cells: []string{"Berg, Bo", "b@x"}}}},
		{"spaces_behind_commas", "a, b\n1, 2\n", []string{"a", " b"}, []Row{{Line: 2, Cells: []string{"1", " 2"}}}},
		{"tab", "a\tb\r\n1\t2", []string{"a", "b"}, []Row{{Line: 2, Cells: []string{"1", "2"}}}},
		{"told", "sep=;\r\na;b,c\r\n1;2\r\n", []string{"a", "b,c"}, []Row{{Line: 3, Cells: []string{"1", "2"}}}},
		{"one_column", "a\n1\n", []string{"a"}, []Row{{Line: 2, Cells: []string{"1"}}}},
		{"short_with_decimal_commas", "a;b;c\n1;7,5\n2;1,25\n3;1\n", []string{"a", "b", "c"},
			[]Row{{Line: 2, Cells: []string{"1", "7,5", ""}}, {Line: 3, Cells: []string{"2", "1,25", ""}}, {Line: 4, Cells: []string{"3", "1", ""}}}},
		{"title", "Leave of 2025;;\n\na;b\n1;2\n", []string{"a", "b"}, []Row{{Line: 4, Cells: []string{"1", "2"}}}},
		{"titles", "Leave\nof 2025\na;b\n1;2\n3\n", []string{"a", "b"}, []Row{{Line: 4, Cells: []string{"1", "2"}}, {Line: 5, Cells: []string{"3", ""}}}},
		{"no_title", "a\n1\n2\n3\n4\n5\n6,7\n", []string{"a"}, []Row{{Line: 2, Cells: []string{"1"}}, {Line: 3, Cells: []string{"2"}}, {Line: 4, Cells: []string{"3"}},
			{Line: 5, Cells: []string{"4"}}, {Line: 6, Cells: []string{"5"}}, {Line: 7, Cells: []string{"6", "7"}}}},
		{"old_mac", "a,b\r1,2\r", []string{"a", "b"}, []Row{{Line: 2, Cells: []string{"1", "2"}}}},
		{"quotes", "a,b\n\"x, \"\"y\"\"\nz\",2\n3,4\n", []string{"a", "b"},
			[]Row{{Line: 2, Cells: []string{"x, \"y\"\nz", "2"}}, {Line: 4, Cells: []string{"3", "4"}}}},
		{"blank_rows", "\n,,\na,b,\n\n ,\n,\n1,2,,\n", []string{"a", "b"},
			[]Row{{Line: 5, Cells: []string{" ", ""}}, {Line: 7, Cells: []string{"1", "2"}}}},
		{"short_and_long", "a,b\n1\n1,2,3\n", []string{"a", "b"},
			[]Row{{Line: 2, Cells: []string{"1", ""}}, {Line: 3, Cells: []string{"1", "2", "3"}}}},
		{"same_name_twice", "a,a\n1,2\n", []string{"a", "a"}, []Row{{Line: 2, Cells: []string{"1", "2"}}}},
		{"header_only", "a,b\n", []string{"a", "b"}, nil},
		{"guarded", "a,b\n'=1+1,'t Hooft\n", []string{"a", "b"}, []Row{{Line: 2, Cells: []string{"=1+1", "'t Hooft"}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := read(t, tt.data)
			if d := cmp.Diff(tt.header, s.Header); d != "" {
				t.Errorf("header (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.rows, s.Rows); d != "" {
				t.Errorf("rows (-want +got):\n%s", d)
			}
		})
	}
}

func TestReadEncoding(t *testing.T) {
	const text = "naam;plaats\nZoë;Curaçao\n"
	wide := func(o unicode.Endianness, b unicode.BOMPolicy) string {
		s, err := unicode.UTF16(o, b).NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	latin, err := charmap.ISO8859_1.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, data, encoding, city string }{
		{"utf8", text, "UTF-8", "Curaçao"},
		{"utf8_marked", "\ufeff" + text, "UTF-8", "Curaçao"},
		{"utf16_little", wide(unicode.LittleEndian, unicode.UseBOM), "UTF-16", "Curaçao"},
		{"utf16_big", wide(unicode.BigEndian, unicode.UseBOM), "UTF-16", "Curaçao"},
		{"utf16_unmarked", wide(unicode.LittleEndian, unicode.IgnoreBOM), "UTF-16", "Curaçao"},
		{"utf16_unmarked_big", wide(unicode.BigEndian, unicode.IgnoreBOM), "UTF-16", "Curaçao"},
		{"latin1", latin, "ISO-8859-1", "Curaçao"},
		{"windows", strings.Replace(latin, "Cura\xe7ao", "\x80 5 \x96 \x8aabac", 1), "Windows-1252", "€ 5 – Šabac"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := read(t, tt.data)
			if s.Encoding != tt.encoding {
				t.Errorf("encoding %s, want %s", s.Encoding, tt.encoding)
			}
			if d := cmp.Diff([]string{"Zoë", tt.city}, s.Rows[0].Cells); d != "" {
				t.Errorf("cells (-want +got):\n%s", d)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	small := Limits{Bytes: 1 << 10, Unpacked: 1 << 20, Rows: 3, Columns: 3, Cells: 7, Cell: 20}
	tests := []struct {
		name, data string
		key        string
		args       []any
	}{
		{"empty", "", "intake.sheet.empty", nil},
		{"blank", "\n,,\n  \n"[:4], "intake.sheet.empty", nil},
		{"open_quote", "a,b\n1,2\n\"3,4\n5,6\n7,8\n", "intake.sheet.quote_open", []any{"line", 3}},
		{"bare_quote", "a,b\n1,2\n3,x\"y\n", "intake.sheet.quote", []any{"line", 3, "column", 4}},
		{"after_quote", "a,b\n\"x\"y,2\n", "intake.sheet.quote", []any{"line", 2, "column", 3}},
		{"quote_after_told", "sep=,\na,b\nx\"y,2\n", "intake.sheet.quote", []any{"line", 3, "column", 2}},
		{"nul", "a,b\n1,\x002\n", "intake.sheet.binary", []any{"line", 2, "column", 3}},
		{"control", "a,b\n1,2\n\x07", "intake.sheet.binary", []any{"line", 3, "column", 1}},
		{"unassigned", "a,b\n\x81,\xff\n", "intake.sheet.binary", []any{"line", 2, "column", 1}},
		{"mark_without_utf8", "\ufeffa,b\nZo\xeb,2\n", "intake.sheet.encoding", []any{"encoding", "UTF-8"}},
		{"half_surrogate", "\xff\xfea\x00,\x00\x00\xd8", "intake.sheet.encoding", []any{"encoding", "UTF-16"}},
		{"rows", "a,b\n1,1\n2,2\n3,3\n4,4\n", "intake.sheet.rows", []any{"limit", 3, "line", 5}},
		{"columns", "a,b\n1,2,3,4\n", "intake.sheet.columns", []any{"line", 2, "limit", 3}},
		{"cells", "a,b,c\n1\n2\n3\n", "intake.sheet.cells", []any{"limit", 7, "line", 4}},
		{"cell", "a,b\n1," + strings.Repeat("x", 21) + "\n", "intake.sheet.cell", []any{"line", 2, "column", "B", "limit", 20}},
		{"bytes", strings.Repeat("a,b\n", 300), "intake.sheet.bytes", []any{"limit", int64(0)}},
		{"old_excel", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "intake.sheet.old_excel", nil},
		{"broken_zip", "PK\x03\x04 and then nothing", "intake.sheet.xlsx", nil},
		{"pdf", "%PDF-1.7\n", "intake.sheet.document", nil},
		{"web_page", "\ufeff\n<HTML><table>", "intake.sheet.document", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := Read(strings.NewReader(tt.data), small)
			if err == nil {
				t.Fatalf("accepted: %v", s.Rows)
			}
			e := errs.As(err)
			if e.Kind != errs.Invalid || e.Public != tt.key {
				t.Errorf("got %v %s, want %s", e.Kind, e.Public, tt.key)
			}
			if d := cmp.Diff(tt.args, e.Args); d != "" {
				t.Errorf("args (-want +got):\n%s", d)
			}
		})
	}
}

func TestReadLarge(t *testing.T) {
	s := read(t, large(100_000))
	if len(s.Rows) != 100_000 || s.Rows[99_999].Line != 100_001 || s.Rows[99_999].Cells[3] != "u99999@example.com" {
		t.Errorf("%d rows, last %v", len(s.Rows), s.Rows[len(s.Rows)-1])
	}
}

// large returns a file of n rows as the absence export writes them.
func large(n int) string {
	var b strings.Builder
	b.WriteString("Department,Last name,Name,Email address,Type of absence,Started at,Date type,Ended at,Date type\n")
	for i := range n {
		fmt.Fprintf(&b, "Sales,Last%d,First%d,u%d@example.com,Holiday,2026-03-02,All Day,2026-03-06,All Day\n", i, i, i)
	}
	return b.String()
}

func BenchmarkRead100000(b *testing.B) {
	data := large(100_000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(strings.NewReader(data), Usual); err != nil {
			b.Fatal(err)
		}
	}
}

func TestWriteCSV(t *testing.T) {
	rows := [][]string{
		{"reason", "name", "amount"},
		{"=1+1", "-5", "+31612345678"},
		{"@x", "-1.234,50", "-"},
		{"\tx", "+a", "'t Hooft"},
		{"a;b", "x\"y", "-5 days"},
		{"Fonseca,=1+1", "a\n@b", "\t=1|+a"},
		{"'=1", "Anna,-2,5", ",'=1"},
	}
	var b bytes.Buffer
	if err := WriteCSV(&b, ';', func(yield func([]string) bool) {
		for _, r := range rows {
			if !yield(r) {
				return
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffreason;name;amount\r\n'=1+1;-5;+31612345678\r\n'@x;-1.234,50;'-\r\n\"\tx\";'+a;'t Hooft\r\n\"a;b\";\"x\"\"y\";'-5 days\r\n" +
		"Fonseca,'=1+1;\"a\r\n'@b\";\"\t'=1|'+a\"\r\n''=1;Anna,-2,5;,''=1\r\n"
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	s := read(t, b.String())
	if d := cmp.Diff(rows, append([][]string{s.Header}, cellsOf(s)...)); d != "" {
		t.Errorf("read back (-want +got):\n%s", d)
	}
}

func cellsOf(s *Sheet) (cells [][]string) {
	for _, r := range s.Rows {
		cells = append(cells, r.Cells)
	}
	return cells
}

func TestLetters(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"} {
		if got := Letters(i); got != want {
			t.Errorf("Letters(%d) = %s, want %s", i, got, want)
		}
	}
}
