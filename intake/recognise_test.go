// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"verlof/errs"
	"verlof/internal/lang"
)

// shapeOf returns kind and columns of a file: "people: email family given team".
func shapeOf(f *File) string {
	words := []string{string(f.Kind) + ":"}
	for _, c := range f.Columns {
		word := string(c.Field)
		if c.Field == Nothing {
			word = "."
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func TestOpenRecognises(t *testing.T) {
	tests := []struct {
		name, heading, want string
		columns             map[string]Field
	}{
		{name: "user_csv", heading: "email, lastname, name, department", want: "people: email family given team"},
		{name: "user_csv_export", heading: "email,lastname,name,department,remaining allowance,days used", want: "people: email family given team . ."},
		{name: "absences", heading: strings.TrimSpace(absences), want: "absences: team family given email type from first to last"},
		{name: "employees", heading: strings.TrimSpace(employees), want: "people: number given infix family email team manager hired left hours born schedule"},
		{name: "dutch", heading: "Personeelsnummer;Voornaam;Tussenvoegsel;Achternaam;E-mailadres;Afdeling;Leidinggevende;Datum in dienst;Datum uit dienst;Contracturen;Parttime %;Geboortedatum;Rooster",
			want: "people: number given infix family email team manager hired left hours percentage born schedule"},
		{name: "our_own_words", heading: "Employee number;In service from;In dienst tot en met;Werkpatroon;Prefix of the last name;Percentage of full time",
			want: "people: number hired left schedule infix percentage"},
		{name: "dutch_absences", heading: "Medewerker;E-mail;Verlofsoort;Van;Dagdeel;T/m;Dagdeel", want: "absences: full email type from first to last"},
		{name: "parts_after_both_dates", heading: "email,type,from,to,start type,end type", want: "absences: email type from to first last"},
		{name: "dates_without_a_type", heading: "nummer;naam;e-mail;startdatum;einddatum", want: "people: number full email hired left"},
		{name: "case_and_accents", heading: "E-MAIL;Prénom;NAAM", want: "people: email . full"},
		{name: "better_word_wins", heading: "email;afdeling;team;department", want: "people: email . . team"},
		{name: "chosen_by_number", heading: "email;x;x", columns: map[string]Field{"3": Team, "1": Nothing, "2": Number}, want: "people: . number team"},
		{name: "chosen_by_heading", heading: "email;Kostenplaats;afdeling", columns: map[string]Field{"kostenplaats": Team}, want: "people: email team ."},
		{name: "chosen_among_twins", heading: "email;mail;email", columns: map[string]Field{"3": Email}, want: "people: . . email"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := Open(source(tt.heading+"\nx\n"), Options{Columns: tt.columns})
			if err != nil {
				t.Fatal(err)
			}
			if got := shapeOf(f); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestOpenByValue(t *testing.T) {
	f, err := Open(source("wie;waar;contact\nAna;x;ana@example.com\nBen;;\nCas;y;cas@example.com\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := shapeOf(f); got != "people: . . email" {
		t.Errorf("got %s", got)
	}
	if len(f.Notes) != 1 || f.Notes[0].Key != "intake.note.by_value" || !f.Columns[2].ByValue {
		t.Errorf("the guess is not told: %v", f.Notes)
	}
	if d := cmp.Diff([]string{"Ana", "Ben", "Cas"}, f.Columns[0].Samples); d != "" {
		t.Errorf("samples (-want +got):\n%s", d)
	}
}

// TestRefusesFile checks what is wrong with a file or with what is asked of it;
// every such error is Invalid, and its sentence stands in every language.
func TestRefusesFile(t *testing.T) {
	const good = absences + "Sales,de Boer,Ben,ben@example.com,Sick,2026-03-02,All Day,2026-03-02,All Day\n"
	tests := []struct {
		name, file string
		options    Options
		key        string
		args       []any
	}{
		{name: "empty", file: "", key: "intake.sheet.empty"},
		{name: "only_heading", file: absences, key: "intake.error.only_heading", args: []any{"line", 1}},
		{name: "no_heading", file: "ana@example.com,Vries,Ana,Sales\n", key: "intake.error.no_heading", args: []any{"line", 1}},
		{name: "binary", file: "email,name\nana@example.com,\x00\x00\n", key: "intake.sheet.binary", args: []any{"line", 2, "column", 17}},
		{name: "open_quote", file: "email,name\nana@example.com,\"Ana\nben@example.com,Ben\n", key: "intake.sheet.quote_open", args: []any{"line", 2}},
		{name: "no_email", file: "naam;afdeling\nAna;Sales\n", key: "intake.error.missing.email"},
		{name: "no_type", file: "email;from;to\nana@example.com;2026-03-02;2026-03-02\n", options: Options{Kind: Absences}, key: "intake.error.missing.type"},
		{name: "no_end", file: "email;type;from\nana@example.com;x;2026-03-02\n", key: "intake.error.missing.to"},
		{name: "no_begin", file: "email;type;to\nana@example.com;x;2026-03-02\n", options: Options{Kind: Absences}, key: "intake.error.missing.from"},
		{name: "twin_columns", file: "email;naam;E-mail\na;b;c\n", key: "intake.error.twice", args: []any{"heading", "E-mail", "first", "A", "second", "C"}},
		{name: "kind", file: good, options: Options{Kind: "cars"}, key: "intake.error.kind", args: []any{"word", "cars"}},
		{name: "column", file: good, options: Options{Columns: map[string]Field{"Salary": Hours}}, key: "intake.error.column", args: []any{"word", "Salary"}},
		{name: "column_of_two", file: good, options: Options{Columns: map[string]Field{"date type": FirstPart}}, key: "intake.error.column_twice", args: []any{"word", "date type"}},
		{name: "field", file: good, options: Options{Columns: map[string]Field{"1": "salary"}}, key: "intake.error.field", args: []any{"word", "salary"}},
		{name: "field_twice", file: good, options: Options{Columns: map[string]Field{"1": Team, "2": Team}}, key: "intake.error.chosen_twice", args: []any{"word", "team"}},
		{name: "date_format", file: good, options: Options{DateFormat: "YY/DD"}, key: "intake.error.date_format"},
		{name: "pattern", file: good, options: Options{Pattern: "night"}, key: "intake.error.pattern", args: []any{"word", "night"}},
		{name: "package", file: good, options: Options{Package: "gold"}, key: "intake.error.package", args: []any{"word", "gold"}},
		{name: "location", file: good, options: Options{Location: "Paris"}, key: "intake.error.location", args: []any{"word", "Paris"}},
		{name: "type", file: good, options: Options{Types: map[string]string{"Sick": "Flu"}}, key: "intake.error.type", args: []any{"word", "Flu"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := office()
			_, err := service(s).Plan(t.Context(), "ada", source(tt.file), tt.options)
			e := errs.As(err)
			if e == nil || e.Kind != errs.Invalid || e.Public != tt.key {
				t.Fatalf("got %v, want %s", err, tt.key)
			}
			if tt.args != nil {
				if d := cmp.Diff(tt.args, e.Args); d != "" {
					t.Errorf("args (-want +got):\n%s", d)
				}
			}
			for _, tag := range lang.Tags() {
				lang.For(tag).T(e.Public, e.Args...) // panics where it cannot be said
			}
			if _, err = service(s).Apply(t.Context(), "ada", source(tt.file), tt.options, ""); !errs.Is(err, errs.Invalid) || s.commits != 0 {
				t.Errorf("apply: %v, %d commits", err, s.commits)
			}
		})
	}
}

// TestDatesGuess_employments: most begin on the first of a month, also where that is a Saturday.
func TestDatesGuess_employments(t *testing.T) {
	for name, tt := range map[string]struct{ rows, format, others string }{
		// 1 February 2020 was a Saturday, 2 January a Thursday.
		"day_first":   {"a@example.com,A,01-02-2020\nb@example.com,B,03-04-2020\n", "DD-MM-YYYY", "MM-DD-YYYY"},
		"month_first": {"a@example.com,A,02/01/2020\nb@example.com,B,04/03/2020\n", "MM/DD/YYYY", "DD/MM/YYYY"},
		// No first of a month: 3 April 2020 was a Friday, 4 March a Wednesday; 5 April a Sunday.
		"tie":     {"a@example.com,A,03-04-2020\n", "DD-MM-YYYY", "MM-DD-YYYY"},
		"weekend": {"a@example.com,A,05/04/2020\n", "MM/DD/YYYY", "DD/MM/YYYY"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := Open(source("email,lastname,hired\n"+tt.rows), Options{Kind: People})
			if err != nil {
				t.Fatal(err)
			}
			if f.Dates.Format != tt.format || strings.Join(f.Dates.Others, " ") != tt.others {
				t.Errorf("recognised %s or %v, want %s or %s", f.Dates.Format, f.Dates.Others, tt.format, tt.others)
			}
		})
	}
}

func TestDatesGuess(t *testing.T) {
	const ben = "Sales,de Boer,Ben,ben@example.com,Sick,"
	tests := []struct {
		name, rows string
		format     string
		others     []string
	}{
		{"sure_by_one_date", "13/03/2026,,16/03/2026,\n" + ben + "02/03/2026,,02/03/2026,\n", "DD/MM/YYYY", nil},
		{"sure_the_other_way", "03/13/2026,,03/16/2026,\n" + ben + "02/03/2026,,02/03/2026,\n", "MM/DD/YYYY", nil},
		// 2 November is a Monday, 11 February a Wednesday.
		{"guess_day_first", "02/11/2026,,02/11/2026,\n", "DD/MM/YYYY", []string{"MM/DD/YYYY"}},
		// 4 January 2026 is a Sunday, 1 April a Wednesday.
		{"guess_by_weekend", "04/01/2026,,04/01/2026,\n", "MM/DD/YYYY", []string{"DD/MM/YYYY"}},
		// 12 January to 2 February, or 1 December to 2 February.
		{"guess_by_order", "01/12/2026,,02/02/2026,\n", "MM/DD/YYYY", []string{"DD/MM/YYYY"}},
		{"most_win", "13/03/2026,,16/03/2026,\n" + ben + "14/03/2026,,03/16/2026,\n", "DD/MM/YYYY", nil},
		{"none_reads", "soon,,later,\n", "YYYY-MM-DD", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := Open(source(absences+ben+tt.rows), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if f.Dates.Format != tt.format {
				t.Errorf("recognised %s, want %s", f.Dates.Format, tt.format)
			}
			if d := cmp.Diff(tt.others, f.Dates.Others); d != "" && len(tt.others)+len(f.Dates.Others) > 0 {
				t.Errorf("others (-want +got):\n%s", d)
			}
			if told := len(f.Notes) == 1 && f.Notes[0].Key == "intake.note.dates"; told != (len(tt.others) > 0) {
				t.Errorf("notes: %v", f.Notes)
			}
			f, err = Open(source(absences+ben+tt.rows), Options{DateFormat: "MM/DD/YYYY"})
			if err != nil || f.Dates.Format != "MM/DD/YYYY" || len(f.Notes) > 0 {
				t.Errorf("chosen: %v %v %v", f.Dates, f.Notes, err)
			}
		})
	}
}

func TestParseDateRefuses(t *testing.T) {
	for _, tt := range []struct{ format, text string }{
		{"YYYY-MM-DD", "2026-02-29"}, {"YYYY-MM-DD", "2026-13-01"}, {"YYYY-MM-DD", "26-01-01"}, {"YYYY-MM-DD", "2026-01-01x"},
		{"YYYY-MM-DD", "0206-01-01"}, {"YYYY-MM-DD", "2206-01-01"}, {"YYYY-MM-DD", "2026-01"}, {"DD/MM/YYYY", "1/2/26"},
		{"DD/MM/YY", "1/2/2026"}, {"YYYYMMDD", "202611"}, {"YYYYMMDD", "2026111"}, {"DD MMM YYYY", "1 foo 2026"}, {"DD MMM YYYY", ""},
		{"DD-MM-YYYY", "08:30"}, {"DD-MM-YYYY", "02-03-2026 123:00"}, {"DD-MM-YYYY", "02-03-2026:10"},
	} {
		if d, ok := parseDate(tt.format, tt.text); ok {
			t.Errorf("%q in %s is %s", tt.text, tt.format, d)
		}
	}
	for text, want := range map[string]string{"31/12/69": "2069-12-31", "1/1/70": "1970-01-01", "01/01/99": "1999-01-01"} {
		if d, ok := parseDate("DD/MM/YY", text); !ok || d.String() != want {
			t.Errorf("%s is %s, want %s", text, d, want)
		}
	}
	for _, tt := range []struct{ format, text string }{
		{"YYYY-MM-DD", "2026-03-02T00:00:00.000Z"}, {"YYYYMMDD", "20260302 08:00"}, {"DD-MM-YYYY", "02-03-2026 00:00"}, {"DD.MM.YYYY", "2.3.2026 0:00:00"},
		{"MM/DD/YYYY", "3/2/2026, 8:30 AM"}, {"DD MMM YYYY", "2 Mar 2026 00:00"}, {"DD MMM YY", "2 mrt 26 08:30"}, {"DD/MM/YY", "02/03/26 23:59:59"},
	} {
		if d, ok := parseDate(tt.format, tt.text); !ok || d.String() != "2026-03-02" {
			t.Errorf("%q in %s is %s %v", tt.text, tt.format, d, ok)
		}
	}
}

// TestWorkbook reads a sheet with real dates, formulas and text, and another
// sheet beside it.
func TestWorkbook(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range [][]any{
		{"Employee number", "Type of absence", "Started at", "Ended at"},
		{100, "Sick", 46083, 46084},
		{100, "Sick", "16-03-2026", "2026-03-17"},
		{100, nil, 46100, 46100},
		{100, "Sick", 46110, nil},
	} {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := f.SetSheetRow("Sheet1", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellStyle("Sheet1", "C2", "D5", style); err != nil {
		t.Fatal(err)
	}
	f.SetCellFormula("Sheet1", "A2", "99+1")
	f.SetCellFormula("Sheet1", "B4", "VLOOKUP(1,2,3)")
	f.SetCellFormula("Sheet1", "D5", "C5")
	f.NewSheet("Extra")
	f.SetCellValue("Extra", "A1", "x")
	f.NewSheet("Aside")
	f.SetCellValue("Aside", "A1", "x")
	for _, err := range []error{f.SetSheetVisible("Aside", false), f.SetRowVisible("Sheet1", 3, false), f.SetRowVisible("Sheet1", 4, false)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	p, err := service(office()).Plan(t.Context(), "ada", Source{"file.xlsx", &b}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := `2 add absence Ben de Boer Sick 2026-03-02..2026-03-03 2 ~1:formula 100
3 add absence Ben de Boer Sick 2026-03-16..2026-03-17 2
4 refuse absence Ben de Boer !2:formula_value
5 refuse absence Ben de Boer !4:formula_value
`
	if d := cmp.Diff(want, show(p)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if p.Dates.Format != "DD-MM-YYYY" {
		t.Errorf("dates %v", p.Dates)
	}
	var notes []string
	for _, n := range p.Notes {
		notes = append(notes, showNote(n))
	}
	if d := cmp.Diff([]string{"0:sheets Sheet1 Extra", "0:hidden_sheets Aside", "0:hidden_rows 2 3–4"}, notes); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestStretches: lines that follow each other are named together, and not all of very many.
func TestStretches(t *testing.T) {
	many := make([]int, 30)
	for i := range many {
		many[i] = 2 + 2*i
	}
	for want, lines := range map[string][]int{"3": {3}, "3, 7–9, 11": {3, 7, 8, 9, 11}, "2–3": {2, 3}, "2, 4, 6, 8, 10, 12, 14, 16, 18, 20, …": many} {
		if got := stretches(lines); got != want {
			t.Errorf("%v: %q, want %q", lines, got, want)
		}
	}
}
