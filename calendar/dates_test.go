// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/errs"
)

// TestDateAgreesWithTime walks every day from 1583 to 2400 beside package time.
func TestDateAgreesWithTime(t *testing.T) {
	at := time.Date(1583, 1, 1, 12, 0, 0, 0, time.UTC)
	for d := On(1583, 1, 1); d < On(2400, 1, 1); d++ {
		y, m, day := d.Civil()
		wy, wm, wd := at.Date()
		if y != wy || m != wm || day != wd || d.Weekday() != at.Weekday() {
			t.Fatalf("%v: got %d-%d-%d %v", at, y, m, day, d.Weekday())
		}
		if On(y, m, day) != d || DateOf(at) != d {
			t.Fatalf("%v does not come back as a date", at)
		}
		at = at.AddDate(0, 0, 1)
	}
}

func TestOnNormalises(t *testing.T) {
	for _, c := range []struct{ got, want Date }{
		{On(1, 1, 1), 1},
		{On(9999, 12, 31), Last},
		{On(2026, 2, 30), On(2026, 3, 2)},
		{On(2026, 13, 1), On(2027, 1, 1)},
		{On(2026, 0, 1), On(2025, 12, 1)},
		{On(2026, -11, 1), On(2025, 1, 1)},
		{On(2026, 3, 0), On(2026, 2, 28)},
	} {
		if c.got != c.want {
			t.Errorf("got %v, want %v", c.got, c.want)
		}
	}
}

func TestParse(t *testing.T) {
	for _, s := range []string{"2026-01-05", "2024-02-29", "0001-01-01", "9999-12-31"} {
		d, err := Parse(s)
		if err != nil || d.String() != s {
			t.Errorf("%s: got %v, %v", s, d, err)
		}
	}
	for _, s := range []string{
		"", "2026-1-5", "2026-02-30", "2025-02-29", "0000-01-01", "2026-13-01", "2026-00-10", "2026-01-00",
		"2026/01/05", "05-01-2026", "2026-01-05 ", "+026-01-05", "2026-01-0５",
	} {
		if d, err := Parse(s); !errs.Is(err, errs.Invalid) || d != 0 {
			t.Errorf("%q is taken for %v, %v", s, d, err)
		}
	}
}

func TestDateOfUsesItsOwnZone(t *testing.T) {
	auckland := time.FixedZone("NZST", 12*3600)
	at := time.Date(2019, 5, 6, 8, 0, 0, 0, auckland) // 2019-05-05 20:00 UTC
	if got := DateOf(at); got != MustParse("2019-05-06") {
		t.Errorf("got %v", got)
	}
}

func TestAddMonths(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-01-31", 1, "2026-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2026-03-31", -1, "2026-02-28"},
		{"2026-12-15", 1, "2027-01-15"},
		{"2026-01-15", -13, "2024-12-15"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2024-02-29", 48, "2028-02-29"},
	} {
		if got := MustParse(c.from).AddMonths(c.n).String(); got != c.want {
			t.Errorf("%s%+d: got %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

func TestDateText(t *testing.T) {
	var d Date
	if b, _ := d.MarshalText(); string(b) != "" {
		t.Errorf("no date is written %q", b)
	}
	if err := d.UnmarshalText([]byte("2026-07-01")); err != nil || d != On(2026, 7, 1) {
		t.Errorf("got %v, %v", d, err)
	}
	if err := d.UnmarshalText([]byte("1 July")); !errs.Is(err, errs.Invalid) {
		t.Errorf("got %v", err)
	}
	if err := d.UnmarshalText(nil); err != nil || !d.IsZero() {
		t.Errorf("got %v, %v", d, err)
	}
}

func TestDateAllocatesNothing(t *testing.T) {
	d, sum := On(2026, 1, 31), 0
	n := testing.AllocsPerRun(100, func() {
		y, m, day := d.AddMonths(1).Civil()
		sum += int(On(y, m, day+1).Weekday())
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestQuarterOf(t *testing.T) {
	for m := time.January; m <= time.December; m++ {
		q, first := QuarterOf(2026, m), On(2026, 1+(m-1)/3*3, 1)
		if q.From != first || q.To != first.AddMonths(3)-1 || !q.Contains(On(2026, m, 1)) {
			t.Errorf("the quarter of %v is %v", m, q)
		}
	}
}

func TestRange(t *testing.T) {
	day := MustParse
	year := YearOf(2026)
	july := MonthOf(2026, time.July)
	open := Range{From: day("2026-07-10")}
	before := Range{To: day("2026-06-30")}

	if got := july.Days(); got != 31 {
		t.Errorf("July has %d days", got)
	}
	if got := (Range{day("2026-07-02"), day("2026-07-01")}).Days(); got != 0 {
		t.Errorf("an empty range has %d days", got)
	}
	if !open.Contains(Last) || open.Contains(day("2026-07-09")) || before.Contains(0) {
		t.Error("the ends of a range are wrong")
	}
	for _, c := range []struct{ a, b, want Range }{
		{year, july, july},
		{july, open, Range{day("2026-07-10"), day("2026-07-31")}},
		{open, Range{From: day("2025-01-01")}, open},
		{july, before, Range{}},
		{before, year, Range{day("2026-01-01"), day("2026-06-30")}},
		{july, Range{day("2026-07-31"), day("2026-08-01")}, Range{day("2026-07-31"), day("2026-07-31")}},
	} {
		got, ok := c.a.Intersect(c.b)
		back, _ := c.b.Intersect(c.a)
		if got != c.want || back != c.want || ok != (c.want != Range{}) || c.a.Overlaps(c.b) != ok {
			t.Errorf("%v and %v: got %v, %v", c.a, c.b, got, ok)
		}
	}
	three := slices.Collect(Range{day("2026-02-27"), day("2026-03-01")}.All())
	if diff := cmp.Diff([]Date{day("2026-02-27"), day("2026-02-28"), day("2026-03-01")}, three); diff != "" {
		t.Error(diff)
	}
}

// TestAfterMonths: months that begin on a day which a later month lacks end with that month.
func TestAfterMonths(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-01-01", 1, "2026-02-01"},
		{"2026-08-31", 1, "2026-10-01"},
		{"2026-08-31", 2, "2026-10-31"},
		{"2026-08-29", 6, "2027-03-01"},
		{"2026-08-28", 6, "2027-02-28"},
		{"2027-08-30", 6, "2028-03-01"},
		{"2027-08-29", 6, "2028-02-29"},
		{"2024-02-29", 12, "2025-03-01"},
		{"2026-03-31", 0, "2026-03-31"},
	} {
		if got := MustParse(c.from).AfterMonths(c.n); got != MustParse(c.want) {
			t.Errorf("%d months from %s on are over on %s, want %s", c.n, c.from, got, c.want)
		}
	}
}
