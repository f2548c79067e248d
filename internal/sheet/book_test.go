// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"

	"verlof/errs"
)

// A workbook as a program other than the one that writes our tests might make
// it: its own folder, prefixes, absolute targets, the kind called strict.
var foreign = map[string]string{
	"_rels/.rels": `<Relationships><Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/book/main.xml"/></Relationships>`,
	"book/main.xml": `<x:workbook xmlns:x="m" xmlns:rel="o"><x:workbookPr date1904="1"/><x:sheets>
		<x:sheet name="Chart" rel:id="r0"/><x:sheet name="Staff" sheetId="1" rel:id="r1"/><x:sheet name="Gone" state="veryHidden" rel:id="r2"/></x:sheets></x:workbook>`,
	"book/_rels/main.xml.rels": `<Relationships>
		<Relationship Id="r0" Type="x/chartsheet" Target="chart.xml"/>
		<Relationship Id="r1" Type="x/worksheet" Target="sheets\one.xml"/>
		<Relationship Id="r2" Type="x/worksheet" Target="sheets/two.xml"/>
		<Relationship Id="r3" Type="x/sharedStrings" Target="/book/Strings.xml"/>
		<Relationship Id="r4" Type="x/styles" Target="styles.xml"/>
		<Relationship Id="r5" Type="x/externalLink" Target="file:///etc/passwd" TargetMode="External"/></Relationships>`,
	"book/strings.xml": `<x:sst xmlns:x="m"><x:si><x:t>Name</x:t></x:si>
		<x:si><x:r><x:rPr><x:b/></x:rPr><x:t>Zoë </x:t></x:r><x:r><x:t>de Boer</x:t></x:r><x:rPh><x:t>zo-ee</x:t></x:rPh></x:si>
		<x:si><x:t>two_x000A_lines</x:t></x:si></x:sst>`,
	"book/styles.xml": `<x:styleSheet xmlns:x="m"><x:numFmts><x:numFmt numFmtId="164" formatCode="[h]:mm"/><x:numFmt numFmtId="165" formatCode="0.0%"/></x:numFmts>
		<x:cellStyleXfs><x:xf numFmtId="9"/></x:cellStyleXfs>
		<x:cellXfs><x:xf numFmtId="0"/><x:xf numFmtId="14"/><x:xf numFmtId="164"/><x:xf numFmtId="165"/><x:xf numFmtId="22"/></x:cellXfs></x:styleSheet>`,
	"book/sheets/one.xml": `<x:worksheet xmlns:x="m"><x:sheetData>
		<x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="inlineStr"><x:is><x:r><x:t>Sta</x:t></x:r><x:r><x:t>rt</x:t></x:r></x:is></x:c></x:row>
		<x:row r="3"><x:c r="A3" t="s"><x:v>1</x:v></x:c><x:c r="B3" s="1"><x:f t="shared" si="0"/><x:v>44621</x:v></x:c><x:c r="AA3" s="2"><x:v>1.5625</x:v></x:c><x:c><x:v>1E-2</x:v></x:c></x:row>
		<x:row><x:c t="s"><x:v>2</x:v></x:c><x:c s="4"><x:v>44621.999999</x:v></x:c><x:c s="3"><x:v>0.805</x:v></x:c><x:c t="b"><x:v>1</x:v></x:c><x:c t="e"><x:f>1/0</x:f><x:v>#DIV/0!</x:v></x:c><x:c t="str"><x:f>A1</x:f><x:v>a&amp;b</x:v></x:c></x:row>
		</x:sheetData><x:formula>1</x:formula></x:worksheet>`,
	"book/sheets/two.xml": `<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>`,
}

