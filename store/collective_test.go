// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/errs"
	"verlof/leave"
	"verlof/people"
	"verlof/store/storetest"
)

// closure is what Boss asks for: Monday to Wednesday off for the team.
func closure(key string, who ...people.ID) leave.CollectiveAsk {
	return leave.CollectiveAsk{Key: key, Type: storetest.Holiday, Reason: "Closed",
		Span:   leave.Span{From: calendar.MustParse("2026-06-01"), To: calendar.MustParse("2026-06-03")},
		Choice: leave.Choice{People: who}}
}

// states returns where the requests of a collective leave stand, by person.
func states(t *testing.T, s *leave.Service, id string) map[people.ID]leave.State {
	t.Helper()
	d, err := s.CollectiveDetail(context.Background(), storetest.Boss, id)
	if err != nil {
		t.Fatal(err)
	}
	out := map[people.ID]leave.State{}
	for _, r := range d.Rows {
		out[r.Person.ID] = r.Request.State
	}
	return out
}

// TestCollective: leave for a team is previewed, booked once however often it is
// sent, and taken back as one, but for what was cancelled before.
func TestCollective(t *testing.T) {
	ctx := context.Background()
	storetest.Both(t, func(t *testing.T, setting string) {
		s := service(customer(t, setting, 4, 5))
		a, b, busy, poor := storetest.Worker(0), storetest.Worker(1), storetest.Worker(2), storetest.Worker(3)
		for who, day := range map[people.ID]string{busy: "2026-06-02", poor: "2026-03-02"} {
			last := calendar.MustParse(day)
			if who == poor {
				last = last.AddDays(3)
			}
			if _, err := s.Submit(ctx, who, ask(who, day, last.String())); err != nil {
				t.Fatal(err)
			}
		}
		all := closure("one")
		all.Choice = leave.Choice{Teams: []string{"team"}}
		p, err := s.PreviewCollective(ctx, storetest.Boss, all)
		if err != nil {
			t.Fatal(err)
		}
		problems := map[people.ID]string{}
		for _, row := range p.Rows {
			problems[row.Person.ID] = ""
			if row.Problem != nil {
				problems[row.Person.ID] = errs.As(row.Problem).Public
			}
		}
		want := map[people.ID]string{a: "", b: "", busy: "leave.error.overlap", poor: "leave.error.balance"}
		if d := cmp.Diff(want, problems); d != "" || p.Bookable != 2 || p.Cost.String() != "6" {
			t.Errorf("%d bookable, %s days (-want +got):\n%s", p.Bookable, p.Cost, d)
		}

		if _, err := s.BookCollective(ctx, storetest.Boss, closure("one", a, b, busy)); !errs.Is(err, errs.Conflict) {
			t.Fatalf("with somebody who is away already: %v", err)
		}
		for range 2 {
			if _, err := s.BookCollective(ctx, storetest.Boss, closure("one", a, b)); err != nil {
				t.Fatal(err)
			}
		}
		if d := cmp.Diff(map[people.ID]leave.State{a: leave.Approved, b: leave.Approved}, states(t, s, "one")); d != "" {
			t.Errorf("booked twice or not as one (-want +got):\n%s", d)
		}
		d, _ := s.CollectiveDetail(ctx, storetest.Boss, "one")
		if err := s.Cancel(ctx, a, d.Rows[0].Request.ID, ""); !errs.Is(err, errs.Forbidden) {
			t.Errorf("somebody took their part back: %v", err)
		}
		if err := s.Cancel(ctx, storetest.Boss, d.Rows[0].Request.ID, "works on"); err != nil {
			t.Fatal(err)
		}
		if err := s.UndoCollective(ctx, storetest.Boss, "one", "no closure"); err != nil {
			t.Fatal(err)
		}
		if err := s.UndoCollective(ctx, storetest.Boss, "one", ""); !errs.Is(err, errs.Conflict) {
			t.Errorf("undone twice: %v", err)
		}
		d, _ = s.CollectiveDetail(ctx, storetest.Boss, "one")
		if x := d.Rows[0].Request; x.Reason != "works on" || d.Rows[1].Request.State != leave.Cancelled || d.People != 0 {
			t.Errorf("after undoing: %+v", d.Rows)
		}
		if again, err := s.BookCollective(ctx, storetest.Boss, closure("one", a, b)); err != nil || !again.Undone() {
			t.Errorf("sent again after it was undone: %+v, %v", again, err)
		}
	})
}

// TestCollectiveChanged: nobody takes days of leave that was booked for many back alone, also
// where days that are given back need no approval; and a change that waits goes with it.
func TestCollectiveChanged(t *testing.T) {
	each(t, func(b *bureau) {
		b.option(func(t *leave.Type) { t.FreeReturn = true })
		if _, err := b.BookCollective(b.Context(), storetest.Boss, closure("one", worker(0))); err != nil {
			b.Fatal(err)
		}
		d, err := b.CollectiveDetail(b.Context(), storetest.Boss, "one")
		if err != nil {
			b.Fatal(err)
		}
		part := d.Rows[0].Request
		change, err := b.Submit(b.Context(), worker(0), changing(worker(0), part.ID, part.From.String(), part.From.String()))
		if err != nil || change.State != leave.Pending {
			b.Fatalf("%s, %v", change.State, err)
		}
		b.is(part.ID, leave.Approved)
		if err := b.UndoCollective(b.Context(), storetest.Boss, "one", "no closure"); err != nil {
			b.Fatal(err)
		}
		b.is(part.ID, leave.Cancelled)
		b.is(change.ID, leave.Withdrawn)
	})
}

