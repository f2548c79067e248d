// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"verlof/calendar"
	"verlof/internal/exact"
)

// each looks at random histories.
func each(t *testing.T, few int, look func(*testing.T, *life)) {
	from, n := histories(few)
	for seed := from; seed < from+n; seed++ {
		if look(t, newLife(seed)); t.Failed() {
			t.Fatalf("history %d", seed)
		}
	}
}

// differ tells how two statements differ, and is quick where they do not.
func differ(want, got Statement) string {
	if fmt.Sprintf("%+v", want) == fmt.Sprintf("%+v", got) {
		return ""
	}
	return cmp.Diff(want, got, cmpopts.EquateEmpty())
}

// TestNothingIsLostAtAll: under all terms, what was granted is what was taken,
// went and is left, at every date; the lines add up, and so does each bucket.
func TestNothingIsLostAtAll(t *testing.T) {
	each(t, 500, func(t *testing.T, l *life) {
		s := l.book.Statement(l.facts, l.typ, l.someDay())
		var sum exact.Rat
		for _, line := range s.Lines {
			if line.Kind != LineCarried {
				sum = sum.Add(line.Amount)
			}
			if !line.Balance.Equal(sum) {
				t.Errorf("the line of %s says %s, the lines add up to %s", line.Date, line.Balance, sum)
			}
		}
		acc := l.book.account(l.facts.sorted(), l.typ, s.At)
		run := ledger{account: acc, at: s.At, quiet: true}
		run.run(s.At)
		left := run.debt.Neg()
		for _, b := range run.buckets {
			left = left.Add(b.Left)
			if b.Left.Sign() < 0 || !b.Amount.Equal(b.Taken.Add(b.Gone).Add(b.Left)) {
				t.Errorf("bucket %+v does not add up", b.Bucket)
			}
		}
		if !left.Equal(s.Balance) || !sum.Equal(s.Balance) {
			t.Errorf("at %s buckets hold %s, lines come to %s, the balance is %s", s.At, left, sum, s.Balance)
		}
	})
}

// TestNobodyHoldsWhatIsOver: what somebody who works here holds may be taken today
// or later: nothing is kept of which the last day has gone by.
func TestNobodyHoldsWhatIsOver(t *testing.T) {
	each(t, 500, func(t *testing.T, l *life) {
		l.facts.Employments = l.facts.Employments[:1]
		for i := range l.facts.Contracts {
			l.facts.Contracts[i].Package = "all"
		}
		l.facts.Adjustments = slices.DeleteFunc(l.facts.Adjustments, func(a Adjustment) bool { return a.Date < l.facts.Contracts[0].From })
		at := l.someDay()
		s := l.book.Statement(l.facts, l.typ, at)
		left := exact.Rat{}
		for _, b := range s.Buckets {
			left = left.Add(b.Left)
		}
		if s.Covered && s.Balance.Cmp(left) > 0 {
			t.Errorf("at %s the balance is %s, and %s of it can be taken", at, s.Balance, left)
		}
	})
}

// TestDayByDay: what a statement says of a day stays, whenever it is looked at:
// computing every day gives the same as computing once.
func TestDayByDay(t *testing.T) {
	each(t, 15, func(t *testing.T, l *life) {
		end := l.start.AddDays(900)
		all := l.book.Statement(l.facts, l.typ, end).Lines
		n := 0
		for d := l.start.AddDays(-25); d <= end; d += calendar.Date(1 + l.IntN(5)) {
			s := l.book.Statement(l.facts, l.typ, d)
			for n < len(all) && all[n].Date <= d {
				n++
			}
			if diff := cmp.Diff(plain(all[:n]), plain(s.Lines)); diff != "" {
				t.Errorf("on %s (-at the end +on the day):\n%s", d, diff)
				return
			}
		}
	})
}

