// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
)

// How the report of balances is measured.
const (
	reportRuns   = 5
	reportPeople = 1000
)

// reportBudget is what the balances of everybody may take, and forecastBudget what may be
// taken by what a change of policy does to everybody: balances before and after it, on three
// days.
const (
	reportBudget   = time.Second
	forecastBudget = 3 * time.Second
)

// reports measures what everybody has left: a thousand people with ten years of
// leave each, read and worked out, beside the read of their requests.
func reports(ctx context.Context, dir string) (rows []row, err error) {
	w, err := newWorld(ctx, "sqlite:"+dir, 0, 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	made, err := w.sample(ctx, "people1000", 20)
	if err != nil {
		return nil, err
	}
	b, err := openBare(ctx, w.file(made))
	if err != nil {
		return nil, err
	}
	defer b.close()
	err = w.with(ctx, "people1000", func(t *tenant.Tenant) error {
		var ids []people.ID
		for i := range reportPeople {
			ids = append(ids, people.ID(fmt.Sprintf("veteran%d", i)))
		}
		if err := w.hire(ctx, t, ids...); err != nil {
			return err
		}
		one, err := w.overview(ctx, t, b)
		if err != nil {
			return err
		}
		two, err := w.forecast(ctx, t, b)
		rows = []row{one, two}
		return err
	})
	return rows, err
}

// overview measures the report once it is asked for.
func (w *world) overview(ctx context.Context, t *tenant.Tenant, b *bare) (row, error) {
	keeper, _, err := cast(ctx, t)
	if err != nil {
		return row{}, err
	}
	var found leave.Overview
	read := 0
	out := row{Unit: duration, Aim: atMost(float64(reportBudget))}
	for range reportRuns {
		took, err := byTurns(1,
			func() error { found, err = t.Leave.Overview(ctx, keeper, w.today, ""); return err },
			func() error { read, err = b.bookings(ctx); return err })
		if err != nil {
			return row{}, err
		}
		out.add(median(took[0].times), median(took[1].times))
	}
	out.What = fmt.Sprintf("leave.Service.Overview: %d lines", len(found.Lines))
	out.Bare = fmt.Sprintf("bare read of the %d requests", read)
	return out, nil
}

// forecast measures what a change of a policy would do to everybody.
func (w *world) forecast(ctx context.Context, t *tenant.Tenant, b *bare) (row, error) {
	keeper, _, err := cast(ctx, t)
	if err != nil {
		return row{}, err
	}
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return row{}, err
	}
	p := book.Policies[0]
	p.Terms.Amount = p.Terms.Amount.Add(p.Terms.Amount)
	var found leave.Forecast
	out := row{Unit: duration, Aim: atMost(float64(forecastBudget))}
	for range reportRuns {
		took, err := byTurns(1,
			func() error { found, err = t.Leave.Foresee(ctx, keeper, leave.SavingPolicy(p)); return err },
			func() error { _, err = b.bookings(ctx); return err })
		if err != nil {
			return row{}, err
		}
		out.add(median(took[0].times), median(took[1].times))
	}
	out.What = fmt.Sprintf("leave.Service.Foresee: %d people", found.People)
	out.Bare = "bare read of the same requests"
	return out, nil
}
