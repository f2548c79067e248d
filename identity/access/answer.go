// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"fmt"
	"time"

	"verlof/errs"
)

// AnswerLife is how long an answer is kept for a request that is sent again.
const AnswerLife = 24 * time.Hour

// Answer is what a caller was told to a request with an idempotency key. Until
// Status is set the request is being answered, or never was: its process ended.
type Answer struct {
	Caller  string // whose key it is
	Key     string
	Request string // fingerprint of what was asked
	Status  int    // 0: not answered yet
	Header  string // JSON of the header fields that are kept
	Body    []byte
	Expires time.Time
}

// Begin notes that a request with a key is about to be done. Where it was done
// before, it returns the answer of then and true. It reports Invalid where the key
// came with another request, and Conflict where the first one has no answer yet.
func (s *Service) Begin(ctx context.Context, caller, key, request string) (Answer, bool, error) {
	now := s.now()
	fresh := Answer{Caller: caller, Key: key, Request: request, Expires: now.Add(AnswerLife)}
	var old Answer
	err := s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.Lock("answer:" + caller + ":" + key); err != nil {
			return err
		}
		if err := tx.ForgetAccess(now, 32); err != nil {
			return err
		}
		var err error
		old, err = tx.Answer(caller, key)
		if err == nil && !now.Before(old.Expires) {
			old, err = Answer{}, tx.DeleteAnswer(caller, key)
			if err == nil {
				err = errs.New(errs.NotFound, "")
			}
		}
		if errs.Is(err, errs.NotFound) {
			old = Answer{}
			return tx.InsertAnswer(fresh)
		}
		return err
	})
	switch {
	case err != nil:
		return Answer{}, false, fmt.Errorf("begin a request with a key: %w", err)
	case old.Caller == "":
		return fresh, false, nil
	case old.Request != request:
		return Answer{}, false, errs.New(errs.Invalid, "access.error.key_reused").At("Idempotency-Key")
	case old.Status == 0:
		return Answer{}, false, errs.New(errs.Conflict, "access.error.in_flight")
	}
	return old, true, nil
}

// Finish keeps an answer for its caller.
func (s *Service) Finish(ctx context.Context, a Answer) error {
	if err := s.Store.Update(ctx, func(tx Tx) error { return tx.SaveAnswer(a) }); err != nil {
		return fmt.Errorf("keep an answer: %w", err)
	}
	return nil
}

// Abandon forgets that a request began: nothing was done, and it may be sent again.
func (s *Service) Abandon(ctx context.Context, caller, key string) error {
	if err := s.Store.Update(ctx, func(tx Tx) error { return tx.DeleteAnswer(caller, key) }); err != nil {
		return fmt.Errorf("abandon a request with a key: %w", err)
	}
	return nil
}
