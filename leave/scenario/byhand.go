// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"errors"
	"fmt"
	"slices"

	"verlof/calendar"
	"verlof/leave"
)

// adjust NAME [TYPE] DATE [CLASS] +N|-N "REASON"
func (w *world) sayAdjust(a *args) error {
	f, t, d, err := w.aboutDate(a)
	if err != nil {
		return err
	}
	if err := begun(f, d); err != nil {
		return err
	}
	class, err := w.class(a, t)
	if err != nil {
		return err
	}
	n, err := inUnit(a, t)
	if err != nil {
		return err
	}
	w.next++
	x := leave.Adjustment{ID: fmt.Sprintf("%04d", w.next), Person: f.Person.ID, Type: t.ID, Date: d, Amount: n, Class: class, Reason: a.rest()}
	if err := x.Check(); err != nil {
		return err
	}
	f.Adjustments = append(f.Adjustments, x)
	return nil
}

// begun refuses a day on which nobody was employed yet.
func begun(f *leave.Facts, d calendar.Date) error {
	if len(f.Employments) > 0 && d < f.Employments[0].From {
		return against(d.String(), "lies before the day on which %s joins", f.Person.GivenName)
	}
	return nil
}

// class takes the class of a line by hand where one stands, which some policy must tell apart.
func (w *world) class(a *args, t leave.Type) (leave.Class, error) {
	for _, c := range leave.Classes {
		if !a.take(string(c)) {
			continue
		}
		if !slices.ContainsFunc(w.book.Policies, func(p leave.Policy) bool { return p.Type == t.ID && slices.Contains(p.Terms.Classes(), c) }) {
			return "", against(string(c), "no policy above tells leave of that kind apart; one reads %q", clauseExamples["sells"])
		}
		return c, nil
	}
	return "", nil
}

// undo NAME [TYPE] DATE "REASON": takes back the last line "adjust" of that day that still
// holds.
func (w *world) sayUndo(a *args) error {
	f, t, d, err := w.aboutDate(a)
	if err != nil {
		return err
	}
	held := func(x leave.Adjustment) bool {
		back := slices.ContainsFunc(f.Adjustments, func(y leave.Adjustment) bool { return y.Undoes == x.ID })
		return x.Type == t.ID && x.Date == d && x.Undoes == "" && !back
	}
	for _, x := range slices.Backward(f.Adjustments) {
		if held(x) {
			w.next++
			x.Undoes, x.ID, x.Amount, x.Reason = x.ID, fmt.Sprintf("%04d", w.next), x.Amount.Neg(), a.rest()
			if err := x.Check(); err != nil {
				return err
			}
			f.Adjustments = append(f.Adjustments, x)
			return nil
		}
	}
	return against(d.String(), "has no line \"adjust\" that could be taken back")
}

// grant NAME [TYPE] FROM..UNTIL N "REASON": leave that may be taken in those days
// only.
func (w *world) sayGrant(a *args) error {
	f, t, s, err := w.aboutSpan(a)
	if err != nil {
		return err
	}
	if err := begun(f, s.To); err != nil {
		return err
	}
	if s.First != calendar.WholeDay || s.Last != calendar.WholeDay {
		return fmt.Errorf("leave is granted for whole days")
	}
	n, err := someInUnit(a, t)
	if err != nil {
		return err
	}
	w.next++
	x := leave.Adjustment{ID: fmt.Sprintf("%04d", w.next), Person: f.Person.ID, Type: t.ID, Date: s.From, Until: s.To, Amount: n, Reason: a.rest()}
	if err := x.Check(); err != nil {
		return err
	}
	f.Adjustments = append(f.Adjustments, x)
	return nil
}

// fixed NAME [TYPE] YEAR N "REASON": what a leave year grants, whatever the policy
// says.
func (w *world) sayFixed(a *args) error {
	f, t, err := w.about(a)
	if err != nil {
		return err
	}
	year, err := a.year()
	if err != nil {
		return err
	}
	x := leave.FixedEntitlement{Person: f.Person.ID, Type: t.ID, Year: year}
	if x.Amount, err = inUnit(a, t); err != nil {
		return err
	}
	if x.Amount.Sign() < 0 {
		return wrong(x.Amount.String(), "is less than nothing")
	}
	if x.Reason = a.rest(); x.Reason == "" {
		return errors.New("the reason is missing at the end")
	}
	if err := w.replaced("fixed", f.Person.GivenName, t.ID, fmt.Sprint(year)); err != nil {
		return err
	}
	f.Fixed = slices.DeleteFunc(f.Fixed, func(o leave.FixedEntitlement) bool { return o.Type == t.ID && o.Year == x.Year })
	f.Fixed = append(f.Fixed, x)
	return nil
}
