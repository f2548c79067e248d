// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// clock is a time that tests move.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// fakeQueue is an outbox in memory.
type fakeQueue struct {
	mu      sync.Mutex
	rows    []*fakeRow
	added   int
	failing map[string]error // by method, once
}

type fakeRow struct {
	Row
	state string // waiting, sent, given up
	fault string
	due   time.Time
	ended time.Time
}

func (q *fakeQueue) put(key, kind string, payload any) {
	b, err := json.Marshal(payload)
	if err != nil {
		panic(err)
	}
	q.add(Row{Key: key, Kind: kind, Payload: b, At: start.UnixMicro()}, time.Time{})
}

func (q *fakeQueue) add(r Row, due time.Time) {
	for _, old := range q.rows {
		if old.Key == r.Key {
			return
		}
	}
	q.added++
	r.ID = fmt.Sprint("row", q.added)
	q.rows = append(q.rows, &fakeRow{Row: r, state: "waiting", due: due})
}

// lock begins a call, which fails as planned or where its context has ended.
func (q *fakeQueue) lock(ctx context.Context, method string) (func(), error) {
	q.mu.Lock()
	err := cmp.Or(q.failing[method], ctx.Err())
	delete(q.failing, method)
	return q.mu.Unlock, err
}

func (q *fakeQueue) row(id string) *fakeRow {
	i := slices.IndexFunc(q.rows, func(r *fakeRow) bool { return r.ID == id })
	return q.rows[i]
}

func (q *fakeQueue) Claim(ctx context.Context, now, until time.Time, limit int) ([]Row, error) {
	unlock, err := q.lock(ctx, "Claim")
	defer unlock()
	var due []Row
	for _, r := range q.rows {
		if r.state == "waiting" && !r.due.After(now) && len(due) < limit {
			r.due = until
			due = append(due, r.Row)
		}
	}
	return due, err
}

func (q *fakeQueue) Sent(ctx context.Context, id string, now time.Time) error {
	unlock, err := q.lock(ctx, "Sent")
	defer unlock()
	if err == nil {
		r := q.row(id)
		r.state, r.ended = "sent", now
	}
	return err
}

func (q *fakeQueue) Split(ctx context.Context, id string, now time.Time, parts []Row) error {
	unlock, err := q.lock(ctx, "Split")
	defer unlock()
	if err == nil {
		r := q.row(id)
		r.state, r.ended = "sent", now
		for _, p := range parts {
			q.add(p, now)
		}
	}
	return err
}

func (q *fakeQueue) Retry(ctx context.Context, id, fault string, next time.Time) error {
	unlock, err := q.lock(ctx, "Retry")
	defer unlock()
	r := q.row(id)
	r.Attempts, r.fault, r.due = r.Attempts+1, fault, next
	return err
}

func (q *fakeQueue) GiveUp(ctx context.Context, id, fault string, now time.Time) error {
	unlock, err := q.lock(ctx, "GiveUp")
	defer unlock()
	r := q.row(id)
	r.Attempts, r.fault, r.state, r.ended = r.Attempts+1, fault, "given up", now
	return err
}

func (q *fakeQueue) Next(ctx context.Context) (time.Time, error) {
	unlock, err := q.lock(ctx, "Next")
	defer unlock()
	var next time.Time
	for _, r := range q.rows {
		if r.state == "waiting" && (next.IsZero() || r.due.Before(next)) {
			next = r.due
		}
	}
	return next, err
}

func (q *fakeQueue) HasOld(ctx context.Context, before time.Time) (bool, error) {
	unlock, err := q.lock(ctx, "HasOld")
	defer unlock()
	return slices.ContainsFunc(q.rows, func(r *fakeRow) bool { return !r.ended.IsZero() && r.ended.Before(before) }), err
}

func (q *fakeQueue) Forget(ctx context.Context, before time.Time, limit int) error {
	unlock, err := q.lock(ctx, "Forget")
	defer unlock()
	if err == nil {
		q.rows = slices.DeleteFunc(q.rows, func(r *fakeRow) bool {
			old := !r.ended.IsZero() && r.ended.Before(before) && limit > 0
			if old {
				limit--
			}
			return old
		})
	}
	return err
}

