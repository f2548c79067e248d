// SPDX-License-Identifier: Apache-2.0

package lang

import (
	"testing"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
)

// TestForms shows each form in each language.
func TestForms(t *testing.T) {
	on := calendar.MustParse
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name       string
		write      func(l *Locale) string
		en, nl, de string
	}{
		{"Date", func(l *Locale) string { return l.Date(on("2026-03-03")) }, "3 Mar 2026", "3 mrt 2026", "3. März 2026"},
		{"no_date", func(l *Locale) string { return l.Date(0) + l.DateShort(0) + l.DateLong(0) }, "", "", ""},
		{"DateShort", func(l *Locale) string { return l.DateShort(on("2026-03-03")) }, "3 Mar", "3 mrt", "3. März"},
		{"DateLong", func(l *Locale) string { return l.DateLong(on("2026-03-03")) }, "Tuesday 3 March 2026", "dinsdag 3 maart 2026", "Dienstag, 3. März 2026"},
		{"Range/month", func(l *Locale) string { return l.Range(on("2026-03-02"), on("2026-03-06")) }, "2–6 Mar 2026", "2–6 mrt 2026", "2.–6. März 2026"},
		{"Range/year", func(l *Locale) string { return l.Range(on("2026-02-28"), on("2026-03-03")) }, "28 Feb – 3 Mar 2026", "28 feb – 3 mrt 2026", "28. Feb. – 3. März 2026"},
		{"Range/years", func(l *Locale) string { return l.Range(on("2026-12-29"), on("2027-01-02")) }, "29 Dec 2026 – 2 Jan 2027", "29 dec 2026 – 2 jan 2027", "29. Dez. 2026 – 2. Jan. 2027"},
		{"Range/same_month_next_year", func(l *Locale) string { return l.Range(on("2026-03-02"), on("2027-03-02")) }, "2 Mar 2026 – 2 Mar 2027", "2 mrt 2026 – 2 mrt 2027", "2. März 2026 – 2. März 2027"},
		{"Range/day", func(l *Locale) string { return l.Range(on("2026-05-01"), on("2026-05-01")) }, "1 May 2026", "1 mei 2026", "1. Mai 2026"},
		{"Range/open", func(l *Locale) string { return l.Range(on("2026-05-01"), 0) }, "from 1 May 2026", "vanaf 1 mei 2026", "ab 1. Mai 2026"},
		{"Month", func(l *Locale) string { return l.Month(2026, time.October) }, "October 2026", "oktober 2026", "Oktober 2026"},
		{"MonthShort", func(l *Locale) string { return l.MonthShort(time.October) }, "Oct", "okt", "Okt."},
		{"Weekday", func(l *Locale) string { return l.Weekday(time.Sunday) }, "Sunday", "zondag", "Sonntag"},
		{"WeekdayShort", func(l *Locale) string { return l.WeekdayShort(time.Monday) }, "Mo", "ma", "Mo"},
		{"Pattern", func(l *Locale) string { return l.Pattern(calendar.MustParsePattern("mon-wed 7:30; fri morning")) }, "mon-wed 7:30; fri morning", "ma-wo 7:30; vr ochtend", "Mo-Mi 7:30; Fr Vormittag"},
		{"Pattern/weeks", func(l *Locale) string {
			return l.Pattern(calendar.MustParsePattern("from 2026-01-05: sat sun | off"))
		}, "from 2026-01-05: sat sun | off", "vanaf 2026-01-05: za zo | vrij", "ab 2026-01-05: Sa So | frei"},
		{"Days/half", func(l *Locale) string { return l.Days(exact.New(5, 2)) }, "2.5 days", "2,5 dagen", "2,5 Tage"},
		{"Days/rounded", func(l *Locale) string { return l.Days(exact.New(17, 31)) }, "0.55 days", "0,55 dagen", "0,55 Tage"},
		{"Days/nearly_one", func(l *Locale) string { return l.Days(exact.New(999, 1000)) }, "1 day", "1 dag", "1 Tag"},
		{"Days/negative", func(l *Locale) string { return l.Days(exact.New(-1, 2)) }, "−0.5 days", "−0,5 dagen", "−0,5 Tage"},
		{"DaysExact/fraction", func(l *Locale) string { return l.DaysExact(exact.New(79, 31)) }, "2 17/31 days", "2 17/31 dagen", "2 17/31 Tage"},
		{"DaysExact/negative", func(l *Locale) string { return l.DaysExact(exact.New(-1, 3)) }, "−1/3 days", "−1/3 dagen", "−1/3 Tage"},
		{"DaysExact/decimal", func(l *Locale) string { return l.DaysExact(exact.New(1, 4)) }, "0.25 days", "0,25 dagen", "0,25 Tage"},
		{"Hours", func(l *Locale) string { return l.Hours(1200) + " " + l.Hours(-30) + " " + l.Hours(90005) }, "20:00 −0:30 1,500:05", "20:00 −0:30 1.500:05", "20:00 −0:30 1.500:05"},
		{"HoursOf", func(l *Locale) string { return l.HoursOf(exact.New(121, 2)) }, "1:01", "1:01", "1:01"},
		{"Number", func(l *Locale) string { return l.Number(exact.New(-12345678, 100), 1) }, "−123,456.8", "−123.456,8", "−123.456,8"},
		{"Percent", func(l *Locale) string { return l.Percent(exact.New(17, 40)) }, "42.5%", "42,5%", "42,5\u00a0%"},
		{"Clock", func(l *Locale) string { return l.Clock(510) + " " + l.Clock(1440) }, "08:30 24:00", "08:30 24:00", "08:30 24:00"},
		{"Portion", func(l *Locale) string { return l.Portion(calendar.MorningHalf) }, "morning", "ochtend", "Vormittag"},
		{"Portion/hours", func(l *Locale) string { return l.Portion(calendar.Between(540, 840)) }, "09:00–14:00", "09:00–14:00", "09:00–14:00"},
		{"Span/whole", func(l *Locale) string {
			return l.Span(on("2026-03-02"), on("2026-03-06"), calendar.WholeDay, calendar.WholeDay)
		}, "2–6 Mar 2026", "2–6 mrt 2026", "2.–6. März 2026"},
		{"Span/day", func(l *Locale) string {
			return l.Span(on("2026-03-02"), on("2026-03-02"), calendar.WholeDay, calendar.MorningHalf)
		}, "2 Mar 2026", "2 mrt 2026", "2. März 2026"},
		{"Span/morning", func(l *Locale) string {
			return l.Span(on("2026-03-02"), on("2026-03-02"), calendar.MorningHalf, calendar.WholeDay)
		}, "2 Mar 2026, morning", "2 mrt 2026, ochtend", "2. März 2026, Vormittag"},
		{"Span/parts", func(l *Locale) string {
			return l.Span(on("2026-03-02"), on("2026-03-06"), calendar.AfternoonHalf, calendar.Between(540, 600))
		}, "2 Mar (afternoon) – 6 Mar 2026 (09:00–10:00)", "2 mrt (middag) – 6 mrt 2026 (09:00–10:00)", "2. März (Nachmittag) – 6. März 2026 (09:00–10:00)"},
		{"Span/years", func(l *Locale) string {
			return l.Span(on("2026-12-31"), on("2027-01-04"), calendar.AfternoonHalf, calendar.WholeDay)
		}, "31 Dec 2026 (afternoon) – 4 Jan 2027", "31 dec 2026 (middag) – 4 jan 2027", "31. Dez. 2026 (Nachmittag) – 4. Jan. 2027"},
		{"List", func(l *Locale) string {
			return l.List() + l.List("a") + ";" + l.List("a", "b") + ";" + l.List("a", "b", "c")
		}, "a;a and b;a, b and c", "a;a en b;a, b en c", "a;a und b;a, b und c"},
		{"DateTime", func(l *Locale) string {
			return l.DateTime(time.Date(2026, 6, 30, 22, 5, 0, 0, time.UTC).UnixMicro(), amsterdam)
		}, "1 Jul 2026, 00:05", "1 jul 2026, 00:05", "1. Juli 2026, 00:05"},
		{"value/date", func(l *Locale) string { return l.T("date.range.open", "from", on("2026-03-03")) }, "from 3 Mar 2026", "vanaf 3 mrt 2026", "ab 3. März 2026"},
		{"value/range", func(l *Locale) string { return l.value("x", calendar.MonthOf(2026, time.March)) }, "1–31 Mar 2026", "1–31 mrt 2026", "1.–31. März 2026"},
		{"value/number", func(l *Locale) string { return l.value("year", 2026) + l.value("x", exact.New(1, 3)) }, "20260.33", "20260,33", "20260,33"},
		{"value/names", func(l *Locale) string { return l.value("x", time.Friday) + l.value("x", time.May) }, "FridayMay", "vrijdagmei", "FreitagMai"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for tag, want := range map[string]string{"en": tt.en, "nl": tt.nl, "de": tt.de} {
				if got := tt.write(For(tag)); got != want {
					t.Errorf("%s: got %q, want %q", tag, got, want)
				}
			}
		})
	}
}

