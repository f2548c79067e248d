// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"verlof/backup"
	"verlof/tenant"
)

// How copies are measured.
const (
	copyPeople = 300
	copyRuns   = 5
	copySize   = 300 // bookings of a run
	copyLonely = 80  // of a run with one client
)

// copying measures what a second place costs a booking.
func copying(ctx context.Context, dir string) (rows []row, err error) {
	here, twice := filepath.Join(dir, "here"), filepath.Join(dir, "twice")
	at, err := newDepot(dir)
	if err != nil {
		return nil, err
	}
	copies := &backup.Copies{Depot: at, Demand: true}
	plain, err := newWorld(ctx, "sqlite:"+here, 0, 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, plain.Close()) }()
	copied, err := newCopiedWorld(ctx, "sqlite:"+twice, 0, 0, copies)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, copied.Close()) }()
	for _, w := range []*world{plain, copied} {
		if _, err := w.sample(ctx, "desk", copyPeople); err != nil {
			return nil, err
		}
	}
	err = plain.with(ctx, "desk", func(a *tenant.Tenant) error {
		return copied.with(ctx, "desk", func(b *tenant.Tenant) error {
			rows, err = bookTwice(ctx, &desk{world: plain, t: a}, &desk{world: copied, t: b})
			return err
		})
	})
	return rows, err
}

// newDepot makes a depot in a folder.
func newDepot(dir string) (backup.Depot, error) {
	dir = filepath.Join(dir, "depot")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	return backup.ParseDepot("folder:" + dir)
}

// bookTwice books by turns without a second place and with one.
func bookTwice(ctx context.Context, plain, copied *desk) ([]row, error) {
	crowd := row{What: "bookings, 16 clients, leave.Service.Submit", Unit: rate, Bare: "the same without a second place"}
	alone := row{What: "one booking, 1 client: p50", Unit: duration, Bare: "the same without a second place"}
	for _, d := range []*desk{plain, copied} {
		if err := d.prepare(ctx, copyRuns*(copySize+copyLonely)); err != nil {
			return nil, err
		}
	}
	for range copyRuns {
		raw, ours, err := plain.both(ctx, copied, bookingClients, copySize)
		if err != nil {
			return nil, err
		}
		crowd.add(ours.rate, raw.rate)
		if raw, ours, err = plain.both(ctx, copied, 1, copyLonely); err != nil {
			return nil, err
		}
		alone.add(median(ours.times), median(raw.times))
	}
	return []row{crowd, alone}, nil
}

// both books n slots at each of two desks.
func (d *desk) both(ctx context.Context, other *desk, clients, n int) (here, there burst, err error) {
	if here, err = d.burst(ctx, clients, n); err == nil {
		there, err = other.burst(ctx, clients, n)
	}
	return here, there, err
}

func (d *desk) burst(ctx context.Context, clients, n int) (burst, error) {
	todo := d.slots[:n]
	d.slots = d.slots[n:]
	return together(clients, n, func(i int) error { return d.submit(ctx, todo[i]) })
}
