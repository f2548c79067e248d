// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// hr is a customer the first of whose six workers has approved leave in June, and whose
// rules an administrator changes.
type hr struct{ *bureau }

func office(t *testing.T, setting string) hr {
	t.Helper()
	h := hr{newBureau(t, setting)}
	update(t, h.db, func(tx *store.Tx) error {
		if err := tx.SavePattern(people.Pattern{ID: "four", Name: "Four days", Pattern: calendar.MustParsePattern("mon-thu")}); err != nil {
			return err
		}
		if err := tx.SavePackage(leave.Package{ID: "more", Name: "More"}); err != nil {
			return err
		}
		if err := tx.SaveLocation(people.Location{ID: "there", Name: "There", Region: "DE-BY", TimeZone: "Europe/Berlin"}); err != nil {
			return err
		}
		return tx.SavePolicy(leave.Policy{ID: "rich", Package: "more", Type: storetest.Holiday, Terms: terms(30)})
	})
	h.granted(storetest.Worker(0), "2026-06-01", "2026-06-12")
	return h
}

func terms(days int64) leave.Terms {
	return leave.Terms{Amount: exact.Int(days), FullTime: exact.Int(5), Accrual: leave.AtYearStart, Proration: leave.ByMonths}
}

// balances returns what everybody has left of their holiday on some days.
func (h hr) balances(days ...string) map[people.ID][]string {
	h.Helper()
	out := map[people.ID][]string{}
	for _, who := range h.everybody() {
		for _, d := range days {
			s, err := h.Statement(h.Context(), storetest.Admin, who, storetest.Holiday, calendar.MustParse(d))
			if err != nil {
				h.Fatal(err)
			}
			out[who] = append(out[who], s.Balance.String())
		}
	}
	return out
}

// everybody returns all persons.
func (h hr) everybody() []people.ID {
	out := []people.ID{storetest.Boss, storetest.Admin}
	for i := range 6 {
		out = append(out, storetest.Worker(i))
	}
	return out
}

