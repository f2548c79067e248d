// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"verlof/calendar"
	"verlof/internal/id"
	"verlof/people"
)

// handle returns how far a request has come, and what the viewer may do about it.
func (c *scene) handle(r *Request) (Handling, error) {
	decisions, err := c.Decisions(r.ID)
	if err != nil {
		return Handling{}, err
	}
	return c.handling(r, decisions)
}

func (c *scene) handling(r *Request, decisions []Decision) (Handling, error) {
	desk := c.office()
	h := Handling{Progress: desk.progress(r, decisions), Held: c.book.held(r)}
	h.AnswerBy = c.answerBy(r)
	var err error
	if h.Overdue, err = c.stands(r); err != nil || r.State != Pending || h.Overdue {
		return h, err
	}
	as, absent, ok := desk.capacity(&h.Progress, r, c.viewer.ID)
	if !ok && r.Person != c.viewer.ID && c.viewer.ByRole(people.DecideLeave, r.Person) && !h.decided(c.viewer.ID) {
		as, ok = AsAdministrator, true
	}
	if ok {
		h.MayDecide, h.As, h.For = true, as, c.org.Person(absent)
	}
	return h, nil
}

// route returns who decides on a new request; the zero rule where the usual one
// holds. It takes what the request costs.
func (c *scene) route(r *Request) ApprovalRule {
	rule := c.how.Rule(c.org, r.Person, r.Type, Total(r.Charges, Days))
	if rule.ID == "" {
		return ApprovalRule{}
	}
	return rule
}

// record writes down what the viewer decides at the step that waits. Somebody of
// the next step who decides because this one took too long has decided on both.
func (c *scene) record(r *Request, h *Handling, approved bool, note string) error {
	d := Decision{ID: id.New(c.s.Now()), Request: r.ID, Step: h.Now, By: c.viewer.ID, For: h.For.ID, As: h.As, Approved: approved, Note: note, At: c.s.at()}
	if err := c.InsertDecision(d); err != nil {
		return err
	}
	if h.As != AsNext || !approved || h.Now+1 >= len(h.Stages) {
		return nil
	}
	d.ID, d.Step, d.As = id.New(c.s.Now()), h.Now+1, OwnRight
	return c.InsertDecision(d)
}

// follow has those told who will have to know of r in time: who stands in for a
// person on leave, and whom a step is put to that takes too long.
func (c *scene) follow(r *Request) error {
	if r.State == Approved {
		if err := c.tellSubstitute(KindSubstituteSure, r); err != nil {
			return err
		}
		return c.tellStandIns(r)
	}
	if err := c.wind(r); err != nil || !r.Route.hurries() {
		return err
	}
	h, err := c.handle(r)
	if err != nil || r.State != Pending || h.Waits().Due.IsZero() {
		return err
	}
	payload, err := json.Marshal(Event{Request: r.ID, Person: r.Person})
	if err != nil {
		return err
	}
	key := fmt.Sprintf("%s:%s:%d", KindReminder, r.ID, h.Now)
	return c.EnqueueAt(KindReminder, key, payload, c.org.Begin(r.Person, h.Waits().Due.AddDays(1)).UnixMicro())
}

// waits reports whether somebody has still to decide.
func (p *Progress) waits() bool {
	return slices.ContainsFunc(p.Stages, func(s Stage) bool { return !s.Done })
}

// Asked returns whom a request is put to now, to be told of it: those who decide at
// the step that waits and have not, those who stand in for them, and those who may
// too since it took long. Of a request that was taken back it returns whom it was put
// to until then, at whatever step. Nobody is asked while a substitute is wanted first,
// nor whether they may know.
func (s *Service) Asked(ctx context.Context, request string) ([]people.ID, error) {
	var out []people.ID
	err := s.watch(ctx, func(c *scene) error {
		r, err := c.Request(request)
		if err != nil || r.State != Pending && r.State != Withdrawn {
			return err
		}
		h, err := c.handle(&r)
		switch {
		case err != nil || h.Held:
		case r.State == Withdrawn:
			out = h.reached()
		default:
			out = fewer(h.Waits().Asked(), h.Waits().spoken)
		}
		return err
	})
	return out, err
}

// StandsIn reports whether somebody stands in for another now.
func (s *Service) StandsIn(ctx context.Context, by, person people.ID) (bool, error) {
	in := false
	err := s.watch(ctx, func(c *scene) error {
		in = slices.ContainsFunc(c.office().deputies(person), func(d Deputy) bool { return d.By == by })
		return nil
	})
	return in, err
}

// watch runs f in a read transaction in nobody's name: for what is not shown but
// done, such as choosing who gets a mail.
func (s *Service) watch(ctx context.Context, f func(*scene) error) error {
	return s.Store.View(ctx, func(tx Tx) error {
		c, err := s.unnamed(tx)
		if err != nil {
			return err
		}
		s.known.Store(c.standing)
		return c.end(f(c))
	})
}

// unnamed returns the scene of a transaction in nobody's name.
func (s *Service) unnamed(tx Tx) (*scene, error) {
	known, err := s.standing(tx)
	if err != nil {
		return nil, err
	}
	return &scene{Tx: tx, standing: known, s: s, today: calendar.DateOf(s.Now())}, nil
}

// counted returns the limits that a request which waits goes beyond.
func (c *scene) counted(r *Request) ([]Breach, error) {
	if r.State != Pending {
		return nil, nil
	}
	return c.breaches(r.Person, r.Type, r.Charges, r.ID)
}

// decides reports whether the viewer may be one of those who decide on anything: most
// people are not, and are told so without a look at what waits.
func (c *scene) decides() bool {
	named := func(s Step) bool { return s.Who == Named && s.Person == c.viewer.ID }
	return c.viewer.Decides() ||
		c.standsInForAny() ||
		slices.ContainsFunc(c.how.Rules, func(r ApprovalRule) bool { return slices.ContainsFunc(r.Steps, named) })
}
