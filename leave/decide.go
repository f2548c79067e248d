// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"
	"fmt"
	"strings"

	"verlof/errs"
	"verlof/people"
)

// Approve agrees with a pending request at the step that waits. At the last step
// that grants it, and writes down what each of its days costs. It reports Forbidden
// if by may not decide at that step, and Conflict if the request is decided already
// or what it costs has come to be more than there is.
func (s *Service) Approve(ctx context.Context, by people.ID, id, note string) error {
	return s.decide(ctx, by, id, Approved, note)
}

// Refuse turns a pending request down, at whatever step. The reason is required: it
// is what the person will read. Errors are those of Approve.
func (s *Service) Refuse(ctx context.Context, by people.ID, id, reason string) error {
	return s.decide(ctx, by, id, Refused, reason)
}

// DecideAll decides several requests, each for itself: one that cannot be
// decided does not hold up the others.
func (s *Service) DecideAll(ctx context.Context, by people.ID, ids []string, approve bool, reason string) ([]Outcome, error) {
	if len(ids) == 0 {
		return nil, errs.New(errs.Invalid, "leave.error.none_chosen").At("request")
	}
	to := Refused
	if approve {
		to = Approved
	}
	var out []Outcome
	for _, id := range ids {
		err := s.decide(ctx, by, id, to, reason)
		if errs.Is(err, errs.Internal) || errs.Is(err, errs.Unavailable) {
			return out, err
		}
		out = append(out, Outcome{ID: id, Err: err})
	}
	return out, nil
}

func (s *Service) decide(ctx context.Context, by people.ID, id string, to State, reason string) error {
	reason = strings.TrimSpace(reason)
	switch {
	case to == Refused && reason == "":
		return errs.New(errs.Invalid, "leave.error.reason_missing").At("reason")
	case len([]rune(reason)) > MaxNote:
		return errs.New(errs.Invalid, "leave.error.note_too_long", "count", MaxNote).At("reason")
	}
	err := s.change(ctx, by, id, func(c *scene, r *Request) (string, error) { return c.decide(r, to, reason) })
	if err != nil {
		return fmt.Errorf("decide request %s: %w", id, err)
	}
	return nil
}

// decide writes down what the viewer decides at the step that waits, and what comes
// of it for the request. It returns what happened; nothing while others have still
// to decide.
func (c *scene) decide(r *Request, to State, reason string) (kind string, err error) {
	if err := c.noLonger(r); err != nil {
		return "", err
	}
	h, err := c.handle(r)
	if err != nil {
		return "", err
	}
	if !h.MayDecide {
		return "", errs.New(errs.Forbidden, "leave.error.may_not_decide")
	}
	if to == Approved && h.Held {
		return "", errs.New(errs.Conflict, "leave.error.substitute_waits")
	}
	if err := c.record(r, &h, to == Approved, reason); err != nil {
		return "", err
	}
	if to == Refused {
		r.State, r.Reason = Refused, reason
		return KindRefused, nil
	}
	was := h.Now
	if h, err = c.handle(r); err != nil { // with what was just decided
		return "", err
	}
	if h.waits() {
		return "", c.forward(r, &h, was)
	}
	r.State, r.Reason = Approved, reason
	if err := c.freeze(r); err != nil {
		return "", err
	}
	if err := c.takePlace(r); err != nil {
		return "", err
	}
	return KindApproved, c.follow(r)
}

// freeze writes down what each day of r costs as things stand now, and refuses
// where that has come to be more than there is, or no longer work.
func (c *scene) freeze(r *Request) error {
	f, err := c.factsToAsk(r.Person)
	if err != nil {
		return err
	}
	t, ok := c.book.Type(r.Type)
	if !ok {
		return errs.New(errs.Conflict, "leave.error.no_type")
	}
	r.Charges, _ = c.book.Count(f, t, r.Span)
	if len(r.Charges) == 0 {
		return errs.New(errs.Conflict, "leave.error.nothing")
	}
	frozen := *r
	frozen.State = Approved
	return c.book.overdrawn(aside(f, r), t, frozen)
}

// forward puts a request to the next step, and has those told who decide there. A
// step that others have still to decide on was put to them before.
func (c *scene) forward(r *Request, h *Handling, was int) error {
	if h.Now == was {
		return nil
	}
	if err := c.follow(r); err != nil {
		return err
	}
	return put(c.Tx, KindForwarded, fmt.Sprintf("%s:%s:%d", KindForwarded, r.ID, h.Now), Event{Request: r.ID, Person: r.Person, By: c.viewer.ID})
}

// change reads a request under its person's lock, lets f change it, writes it
// and tells of what f says has happened.
func (s *Service) change(ctx context.Context, by people.ID, id string, f func(*scene, *Request) (kind string, err error)) error {
	if err := s.Settle(ctx, id); err != nil { // what the clock has decided nobody else decides
		return err
	}
	return s.update(ctx, by, func(c *scene) error {
		r, err := c.request(id)
		if err != nil {
			return err
		}
		if err := c.LockPerson(r.Person); err != nil {
			return err
		}
		if r, err = c.request(id); err != nil { // again, now that nobody else can change it
			return err
		}
		kind, err := f(c, &r)
		if err != nil {
			return err
		}
		if kind == "" {
			return nil
		}
		r.DecidedBy, r.DecidedAt = by, s.at()
		if err := c.UpdateRequest(r); err != nil {
			return err
		}
		if !r.State.Counts() {
			if err := c.freeSubstitute(&r, nil); err != nil {
				return err
			}
		}
		return enqueue(c, kind, &r, by)
	})
}

// Withdraw takes back a request that nobody has decided yet. It reports
// Forbidden unless by asked for it or it is theirs, and Conflict if it is
// decided already.
func (s *Service) Withdraw(ctx context.Context, by people.ID, id string) error {
	err := s.change(ctx, by, id, func(c *scene, r *Request) (string, error) {
		if err := c.noLonger(r); err != nil {
			return "", err
		}
		if !c.mayWithdraw(r) {
			return "", errs.New(errs.Forbidden, "leave.error.may_not_withdraw")
		}
		r.State = Withdrawn
		return KindWithdrawn, nil
	})
	if err != nil {
		return fmt.Errorf("withdraw request %s: %w", id, err)
	}
	return nil
}

// Cancel takes back approved leave: the person until the day it begins, those
// who decide for the person at any time. It reports Forbidden or Conflict
// otherwise.
func (s *Service) Cancel(ctx context.Context, by people.ID, id, reason string) error {
	reason = strings.TrimSpace(reason)
	if len([]rune(reason)) > MaxNote {
		return errs.New(errs.Invalid, "leave.error.note_too_long", "count", MaxNote).At("reason")
	}
	err := s.change(ctx, by, id, func(c *scene, r *Request) (string, error) {
		if r.State != Approved {
			return "", errs.New(errs.Conflict, "leave.error.not_approved")
		}
		if !c.mayCancel(r) {
			return "", errs.New(errs.Forbidden, "leave.error.may_not_cancel")
		}
		r.State, r.Reason = Cancelled, reason
		return KindCancelled, c.dropChange(r)
	})
	if err != nil {
		return fmt.Errorf("cancel request %s: %w", id, err)
	}
	return nil
}
