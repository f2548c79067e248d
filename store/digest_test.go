// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
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

// at moves the clock to a time in Amsterdam: "2026-03-02 07:00".
func (b *bureau) at(clock string) {
	b.Helper()
	b.now = inAmsterdam(b.T, clock)
}

func inAmsterdam(t *testing.T, clock string) time.Time {
	t.Helper()
	place, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", clock, place)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func (b *bureau) wantsDigest(who people.ID, every leave.Cadence, of leave.Circle) {
	b.Helper()
	if err := b.ChooseDigest(b.Context(), who, every, of); err != nil {
		b.Fatal(err)
	}
}

// made makes the digests that are due, and returns who is told in rows that wait now, and of which day: "worker0 2026-03-02". It ends
// those rows.
func (b *bureau) made() string {
	b.Helper()
	if err := b.MakeDigests(b.Context()); err != nil {
		b.Fatal(err)
	}
	far := b.now.AddDate(100, 0, 0)
	rows, err := b.db.Outbox().Claim(b.Context(), far, far, 1000)
	if err != nil {
		b.Fatal(err)
	}
	var out []string
	for _, r := range rows {
		if r.Kind != leave.KindDigest {
			continue
		}
		var e leave.Event
		if err := json.Unmarshal(r.Payload, &e); err != nil {
			b.Fatal(err)
		}
		if err := b.db.Outbox().End(b.Context(), r.ID, b.now); err != nil {
			b.Fatal(err)
		}
		out = append(out, string(e.Person)+" "+e.Request)
	}
	return strings.Join(out, ", ")
}

// makes fails unless these are told at a time.
func (b *bureau) makes(clock, want string) {
	b.Helper()
	b.at(clock)
	if got := b.made(); got != want {
		b.Errorf("%s: made %q, want %q", clock, got, want)
	}
}

// off books leave that is approved.
func (b *bureau) off(who people.ID, typ, from, to string, part calendar.Portion) {
	b.Helper()
	a := ask(who, from, to)
	a.Type, a.First = typ, part
	r, err := b.Submit(b.Context(), who, a)
	if err == nil && r.State == leave.Pending {
		err = b.Approve(b.Context(), storetest.Admin, r.ID, "")
	}
	if err != nil {
		b.Fatalf("%s away: %v", who, err)
	}
}

// letter returns what somebody is told, line by line: "worker1 2026-03-02..2026-03-04 Holiday".
func (b *bureau) letter(who people.ID, on string) (away, soon []string) {
	b.Helper()
	l, err := b.DigestFor(b.Context(), who, day(on))
	if err != nil {
		b.Fatal(err)
	}
	lines := func(list []leave.Absence) (out []string) {
		for _, a := range list {
			line := string(a.Person.ID) + " " + a.Range().String() + " " + a.Type.Name
			if a.Pending {
				line += " pending"
			}
			if a.Partly {
				line += " partly"
			}
			if a.Sick || a.Report != "" || a.Works != 0 {
				line += " sick"
			}
			out = append(out, strings.TrimSpace(line))
		}
		return out
	}
	return lines(l.Away), lines(l.Soon)
}

func (b *bureau) tells(who people.ID, on string, away, soon []string) {
	b.Helper()
	gotAway, gotSoon := b.letter(who, on)
	if d := cmp.Diff([][]string{away, soon}, [][]string{gotAway, gotSoon}); d != "" {
		b.Errorf("%s is told on %s:\n%s", who, on, d)
	}
}

