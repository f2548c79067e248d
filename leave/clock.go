// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"
	"encoding/json"
	"fmt"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/id"
	"verlof/people"
)

// ByClock is in which capacity nobody decided: there was no answer in the time that
// the type gives (Type.AnswerDays), so the leave stands as it was asked for.
const ByClock Capacity = "clock"

// answerBy returns the last day for an answer to a request; zero where its type sets
// none, or none is due any more. The day of asking does not count.
func (c *scene) answerBy(r *Request) calendar.Date {
	t, ok := c.book.Type(r.Type)
	if !ok || t.AnswerDays == 0 || r.State != Pending {
		return 0
	}
	return c.org.Today(r.Person, micros(r.AskedAt)).AddDays(t.AnswerDays)
}

// overdue reports whether the day for an answer has passed.
func (c *scene) overdue(r *Request) bool {
	by := c.answerBy(r)
	return !by.IsZero() && by < c.todayOf(r.Person)
}

// stands reports whether the clock has decided a request: the day for an answer has
// passed, and there is as much leave as it costs. Else those who decide still do.
func (c *scene) stands(r *Request) (bool, error) {
	if !c.overdue(r) {
		return false, nil
	}
	frozen := *r
	err := c.freeze(&frozen)
	if errs.Is(err, errs.Conflict) {
		return false, nil
	}
	return err == nil, err
}

// Settle approves a request whose time for an answer has passed, in nobody's name, and
// has both sides told. It does nothing to any other, so it may be called as often as
// one likes. What has come to be more than there is waits on, for the clock or for those
// who decide: the law has nothing stand to which there is no right.
func (s *Service) Settle(ctx context.Context, request string) error {
	err := s.Store.Update(ctx, func(tx Tx) error {
		c, err := s.unnamed(tx)
		if err != nil {
			return err
		}
		r, err := c.Request(request)
		if err != nil || !c.overdue(&r) {
			return err
		}
		if err := c.LockPerson(r.Person); err != nil {
			return err
		}
		if r, err = c.Request(request); err != nil || !c.overdue(&r) {
			return err
		}
		return c.end(c.approveByClock(&r))
	})
	if errs.Is(err, errs.Conflict) || errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("settle request %s: %w", request, err)
	}
	return nil
}

func (c *scene) approveByClock(r *Request) error {
	h, err := c.handle(r)
	if err != nil {
		return err
	}
	r.State, r.DecidedAt = Approved, c.s.at()
	if err := c.freeze(r); err != nil {
		return err
	}
	d := Decision{ID: id.New(c.s.Now()), Request: r.ID, Step: h.Now, As: ByClock, Approved: true, At: r.DecidedAt}
	if err := c.InsertDecision(d); err != nil {
		return err
	}
	if err := c.takePlace(r); err != nil {
		return err
	}
	if err := c.UpdateRequest(*r); err != nil {
		return err
	}
	if err := c.follow(r); err != nil {
		return err
	}
	return enqueue(c, KindByClock, r, people.ID(""))
}

// wind has the clock of a new request strike on the day after the last for an answer.
func (c *scene) wind(r *Request) error {
	by := c.answerBy(r)
	if by.IsZero() {
		return nil
	}
	payload, err := json.Marshal(Event{Request: r.ID, Person: r.Person})
	if err != nil {
		return err
	}
	return c.EnqueueAt(KindClock, KindClock+":"+r.ID, payload, c.org.Begin(r.Person, by.AddDays(1)).UnixMicro())
}

// SettleAll is Settle for every request that waits: for whatever a clock that nobody
// heard has decided.
func (s *Service) SettleAll(ctx context.Context) error {
	var late []string
	err := s.watch(ctx, func(c *scene) error {
		late = nil
		all, err := c.PendingRoutes()
		for i := range all {
			if c.overdue(&all[i]) {
				late = append(late, all[i].ID)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range late {
		if err := s.Settle(ctx, id); err != nil {
			return err
		}
	}
	return nil
}
