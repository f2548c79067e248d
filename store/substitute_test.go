// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"testing"
	"time"

	"verlof/errs"
	"verlof/leave"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// wants has somebody ask for leave with a substitute, which must be accepted.
func (b *bureau) wants(who, substitute people.ID, from, to string) string {
	b.Helper()
	a := ask(who, from, to)
	a.Substitute = substitute
	r, err := b.Submit(b.Context(), who, a)
	if err != nil {
		b.Fatalf("%s asks: %v", who, err)
	}
	return r.ID
}

// told fails unless so many rows of a kind are in the outbox.
func (b *bureau) told(kind string, want int) {
	b.Helper()
	if n := b.mails(kind, time.Now().Add(time.Hour)); n != want {
		b.Errorf("%d rows of %s, want %d", n, kind, want)
	}
}

func (b *bureau) answers(who people.ID, request string, agree bool) {
	b.Helper()
	note := "Sorry, a fair"
	if agree {
		note = ""
	}
	if err := b.AnswerSubstitute(b.Context(), who, request, agree, note); err != nil {
		b.Errorf("%s answers: %v", who, err)
	}
}

// TestSubstituteAgrees: where a substitute must agree, nobody is asked to decide and nobody
// can approve before; one who declines costs nothing but another name.
func TestSubstituteAgrees(t *testing.T) {
	each(t, func(b *bureau) {
		ctx := b.Context()
		b.option(func(t *leave.Type) { t.Substitute, t.SubstituteAgrees = leave.MustSubstitute, true })
		_, err := b.Submit(ctx, worker(0), ask(worker(0), "2026-06-01", "2026-06-05"))
		if e := errs.As(err); e.Kind != errs.Invalid || e.Field != "substitute" {
			b.Errorf("without a substitute: %v at %q", err, e.Field)
		}
		r := b.wants(worker(0), worker(1), "2026-06-01", "2026-06-05")
		b.waits(r)
		b.told(leave.KindRequested, 0)
		b.told(leave.KindSubstituteAsked, 1)
		b.refused(errs.Conflict, b.Approve(ctx, storetest.Boss, r, ""))
		if n, err := b.WaitingCount(ctx, storetest.Boss); n != 0 || err != nil {
			b.Errorf("%d wait for the manager, %v", n, err)
		}
		if n, err := b.WaitingCount(ctx, worker(1)); n != 1 || err != nil {
			b.Errorf("%d wait for the substitute, %v", n, err)
		}

		b.refused(errs.NotFound, b.AnswerSubstitute(ctx, worker(2), r, true, ""))
		b.refused(errs.Invalid, b.AnswerSubstitute(ctx, worker(1), r, false, " "))
		b.answers(worker(1), r, false)
		b.told(leave.KindSubstituteDeclined, 1)
		b.refused(errs.Conflict, b.AnswerSubstitute(ctx, worker(1), r, true, ""))
		b.is(r, leave.Pending)
		b.refused(errs.Conflict, b.Approve(ctx, storetest.Boss, r, ""))

		b.refused(errs.NotFound, b.NameSubstitute(ctx, worker(2), r, worker(2)))
		b.refused(errs.Invalid, b.NameSubstitute(ctx, worker(0), r, ""))
		if err := b.NameSubstitute(ctx, worker(0), r, worker(2)); err != nil {
			b.Fatal(err)
		}
		b.told(leave.KindSubstituteAsked, 2)
		b.refused(errs.NotFound, b.AnswerSubstitute(ctx, worker(1), r, true, ""))
		b.answers(worker(2), r, true)
		b.told(leave.KindRequested, 1)
		b.waits(r, storetest.Boss)
		b.approves(storetest.Boss, r)
		b.is(r, leave.Approved)
		b.told(leave.KindSubstituteSure, 1)

		if err := b.Cancel(ctx, worker(0), r, ""); err != nil {
			b.Fatal(err)
		}
		b.told(leave.KindSubstituteFree, 1)
		if duties, err := b.Duties(ctx, worker(2)); len(duties) != 0 || err != nil {
			b.Errorf("still to do: %v, %+v", err, duties)
		}
	})
}

