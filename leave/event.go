// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"slices"

	"verlof/calendar"
	"verlof/internal/exact"
)

// EventKind is what happened, or is to happen, in somebody's life.
type EventKind string

// The kinds of event.
const (
	EventBirth       EventKind = "birth"       // of one's child
	EventPregnancy   EventKind = "pregnancy"   // the day on which one is expected to give birth
	EventAdoption    EventKind = "adoption"    // the day on which a child comes to live with one; foster care too
	EventCare        EventKind = "care"        // somebody near is ill and needs care
	EventMarriage    EventKind = "marriage"    // one's own, registered partnership too
	EventBereavement EventKind = "bereavement" // of somebody near
	EventMoving      EventKind = "moving"      // of house
	EventOccasion    EventKind = "occasion"    // another one, which the note names

	// FirstDay is no event that anybody records: leave is due from the first day on
	// which it is taken.
	FirstDay EventKind = "first-day"
)

// EventKinds are the kinds that can be recorded, in the order of lists.
var EventKinds = []EventKind{EventBirth, EventPregnancy, EventAdoption, EventCare, EventMarriage, EventBereavement, EventMoving, EventOccasion}

// EventRule makes a pot due on an event, and not by the leave year: the amount of
// its terms, whole, in a window around the event. The zero value does not.
type EventRule struct {
	Kind      EventKind
	Weeks     bool // the amount is a number of the person's working weeks
	Before    Term // the window begins so long before the event
	Within    Term // and ends so long after it, that day included
	EachChild bool // due for each child, not once for all that come on one day
	GoesOn    bool // what is left then goes on in the window of the next pot
	Paid      Pay
	Reported  bool // the person may report the event; it counts once an administrator has confirmed it
}

// IsZero reports whether the pot is due by the leave year.
func (r *EventRule) IsZero() bool { return r.Kind == "" }

// Pay is how much of the pay goes on during leave, in percent; zero: not said.
type Pay int

// Unpaid is leave without pay.
const Unpaid Pay = -1

// Due is what leave is due on.
type Due struct {
	Event EventKind
	Claim string        // id of the event; empty for a first day
	Date  calendar.Date // of the event, or the first day
	Child string
	Paid  Pay
}

// window returns the days in which leave that is due on d may be taken.
func (r *EventRule) window(d calendar.Date) calendar.Range {
	w := calendar.Range{From: d.AddMonths(-r.Before.Months).AddDays(-r.Before.Days)}
	if r.Kind == FirstDay {
		w.To = r.Within.From(d).AddDays(-1) // that day is the first of them
		return w
	}
	w.To = d.AddMonths(r.Within.Months).AddDays(r.Within.Days)
	return w
}

// Reason is the sentence for how leave is paid; ok is false where nothing is said.
func (p Pay) Reason() (Reason, bool) {
	switch {
	case p == Unpaid:
		return Reason{"unpaid", nil}, true
	case p > 0:
		return Reason{"paid", []any{"percent", int(p)}}, true
	}
	return Reason{}, false
}

// employedFrom returns the first day from d on with a contract line.
func (f *Facts) employedFrom(d calendar.Date) (calendar.Date, bool) {
	best, found := d, false
	for _, e := range f.Employments {
		x := max(d, e.From)
		if len(f.Contracts) > 0 {
			x = max(x, f.Contracts[0].From)
		}
		if _, ok := f.ContractOn(x); ok && e.Range().Contains(x) && (!found || x < best) {
			best, found = x, true
		}
	}
	return best, found
}

// events adds what is due on recorded events, by the policy of the day of the event
// or, where the person joined later, of the first day of work.
func (s *source) events() {
	var before []Claim
	for _, c := range s.facts.approved(ClaimEvent) {
		day, ok := s.facts.employedFrom(c.Date)
		terms, covered := s.book.termsOn(s.facts, s.typ, day)
		if !ok || !covered {
			continue
		}
		again := slices.ContainsFunc(before, func(o Claim) bool { return o.Event == c.Event && o.Date == c.Date })
		before = append(before, c)
		for k := range 1 + len(terms.Also) {
			rule := terms.pot(k).Event
			if rule.Kind == c.Event && (rule.EachChild || !again) {
				s.due(terms, k, Due{Event: c.Event, Claim: c.ID, Date: c.Date, Child: c.Child, Paid: rule.Paid}, day)
			}
		}
	}
}

