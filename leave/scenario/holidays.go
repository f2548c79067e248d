// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/internal/near"
	"verlof/people"
)

// holiday DATE [full|half|morning|afternoon|informative] [yearly [until DATE]] ["NAME"]
func (w *world) sayHoliday(a *args) error {
	d, err := a.date()
	if err != nil {
		return err
	}
	own := people.OwnDay{ID: d.String(), Date: d, Name: d.String()}
	if len(a.words) > 0 {
		if off, ok := takes(a.words[0]); ok {
			own.Off, a.words = off, a.words[1:]
		}
	}
	if own.Yearly = a.take("yearly"); own.Yearly {
		if err := a.until(&own); err != nil {
			return err
		}
	}
	if len(a.words) > 0 {
		if best := near.To(a.words[0], append(offs, "yearly", "until")); best != "" {
			return wrong(a.words[0], "did you mean %q?", best)
		}
		own.Name, _ = a.next("")
	}
	if err := w.once(later("holiday "+own.ID+" ..."), "holiday", own.ID); err != nil {
		return err
	}
	w.own = append(w.own, own)
	w.setHolidays()
	return a.done()
}

// feast KEY full|half|morning|afternoon|informative [from DATE] [until DATE]
func (w *world) sayFeast(a *args) error {
	key, err := a.next("the name of a public holiday such as kings-day")
	if err != nil {
		return err
	}
	if !calendar.HasFeast(key) {
		return wrong(key, "is no public holiday of any region; %s", w.feastHint(key))
	}
	if here, ok := calendar.Region(w.region); ok && len(w.elsewhere) == 0 && !slices.Contains(here.Feasts(), key) {
		return against(key, "is no public holiday of %s; %s", w.region, w.feastHint(key))
	}
	word, err := a.next("full, half, morning, afternoon or informative")
	if err != nil {
		return err
	}
	off, ok := takes(word)
	if !ok {
		return wrong(word, "expected: %s", strings.Join(offs, ", "))
	}
	own := people.OwnDay{ID: key, Feast: key, Off: off}
	if a.take("from") {
		if own.Date, err = a.date(); err != nil {
			return err
		}
	}
	if err := a.until(&own); err != nil {
		return err
	}
	if err := w.once(later("feast "+key+" ..."), "feast", key); err != nil {
		return err
	}
	w.own = append(w.own, own)
	w.setHolidays()
	return a.done()
}

// feastHint says which public holiday of the region may have been meant.
func (w *world) feastHint(key string) string {
	here, ok := calendar.Region(w.region)
	if !ok {
		return "a line \"region CODE\" says of where, and stands above"
	}
	return meant(key, here.Feasts(), "those of "+w.region+" are "+strings.Join(here.Feasts(), ", "))
}

// offs are the words for what a day off takes.
var offs = []string{"full", "half", "morning", "afternoon", "informative"}

// takes reads what a day off takes; half is the afternoon.
func takes(word string) (calendar.Half, bool) {
	if word == "half" {
		return calendar.AfternoonOff, true
	}
	off, err := calendar.ParseHalf(word)
	return off, err == nil
}

// until takes "until DATE" where it is there.
func (a *args) until(d *people.OwnDay) (err error) {
	if !a.take("until") {
		return nil
	}
	if d.Last, err = a.date(); err == nil && d.Last < d.Date {
		err = wrong(d.Last.String(), "lies before the first day")
	}
	return err
}
