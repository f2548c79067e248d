// SPDX-License-Identifier: Apache-2.0

package calendar

import "verlof/internal/exact"

// Workday is the work planned on one date, in two halves. Each half that has
// work counts half a working day, however many hours it has; a day with work in
// one half only is half a working day. A shift without a break still has two
// halves: 09:00 to 17:00 is 09:00-13:00 and 13:00-17:00. The zero Workday is a
// free day.
type Workday struct{ Morning, Afternoon Interval }

// noon parts the halves of a day whose work does not say where they part.
const noon Clock = 12 * 60

// Minutes returns the minutes of work.
func (w Workday) Minutes() int { return w.Morning.Minutes() + w.Afternoon.Minutes() }

// Halves returns the number of halves that have work, 0 to 2: the day counts
// Halves/2 of a working day.
func (w Workday) Halves() int {
	n := 0
	if !w.Morning.IsZero() {
		n++
	}
	if !w.Afternoon.IsZero() {
		n++
	}
	return n
}

// Of returns the minutes of work that fall in p.
func (w Workday) Of(p Portion) int {
	switch p.Kind {
	case Morning:
		return w.Morning.Minutes()
	case Afternoon:
		return w.Afternoon.Minutes()
	case Hours:
		return w.Morning.Overlap(p.Hours).Minutes() + w.Afternoon.Overlap(p.Hours).Minutes()
	}
	return w.Minutes()
}

// DayFrac returns the part of a working day that p takes. A half with work is
// 1/2 whatever its hours; hours take their share of the day's minutes, so that
// hours which together cover the day come to as much as the day.
func (w Workday) DayFrac(p Portion) exact.Rat {
	switch p.Kind {
	case Morning:
		return Workday{Morning: w.Morning}.days()
	case Afternoon:
		return Workday{Afternoon: w.Afternoon}.days()
	case Hours:
		if w.Minutes() == 0 {
			return exact.Rat{}
		}
		return exact.New(int64(w.Halves()*w.Of(p)), int64(2*w.Minutes()))
	}
	return w.days()
}

func (w Workday) days() exact.Rat { return exact.New(int64(w.Halves()), 2) }

// Overlaps reports whether two portions of this day overlap, be there work in
// them or not. The morning ends and the afternoon begins where the day's work
// says so, and at 12:00 on a free day.
func (w Workday) Overlaps(p, q Portion) bool {
	return !w.Span(p).Overlap(w.Span(q)).IsZero()
}

// Span returns the stretch of this day that p claims, be there work in it or not.
func (w Workday) Span(p Portion) Interval {
	switch p.Kind {
	case Morning:
		end, _ := w.parting()
		return Interval{0, end}
	case Afternoon:
		_, begin := w.parting()
		return Interval{begin, Midnight}
	case Hours:
		return p.Hours
	}
	return Interval{0, Midnight}
}

// parting returns where the morning ends and where the afternoon begins.
func (w Workday) parting() (end, begin Clock) {
	switch {
	case w.Halves() == 0:
		return noon, noon
	case w.Afternoon.IsZero():
		return w.Morning.To, w.Morning.To
	case w.Morning.IsZero():
		return w.Afternoon.From, w.Afternoon.From
	}
	return w.Morning.To, w.Afternoon.From
}
