// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"sync"
	"testing"

	"verlof/errs"
	"verlof/leave"
	"verlof/people"
	"verlof/store/storetest"
)

func revising(who people.ID, old, from, to string) leave.Ask {
	a := ask(who, from, to)
	a.Revises = old
	return a
}

// revises has somebody change a request that waits, which must be accepted.
func (b *bureau) revises(who people.ID, old, from, to string) string {
	b.Helper()
	r, err := b.Submit(b.Context(), who, revising(who, old, from, to))
	if err != nil {
		b.Fatalf("%s changes %s: %v", who, old, err)
	}
	return r.ID
}

// TestRevise: a request that waits ends as another is asked in its place, whose days it does not
// block and whose cost it does not reserve; both say so, and a yes to the one is none to the other.
func TestRevise(t *testing.T) {
	each(t, func(b *bureau) {
		ctx := b.Context()
		b.rule(leave.ApprovalRule{Name: "Long", Over: 10, Steps: []leave.Step{{Who: leave.AnyManager}, {Who: leave.Administrators}}})
		old := b.asks(worker(0), "2026-06-01", "2026-07-03") // all 25 days
		b.approves(storetest.Boss, old)
		b.waits(old, storetest.Admin)
		now := b.revises(worker(0), old, "2026-06-08", "2026-07-03")
		b.is(old, leave.Withdrawn)
		b.is(now, leave.Pending)
		b.waits(now, storetest.Boss)
		b.left(worker(0), "2026-12-31", 5)

		d, err := b.Detail(ctx, worker(0), old)
		if err != nil || d.Next.ID != now || d.Decider.ID != worker(0) || d.MayRevise {
			b.Errorf("the one before: %v, next %q by %s, may be changed %v", err, d.Next.ID, d.Decider.ID, d.MayRevise)
		}
		d, err = b.Detail(ctx, storetest.Boss, now)
		if err != nil || d.Was.ID != old || d.Was.From != day("2026-06-01") || d.Request.Revises != old {
			b.Errorf("the one in its place: %v, was %+v", err, d.Was)
		}
		waiting, _, err := b.Inbox(ctx, storetest.Boss, 100)
		if err != nil || len(waiting) != 1 || waiting[0].Was.ID != old {
			b.Errorf("in the inbox: %v, %+v", err, waiting)
		}
		for what, err := range map[string]error{"approve": b.Approve(ctx, storetest.Admin, old, ""), "withdraw": b.Withdraw(ctx, worker(0), old)} {
			if e := errs.As(err); e.Kind != errs.Conflict || e.Public != "leave.error.revised" {
				b.Errorf("%s the one before: %v", what, err)
			}
		}
		b.approves(storetest.Boss, now)
		b.is(now, leave.Pending)
		b.approves(storetest.Admin, now)
		b.is(now, leave.Approved)
	})
}

// TestReviseRefused: what is not to be had leaves the request that waits as it was, and nobody
// changes what is decided, another's, or theirs and the same.
func TestReviseRefused(t *testing.T) {
	each(t, func(b *bureau) {
		ctx := b.Context()
		b.asks(worker(0), "2026-08-03", "2026-08-07")
		old := b.asks(worker(0), "2026-06-01", "2026-06-05")
		b.limit(leave.Limit{Name: "Fair", Kind: leave.Blocked, From: day("2026-09-07"), To: day("2026-09-11")})
		for from, to := range map[string]string{
			"2026-06-01": "2026-06-05", // nothing changes
			"2026-06-02": "2026-07-31", // more than there is
			"2026-08-06": "2026-08-10", // over other leave
			"2026-09-10": "2026-09-14", // blocked
			"2026-06-06": "2026-06-07", // a weekend
		} {
			p, err := b.Preview(ctx, worker(0), revising(worker(0), old, from, to))
			if err != nil || p.Problem == nil {
				b.Errorf("%s is possible: %v", from, err)
			}
			_, err = b.Submit(ctx, worker(0), revising(worker(0), old, from, to))
			b.refused(errs.Conflict, err)
		}
		for who, kind := range map[people.ID]errs.Kind{worker(1): errs.NotFound, storetest.Boss: errs.Forbidden} {
			a := revising(worker(0), old, "2026-06-01", "2026-06-04")
			_, err := b.Submit(ctx, who, a)
			b.refused(kind, err)
		}
		_, err := b.Submit(ctx, worker(1), revising(worker(1), old, "2026-06-01", "2026-06-04"))
		b.refused(errs.NotFound, err)
		_, err = b.Submit(ctx, storetest.Boss, revising(storetest.Boss, old, "2026-06-01", "2026-06-04"))
		b.refused(errs.NotFound, err)
		b.is(old, leave.Pending)
		b.waits(old, storetest.Boss)
		b.told(leave.KindRevised, 0)

		b.approves(storetest.Boss, old)
		_, err = b.Submit(ctx, worker(0), revising(worker(0), old, "2026-06-01", "2026-06-04"))
		b.refused(errs.Conflict, err)
		b.is(old, leave.Approved)
	})
}

