// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/near"
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
		return w.noType(typ)
	}
	if !t.Entitled {
		return against(typ, "is kept without a balance, so nothing is due of it")
	}
	if len(a.words) > 0 {
		if _, is := w.book.Type(a.words[0]); is && !slices.Contains(leave.Classes, leave.Class(a.words[0])) {
			return wrong(a.words[0], "a colon follows the type: policy %s: ...", a.words[0])
		}
	}
	p := leave.Policy{Package: all, Type: t.ID}
	if a.take("from") {
		d, err := a.date()
		if err != nil {
			return err
		}
		p.From = d
	}
	var err error
	text := a.rest()
	if p.Terms, err = terms(t, text); err != nil {
		return err
	}
	for _, pot := range append([]leave.Terms{p.Terms}, p.Terms.Also...) {
		for _, rule := range pot.Away {
			for _, id := range rule.Types {
				if _, ok := w.book.Type(id); !ok {
					return w.noType(id)
				}
			}
		}
		for _, x := range pot.CarryOver.Longer {
			for _, id := range x.Types {
				if _, ok := w.book.Type(id); !ok {
					return w.noType(id)
				}
			}
		}
	}
	return w.adopt(p, func(field string) string { return clauseAt(text, field) })
}

// adopt adds a policy where the rules let it be; clause returns the words that gave a field of its terms. One that a line
// "changes" brings takes the place of the one from the same day.
func (w *world) adopt(p leave.Policy, clause func(field string) string) error {
	key := []string{"policy", p.Type}
	if !p.From.IsZero() {
		key = append(key, p.From.String())
	}
	instead := "write \"policy from DATE ...\" for what is due later, or " + later("policy ...")
	if err := w.once(strings.ReplaceAll(instead, "policy ", "policy "+p.Type+": "), key...); err != nil {
		return err
	}
	w.book.Policies = slices.DeleteFunc(w.book.Policies, func(o leave.Policy) bool { return o.Type == p.Type && o.From == p.From })
	p.ID = fmt.Sprint(w.at, " ", p.Type)
	if err := w.book.CheckPolicy(&p); err != nil {
		fault := errs.As(errs.All(err)[0])
		return impossible(clause(fault.Field), fault)
	}
	w.book.Policies = append(w.book.Policies, p)
	return nil
}

// clausesOf are the words with which the clause begins that gives a field of terms.
var clausesOf = []struct{ field, words string }{
	{"full_time", "full time"}, {"rounding", "rounded"}, {"carry_max", "carries"}, {"carry_keep", "keeps"}, {"carry_expires", "until"},
	{"carry_on", "on"}, {"carry_valid", "valid"}, {"carry_beside", "beside"}, {"carry_told", "if"}, {"carry_rest", "the rest"},
	{"debt", "debt"}, {"at_most", "at most"}, {"weeks", "at most"}, {"cap", "cap"}, {"level", "after"}, {"bonus", "plus"},
	{"unspent", "plus"}, {"longer", "longer"}, {"event_before", "from"}, {"event_paid", "paid"}, {"event", "per"}, {"overtime", "overtime"},
	{"buy", "buys"}, {"sell", "sells"}, {"trade", "buys"}, {"full_after", "full after"}, {"bound", "lost"}, {"pay_", "accrued"},
	{"accrual", "accrued"}, {"block", "block"}, {"year_start", "year starts"}, {"away", "while"}, {"amount", ""},
}

// clauseAt returns the clause of a policy that gives a field of its terms; where it does not stand there, all of its amount.
func clauseAt(text, field string) string {
	pots := strings.Split(text, ", and ")
	pot := pots[0]
	if rest, further := strings.CutPrefix(field, "pot"); further {
		number, of, _ := strings.Cut(rest, "_")
		if n, err := strconv.Atoi(number); err == nil && n < len(pots) {
			pot, field = pots[n], of
		}
	}
	clauses := strings.Split(pot, ",")
	for _, x := range clausesOf {
		if x.words == "" || !strings.HasPrefix(field, x.field) {
			continue
		}
		for _, c := range clauses {
			if c = strings.TrimSpace(c); strings.HasPrefix(c+" ", x.words+" ") || strings.Contains(" "+c+" ", " "+x.words+" ") {
				return c
			}
		}
	}
	return strings.TrimSpace(clauses[0])
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
		if i > 0 {
			if err := ofFirstPot(pot); err != nil {
				return leave.Terms{}, err
			}
		}
	}
	return out, nil
}

// ofFirstPot refuses in a further pot what is said once of all of them, with the first.
func ofFirstPot(pot *leave.Terms) error {
	for _, x := range []struct {
		words string
		said  bool
	}{
		{"year starts", !pot.YearStart.IsZero()}, {"full time", !pot.FullTime.IsZero()}, {"debt", !pot.Debt.IsZero()},
		{"buys", !pot.Trade.Buy.IsZero()}, {"sells", !pot.Trade.Sell.IsZero()}, {"block", !pot.Block.IsZero()},
	} {
		if x.said {
			return wrong(x.words, "holds for all pots and stands with the first, before \", and\"")
		}
	}
	return nil
}

