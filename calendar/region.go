// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"verlof/internal/order"
)

// RegionInfo is a country or a part of one with public holidays of its own.
// The catalogues hold its name under "region." and its code, the country's
// under "country." and the country's code.
type RegionInfo struct {
	Code     string // ISO 3166-1 or 3166-2, such as "NL" or "DE-BW"; a third part is ours
	Country  string // ISO 3166-1
	Local    string // its own name for itself
	Source   string // the law or official list that the days were taken from
	Reviewed string // when the rules were last held against the lists in the tests, YYYY-MM-DD
	Checked  string // what the days were held against besides, in English; empty: not yet against a published list
	Note     string // what a reader of the days must know, in English; may be empty
	// ListedUntil is the last year for which the authorities published the
	// list that these days follow; later years are by rule and may change.
	// Zero: the law itself fixes the days.
	ListedUntil int

	feasts  []feast
	weekend func([]Holiday) []Holiday // moves what falls on a weekend; nil: nothing moves
}

// reviewed is the date on which the days of all regions were last reviewed, for
// the years 2015 to 2035.
const reviewed = "2026-11-26"

// checked says, by country, which published lists the days were compared with.
var checked = map[string]string{
	"BE": "belgium.be, the ten days; OpenHolidays' table for 2020 to 2030",
	"DE": "the states' laws as feiertage-api.de tabulates them for 2025; one-off days as the press reported them",
	"ES": "a transcription of the BOE's tables for 2015 to 2026; for 2026 the communities' days in a second one",
	"FR": "the State's open data (Etalab, jours fériés) for 2020 to 2027, Alsace-Moselle among them",
	"GB": "GOV.UK, bank holidays 2017 to 2027",
	"NL": "OpenHolidays' table for 2020 to 2030, of which the days that the usual agreements give",
	"US": "5 U.S.C. § 6103 and OPM's past lists for 2021 to 2023; California Government Code §§ 6700, 19853 and CalHR's lists",
}

// Holidays returns the holidays of one calendar year by date, those that take
// nothing and one-off days included. The rules are reviewed for 2015 to 2035;
// for other years they give what the present law would.
func (r RegionInfo) Holidays(year int) []Holiday { return slices.Clone(r.year(year)) }

// Years returns the holidays of the years from first to last as a set, to which
// a customer's own days can be added.
func (r RegionInfo) Years(first, last int) *Holidays {
	var days []Holiday
	for y := first; y <= last; y++ {
		days = append(days, r.year(y)...)
	}
	h := &Holidays{days: days}
	h.index()
	return h
}

// computed remembers the holidays of a region and year, for the years that
// people plan in.
var computed sync.Map

type regionYear struct {
	code string
	year int
}

func (r RegionInfo) year(year int) []Holiday {
	key := regionYear{r.Code, year}
	if days, ok := computed.Load(key); ok {
		return days.([]Holiday)
	}
	var days []Holiday
	for y := year; y <= year+1; y++ { // New Year's Day may be kept on 31 December
		for _, h := range r.kept(y) {
			if h.Date.Year() == year {
				days = append(days, h)
			}
		}
	}
	order.By(days, byDate)
	if year >= 2000 && year < 2100 {
		computed.Store(key, days)
	}
	return days
}

// kept returns the holidays that belong to a year, wherever they moved.
func (r RegionInfo) kept(year int) []Holiday {
	var days []Holiday
	for _, f := range r.feasts {
		if h, ok := f.holiday(year); ok {
			days = append(days, h)
		}
	}
	order.By(days, byDate)
	if r.weekend != nil {
		days = r.weekend(days)
	}
	return days
}

var regions = sync.OnceValue(func() []RegionInfo {
	all := slices.Concat(belgium(), france(), germany(), netherlands(), spain(), unitedKingdom(), unitedStates())
	for i := range all {
		all[i].Country = all[i].Code[:2]
		all[i].Reviewed, all[i].Checked = reviewed, checked[all[i].Country]
	}
	order.By(all, func(a, b RegionInfo) int { return cmp.Compare(a.Code, b.Code) })
	return all
})

// Regions returns all regions by code.
func Regions() []RegionInfo { return slices.Clone(regions()) }

// Region returns the region with this code.
func Region(code string) (RegionInfo, bool) {
	all := regions()
	i, ok := slices.BinarySearchFunc(all, code, func(r RegionInfo, code string) int { return cmp.Compare(r.Code, code) })
	if !ok {
		return RegionInfo{}, false
	}
	return all[i], true
}

// HasFeast reports whether a holiday of some region has this key.
func HasFeast(key string) bool {
	return slices.ContainsFunc(regions(), func(r RegionInfo) bool {
		return slices.ContainsFunc(r.feasts, func(f feast) bool { return f.key == key })
	})
}

// Feasts returns the keys of the region's holidays, each once.
func (r RegionInfo) Feasts() []string {
	var keys []string
	for _, f := range r.feasts {
		if !slices.Contains(keys, f.key) {
			keys = append(keys, f.key)
		}
	}
	return keys
}

// move keeps the holiday days[i] on another date: its own date is only shown,
// and the stand-in is appended.
func move(days []Holiday, i int, to Date) []Holiday {
	standIn := days[i]
	standIn.Date, standIn.Moved = to, true
	days[i].Off = Informative
	return append(days, standIn)
}

// onWeekend reports whether a holiday that takes time falls on a weekend.
func (h Holiday) onWeekend() bool {
	w := h.Date.Weekday()
	return h.Off != Informative && (w == time.Saturday || w == time.Sunday)
}