// states lists key and state of all rows, for comparison.
func (q *fakeQueue) states() string {
	var all []string
	for _, r := range q.rows {
		all = append(all, r.Key+" "+r.state)
	}
	return strings.Join(all, ", ")
}

// fakeDirectory is the plainly fictional customer Acme: ana and bob ask for
// leave, mia and noor decide.
type fakeDirectory struct {
	people   map[string]Person
	requests map[string]Request
	deciders []string
	known    bool   // those who lead may know that an absence is sickness
	callee   string // address of a program that is told
	tokens   int
	told     []string // to other customers
	digest   Digest   // what is told of 2 March
	weighing Weighing
	ending   []string // who is told that a bureau's admission ends
	reopened time.Time
}

func acme() *fakeDirectory {
	day := calendar.MustParse
	return &fakeDirectory{
		people: map[string]Person{
			"ana":  {ID: "ana", Name: "Ana Example", Mail: "ana@acme.example", Locale: "en"},
			"bob":  {ID: "bob", Name: "Bob Voorbeeld", Mail: "bob@acme.example", Locale: "nl"},
			"mia":  {ID: "mia", Name: "Mia Manager", Mail: "mia@acme.example"},
			"noor": {ID: "noor", Name: "Noor Manager", Mail: "noor@acme.example", Locale: "nl"},
		},
		requests: map[string]Request{
			"r1": {ID: "r1", Person: "ana", From: day("2026-04-06"), To: day("2026-04-10"), Type: "Holiday", Pending: true},
			"c1": {ID: "c1", Person: "ana", From: day("2026-03-07"), To: day("2026-03-07"), Type: "Time off in lieu", Claim: "overtime", Amount: exact.Int(150), InMinutes: true, Percent: 150, Pending: true},
			"n1": {ID: "n1", From: day("2026-06-30"), To: day("2026-06-30"), Type: "Holiday", Claim: "notice", Amount: exact.Int(3)},
			"r3": {ID: "r3", Person: "ana", From: day("2026-05-04"), To: day("2026-05-08"), Substitute: "bob"},
			"r2": {ID: "r2", Person: "bob", From: day("2026-04-07"), To: day("2026-04-07"), First: calendar.MorningHalf, Pending: true},
		},
		deciders: []string{"mia", "noor"},
		digest: Digest{Range: calendar.Range{From: day("2026-03-02"), To: day("2026-03-09")},
			Away: []Away{{Name: "Zoe Example", From: day("2026-03-02"), To: day("2026-03-02"), First: calendar.MorningHalf, Type: "Holiday", Pending: true}},
			Soon: []Away{{Name: "Yan Example", From: day("2026-03-05"), To: day("2026-03-20"), Partly: true}}},
		ending: []string{"ana", "bob"},
	}
}

func (d *fakeDirectory) Site(context.Context) (Site, error) {
	return Site{ID: "acme", Name: "Acme", URL: "https://acme.example:8443", Locale: "en",
		From: mail.Address{Address: "leave@acme.example"}}, nil
}

func (d *fakeDirectory) Person(_ context.Context, id string) (Person, error) {
	if p, ok := d.people[id]; ok {
		return p, nil
	}
	return Person{}, errs.New(errs.NotFound, "")
}

func (d *fakeDirectory) Request(_ context.Context, id string) (Request, error) {
	if r, ok := d.requests[id]; ok {
		return r, nil
	}
	return Request{}, errs.New(errs.NotFound, "")
}

func (d *fakeDirectory) Deciders(context.Context, string) ([]string, error) {
	return slices.Clone(d.deciders), nil
}

// Weigh tells the manager mia alone.
func (d *fakeDirectory) Weigh(_ context.Context, _, decider string) (Weighing, error) {
	if decider != "mia" {
		return Weighing{}, nil
	}
	return d.weighing, nil
}

