// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"slices"
	"sync"

	"verlof/calendar"
	"verlof/people"
)

// Procedure is how a customer decides on leave: who decides on what, who stands in
// for whom, and when too many would be away. Like the rulebook it changes seldom
// and is never modified once it was read.
type Procedure struct {
	Rules    []ApprovalRule // by name
	StandIns []StandIn
	Limits   []Limit // by name
}

// ApprovalTx is what deciding needs of a transaction.
type ApprovalTx interface {
	PendingRoutes() ([]Request, error)                // the requests that wait, oldest first: who, since when and who decides
	Decisions(request string) ([]Decision, error)     // oldest first
	PendingDecisions() (map[string][]Decision, error) // of the requests that wait, by their ids
	InsertDecision(d Decision) error
	ApprovalRules() ([]ApprovalRule, error) // by name
	SaveApprovalRule(r ApprovalRule) error
	DeleteApprovalRule(id string) error
	StandIns() ([]StandIn, error)
	SaveStandIn(s StandIn) error
	DeleteStandIn(id string) error
	Limits() ([]Limit, error) // by name
	SaveLimit(l Limit) error
	DeleteLimit(id string) error
	LockLimit(id string) error // holds back every other update that locks the same limit
	// EnqueueAt writes an outbox row that waits until an instant, in microseconds since
	// 1970; a key that is there already is not repeated.
	EnqueueAt(kind, key string, payload []byte, due int64) error
}

// readProcedure reads the procedure as a transaction sees it.
func readProcedure(tx Tx) (*Procedure, error) {
	p := &Procedure{}
	var err error
	if p.Rules, err = tx.ApprovalRules(); err != nil {
		return nil, err
	}
	if p.StandIns, err = tx.StandIns(); err != nil {
		return nil, err
	}
	p.Limits, err = tx.Limits()
	return p, err
}

// office is what it takes to say who decides, at a moment.
type office struct {
	org  *people.Organisation
	book *Rulebook
	how  *Procedure
	now  func(people.ID) calendar.Date                   // the date where somebody works
	away func(people.ID) (until calendar.Date, yes bool) // whether somebody is away on that date, and the last day of it
	hr   func() []people.ID                              // the administrators
}

// office returns the office of this moment. It is made once in a transaction. Who is away is
// read only of those for whom somebody stands in, and only when it is asked.
func (c *scene) office() *office {
	if c.desk == nil {
		c.desk = &office{org: c.org, book: c.book, how: c.how, hr: sync.OnceValue(c.org.Administrators), away: c.awayness(),
			now: c.todayOf}
	}
	return c.desk
}

// awayness returns what tells until when somebody is away, if they are, and reads it once of
// each. What could not be read fails the transaction when it ends.
func (c *scene) awayness() func(people.ID) (calendar.Date, bool) {
	known := map[people.ID]calendar.Date{}
	return func(id people.ID) (calendar.Date, bool) {
		until, ok := known[id]
		if !ok {
			var err error
			if until, err = c.awayUntil(id, c.todayOf(id)); err != nil {
				c.failed = cmp.Or(c.failed, err)
			}
			known[id] = until
		}
		return until, !until.IsZero()
	}
}

// awayUntil returns the last day, from a day on, on which something keeps a person away all
// day: approved leave of whatever type, or sickness until they begin to work again, be it in
// part. It is zero where they are there for some of that day.
func (c *scene) awayUntil(id people.ID, day calendar.Date) (until calendar.Date, err error) {
	requests, err := c.RequestsOfIn(id, calendar.Range{From: day, To: day})
	if err != nil {
		return until, err
	}
	for i := range requests {
		if whole := requests[i].wholeDays(); requests[i].State == Approved && whole.Contains(day) {
			until = max(until, whole.To)
		}
	}
	sick, err := c.sickUntil(id, day)
	return max(until, sick), err
}

// sickUntil returns what awayUntil does, of sickness alone.
func (c *scene) sickUntil(id people.ID, day calendar.Date) (until calendar.Date, err error) {
	sick, err := c.SickReportsOf(id)
	for i := range sick {
		r := &sick[i]
		if last := min(r.awayUntil(day), r.away().To); !r.Withdrawn && r.From <= day && day <= last {
			until = max(until, last)
		}
	}
	return until, err
}

// byName orders what has a name and an id.
func byName(name, id string, otherName, otherID string) int {
	return cmp.Or(cmp.Compare(name, otherName), cmp.Compare(id, otherID))
}

// fewer returns list without those for whom drop is true.
func fewer(list []people.ID, drop func(people.ID) bool) []people.ID {
	return slices.DeleteFunc(slices.Clone(list), drop)
}