// revision returns the number that changes with every rule.
func (h hr) revision() (n int64) {
	h.Helper()
	err := h.db.View(h.Context(), func(tx *store.Tx) (err error) {
		n, err = tx.Revision()
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	return n
}

var looked = []string{"2026-03-02", "2026-12-31", "2027-12-31"} // today, and the ends of two leave years

// changes are one of each kind, with how many people's leave changes.
var changes = []struct {
	name   string
	change leave.Change
	people int
	worker string // the first worker's balances after it, on the days looked at
}{
	{"policy", leave.SavingPolicy(leave.Policy{ID: "p", Package: "all", Type: storetest.Holiday, From: calendar.MustParse("2020-01-01"), Terms: terms(27)}), 8, "27 17 27"},
	{"policy_deleted", leave.DeletingPolicy("p"), 8, "0 -10 -10"},
	{"policy_from_next_year", leave.SavingPolicy(leave.Policy{Package: "all", Type: storetest.Holiday, From: calendar.MustParse("2027-01-01"), Terms: terms(20)}), 8, "25 15 20"},
	{"policy_far_away", leave.SavingPolicy(leave.Policy{Package: "all", Type: storetest.Holiday, From: calendar.MustParse("2031-01-01"), Terms: terms(20)}), 0, "25 15 25"},
	{"policy_of_nobody", leave.SavingPolicy(leave.Policy{ID: "rich", Package: "more", Type: storetest.Holiday, Terms: terms(31)}), 0, "25 15 25"},
	{"type", leave.SavingType(leave.Type{ID: storetest.Holiday, Name: "Holiday", Colour: 1, Unit: leave.Days, Counting: leave.CalendarDays, Entitled: true}), 1, "25 13 25"},
	{"type_renamed", leave.SavingType(leave.Type{ID: storetest.Holiday, Name: "Annual leave", Colour: 1, Unit: leave.Days, Counting: leave.WorkingTime, Entitled: true}), 0, "25 15 25"},
	{"law", leave.Adopting(leave.Adoption{Package: leave.Package{ID: "all"}, From: calendar.MustParse("2026-01-01"),
		Rules: []leave.Adopted{{Type: leave.Type{ID: storetest.Holiday, Unit: leave.Days, Entitled: true}, Terms: terms(28), Pin: leave.Pin{Law: "NL", Rule: "holiday", Dated: calendar.MustParse("2026-01-01")}}}}), 8, "28 18 28"},
	{"fixed", leave.Fixing(leave.FixedEntitlement{Person: storetest.Worker(0), Type: storetest.Holiday, Year: 2026, Amount: exact.Int(40), Reason: "agreed"}), 1, "40 30 25"},
	{"freed", leave.Freeing(storetest.Worker(0), storetest.Holiday, 2026), 0, "25 15 25"},
	{"place", leave.SavingContract(people.Contract{ID: "c-worker0", Person: storetest.Worker(0), From: calendar.MustParse("2020-01-01"), Pattern: "full", Package: "all",
		Location: "there"}), 1, "25 16 25"}, // Corpus Christi, on 4 June
	{"moved_before", leave.SavingContract(people.Contract{Person: storetest.Worker(0), From: calendar.MustParse("2026-06-04"), Pattern: "full", Package: "all",
		Location: "there"}), 1, "25 16 25"},
	{"moved_after", leave.SavingContract(people.Contract{Person: storetest.Worker(0), From: calendar.MustParse("2026-06-05"), Pattern: "full", Package: "all",
		Location: "there"}), 0, "25 15 25"},
	{"person_mail", leave.SavingPerson(person(0, "here")), 0, "25 15 25"},
	{"employment", leave.SavingEmployment(people.Employment{ID: "e-worker0", Person: storetest.Worker(0), From: calendar.MustParse("2020-01-01"), To: calendar.MustParse("2026-06-05")}), 1, ""},
	{"contract", leave.SavingContract(people.Contract{Person: storetest.Worker(0), From: calendar.MustParse("2026-01-01"), Pattern: "four", Package: "all"}), 1, "20 12 20"},
	{"package", leave.SavingContract(people.Contract{ID: "c-worker0", Person: storetest.Worker(0), From: calendar.MustParse("2020-01-01"), Pattern: "full", Package: "more"}), 1, "30 20 30"},
	{"pattern", leave.SavingPattern("full", "Full time", "mon-thu"), 8, "20 12 20"},
	{"location", leave.SavingLocation(people.Location{ID: "here", Name: "Here", Region: "DE-BY", TimeZone: "Europe/Amsterdam"}), 1, "25 16 25"},
	{"own_day", leave.SavingOwnDay(people.OwnDay{Date: calendar.MustParse("2026-06-05"), Name: "Bridge day", Off: calendar.FullDay}), 1, "25 16 25"},
	{"set", leave.SavingHolidaySet(people.HolidaySet{Name: "Early"}, []string{"here"}), 0, "25 15 25"},
	{"copied", leave.CopyingDays("", "", 2025), 0, "25 15 25"},
}

func person(i int, location string) people.Person {
	id := storetest.Worker(i)
	return people.Person{ID: id, Email: "new@acme.example", GivenName: string(id), FamilyName: "Example", Location: location, Active: true}
}

// TestForeseen: for each kind of change what is foreseen is what is then done, person by
// person; foreseeing leaves no trace; and what changes somebody's leave is not made
// unseen, nor without a reason, nor by those who are no administrators.
func TestForeseen(t *testing.T) {
	for _, tt := range changes {
		t.Run(tt.name, func(t *testing.T) {
			storetest.Both(t, func(t *testing.T, setting string) {
				h := office(t, setting)
				before := h.balances(looked...)
				done := h.foreseen(tt.change, tt.people)
				after := h.balances(looked...)
				for _, e := range done.Effects {
					h.came(e, before[e.Person], after[e.Person])
					before[e.Person] = after[e.Person]
				}
				if diff := cmp.Diff(before, after); diff != "" {
					t.Errorf("what nobody foresaw (-before +after):\n%s", diff)
				}
				if got := strings.Join(after[storetest.Worker(0)], " "); tt.worker != "" && got != tt.worker {
					t.Errorf("the worker has %s left, want %s", got, tt.worker)
				}
				h.onRecord(done)
			})
		})
	}
}

// foreseen looks at what a change does, tries to make it in ways that are refused, and
// then makes it.
func (h hr) foreseen(ch leave.Change, want int) leave.Forecast {
	h.Helper()
	before, revision := h.balances(looked...), h.revision()
	seen, err := h.Foresee(h.Context(), storetest.Admin, ch)
	if err != nil || seen.People != want || seen.Saved != "" || seen.People+seen.Others != 8 {
		h.Fatalf("foreseen for %d people, %d others, %v, want %d", seen.People, seen.Others, err, want)
	}
	if diff := cmp.Diff(before, h.balances(looked...)); diff != "" || h.revision() != revision {
		h.Errorf("foreseeing changed something, revision %d after %d:\n%s", h.revision(), revision, diff)
	}
	h.refuses(ch, seen)
	done, err := h.Apply(h.Context(), storetest.Admin, ch, leave.Consent{Reason: " Agreed with the works council. ", Mark: seen.Mark()})
	if err != nil {
		h.Fatal(err)
	}
	if diff := cmp.Diff(seen.Effects, done.Effects); diff != "" {
		h.Errorf("(-seen +done):\n%s", diff)
	}
	return done
}

// came fails unless an effect says what was left before and what is now.
func (h hr) came(e leave.Effect, before, after []string) {
	h.Helper()
	if e.Type != storetest.Holiday {
		return
	}
	for i, s := range []leave.Shift{e.Now, e.End, e.Next} {
		if s.At.String() != looked[i] || s.Before.String() != before[i] || s.After.String() != after[i] {
			h.Errorf("%s at %s: foreseen %s after %s; it was %s and is %s", e.Person, s.At, s.After, s.Before, before[i], after[i])
		}
	}
}

// refuses tries to make a change without what it needs, and looks that nothing was done.
func (h hr) refuses(ch leave.Change, seen leave.Forecast) {
	h.Helper()
	ctx := h.Context()
	for _, who := range []people.ID{storetest.Worker(0), storetest.Boss} {
		if _, err := h.Foresee(ctx, who, ch); !errs.Is(err, errs.Forbidden) {
			h.Errorf("%s foresees: %v", who, err)
		}
		if _, err := h.Apply(ctx, who, ch, leave.Consent{Reason: "mine", Mark: seen.Mark()}); !errs.Is(err, errs.Forbidden) {
			h.Errorf("%s changes: %v", who, err)
		}
	}
	if seen.People == 0 {
		return
	}
	revision := h.revision()
	for _, tt := range []struct {
		leave.Consent
		kind  errs.Kind
		field string
	}{
		{leave.Consent{Mark: seen.Mark(), Reason: " "}, errs.Invalid, "reason"},
		{leave.Consent{Reason: "since I say so"}, errs.Conflict, "mark"},
		{leave.Consent{Reason: "since I say so", Mark: "0123456789abcdef"}, errs.Conflict, "mark"},
		{leave.Consent{Mark: seen.Mark(), Reason: strings.Repeat("x", leave.MaxNote+1)}, errs.Invalid, "reason"},
	} {
		f, err := h.Apply(ctx, storetest.Admin, ch, tt.Consent)
		if e := errs.As(err); err == nil || e.Kind != tt.kind || e.Field != tt.field || h.revision() != revision {
			h.Errorf("made with the mark %q: %v", tt.Mark, err)
		}
		if f.Mark() != seen.Mark() {
			h.Error("what is refused does not say what it would do")
		}
	}
}

// onRecord looks for a change in the log.
func (h hr) onRecord(done leave.Forecast) {
	h.Helper()
	list, more, err := h.Changes(h.Context(), storetest.Admin, "", "")
	if err != nil || more {
		h.Fatal(err)
	}
	if !done.Touches {
		if len(list) > 0 {
			h.Errorf("%d changes on record of what changed nothing", len(list))
		}
		return
	}
	if len(list) != 1 || list[0].Kind != done.Kind || list[0].People != done.People || list[0].By != storetest.Admin || list[0].At != noon.UnixMicro() {
		h.Fatalf("on record: %+v", list)
	}
	e, err := h.ChangeOnRecord(h.Context(), storetest.Admin, list[0].ID)
	if err != nil || e.Reason != "Agreed with the works council." {
		h.Errorf("%v, reason %q", err, e.Reason)
	}
	if diff := cmp.Diff(done.Effects, e.Effects); diff != "" {
		h.Errorf("(-done +on record):\n%s", diff)
	}
	if diff := cmp.Diff(done.Words, e.Words); diff != "" {
		h.Errorf("(-done +on record):\n%s", diff)
	}
	if other, _, err := h.Changes(h.Context(), storetest.Admin, "nothing", ""); err != nil || len(other) > 0 {
		h.Errorf("%d of another kind, %v", len(other), err)
	}
	if older, _, err := h.Changes(h.Context(), storetest.Admin, done.Kind, e.ID); err != nil || len(older) > 0 {
		h.Errorf("%d older ones, %v", len(older), err)
	}
	if _, _, err := h.Changes(h.Context(), storetest.Boss, "", ""); !errs.Is(err, errs.Forbidden) {
		h.Errorf("a manager reads the log: %v", err)
	}
	if _, err := h.ChangeOnRecord(h.Context(), storetest.Boss, e.ID); !errs.Is(err, errs.Forbidden) {
		h.Errorf("a manager reads an entry: %v", err)
	}
}

// TestForeseenTypeIsNew: a type that a change makes has no id yet when it is foreseen, and the
// mark of that forecast holds all the same.
func TestForeseenTypeIsNew(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		h, ctx := office(t, setting), t.Context()
		law := func() leave.Change {
			rule := leave.Adopted{Terms: terms(3), Pin: leave.Pin{Law: "NL", Rule: "senior", Dated: calendar.MustParse("2026-01-01")},
				Type: leave.Type{Name: "Seniority", Colour: 2, Unit: leave.Days, Counting: leave.WorkingTime, Entitled: true}}
			return leave.Adopting(leave.Adoption{Package: leave.Package{ID: "all"}, From: calendar.MustParse("2026-01-01"), Rules: []leave.Adopted{rule}})
		}
		seen, err := h.Foresee(ctx, storetest.Admin, law())
		if err != nil || seen.People != 8 {
			t.Fatalf("foreseen for %d people, %v", seen.People, err)
		}
		done, err := h.Apply(ctx, storetest.Admin, law(), leave.Consent{Reason: "it is so", Mark: seen.Mark()})
		if err != nil {
			t.Fatal(err)
		}
		s, err := h.Statement(ctx, storetest.Admin, storetest.Boss, done.Effects[0].Type, calendar.MustParse("2026-12-31"))
		if err != nil || !s.Balance.Equal(exact.Int(3)) {
			t.Errorf("%s left of the new type, %v", s.Balance, err)
		}
	})
}

