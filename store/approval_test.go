// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/errs"
	"verlof/leave"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// bureau is a customer with a clock that the test moves.
type bureau struct {
	*testing.T
	*leave.Service
	db  *store.DB
	now time.Time
}

func newBureau(t *testing.T, setting string) *bureau { return bureauOf(t, setting, 6) }

func bureauOf(t *testing.T, setting string, workers int) *bureau {
	b := &bureau{T: t, db: customer(t, setting, workers, 25), now: noon}
	b.Service = &leave.Service{Store: b.db.Leave(), Now: func() time.Time { return b.now }}
	return b
}

// asks has somebody ask for leave, which must be accepted.
func (b *bureau) asks(who people.ID, from, to string) string {
	b.Helper()
	r, err := b.Submit(b.Context(), who, ask(who, from, to))
	if err != nil {
		b.Fatalf("%s asks: %v", who, err)
	}
	return r.ID
}

// is fails unless a request is in a state.
func (b *bureau) is(request string, want leave.State) {
	b.Helper()
	d, err := b.Detail(b.Context(), storetest.Admin, request)
	if err != nil || d.Request.State != want {
		b.Errorf("%s, %v, want %s", d.Request.State, err, want)
	}
}

// waits fails unless a request waits for exactly these.
func (b *bureau) waits(request string, want ...people.ID) {
	b.Helper()
	got, err := b.Asked(b.Context(), request)
	if d := cmp.Diff(want, got); d != "" || err != nil {
		b.Errorf("%v, waits for other people:\n%s", err, d)
	}
}

func (b *bureau) approves(who people.ID, request string) {
	b.Helper()
	if err := b.Approve(b.Context(), who, request, ""); err != nil {
		b.Errorf("%s approves: %v", who, err)
	}
}

func (b *bureau) refused(kind errs.Kind, err error) {
	b.Helper()
	if !errs.Is(err, kind) {
		b.Errorf("%v, want %v", err, kind)
	}
}

func (b *bureau) rule(r leave.ApprovalRule) {
	b.Helper()
	if _, err := b.SaveApprovalRule(b.Context(), storetest.Admin, r); err != nil {
		b.Fatal(err)
	}
}

func (b *bureau) limit(l leave.Limit) {
	b.Helper()
	if _, err := b.SaveLimit(b.Context(), storetest.Admin, l); err != nil {
		b.Fatal(err)
	}
}

func (b *bureau) team(id string, managers, members []people.ID) {
	b.Helper()
	err := b.db.Update(b.Context(), func(tx *store.Tx) error {
		return tx.SaveTeam(people.Team{ID: id, Name: id, Managers: managers, Members: members})
	})
	if err != nil {
		b.Fatal(err)
	}
}

// kinds returns how many rows of a kind the outbox holds that are due by a day.
func (b *bureau) mails(kind string, by time.Time) int {
	b.Helper()
	rows, err := b.db.Outbox().Claim(b.Context(), by, by, 1000)
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for _, r := range rows {
		if r.Kind == kind {
			n++
		}
	}
	return n
}

func worker(i int) people.ID { return storetest.Worker(i) }

func each(t *testing.T, f func(b *bureau)) {
	storetest.Both(t, func(t *testing.T, setting string) { f(newBureau(t, setting)) })
}

// TestChain: long leave takes the manager and then an administrator; short leave the
// manager alone. Whoever is not at their turn may not decide, and nobody twice.
func TestChain(t *testing.T) {
	each(t, func(b *bureau) {
		b.rule(leave.ApprovalRule{Name: "Long", Over: 10, Steps: []leave.Step{{Who: leave.AnyManager}, {Who: leave.Administrators}}})
		short, long := b.asks(worker(0), "2026-06-01", "2026-06-12"), b.asks(worker(0), "2026-07-01", "2026-07-15")
		b.waits(long, storetest.Boss)
		b.refused(errs.NotFound, b.Approve(b.Context(), worker(1), long, ""))
		b.refused(errs.Forbidden, b.Approve(b.Context(), worker(0), long, ""))

		b.approves(storetest.Boss, short)
		b.is(short, leave.Approved)
		b.approves(storetest.Boss, long)
		b.is(long, leave.Pending)
		b.waits(long, storetest.Admin)
		b.refused(errs.Forbidden, b.Approve(b.Context(), storetest.Boss, long, ""))
		if n, err := b.WaitingCount(b.Context(), storetest.Boss); n != 0 || err != nil {
			b.Errorf("%d wait for the manager, %v", n, err)
		}
		b.approves(storetest.Admin, long)
		b.is(long, leave.Approved)

		d, err := b.Detail(b.Context(), worker(0), long)
		if err != nil || len(d.Stages) != 2 || len(d.Stages[0].Decisions) != 1 || d.Stages[1].Decisions[0].By != storetest.Admin || d.Rule.Name != "Long" {
			b.Errorf("what is on record: %v, %+v", err, d.Stages)
		}
		if n := b.mails(leave.KindForwarded, time.Now().Add(time.Hour)); n != 1 {
			b.Errorf("%d mails for the second step", n)
		}
	})
}

