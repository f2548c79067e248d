// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"slices"

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

// ReadProcedure reads the procedure as a transaction sees it.
func ReadProcedure(tx Tx) (*Procedure, error) {
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
	now  func(people.ID) calendar.Date // the date where somebody works
	away map[people.ID]calendar.Date   // who is away on that date, and the last day of it
	hr   []people.ID                   // the administrators
}

// office returns the office of this moment. It is made once in a transaction.
func (c *scene) office() (*office, error) {
	if c.desk != nil {
		return c.desk, nil
	}
	o := &office{org: c.org, book: c.book, how: c.how, hr: c.org.Administrators(), away: map[people.ID]calendar.Date{},
		now: func(id people.ID) calendar.Date { return c.org.Today(id, c.s.Now()) }}
	if len(c.how.StandIns) > 0 {
		requests, err := c.RequestsIn(calendar.Range{From: c.today.AddDays(-1), To: c.today.AddDays(1)})
		if err != nil {
			return nil, err
		}
		o.markAway(requests)
		sick, err := c.SickReportsIn(calendar.Range{From: c.today.AddDays(-1), To: c.today.AddDays(1)})
		if err != nil {
			return nil, err
		}
		o.markSick(sick)
	}
	c.desk = o
	return o, nil
}

// markAway notes who is away for the whole of today, by approved leave of whatever
// type: sickness is one.
func (o *office) markAway(requests []Request) {
	for i := range requests {
		r := &requests[i]
		today := o.now(r.Person)
		if r.State == Approved && r.Range().Contains(today) && r.On(today).Kind == calendar.Whole {
			o.away[r.Person] = max(o.away[r.Person], r.To)
		}
	}
}

// markSick notes who is sick today, and has not begun to work again in part.
func (o *office) markSick(reports []SickReport) {
	for i := range reports {
		r := &reports[i]
		today := o.now(r.Person)
		if last := r.AwayUntil(today); !r.Withdrawn && r.From <= today && today <= last && r.WorksOn(today) == 0 {
			o.away[r.Person] = max(o.away[r.Person], last)
		}
	}
}

// byName orders what has a name and an id.
func byName(name, id string, otherName, otherID string) int {
	return cmp.Or(cmp.Compare(name, otherName), cmp.Compare(id, otherID))
}

// fewer returns list without those for whom drop is true.
func fewer(list []people.ID, drop func(people.ID) bool) []people.ID {
	return slices.DeleteFunc(slices.Clone(list), drop)
}
