// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"strings"

	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
)

// Names gives the name of a type of leave by its id.
type Names func(id string) string

// Terms writes what the first pot of some terms for a type in unit u says, a phrase
// for each matter: how much there is and when, what comes on top, what bounds it, and
// what becomes of the rest. Leave.Terms.Pots has the others.
func Terms(l *lang.Locale, t *leave.Terms, u leave.Unit, name Names) []string {
	w := words{l, t, u, name}
	out := []string{w.amount()}
	if t.Event.IsZero() {
		out = append(out, w.steps()...)
		out = append(out, w.earning()...)
		out = append(out, w.limits()...)
		out = append(out, w.carry()...)
	} else {
		out = append(out, w.event()...)
	}
	return append(out, w.claims()...)
}

// Entitlement writes how much there is, by level and with what comes on top.
func Entitlement(l *lang.Locale, t *leave.Terms, u leave.Unit) []string {
	w := words{l: l, t: t, u: u}
	out := []string{w.due()}
	if t.Event.IsZero() {
		out = append(out, w.steps()...)
	}
	return out
}

// Event says when what a pot gives on an event may be taken, and how it is paid; nothing of a pot for the leave year.
func Event(l *lang.Locale, t *leave.Terms, u leave.Unit) []string {
	if t.Event.IsZero() {
		return nil
	}
	w := words{l: l, t: t, u: u}
	return w.event()
}

// Term writes a length of time: "5 years".
func Term(l *lang.Locale, t leave.Term) string { return words{l: l}.term(t) }

// words puts one pot into words.
type words struct {
	l    *lang.Locale
	t    *leave.Terms
	u    leave.Unit
	name Names
}

func (w words) plain(v exact.Rat) string { return Plain(w.l, v, w.u) }

// due says how much of what.
func (w words) due() string {
	amount := w.plain(w.t.Amount)
	if w.t.Event.Weeks {
		amount = w.l.T("terms.weeks", "count", w.t.Amount)
	}
	rhythm, _ := w.t.Accrual.Split()
	switch {
	case w.t.Amount.IsZero() && !w.t.Overtime.IsZero():
		return w.l.T("terms.by_overtime")
	case !w.t.Event.IsZero():
		return w.l.T("terms.event."+string(w.t.Event.Kind), "amount", amount)
	case !w.t.Worked.IsZero():
		return w.l.T("terms.worked", "amount", amount, "work", Plain(w.l, w.t.Worked, leave.Hours))
	case w.t.PerPeriod:
		return w.l.T("terms.period."+string(rhythm), "amount", amount)
	}
	return w.l.T("terms.period.year", "amount", amount)
}

// amount says how much there is, when it comes, and how a part of it is measured.
func (w words) amount() string {
	t, out := w.t, []string{w.due()}
	if t.Class != "" {
		out = append(out, w.l.T("terms.class."+string(t.Class)))
	}
	if !t.Event.IsZero() {
		return strings.Join(out, ", ")
	}
	rhythm, moment := t.Accrual.Split()
	if t.Accrual != leave.AtYearStart && t.Accrual != "" {
		out = append(out, w.l.T("terms.granted", "rhythm", w.l.T("terms.rhythm."+string(rhythm)), "moment", w.l.T("terms.moment."+string(moment))))
	}
	if t.Proration != "" {
		out = append(out, w.l.T("terms.proration."+string(t.Proration)))
	}
	if t.Rounding.Mode != leave.Exact {
		out = append(out, w.rounding())
	}
	return strings.Join(out, ", ")
}

func (w words) rounding() string {
	how := w.l.T("terms.rounding." + string(w.t.Rounding.Mode))
	if w.t.Rounding.Step.IsZero() {
		return how
	}
	return w.l.T("terms.rounding.step", "how", how, "step", w.plain(w.t.Rounding.Step))
}

