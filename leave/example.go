// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"verlof/calendar"
	"verlof/people"
)

// Case is somebody made up, on whom a policy is tried: they work by a pattern,
// from a day on and until another (zero: no end), and may have been away.
type Case struct {
	Born          calendar.Date // zero: not known
	Joins, Leaves calendar.Date
	Pattern       string        // id
	Away          string        // id of a type of leave; Ill: sickness; empty: never away
	From, To      calendar.Date // the days away
	At            calendar.Date // the day of the statement; zero: the last of the leave year they join in, or the last they work
}

// Ill stands in a Case for sickness, which is no type of leave.
const Ill = "ill"

// Example returns the statement that a policy, saved or not, gives somebody made
// up: as if the policy had held since ever and nothing else, and what leave is due
// on had happened on the day of the statement. Those who see how all is
// set up may ask; it reports Invalid with the field for terms or a case that cannot be.
func (s *Service) Example(ctx context.Context, by people.ID, p Policy, x Case) (Statement, error) {
	var out Statement
	err := s.view(ctx, by, func(c *scene) error {
		if err := c.viewer.Need(people.SeeSetup); err != nil {
			return err
		}
		if err := errors.Join(c.book.CheckTerms(&p), c.checkCase(&p, &x)); err != nil {
			return err
		}
		p.From = 0
		t, _ := c.book.Type(p.Type)
		book := &Rulebook{Types: c.book.Types, Policies: []Policy{p}, Patterns: c.book.Patterns}
		out = book.Statement(x.facts(book, &p), t, x.At)
		return nil
	})
	if err != nil {
		return Statement{}, fmt.Errorf("example of a policy: %w", err)
	}
	return out, nil
}

// facts returns what is known of the one made up.
func (x *Case) facts(book *Rulebook, p *Policy) *Facts {
	f := &Facts{Claims: p.Terms.happen(x.At), Record: people.Record{
		Person:      people.Person{Born: x.Born},
		Employments: []people.Employment{{From: x.Joins, To: x.Leaves}},
		Contracts:   []people.Contract{{From: x.Joins, Pattern: x.Pattern, Package: p.Package}},
	}}
	switch t, ok := book.Type(x.Away); {
	case x.Away == Ill:
		f.Sickness = []Sickness{{ID: Ill, From: x.From, To: x.To, Certified: true}}
	case ok:
		r := Request{ID: x.Away, Type: x.Away, Span: Span{From: x.From, To: x.To}, State: Approved}
		r.Charges, _ = book.Count(f, t, r.Span)
		f.Requests = []Request{r}
	}
	return f
}

// happen has every event of terms happen on a day.
func (t *Terms) happen(d calendar.Date) []Claim {
	var out []Claim
	for _, p := range t.Pots() {
		again := slices.ContainsFunc(out, func(c Claim) bool { return c.Event == p.Event.Kind })
		if !p.Event.IsZero() && p.Event.Kind != FirstDay && !again {
			out = append(out, Claim{Kind: ClaimEvent, Event: p.Event.Kind, Date: d, State: Approved})
		}
	}
	return out
}

// checkCase notes what is wrong with x and fills in the day of the statement.
func (c *scene) checkCase(p *Policy, x *Case) error {
	var f people.Faults
	f.Date("joins", x.Joins)
	if !x.Leaves.IsZero() {
		f.Date("leaves", x.Leaves)
		if x.Leaves < x.Joins {
			f.Add("leaves", "people.error.ends_before")
		}
	}
	if !x.At.IsZero() {
		f.Date("at", x.At)
	}
	if !x.Born.IsZero() {
		f.Date("born", x.Born)
	}
	c.checkAway(&f, x)
	if _, ok := c.org.Patterns[x.Pattern]; !ok {
		f.Add("pattern", "people.error.pattern")
	}
	if x.At.IsZero() {
		x.At = p.Terms.YearStart.YearOf(x.Joins).To
		if !x.Leaves.IsZero() {
			x.At = min(x.At, x.Leaves)
		}
	}
	return f.Err()
}

// checkAway notes what is wrong with the days away of x.
func (c *scene) checkAway(f *people.Faults, x *Case) {
	if x.Away == "" {
		return
	}
	if _, ok := c.book.Type(x.Away); !ok && x.Away != Ill {
		f.Add("away", "leave.error.no_type")
	}
	f.Date("away_from", x.From)
	if x.Away != Ill || !x.To.IsZero() {
		f.Date("away_to", x.To)
	}
	switch {
	case !x.To.IsZero() && x.To < x.From:
		f.Add("away_to", "people.error.ends_before")
	case !x.To.IsZero() && x.To >= x.From.AddDays(MaxSpanDays):
		f.Add("away_to", "leave.error.too_long", "days", MaxSpanDays)
	}
}
