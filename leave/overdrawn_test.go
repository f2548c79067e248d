// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
)

// TestOverdrawn: who asks for too much is told how much too much it is, where that is known; a taking that is booked already and
// would go short says nothing of it.
func TestOverdrawn(t *testing.T) {
	june, july := calendar.MustParse("2026-06-01"), calendar.MustParse("2026-07-06")
	terms := Terms{Amount: exact.Int(20), FullTime: exact.Int(5), Accrual: AtYearStart}
	for name, tt := range map[string]struct {
		from   calendar.Date
		days   int
		booked int // working days from july on
		debt   int64
		want   string
	}{
		"just_enough":       {june, 20, 0, 0, ""},
		"one_too_much":      {june, 21, 0, 0, "balance_by [21 20 1]"},
		"what_is_booked":    {june, 15, 10, 0, "balance_by [15 10 5]"},
		"nothing_is_left":   {june, 1, 20, 0, "balance_by [1 0 1]"},
		"less_than_nothing": {june, 1, 22, 0, "balance []"},
		"below_zero":        {june, 22, 0, 1, "balance []"},
	} {
		t.Run(name, func(t *testing.T) {
			terms.Debt = exact.Int(tt.debt)
			b, f := book(terms), worker("2026-01-01")
			span := func(from calendar.Date, n int) Request {
				r := Request{ID: from.String(), Type: holiday.ID, Span: Span{From: from, To: from}, State: Approved}
				for r.Charges, _ = b.Count(f, holiday, r.Span); len(r.Charges) < n; r.Charges, _ = b.Count(f, holiday, r.Span) {
					r.To = r.To.AddDays(1)
				}
				return r
			}
			if tt.booked > 0 {
				f.Requests = append(f.Requests, span(july, tt.booked))
			}
			r, got := span(tt.from, tt.days), ""
			if err := b.Refusal(f, holiday, r.Span, r.Charges); err != nil {
				e := errs.As(err)
				var amounts []string
				for i := 1; i < len(e.Args); i += 2 {
					amounts = append(amounts, e.Args[i].(Amount).Value.String())
				}
				got = fmt.Sprint(e.Sentence()[len("leave.error."):], " ", amounts)
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestOverdrawnAtTheEnd: who asks for days beyond the last one on which leave may be taken is told which that is.
func TestOverdrawnAtTheEnd(t *testing.T) {
	b := book(Terms{Amount: exact.Int(20), FullTime: exact.Int(5), Accrual: AtYearStart})
	f := worker("2026-01-01")
	f.Employments[0].To = calendar.MustParse("2027-01-31") // little is due in that year
	s := Span{From: calendar.MustParse("2026-12-21"), To: calendar.MustParse("2027-01-15")}
	charges, _ := b.Count(f, holiday, s)
	e := errs.As(b.Refusal(f, holiday, s, charges))
	if e.Public != "leave.error.balance" || e.Sentence() != "leave.error.balance_until" || fmt.Sprint(e.Args[1], e.Args[3]) != "{20 days} 2026-12-31" {
		t.Errorf("%s, %s, %v", e.Public, e.Sentence(), e.Args)
	}
}

// TestOverdrawnByThat: without as much of its last days as a refusal says, the same leave is granted.
func TestOverdrawnByThat(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 29))
	terms := usualTerms
	terms.Debt = exact.Rat{}
	b, said := book(terms), 0
	for range 100 {
		f := history(r, b)
		asked := f.Requests
		f.Requests = nil
		for _, q := range asked {
			err := b.overdrawn(f, holiday, q)
			if err == nil {
				f.Requests = append(f.Requests, q)
				continue
			}
			if errs.As(err).Closer == "" {
				continue
			}
			said++
			less := shorter(q, errs.As(err).Args[5].(Amount).Value)
			if more := b.overdraws(f, holiday, less); len(less.Charges) > 0 && more.Sign() > 0 {
				t.Errorf("%v from %s to %s, and so much less is too much still", errs.As(err).Args, q.From, q.To)
			}
		}
	}
	if said < 50 {
		t.Errorf("said %d times", said)
	}
}

// shorter returns a request without so many of its last days, or a little less.
func shorter(q Request, less exact.Rat) Request {
	q.Charges = slices.Clone(q.Charges)
	for ; less.Sign() > 0; q.To = q.Charges[len(q.Charges)-1].Date {
		less = less.Sub(q.Charges[len(q.Charges)-1].Days)
		if q.Charges = q.Charges[:len(q.Charges)-1]; len(q.Charges) == 0 {
			return q
		}
	}
	return q
}
