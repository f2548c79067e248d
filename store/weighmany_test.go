// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"testing"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
	"verlof/store/storetest"
)

// crowd is a customer with so many people that others book while they are weighed. What happens
// then is meanwhile, while the view is open in which they are weighed.
type crowd struct {
	hr
	meanwhile func()
}

func newCrowd(t *testing.T, setting string) *crowd {
	t.Helper()
	c := &crowd{hr: hr{bureauOf(t, setting, 40)}}
	c.granted(storetest.Worker(0), "2026-06-01", "2026-06-12")
	return c
}

// slowly returns the service of somebody else, whose views last until meanwhile is over.
func (c *crowd) slowly() *leave.Service {
	return &leave.Service{Store: slow{c.db.Leave(), c}, Now: c.Now}
}

type slow struct {
	leave.Store
	*crowd
}

func (s slow) View(ctx context.Context, f func(leave.Tx) error) error {
	return s.Store.View(ctx, func(tx leave.Tx) error {
		err := f(tx)
		s.meanwhile()
		return err
	})
}

// TestBookedWhileManyAreWeighed: bookings do not wait while everybody is weighed, and a change
// that was made knows of them.
func TestBookedWhileManyAreWeighed(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		c, ctx := newCrowd(t, setting), t.Context()
		ch := leave.SavingOwnDay(people.OwnDay{Date: calendar.MustParse("2026-06-05"), Name: "Bridge day"})
		booked := 0
		c.meanwhile = func() {
			c.granted(storetest.Worker(20+booked), "2026-06-04", "2026-06-05")
			booked++
		}
		seen, err := c.slowly().Foresee(ctx, storetest.Admin, ch)
		if err != nil || booked != 1 || seen.People != 2 {
			t.Fatalf("foreseen for %d people with %d booked meanwhile, %v", seen.People, booked, err)
		}
		again, err := c.slowly().Apply(ctx, storetest.Admin, ch, leave.Consent{Reason: "it is so", Mark: seen.Mark()})
		if e := errs.As(err); err == nil || e.Field != "mark" || booked != 2 || again.People != 3 {
			t.Fatalf("made for %d people with %d booked meanwhile, %v", again.People, booked, err)
		}
		c.meanwhile = func() { c.granted(storetest.Worker(30), "2026-08-03", "2026-08-04") }
		done, err := c.slowly().Apply(ctx, storetest.Admin, ch, leave.Consent{Reason: "Agreed with the works council.", Mark: again.Mark()})
		if err != nil || done.People != 3 {
			t.Fatalf("made for %d people, %v", done.People, err)
		}
		for _, e := range done.Effects {
			c.has(e, e.End.After)
		}
		c.onRecord(done)
	})
}

// TestRulesWhileManyAreWeighed: where other rules come to hold while everybody is weighed, what
// was worked out by the old ones is not what is made.
func TestRulesWhileManyAreWeighed(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		c, ctx := newCrowd(t, setting), t.Context()
		days, changed := int64(26), 0
		c.meanwhile = func() {
			changed++
			p := leave.Policy{ID: "p", Package: "all", Type: storetest.Holiday, From: calendar.MustParse("2020-01-01"), Terms: terms(days)}
			if _, err := c.SavePolicy(ctx, storetest.Admin, p); err != nil {
				t.Fatal(err)
			}
			days++
		}
		ch := leave.SavingPattern("full", "Full time", "mon-thu")
		seen, err := c.slowly().Foresee(ctx, storetest.Admin, ch)
		if err != nil || changed < 2 || len(seen.Effects) == 0 {
			t.Fatalf("%d effects with %d policies meanwhile, %v", len(seen.Effects), changed, err)
		}
		for _, e := range seen.Effects {
			c.has(e, e.End.Before)
		}
	})
}

// has fails unless the balance of an effect is so much at the end of the leave year.
func (c *crowd) has(e leave.Effect, want exact.Rat) {
	c.Helper()
	if s, err := c.Statement(c.Context(), storetest.Admin, e.Person, e.Type, e.End.At); err != nil || !s.Balance.Equal(want) {
		c.Errorf("%s has %s left, %v, foreseen %s", e.Person, s.Balance, err, want)
	}
}