// potClauses reads [CLASS] AMOUNT, CLAUSE, CLAUSE, ...
func potClauses(t leave.Type, terms *leave.Terms, text string) error {
	if comma := decimalComma.FindString(text); comma != "" {
		return wrong(comma, "a comma parts clauses; write a point: %s", strings.Replace(comma, ",", ".", 1))
	}
	clauses := strings.Split(text, ",")
	words := strings.Fields(clauses[0])
	if len(words) > 0 && !isDigit(words[0]) {
		if c := leave.Class(words[0]); slices.Contains(leave.Classes, c) {
			terms.Class, words = c, words[1:]
		} else if near := near.To(words[0], []string{string(leave.Statutory), string(leave.Extra), string(leave.Earned)}); near != "" {
			return wrong(words[0], "did you mean %q?", near)
		}
	}
	if err := amountClause(t, terms, strings.Join(words, " ")); err != nil {
		return err
	}
	said := map[string]bool{}
	for _, c := range clauses[1:] {
		if err := clause(t, terms, &args{words: strings.Fields(c), said: said}); err != nil {
			return err
		}
	}
	return together(terms, said)
}

// decimalComma is a number with a comma where a point belongs.
var decimalComma = regexp.MustCompile(`\d+,\d+`)

// amountClause reads N days a year or N hours a year.
func amountClause(t leave.Type, terms *leave.Terms, c string) error {
	a := &args{words: strings.Fields(c)}
	n, weeks, err := weeksOrUnit(a, t)
	if err != nil {
		return err
	}
	if weeks && len(a.words) > 0 && a.words[0] == "a" {
		return wrong("a", "weeks are due on events, such as 2 weeks per birth; so many %s are due a year", t.Unit)
	}
	if terms.Event.Weeks = weeks; weeks || len(a.words) > 0 && a.words[0] == "per" {
		terms.Amount = n
		if err := a.need("per"); err != nil {
			return err
		}
		return eventAmount(a, terms)
	}
	if len(a.words) > 0 && slices.Contains([]string{"working", "work", "business", "calendar"}, a.words[0]) {
		return wrong(a.words[0], "write days alone; which days count is said by \"type NAME counts ...\"")
	}
	if len(a.words) > 0 && slices.Contains([]string{"each", "every", "annually", "yearly", "monthly", "p.a.", "/"}, a.words[0]) {
		return wrong(a.words[0], "write \"a\" and for what it is due, such as a year or a month")
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
		if hours.Sign() <= 0 {
			return wrong(per, "is not more than nothing")
		}
		terms.PerPeriod, terms.Worked = true, hours.Mul(exact.Int(60))
		terms.Accrual = leave.AccrualOf(leave.Daily, leave.AtEnd)
		if !a.take("hours") && !a.take("hour") {
			return errors.New("expected: so many hours worked")
		}
		return errors.Join(a.need("worked"), a.done())
	}
	if per != "year" {
		r, ok := periods[strings.TrimRight(per, ";.")]
		if !ok || r != periods[per] {
			if strings.TrimRight(per, ";.") == "year" || ok {
				return wrong(per, "clauses are parted by commas")
			}
			return wrong(per, "is no period; %s", meant(per, append(slices.Sorted(maps.Keys(periods)), "year"),
				"those are year, half-year, quarter, month, half-month, four-weeks, fortnight, week and day"))
		}
		terms.PerPeriod, terms.Accrual = true, leave.AccrualOf(r, leave.After)
	}
	switch {
	case len(a.words) == 0:
		return nil
	case a.words[0] == "from":
		return wrong("from", "the day from which a policy holds stands first: policy from DATE N days a year")
	}
	return wrong(a.words[0], "a comma parts the amount from the next clause")
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
	if len(a.words) > 0 && strings.Contains(a.words[0], ":") && t.Unit == leave.Days {
		return exact.Rat{}, wrong(a.words[0], "is a time, and the type %q is kept in days", t.Name)
	}
	n, err := a.number()
	if err != nil {
		return n, err
	}
	hours := a.take("hours") || a.take("hour")
	days := !hours && (a.take("days") || a.take("day"))
	if hours && t.Unit == leave.Days || days && t.Unit == leave.Hours {
		return n, fmt.Errorf("the type %q is kept in %s; write so many %s, or say %q above", t.Name, t.Unit, t.Unit, "type "+t.Name+" in "+other[t.Unit])
	}
	if t.Unit == leave.Hours {
		n = n.Mul(exact.Int(60))
	}
	return n, nil
}

