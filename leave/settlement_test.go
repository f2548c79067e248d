// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/people"
)

var settledTypes = &Rulebook{Types: []Type{{ID: "holiday", Unit: Days, GiveBack: BackAlways}, {ID: "special", Unit: Days}}}

// payroll is what was settled and told.
type payroll struct {
	all  Settlements // latest first
	told []SettledLine
}

// settles settles a month of 2026, and returns what that corrects.
func (p *payroll) settles(month time.Month, everybody ...*Facts) (corrections []SettledLine) {
	s := Settlement{ID: fmt.Sprint(len(p.all) + 1), Period: calendar.MonthOf(2026, month)}
	lines := settledTypes.Settle(everybody, &s, p.all, p.told)
	p.all, p.told = slices.Insert(p.all, 0, s), append(p.told, lines...)
	for _, l := range lines {
		if l.Corrects() {
			corrections = append(corrections, l)
		}
	}
	return corrections
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
		out = append(out, fmt.Sprintf("%s %s %s %s %s", l.Request, l.Type, l.In, l.Days, l.Minutes))
	}
	return strings.Join(out, "; ")
}

// TestSettleCorrects has five days of leave in March settled, and then something happen.
func TestSettleCorrects(t *testing.T) {
	week := func() Request { return taken("r", "holiday", Approved, "2026-03-02", "2026-03-06") }
	for name, c := range map[string]struct {
		happens func(*Facts)
		want    string
	}{
		"nothing":   {func(*Facts) {}, ""},
		"cancelled": {func(f *Facts) { f.Requests[0].State = Cancelled }, "r holiday 2026-03-02..2026-03-06 -5 -2400"},
		"late": {func(f *Facts) {
			f.Requests = append(f.Requests, taken("s", "holiday", Approved, "2026-03-09", "2026-03-09"))
		}, "s holiday 2026-03-09..2026-03-09 1 480"},
		"next_month": {func(f *Facts) {
			f.Requests = append(f.Requests, taken("s", "holiday", Approved, "2026-04-09", "2026-04-09"))
		}, ""},
		"other_type": {func(f *Facts) { f.Requests[0].Type = "special" }, "r holiday 2026-03-02..2026-03-06 -5 -2400; r special 2026-03-02..2026-03-06 5 2400"},
		"corrected": {func(f *Facts) {
			f.Requests[0].Corrections = []Correction{{Date: calendar.On(2026, 3, 6), Days: exact.New(-1, 2), Minutes: -240}}
		}, "r holiday 2026-03-02..2026-03-06 -1/2 -240"},
		"shorter_hours": {func(f *Facts) {
			f.Requests[0].Corrections = []Correction{{Date: calendar.On(2026, 3, 6), Minutes: -60}}
		},
			"r holiday 2026-03-02..2026-03-06 0 -60"},
		"sick": {func(f *Facts) { f.Sickness = []Sickness{sickDays("2026-03-05", "2026-03-06")} }, "r holiday 2026-03-02..2026-03-06 -2 -960"},
		"moved": {func(f *Facts) {
			f.Requests[0].State = Cancelled
			f.Requests = append(f.Requests, taken("s", "holiday", Approved, "2026-03-30", "2026-04-03"))
		}, "r holiday 2026-03-02..2026-03-06 -5 -2400; s holiday 2026-03-30..2026-03-31 2 960"},
	} {
		t.Run(name, func(t *testing.T) {
			f := by("ana", week())
			var p payroll
			p.settles(3, f)
			c.happens(f)
			lines := p.settles(4, f)
			if got := ledgerText(lines); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			for _, l := range lines {
				if l.About != "1" || l.Settlement != "2" || l.Person != "ana" || l.Request == "r" && l.Type == "holiday" && l.Was != (Spent{exact.Int(5), exact.Int(2400)}) {
					t.Errorf("it corrects %+v", l)
				}
			}
			if again := p.settles(5, f); len(again) > 0 {
				t.Errorf("told twice: %s", ledgerText(again))
			}
		})
	}
}

