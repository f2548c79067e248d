// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"testing"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// TestLeaverComesBack: what somebody had left on the last day is still told once they are back, with
// the day from which it counts on.
func TestLeaverComesBack(t *testing.T) {
	each(t, func(b *bureau) {
		who, back := worker(0), calendar.MustParse("2026-09-01")
		b.leaves(who, "2026-06-30")
		before, err := b.Leaver(b.Context(), storetest.Admin, who, "")
		if err != nil || before.Unpaid() || len(before.Lines) == 0 || before.Lines[0].PayOut.Sign() <= 0 {
			b.Fatalf("left: %+v, %v", before, err)
		}
		update(b.T, b.db, func(tx *store.Tx) error {
			return tx.SaveEmployment(people.Employment{ID: "again", Person: who, From: back})
		})
		all, err := b.Leavers(b.Context(), storetest.Admin, calendar.MustParse("2026-01-01"))
		if err != nil || len(all) != 1 {
			b.Fatalf("%d leavers, %v", len(all), err)
		}
		after := all[0]
		if after.Back != back || !after.Unpaid() || after.Employment.To != calendar.MustParse("2026-06-30") || !after.Lines[0].PayOut.Equal(before.Lines[0].PayOut) {
			b.Errorf("back on %s: %s of %s, before %s", after.Back, after.Lines[0].PayOut, after.Employment.To, before.Lines[0].PayOut)
		}
		if one, err := b.Leaver(b.Context(), storetest.Admin, who, ""); err != nil || one.Back != back {
			b.Errorf("alone: back on %s, %v", one.Back, err)
		}
		s, err := b.Statement(b.Context(), who, who, storetest.Holiday, back.AddDays(-1))
		if err != nil || !s.Balance.Equal(after.Lines[0].PayOut) || s.Balance.Equal(exact.Int(0)) {
			b.Errorf("before they are back %s is left, %v", s.Balance, err)
		}
	})
}

// TestFinalPay: what a leaver had left is recorded as paid out exactly as it was due and once, stands apart from
// what the leave year gave, also after that is closed, and is due again when the line is taken back.
func TestFinalPay(t *testing.T) {
	each(t, func(b *bureau) {
		ctx, who, last := b.Context(), worker(0), day("2026-06-30")
		b.leaves(who, "2026-06-30")
		line := func() leave.LeaverLine {
			b.Helper()
			x, err := b.Leaver(ctx, storetest.Admin, who, "")
			if err != nil || len(x.Lines) == 0 {
				b.Fatalf("%+v, %v", x, err)
			}
			return x.Lines[0]
		}
		before := line()
		pay := leave.FinalPay{Person: who, Employment: "e-" + string(who), Note: "June", Due: map[string]exact.Rat{storetest.Holiday: before.PayOut}}
		other := pay
		other.Due = map[string]exact.Rat{storetest.Holiday: before.PayOut.Add(exact.Int(1))}
		b.refused(errs.Conflict, b.RecordFinalPay(ctx, storetest.Admin, other))
		b.refused(errs.Forbidden, b.RecordFinalPay(ctx, who, pay))
		if err := b.RecordFinalPay(ctx, storetest.Admin, pay); err != nil {
			b.Fatal(err)
		}
		b.refused(errs.Conflict, b.RecordFinalPay(ctx, storetest.Admin, pay))
		paid := func(when string) {
			b.Helper()
			if x := line(); !x.PayOut.IsZero() || !x.Owed.IsZero() || !x.FinalPay.Equal(before.PayOut) || len(x.Recorded) != 1 ||
				!x.Entitled.Equal(before.Entitled) || !x.Since.IsZero() {
				b.Errorf("%s: to pay %s, owed %s, paid %s, due %s, since %s", when, x.PayOut, x.Owed, x.FinalPay, x.Entitled, x.Since)
			}
		}
		paid("recorded")
		if s, err := b.Statement(ctx, who, who, storetest.Holiday, last); err != nil || !s.Balance.IsZero() {
			b.Errorf("%s is left, %v", s.Balance, err)
		}
		b.now = b.now.AddDate(1, 0, 0)
		b.closes(leave.YearPick{To: day("2026-12-31")})
		paid("closed")
		if err := b.UndoAdjustment(ctx, storetest.Admin, line().Recorded[0].ID, "Not yet", false); err != nil {
			b.Fatal(err)
		}
		if x := line(); !x.PayOut.Equal(before.PayOut) || !x.FinalPay.IsZero() {
			b.Errorf("taken back: to pay %s, paid %s", x.PayOut, x.FinalPay)
		}
	})
}

