// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"
	"slices"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/order"
	"verlof/people"
)

// Leaver is what becomes of the leave of somebody who leaves: what a statement at
// the end of an employment says (BW 7:641 (2); BUrlG § 6 (2)).
type Leaver struct {
	Person     people.Person
	Employment people.Employment
	Back       calendar.Date // first day of the employment that they came back for; zero: none
	Lines      []LeaverLine  // of each type that there is something to say of
}

// LeaverLine is one leave type on the last day of an employment.
type LeaverLine struct {
	Statement           // on the last day; Entitled, Carried, Taken and Lost are those of its leave year
	Since     exact.Rat // what came since that leave year was closed, and is counted in PayOut and Owed
	PayOut    exact.Rat // left, to be paid
	Owed      exact.Rat // taken beyond what was due
	Classes   []Share   // of PayOut by class, where that is told
	Goes      []Bucket  // due on events and not taken: it is not paid, and may go along to the next employer
}

// Share is the part of an amount that is of one class.
type Share struct {
	Class  Class
	Amount exact.Rat
}

// Unpaid reports whether somebody who came back has leave that was to be paid out, or owes
// leave: it counts on in the new employment, unless a line by hand takes it off.
func (x *Leaver) Unpaid() bool {
	left := func(l LeaverLine) bool { return !l.PayOut.IsZero() || !l.Owed.IsZero() }
	return !x.Back.IsZero() && slices.ContainsFunc(x.Lines, left)
}

// Leaver returns what becomes of the leave of f's person on the last day of an
// employment.
func (b *Rulebook) Leaver(f *Facts, e people.Employment) Leaver {
	out := Leaver{Person: f.Person, Employment: e}
	for _, t := range b.Types {
		if !t.Entitled {
			continue
		}
		x := LeaverLine{Statement: b.Statement(f, t, e.To)}
		x.settle(b, f)
		nothing := x.PayOut.IsZero() && x.Owed.IsZero() && len(x.Goes) == 0 && x.Since.IsZero() && x.Entitled.IsZero() && x.Taken.IsZero() && x.Carried.IsZero()
		if !nothing {
			out.Lines = append(out.Lines, x)
		}
	}
	return out
}

// settle parts what is left into what is paid, what is owed, and what is due on
// events: as it is now, whether the leave year is closed or not.
func (x *LeaverLine) settle(b *Rulebook, f *Facts) {
	now := &x.Statement
	if x.Closed != nil {
		open := *f
		open.Closings = nil
		s := b.Statement(&open, x.Type, x.At)
		now, x.Since = &s, s.Balance.Sub(x.Balance)
	}
	rest := now.Balance
	for _, b := range now.Buckets {
		if b.Due != nil {
			rest = rest.Sub(b.Left)
			if b.Due.Event != FirstDay {
				x.Goes = append(x.Goes, b)
			}
		}
	}
	if rest.Sign() < 0 {
		x.Owed = rest.Neg()
		return
	}
	x.PayOut = rest
	for _, b := range now.Buckets {
		if b.Due != nil || b.Class == "" {
			continue
		}
		i := slices.IndexFunc(x.Classes, func(s Share) bool { return s.Class == b.Class })
		if i < 0 {
			x.Classes = append(x.Classes, Share{Class: b.Class})
			i = len(x.Classes) - 1
		}
		x.Classes[i].Amount = x.Classes[i].Amount.Add(b.Left)
	}
}

// Hours returns an amount of a leave type in minutes of work, by the length of the
// person's working day; false where that is not known.
func (x *LeaverLine) Hours(amount exact.Rat) (exact.Rat, bool) {
	switch {
	case x.Unit == Hours:
		return amount, true
	case x.DayLength == 0:
		return exact.Rat{}, false
	}
	return amount.Mul(exact.Int(int64(x.DayLength))), true
}

// Leavers returns those who have an employment that ends, or ended, on a day or later, with the latest of
// those, also where they came back since: who ends last comes first. Those who see reports may ask.
func (s *Service) Leavers(ctx context.Context, by people.ID, since calendar.Date) ([]Leaver, error) {
	var out []Leaver
	err := s.view(ctx, by, func(c *scene) error {
		if err := c.viewer.Need(people.SeeReports); err != nil {
			return err
		}
		for _, id := range c.org.Order {
			e, back, ok := c.org.Records[id].EndedEmployment()
			if !ok || e.To < since {
				continue
			}
			f, err := c.facts(id)
			if err != nil {
				return err
			}
			x := c.book.Leaver(f, e)
			x.Back = back
			out = append(out, x)
		}
		return nil
	})
	order.By(out, func(a, b Leaver) int { return int(b.Employment.To - a.Employment.To) })
	return out, err
}

// Leaver returns what becomes of the leave of somebody at the end of the latest employment
// that has one. Those who see reports may ask. It reports NotFound for anybody else.
func (s *Service) Leaver(ctx context.Context, by, person people.ID) (Leaver, error) {
	var out Leaver
	err := s.view(ctx, by, func(c *scene) error {
		if err := c.viewer.Need(people.SeeReports); err != nil {
			return err
		}
		r := c.org.Records[person]
		if r == nil {
			return errs.New(errs.NotFound, "people.error.no_person")
		}
		e, back, ok := r.EndedEmployment()
		if !ok {
			return errs.New(errs.NotFound, "leave.error.no_end")
		}
		f, err := c.facts(person)
		if err == nil {
			out = c.book.Leaver(f, e)
			out.Back = back
		}
		return err
	})
	return out, err
}
