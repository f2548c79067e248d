// SPDX-License-Identifier: Apache-2.0

// Package ical owns how days and hours are written for calendar apps (iCalendar: RFC 5545 and
// RFC 7986). It refuses to say what stands in a calendar, and in which words.
package ical

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"verlof/calendar"
)

// ContentType is what a calendar is sent as.
const ContentType = "text/calendar; charset=utf-8"

// Calendar is what an app shows: a file with entries, or a feed that it fetches again.
type Calendar struct {
	Name    string        // empty: none
	Refresh time.Duration // how often an app should fetch it again, in whole hours; 0: never
	Entries []Entry
}

// Entry is something that takes some days, or a part of one day.
type Entry struct {
	UID       string // the same for the same thing, always and in every calendar
	Title     string
	From, To  calendar.Date     // both included
	Hours     calendar.Interval // of the day From; zero: whole days
	Zone      *time.Location    // of the hours; nil: that of whoever looks
	Tentative bool
	Free      bool      // blocks no time of whoever keeps it in a calendar
	Stamp     time.Time // when it was last changed
}

// Bytes returns the calendar as RFC 5545 says.
func (c *Calendar) Bytes() []byte {
	var b strings.Builder
	lines(&b, "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Verlof//Verlof//EN")
	if c.Name != "" { // the second of each is what apps knew before RFC 7986
		lines(&b, "NAME:"+escaped(c.Name), "X-WR-CALNAME:"+escaped(c.Name))
	}
	if hours := int(c.Refresh.Hours()); hours > 0 {
		lines(&b, fmt.Sprintf("REFRESH-INTERVAL;VALUE=DURATION:PT%dH", hours), fmt.Sprintf("X-PUBLISHED-TTL:PT%dH", hours))
	}
	for i := range c.Entries {
		c.Entries[i].write(&b)
	}
	lines(&b, "END:VCALENDAR")
	return []byte(b.String())
}

func (e *Entry) write(b *strings.Builder) {
	status, busy, taken := "CONFIRMED", "OOF", "OPAQUE"
	if e.Tentative {
		status, busy = "TENTATIVE", "TENTATIVE"
	}
	if e.Free {
		busy, taken = "FREE", "TRANSPARENT"
	}
	from, to := ";VALUE=DATE:"+compact(e.From), ";VALUE=DATE:"+compact(e.To.AddDays(1))
	if e.Hours != (calendar.Interval{}) {
		from, to = ":"+e.moment(e.Hours.From), ":"+e.moment(e.Hours.To)
	}
	lines(b, "BEGIN:VEVENT", "UID:"+e.UID, "DTSTAMP:"+e.Stamp.UTC().Format(inUTC), "DTSTART"+from, "DTEND"+to,
		"SUMMARY:"+escaped(e.Title), "STATUS:"+status, "TRANSP:"+taken, "X-MICROSOFT-CDO-BUSYSTATUS:"+busy, "END:VEVENT")
}

const inUTC = "20060102T150405Z"

func compact(d calendar.Date) string { return strings.ReplaceAll(d.String(), "-", "") }

// moment is a time on the entry's first day: in UTC where its zone is known, which needs no
// table of that zone beside it; 24:00 is the beginning of the next day.
func (e *Entry) moment(c calendar.Clock) string {
	if e.Zone != nil {
		year, month, day := e.From.Civil()
		return time.Date(year, month, day, 0, int(c), 0, 0, e.Zone).UTC().Format(inUTC)
	}
	d := e.From
	if c == calendar.Midnight {
		d, c = d.AddDays(1), 0
	}
	return compact(d) + "T" + strings.ReplaceAll(c.String(), ":", "") + "00"
}

// escaped is a text as a value (RFC 5545, section 3.3.11).
var escaped = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", "").Replace

// foldAt is how many octets a line has at most (RFC 5545, section 3.1).
const foldAt = 75

func lines(b *strings.Builder, list ...string) {
	for _, line := range list {
		fold(b, line)
	}
}

// fold writes a line, broken where it is too long and never within a character.
func fold(b *strings.Builder, line string) {
	room := foldAt
	for len(line) > room {
		at := room
		for !utf8.RuneStart(line[at]) {
			at--
		}
		b.WriteString(line[:at] + "\r\n ")
		line, room = line[at:], foldAt-1
	}
	b.WriteString(line + "\r\n")
}
