// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"slices"
	"time"
)

// unitedKingdom: bank holidays, as the government lists them.
func unitedKingdom() []RegionInfo {
	const act = "Banking and Financial Dealings Act 1971, s. 1 and schedule 1; royal proclamations; list of bank holidays on GOV.UK"
	const note = "Whether bank holidays are days off is for the contract to say. One that falls on a weekend is kept on the " +
		"next weekday that is free; its own date is then shown and takes nothing."
	easterMonday := day("easter-monday", "Easter Monday", easter(1))
	augustBank := day("summer-bank-holiday", "Summer bank holiday", last(time.Monday, time.August))
	england := slices.Concat(britain(), []feast{easterMonday, augustBank})
	scotland := slices.Concat(britain(), []feast{
		day("second-january", "2nd January", fixed(time.January, 2)),
		day("world-cup-2026", "World Cup bank holiday", fixed(time.June, 15)).in(2026),
		day("summer-bank-holiday", "Summer bank holiday", nth(1, time.Monday, time.August)),
		day("saint-andrews-day", "St Andrew's Day", fixed(time.November, 30)),
	})
	ireland := slices.Concat(britain(), []feast{
		easterMonday, augustBank,
		day("saint-patricks-day", "St Patrick's Day", fixed(time.March, 17)),
		day("battle-of-the-boyne", "Battle of the Boyne (Orangemen's Day)", fixed(time.July, 12)),
	})
	region := func(code, local, source string, feasts []feast) RegionInfo {
		return RegionInfo{Code: code, Local: local, Source: source, Note: note, feasts: feasts, weekend: nextWeekday}
	}
	return []RegionInfo{
		region("GB-ENG", "England", act, england),
		region("GB-WLS", "Wales / Cymru", act, england),
		region("GB-SCT", "Scotland", act+"; St Andrew's Day Bank Holiday (Scotland) Act 2007", scotland),
		region("GB-NIR", "Northern Ireland", act, ireland),
	}
}

// britain returns the days that all parts of the United Kingdom share, those of
// royal proclamations included.
func britain() []feast {
	const may, june = time.May, time.June
	return []feast{
		day("new-years-day", "New Year's Day", fixed(time.January, 1)),
		day("good-friday", "Good Friday", easter(-2)),
		day("early-may-bank-holiday", "Early May bank holiday", nth(1, time.Monday, may)).except(2020),
		day("early-may-bank-holiday", "Early May bank holiday (VE day)", fixed(may, 8)).in(2020),
		day("spring-bank-holiday", "Spring bank holiday", last(time.Monday, may)).except(2002, 2012, 2022),
		day("spring-bank-holiday", "Spring bank holiday", fixed(june, 4)).in(2002, 2012),
		day("spring-bank-holiday", "Spring bank holiday", fixed(june, 2)).in(2022),
		day("golden-jubilee", "Golden Jubilee bank holiday", fixed(june, 3)).in(2002),
		day("royal-wedding", "Bank holiday for the royal wedding", fixed(time.April, 29)).in(2011),
		day("diamond-jubilee", "Diamond Jubilee bank holiday", fixed(june, 5)).in(2012),
		day("platinum-jubilee", "Platinum Jubilee bank holiday", fixed(june, 3)).in(2022),
		day("state-funeral", "Bank holiday for the State Funeral of Queen Elizabeth II", fixed(time.September, 19)).in(2022),
		day("coronation", "Bank holiday for the coronation of King Charles III", fixed(may, 8)).in(2023),
		day("christmas-day", "Christmas Day", fixed(time.December, 25)),
		day("boxing-day", "Boxing Day", fixed(time.December, 26)),
	}
}

// nextWeekday keeps a holiday that falls on a weekend on the next weekday that
// is no holiday itself: with Christmas on a Sunday, Boxing Day stays on Monday
// and Christmas is kept on Tuesday.
func nextWeekday(days []Holiday) []Holiday {
	taken := map[Date]bool{}
	for _, h := range days {
		taken[h.Date] = true
	}
	for i, h := range days {
		if !h.onWeekend() {
			continue
		}
		d := onOrAfter(time.Monday, h.Date)
		for taken[d] {
			d++
		}
		taken[d] = true
		days = move(days, i, d)
	}
	return days
}
