// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"slices"
	"sync"
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

// TestByHandClass: leave by hand lies with the class that is named, where the policy tells classes apart, and ends as that does.
func TestByHandClass(t *testing.T) {
	storetest.AtOnce(t, func(t *testing.T, setting string) {
		ctx, db := t.Context(), customer(t, setting, 1, 25)
		s, who := service(db), storetest.Worker(0)
		line := leave.Adjustment{Person: who, Type: storetest.Holiday, Date: calendar.MustParse("2027-02-01"), Amount: exact.Int(2), Class: leave.Extra, Reason: "fair"}
		if err := s.Adjust(ctx, storetest.Admin, line, false); errs.As(err).Field != "class" {
			t.Errorf("a class that no policy has: %v", err)
		}
		whole := leave.Terms{Amount: exact.Int(20), Accrual: leave.AtYearStart, Class: leave.Statutory}
		whole.Also = []leave.Terms{{Amount: exact.Int(5), Class: leave.Extra, CarryOver: leave.CarryOver{All: true}}}
		update(t, db, func(tx *store.Tx) error {
			return tx.SavePolicy(leave.Policy{ID: "two", Package: "all", Type: storetest.Holiday, From: calendar.MustParse("2027-01-01"), Terms: whole})
		})
		for _, wrong := range []func(*leave.Adjustment){
			func(a *leave.Adjustment) { a.Class = leave.Earned },
			func(a *leave.Adjustment) { a.Class = "rubbish" },
			func(a *leave.Adjustment) { a.Amount = exact.Int(-2) },
			func(a *leave.Adjustment) { a.Date = calendar.MustParse("2026-12-31") },
		} {
			bad := line
			wrong(&bad)
			if err := s.Adjust(ctx, storetest.Admin, bad, false); errs.As(err).Field != "class" {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		bad := line
		if bad.Until = bad.Date - 1; errs.As(s.Adjust(ctx, storetest.Admin, bad, false)).Field != "until" {
			t.Error("leave that ends before it begins is written")
		}
		if err := s.Adjust(ctx, storetest.Admin, line, false); err != nil {
			t.Fatal(err)
		}
		got, err := s.Statement(ctx, storetest.Admin, who, storetest.Holiday, calendar.MustParse("2028-06-01"))
		if want := exact.Int(20 + 5 + 5 + 2); err != nil || !got.Balance.Equal(want) {
			t.Errorf("%s are left in the year after (%v), want %s: what lies beyond the law goes over", got.Balance, err, want)
		}
	})
}

// TestTakenBack: a line by hand is taken back once, with a reason, by an administrator;
// both lines stay, and the balance is what it was.
func TestTakenBack(t *testing.T) {
	storetest.AtOnce(t, func(t *testing.T, setting string) {
		ctx, db := t.Context(), customer(t, setting, 1, 25)
		s := service(db)
		who, at := storetest.Worker(0), calendar.MustParse("2026-03-02")
		before, err := s.Statement(ctx, storetest.Admin, who, storetest.Holiday, at)
		if err != nil {
			t.Fatal(err)
		}
		for _, amount := range []int64{3, -2} {
			err := s.Adjust(ctx, storetest.Admin, leave.Adjustment{Person: who, Type: storetest.Holiday, Date: calendar.MustParse("2026-01-05"),
				Amount: exact.Int(amount), Reason: "moved"}, false)
			if err != nil {
				t.Fatal(err)
			}
		}
		fix := leave.FixedEntitlement{Person: who, Type: storetest.Holiday, Year: 2030, Amount: exact.Int(367), Reason: "agreed"}
		if err := s.FixEntitlement(ctx, storetest.Admin, fix); errs.As(err).Field != "amount" {
			t.Errorf("more days than a year has: %v", err)
		}
		fix.Amount = exact.Int(40)
		if err := s.FixEntitlement(ctx, storetest.Admin, fix); err != nil {
			t.Fatal(err)
		}
		all, err := s.ByHand(ctx, storetest.Admin)
		plus, minus, fixed := byAmount(all, 3), byAmount(all, -2), byAmount(all, 40)
		if err != nil || len(all) != 3 || !plus.MayUndo() || plus.Person.ID != who || plus.By.ID != storetest.Admin || fixed.Fixed == nil || fixed.MayUndo() {
			t.Fatalf("got %+v (%v)", all, err)
		}
		line := plus.Line.ID
		for _, c := range []struct {
			who          people.ID
			line, reason string
			kind         errs.Kind
		}{
			{storetest.Boss, line, "mistake", errs.Forbidden},
			{storetest.Admin, "nothing", "mistake", errs.NotFound},
			{storetest.Admin, line, " ", errs.Invalid},
		} {
			if err := s.UndoAdjustment(ctx, c.who, c.line, c.reason, false); !errs.Is(err, c.kind) {
				t.Errorf("%+v: %v", c, err)
			}
		}
		var wait sync.WaitGroup
		results := make([]error, 4)
		for i := range results {
			wait.Go(func() { results[i] = s.UndoAdjustment(ctx, storetest.Admin, line, "a mistake", false) })
		}
		wait.Wait()
		done := 0
		for _, err := range results {
			if err == nil {
				done++
			} else if !errs.Is(err, errs.Conflict) {
				t.Error(err)
			}
		}
		if done != 1 {
			t.Errorf("taken back %d times: %v", done, results)
		}
		if err := s.UndoAdjustment(ctx, storetest.Admin, minus.Line.ID, "as well", false); err != nil {
			t.Fatal(err)
		}
		all, err = s.ByHand(ctx, storetest.Admin)
		back := byAmount(all, -3)
		if err != nil || len(all) != 5 || back.Back == nil || back.MayUndo() {
			t.Fatalf("got %+v (%v)", all, err)
		}
		if err := s.UndoAdjustment(ctx, storetest.Admin, back.Line.ID, "not that", false); !errs.Is(err, errs.Conflict) {
			t.Errorf("a line that takes another back: %v", err)
		}
		after, err := s.Statement(ctx, storetest.Admin, who, storetest.Holiday, at)
		if err != nil || !after.Balance.Equal(before.Balance) || len(after.Lines) != len(before.Lines)+4 {
			t.Errorf("%s with %d lines before, %s with %d after (%v)", before.Balance, len(before.Lines), after.Balance, len(after.Lines), err)
		}
		if _, err := s.ByHand(ctx, storetest.Boss); !errs.Is(err, errs.Forbidden) {
			t.Errorf("told to a manager: %v", err)
		}
	})
}

// byAmount returns the first of such an amount.
func byAmount(all []leave.ByHand, n int64) leave.ByHand {
	i := slices.IndexFunc(all, func(x leave.ByHand) bool { return x.Line.Amount.Equal(exact.Int(n)) })
	if i < 0 {
		return leave.ByHand{}
	}
	return all[i]
}

// TestLineTells: whoever's balance somebody else writes into is told of the line and of its taking back, where that is
// wanted; not who has left, and nobody of what they wrote into their own.
func TestLineTells(t *testing.T) {
	each(t, func(b *bureau) {
		b.leaves(worker(5), "2026-01-31")
		writes := func(who people.ID, tell bool, want int) leave.ByHand {
			b.Helper()
			line := leave.Adjustment{Person: who, Type: storetest.Holiday, Date: day("2026-01-05"), Amount: exact.Int(2), Reason: "moved"}
			b.now = b.now.Add(time.Minute)
			if err := b.Adjust(b.Context(), storetest.Admin, line, tell); err != nil {
				b.Fatal(err)
			}
			b.told(leave.KindAdjusted, want)
			all, err := b.ByHand(b.Context(), storetest.Admin)
			if err != nil {
				b.Fatal(err)
			}
			return all[0]
		}
		writes(worker(0), false, 0)
		writes(worker(5), true, 0)
		writes(storetest.Admin, true, 0)
		line := writes(worker(0), true, 1)
		if err := b.UndoAdjustment(b.Context(), storetest.Admin, line.Line.ID, "a mistake", true); err != nil {
			b.Fatal(err)
		}
		b.told(leave.KindAdjusted, 2)
	})
}
