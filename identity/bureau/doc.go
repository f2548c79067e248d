// SPDX-License-Identifier: Apache-2.0

// Package bureau owns what lets people of one customer, a bureau such as an accountant's
// firm, work for others: the admission that a customer gives, and what the bureau knows of
// the customers that it serves. It refuses to open a session (identity/sso asks the bureau
// who somebody is, as it asks any provider) and to read another customer's database: what
// the two tell each other goes through Others.
//
// # Two sides
//
// An Admission stands in the database of the customer who gave it; a Served in that of the
// bureau. They have one id. Each side writes its own alone and tells the other, after the
// commit, how it stands: Terms to the bureau, an Answer to the customer. What is told
// replaces what was told before, so that a message may come twice or late.
//
// # Who may come in
//
// Somebody of a bureau comes in while all of this holds, and it is looked at with every
// request, on both sides: the admission is accepted and its last day is not over; the
// customer admits them; the bureau has chosen them; they may sign in at the bureau; both
// are in service; and they are not one of the customer's own people besides.
package bureau

import (
	"slices"
	"time"

	"verlof/calendar"
	"verlof/people"
)

// State is how an admission stands.
type State string

// The states of an admission.
const (
	Offered  State = "offered"  // the bureau has not answered
	Accepted State = "accepted" // its people may come in
	Declined State = "declined" // by the bureau
	Left     State = "left"     // the bureau accepted, and gave it up
	Ended    State = "ended"    // by the customer
)

// Stands reports whether an admission is accepted or may still be.
func (s State) Stands() bool { return s == Offered || s == Accepted }

// Whom says whom of a bureau a customer admits.
type Whom struct {
	All   bool     // everybody whom the bureau chooses
	Mails []string // where not all: their mail addresses at the bureau, in lower case
}

// Has reports whether somebody with a mail address at the bureau is admitted.
func (w Whom) Has(mail string) bool {
	return w.All || mail != "" && slices.Contains(w.Mails, mail)
}

// Admission is what a customer gives to a bureau.
type Admission struct {
	ID       string
	Host     string       // of the bureau's site, as it was typed
	Firm     string       // the bureau's id in the registry; empty until it has answered
	Name     string       // the bureau's own; empty until it has answered
	Site     string       // the bureau's address, without a slash at its end; likewise
	Roles    people.Roles // what its people may do here, see people.GuestRights
	Custom   []string     // ids of the customer's own roles that they hold
	Whom     Whom
	Reason   string // why, for those who look at it later
	Until    calendar.Date
	Ends     time.Time // when that day is over at every place of work
	State    State
	Made     time.Time
	MadeBy   people.ID
	Answered time.Time // zero: not yet
	Ended    time.Time // zero: it stands
	EndedBy  people.ID // empty: the bureau, or nobody
	Version  int64     // grows with each change
}

// Title returns the bureau's name, and until it has answered its host name.
func (a *Admission) Title() string {
	if a.Name != "" {
		return a.Name
	}
	return a.Host
}

// Over reports whether the last day is over.
func (a *Admission) Over(now time.Time) bool { return !now.Before(a.Ends) }

// In reports whether people of the bureau may come in, as far as the customer decides.
func (a *Admission) In(now time.Time) bool { return a.State == Accepted && !a.Over(now) }

// Visit is that somebody of a bureau signed in.
type Visit struct {
	ID     string
	Bureau string
	Person people.ID
	At     time.Time
}

// Served is what a bureau knows of a customer that admits it.
type Served struct {
	ID       string
	Customer string // its id in the registry
	Name     string
	Site     string   // its address, without a slash at its end
	Roles    []string // stable names of those that every customer has
	Custom   []string // names of the customer's own
	Whom     Whom
	Reason   string
	Until    calendar.Date
	Ends     time.Time
	State    State
	Version  int64 // of the terms, as the customer told them

	Everybody  bool        // the bureau sends whoever is admitted
	Chosen     []people.ID // where not everybody: whom it sends
	Answered   time.Time   // zero: not yet
	AnsweredBy people.ID
}

// In reports whether people of the bureau may go there, as far as it knows.
func (s *Served) In(now time.Time) bool { return s.State == Accepted && now.Before(s.Ends) }

// Sends reports whether somebody serves the customer: both sides want it, and they may sign
// in at the bureau. Somebody who is at the bureau for another bureau is not sent on.
func (s *Served) Sends(p people.Person, now time.Time) bool {
	return p.Active && p.Bureau == nil && s.In(now) && s.Whom.Has(p.Email) && (s.Everybody || slices.Contains(s.Chosen, p.ID))
}
