// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"verlof/calendar"
	"verlof/errs"
	"verlof/intake"
	"verlof/store"
	"verlof/store/storetest"
)

// company returns an absence file of so many people with four weeks each, the
// last of which overlaps the third.
func company(people int) string {
	var b strings.Builder
	b.WriteString("Department,Last name,Name,Email address,Type of absence,Started at,Date type,Ended at,Date type\n")
	for i := range people {
		monday := calendar.MustParse("2026-01-05").AddDays(7 * (i % 40))
		for week, start := range []calendar.Date{monday, monday.AddDays(14), monday.AddDays(28), monday.AddDays(30)} {
			part := "All Day"
			if week == 1 {
				part = "Morning"
			}
			fmt.Fprintf(&b, "Sales %d,Last%d,First%d,u%d@example.com,Holiday,%s,All Day,%s,%s\n", i%5, i, i, i, start, start.AddDays(3), part)
		}
	}
	return b.String()
}

// TestImport: a whole file is written in one transaction, refused lines are left
// out, and importing it again changes nothing.
func TestImport(t *testing.T) {
	const people = 200
	storetest.Both(t, func(t *testing.T, setting string) {
		ctx := context.Background()
		db := customer(t, setting, 0, 25)
		s := (&intake.Service{Store: db.Intake(), Now: service(db).Now}).AsOperator()
		source := func() intake.Source {
			return intake.Source{Name: "company.csv", Reader: strings.NewReader(company(people))}
		}
		p, err := s.Plan(ctx, "", source(), intake.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if c := p.Counts(intake.TheAbsence); c.Add != 3*people || c.Refuse != people {
			t.Fatalf("planned %+v", c)
		}
		if _, err := s.Apply(ctx, "", source(), intake.Options{}, p.Digest); !errs.Is(err, errs.Invalid) {
			t.Errorf("refused lines were not told: %v", err)
		}
		if _, err := s.Apply(ctx, "", source(), intake.Options{LeaveOut: true}, "other"); !errs.Is(err, errs.Conflict) {
			t.Errorf("another plan was accepted: %v", err)
		}
		counts := func() (n int) {
			err := db.View(ctx, func(tx *store.Tx) error {
				all, err := tx.AllCounting()
				for _, rs := range all {
					n += len(rs)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := counts(); n != 0 {
			t.Fatalf("%d absences were written before the plan was accepted", n)
		}
		p, err = s.Plan(ctx, "", source(), intake.Options{LeaveOut: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Apply(ctx, "", source(), intake.Options{LeaveOut: true}, p.Digest); err != nil {
			t.Fatal(err)
		}
		if n := counts(); n != 3*people {
			t.Errorf("%d absences written, want %d", n, 3*people)
		}
		again, err := s.Plan(ctx, "", source(), intake.Options{LeaveOut: true})
		if err != nil {
			t.Fatal(err)
		}
		if c := again.Counts(""); c.Add != 0 || c.Change != 0 {
			t.Errorf("a second import would do %+v", c)
		}
	})
}
