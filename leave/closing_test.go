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
)

// closedLife is a history of which leave years were closed, one after the other, while
// not everything was known yet.
type closedLife struct {
	*life
	then []*life // as things stood at each closing
	open *Facts  // what is known now, with nothing closed
}

// newClosedLife closes some leave years of a history; false where there is none to
// close.
func newClosedLife(t *testing.T, seed uint64) (*closedLife, bool) {
	t.Helper()
	l := newLife(seed)
	r := rand.New(rand.NewPCG(seed, 3))
	end := l.start.AddDays(1200)
	l.settleUntil(end)
	open := *l.facts
	out := &closedLife{life: l, open: &open}
	for _, y := range l.book.LeaveYears(l.facts, l.typ, end) {
		if y.To > end || r.IntN(3) == 0 {
			continue
		}
		then := l.before(r)
		then.facts.Closings = l.facts.Closings
		c, ok := then.book.Close(then.facts, l.typ, y.To)
		if !ok {
			continue // the leave year lay otherwise then
		}
		c.ID = fmt.Sprint("c", len(out.then))
		l.facts.Closings = append(slices.Clip(l.facts.Closings), throughText(t, c))
		out.then = append(out.then, then)
	}
	return out, len(out.then) > 0
}

// throughText writes and reads what a closing keeps.
func throughText(t *testing.T, c Closing) Closing {
	t.Helper()
	text, err := c.Kept.Text()
	if err != nil {
		t.Fatal(err)
	}
	k, err := ParseKept(text)
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if diff := cmp.Diff(c.Kept, k, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("kept and read (-want +got):\n%s", diff)
	}
	c.Kept = k
	return c
}

// settleUntil leaves nothing undecided up to a day.
func (l *life) settleUntil(end calendar.Date) {
	l.facts.Requests = slices.DeleteFunc(l.facts.Requests, func(r Request) bool { return r.State == Pending && r.From <= end })
	l.facts.Claims = slices.DeleteFunc(l.facts.Claims, func(c Claim) bool { return c.State == Pending })
}

// before returns the history as somebody may have known it earlier: some of it was not
// entered yet, and some of the rules were others.
func (l *life) before(r *rand.Rand) *life {
	then, f, b := *l, *l.facts, *l.book
	then.facts, then.book = &f, &b
	f.Requests = slices.DeleteFunc(slices.Clone(f.Requests), func(Request) bool { return r.IntN(5) == 0 })
	f.Adjustments = slices.DeleteFunc(slices.Clone(f.Adjustments), func(Adjustment) bool { return r.IntN(4) == 0 })
	f.Claims = slices.DeleteFunc(slices.Clone(f.Claims), func(Claim) bool { return r.IntN(4) == 0 })
	f.Sickness = slices.DeleteFunc(slices.Clone(f.Sickness), func(Sickness) bool { return r.IntN(4) == 0 })
	if r.IntN(3) == 0 {
		b.Policies = slices.Clone(b.Policies)
		b.Policies[0].Terms.Amount = b.Policies[0].Terms.Amount.Add(exact.Int(1))
	}
	return &then
}

func eachClosed(t *testing.T, few int, look func(*testing.T, *closedLife)) {
	t.Helper()
	from, n := histories(few)
	looked := 0
	for seed := from; seed < from+n; seed++ {
		if l, ok := newClosedLife(t, seed); ok {
			looked++
			if look(t, l); t.Failed() {
				t.Fatalf("history %d", seed)
			}
		}
	}
	if looked*2 < int(n) && n > 20 {
		t.Errorf("only %d of %d histories had a year to close", looked, n)
	}
}

// TestClosedOrNot: after the years that are closed everything is as if they were not:
// what is left, of which leave, and what may be asked for. The figures of the year add
// up, and so do the reasons of the correction.
func TestClosedOrNot(t *testing.T) {
	corrected := 0
	eachClosed(t, 150, func(t *testing.T, l *closedLife) {
		end := l.facts.closings(l.typ).end()
		at := end.AddDays(1 + l.IntN(800))
		want, got := l.book.Statement(l.open, l.typ, at), l.book.Statement(l.facts, l.typ, at)
		if !want.Balance.Equal(got.Balance) || !want.Available.Equal(got.Available) || !want.Totals().Left.Equal(got.Totals().Left) {
			t.Errorf("at %s, closed to %s: %s left, %s available, want %s and %s", at, end, got.Balance, got.Available, want.Balance, want.Available)
		}
		if diff := cmp.Diff(want.Buckets, got.Buckets); diff != "" {
			t.Errorf("buckets (-open +closed):\n%s", diff)
		}
		if diff := cmp.Diff(dated(want, end), dated(got, end), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("lines of open days (-open +closed):\n%s", diff)
		}
		corrected += checkLines(t, got)
	})
	if corrected < 20 {
		t.Errorf("only %d corrections were seen", corrected)
	}
}

