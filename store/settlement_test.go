// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/leave"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

var (
	june = calendar.MonthOf(2026, 6)
	july = calendar.MonthOf(2026, 7)
)

// settles settles a time as it stands, a minute later.
func (b *bureau) settles(in calendar.Range) leave.Settlement {
	b.Helper()
	b.now = b.now.Add(time.Minute)
	p, err := b.PreviewSettlement(b.Context(), storetest.Admin, in)
	if err != nil {
		b.Fatal(err)
	}
	s, err := b.SettleLeave(b.Context(), storetest.Admin, in, p.Mark)
	if err != nil {
		b.Fatalf("settle %s: %v", in, err)
	}
	return s
}

// tellsPay fails unless lines are those: of each the month that it is about, whose, and the days, behind those that had
// been told before.
func (b *bureau) tellsPay(what string, lines []leave.SettlementLine, want ...string) {
	b.Helper()
	var got []string
	for _, l := range lines {
		month := "new"
		if l.Of.ID != "" {
			month = l.Of.Period.From.String()[:7]
		}
		days := l.Days.String()
		if l.Days.Sign() > 0 {
			days = "+" + days
		}
		got = append(got, fmt.Sprintf("%s %s %s: %s%s", month, l.Person.ID, l.In, l.Was.Days, days))
	}
	if !slices.Equal(got, want) {
		b.Errorf("%s tells\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// pays fails unless settling a time would tell so.
func (b *bureau) pays(in calendar.Range, want ...string) leave.SettlementPreview {
	b.Helper()
	p, err := b.PreviewSettlement(b.Context(), storetest.Admin, in)
	if err != nil {
		b.Fatal(err)
	}
	b.tellsPay("settling "+in.String(), p.Lines, want...)
	return p
}

// knowsSick has administrators know, or not, that an absence is sickness.
func (b *bureau) knowsSick(known bool) {
	b.Helper()
	err := b.db.Update(b.Context(), func(tx *store.Tx) error {
		return tx.SaveSettings(people.Settings{Name: "Acme", Language: "en", SicknessKnown: known})
	})
	if err != nil {
		b.Fatal(err)
	}
}

// because fails unless the corrections that settling a time would tell have those reasons, by their keys.
func (b *bureau) because(in calendar.Range, want ...string) {
	b.Helper()
	p, err := b.PreviewSettlement(b.Context(), storetest.Admin, in)
	var got []string
	for _, l := range p.Lines {
		if l.Corrects() {
			var keys []string
			for _, r := range l.Why {
				keys = append(keys, r.Key)
			}
			got = append(got, strings.Join(keys, " "))
		}
	}
	if err != nil || !slices.Equal(got, want) {
		b.Errorf("why: %q, %v, want %q", got, err, want)
	}
}

// unsettled fails unless somebody is told that so many things changed since the last settlement, of a time.
func (b *bureau) unsettled(who people.ID, want int, in calendar.Range) {
	b.Helper()
	if got, err := b.Unsettled(b.Context(), who); err != nil || got.Changes != want || got.Last != in {
		b.Errorf("%s is told of %d changes since %s, %v, want %d since %s", who, got.Changes, got.Last, err, want, in)
	}
}

// toldPay fails unless a settlement told so.
func (b *bureau) toldPay(id string, want ...string) {
	b.Helper()
	d, err := b.Settlement(b.Context(), storetest.Admin, id)
	if err != nil {
		b.Fatal(err)
	}
	b.tellsPay("the settlement of "+d.Period.String(), d.Lines, want...)
}

// TestSettle: what changes in a month that was settled comes with the next settlement as a correction: leave that is
// approved late, cancelled or given back by sickness; each once, and what was told stays.
func TestSettle(t *testing.T) {
	each(t, func(b *bureau) {
		b.option(func(t *leave.Type) { t.GiveBack = leave.BackAlways })
		b.granted(worker(0), "2026-06-29", "2026-07-02")
		gone := b.granted(worker(1), "2026-06-01", "2026-06-02")
		b.granted(worker(2), "2026-06-08", "2026-06-12")
		late := b.asks(worker(3), "2026-06-15", "2026-06-15")
		b.now = time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)
		w := [4]people.ID{worker(0), worker(1), worker(2), worker(3)}
		told := []string{fmt.Sprintf("2026-06 %s 2026-06-29..2026-06-30: 0+2", w[0]), fmt.Sprintf("2026-06 %s 2026-06-01..2026-06-02: 0+2", w[1]),
			fmt.Sprintf("2026-06 %s 2026-06-08..2026-06-12: 0+5", w[2])}
		first := b.settles(june)
		b.toldPay(first.ID, told...)
		if first.People != 3 || first.Pieces != 3 || first.Corrections != 0 {
			b.Errorf("counted as %+v", first)
		}
		b.pays(june)

		b.approves(storetest.Boss, late)
		if err := b.Cancel(b.Context(), storetest.Boss, gone, ""); err != nil {
			b.Fatal(err)
		}
		if _, err := b.ReportSick(b.Context(), w[2], leave.SickAsk{Person: w[2], From: day("2026-06-11"), To: day("2026-06-30")}); err != nil {
			b.Fatal(err)
		}
		changes := []string{fmt.Sprintf("2026-06 %s 2026-06-01..2026-06-02: 2-2", w[1]), fmt.Sprintf("2026-06 %s 2026-06-08..2026-06-12: 5-2", w[2]),
			fmt.Sprintf("2026-06 %s 2026-06-15..2026-06-15: 0+1", w[3])}
		b.because(june, "", "settled_otherwise", "settled_approved") // not that somebody was sick
		b.knowsSick(true)
		b.because(june, "", "settled_given_back", "settled_approved")
		b.knowsSick(false)
		if p := b.pays(june, changes...); p.May || len(p.Settled) != 1 || p.Settled[0].ID != first.ID {
			b.Errorf("June can be settled twice: %v, %+v", p.May, p.Settled)
		}
		own := fmt.Sprintf("new %s 2026-07-01..2026-07-02: 0+2", w[0])
		b.pays(july, append(slices.Clone(changes), own)...)

		b.unsettled(storetest.Admin, 3, june)
		b.unsettled(storetest.Boss, 0, calendar.Range{})

		second := b.settles(july)
		b.unsettled(storetest.Admin, 0, july)
		b.toldPay(second.ID, append(slices.Clone(changes), strings.Replace(own, "new", "2026-07", 1))...)
		b.toldPay(first.ID, told...)
		if second.Corrections != 3 || second.Pieces != 1 || second.People != 4 {
			b.Errorf("counted as %+v", second)
		}
		b.pays(june)
	})
}

// TestSettleUndone: the last settlement can be taken back, with its corrections; none before it, and none twice.
func TestSettleUndone(t *testing.T) {
	each(t, func(b *bureau) {
		ctx := b.Context()
		gone := b.granted(worker(0), "2026-06-01", "2026-06-02")
		b.now = time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)
		first := b.settles(june)
		if err := b.Cancel(ctx, storetest.Boss, gone, ""); err != nil {
			b.Fatal(err)
		}
		second := b.settles(july)
		correction := fmt.Sprintf("2026-06 %s 2026-06-01..2026-06-02: 2-2", worker(0))
		b.toldPay(second.ID, correction)
		b.pays(june)

		b.refused(errs.Conflict, b.UndoSettlement(ctx, storetest.Admin, first.ID, "too early"))
		b.refused(errs.Invalid, b.UndoSettlement(ctx, storetest.Admin, second.ID, " "))
		b.refused(errs.NotFound, b.UndoSettlement(ctx, storetest.Admin, "none", "too early"))
		if err := b.UndoSettlement(ctx, storetest.Admin, second.ID, "too early"); err != nil {
			b.Fatal(err)
		}
		b.refused(errs.Conflict, b.UndoSettlement(ctx, storetest.Admin, second.ID, "too early"))
		b.pays(june, correction)
		b.toldPay(second.ID, correction) // as it was told then
		list, err := b.Settlements(ctx, storetest.Admin)
		if err != nil || len(list) != 2 || !list[0].Undone() || list[0].UndoReason != "too early" || list[0].MayUndo || !list[1].MayUndo {
			b.Errorf("%v: %+v", err, list)
		}
		again := b.settles(july)
		b.toldPay(again.ID, correction)
		b.pays(june)
	})
}

// TestSettleRefused: who reads reports does not settle, nor does anybody settle what is settled, has not begun, or has
// changed since they looked.
func TestSettleRefused(t *testing.T) {
	each(t, func(b *bureau) {
		ctx := b.Context()
		b.now = time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)
		for _, who := range []people.ID{worker(0), storetest.Boss} {
			_, err := b.SettleLeave(ctx, who, june, "")
			b.refused(errs.Forbidden, err)
			_, err = b.PreviewSettlement(ctx, who, june)
			b.refused(errs.Forbidden, err)
			_, err = b.Settlements(ctx, who)
			b.refused(errs.Forbidden, err)
			_, err = b.Settlement(ctx, who, "none")
			b.refused(errs.Forbidden, err)
			b.refused(errs.Forbidden, b.UndoSettlement(ctx, who, "none", "because"))
		}
		seen := b.pays(june)
		b.now = time.Date(2026, 5, 29, 9, 0, 0, 0, time.UTC)
		b.granted(worker(0), "2026-06-01", "2026-06-02")
		_, err := b.SettleLeave(ctx, storetest.Admin, june, seen.Mark)
		b.refused(errs.Conflict, err) // it has not begun
		b.now = time.Date(2026, 6, 25, 9, 0, 0, 0, time.UTC)
		_, err = b.SettleLeave(ctx, storetest.Admin, june, seen.Mark)
		if e := errs.As(err); e.Public != "leave.error.settlement_changed" {
			b.Errorf("changed since: %v", err)
		}
		b.settles(june)
		half := calendar.Range{From: day("2026-06-30"), To: day("2026-07-30")}
		_, err = b.SettleLeave(ctx, storetest.Admin, half, b.pays(half).Mark)
		if e := errs.As(err); e.Public != "leave.error.settled" {
			b.Errorf("half of it is settled: %v", err)
		}
		_, err = b.SettleLeave(ctx, storetest.Admin, calendar.Range{From: day("2026-07-02"), To: day("2026-07-01")}, "")
		b.refused(errs.Invalid, err)
	})
}

// TestSettleRace: of two who settle one month at once, one does.
func TestSettleRace(t *testing.T) {
	each(t, func(b *bureau) {
		b.granted(worker(0), "2026-06-01", "2026-06-02")
		b.now = time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)
		for range 5 {
			mark := b.pays(june, fmt.Sprintf("new %s 2026-06-01..2026-06-02: 0+2", worker(0))).Mark
			var both sync.WaitGroup
			var failed [2]error
			var done [2]leave.Settlement
			for i := range 2 {
				both.Go(func() { done[i], failed[i] = b.SettleLeave(b.Context(), storetest.Admin, june, mark) })
			}
			both.Wait()
			if (failed[0] == nil) == (failed[1] == nil) {
				b.Fatalf("both: %v; %v", failed[0], failed[1])
			}
			id := done[0].ID + done[1].ID
			b.refused(errs.Conflict, failed[slices.IndexFunc(failed[:], func(err error) bool { return err != nil })])
			if err := b.UndoSettlement(b.Context(), storetest.Admin, id, "again"); err != nil {
				b.Fatal(err)
			}
		}
	})
}
