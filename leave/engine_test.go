// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/people"
)

// holiday is a type kept in days.
var holiday = Type{ID: "holiday", Unit: Days, Counting: WorkingTime, Entitled: true}

// book returns rules for holiday with these terms since ever, and two patterns.
func book(terms Terms) *Rulebook {
	return &Rulebook{
		Types:    []Type{holiday},
		Policies: []Policy{{Package: "all", Type: holiday.ID, Terms: terms}},
		Patterns: map[string]calendar.Pattern{
			"full": calendar.MustParsePattern("mon-fri"),
			"part": calendar.MustParsePattern("mon tue wed 09:00-13:00 14:00-17:00"),
		},
		Holidays: map[string]*calendar.Holidays{"": calendar.NewHolidays(
			calendar.Holiday{Date: calendar.MustParse("2024-12-25"), Key: "christmas-day"})},
	}
}

var usualTerms = Terms{Amount: exact.Int(25), FullTime: exact.Int(5), Accrual: AtYearStart, Proration: ByMonths,
	CarryOver: CarryOver{Max: exact.Int(5), Keep: exact.Int(2), Expires: MonthDay{4, 1}}, Debt: exact.Int(2)}

// worker returns somebody who has worked full time since from.
func worker(from string) *Facts {
	d := calendar.MustParse(from)
	return &Facts{Record: people.Record{
		Person:      people.Person{ID: "ana", Active: true},
		Employments: []people.Employment{{ID: "e", From: d}},
		Contracts:   []people.Contract{{ID: "c", From: d, Pattern: "full", Package: "all"}},
	}}
}

// history returns random facts: a change of pattern, perhaps a leaving day, and
// leave that does not overlap.
func history(r *rand.Rand, b *Rulebook) *Facts {
	start := calendar.On(2019+r.IntN(3), 1, 1+r.IntN(365))
	f := worker(start.String())
	if r.IntN(2) == 0 {
		f.Contracts = append(f.Contracts, people.Contract{ID: "c2", From: start.AddDays(r.IntN(900)), Pattern: "part", Package: "all"})
	}
	if r.IntN(4) == 0 {
		f.Employments[0].To = start.AddDays(900 + r.IntN(600))
	}
	for d := start; d < start.AddYears(4); d = d.AddDays(5 + r.IntN(60)) {
		s := Span{From: d, To: d.AddDays(r.IntN(8))}
		q := Request{ID: fmt.Sprintf("%06d", d), Type: holiday.ID, Span: s, State: Approved}
		if r.IntN(4) == 0 {
			q.State = Pending
		}
		q.Charges, _ = b.Count(f, holiday, s)
		f.Requests = append(f.Requests, q)
		d = s.To
	}
	for i := range r.IntN(3) {
		f.Adjustments = append(f.Adjustments, Adjustment{ID: fmt.Sprint(i), Type: holiday.ID, Date: start.AddDays(r.IntN(1200)),
			Amount: exact.New(int64(r.IntN(9)-4), 2)})
	}
	return f
}

// TestNothingIsLost: at every date, what was granted is what was taken, went and
// is left; and the lines add up to the balance.
func TestNothingIsLost(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	for i := range 400 {
		b := book(usualTerms)
		f := history(r, b)
		at := f.Employments[0].From.AddDays(r.IntN(1600))
		s := b.Statement(f, holiday, at)
		var sum, granted, taken exact.Rat
		for _, l := range s.Lines {
			if l.Kind != LineCarried {
				sum = sum.Add(l.Amount)
			}
			switch {
			case l.Kind == LineGrant:
				granted = granted.Add(l.Amount)
			case l.Kind == LineTaken:
				taken = taken.Sub(l.Amount)
			}
			if !l.Balance.Equal(sum) {
				t.Fatalf("history %d: the line of %s says %s, the lines add up to %s", i, l.Date, l.Balance, sum)
			}
		}
		if !s.Balance.Equal(sum) {
			t.Fatalf("history %d: balance %s, lines %s", i, s.Balance, sum)
		}
		var booked exact.Rat
		for _, q := range f.Requests {
			for _, c := range q.Charges {
				if c.Date <= at {
					booked = booked.Add(c.Days)
				}
			}
		}
		if !booked.Equal(taken) {
			t.Fatalf("history %d: %s booked up to %s, %s in the lines", i, booked, at, taken)
		}
		var left exact.Rat
		for _, x := range s.Buckets {
			left = left.Add(x.Left)
			if x.Left.Sign() < 0 || !x.Amount.Equal(x.Taken.Add(x.Gone).Add(x.Left)) {
				t.Fatalf("history %d: bucket %+v does not add up", i, x)
			}
		}
		if s.Balance.Sign() > 0 && f.EmployedOn(at) && !left.Equal(s.Balance) {
			t.Fatalf("history %d at %s: buckets hold %s, the balance is %s", i, at, left, s.Balance)
		}
	}
}

