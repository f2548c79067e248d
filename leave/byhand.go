// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"verlof/errs"
	"verlof/internal/id"
	"verlof/internal/order"
	"verlof/people"
)

// ByHand is what somebody wrote into a balance by hand: a line, or what a whole leave
// year grants.
type ByHand struct {
	Person people.Person
	By     people.Person // who wrote it
	Type   Type
	Line   Adjustment        // of a fixed leave year: its amount, reason and when it was written
	Year   int               // of a fixed leave year: in which it begins; zero: a line
	Undone *Adjustment       // the line that took it back; nil: none did
	Back   *Adjustment       // the line that it takes back; nil: none
	Fixed  *FixedEntitlement // of a fixed leave year
}

// MayUndo reports whether the line can be taken back: one that holds and takes none
// back. A fixed leave year can follow the policy again instead.
func (x *ByHand) MayUndo() bool { return x.Fixed == nil && x.Undone == nil && x.Back == nil }

// ByHand returns what was written by hand into everybody's balances, the last first.
// Those who keep balances may ask, and those who see reports.
func (s *Service) ByHand(ctx context.Context, by people.ID) ([]ByHand, error) {
	var out []ByHand
	err := s.view(ctx, by, func(c *scene) error {
		if !c.viewer.HasAny(people.KeepBalances) && !c.viewer.Has(people.SeeReports) {
			return c.viewer.Need(people.KeepBalances)
		}
		lines, err := c.AllAdjustments()
		if err != nil {
			return err
		}
		fixed, err := c.AllFixed()
		if err != nil {
			return err
		}
		for _, who := range c.org.Order {
			if c.mayKnow(who) == nil {
				out = append(out, c.byHandOf(lines[who], fixed[who])...)
			}
		}
		return nil
	})
	order.By(out, func(a, b ByHand) int {
		return cmp.Or(cmp.Compare(b.Line.At, a.Line.At), cmp.Compare(b.Line.ID, a.Line.ID))
	})
	return out, err
}

// byHandOf returns what was written by hand into the balances of one person.
func (c *scene) byHandOf(lines []Adjustment, fixed []FixedEntitlement) []ByHand {
	var out []ByHand
	for i := range lines {
		x := ByHand{Line: lines[i]}
		for k := range lines {
			switch {
			case lines[k].Undoes == x.Line.ID:
				x.Undone = &lines[k]
			case lines[k].ID == x.Line.Undoes:
				x.Back = &lines[k]
			}
		}
		out = append(out, c.byHand(x))
	}
	for i := range fixed {
		f := &fixed[i]
		line := Adjustment{ID: f.ID, Person: f.Person, Type: f.Type, Amount: f.Amount, Reason: f.Reason, By: f.By, At: f.At}
		out = append(out, c.byHand(ByHand{Line: line, Year: f.Year, Fixed: f}))
	}
	return out
}

// byHand adds the names of what a line tells by id.
func (c *scene) byHand(x ByHand) ByHand {
	x.Person, x.By = c.org.Person(x.Line.Person), c.org.Person(x.Line.By)
	x.Type, _ = c.book.Type(x.Line.Type)
	return x
}

// OneByHand returns one line that was written by hand, or NotFound. Those who keep
// balances may ask.
func (s *Service) OneByHand(ctx context.Context, by people.ID, line string) (ByHand, error) {
	var out ByHand
	err := s.view(ctx, by, func(c *scene) (err error) {
		out, err = c.oneByHand(line)
		return err
	})
	return out, err
}

func (c *scene) oneByHand(line string) (ByHand, error) {
	if err := c.viewer.NeedAny(people.KeepBalances); err != nil {
		return ByHand{}, err
	}
	x, err := c.Adjustment(line)
	if err == nil {
		err = c.mayKeepBalance(x.Person)
	}
	if err != nil {
		return ByHand{}, err
	}
	lines, err := c.Adjustments(x.Person)
	if err != nil {
		return ByHand{}, err
	}
	all := c.byHandOf(lines, nil)
	return all[slices.IndexFunc(all, func(o ByHand) bool { return o.Line.ID == line })], nil
}

// KindAdjusted is the kind of the outbox row about a line by hand, for the person whose balance it is in;
// the payload is an Event with the line.
const KindAdjusted = "leave.adjusted"

// writeLine writes a line by hand, and tells the person where tell says, unless it is theirs or they are not here.
func (c *scene) writeLine(a *Adjustment, tell bool) error {
	if err := c.SaveAdjustment(*a); err != nil || !tell || a.By == a.Person || !c.hears(a.Person) {
		return err
	}
	return put(c, KindAdjusted, KindAdjusted+":"+a.ID, Event{Request: a.ID, Person: a.Person, By: a.By})
}

// UndoAdjustment takes back a line that was written by hand, with a line of the same day
// and as much that says why, and tells the person so by mail where tell says. Both stay and come to nothing. It reports Forbidden for
// those who do not keep balances, NotFound where there is no such line, Conflict where
// it was taken back already or takes another back, and Invalid with the field.
func (s *Service) UndoAdjustment(ctx context.Context, by people.ID, line, reason string, tell bool) error {
	err := s.update(ctx, by, func(c *scene) error {
		x, err := c.oneByHand(line)
		if err != nil {
			return err
		}
		if err := c.LockPerson(x.Line.Person); err != nil {
			return err
		}
		if x, err = c.oneByHand(line); err != nil { // as it is now that nobody else writes
			return err
		}
		switch {
		case x.Undone != nil:
			return errs.New(errs.Conflict, "leave.error.undone_already")
		case x.Back != nil:
			return errs.New(errs.Conflict, "leave.error.undoes_itself")
		}
		back := x.Line
		back.ID, back.By, back.At = id.New(s.Now()), by, s.at()
		back.Amount, back.Reason, back.Undoes = back.Amount.Neg(), reason, x.Line.ID
		if err := back.Check(); err != nil {
			return err
		}
		return c.writeLine(&back, tell)
	})
	if err != nil {
		return fmt.Errorf("take back adjustment %s: %w", line, err)
	}
	return nil
}
