// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"iter"
	"sort"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
)

// booking is leave of one person that is there, or that the plan adds.
type booking struct {
	leave.Span
	kind string // id of the leave type
	line int    // of the file; 0: it is only in the database
}

// diary is the bookings of one person in the order of their first days.
type diary struct {
	list    []*booking
	longest int // days of the longest
}

func (d *diary) add(b booking) {
	i := d.after(b.From)
	d.list = append(d.list, nil)
	copy(d.list[i+1:], d.list[i:])
	d.list[i] = &b
	d.longest = max(d.longest, b.Range().Days())
}

// after returns the place of the first booking that begins after a day.
func (d *diary) after(day calendar.Date) int {
	return sort.Search(len(d.list), func(i int) bool { return d.list[i].From > day })
}

// near yields the bookings that share a day with a span.
func (d *diary) near(s leave.Span) iter.Seq[*booking] {
	return func(yield func(*booking) bool) {
		for i := d.after(s.From.AddDays(-d.longest)); i < len(d.list) && d.list[i].From <= s.To; i++ {
			if d.list[i].To >= s.From && !yield(d.list[i]) {
				return
			}
		}
	}
}

// warnBelowZero notes on the first line that takes a balance below zero that it
// does. Imported absences are history and are taken all the same.
func (d *draft) warnBelowZero() {
	for _, m := range d.receivers {
		for _, t := range d.book.Types {
			if t.Entitled {
				d.warn(m, t)
			}
		}
	}
}

func (d *draft) warn(m *member, t leave.Type) {
	taken := false
	for i := range m.facts.Requests {
		_, added := m.added[m.facts.Requests[i].ID]
		taken = taken || added && m.facts.Requests[i].Type == t.ID
	}
	if !taken {
		return
	}
	for _, l := range d.book.Statement(m.facts, t, m.last).Lines {
		i, added := m.added[l.Request]
		if !added || l.Balance.Sign() >= 0 {
			continue
		}
		d.lines[i].Notes = append(d.lines[i].Notes, Note{Column: d.at[From] + 1, Key: "intake.note.below_zero." + string(t.Unit),
			Args: []any{"amount", balance(l.Balance, t.Unit), "type", t.Name}})
		return
	}
}

// balance returns an amount as a sentence shows it: minutes as hours.
func balance(a exact.Rat, u leave.Unit) exact.Rat {
	if u == leave.Hours {
		return a.Div(exact.Int(60))
	}
	return a
}
