// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"verlof/events"
	"verlof/notify"
	"verlof/tenant"
)

// couriers are how many receivers of events are served at a time. Each of them may take
// as long as a timeout, and none waits for another.
const couriers = 32

// newHooks returns the worker that brings events to webhooks. Its keys are customers, whose
// new events it puts on their way, and a customer with a webhook, to which it sends them.
func (i *installation) newHooks(tenants func() *tenant.Directory) *notify.Worker {
	courier := notify.NewCourier(i.PrivateCalls, i.Plain)
	w := &notify.Worker{Parallel: couriers, After: i.delivered}
	w.Do = func(ctx context.Context, key string) (r notify.Report, err error) {
		customer, hook, one := strings.Cut(key, " ")
		t, release, err := tenants().ByID(ctx, customer)
		if err != nil {
			return r, err
		}
		defer release()
		if one {
			return courier.Deliver(ctx, shelf{t.Events}, hook)
		}
		waiting, err := t.Events.Dispatch(ctx)
		for _, hook := range waiting {
			w.Kick(customer + " " + hook)
		}
		return r, err
	}
	return w
}

// delivered hears what became of events on their way.
func (i *installation) delivered(key string, _ notify.Report, err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		i.log.Warn("webhook", "tenant", key, why(err, ""))
	}
}

// shelf is a customer's events as notify sees them.
type shelf struct{ events *events.Service }

// Next is part of notify.Shelf.
func (s shelf) Next(ctx context.Context, hook string) (notify.Shipment, time.Time, error) {
	x, next, err := s.events.Next(ctx, hook)
	return notify.Shipment{ID: x.Delivery, URL: x.URL, Header: x.Header, Body: x.Body}, next, err
}

// Settle is part of notify.Shelf.
func (s shelf) Settle(ctx context.Context, delivery string, a notify.Arrival) error {
	return s.events.Settle(ctx, delivery, events.Outcome{Status: a.Status, Took: a.Took, Fault: a.Fault})
}
