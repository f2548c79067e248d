// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/internal/exact"
)

func TestHolidaysOn(t *testing.T) {
	day := MustParse
	set := NewHolidays(
		Holiday{Date: day("2026-12-26"), Key: "boxing-day"},
		Holiday{Date: day("2026-05-05"), Key: "liberation-day-nl", Off: Informative},
		Holiday{Date: day("2026-05-05"), Key: "club-day", Off: AfternoonOff},
		Holiday{Date: day("2026-01-02"), Key: "morning", Off: MorningOff},
		Holiday{Date: day("2026-01-02"), Key: "afternoon", Off: AfternoonOff},
	)
	for _, c := range []struct {
		date, key string
		off       Half
	}{
		{"2026-12-26", "boxing-day", FullDay},
		{"2026-05-05", "club-day", AfternoonOff},
		{"2026-01-02", "morning", FullDay},
		{"2026-01-01", "", 0},
		{"2026-12-27", "", 0},
		{"2026-01-03", "", 0},
		{"2031-01-01", "", 0},
	} {
		h, ok := set.On(day(c.date))
		if ok != (c.key != "") || h.Key != c.key || h.Off != c.off {
			t.Errorf("%s: got %q %v, %v", c.date, h.Key, h.Off, ok)
		}
	}
	if got := len(set.Between(Range{day("2026-01-02"), day("2026-05-05")})); got != 4 {
		t.Errorf("got %d days in the first half", got)
	}
	if got := len(set.Between(Range{From: day("2026-05-06")})); got != 1 {
		t.Errorf("got %d days to the open end", got)
	}
}

func TestNoHolidays(t *testing.T) {
	var none *Holidays
	for _, set := range []*Holidays{none, {}, NewHolidays()} {
		if _, ok := set.On(On(2026, 1, 1)); ok || set.Between(YearOf(2026)) != nil {
			t.Error("an empty set has a holiday")
		}
	}
}

// TestAddReplaces: what the customer enters wins on its date, and a set made of
// the same region stays as it was.
func TestAddReplaces(t *testing.T) {
	nl, _ := Region("NL")
	set, other := nl.Years(2026, 2026), nl.Years(2026, 2026)
	friday, eve, boxing := MustParse("2026-04-03"), MustParse("2026-12-24"), MustParse("2026-12-26")
	set.Add(
		Holiday{Date: friday, Name: "closed on Good Friday"},
		Holiday{Date: eve, Name: "early home", Off: AfternoonOff},
		Holiday{Date: boxing, Name: "we work", Off: Informative},
	)
	got := map[Date]Half{}
	for _, d := range []Date{friday, eve, boxing} {
		h, _ := set.On(d)
		got[d] = h.Off
	}
	if diff := cmp.Diff(map[Date]Half{friday: FullDay, eve: AfternoonOff, boxing: Informative}, got); diff != "" {
		t.Error(diff)
	}
	if h, _ := other.On(friday); h.Off != Informative {
		t.Error("adding to one set changed another")
	}
}

// TestCounting counts working days as a leave does: pattern, holidays, portion.
func TestCounting(t *testing.T) {
	halves := func(years ...int) (own []Holiday) {
		for _, y := range years {
			for _, d := range []int{24, 31} {
				own = append(own, Holiday{Date: On(y, 12, d), Name: "half", Off: AfternoonOff})
			}
		}
		return own
	}
	bw, _ := Region("DE-BW")
	de := bw.Years(2009, 2014)
	de.Add(halves(2009, 2013)...)
	free := NewHolidays(
		Holiday{Date: MustParse("2022-12-24")}, Holiday{Date: MustParse("2022-12-25")}, Holiday{Date: MustParse("2022-12-26")},
	)
	for _, c := range []struct {
		name, pattern, from, to, portion, want string
		set                                    *Holidays
	}{
		{"A02", "mon-fri", "2009-12-17", "2009-12-31", "whole", "9", de},
		{"A04", "mon-fri", "2009-04-27", "2009-05-02", "whole", "4", de},
		{"A06", "mon wed fri sat", "2013-12-16", "2013-12-31", "whole", "8", de},
		{"A08", "mon-fri", "2013-12-23", "2013-12-31", "whole", "4", de},
		{"A08_next_year", "mon-fri", "2014-01-01", "2014-01-02", "whole", "1", de},
		{"A10", "mon-fri", "2013-12-16", "2013-12-31", "whole", "9", de},
		{"A12", "mon-fri", "2013-12-24", "2013-12-24", "morning", "1/2", de},
		{"A14", "mon-fri", "2013-11-23", "2013-11-23", "whole", "0", de},
		{"A20", "mon-sun morning", "2022-08-01", "2022-08-31", "whole", "31/2", nil},
		{"A34", "mon-sun 09:00-17:00", "2022-08-01", "2022-08-02", "12:00-13:00", "1/4", nil},
		{"A40", "mon-fri", "2022-12-23", "2022-12-27", "whole", "2", free},
	} {
		t.Run(c.name, func(t *testing.T) {
			pattern, portion := MustParsePattern(c.pattern), mustPortion(t, c.portion)
			var got exact.Rat
			for d := range (Range{MustParse(c.from), MustParse(c.to)}).All() {
				work := pattern.On(d)
				if h, ok := c.set.On(d); ok {
					work = h.Off.Apply(work)
				}
				got = got.Add(work.DayFrac(portion))
			}
			if !got.Equal(exact.Must(c.want)) {
				t.Errorf("got %v days, want %s", got, c.want)
			}
		})
	}
}

// TestChange: a customer says what a public holiday takes, wherever it falls and
// in the days meant; where another day stands in for it, that one changes.
func TestChange(t *testing.T) {
	us := region(t, "US").Years(2026, 2028)
	us.Change("new-years-day", Range{From: MustParse("2027-01-01")}, MorningOff)
	us.Change("independence-day-us", Range{}, Informative)
	for date, want := range map[string]Half{
		"2026-01-01": FullDay, "2027-01-01": MorningOff, "2027-12-31": MorningOff, "2028-01-01": Informative,
		"2026-07-03": Informative, "2026-07-04": Informative, "2027-07-05": Informative, "2028-07-04": Informative,
	} {
		if h, ok := us.On(MustParse(date)); !ok || h.Off != want {
			t.Errorf("%s: %+v, want %v", date, h, want)
		}
	}
	if h, _ := region(t, "US").Years(2027, 2027).On(MustParse("2027-01-01")); h.Off != FullDay {
		t.Error("a change of one set reached another")
	}
}
