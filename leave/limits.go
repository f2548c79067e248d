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

// about reports whether a limit is about a person, on whatever day.
func (l *Limit) about(org *people.Organisation, id people.ID) bool {
	return (l.Team == "" || org.InTeam(id, l.Team)) && (l.Location == "" || org.WorksAt(id, l.Location))
}

// on reports whether a limit holds on d for a person whom it is about.
func (l *Limit) on(org *people.Organisation, id people.ID, d calendar.Date) bool {
	return l.From <= d && (l.To.IsZero() || d <= l.To) && (l.Location == "" || org.LocationOn(id, d) == l.Location)
}

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

// limits returns the limits that leave of a type of a person is held to.
func (c *scene) limits(person people.ID, typ string) []*Limit {
	var out []*Limit
	for i := range c.how.Limits {
		if l := &c.how.Limits[i]; l.about(c.org, person) && (len(l.Types) == 0 || slices.Contains(l.Types, typ)) {
			out = append(out, l)
		}
	}
	return out
}

// breaches returns where leave of a person on the days of charges goes beyond a limit:
// the first day of each. ignore are the ids of requests that do not count.
func (c *scene) breaches(person people.ID, typ string, charges []Charge, ignore ...string) ([]Breach, error) {
	if len(charges) == 0 || len(c.limits(person, typ)) == 0 {
		return nil, nil
	}
	w := c.crowd(calendar.Range{From: charges[0].Date, To: charges[len(charges)-1].Date}, ignore...)
	found := w.breaches(person, typ, charges)
	return found, c.failed
}

// OnLeave is leave of somebody that counts: whose, and when. It is short, since that of many is read to count them.
type OnLeave struct {
	Request string // id
	Person  people.ID
	calendar.Range
}

// crowd is who is away in some days, to hold leave to limits.
type crowd struct {
	scene   *scene
	in      calendar.Range
	ignore  []string                                 // ids of requests that do not count
	read    bool                                     // requests are read, which limits that hold on no day do not ask for
	leaves  []OnLeave                                // that count in those days
	gone    map[calendar.Date]map[people.ID]bool     // who is away
	workers map[*Limit]map[calendar.Date][]people.ID // who would work, of those whom a limit is about
}

// crowd returns who is away in a range of days, read once it is asked for; some requests do not count.
func (c *scene) crowd(in calendar.Range, ignore ...string) *crowd {
	return &crowd{scene: c, in: in, ignore: ignore, gone: map[calendar.Date]map[people.ID]bool{},
		workers: map[*Limit]map[calendar.Date][]people.ID{}}
}

// fill reads who is away.
func (w *crowd) fill() {
	if w.read {
		return
	}
	list, err := w.scene.AwayIn(w.in)
	if err != nil {
		w.scene.failed = err
	}
	list = slices.DeleteFunc(list, func(a OnLeave) bool { return slices.Contains(w.ignore, a.Request) })
	w.read, w.leaves = true, append(list, w.leaves...)
}

// join has a person be away in a span too, from the next question on.
func (w *crowd) join(person people.ID, in Span) {
	w.leaves = append(w.leaves, OnLeave{Person: person, Range: in.Range()})
	for d, gone := range w.gone {
		if in.Range().Contains(d) {
			gone[person] = true
		}
	}
}

// breaches is that of the scene: the first day of charges on which each limit is broken.
func (w *crowd) breaches(person people.ID, typ string, charges []Charge) []Breach {
	var out []Breach
	for _, l := range w.scene.limits(person, typ) {
		if b, broken := w.breach(l, person, charges); broken {
			out = append(out, b)
		}
	}
	return out
}

// breach returns the first day of charges on which a limit is broken.
func (w *crowd) breach(l *Limit, person people.ID, charges []Charge) (Breach, bool) {
	for _, day := range charges {
		if !l.on(w.scene.org, person, day.Date) {
			continue
		}
		if l.Kind == Blocked {
			return Breach{Limit: *l, Date: day.Date}, true
		}
		away, of, works := w.staffing(l, person, day.Date)
		if works && l.broken(away, of) {
			return Breach{Limit: *l, Date: day.Date, Away: away, Of: of}, true
		}
	}
	return Breach{}, false
}

// staffing counts those who would work on d, and those of them who are away then, the
// person who asks among them. works is false where that person would not work anyway:
// their leave, which may count free days too, takes nobody from the work.
func (w *crowd) staffing(l *Limit, person people.ID, d calendar.Date) (away, of int, works bool) {
	gone, workers := w.away(d), w.working(l, d)
	for _, id := range workers {
		works = works || id == person
		if gone[id] || id == person {
			away++
		}
	}
	return away, len(workers), works
}

// away returns who is away on d.
func (w *crowd) away(d calendar.Date) map[people.ID]bool {
	gone, known := w.gone[d]
	if !known {
		w.fill()
		gone = map[people.ID]bool{}
		for i := range w.leaves {
			if w.leaves[i].Contains(d) {
				gone[w.leaves[i].Person] = true
			}
		}
		w.gone[d] = gone
	}
	return gone
}

// working returns who would work on d, of those whom a limit is about.
func (w *crowd) working(l *Limit, d calendar.Date) []people.ID {
	if list, known := w.workers[l][d]; known {
		return list
	}
	list := fewer(w.scene.org.Order, func(id people.ID) bool {
		if !l.about(w.scene.org, id) || !l.on(w.scene.org, id, d) {
			return true
		}
		day, _, ok := w.scene.book.Workday(&Facts{Record: *w.scene.org.Records[id]}, d)
		return !ok || day.Halves() == 0
	})
	if w.workers[l] == nil {
		w.workers[l] = map[calendar.Date][]people.ID{}
	}
	w.workers[l][d] = list
	return list
}

// lockLimits holds everybody else who asks for leave under the same limits on how
// many of some people are away back until the transaction ends.
func (c *scene) lockLimits(ids ...people.ID) error {
	for i := range c.how.Limits {
		l := &c.how.Limits[i]
		if l.Kind == Blocked || !slices.ContainsFunc(ids, func(id people.ID) bool { return l.about(c.org, id) }) {
			continue
		}
		if err := c.LockLimit(l.ID); err != nil {
			return err
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

// Reason says beyond which limit leave goes, and when.
func (b Breach) Reason() Reason {
	return Reason{Key: "approval.breach." + string(b.Limit.Kind), Args: []any{"name", b.Limit.Name, "date", b.Date, "away", b.Away, "of", b.Of}}
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
