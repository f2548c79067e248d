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

// TestPublishedLists holds the rules against the lists that the governments
// published, year by year.
func TestPublishedLists(t *testing.T) {
	for _, c := range []struct {
		code string
		list string // a year and its days off on each line
	}{
		{"NL", `
			2013: 01-01 03-31 04-01 04-30 05-09 05-19 05-20 12-25 12-26
			2014: 01-01 04-20 04-21 04-26 05-29 06-08 06-09 12-25 12-26
			2020: 01-01 04-12 04-13 04-27 05-05 05-21 05-31 06-01 12-25 12-26
			2024: 01-01 03-31 04-01 04-27 05-09 05-19 05-20 12-25 12-26
			2025: 01-01 04-20 04-21 04-26 05-05 05-29 06-08 06-09 12-25 12-26
			2026: 01-01 04-05 04-06 04-27 05-14 05-24 05-25 12-25 12-26
			2027: 01-01 03-28 03-29 04-27 05-06 05-16 05-17 12-25 12-26`},
		{"BE", `
			2025: 01-01 04-21 05-01 05-29 06-09 07-21 08-15 11-01 11-11 12-25
			2026: 01-01 04-06 05-01 05-14 05-25 07-21 08-15 11-01 11-11 12-25`},
		{"FR", `
			2008: 01-01 03-24 05-01 05-01 05-08 05-12 07-14 08-15 11-01 11-11 12-25
			2025: 01-01 04-21 05-01 05-08 05-29 06-09 07-14 08-15 11-01 11-11 12-25
			2026: 01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25`},
		{"FR-67", `
			2026: 01-01 04-03 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25 12-26`},
		{"DE-BW", `
			2009: 01-01 01-06 04-10 04-13 05-01 05-21 06-01 06-11 10-03 11-01 12-25 12-26
			2013: 01-01 01-06 03-29 04-01 05-01 05-09 05-20 05-30 10-03 11-01 12-25 12-26
			2017: 01-01 01-06 04-14 04-17 05-01 05-25 06-05 06-15 10-03 10-31 11-01 12-25 12-26
			2025: 01-01 01-06 04-18 04-21 05-01 05-29 06-09 06-19 10-03 11-01 12-25 12-26`},
		{"DE-BE", `
			2018: 01-01 03-30 04-02 05-01 05-10 05-21 10-03 12-25 12-26
			2020: 01-01 03-08 04-10 04-13 05-01 05-08 05-21 06-01 10-03 12-25 12-26
			2025: 01-01 03-08 04-18 04-21 05-01 05-08 05-29 06-09 10-03 12-25 12-26
			2028: 01-01 03-08 04-14 04-17 05-01 05-25 06-05 06-17 10-03 12-25 12-26`},
		{"DE-SN", `
			2022: 01-01 04-15 04-18 05-01 05-26 06-06 10-03 10-31 11-16 12-25 12-26
			2023: 01-01 04-07 04-10 05-01 05-18 05-29 10-03 10-31 11-22 12-25 12-26
			2026: 01-01 04-03 04-06 05-01 05-14 05-25 10-03 10-31 11-18 12-25 12-26`},
		{"DE-TH", `
			2018: 01-01 03-30 04-02 05-01 05-10 05-21 10-03 10-31 12-25 12-26
			2019: 01-01 04-19 04-22 05-01 05-30 06-10 09-20 10-03 10-31 12-25 12-26`},
		{"GB-ENG", `
			2011: 01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-26 12-27
			2012: 01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26
			2015: 01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28
			2016: 01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27
			2017: 01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26
			2019: 01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26
			2020: 01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28
			2021: 01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28
			2022: 01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27
			2023: 01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26
			2024: 01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26
			2025: 01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26
			2026: 01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28
			2027: 01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28`},
		{"GB-SCT", `
			2019: 01-01 01-02 04-19 05-06 05-27 08-05 12-02 12-25 12-26
			2020: 01-01 01-02 04-10 05-08 05-25 08-03 11-30 12-25 12-28
			2021: 01-01 01-04 04-02 05-03 05-31 08-02 11-30 12-27 12-28
			2022: 01-03 01-04 04-15 05-02 06-02 06-03 08-01 09-19 11-30 12-26 12-27
			2023: 01-02 01-03 04-07 05-01 05-08 05-29 08-07 11-30 12-25 12-26
			2024: 01-01 01-02 03-29 05-06 05-27 08-05 12-02 12-25 12-26
			2025: 01-01 01-02 04-18 05-05 05-26 08-04 12-01 12-25 12-26
			2026: 01-01 01-02 04-03 05-04 05-25 06-15 08-03 11-30 12-25 12-28
			2027: 01-01 01-04 03-26 05-03 05-31 08-02 11-30 12-27 12-28`},
		{"GB-NIR", `
			2019: 01-01 03-18 04-19 04-22 05-06 05-27 07-12 08-26 12-25 12-26
			2020: 01-01 03-17 04-10 04-13 05-08 05-25 07-13 08-31 12-25 12-28
			2021: 01-01 03-17 04-02 04-05 05-03 05-31 07-12 08-30 12-27 12-28
			2022: 01-03 03-17 04-15 04-18 05-02 06-02 06-03 07-12 08-29 09-19 12-26 12-27
			2023: 01-02 03-17 04-07 04-10 05-01 05-08 05-29 07-12 08-28 12-25 12-26
			2024: 01-01 03-18 03-29 04-01 05-06 05-27 07-12 08-26 12-25 12-26
			2025: 01-01 03-17 04-18 04-21 05-05 05-26 07-14 08-25 12-25 12-26
			2026: 01-01 03-17 04-03 04-06 05-04 05-25 07-13 08-31 12-25 12-28
			2027: 01-01 03-17 03-26 03-29 05-03 05-31 07-12 08-30 12-27 12-28`},
		{"US", `
			2020: 01-01 01-20 02-17 05-25 07-03 09-07 10-12 11-11 11-26 12-25
			2021: 01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31
			2022: 01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26
			2023: 01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25
			2026: 01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25`},
		{"US-CA", `
			2019: 01-01 01-21 02-18 04-01 05-27 07-04 09-02 11-11 11-28 11-29 12-25
			2023: 01-02 01-16 02-20 03-31 05-29 07-04 09-04 11-10 11-23 11-24 12-25
			2026: 01-01 01-19 02-16 03-31 05-25 07-04 09-07 11-11 11-26 11-27 12-25`},
		{"ES-MD", `
			2022: 01-01 01-06 04-14 04-15 05-02 07-25 08-15 10-12 11-01 12-06 12-08 12-26
			2023: 01-06 03-20 04-06 04-07 05-01 05-02 08-15 10-12 11-01 12-06 12-08 12-25`},
		{"ES-CE", `
			2024: 01-01 01-06 03-28 03-29 05-01 06-17 08-05 08-15 10-12 11-01 12-06 12-25`},
	} {
		for line := range strings.SplitSeq(strings.TrimSpace(c.list), "\n") {
			var year int
			text, days, _ := strings.Cut(strings.TrimSpace(line), ": ")
			fmt.Sscan(text, &year)
			if diff := cmp.Diff(days, daysOff(t, c.code, year)); diff != "" {
				t.Errorf("%s %d (-list +rule):\n%s", c.code, year, diff)
			}
		}
	}
}

// TestGermanStates counts the days of each state in a plain year.
func TestGermanStates(t *testing.T) {
	want := map[string]int{
		"DE": 9, "DE-BW": 12, "DE-BY": 12, "DE-BY-KATH": 13, "DE-BE": 10, "DE-BB": 12, "DE-HB": 10, "DE-HH": 10,
		"DE-HE": 10, "DE-MV": 11, "DE-NI": 10, "DE-NW": 11, "DE-RP": 11, "DE-SL": 12, "DE-SN": 11, "DE-ST": 11,
		"DE-SH": 10, "DE-TH": 11,
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
