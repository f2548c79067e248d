// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
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

// officer follows the sickness of the customer's people, and leads nobody.
const officer = people.ID("officer")

// diagnosis must not be found anywhere but in a note that may be read.
const diagnosis = "Broken-Left-Leg"

// sickCustomer returns a customer with an officer, whose holiday comes back unless the person
// agrees that it counts.
func sickCustomer(t *testing.T, setting string) (*store.DB, *leave.Service) {
	db := customer(t, setting, 2, 25)
	err := db.Update(context.Background(), func(tx *store.Tx) error {
		err := tx.SavePerson(people.Person{ID: officer, Email: "officer@acme.example", FamilyName: "Officer", Location: "here",
			Roles: people.SicknessOfficer, Active: true})
		if err != nil {
			return err
		}
		return tx.SaveType(leave.Type{ID: storetest.Holiday, Name: "Holiday", Colour: 1, Unit: leave.Days, Counting: leave.WorkingTime,
			Entitled: true, GiveBack: leave.BackUnlessAgreed, PartlyBack: true})
	})
	if err != nil {
		t.Fatal(err)
	}
	var ticks atomic.Int64 // what is done later is later, also in the history
	now := func() time.Time { return noon.Add(time.Duration(ticks.Add(1)) * time.Millisecond) }
	return db, &leave.Service{Store: db.Leave(), Now: now}
}

var date = calendar.MustParse

// TestSickness walks a report through its life on both engines: today is Monday 2 March 2026.
func TestSickness(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		ctx := context.Background()
		db, s := sickCustomer(t, setting)
		who, other := storetest.Worker(0), storetest.Worker(1)
		q, err := s.Submit(ctx, who, ask(who, "2026-03-02", "2026-03-06"))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Approve(ctx, storetest.Boss, q.ID, ""); err != nil {
			t.Fatal(err)
		}
		r, err := s.ReportSick(ctx, who, leave.SickAsk{Person: who, From: date("2026-02-28"), Expected: date("2026-03-05"), Note: diagnosis})
		if err != nil {
			t.Fatal(err)
		}
		balance := func(want int64) {
			t.Helper()
			st, err := s.Statement(ctx, who, who, storetest.Holiday, date("2026-12-31"))
			if err != nil || !st.Balance.Equal(exact.Int(want)) {
				t.Errorf("balance %s, %v, want %d", st.Balance, err, want)
			}
		}
		balance(21) // today is given back, the rest is still ahead
		for name, c := range sickRefusals(ctx, s, who, other, r) {
			if !errs.Is(c.err, c.want) {
				t.Errorf("%s: %v, want %v", name, c.err, c.want)
			}
		}
		to := r
		to.Certified, to.NoteUntil = true, date("2026-03-31")
		to.Recovery = []leave.Recovery{{From: date("2026-03-04"), Percent: 50}}
		seen, err := s.SickDetail(ctx, officer, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.CorrectSick(ctx, officer, r.ID, seen.Last(), to); err != nil {
			t.Fatal(err)
		}
		if err := s.CorrectSick(ctx, officer, r.ID, seen.Last(), r); !errs.Is(err, errs.Conflict) {
			t.Errorf("corrected as it was before: %v", err)
		}
		if err := s.RecoverSick(ctx, storetest.Boss, r.ID, date("2026-03-05")); err != nil {
			t.Fatal(err)
		}
		balance(23) // Monday and Tuesday whole, Wednesday and Thursday half
		if err := s.AddSickNote(ctx, officer, r.ID, "spoke with "+diagnosis); err != nil {
			t.Fatal(err)
		}
		if err := s.AgreeSick(ctx, who, r.ID, true); err != nil {
			t.Fatal(err)
		}
		balance(20)
		if err := s.AgreeSick(ctx, who, r.ID, false); err != nil {
			t.Fatal(err)
		}
		d, err := s.SickDetail(ctx, who, r.ID)
		if err != nil || len(d.Notes) != 2 || d.Notes[0].Text != diagnosis || len(d.Changes) != 5 || len(d.Back) != 1 {
			t.Errorf("detail: %+v, %v", d, err)
		}
		want := leave.Sickness{ID: r.ID, Person: who, From: date("2026-02-28"), To: date("2026-03-05"), Certified: true,
			NoteUntil: date("2026-03-31"), Recovery: []leave.Recovery{{From: date("2026-03-04"), Percent: 50}}}
		if diff := cmp.Diff(want, d.Report.Sickness); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if err := s.WithdrawSick(ctx, who, r.ID); err != nil {
			t.Fatal(err)
		}
		balance(20)
		if err := s.WithdrawSick(ctx, who, r.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("withdrawn twice: %v", err)
		}
		checkOutbox(t, db, "leave.requested", "leave.approved", "sick.reported", "sick.recovered", "sick.withdrawn")
	})
}

