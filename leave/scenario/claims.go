// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/leave/explain"
)

// eventAmount reads what follows the amount of a pot that is due on an event: per
// KIND, or per 12 months from the first day on which it is taken.
func eventAmount(a *args, terms *leave.Terms) error {
	kind, err := a.next("an event, such as birth, or 12 months")
	if err != nil {
		return err
	}
	if isDigit(kind) {
		a.words = append([]string{kind}, a.words...)
		terms.Event.Kind = leave.FirstDay
		if terms.Event.Within, err = term(a); err != nil {
			return err
		}
		return a.done()
	}
	if terms.Event.Kind, err = eventKind(kind); err != nil {
		return err
	}
	return a.done()
}

func eventKind(word string) (leave.EventKind, error) {
	k := leave.EventKind(word)
	if !slices.Contains(leave.EventKinds, k) {
		if _, is := periods[word]; is || word == "year" {
			return "", wrong("per", "what is due in every %s is written with \"a\": a %s", word, word)
		}
		var kinds []string
		for _, k := range leave.EventKinds {
			kinds = append(kinds, string(k))
		}
		return "", wrong(word, "is no event; %s", meant(word, kinds, "those are "+strings.Join(kinds, ", ")))
	}
	return k, nil
}

// plainEventClauses are words that say something of an event by themselves.
var plainEventClauses = map[string]func(*leave.EventRule){
	"each child": func(r *leave.EventRule) { r.EachChild = true },
	"goes on":    func(r *leave.EventRule) { r.GoesOn = true },
	"unpaid":     func(r *leave.EventRule) { r.Paid = leave.Unpaid },
	"reported":   func(r *leave.EventRule) { r.Reported = true },
}

// eventWords begin the clauses of a pot that is due on an event.
var eventWords = []string{"within", "before", "from", "paid"}

// eventClause reads within TERM, the last day being that of the event so much later;
// before TERM, the last day being the one before that; from TERM before; and paid N %.
func eventClause(a *args, r *leave.EventRule) (err error) {
	switch word, _ := a.next(""); word {
	case "within":
		r.Within, err = term(a)
	case "before":
		r.Within, err = term(a)
		r.Within.Days--
	case "from":
		if r.Before, err = term(a); err == nil {
			err = a.need("before")
		}
	case "paid":
		var n int
		n, err = a.percent()
		r.Paid = leave.Pay(n)
	}
	return err
}

// percent takes a whole number of percent, with or without its sign.
func (a *args) percent() (int, error) {
	w, err := a.next("a number of percent")
	if err != nil {
		return 0, err
	}
	p, err := parseNumber(strings.TrimSuffix(w, "%"))
	n, whole := p.Int64()
	if err != nil || !whole || n < 1 || n > 1000 {
		return 0, wrong(w, "is no number of percent from 1 to 1000")
	}
	a.take("%")
	return int(n), nil
}

// overtimeClause reads overtime [at N % N % ...] [valid TERM].
func overtimeClause(a *args, r *leave.OvertimeRule) (err error) {
	r.Factors = []int{100}
	if a.take("at") {
		r.Factors = nil
		for len(a.words) > 0 && a.words[0] != "valid" {
			n, err := a.percent()
			if err != nil {
				return err
			}
			r.Factors = append(r.Factors, n)
		}
	}
	if a.take("valid") {
		r.Valid, err = term(a)
	}
	return err
}

// tradeClause reads what follows buys or sells: up to N [in MONTH MONTH ...].
func tradeClause(a *args, t leave.Type, most *exact.Rat, r *leave.TradeRule) (err error) {
	if err := a.need("up"); err != nil {
		return err
	}
	if err := a.need("to"); err != nil {
		return err
	}
	if *most, err = inUnit(a, t); err != nil || !a.take("in") {
		return err
	}
	r.Months = nil
	for len(a.words) > 0 {
		m, err := month(a.words[0])
		if err != nil {
			return err
		}
		r.Months, a.words = append(r.Months, m), a.words[1:]
	}
	return nil
}

