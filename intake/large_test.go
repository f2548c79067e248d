// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"verlof/calendar"
)

// company writes a company's absences of the shape of a real export: persons in
// one department, each with some absences of one to five days in 2026 that were
// never held against each other, so that some overlap and some are the same. It
// writes the same file every time.
func company(persons, lines int) string {
	r := rand.New(rand.NewPCG(1, 2))
	first := calendar.MustParse("2026-01-05")
	var b strings.Builder
	b.WriteString(absences)
	for i := range lines {
		p := 1 + i*persons/lines
		monday := first.AddDays(7 * r.IntN(51))
		from := monday.AddDays(r.IntN(3))
		to := from.AddDays(r.IntN(5))
		fmt.Fprintf(&b, "Sales,Last%d,First%d,u%d@example.com,Holiday,%v,All Day,%v,All Day\n", p, p, p, from, to)
	}
	return b.String()
}

// TestImportCompany imports a whole company, twice.
func TestImportCompany(t *testing.T) {
	const persons, lines = 999, 6034
	file := company(persons, lines)
	s := office()
	p := apply(t, s, file, Options{})
	who, what := p.Counts(ThePerson), p.Counts(TheAbsence)
	if who.Add != persons || what.Add+what.Same+what.Refuse != lines || what.Refuse < 100 || what.Same < 10 {
		t.Fatalf("persons %+v, absences %+v", who, what)
	}
	if len(s.data.requests) != what.Add || len(s.data.persons) != persons+2 || len(s.data.teams["s1"].Members) != persons+1 {
		t.Errorf("written: %d absences, %d persons", len(s.data.requests), len(s.data.persons))
	}
	again := planOf(t, s, file, Options{})
	c := again.Counts("")
	if c.Add+c.Change != 0 || c.Same != what.Add+what.Same || c.Refuse != what.Refuse {
		t.Errorf("a second import: %+v after %+v", c, what)
	}
	overlap := 0
	for _, n := range again.Lines {
		if n.Act == Refuse && n.Why[0].Key == "intake.why.overlap_line" {
			overlap++
		}
	}
	if overlap != what.Refuse {
		t.Errorf("%d of %d refusals name the other line", overlap, what.Refuse)
	}
}

// TestPlanLarge plans 100,000 lines of each kind and checks that what stays in
// memory is bounded.
func TestPlanLarge(t *testing.T) {
	const lines = 100_000
	var people strings.Builder
	people.WriteString("number;email;first name;last name;department;hours\n")
	for i := range lines {
		fmt.Fprintf(&people, "%d;u%d@example.com;First%d;Last%d;Team %d;40\n", i, i, i, i, i%50)
	}
	for name, file := range map[string]string{"people": people.String(), "absences": company(10_000, lines)} {
		t.Run(name, func(t *testing.T) {
			s := office()
			runtime.GC()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			p := planOf(t, s, file, Options{})
			runtime.GC()
			runtime.ReadMemStats(&after)
			c := p.Counts("")
			if c.Add+c.Same+c.Refuse < lines {
				t.Errorf("lines got lost: %+v", c)
			}
			if kept := int64(after.HeapAlloc-before.HeapAlloc) >> 20; kept > 400 {
				t.Errorf("a plan keeps %d MB", kept)
			} else {
				t.Logf("a plan keeps %d MB", kept)
			}
			runtime.KeepAlive(p)
		})
	}
}

func BenchmarkPlanCompany(b *testing.B) {
	file := company(999, 6034)
	s := office()
	for b.Loop() {
		if _, err := service(s).Plan(b.Context(), "ada", source(file), Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkApplyCompany(b *testing.B) {
	file := company(999, 6034)
	p, err := service(office()).Plan(b.Context(), "ada", source(file), Options{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := service(office()).Apply(b.Context(), "ada", source(file), Options{LeaveOut: true}, p.Digest); err != nil {
			b.Fatal(err)
		}
	}
}
