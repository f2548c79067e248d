// SPDX-License-Identifier: Apache-2.0

package template

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/internal/lang"
)

// TestChartRow reads the cells of a week that begins on a Monday.
func TestChartRow(t *testing.T) {
	free := func(kinds ...GroundKind) (g []Ground) {
		for _, k := range kinds {
			g = append(g, Ground{Kind: k})
		}
		return g
	}
	one := func(m Mark) []Mark { return []Mark{m} }
	for _, c := range []struct {
		name string
		row  ChartRow
		want string
	}{
		{"empty", ChartRow{}, "7"},
		{"whole_days", ChartRow{Marks: one(Mark{Day: 2, Days: 2, Colour: 1})}, "1 2[c1] 4"},
		{"reaches_out_of_both_ends", ChartRow{Marks: one(Mark{Day: -3, Days: 20, Begins: Afternoon, Ends: Morning})}, "7[c0]"},
		{"one_morning", ChartRow{Marks: one(Mark{Day: 1, Days: 1, Colour: 1, Ends: Morning})}, "1[c1 m] 6"},
		{"one_afternoon", ChartRow{Marks: one(Mark{Day: 7, Days: 1, Colour: 1, Begins: Afternoon})}, "6 1[c1 a]"},
		{"from_noon_to_noon", ChartRow{Marks: one(Mark{Day: 2, Days: 3, Colour: 4, Pending: true, Begins: Afternoon, Ends: Morning})}, "1 3[c4 p a m] 3"},
		{"two_halves_of_a_day", ChartRow{Marks: []Mark{{Day: 3, Days: 1, Colour: 1, Ends: Morning}, {Day: 3, Days: 1, Colour: 2, Begins: Afternoon}}}, "2 1[c1 m][c2 a] 4"},
		{"long_ones_meet_at_noon", ChartRow{Marks: []Mark{{Day: 1, Days: 3, Colour: 1, Ends: Morning}, {Day: 3, Days: 3, Colour: 2, Begins: Afternoon}}}, "2[c1] 1[c1 m][c2 a] 2[c2] 2"},
		{"overlap_hides_the_later", ChartRow{Marks: []Mark{{Day: 1, Days: 4, Colour: 1}, {Day: 3, Days: 3, Colour: 2}, {Day: 4, Days: 1, Colour: 3}}}, "4[c1] 1[c2] 2"},
		{"afternoon_under_a_whole_day", ChartRow{Marks: []Mark{{Day: 3, Days: 1, Colour: 1}, {Day: 3, Days: 1, Colour: 2, Begins: Afternoon}}}, "2 1[c1] 4"},
		{"morning_under_a_later_whole_day", ChartRow{Marks: []Mark{{Day: 3, Days: 1, Colour: 1, Ends: Morning}, {Day: 3, Days: 2, Colour: 2}}}, "2 1[c1 m][c2 a] 1[c2] 3"},
		{"adjoining", ChartRow{Marks: []Mark{{Day: 2, Days: 1, Colour: 1}, {Day: 3, Days: 1, Colour: 2, Begins: Afternoon}}}, "1 1[c1] 1[c2 a] 4"},
		{"nothing_at_all", ChartRow{Marks: []Mark{{Day: 9, Days: 2}, {Day: -5, Days: 2}, {Day: 3}}}, "7"},
		{"free_wednesday_and_working_saturday", ChartRow{Ground: free(0, 0, NotWorking, 0, 0, 0, NotWorking)}, "2 1{o} 2 1{k} 1"},
		{"holiday", ChartRow{Ground: []Ground{{PublicHoliday, "Easter"}, {PublicHoliday, "Easter"}, {PublicHoliday, "Other"}}}, "2{h} 1{h} 4"},
		{"leave_over_holiday", ChartRow{Ground: []Ground{{PublicHoliday, "Easter"}, {}}, Marks: one(Mark{Day: 1, Days: 2, Colour: 1})}, "2[c1] 5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := cells(rowHTML(c.row)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func week() Chart {
	return Chart{L: lang.For("en"), First: calendar.MustParse("2026-03-02"), Days: 7}
}

func rowHTML(r ChartRow) string {
	c := week()
	c.Groups = []ChartGroup{{Rows: []ChartRow{r}}}
	s := string(c.html(nil))
	_, s, _ = strings.Cut(s, "<tbody>")
	return s
}

var (
	cellTag = regexp.MustCompile(`<td(?: colspan="(\d+)")?(?: class="(\w+)")?>(.*?)</td>`)
	barTag  = regexp.MustCompile(`<b class="([^"]+)">`)
)

// cells writes a row's cells as days[bar]{ground}.
func cells(row string) string {
	var out []string
	for _, m := range cellTag.FindAllStringSubmatch(row, -1) {
		s := m[1]
		if s == "" {
			s = "1"
		}
		for _, b := range barTag.FindAllStringSubmatch(m[3], -1) {
			s += "[" + b[1] + "]"
		}
		if m[2] != "" {
			s += "{" + m[2] + "}"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

// TestChartRowsAddUp throws marks at random, overlapping and out of order, and
// counts the days: a row that is too short or too long shifts everybody's leave.
func TestChartRowsAddUp(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	for range 2000 {
		var r ChartRow
		for range rnd.IntN(6) {
			r.Marks = append(r.Marks, Mark{Day: rnd.IntN(14) - 3, Days: rnd.IntN(6), Begins: Half(rnd.IntN(4)), Ends: Half(rnd.IntN(4))})
		}
		for range rnd.IntN(9) {
			r.Ground = append(r.Ground, Ground{Kind: GroundKind(rnd.IntN(3))})
		}
		days := 0
		for _, m := range cellTag.FindAllStringSubmatch(rowHTML(r), -1) {
			n, err := strconv.Atoi(m[1])
			if err != nil {
				n = 1
			}
			days += n
		}
		if days != 7 {
			t.Fatalf("%d days for %+v", days, r.Marks)
		}
	}
}

func TestChartEscapes(t *testing.T) {
	c := week()
	c.Label, c.Corner = `"<l>`, `<c>`
	c.Groups = []ChartGroup{{Name: "<g>", Note: "<n>", Rows: []ChartRow{{
		Name: "<r>", Href: `"><x>`, Ground: []Ground{{PublicHoliday, "<h>"}},
		Marks: []Mark{{Day: 2, Days: 3, Label: "<m>", Text: "<t>", Href: `"><y>`}},
	}}}}
	if s := string(c.html(nil)); regexp.MustCompile(`<[lcgnrxhmty]>`).MatchString(s) {
		t.Errorf("text is not escaped: %s", s)
	}
}

// largeChart is a month of a company as large as we promise to serve well.
func largeChart(people int) Chart {
	rnd := rand.New(rand.NewPCG(1, 2))
	c := Chart{L: lang.For("en"), Label: "Who is away", First: calendar.MustParse("2026-03-01"), Days: 31, Today: guideToday}
	for i := range people {
		if i%12 == 0 {
			c.Groups = append(c.Groups, ChartGroup{Name: fmt.Sprint("Team ", i/12), Note: "12 people", Away: guideAway()})
		}
		r := ChartRow{Name: fmt.Sprint("First", rnd.IntN(999), " Last", i), Href: fmt.Sprintf("/balance/%08x%08x", rnd.Uint32(), i)}
		if rnd.IntN(4) == 0 {
			r.Ground = guideGround(time.Weekday(1 + rnd.IntN(5)))
		}
		for day := 1 + rnd.IntN(20); day < 31 && len(r.Marks) < 3; day += 8 + rnd.IntN(10) {
			days := 1 + rnd.IntN(7)
			r.Marks = append(r.Marks, Mark{Day: day, Days: days, Colour: rnd.IntN(5), Pending: rnd.IntN(4) == 0, Begins: Half(rnd.IntN(3)),
				Label: "Holiday", Text: fmt.Sprintf("%d–%d March, approved", day, day+days-1)})
		}
		g := &c.Groups[len(c.Groups)-1]
		g.Rows = append(g.Rows, r)
	}
	return c
}

// TestChartWeight holds a thousand people to 80 KiB over the wire, which leaves room for
// what else the page loads.
func TestChartWeight(t *testing.T) {
	c := largeChart(1000)
	page := c.html(nil)
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(page); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if packed.Len() > 80<<10 {
		t.Errorf("%d bytes, %d packed", len(page), packed.Len())
	}
}

func BenchmarkMonthChart(b *testing.B) {
	c := largeChart(1000)
	for b.Loop() {
		c.html(nil)
	}
}
