// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/web/page"
	"verlof/web/template"
)

func TestSkippedDaysOfOneReasonStandTogether(t *testing.T) {
	d := calendar.MustParse
	easter := calendar.Holiday{Date: d("2026-04-06"), Name: "Easter"}
	got := skippedOf(lang.For("en"), []leave.Skipped{
		{Date: d("2026-04-04")}, {Date: d("2026-04-05")}, {Date: d("2026-04-06"), Holiday: easter},
		{Date: d("2026-04-11")}, {Date: d("2026-04-13"), NoJob: true}, {Date: d("2026-04-14"), NoJob: true},
	})
	want := []skippedView{
		{"4–5 Apr 2026", "free day"}, {"6 Apr 2026", "Easter"}, {"11 Apr 2026", "free day"}, {"13–14 Apr 2026", "not employed"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMarkOfAnAbsence(t *testing.T) {
	d := calendar.MustParse
	c := &leave.Chart{Range: calendar.MonthOf(2026, 3)}
	span := func(from, to string, first, last calendar.Portion) leave.Absence {
		return leave.Absence{Type: leave.Type{Name: "Holiday", Colour: 1}, Span: leave.Span{From: d(from), To: d(to), First: first, Last: last}}
	}
	whole := calendar.WholeDay
	clock := func(from, to calendar.Clock) calendar.Portion { return calendar.Between(from*60, to*60) }
	tests := []struct {
		name string
		a    leave.Absence
		want template.Mark
	}{
		{"whole", span("2026-03-02", "2026-03-06", whole, whole), template.Mark{Day: 2, Days: 5}},
		{"from_last_month", span("2026-02-20", "2026-03-02", calendar.AfternoonHalf, calendar.MorningHalf), template.Mark{Day: 1, Days: 2, Ends: template.Morning}},
		{"into_next_month", span("2026-03-30", "2026-04-03", calendar.AfternoonHalf, calendar.MorningHalf), template.Mark{Day: 30, Days: 2, Begins: template.Afternoon}},
		{"one_morning", span("2026-03-03", "2026-03-03", calendar.MorningHalf, whole), template.Mark{Day: 3, Days: 1, Ends: template.Morning}},
		{"hours", span("2026-03-03", "2026-03-03", clock(13, 15), whole), template.Mark{Day: 3, Days: 1, Begins: template.Afternoon, Hours: true}},
		{"hours_over_noon", span("2026-03-03", "2026-03-03", clock(11, 14), whole), template.Mark{Day: 3, Days: 1, Hours: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dr := &drawer{v: &page.Visit{Lang: lang.For("en")}, c: c}
			got := dr.mark(&tt.a)
			tt.want.Colour, tt.want.Label, tt.want.Text = 1, "Holiday", got.Text
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestGroundOfARow(t *testing.T) {
	c := &leave.Chart{Range: calendar.Range{From: calendar.MustParse("2026-05-04"), To: calendar.MustParse("2026-05-10")}, Holidays: []calendar.Holiday{
		{Name: "Remembrance", Off: calendar.Informative}, {Name: "Ascension", Off: calendar.FullDay},
	}}
	week := func(change func(days []leave.ChartDay)) []leave.ChartDay {
		days := make([]leave.ChartDay, 7)
		days[5].Free, days[6].Free = true, true
		change(days)
		return days
	}
	d := &drawer{v: &page.Visit{Lang: lang.For("en")}, c: c}
	if g := d.groundOf(week(func(days []leave.ChartDay) { days[1].Holiday = 1 })); g != nil {
		t.Errorf("a day that is only told of changes the ground: %v", g)
	}
	g := d.groundOf(week(func(days []leave.ChartDay) { days[3].Holiday, days[4].Free = 2, true }))
	if g[3] != (template.Ground{Kind: template.PublicHoliday, Name: "Ascension"}) || g[4].Kind != template.NotWorking || g[0].Kind != template.Working {
		t.Errorf("%v", g)
	}
	again := d.groundOf(week(func(days []leave.ChartDay) { days[3].Holiday, days[4].Free = 2, true }))
	if &again[0] != &g[0] {
		t.Error("neighbours with the same ground do not share it")
	}
}

func TestBucketsThatDifferInNothingStandTogether(t *testing.T) {
	until := calendar.MustParse("2026-12-31")
	got := together([]leave.Bucket{
		{Year: 2025, Carried: true, Until: until, Left: exact.Int(1)}, {Year: 2026, Until: until, Left: exact.Int(2)}, {Year: 2026, Until: until, Left: exact.Int(3)},
	})
	if len(got) != 2 || !got[1].Left.Equal(exact.Int(5)) {
		t.Errorf("%v", got)
	}
}

// TestBucketsSayUntilWhen: what goes over at the end of the year is not said to end with it, and what the law gives stands apart.
func TestBucketsSayUntilWhen(t *testing.T) {
	end, july := calendar.MustParse("2026-12-31"), calendar.MustParse("2027-06-30")
	s := &leave.Statement{Unit: leave.Hours, Year: calendar.Range{From: calendar.MustParse("2026-01-01"), To: end}}
	var got []string
	for _, b := range together([]leave.Bucket{
		{Year: 2026, Class: leave.Extra, Until: end, Left: exact.Int(60), Onward: &leave.Onward{}},
		{Year: 2026, Class: leave.Earned, Until: end, Left: exact.Int(60), Onward: &leave.Onward{Part: true}},
		{Year: 2026, Class: leave.Statutory, Until: end, Left: exact.Int(60), Onward: &leave.Onward{Until: july}},
	}) {
		x := bucketOf(lang.For("nl"), s, b)
		got = append(got, x.What+": "+x.Until)
	}
	want := []string{"Verlofrecht 2026, verdiend: 31 dec 2026; een deel gaat mee", "Verlofrecht 2026, wettelijk: 30 jun 2027", "Verlofrecht 2026, bovenwettelijk: Onbeperkt"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestBrowserName(t *testing.T) {
	for agent, want := range map[string]string{
		"": "",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0": "Edge, Windows",
		"Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0":                                                "Firefox, Linux",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile/15E148 Safari/604.1":        "Safari, iPhone",
		"curl/8": "",
	} {
		if got := page.BrowserName(agent); got != want {
			t.Errorf("%q is %q, want %q", agent, got, want)
		}
	}
}

// TestWhatElseWaits: the first page leads to all that waits, also where it can name none of it.
func TestWhatElseWaits(t *testing.T) {
	for want, p := range map[string]homePage{
		"Decide":                          {Frame: template.Page{Waits: 2}, Waiting: make([]waitingLine, 2)},
		"One more is waiting":             {Frame: template.Page{Waits: 3}, Waiting: make([]waitingLine, 2)},
		"4 questions are waiting for you": {Frame: template.Page{Waits: 4}},
	} {
		p.Frame.L = lang.For("en")
		if got := p.others(); got != want {
			t.Errorf("%d wait, %d are named: %q, want %q", p.Frame.Waits, len(p.Waiting), got, want)
		}
	}
}
