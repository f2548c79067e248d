// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"time"

	"verlof/internal/exact"
	"verlof/leave"
)

// law is what a new customer's holiday starts from: the least that a country's
// law gives somebody who works full time, five days a week. Where the law leaves
// a choice, the terms take what favours the employee. A customer checks them
// against its own agreements.
type law struct {
	zone  string // time zone of most of the country
	terms leave.Terms
}

// laws are the laws by country. The regions of calendar lie in these.
var laws = map[string]law{
	// Four times the working week (BW 7:634); what is left lapses on 1 July of
	// the next year (BW 7:640a).
	"NL": {"Europe/Amsterdam", leave.Terms{Amount: exact.Int(20), FullTime: fullWeek, Accrual: leave.AtYearStart,
		Proration: leave.ByMonths, Rounding: upToHalf, CarryOver: carryUntil(time.July)}},
	// 24 Werktage of six a week (BUrlG § 3), by full months for joiners and
	// leavers, half days and more up (§ 5), carried to 31 March (§ 7).
	"DE": {"Europe/Berlin", leave.Terms{Amount: exact.Int(20), FullTime: fullWeek, Accrual: leave.AtYearStart,
		Proration: leave.ByFullMonths, Rounding: upToWhole, CarryOver: carryUntil(time.April)}},
	// 20 days at five a week (law of 28 June 1971); nothing is carried over.
	"BE": {"Europe/Brussels", leave.Terms{Amount: exact.Int(20), FullTime: fullWeek, Accrual: leave.AtYearStart,
		Proration: leave.ByMonths, Rounding: upToHalf}},
	// 30 jours ouvrables of six a week, a year from 1 June, rounded up (L3141-3,
	// -7, R3141-4).
	"FR": {"Europe/Paris", leave.Terms{Amount: exact.Int(25), FullTime: fullWeek, YearStart: leave.MonthDay{Month: time.June, Day: 1},
		Accrual: leave.AtYearStart, Proration: leave.ByMonths, Rounding: upToWhole, CarryOver: leave.CarryOver{All: true}}},
	// 5.6 weeks, public holidays among them (WTR 1998 reg. 13, 13A), to half
	// days up (reg. 15A).
	"GB": {"Europe/London", leave.Terms{Amount: exact.Int(28), FullTime: fullWeek, Accrual: leave.AtYearStart,
		Proration: leave.ByMonths, Rounding: upToHalf}},
	// 30 calendar days (ET art. 38), which hold 22 working days.
	"ES": {"Europe/Madrid", leave.Terms{Amount: exact.Int(22), FullTime: fullWeek, Accrual: leave.AtYearStart,
		Proration: leave.ByMonths, Rounding: upToHalf}},
	// No general duty; two weeks are common. Carried for good, as California
	// demands (Lab. Code 227.3).
	"US": {"America/New_York", leave.Terms{Amount: exact.Int(10), FullTime: fullWeek, Accrual: leave.AtYearStart,
		Proration: leave.ByMonths, Rounding: upToHalf, CarryOver: leave.CarryOver{All: true}}},
}

var (
	fullWeek  = exact.Int(5) // working days
	upToHalf  = leave.Rounding{Mode: leave.RoundUp, Step: exact.New(1, 2)}
	upToWhole = leave.Rounding{Mode: leave.RoundUp, Step: exact.Int(1)}
)

// carryUntil carries all over until a month of the next year begins.
func carryUntil(m time.Month) leave.CarryOver {
	return leave.CarryOver{All: true, Expires: leave.MonthDay{Month: m, Day: 1}}
}
