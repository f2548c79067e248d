// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"slices"

	"verlof/calendar"
	"verlof/errs"
	"verlof/people"
)

// LimitKind is what a limit holds to.
type LimitKind string

// The kinds of limit.
const (
	Blocked  LimitKind = "blocked"  // no leave in the days From to To
	MostAway LimitKind = "away"     // at most Number, or Number percent, of those who work on a day are away
	LeastIn  LimitKind = "presence" // at least Number, or Number percent, of those who work on a day are there
)

// LimitKinds lists them in the order in which pages offer them.
var LimitKinds = []LimitKind{Blocked, MostAway, LeastIn}

// Limit says when leave is too much for the work. Who is away counts by day, on the
// days on which they would work, be it part of the day, and pending requests too.
type Limit struct {
	ID       string `json:"-"`
	Name     string `json:"-"`
	Kind     LimitKind
	Types    []string      `json:",omitempty"` // of the leave that is asked for; empty: every type
	Team     string        `json:",omitempty"` // whose members it is about; empty: any
	Location string        `json:",omitempty"` // who work there; empty: anywhere
	From     calendar.Date // first day; zero: always
	To       calendar.Date // last day; zero: for good
	Number   int           `json:",omitempty"`
	Percent  bool          `json:",omitempty"`
	Warn     bool          `json:",omitempty"` // leave may be asked for all the same
}

// Breach is a day on which leave would go beyond a limit.
type Breach struct {
	Limit Limit
	Date  calendar.Date
	Away  int // who would be away, the person included
	Of    int // who would work that day
}

// about reports whether a limit is about a person.
func (l *Limit) about(org *people.Organisation, id people.ID) bool {
	return (l.Team == "" || org.InTeam(id, l.Team)) && (l.Location == "" || org.Person(id).Location == l.Location)
}

// on reports whether a limit holds on d.
func (l *Limit) on(d calendar.Date) bool { return l.From <= d && (l.To.IsZero() || d <= l.To) }

// broken reports whether so many away, of so many, is too many.
func (l *Limit) broken(away, of int) bool {
	n, whole := l.Number, 1
	if l.Percent {
		n, whole = l.Number*of, 100
	}
	if l.Kind == MostAway {
		return away*whole > n
	}
	return (of-away)*whole < n
}

// breaches returns where leave of a person on the days of charges goes beyond a limit:
// the first day of each. others are the requests that count in that time; ignore
// is the id of one that does not.
func (c *scene) breaches(person people.ID, typ string, charges []Charge, ignore ...string) ([]Breach, error) {
	var out []Breach
	limits := slices.DeleteFunc(slices.Clone(c.how.Limits), func(l Limit) bool {
		return !l.about(c.org, person) || len(l.Types) > 0 && !slices.Contains(l.Types, typ)
	})
	if len(limits) == 0 || len(charges) == 0 {
		return nil, nil
	}
	in := calendar.Range{From: charges[0].Date, To: charges[len(charges)-1].Date}
	requests, err := c.RequestsIn(in)
	if err != nil {
		return nil, err
	}
	requests = slices.DeleteFunc(requests, func(r Request) bool { return slices.Contains(ignore, r.ID) })
	for i := range limits {
		about := fewer(c.org.Order, func(id people.ID) bool { return !limits[i].about(c.org, id) })
		if b, broken := c.breach(&limits[i], person, about, charges, requests); broken {
			out = append(out, b)
		}
	}
	return out, nil
}

// breach returns the first day of charges on which a limit is broken that is about
// some people.
func (c *scene) breach(l *Limit, person people.ID, about []people.ID, charges []Charge, requests []Request) (Breach, bool) {
	for _, day := range charges {
		if !l.on(day.Date) {
			continue
		}
		if l.Kind == Blocked {
			return Breach{Limit: *l, Date: day.Date}, true
		}
		away, of := c.staffing(about, person, day.Date, requests)
		if l.broken(away, of) {
			return Breach{Limit: *l, Date: day.Date, Away: away, Of: of}, true
		}
	}
	return Breach{}, false
}

// staffing counts those who would work on d, and those of them who are away then, a
// person among them who asks to be.
func (c *scene) staffing(about []people.ID, person people.ID, d calendar.Date, requests []Request) (away, of int) {
	gone := map[people.ID]bool{person: true}
	for i := range requests {
		if requests[i].Range().Contains(d) {
			gone[requests[i].Person] = true
		}
	}
	for _, id := range about {
		w, _, ok := c.book.Workday(&Facts{Record: *c.org.Records[id]}, d)
		if !ok || w.Halves() == 0 {
			continue
		}
		of++
		if gone[id] {
			away++
		}
	}
	return away, of
}

// lockLimits holds everybody else who asks for leave under the same limits on how
// many are away back until the transaction ends.
func (c *scene) lockLimits(person people.ID) error {
	for i := range c.how.Limits {
		if l := &c.how.Limits[i]; l.Kind != Blocked && l.about(c.org, person) {
			if err := c.LockLimit(l.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// refused returns the first breach that refuses, as an error that names the limit
// and the day; nil where there are only warnings.
func refused(breaches []Breach) error {
	for _, b := range breaches {
		if !b.Limit.Warn {
			return b.Err()
		}
	}
	return nil
}

// warnings returns the breaches that refuse nothing.
func warnings(breaches []Breach) []Breach {
	return slices.DeleteFunc(slices.Clone(breaches), func(b Breach) bool { return !b.Limit.Warn })
}

// Err returns a breach as what is wrong with a request, a Conflict: it names the
// limit and the day.
func (b Breach) Err() *errs.Error {
	if b.Limit.Kind == Blocked {
		if b.Limit.To.IsZero() {
			return errs.New(errs.Conflict, "leave.error.blocked_from", "name", b.Limit.Name, "from", b.Limit.From).At("from")
		}
		return errs.New(errs.Conflict, "leave.error.blocked", "name", b.Limit.Name, "from", b.Limit.From, "to", b.Limit.To).At("from")
	}
	return errs.New(errs.Conflict, "leave.error.staffing", "name", b.Limit.Name, "date", b.Date, "away", b.Away, "of", b.Of).At("from")
}
