// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"testing"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// left fails unless somebody has so many days left of a year.
func (b *bureau) left(who people.ID, at string, want int64) {
	b.Helper()
	s, err := b.Statement(b.Context(), who, who, storetest.Holiday, calendar.MustParse(at))
	if err != nil || !s.Available.Equal(exact.Int(want)) {
		b.Errorf("%s has %s left at %s, %v, want %d", who, s.Available, at, err, want)
	}
}

func changing(who people.ID, old, from, to string) leave.Ask {
	a := ask(who, from, to)
	a.Replaces = old
	return a
}

// granted has somebody ask for leave, and the manager approve.
func (b *bureau) granted(who people.ID, from, to string) string {
	b.Helper()
	r := b.asks(who, from, to)
	b.approves(storetest.Boss, r)
	return r
}

// TestChange: a change waits beside the leave that stays in force; the larger of the two
// counts; approved it takes the other's place, refused nothing has changed.
func TestChange(t *testing.T) {
	each(t, func(b *bureau) {
		ctx := b.Context()
		old := b.granted(worker(0), "2026-06-01", "2026-06-05")
		b.left(worker(0), "2026-12-31", 20)

		longer, err := b.Submit(ctx, worker(0), changing(worker(0), old, "2026-06-03", "2026-06-10"))
		if err != nil {
			b.Fatal(err)
		}
		b.is(old, leave.Approved)
		b.left(worker(0), "2026-12-31", 19) // six days, not eleven
		_, err = b.Submit(ctx, worker(0), changing(worker(0), old, "2026-06-03", "2026-06-04"))
		b.refused(errs.Conflict, err)
		_, err = b.Submit(ctx, worker(0), ask(worker(0), "2026-06-10", "2026-06-10"))
		b.refused(errs.Conflict, err)
		if err := b.Refuse(ctx, storetest.Boss, longer.ID, "No"); err != nil {
			b.Fatal(err)
		}
		b.is(old, leave.Approved)
		b.left(worker(0), "2026-12-31", 20)

		shorter, err := b.Submit(ctx, worker(0), changing(worker(0), old, "2026-06-01", "2026-06-03"))
		if err != nil {
			b.Fatal(err)
		}
		b.left(worker(0), "2026-12-31", 20) // nothing is back before it is decided
		b.approves(storetest.Boss, shorter.ID)
		b.is(old, leave.Cancelled)
		b.is(shorter.ID, leave.Approved)
		b.left(worker(0), "2026-12-31", 22)
		d, err := b.Detail(ctx, worker(0), old)
		if err != nil || d.Next.ID != shorter.ID {
			b.Errorf("history: %v, %q", err, d.Next.ID)
		}

		moved, err := b.Submit(ctx, worker(0), changing(worker(0), shorter.ID, "2026-08-03", "2026-08-05"))
		if err != nil {
			b.Fatal(err)
		}
		if err := b.Cancel(ctx, worker(0), shorter.ID, ""); err != nil {
			b.Fatal(err)
		}
		b.is(moved.ID, leave.Withdrawn)
		b.left(worker(0), "2026-12-31", 25)
	})
}

// TestChangeOfRetired: leave of a type that is not offered any more can be changed, and
// nobody gets more of that type by it.
func TestChangeOfRetired(t *testing.T) {
	each(t, func(b *bureau) {
		old := b.granted(worker(0), "2026-06-01", "2026-06-05")
		other := changing(worker(0), old, "2026-06-01", "2026-06-03")
		other.Type = b.retire(storetest.Holiday)
		_, err := b.Submit(b.Context(), worker(0), ask(worker(0), "2026-08-03", "2026-08-03"))
		b.refused(errs.Invalid, err)
		_, err = b.Submit(b.Context(), worker(0), other)
		b.refused(errs.Invalid, err)
		shorter, err := b.Submit(b.Context(), worker(0), changing(worker(0), old, "2026-06-01", "2026-06-03"))
		if err != nil {
			b.Fatal(err)
		}
		b.approves(storetest.Boss, shorter.ID)
		b.is(old, leave.Cancelled)
	})
}

