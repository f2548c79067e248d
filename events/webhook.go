// SPDX-License-Identifier: Apache-2.0

package events

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"verlof/errs"
	"verlof/internal/id"
	"verlof/people"
)

// Webhook is an address of the customer's to which events are sent.
type Webhook struct {
	ID          string
	URL         string
	Description string
	Types       Filter // which events; empty: all but those of sickness, which are chosen by name
	Secret      Secret // signs what is sent
	Older       Secret // signs beside it until Until, while the receiver changes over; empty: none
	Until       time.Time
	State       HookState
	Failing     time.Time // since when nothing has arrived; zero: the last try arrived
	MadeBy      people.ID
	Made        time.Time
}

// HookState is whether events are sent to a webhook.
type HookState string

// The states.
const (
	HookOn     HookState = "on"
	HookOff    HookState = "off"    // by somebody
	HookBroken HookState = "broken" // nothing arrived for PatienceWith, or the receiver said that it is gone
)

// What there may be at most, and for how long.
const (
	mostWebhooks = 20
	maxAddress   = 500
	maxWords     = 200
	changeOver   = 24 * time.Hour // an older secret goes on signing
)

// Wants reports whether events of a type are sent to h.
func (h Webhook) Wants(typ string) bool {
	return h.State == HookOn && h.hears(typ)
}

// hears reports whether h is for events of a type, on or not.
func (h Webhook) hears(typ string) bool {
	return h.Types.Takes(typ) && (len(h.Types) > 0 || !ofSickness(typ))
}

// OpenTo reports Forbidden for those who may not follow sickness where h hears of it: they may
// end that, and have nothing sent.
func (h Webhook) OpenTo(v people.Viewer) error {
	if h.Types.ofSickness() {
		return mayHearOfSickness(v)
	}
	return nil
}

func mayHearOfSickness(v people.Viewer) error {
	if v.Has(people.FollowSickness) {
		return nil
	}
	return errs.New(errs.Forbidden, "events.error.sickness")
}

// Wish is what a webhook is to be.
type Wish struct {
	URL         string
	Description string
	Types       Filter
	Off         bool
	Seen        *Webhook // the webhook as they saw it who change it; nil: as it is
}

// sameAs reports whether two states of a webhook hold the same of what is wished.
func (h *Webhook) sameAs(o *Webhook) bool {
	return h.URL == o.URL && h.Description == o.Description && slices.Equal(h.Types, o.Types) && (h.State == HookOff) == (o.State == HookOff)
}

// may returns who somebody is, or Forbidden for those who do not keep the programs.
func (s *Service) may(ctx context.Context, by people.ID) (people.Viewer, error) {
	org, err := s.People.Organisation(ctx)
	if err != nil {
		return people.Viewer{}, err
	}
	v, err := org.Viewer(by)
	if err == nil {
		err = v.Need(people.KeepSignIn)
	}
	return v, err
}

// Webhooks returns the customer's webhooks, oldest first, without their secrets. It
// reports Forbidden for anybody but those who keep the programs; so does
// everything about webhooks, and for those who may not follow sickness what has something sent
// to a webhook that hears of it.
func (s *Service) Webhooks(ctx context.Context, by people.ID) (list []Webhook, err error) {
	if _, err := s.may(ctx, by); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx Tx) error {
		list, err = tx.Webhooks()
		return err
	})
	for i := range list {
		list[i].Secret, list[i].Older = "", ""
	}
	return list, err
}

// Webhook returns one of them.
func (s *Service) Webhook(ctx context.Context, by people.ID, hook string) (Webhook, error) {
	list, err := s.Webhooks(ctx, by)
	if err != nil {
		return Webhook{}, err
	}
	for _, h := range list {
		if h.ID == hook {
			return h, nil
		}
	}
	return Webhook{}, errNoWebhook
}

var errNoWebhook = errs.New(errs.NotFound, "events.error.no_webhook")

// Add makes a webhook, which hears of what happens from now on, and returns it with its secret, which is told this once. It reports
// Invalid, with the field, and Conflict where there are as many as there may be.
func (s *Service) Add(ctx context.Context, by people.ID, w Wish) (Webhook, error) {
	v, err := s.may(ctx, by)
	if err != nil {
		return Webhook{}, err
	}
	if err := s.check(w, v); err != nil {
		return Webhook{}, err
	}
	h := Webhook{ID: id.New(s.now()), Secret: NewSecret(), MadeBy: by, Made: s.now()}
	s.fill(&h, w)
	if err := s.number(ctx); err != nil { // what happened before is none of its
		return Webhook{}, err
	}
	err = s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.Lock("webhooks"); err != nil { // they are counted
			return err
		}
		list, err := tx.Webhooks()
		if err != nil {
			return err
		}
		if len(list) >= mostWebhooks {
			return errs.New(errs.Conflict, "events.error.too_many", "count", mostWebhooks)
		}
		return tx.SaveWebhook(h)
	})
	return h, err
}

