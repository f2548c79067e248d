// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"cmp"
	"slices"

	"verlof/internal/order"
)

// Holiday is a day that a region or a customer keeps.
type Holiday struct {
	Date  Date
	Key   string // stable id of a feast; the catalogues hold its name under "holiday." and this key
	Name  string // free text of a customer's own day, which then needs no Key
	Local string // the region's own name for it, in the region's language; empty for a customer's day
	Off   Half   // what it takes of a working day
	Moved bool   // it stands in for a holiday that fell on a weekend
	Set   bool   // a customer said what it takes: of its own day, or of a region's
}

func byDate(a, b Holiday) int { return cmp.Compare(a.Date, b.Date) }

// Holidays is a set of holidays that answers by date: those of a region
// together with the customer's own. The nil and the zero Holidays are empty.
// Once built it may be read by many at once.
type Holidays struct {
	days  []Holiday // by date
	first Date      // date of bit 0
	bits  []uint64  // one bit for each date, set where there is a holiday
}

// NewHolidays returns a set of these days. Several may share a date.
func NewHolidays(days ...Holiday) *Holidays {
	h := &Holidays{days: slices.Clone(days)}
	h.index()
	return h
}

// Add adds days to the set. They take the place of what was there on the same
// dates, so that a customer can say what a region's holiday takes: none of the
// day (Informative), half of it, or all. Add many at once: each call costs as
// much as making the set.
func (h *Holidays) Add(days ...Holiday) {
	if len(days) == 0 {
		return
	}
	added := make(map[Date]bool, len(days))
	for _, day := range days {
		added[day.Date] = true
	}
	kept := slices.Clone(days)
	for _, day := range h.days {
		if !added[day.Date] {
			kept = append(kept, day)
		}
	}
	h.days = kept
	h.index()
}

// Change says what a region's holiday takes wherever it falls in r, as a customer
// has it: none of the day, half of it, or all. Where another day stands in for it,
// that day changes and not its own.
func (h *Holidays) Change(key string, r Range, off Half) {
	for i, day := range h.days {
		if day.Key == key && r.Contains(day.Date) && (day.Moved || !h.movedFrom(day)) {
			h.days[i].Off, h.days[i].Set = off, true
		}
	}
}

// movedFrom reports whether another day stands in for a holiday. It is never far:
// New Year's Day of 2028 is kept on the last day of 2027, and has nothing to do
// with that of 2027.
func (h *Holidays) movedFrom(day Holiday) bool {
	const far = 10
	near := h.Between(Range{day.Date - far, day.Date + far})
	return slices.ContainsFunc(near, func(o Holiday) bool { return o.Key == day.Key && o.Moved })
}

// index puts the days in order and sets the bits.
func (h *Holidays) index() {
	order.By(h.days, byDate)
	h.bits = nil
	if len(h.days) == 0 {
		return
	}
	h.first = h.days[0].Date
	h.bits = make([]uint64, (h.days[len(h.days)-1].Date-h.first)/64+1)
	for _, day := range h.days {
		i := day.Date - h.first
		h.bits[i/64] |= 1 << (i % 64)
	}
}

func (h *Holidays) has(d Date) bool {
	if h == nil || d < h.first {
		return false
	}
	i := d - h.first
	return int(i/64) < len(h.bits) && h.bits[i/64]&(1<<(i%64)) != 0
}

// On returns the holiday on d. Where there are several it returns the one that
// takes most, with Off saying what they take together.
func (h *Holidays) On(d Date) (Holiday, bool) {
	if !h.has(d) {
		return Holiday{}, false
	}
	days := h.Between(Range{d, d})
	best := slices.MaxFunc(days, func(a, b Holiday) int { return cmp.Compare(a.Off.weight(), b.Off.weight()) })
	for _, day := range days {
		best.Off = best.Off.and(day.Off)
	}
	return best, true
}

// Between returns the holidays in r by date. The caller must not change them.
func (h *Holidays) Between(r Range) []Holiday {
	if h == nil {
		return nil
	}
	search := func(d Date) int {
		i, _ := slices.BinarySearchFunc(h.days, Holiday{Date: d}, byDate)
		return i
	}
	from, to := search(r.From), search(r.end()+1)
	if to < from {
		return nil
	}
	return h.days[from:to:to]
}
