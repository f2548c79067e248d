// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"slices"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
)

// A change of approved leave is a request that would take its place: Request.Replaces.
// The old leave stays in force until the change is approved. Until then both block
// their days, and the balance counts the larger of the two in each leave year.

// replaced returns the leave that an ask would change, and reports why it cannot be
// changed: it is not approved, another change of it waits, or it has begun and what
// is past would change.
func (c *scene) replaced(ask Ask, f *Facts) (*Request, error) {
	r, err := c.request(ask.Replaces)
	if err != nil {
		return nil, err
	}
	waits := func(q Request) bool { return q.State == Pending && q.Replaces == r.ID }
	switch {
	case r.Person != ask.Person:
		return nil, errNoRequest
	case r.State != Approved:
		return nil, errs.New(errs.Conflict, "leave.error.not_approved")
	case slices.ContainsFunc(f.Requests, waits):
		return nil, errs.New(errs.Conflict, "leave.error.change_waits")
	case r.Type != ask.Type:
		return nil, errs.New(errs.Invalid, "leave.error.change_type").At("type")
	case !c.mayChange(&r):
		return nil, errs.New(errs.Forbidden, "leave.error.may_not_change")
	}
	today := c.todayOf(r.Person)
	past := ask.From != r.From || ask.First != r.First || ask.To < min(today, r.To)
	if r.From <= today && past && !c.viewer.MayDecide(r.Person) {
		return nil, errs.New(errs.Conflict, "leave.error.change_past").At("from")
	}
	return &r, nil
}

// mayChange reports whether the viewer may ask for a change of approved leave: the
// person until its last day, those who decide for them at any time.
func (c *scene) mayChange(r *Request) bool {
	over := r.To < c.todayOf(r.Person)
	return r.State == Approved && (c.viewer.ID == r.Person && !over || c.viewer.MayDecide(r.Person))
}

// giveBack reports whether new costs no day that old does not cost already, and no
// day more of it.
func giveBack(old, new []Charge) bool {
	for _, c := range new {
		i := slices.IndexFunc(old, func(o Charge) bool { return o.Date == c.Date })
		if i < 0 || c.Days.Cmp(old[i].Days) > 0 || c.Minutes > old[i].Minutes {
			return false
		}
	}
	return true
}

// reserved returns what a change that waits counts beside the leave that it would
// take the place of: what it costs more than that, leave year by leave year.
func (b *Rulebook) reserved(f *Facts, t Type, r *Request, charges []Charge) []Charge {
	i := slices.IndexFunc(f.Requests, func(q Request) bool { return q.ID == r.Replaces && q.State == Approved })
	if i < 0 {
		return charges
	}
	type spent struct {
		days    exact.Rat
		minutes int
	}
	old := map[calendar.Date]spent{}
	for _, c := range f.Requests[i].Costs() {
		year := b.yearOf(f, t, c.Date)
		s := old[year]
		old[year] = spent{s.days.Add(c.Days), s.minutes + c.Minutes}
	}
	var out []Charge
	for _, c := range charges {
		year := b.yearOf(f, t, c.Date)
		s := old[year]
		days, minutes := exact.Min(c.Days, s.days), min(c.Minutes, s.minutes)
		old[year] = spent{s.days.Sub(days), s.minutes - minutes}
		c.Days, c.Minutes = c.Days.Sub(days), c.Minutes-minutes
		if c.Days.Sign() > 0 || c.Minutes > 0 {
			out = append(out, c)
		}
	}
	return out
}

// yearOf returns the first day of the leave year that d lies in, the calendar year's
// where no policy says.
func (b *Rulebook) yearOf(f *Facts, t Type, d calendar.Date) calendar.Date {
	var start MonthDay
	if c, ok := f.ContractOn(d); ok {
		if p, ok := b.Policy(c.Package, t.ID, d); ok {
			start = p.Terms.YearStart
		}
	}
	return start.YearOf(d).From
}

// aside returns f less a request and the leave that it would take the place of.
func aside(f *Facts, r *Request) *Facts {
	if r.Replaces == "" {
		return without(f, r.ID)
	}
	return without(without(f, r.ID), r.Replaces)
}

// takePlace ends the leave that an approved change takes the place of.
func (c *scene) takePlace(r *Request) error {
	if r.Replaces == "" {
		return nil
	}
	old, err := c.Request(r.Replaces)
	if err != nil {
		return err
	}
	if old.State != Approved {
		return errs.New(errs.Conflict, "leave.error.not_approved")
	}
	old.State, old.DecidedBy, old.DecidedAt, old.Reason = Cancelled, c.viewer.ID, c.s.at(), ""
	if err := c.freeSubstitute(&old, r); err != nil {
		return err
	}
	return c.UpdateRequest(old)
}

// dropChange withdraws the change that waits of leave that is cancelled.
func (c *scene) dropChange(r *Request) error {
	all, err := c.CountingRequests(r.Person)
	if err != nil {
		return err
	}
	for _, q := range all {
		if q.State != Pending || q.Replaces != r.ID {
			continue
		}
		change, err := c.Request(q.ID)
		if err != nil {
			return err
		}
		change.State, change.DecidedBy, change.DecidedAt = Withdrawn, c.viewer.ID, c.s.at()
		if err := c.freeSubstitute(&change, r); err != nil {
			return err
		}
		if err := c.UpdateRequest(change); err != nil {
			return err
		}
	}
	return nil
}

// changes returns the leave that r would take or took the place of, and the request
// that would take or took r's, or was asked in its place; zero where there is none.
func (c *scene) changes(r *Request) (old, next Request, err error) {
	if r.Replaces != "" {
		if old, err = c.Request(r.Replaces); err != nil {
			return old, next, err
		}
	}
	all, err := c.RequestsOf(r.Person)
	i := slices.IndexFunc(all, func(q Request) bool { return q.Replaces == r.ID && q.State.Counts() || q.Revises == r.ID })
	if i >= 0 {
		next = all[i]
	}
	return old, next, err
}
