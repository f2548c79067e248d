// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"fmt"
	"strconv"
	"strings"

	"verlof/leave"
)

// sick NAME FROM|FROM..UNTIL|FROM.. [certified [until DATE]] [agreed] [N% from DATE]...:
// one day, some days, or until nobody knows when; agreed where the person agrees that leave
// counts as taken all the same; N% is how much they work again.
func (w *world) saySick(a *args) error {
	f, err := w.person(a)
	if err != nil {
		return err
	}
	days, err := a.next("a date or two such as 2026-07-01..2026-07-05")
	if err != nil {
		return err
	}
	w.next++
	s := leave.Sickness{ID: fmt.Sprintf("%04d", w.next), Person: f.Person.ID}
	from, to, two := strings.Cut(days, "..")
	if s.From, err = parseDate(from); err != nil {
		return err
	}
	switch s.To = s.From; {
	case two && to == "":
		s.To = 0
	case two:
		if s.To, err = parseDate(to); err != nil {
			return err
		}
		if s.To < s.From {
			return wrong(days, "ends before it begins")
		}
	}
	if err := sickNote(a, &s); err != nil {
		return err
	}
	for len(a.words) > 0 {
		r, err := recovery(a)
		if err != nil {
			return err
		}
		s.Recovery = append(s.Recovery, r)
	}
	report := leave.SickReport{Sickness: s}
	if err := report.Check(f); err != nil {
		return impossible(days, err)
	}
	f.Sickness = append(f.Sickness, report.Sickness)
	return nil
}

// sickNote takes [certified [until DATE]] [agreed].
func sickNote(a *args, s *leave.Sickness) (err error) {
	if s.Certified = a.take("certified"); s.Certified && a.take("until") {
		s.NoteUntil, err = a.date()
	}
	s.Agreed = a.take("agreed")
	return err
}

// recovery takes N% from DATE.
func recovery(a *args) (r leave.Recovery, err error) {
	w, err := a.next("a percentage such as 50%")
	if err != nil {
		return r, err
	}
	number, is := strings.CutSuffix(w, "%")
	r.Percent, err = strconv.Atoi(number)
	if !is || err != nil || r.Percent < 1 || r.Percent > 99 {
		return r, wrong(w, "is neither certified nor agreed nor how much is worked again, from 1 to 99 percent")
	}
	r.From, err = a.since()
	return r, err
}