// refusal is what came of something that may not be.
type refusal struct {
	err  error
	want errs.Kind
}

// sickRefusals tries what nobody may do with who's report.
func sickRefusals(ctx context.Context, s *leave.Service, who, other people.ID, r leave.SickReport) map[string]refusal {
	return map[string]refusal{
		"twice":              {second(s.ReportSick(ctx, who, leave.SickAsk{Person: who, From: date("2026-03-01")})), errs.Conflict},
		"colleague_reports":  {second(s.ReportSick(ctx, other, leave.SickAsk{Person: who, From: date("2026-01-01")})), errs.NotFound},
		"boss_writes_a_note": {second(s.ReportSick(ctx, storetest.Boss, leave.SickAsk{Person: other, From: date("2026-03-02"), Note: "x"})), errs.Forbidden},
		"before_employment":  {second(s.ReportSick(ctx, who, leave.SickAsk{Person: who, From: date("2019-12-31")})), errs.Invalid},
		"colleague_recovers": {s.RecoverSick(ctx, other, r.ID, date("2026-03-03")), errs.NotFound},
		"boss_corrects":      {s.CorrectSick(ctx, storetest.Boss, r.ID, "", r), errs.Forbidden},
		"admin_corrects":     {s.CorrectSick(ctx, storetest.Admin, r.ID, "", r), errs.Forbidden},
		"boss_withdraws":     {s.WithdrawSick(ctx, storetest.Boss, r.ID), errs.Forbidden},
		"boss_agrees":        {s.AgreeSick(ctx, storetest.Boss, r.ID, true), errs.Forbidden},
		"admin_adds_a_note":  {s.AddSickNote(ctx, storetest.Admin, r.ID, "x"), errs.Forbidden},
		"last_before_first":  {s.RecoverSick(ctx, who, r.ID, date("2026-02-01")), errs.Invalid},
	}
}

func second[T any](_ T, err error) error { return err }

// TestWhoSeesSickness: who may not know that somebody is sick sees an absence, and a balance
// that does not say why it grew.
func TestWhoSeesSickness(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		ctx := context.Background()
		db, s := sickCustomer(t, setting)
		who := storetest.Worker(0)
		if _, err := s.Submit(ctx, who, ask(who, "2026-03-02", "2026-03-06")); err != nil {
			t.Fatal(err)
		}
		r, err := s.ReportSick(ctx, who, leave.SickAsk{Person: who, From: date("2026-03-02"), Expected: date("2026-03-09"), Note: diagnosis})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(ctx, func(tx *store.Tx) error {
			return tx.SaveEmployment(people.Employment{ID: "e-" + string(who), Person: who, From: date("2020-01-01"), To: date("2026-12-31")})
		})
		if err != nil {
			t.Fatal(err)
		}
		told := map[people.ID]bool{who: true, officer: true}
		for _, known := range []bool{false, true} {
			err := db.Update(ctx, func(tx *store.Tx) error {
				return tx.SaveSettings(people.Settings{Name: "Acme", Language: "en", SicknessKnown: known})
			})
			if err != nil {
				t.Fatal(err)
			}
			told[storetest.Boss], told[storetest.Admin] = known, known
			for _, by := range []people.ID{who, storetest.Worker(1), storetest.Boss, storetest.Admin, officer} {
				looksAt(t, s, by, told[by])
			}
		}
		for by, full := range map[people.ID]bool{who: true, officer: true, storetest.Boss: false, storetest.Admin: false} {
			d, err := s.SickDetail(ctx, by, r.ID)
			if err != nil || d.Full != full || full != (len(d.Notes) == 1) || full != (len(d.Changes) == 1) {
				t.Errorf("%s sees %+v, %v", by, d, err)
			}
			if d.Report.Expected != date("2026-03-09") {
				t.Errorf("%s does not see the expected return", by)
			}
			if _, err := s.SickHistory(ctx, by, who); errs.Is(err, errs.NotFound) == full {
				t.Errorf("history by %s: %v", by, err)
			}
		}
		if _, err := s.SickDetail(ctx, storetest.Worker(1), r.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("a colleague opens the report: %v", err)
		}
		for by, want := range map[people.ID]errs.Kind{storetest.Boss: errs.Forbidden, storetest.Admin: errs.Forbidden, who: errs.Forbidden} {
			if _, err := s.SickSummary(ctx, by, calendar.Range{From: date("2026-01-01"), To: date("2026-03-02")}, leave.SickWorking); !errs.Is(err, want) {
				t.Errorf("figures by %s: %v", by, err)
			}
		}
	})
}