// TestCollectiveLimits: leave for many is held to the limits that leave of one is: blocked days
// refuse or warn, and only so many may be away, those who are anyway among them.
func TestCollectiveLimits(t *testing.T) {
	each(t, func(b *bureau) {
		ctx := b.Context()
		b.limit(leave.Limit{Name: "Stocktaking", Kind: leave.Blocked, Warn: true, From: day("2026-06-03"), To: day("2026-06-03")})
		b.limit(leave.Limit{Name: "Three", Kind: leave.MostAway, Team: "team", Number: 3})
		b.asks(worker(0), "2026-06-02", "2026-06-02")
		all := closure("one", worker(1), worker(2), worker(3))
		p, err := b.PreviewCollective(ctx, storetest.Boss, all)
		if err != nil || len(p.Rows) != 3 || p.Bookable != 2 || errs.As(p.Rows[2].Problem).Public != "leave.error.staffing" || len(p.Rows[0].Warned) != 1 {
			b.Fatalf("%v, %d bookable: %+v", err, p.Bookable, p.Rows)
		}
		_, err = b.BookCollective(ctx, storetest.Boss, all)
		b.refused(errs.Conflict, err)
		if _, err := b.BookCollective(ctx, storetest.Boss, closure("two", worker(1), worker(3))); err != nil {
			b.Fatal(err)
		}
		_, err = b.Submit(ctx, worker(2), ask(worker(2), "2026-06-02", "2026-06-02"))
		b.refused(errs.Conflict, err)

		b.limit(leave.Limit{Name: "Fair", Kind: leave.Blocked, Types: []string{storetest.Holiday}, From: day("2026-06-01"), To: day("2026-06-01")})
		p, err = b.PreviewCollective(ctx, storetest.Boss, closure("three", worker(4)))
		if err != nil || errs.As(p.Rows[0].Problem).Public != "leave.error.blocked" {
			b.Errorf("blocked days: %v, %+v", err, p.Rows)
		}
	})
}

// TestCollectiveAccess: nobody books for those on whose leave they do not decide,
// nor learns of them.
func TestCollectiveAccess(t *testing.T) {
	ctx := context.Background()
	s := service(customer(t, "sqlite:"+t.TempDir(), 2, 25))
	book := func(by people.ID, ask leave.CollectiveAsk) errs.Kind {
		_, err := s.BookCollective(ctx, by, ask)
		if err == nil {
			t.Fatalf("%s booked", by)
		}
		return errs.As(err).Kind
	}
	if k := book(storetest.Worker(0), closure("x", storetest.Worker(0))); k != errs.Forbidden {
		t.Errorf("a worker for themselves: %s", k)
	}
	if k := book(storetest.Boss, closure("x", storetest.Admin)); k != errs.NotFound {
		t.Errorf("for somebody else's worker: %s", k)
	}
	if k := book(storetest.Boss, closure("x", storetest.Boss)); k != errs.Conflict {
		t.Errorf("a manager for themselves: %s", k)
	}
	if k := book(storetest.Boss, closure("x")); k != errs.Invalid {
		t.Errorf("for nobody: %s", k)
	}
	if _, err := s.BookCollective(ctx, storetest.Admin, closure("hr", storetest.Worker(0))); err != nil {
		t.Fatal(err)
	}
	if _, err := s.CollectiveDetail(ctx, storetest.Boss, "hr"); !errs.Is(err, errs.NotFound) {
		t.Errorf("a manager opens what the administrator booked: %v", err)
	}
	if k := book(storetest.Boss, closure("hr", storetest.Worker(1))); k != errs.Conflict {
		t.Errorf("the key of somebody else: %s", k)
	}
}

// TestCollectiveRace: leave for a team and the requests of its people, sent at
// once, never take one day twice; sent many times at once, it is booked once.
func TestCollectiveRace(t *testing.T) {
	const workers = 5
	storetest.AtOnce(t, func(t *testing.T, setting string) {
		db := customer(t, setting, workers, 25)
		s := service(db)
		ctx := context.Background()
		var who []people.ID
		for i := range workers {
			who = append(who, storetest.Worker(i))
		}
		for round := range 5 {
			key := string(rune('a' + round))
			shift := func(sp leave.Span) leave.Span {
				return leave.Span{From: sp.From.AddDays(7 * round), To: sp.To.AddDays(7 * round)}
			}
			together(20, func(i int) error {
				if i%4 == 0 {
					x := closure(key, who...)
					x.Span = shift(x.Span)
					_, err := s.BookCollective(ctx, storetest.Boss, x)
					return err
				}
				if i > 10 {
					x := ask(who[i%workers], "2026-06-02", "2026-06-02")
					x.Span = shift(x.Span)
					_, err := s.Submit(ctx, x.Person, x)
					return err
				}
				return errs.New(errs.Conflict, "")
			}, t)
			if d, err := s.CollectiveDetail(ctx, storetest.Boss, key); err == nil && len(d.Rows) != workers {
				t.Errorf("%d parts for %d people", len(d.Rows), workers)
			}
		}
		for _, w := range who {
			noOverlap(t, db, w)
		}
	})
}
