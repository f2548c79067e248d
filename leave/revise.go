// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"
	"slices"

	"verlof/errs"
	"verlof/people"
)

// A request that waits is revised by asking anew in its place: Request.Revises. One transaction
// ends the one before as withdrawn and has the new one wait. It is decided from the first step
// on: who agreed to other days has not agreed to these. What a revised request would have taken
// the place of the new one would.

// KindRevised is the kind of the outbox row about a request that was asked in place of another
// which waited, and KindUnasked of one for somebody whom the other was put to and this one is not.
const (
	KindRevised = "leave.revised"
	KindUnasked = "leave.unasked"
)

// revise reads the request that the ask is to revise, and leaves it out of the facts. It reports
// Conflict where that does not wait any more, and Forbidden for those who may not take it back.
func (h *hearing) revise() error {
	if h.ask.Revises == "" {
		return nil
	}
	c := h.scene
	r, err := c.request(h.ask.Revises)
	if err != nil {
		return err
	}
	if r.Person != h.ask.Person {
		return errNoRequest
	}
	if err := c.noLonger(&r); err != nil {
		return err
	}
	if !c.mayRevise(&r) {
		return errs.New(errs.Forbidden, "leave.error.may_not_change")
	}
	h.before, h.facts, h.ask.Replaces = &r, without(h.facts, r.ID), r.Replaces
	return nil
}

// mayRevise reports whether the viewer may ask for something else in place of a request that
// waits: whoever may take it back, and may ask for the person.
func (c *scene) mayRevise(r *Request) bool { return c.mayWithdraw(r) && c.viewer.MayAskFor(r.Person) }

// noLonger says why a request does not wait any more: nil where it does.
func (c *scene) noLonger(r *Request) error {
	stands, err := c.stands(r)
	if err != nil || r.State == Pending && !stands {
		return err
	}
	next, err := c.revisedBy(r)
	switch {
	case err != nil:
		return err
	case next.ID != "":
		return errs.New(errs.Conflict, "leave.error.revised")
	}
	return errs.New(errs.Conflict, "leave.error.decided")
}

// revisedBy returns the request that was asked in place of one that waited; zero where none was.
func (c *scene) revisedBy(r *Request) (Request, error) {
	if r.State != Withdrawn {
		return Request{}, nil
	}
	all, err := c.RequestsOf(r.Person)
	if i := slices.IndexFunc(all, func(q Request) bool { return q.Revises == r.ID }); i >= 0 {
		return all[i], err
	}
	return Request{}, err
}

// changesNothing refuses what is asked for already, or granted.
func (h *hearing) changesNothing() error {
	if b := h.before; b != nil && b.Span == h.ask.Span && b.Type == h.ask.Type {
		if r := h.request(); r.Note == b.Note && r.Covered() == b.Covered() {
			return errs.New(errs.Conflict, "leave.error.no_revision").At("from")
		}
	}
	if h.old != nil && h.old.Span == h.ask.Span {
		return errs.New(errs.Conflict, "leave.error.no_change").At("from")
	}
	return nil
}

// given returns the ids of the requests whose place the ask is to take, for what counts who is away.
func (h *hearing) given() []string {
	if h.before != nil {
		return []string{h.before.ID, h.ask.Replaces}
	}
	return []string{h.ask.Replaces}
}

// endRevised takes the request back that next was asked in place of, and returns whom it was put to.
func (h *hearing) endRevised(next *Request) (asked []people.ID, err error) {
	if h.before == nil {
		return nil, nil
	}
	c, r := h.scene, *h.before
	was, err := c.handle(&r)
	if err != nil {
		return nil, err
	}
	if !was.Held {
		asked = was.Waits().Asked()
	}
	r.State, r.DecidedBy, r.DecidedAt = Withdrawn, c.viewer.ID, next.AskedAt
	if err := c.freeSubstitute(&r, next); err != nil {
		return nil, err
	}
	return asked, c.UpdateRequest(r)
}

// tellUnasked tells those whom a request was put to that it is not any more, unless the one in its
// place is put to them.
func (h *hearing) tellUnasked(asked []people.ID, next *Request) error {
	if len(asked) == 0 {
		return nil
	}
	c := h.scene
	now, err := c.handle(next)
	if err != nil {
		return err
	}
	for _, id := range asked {
		if next.State == Pending && slices.Contains(now.Waits().Asked(), id) || id == c.viewer.ID {
			continue
		}
		if err := put(c.Tx, KindUnasked, KindUnasked+":"+h.before.ID+":"+string(id), Event{Request: h.before.ID, Person: next.Person, By: c.viewer.ID, To: id}); err != nil {
			return err
		}
	}
	return nil
}

// asking is the kind of the outbox row about a request that begins to wait.
func (r *Request) asking() string {
	if r.Revises != "" {
		return KindRevised
	}
	return KindRequested
}

// settleRevised has the clock decide first on what is to be revised.
func (s *Service) settleRevised(ctx context.Context, ask *Ask) error {
	if ask.Revises == "" {
		return nil
	}
	return s.Settle(ctx, ask.Revises)
}

// was returns the request that r was asked in place of, with what it would have cost; zero where there
// is none, or none any more. Its id is empty where the viewer may not open it.
func (c *scene) was(r *Request) (Request, error) {
	if r.Revises == "" {
		return Request{}, nil
	}
	old, err := c.Request(r.Revises)
	if errs.Is(err, errs.NotFound) {
		return Request{}, nil
	}
	if err != nil {
		return Request{}, err
	}
	if _, err := c.request(old.ID); errs.Is(err, errs.NotFound) {
		old.ID = ""
	}
	return old, nil
}