// TestOrderOfEntry: entering facts in another order changes nothing.
func TestOrderOfEntry(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for range 200 {
		b := book(usualTerms)
		f := history(r, b)
		at := f.Employments[0].From.AddDays(1400)
		want := b.Statement(f, holiday, at)
		slices.Reverse(f.Contracts)
		r.Shuffle(len(f.Requests), func(i, j int) { f.Requests[i], f.Requests[j] = f.Requests[j], f.Requests[i] })
		r.Shuffle(len(f.Adjustments), func(i, j int) { f.Adjustments[i], f.Adjustments[j] = f.Adjustments[j], f.Adjustments[i] })
		if diff := cmp.Diff(want, b.Statement(f, holiday, at), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	}
}

// TestAvailable: what is said to be available can be asked for, half a day more
// cannot, and asking for it leaves nothing booked short.
func TestAvailable(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 17))
	terms := usualTerms
	terms.Debt = exact.Rat{}
	asked := 0
	for i := range 300 {
		b := book(terms)
		f := history(r, b)
		f.Adjustments = nil
		f.Requests = slices.DeleteFunc(f.Requests, func(Request) bool { return r.IntN(3) > 0 })
		at := f.Employments[0].From.AddDays(r.IntN(1200))
		c, ok := f.ContractOn(at)
		if !ok || c.Pattern != "full" {
			continue
		}
		free := b.Available(f, holiday, at)
		if free.Sign() <= 0 {
			continue
		}
		asked++
		q := Request{ID: "x", Type: holiday.ID, State: Approved, Charges: []Charge{{Date: at, Days: free}}}
		if more := b.overdraws(f, holiday, q); more.Sign() > 0 {
			t.Fatalf("history %d: %s are available on %s but cannot be taken", i, free, at)
		}
		q.Charges[0].Days = free.Add(exact.New(1, 2))
		if more := b.overdraws(f, holiday, q); more.Sign() <= 0 {
			t.Fatalf("history %d: more than the %s available on %s can be taken", i, free, at)
		}
	}
	if asked < 50 {
		t.Fatalf("only %d histories had something to ask for", asked)
	}
}

// TestTotals: the tiles of a leave year add up.
func TestTotals(t *testing.T) {
	b := book(usualTerms)
	f := worker("2023-01-01")
	book := func(id, from, to string, state State) {
		s := Span{From: calendar.MustParse(from), To: calendar.MustParse(to)}
		q := Request{ID: id, Type: holiday.ID, Span: s, State: state}
		q.Charges, _ = b.Count(f, holiday, s)
		f.Requests = append(f.Requests, q)
	}
	book("1", "2024-02-05", "2024-02-07", Approved) // three of the five carried
	book("2", "2024-08-05", "2024-08-09", Approved)
	book("3", "2024-12-23", "2024-12-27", Pending) // Christmas Day costs nothing
	s := b.Statement(f, holiday, calendar.MustParse("2024-05-01"))
	for what, c := range map[string][2]exact.Rat{
		"entitled": {s.Entitled, exact.Int(25)}, "carried": {s.Carried, exact.Int(5)}, "lost": {s.Lost, exact.Int(0)},
		"taken": {s.Taken, exact.Int(3)}, "planned": {s.Planned, exact.Int(5)}, "pending": {s.Pending, exact.Int(4)},
		"balance": {s.Balance, exact.Int(27)}, "available": {s.Available, exact.Int(18)},
	} {
		if !c[0].Equal(c[1]) {
			t.Errorf("%s %s, want %s", what, c[0], c[1])
		}
	}
	if !s.Covered || s.Year.String() != "2024-01-01..2024-12-31" {
		t.Errorf("year %s covered %v", s.Year, s.Covered)
	}
}

