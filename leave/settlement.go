// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"verlof/calendar"
	"verlof/internal/exact"
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

// SettledLine is what a settlement tells of one piece of leave in one settled time.
type SettledLine struct {
	Settlement string // id of the one that tells it
	About      string // id of the one whose time it is about: an earlier one where it corrects
	Person     people.ID
	Type       string
	Request    string
	In         calendar.Range // the first and the last day in that time that cost something; where none does any more, that did
	Spent                     // what is told; of a correction the difference, negative where it cost too much
	Was        Spent          // what settlements before had told of it
}

// Corrects reports whether the line is about a time that was settled before.
func (l *SettledLine) Corrects() bool { return l.About != l.Settlement }

// Spent is what leave costs.
type Spent struct {
	Days    exact.Rat // parts of working days
	Minutes exact.Rat // working time
}

// IsZero reports whether it costs nothing.
func (s Spent) IsZero() bool { return s.Days.IsZero() && s.Minutes.IsZero() }

// Add returns the sum of two.
func (s Spent) Add(o Spent) Spent { return Spent{s.Days.Add(o.Days), s.Minutes.Add(o.Minutes)} }

// Sub returns the difference of two.
func (s Spent) Sub(o Spent) Spent { return Spent{s.Days.Sub(o.Days), s.Minutes.Sub(o.Minutes)} }

// piece is what lines are told apart by: leave of one request, in a settled time, as one type.
type piece struct{ about, request, typ string }

func (l *SettledLine) piece() piece { return piece{l.About, l.Request, l.Type} }

// Settle works out what a settlement tells, which has its id and its period, and counts it: where leave costs something
// else in the times of those before than was told, the difference, by time; then what approved leave costs in its
// own time. Each by person and by day. told are all lines of those before.
func (b *Rulebook) Settle(everybody []*Facts, s *Settlement, before []Settlement, told []SettledLine) []SettledLine {
	was := map[piece]SettledLine{}
	for i := range told {
		l := told[i]
		if x, known := was[l.piece()]; known {
			l.Spent = l.Spent.Add(x.Spent)
		}
		was[l.piece()] = l
	}
	at := map[people.ID]int{}
	var out []SettledLine
	for i, f := range everybody {
		at[f.Person.ID] = i
		out = append(out, b.settlePerson(f, s, was)...)
		for i := range before {
			out = append(out, b.settlePerson(f, &before[i], was)...)
		}
	}
	for _, l := range was { // of which nothing is left
		if !l.IsZero() {
			l.Was, l.Spent = l.Spent, Spent{}.Sub(l.Spent)
			out = append(out, l)
		}
	}
	start := map[string]calendar.Date{s.ID: calendar.Last}
	for _, x := range before {
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
		l.Was = was[l.piece()].Spent
		l.Spent = Spent{x.Days, x.Minutes}.Sub(l.Was)
		delete(was, l.piece())
		if !l.IsZero() {
			out = append(out, l)
		}
	}
	return out
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
