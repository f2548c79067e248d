// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"verlof/internal/exact"
	"verlof/leave"
)

// sayPolicy reads
//
//	policy [TYPE:] [from DATE] [CLASS] N days|hours a PERIOD, CLAUSE, ..., and [CLASS] N ...
//
// What follows "and" is a further pot behind the same type. A policy without a date holds since ever; one with a date follows on.
func (w *world) sayPolicy(a *args) error {
	typ := usual
	if len(a.words) > 0 && strings.HasSuffix(a.words[0], ":") {
		typ = strings.TrimSuffix(a.words[0], ":")
		a.words = a.words[1:]
	}
	t, ok := w.book.Type(typ)
	if !ok {
		return wrong(typ, "is no type of leave; a line %q comes first", "type "+typ)
	}
	p := leave.Policy{ID: fmt.Sprint(len(w.book.Policies)), Package: all, Type: t.ID}
	if a.take("from") {
		d, err := a.date()
		if err != nil {
			return err
		}
		p.From = d
	}
	var err error
	if p.Terms, err = terms(t, a.rest()); err != nil {
		return err
	}
	for _, pot := range append([]leave.Terms{p.Terms}, p.Terms.Also...) {
		for _, rule := range pot.Away {
			for _, id := range rule.Types {
				if _, ok := w.book.Type(id); !ok {
					return wrong(id, "is no type of leave; a line %q comes first", "type "+id)
				}
			}
		}
	}
	w.book.Policies = append(w.book.Policies, p)
	return nil
}

// ParsePolicy reads the terms of a type of leave as they stand in a line "policy"
// after the type and the date: [CLASS] N days|hours a PERIOD, CLAUSE, ..., and ...
// It reports an *Error of line 1 where the text is at fault.
func ParsePolicy(t leave.Type, text string) (leave.Terms, error) {
	words, err := split(text)
	var out leave.Terms
	if err == nil {
		out, err = terms(t, strings.Join(words, " "))
	}
	return out, mistake(1, err)
}

// terms reads what ParsePolicy does.
func terms(t leave.Type, text string) (leave.Terms, error) {
	out := leave.Terms{FullTime: exact.Int(5), Accrual: leave.AtYearStart, Proration: leave.ByMonths}
	if t.Unit == leave.Hours {
		out.FullTime = exact.Int(40 * 60)
	}
	for i, text := range strings.Split(text, ", and ") {
		pot := &out
		if i > 0 {
			out.Also = append(out.Also, leave.Terms{})
			pot = &out.Also[i-1]
		}
		if err := potClauses(t, pot, text); err != nil {
			return leave.Terms{}, err
		}
	}
	return out, nil
}

// potClauses reads [CLASS] AMOUNT, CLAUSE, CLAUSE, ...
func potClauses(t leave.Type, terms *leave.Terms, text string) error {
	clauses := strings.Split(text, ",")
	words := strings.Fields(clauses[0])
	if len(words) > 0 {
		if c := leave.Class(words[0]); c == leave.Statutory || c == leave.Extra || c == leave.Earned {
			terms.Class, words = c, words[1:]
		}
	}
	if err := amountClause(t, terms, strings.Join(words, " ")); err != nil {
		return err
	}
	for _, c := range clauses[1:] {
		if err := clause(t, terms, c); err != nil {
			return err
		}
	}
	return nil
}

// amountClause reads N days a year or N hours a year.
func amountClause(t leave.Type, terms *leave.Terms, c string) error {
	a := &args{words: strings.Fields(c)}
	n, weeks, err := weeksOrUnit(a, t)
	if err != nil {
		return err
	}
	if terms.Event.Weeks = weeks; weeks || len(a.words) > 0 && a.words[0] == "per" {
		terms.Amount = n
		if err := a.need("per"); err != nil {
			return err
		}
		return eventAmount(a, terms)
	}
	if err := a.need("a"); err != nil {
		return err
	}
	per, err := a.next("year, month, week or another period")
	if err != nil {
		return err
	}
	terms.Amount = n
	if hours, err := exact.Parse(per); err == nil { // a 8 hours worked
		terms.PerPeriod, terms.Worked = true, hours.Mul(exact.Int(60))
		terms.Accrual = leave.AccrualOf(leave.Daily, leave.AtEnd)
		if !a.take("hours") && !a.take("hour") {
			return errors.New("expected: so many hours worked")
		}
		return errors.Join(a.need("worked"), a.done())
	}
	if per != "year" {
		r, ok := periods[per]
		if !ok {
			return wrong(per, "is no period; those are year, half-year, quarter, month, half-month, four-weeks, fortnight, week and day")
		}
		terms.PerPeriod, terms.Accrual = true, leave.AccrualOf(r, leave.After)
	}
	return a.done()
}

