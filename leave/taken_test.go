// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"testing"

	"verlof/calendar"
	"verlof/internal/exact"
)

// taken is a request of days from Monday to Friday, each of eight hours.
func taken(id, typ string, state State, from, to string) Request {
	r := Request{ID: id, Type: typ, State: state, Span: Span{From: calendar.MustParse(from), To: calendar.MustParse(to)}}
	for d := range r.Range().All() {
		if n := d.Weekday(); n > 0 && n < 6 {
			r.Charges = append(r.Charges, Charge{Date: d, Days: exact.Int(1), Minutes: 480})
		}
	}
	return r
}

// TestTaken works out what leave costs in March 2026: the days in it alone, as corrected, less what
// sickness gave back.
func TestTaken(t *testing.T) {
	b := &Rulebook{Types: []Type{{ID: "holiday", Name: "Holiday", Unit: Days, GiveBack: BackAlways, PartlyBack: true}, {ID: "unpaid", Name: "Unpaid", Unit: Hours}}}
	march := calendar.MonthOf(2026, 3)
	corrected := taken("r", "holiday", Approved, "2026-03-09", "2026-03-10")
	corrected.Corrections = []Correction{{Date: calendar.On(2026, 3, 10), Days: exact.Int(-1), Minutes: -480}}
	half := sickDays("2026-03-16", "2026-03-20", Recovery{From: calendar.On(2026, 3, 16), Percent: 50})
	for name, c := range map[string]struct {
		requests []Request
		sick     []Sickness
		want     string
	}{
		"within":          {[]Request{taken("r", "unpaid", Approved, "2026-03-02", "2026-03-03")}, nil, "r 2026-03-02..2026-03-03 2 960;"},
		"over_both_ends":  {[]Request{taken("r", "holiday", Approved, "2026-02-26", "2026-04-02")}, nil, "r 2026-03-02..2026-03-31 22 10560;"},
		"other_months":    {[]Request{taken("r", "holiday", Approved, "2026-02-23", "2026-02-27"), taken("s", "holiday", Approved, "2026-04-01", "2026-04-01")}, nil, ""},
		"only_a_weekend":  {[]Request{taken("r", "holiday", Approved, "2026-03-27", "2026-04-03"), taken("s", "holiday", Approved, "2026-02-27", "2026-03-01")}, nil, "r 2026-03-27..2026-03-31 3 1440;"},
		"pending":         {[]Request{taken("r", "holiday", Pending, "2026-03-02", "2026-03-03")}, nil, ""},
		"corrected":       {[]Request{corrected}, nil, "r 2026-03-09..2026-03-09 1 480;"},
		"sick":            {[]Request{taken("r", "holiday", Approved, "2026-03-02", "2026-03-06")}, []Sickness{sickDays("2026-03-03", "2026-03-04")}, "r 2026-03-02..2026-03-06 3 1440;"},
		"sick_all_of_it":  {[]Request{taken("r", "holiday", Approved, "2026-03-02", "2026-03-06")}, []Sickness{sickDays("2026-03-01", "2026-03-31")}, ""},
		"sick_in_part":    {[]Request{taken("r", "holiday", Approved, "2026-03-16", "2026-03-17")}, []Sickness{half}, "r 2026-03-16..2026-03-17 1 480;"},
		"sick_by_unpaid":  {[]Request{taken("r", "unpaid", Approved, "2026-03-02", "2026-03-03")}, []Sickness{sickDays("2026-03-01", "2026-03-31")}, "r 2026-03-02..2026-03-03 2 960;"},
		"in_order":        {[]Request{taken("r", "holiday", Approved, "2026-03-12", "2026-03-12"), taken("s", "unpaid", Approved, "2026-03-03", "2026-03-03")}, nil, "s 2026-03-03..2026-03-03 1 480;r 2026-03-12..2026-03-12 1 480;"},
		"of_another_type": {[]Request{taken("r", "gone", Approved, "2026-03-02", "2026-03-03")}, nil, ""},
	} {
		f := &Facts{Requests: c.requests, Sickness: c.sick, Today: calendar.On(2026, 4, 1)}
		got := ""
		for _, x := range b.Taken([]*Facts{f}, march) {
			got += x.Request.ID + " " + x.In.String() + " " + x.Days.String() + " " + x.Minutes.String() + ";"
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
