// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"verlof/calendar"
	"verlof/internal/exact"
)

// TestOnward: until when leave may be taken tells what its year's end does to it, and is what holds the day after.
func TestOnward(t *testing.T) {
	at, end := calendar.On(2026, 11, 28), calendar.On(2026, 12, 31)

	for name, tt := range map[string]struct {
		over CarryOver
		want calendar.Date
		part bool
	}{
		"lapses":        {CarryOver{}, end, false},
		"until_july":    {CarryOver{All: true, Expires: MonthDay{7, 1}}, calendar.On(2027, 6, 30), false},
		"five_years":    {CarryOver{All: true, Valid: Term{Months: 60}}, calendar.On(2031, 12, 31), false},
		"without_end":   {CarryOver{All: true}, 0, false},
		"some":          {CarryOver{Max: exact.Int(5), Expires: MonthDay{7, 1}}, end, true},
		"less_than_new": {CarryOver{All: true, InAll: exact.Int(30)}, end, true},
		"on_a_day":      {CarryOver{All: true, On: MonthDay{4, 1}}, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			b := book(Terms{Amount: exact.Int(20), Accrual: AtYearStart, CarryOver: tt.over})
			s := b.Statement(worker("2026-01-01"), holiday, at)
			got := s.Buckets[0]
			if got.Last() != tt.want || (got.Onward != nil && got.Onward.Part) != tt.part {
				t.Errorf("until %s, %+v; want %s", got.Last(), got.Onward, tt.want)
			}
			leaver := worker("2026-01-01")
			leaver.Employments[0].To = end
			if got := b.Statement(leaver, holiday, at).Buckets[0]; got.Last() != got.Until {
				t.Errorf("who has left by then may take it until %s", got.Last())
			}
		})
	}
}

// TestOnwardHolds: what is said of a bucket is so on the day after its end, whatever happened before.
func TestOnwardHolds(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	terms := usualTerms
	terms.CarryOver = CarryOver{All: true, Expires: MonthDay{7, 1}}
	b, seen := book(terms), 0
	for range 600 {
		f := history(r, b)
		at := f.Employments[0].From.AddDays(r.IntN(900))
		for _, x := range b.Statement(f, holiday, at).Buckets {
			if x.Onward == nil {
				continue
			}
			for _, y := range b.Statement(f, holiday, x.Until.AddDays(1)).Buckets {
				if y.Carried && y.Year == x.Year {
					if seen++; y.Until != x.Last() {
						t.Fatalf("on %s said until %s, is until %s", at, x.Last(), y.Until)
					}
				}
			}
		}
	}
	if seen < 20 {
		t.Errorf("%d times only", seen)
	}
}

// TestNotToldYet: of a day to come it is not said that nobody was told by then; once the day is over it is.
func TestNotToldYet(t *testing.T) {
	b := book(Terms{Amount: exact.Int(20), Accrual: AtYearStart, CarryOver: CarryOver{All: true, Expires: MonthDay{7, 1}, Told: Told{Before: Term{Months: 2}}}})
	for today, want := range map[string]string{"2027-04-30": "not_told_yet", "2027-05-01": "not_told"} {
		f := worker("2026-01-01")
		f.Today = calendar.MustParse(today)
		var said []string
		for _, l := range b.Statement(f, holiday, calendar.On(2027, 12, 1)).Lines {
			for _, r := range l.Why {
				if strings.HasPrefix(r.Key, "not_told") {
					said = append(said, r.Key+" "+r.Args[1].(calendar.Date).String())
				}
			}
		}
		if want := []string{want + " 2027-04-30"}; !slices.Equal(said, want) {
			t.Errorf("on %s: %q, want %q", today, said, want)
		}
	}
}