// notZero is inUnit where nothing would be as if nothing were said.
func notZero(a *args, t leave.Type) (exact.Rat, error) {
	n, err := inUnit(a, t)
	if err == nil && n.IsZero() {
		err = wrong("0", "bounds nothing here; say more, or leave the clause away")
	}
	return n, err
}

// other is the unit that is not a unit.
var other = map[leave.Unit]string{leave.Days: "hours", leave.Hours: "days"}

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

// about are the words of which a clause may say one thing only; of others there may be several.
var about = map[string]string{"at once": "accrued", "prorated by months": "prorated", "prorated by months begun": "prorated",
	"prorated by full months": "prorated", "prorated by days": "prorated", "not prorated": "prorated", "unpaid": "paid",
	"part-time not counted": "full time", "before": "within"}

// single are the words with which a clause begins that stands once.
var single = []string{"accrued", "within", "before", "from", "paid", "overtime", "buys", "sells", "block", "debt", "cap", "rounded", "year",
	"twelfths", "lost"}

// sayOnce refuses a clause of which there is one already.
func sayOnce(a *args, c string) error {
	first := a.words[0]
	switch _, plain := plainClauses[c]; {
	case about[c] != "":
		return a.once(about[c])
	case strings.HasPrefix(c, "full time"), strings.HasPrefix(c, "full after"), strings.HasPrefix(c, "at most"):
		return a.once(strings.Join(a.words[:2], " ") + map[bool]string{true: " weeks"}[first == "at" && strings.Contains(c, "weeks")])
	case slices.Contains(single, first):
		return a.once(cmp.Or(about[first], first))
	case plain:
		return a.once(c)
	}
	return nil
}

// clause reads one of the further clauses of a policy.
func clause(t leave.Type, terms *leave.Terms, a *args) error {
	c := strings.Join(a.words, " ")
	if c == "" {
		return errors.New("a clause is missing between two commas or after the last")
	}
	if err := sayOnce(a, c); err != nil {
		return err
	}
	if a.said["= "+c] {
		return wrong(c, "is said twice here; say it once")
	}
	a.said["= "+c] = true
	if c == "at once" && terms.PerPeriod && terms.Worked.IsZero() {
		return wrong(c, "the amount is one of each period; say \"accrued monthly at start\" or the like, or the amount a year")
	}
	if set, ok := plainClauses[c]; ok {
		set(terms)
		return nil
	}
	if set, ok := plainEventClauses[c]; ok {
		set(&terms.Event)
		return nil
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
		terms.Cap, err = notZero(a, t)
	case earns(c):
		err = earnClause(a, t, terms)
	case strings.HasPrefix(c, "year starts "):
		a.words = a.words[2:]
		terms.YearStart, err = a.monthDay()
	case strings.HasPrefix(c, "full time is "):
		a.words = a.words[3:]
		if terms.FullTime, err = inUnit(a, t); err == nil && terms.FullTime.IsZero() {
			err = wrong(c, "a week has some work in it; write \"part-time not counted\" where all have the whole amount")
		}
		a.take("a")
		a.take("week")
	case strings.HasPrefix(c, "rounded "):
		err = roundedTo(a, t, terms)
	default:
		return noClause(c, a.words[0])
	}
	if err != nil {
		return err
	}
	return a.done()
}

// noClause refuses what is no clause of a policy.
func noClause(c, first string) error {
	whole := slices.Concat(slices.Sorted(maps.Keys(plainClauses)), slices.Sorted(maps.Keys(plainEventClauses)))
	if best := near.To(c, whole); best != "" {
		return wrong(c, "is no clause of a policy; did you mean %q?", best)
	}
	words := slices.Sorted(maps.Keys(clauseExamples))
	return wrong(c, "is no clause of a policy; %s", meant(first, words, "a clause begins with a number or with "+strings.Join(words, ", ")))
}

var carryWords = []string{"carries", "until", "keeps", "on", "valid", "beside", "if", "longer", "the"}

// carries reads what happens at the end of a leave year: carries N|all|nothing; until DAY MONTH, the last day to take it, or
// valid N months; keeps N, which do not expire then; on DAY MONTH, when it goes
// over; and beside N, the most that there may be with what is granted that day.
// They follow each other or are clauses of their own.
func carries(a *args, t leave.Type, c *leave.CarryOver) (err error) {
	for len(a.words) > 0 && err == nil {
		if word := a.words[0]; word != "longer" && slices.Contains(carryWords, word) {
			if err := a.once(word); err != nil {
				return err
			}
		}
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
			if c.Valid, err = term(a); err == nil && c.Valid.IsZero() {
				err = wrong("valid", "is no time at all; write \"carries nothing\" where nothing goes over")
			}
		case a.take("beside"):
			c.InAll, err = notZero(a, t)
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
	terms.Rounding.Step, err = notZero(a, t)
	return err
}
