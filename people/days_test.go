// SPDX-License-Identifier: Apache-2.0

package people

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
)

func TestSaveOwnDay(t *testing.T) {
	s, f := house(t)
	id, err := s.SaveOwnDay(t.Context(), "ada", OwnDay{Date: day("2026-12-24"), Name: "Christmas Eve", Off: calendar.AfternoonOff})
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		d    OwnDay
		want string
	}{
		"changed":      {OwnDay{ID: id, Date: day("2026-12-24"), Name: "Eve"}, ""},
		"at_one_place": {OwnDay{Location: "home", Date: day("2026-12-24"), Name: "Eve"}, ""},
		"twice":        {OwnDay{Date: day("2026-12-24"), Name: "Again"}, "conflict date day_taken"},
		"nothing":      {OwnDay{}, "invalid name name_missing; invalid date date_missing"},
		"half":         {OwnDay{Date: day("2026-12-31"), Name: "X", Off: 9}, "invalid off off"},
		"location":     {OwnDay{Date: day("2026-12-31"), Name: "X", Location: "moon"}, "invalid location location"},
		"set":          {OwnDay{Date: day("2026-12-31"), Name: "X", Set: "moon"}, "invalid location holiday_set"},
		"two_places":   {OwnDay{Date: day("2026-12-31"), Name: "X", Location: "home", Set: "sets"}, "invalid location location; invalid location holiday_set"},
		"comes_back":   {OwnDay{Date: day("2020-12-24"), Yearly: true, Name: "Eve"}, "conflict date day_taken"},
		"ended_before": {OwnDay{Date: day("2020-12-24"), Last: day("2025-12-24"), Yearly: true, Name: "Eve"}, ""},
		"backwards":    {OwnDay{Date: day("2026-11-24"), Last: day("2025-12-24"), Yearly: true, Name: "Eve"}, "invalid last last_before"},
		"feast":        {OwnDay{Date: day("2026-01-01"), Feast: "kings-day", Off: calendar.Informative}, ""},
		"no_feast":     {OwnDay{Date: day("2026-01-01"), Feast: "name-day"}, "invalid feast feast"},
		"unknown":      {OwnDay{ID: "x", Date: day("2026-12-31"), Name: "X"}, "not found no_day"},
	} {
		if _, err := s.SaveOwnDay(t.Context(), "ada", tt.d); said(err) != tt.want {
			t.Errorf("%s: got %q, want %q", name, said(err), tt.want)
		}
	}
	if err := s.DeleteOwnDay(t.Context(), "ada", id); err != nil || len(f.days) != 3 {
		t.Error(err, f.days)
	}
	if err := s.DeleteOwnDay(t.Context(), "ada", id); said(err) != "not found no_day" {
		t.Error(err)
	}
}

// TestHolidaySet: a set is kept by the locations that are named, and cannot go while one keeps it.
func TestHolidaySet(t *testing.T) {
	s, f := house(t)
	id, err := s.SaveHolidaySet(t.Context(), "ada", HolidaySet{Name: "Early home"}, []string{"home"})
	if err != nil || !slices.Equal(f.locations["home"].Sets, []string{id}) {
		t.Fatal(err, f.locations["home"])
	}
	eve := OwnDay{Set: id, Date: day("2026-12-24"), Yearly: true, Name: "Eve", Off: calendar.AfternoonOff}
	if _, err := s.SaveOwnDay(t.Context(), "ada", eve); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		set       HolidaySet
		locations []string
		want      string
	}{
		"taken":    {HolidaySet{Name: "early HOME"}, nil, "conflict name name_taken"},
		"nameless": {HolidaySet{}, nil, "invalid name name_missing"},
		"nowhere":  {HolidaySet{Name: "X"}, []string{"moon"}, "invalid locations location"},
		"unknown":  {HolidaySet{ID: "x", Name: "X"}, nil, "not found no_holiday_set"},
	} {
		if _, err := s.SaveHolidaySet(t.Context(), "ada", tt.set, tt.locations); said(err) != tt.want {
			t.Errorf("%s: got %q, want %q", name, said(err), tt.want)
		}
	}
	if err := s.DeleteHolidaySet(t.Context(), "ada", id); said(err) != "conflict holiday_set_kept" {
		t.Error(said(err))
	}
	if _, err := s.SaveHolidaySet(t.Context(), "ada", HolidaySet{ID: id, Name: "Early home"}, nil); err != nil || len(f.locations["home"].Sets) != 0 {
		t.Error(err, f.locations["home"])
	}
	if err := s.DeleteHolidaySet(t.Context(), "ada", id); err != nil || len(f.sets) != 0 {
		t.Error(err, f.sets)
	}
	if _, err := s.SaveLocation(t.Context(), "ada", Location{ID: "home", Name: "Home", TimeZone: "UTC", Sets: []string{"moon"}}); said(err) != "invalid sets holiday_set" {
		t.Error(said(err))
	}
}