// TestDigestTells: what a digest tells is what its reader may see of those they chose, without themselves; neither sickness
// nor a private type is named, not even to those who may know.
func TestDigestTells(t *testing.T) {
	each(t, func(b *bureau) {
		b.at("2026-03-01 12:00")
		b.team("others", nil, []people.ID{storetest.Boss, worker(4), worker(5)})
		b.team("team", []people.ID{storetest.Boss}, []people.ID{worker(0), worker(1), worker(2), worker(3)})
		b.off(worker(0), storetest.Holiday, "2026-03-02", "2026-03-02", calendar.MorningHalf)
		b.off(worker(1), storetest.Holiday, "2026-02-25", "2026-03-03", calendar.WholeDay)
		b.off(worker(2), storetest.Sickness, "2026-03-04", "2026-03-04", calendar.WholeDay) // a private type
		b.asks(worker(2), "2026-03-09", "2026-03-10")
		b.asks(worker(2), "2026-03-12", "2026-03-12") // too far ahead
		b.off(worker(4), storetest.Holiday, "2026-03-02", "2026-03-06", calendar.WholeDay)
		b.wantsDigest(worker(0), leave.DailyDigest, leave.DigestTeams)
		b.wantsDigest(storetest.Boss, leave.WeeklyDigest, leave.DigestLed)
		b.at("2026-03-02 06:30")
		b.sick(worker(3), "2026-03-02")
		b.at("2026-03-02 07:00")
		one, private, sick := "worker1 2026-02-25..2026-03-03 Holiday", "worker2 2026-03-04..2026-03-04", "worker3 2026-03-02..2026-03-02"
		b.tells(worker(0), "2026-03-02", []string{one, sick}, []string{private, "worker2 2026-03-09..2026-03-10 Holiday pending"})
		b.tells(storetest.Boss, "2026-03-02", []string{"worker0 2026-03-02..2026-03-02 Holiday", one, private, sick}, nil)
		b.wantsDigest(storetest.Boss, leave.WeeklyDigest, leave.DigestTeams)
		b.tells(storetest.Boss, "2026-03-02", []string{"worker4 2026-03-02..2026-03-06 Holiday"}, nil)
		b.wantsDigest(storetest.Boss, leave.WeeklyDigest, leave.DigestLed)
		b.tells(worker(5), "2026-03-02", nil, nil)                        // never asked for
		b.tells(worker(0), "2026-03-01", nil, nil)                        // another day
		b.team("team", nil, []people.ID{worker(1), worker(2), worker(3)}) // who left a team, or leads it no more, is told nothing of it
		b.tells(worker(0), "2026-03-02", nil, nil)
		b.tells(storetest.Boss, "2026-03-02", nil, nil)
	})
}

// sick has somebody report sick, and returns the report.
func (b *bureau) sick(who people.ID, from string) string {
	b.Helper()
	r, err := b.ReportSick(b.Context(), who, leave.SickAsk{Person: who, From: day(from)})
	if err != nil {
		b.Fatal(err)
	}
	return r.ID
}

// TestDigestChoice: one may be told of the teams that one has.
func TestDigestChoice(t *testing.T) {
	each(t, func(b *bureau) {
		ctx := b.Context()
		b.refused(errs.Invalid, b.ChooseDigest(ctx, worker(0), "hourly", leave.DigestTeams))
		b.refused(errs.Invalid, b.ChooseDigest(ctx, worker(0), leave.DailyDigest, leave.DigestLed))
		b.refused(errs.Invalid, b.ChooseDigest(ctx, storetest.Admin, leave.DailyDigest, leave.DigestTeams))
		b.refused(errs.Unauthenticated, b.ChooseDigest(ctx, "nobody", leave.DailyDigest, leave.DigestTeams))
		is := func(who people.ID, want leave.DigestChoice) {
			b.Helper()
			got, err := b.Digest(ctx, who)
			if d := cmp.Diff(want, got); d != "" || err != nil {
				b.Errorf("%s: %v\n%s", who, err, d)
			}
		}
		is(storetest.Admin, leave.DigestChoice{Every: leave.NoDigest})
		is(worker(0), leave.DigestChoice{Every: leave.NoDigest, Circles: []leave.Circle{leave.DigestTeams}})
		b.wantsDigest(storetest.Boss, leave.WeeklyDigest, leave.DigestLed)
		is(storetest.Boss, leave.DigestChoice{Every: leave.WeeklyDigest, Of: leave.DigestLed, Circles: []leave.Circle{leave.DigestLed}})
		b.wantsDigest(storetest.Boss, leave.NoDigest, "")
		is(storetest.Boss, leave.DigestChoice{Every: leave.NoDigest, Circles: []leave.Circle{leave.DigestLed}})
	})
}

