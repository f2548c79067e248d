// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"verlof/errs"
)

// MaxAttempts is how often a row is tried before it is given up: with Backoff,
// for about fourteen and a half hours.
const MaxAttempts = 12

// claimed is how many rows one claim takes, and lease how long it holds them: a
// claim's worth of messages that all time out must fit in it.
const (
	claimed = 8
	lease   = (claimed + 2) * sendTimeout
)

// Kept is how long a row stays after it ended. Till then nothing of the same key is sent again; what is written anew so
// long after is about something that is still so, and is looked at before it is sent as every row is.
const Kept = 90 * 24 * time.Hour

// Rows of a day are forgotten together, and not a few with each drain: tidyAfter is how much longer than Kept they may
// lie. forgotten is how many one drain takes at most, so that what gathered over years holds up no mail.
const (
	tidyAfter = 24 * time.Hour
	forgotten = 500
)

// Backoff returns how long to wait after the given number of failed attempts:
// 30 seconds after the first, twice as long after each, at most six hours.
func Backoff(attempts int) time.Duration {
	const first, longest = 30 * time.Second, 6 * time.Hour
	if attempts > 10 {
		return longest
	}
	return min(first<<max(attempts-1, 0), longest)
}

// Mailer sends what outboxes hold.
type Mailer struct {
	Transport Transport
	Caller    Caller // nil: programs of others are told nothing
	Now       func() time.Time
}

// Report is what became of the rows of one drain.
type Report struct {
	Sent    int       // mails handed to the transport
	Failed  int       // mails that will be tried again
	GaveUp  int       // rows that will not
	Next    time.Time // when the first row that waits is due; zero: none waits
	Problem error     // the last failure of a mail, for the log
}

// Drain sends everything that is due, oldest first, and returns when nothing is
// due any more. A mail that fails is put off and holds up no other. The error is
// the queue's own or the context's: a failed mail is in the report, not in the
// error. A row is marked after it was sent, so a crash between the two sends it
// again; about leave it is the same message with the same Message-ID.
func (m *Mailer) Drain(ctx context.Context, q Queue, dir Directory) (Report, error) {
	var r Report
	for {
		now := m.Now()
		rows, err := q.Claim(ctx, now, now.Add(lease), claimed)
		if err != nil {
			return r, fmt.Errorf("claim outbox rows: %w", err)
		}
		if len(rows) == 0 {
			if err := forget(ctx, q, now); err != nil {
				return r, fmt.Errorf("forget outbox rows: %w", err)
			}
			r.Next, err = q.Next(ctx)
			return r, err
		}
		for _, row := range rows {
			if err := ctx.Err(); err != nil {
				return r, err
			}
			if err := m.settle(ctx, q, dir, row, &r); err != nil {
				return r, fmt.Errorf("outbox row %s: %w", row.ID, err)
			}
		}
	}
}

// forget takes away what ended long ago, some of it. Where no changes are taken it stays until they are.
func forget(ctx context.Context, q Queue, now time.Time) error {
	old, err := q.HasOld(ctx, now.Add(-Kept-tidyAfter))
	if err != nil || !old {
		return err
	}
	if err := q.Forget(ctx, now.Add(-Kept), forgotten); !errs.Is(err, errs.Unavailable) {
		return err
	}
	return nil
}

// settle sends one row and marks what became of it.
func (m *Mailer) settle(ctx context.Context, q Queue, dir Directory, row Row, r *Report) error {
	var parts []Row
	var sent int
	err := errs.Caught(func() (err error) { // a letter that cannot be written holds up no other
		parts, sent, err = m.send(ctx, dir, row)
		return err
	})
	if err != nil && ctx.Err() != nil {
		return ctx.Err() // we are stopping; the lease brings the row back
	}
	ctx = context.WithoutCancel(ctx) // what was sent is marked, stopping or not
	now := m.Now()
	switch {
	case err != nil && (hopeless(err) || row.Attempts+1 >= MaxAttempts):
		r.GaveUp++
		r.Problem = fmt.Errorf("outbox row %s given up: %w", row.ID, err)
		return q.GiveUp(ctx, row.ID, summary(err), now)
	case err != nil:
		r.Failed++
		r.Problem = fmt.Errorf("outbox row %s: %w", row.ID, err)
		return q.Retry(ctx, row.ID, summary(err), now.Add(Backoff(row.Attempts+1)))
	case len(parts) > 0:
		return q.Split(ctx, row.ID, now, parts)
	}
	r.Sent += sent
	return q.Sent(ctx, row.ID, now)
}

