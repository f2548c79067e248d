// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/id"
	"verlof/internal/order"
	"verlof/people"
)

// Leaver is what becomes of the leave of somebody who leaves: what a statement at
// the end of an employment says (BW 7:641 (2); BUrlG § 6 (2)).
type Leaver struct {
	Person     people.Person
	Employment people.Employment
	Back       calendar.Date // first day of the employment that they came back for next; zero: none
	Lines      []LeaverLine  // of each type that there is something to say of
}

// LeaverLine is one leave type on the last day of an employment.
type LeaverLine struct {
	Statement              // on the last day; Entitled, Carried, Taken and Lost are those of its leave year
	Since     exact.Rat    // what came since that leave year was closed, and is counted in PayOut and Owed
	PayOut    exact.Rat    // left, to be paid
	NotPaid   exact.Rat    // left, and not paid, as the type says: it stays in the balance of who comes back
	Owed      exact.Rat    // taken beyond what was due
	Classes   []Share      // of PayOut, or of FinalPay where nothing is left to be paid, by class where that is told; the rest without one
	FinalPay  exact.Rat    // paid out with the final pay; negative: withheld from it for what was owed
	Recorded  []Adjustment // the lines by hand of the last day that say so; Entitled and Since are without them
	Goes      []Bucket     // due on events and not taken: it is not paid, and may go along to the next employer
}

// Share is the part of an amount that is of one class.
type Share struct {
	Class  Class
	Amount exact.Rat
}

// Unpaid reports whether somebody who came back has leave that was to be paid out, or owes
// leave: it stays in their balance until it is recorded with the final pay.
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
		x := b.leaverLine(f, t, e.To)
		nothing := x.PayOut.IsZero() && x.Owed.IsZero() && x.FinalPay.IsZero() && len(x.Goes) == 0 && x.Since.IsZero() && x.Entitled.IsZero() && x.Taken.IsZero() &&
			x.Carried.IsZero()
		if !nothing {
			out.Lines = append(out.Lines, x)
		}
	}
	return out
}

// leaverLine returns one leave type on the last day of an employment, and what was recorded with the final pay
// apart from the rest.
func (b *Rulebook) leaverLine(f *Facts, t Type, last calendar.Date) LeaverLine {
	undone := f.undone()
	ofLastDay := func(a Adjustment) bool { return a.Type == t.ID && a.Date == last && a.Until.IsZero() && !undone[a.ID] }
	var pays []Adjustment
	if slices.ContainsFunc(f.Adjustments, ofLastDay) {
		x := b.onLastDay(f.less(ofLastDay), t, last)
		due := x.PayOut.Sub(x.Owed)
		for _, a := range f.Adjustments {
			if ofLastDay(a) && a.Amount.Sign() == -due.Sign() {
				pays = append(pays, a)
			}
		}
	}
	isPay := func(a Adjustment) bool {
		return slices.ContainsFunc(pays, func(o Adjustment) bool { return o.ID == a.ID })
	}
	x := b.onLastDay(f.less(isPay), t, last)
	x.Recorded = pays
	for _, a := range pays {
		x.FinalPay = x.FinalPay.Sub(a.Amount)
		if x.Closed != nil && a.At <= x.Closed.At { // what is kept of the leave year has it
			x.Entitled, x.Since = x.Entitled.Sub(a.Amount), x.Since.Add(a.Amount)
		}
	}
	x.pay()
	return x
}

// onLastDay returns one leave type on the last day of an employment.
func (b *Rulebook) onLastDay(f *Facts, t Type, last calendar.Date) LeaverLine {
	x := LeaverLine{Statement: b.Statement(f, t, last)}
	x.settle(b, f)
	return x
}

// less returns the facts without some lines by hand.
func (f *Facts) less(drop func(Adjustment) bool) *Facts {
	if !slices.ContainsFunc(f.Adjustments, drop) {
		return f
	}
	out := *f
	out.Adjustments = slices.DeleteFunc(slices.Clone(f.Adjustments), drop)
	return &out
}