// dated returns the lines after a day, without corrections.
func dated(s Statement, d calendar.Date) []Line {
	lines := slices.DeleteFunc(slices.Concat(s.Lines, s.Ahead), func(l Line) bool { return l.Date <= d || l.Kind == LineCorrection && l.Request == "" })
	return slices.DeleteFunc(lines, func(l Line) bool { // a taking that began before
		return l.takes()
	})
}

// checkLines adds up the lines, and the differences of each correction, and counts
// those.
func checkLines(t *testing.T, s Statement) (corrections int) {
	t.Helper()
	var sum exact.Rat
	for _, line := range slices.Concat(s.Lines, s.Ahead) {
		if line.Kind != LineCarried {
			sum = sum.Add(line.Amount)
		}
		if !line.Balance.Equal(sum) {
			t.Errorf("the line of %s (%s) says %s, the lines add up to %s", line.Date, line.Kind, line.Balance, sum)
		}
		if line.Kind != LineCorrection || line.Request != "" {
			continue
		}
		corrections++
		var differs exact.Rat
		for _, d := range line.Differs {
			differs = differs.Add(d.Is).Sub(d.Was)
		}
		if !differs.Equal(line.Amount) {
			t.Errorf("the correction of %s comes to %s, its reasons to %s: %+v", line.Date, line.Amount, differs, line.Differs)
		}
	}
	return corrections
}

// TestClosedYearStays: a day in a closed year looks as it did when the year was closed,
// whatever is known by now.
func TestClosedYearStays(t *testing.T) {
	eachClosed(t, 150, func(t *testing.T, l *closedLife) {
		for i, c := range l.facts.Closings {
			prior := calendar.Date(0)
			if i > 0 {
				prior = l.facts.Closings[i-1].Year.To
			}
			for range 3 {
				at := c.Year.To.AddDays(-l.IntN(200))
				if at <= prior || l.IntN(5) == 0 {
					at = c.Year.To
				}
				then := l.then[i]
				was, is := then.book.Statement(then.facts, l.typ, at), l.book.Statement(l.facts, l.typ, at)
				all := then.book.Statement(then.facts, l.typ, c.Year.To)
				if diff := cmp.Diff(finished(all, c.Year.To), finished(is, c.Year.To)); diff != "" {
					t.Errorf("at %s (-then +now):\n%s", at, diff)
				}
				if !was.Balance.Equal(is.Balance) || !was.Taken.Equal(is.Taken) || !was.Entitled.Equal(is.Entitled) || !was.Lost.Equal(is.Lost) {
					t.Errorf("at %s then %s of %s, now %s of %s", at, was.Balance, was.Entitled, is.Balance, is.Entitled)
				}
				// The year is over: what goes over of it the lines of the next one tell.
				if diff := cmp.Diff(was.Buckets, is.Buckets, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Bucket{}, "Onward")); diff != "" {
					t.Errorf("buckets at %s (-then +now):\n%s", at, diff)
				}
				if is.Year != was.Year || is.Closed == nil || is.Closed.ID != c.ID {
					t.Errorf("at %s year %v, closed %v; then %v", at, is.Year, is.Closed, was.Year)
				}
			}
		}
	})
}

// finished returns what the lines up to a day say. Those of a request are put together,
// since a line of them may go on, as that of a taking and of its correction.
func finished(s Statement, to calendar.Date) map[string]exact.Rat {
	out := map[string]exact.Rat{}
	for _, l := range slices.Concat(s.Lines, s.Ahead) {
		if l.Date <= to {
			key := fmt.Sprint(l.Kind, l.Date, l.Year, l.Why)
			if l.Request != "" {
				key = fmt.Sprint(l.Kind, l.Request)
			}
			out[key] = out[key].Add(l.Amount)
		}
	}
	return out
}