// month reads the name of a month, or its first three letters.
func month(word string) (time.Month, error) {
	for m := time.January; m <= time.December; m++ {
		if strings.EqualFold(m.String(), word) || strings.EqualFold(m.String()[:3], word) {
			return m, nil
		}
	}
	var names []string
	for m := time.January; m <= time.December; m++ {
		names = append(names, m.String())
	}
	return 0, wrong(word, "is no month; %s", meant(word, names, "write it as March or mar"))
}

// claim adds a claim of a person, approved unless another state is said last.
func (w *world) claim(f *leave.Facts, a *args, c leave.Claim) error {
	c.State = leave.Approved
	if n := len(a.words); n > 0 {
		if s, ok := states[a.words[n-1]]; ok {
			c.State, a.words = s, a.words[:n-1]
		}
	}
	w.next++
	c.ID, c.Person = fmt.Sprintf("%04d", w.next), f.Person.ID
	f.Claims = append(f.Claims, c)
	return nil
}

// event NAME KIND DATE ["CHILD"] [STATE]
func (w *world) sayEvent(a *args) error {
	f, err := w.person(a)
	if err != nil {
		return err
	}
	word, err := a.next("an event, such as birth")
	if err != nil {
		return err
	}
	c := leave.Claim{Kind: leave.ClaimEvent}
	if c.Event, err = eventKind(word); err != nil {
		return err
	}
	if c.Date, err = a.date(); err != nil {
		return err
	}
	if len(a.words) > 0 {
		if _, state := states[a.words[0]]; !state {
			c.Child, _ = a.next("")
		}
	}
	if !w.someClaim(func(p *leave.Terms) bool { return p.Event.Kind == c.Event }) {
		return against(word, "no policy above gives anything for it; one reads %q", clauseExamples["within"])
	}
	if err := w.once("the children of one day have names: event NAME birth DATE \"CHILD\"", "event", f.Person.GivenName, word, c.Date.String(), c.Child); err != nil {
		return err
	}
	if err := w.claim(f, a, c); err != nil {
		return err
	}
	return a.done()
}

// someClaim reports whether some pot of some policy is as is says.
func (w *world) someClaim(is func(*leave.Terms) bool) bool {
	for i := range w.book.Policies {
		for _, p := range w.book.Policies[i].Terms.Pots() {
			if is(&p) {
				return true
			}
		}
	}
	return false
}

// overtime NAME TYPE DATE H:MM [N %] [STATE]
func (w *world) sayOvertime(a *args) error {
	f, t, d, err := w.aboutDate(a)
	if err != nil {
		return err
	}
	hours, err := a.number()
	if err != nil {
		return err
	}
	minutes, whole := hours.Mul(exact.Int(60)).Int64()
	if !whole || minutes < 1 || minutes > leave.MaxOvertime {
		return wrong(hours.String(), "is no time of at most a day, in whole minutes")
	}
	c := leave.Claim{Kind: leave.ClaimOvertime, Type: t.ID, Date: d, Minutes: int(minutes), Factor: 100}
	if len(a.words) > 0 && isDigit(a.words[0]) {
		if c.Factor, err = a.percent(); err != nil {
			return err
		}
	}
	if !w.earnsOvertime(t.ID, c.Factor) {
		return against(t.ID, "no policy above has overtime earn it at %d %%; one reads %q", c.Factor, clauseExamples["overtime"])
	}
	if err := w.claim(f, a, c); err != nil {
		return err
	}
	return a.done()
}

// earnsOvertime reports whether a policy has overtime earn a type of leave at a rate.
func (w *world) earnsOvertime(typ string, factor int) bool {
	return slices.ContainsFunc(w.book.Policies, func(p leave.Policy) bool {
		return p.Type == typ && slices.ContainsFunc(p.Terms.Pots(), func(p leave.Terms) bool { return slices.Contains(p.Overtime.Factors, factor) })
	})
}

