// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"
	"sync/atomic"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/people"
)

// Store runs functions in transactions of one customer's database. A function
// that returns an error changes nothing. Functions given to Update may run again
// when the engine asks for it, and see everything committed before.
type Store interface {
	View(ctx context.Context, f func(Tx) error) error
	Update(ctx context.Context, f func(Tx) error) error
}

// Tx is what leave needs of a transaction. What it returns of one person may be shared with other
// transactions: whoever gets it changes nothing in it.
type Tx interface {
	people.Tx
	SickTx
	ApprovalTx
	FixedTx
	ClosingTx
	SettlementTx
	ChangeTx
	DigestTx

	Types() ([]Type, error) // in their order, retired ones too
	SaveType(t Type) error
	// UsesType reports whether anything holds an amount of a type: a request in whatever
	// state, an adjustment, a claim, a notice, a fixed entitlement or a leave year that was
	// closed, be it open again.
	UsesType(id string) (bool, error)
	Packages() ([]Package, error)
	SavePackage(p Package) error
	Policies() ([]Policy, error)
	SavePolicy(p Policy) error
	DeletePolicy(id string) error

	// LockPerson holds every other writer of that person's leave back until the
	// transaction ends. It comes before the reads that a decision rests on.
	LockPerson(id people.ID) error
	// ReadAhead says that what is known of a person is asked for next (requests that count,
	// sickness, adjustments, claims, fixed years, notices): it may be read in one go.
	ReadAhead(id people.ID)
	CountingRequests(id people.ID) ([]Request, error) // pending and approved: type, span, state and charges
	Adjustment(id string) (Adjustment, error)
	Adjustments(id people.ID) ([]Adjustment, error)
	AllCounting() (map[people.ID][]Request, error) // the same of everybody
	AllAdjustments() (map[people.ID][]Adjustment, error)
	Request(id string) (Request, error)                             // with charges
	RequestsOf(id people.ID) ([]Request, error)                     // all states, newest first
	RequestsIn(r calendar.Range) ([]Request, error)                 // those that count and touch r: who, type and span, in no order
	AwayIn(r calendar.Range) ([]OnLeave, error)                     // the same, in short
	RequestsOfIn(id people.ID, r calendar.Range) ([]Request, error) // the same of one person
	RequestsEver(r calendar.Range) ([]Request, error)               // all states, those that touch r, in no order
	PendingRequests() ([]Request, error)                            // oldest first
	InsertRequest(r Request) error                                  // with charges
	UpdateRequest(r Request) error                                  // state, decision, charges and substitutes
	// SubstituteRequests returns the requests that count, are not over on a day, and of which
	// somebody is the substitute named last, whatever they answered: by date.
	SubstituteRequests(id people.ID, since calendar.Date) ([]Request, error)
	SaveAdjustment(a Adjustment) error
	Claim(id string) (Claim, error)
	Claims(id people.ID) ([]Claim, error) // whatever became of them
	AllClaims() (map[people.ID][]Claim, error)
	PendingClaims() ([]Claim, error) // oldest first
	SaveClaim(c Claim) error         // a new one, or its state and decision

	Notice(id string) (Notice, error)       // without its days, as all notices are read
	Notices(id people.ID) ([]Notice, error) // of a person, oldest first
	AllNotices() (map[people.ID][]Notice, error)
	InsertNotice(n Notice) error
	MarkRead(notice string, at int64) error      // the first time; later ones change nothing
	MarkDelivered(notice string, at int64) error // the same of its mail, that it left
	MarkGivenUp(notice string, at int64) error   // and that it could not
	Collective(id string) (Collective, error)
	Collectives() ([]Collective, error)                // latest first
	CollectiveCounts() (map[string]int, error)         // by id, how many requests of it count
	RequestsInCollective(id string) ([]Request, error) // all states, with charges
	InsertCollective(c Collective) error
	UpdateCollective(c Collective) error // who took it back, when and why

	Enqueue(kind, key string, payload []byte) error // an outbox row; a key that is there already is not repeated
}

// Kinds of the outbox rows that leave writes; the payload is an Event.
const (
	KindRequested        = "leave.requested"
	KindApproved         = "leave.approved"
	KindRefused          = "leave.refused"
	KindWithdrawn        = "leave.withdrawn"
	KindCancelled        = "leave.cancelled"
	KindCollective       = "leave.collective"        // booked as a part of a collective leave
	KindCollectiveUndone = "leave.collective-undone" // and taken back with it
	KindForwarded        = "leave.forwarded"         // a step is done: the request waits for the next one
	KindReminder         = "leave.reminder"          // a step has taken too long
	KindClock            = "leave.clock"             // the time for an answer is over
	KindByClock          = "leave.by_clock"          // leave stands, since there was no answer in time
	KindStandIn          = "leave.stand_in"          // somebody stands in for another from now on
)

// Event is the payload of leave's outbox rows: ids only.
type Event struct {
	Request string    `json:"request"`
	Person  people.ID `json:"person"`
	By      people.ID `json:"by"`
	To      people.ID `json:"to,omitempty"` // who is told, where it is one person alone
}

// Service is what people may do with leave. Every method takes who asks and
// decides whether they may; it reports Forbidden where they know of the thing
// and NotFound where they do not.
type Service struct {
	Store  Store
	People *people.Service  // of the same customer; nil: leave reads the organisation itself
	Now    func() time.Time // the clock; its zone does not matter

	known atomic.Pointer[standing]
}

