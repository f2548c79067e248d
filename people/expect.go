// SPDX-License-Identifier: Apache-2.0

package people

import (
	"context"

	"verlof/errs"
)

type expectKey struct{}

type expectation struct {
	revision int64
	missed   func()
}

// Expecting returns a context in which a change of what Tx.Revision counts is made
// only while the revision is still this one. Else the change reports Conflict, and
// missed is called: whoever read before they changed can read again.
func Expecting(ctx context.Context, revision int64, missed func()) context.Context {
	return context.WithValue(ctx, expectKey{}, expectation{revision, missed})
}

// Expected reports Conflict where ctx expects another revision. It is asked inside
// the transaction that changes, once it holds the lock, with which the revision has
// grown by one.
func Expected(ctx context.Context, tx interface{ Revision() (int64, error) }) error {
	e, ok := ctx.Value(expectKey{}).(expectation)
	if !ok {
		return nil
	}
	now, err := tx.Revision()
	if err == nil && now != e.revision+1 {
		err = Missed(ctx)
	}
	return err
}

// Missed is for a change of what Tx.Revision does not count, which is no longer as whoever changes it read it: it
// reports Conflict, and tells them where they can read again.
func Missed(ctx context.Context) error {
	if e, ok := ctx.Value(expectKey{}).(expectation); ok {
		e.missed()
	}
	return errs.New(errs.Conflict, "")
}

// Revision returns a number that changes with anything that seldom changes: see Tx.
func (s *Service) Revision(ctx context.Context) (int64, error) {
	var n int64
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		n, err = tx.Revision()
		return err
	})
	return n, err
}
