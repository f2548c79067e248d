// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"testing"
	"time"

	"verlof/store"
)

// TestInOrder puts who is in service first, then who is important, then who was there last.
func TestInOrder(t *testing.T) {
	rows := []store.TenantRow{
		{Slug: "closed", State: store.StateClosed, Settings: `{"rank":9}`}, {Slug: "plain", State: store.StateActive},
		{Slug: "suspended", State: store.StateSuspended, Settings: `{"rank":9}`}, {Slug: "low", State: store.StateActive, Settings: `{"rank":-1}`},
		{Slug: "high", State: store.StateActive, Settings: `{"rank":5}`}, {Slug: "read-only", State: store.StateReadOnly, Settings: `{"rank":9}`},
		{Slug: "today", State: store.StateActive, Used: time.Unix(2e9, 0)}, {Slug: "last year", State: store.StateActive, Used: time.Unix(1e9, 0)},
	}
	InOrder(rows)
	for i, want := range []string{"high", "today", "last year", "plain", "low", "read-only", "suspended", "closed"} {
		if rows[i].Slug != want {
			t.Errorf("place %d: %s, want %s", i, rows[i].Slug, want)
		}
	}
}