// due adds the leave of the k-th pot that is due on something, unless the window is
// over on day, which is the one whose working week counts.
func (s *source) due(terms *Terms, k int, on Due, day calendar.Date) {
	pot := terms.pot(k)
	w := pot.Event.window(on.Date)
	from, ok := s.facts.employedFrom(w.From)
	if !ok || day > w.To {
		return
	}
	g := grant{date: from, until: w.To, expires: true, pot: s.pot(), class: pot.Class, due: &on}
	g.formula = Formula{{Base: pot.Amount}}
	g.why = []Reason{on.Reason()}
	if pot.Event.Weeks {
		week := s.book.weekOf(s.facts, s.typ, day)
		g.formula = Formula{{Base: week, Factor: []Ratio{{pot.Amount, exact.Int(1)}}}}
		g.why = append(g.why, Reason{"week", []any{"amount", Amount{week, s.unit}}})
	}
	g.why = append(g.why, Reason{"until", []any{"date", w.To}})
	if r, said := on.Paid.Reason(); said {
		g.why = append(g.why, r)
	}
	if pot.Event.GoesOn {
		s.goesOn(&g, terms.pot(k+1).Event)
	}
	s.add(g)
}

// Reason says what leave is due on.
func (d *Due) Reason() Reason {
	key := "event_" + string(d.Event)
	if d.Child != "" {
		return Reason{key + "_of", []any{"date", d.Date, "child", d.Child}}
	}
	return Reason{key, []any{"date", d.Date}}
}

// goesOn has what is left of a grant at the end of its window go on in that of the
// next pot.
func (s *source) goesOn(g *grant, next EventRule) {
	w := next.window(g.due.Date)
	if next.Kind != g.due.Event || w.To <= g.until {
		return
	}
	on := *g.due
	on.Paid = next.Paid
	g.expires = false
	s.carries = append(s.carries, carry{date: g.until.AddDays(1), pot: g.pot, next: w.To.AddDays(1), due: &on,
		terms: &CarryOver{All: true, Valid: Term{Days: int(w.To - g.until)}}})
}

// weekOf returns the working week of f's person on a day, in the unit of the type and
// by its way of counting.
func (b *Rulebook) weekOf(f *Facts, t Type, d calendar.Date) exact.Rat {
	c, _ := f.ContractOn(d)
	p := b.Patterns[c.Pattern]
	switch {
	case t.Unit == Hours:
		return p.WeeklyMinutes()
	case t.Counting == CalendarDays:
		return exact.Int(7)
	case t.Counting == SixDays:
		return exact.Int(6)
	}
	return p.WeeklyDays()
}

// firstDays adds what is due from the first day on which leave is taken: that day
// opens a window, and the first day taken after its end the next one.
func (s *source) firstDays(opens calendar.Date) {
	if !s.book.opens(s.typ) {
		return
	}
	var days []calendar.Date
	for _, t := range s.takings {
		if t.costs(s.typ.Unit) {
			days = append(days, t.date)
		}
	}
	if !opens.IsZero() {
		days = append(days, opens)
		slices.Sort(days)
	}
	open := map[int]calendar.Date{} // pot to the last day of its window
	for _, d := range days {
		terms, ok := s.book.termsOn(s.facts, s.typ, d)
		if !ok {
			continue
		}
		for k := range 1 + len(terms.Also) {
			rule := terms.pot(k).Event
			if rule.Kind == FirstDay && d > open[k] {
				open[k] = rule.window(d).To
				s.due(terms, k, Due{Event: FirstDay, Date: d, Paid: rule.Paid}, d)
			}
		}
	}
}

// opened returns the lines that leave which begins on a day would write, on top of a
// balance: those of the windows that it opens. without is the account in which no leave
// is assumed for that day.
func (a *account) opened(on calendar.Date, without *account, balance exact.Rat) []Line {
	opens := func(g *grant) bool { return g.due != nil && g.due.Event == FirstDay && g.due.Date == on }
	var out []Line
	for i := range a.grants {
		g := &a.grants[i]
		same := func(o grant) bool { return o.pot == g.pot && opens(&o) }
		if !opens(g) || slices.ContainsFunc(without.grants, same) {
			continue
		}
		balance = balance.Add(g.amount)
		out = append(out, Line{Date: on, Kind: LineGrant, Amount: g.amount, Balance: balance, Year: g.label, Formula: g.formula, Why: g.why})
	}
	return out
}

// opens reports whether some of the leave of a type is due from the first day on
// which it is taken.
func (b *Rulebook) opens(t Type) bool {
	for i := range b.Policies {
		p := &b.Policies[i]
		first := func(x Terms) bool { return x.Event.Kind == FirstDay }
		if p.Type == t.ID && (first(p.Terms) || slices.ContainsFunc(p.Terms.Also, first)) {
			return true
		}
	}
	return false
}

// byLeaveYear reports whether any pot fills by the leave year.
func (t *Terms) byLeaveYear() bool {
	return t.Event.IsZero() || slices.ContainsFunc(t.Also, func(x Terms) bool { return x.Event.IsZero() })
}
