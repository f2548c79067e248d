// SPDX-License-Identifier: Apache-2.0

package ical

import (
	"strings"
	"testing"
	"time"

	"verlof/calendar"
)

// TestEntry: days are written with the day after the last one, hours without a zone or in UTC where
// their zone is known, and what is free blocks nothing.
func TestEntry(t *testing.T) {
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	day := func(from, to string) Entry {
		return Entry{From: calendar.MustParse(from), To: calendar.MustParse(to)}
	}
	hours := func(at string, from, to calendar.Clock, zone *time.Location) Entry {
		e := day(at, at)
		e.Hours, e.Zone = calendar.Interval{From: from, To: to}, zone
		return e
	}
	pending, half := day("2026-12-30", "2026-12-30"), day("2026-10-26", "2026-10-26")
	pending.Tentative, half.Free = true, true
	for name, c := range map[string]struct {
		entry Entry
		want  []string
	}{
		"days":     {day("2026-12-30", "2026-12-31"), []string{"DTSTART;VALUE=DATE:20261230", "DTEND;VALUE=DATE:20270101", "STATUS:CONFIRMED", "TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:OOF"}},
		"leap_day": {day("2028-02-29", "2028-02-29"), []string{"DTSTART;VALUE=DATE:20280229", "DTEND;VALUE=DATE:20280301"}},
		"pending":  {pending, []string{"STATUS:TENTATIVE", "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"}},
		"free":     {half, []string{"DTSTART;VALUE=DATE:20261026", "DTEND;VALUE=DATE:20261027", "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"}},
		"hours":    {hours("2026-10-25", 9*60, 12*60+30, nil), []string{"DTSTART:20261025T090000", "DTEND:20261025T123000"}},
		"to_24":    {hours("2026-12-31", 22*60, calendar.Midnight, nil), []string{"DTSTART:20261231T220000", "DTEND:20270101T000000"}},
		"winter":   {hours("2026-10-25", 9*60, calendar.Midnight, amsterdam), []string{"DTSTART:20261025T080000Z", "DTEND:20261025T230000Z"}}, // the night before, clocks were put back
		"summer":   {hours("2026-10-24", 9*60, 12*60, amsterdam), []string{"DTSTART:20261024T070000Z", "DTEND:20261024T100000Z"}},
	} {
		c.entry.UID, c.entry.Title, c.entry.Stamp = "r@acme.example", "Holiday", time.Date(2026, 1, 1, 1, 0, 0, 0, amsterdam)
		file := Calendar{Entries: []Entry{c.entry}}
		got := string(file.Bytes())
		for _, want := range append(c.want, "BEGIN:VCALENDAR", "UID:r@acme.example", "SUMMARY:Holiday", "DTSTAMP:20260101T000000Z", "END:VCALENDAR") {
			if !strings.Contains(got, want+"\r\n") {
				t.Errorf("%s: lacks %q in\n%s", name, want, got)
			}
		}
	}
}

// TestFeed: what is fetched again says how often; a file has no name and says nothing of it.
func TestFeed(t *testing.T) {
	file, feed := Calendar{}, Calendar{Name: "Leave; mine", Refresh: time.Hour}
	if got := string(file.Bytes()); strings.Contains(got, "NAME") || strings.Contains(got, "REFRESH") {
		t.Errorf("a file is\n%s", got)
	}
	want := "NAME:Leave\\; mine\r\nX-WR-CALNAME:Leave\\; mine\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\n"
	if got := string(feed.Bytes()); !strings.Contains(got, want) {
		t.Errorf("a feed is\n%s", got)
	}
}

// TestFold: a long title is broken within no character, and holds no line of its own.
func TestFold(t *testing.T) {
	file := Calendar{Entries: []Entry{{Title: `Ä;b,c\d` + strings.Repeat("é", 60) + "\nSTATUS:x"}}}
	long := string(file.Bytes())
	if joined := strings.ReplaceAll(long, "\r\n ", ""); !strings.Contains(joined, `SUMMARY:Ä\;b\,c\\d`+strings.Repeat("é", 60)+`\nSTATUS:x`+"\r\n") {
		t.Errorf("a long title is\n%s", long)
	}
	for line := range strings.SplitSeq(long, "\r\n") {
		if len(line) > foldAt || !strings.HasPrefix(line, " ") && strings.ContainsRune(line, '�') {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
}