// TestSubstituteDeadline: those who decide have their time from when they can.
func TestSubstituteDeadline(t *testing.T) {
	each(t, func(b *bureau) {
		b.rule(leave.ApprovalRule{Name: "Soon", Steps: []leave.Step{{Who: leave.AnyManager, Within: 2}, {Who: leave.Administrators}}})
		b.option(func(t *leave.Type) { t.Substitute, t.SubstituteAgrees = leave.MaySubstitute, true })
		r := b.wants(worker(0), worker(1), "2026-06-01", "2026-06-05")
		b.now = noon.AddDate(0, 0, 7)
		b.waits(r)
		b.answers(worker(1), r, true)
		b.waits(r, storetest.Boss)
		b.now = noon.AddDate(0, 0, 10)
		b.waits(r, storetest.Admin, storetest.Boss)
	})
}

// TestSubstituteNeedNotAgree: where nobody need agree the leave is decided without; who declines
// later has the person, and those who lead them, look for another.
func TestSubstituteNeedNotAgree(t *testing.T) {
	each(t, func(b *bureau) {
		ctx := b.Context()
		b.option(func(t *leave.Type) { t.Substitute = leave.MaySubstitute })
		free := b.asks(worker(3), "2026-06-01", "2026-06-05")
		r := b.wants(worker(0), worker(1), "2026-06-01", "2026-06-05")
		b.waits(r, storetest.Boss)
		b.approves(storetest.Boss, r)
		b.approves(storetest.Boss, free)
		b.answers(worker(1), r, false)
		b.is(r, leave.Approved)
		if err := b.NameSubstitute(ctx, storetest.Boss, r, worker(2)); err != nil {
			b.Fatal(err)
		}
		if err := b.NameSubstitute(ctx, worker(0), r, ""); err != nil {
			b.Fatal(err)
		}
		b.told(leave.KindSubstituteFree, 1)
		d, err := b.Detail(ctx, worker(0), r)
		if err != nil || len(d.Substitutes) != 3 || d.Substitutes[0].Answer != leave.Declined || d.Substitutes[2].Who.ID != "" {
			b.Errorf("on record: %v, %+v", err, d.Substitutes)
		}
		b.now = noon.AddDate(0, 4, 0)
		b.refused(errs.Conflict, b.NameSubstitute(ctx, worker(0), r, worker(2)))
	})
}

// TestWhoMaySubstitute: nobody does their own work meanwhile, nobody is named whom one may not
// see, who has left or is about to, and nobody at all where the type knows no substitutes.
func TestWhoMaySubstitute(t *testing.T) {
	each(t, func(b *bureau) {
		refuses := func(kind errs.Kind, substitute people.ID) {
			b.Helper()
			a := ask(worker(0), "2026-06-01", "2026-06-05")
			a.Substitute = substitute
			_, err := b.Submit(b.Context(), worker(0), a)
			if e := errs.As(err); err == nil || e.Kind != kind || e.Field != "substitute" {
				b.Errorf("%s: %v at %q, want %v", substitute, err, e.Field, kind)
			}
		}
		refuses(errs.Invalid, worker(1))
		b.option(func(t *leave.Type) { t.Substitute = leave.MaySubstitute })
		refuses(errs.Invalid, worker(0))
		refuses(errs.Invalid, "nobody")
		refuses(errs.Invalid, storetest.Admin)
		b.leaves(worker(1), "2026-06-03")
		refuses(errs.Conflict, worker(1))
		b.wants(worker(0), storetest.Boss, "2026-06-01", "2026-06-05")

		choice, err := b.SubstituteChoice(b.Context(), worker(0), worker(0))
		if err != nil || len(choice) != 6 { // five colleagues and the manager
			b.Errorf("%v, the choice is %+v", err, choice)
		}
		_, err = b.SubstituteChoice(b.Context(), worker(0), worker(1))
		b.refused(errs.NotFound, err)
	})
}

