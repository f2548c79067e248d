// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
)

// How statements are measured.
const (
	statementRuns = 7
	statementSize = 200 // statements in a run
	careerYears   = 10
)

// statementBudget is what a statement for one person and ten years may take.
const statementBudget = 100 * time.Microsecond

const veteran = people.ID("veteran")

// statements measures the account of somebody with ten years of leave: worked out
// from facts that are there, and read and worked out.
func statements(ctx context.Context, dir string) (rows []row, err error) {
	w, err := newWorld(ctx, "sqlite:"+dir, 0, 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	made, err := w.sample(ctx, "people100", 100)
	if err != nil {
		return nil, err
	}
	b, err := openBare(ctx, w.file(made))
	if err != nil {
		return nil, err
	}
	defer b.close()
	err = w.with(ctx, "people100", func(t *tenant.Tenant) error {
		if err := w.hire(ctx, t, veteran); err != nil {
			return err
		}
		rows, err = w.account(ctx, t, b)
		return err
	})
	return rows, err
}

// hire writes ten years of the work and leave of some people into a customer's
// database: twelve requests of two days and an adjustment each year.
func (w *world) hire(ctx context.Context, t *tenant.Tenant, ids ...people.ID) error {
	org, err := t.People.Organisation(ctx)
	if err != nil {
		return err
	}
	_, model, err := cast(ctx, t)
	if err != nil {
		return err
	}
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return err
	}
	typ, err := drawn(book)
	if err != nil {
		return err
	}
	begin := calendar.On(w.today.Year()-careerYears, time.January, 1)
	return t.Leave.Store.Update(ctx, func(tx leave.Tx) error {
		for _, who := range ids {
			r := people.Record{Person: org.Person(model)}
			r.Person.ID, r.Person.Number, r.Person.Email = who, string(who), string(who)+"@bench.example"
			r.Employments = []people.Employment{{ID: string(who), Person: who, From: begin}}
			c := org.Records[model].Contracts[0]
			c.ID, c.Person, c.From = string(who), who, begin
			r.Contracts = []people.Contract{c}
			if err := errors.Join(tx.SavePerson(r.Person), tx.SaveEmployment(r.Employments[0]), tx.SaveContract(c)); err != nil {
				return err
			}
			for y := range careerYears {
				if err := w.year(tx, book, &leave.Facts{Record: r}, typ, begin.AddYears(y)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// year writes one year of leave.
func (w *world) year(tx leave.Tx, book *leave.Rulebook, f *leave.Facts, typ leave.Type, from calendar.Date) error {
	who := f.Person.ID
	for m := range 12 {
		monday := from.AddMonths(m).AddDays(7)
		for monday.Weekday() != time.Monday {
			monday = monday.AddDays(1)
		}
		q := leave.Request{ID: fmt.Sprintf("%s-%d-%d", who, from.Year(), m), Person: who, Type: typ.ID, State: leave.Approved,
			Span: leave.Span{From: monday, To: monday.AddDays(1)}, AskedBy: who, AskedAt: 1, DecidedBy: who, DecidedAt: 1}
		q.Charges, _ = book.Count(f, typ, q.Span)
		if err := tx.InsertRequest(q); err != nil {
			return err
		}
	}
	return tx.SaveAdjustment(leave.Adjustment{ID: fmt.Sprintf("%s-%d", who, from.Year()), Person: who, Type: typ.ID,
		Date: from.AddMonths(3), Amount: exact.Int(1), Reason: "moved house", By: who, At: 1})
}

// drawn returns the first type that is counted in days and draws on an
// entitlement.
func drawn(book *leave.Rulebook) (leave.Type, error) {
	for _, t := range book.Types {
		if t.Entitled && t.Unit == leave.Days {
			return t, nil
		}
	}
	return leave.Type{}, errors.New("the sample has no type with an entitlement in days")
}

// account measures the statement of the veteran.
func (w *world) account(ctx context.Context, t *tenant.Tenant, b *bare) ([]row, error) {
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return nil, err
	}
	typ, err := drawn(book)
	if err != nil {
		return nil, err
	}
	all, err := everybody(ctx, t)
	if err != nil {
		return nil, err
	}
	facts, lines := all[veteran], 0
	pure := row{Unit: duration, Aim: atMost(float64(statementBudget))}
	whole := row{What: "leave.Service.Statement: read and worked out", Unit: duration, Bare: "the same"}
	for range statementRuns {
		took, err := byTurns(statementSize,
			func() error { lines = len(book.Statement(facts, typ, w.today).Lines); return nil },
			func() error { _, err := t.Leave.Statement(ctx, veteran, veteran, typ.ID, w.today); return err },
			func() error { return b.account(ctx, veteran, len(facts.Requests)) })
		if err != nil {
			return nil, err
		}
		pure.add(median(took[0].times), median(took[2].times))
		whole.add(median(took[1].times), median(took[2].times))
	}
	pure.What = fmt.Sprintf("Rulebook.Statement, %d requests, %d lines", len(facts.Requests), lines)
	pure.Bare = fmt.Sprintf("bare read of the %d requests", len(facts.Requests))
	return []row{pure, whole}, nil
}