// weeksOrUnit takes a number of weeks, or what inUnit takes.
func weeksOrUnit(a *args, t leave.Type) (n exact.Rat, weeks bool, err error) {
	if len(a.words) > 1 && strings.TrimSuffix(a.words[1], "s") == "week" {
		n, err = a.number()
		a.words = a.words[1:]
		return n, true, err
	}
	n, err = inUnit(a, t)
	return n, false, err
}

// term takes a length of time such as 5 months or 20 days.
func term(a *args) (leave.Term, error) {
	n, err := a.number()
	if err != nil {
		return leave.Term{}, err
	}
	count, ok := n.Int64()
	unit, err := a.next("days, weeks, months or years")
	if err != nil {
		return leave.Term{}, err
	}
	if !ok || count < 0 || count > 10_000 {
		return leave.Term{}, wrong(n.String(), "is no number of %s", unit)
	}
	switch strings.TrimSuffix(unit, "s") {
	case "day":
		return leave.Term{Days: int(count)}, nil
	case "week":
		return leave.Term{Days: 7 * int(count)}, nil
	case "month":
		return leave.Term{Months: int(count)}, nil
	case "year":
		return leave.Term{Months: 12 * int(count)}, nil
	}
	return leave.Term{}, wrong(unit, "expected: days, weeks, months or years")
}

// inUnit takes a number and the unit, which must be the type's and may be left
// out.
func inUnit(a *args, t leave.Type) (exact.Rat, error) {
	n, err := a.number()
	if err != nil {
		return n, err
	}
	hours := a.take("hours") || a.take("hour")
	days := !hours && (a.take("days") || a.take("day"))
	if hours && t.Unit == leave.Days || days && t.Unit == leave.Hours {
		return n, fmt.Errorf("the type %q is kept in %s", t.Name, t.Unit)
	}
	if t.Unit == leave.Hours {
		n = n.Mul(exact.Int(60))
	}
	return n, nil
}

// someInUnit is inUnit for more than nothing.
func someInUnit(a *args, t leave.Type) (exact.Rat, error) {
	n, err := inUnit(a, t)
	if err == nil && n.Sign() <= 0 {
		err = wrong(n.String(), "is not more than nothing")
	}
	return n, err
}

// words that make a clause by themselves.
var plainClauses = map[string]func(*leave.Terms){
	"at once":                  func(t *leave.Terms) { t.Accrual = leave.AtYearStart },
	"prorated by months":       func(t *leave.Terms) { t.Proration = leave.ByMonths },
	"prorated by months begun": func(t *leave.Terms) { t.Proration = leave.ByTouched },
	"prorated by full months":  func(t *leave.Terms) { t.Proration = leave.ByFullMonths },
	"prorated by days":         func(t *leave.Terms) { t.Proration = leave.ByDays },
	"not prorated":             func(t *leave.Terms) { t.Proration = leave.NoProration },
	"rounded up":               func(t *leave.Terms) { t.Rounding.Mode = leave.RoundUp },
	"rounded down":             func(t *leave.Terms) { t.Rounding.Mode = leave.RoundDown },
	"rounded half up":          func(t *leave.Terms) { t.Rounding.Mode = leave.RoundHalfUp },
	"rounded from half up":     func(t *leave.Terms) { t.Rounding.Mode = leave.RaiseHalf },
	"lost with the period":     func(t *leave.Terms) { t.Bound = true },
	"not on leave":             func(t *leave.Terms) { t.NotOnLeave = true },
	"part-time not counted":    func(t *leave.Terms) { t.FullTime = exact.Rat{} },
}

