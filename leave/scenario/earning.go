// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"verlof/internal/exact"
	"verlof/leave"
)

// periods are the words for what an amount may be for.
var periods = map[string]leave.Rhythm{"half-year": leave.HalfYearly, "quarter": leave.Quarterly, "month": leave.Monthly,
	"half-month": leave.TwiceMonth, "four-weeks": leave.FourWeekly, "fortnight": leave.Fortnight, "week": leave.Weekly, "day": leave.Daily}

// rhythms are the words for how often leave is granted.
var rhythms = map[string]leave.Rhythm{"yearly": leave.Yearly, "half-yearly": leave.HalfYearly, "quarterly": leave.Quarterly,
	"monthly": leave.Monthly, "half-monthly": leave.TwiceMonth, "four-weekly": leave.FourWeekly,
	"fortnightly": leave.Fortnight, "weekly": leave.Weekly, "daily": leave.Daily}

// moments are the words for when in a period leave is granted.
var moments = map[string]leave.Moment{"at start": leave.AtStart, "at end": leave.AtEnd, "afterwards": leave.After}

// accrued reads accrued [RHYTHM] [DAYS] [MOMENT]. A rhythm alone grants at the end.
func accrued(a *args, terms *leave.Terms) error {
	rhythm, moment := terms.Accrual.Split()
	if len(a.words) == 0 {
		return errors.New("how often it is accrued is missing at the end, such as monthly")
	}
	if len(a.words) > 0 {
		if r, ok := rhythms[a.words[0]]; ok {
			rhythm, moment, a.words = r, leave.AtEnd, a.words[1:]
		}
	}
	if err := payDays(a, terms); err != nil {
		return err
	}
	if len(a.words) > 0 {
		m, ok := moments[strings.Join(a.words, " ")]
		if !ok {
			return wrong(a.words[0], "is neither how often nor when it is accrued; %s", meant(a.words[0], slices.Sorted(maps.Keys(rhythms)),
				"how often is "+strings.Join(slices.Sorted(maps.Keys(rhythms)), ", ")+"; when is at start, at end or afterwards"))
		}
		moment, a.words = m, nil
	}
	if was, _ := terms.Accrual.Split(); terms.PerPeriod && terms.Worked.IsZero() && rhythm != was {
		return wrong("accrued", "the amount is one of each period already, which says how often; say the amount a year to have it accrued otherwise")
	}
	terms.Accrual = leave.AccrualOf(rhythm, moment)
	return nil
}

// payDays takes from DATE, on WEEKDAY, or on the 15th [and the 30th].
func payDays(a *args, terms *leave.Terms) (err error) {
	if a.take("from") {
		terms.Pay.First, err = a.date()
		return err
	}
	if !a.take("on") {
		return nil
	}
	for day, name := range weekdays {
		if a.take(name) {
			terms.Pay.Weekday = day + 1
			return nil
		}
	}
	for {
		a.take("the")
		w, err := a.next("a day of the month such as the 15th")
		if err != nil {
			return err
		}
		n, err := exact.Parse(strings.TrimRight(w, "stndrh"))
		day, whole := n.Int64()
		if err != nil || !whole || day < 1 || day > 31 {
			return wrong(w, "is neither a weekday nor a day of the month such as the 15th")
		}
		terms.Pay.Days = append(terms.Pay.Days, int(day))
		if !a.take("and") {
			return nil
		}
	}
}

var weekdays = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

// level reads after N months M, the amount from then on, [at once] [cap N] [carries N].
func level(a *args, t leave.Type, terms *leave.Terms) error {
	n, err := a.number()
	if err != nil {
		return err
	}
	months, ok := n.Int64()
	if !ok || months < 0 || months > 1200 {
		return wrong(n.String(), "is no number of months")
	}
	if len(a.words) > 0 && strings.TrimSuffix(a.words[0], "s") == "year" {
		return wrong(a.words[0], "service is said in months here: after %d months", 12*months)
	}
	if err := a.need("months"); err != nil {
		return err
	}
	l := leave.Level{After: int(months)}
	if l.Amount, err = inUnit(a, t); err != nil {
		return err
	}
	if a.take("at") {
		l.Immediate = true
		err = a.need("once")
	}
	if err == nil && a.take("cap") {
		l.Cap, err = inUnit(a, t)
	}
	if err == nil && a.take("carries") {
		l.Carries, err = inUnit(a, t)
	}
	terms.Levels = append(terms.Levels, l)
	return err
}

// earns reports whether a clause is about what is earned, and when.
func earns(c string) bool {
	first, _, _ := strings.Cut(c, " ")
	_, err := parseNumber(first)
	return err == nil || slices.Contains([]string{"accrued", "after", "full", "twelfths", "plus", "at", "nothing"}, first) &&
		!strings.HasPrefix(c, "full time ")
}

