// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"verlof/errs"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// ending is a customer of two workers whose leave of 20 days lapses on 1 January if
// they were told two months before.
func ending(t *testing.T, setting string) (*store.DB, *leave.Service) {
	db := customer(t, setting, 2, 20)
	update(t, db, func(tx *store.Tx) error {
		return tx.SavePolicy(leave.Policy{ID: "p", Package: "all", Type: storetest.Holiday, Terms: leave.Terms{Amount: exact.Int(20),
			FullTime: exact.Int(5), Accrual: leave.AtYearStart, Proration: leave.ByMonths,
			CarryOver: leave.CarryOver{Told: leave.Told{Before: leave.Term{Months: 2}}}}})
	})
	return db, service(db)
}

// ended returns what the notice to a worker looks like in the run of 2026.
func ended(t *testing.T, s *leave.Service, who people.ID) leave.Letter {
	t.Helper()
	run, err := s.Run(context.Background(), storetest.Admin, storetest.Holiday, day("2026-12-31"))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range run.Letters {
		if l.Person.ID == who {
			return l
		}
	}
	t.Fatalf("no letter for %s in %+v", who, run)
	return leave.Letter{}
}

// TestEndingWhereSomebodyWorks: leave ends on the date where the person works, whoever looks.
func TestEndingWhereSomebodyWorks(t *testing.T) {
	ctx, near, far := context.Background(), storetest.Worker(0), storetest.Worker(1)
	db, s := ending(t, "sqlite:"+t.TempDir())
	update(t, db, func(tx *store.Tx) error {
		if err := tx.SaveLocation(people.Location{ID: "far", Name: "Auckland", Region: "NL", TimeZone: "Pacific/Auckland"}); err != nil {
			return err
		}
		return tx.SavePerson(people.Person{ID: far, Email: "far@acme.example", GivenName: "Far", FamilyName: "Example", Location: "far", Active: true})
	})
	s.Now = func() time.Time { return time.Date(2026, 12, 31, 12, 0, 0, 0, time.UTC) } // it is 2027 in Auckland
	for who, want := range map[people.ID]int{near: 1, far: 0} {
		soon, err := s.EndingSoon(ctx, storetest.Admin, who, day("2027-02-01"))
		if err != nil || len(soon) != want {
			t.Errorf("%s loses %+v, %v, want %d", who, soon, err, want)
		}
	}
	if n, err := s.SendNotices(ctx, storetest.Admin, storetest.Holiday, day("2026-12-31"), []people.ID{near, far}); err != nil || n != 1 {
		t.Errorf("%d are told, %v, want the one who can still take leave", n, err)
	}
}

// TestNoticeRun: who has what to lose is told once, and again when the amount is
// another; only administrators tell.
func TestNoticeRun(t *testing.T) {
	ctx, w, end := context.Background(), storetest.Worker(0), day("2026-12-31")
	storetest.Both(t, func(t *testing.T, setting string) {
		_, s := ending(t, setting)
		if _, err := s.SendNotices(ctx, storetest.Boss, storetest.Holiday, end, []people.ID{w}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a manager told: %v", err)
		}
		if _, err := s.Run(ctx, w, storetest.Holiday, end); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a worker looked: %v", err)
		}
		if l := ended(t, s, w); !l.Due || l.By() != day("2026-10-31") || l.Amount.Cmp(exact.Int(20)) < 0 {
			t.Errorf("before: %+v", l)
		}
		tell := func(want int) {
			t.Helper()
			got, err := s.SendNotices(ctx, storetest.Admin, storetest.Holiday, end, []people.ID{w, w, storetest.Worker(1)})
			if err != nil || got != want {
				t.Errorf("told %d, %v, want %d", got, err, want)
			}
		}
		tell(2)
		tell(0)
		if l := ended(t, s, w); l.Due || l.Notice.ID == "" {
			t.Errorf("after: %+v", l)
		}
		if _, err := s.Submit(ctx, w, leave.Ask{Person: w, Type: storetest.Holiday, Span: leave.Span{From: day("2026-06-01"), To: day("2026-06-01")}}); err != nil {
			t.Fatal(err)
		}
		if l := ended(t, s, w); !l.Due {
			t.Error("the balance changed, and nobody is to be told")
		}
		tell(1)
		if _, err := s.SendNotices(ctx, storetest.Admin, storetest.Holiday, end, nil); !errs.Is(err, errs.Invalid) {
			t.Errorf("nobody chosen: %v", err)
		}
	})
}

