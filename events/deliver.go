// SPDX-License-Identifier: Apache-2.0

package events

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"time"

	"verlof/errs"
	"verlof/internal/id"
	"verlof/people"
)

// Delivery is an event on its way to a webhook.
type Delivery struct {
	ID       string
	Webhook  string
	Event    string // id of the event: the message has the same one however often it is sent
	Type     string
	Body     string
	Made     time.Time
	State    DeliveryState
	Due      time.Time // when it is tried next, where it waits
	Attempts int
	Tried    time.Time     // the last attempt; zero: none
	Status   int           // of HTTP, that the last attempt was answered with; zero: no answer
	Took     time.Duration // the last attempt
	Fault    string        // why no answer came
	Tries    []Try         // all attempts, oldest first: of more than MaxTries the latest
}

// Try is one attempt to send a message.
type Try struct {
	At     time.Time     `json:"at"`
	Status int           `json:"status,omitempty"` // of HTTP; zero: no answer
	Took   time.Duration `json:"took"`
	Fault  string        `json:"fault,omitempty"`
}

// MaxTries is how many attempts of a message are kept: those of two times that it is sent until it
// is given up, and some.
const MaxTries = 20

// DeliveryState is what became of a delivery.
type DeliveryState string

// The states.
const (
	Waiting   DeliveryState = "waiting"
	Delivered DeliveryState = "delivered"
	Failed    DeliveryState = "failed" // it is not tried any more
)

// pauses are how long a delivery waits after each attempt that failed, for 27 hours and a
// half in all (Standard Webhooks 1.0, "Retry schedule"). Each is stretched at random by up
// to a fifth, so that a receiver who comes back is not met by all at once.
var pauses = []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 10 * time.Hour}

// PatienceWith is for how long nothing arrives before a webhook is called broken.
const PatienceWith = 5 * 24 * time.Hour

// lease is how long a delivery is held by whoever sends it: after a crash it comes back.
const lease = time.Minute

// message is the body of what is sent: the shape that Standard Webhooks recommends.
type message struct {
	Type string    `json:"type"`
	Time time.Time `json:"timestamp"`
	Data data      `json:"data"`
}

// data has the names that the API gives an event.
type data struct {
	ID     string    `json:"id"`
	Number int64     `json:"number,omitempty"`
	Thing  string    `json:"thing,omitempty"`
	Person people.ID `json:"person,omitempty"`
	By     people.ID `json:"by,omitempty"`
	Link   string    `json:"link,omitempty"`
}

// delivery returns an event on its way to a webhook.
func (s *Service) delivery(h Webhook, e Event) (Delivery, error) {
	body, err := json.Marshal(message{e.Type, e.At, data{e.ID, e.Number, e.Thing, e.Person, e.By, e.Link()}})
	now := s.now()
	return Delivery{ID: id.New(now), Webhook: h.ID, Event: e.ID, Type: e.Type, Body: string(body), Made: now, State: Waiting, Due: now}, err
}

// tidyAfter is how much longer than Kept events may lie where nobody asks for them: those of a day go
// together, and not a few with each change.
const tidyAfter = 24 * time.Hour