// earnClause reads a clause about what is earned.
func earnClause(a *args, t leave.Type, terms *leave.Terms) error {
	switch {
	case a.take("accrued"):
		return accrued(a, terms)
	case a.take("after"):
		return level(a, t, terms)
	case a.take("full"):
		return fullAfter(a, terms)
	case a.take("twelfths"):
		if terms.FullAfter == 0 {
			return wrong("twelfths", "a clause \"full after N months\" comes first")
		}
		return a.need("before")
	case a.take("plus"):
		return plus(a, t, terms)
	case a.take("at"):
		return atMost(a, t, terms)
	}
	return away(a, t, terms)
}

// fullAfter reads full after N months.
func fullAfter(a *args, terms *leave.Terms) error {
	if err := a.need("after"); err != nil {
		return err
	}
	length, err := term(a)
	if err == nil && (length.Days > 0 || length.Months < 1) {
		err = wrong("after", "expected: so many months or years")
	}
	terms.FullAfter = length.Months
	return err
}

// plus reads plus N from age A [START], plus N after M months [START] or plus N
// where L of M are left after DAY MONTH.
func plus(a *args, t leave.Type, terms *leave.Terms) error {
	n, err := inUnit(a, t)
	if err != nil {
		return err
	}
	b := leave.Bonus{Amount: n}
	switch {
	case a.take("where"):
		return unspent(a, t, terms, n)
	case a.take("from"):
		if err := a.need("age"); err != nil {
			return err
		}
		age, err := a.number()
		if err != nil {
			return err
		}
		years, whole := age.Int64()
		if !whole || years < 1 || years > 120 {
			return wrong(age.String(), "is no age")
		}
		b.Age = int(years)
	default:
		if err := a.need("after"); err != nil {
			return err
		}
		length, err := term(a)
		if err != nil {
			return err
		}
		if length.Days > 0 {
			return wrong("after", "expected: so many months or years")
		}
		b.After = length.Months
	}
	switch {
	case a.take("at"):
		b.Start, err = leave.AtOnce, a.need("once")
	case a.take("that"):
		b.Start, err = leave.ThatYear, a.need("year")
	}
	terms.Bonuses = append(terms.Bonuses, b)
	return err
}

// unspent reads L of M are left after DAY MONTH.
func unspent(a *args, t leave.Type, terms *leave.Terms, n exact.Rat) error {
	u := leave.Unspent{Amount: n}
	var err error
	if u.Least, err = inUnit(a, t); err != nil {
		return err
	}
	if err := a.need("of"); err != nil {
		return err
	}
	if u.Of, err = inUnit(a, t); err != nil {
		return err
	}
	for _, word := range []string{"are", "left", "after"} {
		if err := a.need(word); err != nil {
			return err
		}
	}
	if u.Of.Less(u.Least) {
		return wrong(u.Least.String(), "is more than the days of which it is left")
	}
	u.After, err = a.monthDay()
	terms.Unspent = append(terms.Unspent, u)
	return err
}

// atMost reads at most N in the year, or at most N weeks in the year.
func atMost(a *args, t leave.Type, terms *leave.Terms) error {
	if err := a.need("most"); err != nil {
		return err
	}
	into := &terms.AtMost
	n, err := inUnit(a, t)
	if err != nil {
		return err
	}
	if a.take("weeks") {
		if t.Unit == leave.Hours {
			n = n.Div(exact.Int(60))
		}
		into = &terms.Weeks
	}
	if n.Sign() <= 0 {
		return wrong(n.String(), "is not more than nothing")
	}
	*into = n
	for _, word := range []string{"in", "the", "year"} {
		if err := a.need(word); err != nil {
			return err
		}
	}
	return nil
}

// away reads N|nothing while sick|on TYPE [or TYPE] [after N weeks] [by whole months].
func away(a *args, t leave.Type, terms *leave.Terms) (err error) {
	var x leave.Away
	if !a.take("nothing") {
		if x.Amount, err = inUnit(a, t); err != nil {
			return err
		}
	}
	switch {
	case a.take("while"):
		x.Sick, err = true, a.need("sick")
	case a.take("on"):
		var typ string
		for more := true; more && err == nil; more = a.take("or") {
			typ, err = a.next("a type of leave")
			x.Types = append(x.Types, typ)
		}
	default:
		err = a.need("while sick")
	}
	if err == nil && a.take("after") {
		var length leave.Term
		if length, err = term(a); err == nil && (length.Months > 0 || length.Days%7 > 0) {
			err = wrong("after", "expected: so many weeks")
		}
		x.Weeks = length.Days / 7
	}
	if err == nil && a.take("by") {
		if err = a.need("whole"); err == nil {
			x.Months, err = true, a.need("months")
		}
	}
	terms.Away = append(terms.Away, x)
	return err
}
