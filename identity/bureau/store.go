// SPDX-License-Identifier: Apache-2.0

package bureau

import (
	"context"
	"time"

	"verlof/identity"
	"verlof/identity/openid"
	"verlof/people"
)

// Store runs functions in transactions of one customer's database. A function that returns
// an error changes nothing. A View sees one moment. A function given to Update may run again
// when the engine asks for it.
type Store interface {
	View(ctx context.Context, f func(Tx) error) error
	Update(ctx context.Context, f func(Tx) error) error
}

// Tx is what admissions need of a transaction. Reads of one thing return NotFound where
// there is none. Times are UTC with whole microseconds.
type Tx interface {
	people.Tx
	identity.Tx

	Admission(id string) (Admission, error)
	Admissions() ([]Admission, error) // latest first
	// SaveAdmission adds or replaces one, by id. Of one that is accepted it keeps the
	// provider that the bureau's people sign in with: see identity/sso.
	SaveAdmission(a Admission) error
	GuestsOf(admission string) ([]people.Person, error)   // by name
	GuestOf(admission, subject string) (people.ID, error) // by the name that the bureau's provider has for them
	SubjectOf(guest people.ID) (string, error)            // that name
	AddVisit(v Visit) error
	Visits(admission string, limit int) ([]Visit, error) // latest first

	Served(id string) (Served, error)
	AllServed() ([]Served, error) // by name
	SaveServed(s Served) error    // adds or replaces, by id
	SaveClient(c openid.Client) error
	DeleteClient(id string) error

	EnqueueAt(kind, key string, payload []byte, at int64) error // an outbox row that waits until a time, in microseconds since 1970
}

// Others is the way to the other side: to the customers of this installation by their ids.
type Others interface {
	// Sends reports Forbidden unless a bureau sends somebody, named as its provider names
	// them, for an admission.
	Sends(ctx context.Context, firm, admission, subject string) error
	// Waiting returns what waits at a customer for somebody whom a bureau sends.
	Waiting(ctx context.Context, customer, admission, subject string) (Waiting, error)
}

// Waiting is what waits at a customer for one person.
type Waiting struct {
	Known    bool // they have been there before, so that it can be said
	Requests int  // of leave, and claims, that they may decide
}

// The kinds of outbox row that tell the other side how one stands. Their payload is the id.
const (
	KindTerms  = "bureau.terms"
	KindAnswer = "bureau.answer"
	KindEnding = "bureau.ending" // an admission ends soon
)

// Notice is how long before its end those who gave an admission are told.
const Notice = 14 * 24 * time.Hour
