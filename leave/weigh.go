// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/order"
	"verlof/people"
)

// weighing compares what people have left before a change and after it.
type weighing struct {
	base         int64 // revision of the rules that hold before it
	was, is      *standing
	fixed, fixes map[people.ID][]FixedEntitlement // before and after
	now          time.Time
	head         Forecast // what is known of it before anybody is weighed

	who   []people.ID            // whose leave may change, sorted
	sight Sight                  // what found rests on is no older
	found map[people.ID]*outcome // of those who were weighed
}

// outcome is what a change does to one person.
type outcome struct {
	today    calendar.Date // where the person works, when it was worked out
	effects  []Effect
	stops    []Stop
	requests []Request // approved, with their corrections
}

// manyPeople is from how many on it is faster to read everybody's leave at once, and others
// should not wait until all are weighed.
const manyPeople = 25

// finish weighs those who are not yet, with their leave locked.
func (w *weighing) finish(c *scene) error {
	rest := w.unweighed()
	if err := c.LockPersons(rest); err != nil {
		return err
	}
	return w.weigh(c, rest)
}

// weigh works out what becomes of some people, by what c reads of them.
func (w *weighing) weigh(c *scene, who []people.ID) error {
	facts, err := c.factsOf(who)
	if err != nil {
		return err
	}
	outcomes := make([]*outcome, len(facts))
	onAllCores(len(facts), func(i int) { outcomes[i] = w.person(facts[i]) })
	if w.found == nil {
		w.found = make(map[people.ID]*outcome, len(facts))
	}
	for i, f := range facts {
		w.found[f.Person.ID] = outcomes[i]
	}
	return nil
}

// many reports whether more people are to be weighed than others may wait for.
func (w *weighing) many() bool { return len(w.unweighed()) > manyPeople }

// keep locks everybody's leave and takes over what last found out, but for those whose leave has changed since, or for
// whom another day has begun.
func (w *weighing) keep(c *scene, last *weighing) error {
	if err := c.LockPersons(last.who); err != nil {
		return err
	}
	changed, all, err := c.ChangedSince(last.sight)
	if err != nil || all {
		return err
	}
	w.found = maps.Clone(last.found)
	for _, id := range changed {
		delete(w.found, id)
	}
	maps.DeleteFunc(w.found, func(id people.ID, o *outcome) bool { return o.today != c.todayOf(id) })
	return nil
}

// unweighed returns whose outcome is not known.
func (w *weighing) unweighed() []people.ID {
	return slices.DeleteFunc(slices.Clone(w.who), func(id people.ID) bool { return w.found[id] != nil })
}

// forecast returns what everybody's outcomes come to.
func (w *weighing) forecast() Forecast {
	out := w.head
	for _, id := range w.is.org.Order {
		if o := w.found[id]; o != nil && len(o.effects)+len(o.stops) > 0 {
			out.People++
			out.Effects, out.Stops = append(out.Effects, o.effects...), append(out.Stops, o.stops...)
		}
	}
	out.Others = max(w.present()-out.People, 0)
	order.By(out.Effects, func(a, b Effect) int { return b.weight().Cmp(a.weight()) })
	out.sum(w.is.book)
	return out
}

// made returns the leave types that the change makes.
func (w *weighing) made() []Type {
	return slices.DeleteFunc(slices.Clone(w.is.book.Types), func(t Type) bool {
		_, known := w.was.book.Type(t.ID)
		return known
	})
}

// requests returns the approved requests that are corrected.
func (w *weighing) requests() (list []Request) {
	for _, id := range w.who {
		list = append(list, w.found[id].requests...)
	}
	return list
}