// TestDigestOnce: a digest is made once for a day, from seven until noon where its reader works, however often and by
// however many it is tried.
func TestDigestOnce(t *testing.T) {
	storetest.AtOnce(t, func(t *testing.T, setting string) {
		b := newBureau(t, setting)
		b.at("2026-03-01 12:00")
		b.wantsDigest(worker(0), leave.DailyDigest, leave.DigestTeams)
		b.makes("2026-03-02 06:59", "")
		b.at("2026-03-02 07:00")
		together(20, func(int) error { return b.MakeDigests(context.Background()) }, t)
		b.makes("2026-03-02 07:00", "worker0 2026-03-02")
		b.makes("2026-03-02 07:01", "")
		b.makes("2026-03-03 11:59", "worker0 2026-03-03") // the installation slept
		b.makes("2026-03-04 12:00", "")                   // too long
		b.makes("2026-03-05 08:00", "worker0 2026-03-05")
		b.wantsDigest(worker(0), leave.NoDigest, "")
		b.wantsDigest(worker(0), leave.DailyDigest, leave.DigestTeams)
		b.makes("2026-03-05 08:01", "") // today's came already
	})
}

// TestDigestCutShort: what was not committed was not made, and is made again.
func TestDigestCutShort(t *testing.T) {
	each(t, func(b *bureau) {
		b.at("2026-03-01 12:00")
		b.wantsDigest(worker(0), leave.DailyDigest, leave.DigestTeams)
		b.at("2026-03-02 07:00")
		whole := b.Store
		b.Store = cutShort{whole}
		if err := b.MakeDigests(b.Context()); !errors.Is(err, errCut) {
			b.Fatalf("cut short: %v", err)
		}
		b.Store = whole
		b.makes("2026-03-02 07:05", "worker0 2026-03-02")
	})
}

var errCut = errors.New("cut short")

// cutShort loses every update at its end.
type cutShort struct{ leave.Store }

func (s cutShort) Update(ctx context.Context, f func(leave.Tx) error) error {
	return s.Store.Update(ctx, func(tx leave.Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		return errCut
	})
}

// TestDigestDaysOff: none comes on a day on which its reader is off, for whatever reason; half a day is not off.
func TestDigestDaysOff(t *testing.T) {
	each(t, func(b *bureau) {
		b.at("2026-03-01 12:00")
		update(b.T, b.db, func(tx *store.Tx) error {
			if err := tx.SavePattern(people.Pattern{ID: "three", Name: "Three days", Pattern: calendar.MustParsePattern("mon tue wed")}); err != nil {
				return err
			}
			if err := tx.SaveOwnDay(people.OwnDay{ID: "eve", Location: "here", Date: day("2026-03-12"), Name: "Eve", Off: calendar.AfternoonOff}); err != nil {
				return err
			}
			return tx.SaveContract(people.Contract{ID: "c-worker1", Person: worker(1), From: day("2020-01-01"), Pattern: "three", Package: "all"})
		})
		for i := range 3 {
			b.wantsDigest(worker(i), leave.DailyDigest, leave.DigestTeams)
		}
		b.off(worker(2), storetest.Holiday, "2026-03-05", "2026-03-05", calendar.AfternoonHalf)
		b.off(worker(2), storetest.Holiday, "2026-03-06", "2026-03-06", calendar.WholeDay)
		b.off(worker(2), storetest.Holiday, "2026-03-11", "2026-03-11", calendar.MorningHalf)
		b.off(worker(2), storetest.Holiday, "2026-03-11", "2026-03-11", calendar.AfternoonHalf)
		b.off(worker(2), storetest.Holiday, "2026-03-12", "2026-03-12", calendar.MorningHalf)
		b.asks(worker(2), "2026-03-13", "2026-03-13")
		for _, x := range []struct{ day, want string }{
			{"2026-03-04", "012"},
			{"2026-03-05", "02"}, // half a day of worker2
			{"2026-03-06", "0"},  // all of it
			{"2026-03-07", ""},   // Saturday
			{"2026-03-11", "01"}, // both halves
			{"2026-03-12", "0"},  // one half, and the other is a public holiday
			{"2026-03-13", "02"}, // it is not decided
			{"2026-04-06", ""},   // Easter Monday
			{"2026-04-07", "012"},
		} {
			var want []string
			for _, n := range x.want {
				want = append(want, "worker"+string(n)+" "+x.day)
			}
			b.makes(x.day+" 07:30", strings.Join(want, ", "))
		}
	})
}