// packed returns the parts as a file.
func packed(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadForeignWorkbook(t *testing.T) {
	s, err := Read(bytes.NewReader(packed(t, foreign)), Usual)
	if err != nil {
		t.Fatal(err)
	}
	hours := append(append([]string{"Zoë de Boer", "2026-03-02"}, make([]string, 24)...), "37:30", "0.01")
	want := &Sheet{Format: XLSX, Name: "Staff", Unseen: []string{"Gone"}, HeaderLine: 1, Header: []string{"Name", "Start"}, Rows: []Row{
		{Line: 3, Cells: hours, Formulas: []int{1}},
		{Line: 4, Cells: []string{"two\nlines", "2026-03-03", "80.5%", "TRUE", "#DIV/0!", "a&b"}, Formulas: []int{4, 5}},
	}}
	if d := cmp.Diff(want, s, cmpopts.IgnoreUnexported(Sheet{})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestReadHostileWorkbook reads files that somebody made to hurt, or that were
// cut off. Each is refused, by its key, and none takes much memory.
func TestReadHostileWorkbook(t *testing.T) {
	row := func(cells string) string { return `<worksheet><sheetData>` + cells + `</sheetData></worksheet>` }
	deep := strings.Repeat("<r>", 2<<20)
	bomb := row(`<row><c t="inlineStr"><is><t>` + strings.Repeat("a", 24<<20) + `</t></is></c></row>`)
	tests := []struct{ name, part, text, key string }{
		{"bomb", "book/sheets/one.xml", bomb, "intake.sheet.bytes"},
		{"bomb_of_styles", "book/styles.xml", "<styleSheet>" + strings.Repeat(" ", 24<<20), "intake.sheet.bytes"},
		{"entities", "book/sheets/one.xml", `<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>`, "intake.sheet.xlsx"},
		{"far_column", "book/sheets/one.xml", row(`<row><c r="ZZZZZZZZZZ1"><v>1</v></c></row>`), "intake.sheet.xlsx"},
		{"far_line", "book/sheets/one.xml", row(`<row r="2000000"><c><v>1</v></c></row>`), "intake.sheet.xlsx"},
		{"no_text", "book/sheets/one.xml", row(`<row><c t="s"><v>-1</v></c></row>`), "intake.sheet.xlsx"},
		{"no_cell", "book/sheets/one.xml", row(`<row><c r="12"><v>1</v></c></row>`), "intake.sheet.xlsx"},
		{"cut_off", "book/sheets/one.xml", `<worksheet><sheetData><row><c><v>1</v>`, "intake.sheet.xlsx"},
		{"deep_text", "book/strings.xml", "<sst><si>" + deep, "intake.sheet.xlsx"},
		{"deep_text_in_place", "book/sheets/one.xml", row(`<row><c t="inlineStr"><is>` + deep), "intake.sheet.xlsx"},
		{"deep_sheet", "book/sheets/one.xml", deep, "intake.sheet.xlsx"},
		{"deep_styles", "book/styles.xml", deep, "intake.sheet.xlsx"},
		{"many_texts", "book/strings.xml", "<sst>" + strings.Repeat("<si/>", 101), "intake.sheet.bytes"},
		{"no_sheets", "book/main.xml", `<workbook/>`, "intake.sheet.empty"},
		{"wide", "book/sheets/one.xml", row(`<row><c r="XFD1"><v>1</v></c></row>`), "intake.sheet.columns"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			parts := maps.Clone(foreign)
			parts[tt.part] = tt.text
			data := packed(t, parts)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Read(bytes.NewReader(data), Limits{Bytes: 1 << 20, Unpacked: 8 << 20, Texts: 100, Rows: 10, Columns: 200, Cell: 100})
			runtime.ReadMemStats(&after)
			if e := errs.As(err); e == nil || e.Kind != errs.Invalid || e.Public != tt.key {
				t.Errorf("got %v, want %s", err, tt.key)
			}
			if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 64 {
				t.Errorf("reading took %d MB of memory", took)
			}
		})
	}
	for name := range foreign {
		t.Run("without_"+name, func(t *testing.T) {
			parts := maps.Clone(foreign)
			delete(parts, name)
			_, err := Read(bytes.NewReader(packed(t, parts)), Usual)
			if e := errs.As(err); name != "book/sheets/two.xml" && (e == nil || e.Kind != errs.Invalid) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestAgainstExcelize holds what we read against another reader of the same
// files, number by number and in the formats that both show alike.
func TestAgainstExcelize(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	f := excelize.NewFile()
	defer f.Close()
	formats := []string{"", "yyyy-mm-dd", "hh:mm", "[h]:mm", "000000", "General"}
	for line := 1; line <= 500; line++ {
		for column, format := range formats {
			n := float64(random.IntN(60_000_00)) / 100
			switch format {
			case "yyyy-mm-dd":
				n = float64(61 + random.IntN(80_000))
			case "hh:mm", "[h]:mm":
				n = float64(random.IntN(5*1440)) / 1440
			case "000000":
				n = float64(random.IntN(2_000_000))
			}
			set(t, f, fmt.Sprintf("%s%d", Letters(column), line), n, format)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	s, err := Read(&b, Usual)
	if err != nil {
		t.Fatal(err)
	}
	got := [][]string{s.Header}
	for _, r := range s.Rows {
		got = append(got, r.Cells)
	}
	want, err := f.GetRows("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-excelize +ours):\n%s", d)
	}
}

// TestNumber reads numbers in formats whose outcome no other reader agrees on.
func TestNumber(t *testing.T) {
	b := &book{epoch: epoch1900, styles: []format{{}, {kind: date}, {kind: clock}, {kind: elapsed}, {kind: percent}, {kind: padded, digits: 5}}}
	tests := []struct {
		style       int
		value, want string
	}{
		{0, "0.30000000000000004", "0.3"}, {0, "1E+3", "1000"}, {0, "1e-7", "0.0000001"}, {0, "-7", "-7"}, {0, "junk", "junk"}, {0, "", ""},
		{1, "1", "1900-01-01"}, {1, "59", "1900-02-28"}, {1, "61", "1900-03-01"}, {1, "46083", "2026-03-02"}, {1, "46082.9999999", "2026-03-02"},
		{1, "-5", "-5"}, {1, "2958465", "9999-12-31"}, {1, "99999999", "99999999"},
		{2, "0.25", "06:00"}, {2, "46083.75", "18:00"}, {3, "1.5625", "37:30"}, {3, "0.3125", "7:30"},
		{4, "0.07", "7%"}, {4, "1", "100%"}, {4, "0.805", "80.5%"}, {5, "42", "00042"}, {5, "123456", "123456"}, {5, "4.5", "4.5"}, {9, "5", "5"},
	}
	for _, tt := range tests {
		if got := b.number(cell{style: tt.style, value: tt.value}); got != tt.want {
			t.Errorf("%q in style %d reads %q, want %q", tt.value, tt.style, got, tt.want)
		}
	}
}

func TestFormatOf(t *testing.T) {
	tests := map[string]kind{
		"General": general, "#,##0.00": general, `0.0 "days"`: general, "0": general, "mmm": general, `[Red]#,##0;[Blue]-#,##0`: general,
		"dd-mm-yyyy": date, `[$-413]d\ mmmm\ yyyy;@`: date, "hh:mm:ss": clock, `[hh]:mm`: elapsed, "[H]:MM:SS": elapsed, "0.0%": percent, "00000": padded,
	}
	for code, want := range tests {
		if got := formatOf(code); got.kind != want {
			t.Errorf("%s is of kind %d, want %d", code, got.kind, want)
		}
	}
}

// BenchmarkReadXLSX reads as many cells as a company with years of history hands in.
func BenchmarkReadXLSX(b *testing.B) {
	var text strings.Builder
	text.WriteString(`<worksheet><sheetData>`)
	for line := 1; line <= 100_000; line++ {
		fmt.Fprintf(&text, `<row r="%d"><c r="A%[1]d" t="s"><v>1</v></c><c r="B%[1]d" s="1"><v>44621</v></c><c r="C%[1]d"><v>%[1]d</v></c></row>`, line)
	}
	text.WriteString(`</sheetData></worksheet>`)
	parts := maps.Clone(foreign)
	parts["book/sheets/one.xml"] = text.String()
	data := packed(b, parts)
	for b.Loop() {
		if s, err := Read(bytes.NewReader(data), Usual); err != nil || len(s.Rows) != 99_999 {
			b.Fatal(err)
		}
	}
}
