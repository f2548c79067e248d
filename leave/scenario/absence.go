// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"fmt"
	"strings"

	"verlof/leave"
)

// sick NAME FROM|FROM..UNTIL|FROM.. [certified]: one day, some days, or until
// nobody knows when.
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
	s.Certified = a.take("certified")
	f.Sickness = append(f.Sickness, s)
	return a.done()
}
