// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"fmt"
	"maps"
	"slices"

	"verlof/calendar"
	"verlof/leave"
	"verlof/leave/explain"
)

// yearOf takes YEAR [TYPE] on DATE: a leave year by the year in which it begins, of one
// type of leave or of all.
func (w *world) yearOf(a *args) (year int, types []leave.Type, on calendar.Date, err error) {
	if err := a.need("year"); err != nil {
		return 0, nil, 0, err
	}
	if year, err = a.year(); err != nil {
		return 0, nil, 0, err
	}
	types = w.book.Types
	if len(a.words) > 0 && a.words[0] != "on" {
		t, err := w.typ(a)
		if err != nil {
			return 0, nil, 0, err
		}
		types = []leave.Type{t}
	}
	if err := a.need("on"); err != nil {
		return 0, nil, 0, err
	}
	on, err = a.date()
	return year, types, on, err
}

// close year YEAR [TYPE] on DATE: everybody's leave years that begin in that year and
// are over are closed, unless something in them waits for a decision.
func (w *world) sayClose(a *args) error {
	year, types, on, err := w.yearOf(a)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(w.persons)) {
		f := w.persons[name]
		for _, t := range types {
			for _, y := range w.book.LeaveYears(f, t, on) {
				if y.From.Year() != year || y.To >= on {
					continue
				}
				if c, ok := w.book.Close(f, t, y.To); ok {
					f.Closings = append(f.Closings, c)
				}
			}
		}
	}
	return a.done()
}

// reopen year YEAR [TYPE] on DATE "REASON": the figures of those leave years move again.
// Only the latest that is closed can be opened again.
func (w *world) sayReopen(a *args) error {
	year, types, _, err := w.yearOf(a)
	if err != nil {
		return err
	}
	if a.rest() == "" {
		return fmt.Errorf("the reason is missing at the end")
	}
	found := false
	for _, f := range w.persons {
		for _, t := range types {
			c, ok := f.LastClosing(t)
			if !ok || c.Year.From.Year() < year {
				continue
			}
			if c.Year.From.Year() > year {
				return wrong(fmt.Sprint(year), "the leave year of %d is closed and comes first", c.Year.From.Year())
			}
			found = true
			f.Closings = slices.DeleteFunc(f.Closings, func(o leave.Closing) bool { return o.Type == t.ID && o.Year == c.Year })
		}
	}
	if !found {
		return wrong(fmt.Sprint(year), "no leave year of that name is closed")
	}
	return nil
}

// closed NAME [TYPE] DATE: the leave year that is closed and holds the day, and what was
// left at its end; or that the day is open, and what waits in it for a decision.
func (w *world) askClosed(a *args) (string, error) {
	f, t, d, err := w.aboutDate(a)
	if err != nil {
		return "", err
	}
	s := w.book.Statement(f, t, d)
	w.why = tell(s)
	if c := s.Closed; c != nil {
		return row("closed", fmt.Sprintf("%s..%s", c.Year.From, c.Year.To), explain.Plain(english(), c.Balance, s.Unit)+" left"), a.done()
	}
	cols := []string{"open"}
	for _, x := range w.book.Unsettled(f, t, s.Year.To) {
		cols = append(cols, "waits "+x.Date().String())
	}
	return row(cols...), a.done()
}
