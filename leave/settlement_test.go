// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/people"
)

var settledTypes = &Rulebook{Types: []Type{{ID: "holiday", Unit: Days, GiveBack: BackAlways}, {ID: "special", Unit: Days}}}

// settles settles a month of 2026, on its last day.
func settles(t *testing.T, so Settlements, month time.Month, everybody ...*Facts) Settlements {
	t.Helper()
	period := calendar.MonthOf(2026, month)
	s, err := settledTypes.Settle(everybody, so, period, period.To)
	if err != nil {
		t.Fatal(err)
	}
	return append(so, s)
}

// by gives requests to somebody.
func by(who people.ID, requests ...Request) *Facts {
	f := &Facts{Requests: requests}
	f.Person.ID = who
	for i := range requests {
		requests[i].Person = who
	}
	return f
}

// ledgerText writes lines of settlements.
func ledgerText(lines []SettledLine) string {
	var out []string
	for _, l := range lines {
		out = append(out, fmt.Sprintf("%s %s %s %s %s %s", l.Period.From, l.Request, l.Type, l.In, l.Days, l.Minutes))
	}
	return strings.Join(out, "; ")
}

// lines returns the corrections that changes ask for.
func lines(changes []SettledChange) (out []SettledLine) {
	for _, c := range changes {
		out = append(out, c.Line)
	}
	return out
}

// TestChangedSince has five days of leave in March settled, and then something happen.
func TestChangedSince(t *testing.T) {
	week := func() Request { return taken("r", "holiday", Approved, "2026-03-02", "2026-03-06") }
	for name, c := range map[string]struct {
		happens func(*Facts)
		want    string
	}{
		"nothing":   {func(*Facts) {}, ""},
		"cancelled": {func(f *Facts) { f.Requests[0].State = Cancelled }, "2026-03-01 r holiday 2026-03-02..2026-03-06 -5 -2400"},
		"late": {func(f *Facts) {
			f.Requests = append(f.Requests, taken("s", "holiday", Approved, "2026-03-09", "2026-03-09"))
		}, "2026-03-01 s holiday 2026-03-09..2026-03-09 1 480"},
		"next_month": {func(f *Facts) {
			f.Requests = append(f.Requests, taken("s", "holiday", Approved, "2026-04-09", "2026-04-09"))
		}, ""},
		"other_type": {func(f *Facts) { f.Requests[0].Type = "special" }, "2026-03-01 r holiday 2026-03-02..2026-03-06 -5 -2400; 2026-03-01 r special 2026-03-02..2026-03-06 5 2400"},
		"corrected": {func(f *Facts) {
			f.Requests[0].Corrections = []Correction{{Date: calendar.On(2026, 3, 6), Days: exact.New(-1, 2), Minutes: -240}}
		}, "2026-03-01 r holiday 2026-03-02..2026-03-06 -1/2 -240"},
		"shorter_hours": {func(f *Facts) {
			f.Requests[0].Corrections = []Correction{{Date: calendar.On(2026, 3, 6), Minutes: -60}}
		},
			"2026-03-01 r holiday 2026-03-02..2026-03-06 0 -60"},
		"sick": {func(f *Facts) { f.Sickness = []Sickness{sickDays("2026-03-05", "2026-03-06")} }, "2026-03-01 r holiday 2026-03-02..2026-03-06 -2 -960"},
		"moved": {func(f *Facts) {
			f.Requests[0].State = Cancelled
			f.Requests = append(f.Requests, taken("s", "holiday", Approved, "2026-03-30", "2026-04-03"))
		}, "2026-03-01 r holiday 2026-03-02..2026-03-06 -5 -2400; 2026-03-01 s holiday 2026-03-30..2026-03-31 2 960"},
		"request_erased": {func(f *Facts) { f.Requests = nil }, ""},
		"person_erased":  {func(f *Facts) { *f = Facts{} }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := by("ana", week())
			so := settles(t, nil, 3, f)
			c.happens(f)
			changes := settledTypes.ChangedSince([]*Facts{f}, so)
			if got := ledgerText(lines(changes)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			for _, x := range changes {
				if told := x.Now.sub(x.Told); told != x.Line.Cost {
					t.Errorf("%+v is not what lies between told and now", x)
				}
			}
			so = settles(t, so, 4, f)
			if got := settledTypes.ChangedSince([]*Facts{f}, so); len(got) > 0 {
				t.Errorf("told twice: %s", ledgerText(lines(got)))
			}
		})
	}
}