// Settle does nothing.
func (d *fakeDirectory) Settle(context.Context, string) error { return nil }

// StandsIn: everybody does for ana.
func (d *fakeDirectory) StandsIn(_ context.Context, _, person string) (bool, error) {
	return person == "ana", nil
}

func (d *fakeDirectory) Line(_ context.Context, id string) (Line, error) {
	x := Line{Date: calendar.MustParse("2026-01-05"), Type: "Holiday", Amount: exact.Int(2), Reason: "Agreed on joining",
		Until: calendar.MustParse("2026-06-30"), Left: []Left{{Year: 2026, Amount: exact.New(25, 2)}}}
	switch id {
	case "l1":
	case "l2":
		x.Amount, x.Reason, x.Back = x.Amount.Neg(), "A mistake", true
	case "l3":
		x = Line{Date: x.Date}
	default:
		return x, errs.New(errs.NotFound, "")
	}
	return x, nil
}

func (d *fakeDirectory) Sick(_ context.Context, report string) (Sick, error) {
	s := Sick{Person: "ana", From: calendar.MustParse("2026-03-02"), Known: d.known, Leaders: d.deciders}
	switch report {
	case "s1":
		s.Expected = calendar.MustParse("2026-03-09")
	case "s2":
		s.To = calendar.MustParse("2026-03-06")
	default:
		return s, errs.New(errs.NotFound, "")
	}
	return s, nil
}

func (d *fakeDirectory) Tell(_ context.Context, kind string, payload []byte) error {
	d.told = append(d.told, kind+" "+string(payload))
	return nil
}

func (d *fakeDirectory) Ending(context.Context, string) ([]string, error) {
	return slices.Clone(d.ending), nil
}

// MakeDigests has nothing to make.
func (d *fakeDirectory) Reopened(_ context.Context, announced time.Time) (bool, error) {
	return announced.Before(d.reopened), nil
}

func (d *fakeDirectory) MakeDigests(context.Context) error { return nil }

// Digest is that of a Monday in March; of no other day there is anything to tell.
func (d *fakeDirectory) Digest(_ context.Context, _, day string) (Digest, error) {
	if day != "2026-03-02" {
		return Digest{}, nil
	}
	return d.digest, nil
}

// Account makes another token each time, as identity does.
func (d *fakeDirectory) Call(_ context.Context, _ string, payload []byte) (Call, error) {
	if d.callee == "" {
		return Call{}, errs.New(errs.NotFound, "")
	}
	return Call{URL: d.callee, Form: url.Values{"logout_token": {string(payload)}}}, nil
}

func (d *fakeDirectory) Account(ctx context.Context, kind string, payload []byte) (Account, error) {
	var note struct {
		Person string `json:"person"`
	}
	if err := json.Unmarshal(payload, &note); err != nil {
		return Account{}, err
	}
	p, err := d.Person(ctx, note.Person)
	if err != nil || kind != "identity.invited" && kind != "identity.reset" {
		return Account{Person: p, At: start}, err
	}
	d.tokens++
	return Account{Person: p, Token: fmt.Sprint("secret", d.tokens), Expires: start.Add(time.Hour)}, nil
}

// flaky is a transport that fails for some recipients.
type flaky struct {
	Memory
	mu   sync.Mutex
	fail map[string]error // by address
}

// mend makes it work for everybody.
func (f *flaky) mend() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = nil
}

var errDown = errors.New("connection refused")

func (f *flaky) Send(ctx context.Context, m Message) error {
	f.mu.Lock()
	err := f.fail[m.To.Address]
	f.mu.Unlock()
	if err != nil {
		return err
	}
	return f.Memory.Send(ctx, m)
}

func (f *flaky) recipients() string {
	var all []string
	for _, m := range f.Messages() {
		all = append(all, m.To.Address)
	}
	return strings.Join(all, " ")
}

func drain(t *testing.T, m *Mailer, q Queue, d Directory) Report {
	t.Helper()
	r, err := m.Drain(t.Context(), q, d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