// TestChainRefused: a refusal at any step ends it.
func TestChainRefused(t *testing.T) {
	each(t, func(b *bureau) {
		b.rule(leave.ApprovalRule{Name: "All", Steps: []leave.Step{{Who: leave.AnyManager}, {Who: leave.Administrators}}})
		r := b.asks(worker(0), "2026-06-01", "2026-06-02")
		b.approves(storetest.Boss, r)
		if err := b.Refuse(b.Context(), storetest.Admin, r, "Stocktaking"); err != nil {
			b.Fatal(err)
		}
		b.is(r, leave.Refused)
		b.refused(errs.Conflict, b.Approve(b.Context(), storetest.Admin, r, ""))
	})
}

// TestSteps: every kind of step finds its people; one that finds nobody falls to the
// administrators, and one that nobody is left for falls away.
func TestSteps(t *testing.T) {
	each(t, func(b *bureau) {
		b.team("night", []people.ID{worker(3), worker(4)}, []people.ID{worker(1)})
		b.team("lead", []people.ID{worker(5)}, []people.ID{storetest.Boss})
		for _, tt := range []struct {
			name string
			who  people.ID
			step leave.Step
			want []people.ID
		}{
			{"manager", worker(0), leave.Step{Who: leave.AnyManager}, []people.ID{storetest.Boss}},
			{"either", worker(1), leave.Step{Who: leave.AnyManager}, []people.ID{storetest.Boss, worker(3), worker(4)}},
			{"above", worker(0), leave.Step{Who: leave.Above}, []people.ID{worker(5)}},
			{"above_nobody", worker(5), leave.Step{Who: leave.Above}, []people.ID{storetest.Admin}},
			{"person", worker(0), leave.Step{Who: leave.Named, Person: worker(2)}, []people.ID{worker(2)}},
			{"oneself", worker(2), leave.Step{Who: leave.Named, Person: worker(2)}, []people.ID{storetest.Admin}},
			{"administrator", worker(0), leave.Step{Who: leave.Administrators}, []people.ID{storetest.Admin}},
			{"unled", storetest.Boss, leave.Step{Who: leave.AnyManager}, []people.ID{worker(5)}},
		} {
			b.rule(leave.ApprovalRule{Name: tt.name, Person: tt.who, Over: 1, Steps: []leave.Step{tt.step}})
			r := b.asks(tt.who, "2026-06-01", "2026-06-02")
			b.waits(r, tt.want...)
			if err := b.Withdraw(b.Context(), tt.who, r); err != nil {
				b.Fatal(err)
			}
			how, err := b.Procedure(b.Context(), storetest.Admin)
			if err == nil {
				err = b.DeleteApprovalRule(b.Context(), storetest.Admin, how.Rules[0].ID)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
		both := []leave.Step{{Who: leave.AllManagers}, {Who: leave.Administrators}, {Who: leave.Administrators}}
		b.rule(leave.ApprovalRule{Name: "Night", Team: "night", Steps: both})
		r := b.asks(worker(1), "2026-06-01", "2026-06-02")
		b.approves(worker(3), r)
		b.waits(r, storetest.Boss, worker(4))
		b.refused(errs.Forbidden, b.Approve(b.Context(), worker(3), r, ""))
		b.approves(worker(4), r)
		b.approves(storetest.Boss, r)
		b.waits(r, storetest.Admin)
		b.approves(storetest.Admin, r) // nobody else is left for the third step
		b.is(r, leave.Approved)
	})
}

// TestStandIn: who is named decides while the manager is on leave, and neither before nor after,
// nor on their own leave, nor hands it on.
func TestStandIn(t *testing.T) {
	each(t, func(b *bureau) {
		ctx := b.Context()
		name := func(by, whose, who people.ID) error {
			return b.SaveStandIn(ctx, by, leave.StandIn{Person: whose, By: who, From: calendar.MustParse("2026-01-01"), To: calendar.MustParse("2026-12-31")})
		}
		b.refused(errs.NotFound, name(worker(0), storetest.Boss, worker(1)))
		b.refused(errs.Invalid, name(storetest.Boss, storetest.Boss, storetest.Boss))
		for _, err := range []error{name(storetest.Boss, storetest.Boss, worker(1)), name(storetest.Admin, worker(1), worker(2))} {
			if err != nil {
				b.Fatal(err)
			}
		}
		away := b.asks(storetest.Boss, "2026-03-09", "2026-03-13")
		chained := b.asks(worker(1), "2026-03-09", "2026-03-13")
		r, own := b.asks(worker(0), "2026-06-01", "2026-06-02"), b.asks(worker(1), "2026-06-01", "2026-06-02")
		b.waits(r, storetest.Boss)
		b.refused(errs.NotFound, b.Approve(ctx, worker(1), r, ""))
		if n := b.mails(leave.KindStandIn, b.now.AddDate(0, 0, 20)); n != 0 {
			b.Errorf("%d mails to stand in before the leave is approved", n)
		}
		b.approves(storetest.Admin, away)
		b.waits(r, storetest.Boss)
		if n := b.mails(leave.KindStandIn, b.now.AddDate(0, 0, 6)); n != 0 { // Sunday
			b.Errorf("%d mails to stand in before the first day", n)
		}
		if n := b.mails(leave.KindStandIn, b.now.AddDate(0, 0, 7)); n != 1 {
			b.Errorf("%d mails to stand in on the first day", n)
		}

		b.now = noon.AddDate(0, 0, 9) // Wednesday
		b.waits(r, storetest.Boss, worker(1))
		b.waits(own, storetest.Boss)
		b.refused(errs.Forbidden, b.Approve(ctx, worker(1), own, ""))
		b.approves(storetest.Admin, chained)
		b.waits(r, storetest.Boss, worker(1)) // on leave too, and hands nothing on
		inbox, _, err := b.Inbox(ctx, worker(1), 100)
		if err != nil || len(inbox) != 1 || inbox[0].As != leave.AsStandIn || inbox[0].For.ID != storetest.Boss {
			b.Fatalf("the inbox of the stand-in: %v, %+v", err, inbox)
		}

		b.now = noon.AddDate(0, 0, 14) // back
		b.waits(r, storetest.Boss)
		b.refused(errs.NotFound, b.Approve(ctx, worker(1), r, ""))
		b.now = noon.AddDate(0, 0, 9)
		b.approves(worker(1), r)
		b.is(r, leave.Approved)
		d, err := b.Detail(ctx, worker(1), r) // who decided may look at it afterwards
		if err != nil || d.Stages[0].Decisions[0].For != storetest.Boss {
			b.Errorf("on whose behalf: %v, %+v", err, d.Stages)
		}
	})
}

// TestEscalation: after so many working days those of the next step may decide too,
// and have then decided on both.
func TestEscalation(t *testing.T) {
	each(t, func(b *bureau) {
		b.rule(leave.ApprovalRule{Name: "All", Steps: []leave.Step{{Who: leave.AnyManager, Within: 3}, {Who: leave.Named, Person: worker(5)}}})
		r := b.asks(worker(0), "2026-06-01", "2026-06-02") // Monday 2 March
		b.now = noon.AddDate(0, 0, 3)
		b.waits(r, storetest.Boss)
		b.refused(errs.NotFound, b.Approve(b.Context(), worker(5), r, ""))
		b.now = noon.AddDate(0, 0, 4)
		b.waits(r, storetest.Boss, worker(5))
		if n := b.mails(leave.KindReminder, b.now); n != 1 {
			b.Errorf("%d reminders", n)
		}
		b.approves(worker(5), r)
		b.is(r, leave.Approved)
	})
}

// TestLimits: blocked days refuse or warn, by type and team, and staffing counts
// who waits for an answer too.
func TestLimits(t *testing.T) {
	each(t, func(b *bureau) {
		b.limit(leave.Limit{Name: "Stocktaking", Kind: leave.Blocked, Team: "team", Types: []string{storetest.Holiday},
			From: calendar.MustParse("2026-06-10"), To: calendar.MustParse("2026-06-12")})
		b.limit(leave.Limit{Name: "Fair", Kind: leave.Blocked, Warn: true, From: calendar.MustParse("2026-07-01"), To: calendar.MustParse("2026-07-03")})
		_, err := b.Submit(b.Context(), worker(0), ask(worker(0), "2026-06-08", "2026-06-10"))
		b.refused(errs.Conflict, err)
		b.asks(worker(0), "2026-06-08", "2026-06-09")
		b.asks(storetest.Boss, "2026-06-10", "2026-06-10") // leads the team, is not in it
		p, err := b.Preview(b.Context(), worker(0), ask(worker(0), "2026-06-29", "2026-07-02"))
		if err != nil || p.Problem != nil || len(p.Warned) != 1 || p.Warned[0].Date.String() != "2026-07-01" {
			b.Errorf("the warning: %v, %v, %+v", err, p.Problem, p.Warned)
		}
		b.asks(worker(0), "2026-06-29", "2026-07-02")

		b.limit(leave.Limit{Name: "Two", Kind: leave.MostAway, Team: "team", Number: 2})
		b.limit(leave.Limit{Name: "Half", Kind: leave.LeastIn, Team: "team", Number: 50, Percent: true})
		for i := range 2 {
			b.asks(worker(i), "2026-09-07", "2026-09-11")
		}
		_, err = b.Submit(b.Context(), worker(2), ask(worker(2), "2026-09-11", "2026-09-14"))
		b.refused(errs.Conflict, err)
		b.asks(worker(2), "2026-09-14", "2026-09-14")
	})
}

// TestLastPlace: of many who ask at once for the one place left exactly one gets it.
func TestLastPlace(t *testing.T) {
	rounds := 10
	if testing.Short() {
		rounds = 2
	}
	storetest.AtOnce(t, func(t *testing.T, setting string) {
		const workers = 12
		db := customer(t, setting, workers, 25)
		s := service(db)
		limit := leave.Limit{Name: "One", Kind: leave.MostAway, Team: "team", Number: 1}
		if _, err := s.SaveLimit(t.Context(), storetest.Admin, limit); err != nil {
			t.Fatal(err)
		}
		for round := range rounds {
			d := calendar.MustParse("2026-06-01").AddDays(7 * round).String()
			accepted := together(workers, func(i int) error {
				_, err := s.Submit(context.Background(), worker(i), ask(worker(i), d, d))
				return err
			}, t)
			if accepted != 1 {
				t.Fatalf("round %d: %d got the one place", round, accepted)
			}
		}
	})
}

// TestWithdrawTellsAsked: whom a request was put to hears that it was taken back, at the step that
// waited and at those before it, and may still read it; others hear nothing.
func TestWithdrawTellsAsked(t *testing.T) {
	each(t, func(b *bureau) {
		ctx, second, third := b.Context(), worker(4), worker(5)
		b.rule(leave.ApprovalRule{Name: "Three", Steps: []leave.Step{{Who: leave.AnyManager}, {Who: leave.Named, Person: second}, {Who: leave.Named, Person: third}}})
		early, late := b.asks(worker(0), "2026-06-01", "2026-06-05"), b.asks(worker(0), "2026-07-06", "2026-07-10")
		b.approves(storetest.Boss, late)
		for id, want := range map[string][]people.ID{early: {storetest.Boss}, late: {storetest.Boss, second}} {
			if err := b.Withdraw(ctx, worker(0), id); err != nil {
				b.Fatal(err)
			}
			b.waits(id, want...)
			for _, who := range []people.ID{storetest.Boss, second, third} {
				_, err := b.Detail(ctx, who, id)
				if told := slices.Contains(want, who); told != (err == nil) || !told && !errs.Is(err, errs.NotFound) {
					b.Errorf("%s reads a withdrawn request that was put to %v: %v", who, want, err)
				}
			}
		}
	})
}
