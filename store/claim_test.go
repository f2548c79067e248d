// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/leave/scenario"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// claiming is a customer whose people can claim: events, overtime and trade.
func claiming(t *testing.T, setting string) (*store.DB, *leave.Service) {
	db := customer(t, setting, 2, 20)
	update(t, db, func(tx *store.Tx) error {
		for id, text := range map[string]string{
			"toil":  "0 hours a year, overtime at 100 150 %",
			"extra": "extra 5 days a year, buys up to 3 days in March, sells up to 2 days",
			"birth": "1 week per birth, within 4 weeks, reported, and 2 days per care, within 1 month",
		} {
			typ := leave.Type{ID: id, Name: id, Colour: 1, Unit: leave.Days, Counting: leave.WorkingTime, Entitled: true}
			if id == "toil" {
				typ.Unit = leave.Hours
			}
			terms, err := scenario.ParsePolicy(typ, text)
			if err != nil {
				return err
			}
			if err := tx.SaveType(typ); err != nil {
				return err
			}
			if err := tx.SavePolicy(leave.Policy{ID: id, Package: "all", Type: id, Terms: terms}); err != nil {
				return err
			}
		}
		return nil
	})
	return db, service(db)
}

func day(s string) calendar.Date { return calendar.MustParse(s) }

func available(t *testing.T, s *leave.Service, who people.ID, typ string) string {
	t.Helper()
	st, err := s.Statement(context.Background(), who, who, typ, day("2026-03-02"))
	if err != nil {
		t.Fatal(err)
	}
	return st.Available.String()
}

// filed is what somebody files and what becomes of it.
type filed struct {
	name  string
	by    people.ID
	claim leave.Claim
	state leave.State // empty: refused
	fault string      // at which field
	kind  errs.Kind
}

// TestFileClaim: what may be filed by whom, and what waits or counts at once.
func TestFileClaim(t *testing.T) {
	w, boss, admin := storetest.Worker(0), storetest.Boss, storetest.Admin
	overtime := leave.Claim{Person: w, Kind: leave.ClaimOvertime, Type: "toil", Date: day("2026-02-28"), Minutes: 90, Factor: 150}
	with := func(c leave.Claim, change func(*leave.Claim)) leave.Claim { change(&c); return c }
	birth := leave.Claim{Person: w, Kind: leave.ClaimEvent, Event: leave.EventBirth, Date: day("2026-02-27")}
	buy := leave.Claim{Person: w, Kind: leave.ClaimPurchase, Type: "extra", Date: day("2026-04-01"), Amount: exact.Int(3)}
	sell := leave.Claim{Person: w, Kind: leave.ClaimSale, Type: "extra", Date: day("2026-03-02"), Amount: exact.Int(2)}
	storetest.Both(t, func(t *testing.T, setting string) {
		db, s := claiming(t, setting)
		for _, c := range []filed{
			{"overtime", w, overtime, leave.Pending, "", 0},
			{"overtime_by_manager", boss, with(overtime, func(c *leave.Claim) { c.Date = day("2026-02-20") }), leave.Approved, "", 0},
			{"overtime_of_a_colleague", storetest.Worker(1), overtime, "", "", errs.NotFound},
			{"overtime_tomorrow", w, with(overtime, func(c *leave.Claim) { c.Date = day("2026-03-03") }), "", "date", errs.Invalid},
			{"overtime_at_another_rate", w, with(overtime, func(c *leave.Claim) { c.Factor = 200 }), "", "factor", errs.Invalid},
			{"overtime_without_end", w, with(overtime, func(c *leave.Claim) { c.Minutes = 24 * 60 }), "", "time", errs.Invalid},
			{"overtime_of_holiday", w, with(overtime, func(c *leave.Claim) { c.Type = storetest.Holiday }), "", "type", errs.Conflict},
			{"event", w, birth, leave.Pending, "", 0},
			{"event_again", w, birth, "", "date", errs.Conflict},
			{"event_by_administrator", admin, with(birth, func(c *leave.Claim) { c.Date = day("2025-02-27") }), leave.Approved, "", 0},
			{"event_by_manager", boss, birth, "", "", errs.NotFound},
			{"event_not_for_report", w, with(birth, func(c *leave.Claim) { c.Event = leave.EventCare }), "", "event", errs.Conflict},
			{"event_long_ago", w, with(birth, func(c *leave.Claim) { c.Date = day("1999-01-01") }), "", "date", errs.Invalid},
			{"purchase", w, buy, leave.Pending, "", 0},
			{"purchase_beyond", w, with(buy, func(c *leave.Claim) { c.Amount = exact.New(1, 2) }), "", "amount", errs.Conflict},
			{"purchase_of_what_is_not_sold", w, with(buy, func(c *leave.Claim) { c.Type = storetest.Holiday }), "", "type", errs.Conflict},
			{"sale", w, sell, leave.Pending, "", 0},
			{"sale_again", w, with(sell, func(c *leave.Claim) { c.Amount = exact.Int(1) }), "", "amount", errs.Conflict},
			{"sale_in_the_past", w, with(sell, func(c *leave.Claim) { c.Date = day("2026-03-01") }), "", "date", errs.Invalid},
		} {
			got, err := s.FileClaim(context.Background(), c.by, c.claim)
			e := errs.As(err)
			switch {
			case c.state != "" && (err != nil || got.State != c.state):
				t.Errorf("%s: %s, %v, want %s", c.name, got.State, err, c.state)
			case c.state == "" && (err == nil || e.Kind != c.kind || e.Field != c.fault):
				t.Errorf("%s: %v at %q, want %v at %q", c.name, err, e.Field, c.kind, c.fault)
			}
		}
		uses(t, db, map[string]bool{"toil": true, "extra": true, "birth": false})
		update(t, db, func(tx *store.Tx) error {
			return tx.SaveFixed(leave.FixedEntitlement{ID: "f", Person: w, Type: "birth", Year: 2024, Amount: exact.Int(2), Reason: "agreed", By: admin})
		})
		uses(t, db, map[string]bool{"birth": true})
		if got := available(t, s, w, "toil") + " " + available(t, s, w, "extra") + " " + available(t, s, w, "birth"); got != "135 3 0" {
			t.Errorf("available: %s; want the manager's overtime, less what waits to be sold, and nothing for a birth that waits", got)
		}
	})
}