// clause reads one of the further clauses of a policy.
func clause(t leave.Type, terms *leave.Terms, c string) error {
	a := &args{words: strings.Fields(c)}
	c = strings.Join(a.words, " ")
	if set, ok := plainClauses[c]; ok {
		set(terms)
		return nil
	}
	if set, ok := plainEventClauses[c]; ok {
		set(&terms.Event)
		return nil
	}
	if c == "" {
		return errors.New("a clause is missing between two commas")
	}
	var err error
	switch {
	case slices.Contains(carryWords, a.words[0]):
		return carries(a, t, &terms.CarryOver)
	case slices.Contains(eventWords, a.words[0]):
		err = eventClause(a, &terms.Event)
	case a.take("overtime"):
		err = overtimeClause(a, &terms.Overtime)
	case a.take("buys"):
		err = tradeClause(a, t, &terms.Trade.Buy, &terms.Trade)
	case a.take("sells"):
		err = tradeClause(a, t, &terms.Trade.Sell, &terms.Trade)
	case a.take("block"):
		err = blockClause(a, &terms.Block)
	case a.take("debt"):
		terms.Debt, err = inUnit(a, t)
	case a.take("cap"):
		terms.Cap, err = inUnit(a, t)
	case earns(c):
		err = earnClause(a, t, terms)
	case strings.HasPrefix(c, "year starts "):
		a.words = a.words[2:]
		terms.YearStart, err = a.monthDay()
	case strings.HasPrefix(c, "full time is "):
		a.words = a.words[3:]
		terms.FullTime, err = inUnit(a, t)
		a.take("a")
		a.take("week")
	case strings.HasPrefix(c, "rounded "):
		err = roundedTo(a, t, terms)
	default:
		return wrong(c, "is no clause of a policy; docs/scenarios.md lists them")
	}
	if err != nil {
		return err
	}
	return a.done()
}

var carryWords = []string{"carries", "until", "keeps", "on", "valid", "beside", "if", "longer", "the"}

// carries reads what happens at the end of a leave year: carries N|all|nothing; until DAY MONTH, the last day to take it, or
// valid N months; keeps N, which do not expire then; on DAY MONTH, when it goes
// over; and beside N, the most that there may be with what is granted that day.
// They follow each other or are clauses of their own.
func carries(a *args, t leave.Type, c *leave.CarryOver) (err error) {
	for len(a.words) > 0 && err == nil {
		switch {
		case a.take("carries"):
			if c.All = a.take("all"); !c.All && !a.take("nothing") {
				c.Max, err = inUnit(a, t)
			}
		case a.take("until"):
			var last leave.MonthDay
			last, err = a.monthDay()
			first := last.In(2023).AddDays(1)
			c.Expires = leave.MonthDay{Month: first.Month(), Day: first.Day()}
		case a.take("keeps"):
			c.Keep, err = inUnit(a, t)
		case a.take("on"):
			c.On, err = a.monthDay()
		case a.take("valid"):
			c.Valid, err = term(a)
		case a.take("beside"):
			c.InAll, err = inUnit(a, t)
		case a.take("if"):
			err = ifTold(a, c)
		case a.take("longer"):
			err = longer(a, t, c)
		case a.take("the"):
			err = theRest(a, c)
		default:
			return a.done()
		}
	}
	return err
}

// roundedTo reads rounded up|down|half up to STEP.
func roundedTo(a *args, t leave.Type, terms *leave.Terms) error {
	how, _, found := strings.Cut(strings.Join(a.words, " "), " to ")
	set, ok := plainClauses[how]
	if !found || !ok {
		return wrong(how, "expected: rounded up, rounded down, rounded half up or rounded from half up, and perhaps to a step")
	}
	set(terms)
	a.words = a.words[len(strings.Fields(how))+1:]
	var err error
	terms.Rounding.Step, err = inUnit(a, t)
	return err
}