// TestNoticeProof: that the mail left, was given up and that it was read are kept
// with their instants, and the engine goes by them.
func TestNoticeProof(t *testing.T) {
	ctx, w, other, end := context.Background(), storetest.Worker(0), storetest.Worker(1), day("2026-12-31")
	storetest.Both(t, func(t *testing.T, setting string) {
		db, s := ending(t, setting)
		if _, err := s.SendNotices(ctx, storetest.Admin, storetest.Holiday, end, []people.ID{w, other}); err != nil {
			t.Fatal(err)
		}
		id := ended(t, s, w).Notice.ID
		sent := time.Date(2026, 3, 3, 8, 0, 0, 0, time.UTC)
		rows, err := db.Outbox().Claim(ctx, time.Now().Add(time.Hour), time.Now().Add(2*time.Hour), 10)
		if err != nil || len(rows) != 2 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for _, r := range rows {
			if r.Key == leave.NoticeKey+id {
				err = db.Outbox().End(ctx, r.ID, sent)
			} else {
				err = db.Outbox().GiveUp(ctx, r.ID, "no such mailbox", sent)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if l := ended(t, s, w); l.Notice.Proof.Delivered != sent.UnixMicro() || l.Notice.Sent != day("2026-03-03") || l.Due {
			t.Errorf("delivered: %+v", l.Notice)
		}
		if l := ended(t, s, other); l.Notice.Proof.GaveUp != sent.UnixMicro() || !l.Notice.Sent.IsZero() || !l.Due {
			t.Errorf("given up: %+v", l)
		}
		if _, err := s.ReadNotice(ctx, other, id); !errs.Is(err, errs.NotFound) {
			t.Errorf("a colleague read it: %v", err)
		}
		if got, err := s.ReadNotice(ctx, storetest.Admin, id); err != nil || got.Notice.Proof.Read != 0 {
			t.Errorf("an administrator looked: %+v, %v", got, err)
		}
		first, err := s.ReadNotice(ctx, w, id)
		if err != nil || first.Notice.Proof.Read == 0 || first.Left.Sign() <= 0 {
			t.Errorf("read: %+v, %v", first, err)
		}
		again, err := s.ReadNotice(ctx, w, id)
		if err != nil || again.Notice.Proof.Read != first.Notice.Proof.Read {
			t.Errorf("read again: %+v, %v", again, err)
		}
		for who, want := range map[people.ID]string{w: "20", other: "160"} { // seven years of twenty days, and 2027
			st, err := s.Statement(ctx, who, who, storetest.Holiday, day("2027-01-01"))
			if err != nil || st.Balance.String() != want {
				t.Errorf("%s has %s left, %v, want %s", who, st.Balance, err, want)
			}
		}
	})
}

// TestNoticeToNobody: a mail that left when its reader had no address any more proves nothing; what left once is not dated anew.
func TestNoticeToNobody(t *testing.T) {
	ctx, gone, there, end := context.Background(), storetest.Worker(0), storetest.Worker(1), day("2026-12-31")
	storetest.Both(t, func(t *testing.T, setting string) {
		db, s := ending(t, setting)
		if _, err := s.SendNotices(ctx, storetest.Admin, storetest.Holiday, end, []people.ID{gone, there}); err != nil {
			t.Fatal(err)
		}
		err := db.Leave().Update(ctx, func(tx leave.Tx) error {
			p, err := tx.Person(gone)
			p.Email = ""
			return errors.Join(err, tx.SavePerson(p))
		})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := db.Outbox().Claim(ctx, time.Now().Add(time.Hour), time.Now().Add(2*time.Hour), 10)
		if err != nil || len(rows) != 2 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		sent := time.Date(2026, 3, 3, 8, 0, 0, 0, time.UTC)
		for _, r := range rows {
			for _, at := range []time.Time{sent, sent.AddDate(0, 0, 2)} { // the second time after a crash
				if err := db.Outbox().End(ctx, r.ID, at); err != nil {
					t.Fatal(err)
				}
			}
		}
		if l := ended(t, s, gone); l.Notice.ID == "" || l.Notice.Proof.Delivered != 0 {
			t.Errorf("to nobody: %+v", l.Notice)
		}
		if l := ended(t, s, there); l.Notice.Proof.Delivered != sent.UnixMicro() {
			t.Errorf("delivered twice: %+v", l.Notice)
		}
	})
}