// summary returns what is kept of an error beside the row: its first line, without a stack.
func summary(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// hopeless reports whether no repetition can mend err: the message cannot be
// sent, or what it is about is gone.
func hopeless(err error) bool { return errs.Is(err, errs.Invalid) || errs.Is(err, errs.NotFound) }

// send sends the mail of a row and returns how many left. A row for several
// people sends nothing: it returns a part for each of them, so that one failing
// recipient repeats nobody else's mail.
func (m *Mailer) send(ctx context.Context, dir Directory, row Row) (parts []Row, sent int, err error) {
	if calls[row.Kind] {
		sent, err = m.call(ctx, dir, row)
		return nil, sent, err
	}
	if tells[row.Kind] {
		return nil, 0, dir.Tell(ctx, row.Kind, row.Payload)
	}
	k, known := kinds[row.Kind]
	if !known {
		return nil, 0, unsendable("no mail is made of %q", row.Kind)
	}
	if k.to == nil {
		sent, err = m.sendAccount(ctx, dir, k, row)
		return nil, sent, err
	}
	var e Event
	if err := json.Unmarshal(row.Payload, &e); err != nil {
		return nil, 0, unsendable("payload is not an event")
	}
	ids, err := recipients(ctx, dir, k, e)
	if err != nil || len(ids) == 0 {
		return nil, 0, err
	}
	if len(ids) > 1 {
		parts, err = split(row, e, ids)
		return parts, 0, err
	}
	sent, err = m.sendLeave(ctx, dir, k, row, e, ids[0])
	return nil, sent, err
}

func split(row Row, e Event, ids []string) ([]Row, error) {
	var parts []Row
	for _, id := range ids {
		part := e
		part.To = id
		payload, err := json.Marshal(part)
		if err != nil {
			return nil, err
		}
		parts = append(parts, Row{Key: partKey(row, e, id), Kind: row.Kind, Payload: payload, At: row.At})
	}
	return parts, nil
}

// sendLeave sends the mail about leave to one person, if they have an address.
func (m *Mailer) sendLeave(ctx context.Context, dir Directory, k kind, row Row, e Event, id string) (int, error) {
	site, err := dir.Site(ctx)
	if err != nil {
		return 0, fmt.Errorf("site: %w", err)
	}
	to, err := dir.Person(ctx, id)
	if err != nil {
		return 0, fmt.Errorf("person %s: %w", id, err)
	}
	if to.Mail == "" {
		return 0, nil
	}
	w, err := desk{dir, site}.about(ctx, k, e, to)
	if err != nil {
		return 0, err
	}
	return m.post(ctx, letterhead(site, row, to), w, partKey(row, e, id))
}

// sendAccount sends the mail about an account, if there still is one to send. A
// link has a new secret each time, which voids the last, so a second copy is
// another message and its key says so: a mailbox that hides a Message-ID it has
// seen would otherwise hide the link that works.
func (m *Mailer) sendAccount(ctx context.Context, dir Directory, k kind, row Row) (int, error) {
	site, err := dir.Site(ctx)
	if err != nil {
		return 0, fmt.Errorf("site: %w", err)
	}
	a, err := dir.Account(ctx, row.Kind, row.Payload)
	if errs.Is(err, errs.NotFound) || err == nil && a.Person.Mail == "" {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("account: %w", err)
	}
	w := desk{dir, site}.account(k, a, m.Now())
	return m.post(ctx, letterhead(site, row, a.Person), w, row.Key+"/"+a.Person.ID+"/"+a.Token)
}

// post hands a letter to the transport and returns that one mail left.
func (m *Mailer) post(ctx context.Context, msg Message, w letter, key string) (int, error) {
	if err := msg.fill(ctx, w, key); err != nil {
		return 0, fmt.Errorf("render: %w", err)
	}
	if err := m.Transport.Send(ctx, msg); err != nil {
		return 0, err
	}
	return 1, nil
}