func TestParseDate(t *testing.T) {
	tests := []struct {
		name, tag, in, want string // no want: refused
	}{
		{"iso", "nl", "2026-03-03", "2026-03-03"},
		{"hyphens", "nl", "3-3-2026", "2026-03-03"},
		{"day_before_month", "en", "04/03/2026", "2026-03-04"},
		{"dots", "nl", " 3.3.2026 ", "2026-03-03"},
		{"dutch_short", "nl", "3 mrt 2026", "2026-03-03"},
		{"dutch_short_dot", "nl", "3 mrt. 2026", "2026-03-03"},
		{"dutch_long", "nl", "3 Maart 2026", "2026-03-03"},
		{"german_short", "de", "3. Sept. 2026", "2026-09-03"},
		{"german_long", "de", "Donnerstag, 3. September 2026", "2026-09-03"},
		{"german_digits", "de", "Do, 3.9.26", "2026-09-03"},
		{"english_short", "en", "3 Mar 2026", "2026-03-03"},
		{"weekday", "en", "Tuesday 3 March 2026", "2026-03-03"},
		{"weekday_short", "nl", "di 3-3-2026", "2026-03-03"},
		{"two_digits", "nl", "3-3-26", "2026-03-03"},
		{"leap_day", "nl", "29-2-2028", "2028-02-29"},
		{"no_leap_day", "nl", "29-2-2026", ""},
		{"wrong_weekday", "en", "Monday 3 March 2026", ""},
		{"month_thirteen", "en", "3/13/2026", ""},
		{"other_language", "en", "3 mrt 2026", ""},
		{"empty", "en", "", ""},
		{"two_parts", "en", "3 Mar", ""},
		{"three_digit_year", "en", "3-3-026", ""},
		{"words", "en", "next week on Friday", ""},
		{"sign", "en", "3 3 +026", ""},
		{"year_zero", "en", "3-3-0000", ""},
		{"minus", "en", "-2026-03-03", ""},
		{"no_digits", "en", "- - - 3", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := For(tt.tag).ParseDate(tt.in)
			switch {
			case tt.want == "" && !errs.Is(err, errs.Invalid):
				t.Errorf("ParseDate(%q) = %v, %v; want errs.Invalid", tt.in, got, err)
			case tt.want != "" && (err != nil || got.String() != tt.want):
				t.Errorf("ParseDate(%q) = %v, %v; want %s", tt.in, got, err, tt.want)
			}
		})
	}
}

// TestParseDateReadsWhatDateWrites goes through every form and a year of days.
func TestParseDateReadsWhatDateWrites(t *testing.T) {
	for _, tag := range Tags() {
		l := For(tag)
		for d := range calendar.YearOf(2028).All() {
			for _, s := range []string{l.Date(d), l.DateLong(d), d.String()} {
				if got, err := l.ParseDate(s); got != d {
					t.Fatalf("%s: ParseDate(%q) = %v, %v; want %v", tag, s, got, err, d)
				}
			}
		}
	}
}