// pay takes what was recorded with the final pay from what is to be paid, or is owed. Of what is paid in
// part the classes are not known.
func (x *LeaverLine) pay() {
	rest := x.PayOut.Sub(x.Owed).Sub(x.FinalPay)
	if !rest.IsZero() && !x.FinalPay.IsZero() {
		x.Classes = nil
	}
	x.PayOut, x.Owed = exact.Max(rest, exact.Rat{}), exact.Max(rest.Neg(), exact.Rat{})
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
	if x.Type.EndsUnpaid {
		x.NotPaid = rest
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
	for _, s := range x.Classes {
		rest = rest.Sub(s.Amount)
	}
	if len(x.Classes) > 0 && rest.Sign() > 0 { // such as what was granted by hand
		x.Classes = append(x.Classes, Share{Amount: rest})
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

// Leavers returns the employments that end, or ended, on a day or later, also of those who came back
// since: what ends last comes first. Those who see reports may ask.
func (s *Service) Leavers(ctx context.Context, by people.ID, since calendar.Date) ([]Leaver, error) {
	var out []Leaver
	err := s.view(ctx, by, func(c *scene) error {
		if err := c.viewer.Need(people.SeeReports); err != nil {
			return err
		}
		for _, id := range c.org.Order {
			ended := c.org.Records[id].EndedEmployments()
			ended = slices.DeleteFunc(ended, func(e people.Ended) bool { return e.To < since })
			if len(ended) == 0 {
				continue
			}
			f, err := c.facts(id)
			if err != nil {
				return err
			}
			for _, e := range ended {
				out = append(out, c.leaver(f, e))
			}
		}
		return nil
	})
	order.By(out, func(a, b Leaver) int { return int(b.Employment.To - a.Employment.To) })
	return out, err
}

// Leaver returns what becomes of the leave of somebody at the end of an employment, by its id, or
// of the latest that has one. Those who see reports may ask. It reports NotFound for anybody else.
func (s *Service) Leaver(ctx context.Context, by, person people.ID, employment string) (Leaver, error) {
	var out Leaver
	err := s.view(ctx, by, func(c *scene) error {
		if err := c.viewer.Need(people.SeeReports); err != nil {
			return err
		}
		e, err := c.ended(person, employment)
		if err != nil {
			return err
		}
		f, err := c.facts(person)
		if err == nil {
			out = c.leaver(f, e)
		}
		return err
	})
	return out, err
}

// leaver returns what the viewer may know of what becomes of the leave of f's person at the end of an employment.
func (c *scene) leaver(f *Facts, e people.Ended) Leaver {
	x := c.book.Leaver(f, e.Employment)
	x.Back = e.Back
	for i := range x.Lines {
		c.discreet(f, &x.Lines[i].Statement)
	}
	return x
}

// ended returns an employment of somebody that has a last day, by its id, or the latest.
func (c *scene) ended(person people.ID, employment string) (people.Ended, error) {
	r := c.org.Records[person]
	if r == nil {
		return people.Ended{}, errs.New(errs.NotFound, "people.error.no_person")
	}
	for _, e := range r.EndedEmployments() {
		if employment == "" || e.ID == employment {
			return e, nil
		}
	}
	return people.Ended{}, errs.New(errs.NotFound, "leave.error.no_end")
}

// FinalPay says that what somebody had left on the last day was paid out with the final pay, and that what
// they owed was withheld from it.
type FinalPay struct {
	Person     people.ID
	Employment string
	Due        map[string]exact.Rat // by leave type, as it was seen; negative: owed
	Note       string
}

// Due returns what is to be paid by leave type, negative where it is owed, without what is neither.
func (x *Leaver) Due() map[string]exact.Rat {
	out := map[string]exact.Rat{}
	for i := range x.Lines {
		if due := x.Lines[i].PayOut.Sub(x.Lines[i].Owed); !due.IsZero() {
			out[x.Lines[i].Type.ID] = due
		}
	}
	return out
}

// RecordFinalPay writes the lines by hand of the last day that take off what was paid out, and make up for what
// was withheld. It reports Forbidden for those who do not keep balances, NotFound where no such employment ends,
// Conflict where nothing is to be paid or something else than was seen, and Invalid with the field.
func (s *Service) RecordFinalPay(ctx context.Context, by people.ID, x FinalPay) error {
	err := s.update(ctx, by, func(c *scene) error {
		if err := c.mayKeepBalance(x.Person); err != nil {
			return err
		}
		if err := c.LockPerson(x.Person); err != nil {
			return err
		}
		e, err := c.ended(x.Person, x.Employment)
		if err != nil {
			return err
		}
		f, err := c.facts(x.Person)
		if err != nil {
			return err
		}
		leaver := c.book.Leaver(f, e.Employment)
		due := leaver.Due()
		if len(due) == 0 || !maps.EqualFunc(due, x.Due, exact.Rat.Equal) {
			return errs.New(errs.Conflict, "leave.error.final_pay")
		}
		return c.saveFinalPay(&x, &leaver, due)
	})
	if err != nil {
		return fmt.Errorf("record final pay of %s: %w", x.Person, err)
	}
	return nil
}

func (c *scene) saveFinalPay(x *FinalPay, leaver *Leaver, due map[string]exact.Rat) error {
	for i := range leaver.Lines {
		typ := leaver.Lines[i].Type.ID
		if due[typ].IsZero() {
			continue
		}
		a := Adjustment{ID: id.New(c.s.Now()), Person: x.Person, Type: typ, Date: leaver.Employment.To, Amount: due[typ].Neg(), Reason: x.Note,
			By: c.viewer.ID, At: c.s.at()}
		if err := a.Check(); err != nil {
			return err
		}
		if err := c.SaveAdjustment(a); err != nil {
			return err
		}
	}
	return nil
}