// TestFinalPayOwed: leave taken beyond what was due is withheld from the final pay.
func TestFinalPayOwed(t *testing.T) {
	each(t, func(b *bureau) {
		ctx, who := b.Context(), worker(0)
		b.granted(who, "2026-02-02", "2026-02-27")
		b.leaves(who, "2026-03-31")
		x, err := b.Leaver(ctx, storetest.Admin, who, "")
		if err != nil || x.Lines[0].Owed.Sign() <= 0 {
			b.Fatalf("%+v, %v", x, err)
		}
		if err := b.RecordFinalPay(ctx, storetest.Admin, leave.FinalPay{Person: who, Due: x.Due(), Note: "March"}); err != nil {
			b.Fatal(err)
		}
		y, err := b.Leaver(ctx, storetest.Admin, who, "")
		if err != nil || !y.Lines[0].Owed.IsZero() || !y.Lines[0].FinalPay.Equal(x.Lines[0].Owed.Neg()) || !y.Lines[0].Entitled.Equal(x.Lines[0].Entitled) {
			b.Errorf("%+v, %v", y.Lines[0], err)
		}
	})
}

// TestLeaverTwice: who comes back for a fixed term is listed for both employments, each with what was left.
func TestLeaverTwice(t *testing.T) {
	each(t, func(b *bureau) {
		who := worker(0)
		b.leaves(who, "2026-03-31")
		update(b.T, b.db, func(tx *store.Tx) error {
			return tx.SaveEmployment(people.Employment{ID: "again", Person: who, From: day("2026-05-01"), To: day("2026-09-30")})
		})
		all, err := b.Leavers(b.Context(), storetest.Admin, day("2026-01-01"))
		if err != nil || len(all) != 2 || all[0].Employment.ID != "again" || !all[0].Back.IsZero() || all[1].Back != day("2026-05-01") {
			b.Fatalf("%+v, %v", all, err)
		}
		first, err := b.Leaver(b.Context(), storetest.Admin, who, "e-"+string(who))
		if err != nil || first.Employment.To != day("2026-03-31") || !first.Lines[0].PayOut.Equal(all[1].Lines[0].PayOut) {
			b.Errorf("the first: %+v, %v", first, err)
		}
	})
}

// TestFormer: what an employment left that ended a leave year before is part of the balance and cannot be taken; the
// statement says how much that is, and the final pay settles it, without a touch of what can.
func TestFormer(t *testing.T) {
	each(t, func(b *bureau) {
		ctx, who, at := b.Context(), worker(0), day("2026-06-30")
		b.leaves(who, "2024-06-30")
		update(b.T, b.db, func(tx *store.Tx) error {
			return tx.SaveEmployment(people.Employment{ID: "again", Person: who, From: day("2026-01-01")})
		})
		x, err := b.Leaver(ctx, storetest.Admin, who, "")
		if err != nil || x.Lines[0].PayOut.Sign() <= 0 {
			b.Fatalf("%+v, %v", x, err)
		}
		before, err := b.Statement(ctx, who, who, storetest.Holiday, at)
		if err != nil || !before.Former.Equal(x.Lines[0].PayOut) || !before.Balance.Equal(before.Available.Add(before.Former)) {
			b.Errorf("%s is left and %s of before; %s can be taken; %v", before.Balance, before.Former, before.Available, err)
		}
		if err := b.RecordFinalPay(ctx, storetest.Admin, leave.FinalPay{Person: who, Due: x.Due(), Note: "June"}); err != nil {
			b.Fatal(err)
		}
		after, err := b.Statement(ctx, who, who, storetest.Holiday, at)
		if err != nil || !after.Former.IsZero() || !after.Available.Equal(before.Available) || !after.Balance.Equal(after.Available) {
			b.Errorf("settled: %s is left, %s of before, %s can be taken; %v", after.Balance, after.Former, after.Available, err)
		}
	})
}
