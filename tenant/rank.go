// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"verlof/store"
)

// InOrder puts customers in the order in which they are seen to when all must be: who is in
// service waits for nobody, then those whose importance is the highest number.
func InOrder(rows []store.TenantRow) {
	states := []store.State{store.StateActive, store.StateReadOnly, store.StateMoving, store.StateQuarantined, store.StateSuspended, store.StateClosed}
	slices.SortStableFunc(rows, func(a, b store.TenantRow) int {
		return cmp.Or(cmp.Compare(slices.Index(states, a.State), slices.Index(states, b.State)), cmp.Compare(importance(b), importance(a)))
	})
}

// importance returns a customer's number, 0 where nobody gave it one.
func importance(row store.TenantRow) int {
	k, err := keptOf(row)
	if err != nil {
		return 0
	}
	return k.Rank
}

// SetImportance says how important a customer is: of two in the same state the one with the
// higher number is brought back first. It reports NotFound.
func (d *Directory) SetImportance(ctx context.Context, slug string, n int, w Why) error {
	return d.keep(ctx, slug, "importance", strconv.Itoa(n), w, func(_ *store.TenantRow, k *kept) error {
		k.Rank = n
		return nil
	}, store.StateActive, store.StateReadOnly, store.StateMoving, store.StateQuarantined, store.StateSuspended)
}
