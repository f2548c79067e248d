// SPDX-License-Identifier: Apache-2.0

package leave

import "verlof/calendar"

// workLog knows how much a person works, leave of every type taken off. It is
// made when somebody asks: most terms do not.
type workLog struct {
	book  *Rulebook
	facts *Facts
	away  map[calendar.Date]int // minutes of leave

	absent map[*Away][]calendar.Range // what absences found
}

// minutes returns the minutes of work in a range of days.
func (w *workLog) minutes(r calendar.Range) int {
	w.read()
	sum := 0
	for d := range r.All() {
		day, _, _ := w.book.Workday(w.facts, d)
		sum += max(0, day.Minutes()-w.away[d])
	}
	return sum
}

// daysAway returns how many days of a range have leave.
func (w *workLog) daysAway(r calendar.Range) int {
	w.read()
	n := 0
	for d := range r.All() {
		if _, away := w.away[d]; away {
			n++
		}
	}
	return n
}

func (w *workLog) read() {
	if w.away != nil {
		return
	}
	w.away = map[calendar.Date]int{}
	for r := range w.facts.requests {
		t, ok := w.book.Type(r.Type)
		if !ok || !r.State.Counts() {
			continue
		}
		for _, c := range w.book.Charges(w.facts, t, r) {
			w.away[c.Date] += c.Minutes
		}
	}
}