// TestSettleRefuses a period that is not over, that cannot be, or that overlaps one that is settled.
func TestSettleRefuses(t *testing.T) {
	so := settles(t, nil, 3)
	for name, c := range map[string]struct {
		from, to, today string
		kind            errs.Kind
		says            string
	}{
		"before_its_last_day": {"2026-04-01", "2026-04-30", "2026-04-29", errs.Conflict, "leave.error.period_not_over"},
		"once_more":           {"2026-03-01", "2026-03-31", "2026-05-01", errs.Conflict, "leave.error.period_settled"},
		"one_day_of_it":       {"2026-03-31", "2026-04-30", "2026-05-01", errs.Conflict, "leave.error.period_settled"},
		"around_it":           {"2026-01-01", "2026-04-30", "2026-05-01", errs.Conflict, "leave.error.period_settled"},
		"backwards":           {"2026-04-30", "2026-04-01", "2026-05-01", errs.Invalid, "leave.error.range"},
	} {
		_, err := settledTypes.Settle(nil, so, calendar.Range{From: calendar.MustParse(c.from), To: calendar.MustParse(c.to)}, calendar.MustParse(c.today))
		var e *errs.Error
		if !errors.As(err, &e) || e.Kind != c.kind || e.Public != c.says {
			t.Errorf("%s: %v, want %s", name, err, c.says)
		}
	}
	for _, month := range []time.Month{2, 5} { // earlier, and with a gap
		so = settles(t, so, month)
	}
}

// TestTakeBackSettlement: only the last settlement is taken back, and what it corrected is open again.
func TestTakeBackSettlement(t *testing.T) {
	f := by("ana", taken("r", "holiday", Approved, "2026-03-02", "2026-03-06"))
	so := settles(t, nil, 3, f)
	f.Requests[0].State = Cancelled
	so = settles(t, so, 4, f)
	for month, says := range map[time.Month]string{3: "leave.error.settled_after", 5: "leave.error.period_open"} {
		var e *errs.Error
		if left, err := so.TakeBack(calendar.MonthOf(2026, month)); !errors.As(err, &e) || e.Public != says || len(left) != 2 {
			t.Errorf("month %d: %v, want %s", month, err, says)
		}
	}
	left, err := so.TakeBack(calendar.MonthOf(2026, 4))
	if err != nil || len(left) != 1 || len(settledTypes.ChangedSince([]*Facts{f}, left)) != 1 {
		t.Fatalf("%d settlements left, %v", len(left), err)
	}
	settles(t, left, 6, f)
	if len(so) != 2 || so[1].Period != calendar.MonthOf(2026, 4) {
		t.Error("what was taken back was written over")
	}
}

// TestSettlementsAddUp changes leave of three people at random between settlements: what all lines say of
// a month comes to what it costs at the last one, whatever happened in between.
func TestSettlementsAddUp(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // not a secret
		everybody := []*Facts{by("ana"), by("bert"), by("carla")}
		var so Settlements
		for i, month := range random.Perm(9) {
			for range random.IntN(5) {
				happens(random, everybody[random.IntN(3)], fmt.Sprintf("%d-%d", i, random.Uint64()))
			}
			so = settles(t, so, time.Month(month+1), everybody...)
		}
		sums := map[string]Cost{}
		for i := range so {
			for _, l := range so[i].Lines {
				key := l.Period.String() + l.Request + l.Type
				sums[key] = sums[key].add(l.Cost)
			}
		}
		for i := range so {
			for _, x := range settledTypes.Taken(everybody, so[i].Period) {
				key := so[i].Period.String() + x.Request.ID + x.Type.ID
				sums[key] = sums[key].sub(Cost{x.Days, x.Minutes})
			}
		}
		for key, c := range sums {
			if !c.isZero() {
				t.Fatalf("seed %d: %s is told wrong by %s days and %s minutes", seed, key, c.Days, c.Minutes)
			}
		}
	}
}

// happens asks for new leave of somebody or does something to leave there is.
func happens(random *rand.Rand, f *Facts, id string) {
	day := calendar.On(2026, 1, 1) + calendar.Date(random.IntN(260))
	if n := len(f.Requests); n > 0 && random.IntN(3) > 0 {
		r := &f.Requests[random.IntN(n)]
		switch random.IntN(4) {
		case 0:
			r.State = Cancelled
		case 1:
			r.Type = []string{"holiday", "special"}[random.IntN(2)]
		case 2:
			r.Corrections = []Correction{{Date: r.From, Days: exact.New(-1, 3), Minutes: -160}}
		default:
			f.Sickness = append(f.Sickness, sickDays(day.String(), (day+3).String()))
		}
		return
	}
	r := taken(id, "holiday", Approved, day.String(), (day + calendar.Date(random.IntN(45))).String())
	r.Person = f.Person.ID
	f.Requests = append(f.Requests, r)
}
