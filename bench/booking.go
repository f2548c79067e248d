// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"verlof/calendar"
	"verlof/internal/id"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
)

// How bookings are measured.
const (
	bookingPeople  = 1000
	bookingClients = 16
	bookingRuns    = 7
	bookingSize    = 600 // bookings, or inserts, of a run
	lonelySize     = 150 // of a run with one client
)

// bookings measures how many bookings a second are safe on disk, on both engines.
func bookings(ctx context.Context, dir string) ([]row, error) {
	rows, err := bookingsAt(ctx, "SQLite", "sqlite:"+dir, filepath.Join(dir, "bare.db"))
	if err != nil {
		return nil, err
	}
	place, drop, err := postgres()
	if err != nil {
		missing, _, _ := strings.Cut(err.Error(), "\n")
		return append(rows, row{What: "PostgreSQL: not measured", Bare: missing}), nil
	}
	more, err := bookingsAt(ctx, "PostgreSQL", place, place)
	return append(rows, more...), errors.Join(err, drop())
}

// slot is a day that somebody can ask for.
type slot struct {
	visitor
	leave.Ask
}

// desk is where bookings come in: one customer with people who are signed in, and
// the bare database beside it.
type desk struct {
	*world
	t     *tenant.Tenant
	slots []slot
	bare  *bare
	site  *http.Client
}

