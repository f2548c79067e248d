// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

var noon = time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)

func service(db *store.DB) *leave.Service {
	return &leave.Service{Store: db.Leave(), Now: func() time.Time { return noon }}
}

// customer returns a customer's database with workers of so many days a year.
func customer(t *testing.T, setting string, workers int, days int64) *store.DB {
	db := storetest.Tenant(t, setting)
	storetest.Customer(t, db, workers, days)
	return db
}

func ask(who people.ID, from, to string) leave.Ask {
	return leave.Ask{Person: who, Type: storetest.Holiday,
		Span: leave.Span{From: calendar.MustParse(from), To: calendar.MustParse(to)}}
}

// TestLastDay: of a hundred parallel requests for the one day left exactly one is
// accepted, a hundred times on each engine. Each asks for another date, so that
// only the balance can refuse it.
func TestLastDay(t *testing.T) {
	const parallel = 100
	rounds := 100
	if testing.Short() { // under the race detector
		rounds = 3
	}
	storetest.AtOnce(t, func(t *testing.T, setting string) {
		db := customer(t, setting, rounds, 1)
		s := service(db)
		monday := calendar.MustParse("2026-06-01")
		for round := range rounds {
			who := storetest.Worker(round)
			accepted := together(parallel, func(i int) error {
				d := monday.AddDays(i/5*7 + i%5).String()
				_, err := s.Submit(context.Background(), who, ask(who, d, d))
				return err
			}, t)
			if accepted != 1 {
				t.Fatalf("round %d: %d requests for one day were accepted", round, accepted)
			}
		}
	})
}

// TestOneDate: of many parallel requests for the same dates exactly one is
// accepted, though there is leave enough for all.
func TestOneDate(t *testing.T) {
	const parallel = 50
	rounds := 20
	if testing.Short() {
		rounds = 2
	}
	storetest.AtOnce(t, func(t *testing.T, setting string) {
		db := customer(t, setting, 1, 300)
		s := service(db)
		who := storetest.Worker(0)
		for round := range rounds {
			d := calendar.MustParse("2026-01-05").AddDays(7 * round)
			accepted := together(parallel, func(i int) error {
				_, err := s.Submit(context.Background(), who, ask(who, d.AddDays(i%3).String(), d.AddDays(3).String()))
				return err
			}, t)
			if accepted != 1 {
				t.Fatalf("round %d: %d overlapping requests were accepted", round, accepted)
			}
		}
		noOverlap(t, db, who)
	})
}

// together runs f n times at once and returns how often it succeeded; every
// failure must be a Conflict.
func together(n int, f func(int) error, t *testing.T) int {
	t.Helper()
	var wait sync.WaitGroup
	var mu sync.Mutex
	accepted := 0
	start := make(chan struct{})
	for i := range n {
		wait.Go(func() {
			<-start
			err := f(i)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				accepted++
			case !errs.Is(err, errs.Conflict):
				t.Errorf("refused otherwise than by a conflict: %v", err)
			}
		})
	}
	close(start)
	wait.Wait()
	return accepted
}

