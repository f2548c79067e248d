// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"strings"
	"testing"
	"time"

	"verlof/store"
	"verlof/store/storetest"
)

// TestOutboxForgets: of what ended before a moment so many rows go as are asked for, the first that ended first; nothing else
// does. What has the key of one that is there is a repetition, and of one that went none.
func TestOutboxForgets(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db, ctx := storetest.Tenant(t, setting), t.Context()
		o := db.Outbox()
		keys := []string{"first", "second", "given up", "late", "waits"}
		put := func() {
			t.Helper()
			update(t, db, func(tx *store.Tx) error {
				for _, key := range keys {
					if err := tx.Enqueue("some.kind", key, []byte("{}")); err != nil {
						return err
					}
				}
				return nil
			})
		}
		put()
		far := time.Now().Add(time.Hour)
		rows, err := o.Claim(ctx, far, far, 10)
		if err != nil || len(rows) != len(keys) {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		moment := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		for _, r := range rows {
			switch r.Key {
			case "first":
				err = o.End(ctx, r.ID, moment.AddDate(0, 0, -3))
			case "second":
				err = o.End(ctx, r.ID, moment.AddDate(0, 0, -2))
			case "given up":
				err = o.GiveUp(ctx, r.ID, "no such mailbox", moment.AddDate(0, 0, -1))
			case "late":
				err = o.End(ctx, r.ID, moment)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		there := func(want string) {
			t.Helper()
			var got []string
			err := db.View(ctx, func(tx *store.Tx) error {
				for _, key := range keys {
					found, err := tx.Enqueued(key)
					if err != nil {
						return err
					}
					if found {
						got = append(got, key)
					}
				}
				return nil
			})
			if err != nil || strings.Join(got, ", ") != want {
				t.Errorf("there are %q, %v, want %q", got, err, want)
			}
		}
		for _, step := range []struct {
			limit int
			left  string
		}{{1, "second, given up, late, waits"}, {9, "late, waits"}, {9, "late, waits"}} {
			if err := o.Forget(ctx, moment, step.limit); err != nil {
				t.Fatal(err)
			}
			there(step.left)
		}
		for before, want := range map[time.Time]bool{moment: false, moment.Add(time.Microsecond): true} {
			if old, err := o.HasOld(ctx, before); err != nil || old != want {
				t.Errorf("has old before %v: %v, %v", before, old, err)
			}
		}
		put()
		rows, err = o.Claim(ctx, far, far, 10)
		if err != nil || len(rows) != 4 { // one waits as before, and three are new
			t.Errorf("%d rows wait, %v, want 4", len(rows), err)
		}
	})
}