// TestMaySettle refuses a period that has not begun, or that overlaps one that is settled and stands.
func TestMaySettle(t *testing.T) {
	var p payroll
	p.settles(1)
	p.settles(3)
	p.all[1].UndoneBy = "ana"
	for name, c := range map[string]struct{ from, to, today, says string }{
		"before_its_first_day": {"2026-04-01", "2026-04-30", "2026-03-31", "leave.error.settled_ahead"},
		"on_its_first_day":     {"2026-04-01", "2026-04-30", "2026-04-01", ""},
		"once_more":            {"2026-03-01", "2026-03-31", "2026-05-01", "leave.error.settled"},
		"one_day_of_it":        {"2026-03-31", "2026-04-30", "2026-05-01", "leave.error.settled"},
		"around_it":            {"2026-02-01", "2026-04-30", "2026-05-01", "leave.error.settled"},
		"before_it":            {"2026-02-01", "2026-02-28", "2026-05-01", ""},
		"taken_back":           {"2026-01-01", "2026-01-31", "2026-05-01", ""},
	} {
		err := p.all.MaySettle(calendar.Range{From: calendar.MustParse(c.from), To: calendar.MustParse(c.to)}, calendar.MustParse(c.today))
		if says := publicOf(err); says != c.says {
			t.Errorf("%s: %q, want %q", name, says, c.says)
		}
	}
}

// publicOf returns what an error says to everybody; empty where there is none.
func publicOf(err error) string {
	if err == nil {
		return ""
	}
	return errs.As(err).Public
}

// TestSettlementUndone: only the last settlement is taken back, and what it corrected is to be told again.
func TestSettlementUndone(t *testing.T) {
	f := by("ana", taken("r", "holiday", Approved, "2026-03-02", "2026-03-06"))
	var p payroll
	p.settles(3, f)
	f.Requests[0].State = Cancelled
	p.settles(4, f)
	for id, says := range map[string]string{"1": "leave.error.settlement_later", "2": "", "3": "leave.error.no_settlement"} {
		if _, err := p.all.MayUndo(id); publicOf(err) != says {
			t.Errorf("settlement %s: %v, want %s", id, err, says)
		}
	}
	p.all[0].UndoneBy = "ana"
	p.told = slices.DeleteFunc(p.told, func(l SettledLine) bool { return l.Settlement == "2" })
	if _, err := p.all.MayUndo("2"); publicOf(err) != "leave.error.settlement_undone" {
		t.Errorf("twice: %v", err)
	}
	if i, err := p.all.MayUndo("1"); err != nil || i != 1 {
		t.Errorf("the one before: %d, %v", i, err)
	}
	if got := ledgerText(p.settles(4, f)); got != "r holiday 2026-03-02..2026-03-06 -5 -2400" {
		t.Errorf("settled anew it corrects %q", got)
	}
}

// TestSettlementsAddUp changes leave of three people at random between settlements: what all lines say of
// a month comes to what it costs at the last one, whatever happened in between.
func TestSettlementsAddUp(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // not a secret
		everybody := []*Facts{by("ana"), by("bert"), by("carla")}
		var p payroll
		for i, month := range random.Perm(9) {
			for range random.IntN(5) {
				happens(random, everybody[random.IntN(3)], fmt.Sprintf("%d-%d", i, random.Uint64()))
			}
			p.settles(time.Month(month+1), everybody...)
		}
		sums := map[piece]Spent{}
		for i := range p.told {
			l := &p.told[i]
			sums[l.piece()] = sums[l.piece()].Add(l.Spent)
		}
		for _, s := range p.all {
			for _, x := range settledTypes.Taken(everybody, s.Period) {
				at := piece{s.ID, x.Request.ID, x.Type.ID}
				sums[at] = sums[at].Sub(Spent{x.Days, x.Minutes})
			}
		}
		for at, c := range sums {
			if !c.IsZero() {
				t.Fatalf("seed %d: %v is told wrong by %s days and %s minutes", seed, at, c.Days, c.Minutes)
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