// BenchmarkStatement is the account of one person over ten years: twelve times two days in
// each, and an adjustment.
func BenchmarkStatement(b *testing.B) {
	rules := book(usualTerms)
	f := worker("2016-01-01")
	for d := calendar.MustParse("2016-01-11"); d.Year() < 2026; d = d.AddDays(28) {
		s := Span{From: d, To: d.AddDays(1)}
		q := Request{ID: d.String(), Type: holiday.ID, Span: s, State: Approved}
		q.Charges, _ = rules.Count(f, holiday, s)
		f.Requests = append(f.Requests, q)
	}
	for y := range 10 {
		d := calendar.MustParse("2016-04-01").AddYears(y)
		f.Adjustments = append(f.Adjustments, Adjustment{ID: d.String(), Type: holiday.ID, Date: d, Amount: exact.Int(1), Reason: "moved house"})
	}
	at := calendar.MustParse("2025-11-26")
	b.ReportAllocs()
	for b.Loop() {
		rules.Statement(f, holiday, at)
	}
}

// TestOpens: where leave is due from the first day taken, what can be asked for before
// that day explains itself; where its window is open, the lines do.
func TestOpens(t *testing.T) {
	rule := EventRule{Kind: FirstDay, Weeks: true, Within: Term{Months: 12}, Paid: 70}
	b, f := book(Terms{Amount: exact.Int(2), Event: rule}), worker("2024-01-01")
	taken := Span{From: calendar.MustParse("2026-02-10"), To: calendar.MustParse("2026-02-13")}
	for _, tt := range []struct {
		at        string
		leave     bool
		available int64
		opens     bool
	}{
		{"2026-01-05", false, 10, true},
		{"2026-01-05", true, 6, true}, // the first day would be this one, and what is booked lies in its window
		{"2026-02-10", true, 6, false},
		{"2027-02-09", true, 6, false},
		{"2027-02-10", true, 10, true},
	} {
		f.Requests = nil
		if tt.leave {
			f.Requests = []Request{{ID: "r", Type: holiday.ID, Span: taken, State: Approved}}
			f.Requests[0].Charges, _ = b.Count(f, holiday, taken)
		}
		s := b.Statement(f, holiday, calendar.MustParse(tt.at))
		if !s.Available.Equal(exact.Int(tt.available)) {
			t.Errorf("%s, leave booked %t: %v available, want %d", tt.at, tt.leave, s.Available, tt.available)
		}
		var say []string
		for _, l := range s.Opens {
			say = append(say, fmt.Sprintf("%s %s %v -> %v %v", l.Date, l.Kind, l.Amount, l.Balance, l.Why))
		}
		var want []string
		if tt.opens {
			at := calendar.MustParse(tt.at)
			want = []string{fmt.Sprintf("%s grant 10 -> %v [{event_first-day [date %s]} {week [amount {5 days}]} {until [date %s]} {paid [percent 70]}]",
				at, s.Balance.Add(exact.Int(10)), at, at.AddYears(1).AddDays(-1))}
		}
		if diff := cmp.Diff(want, say); diff != "" {
			t.Errorf("%s, leave booked %t (-want +got):\n%s", tt.at, tt.leave, diff)
		}
	}
}

// TestSaysWhatItCountsWith has a level, and what comes with an age, be reached within a period: the reasons name the amount with
// which the period counts.
func TestSaysWhatItCountsWith(t *testing.T) {
	b, f := book(Terms{Amount: exact.Int(20), Accrual: MonthEnd, Levels: []Level{{After: 6, Amount: exact.Int(24)}},
		Bonuses: []Bonus{{Amount: exact.Int(2), Age: 50}}}), worker("2026-01-15")
	f.Person.Born = calendar.MustParse("1976-09-10")
	var bonuses []string
	for _, l := range b.Statement(f, holiday, calendar.MustParse("2026-12-31")).Lines {
		year, base := l.Why[0], l.Formula[0].Base
		if said := year.Args[3].(Amount).Value; year.Key != "year" || !said.Equal(base) {
			t.Errorf("%s counts with %v, and says %v", l.Date, base, said)
		}
		if base.Equal(exact.Int(26)) {
			bonuses = append(bonuses, l.Date.String()+" "+l.Why[1].Key)
		}
	}
	if got := fmt.Sprint(bonuses); got != "[2026-10-31 bonus_age 2026-11-30 bonus_age 2026-12-31 bonus_age]" {
		t.Errorf("more by age: %s", got)
	}
}