// Save changes a webhook. One that was broken or off and is to be on starts anew: what
// happened meanwhile is sent only by Replay.
func (s *Service) Save(ctx context.Context, by people.ID, hook string, w Wish) error {
	v, err := s.may(ctx, by)
	if err != nil {
		return err
	}
	was, err := s.Webhook(ctx, by, hook)
	if err != nil {
		return err
	}
	if err := s.check(w, v); err != nil {
		return err
	}
	if was.State != HookOn && !w.Off { // what happened meanwhile is none of its
		if err := s.number(ctx); err != nil {
			return err
		}
	}
	return s.change(ctx, hook, func(tx Tx, h *Webhook) error {
		if w.Seen != nil && !w.Seen.sameAs(h) {
			return people.Missed(ctx)
		}
		s.fill(h, w)
		if h.State == HookOff {
			return tx.EndDeliveries(h.ID, s.now())
		}
		return nil
	})
}

// Rotate gives a webhook a new secret and returns it. What is sent within a day is signed
// with the older one too, so that the receiver can change over.
func (s *Service) Rotate(ctx context.Context, by people.ID, hook string) (Secret, error) {
	v, err := s.may(ctx, by)
	if err != nil {
		return "", err
	}
	fresh := NewSecret()
	err = s.change(ctx, hook, func(_ Tx, h *Webhook) error {
		if err := h.OpenTo(v); err != nil {
			return err
		}
		h.Older, h.Until, h.Secret = h.Secret, s.now().Add(changeOver), fresh
		return nil
	})
	if err != nil {
		return "", err
	}
	return fresh, nil
}

// Delete removes a webhook; nothing more is sent to it.
func (s *Service) Delete(ctx context.Context, by people.ID, hook string) error {
	if _, err := s.may(ctx, by); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		if _, err := webhook(tx, hook); err != nil {
			return err
		}
		return tx.DeleteWebhook(hook)
	})
}

// change changes one webhook, as it is now.
func (s *Service) change(ctx context.Context, hook string, f func(Tx, *Webhook) error) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		h, err := webhook(tx, hook)
		if err != nil {
			return err
		}
		if err := f(tx, &h); err != nil {
			return err
		}
		return tx.SaveWebhook(h)
	})
}

// webhook returns a webhook that nobody else changes before the transaction ends.
func webhook(tx Tx, hook string) (Webhook, error) {
	if err := tx.LockWebhook(hook); err != nil {
		return Webhook{}, err
	}
	h, err := tx.Webhook(hook)
	return h, noWebhook(err)
}

func noWebhook(err error) error {
	if errs.Is(err, errs.NotFound) {
		return errNoWebhook
	}
	return err
}

// check reports what is wrong with a wish of somebody.
func (s *Service) check(w Wish, by people.Viewer) error {
	if err := s.checkURL(w.URL); err != nil {
		return err
	}
	if len([]rune(strings.TrimSpace(w.Description))) > maxWords {
		return errs.New(errs.Invalid, "events.error.words", "count", maxWords).At("description")
	}
	if one, bad := w.Types.unknown(); bad {
		return errs.New(errs.Invalid, "events.error.type", "type", one).At("types")
	}
	if err := (Webhook{Types: w.Types}).OpenTo(by); err != nil {
		return errs.As(err).At("types")
	}
	return nil
}

// fill puts a wish into h.
func (s *Service) fill(h *Webhook, w Wish) {
	h.URL, h.Description, h.Types = w.URL, strings.TrimSpace(w.Description), w.Types
	switch {
	case w.Off:
		h.State, h.Failing = HookOff, time.Time{}
	case h.State != HookOn:
		h.State, h.Failing = HookOn, time.Time{}
	}
}

// checkURL takes addresses that are reached over TLS, without a user in them. Whether the
// machine behind a name may be called is looked at when it is called.
func (s *Service) checkURL(address string) error {
	u, err := url.Parse(address)
	secure := err == nil && (u.Scheme == "https" || s.Plain && u.Scheme == "http")
	if !secure || len(address) > maxAddress || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return errs.New(errs.Invalid, "events.error.url").At("url")
	}
	return nil
}

// KindBroken is the kind of outbox row that tells a system manager of a webhook at which
// nothing arrives any more.
const KindBroken = "webhook.broken"

// keepers are the active persons who keep the programs.
func keepers(org *people.Organisation) (list []people.ID) {
	for _, id := range org.Order {
		if v, err := org.Viewer(id); err == nil && org.Person(id).Active && v.Has(people.KeepSignIn) {
			list = append(list, id)
		}
	}
	return list
}

// tellBroken has those who keep the programs told of a broken webhook.
func (s *Service) tellBroken(tx Tx, h Webhook, org *people.Organisation, now time.Time) error {
	for _, m := range keepers(org) {
		payload, err := json.Marshal(map[string]string{"request": h.ID, "person": string(m), "to": string(m)})
		if err != nil {
			return err
		}
		key := KindBroken + ":" + h.ID + ":" + string(m) + ":" + strconv.FormatInt(now.UnixMicro(), 10)
		if err := tx.Enqueue(KindBroken, key, payload); err != nil {
			return err
		}
	}
	return nil
}