// looksAt looks at what tells of others' absence.
func looksAt(t *testing.T, s *leave.Service, by people.ID, told bool) {
	t.Helper()
	ctx, who := context.Background(), storetest.Worker(0)
	away, err := s.AwayOn(ctx, by, date("2026-03-05"))
	if err != nil || len(away) != 2 {
		t.Fatalf("away as %s sees it: %+v, %v", by, away, err)
	}
	for _, a := range away {
		if a.Type.ID == "" && (a.Sick != told || a.Request != "" || a.To != date("2026-03-08")) {
			t.Errorf("%s sees the sickness as %+v, told %v", by, a, told)
		}
	}
	chart, err := s.Chart(ctx, by, "", calendar.Range{From: date("2026-03-01"), To: date("2026-03-31")})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range chart.Teams[0].Rows {
		for _, a := range row.Away {
			if a.Sick && !told {
				t.Errorf("%s is told of sickness by the chart", by)
			}
		}
	}
	if by == officer || by == storetest.Worker(1) {
		return // no balances of others
	}
	st, err := s.Statement(ctx, by, who, storetest.Holiday, date("2026-12-31"))
	if err != nil {
		t.Fatal(err)
	}
	tells(t, by, "the balance", st.Lines, told)
	if by != storetest.Admin {
		return // no reports
	}
	l, err := s.Leaver(ctx, by, who, "")
	if err != nil || len(l.Lines) != 1 {
		t.Fatalf("the leaver's statement: %+v, %v", l, err)
	}
	tells(t, by, "the leaver's statement", l.Lines[0].Statement.Lines, told)
	review, err := s.YearReview(ctx, by, leave.YearPick{To: date("2026-12-31")})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(review.Look, func(x leave.LookAt) bool { return x.Key == map[bool]string{true: "sick", false: "away"}[told] }) {
		t.Errorf("who looks at the year is told %+v, told of sickness %v", review.Look, told)
	}
}

// tells looks whether lines tell of sickness.
func tells(t *testing.T, by people.ID, what string, lines []leave.Line, want bool) {
	t.Helper()
	got := slices.ContainsFunc(lines, func(l leave.Line) bool {
		return l.Kind == leave.LineGivenBack || slices.ContainsFunc(l.Why, func(why leave.Reason) bool { return strings.HasPrefix(why.Key, "sick") })
	})
	if got != want {
		t.Errorf("%s is told of sickness by %s: %v, want %v", by, what, got, want)
	}
}