// uses demands of some types that they are in use, and of others that they are not.
func uses(t *testing.T, db *store.DB, want map[string]bool) {
	t.Helper()
	err := db.View(context.Background(), func(tx *store.Tx) error {
		for id, is := range want {
			if got, err := tx.UsesType(id); err != nil || got != is {
				t.Errorf("%s in use: %v, %v", id, got, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestDecideClaim: who may decide, once; an event is for administrators; what was
// approved is undone only while nothing needs it.
func TestDecideClaim(t *testing.T) {
	ctx, w, boss, admin := context.Background(), storetest.Worker(0), storetest.Boss, storetest.Admin
	storetest.Both(t, func(t *testing.T, setting string) {
		db, s := claiming(t, setting)
		file := func(c leave.Claim) string {
			t.Helper()
			c.Person = w
			got, err := s.FileClaim(ctx, w, c)
			if err != nil {
				t.Fatal(err)
			}
			return got.ID
		}
		over := file(leave.Claim{Kind: leave.ClaimOvertime, Type: "toil", Date: day("2026-02-28"), Minutes: 120, Factor: 100,
			Times: calendar.Between(18*60, 20*60).Hours})
		birth := file(leave.Claim{Kind: leave.ClaimEvent, Event: leave.EventBirth, Date: day("2026-02-27"), Child: "Mees", Note: "zoon ☂"})
		expect := func(what string, kind errs.Kind, err error) {
			t.Helper()
			if err == nil || errs.As(err).Kind != kind {
				t.Errorf("%s: %v, want %v", what, err, kind)
			}
		}
		expect("one's own", errs.Forbidden, s.DecideClaim(ctx, w, over, true, ""))
		expect("a colleague's", errs.NotFound, s.DecideClaim(ctx, storetest.Worker(1), over, true, ""))
		expect("an event by the manager", errs.NotFound, s.DecideClaim(ctx, boss, birth, true, ""))
		expect("a refusal without reason", errs.Invalid, s.DecideClaim(ctx, boss, over, false, " "))
		for _, err := range []error{s.DecideClaim(ctx, boss, over, true, "thanks"), s.DecideClaim(ctx, admin, birth, true, "")} {
			if err != nil {
				t.Fatal(err)
			}
		}
		expect("twice", errs.Conflict, s.DecideClaim(ctx, boss, over, false, "no"))
		if got := available(t, s, w, "toil") + " " + available(t, s, w, "birth"); got != "120 5" {
			t.Errorf("available after approval: %s", got)
		}
		if _, err := s.Submit(ctx, w, leave.Ask{Person: w, Type: "toil", Span: leave.Span{From: day("2026-03-04"), To: day("2026-03-04"),
			First: calendar.Between(9*60, 11*60)}}); err != nil {
			t.Fatal(err)
		}
		expect("undone by the person", errs.Forbidden, s.WithdrawClaim(ctx, w, birth))
		expect("undone while it is used", errs.Conflict, s.WithdrawClaim(ctx, boss, over))
		if err := s.WithdrawClaim(ctx, admin, birth); err != nil || available(t, s, w, "birth") != "0" {
			t.Errorf("undone: %v, %s available", err, available(t, s, w, "birth"))
		}
		mine, err := s.Claims(ctx, w, w)
		theirs, err2 := s.Claims(ctx, boss, w)
		if err != nil || err2 != nil || len(mine) != 2 || len(theirs) != 1 {
			t.Errorf("%d of the person, %d for the manager, %v, %v", len(mine), len(theirs), err, err2)
		}
		one := func(by people.ID, id string) error { _, err := s.OneClaim(ctx, by, id); return err }
		if x, err := s.OneClaim(ctx, boss, over); err != nil || x.Who.ID != w || x.State != leave.Approved {
			t.Errorf("one for the manager: %+v, %v", x, err)
		}
		expect("the event for the manager", errs.NotFound, one(boss, birth))
		expect("one for a colleague", errs.NotFound, one(worker(1), over))
		expect("none", errs.NotFound, one(admin, "none"))
		keepsClaim(t, db, birth)
		kinds := map[string]int{}
		rows, err := db.Outbox().Claim(ctx, time.Now(), time.Now(), 50)
		for _, r := range rows {
			kinds[r.Kind]++
		}
		if diff := cmp.Diff(map[string]int{leave.KindClaimed: 2, leave.KindClaimApproved: 2, leave.KindClaimCancelled: 1, leave.KindRequested: 1}, kinds); err != nil || diff != "" {
			t.Errorf("outbox: %v (-want +got):\n%s", err, diff)
		}
	})
}

// TestStandInDecidesClaims: who stands in for somebody who is away decides on the claims that
// wait for them, an administrator's events among them, on record; neither before nor after, nor
// on their own.
func TestStandInDecidesClaims(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db, _ := claiming(t, setting)
		b := &bureau{T: t, db: db, now: noon}
		b.Service = &leave.Service{Store: db.Leave(), Now: func() time.Time { return b.now }}
		ctx, w, deputy := t.Context(), worker(0), worker(1)
		file := func(c leave.Claim) string {
			t.Helper()
			b.now = b.now.Add(time.Minute)
			got, err := b.FileClaim(ctx, c.Person, c)
			if err != nil {
				t.Fatal(err)
			}
			return got.ID
		}
		over := file(leave.Claim{Person: w, Kind: leave.ClaimOvertime, Type: "toil", Date: day("2026-02-28"), Minutes: 120, Factor: 100})
		own := file(leave.Claim{Person: deputy, Kind: leave.ClaimOvertime, Type: "toil", Date: day("2026-02-28"), Minutes: 120, Factor: 100})
		birth := file(leave.Claim{Person: w, Kind: leave.ClaimEvent, Event: leave.EventBirth, Date: day("2026-02-27")})
		for _, absent := range []people.ID{storetest.Boss, storetest.Admin} {
			if err := b.SaveStandIn(ctx, absent, leave.StandIn{Person: absent, By: deputy, From: day("2026-01-01")}); err != nil {
				t.Fatal(err)
			}
		}
		waiting := func(want ...string) {
			t.Helper()
			list, err := b.WaitingClaims(ctx, deputy)
			var got []string
			for _, x := range list {
				got = append(got, x.ID+" for "+string(x.For.ID))
			}
			n, err2 := b.WaitingCount(ctx, deputy)
			if d := cmp.Diff(want, got); d != "" || err != nil || err2 != nil || n != len(want) {
				t.Errorf("%d wait, %v, %v (-want +got):\n%s", n, err, err2, d)
			}
		}
		waiting()
		b.refused(errs.NotFound, b.DecideClaim(ctx, deputy, over, true, ""))
		for i, absent := range []people.ID{storetest.Boss, storetest.Admin} {
			if _, err := b.ReportSick(ctx, absent, leave.SickAsk{Person: absent, From: day("2026-03-02")}); err != nil {
				t.Fatal(err)
			}
			waiting([]string{over + " for boss", birth + " for admin"}[:i+1]...)
		}
		asked, err := b.ClaimAsked(ctx, over)
		if d := cmp.Diff([]people.ID{storetest.Boss, deputy}, asked); d != "" || err != nil {
			t.Errorf("who is told: %v\n%s", err, d)
		}
		b.refused(errs.Forbidden, b.DecideClaim(ctx, deputy, own, true, ""))
		if err := b.DecideClaim(ctx, deputy, over, true, ""); err != nil {
			t.Fatal(err)
		}
		b.refused(errs.Conflict, b.DecideClaim(ctx, deputy, over, true, ""))
		if x, err := b.OneClaim(ctx, deputy, over); err != nil || x.Who.ID != w {
			t.Errorf("what was decided, for who did: %+v, %v", x, err)
		}
		waiting(birth + " for admin")
		if list, err := b.Claims(ctx, w, w); err != nil || list[0].DecidedFor.ID != storetest.Boss || list[0].Decider.ID != deputy {
			t.Errorf("on record: %v, %+v", err, list)
		}
		if err := b.WithdrawClaim(ctx, w, birth); err != nil {
			t.Fatal(err)
		}
		waiting()
		b.told(leave.KindClaimWithdrawn, 1)
		b.refused(errs.Forbidden, b.WithdrawClaim(ctx, deputy, over)) // what was approved is not theirs to take back
	})
}

// keepsClaim reads a claim back, every column of it.
func keepsClaim(t *testing.T, db *store.DB, id string) {
	t.Helper()
	whole := leave.Claim{ID: "whole", Person: storetest.Worker(1), Kind: leave.ClaimOvertime, Type: "toil", Date: day("2026-01-05"), Event: "x",
		Child: "Mees", Times: calendar.Between(60, 90).Hours, Minutes: 30, Factor: 150, Amount: exact.New(17, 31), Note: "n", State: leave.Refused,
		AskedBy: storetest.Boss, AskedAt: 1, DecidedBy: storetest.Admin, For: storetest.Boss, DecidedAt: 2, Reason: "r"}
	update(t, db, func(tx *store.Tx) error { return tx.SaveClaim(whole) })
	err := db.View(context.Background(), func(tx *store.Tx) error {
		got, err := tx.Claim("whole")
		if diff := cmp.Diff(whole, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		event, err := tx.Claim(id)
		if err != nil || event.Child != "Mees" || event.Note != "zoon ☂" || event.State != leave.Cancelled {
			t.Errorf("%+v, %v", event, err)
		}
		all, err := tx.AllClaims()
		if err != nil || len(all[storetest.Worker(0)]) != 2 || len(all[storetest.Worker(1)]) != 1 {
			t.Errorf("%v, %v", all, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestClaimsWhereTheyWork: it is the date of the person's place of work that counts, whoever files
// and looks: at this noon it is tomorrow in Auckland.
func TestClaimsWhereTheyWork(t *testing.T) {
	ctx, w, boss := context.Background(), storetest.Worker(1), storetest.Boss
	storetest.Both(t, func(t *testing.T, setting string) {
		db, s := claiming(t, setting)
		update(t, db, func(tx *store.Tx) error {
			p, err := tx.Person(w)
			if err != nil {
				return err
			}
			p.Location = "there"
			if err := tx.SaveLocation(people.Location{ID: "there", Name: "There", TimeZone: "Pacific/Auckland"}); err != nil {
				return err
			}
			return tx.SavePerson(p)
		})
		for date, want := range map[string]bool{"2026-03-03": true, "2026-03-04": false} {
			_, err := s.FileClaim(ctx, boss, leave.Claim{Person: w, Kind: leave.ClaimOvertime, Type: "toil", Date: day(date), Minutes: 60, Factor: 100})
			if (err == nil) != want {
				t.Errorf("overtime of %s: %v", date, err)
			}
		}
	})
}
