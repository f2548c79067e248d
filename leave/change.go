// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/people"
)

// ChangeKind is what kind of thing a change changes.
type ChangeKind string

// The kinds, in the order in which pages list them.
const (
	ChangedPerson     ChangeKind = "person"     // location or date of birth
	ChangedEmployment ChangeKind = "employment" // a period of employment
	ChangedContract   ChangeKind = "contract"   // a contract line: working pattern and package
	ChangedPattern    ChangeKind = "pattern"    // the hours of a working pattern
	ChangedLocation   ChangeKind = "location"   // the region or the holiday sets of a location
	ChangedHolidays   ChangeKind = "holidays"   // a holiday set or own days
	ChangedType       ChangeKind = "type"       // a leave type
	ChangedPolicy     ChangeKind = "policy"     // a policy
	ChangedLaw        ChangeKind = "law"        // what is taken over from a law
	ChangedFixed      ChangeKind = "fixed"      // a leave year that is fixed by hand
)

// ChangeKinds are all kinds of change.
var ChangeKinds = []ChangeKind{ChangedPolicy, ChangedLaw, ChangedType, ChangedContract, ChangedEmployment, ChangedPerson, ChangedFixed,
	ChangedPattern, ChangedHolidays, ChangedLocation}

// Change is something that may change what people have left of their leave, on any day:
// made by a function such as SavingPolicy, foreseen by Foresee, and made by Apply. Both
// run the same code, so that what is shown is what is then done.
type Change struct {
	Kind  ChangeKind
	words func(*scene) (Reason, error)
	make  func(context.Context, people.ID, *inside) (string, error)
}

// inside are the services of the customer within a transaction that runs already.
type inside struct {
	leave  *Service
	people *people.Service
}

// within is a store that has one transaction, which runs already.
type within[F any] func(F) error

func (w within[F]) View(_ context.Context, f F) error   { return w(f) }
func (w within[F]) Update(_ context.Context, f F) error { return w(f) }

// inside returns the services within c's transaction, for one act: they know what held before
// it. They are thrown away: what they read may never be committed.
func (c *scene) inside() *inside {
	at := c.unknowing()
	at.leave.known.Store(c.standing)
	return at
}

// unknowing returns services within c's transaction that read everything.
func (c *scene) unknowing() *inside {
	p := &people.Service{Now: c.s.Now, Foreseen: true,
		Store: within[func(people.Tx) error](func(f func(people.Tx) error) error { return f(c.Tx) })}
	return &inside{people: p, leave: &Service{Now: c.s.Now,
		Store: within[func(Tx) error](func(f func(Tx) error) error { return f(c.Tx) })}}
}

// Consent is what whoever makes a change says to what it does.
type Consent struct {
	Reason string // why; those whose balances change may ask for it
	Mark   string // of the forecast that was looked at
	Tell   bool   // those whose leave it changes are told that it was changed
}

// KindChanged is the kind of the outbox row about a change, for somebody whose leave it changed.
const KindChanged = "leave.changed"

// hears reports whether a person is here, and so is told of what is done to their leave.
func (c *scene) hears(who people.ID) bool {
	r := c.org.Records[who]
	return r != nil && r.Person.Active && !r.Left(c.todayOf(who))
}

// tellChanged tells those who are here, and whose leave a change did something to.
func (c *scene) tellChanged(change string, effects []Effect) error {
	told := map[people.ID]bool{}
	for i := range effects {
		who := effects[i].Person
		if told[who] || !c.hears(who) {
			continue
		}
		told[who] = true
		if err := put(c.Tx, KindChanged, KindChanged+":"+change+":"+string(who), Event{Person: who, By: c.viewer.ID}); err != nil {
			return err
		}
	}
	return nil
}

// Forecast is what a change does to people's leave, or did.
type Forecast struct {
	Saved   string // id of what was saved, once it is
	Kind    ChangeKind
	Words   Reason // what is changed: a key under "leave.change."
	Today   calendar.Date
	Effects []Effect // the greatest first
	Stops   []Stop   // what people can no longer report or ask for
	Sums    []ChangeSum
	People  int  // whom it concerns
	Others  int  // of whom nothing changes
	Touches bool // what balances rest on changes at all

	Made []Type // leave types that the change makes: until it is made no rulebook has them
}

// Concerns reports whether a change does anything to anybody, so that it is to be looked at first.
func (f *Forecast) Concerns() bool { return len(f.Effects)+len(f.Stops) > 0 }

// Effect is what a change does to one leave type of one person.
type Effect struct {
	Person   people.ID
	Type     string
	Unit     Unit
	Now      Shift // today
	End      Shift // at the end of the present leave year
	Next     Shift // at the end of the next leave year
	Requests []Recounted
}

// Shift is what is left on a day, before a change and after it.
type Shift struct {
	At            calendar.Date
	Before, After exact.Rat
}

// Gain returns by how much a change raises what is left; negative: lowers it.
func (s Shift) Gain() exact.Rat { return s.After.Sub(s.Before) }

