// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"slices"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/order"
	"verlof/people"
)

// Settlement is a period that payroll has settled. Its lines stay as they were then: what
// changes in the period afterwards is corrected by a later settlement.
type Settlement struct {
	Period calendar.Range
	Lines  []SettledLine // what leave costs in the period, then what earlier periods are corrected by
}

// SettledLine is what a settlement says of one request.
type SettledLine struct {
	Period  calendar.Range // that it is about: of its settlement, or of an earlier one that it corrects
	Person  people.ID
	Type    string
	Request string
	In      calendar.Range // the first and the last day that cost something; of a correction, then or now
	Cost                   // of a correction: how much more; negative: less
}

// Cost is what leave costs payroll.
type Cost struct {
	Days    exact.Rat // parts of working days
	Minutes exact.Rat // working time
}

func (c Cost) add(o Cost) Cost { return Cost{c.Days.Add(o.Days), c.Minutes.Add(o.Minutes)} }

func (c Cost) sub(o Cost) Cost { return Cost{c.Days.Sub(o.Days), c.Minutes.Sub(o.Minutes)} }

func (c Cost) isZero() bool { return c.Days.IsZero() && c.Minutes.IsZero() }

// Corrects reports whether a line of s corrects a period that was settled before.
func (s *Settlement) Corrects(l SettledLine) bool { return l.Period != s.Period }

// Settlements are what was settled, in the order in which it was. Their periods do not
// overlap. They are a ledger: what all lines say of a request in a period, added up, is what it cost
// in that period when payroll settled last.
type Settlements []Settlement

// SettledChange is leave in a settled period that costs something else now than the settlements say.
type SettledChange struct {
	Line SettledLine // that the next settlement corrects it by
	Told Cost        // all lines so far, added up
	Now  Cost
}

// Settle returns the settlement of a period that ends on the day today at the latest: what approved leave
// costs in it, as Taken says, and a correction for each SettledChange in the periods settled before. A
// period can be settled on its own last day, since wages are paid by then; what is decided later that
// day is corrected like all else. It reports Invalid for a range that cannot be, and Conflict for
// a period that is not over or overlaps one that is settled.
func (b *Rulebook) Settle(everybody []*Facts, settled Settlements, period calendar.Range, today calendar.Date) (Settlement, error) {
	if err := reportable(period); err != nil {
		return Settlement{}, err
	}
	if period.To > today {
		return Settlement{}, errs.New(errs.Conflict, "leave.error.period_not_over", "date", period.To).At("to")
	}
	for _, s := range settled {
		if s.Period.Overlaps(period) {
			return Settlement{}, errs.New(errs.Conflict, "leave.error.period_settled", "from", s.Period.From, "to", s.Period.To).At("from")
		}
	}
	out := Settlement{Period: period}
	for _, x := range b.Taken(everybody, period) {
		out.Lines = append(out.Lines, x.settled(period))
	}
	for _, d := range b.ChangedSince(everybody, settled) {
		out.Lines = append(out.Lines, d.Line)
	}
	return out, nil
}

// settled returns the line of a settlement that says the same of a period.
func (x *TakenLine) settled(period calendar.Range) SettledLine {
	return SettledLine{Period: period, Person: x.Person.ID, Type: x.Type.ID, Request: x.Request.ID, In: x.In, Cost: Cost{x.Days, x.Minutes}}
}

// ChangedSince returns what costs something else in the settled periods now than was told, in the
// order of the persons, then of the periods and days. Leave that is of another type by now is a change
// of each of the two. Everybody's facts hold what was refused, withdrawn and cancelled too: a
// request that is not among them, or whose person is not, was erased and is not corrected.
func (b *Rulebook) ChangedSince(everybody []*Facts, settled Settlements) []SettledChange {
	told, periods := settled.told(), settled.periods()
	var out []SettledChange
	for _, f := range everybody {
		out = append(out, b.settledChanges(f, told[f.Person.ID], periods)...)
	}
	return out
}

// settledKey is what the lines of settlements are added up by.
type settledKey struct {
	period        calendar.Range
	request, kind string
}

func (l *SettledLine) key() settledKey { return settledKey{l.Period, l.Request, l.Type} }

// settledChanges returns the changes of one person, of whom lines of settlements were told.
func (b *Rulebook) settledChanges(f *Facts, told []SettledLine, periods []calendar.Range) []SettledChange {
	known, found := map[string]bool{}, map[settledKey]*SettledChange{}
	for i := range f.Requests {
		known[f.Requests[i].ID] = true
	}
	for _, l := range told {
		d := changeOf(found, l)
		d.Told = d.Told.add(l.Cost)
	}
	for _, p := range periods {
		for _, x := range b.Taken([]*Facts{f}, p) {
			l := x.settled(p)
			changeOf(found, l).Now = l.Cost
		}
	}
	var out []SettledChange
	for _, d := range found {
		if d.Line.Cost = d.Now.sub(d.Told); known[d.Line.Request] && !d.Line.isZero() {
			out = append(out, *d)
		}
	}
	order.By(out, func(a, b SettledChange) int {
		x, y := &a.Line, &b.Line
		return cmp.Or(cmp.Compare(x.Period.From, y.Period.From), cmp.Compare(x.In.From, y.In.From), cmp.Compare(x.Request, y.Request), cmp.Compare(x.Type, y.Type))
	})
	return out
}

// changeOf returns the change that a line belongs to, which spans its days too.
func changeOf(found map[settledKey]*SettledChange, l SettledLine) *SettledChange {
	d := found[l.key()]
	if d == nil {
		d = &SettledChange{Line: l}
		found[l.key()] = d
	}
	d.Line.In = calendar.Range{From: min(d.Line.In.From, l.In.From), To: max(d.Line.In.To, l.In.To)}
	return d
}

// told returns all lines of each person.
func (s Settlements) told() map[people.ID][]SettledLine {
	out := map[people.ID][]SettledLine{}
	for i := range s {
		for _, l := range s[i].Lines {
			out[l.Person] = append(out[l.Person], l)
		}
	}
	return out
}

// periods returns what is settled.
func (s Settlements) periods() []calendar.Range {
	var out []calendar.Range
	for i := range s {
		out = append(out, s[i].Period)
	}
	return out
}

// TakeBack returns the settlements without that of a period, which is open again. Only the last can
// be taken back, since those after it rest on it. It reports NotFound where the period is not
// settled and Conflict where another was settled after it.
func (s Settlements) TakeBack(period calendar.Range) (Settlements, error) {
	i := slices.IndexFunc(s, func(o Settlement) bool { return o.Period == period })
	if i < 0 {
		return s, errs.New(errs.NotFound, "leave.error.period_open")
	}
	if last := len(s) - 1; i < last {
		return s, errs.New(errs.Conflict, "leave.error.settled_after", "from", s[last].Period.From, "to", s[last].Period.To)
	}
	return s[:i:i], nil
}
