// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"verlof/errs"
	"verlof/internal/id"
	"verlof/people"
)

// rehearsals is how often a change is rehearsed while others book. Where the rules changed
// each time, everybody waits until it is made.
const rehearsals = 3

var (
	// errRehearsed ends a transaction of which nothing is to be kept.
	errRehearsed = errors.New("rehearsed")
	// errMany ends one in which more people would have to be weighed than others may wait for.
	errMany = errors.New("many people to weigh")
)

// Foresee returns what a change would do, and changes nothing. It reports Forbidden for
// those who make no such changes, and what the change itself would report.
func (s *Service) Foresee(ctx context.Context, by people.ID, ch Change) (Forecast, error) {
	var out Forecast
	err := s.rehearse(ctx, by, ch, func(_ *scene, w *weighing) error {
		out = w.forecast()
		return errRehearsed
	})
	if !errors.Is(err, errRehearsed) {
		return Forecast{}, fmt.Errorf("foresee a change: %w", err)
	}
	out.Saved = ""
	return out, nil
}

// Apply makes a change and keeps it on record with its reason and what it did. What
// changes nobody's leave is made at once. For all else it wants a reason, and the mark of
// a forecast that still holds: it reports Invalid at the field "reason" without one, and
// Conflict at "mark" where nothing was foreseen, or something else; then nothing changes,
// and the forecast returned is what would.
func (s *Service) Apply(ctx context.Context, by people.ID, ch Change, ok Consent) (Forecast, error) {
	ok.Reason = strings.TrimSpace(ok.Reason)
	var out Forecast
	err := s.rehearse(ctx, by, ch, func(c *scene, w *weighing) error {
		out = w.forecast()
		if out.Concerns() {
			if err := ok.check(&out); err != nil {
				return err
			}
		}
		if err := c.correct(w.requests()); err != nil || !out.Touches {
			return err
		}
		entry := out.entry(id.New(s.Now()), s.at(), by, ok.Reason)
		if err := c.InsertChange(entry); err != nil || !ok.Tell {
			return err
		}
		return c.tellChanged(entry.ID, out.Effects)
	})
	if err != nil {
		return out, fmt.Errorf("make a change: %w", err)
	}
	return out, nil
}

// correct writes the corrections of approved requests.
func (c *scene) correct(requests []Request) error {
	for _, r := range requests {
		whole, err := c.Request(r.ID)
		if err != nil {
			return err
		}
		whole.Corrections = r.Corrections
		if err := c.UpdateRequest(whole); err != nil {
			return err
		}
	}
	return nil
}

// check refuses what was not looked at, or has no reason.
func (ok Consent) check(f *Forecast) error {
	switch {
	case ok.Mark == "":
		return errs.New(errs.Conflict, "leave.error.change_unseen").At("mark")
	case ok.Mark != f.Mark():
		return errs.New(errs.Conflict, "leave.error.change_moved").At("mark")
	case ok.Reason == "":
		return errs.New(errs.Invalid, "leave.error.change_reason").At("reason")
	case len([]rune(ok.Reason)) > MaxNote:
		return errs.New(errs.Invalid, "leave.error.note_too_long", "count", MaxNote).At("reason")
	}
	return nil
}

// rehearse makes a change within a write transaction, in which then learns what it does to
// whom and decides whether it is kept. Where many people have to be weighed, what was made is
// undone first, they are weighed while others book, and it is made once more: whose leave has
// changed meanwhile is weighed again, so that what then learns is true when it is called.
func (s *Service) rehearse(ctx context.Context, by people.ID, ch Change, then func(*scene, *weighing) error) error {
	var last *weighing // what was weighed while others booked
	for n := 1; ; n++ {
		var w *weighing
		err := s.keepBy(ctx, by, ch.Kind.need, func(c *scene) (err error) {
			if w, err = c.make(ctx, ch, last); err != nil {
				return err
			}
			if n > rehearsals || !w.many() {
				err = w.finish(c)
			} else if w.sight, err = c.Sight(); err == nil {
				err = errMany
			}
			if err != nil {
				return err
			}
			return then(c, w)
		})
		if !errors.Is(err, errMany) {
			return err
		}
		err = s.view(ctx, by, func(c *scene) error {
			if c.revision != w.base {
				return nil // other rules hold: what was rehearsed is not what will be made
			}
			return w.weigh(c, w.unweighed())
		})
		if err != nil {
			return err
		}
		last = w
	}
}

// make makes a change within c's transaction, which holds the lock of the organisation, and
// returns what is to be weighed. It keeps what holds still of last, an earlier rehearsal of the
// same change.
func (c *scene) make(ctx context.Context, ch Change, last *weighing) (w *weighing, err error) {
	w = &weighing{base: c.revision - 1, was: c.standing, now: c.s.Now(), head: Forecast{Kind: ch.Kind, Today: c.today}}
	if w.head.Words, err = ch.words(c); err != nil {
		return nil, err
	}
	if w.fixed, err = c.AllFixed(); err != nil {
		return nil, err
	}
	if w.head.Saved, err = ch.make(ctx, c.viewer.ID, c.inside()); err != nil {
		return nil, err
	}
	if w.fixes, err = c.AllFixed(); err != nil {
		return nil, err
	}
	if last != nil && last.base == w.base { // the same change by the same rules
		w.is = last.is
		err = w.keep(c, last)
	} else {
		w.is, err = c.unknowing().leave.standing(c.Tx)
	}
	if err == nil {
		w.who = w.touched()
		w.head.Touches, w.head.Made = len(w.who) > 0 || w.rulesDiffer(), w.made()
	}
	return w, err
}