// Main is the shift that tells most: that at the end of the present leave year, or else
// that at the end of the next, or today.
func (e *Effect) Main() Shift {
	for _, s := range []Shift{e.End, e.Next} {
		if !s.Gain().IsZero() {
			return s
		}
	}
	return e.Now
}

// Recounted is approved leave that is corrected, since it would be counted otherwise.
type Recounted struct {
	Request       string
	From, To      calendar.Date
	Before, After exact.Rat // what it costs, in the unit of the type
}

// ChangeSum is what a change does to a leave type of all.
type ChangeSum struct {
	Type     string
	Unit     Unit
	Gainers  int
	Gained   exact.Rat // by all of them together: see Main
	Losers   int
	Lost     exact.Rat
	Requests int // that are corrected
}

// ChangeEntry is a change on record.
type ChangeEntry struct {
	ID      string
	At      int64 // microseconds since 1970, UTC
	By      people.ID
	Kind    ChangeKind
	Words   Reason
	Reason  string // empty where nobody's balance changed
	People  int    // whom it concerned
	Others  int    // of whom nothing changed
	Sums    []ChangeSum
	Effects []Effect // nil in lists
	Today   calendar.Date
}

// Sight is what a transaction saw of changes, in the words of the store.
type Sight struct {
	From   time.Time       // it says nothing of what happened before
	Events map[string]bool // ids of the events that were there
}

// ChangeTx is what changes need of a transaction.
type ChangeTx interface {
	// LockPersons is LockPerson for each of ids, in one order whatever theirs is.
	LockPersons(ids []people.ID) error
	// Sight returns what this transaction sees of changes, for ChangedSince in a later one.
	Sight() (Sight, error)
	// ChangedSince returns whose leave was changed by what this transaction sees and an
	// earlier one did not. all: it may be anybody's.
	ChangedSince(s Sight) (who []people.ID, all bool, err error)
	InsertChange(e ChangeEntry) error
	// ChangeEntries returns what is on record, latest first and without effects: of a kind,
	// or all of them for the empty one, and of those before an id, where it is not empty.
	ChangeEntries(kind ChangeKind, before string, most int) ([]ChangeEntry, error)
	ChangeEntry(id string) (ChangeEntry, error)
}

// need reports Forbidden to those who make no changes of the kind. Whether this one is theirs
// to make it says itself.
func (k ChangeKind) need(v people.Viewer) error {
	switch k {
	case ChangedFixed:
		return v.NeedAny(people.KeepBalances)
	case ChangedPerson, ChangedEmployment, ChangedContract, ChangedPattern, ChangedLocation, ChangedHolidays:
		return v.Need(people.KeepPeople)
	}
	return v.Need(people.KeepRules)
}

func (f *Forecast) entry(id string, at int64, by people.ID, reason string) ChangeEntry {
	return ChangeEntry{ID: id, At: at, By: by, Kind: f.Kind, Words: f.Words, Reason: reason, People: f.People, Others: f.Others,
		Sums: f.Sums, Effects: f.Effects, Today: f.Today}
}

// Mark tells forecasts apart by what changes: what is booked or written meanwhile, and
// changes nothing of that, leaves it as it is.
func (f *Forecast) Mark() string {
	h := fnv.New64a()
	made := map[string]string{} // by name, for each forecast gives them other ids
	for _, t := range f.Made {
		made[t.ID] = t.Name
	}
	for _, e := range f.Effects {
		fmt.Fprintln(h, e.Person, cmp.Or(made[e.Type], e.Type), e.Now.Gain(), e.End.Gain(), e.Next.Gain())
		for _, r := range e.Requests {
			fmt.Fprintln(h, r.Request, r.After.Sub(r.Before))
		}
	}
	for _, s := range f.Stops {
		fmt.Fprintln(h, s.Person, cmp.Or(made[s.Type], s.Type), s.What, s.From)
	}
	return fmt.Sprintf("%016x", h.Sum64())
}

// maxEntries is how many changes on record are read at once.
const maxEntries = 50

// Changes returns what was changed, latest first: of a kind, or all of them for the empty
// one, and of what came before an entry where its id is given. It reports whether there is
// more, and Forbidden for those who may not see the record.
func (s *Service) Changes(ctx context.Context, by people.ID, kind ChangeKind, before string) (list []ChangeEntry, more bool, err error) {
	err = s.view(ctx, by, func(c *scene) error {
		if err := c.viewer.Need(people.SeeRecord); err != nil {
			return err
		}
		list, err = c.ChangeEntries(kind, before, maxEntries+1)
		return err
	})
	if len(list) > maxEntries {
		list, more = list[:maxEntries], true
	}
	return list, more, err
}

// ChangeOnRecord returns one change with its effects. It reports as Changes does, and
// NotFound where there is none.
func (s *Service) ChangeOnRecord(ctx context.Context, by people.ID, id string) (ChangeEntry, error) {
	var out ChangeEntry
	err := s.view(ctx, by, func(c *scene) error {
		if err := c.viewer.Need(people.SeeRecord); err != nil {
			return err
		}
		var err error
		out, err = c.ChangeEntry(id)
		return err
	})
	return out, err
}