// TestForeseenLeaveIsCorrected: leave that was approved keeps what was written down, a line
// corrects it, and the line goes when the change is undone.
func TestForeseenLeaveIsCorrected(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		h, ctx, who := office(t, setting), t.Context(), storetest.Worker(0)
		day := h.apply(leave.SavingOwnDay(people.OwnDay{Date: calendar.MustParse("2026-06-05"), Name: "Bridge day"}))
		if len(day.Effects) != 1 || len(day.Effects[0].Requests) != 1 || !day.Effects[0].Requests[0].After.Equal(exact.Int(9)) {
			t.Fatalf("effects: %+v", day.Effects)
		}
		s, err := h.Statement(ctx, who, who, storetest.Holiday, calendar.MustParse("2026-12-31"))
		if err != nil {
			t.Fatal(err)
		}
		last := s.Lines[len(s.Lines)-1]
		if last.Kind != leave.LineCorrection || !last.Amount.Equal(exact.Int(1)) || !s.Taken.Equal(exact.Int(9)) {
			t.Errorf("the last line is %+v, %s taken", last, s.Taken)
		}
		h.apply(leave.DeletingOwnDay(day.Saved))
		if s, err = h.Statement(ctx, who, who, storetest.Holiday, calendar.MustParse("2026-12-31")); err != nil || len(s.Lines) == 0 {
			t.Fatal(err)
		}
		if last := s.Lines[len(s.Lines)-1]; last.Kind != leave.LineTaken || !last.Amount.Equal(exact.Int(-10)) {
			t.Errorf("undone, the last line is %+v", last)
		}
	})
}

