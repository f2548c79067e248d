// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"context"
	"testing"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/webauthn/webauthntest"
)

// interrupted is a store in which somebody else is done with something just before an update has the
// lock that it asks for, as they may be in PostgreSQL.
type interrupted struct {
	identity.Store
	others func(identity.Tx) error
}

func (s *interrupted) Update(ctx context.Context, f func(identity.Tx) error) error {
	return s.Store.Update(ctx, func(tx identity.Tx) error { return f(&interruptedTx{tx, s}) })
}

type interruptedTx struct {
	identity.Tx
	store *interrupted
}

func (tx *interruptedTx) Lock(names ...string) error {
	others := tx.store.others
	if tx.store.others = nil; others != nil {
		if err := others(tx.Tx); err != nil {
			return err
		}
	}
	return tx.Tx.Lock(names...)
}

// endings are what an administrator does to somebody who is to be out.
var endings = map[string]func(identity.Tx) error{
	"sessions_ended": func(tx identity.Tx) error { return identity.Shut(tx, "ana") },
	"blocked":        blockAna,
}

func blockAna(tx identity.Tx) error {
	a, err := tx.Account("ana")
	if err != nil {
		return err
	}
	a.State = identity.Blocked
	return tx.SaveAccount(a)
}

// TestPasskeyWhileEnded: an answer of a passkey that waits while somebody ends all sessions, or blocks the
// account, opens nothing.
func TestPasskeyWhileEnded(t *testing.T) {
	acts := map[string]func(*house, *webauthntest.Key, identity.Confirmed) func() (identity.Entry, error){
		"second_step": func(h *house, k *webauthntest.Key, _ identity.Confirmed) func() (identity.Entry, error) {
			v := visit(abroad)
			v.Session = h.half(v).Token
			q, err := h.AskForSecond(t.Context(), v)
			h.must(err)
			v.Question = q.Token
			return func() (identity.Entry, error) { return h.SecondWithPasskey(t.Context(), k.Get(q.Options), v) }
		},
		"step_up": func(h *house, k *webauthntest.Key, c identity.Confirmed) func() (identity.Entry, error) {
			v := browser(c.Entry, office)
			q, err := h.AskToStepUp(t.Context(), v)
			h.must(err)
			v.Question = q.Token
			return func() (identity.Entry, error) { return h.StepUpWithPasskey(t.Context(), k.Get(q.Options), v) }
		},
	}
	for act, prepare := range acts {
		for ending, end := range endings {
			t.Run(act+"_"+ending, func(t *testing.T) {
				h := newHouse(t)
				k, c := h.keyring(h.ana(from(office)))
				answer := prepare(h, k, c)
				h.Store = &interrupted{h.store, end}
				_, err := answer()
				refused(t, err, errs.Unauthenticated, "identity.error.signed_out")
			})
		}
	}
}

// TestBlockedIsOut: a session that an account which is blocked has left opens nothing.
func TestBlockedIsOut(t *testing.T) {
	h := newHouse(t)
	e := h.ana(from(office))
	h.signedIn(e.Token, true)
	h.must(h.store.Update(t.Context(), blockAna))
	h.signedIn(e.Token, false)
}
