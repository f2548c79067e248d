// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func region(t *testing.T, code string) RegionInfo {
	t.Helper()
	r, ok := Region(code)
	if !ok {
		t.Fatalf("there is no region %s", code)
	}
	return r
}

// daysOff writes the days of a year that take time as "01-01 04-06 ...".
func daysOff(t *testing.T, code string, year int) string {
	t.Helper()
	var days []string
	for _, h := range region(t, code).Holidays(year) {
		if h.Off != Informative {
			days = append(days, h.Date.String()[5:])
		}
	}
	return strings.Join(days, " ")
}

func TestEasterSunday(t *testing.T) {
	for _, s := range strings.Fields(`1954-04-18 1981-04-19 2000-04-23 2008-03-23 2011-04-24
		2015-04-05 2016-03-27 2017-04-16 2018-04-01 2019-04-21 2020-04-12 2021-04-04 2022-04-17
		2023-04-09 2024-03-31 2025-04-20 2026-04-05 2027-03-28 2028-04-16 2029-04-01 2030-04-21
		2031-04-13 2032-03-28 2033-04-17 2034-04-09 2035-03-25 2038-04-25 2285-03-22`) {
		want := MustParse(s)
		if got := easterSunday(want.Year()); got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

// TestGermanStates counts the days of each state in a plain year.
func TestGermanStates(t *testing.T) {
	want := map[string]int{
		"DE": 9, "DE-BW": 12, "DE-BY": 12, "DE-BY-KATH": 13, "DE-BY-AUGS": 14, "DE-BE": 10, "DE-BB": 12, "DE-HB": 10, "DE-HH": 10,
		"DE-HE": 10, "DE-MV": 11, "DE-NI": 10, "DE-NW": 11, "DE-RP": 11, "DE-SL": 12, "DE-SN": 11, "DE-ST": 11,
		"DE-SH": 10, "DE-TH": 11, "DE-SN-KATH": 12, "DE-TH-KATH": 12,
	}
	got, jubilee := map[string]int{}, 0
	for _, r := range Regions() {
		if r.Country == "DE" {
			got[r.Code] = len(strings.Fields(daysOff(t, r.Code, 2026)))
			if strings.Contains(daysOff(t, r.Code, 2017), "10-31") {
				jubilee++
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if jubilee != len(want) {
		t.Errorf("31 October 2017 was free in %d of %d", jubilee, len(want))
	}
}

// TestSpain2026 holds the communities against the table of BOE-A-2025-21667:
// what each has beyond the eight days common to all.
func TestSpain2026(t *testing.T) {
	common := strings.Fields("01-01 01-06 04-03 05-01 08-15 10-12 12-08 12-25")
	for code, want := range map[string]string{
		"ES":    "",
		"ES-AN": "02-28 04-02 11-02 12-07", "ES-AR": "04-02 04-23 11-02 12-07", "ES-AS": "04-02 09-08 11-02 12-07",
		"ES-CB": "04-02 07-28 09-15 12-07", "ES-CE": "04-02 05-27 08-05 09-02", "ES-CL": "04-02 04-23 11-02 12-07",
		"ES-CM": "04-02 04-06 06-04 11-02", "ES-CN": "04-02 05-30 11-02", "ES-CT": "04-06 06-24 09-11 12-26",
		"ES-EX": "04-02 09-08 11-02 12-07", "ES-GA": "03-19 04-02 06-24 07-25", "ES-IB": "03-02 04-02 04-06 12-26",
		"ES-MC": "03-19 04-02 06-09 12-07", "ES-MD": "04-02 05-02 11-02 12-07", "ES-ML": "03-20 04-02 05-27 12-07",
		"ES-NC": "03-19 04-02 04-06 11-02 12-03", "ES-PV": "03-19 04-02 04-06 07-25", "ES-RI": "04-02 04-06 06-09 12-07",
		"ES-VC": "03-19 04-06 06-24 10-09",
	} {
		var own []string
		shared := 0
		for _, d := range strings.Fields(daysOff(t, code, 2026)) {
			if strings.Contains(strings.Join(common, " "), d) {
				shared++
			} else {
				own = append(own, d)
			}
		}
		if diff := cmp.Diff(want, strings.Join(own, " ")); diff != "" || shared != len(common) {
			t.Errorf("%s (%d common):\n%s", code, shared, diff)
		}
	}
}

// TestSpainTwelve: art. 37.2 of the Estatuto de los Trabajadores leaves twelve
// days beside the two local ones. Where a list has thirteen, one is worked back
// (Real Decreto 2001/1983, art. 45.3); the Canaries have theirs by island, and
// Navarre counts 3 December as a local day.
func TestSpainTwelve(t *testing.T) {
	other := map[string]int{
		"ES-CT 2017": 13, "ES-CT 2018": 13, "ES-CT 2023": 13, "ES-CT 2024": 13, "ES-CT 2025": 13,
		"ES-GA 2018": 13, "ES-IB 2018": 13, "ES-MC 2018": 13, "ES-CE 2023": 13, "ES-CN 2018": 12,
		"ES-VC 2018": 13, "ES-VC 2021": 13, "ES-VC 2024": 13, "ES-VC 2025": 13,
	}
	usual := map[string]int{"ES-CN": 11, "ES-NC": 13}
	for _, r := range Regions() {
		for year := 2015; year <= r.ListedUntil && r.Country == "ES"; year++ {
			want := 12
			if n, ok := usual[r.Code]; ok {
				want = n
			}
			if n, ok := other[fmt.Sprint(r.Code, " ", year)]; ok {
				want = n
			}
			if got := daysOff(t, r.Code, year); len(strings.Fields(got)) != want {
				t.Errorf("%s %d: want %d days, got %s", r.Code, year, want, got)
			}
		}
	}
}

// TestInformative: what is shown but takes nothing.
func TestInformative(t *testing.T) {
	for _, c := range []struct{ code, date, key string }{
		{"NL", "2026-04-03", "good-friday"},
		{"NL", "2026-05-05", "liberation-day-nl"},
		{"DE-BY", "2026-08-15", "assumption-day"},
		{"DE-TH", "2026-06-04", "corpus-christi"},
		{"GB-ENG", "2026-12-26", "boxing-day"},
		{"US", "2026-07-04", "independence-day-us"},
		{"US", "2022-01-01", "new-years-day"},
		{"ES-AN", "2026-11-01", "all-saints-day"},
	} {
		d := MustParse(c.date)
		h, ok := region(t, c.code).Years(d.Year(), d.Year()).On(d)
		if !ok || h.Off != Informative || h.Key != c.key || h.Moved {
			t.Errorf("%s %s: got %+v, %v", c.code, c.date, h, ok)
		}
	}
	boxing, _ := region(t, "GB-ENG").Years(2026, 2026).On(MustParse("2026-12-28"))
	if !boxing.Moved || boxing.Key != "boxing-day" || boxing.Off != FullDay {
		t.Errorf("got %+v", boxing)
	}
}

func TestRegions(t *testing.T) {
	for _, r := range Regions() {
		if r.Country != r.Code[:2] || r.Local == "" || r.Source == "" || len(r.Reviewed) != 10 {
			t.Errorf("%s says too little of itself: %+v", r.Code, r)
		}
		for year := 2015; year <= 2035; year++ {
			seen := map[string]bool{}
			for _, h := range r.Holidays(year) {
				id := h.Date.String() + h.Key
				if h.Key == "" || h.Local == "" || h.Date.Year() != year || seen[id] {
					t.Errorf("%s %d: %+v", r.Code, year, h)
				}
				seen[id] = true
			}
		}
	}
	for _, code := range []string{"", "nl", "XX", "DE-XX", "NL-NH"} {
		if _, ok := Region(code); ok {
			t.Errorf("there is a region %q", code)
		}
	}
}

// TestHolidaysAreCopies: what a caller does to its days stays there.
func TestHolidaysAreCopies(t *testing.T) {
	region(t, "NL").Holidays(2026)[0].Off = Informative
	if h, _ := region(t, "NL").Years(2026, 2026).On(On(2026, 1, 1)); h.Off != FullDay {
		t.Error("a caller changed New Year's Day for all")
	}
}
