// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/errs"
	"verlof/internal/exact"
)

func at(from, to string) Interval {
	i, err := ParseInterval(from + "-" + to)
	if err != nil {
		panic(err)
	}
	return i
}

func TestParsePatternMonday(t *testing.T) {
	for _, c := range []struct {
		text, short string
		want        Workday
	}{
		{"mon", "mon", Workday{at("08:00", "12:00"), at("13:00", "17:00")}},
		{"mon 8:00", "mon", Workday{at("08:00", "12:00"), at("13:00", "17:00")}},
		{"mon 7:36", "mon 7:36", Workday{at("08:00", "11:48"), at("13:00", "16:48")}},
		{"mon 7:37", "mon 7:37", Workday{at("08:00", "11:49"), at("13:00", "16:48")}},
		{"mon 12:00", "mon 12:00", Workday{at("08:00", "14:00"), at("14:00", "20:00")}},
		{"Monday 08:00-12:00 12:30-16:30", "mon 08:00-12:00 12:30-16:30", Workday{at("08:00", "12:00"), at("12:30", "16:30")}},
		{"mon 09:00-17:00", "mon 09:00-17:00", Workday{at("09:00", "13:00"), at("13:00", "17:00")}},
		{"mon 09:00-13:00 13:00-17:00", "mon 09:00-17:00", Workday{at("09:00", "13:00"), at("13:00", "17:00")}},
		{"mon 9:00-13:00", "mon 09:00-13:00", Workday{Morning: at("09:00", "13:00")}},
		{"mon 12:30–18:00", "mon 12:30-18:00", Workday{Afternoon: at("12:30", "18:00")}},
		{"mon morning", "mon morning", Workday{Morning: at("08:00", "12:00")}},
		{"mon 08:00-12:00", "mon morning", Workday{Morning: at("08:00", "12:00")}},
		{"mon afternoon", "mon afternoon", Workday{Afternoon: at("13:00", "17:00")}},
		{"mon morning afternoon", "mon", Workday{at("08:00", "12:00"), at("13:00", "17:00")}},
		{"mon morning 10:00-14:00", "mon morning 10:00-14:00", Workday{Morning: at("10:00", "14:00")}},
		{"mon afternoon 12:00-13:00", "mon afternoon 12:00-13:00", Workday{Afternoon: at("12:00", "13:00")}},
		{"mon morning 14:00-18:00 afternoon 18:00-22:00", "mon 14:00-18:00 18:00-22:00", Workday{at("14:00", "18:00"), at("18:00", "22:00")}},
	} {
		p, err := ParsePattern(c.text)
		if err != nil {
			t.Errorf("%s: %v %v", c.text, err, errs.As(err).Args)
			continue
		}
		if p.Weeks[0][0] != c.want {
			t.Errorf("%s: got %v", c.text, p.Weeks[0][0])
		}
		if p.String() != c.short {
			t.Errorf("%s is written %s, want %s", c.text, p, c.short)
		}
	}
}

func TestPatternText(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"mon-fri 08:00-12:00 12:30-16:30", "mon-fri 08:00-12:00 12:30-16:30"},
		{"mon tue wed 09:00-13:00 13:00-17:00; fri 09:00-13:00", "mon-wed 09:00-17:00; fri 09:00-13:00"},
		{"mon, tue, thu, fri; wed morning", "mon tue thu fri; wed morning"},
		{"mon; wed morning; tue", "mon tue; wed morning"},
		{"sat-mon 7:36", "mon sat sun 7:36"},
		{"from 2026-01-07:mon-fri|mon-thu", "from 2026-01-07: mon-fri | mon-thu"},
		{"from 2026-01-05: mon-fri | off | sat", "from 2026-01-05: mon-fri | off | sat"},
		{"from 2026-01-05: mon-fri", "from 2026-01-05: mon-fri"},
		{"off", "off"},
	} {
		p, err := ParsePattern(c.text)
		if err != nil {
			t.Errorf("%s: %v %v", c.text, err, errs.As(err).Args)
			continue
		}
		if p.String() != c.want {
			t.Errorf("%s is written %s, want %s", c.text, p, c.want)
		}
		again, err := ParsePattern(p.String())
		if diff := cmp.Diff(p, again); err != nil || diff != "" {
			t.Errorf("%s does not come back: %v %s", p, err, diff)
		}
	}
	if got := (Pattern{}).String(); got != "off" {
		t.Errorf("a pattern without weeks is written %s", got)
	}
}