// TestSubstituteAway: a substitute who is away too is warned of, whichever of the two is
// asked for first; who does the work learns of no reason that is hidden from them.
func TestSubstituteAway(t *testing.T) {
	each(t, func(b *bureau) {
		ctx := b.Context()
		b.option(func(t *leave.Type) { t.Substitute, t.Private = leave.MaySubstitute, true })
		r := b.wants(worker(0), worker(1), "2026-06-01", "2026-06-05")
		p, err := b.Preview(ctx, worker(1), ask(worker(1), "2026-06-04", "2026-06-08"))
		if err != nil || p.Problem != nil || len(p.Duties) != 1 || p.Duties[0].Request != r || p.Duties[0].Type.ID != "" || p.Duties[0].From != day("2026-06-01") {
			b.Errorf("leave of the substitute: %v, %v, %+v", err, p.Problem, p.Duties)
		}
		own := b.asks(worker(1), "2026-06-04", "2026-06-08")
		if d, err := b.Detail(ctx, storetest.Boss, own); err != nil || len(d.Duties) != 1 {
			b.Errorf("who decides is not warned: %v, %+v", err, d.Duties)
		}
		d, err := b.Detail(ctx, worker(0), r)
		if err != nil || len(d.SubstituteAway) != 1 || d.SubstituteAway[0].From != day("2026-06-04") {
			b.Errorf("the person is not warned: %v, %+v", err, d.SubstituteAway)
		}
		a := ask(worker(2), "2026-06-08", "2026-06-09")
		a.Substitute = worker(1)
		if p, err = b.Preview(ctx, worker(2), a); err != nil || len(p.SubstituteAway) != 1 {
			b.Errorf("who asks is not warned: %v, %+v", err, p.SubstituteAway)
		}
		duties, err := b.Duties(ctx, worker(1))
		if err != nil || len(duties) != 1 || duties[0].Type.ID != "" || duties[0].Person.ID != worker(0) {
			b.Errorf("%v, %+v", err, duties)
		}
		away, err := b.AwayOn(ctx, worker(2), day("2026-06-02"))
		if err != nil || len(away) != 1 || away[0].Substitute.ID != worker(1) {
			b.Errorf("%v, %+v", err, away)
		}
		b.refused(errs.NotFound, func() error { _, err := b.Detail(ctx, worker(1), r); return err }())
	})
}

// TestSubstituteOfChange: the substitute of leave that is changed is told where they do not do
// the work of the changed leave.
func TestSubstituteOfChange(t *testing.T) {
	each(t, func(b *bureau) {
		b.option(func(t *leave.Type) { t.Substitute = leave.MaySubstitute })
		old := b.wants(worker(0), worker(1), "2026-06-01", "2026-06-05")
		b.approves(storetest.Boss, old)
		a := ask(worker(0), "2026-06-01", "2026-06-04")
		a.Replaces, a.Substitute = old, worker(1)
		for i, s := range []people.ID{worker(1), worker(2)} {
			a.Substitute = s
			a.To = a.To.AddDays(-i)
			r, err := b.Submit(b.Context(), worker(0), a)
			if err != nil {
				b.Fatal(err)
			}
			b.approves(storetest.Boss, r.ID)
			b.told(leave.KindSubstituteFree, i)
			a.Replaces = r.ID
		}
	})
}

// TestSubstituteType: leave that needs no approval waits for nobody.
func TestSubstituteType(t *testing.T) {
	each(t, func(b *bureau) {
		_, err := b.SaveType(b.Context(), storetest.Admin, leave.Type{Name: "Errand", Colour: 1, Unit: leave.Days, Counting: leave.WorkingTime,
			Unapproved: true, Substitute: leave.MaySubstitute, SubstituteAgrees: true})
		if e := errs.As(err); e == nil || e.Field != "substitute_agrees" {
			b.Error(err)
		}
	})
}

// leaves gives the employment of somebody a last day.
func (b *bureau) leaves(who people.ID, last string) {
	b.Helper()
	err := b.db.Update(b.Context(), func(tx *store.Tx) error {
		return tx.SaveEmployment(people.Employment{ID: "e-" + string(who), Person: who, From: day("2020-01-01"), To: day(last)})
	})
	if err != nil {
		b.Fatal(err)
	}
}
