// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/order"
	"verlof/people"
)

// Settlement is a time that payroll has settled: what approved leave cost in it was told, and with
// it what had changed in the times settled before. Settled times do not overlap, so that the
// lines about a piece of leave in a time always add up to what was told of it last.
type Settlement struct {
	ID          string // sorts by time
	Period      calendar.Range
	People      int // whom its lines are about
	Pieces      int // lines about its own time
	Corrections int // lines about times settled before
	By          people.ID
	At          int64     // microseconds since 1970, UTC
	UndoneBy    people.ID // empty: it stands
	UndoneAt    int64
	UndoReason  string
}

// Undone reports whether the settlement was taken back: nothing was told by it.
func (s *Settlement) Undone() bool { return s.UndoneBy != "" }

// Settlements are what was settled, latest first, also what was taken back.
type Settlements []Settlement

// MaySettle reports Conflict where some of a period is settled, naming it, and where it has not begun on the day today.
// What is still to come of it may change, which the next settlement corrects: wages are often paid before the month is over.
func (all Settlements) MaySettle(period calendar.Range, today calendar.Date) error {
	for i := range all {
		if x := &all[i]; !x.Undone() && x.Period.Overlaps(period) {
			return errs.New(errs.Conflict, "leave.error.settled", "from", x.Period.From, "to", x.Period.To)
		}
	}
	if period.From > today {
		return errs.New(errs.Conflict, "leave.error.settled_ahead").At("from")
	}
	return nil
}

// Last returns which of them can be taken back: the last one that stands, since it rests on those before. It is -1 where none
// does.
func (all Settlements) Last() int {
	return slices.IndexFunc(all, func(x Settlement) bool { return !x.Undone() })
}

// MayUndo returns which of them has an id. It reports NotFound where there is none, and Conflict where it was taken back before
// or a later one stands.
func (all Settlements) MayUndo(id string) (int, error) {
	i := slices.IndexFunc(all, func(x Settlement) bool { return x.ID == id })
	switch {
	case i < 0:
		return i, errNoSettlement
	case all[i].Undone():
		return i, errs.New(errs.Conflict, "leave.error.settlement_undone")
	case i != all.Last():
		return i, errs.New(errs.Conflict, "leave.error.settlement_later")
	}
	return i, nil
}

// standing returns those that were not taken back.
func (all Settlements) standing() Settlements {
	return slices.DeleteFunc(slices.Clone(all), func(x Settlement) bool { return x.Undone() })
}

// SettledLine is what a settlement tells of one piece of leave in one settled time.
type SettledLine struct {
	Settlement string // id of the one that tells it
	About      string // id of the one whose time it is about: an earlier one where it corrects
	Person     people.ID
	Type       string
	Request    string
	In         calendar.Range // the first and the last day in that time that cost something; of a correction, then or now
	Spent                     // what is told; of a correction the difference, negative where it cost too much
	Was        Spent          // what settlements before had told of it
}

// Corrects reports whether the line is about a time that was settled before.
func (l *SettledLine) Corrects() bool { return l.About != l.Settlement }

// piece is what lines are told apart by: leave of one request, in a settled time, as one type.
type piece struct{ about, request, typ string }

func (l *SettledLine) piece() piece { return piece{l.About, l.Request, l.Type} }

// Settle works out what a settlement tells, which has its id and its period, and counts it: where leave costs something
// else in the times of those before than was told, the difference, by time; then what approved leave costs in its
// own time. Each by person and by day. told are all lines of those before that stand.
func (b *Rulebook) Settle(everybody []*Facts, s *Settlement, before Settlements, told []SettledLine) []SettledLine {
	stand, was := before.standing(), map[piece]SettledLine{}
	for i := range told {
		l := told[i]
		if x, known := was[l.piece()]; known {
			l.Spent, l.In = l.Spent.Add(x.Spent), spanning(l.In, x.In)
		}
		was[l.piece()] = l
	}
	at := map[people.ID]int{}
	var out []SettledLine
	for i, f := range everybody {
		at[f.Person.ID] = i
		out = append(out, b.settlePerson(f, s, was)...)
		for i := range stand {
			out = append(out, b.settlePerson(f, &stand[i], was)...)
		}
	}
	for _, l := range was { // of which nothing is left
		if !l.IsZero() {
			l.Was, l.Spent = l.Spent, Spent{}.Sub(l.Spent)
			out = append(out, l)
		}
	}
	start := map[string]calendar.Date{s.ID: calendar.Last}
	for _, x := range stand {
		start[x.ID] = x.Period.From
	}
	order.By(out, func(a, b SettledLine) int {
		return cmp.Or(cmp.Compare(start[a.About], start[b.About]), cmp.Compare(at[a.Person], at[b.Person]), cmp.Compare(a.In.From, b.In.From),
			cmp.Compare(a.Request, b.Request), cmp.Compare(a.Type, b.Type))
	})
	s.count(out)
	return out
}

// settlePerson returns what is to be told of somebody about the time of a settlement, and takes
// what was told before out of was.
func (b *Rulebook) settlePerson(f *Facts, s *Settlement, was map[piece]SettledLine) []SettledLine {
	var out []SettledLine
	for _, x := range b.Taken([]*Facts{f}, s.Period) {
		l := SettledLine{About: s.ID, Person: f.Person.ID, Type: x.Type.ID, Request: x.Request.ID, In: x.In}
		if told, known := was[l.piece()]; known {
			l.Was, l.In = told.Spent, spanning(l.In, told.In)
		}
		l.Spent = x.Spent.Sub(l.Was)
		delete(was, l.piece())
		if !l.IsZero() {
			out = append(out, l)
		}
	}
	return out
}

// spanning returns the range from the first to the last day of two.
func spanning(a, b calendar.Range) calendar.Range {
	return calendar.Range{From: min(a.From, b.From), To: max(a.To, b.To)}
}

// settleMark tells what would be settled apart: it changes when a line does.
func settleMark(lines []SettledLine) string {
	h := sha256.New()
	for i := range lines {
		l := &lines[i]
		about := l.About
		if !l.Corrects() {
			about = ""
		}
		fmt.Fprintln(h, about, l.Person, l.Type, l.Request, l.In, l.Days, l.Minutes)
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// count notes what a settlement tells, and in its lines that it is the one that does.
func (s *Settlement) count(lines []SettledLine) {
	who := map[people.ID]bool{}
	s.Pieces, s.Corrections = 0, 0
	for i := range lines {
		l := &lines[i]
		l.Settlement, who[l.Person] = s.ID, true
		if l.Corrects() {
			s.Corrections++
		} else {
			s.Pieces++
		}
	}
	s.People = len(who)
}
