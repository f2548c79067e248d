// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"testing"

	"verlof/errs"
	"verlof/internal/exact"
)

func mustPortion(t *testing.T, s string) Portion {
	t.Helper()
	p, err := ParsePortion(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func workday(t *testing.T, work string) Workday {
	t.Helper()
	if work == "free" {
		return Workday{}
	}
	p, err := ParsePattern("mon " + work)
	if err != nil {
		t.Fatal(err)
	}
	return p.Weeks[0][0]
}

func TestDayFrac(t *testing.T) {
	for _, c := range []struct {
		name, work, portion string
		days                string
		minutes             int
	}{
		{"whole", "08:00-12:00 13:00-17:00", "whole", "1", 480},
		{"morning", "08:00-12:00 13:00-17:00", "morning", "1/2", 240},
		{"half_is_half_whatever_its_hours", "08:00-13:00 14:00-17:00", "afternoon", "1/2", 180},
		{"works_mornings_asks_morning", "morning", "morning", "1/2", 240},
		{"works_mornings_asks_afternoon", "morning", "afternoon", "0", 0},
		{"works_mornings_asks_whole", "morning", "whole", "1/2", 240},
		{"free_day", "free", "whole", "0", 0},
		{"free_day_hours", "free", "09:00-12:00", "0", 0},
		{"an_hour_of_eight", "09:00-17:00", "12:00-13:00", "1/8", 60},
		{"shift_first_part", "09:00-17:00", "09:00-14:00", "5/8", 300},
		{"shift_second_part", "09:00-17:00", "14:00-17:00", "3/8", 180},
		{"hours_in_the_break", "08:00-12:00 13:00-17:00", "12:00-13:00", "0", 0},
		{"hours_beyond_work", "08:00-12:00 13:00-17:00", "00:00-24:00", "1", 480},
		{"hours_of_a_half_day", "morning", "08:00-10:00", "1/4", 120},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, p := workday(t, c.work), mustPortion(t, c.portion)
			if got := w.DayFrac(p); !got.Equal(exact.Must(c.days)) {
				t.Errorf("got %v days, want %s", got, c.days)
			}
			if got := w.Of(p); got != c.minutes {
				t.Errorf("got %d minutes, want %d", got, c.minutes)
			}
		})
	}
}

func TestHalfApply(t *testing.T) {
	for _, c := range []struct {
		half, work, portion, days string
	}{
		{"afternoon", "", "whole", "1/2"},
		{"afternoon", "", "morning", "1/2"},
		{"afternoon", "", "afternoon", "0"},
		{"afternoon", "", "08:00-10:00", "1/4"},
		{"afternoon", "afternoon", "whole", "0"},
		{"morning", "", "whole", "1/2"},
		{"full", "", "whole", "0"},
		{"informative", "", "whole", "1"},
	} {
		h, err := ParseHalf(c.half)
		if err != nil || h.String() != c.half {
			t.Fatalf("%s: got %v, %v", c.half, h, err)
		}
		got := h.Apply(workday(t, c.work)).DayFrac(mustPortion(t, c.portion))
		if !got.Equal(exact.Must(c.days)) {
			t.Errorf("%s off, works %q, asks %s: got %v days, want %s", c.half, c.work, c.portion, got, c.days)
		}
	}
}

func TestPortionsOverlap(t *testing.T) {
	for _, c := range []struct {
		work, p, q string
		want       bool
	}{
		{"", "morning", "morning", true},
		{"", "morning", "afternoon", false},
		{"", "whole", "afternoon", true},
		{"", "09:00-11:00", "11:00-12:00", false},
		{"", "09:00-11:00", "10:00-12:00", true},
		{"", "morning", "11:00-14:00", true},
		{"", "morning", "12:00-14:00", false},
		{"", "afternoon", "12:00-14:00", true},
		{"09:00-17:00", "morning", "12:00-14:00", true},
		{"morning", "afternoon", "13:00-14:00", true},
		{"afternoon", "morning", "12:00-14:00", true},
		{"free", "morning", "afternoon", false},
		{"free", "whole", "09:00-10:00", true},
		{"free", "morning", "11:00-12:00", true},
	} {
		w, p, q := workday(t, c.work), mustPortion(t, c.p), mustPortion(t, c.q)
		if w.Overlaps(p, q) != c.want || w.Overlaps(q, p) != c.want {
			t.Errorf("works %q: %s and %s overlap: want %v", c.work, c.p, c.q, c.want)
		}
	}
}

func TestClockText(t *testing.T) {
	for s, want := range map[string]string{"8:30": "08:30", "00:00": "00:00", "24:00": "24:00", "23:59": "23:59"} {
		if c, err := ParseClock(s); err != nil || c.String() != want {
			t.Errorf("%s: got %v, %v", s, c, err)
		}
	}
	for _, s := range []string{"", "8", "8:3", "8:60", "24:01", "-1:00", "008:00", "8:30:00", "8.30"} {
		if c, err := ParseClock(s); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q is taken for %v", s, c)
		}
	}
}

func TestPortionText(t *testing.T) {
	for _, s := range []string{"whole", "morning", "afternoon", "09:00-14:00"} {
		if p := mustPortion(t, s); p.String() != s {
			t.Errorf("%s comes back as %s", s, p)
		}
	}
	if mustPortion(t, "09:00-14:00") != Between(9*60, 14*60) {
		t.Error("hours are not what Between makes")
	}
	for _, s := range []string{"", "Morning", "14:00-09:00", "09:00-09:00", "09:00", "half"} {
		if p, err := ParsePortion(s); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q is taken for %v", s, p)
		}
	}
}