// TestDigestWhileSick: it rests while its reader is sick, and comes again when they work in part.
func TestDigestWhileSick(t *testing.T) {
	each(t, func(b *bureau) {
		b.at("2026-03-01 12:00")
		b.wantsDigest(worker(0), leave.DailyDigest, leave.DigestTeams)
		b.at("2026-03-02 06:00")
		id := b.sick(worker(0), "2026-03-02")
		b.makes("2026-03-02 07:00", "")
		b.makes("2026-03-03 07:00", "")
		officer := worker(5)
		update(b.T, b.db, func(tx *store.Tx) error {
			return tx.SavePerson(people.Person{ID: officer, Email: "officer@acme.example", GivenName: "Olga", FamilyName: "Example", Location: "here",
				Roles: people.SicknessOfficer, Active: true})
		})
		in := leave.SickReport{Sickness: leave.Sickness{From: day("2026-03-02"), Recovery: []leave.Recovery{{From: day("2026-03-04"), Percent: 50}}}}
		d, err := b.SickDetail(b.Context(), officer, id)
		if err != nil {
			b.Fatal(err)
		}
		if err := b.CorrectSick(b.Context(), officer, id, d.Last(), in); err != nil {
			b.Fatal(err)
		}
		b.makes("2026-03-04 07:00", "worker0 2026-03-04")
	})
}

// TestDigestOfAWeek: it comes on the first day of a week on which its reader works, once, of the days until Sunday.
func TestDigestOfAWeek(t *testing.T) {
	each(t, func(b *bureau) {
		b.at("2026-03-04 12:00") // Wednesday: this week is under way
		b.wantsDigest(worker(0), leave.WeeklyDigest, leave.DigestTeams)
		b.off(worker(0), storetest.Holiday, "2026-03-16", "2026-03-17", calendar.WholeDay)
		b.off(worker(1), storetest.Holiday, "2026-03-15", "2026-03-22", calendar.WholeDay)
		b.off(worker(2), storetest.Holiday, "2026-03-23", "2026-03-23", calendar.WholeDay)
		for _, x := range []struct{ at, want string }{
			{"2026-03-05 08:00", ""},
			{"2026-03-09 08:00", "worker0 2026-03-09"},
			{"2026-03-10 08:00", ""},
			{"2026-03-16 08:00", ""}, // on leave
			{"2026-03-17 08:00", ""},
			{"2026-03-18 08:00", "worker0 2026-03-18"},
		} {
			b.makes(x.at, x.want)
		}
		b.tells(worker(0), "2026-03-18", []string{"worker1 2026-03-15..2026-03-22 Holiday"}, nil)
		b.makes("2026-03-19 08:00", "")
		b.tells(worker(0), "2026-03-18", nil, nil)        // that day is over
		b.makes("2026-03-24 08:00", "worker0 2026-03-24") // nobody was there to make it on Monday
	})
}

