// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"
	"fmt"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
)

// pastOpen is how long the past state of a demo can be looked at.
const pastOpen = 365 * 24 * time.Hour

// mishap has the administrator of a demo do three things to the wrong people, and opens the
// state before, so that a visitor can compare the two and have each thing back.
func (p *play) mishap(ctx context.Context, d *tenant.Directory, host func(label string) string) error {
	row, _, err := d.CopyKey(ctx, p.slug)
	if err != nil {
		return err
	}
	const name = "before"
	_, path, err := beside(d, row, name)
	if err != nil {
		return err
	}
	state := d.Now()
	err = with(ctx, d, p.slug, func(t *tenant.Tenant) error {
		if err := t.DB().CopyTo(ctx, path); err != nil {
			return err
		}
		return p.blunder(ctx, t)
	})
	if err != nil {
		return err
	}
	_, err = ViewRestored(ctx, d, Viewing{Slug: p.slug, Name: name, State: state, For: pastOpen, Host: host},
		tenant.Why{By: "operator", Reason: "Three things were done to the wrong people"})
	return err
}

// blunder cancels leave, sets a last day and writes a line, of people who were not meant.
func (p *play) blunder(ctx context.Context, t *tenant.Tenant) error {
	keeper := p.cast[0].boss
	ctx = people.Acting(ctx, keeper)
	if id := p.booked(); id != "" {
		if err := t.Leave.Cancel(ctx, keeper, id, "The project needs everybody that week"); err != nil {
			return fmt.Errorf("cancel leave: %w", err)
		}
	}
	leaver := p.hired(3).facts.Employments[0]
	leaver.To = calendar.On(p.today.Year()+1, time.December, 31)
	gone := leave.SavingEmployment(people.Employment{ID: leaver.ID, Person: leaver.Person, From: leaver.From, To: leaver.To})
	seen, err := t.Leave.Foresee(ctx, keeper, gone)
	if err == nil {
		_, err = t.Leave.Apply(ctx, keeper, gone, leave.Consent{Reason: "Retires", Mark: seen.Mark()})
	}
	if err != nil {
		return fmt.Errorf("set a last day: %w", err)
	}
	return t.Leave.Adjust(ctx, keeper, leave.Adjustment{Person: p.hired(4).ID, Type: p.set.Types.Holiday.ID, Date: p.today, Amount: exact.Int(3),
		Reason: "Three days of August were worked after all"}, false)
}

// booked returns the id of holiday that is approved and still to come, of somebody whom no
// visitor is.
func (p *play) booked() string {
	for _, r := range p.cast[len(p.cast)/2:] {
		for _, q := range r.facts.Requests {
			if q.State == leave.Approved && q.Type == p.set.Types.Holiday.ID && q.From > p.today.AddDays(5) && q.Collective == "" {
				return q.ID
			}
		}
	}
	return ""
}