func noOverlap(t *testing.T, db *store.DB, who people.ID) {
	t.Helper()
	err := db.View(context.Background(), func(tx *store.Tx) error {
		taken := map[calendar.Date]string{}
		rs, err := tx.CountingRequests(who)
		for _, r := range rs {
			for d := range r.Range().All() {
				if other := taken[d]; other != "" {
					t.Errorf("requests %s and %s both take %s", other, r.ID, d)
				}
				taken[d] = r.ID
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestDecisions walks a request through its life on both engines.
func TestDecisions(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		ctx := context.Background()
		db := customer(t, setting, 2, 25)
		s := service(db)
		who, other := storetest.Worker(0), storetest.Worker(1)
		r, err := s.Submit(ctx, who, ask(who, "2026-05-11", "2026-05-15")) // 14 May 2026 is Ascension Day
		if err != nil {
			t.Fatal(err)
		}
		refusals := []struct {
			name string
			err  error
			want errs.Kind
		}{
			{"colleague_approves", s.Approve(ctx, other, r.ID, ""), errs.NotFound},
			{"own_approval", s.Approve(ctx, who, r.ID, ""), errs.Forbidden},
			{"refuse_without_reason", s.Refuse(ctx, storetest.Boss, r.ID, " "), errs.Invalid},
			{"colleague_withdraws", s.Withdraw(ctx, other, r.ID), errs.NotFound},
			{"manager_withdraws", s.Withdraw(ctx, storetest.Boss, r.ID), errs.Forbidden},
			{"cancel_before_approval", s.Cancel(ctx, who, r.ID, ""), errs.Conflict},
			{"unknown_request", s.Approve(ctx, storetest.Boss, "nothing", ""), errs.NotFound},
		}
		for _, c := range refusals {
			if !errs.Is(c.err, c.want) {
				t.Errorf("%s: %v, want %v", c.name, c.err, c.want)
			}
		}
		if err := s.Approve(ctx, storetest.Boss, r.ID, "enjoy"); err != nil {
			t.Fatal(err)
		}
		if err := s.Approve(ctx, storetest.Boss, r.ID, ""); !errs.Is(err, errs.Conflict) {
			t.Errorf("approved twice: %v", err)
		}
		d, err := s.Detail(ctx, who, r.ID)
		if err != nil || d.Request.State != leave.Approved || d.Request.Reason != "enjoy" || len(d.Request.Charges) != 4 || !d.Cost.Equal(exact.Int(4)) {
			t.Errorf("detail %+v, %v", d.Request, err)
		}
		st, err := s.Statement(ctx, who, who, storetest.Holiday, calendar.MustParse("2026-12-31"))
		if err != nil || !st.Balance.Equal(exact.Int(21)) || !st.Taken.Equal(exact.Int(4)) {
			t.Errorf("balance %s taken %s, %v", st.Balance, st.Taken, err)
		}
		if err := s.Cancel(ctx, who, r.ID, "ill"); err != nil {
			t.Errorf("cancel before it begins: %v", err)
		}
		checkOutbox(t, db, "leave.requested", "leave.approved", "leave.cancelled")
	})
}

func checkOutbox(t *testing.T, db *store.DB, kinds ...string) {
	t.Helper()
	rows, err := db.Outbox().Claim(context.Background(), time.Now().Add(time.Hour), time.Now().Add(2*time.Hour), 100)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		got = append(got, r.Kind)
	}
	if diff := cmp.Diff(kinds, got); diff != "" {
		t.Errorf("outbox (-want +got):\n%s", diff)
	}
}

// TestFrozen: what a day cost when it was approved stays, though the pattern or
// the holidays change afterwards; what is pending follows them.
func TestFrozen(t *testing.T) {
	ctx := context.Background()
	db := customer(t, "sqlite:"+t.TempDir(), 1, 25)
	s := service(db)
	who := storetest.Worker(0)
	approved, err := s.Submit(ctx, who, ask(who, "2026-06-01", "2026-06-05"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Approve(ctx, storetest.Boss, approved.ID, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Submit(ctx, who, ask(who, "2026-06-08", "2026-06-12")); err != nil {
		t.Fatal(err)
	}
	taken := func() exact.Rat {
		st, err := s.Statement(ctx, who, who, storetest.Holiday, calendar.MustParse("2026-12-31"))
		if err != nil {
			t.Fatal(err)
		}
		return st.Taken.Add(st.Pending)
	}
	if got := taken(); !got.Equal(exact.Int(10)) {
		t.Fatalf("taken %s before the change, want 10", got)
	}
	err = db.Update(ctx, func(tx *store.Tx) error {
		for i, d := range []string{"2026-06-03", "2026-06-10"} {
			own := people.OwnDay{ID: fmt.Sprint(i), Date: calendar.MustParse(d), Name: "Bridge day"}
			if err := tx.SaveOwnDay(own); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := taken(); !got.Equal(exact.Int(9)) {
		t.Errorf("taken %s after a day off in each week, want 9: five frozen and four pending", got)
	}
}

// wholePolicy has something in every column.
var wholePolicy = leave.Policy{ID: "q", Package: "all", Type: storetest.Holiday, From: calendar.MustParse("2027-01-01"),
	Law: leave.Pin{Law: "US-CA", Rule: "holiday", Dated: calendar.MustParse("2024-01-01"), Extra: exact.New(5, 2)},
	Terms: leave.Terms{Amount: exact.New(51, 2), FullTime: exact.Int(5), YearStart: leave.MonthDay{Month: 4, Day: 1},
		Accrual: leave.MonthEnd, Proration: leave.ByDays, Rounding: leave.Rounding{Mode: leave.RoundUp, Step: exact.New(1, 2)},
		CarryOver: leave.CarryOver{Max: exact.Int(5), Keep: exact.Int(2), Expires: leave.MonthDay{Month: 7, Day: 1}}, Debt: exact.Int(2)}}

// readBack demands that what was read is what was written.
func readBack(t *testing.T, what string, want, got any, err error) {
	t.Helper()
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%s: %v (-want +got):\n%s", what, err, diff)
	}
}

// TestRoundTrip: what is saved is read back the same, on both engines.
func TestRoundTrip(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db := customer(t, setting, 1, 25)
		who := storetest.Worker(0)
		r := leave.Request{ID: "r", Person: who, Type: storetest.Holiday, State: leave.Approved, Note: "näh ☂", AskedBy: storetest.Boss,
			AskedAt: 1, DecidedBy: storetest.Boss, DecidedAt: 2, Reason: "ok",
			Span: leave.Span{From: calendar.MustParse("2026-06-01"), To: calendar.MustParse("2026-06-02"),
				First: calendar.AfternoonHalf, Last: calendar.Between(9*60, 10*60+30)},
			Charges: []leave.Charge{{Date: calendar.MustParse("2026-06-01"), Minutes: 240, Days: exact.New(1, 2)},
				{Date: calendar.MustParse("2026-06-02"), Minutes: 90, Days: exact.New(90, 480)}}}
		a := leave.Adjustment{ID: "a", Person: who, Type: storetest.Holiday, Date: calendar.MustParse("2026-01-01"),
			Amount: exact.New(-17, 31), Class: leave.Extra, Reason: "because", By: storetest.Admin, At: 5}
		back := a
		back.ID, back.Amount, back.Undoes = "b", a.Amount.Neg(), "a"
		own := people.OwnDay{ID: "d", Location: "here", Date: calendar.MustParse("2026-12-24"), Name: "Eve", Off: calendar.AfternoonOff}
		set := people.HolidaySet{ID: "early", Name: "Early home"}
		yearly := people.OwnDay{ID: "e", Set: "early", Date: calendar.MustParse("2026-12-31"), Last: calendar.MustParse("2030-12-31"), Yearly: true,
			Name: "Old year", Off: calendar.MorningOff}
		feast := people.OwnDay{ID: "f", Date: calendar.MustParse("2027-01-01"), Feast: "kings-day", Off: calendar.Informative}
		here := people.Location{ID: "here", Name: "Here", Region: "NL", TimeZone: "Europe/Amsterdam", Sets: []string{"early"}}
		pattern := people.Pattern{ID: "alt", Name: "Alternating", Pattern: calendar.MustParsePattern("from 2026-01-05: mon-fri 7:36 | mon wed morning")}
		fixed := leave.FixedEntitlement{ID: "f", Person: who, Type: storetest.Holiday, Year: 2026, Amount: exact.Int(30), Reason: "agreed", By: who, At: 1}
		again, gone := fixed, fixed
		again.ID, again.Amount, again.Reason, again.At = "g", exact.New(75, 2), "agreed anew", 2
		gone.ID, gone.Year = "h", 2025
		var rev int64
		update(t, db, func(tx *store.Tx) (err error) {
			if rev, err = tx.Revision(); err != nil {
				return err
			}
			for _, step := range []func() error{
				func() error { return tx.InsertRequest(r) }, func() error { return tx.SaveAdjustment(a) }, func() error { return tx.SaveAdjustment(back) },
				func() error { return tx.SaveFixed(fixed) }, func() error { return tx.SaveFixed(again) },
				func() error { return tx.SaveFixed(gone) }, func() error { return tx.DeleteFixed(who, storetest.Holiday, 2025) },
				func() error { return tx.SaveHolidaySet(set) }, func() error { return tx.SaveLocation(here) },
				func() error { return tx.SaveOwnDay(own) }, func() error { return tx.SaveOwnDay(yearly) }, func() error { return tx.SaveOwnDay(feast) },
				func() error { return tx.SavePattern(pattern) },
				func() error { return tx.SavePolicy(wholePolicy) },
			} {
				if err := step(); err != nil {
					return err
				}
			}
			return nil
		})
		err := db.View(context.Background(), func(tx *store.Tx) error {
			check := func(what string, want, got any, err error) { t.Helper(); readBack(t, what, want, got, err) }
			gotR, err := tx.Request("r")
			check("request", r, gotR, err)
			gotA, err := tx.Adjustments(who)
			check("adjustment", []leave.Adjustment{a, back}, gotA, err)
			oneA, err := tx.Adjustment("b")
			check("one adjustment", back, oneA, err)
			gotF, err := tx.Fixed(who)
			check("fixed", []leave.FixedEntitlement{again}, gotF, err)
			allF, err := tx.AllFixed()
			check("all fixed", map[people.ID][]leave.FixedEntitlement{who: {again}}, allF, err)
			days, err := tx.OwnDays()
			check("own day", []people.OwnDay{own, yearly, feast}, days, err)
			sets, err := tx.HolidaySets()
			check("holiday set", []people.HolidaySet{set}, sets, err)
			locations, err := tx.Locations()
			check("location", []people.Location{here}, locations, err)
			patterns, err := tx.Patterns()
			check("pattern", pattern.Pattern.String(), patterns[0].Pattern.String(), err)
			policies, err := tx.Policies()
			check("policy", wholePolicy, policies[1], err)
			grown, err := tx.Revision()
			check("revision", rev+1, grown, err)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func update(t *testing.T, db *store.DB, f func(*store.Tx) error) {
	t.Helper()
	if err := db.Update(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

// TestRequestsIn: what counts and touches a range of days is found, whatever the
// state, and nothing else.
func TestRequestsIn(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db := customer(t, setting, 1, 25)
		add := func(id string, s leave.State, from, to string) {
			update(t, db, func(tx *store.Tx) error {
				return tx.InsertRequest(leave.Request{ID: id, Person: storetest.Worker(0), Type: storetest.Holiday, State: s,
					AskedBy: storetest.Boss, AskedAt: 1, Span: leave.Span{From: calendar.MustParse(from), To: calendar.MustParse(to)}})
			})
		}
		for _, s := range []leave.State{leave.Pending, leave.Approved, leave.Refused, leave.Withdrawn, leave.Cancelled} {
			add(string(s), s, "2026-06-10", "2026-06-10")
		}
		add("around", leave.Approved, "2026-05-01", "2026-08-01")
		add("before", leave.Approved, "2026-05-01", "2026-05-31")
		add("after", leave.Approved, "2026-07-01", "2026-07-01")
		var got []string
		err := db.View(context.Background(), func(tx *store.Tx) error {
			list, err := tx.RequestsIn(calendar.MonthOf(2026, time.June))
			for _, r := range list {
				got = append(got, r.ID)
			}
			slices.Sort(got)
			return err
		})
		if diff := cmp.Diff([]string{"approved", "around", "pending"}, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		err = db.View(context.Background(), func(tx *store.Tx) error {
			for who, want := range map[people.ID]int{storetest.Worker(0): 3, storetest.Boss: 0} {
				if list, err := tx.RequestsOfIn(who, calendar.MonthOf(2026, time.June)); err != nil || len(list) != want {
					t.Errorf("%s: %d requests, %v; want %d", who, len(list), err, want)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestShared: leave that shares the organisation with people sees it as it is, also
// once it has changed.
func TestShared(t *testing.T) {
	db := customer(t, "sqlite:"+t.TempDir(), 1, 25)
	s := service(db)
	s.People = &people.Service{Store: db.People(), Now: s.Now}
	for _, name := range []string{"worker0", "Changed"} {
		if _, err := s.People.Settings(context.Background()); err != nil {
			t.Fatal(err)
		}
		c, err := s.Chart(context.Background(), storetest.Boss, "team", calendar.MonthOf(2026, time.March))
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Teams[0].Rows[0].Person.GivenName; got != name {
			t.Errorf("got %q, want %q", got, name)
		}
		update(t, db, func(tx *store.Tx) error {
			p, err := tx.Person(storetest.Worker(0))
			if err != nil {
				return err
			}
			p.GivenName = "Changed"
			return tx.SavePerson(p)
		})
	}
}

// TestUnique: a mail address or a number is one person's.
func TestUnique(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db := customer(t, setting, 1, 25)
		for field, p := range map[string]people.Person{
			"email":  {ID: "x", Email: "boss@acme.example", Location: "here"},
			"number": {ID: "x", Number: "7", Location: "here"},
		} {
			if field == "number" {
				update(t, db, func(tx *store.Tx) error {
					return tx.SavePerson(people.Person{ID: "seven", Number: "7", Location: "here"})
				})
			}
			err := db.Update(context.Background(), func(tx *store.Tx) error { return tx.SavePerson(p) })
			if e := errs.As(err); err == nil || e.Kind != errs.Conflict || e.Field != field {
				t.Errorf("%s taken: %v at field %q", field, err, e.Field)
			}
		}
	})
}

// TestDeleteHolidaySet: a set goes with its days, and not while a location keeps it.
func TestDeleteHolidaySet(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db := customer(t, setting, 1, 25)
		here := people.Location{ID: "here", Name: "Here", Region: "NL", TimeZone: "Europe/Amsterdam", Sets: []string{"early"}}
		update(t, db, func(tx *store.Tx) error {
			return errors.Join(tx.SaveHolidaySet(people.HolidaySet{ID: "early", Name: "Early home"}), tx.SaveLocation(here),
				tx.SaveOwnDay(people.OwnDay{ID: "e", Set: "early", Date: calendar.MustParse("2026-12-31"), Name: "Old year"}),
				tx.SaveOwnDay(people.OwnDay{ID: "f", Date: calendar.MustParse("2026-12-30"), Name: "Everywhere"}))
		})
		remove := func(tx *store.Tx) error { return tx.DeleteHolidaySet("early") }
		if err := db.Update(context.Background(), remove); err == nil {
			t.Error("a set went that a location keeps")
		}
		here.Sets = nil
		update(t, db, func(tx *store.Tx) error { return tx.SaveLocation(here) })
		update(t, db, remove)
		update(t, db, func(tx *store.Tx) error {
			days, err := tx.OwnDays()
			if err != nil || len(days) != 1 || days[0].ID != "f" {
				t.Errorf("left: %v, %v", days, err)
			}
			return err
		})
	})
}
