// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"verlof/calendar"
	"verlof/leave"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/view"
)

// requestFile handles GET /requests/{id}/calendar.ics: the leave as an entry for somebody's own
// calendar, while it counts.
func requestFile(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	d, err := t.Leave.Detail(r.Context(), v.Person, r.PathValue("id"))
	if err != nil {
		return err
	}
	if !inCalendar(d.Request.State) {
		return page.ErrNothing
	}
	title := d.Type.Name
	if !view.SubjectOf(v, d.Person).Own {
		title = d.Person.Name() + ": " + title
	}
	if s := d.Request.Span; s.First != calendar.WholeDay || s.From != s.To && s.Last != calendar.WholeDay {
		title += " (" + view.SpanText(v.Lang, s) + ")"
	}
	w.Header().Set("Content-Disposition", `attachment; filename="leave-`+d.Request.From.String()+`.ics"`)
	page.Send(w, r, http.StatusOK, "text/calendar; charset=utf-8", []byte(calendarFile(&d.Request, title, r.Host)))
	return nil
}

// inCalendar reports whether leave of a state has a place in somebody's calendar.
func inCalendar(s leave.State) bool { return s == leave.Pending || s == leave.Approved }

// calendarFile writes leave as RFC 5545 says: whole days as dates, hours as times without a zone,
// which are those of whoever looks. Half a day has no times, so it blocks none.
func calendarFile(q *leave.Request, title, host string) string {
	status, busy, taken := "CONFIRMED", "OOF", "OPAQUE"
	if q.State == leave.Pending {
		status, busy = "TENTATIVE", "TENTATIVE"
	}
	from, to := ";VALUE=DATE:"+compact(q.From), ";VALUE=DATE:"+compact(q.To.AddDays(1))
	if q.From == q.To {
		switch hours := q.First.Hours; {
		case q.First.Kind == calendar.Hours:
			from, to = ":"+moment(q.From, hours.From), ":"+moment(q.From, hours.To)
		case q.First != calendar.WholeDay:
			busy, taken = "FREE", "TRANSPARENT"
		}
	}
	var b strings.Builder
	for _, line := range []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Verlof//Verlof//EN", "BEGIN:VEVENT",
		"UID:" + q.ID + "@" + host, "DTSTAMP:" + time.UnixMicro(max(q.AskedAt, q.DecidedAt)).UTC().Format("20060102T150405Z"),
		"DTSTART" + from, "DTEND" + to, "SUMMARY:" + escaped(title), "STATUS:" + status, "TRANSP:" + taken,
		"X-MICROSOFT-CDO-BUSYSTATUS:" + busy, "END:VEVENT", "END:VCALENDAR"} {
		fold(&b, line)
	}
	return b.String()
}

func compact(d calendar.Date) string { return strings.ReplaceAll(d.String(), "-", "") }

// moment is a time on a day without a zone; 24:00 is the beginning of the next day.
func moment(d calendar.Date, c calendar.Clock) string {
	if c == calendar.Midnight {
		d, c = d.AddDays(1), 0
	}
	return compact(d) + "T" + strings.ReplaceAll(c.String(), ":", "") + "00"
}

// escaped is a text as a value (RFC 5545, section 3.3.11).
var escaped = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", "").Replace

// foldAt is how many octets a line has at most (RFC 5545, section 3.1).
const foldAt = 75

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
