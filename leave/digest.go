// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"
	"fmt"
	"slices"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/people"
)

// Cadence is how often somebody gets a digest: a mail that says who is away.
type Cadence string

// The cadences. A digest comes on days on which its reader works.
const (
	NoDigest     Cadence = "never"
	DailyDigest  Cadence = "daily"  // on each of them: who is away that day, or will be soon
	WeeklyDigest Cadence = "weekly" // on the first of them in a week: who is away in what is left of it
)

// Circle is of whom a digest tells.
type Circle string

// The circles.
const (
	DigestTeams Circle = "teams" // the members of the teams that its reader belongs to
	DigestLed   Circle = "led"   // the members of those that its reader leads
)

// The times of the day, where its reader works, from which and until which a digest is made.
const (
	DigestFrom  calendar.Clock = 7 * 60
	digestUntil calendar.Clock = 12 * 60
)

// KindDigest is the outbox row of one digest; its Event names the reader, and the day as Request. KindDigests is the
// row that strikes when the next one is to be made.
const (
	KindDigest  = "leave.digest"
	KindDigests = "leave.digests"
)

// Digest is which digest somebody wants.
type Digest struct {
	Person people.ID
	Every  Cadence // not NoDigest: who wants none has no Digest
	Of     Circle
	Told   calendar.Date // the last day for which one was made, or that was told already when they chose it
}

// DigestTx is what digests need of a transaction.
type DigestTx interface {
	Digests() ([]Digest, error)                               // everybody's, by id
	Digest(id people.ID) (Digest, error)                      // NotFound where the person wants none
	SaveDigest(d Digest) error                                // a new one, or of one that is there all but Told
	DeleteDigest(id people.ID) error                          // nothing where there is none
	Enqueued(key string) (bool, error)                        // whether the outbox holds a row with a key, be it ended
	ForgetEnded(key string) error                             // takes a row that has ended out of the outbox
	TellDigest(id people.ID, day calendar.Date) (bool, error) // sets Told to a later day; false where it is that far already
}

// DigestChoice is what somebody chose, and what there is to choose.
type DigestChoice struct {
	Every   Cadence
	Of      Circle
	Circles []Circle // that they have; of none there is nothing to tell
}

// Digest returns what by chose.
func (s *Service) Digest(ctx context.Context, by people.ID) (DigestChoice, error) {
	var out DigestChoice
	err := s.view(ctx, by, func(c *scene) error {
		out = DigestChoice{Every: NoDigest, Circles: c.circles()}
		d, err := c.Digest(by)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		out.Every, out.Of = d.Every, d.Of
		return err
	})
	return out, err
}

// ChooseDigest has by told who is away from now on: so often, and of whom. It reports Invalid at "every" for a
// cadence that there is not, and at "of" for a circle that by does not have.
func (s *Service) ChooseDigest(ctx context.Context, by people.ID, every Cadence, of Circle) error {
	err := s.update(ctx, by, func(c *scene) error {
		var f people.Faults
		switch every {
		case NoDigest:
			return c.DeleteDigest(by)
		case DailyDigest, WeeklyDigest:
		default:
			f.Add("every", "leave.error.not_listed")
		}
		if !slices.Contains(c.circles(), of) {
			f.Add("of", "leave.error.not_listed")
		}
		if err := f.Err(); err != nil {
			return err
		}
		told := c.today
		if s.Now().Before(c.org.At(by, c.today, DigestFrom)) { // today's is still to be made
			told = told.AddDays(-1)
		}
		if err := c.SaveDigest(Digest{Person: by, Every: every, Of: of, Told: told}); err != nil {
			return err
		}
		return c.makeDigests()
	})
	if err != nil {
		return fmt.Errorf("choose digest of %s: %w", by, err)
	}
	return nil
}

// circles are those that the viewer has. Nobody of a bureau has any: they work elsewhere.
func (c *scene) circles() []Circle {
	var out []Circle
	if c.org.Records[c.viewer.ID] == nil {
		return nil
	}
	for _, x := range []Circle{DigestTeams, DigestLed} {
		if len(c.teamsOf(x)) > 0 {
			out = append(out, x)
		}
	}
	return out
}

// teamsOf returns the ids of the teams of a circle of the viewer's.
func (c *scene) teamsOf(x Circle) []string {
	if x == DigestLed {
		return c.viewer.TeamsLed
	}
	return c.viewer.TeamsIn
}

