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

// settle FROM..TO on DATE: payroll settles those days; how much that tells, then each line of the settlement as a
// column, and what it corrects in earlier ones last.
func (w *world) askSettle(a *args) (string, error) {
	period, on, err := w.period(a)
	if err != nil {
		return "", err
	}
	if err := w.settled.MaySettle(period, on); err != nil {
		return w.refusal("refused", err)
	}
	s, cols := w.settle(period, on)
	w.settled = slices.Insert(w.settled, 0, s.Settlement)
	w.told = append(w.told, s.lines...)
	count := fmt.Sprintf("%d taken, %d corrected", s.Pieces, s.Corrections)
	return row(append([]string{count}, cols...)...), a.done()
}

// settlement is one with what it tells.
type settlement struct {
	leave.Settlement
	lines []leave.SettledLine
}

// settle works out what settling a period on a day tells, and writes its lines.
func (w *world) settle(period calendar.Range, on calendar.Date) (settlement, []string) {
	s := settlement{Settlement: leave.Settlement{ID: fmt.Sprint(len(w.settled) + 1), Period: period}}
	s.lines = w.book.Settle(w.everybodyOn(on), &s.Settlement, w.settled, w.told)
	var own, corrections []string
	for _, l := range s.lines {
		if l.Corrects() {
			corrections = append(corrections, fmt.Sprintf("corrects %s: %s", w.toldBy(l).Period, w.settledLine(l)))
		} else {
			own = append(own, w.settledLine(l))
		}
	}
	return s, append(own, corrections...)
}

// toldBy returns the settlement whose period a line is about.
func (w *world) toldBy(l leave.SettledLine) leave.Settlement {
	return w.settled[slices.IndexFunc(w.settled, func(s leave.Settlement) bool { return s.ID == l.About })]
}

// unsettle FROM..TO on DATE "REASON": the settlement of those days, the last, is taken back.
func (w *world) askUnsettle(a *args) (string, error) {
	period, _, err := w.period(a)
	if err != nil {
		return "", err
	}
	reason := a.rest()
	if reason == "" {
		return "", fmt.Errorf("the reason is missing at the end")
	}
	id := ""
	if i := slices.IndexFunc(w.settled, func(s leave.Settlement) bool { return s.Period == period }); i >= 0 {
		id = w.settled[i].ID
	}
	i, err := w.settled.MayUndo(id)
	if err != nil {
		return w.refusal("not done", err)
	}
	w.settled[i].UndoneBy, w.settled[i].UndoReason = "payroll", reason
	w.told = slices.DeleteFunc(w.told, func(l leave.SettledLine) bool { return l.Settlement == id })
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
	s, _ := w.settle(calendar.Range{From: calendar.Last, To: calendar.Last}, d) // of nothing but corrections
	cols := []string{fmt.Sprintf("%d changed", len(s.lines))}
	for _, l := range s.lines {
		cols = append(cols, w.settledLine(l)+": "+w.cost(l.Type, l.Was)+" told and "+w.cost(l.Type, l.Was.Add(l.Spent))+" now")
	}
	return row(cols...), a.done()
}

// settledLine writes who took what leave on which days, and what it costs.
func (w *world) settledLine(l leave.SettledLine) string {
	days := l.In.From.String()
	if l.In.To > l.In.From {
		days = l.In.String()
	}
	return fmt.Sprintf("%s %s %s %s", l.Person, l.Type, days, w.cost(l.Type, l.Spent))
}

// cost writes what leave of a type costs, in its unit.
func (w *world) cost(typ string, c leave.Spent) string {
	if t, _ := w.book.Type(typ); t.Unit == leave.Hours {
		return explain.Plain(english(), c.Minutes, leave.Hours)
	}
	return explain.Plain(english(), c.Days, leave.Days)
}
