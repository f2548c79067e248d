// SPDX-License-Identifier: Apache-2.0

package calendar

import "time"

// unitedStates: the federal holidays, and California's.
func unitedStates() []RegionInfo {
	const private = "No law makes private employers give these days. "
	return []RegionInfo{
		{
			Code: "US", Local: "United States", Source: "5 U.S.C. 6103(a) and (b)",
			Note: private + "A holiday on a Saturday is kept on the Friday before and one on a Sunday on the Monday after; its own date " +
				"is then shown and takes nothing. Inauguration Day (Washington area only) and days given by executive order are not included.",
			feasts: federal(), weekend: nearestWeekday,
		},
		{
			Code: "US-CA", Local: "California", Source: "California Government Code, § 6700, § 6701 and § 19853",
			Note: private + "The days are those that § 19853 gives to state employees; Juneteenth, Native American Day and Columbus Day, " +
				"which § 6700 also names, are shown and take nothing. A holiday on a Sunday is kept on the Monday after, Veterans Day on a " +
				"Saturday on the Friday before.",
			feasts: california(), weekend: californian,
		},
	}
}

func federal() []feast {
	return []feast{
		day("new-years-day", "New Year's Day", fixed(time.January, 1)),
		day("martin-luther-king-day", "Birthday of Martin Luther King, Jr.", nth(3, time.Monday, time.January)),
		day("washingtons-birthday", "Washington's Birthday", nth(3, time.Monday, time.February)),
		day("memorial-day", "Memorial Day", last(time.Monday, time.May)),
		day("juneteenth", "Juneteenth National Independence Day", fixed(time.June, 19)).since(2021),
		day("independence-day-us", "Independence Day", fixed(time.July, 4)),
		day("labor-day-us", "Labor Day", nth(1, time.Monday, time.September)),
		day("columbus-day", "Columbus Day", nth(2, time.Monday, time.October)),
		day("veterans-day", "Veterans Day", fixed(time.November, 11)),
		day("thanksgiving", "Thanksgiving Day", nth(4, time.Thursday, time.November)),
		day("christmas-day", "Christmas Day", fixed(time.December, 25)),
	}
}

func california() []feast {
	return []feast{
		day("new-years-day", "New Year's Day", fixed(time.January, 1)),
		day("martin-luther-king-day", "Dr. Martin Luther King, Jr. Day", nth(3, time.Monday, time.January)),
		day("presidents-day", "Presidents' Day", nth(3, time.Monday, time.February)),
		day("cesar-chavez-day", "Cesar Chavez Day", fixed(time.March, 31)),
		day("memorial-day", "Memorial Day", last(time.Monday, time.May)),
		day("juneteenth", "Juneteenth", fixed(time.June, 19)).since(2023).shown(),
		day("independence-day-us", "Independence Day", fixed(time.July, 4)),
		day("labor-day-us", "Labor Day", nth(1, time.Monday, time.September)),
		day("native-american-day", "Native American Day", nth(4, time.Friday, time.September)).shown(),
		day("columbus-day", "Columbus Day", nth(2, time.Monday, time.October)).shown(),
		day("veterans-day", "Veterans Day", fixed(time.November, 11)),
		day("thanksgiving", "Thanksgiving Day", nth(4, time.Thursday, time.November)),
		day("day-after-thanksgiving", "Day after Thanksgiving", after(1, nth(4, time.Thursday, time.November))),
		day("christmas-day", "Christmas Day", fixed(time.December, 25)),
	}
}

// nearestWeekday keeps Saturday's holiday on Friday and Sunday's on Monday (5
// U.S.C. 6103(b); Executive Order 11582, section 3).
func nearestWeekday(days []Holiday) []Holiday {
	for i, h := range days {
		if !h.onWeekend() {
			continue
		}
		if h.Date.Weekday() == time.Saturday {
			days = move(days, i, h.Date-1)
		} else {
			days = move(days, i, h.Date+1)
		}
	}
	return days
}

// californian keeps Sunday's holiday on Monday, and of Saturday's only Veterans
// Day on Friday (Government Code § 6701 and § 19853(b)).
func californian(days []Holiday) []Holiday {
	for i, h := range days {
		switch {
		case !h.onWeekend():
		case h.Date.Weekday() == time.Sunday:
			days = move(days, i, h.Date+1)
		case h.Key == "veterans-day":
			days = move(days, i, h.Date-1)
		}
	}
	return days
}