// TestSealedNote: a note cannot be read in the database, nor with the keys of another
// customer, nor without any.
func TestSealedNote(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		ctx := context.Background()
		db, s := sickCustomer(t, setting)
		who := storetest.Worker(0)
		r, err := s.ReportSick(ctx, who, leave.SickAsk{Person: who, From: date("2026-03-02"), Note: diagnosis})
		if err != nil {
			t.Fatal(err)
		}
		notes := func() (list []leave.SickNote, err error) {
			err = db.View(ctx, func(tx *store.Tx) error {
				list, err = tx.SickNotes(r.ID)
				return err
			})
			return list, err
		}
		if list, err := notes(); err != nil || len(list) != 1 || list[0].Text != diagnosis {
			t.Errorf("notes: %+v, %v", list, err)
		}
		db.SealWith(storetest.Keys(t, "two"))
		if list, err := notes(); err == nil || list != nil || strings.Contains(err.Error(), diagnosis) {
			t.Errorf("read with other keys: %+v, %v", list, err)
		}
		db.SealWith(nil)
		if list, err := notes(); err == nil || list != nil {
			t.Errorf("read without keys: %+v, %v", list, err)
		}
		if err := s.AddSickNote(ctx, who, r.ID, "more"); err == nil {
			t.Error("a note was written without keys")
		}
		dir, isFile := strings.CutPrefix(setting, "sqlite:")
		if !isFile {
			return
		}
		err = filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			if bytes.Contains(b, []byte(diagnosis)) {
				t.Errorf("%s holds the note as it is", e.Name())
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestPartlySick: the person says how much they work again, and whoever leads them may not; of one day the last word counts,
// and the report stays open.
func TestPartlySick(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		ctx := context.Background()
		_, s := sickCustomer(t, setting)
		who := storetest.Worker(0)
		r, err := s.ReportSick(ctx, who, leave.SickAsk{Person: who, From: date("2026-02-28")})
		if err != nil {
			t.Fatal(err)
		}
		says := func(by people.ID, on string, percent int) error {
			return s.PartlySick(ctx, by, r.ID, leave.Recovery{From: date(on), Percent: percent})
		}
		for name, c := range map[string]struct {
			err   error
			kind  errs.Kind
			field string
		}{
			"a manager":          {says(storetest.Boss, "2026-03-02", 50), errs.Forbidden, ""},
			"a colleague":        {says(storetest.Worker(1), "2026-03-02", 50), errs.NotFound, ""},
			"the first day":      {says(who, "2026-02-28", 50), errs.Invalid, "step"},
			"in many years":      {says(who, "2036-02-28", 50), errs.Invalid, "step"},
			"nothing of it":      {says(who, "2026-03-02", 0), errs.Invalid, "percent"},
			"all of it":          {says(who, "2026-03-02", 100), errs.Invalid, "percent"},
			"of another's voice": {s.PartlySick(ctx, who, "none", leave.Recovery{From: date("2026-03-02"), Percent: 50}), errs.NotFound, ""},
		} {
			if e := errs.As(c.err); c.err == nil || e.Kind != c.kind || e.Field != c.field {
				t.Errorf("%s: %v", name, c.err)
			}
		}
		for _, x := range []struct {
			by      people.ID
			on      string
			percent int
		}{{who, "2026-03-04", 75}, {who, "2026-03-02", 25}, {officer, "2026-03-02", 50}} {
			if err := says(x.by, x.on, x.percent); err != nil {
				t.Fatal(err)
			}
		}
		d, err := s.SickDetail(ctx, officer, r.ID)
		want := []leave.Recovery{{From: date("2026-03-02"), Percent: 50}, {From: date("2026-03-04"), Percent: 75}}
		if err != nil || !slices.Equal(d.Report.Recovery, want) || !d.Report.To.IsZero() || !d.MayPartly || d.Changes[1].What != leave.SickPartly || d.Changes[1].By != who {
			t.Errorf("the officer reads %+v, %v", d, err)
		}
		if d, err = s.SickDetail(ctx, storetest.Boss, r.ID); err != nil || d.MayPartly || len(d.Report.Recovery) > 0 {
			t.Errorf("who leads reads %+v, %v", d, err)
		}
		for i := 2; i < leave.MaxRecovery; i++ {
			if err := says(who, date("2026-03-31").AddDays(i).String(), 80); err != nil {
				t.Fatal(err)
			}
		}
		if err := says(who, "2026-05-04", 90); !errs.Is(err, errs.Conflict) {
			t.Errorf("too many steps: %v", err)
		}
		if err := s.RecoverSick(ctx, who, r.ID, date("2026-03-06")); err != nil {
			t.Fatal(err)
		}
		if err := says(who, "2026-03-03", 60); !errs.Is(err, errs.Conflict) {
			t.Errorf("once it is over: %v", err)
		}
	})
}
