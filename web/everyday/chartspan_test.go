// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"testing"

	"verlof/calendar"
	"verlof/internal/lang"
)

func TestChartSpan(t *testing.T) {
	l, today := lang.For("en"), calendar.MustParse("2026-11-27")
	for _, c := range []struct {
		span                                    chartSpan
		first, last, title, before, after, here string
	}{
		{byMonth, "2026-11-01", "2026-11-30", "November 2026", "/calendar?month=2026-10&team=x", "/calendar?month=2026-12&team=x", "/calendar?month=2026-11&team=x"},
		{byQuarter, "2026-10-01", "2026-12-31", "October – December 2026", "/calendar?by=quarter&month=2026-07&team=x",
			"/calendar?by=quarter&month=2027-01&team=x", "/calendar?by=quarter&month=2026-11&team=x"},
	} {
		t.Run(c.span.tab(), func(t *testing.T) {
			r := c.span.around(today)
			if got := r.From.String() + " " + r.To.String(); got != c.first+" "+c.last {
				t.Errorf("shows %s", got)
			}
			if got := c.span.title(l, r.From); got != c.title {
				t.Errorf("is called %s", got)
			}
			if s := c.span.steps(l, r.From, today, "x"); s.Before != c.before || s.After != c.after || s.Now != c.here {
				t.Errorf("leads to %s, %s and %s", s.Before, s.After, s.Now)
			}
		})
	}
}

// TestQuarterOptions offers the quarter that is shown, and each around it once.
func TestQuarterOptions(t *testing.T) {
	options := quarterOptions(lang.For("nl"), calendar.MustParse("2026-11-27"))
	if len(options) != 12 {
		t.Fatalf("%d quarters", len(options))
	}
	if o := options[7]; o.Value != "2026-10" || o.Text != "okt – dec 2026" {
		t.Errorf("the eighth is %v", o)
	}
}