// apply makes a change after looking at what it does.
func (h hr) apply(ch leave.Change) leave.Forecast {
	h.Helper()
	seen, err := h.Foresee(h.Context(), storetest.Admin, ch)
	if err == nil {
		seen, err = h.Apply(h.Context(), storetest.Admin, ch, leave.Consent{Reason: "it is so", Mark: seen.Mark()})
	}
	if err != nil {
		h.Fatal(err)
	}
	return seen
}

// TestBookedBetween: what is booked after a change was looked at and changes what it does
// is noticed; what does not, does not stand in the way.
func TestBookedBetween(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		h, ctx := office(t, setting), t.Context()
		ch := leave.SavingOwnDay(people.OwnDay{Date: calendar.MustParse("2026-06-05"), Name: "Bridge day"})
		seen, err := h.Foresee(ctx, storetest.Admin, ch)
		if err != nil {
			t.Fatal(err)
		}
		h.granted(storetest.Worker(1), "2026-08-03", "2026-08-04")
		yes := leave.Consent{Reason: "it is so", Mark: seen.Mark()}
		if again, err := h.Foresee(ctx, storetest.Admin, ch); err != nil || again.Mark() != seen.Mark() {
			t.Errorf("leave that has nothing to do with it changed the forecast: %v", err)
		}
		h.granted(storetest.Worker(1), "2026-06-04", "2026-06-05")
		again, err := h.Apply(ctx, storetest.Admin, ch, yes)
		if e := errs.As(err); err == nil || e.Kind != errs.Conflict || e.Field != "mark" || again.People != 2 {
			t.Fatalf("made for %d people: %v", again.People, err)
		}
		yes.Mark = again.Mark()
		if _, err := h.Apply(ctx, storetest.Admin, ch, yes); err != nil {
			t.Error(err)
		}
	})
}