// Dispatch gives new events their numbers and puts them on their way, and returns the ids
// of the webhooks to which something waits to be sent. Where there is no webhook, old events
// are forgotten, with those that get a number; none is under a legal hold.
func (s *Service) Dispatch(ctx context.Context) (waiting []string, err error) {
	for {
		var hooks []Webhook
		more := false
		err := s.Store.View(ctx, func(tx Tx) (err error) {
			if hooks, err = tx.Webhooks(); err != nil {
				return err
			}
			if len(hooks) > 0 {
				more, err = tx.Unnumbered()
			} else {
				more, err = tx.HasEvents(s.now().Add(-Kept - tidyAfter))
				more = more && !s.held()
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		if !more && len(hooks) == 0 {
			return nil, nil
		}
		if !more {
			break
		}
		err = s.Store.Update(ctx, s.numberSome)
		if errs.Is(err, errs.Unavailable) && len(hooks) == 0 {
			return nil, nil // it takes no changes: old events go when it does
		}
		if err != nil {
			return nil, err
		}
	}
	err = s.Store.View(ctx, func(tx Tx) error {
		waiting, err = tx.WaitingWebhooks()
		return err
	})
	return waiting, err
}

// numberSome numbers some events and puts them on their way, in one transaction: whoever
// gives an event its number sees to it that it is sent.
func (s *Service) numberSome(tx Tx) error {
	list, err := tx.NumberEvents(atOnce)
	if err != nil {
		return err
	}
	hooks, err := tx.Webhooks()
	if err != nil {
		return err
	}
	for _, h := range hooks {
		if err := s.send(tx, h, list); err != nil {
			return err
		}
	}
	if s.held() {
		return nil
	}
	old := s.now().Add(-Kept)
	if err := tx.ForgetDeliveries(old, atOnce); err != nil {
		return err
	}
	return tx.ForgetEvents(old, atOnce)
}

// send puts those of some events that a webhook wants on their way.
func (s *Service) send(tx Tx, h Webhook, list []Event) error {
	for _, e := range list {
		if !h.Wants(e.Type) {
			continue
		}
		d, err := s.delivery(h, e)
		if err == nil {
			err = tx.PutDelivery(d)
		}
		if err != nil {
			return err
		}
		tx.Signal()
	}
	return nil
}

// Shipment is a message that is to be sent now.
type Shipment struct {
	Delivery string
	URL      string
	Header   http.Header
	Body     string
}

// Next takes the first delivery to a webhook that is due, and holds it until it is settled.
// There is none where the shipment has no id; next says when to ask again, never where it is
// zero.
func (s *Service) Next(ctx context.Context, hook string) (out Shipment, next time.Time, err error) {
	err = s.Store.Update(ctx, func(tx Tx) error {
		out = Shipment{}
		h, err := webhook(tx, hook)
		if err != nil {
			return err
		}
		now := s.now()
		var d Delivery
		if d, next, err = tx.DueDelivery(hook, now); err != nil || d.ID == "" {
			return err
		}
		if !h.maySend(d) {
			d.State, d.Due, next = Failed, time.Time{}, now
			return tx.SaveDelivery(d)
		}
		d.Due = now.Add(lease)
		out = Shipment{Delivery: d.ID, URL: h.URL, Body: d.Body, Header: http.Header{
			"Content-Type": {"application/json"}, "Webhook-Id": {d.Event}, "Webhook-Timestamp": {strconv.FormatInt(now.Unix(), 10)},
			"Webhook-Signature": {h.signatures(d.Event, now, d.Body)}}}
		return tx.SaveDelivery(d)
	})
	return out, next, err
}

// maySend reports whether a message is sent to h as it is now: who may not follow sickness may have
// ended that h hears of it, and have given it another address.
func (h Webhook) maySend(d Delivery) bool { return !ofSickness(d.Type) || h.hears(d.Type) }

// Outcome is what became of an attempt.
type Outcome struct {
	Status int           // of HTTP; zero: no answer
	Took   time.Duration // until the answer, or until there was none
	Fault  string        // why there was none
}

// arrived reports whether the receiver took the message.
func (o Outcome) arrived() bool { return o.Status >= 200 && o.Status < 300 }

// Settle notes what became of a shipment. What did not arrive is tried again; a webhook
// to which nothing arrives for PatienceWith, or that answers 410 Gone, gets nothing more,
// and system managers are told.
func (s *Service) Settle(ctx context.Context, delivery string, o Outcome) error {
	org, err := s.People.Organisation(ctx)
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		d, err := tx.Delivery(delivery)
		if err != nil {
			return err
		}
		h, err := webhook(tx, d.Webhook)
		if err != nil {
			return err
		}
		now := s.now()
		d.Attempts++
		d.Tried, d.Status, d.Took, d.Fault, d.Due = now, o.Status, o.Took, o.Fault, time.Time{}
		d.Tries = append(d.Tries, Try{At: now, Status: o.Status, Took: o.Took.Truncate(time.Microsecond), Fault: o.Fault})
		d.Tries = d.Tries[max(0, len(d.Tries)-MaxTries):]
		switch {
		case o.arrived():
			d.State = Delivered
		case d.Attempts > len(pauses) || h.State != HookOn:
			d.State = Failed
		default:
			d.Due = now.Add(stretched(pauses[d.Attempts-1]))
		}
		if err := tx.SaveDelivery(d); err != nil {
			return err
		}
		if !o.arrived() {
			return s.failed(tx, h, o, org, now)
		}
		if h.Failing.IsZero() {
			return nil
		}
		h.Failing = time.Time{}
		return tx.MarkWebhook(h)
	})
}

// stretched returns a pause that is up to a fifth longer.
func stretched(pause time.Duration) time.Duration { return pause + rand.N(pause/5+1) }

// failed notes that nothing arrives at a webhook, and that it is broken once that is so
// for too long.
func (s *Service) failed(tx Tx, h Webhook, o Outcome, org *people.Organisation, now time.Time) error {
	if h.Failing.IsZero() {
		h.Failing = now
	}
	if h.State != HookOn || o.Status != http.StatusGone && now.Sub(h.Failing) < PatienceWith {
		return tx.MarkWebhook(h)
	}
	h.State = HookBroken
	if err := tx.MarkWebhook(h); err != nil {
		return err
	}
	if err := tx.EndDeliveries(h.ID, now); err != nil {
		return err
	}
	return s.tellBroken(tx, h, org, now)
}

// Test sends a message of type "webhook.test" to a webhook that is on.
func (s *Service) Test(ctx context.Context, by people.ID, hook string) error {
	v, err := s.may(ctx, by)
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		h, err := ready(tx, hook, v)
		if err != nil {
			return err
		}
		now := s.now()
		d, err := s.delivery(h, Event{ID: id.New(now), At: now, Type: TestType, Thing: h.ID, By: by})
		if err != nil {
			return err
		}
		tx.Signal()
		return tx.PutDelivery(d)
	})
}

