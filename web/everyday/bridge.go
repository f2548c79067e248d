// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/web/template"
)

const (
	around  = 9 // days before and after the months that are shown, in which a run of days off may begin or end
	longest = 2 // working days that a bridge may cost
)

// bridge is a run of working days between days off: who takes them is off for all of Off.
type bridge struct{ Leave, Off calendar.Range }

// dayKind is what a day is to a person before they ask for leave.
type dayKind uint8

const (
	atWork dayKind = iota
	offDuty
	feastDay // a public holiday on what would be a working day
	onLeave
)

// bridges finds the runs of at most longest working days that begin and end within a range
// and lie between days off, where at least one of those is a public holiday: a week
// that is short anyway. Days of leave bound a run of days off.
func bridges(within, known calendar.Range, kind func(calendar.Date) dayKind) []bridge {
	off := func(d calendar.Date) bool {
		return known.From <= d && d <= known.To && (kind(d) == offDuty || kind(d) == feastDay)
	}
	var out []bridge
	for d := within.From; d <= within.To; d++ {
		if kind(d) != atWork || !off(d-1) {
			continue
		}
		last := d
		for last < known.To && kind(last+1) == atWork {
			last++
		}
		if last-d >= longest || last > within.To || !off(last+1) {
			continue
		}
		b := bridge{calendar.Range{From: d, To: last}, calendar.Range{From: d, To: last}}
		feast := false
		for ; off(b.Off.From - 1); b.Off.From-- {
			feast = feast || kind(b.Off.From-1) == feastDay
		}
		for ; off(b.Off.To + 1); b.Off.To++ {
			feast = feast || kind(b.Off.To+1) == feastDay
		}
		if feast {
			out = append(out, b)
		}
	}
	return out
}

// fillBridges proposes days within a range that are worth taking.
func (p *askPage) fillBridges(c *leave.Chart, row *leave.ChartRow, within calendar.Range) {
	l := p.Form.Lang
	for _, b := range bridges(within, c.Range, func(d calendar.Date) dayKind { return kindOf(c, row.Days[d-c.Range.From]) }) {
		p.Calendar.Bridges = append(p.Calendar.Bridges, template.Bridge{
			Days: l.Range(b.Leave.From, b.Leave.To), Why: l.T("web.ask.bridge", "off", l.Days(exact.Int(int64(b.Off.Days())))),
			Href: p.with("from", b.Leave.From.String(), "to", b.Leave.To.String(), "month", b.Leave.From.String()[:7]) + "#days",
		})
	}
}

func kindOf(c *leave.Chart, day leave.ChartDay) dayKind {
	h, holiday := holidayOf(c, day)
	switch {
	case day.Free:
		return offDuty
	case holiday && h.Off == calendar.FullDay:
		return feastDay
	case day.Morning != 0 || day.Afternoon != 0:
		return onLeave
	}
	return atWork
}
