// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"verlof/internal/order"
	"verlof/store"
)

// InOrder puts customers in the order in which they are seen to when all must be: who is in
// service waits for nobody, then those whose importance is the highest number, then those that
// were used last.
func InOrder(rows []store.TenantRow) {
	states := []store.State{store.StateActive, store.StateReadOnly, store.StateMoving, store.StateQuarantined, store.StateSuspended, store.StateClosed}
	order.By(rows, func(a, b store.TenantRow) int {
		return cmp.Or(cmp.Compare(slices.Index(states, a.State), slices.Index(states, b.State)), cmp.Compare(importance(b), importance(a)), b.Used.Compare(a.Used))
	})
}

// useEvery is how exactly it is kept when customers were last used.
const useEvery = time.Hour

// usage is when a customer was last used, and what the registry was told of that.
type usage struct{ seen, kept time.Time }

// seen notes that people or a program came to a customer.
func (d *Directory) seen(id string) {
	now := d.clock()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.usage == nil {
		d.usage = map[string]usage{}
	}
	d.usage[id] = usage{now, d.usage[id].kept}
}

// KeepUse has the registry, and so its copy, know which customers were used lately, to the hour.
func (d *Directory) KeepUse(ctx context.Context) error {
	fresh := map[string]time.Time{}
	d.mu.Lock()
	for id, u := range d.usage {
		if u.seen.Sub(u.kept) >= useEvery {
			fresh[id] = u.seen
		}
	}
	d.mu.Unlock()
	if len(fresh) == 0 {
		return nil
	}
	if err := d.registry.SetUsed(ctx, fresh); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, at := range fresh {
		d.usage[id] = usage{d.usage[id].seen, at}
	}
	return nil
}

// importance returns a customer's number, 0 where nobody gave it one.
func importance(row store.TenantRow) int {
	k, err := TermsOf(row)
	if err != nil {
		return 0
	}
	return k.Rank
}

// SetImportance says how important a customer is: of two in the same state the one with the
// higher number is brought back first. It reports NotFound.
func (d *Directory) SetImportance(ctx context.Context, slug string, n int, w Why) error {
	return d.keep(ctx, slug, "importance", strconv.Itoa(n), w, func(_ *store.TenantRow, k *Terms) error {
		k.Rank = n
		return nil
	}, store.StateActive, store.StateReadOnly, store.StateMoving, store.StateQuarantined, store.StateSuspended)
}
