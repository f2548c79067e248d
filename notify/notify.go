// SPDX-License-Identifier: Apache-2.0

// Package notify owns what leaves the building: mail, calls that tell applications
// of the end of a session, and messages to webhooks, all of them made from outbox
// rows that the domain wrote in the transaction of the event itself. It looks
// up names and dates only when it writes a letter, so an outbox row holds ids.
// Delivery is at least once, and the Message-ID follows from the row, so that a
// second copy can be told. It refuses to put into a mail why somebody is away:
// not what the asker wrote, not the name of a private leave type, not the reason
// for a decision on one.
//
// It imports neither the domain nor the store. Queue and Directory are what it
// needs of one customer; the command that starts it plugs them in.
package notify

import (
	"context"
	"net/mail"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
)

// Event is the payload of an outbox row about leave, in JSON: ids only. A row
// about an account holds what identity wrote: see Directory.Account.
type Event struct {
	Request string `json:"request,omitempty"`
	Person  string `json:"person,omitempty"` // whose leave it is
	By      string `json:"by,omitempty"`     // who did it; gets no mail about it
	To      string `json:"to,omitempty"`     // the one recipient, where there is one alone
	At      int64  `json:"at,omitempty"`     // when it was announced, where that may be withdrawn: microseconds since 1970
}

// Row is an outbox row that waits to be sent.
type Row struct {
	ID       string
	Key      string // idempotency key, unique in one customer's outbox
	Kind     string // "leave.requested"
	Payload  []byte
	At       int64 // when it was written: microseconds since 1970
	Attempts int   // how often sending has failed
}

// Queue is one customer's outbox. A row is waiting, sent or given up.
type Queue interface {
	// Claim returns at most limit waiting rows that are due at now, oldest first,
	// and makes them due again at until: until then nobody else claims them, and
	// after a crash they come back.
	Claim(ctx context.Context, now, until time.Time, limit int) ([]Row, error)
	// Sent ends a row.
	Sent(ctx context.Context, id string, now time.Time) error
	// Split ends a row and writes parts in its place, in one transaction. Of a part
	// Key, Kind, Payload and At count; one whose key is there is not repeated.
	Split(ctx context.Context, id string, now time.Time, parts []Row) error
	// Retry counts a failed attempt, keeps its fault and makes the row due at next.
	Retry(ctx context.Context, id, fault string, next time.Time) error
	// GiveUp counts a failed attempt and never returns the row again. The row
	// stays for as long as one that was sent, with its fault, for the operator to see.
	GiveUp(ctx context.Context, id, fault string, now time.Time) error
	// Next returns when the first waiting row is due; zero where none waits.
	Next(ctx context.Context) (time.Time, error)
	// HasOld reports whether there are rows that ended before a moment and may be forgotten.
	HasOld(ctx context.Context, before time.Time) (bool, error)
	// Forget removes at most limit rows that ended before a moment. What has the key of one is not a repetition any more.
	Forget(ctx context.Context, before time.Time, limit int) error
}

// Directory is what a letter needs to know of one customer. Person and Request
// report errs.NotFound for an id that is not there.
type Directory interface {
	Site(ctx context.Context) (Site, error)
	Person(ctx context.Context, id string) (Person, error)
	Request(ctx context.Context, id string) (Request, error)
	// Deciders returns the ids of those who decide the request now, whom it was put to
	// before it was taken back, or who had to do with it where nothing is left to decide.
	Deciders(ctx context.Context, request string) ([]string, error)
	// Weigh returns what a letter tells one of those who decide of what speaks for and against a request, as far as they
	// may know it; nothing to somebody who may not know of it.
	Weigh(ctx context.Context, request, decider string) (Weighing, error)
	// Settle does to a request what the end of the time for an answer means; nothing
	// where it has been answered.
	Settle(ctx context.Context, request string) error
	// StandsIn reports whether somebody stands in for a person who is away.
	StandsIn(ctx context.Context, id, person string) (bool, error)
	// Sick returns what mail may tell of a report of sickness.
	Sick(ctx context.Context, report string) (Sick, error)
	// Line returns what mail may tell of a line that was written into a balance by hand, and errs.NotFound for an id
	// that is not there.
	Line(ctx context.Context, id string) (Line, error)
	// Digest returns what a mail tells somebody of who is away on a day; nothing where there is nothing to tell
	// them any more.
	Digest(ctx context.Context, person, day string) (Digest, error)
	// MakeDigests has such mails made that are due.
	MakeDigests(ctx context.Context) error
	// Account turns an outbox row of identity into what its mail says, and makes the
	// secret of its link, so that none lies in the outbox. It reports errs.NotFound
	// where there is nothing to say any more.
	Account(ctx context.Context, kind string, payload []byte) (Account, error)
	// Call turns an outbox row into what a program of somebody else is sent. It reports
	// errs.NotFound where nobody wants to know any more.
	Call(ctx context.Context, kind string, payload []byte) (Call, error)
	// Tell tells another customer of the installation what an outbox row says about a bureau.
	Tell(ctx context.Context, kind string, payload []byte) error
	// Ending returns whom to tell that the admission of a bureau ends soon; nobody where it
	// does not any more.
	Ending(ctx context.Context, admission string) ([]string, error)
	// Reopened reports whether the customer is not to be closed after all, as was announced at a time.
	Reopened(ctx context.Context, announced time.Time) (bool, error)
}