// retire has no leave of a type asked for from now on, and returns another type.
func (b *bureau) retire(id string) (other string) {
	b.Helper()
	book, err := b.Rules(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for _, t := range book.Types {
		if t.ID == id {
			t.Retired = true
			err = b.db.Leave().Update(b.Context(), func(tx leave.Tx) error { return tx.SaveType(t) })
		} else if !t.Retired {
			other = t.ID
		}
	}
	if err != nil || other == "" {
		b.Fatalf("retire %s: %v", id, err)
	}
	return other
}

// TestChangeRefused: nobody changes what is not theirs, not approved or past, and a
// balance never pays for more than there is.
func TestChangeRefused(t *testing.T) {
	each(t, func(b *bureau) {
		ctx := b.Context()
		old := b.granted(worker(0), "2026-06-01", "2026-06-26")
		_, err := b.Submit(ctx, worker(0), changing(worker(0), old, "2026-06-01", "2026-07-31"))
		b.refused(errs.Conflict, err)
		_, err = b.Submit(ctx, worker(1), changing(worker(1), old, "2026-06-01", "2026-06-02"))
		b.refused(errs.NotFound, err)
		_, err = b.Submit(ctx, worker(0), changing(worker(0), old, "2026-06-01", "2026-06-26"))
		b.refused(errs.Conflict, err)
		waiting := b.asks(worker(2), "2026-06-01", "2026-06-02")
		_, err = b.Submit(ctx, worker(2), changing(worker(2), waiting, "2026-06-01", "2026-06-01"))
		b.refused(errs.Conflict, err)
		b.now = time.Date(2026, 6, 10, 9, 0, 0, 0, time.UTC)
		_, err = b.Submit(ctx, worker(0), changing(worker(0), old, "2026-06-03", "2026-06-26"))
		b.refused(errs.Conflict, err)
		if _, err = b.Submit(ctx, worker(0), changing(worker(0), old, "2026-06-01", "2026-06-12")); err != nil {
			b.Errorf("the rest of leave that has begun: %v", err)
		}
	})
}

// TestGiveBack: where the type says so, a change that only gives days back holds at once.
func TestGiveBack(t *testing.T) {
	each(t, func(b *bureau) {
		b.option(func(t *leave.Type) { t.FreeReturn = true })
		old := b.granted(worker(0), "2026-06-01", "2026-06-05")
		r, err := b.Submit(b.Context(), worker(0), changing(worker(0), old, "2026-06-02", "2026-06-04"))
		if err != nil || r.State != leave.Approved {
			b.Fatalf("%s, %v", r.State, err)
		}
		b.is(old, leave.Cancelled)
		b.left(worker(0), "2026-12-31", 22)
		r, err = b.Submit(b.Context(), worker(0), changing(worker(0), r.ID, "2026-06-04", "2026-06-05"))
		if err != nil || r.State != leave.Pending {
			b.Errorf("another day: %s, %v", r.State, err)
		}
	})
}

// option changes the type of holiday.
func (b *bureau) option(set func(*leave.Type)) {
	b.Helper()
	err := b.db.Update(b.Context(), func(tx *store.Tx) error {
		types, err := tx.Types()
		for _, t := range types {
			if t.ID == storetest.Holiday {
				set(&t)
				err = tx.SaveType(t)
			}
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

// TestClock: without an answer in two weeks the leave stands, be it that nobody looked,
// and then nobody can refuse it; on the last day they still can.
func TestClock(t *testing.T) {
	each(t, func(b *bureau) {
		b.option(func(t *leave.Type) { t.AnswerDays = 14 })
		first, second, third := b.asks(worker(0), "2026-06-01", "2026-06-05"), b.asks(worker(1), "2026-06-01", "2026-06-05"), b.asks(worker(2), "2026-06-01", "2026-06-05")
		if n := b.mails(leave.KindClock, b.now.AddDate(0, 0, 15)); n != 3 {
			b.Errorf("%d clocks", n)
		}
		b.now = noon.AddDate(0, 0, 14) // Monday 16 March, the last day
		if err := b.SettleAll(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.is(first, leave.Pending)
		if err := b.Refuse(b.Context(), storetest.Boss, first, "Stocktaking"); err != nil {
			b.Error(err)
		}
		b.now = noon.AddDate(0, 0, 15)
		b.refused(errs.Conflict, b.Refuse(b.Context(), storetest.Boss, second, "Too late"))
		b.is(second, leave.Approved)
		for range 2 {
			if err := b.SettleAll(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
		b.is(third, leave.Approved)
		b.is(first, leave.Refused)
		d, err := b.Detail(b.Context(), worker(2), third)
		if err != nil || len(d.Stages[0].Decisions) != 1 || d.Stages[0].Decisions[0].As != leave.ByClock {
			b.Errorf("on record: %v, %+v", err, d.Stages)
		}
	})
}

// TestClock_short: what has come to be more than there is does not stand by the clock, and
// those who decide can still refuse it; once there is enough again it stands.
func TestClock_short(t *testing.T) {
	each(t, func(b *bureau) {
		b.option(func(t *leave.Type) { t.AnswerDays = 14 })
		line := leave.Adjustment{Type: storetest.Holiday, Date: calendar.MustParse("2026-01-02"), Amount: exact.Int(-22), Reason: "too much"}
		var requests []string
		for i := range 2 {
			requests = append(requests, b.asks(worker(i), "2026-06-01", "2026-06-05"))
			line.Person = worker(i)
			if err := b.Adjust(b.Context(), storetest.Admin, line, false); err != nil {
				b.Fatal(err)
			}
		}
		b.now = noon.AddDate(0, 0, 15)
		if err := b.SettleAll(b.Context()); err != nil {
			b.Fatal(err)
		}
		d, err := b.Detail(b.Context(), storetest.Boss, requests[0])
		if err != nil || d.Request.State != leave.Pending || d.Overdue || !d.MayDecide {
			b.Fatalf("%s, overdue %v, may decide %v, %v", d.Request.State, d.Overdue, d.MayDecide, err)
		}
		b.refused(errs.Conflict, b.Approve(b.Context(), storetest.Boss, requests[0], ""))
		if err := b.Refuse(b.Context(), storetest.Boss, requests[0], "There are three days left"); err != nil {
			b.Error(err)
		}
		line.Amount, line.Reason = exact.Int(22), "it was right"
		if err := b.Adjust(b.Context(), storetest.Admin, line, false); err != nil {
			b.Fatal(err)
		}
		b.refused(errs.Conflict, b.Refuse(b.Context(), storetest.Boss, requests[1], "Too late"))
		b.is(requests[1], leave.Approved)
	})
}

// TestSickStandIn: sickness keeps a manager away as leave does.
func TestSickStandIn(t *testing.T) {
	each(t, func(b *bureau) {
		err := b.SaveStandIn(b.Context(), storetest.Boss, leave.StandIn{Person: storetest.Boss, By: worker(1), From: calendar.MustParse("2026-01-01")})
		if err != nil {
			b.Fatal(err)
		}
		r := b.asks(worker(0), "2026-06-01", "2026-06-02")
		b.waits(r, storetest.Boss)
		if _, err := b.ReportSick(b.Context(), storetest.Boss, leave.SickAsk{Person: storetest.Boss, From: calendar.MustParse("2026-03-02")}); err != nil {
			b.Fatal(err)
		}
		b.waits(r, storetest.Boss, worker(1))
		if n := b.mails(leave.KindStandIn, b.now); n != 1 {
			b.Errorf("%d mails to stand in", n)
		}
		b.approves(worker(1), r)
		b.is(r, leave.Approved)
	})
}

// TestChangeTells: those whose leave a change does something to are told once each, where whoever makes it wants that; not those
// who have left, and nobody else.
func TestChangeTells(t *testing.T) {
	each(t, func(b *bureau) {
		b.leaves(worker(5), "2026-01-31")
		for _, tell := range []bool{false, true} {
			ch := leave.SavingOwnDay(people.OwnDay{Date: day("2026-08-07"), Name: "Free", Off: calendar.FullDay})
			if tell {
				ch = leave.SavingPolicy(leave.Policy{ID: "p", Package: "all", Type: storetest.Holiday, From: day("2020-01-01"), Terms: terms(27)})
			} else {
				b.granted(worker(0), "2026-08-03", "2026-08-14")
			}
			seen, err := b.Foresee(b.Context(), storetest.Admin, ch)
			if err == nil {
				_, err = b.Apply(b.Context(), storetest.Admin, ch, leave.Consent{Reason: "agreed", Mark: seen.Mark(), Tell: tell})
			}
			if err != nil {
				b.Fatal(err)
			}
			want := 0
			if tell {
				want = seen.People
				for _, e := range seen.Effects {
					if e.Person == worker(5) {
						want--
					}
				}
			}
			b.told(leave.KindChanged, want)
		}
	})
}
