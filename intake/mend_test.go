// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/internal/lang"
)

// mend returns the file to mend of a plan.
func mend(t *testing.T, p *Plan, tag string) string {
	t.Helper()
	var b bytes.Buffer
	if err := p.Mend(&b, lang.For(tag)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestMend follows refused lines through two rounds: they come back with their
// reasons, import as they are with the same outcome, and import well once mended.
func TestMend(t *testing.T) {
	const file = "Afdeling;Naam;E-mail;Verlofsoort;Van;Dagdeel;Tot;Dagdeel\n" +
		"Sales;Ben de Boer;ben@example.com;Sick;13-03-2026;;13-03-2026;\n" +
		"Sales;Ben de Boer;ben@example.com;Sick;02-04-2026;;01-04-2026;\n" +
		"Sales;Ben de Boer;ben@example.com;=1+1;03-04-2026;;03-04-2026;\n" +
		"Sales;\"Boer; de, Ben\";ben@example.com;Sick;05-06-2026;;05-06-2026;\n"
	s := office()
	p := apply(t, s, file, Options{})
	got := mend(t, p, "nl")
	want := "\ufeffWaarom deze regel geweigerd is [DD-MM-YYYY];Afdeling;Naam;E-mail;Verlofsoort;Van;Dagdeel;Tot;Dagdeel\r\n" +
		"Kolom G Tot: De laatste dag is vóór de eerste dag, 2 apr 2026.;Sales;Ben de Boer;ben@example.com;Sick;02-04-2026;;01-04-2026;\r\n" +
		"Kolom D Verlofsoort: Deze cel bevat een formule: =1+1. Zet de waarde ervoor in de plaats.;Sales;Ben de Boer;ben@example.com;'=1+1;03-04-2026;;03-04-2026;\r\n" +
		"Kolom B Naam: Regel 2 heeft dezelfde medewerker onder een andere naam.;Sales;\"Boer; de, Ben\";ben@example.com;Sick;05-06-2026;;05-06-2026;\r\n"
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("(-want +got):\n%s", d)
	}
	again := planOf(t, s, got, Options{})
	if again.Dates.Format != "DD-MM-YYYY" || len(again.Dates.Others) > 0 || again.Columns[0].Field != mended {
		t.Errorf("the file to mend is not recognised: %v %v", again.Dates, again.Columns[0])
	}
	if c := again.Counts(TheAbsence); c.Refuse != 3 || c.Add != 0 {
		t.Errorf("unmended lines: %s", show(again))
	}
	mended := strings.NewReplacer("01-04-2026", "02-04-2026", "'=1+1", "Sick", "\"Boer; de, Ben\"", "Ben de Boer").Replace(got)
	apply(t, s, mended, Options{})
	if len(s.data.requests) != 4 {
		t.Errorf("%d absences after mending, want 4", len(s.data.requests))
	}
	second := planOf(t, s, mend(t, planOf(t, office(), got, Options{}), "en"), Options{})
	if len(second.Columns) != 9 || !strings.HasPrefix(second.Columns[0].Heading, "Why") {
		t.Errorf("a second round keeps the reasons of the first: %v", second.Columns)
	}
}

// TestMendKeepsSurplusCells checks that a line that is too long comes back whole.
func TestMendKeepsSurplusCells(t *testing.T) {
	p := planOf(t, office(), "email,name\nana@example.com,Vries,Ana\n", Options{})
	want := "\ufeffWhy this line was refused,email,name\r\n" +
		"\"Column 3: This line has 3 cells, but there are only 2 columns. A separator too many, or quotation marks missing?\",ana@example.com,Vries,Ana\r\n"
	if d := cmp.Diff(want, mend(t, p, "en")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestSentences looks up every key that this package and sheet name in their
// code, and every name that ends one, in every language.
func TestSentences(t *testing.T) {
	var keys []string
	for _, dir := range []string{".", "../internal/sheet"} {
		keys = append(keys, keysIn(t, dir)...)
	}
	for _, k := range []Kind{People, Absences} {
		keys = append(keys, "intake.kind."+string(k))
		for _, f := range append(Fields(k), Active, Since) {
			keys = append(keys, "intake.field."+string(f))
		}
	}
	for _, a := range []Act{Add, Change, Same, Refuse} {
		keys = append(keys, "intake.act."+string(a))
	}
	for _, x := range []Thing{ThePerson, TheAbsence, TheTeam, TheType, ThePattern} {
		keys = append(keys, "intake.thing."+string(x))
	}
	keys = append(keys, "intake.note.below_zero.days", "intake.note.below_zero.hours", "intake.field.nothing")
	if len(keys) < 90 {
		t.Fatalf("found only %d keys", len(keys))
	}
	for _, tag := range lang.Tags() {
		for _, k := range keys {
			if !lang.For(tag).Has(k) {
				t.Errorf("%s lacks %s", tag, k)
			}
		}
	}
}

// keysIn returns the whole keys in the Go files of a folder, tests aside.
func keysIn(t *testing.T, dir string) (keys []string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), dir+"/"+f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				s, _ := strconv.Unquote(l.Value)
				if strings.HasPrefix(s, "intake.") && !strings.HasSuffix(s, ".") {
					keys = append(keys, s)
				}
			}
			return true
		})
	}
	return keys
}

