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

// period takes FROM..TO on DATE and has it become that day.
func (w *world) period(a *args) (period calendar.Range, on calendar.Date, err error) {
	s, err := a.span()
	if err != nil {
		return period, on, err
	}
	if s.First != calendar.WholeDay || s.Last != calendar.WholeDay {
		return period, on, fmt.Errorf("payroll settles whole days")
	}
	if err := a.need("on"); err != nil {
		return period, on, err
	}
	if on, err = a.date(); err != nil {
		return period, on, err
	}
	return s.Range(), on, w.comeTo(on)
}

// everybodyOn returns everybody's facts by name, as known on a day.
func (w *world) everybodyOn(d calendar.Date) []*leave.Facts {
	var out []*leave.Facts
	for _, name := range slices.Sorted(maps.Keys(w.persons)) {
		f := *w.persons[name]
		f.Today = d
		out = append(out, &f)
	}
	return out
}

// settle FROM..TO on DATE: payroll settles those days; each line of the settlement is a column,
// and what it corrects in earlier ones comes last.
func (w *world) askSettle(a *args) (string, error) {
	period, on, err := w.period(a)
	if err != nil {
		return "", err
	}
	s, err := w.book.Settle(w.everybodyOn(on), w.settled, period, on)
	if err != nil {
		return w.refusal("refused", err)
	}
	w.settled = append(w.settled, s)
	var cols []string
	for _, l := range s.Lines {
		col := w.settledLine(l)
		if s.Corrects(l) {
			col = fmt.Sprintf("corrects %s: %s", l.Period, col)
		}
		cols = append(cols, col)
	}
	if len(cols) == 0 {
		cols = []string{"nothing taken"}
	}
	return row(cols...), a.done()
}

// unsettle FROM..TO on DATE "REASON": the settlement of those days, the last, is taken back.
func (w *world) askUnsettle(a *args) (string, error) {
	period, _, err := w.period(a)
	if err != nil {
		return "", err
	}
	if a.rest() == "" {
		return "", fmt.Errorf("the reason is missing at the end")
	}
	left, err := w.settled.TakeBack(period)
	if err != nil {
		return w.refusal("not done", err)
	}
	w.settled = left
	return "open", nil
}

// changed DATE: what costs something else on that day in the periods that are settled.
func (w *world) askChanged(a *args) (string, error) {
	d, err := a.date()
	if err != nil {
		return "", err
	}
	if err := w.comeTo(d); err != nil {
		return "", err
	}
	var cols []string
	for _, x := range w.book.ChangedSince(w.everybodyOn(d), w.settled) {
		cols = append(cols, w.settledLine(x.Line)+": "+w.cost(x.Line.Type, x.Told)+" told and "+w.cost(x.Line.Type, x.Now)+" now")
	}
	if len(cols) == 0 {
		cols = []string{"nothing"}
	}
	return row(cols...), a.done()
}

// settledLine writes who took what leave on which days, and what it costs.
func (w *world) settledLine(l leave.SettledLine) string {
	days := l.In.From.String()
	if l.In.To > l.In.From {
		days = l.In.String()
	}
	return fmt.Sprintf("%s %s %s %s", l.Person, l.Type, days, w.cost(l.Type, l.Cost))
}

// cost writes what leave of a type costs, in its unit.
func (w *world) cost(typ string, c leave.Cost) string {
	if t, _ := w.book.Type(typ); t.Unit == leave.Hours {
		return explain.Plain(english(), c.Minutes, leave.Hours)
	}
	return explain.Plain(english(), c.Days, leave.Days)
}
