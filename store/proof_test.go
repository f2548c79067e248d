// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/errs"
	"verlof/identity/openid"
	"verlof/internal/prooftest"
	"verlof/store"
	"verlof/store/storetest"
)

// TestProofOnce: a proof counts once, also where two processes see it at once, and is kept
// for as long as it would be good.
func TestProofOnce(t *testing.T) {
	storetest.AtOnce(t, func(t *testing.T, setting string) {
		r := relies(t, setting, nil)
		use := func(until time.Time) error {
			return r.db.Update(t.Context(), func(tx *store.Tx) error { return tx.UseProof("some digest", until) })
		}
		var took atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				switch err := use(march.Add(time.Hour)); {
				case err == nil:
					took.Add(1)
				case !errs.Is(err, errs.Conflict):
					t.Error(err)
				}
			})
		}
		all.Wait()
		if took.Load() != 1 {
			t.Errorf("it counted %d times", took.Load())
		}
		forget := func(now time.Time) {
			update(t, r.db, func(tx *store.Tx) error { return tx.ForgetGrants(now, 10) })
		}
		forget(march.Add(59 * time.Minute))
		if err := use(march.Add(time.Hour)); !errs.Is(err, errs.Conflict) {
			t.Errorf("before its time it was forgotten: %v", err)
		}
		forget(march.Add(time.Hour))
		if err := use(march.Add(time.Hour)); err != nil {
			t.Errorf("it is kept for longer than it was good: %v", err)
		}
	})
}

// TestClientKeys: the keys of a client come back as they were kept.
func TestClientKeys(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		var lines []string
		for _, algorithm := range []string{"ES256", "PS256"} {
			k, err := prooftest.New(algorithm)
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, k.Line())
		}
		r := relies(t, setting, func(c *openid.Client) { c.Keys = lines })
		c, secrets, err := r.Client(t.Context(), r.keeper, r.client.ID)
		if diff := cmp.Diff(r.client.Keys, c.Keys); err != nil || len(c.Keys) != 2 || diff != "" || len(secrets) != 0 {
			t.Errorf("%v, %d secrets (-want +got)\n%s", err, len(secrets), diff)
		}
	})
}
