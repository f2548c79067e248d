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

// TestBlocks: how far everybody's block is, told to those alone who may know their
// leave, and before one asks what the days would make of it.
func TestBlocks(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		ctx, db := t.Context(), customer(t, setting, 2, 25)
		s := service(db)
		at := calendar.MustParse("2026-03-02")
		if views, err := s.BlocksOf(ctx, storetest.Boss, at, "", storetest.Holiday); err != nil || len(views) != 0 {
			t.Fatalf("no policy asks for one: %v, %v", views, err)
		}
		update(t, db, func(tx *store.Tx) error {
			return tx.SavePolicy(leave.Policy{ID: "p", Package: "all", Type: storetest.Holiday, From: calendar.MustParse("2020-01-01"),
				Terms: leave.Terms{Amount: exact.Int(25), FullTime: exact.Int(5), Accrual: leave.AtYearStart, Proration: leave.ByMonths, Block: leave.Block{Weeks: 2}}})
		})
		days := ask(storetest.Worker(0), "2026-05-04", "2026-05-15")
		p, err := s.Preview(ctx, storetest.Worker(0), days)
		if err != nil || p.Block == nil || p.Block.Standing != leave.BlockAsked {
			t.Fatalf("the days would make %+v (%v)", p.Block, err)
		}
		if p, err = s.Preview(ctx, storetest.Worker(0), ask(storetest.Worker(0), "2026-05-04", "2026-05-08")); err != nil || p.Block != nil {
			t.Errorf("a week makes nothing of it: %+v (%v)", p.Block, err)
		}
		if _, err := s.Submit(ctx, storetest.Worker(0), days); err != nil {
			t.Fatal(err)
		}
		views, err := s.BlocksOf(ctx, storetest.Boss, at, "", storetest.Holiday)
		want := map[people.ID]leave.BlockStanding{storetest.Worker(0): leave.BlockAsked, storetest.Worker(1): leave.BlockPossible, storetest.Boss: leave.BlockPossible}
		for id, standing := range want {
			if err != nil || views[id].Standing != standing {
				t.Errorf("%s: %q, want %q (%v)", id, views[id].Standing, standing, err)
			}
		}
		if one, err := s.Blocks(ctx, storetest.Worker(0), storetest.Worker(0), at); err != nil || len(one) != 1 || one[0].Standing != leave.BlockAsked {
			t.Errorf("to the person: %+v (%v)", one, err)
		}
		if _, err := s.Blocks(ctx, storetest.Worker(1), storetest.Worker(0), at); !errs.Is(err, errs.NotFound) {
			t.Errorf("told to a colleague: %v", err)
		}
		if _, err := s.BlocksOf(ctx, storetest.Worker(0), at, "", storetest.Holiday); !errs.Is(err, errs.Forbidden) {
			t.Errorf("told to a worker: %v", err)
		}
	})
}
