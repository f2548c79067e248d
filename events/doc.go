// SPDX-License-Identifier: Apache-2.0

// Package events owns what programs of the customer hear of changes: which kinds of event
// there are, in which order they are told, and the webhooks that take them to an address.
// An event says that something changed and names it; what it has become is read from the
// API, by somebody who may. So it refuses to carry what a thing holds: no name, no date of
// leave, no reason, nothing of anybody's health.
//
// Events are not written here: store writes one in the transaction of the change itself,
// for every statement that changes something (store/tells.go).
package events

import (
	"context"
	"time"

	"verlof/people"
)

// Kept is how long events can be read and sent once more.
const Kept = 90 * 24 * time.Hour

// Event is one change.
type Event struct {
	ID     string
	Number int64 // its place in the order in which changes were made; zero: not given yet
	At     time.Time
	Type   string    // such as "leave.request.approved": the name of a Thing and a word
	Thing  string    // id of what was changed
	Person people.ID // whose it is; empty: nobody's
	By     people.ID // who did it; empty: an operator, or nobody but time
}

// Service is the events of one customer. Its fields do not change once it is in use.
type Service struct {
	Store  Store
	People *people.Service
	Now    func() time.Time // the clock; its zone does not matter
	Held   func() bool      // whether nothing may be taken away: there is a legal hold; nil: it may
	Plain  bool             // webhooks may be called without TLS: where one tries things out
}

func (s *Service) held() bool { return s.Held != nil && s.Held() }

// now returns the time as a database keeps it.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Store runs functions in transactions of one customer's database. A function that
// returns an error changes nothing. A View sees one moment. A function given to Update
// may run again when the engine asks for it.
type Store interface {
	View(ctx context.Context, f func(Tx) error) error
	Update(ctx context.Context, f func(Tx) error) error
}

// Tx is what events need of a transaction. Reads of one thing return NotFound where there
// is none. Times are UTC with whole microseconds.
type Tx interface {
	// Unnumbered reports whether there are events that have no number yet.
	Unnumbered() (bool, error)
	// NumberEvents gives those that have none their numbers, at most limit of them, and
	// returns them. What is committed later gets a greater number.
	NumberEvents(limit int) ([]Event, error)
	EventHead() (int64, error)                                             // the greatest number that was given
	EventsAfter(number int64, since time.Time, limit int) ([]Event, error) // numbered ones that happened after since, in their order
	HasEvents(before time.Time) (bool, error)                              // whether any happened before
	ForgetEvents(before time.Time, limit int) error                        // those that happened before and have a number, at most limit

	Webhooks() ([]Webhook, error) // oldest first, with their secrets
	Webhook(id string) (Webhook, error)
	SaveWebhook(h Webhook) error   // adds or replaces
	MarkWebhook(h Webhook) error   // its state and since when it fails: what deliveries do to it
	DeleteWebhook(id string) error // with its deliveries

	// PutDelivery adds a delivery, or has that of the same event to the same webhook made anew.
	PutDelivery(d Delivery) error
	SaveDelivery(d Delivery) error // what became of it
	Delivery(id string) (Delivery, error)
	Deliveries(webhook string, limit int) ([]Delivery, error) // latest first, without bodies
	// DueDelivery returns the first that is due at now, and when the first that waits is
	// due: zero where none waits. Without an id there is none.
	DueDelivery(webhook string, now time.Time) (d Delivery, next time.Time, err error)
	EndDeliveries(webhook string, now time.Time) error  // those that wait: nothing more is sent
	ForgetDeliveries(before time.Time, limit int) error // those made before
	WaitingWebhooks() ([]string, error)                 // ids of those to which something waits to be sent
	LockWebhook(id string) error                        // until the transaction ends nobody else changes it
	Lock(names ...string) error                         // until it ends nobody else gets past the same name

	Enqueue(kind, key string, payload []byte) error // an outbox row; a key that is there already is not repeated
	Signal()                                        // after the commit there is something to send
}