// TestReviseNote: other words are a change too; a type that nobody may ask for any more is kept.
func TestReviseNote(t *testing.T) {
	each(t, func(b *bureau) {
		old := b.asks(worker(0), "2026-06-01", "2026-06-05")
		b.retire(storetest.Holiday)
		same := revising(worker(0), old, "2026-06-01", "2026-06-05")
		_, err := b.Submit(b.Context(), worker(0), same)
		if e := errs.As(err); e.Public != "leave.error.no_revision" {
			b.Errorf("the same: %v", err)
		}
		same.Note = "Now with a reason"
		if _, err := b.Submit(b.Context(), worker(0), same); err != nil {
			b.Error(err)
		}
	})
}

// TestReviseOfChange: a change of approved leave that waits can be changed itself, and what comes
// of it takes the place of the approved leave.
func TestReviseOfChange(t *testing.T) {
	each(t, func(b *bureau) {
		granted := b.granted(worker(0), "2026-06-01", "2026-06-05")
		change, err := b.Submit(b.Context(), worker(0), changing(worker(0), granted, "2026-06-01", "2026-06-12"))
		if err != nil {
			b.Fatal(err)
		}
		b.left(worker(0), "2026-12-31", 15)
		last := b.revises(worker(0), change.ID, "2026-06-01", "2026-06-10")
		b.left(worker(0), "2026-12-31", 17)
		b.is(granted, leave.Approved)
		b.approves(storetest.Boss, last)
		b.is(granted, leave.Cancelled)
		b.left(worker(0), "2026-12-31", 17)
	})
}

// TestReviseTells: those who decide get one mail; whom the one before was put to and this one is
// not are told that it is gone, and who is to do the work meanwhile is asked anew.
func TestReviseTells(t *testing.T) {
	each(t, func(b *bureau) {
		b.rule(leave.ApprovalRule{Name: "Long", Over: 10, Steps: []leave.Step{{Who: leave.Administrators}}})
		b.option(func(t *leave.Type) { t.Substitute, t.SubstituteAgrees = leave.MaySubstitute, true })
		old := b.asks(worker(0), "2026-06-01", "2026-06-30")
		a := revising(worker(0), old, "2026-06-01", "2026-06-04")
		a.Substitute = worker(1)
		r, err := b.Submit(b.Context(), worker(0), a)
		if err != nil {
			b.Fatal(err)
		}
		b.told(leave.KindUnasked, 1) // the administrator, and not the manager
		b.told(leave.KindSubstituteAsked, 1)
		b.told(leave.KindRevised, 0)
		b.answers(worker(1), r.ID, true)
		b.told(leave.KindRevised, 1)
		b.told(leave.KindRequested, 1) // of the one before
		b.told(leave.KindWithdrawn, 0)

		a = revising(worker(0), r.ID, "2026-06-02", "2026-06-04")
		a.Substitute = worker(2)
		if _, err = b.Submit(b.Context(), worker(0), a); err != nil {
			b.Fatal(err)
		}
		b.told(leave.KindSubstituteFree, 1)
		b.told(leave.KindUnasked, 1) // the manager decides on both
	})
}

// TestReviseRace: the manager approves while the person changes. One of both is refused, and
// the leave is what the other made of it.
func TestReviseRace(t *testing.T) {
	each(t, func(b *bureau) {
		rounds := 20
		if testing.Short() {
			rounds = 4
		}
		from := day("2026-06-01")
		for range rounds {
			old := b.asks(worker(0), from.String(), from.String())
			var approved, revised error
			var now leave.Request
			var both sync.WaitGroup
			both.Go(func() { approved = b.Approve(b.Context(), storetest.Boss, old, "") })
			both.Go(func() {
				now, revised = b.Submit(b.Context(), worker(0), revising(worker(0), old, from.AddDays(1).String(), from.AddDays(1).String()))
			})
			both.Wait()
			switch {
			case approved == nil:
				b.refused(errs.Conflict, revised)
				b.is(old, leave.Approved)
				if err := b.Cancel(b.Context(), storetest.Boss, old, ""); err != nil {
					b.Fatal(err)
				}
			case revised == nil:
				b.refused(errs.Conflict, approved)
				b.is(old, leave.Withdrawn)
				if err := b.Withdraw(b.Context(), worker(0), now.ID); err != nil {
					b.Fatal(err)
				}
			default:
				b.Fatalf("both are refused: %v; %v", approved, revised)
			}
		}
		b.left(worker(0), "2026-12-31", 25)
	})
}