// TestBookedMeanwhile: of leave that is approved while the days off change, none is left
// that costs what it would have before.
func TestBookedMeanwhile(t *testing.T) {
	storetest.AtOnce(t, func(t *testing.T, setting string) {
		h, ctx := office(t, setting), context.Background()
		const weeks = 12
		var asked []string
		for i := range weeks {
			monday := calendar.MustParse("2026-08-03").AddDays(7 * i)
			r, err := h.Submit(ctx, storetest.Worker(1), ask(storetest.Worker(1), monday.String(), monday.String()))
			if err != nil {
				t.Fatal(err)
			}
			asked = append(asked, r.ID)
		}
		together(weeks+1, func(i int) error {
			if i < weeks {
				return h.Approve(ctx, storetest.Boss, asked[i], "")
			}
			ch := leave.SavingPattern("full", "Full time", "mon 09:00-13:00; tue-fri")
			for range 20 {
				seen, err := h.Foresee(ctx, storetest.Admin, ch)
				if err != nil {
					return err
				}
				if _, err = h.Apply(ctx, storetest.Admin, ch, leave.Consent{Reason: "it is so", Mark: seen.Mark()}); !errs.Is(err, errs.Conflict) {
					return err
				}
			}
			return nil
		}, t)
		err := h.db.View(ctx, func(tx *store.Tx) error {
			list, err := tx.CountingRequests(storetest.Worker(1))
			for _, r := range list {
				if minutes := leave.Total(r.Costs(), leave.Hours); r.State == leave.Approved && !minutes.Equal(exact.Int(240)) {
					t.Errorf("%s costs %s minutes", r.From, minutes)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