// MakeDigests has everybody told who is away whose digest is due, once for a day, and sees to it that the clock
// strikes when the next ones are. It may be called as often as one likes, and by several processes. What was not
// made by noon, where its reader works, is not made any more that day. Where somebody works here no more, it ends their digest.
func (s *Service) MakeDigests(ctx context.Context) error {
	idle := false
	err := s.watch(ctx, func(c *scene) error {
		r, err := c.round()
		if err != nil || len(r.due)+len(r.over) > 0 {
			return err
		}
		idle = r.next.IsZero()
		if !idle {
			idle, err = c.Enqueued(strikes(r.next))
		}
		return err
	})
	if err == nil && !idle {
		err = s.Store.Update(ctx, func(tx Tx) error {
			c, err := s.unnamed(tx)
			if err != nil {
				return err
			}
			return c.end(c.makeDigests())
		})
	}
	if err != nil {
		return fmt.Errorf("make digests: %w", err)
	}
	return nil
}

// makeDigests does what there is to do about digests.
func (c *scene) makeDigests() error {
	r, err := c.round()
	if err != nil {
		return err
	}
	for _, id := range r.over {
		if err := c.DeleteDigest(id); err != nil {
			return err
		}
	}
	for i := range r.due {
		if err := c.makeDigest(&r.due[i]); err != nil {
			return err
		}
	}
	if r.next.IsZero() {
		return nil
	}
	if err := c.ForgetEnded(strikes(r.next.AddDate(0, 0, -2))); err != nil { // that of yesterday, where the next is tomorrow's
		return err
	}
	return c.EnqueueAt(KindDigests, strikes(r.next), []byte("{}"), r.next.UnixMicro())
}

// makeDigest has one reader told of today. The outbox keeps one digest of each: the one before has ended.
func (c *scene) makeDigest(d *Digest) error {
	day := c.todayOf(d.Person)
	if first, err := c.TellDigest(d.Person, day); err != nil || !first {
		return err
	}
	if err := c.ForgetEnded(digestKey(d.Person, d.Told)); err != nil {
		return err
	}
	return EnqueueDigest(c, d.Person, day)
}

// EnqueueDigest writes the outbox row of a person's digest of a day, once.
func EnqueueDigest(tx Tx, id people.ID, day calendar.Date) error {
	return put(tx, KindDigest, digestKey(id, day), Event{Person: id, Request: day.String()})
}

// digestKey is the key of that row.
func digestKey(id people.ID, day calendar.Date) string {
	return fmt.Sprintf("%s:%s:%s", KindDigest, id, day)
}

// strikes is the key of the row that strikes at an instant.
func strikes(at time.Time) string { return fmt.Sprintf("%s:%d", KindDigests, at.UnixMicro()) }

// round is what there is to do about digests at a moment.
type round struct {
	due  []Digest    // that are to be made now
	over []people.ID // who had one and works here no more
	next time.Time   // when more may be due; zero: nobody wants any
}

func (c *scene) round() (r round, err error) {
	all, err := c.Digests()
	for i := range all {
		d := &all[i]
		today, rec := c.todayOf(d.Person), c.org.Records[d.Person]
		if rec == nil || !rec.Person.Active || rec.Left(today) {
			r.over = append(r.over, d.Person)
			continue
		}
		due, next, err := c.dueDigest(d, today)
		if err != nil {
			return r, err
		}
		if due {
			r.due = append(r.due, *d)
		}
		if r.next.IsZero() || next.Before(r.next) {
			r.next = next
		}
	}
	return r, err
}

// dueDigest reports whether a digest is to be made now, and when the next one may be.
func (c *scene) dueDigest(d *Digest, today calendar.Date) (due bool, next time.Time, err error) {
	at := func(day calendar.Date, t calendar.Clock) time.Time { return c.org.At(d.Person, day, t) }
	now := c.s.Now()
	if next = at(today, DigestFrom); now.Before(next) {
		return false, next, nil
	}
	next = at(today.AddDays(1), DigestFrom)
	if !d.wants(today) || !now.Before(at(today, digestUntil)) {
		return false, next, nil
	}
	due, err = c.atWork(d.Person, today)
	return due, next, err
}

// wants reports whether the reader of a digest is still to be told on a day, if they work on it.
func (d *Digest) wants(day calendar.Date) bool {
	if d.Every == WeeklyDigest {
		return d.Told < day.Monday()
	}
	return d.Told < day
}

// atWork reports whether a person works for some of a day: by their pattern, less public holidays, approved leave
// and sickness.
func (c *scene) atWork(id people.ID, day calendar.Date) (bool, error) {
	w, _, ok := c.book.Workday(&Facts{Record: *c.org.Records[id]}, day)
	if !ok || w.Minutes() == 0 {
		return false, nil
	}
	requests, err := c.RequestsOfIn(id, calendar.Range{From: day, To: day})
	if err != nil {
		return false, err
	}
	left := w.Minutes()
	for i := range requests {
		if requests[i].State == Approved {
			left -= w.Of(requests[i].On(day))
		}
	}
	if left <= 0 {
		return false, nil
	}
	until, err := c.sickUntil(id, day)
	return until.IsZero(), err
}