func TestPatternRefusals(t *testing.T) {
	for _, c := range []struct{ text, key, word string }{
		{"", "calendar.error.pattern-days", ""},
		{"08:00-12:00", "calendar.error.pattern-days", "08:00-12:00"},
		{"mon-fry", "calendar.error.pattern-days", "mon-fry"},
		{"mon-fri;", "calendar.error.pattern-days", ""},
		{"mon-fri 8", "calendar.error.pattern", "8"},
		{"mon-fri 12:00-08:00", "calendar.error.pattern-overnight", "12:00-08:00"},
		{"mon-fri 22:00-06:00", "calendar.error.pattern-overnight", "22:00-06:00"},
		{"mon 08:00-10:00 11:00-12:00 13:00-14:00", "calendar.error.pattern-blocks", "13:00-14:00"},
		{"mon 08:00-12:00 tue", "calendar.error.pattern", "tue"},
		{"mon morning evening", "calendar.error.pattern", "evening"},
		{"mon 08:00-12:00 11:00-15:00", "calendar.error.pattern-order", "11:00-15:00"},
		{"mon afternoon 08:00-10:00 morning", "calendar.error.pattern-order", "morning"},
		{"mon morning morning", "calendar.error.pattern-twice", "morning"},
		{"mon-fri; wed morning", "calendar.error.pattern-twice", "wed"},
		{"mon mon", "calendar.error.pattern-twice", "mon"},
		{"mon 17:00", "calendar.error.pattern-length", "17:00"},
		{"mon 0:00", "calendar.error.pattern-length", "0:00"},
		{"mon-fri | mon-thu", "calendar.error.pattern-anchor", "mon-fri | mon-thu"},
		{"from 2026-02-30: mon | tue", "calendar.error.pattern-anchor", "2026-02-30"},
		{"from 2026-01-05 mon | tue", "calendar.error.pattern-anchor", "2026-01-05 mon | tue"},
	} {
		_, err := ParsePattern(c.text)
		e := errs.As(err)
		if err == nil || e.Kind != errs.Invalid || e.Public != c.key {
			t.Errorf("%q: got %v, want %s", c.text, err, c.key)
			continue
		}
		if diff := cmp.Diff([]any{"word", c.word}, e.Args); diff != "" {
			t.Errorf("%q: %s", c.text, diff)
		}
	}
}

func TestPatternOn(t *testing.T) {
	p := MustParsePattern("from 2026-01-07: mon-fri | mon-thu 4:00")
	for _, c := range []struct {
		date    string
		minutes int
	}{
		{"2026-01-05", 480}, // Monday of the first week, before the anchor itself
		{"2026-01-09", 480},
		{"2026-01-11", 0},
		{"2026-01-12", 240},
		{"2026-01-16", 0},
		{"2026-01-19", 480},
		{"2026-01-04", 0},
		{"2026-01-01", 240}, // the week before is a second week
		{"2025-12-26", 480},
	} {
		if got := p.On(MustParse(c.date)).Minutes(); got != c.minutes {
			t.Errorf("%s: got %d minutes, want %d", c.date, got, c.minutes)
		}
	}
}

func TestPatternAverages(t *testing.T) {
	for _, c := range []struct{ text, minutes, days string }{
		{"mon-fri", "2400", "5"},
		{"mon tue wed", "1440", "3"},
		{"mon-thu; fri morning", "2160", "9/2"},
		{"from 2026-01-05: mon-fri | mon-thu", "2160", "9/2"},
		{"from 2026-01-05: mon | off | off", "160", "1/3"},
		{"off", "0", "0"},
	} {
		p := MustParsePattern(c.text)
		if !p.WeeklyMinutes().Equal(exact.Must(c.minutes)) || !p.WeeklyDays().Equal(exact.Must(c.days)) {
			t.Errorf("%s: got %v minutes and %v days", c.text, p.WeeklyMinutes(), p.WeeklyDays())
		}
	}
}
