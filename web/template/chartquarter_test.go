// SPDX-License-Identifier: Apache-2.0

package template

import (
	"strings"
	"testing"

	"verlof/calendar"
	"verlof/internal/lang"
)

// quarter is the fourth of 2026: it begins on a Thursday.
func quarter() Chart {
	return Chart{L: lang.For("en"), First: calendar.MustParse("2026-10-01"), Days: 92}
}

// TestQuarterHeads reads the two lines of heads: three months, and a number on each Monday.
func TestQuarterHeads(t *testing.T) {
	c := quarter()
	head, _, _ := strings.Cut(string(c.html(nil)), "</thead>")
	for _, want := range []string{
		`class="chart n92 s4 quarter"`, `rowspan="2"`,
		`colspan="31">October<`, `colspan="30">November<`, `colspan="31">December<`,
		`<i>Th 1</i>`, `<i>Mo </i><b>5</b>`, `<i>Mo </i><b>28</b>`, `<i>Th 31</i>`,
	} {
		if !strings.Contains(head, want) {
			t.Errorf("the heads lack %s", want)
		}
	}
	if n := strings.Count(head, `scope="col"`); n != 93 {
		t.Errorf("%d heads, want one of each day and the corner", n)
	}
	if n := strings.Count(head, "<b>"); n != 13 {
		t.Errorf("%d numbers, want one of each Monday", n)
	}
}

// TestQuarterPeaks reads the numbers of a team: the most of each week, of which the first and
// the last are cut by the quarter.
func TestQuarterPeaks(t *testing.T) {
	for _, c := range []struct {
		name string
		away map[string]int
		want string
	}{
		{"nobody", nil, "92:"},
		{"first_week_is_short", map[string]int{"2026-10-04": 2}, "4:2 88:"},
		{"next_week_is_whole", map[string]int{"2026-10-05": 1, "2026-10-07": 3, "2026-10-11": 2}, "4: 7:3 81:"},
		{"last_week_is_short", map[string]int{"2026-12-28": 1, "2026-12-31": 9}, "88: 4:9"},
		{"weeks_apart", map[string]int{"2026-10-12": 1, "2026-11-02": 2}, "11: 7:1 14: 7:2 53:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := quarter()
			away := make([]int, q.Days)
			for d, n := range c.away {
				away[calendar.MustParse(d)-q.First] = n
			}
			q.Groups = []ChartGroup{{Name: "Sales", Away: away}}
			if got := peaksIn(string(q.html(nil))); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// peaksIn writes the cells of a chart as days:number.
func peaksIn(html string) string {
	var out []string
	for _, m := range cellTag.FindAllStringSubmatch(html, -1) {
		out = append(out, m[1]+":"+m[3])
	}
	return strings.Join(out, " ")
}

// TestQuarterLabels has a bar say its type where a week has room for it, and keep it for the
// tip and for screen readers where not.
func TestQuarterLabels(t *testing.T) {
	c := quarter()
	c.Groups = []ChartGroup{{Rows: []ChartRow{{Marks: []Mark{
		{Day: 2, Days: 6, Colour: 1, Label: "Holiday", Text: "short"}, {Day: 12, Days: 7, Colour: 1, Label: "Holiday", Text: "long"}}}}}}
	page := string(c.html(nil))
	for _, want := range []string{`<i>Holiday short</i>`, `>Holiday<i> long</i>`} {
		if !strings.Contains(page, want) {
			t.Errorf("the chart lacks %s", want)
		}
	}
}