// TestReopened: with the latest year open again, the statement is what it was before
// that was closed.
func TestReopened(t *testing.T) {
	eachClosed(t, 60, func(t *testing.T, l *closedLife) {
		at := l.someDay()
		f, n := *l.facts, len(l.facts.Closings)
		f.Closings = slices.Clone(f.Closings[:n-1])
		want := l.book.Statement(&f, l.typ, at)
		c, ok := l.book.Close(&f, l.typ, l.facts.Closings[n-1].Year.To)
		if !ok {
			t.Fatal("what was closed and is settled can be closed again")
		}
		f.Closings = append(f.Closings, c)
		if s := l.book.Statement(&f, l.typ, c.Year.To.AddDays(1)); slices.ContainsFunc(s.Lines, func(x Line) bool { return x.Kind == LineCorrection && x.Request == "" && x.Date > c.Year.To }) {
			t.Error("nothing is corrected of a year that was closed a moment ago")
		}
		f.Closings = f.Closings[:n-1]
		if diff := differ(want, l.book.Statement(&f, l.typ, at)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// TestOrderOfClosings: the order in which closings are listed changes nothing, and no
// statement changes what they keep.
func TestOrderOfClosings(t *testing.T) {
	eachClosed(t, 60, func(t *testing.T, l *closedLife) {
		at := l.someDay()
		want := l.book.Statement(l.facts, l.typ, at)
		f := *l.facts
		f.Closings = slices.Clone(f.Closings)
		slices.Reverse(f.Closings)
		if diff := differ(plainClosed(want), plainClosed(l.book.Statement(&f, l.typ, at))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// plainClosed leaves out the address of what is kept.
func plainClosed(s Statement) Statement {
	s.Closed = nil
	return s
}

// TestUnread: what closings keep need not be read for the figures of a later day.
func TestUnread(t *testing.T) {
	eachClosed(t, 60, func(t *testing.T, l *closedLife) {
		end := l.facts.closings(l.typ).end()
		f := *l.facts
		f.Closings = slices.Clone(f.Closings)
		for i := range f.Closings {
			f.Closings[i].Kept = nil
		}
		at := end.AddDays(1 + l.IntN(800))
		want, got := l.book.Statement(l.facts, l.typ, at), l.book.Statement(&f, l.typ, at)
		if want.Totals() != got.Totals() {
			t.Errorf("at %s: %+v, want %+v", at, got.Totals(), want.Totals())
		}
	})
}

// TestNotClosed: what is not decided, what is not over as a leave year, and what is
// closed already cannot be closed.
func TestNotClosed(t *testing.T) {
	eachClosed(t, 100, func(t *testing.T, l *closedLife) {
		n := len(l.facts.Closings)
		last := l.facts.Closings[n-1]
		f := *l.facts
		f.Closings = f.Closings[:n-1]
		if _, ok := l.book.Close(l.facts, l.typ, last.Year.To); ok {
			t.Error("closed twice")
		}
		if _, ok := l.book.Close(&f, l.typ, last.Year.To-1); ok {
			t.Error("no leave year ends the day before")
		}
		f.Requests = append(slices.Clone(f.Requests), Request{ID: "waits", Type: l.typ.ID, State: Pending, Span: Span{From: last.Year.To, To: last.Year.To + 3}})
		if _, ok := l.book.Close(&f, l.typ, last.Year.To); ok {
			t.Error("a request waits")
		}
		if left := l.book.Unsettled(&f, l.typ, last.Year.To); len(left) != 1 || left[0].Date() != last.Year.To {
			t.Errorf("unsettled: %+v", left)
		}
	})
}

// TestNaiveClosed: the slow engine, which looks at each state of knowledge by itself,
// comes to the same sums of lines.
func TestNaiveClosed(t *testing.T) {
	eachClosed(t, 40, func(t *testing.T, l *closedLife) {
		want, kept := map[LineKind]exact.Rat{}, exact.Rat{}
		prior := calendar.Date(0)
		for i, c := range l.facts.Closings {
			l.then[i].addNaive(want, prior, c.Year.To)
			now := l.then[i].naiveAt(c.Year.To, c.Year.To).balance()
			if prior > 0 {
				want[LineCorrection] = want[LineCorrection].Add(l.then[i].naiveAt(prior, c.Year.To).balance()).Sub(kept)
			}
			prior, kept = c.Year.To, now
		}
		at := prior.AddDays(1 + l.IntN(600))
		now := &life{book: l.book, facts: l.open, typ: l.typ}
		now.addNaive(want, prior, at)
		want[LineCorrection] = want[LineCorrection].Add(now.naiveAt(prior, at).balance()).Sub(kept)
		got := sumsByKind(l.book.Statement(l.facts, l.typ, at).Lines)
		for _, k := range []LineKind{LineGrant, LineCarried, LineLapsed, LineExpired, LinePaid, LineTaken, LineGivenBack, LineAdjustment, LineOvertime, LineBought, LineSold, LineCorrection} {
			if !got[k].Equal(want[k]) {
				t.Errorf("%s at %s: %s, naive %s", k, at, got[k], want[k])
			}
		}
	})
}

// naiveAt returns the slow engine at the end of a day, by what is known on another.
func (l *life) naiveAt(at, known calendar.Date) *naiveRun {
	last := at
	for _, r := range l.facts.Requests {
		last = max(last, r.To)
	}
	for _, a := range l.facts.Adjustments {
		last = max(last, a.Date)
	}
	n := newNaive(l.book, l.facts, l.typ, last)
	n.known = known
	r := n.prepare()
	r.run(at, 0, exact.Rat{})
	return r
}

// addNaive adds what the slow engine books after one day and up to another.
func (l *life) addNaive(sums map[LineKind]exact.Rat, after, to calendar.Date) {
	for k, x := range l.naiveAt(to, to).sums {
		sums[k] = sums[k].Add(x)
	}
	if after > 0 {
		for k, x := range l.naiveAt(after, to).sums {
			sums[k] = sums[k].Sub(x)
		}
	}
}