// factsOf returns what is known of some people.
func (c *scene) factsOf(who []people.ID) ([]*Facts, error) {
	if len(who) > manyPeople {
		return c.allFacts(calendar.Last, func(r *people.Record) bool {
			_, found := slices.BinarySearch(who, r.Person.ID)
			return found
		})
	}
	var out []*Facts
	for _, id := range who {
		f, err := c.facts(id)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// present returns how many people work for the customer today or later.
func (w *weighing) present() int {
	n := 0
	for id, r := range w.is.org.Records {
		if worked(r, calendar.Range{From: w.is.org.Today(id, w.now)}) {
			n++
		}
	}
	return n
}

// touched returns whose leave may change, since something differs that it rests on,
// sorted.
func (w *weighing) touched() []people.ID {
	types := !slices.EqualFunc(w.was.book.Types, w.is.book.Types, countAlike)
	packages := w.packages()
	patterns := map[string]bool{}
	for id, p := range w.is.book.Patterns {
		if old, known := w.was.book.Patterns[id]; known && old.String() != p.String() {
			patterns[id] = true
		}
	}
	places := map[string]bool{}
	for id, h := range w.is.book.Holidays {
		places[id] = !reflect.DeepEqual(h, w.was.book.Holidays[id])
	}
	var out []people.ID
	for id, r := range w.is.org.Records {
		old := w.was.org.Records[id]
		if old == nil {
			continue
		}
		concerns := func(c people.Contract) bool { return patterns[c.Pattern] || packages[c.Package] || places[c.Location] }
		if types || slices.ContainsFunc(r.Contracts, concerns) || otherWork(old, r) ||
			!reflect.DeepEqual(w.fixed[id], w.fixes[id]) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// countAlike reports whether two leave types are counted in the same way.
func countAlike(a, b Type) bool {
	return a.ID == b.ID && a.Unit == b.Unit && a.Counting == b.Counting && a.Entitled == b.Entitled && a.GiveBack == b.GiveBack &&
		a.PartlyBack == b.PartlyBack
}

// packages returns the packages whose policies differ.
func (w *weighing) packages() map[string]bool {
	out := map[string]bool{}
	count := func(a, b []Policy) {
		for _, p := range a {
			same := func(o Policy) bool {
				return o.ID == p.ID && o.Package == p.Package && o.Type == p.Type && o.From == p.From && o.Terms.Equal(&p.Terms)
			}
			if !slices.ContainsFunc(b, same) {
				out[p.Package] = true
			}
		}
	}
	count(w.was.book.Policies, w.is.book.Policies)
	count(w.is.book.Policies, w.was.book.Policies)
	return out
}

// otherWork reports whether two records differ in what leave rests on.
func otherWork(a, b *people.Record) bool {
	return a.Person.Born != b.Person.Born ||
		!reflect.DeepEqual(a.Employments, b.Employments) || !reflect.DeepEqual(a.Contracts, b.Contracts)
}

// rulesDiffer reports whether the rules differ, though they may concern nobody yet.
func (w *weighing) rulesDiffer() bool {
	a, b := w.was.book, w.is.book
	return !reflect.DeepEqual(a.Types, b.Types) || !reflect.DeepEqual(a.Policies, b.Policies) || len(a.Patterns) != len(b.Patterns) ||
		!reflect.DeepEqual(a.Holidays, b.Holidays)
}

// person returns what becomes of one person.
func (w *weighing) person(f *Facts) *outcome {
	before, after := *f, *f
	id := f.Person.ID
	before.Record, before.Fixed = *w.was.org.Records[id], w.fixed[id]
	after.Record, after.Fixed = *w.is.org.Records[id], w.fixes[id]
	recounted := w.is.book.Recount(&after, w.was.book, &before, f.Today)
	if len(recounted) > 0 {
		after.Requests = slices.Clone(after.Requests)
	}
	for _, r := range recounted {
		i := slices.IndexFunc(after.Requests, func(o Request) bool { return o.ID == r.ID })
		after.Requests[i] = r
	}
	out := outcome{today: f.Today, requests: recounted}
	for _, t := range w.is.book.Types {
		old, known := w.was.book.Type(t.ID)
		if !known {
			old = t
		}
		e := Effect{Person: id, Type: t.ID, Unit: t.Unit, Requests: costsOf(t, f.Requests, recounted)}
		if t.Entitled {
			w.shift(&e, &before, old, &after, t)
		}
		if !e.isZero() {
			out.effects = append(out.effects, e)
		}
		out.stops = append(out.stops, w.stops(&before, old, &after, t)...)
	}
	return &out
}

// costsOf returns the recounted requests of a type that cost something else now.
func costsOf(t Type, before, after []Request) []Recounted {
	var out []Recounted
	for i := range after {
		r := &after[i]
		k := slices.IndexFunc(before, func(o Request) bool { return o.ID == r.ID })
		x := Recounted{Request: r.ID, From: r.From, To: r.To, Before: Total(before[k].Costs(), t.Unit), After: Total(r.Costs(), t.Unit)}
		if r.Type == t.ID && !x.Before.Equal(x.After) {
			out = append(out, x)
		}
	}
	return out
}

// shift fills in what is left on the days that are looked at.
func (w *weighing) shift(e *Effect, before *Facts, was Type, after *Facts, is Type) {
	today := before.Today
	days := []calendar.Date{today, w.was.book.yearEnd(before, was, today), w.was.book.Horizon(before, was, today)}
	x, y := w.was.book.lefts(before, was, days), w.is.book.lefts(after, is, days)
	for i, s := range []*Shift{&e.Now, &e.End, &e.Next} {
		*s = Shift{At: days[i], Before: x[i], After: y[i]}
	}
}

// yearEnd returns the last day of the leave year of a type that a day lies in.
func (b *Rulebook) yearEnd(f *Facts, t Type, at calendar.Date) calendar.Date {
	return b.account(f.sorted(), t, at).years.of(at).To
}

// lefts returns the balances of a type on some days, the earliest first, with what leave that begins on
// the day would have due: who has taken nothing yet has it to ask for all the same.
func (b *Rulebook) lefts(f *Facts, t Type, days []calendar.Date) []exact.Rat {
	f = f.sorted()
	opens := b.opens(t)
	l := ledger{account: b.account(f, t, days[len(days)-1]), quiet: true}
	var out []exact.Rat
	for _, d := range days {
		l.run(d)
		sum := l.debt.Neg()
		for i := range l.buckets {
			sum = sum.Add(l.buckets[i].Left)
		}
		if opens {
			for _, due := range b.accountFrom(f, t, d, d).opened(d, b.account(f, t, d), sum) {
				sum = sum.Add(due.Amount)
			}
		}
		out = append(out, sum)
	}
	return out
}

// isZero reports whether nothing changes.
func (e *Effect) isZero() bool {
	return e.Now.Gain().IsZero() && e.End.Gain().IsZero() && e.Next.Gain().IsZero() && len(e.Requests) == 0
}

// weight says how great an effect is, in minutes of a working day of eight hours.
func (e *Effect) weight() exact.Rat {
	most := exact.Rat{}
	for _, s := range []Shift{e.Now, e.End, e.Next} {
		most = exact.Max(most, exact.Max(s.Gain(), s.Gain().Neg()))
	}
	if e.Unit == Days {
		most = most.Mul(exact.Int(480))
	}
	return most
}

// sum adds the effects up, by type.
func (f *Forecast) sum(book *Rulebook) {
	for _, e := range f.Effects {
		i := slices.IndexFunc(f.Sums, func(s ChangeSum) bool { return s.Type == e.Type })
		if i < 0 {
			i = len(f.Sums)
			f.Sums = append(f.Sums, ChangeSum{Type: e.Type, Unit: e.Unit})
		}
		s := &f.Sums[i]
		s.Requests += len(e.Requests)
		switch gain := e.Main().Gain(); gain.Sign() {
		case 1:
			s.Gainers, s.Gained = s.Gainers+1, s.Gained.Add(gain)
		case -1:
			s.Losers, s.Lost = s.Losers+1, s.Lost.Sub(gain)
		}
	}
	place := func(s ChangeSum) int {
		return slices.IndexFunc(book.Types, func(t Type) bool { return t.ID == s.Type })
	}
	order.By(f.Sums, func(a, b ChangeSum) int { return cmp.Compare(place(a), place(b)) })
}