// TestNotesCanBeSaid writes every reason and note of a file full of faults in
// every language: a sentence that lacks a variable panics.
func TestNotesCanBeSaid(t *testing.T) {
	const ben = "Sales,de Boer,Ben,ben@example.com,"
	const faulty = absences + ben + "Holiday,02/11/2026,,02/11/2026,\n" + ben + "Holiday,02/11/2026,,02/11/2026,\n" +
		ben + "Sick,02/11/2026,,03/11/2026,\n" + ben + ",x,Evening,,\n" + ben + "New,03/02/2062,,01/02/2026,\n" +
		"x,Bos,Ben,ben@example.com,Sick,05/11/2026,Morning,05/11/2026,\n" + ben + "Sick,03/02/2024,,03/02/2070,,surplus\n" +
		ben + "Holiday,06/07/2026,,05/08/2026,\n" + ben + "Sick,03/02/2024,,04/02/2024,\n" + ben + "Sick,30/12/2024,,02/01/2025,\n" +
		"x,,,new@example.com,Sick,02/03/2026,,02/03/2026,\nx,y,z,,Sick,02/03/2026,,02/03/2026,\n" +
		"x,y,z,broken,Sick,02/03/2026,,02/03/2026,\n" + ben + "=1,07/02/2026,,08/02/2026,\n" + ben + "Sick,07/02/2026,,08/02/2026,\n"
	const persons = "number;email;name;team;manager;hours;percentage;schedule;package;location;date in service;date out of service\n" +
		"100;ada@example.com;a;;;;;;;;;\n7;ben@example.com;;;;;;;;;;\n9;;;;;;;;;;;\n100;;Ben de Boer;;nobody;;;;;;;\n;ada@example.com;;IT;;x;;;Gold;Paris;;\n" +
		";ada@example.com;;;ben@example.com;;;;;;;\n;eve@example.com;Eve;;;;900;;;;;\n;eva@example.com;Eva;;;;;night;;;;\n" +
		";dee@example.com;Dee Bos;X;;33;;;;;2026-05-01;2026-04-01\n;fay@example.com;Fay Bos;X;ada@example.com;33;;;;;2026-05-01;\n;fay@example.com;Fay Vos;;;;;;;;;\n"
	s := office()
	book(s, "r1", "t1", "2026-08-05", "2026-08-05")
	for _, file := range []string{faulty, persons} {
		p := planOf(t, s, file, Options{})
		for _, tag := range lang.Tags() {
			l := lang.For(tag)
			for _, n := range p.Notes {
				p.Text(l, n)
			}
			for _, line := range p.Lines {
				for _, n := range append(line.Why, line.Notes...) {
					if text := p.Text(l, n); strings.Contains(text, "%!") || text == "" {
						t.Errorf("%s: %q", n.Key, text)
					}
				}
				for _, c := range line.Changes {
					Value(l, c.From)
					Value(l, c.To)
				}
			}
		}
		if p.Warnings() == 0 {
			t.Error("nothing to warn of")
		}
	}
}
