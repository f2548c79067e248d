// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"verlof/errs"
	"verlof/internal/order"
	"verlof/people"
)

// Kinds of the outbox rows about substitutes; the payload is an Event. To is the
// substitute, where the row is for them.
const (
	KindSubstituteAsked    = "leave.substitute_asked"    // named, and asked to agree
	KindSubstituteAgreed   = "leave.substitute_agreed"   // for the person
	KindSubstituteDeclined = "leave.substitute_declined" // for the person, and those who decide where the leave is approved
	KindSubstituteSure     = "leave.substitute_sure"     // the leave is approved
	KindSubstituteFree     = "leave.substitute_free"     // there is nothing to do any more
)

// SubstituteChoice returns those whom by may name as the substitute of a person, by
// name, and of each what by may see. It reports NotFound for a person for whom by may not ask.
func (s *Service) SubstituteChoice(ctx context.Context, by, person people.ID) ([]people.Person, error) {
	var out []people.Person
	err := s.view(ctx, by, func(c *scene) error {
		if c.org.Records[person] == nil || !c.viewer.MayAskFor(person) {
			return errs.New(errs.NotFound, "people.error.no_person")
		}
		for _, id := range c.candidates(person) {
			out = append(out, c.viewer.Seen(c.org.Person(id)))
		}
		return nil
	})
	return out, err
}

// Duties returns the work that by was named to do for others and that is not over:
// what waits for an answer first, then by date. What by declined is not in it.
func (s *Service) Duties(ctx context.Context, by people.ID) ([]Duty, error) {
	var out []Duty
	err := s.view(ctx, by, func(c *scene) error {
		all, err := c.SubstituteRequests(by, c.today)
		out = nil
		for i := range all {
			if all[i].Covered() == by {
				out = append(out, c.duty(&all[i]))
			}
		}
		return err
	})
	order.By(out, func(a, b Duty) int {
		return cmp.Or(cmp.Compare(a.Answer, b.Answer), cmp.Compare(a.From, b.From), cmp.Compare(a.Request, b.Request))
	})
	return out, err
}

// unansweredDuties returns for how much work the viewer has still to say whether they do it.
func (c *scene) unansweredDuties() (n int, err error) {
	if !c.book.substitutes() {
		return 0, nil
	}
	all, err := c.SubstituteRequests(c.viewer.ID, c.today)
	for i := range all {
		if all[i].Substitute().Answer == Unanswered {
			n++
		}
	}
	return n, err
}

// NameSubstitute names another substitute for leave that is not over, or, with an empty
// id and where the type lets it be, nobody any more. Whoever may ask for the person may. It
// reports Invalid at the field substitute for somebody who cannot be it, and Conflict where
// the leave does not stand, or is over.
func (s *Service) NameSubstitute(ctx context.Context, by people.ID, request string, substitute people.ID) error {
	mine := func(c *scene) (Request, error) {
		r, err := c.request(request)
		if err == nil && !c.viewer.MayAskFor(r.Person) {
			err = errs.New(errs.Forbidden, "leave.error.may_not_change")
		}
		return r, err
	}
	return s.arrange(ctx, by, request, mine, func(c *scene, r *Request) error {
		if r.Covered() == substitute && r.Substitute().Answer != Declined {
			return nil
		}
		t, _ := c.book.Type(r.Type)
		if err := c.checkSubstitute(&t, r.Person, r.Span, substitute); err != nil {
			return err
		}
		if err := c.tellSubstitute(KindSubstituteFree, r); err != nil {
			return err
		}
		r.Substitutes = append(r.Substitutes, Substitute{Person: substitute, By: by, At: s.at()})
		kind := KindSubstituteAsked
		if r.State == Approved {
			kind = KindSubstituteSure
		}
		return c.tellSubstitute(kind, r)
	})
}

// AnswerSubstitute says whether by, who was named, does the work of somebody on leave.
// Who declines says why, and whoever has agreed may still decline; the person then names
// another. It reports NotFound for leave for which by is not the substitute, and Conflict
// where by has answered so, the leave does not stand, or is over.
func (s *Service) AnswerSubstitute(ctx context.Context, by people.ID, request string, agree bool, note string) error {
	note = strings.TrimSpace(note)
	switch {
	case !agree && note == "":
		return refusal(errs.Invalid, "reason", "leave.error.reason_missing")
	case len([]rune(note)) > MaxNote:
		return refusal(errs.Invalid, "reason", "leave.error.note_too_long", "count", MaxNote)
	}
	named := func(c *scene) (Request, error) {
		r, err := c.Request(request)
		if errs.Is(err, errs.NotFound) || err == nil && r.Substitute().Person != by {
			return Request{}, errNoRequest
		}
		return r, err
	}
	return s.arrange(ctx, by, request, named, func(c *scene, r *Request) error {
		x := &r.Substitutes[len(r.Substitutes)-1]
		if x.Answer == Declined || agree && x.Answer == Agreed {
			return errs.New(errs.Conflict, "leave.error.substitute_answered")
		}
		kind := KindSubstituteDeclined
		x.Answer, x.Note, x.AnsweredAt = Declined, note, s.at()
		if agree {
			x.Answer, kind = Agreed, KindSubstituteAgreed
		}
		return c.enqueueSubstitute(kind, r, Event{Request: r.ID, Person: r.Person, By: by})
	})
}

// arrange reads a request as by may, under its person's lock, lets f change who does the
// work meanwhile, and puts the request to those who decide where nothing holds it any more.
func (s *Service) arrange(ctx context.Context, by people.ID, id string, read func(*scene) (Request, error), f func(*scene, *Request) error) error {
	if err := s.Settle(ctx, id); err != nil {
		return err
	}
	err := s.update(ctx, by, func(c *scene) error {
		r, err := read(c)
		if err != nil {
			return err
		}
		if err := c.LockPerson(r.Person); err != nil {
			return err
		}
		if r, err = read(c); err != nil { // again, now that nobody else can change it
			return err
		}
		if !r.State.Counts() || r.To < c.todayOf(r.Person) {
			return errs.New(errs.Conflict, "leave.error.substitute_late")
		}
		if err := f(c, &r); err != nil {
			return err
		}
		if err := c.UpdateRequest(r); err != nil || r.State != Pending || c.book.held(&r) {
			return err
		}
		if err := c.follow(&r); err != nil {
			return err
		}
		return enqueue(c, r.asking(), &r, r.AskedBy) // once, whatever held it in between
	})
	if err != nil {
		return fmt.Errorf("substitute of request %s: %w", id, err)
	}
	return nil
}

// tellSubstitute has the one who does the work of r told; nobody where nobody does.
func (c *scene) tellSubstitute(kind string, r *Request) error {
	to := r.Covered()
	if to == "" {
		return nil
	}
	return c.enqueueSubstitute(kind, r, Event{Request: r.ID, Person: r.Person, By: c.viewer.ID, To: to})
}

// enqueueSubstitute writes an outbox row about the substitute named last: one of a kind for
// each who was.
func (c *scene) enqueueSubstitute(kind string, r *Request, e Event) error {
	return put(c.Tx, kind, fmt.Sprintf("%s:%s:%d", kind, r.ID, len(r.Substitutes)), e)
}

// freeSubstitute has the one who did the work of r told that there is nothing to do any
// more, unless they do it for the leave that takes its place.
func (c *scene) freeSubstitute(r, next *Request) error {
	if next != nil && next.Covered() == r.Covered() {
		return nil
	}
	return c.tellSubstitute(KindSubstituteFree, r)
}