// TestDigestWhereOneWorks: seven o'clock is that of the reader's place, also when clocks are put forward; and the clock of the
// outbox strikes then, once for all who are told at that time.
func TestDigestWhereOneWorks(t *testing.T) {
	each(t, func(b *bureau) {
		b.at("2026-03-26 12:00")
		update(b.T, b.db, func(tx *store.Tx) error {
			if err := tx.SaveLocation(people.Location{ID: "far", Name: "Auckland", Region: "NL", TimeZone: "Pacific/Auckland"}); err != nil {
				return err
			}
			return tx.SavePerson(people.Person{ID: worker(2), Email: "far@acme.example", GivenName: "Far", FamilyName: "Example", Location: "far", Active: true})
		})
		strikes := func(want string) {
			b.Helper()
			next, err := b.db.Outbox().Next(b.Context())
			if at := inAmsterdam(b.T, want); err != nil || !next.Equal(at) {
				b.Errorf("strikes at %v, %v, want %v", next, err, at)
			}
		}
		b.wantsDigest(worker(0), leave.DailyDigest, leave.DigestTeams)
		b.wantsDigest(worker(1), leave.DailyDigest, leave.DigestTeams)
		strikes("2026-03-27 07:00")
		b.wantsDigest(worker(2), leave.DailyDigest, leave.DigestTeams) // seven in Auckland is 19:00 of the day before
		strikes("2026-03-26 19:00")
		b.at("2026-03-27 07:00")
		if got, want := b.made(), "worker0 2026-03-27, worker1 2026-03-27"; got != want {
			b.Errorf("made %q", got)
		}
		b.makes("2026-03-29 19:00", "") // Monday in Auckland begins when it is Sunday here, and an hour later from that day on
		b.makes("2026-03-29 20:00", "worker2 2026-03-30")
		b.makes("2026-03-30 07:00", "worker0 2026-03-30, worker1 2026-03-30")
	})
}

// TestDigestEnds: with the access of its reader, and when they work here no more; then no clock strikes.
func TestDigestEnds(t *testing.T) {
	each(t, func(b *bureau) {
		b.at("2026-03-01 12:00")
		b.wantsDigest(worker(0), leave.DailyDigest, leave.DigestTeams)
		b.wantsDigest(worker(1), leave.DailyDigest, leave.DigestTeams)
		update(b.T, b.db, func(tx *store.Tx) error {
			if err := tx.ShutOut(worker(0)); err != nil {
				return err
			}
			return tx.SaveEmployment(people.Employment{ID: "e-worker1", Person: worker(1), From: day("2020-01-01"), To: day("2026-03-03")})
		})
		b.makes("2026-03-02 07:00", "worker1 2026-03-02")
		b.makes("2026-03-03 07:00", "worker1 2026-03-03")
		b.makes("2026-03-04 07:00", "")
		for i := range 2 {
			if got, err := b.Digest(b.Context(), worker(i)); err != nil || got.Every != leave.NoDigest {
				b.Errorf("worker%d: %+v, %v", i, got, err)
			}
		}
		if next, err := b.db.Outbox().Next(b.Context()); err != nil || next.Before(b.now.AddDate(1, 0, 0)) && !next.IsZero() {
			b.Errorf("something strikes at %v, %v", next, err)
		}
	})
}

// TestDigestsForgotten: the outbox keeps the last digest of a reader, and not all of them.
func TestDigestsForgotten(t *testing.T) {
	each(t, func(b *bureau) {
		b.at("2026-03-01 12:00")
		b.wantsDigest(worker(0), leave.DailyDigest, leave.DigestTeams)
		b.makes("2026-03-02 07:00", "worker0 2026-03-02")
		b.makes("2026-03-03 07:00", "worker0 2026-03-03")
		for key, want := range map[string]bool{"leave.digest:worker0:2026-03-02": false, "leave.digest:worker0:2026-03-03": true} {
			var got bool
			err := b.db.View(b.Context(), func(tx *store.Tx) (err error) {
				got, err = tx.Enqueued(key)
				return err
			})
			if err != nil || got != want {
				b.Errorf("%s: %v, %v, want %v", key, got, err, want)
			}
		}
	})
}
