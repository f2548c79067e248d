// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"verlof/calendar"
	"verlof/internal/exact"
)

// histories returns how many random histories a test looks at: few in an ordinary
// run, all with VERLOF_HISTORIES=100000, which is how the engine is to be tried
// after a change of it. VERLOF_HISTORY is the number of the first.
func histories(few int) (from, n uint64) {
	if s, err := strconv.ParseUint(os.Getenv("VERLOF_HISTORY"), 10, 64); err == nil {
		from, few = s, 1
	}
	if s, err := strconv.ParseUint(os.Getenv("VERLOF_HISTORIES"), 10, 64); err == nil {
		return from, s
	}
	return from, uint64(few)
}

// TestNaive: the engine and the slow one agree. All 100,000 histories:
//
//	VERLOF_HISTORIES=100000 go test -run TestNaive -timeout 0 ./leave
func TestNaive(t *testing.T) {
	from, n := histories(500)
	wrong := 0
	for seed := from; seed < from+n && wrong < 5; seed++ {
		l := newLife(seed)
		at := l.someDay()
		if diff := disagreement(l, at); diff != "" {
			wrong++
			t.Errorf("history %d on %s: %s", seed, at, diff)
		}
	}
}

// disagreement compares the engine with the naive one on a day: empty when they
// agree.
func disagreement(l *life, at calendar.Date) string {
	got := l.book.Statement(l.facts, l.typ, at)
	last := at
	for _, r := range l.facts.Requests {
		last = max(last, r.To)
	}
	for _, a := range l.facts.Adjustments {
		last = max(last, a.Date)
	}
	n := newNaive(l.book, l.facts, l.typ, last)
	n.known = at
	r := n.prepare()
	r.run(at, 0, exact.Rat{})
	if x := r.balance(); !x.Equal(got.Balance) {
		return fmt.Sprintf("balance %s, naive %s\n%v\n%v", got.Balance, x, sumsByKind(got.Lines), r.sums)
	}
	for _, k := range []LineKind{LineGrant, LineCarried, LineLapsed, LineExpired, LinePaid, LineTaken, LineGivenBack, LineCorrection, LineAdjustment, LineOvertime, LineBought, LineSold} {
		if x := sumsByKind(got.Lines)[k]; !x.Equal(r.sums[k]) {
			return fmt.Sprintf("%s %s, naive %s", k, x, r.sums[k])
		}
	}
	if diff := pursesDiffer(got.Buckets, r.purses, at); diff != "" {
		return diff
	}
	if l.book.opens(l.typ) {
		r = n.prepareFor(at)
	}
	return r.availableDiffers(got.Available, at, last)
}

func sumsByKind(lines []Line) map[LineKind]exact.Rat {
	out := map[LineKind]exact.Rat{}
	for _, l := range lines {
		out[l.Kind] = out[l.Kind].Add(l.Amount)
	}
	return out
}

// origin is what is told of open leave.
type origin struct {
	year    int
	class   Class
	until   calendar.Date
	carried bool
}

func pursesDiffer(got []Bucket, want []naivePurse, at calendar.Date) string {
	left := map[origin]exact.Rat{}
	for _, b := range got {
		o := origin{b.Year, b.Class, b.Until, b.Carried}
		left[o] = left[o].Add(b.Left)
	}
	for _, p := range want {
		if p.until >= at {
			o := origin{p.year, p.class, p.until, p.carried}
			left[o] = left[o].Sub(p.left)
		}
	}
	for o, x := range left {
		if !x.IsZero() {
			return fmt.Sprintf("left of %+v differs by %s\n%+v\n%+v", o, x, got, want)
		}
	}
	return ""
}

// little is less than anybody asks for.
var little = exact.New(1, 10_000)

// availableDiffers tries amounts: what is available leaves nothing booked later
// short, a little more does.
func (r *naiveRun) availableDiffers(got exact.Rat, at, last calendar.Date) string {
	year := calendar.On(at.Year(), 12, 31)
	if i := r.on(at).year; i >= 0 {
		year = r.years[i].own.To
	}
	none, owed := r.lost(last, at, last, exact.Rat{})
	if got.Sign() > 0 {
		if owed.Sign() > 0 {
			return "" // what is owed and what there is offset each other
		}
		if x, _ := r.lost(last, at, last, got); x.Cmp(none) > 0 || r.missed[at].Sign() > 0 {
			return fmt.Sprintf("available %s leaves %s short, not %s", got, x, none)
		}
		if x, _ := r.lost(last, at, last, got.Add(little)); x.Cmp(none) <= 0 && r.missed[at].IsZero() {
			return fmt.Sprintf("more than the %s available is there: %s short, not %s", got, x, none)
		}
		return ""
	}
	if x, _ := r.lost(last, at, last, little); owed.IsZero() && x.Cmp(none) <= 0 && r.missed[at].IsZero() {
		return fmt.Sprintf("available %s, but something can be taken", got)
	}
	if short, _ := r.lost(last, at, year, exact.Rat{}); owed.IsZero() && !got.Equal(short.Neg()) {
		return fmt.Sprintf("available %s, but %s are booked beyond what there is", got, short)
	}
	return ""
}