// buys NAME [TYPE] DATE N [STATE]
func (w *world) sayBuys(a *args) error { return w.sayTrade(a, leave.ClaimPurchase) }

// sells NAME [TYPE] DATE N [STATE]
func (w *world) saySells(a *args) error { return w.sayTrade(a, leave.ClaimSale) }

func (w *world) sayTrade(a *args, k leave.ClaimKind) error {
	f, t, d, err := w.aboutDate(a)
	if err != nil {
		return err
	}
	n, err := someInUnit(a, t)
	if err != nil {
		return err
	}
	counts := len(a.words) == 0 || states[a.words[0]].Counts()
	if most := w.book.Tradable(f, t, k, d); counts && n.Cmp(most) > 0 {
		return against(explain.Plain(english(), n, t.Unit), "no more than %s may be bought or sold then; a policy reads %q",
			explain.Plain(english(), most, t.Unit), clauseExamples[map[leave.ClaimKind]string{leave.ClaimPurchase: "buys", leave.ClaimSale: "sells"}[k]])
	}
	if err := w.claim(f, a, leave.Claim{Kind: k, Type: t.ID, Date: d, Amount: n}); err != nil {
		return err
	}
	return a.done()
}

// origin says in words where leave that is left comes from.
func origin(b leave.Bucket) string {
	switch {
	case b.Due != nil:
		return "for " + dueWords(b.Due, b.Until)
	case b.Carried:
		return fmt.Sprintf("carried from %d", b.Year)
	}
	return fmt.Sprintf("of %d", b.Year)
}

// dueWords says in words what leave is due on, until when, and how it is paid.
func dueWords(d *leave.Due, until calendar.Date) string {
	s := fmt.Sprintf("%s %s", d.Event, d.Date)
	if d.Child != "" {
		s += " " + d.Child
	}
	s += fmt.Sprintf(" until %s", until)
	switch {
	case d.Paid == leave.Unpaid:
		s += " unpaid"
	case d.Paid > 0:
		s += fmt.Sprintf(" at %d %%", d.Paid)
	}
	return s
}

// leaver NAME: what is paid, owed or goes along of each type of leave on the last
// day of the last employment.
func (w *world) askLeaver(a *args) (string, error) {
	f, err := w.person(a)
	if err != nil {
		return "", err
	}
	e := f.Employments[len(f.Employments)-1]
	if e.To.IsZero() {
		return "", wrong(string(f.Person.ID), "does not leave; say \"leaves DATE\"")
	}
	var cols []string
	for _, x := range w.book.Leaver(f, e).Lines {
		w.why = append(w.why, tell(x.Statement)...)
		add := func(amount exact.Rat, what string) {
			if !amount.IsZero() {
				cols = append(cols, fmt.Sprintf("%s %s %s", x.Type.Name, explain.Plain(english(), amount, x.Unit), what))
			}
		}
		if len(x.Classes) > 1 {
			for _, s := range x.Classes {
				add(s.Amount, strings.TrimSpace(string(s.Class)+" to pay out"))
			}
		} else {
			add(x.PayOut, "to pay out")
		}
		add(x.NotPaid, "not paid")
		add(x.Owed, "owed")
		for _, b := range x.Goes {
			add(b.Left, "goes along "+origin(b))
		}
	}
	if cols == nil {
		cols = []string{"nothing"}
	}
	return row(cols...), a.done()
}

// tradable is what may still be bought or sold.
func (w *world) askTradable(a *args) (string, error) {
	f, t, d, err := w.aboutDate(a)
	if err != nil {
		return "", err
	}
	buy, sell := w.book.Tradable(f, t, leave.ClaimPurchase, d), w.book.Tradable(f, t, leave.ClaimSale, d)
	return row(explain.Plain(english(), buy, t.Unit), explain.Plain(english(), sell, t.Unit)), a.done()
}