// Ask is what somebody asks for.
type Ask struct {
	Person people.ID
	Type   string
	Span
	Note       string
	Replaces   string    // id of approved leave that this is to take the place of
	Revises    string    // id of a request that waits, and that this is to be in place of; what that replaces this does
	Substitute people.ID // who is to do the work meanwhile; empty: nobody
}

// Preview is what a request would cost and leave, before it is made.
type Preview struct {
	Person  people.Person
	Type    Type
	Span    Span
	Charges []Charge     // days that cost something
	Cost    exact.Rat    // in the unit of the type
	Days    exact.Rat    // working days
	Minutes int          // working time
	Years   []YearPart   // a part for each leave year touched; empty for types without entitlement
	Skipped []Skipped    // days of the span that cost nothing, and why
	Clipped []Clipped    // first and last days that are asked by the clock, where not all of those hours are worked
	Away    []Absence    // others of the person's teams who are away in the span
	Problem error        // why it would be refused now; an *errs.Error
	Rule    ApprovalRule // who would decide
	Stages  []Stage      // in what order; empty where nobody need decide
	Warned  []Breach     // limits that it would go beyond, and may
	Block   *BlockView   // what it makes of the block of its leave year; nil: nothing

	Covering
}

// YearPart is the share of a request that one leave year pays.
type YearPart struct {
	Year   int
	Before exact.Rat
	Cost   exact.Rat
	After  exact.Rat
}

// Clipped is a day of which hours were asked that are not all worked.
type Clipped struct {
	Date calendar.Date
	Work calendar.Workday
}

// Skipped is a day that costs nothing.
type Skipped struct {
	Date    calendar.Date
	Holiday calendar.Holiday // zero: the person does not work that day
	NoJob   bool             // outside the employment, or no contract
}

// Absence is a time that somebody is away, as far as the viewer may know it.
type Absence struct {
	Request    string // id; empty where the viewer may not open it
	Person     people.Person
	Type       Type          // zero where the viewer may not know it, and for sickness
	Report     string        // id of the report of a sickness; empty where the viewer may do nothing about it
	Sick       bool          // it is sickness, and the viewer may know that
	Substitute people.Person // who does the work; zero: nobody, as far as is known
	Span
	Pending bool
	Partly  bool // on each of these days the person works in part all the same
	Works   int  // how much of the own working week, in percent; 0: the viewer may not know
}

// Waiting is a request to be decided, with what the decider wants to know.
type Waiting struct {
	Request Request
	Person  people.Person
	Type    Type
	Cost    exact.Rat
	Years   []YearPart // Before as if this request were not there
	Away    []Absence  // others of the person's teams in that time
	Was     Request    // the request that waited and that this one was asked in place of; else zero. Without an id the viewer may not open it
	Handling
	Covering
}

// Handling is how far a request has come, and what the viewer may do about it.
type Handling struct {
	Progress
	MayDecide bool
	As        Capacity      // in which right
	For       people.Person // whose stand-in the viewer is; else zero
	AnswerBy  calendar.Date // last day for an answer; zero: there is none
	Overdue   bool          // it has passed, and there is enough leave: the request counts as approved
	Held      bool          // nobody may approve it yet: a substitute is wanted first
	Breaches  []Breach      // limits that the leave goes beyond; of requests that wait
}

// Outcome is what became of one of several decisions.
type Outcome struct {
	ID  string
	Err error // nil: done
}

// Detail is one request as a page shows it.
type Detail struct {
	Request    Request
	Person     people.Person
	Type       Type
	Cost       exact.Rat
	AskedBy    people.Person
	Collective bool          // the viewer may open the collective leave that it is a part of
	Decider    people.Person // zero while pending
	Years      []YearPart
	Away       []Absence
	Skipped    []Skipped
	Handling
	Covering
	MayName     bool    // the viewer may name another substitute
	MayWithdraw bool    // still pending, by the asker
	MayRevise   bool    // still pending, and the viewer may ask for something else in its place
	MayCancel   bool    // approved, and the viewer may take it back
	MayChange   bool    // approved, no change of it waits, and the viewer may ask for one
	Old         Request // the leave that this one would take, or took, the place of; else zero
	Next        Request // the request that would take, or took, the place of this one, or was asked in its place; else zero
	Was         Request // as of Waiting
}

// Chart is who is away in a range of days, person by person.
type Chart struct {
	Range    calendar.Range
	Today    calendar.Date
	Types    []Type             // that the viewer can meet in it, for the legend
	Holidays []calendar.Holiday // that some row has
	Teams    []ChartTeam
}

// ChartTeam is one team of a chart. A person of two teams stands in both.
type ChartTeam struct {
	Team people.Team // the zero Team for those who are in none
	Rows []*ChartRow
}

// ChartRow is one person of a chart.
type ChartRow struct {
	Person people.Person
	Days   []ChartDay // one for each day of the range
	Away   []Absence  // in the range, by date
}

// ChartDay is one day of one person. It is small, since a chart has many.
type ChartDay struct {
	Free      bool   // the pattern has no work that day, or there is no contract
	Holiday   uint16 // place in Chart.Holidays plus one; 0: none
	Morning   uint16 // place in ChartRow.Away plus one; 0: present
	Afternoon uint16
}