// TestCopyDays: only what does not come back by itself is copied, and once.
func TestCopyDays(t *testing.T) {
	s, f := house(t)
	for i, d := range []OwnDay{
		{Date: day("2026-05-15"), Name: "Bridge day"},
		{Date: day("2026-12-24"), Yearly: true, Name: "Eve"},
		{Location: "home", Date: day("2026-06-01"), Name: "Fair"},
		{Date: day("2027-08-03"), Name: "Outing"}, {Date: day("2026-08-03"), Name: "Outing"},
	} {
		if _, err := s.SaveOwnDay(t.Context(), "ada", d); err != nil {
			t.Fatal(i, err)
		}
	}
	for _, want := range []int{1, 0} {
		if n, err := s.CopyDays(t.Context(), "ada", "", "", 2026); err != nil || n != want || len(f.days) != 6 {
			t.Errorf("%d days, %v, %d in all; want %d", n, err, len(f.days), want)
		}
	}
}

// TestCopyDaysOfALeapYear: two days that fall together in the next year become one.
func TestCopyDaysOfALeapYear(t *testing.T) {
	s, f := house(t)
	for _, d := range []OwnDay{{Date: day("2028-02-28"), Name: "Carnival"}, {Date: day("2028-02-29"), Name: "Leap day"}} {
		if _, err := s.SaveOwnDay(t.Context(), "ada", d); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.CopyDays(t.Context(), "ada", "", "", 2028); err != nil || n != 1 || len(f.days) != 3 {
		t.Errorf("%d copied, %v, %d in all; want 1 and 3", n, err, len(f.days))
	}
}

// TestLocationHolidays: what is said of every location, of its sets and of itself
// wins in that order over its region; what comes back does so between its days.
func TestLocationHolidays(t *testing.T) {
	own := []OwnDay{
		{Date: day("2025-12-24"), Last: day("2027-12-24"), Yearly: true, Name: "eve", Off: calendar.AfternoonOff},
		{Set: "early", Date: day("2026-12-31"), Yearly: true, Name: "old year", Off: calendar.AfternoonOff},
		{Set: "other", Date: day("2026-03-02"), Name: "not here"},
		{Location: "home", Date: day("2026-12-24"), Name: "we work", Off: calendar.Informative},
		{Location: "away", Date: day("2026-03-03"), Name: "not here"},
		{Date: day("2026-01-01"), Feast: "liberation-day-nl", Off: calendar.FullDay},
		{Set: "early", Date: day("2026-01-01"), Last: day("2026-12-31"), Feast: "kings-day", Off: calendar.Informative},
	}
	home := Location{ID: "home", Region: "NL", Sets: []string{"early"}}
	var got []string
	for _, h := range home.Holidays(own, 2024, 2028).Between(calendar.Range{}) {
		if h.Set {
			got = append(got, strings.Join([]string{h.Date.String(), h.Name + h.Key, h.Off.String()}, " "))
		}
	}
	want := []string{
		"2025-12-24 eve afternoon",
		"2026-04-27 kings-day informative", "2026-05-05 liberation-day-nl full", "2026-12-24 we work informative", "2026-12-31 old year afternoon",
		"2027-05-05 liberation-day-nl full", "2027-12-24 eve afternoon", "2027-12-31 old year afternoon",
		"2028-05-05 liberation-day-nl full", "2028-12-31 old year afternoon",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// Boxing Day of 2026 is kept on the Monday: that is what changes, not the Saturday.
	london := Location{Region: "GB-ENG"}
	set := london.Holidays([]OwnDay{{Date: day("2026-01-01"), Feast: "boxing-day", Off: calendar.Informative}}, 2026, 2026)
	if h, _ := set.On(day("2026-12-28")); h.Off != calendar.Informative || !h.Set {
		t.Errorf("%+v", h)
	}
}