// Site is the customer's website.
type Site struct {
	ID     string       // the customer's id: names its folder in a directory transport
	Name   string       // "Acme"
	URL    string       // "https://acme.example.org", without a slash at its end
	Locale string       // language tag for persons without one
	From   mail.Address // sender; its Name is replaced by the customer's
}

// Person is somebody a mail goes to or speaks of.
type Person struct {
	ID     string
	Name   string
	Mail   string // address; empty: is not written to
	Locale string // language tag; empty: the customer's
}

// Request is leave that a mail speaks of, or a claim: then both dates are its own.
type Request struct {
	ID          string
	Person      string
	From, To    calendar.Date
	First, Last calendar.Portion // parts of the first and last day; on one day only First counts
	Type        string           // empty where the type is private: then the mail names neither it nor Reason
	Pending     bool             // still to be decided
	Withdrawn   bool             // leave that was taken back before it was decided
	Reason      string           // what the decider wrote
	Claim       string           // "event", "overtime", "purchase" or "sale", or "notice" of leave that ends on both dates; empty for leave
	Amount      exact.Rat        // what leave costs, unless its type is private, or of a claim or notice: days, or minutes where InMinutes
	Substitute  string           // id of who does the work meanwhile; empty where nobody does, or the leave does not stand
	Was         *Request         // of a request that waits, what was asked for before it was changed; nil: nothing
	Rest        string           // of a notice, what becomes of it: empty, "paid" or "bought"
	InMinutes   bool
	Percent     int // of overtime, at which each hour of it counts; 0: it is none
}

// Weighing is what somebody who decides on leave wants to know.
type Weighing struct {
	Left     []Left        // after it, by leave year; empty where the type has no balance, or is private
	Limits   []Sentence    // beyond which limits it goes
	Away     []Away        // others of the person's teams who are away in that time; why, mail does not tell
	AnswerBy calendar.Date // last day for an answer; zero: there is none
	Due      calendar.Date // last day before others may decide too; likewise
}

// Left is what is left of a leave year: days, or minutes where InMinutes.
type Left struct {
	Year      int
	Amount    exact.Rat
	InMinutes bool
}

// Sentence is one of the catalogues, and what it says it of.
type Sentence struct {
	Key  string
	Args []any
}

// Sick is a report of sickness as far as mail may tell of it: never what somebody has, nor,
// unless the customer wants it so, that they are sick.
type Sick struct {
	Person       string
	From         calendar.Date
	To, Expected calendar.Date // last day, and the first one back at work as it looks; zero: not known
	Known        bool          // the customer lets those who lead know that it is sickness
	Leaders      []string      // ids
}

// Line is what somebody wrote into a balance by hand.
type Line struct {
	Date      calendar.Date // it counts from
	Until     calendar.Date // last day to take what it grants; zero: as the leave year's own
	Type      string        // empty where the type is private: then the mail names neither it nor what follows
	Amount    exact.Rat     // days, or minutes where InMinutes; negative takes away
	InMinutes bool
	Reason    string
	Left      []Left // of the leave year of Date, or of today where that is later, what can still be asked for as things are now
	Back      bool   // it takes another line back
}

// Digest is who is away, as far as one person may know and mail may tell.
type Digest struct {
	Weekly bool           // it is of the days of Range, and not of the first of them with what begins after it
	Range  calendar.Range // the first is the day on which it is sent
	Away   []Away         // in these days, or on that day
	Soon   []Away         // what begins after it
}

// Away is somebody who is away.
type Away struct {
	Name        string
	From, To    calendar.Date
	First, Last calendar.Portion // parts of the first and last day; on one day only First counts
	Type        string           // empty where mail may not tell it
	Pending     bool             // not decided yet
	Partly      bool             // works in part all the same
}

// Account is what a mail about an account says.
type Account struct {
	Person  Person    // Mail is where it goes, which may be an address they had
	At      time.Time // when what it tells of happened, on the clocks of where they work
	Token   string    // the secret of its link; empty where it has none
	Expires time.Time // of the link
}

// Message is one mail to one person.
type Message struct {
	ID       string // Message-ID without its angle brackets (RFC 5322, section 3.6.4)
	Customer string // Site.ID
	From, To mail.Address
	ListID   string // host name that mail rules can go by (RFC 2919)
	Locale   string
	Stop     string // address of the page where such mails are stopped; empty: they cannot be
	Date     time.Time
	Subject  string
	Text     string
	HTML     string
}

// Transport sends mail. An error of kind errs.Invalid means that this message
// can never be sent; any other may pass. It may be used by several goroutines.
type Transport interface {
	Send(ctx context.Context, m Message) error
}