// term writes a length of time.
func (w words) term(t leave.Term) string {
	var out []string
	switch {
	case t.Months > 0 && t.Months%12 == 0:
		out = append(out, w.l.T("terms.years", "count", t.Months/12))
	case t.Months > 0:
		out = append(out, w.l.T("terms.months", "count", t.Months))
	}
	switch {
	case t.Days > 0 && t.Days%7 == 0:
		out = append(out, w.l.T("terms.weeks", "count", t.Days/7))
	case t.Days > 0:
		out = append(out, w.l.T("unit.days", "count", t.Days))
	}
	return w.l.List(out...)
}

// service writes a length of employment.
func (w words) service(months int) string { return w.term(leave.Term{Months: months}) }

// steps says what service and age give.
func (w words) steps() []string {
	var out, more []string
	for _, x := range w.t.Levels {
		text := w.l.T("terms.level", "amount", w.plain(x.Amount), "service", w.service(x.After))
		if !x.Cap.IsZero() {
			text = w.l.T("terms.level.cap", "text", text, "amount", w.plain(x.Cap))
		}
		if !x.Carries.IsZero() {
			text = w.l.T("terms.level.carries", "text", text, "amount", w.plain(x.Carries))
		}
		out = append(out, text)
	}
	for _, b := range w.t.Bonuses {
		if b.Age > 0 {
			more = append(more, w.l.T("terms.bonus.age", "amount", w.plain(b.Amount), "age", b.Age))
		} else {
			more = append(more, w.l.T("terms.bonus.service", "amount", w.plain(b.Amount), "service", w.service(b.After)))
		}
	}
	if len(more) > 0 {
		out = append(out, w.l.T("terms.more", "list", w.l.List(more...)))
	}
	return out
}

// earning says what the wait and time away do.
func (w words) earning() []string {
	var out []string
	t := w.t
	if t.FullAfter > 0 {
		out = append(out, w.l.T("terms.waiting", "service", w.service(t.FullAfter)))
	}
	for _, a := range t.Away {
		text := w.l.T("terms.away", "amount", w.plain(a.Amount), "who", w.l.List(w.absences(a.Sick, a.Types)...))
		if a.Weeks > 0 {
			text = w.l.T("terms.away.weeks", "text", text, "term", w.l.T("terms.weeks", "count", a.Weeks))
		}
		if a.Months {
			text = w.l.T("terms.away.months", "text", text)
		}
		out = append(out, text)
	}
	if t.NotOnLeave {
		out = append(out, w.l.T("terms.not_on_leave"))
	}
	for _, x := range t.Unspent {
		out = append(out, w.l.T("terms.unspent", "amount", w.plain(x.Amount), "least", w.plain(x.Least), "of", w.plain(x.Of), "day", w.day(x.After, 0)))
	}
	return out
}

// day writes a day of every year, or one so many days later.
func (w words) day(m leave.MonthDay, later int) string {
	return w.l.DateShort(m.In(2023).AddDays(later))
}

// absences names sickness and types of leave.
func (w words) absences(sick bool, types []string) []string {
	var out []string
	if sick {
		out = append(out, w.l.T("terms.sickness"))
	}
	for _, id := range types {
		out = append(out, w.name(id))
	}
	return out
}

// limits says what bounds the amount and the balance.
func (w words) limits() []string {
	var out []string
	say := func(is bool, key string, args ...any) {
		if is {
			out = append(out, w.l.T(key, args...))
		}
	}
	t := w.t
	say(!t.AtMost.IsZero(), "terms.at_most", "amount", w.plain(t.AtMost))
	say(!t.Weeks.IsZero(), "terms.at_most.weeks", "weeks", w.l.T("terms.weeks", "count", t.Weeks))
	say(!t.Cap.IsZero(), "terms.cap", "amount", w.plain(t.Cap))
	say(!t.Debt.IsZero(), "terms.debt", "amount", w.plain(t.Debt))
	say(t.Bound, "terms.bound")
	say(!t.Block.IsZero(), "terms.block", "length", w.block())
	return out
}