// TestType is the type of a message that somebody asked for to see whether it arrives.
const TestType = "webhook.test"

// ready returns a webhook that is on, to which somebody may have something sent. It reports
// Conflict for one that is not on.
func ready(tx Tx, hook string, by people.Viewer) (Webhook, error) {
	h, err := webhook(tx, hook)
	if err == nil {
		err = h.OpenTo(by)
	}
	if err == nil && h.State != HookOn {
		err = errs.New(errs.Conflict, "events.error.off")
	}
	return h, err
}

// Deliveries returns what was and is to be sent to a webhook, latest first, at most 100: of
// sickness to those who may follow it.
func (s *Service) Deliveries(ctx context.Context, by people.ID, hook string) (list []Delivery, err error) {
	v, err := s.may(ctx, by)
	if err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx Tx) error {
		if _, err := tx.Webhook(hook); err != nil {
			return noWebhook(err)
		}
		list, err = tx.Deliveries(hook, 100)
		return err
	})
	if mayHearOfSickness(v) != nil {
		list = slices.DeleteFunc(list, func(d Delivery) bool { return ofSickness(d.Type) })
	}
	return list, err
}

// Resend sends a message once more, with the id it had. It reports NotFound for a
// delivery that there is not at this webhook.
func (s *Service) Resend(ctx context.Context, by people.ID, hook, delivery string) error {
	v, err := s.may(ctx, by)
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		h, err := ready(tx, hook, v)
		if err != nil {
			return err
		}
		d, err := tx.Delivery(delivery)
		if err == nil && (d.Webhook != hook || !h.maySend(d)) || errs.Is(err, errs.NotFound) {
			return errs.New(errs.NotFound, "events.error.no_delivery")
		}
		if err != nil {
			return err
		}
		d.State, d.Due, d.Attempts = Waiting, s.now(), 0
		tx.Signal()
		return tx.SaveDelivery(d)
	})
}

// Replay sends every event that a webhook wants and that happened after since, whether it
// was sent before or not, and returns how many there are. It reports Invalid for a moment
// before events are kept.
func (s *Service) Replay(ctx context.Context, by people.ID, hook string, since time.Time) (n int, err error) {
	v, err := s.may(ctx, by)
	if err != nil {
		return 0, err
	}
	if since.Before(s.now().Add(-Kept)) || since.After(s.now()) {
		return 0, errs.New(errs.Invalid, "events.error.since").At("since")
	}
	for last := int64(0); ; {
		var list []Event
		var h Webhook
		err := s.Store.Update(ctx, func(tx Tx) (err error) {
			if h, err = ready(tx, hook, v); err != nil {
				return err
			}
			if list, err = tx.EventsAfter(last, since, atOnce); err != nil {
				return err
			}
			return s.send(tx, h, list)
		})
		if err != nil {
			return n, err
		}
		for _, e := range list {
			if last = e.Number; h.Wants(e.Type) {
				n++
			}
		}
		if len(list) < atOnce {
			return n, nil
		}
	}
}
