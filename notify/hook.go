// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"verlof/errs"
	"verlof/internal/outside"
)

// hookTimeout is how long a receiver of events may take to answer (Standard Webhooks 1.0
// recommends 15 to 30 seconds).
const hookTimeout = 15 * time.Second

// Shipment is a signed message for a receiver of events; without an id there is none.
type Shipment struct {
	ID     string
	URL    string
	Header http.Header
	Body   string
}

// Arrival is what a receiver said to a shipment.
type Arrival struct {
	Status int           // of HTTP; zero: it said nothing
	Took   time.Duration // until it did, or until it was given up
	Fault  string        // why it said nothing, in words that name no secret
}

// Shelf is what waits for the receivers of one customer's events.
type Shelf interface {
	// Next takes what is due for a receiver, oldest first, and says when there is more. It
	// reports errs.NotFound for a receiver that is gone.
	Next(ctx context.Context, receiver string) (Shipment, time.Time, error)
	// Settle notes what became of a shipment.
	Settle(ctx context.Context, shipment string, a Arrival) error
}

// Courier brings events to their receivers. Each receiver of each customer has a line of
// its own in the worker, so that one that is slow or gone holds up nobody: after a message
// that did not arrive its line waits.
type Courier struct {
	Client *http.Client
	Now    func() time.Time
}

// NewCourier returns a courier that follows nobody elsewhere and connects to public
// addresses only; private and local are as in NewCaller.
func NewCourier(private, local bool) *Courier {
	return &Courier{Client: outside.Reach{Private: private, Local: local}.Client(hookTimeout, 64<<10), Now: time.Now}
}

// calm is how long a receiver is left alone after a message that did not arrive.
const calm = 5 * time.Second

// Deliver sends what is due for one receiver, until nothing is or one message does not
// arrive. The report says when to go on.
func (c *Courier) Deliver(ctx context.Context, shelf Shelf, receiver string) (r Report, err error) {
	for ctx.Err() == nil {
		s, next, err := shelf.Next(ctx, receiver)
		if errs.Is(err, errs.NotFound) {
			return r, nil
		}
		if err != nil {
			return r, err
		}
		if s.ID == "" {
			r.Next = next
			return r, nil
		}
		a := c.send(ctx, s)
		if ctx.Err() != nil {
			return r, ctx.Err() // we are stopping; it comes back when its lease ends
		}
		if err := shelf.Settle(ctx, s.ID, a); err != nil && !errs.Is(err, errs.NotFound) {
			return r, err
		}
		if a.Status < 200 || a.Status > 299 {
			r.Failed++
			r.Next = c.Now().Add(calm)
			return r, nil
		}
		r.Sent++
	}
	return r, ctx.Err()
}

// send posts a message. What the receiver says beside the status is not kept: it could be
// anything.
func (c *Courier) send(ctx context.Context, s Shipment) (a Arrival) {
	began := c.Now()
	defer func() { a.Took = c.Now().Sub(began) }()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, strings.NewReader(s.Body))
	if err != nil {
		a.Fault = "an address that cannot be called"
		return a
	}
	r.Header = s.Header.Clone()
	r.Header.Set("User-Agent", "Verlof")
	answer, err := c.Client.Do(r)
	if err != nil {
		a.Fault = fault(err)
		return a
	}
	defer func() { _ = answer.Body.Close() }() // nothing was written
	_, _ = io.CopyN(io.Discard, answer.Body, 1<<10)
	a.Status = answer.StatusCode
	return a
}

// fault says why there was no answer, without the address, which may hold a secret.
func fault(err error) string {
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	case outside.Refused(err):
		return "address"
	}
	return "connection"
}