// plain returns what lines say. Those of takings are left out, since one of them
// may go on; they are in the balance of the next line.
func plain(lines []Line) []string {
	var out []string
	for _, l := range lines {
		if !l.takes() {
			out = append(out, fmt.Sprint(l.Date, l.Kind, l.Year, l.Amount, l.Balance))
		}
	}
	return out
}

// TestAnyOrderOfEntry: under all terms, entering facts in another order changes
// nothing.
func TestAnyOrderOfEntry(t *testing.T) {
	each(t, 200, func(t *testing.T, l *life) {
		at := l.someDay()
		want := l.book.Statement(l.facts, l.typ, at)
		f, b := *l.facts, *l.book
		f.Employments, f.Contracts = slices.Clone(f.Employments), slices.Clone(f.Contracts)
		slices.Reverse(f.Employments)
		slices.Reverse(f.Contracts)
		f.Requests, f.Adjustments, b.Policies = slices.Clone(f.Requests), slices.Clone(f.Adjustments), slices.Clone(b.Policies)
		l.Shuffle(len(f.Requests), func(i, j int) { f.Requests[i], f.Requests[j] = f.Requests[j], f.Requests[i] })
		slices.Reverse(f.Adjustments)
		f.Sickness = slices.Clone(f.Sickness)
		slices.Reverse(f.Sickness)
		slices.Reverse(b.Policies)
		last := f.Contracts[len(f.Contracts)-1]
		if diff := differ(want, b.Statement(&f, l.typ, at)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if f.Contracts[len(f.Contracts)-1] != last {
			t.Error("asking put the facts in another order")
		}
	})
}

// TestEditUndone: a change of facts and back again leaves the same statement, and
// no call of the engine changes the facts.
func TestEditUndone(t *testing.T) {
	each(t, 200, func(t *testing.T, l *life) {
		at := l.someDay()
		want := l.book.Statement(l.facts, l.typ, at)
		contract, terms := l.facts.Contracts[0], l.book.Policies[0].Terms
		l.facts.Contracts[0].Pattern = "none"
		l.book.Policies[0].Terms = l.terms()
		l.facts.Adjustments = append(l.facts.Adjustments, Adjustment{ID: "zz", Type: "holiday", Date: l.start.AddDays(30), Amount: exact.Int(3)})
		l.book.Statement(l.facts, l.typ, at)
		l.book.Available(l.facts, l.typ, at)
		l.facts.Contracts[0], l.book.Policies[0].Terms = contract, terms
		l.facts.Adjustments = l.facts.Adjustments[:len(l.facts.Adjustments)-1]
		if diff := differ(want, l.book.Statement(l.facts, l.typ, at)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// TestChangeUndone: days off, hours, employments or a way of counting that are changed and
// changed back leave the same statement; and meanwhile approved leave costs what it would
// be counted as, with what was written down at its approval as it was.
func TestChangeUndone(t *testing.T) {
	corrected := 0
	each(t, 300, func(t *testing.T, l *life) {
		at := l.someDay()
		want := l.book.Statement(l.facts, l.typ, at)
		book, facts := l.book, l.facts
		l.changed(l.Rand, l.someDay())
		for i, q := range l.facts.Requests {
			typ, _ := l.book.Type(q.Type)
			now, _ := l.book.Count(l.facts, typ, q.Span)
			if q.State == Approved && !l.imported && !slices.EqualFunc(q.Costs(), now, Charge.equal) {
				t.Errorf("%s costs %v, and would be counted as %v", q.ID, q.Costs(), now)
			}
			if !slices.EqualFunc(q.Charges, facts.Requests[i].Charges, Charge.equal) {
				t.Errorf("what was written down for %s is now %v", q.ID, q.Charges)
			}
			corrected += len(q.Corrections)
		}
		back := *facts
		back.Requests = l.facts.Requests
		l.recount(book, &back, l.someDay())
		got := l.book.Statement(l.facts, l.typ, at)
		if slices.ContainsFunc(facts.Requests, func(q Request) bool { return len(q.Corrections) > 0 }) {
			want, got = undated(want), undated(got) // a correction that went and came back is of the later day
		}
		if diff := differ(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	if corrected < 500 {
		t.Errorf("only %d days were corrected", corrected)
	}
}

// undated returns a statement without the lines of corrections, each of which says when
// the change was made, and of what is given back, which they part: what they come to stands
// in the balances.
func undated(s Statement) Statement {
	isCorrection := func(l Line) bool { return l.Kind == LineCorrection || l.Kind == LineGivenBack }
	ahead := slices.DeleteFunc(slices.Clone(s.Ahead), isCorrection)
	s.Lines, s.Ahead = slices.DeleteFunc(slices.Clone(s.Lines), isCorrection), ahead
	return s
}

// TestAcceptedStaysWithinTheLimit: asks at random, of which the accepted are
// booked, never take a day's balance below the limit of its policy.
func TestAcceptedStaysWithinTheLimit(t *testing.T) {
	booked := 0
	each(t, 50, func(t *testing.T, l *life) {
		l.facts.Requests, l.facts.Adjustments = nil, slices.DeleteFunc(l.facts.Adjustments, func(a Adjustment) bool { return a.Amount.Sign() < 0 })
		l.facts.Claims = slices.DeleteFunc(l.facts.Claims, func(c Claim) bool { return c.Kind == ClaimSale })
		l.book.Policies = l.book.Policies[:1]
		debt := l.book.Policies[0].Terms.Debt
		for i := range 25 {
			s := l.span(l.someDay())
			charges, _ := l.book.Count(l.facts, l.typ, s)
			if l.book.Refusal(l.facts, l.typ, s, charges) == nil {
				l.facts.Requests = append(l.facts.Requests, Request{ID: fmt.Sprintf("%03d", i), Type: "holiday", Span: s, State: Approved, Charges: charges})
				booked++
			}
		}
		lines := l.book.Statement(l.facts, l.typ, l.start.AddYears(6)).Lines
		for i, line := range lines {
			if i+1 < len(lines) && lines[i+1].takes() && lines[i+1].Kind != LineTaken {
				continue // a part of it was never taken
			}
			if line.Balance.Cmp(debt.Neg()) < 0 {
				t.Errorf("on %s the balance is %s, the limit %s: %d requests", line.Date, line.Balance, debt, len(l.facts.Requests))
				return
			}
		}
	})
	if booked < 100 {
		t.Errorf("only %d asks were accepted", booked)
	}
}

// TestAnyTimeZone: no result depends on where the server stands.
func TestAnyTimeZone(t *testing.T) {
	local := time.Local
	defer func() { time.Local = local }()
	want := map[uint64]Statement{}
	for _, name := range []string{"UTC", "Pacific/Auckland", "America/Los_Angeles"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		time.Local = zone
		for seed := range uint64(60) {
			l := newLife(seed)
			got := l.book.Statement(l.facts, l.typ, l.someDay())
			if name == "UTC" {
				want[seed] = got
			} else if diff := differ(want[seed], got); diff != "" {
				t.Fatalf("history %d in %s (-UTC +here):\n%s", seed, name, diff)
			}
		}
	}
}

// TestRoundingDoesNotDrift: all that is granted for a leave year differs from what
// it would be without rounding by less than a step, however many grants it has.
func TestRoundingDoesNotDrift(t *testing.T) {
	each(t, 500, func(t *testing.T, l *life) {
		rounded := l.yearSums()
		for i := range l.book.Policies {
			p := &l.book.Policies[i].Terms
			p.Rounding = Rounding{}
			p.Also = slices.Clone(p.Also)
			for k := range p.Also {
				p.Also[k].Rounding = Rounding{}
			}
		}
		for key, without := range l.yearSums() {
			off, step := rounded[key].sum.Sub(without.sum), rounded[key].step
			if off.Cmp(step) >= 0 && !off.IsZero() || off.Neg().Cmp(step) >= 0 && !off.IsZero() {
				t.Errorf("pot %d of the year from %s: %s rounded, %s without, the step is %s", key.pot, key.day, rounded[key].sum, without.sum, step)
			}
		}
	})
}

// yearSum is what a leave year grants, and the step to which it is rounded.
type yearSum struct{ sum, step exact.Rat }

// yearSums returns what each pot grants for each leave year, before any cap.
func (l *life) yearSums() map[naiveMove]yearSum {
	acc := l.book.account(l.facts.sorted(), l.typ, l.start.AddYears(4))
	work := &workLog{book: l.book, facts: l.facts}
	out := map[naiveMove]yearSum{}
	for pot := range acc.years.pots() {
		for _, y := range acc.years.pot(pot) {
			s := yearSum{}
			if y.terms.Rounding.Mode != Exact {
				s.step = exact.Max(y.terms.Rounding.Step, exact.New(int64(1-y.terms.Rounding.Step.Sign()), 1))
			}
			for _, g := range y.grants(work) {
				s.sum = s.sum.Add(g.amount)
			}
			out[naiveMove{pot, y.From}] = s
		}
	}
	return out
}

// TestAvailableByFlow: where leave has windows and nothing goes over, what is
// available is what the greatest flow from windows to takings leaves: no order of
// use finds more.
func TestAvailableByFlow(t *testing.T) {
	each(t, 400, func(t *testing.T, l *life) {
		l.typ, l.book.Types[0].Unit = Type{ID: "holiday", Unit: Days, Entitled: true, Counting: CalendarDays}, Days
		l.book.Policies = []Policy{{Package: "all", Type: "holiday"}}
		l.facts.Requests, l.facts.Adjustments, l.facts.Claims, l.facts.Fixed = nil, nil, nil, nil
		at := l.start.AddDays(30)
		var windows []calendar.Range
		for i := range 1 + l.IntN(5) {
			w := calendar.Range{From: l.start.AddDays(l.IntN(60))}
			w.To = w.From.AddDays(l.IntN(60))
			windows = append(windows, w)
			l.facts.Adjustments = append(l.facts.Adjustments, Adjustment{ID: fmt.Sprint(i), Type: "holiday", Date: w.From, Until: w.To, Amount: exact.Int(1)})
		}
		var later []calendar.Date
		for i := range l.IntN(5) {
			d := at.AddDays(1 + l.IntN(60))
			later = append(later, d)
			l.facts.Requests = append(l.facts.Requests, Request{ID: fmt.Sprint("r", i), Type: "holiday", State: Approved,
				Charges: []Charge{{Date: d, Days: exact.Int(1)}}})
		}
		most, kept := 0, fit(windows, later)
		for fit(windows, append(slices.Repeat([]calendar.Date{at}, most+1), later...)) == kept+most+1 {
			most++
		}
		got := l.book.Available(l.facts, l.typ, at)
		if most > 0 && !got.Equal(exact.Int(int64(most))) || most == 0 && got.Sign() > 0 {
			t.Errorf("on %s %s available, %d by flow: windows %v, taken %v", at, got, most, windows, later)
		}
	})
}

// fit returns for how many days at the most a window of one day each can be found,
// by searching for paths that let one more in.
func fit(windows []calendar.Range, days []calendar.Date) int {
	holds := make([]int, len(windows)) // place in days + 1
	var place func(day int, seen []bool) bool
	place = func(day int, seen []bool) bool {
		for i, w := range windows {
			if seen[i] || !w.Contains(days[day]) {
				continue
			}
			seen[i] = true
			if holds[i] == 0 || place(holds[i]-1, seen) {
				holds[i] = day + 1
				return true
			}
		}
		return false
	}
	n := 0
	for i := range days {
		if place(i, make([]bool, len(windows))) {
			n++
		}
	}
	return n
}
