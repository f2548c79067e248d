// SPDX-License-Identifier: Apache-2.0

package calendar

import "time"

// netherlands: no law gives a day off on a holiday; contracts and collective
// agreements do. The common practice is what takes time here.
func netherlands() []RegionInfo {
	lustrum := func(y int) Date {
		if y%5 != 0 {
			return 0
		}
		return On(y, time.May, 5)
	}
	otherYears := func(y int) Date {
		if y%5 == 0 {
			return 0
		}
		return On(y, time.May, 5)
	}
	return []RegionInfo{{
		Code:   "NL",
		Local:  "Nederland",
		Source: "Algemene termijnenwet, art. 3; Besluit van 9 oktober 2013 (Koningsdag)",
		Note: "The law names the holidays but gives no day off: the contract or collective agreement does. " +
			"Good Friday, and Liberation Day outside the years divisible by five, are shown and take nothing.",
		feasts: []feast{
			day("new-years-day", "Nieuwjaarsdag", fixed(time.January, 1)),
			day("good-friday", "Goede Vrijdag", easter(-2)).shown(),
			day("easter-sunday", "Eerste paasdag", easter(0)),
			day("easter-monday", "Tweede paasdag", easter(1)),
			day("queens-day", "Koninginnedag", orSaturday(fixed(time.April, 30))).until(2013),
			day("kings-day", "Koningsdag", orSaturday(fixed(time.April, 27))).since(2014),
			day("liberation-day-nl", "Bevrijdingsdag", lustrum),
			day("liberation-day-nl", "Bevrijdingsdag", otherYears).shown(),
			day("ascension-day", "Hemelvaartsdag", easter(39)),
			day("whit-sunday", "Eerste pinksterdag", easter(49)),
			day("whit-monday", "Tweede pinksterdag", easter(50)),
			day("christmas-day", "Eerste kerstdag", fixed(time.December, 25)),
			day("second-christmas-day", "Tweede kerstdag", fixed(time.December, 26)),
		},
	}}
}