func bookingsAt(ctx context.Context, engine, place, beside string) (rows []row, err error) {
	w, err := newWorld(ctx, place, 0, 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if _, err := w.sample(ctx, "desk", bookingPeople); err != nil {
		return nil, err
	}
	d := desk{world: w, site: browsers(bookingClients)}
	if d.bare, err = openBare(ctx, beside); err != nil {
		return nil, err
	}
	defer d.bare.close()
	if err := d.bare.ready(ctx); err != nil {
		return nil, err
	}
	err = w.with(ctx, "desk", func(t *tenant.Tenant) error {
		d.t = t
		if err := d.prepare(ctx, 2*bookingRuns*bookingSize+2*bookingRuns*lonelySize); err != nil {
			return err
		}
		rows, err = d.measure(ctx, engine)
		return err
	})
	return rows, err
}

// prepare finds days that can be asked for, one after the other of as many people
// as possible, and signs those people in.
func (d *desk) prepare(ctx context.Context, n int) error {
	book, err := d.t.Leave.Rules(ctx)
	if err != nil {
		return err
	}
	typ, err := drawn(book)
	if err != nil {
		return err
	}
	org, err := d.t.People.Organisation(ctx)
	if err != nil {
		return err
	}
	in, err := admit(ctx, d.t, org.Order...)
	if err != nil {
		return err
	}
	facts, err := everybody(ctx, d.t)
	if err != nil {
		return err
	}
	limits, err := d.limits(ctx)
	if err != nil {
		return err
	}
	for day := d.today.AddDays(30); len(d.slots) < n; day = day.AddDays(1) {
		if day > d.today.AddYears(5) {
			return errors.New("the sample has not days enough to ask for")
		}
		if slices.ContainsFunc(limits, func(l leave.Limit) bool { return !l.Warn && l.From <= day && (l.To.IsZero() || day <= l.To) }) {
			continue // leave of that day is refused to some
		}
		for i, p := range org.Order {
			if ask, ok := fits(book, facts[p], typ, day); ok {
				d.slots = append(d.slots, slot{in[i], ask})
			}
		}
	}
	return nil
}

// limits returns what of the sample limits how many may be away.
func (d *desk) limits(ctx context.Context) (limits []leave.Limit, err error) {
	err = d.t.Leave.Store.View(ctx, func(tx leave.Tx) (err error) {
		limits, err = tx.Limits()
		return err
	})
	return limits, err
}

// everybody returns the facts of everybody.
func everybody(ctx context.Context, t *tenant.Tenant) (map[people.ID]*leave.Facts, error) {
	org, err := t.People.Organisation(ctx)
	if err != nil {
		return nil, err
	}
	facts := map[people.ID]*leave.Facts{}
	err = t.Leave.Store.View(ctx, func(tx leave.Tx) error {
		requests, err := tx.AllCounting()
		if err != nil {
			return err
		}
		adjustments, err := tx.AllAdjustments()
		for p, r := range org.Records {
			facts[p] = &leave.Facts{Record: *r, Requests: requests[p], Adjustments: adjustments[p]}
		}
		return err
	})
	return facts, err
}

// fits returns the ask for a day, where it would be granted, and counts it as
// asked for.
func fits(book *leave.Rulebook, f *leave.Facts, t leave.Type, day calendar.Date) (leave.Ask, bool) {
	span := leave.Span{From: day, To: day}
	charges, _ := book.Count(f, t, span)
	if !f.Person.Active || book.Refusal(f, t, span, charges) != nil {
		return leave.Ask{}, false
	}
	f.Requests = append(f.Requests, leave.Request{Person: f.Person.ID, Type: t.ID, Span: span, State: leave.Pending, Charges: charges})
	return leave.Ask{Person: f.Person.ID, Type: t.ID, Span: span}, true
}

// measure measures by turns: the anchor, bookings through the service, the
// anchor, bookings through the site, and both with one client.
func (d *desk) measure(ctx context.Context, engine string) ([]row, error) {
	anchor := fmt.Sprintf("serial inserts, one row a commit, %s", engine)
	service := row{What: engine + ", 16 clients, leave.Service.Submit", Unit: rate, Aim: ratioAtLeast(1), Bare: anchor}
	site := row{What: engine + ", 16 clients, POST /leave/new", Unit: rate, Bare: anchor}
	alone := row{What: engine + ", 1 client, Submit: p50", Unit: duration, Aim: ratioAtMost(1.5), Bare: "one insert: p50"}
	work := row{What: engine + ", 16 clients, Submit: processor time", Unit: duration, Bare: "one insert"}
	commits := row{What: engine + ", commits for a booking, 16 clients", Unit: count, Bare: "one insert"}
	for range bookingRuns {
		before := d.t.DB().Stats()
		ours, raw, err := d.sideBySide(ctx, bookingClients, bookingSize, d.submit)
		if err != nil {
			return nil, err
		}
		after := d.t.DB().Stats()
		service.add(ours.rate, raw.rate)
		work.add(ours.processor, raw.processor)
		commits.add(float64(after.Commits-before.Commits)/float64(after.Updates-before.Updates), 1)
		if ours, raw, err = d.sideBySide(ctx, bookingClients, bookingSize, d.post); err != nil {
			return nil, err
		}
		site.add(ours.rate, raw.rate)
		if ours, raw, err = d.sideBySide(ctx, 1, lonelySize, d.submit); err != nil {
			return nil, err
		}
		alone.add(median(ours.times), median(raw.times))
	}
	return []row{service, work, commits, site, alone}, nil
}

// sideBySide takes n slots, and between its halves, so that both meet the same
// noise, as many inserts.
func (d *desk) sideBySide(ctx context.Context, clients, n int, book func(context.Context, slot) error) (ours, raw burst, err error) {
	todo := d.slots[:n]
	d.slots = d.slots[n:]
	insert := func(int) error { return d.bare.insert(ctx, id.New(time.Now())) }
	for _, half := range [][]slot{todo[:n/2], todo[n/2:]} {
		b, err := together(1, len(half), insert)
		if err != nil {
			return ours, raw, err
		}
		raw = raw.and(b)
		b, err = together(clients, len(half), func(i int) error { return book(ctx, half[i]) })
		if err != nil {
			return ours, raw, err
		}
		ours = ours.and(b)
	}
	return ours, raw, nil
}

func (d *desk) submit(ctx context.Context, s slot) error {
	_, err := d.t.Leave.Submit(ctx, s.id, s.Ask)
	return err
}

func (d *desk) post(ctx context.Context, s slot) error {
	form := url.Values{"type": {s.Type}, "from": {s.From.String()}, "first": {"whole"}, "do": {"ask"}}
	r, err := s.request(ctx, http.MethodPost, d.url+"/leave/new", []byte(form.Encode()), true)
	if err != nil {
		return err
	}
	_, err = fetch(d.site, r, http.StatusSeeOther)
	return err
}