func (w words) block() string {
	if w.t.Block.SixDays > 0 {
		return w.l.T("unit.days", "count", w.t.Block.SixDays)
	}
	return w.l.T("terms.weeks", "count", w.t.Block.Weeks)
}

// carry says what becomes of what is left at the end of a leave year.
func (w words) carry() []string {
	c := &w.t.CarryOver
	out := []string{w.over()}
	if !c.Keep.IsZero() {
		out = append(out, w.l.T("terms.keep", "amount", w.plain(c.Keep)))
	}
	if !c.InAll.IsZero() {
		out = append(out, w.l.T("terms.beside", "amount", w.plain(c.InAll)))
	}
	if !c.Told.Before.IsZero() {
		key := "terms.told"
		if c.Told.Read {
			key = "terms.read"
		}
		out = append(out, w.l.T(key, "term", w.term(c.Told.Before)))
	}
	for _, x := range c.Longer {
		text := w.l.T("terms.longer", "term", w.term(x.Term), "who", w.l.List(w.absences(len(x.Types) == 0, x.Types)...))
		if !x.Most.IsZero() {
			text = w.l.T("terms.longer.most", "text", text, "amount", w.plain(x.Most))
		}
		out = append(out, text)
	}
	if c.Rest != leave.Lapses {
		out = append(out, w.l.T("terms.rest."+string(c.Rest)))
	}
	return out
}

// over says how much goes over, when, and for how long.
func (w words) over() string {
	c := &w.t.CarryOver
	var text string
	switch {
	case c.All:
		text = w.l.T("terms.carry.all")
	case c.Max.IsZero():
		text = w.l.T("terms.carry.none")
	default:
		text = w.l.T("terms.carry.max", "amount", w.plain(c.Max))
	}
	if !c.On.IsZero() {
		text = w.l.T("terms.carry.on", "text", text, "day", w.day(c.On, 0))
	}
	switch {
	case !c.Valid.IsZero():
		return w.l.T("terms.carry.valid", "text", text, "term", w.term(c.Valid))
	case !c.Expires.IsZero():
		return w.l.T("terms.carry.until", "text", text, "day", w.day(c.Expires, -1))
	}
	return text
}

// event says when what is due on an event may be taken, and how it is paid.
func (w words) event() []string {
	e := &w.t.Event
	var out []string
	say := func(is bool, key string, args ...any) {
		if is {
			out = append(out, w.l.T(key, args...))
		}
	}
	last := e.Within
	say(!e.Before.IsZero(), "terms.event_before", "term", w.term(e.Before))
	switch {
	case last.Days < 0:
		last.Days = 0
		out = append(out, w.l.T("terms.event_until", "term", w.term(last)))
	default:
		out = append(out, w.l.T("terms.event_within", "term", w.term(last)))
	}
	say(e.Paid == leave.Unpaid, "terms.unpaid")
	say(e.Paid > 0, "terms.paid", "percent", int(e.Paid))
	say(e.EachChild, "terms.each_child")
	say(e.GoesOn, "terms.goes_on")
	say(e.Reported, "terms.reported")
	return out
}

// claims says what overtime, buying and selling add and take.
func (w words) claims() []string {
	var out []string
	o, trade := &w.t.Overtime, &w.t.Trade
	if !o.IsZero() {
		var rates []string
		for _, n := range o.Factors {
			rates = append(rates, w.l.Percent(exact.New(int64(n), 100)))
		}
		text := w.l.T("terms.overtime", "rates", w.l.List(rates...))
		if !o.Valid.IsZero() {
			text = w.l.T("terms.carry.valid", "text", text, "term", w.term(o.Valid))
		}
		out = append(out, text)
	}
	if !trade.Buy.IsZero() {
		out = append(out, w.l.T("terms.buy", "amount", w.plain(trade.Buy)))
	}
	if !trade.Sell.IsZero() {
		out = append(out, w.l.T("terms.sell", "amount", w.plain(trade.Sell)))
	}
	return out
}
