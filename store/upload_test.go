// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/errs"
	"verlof/intake"
	"verlof/store/storetest"
)

// TestUploads: a file comes back as it was handed in, on both engines, with what
// was decided about it.
func TestUploads(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		ctx, db := context.Background(), customer(t, setting, 2, 25)
		at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		second := intake.Upload{ID: "b", By: storetest.Worker(1), At: at.Add(time.Minute), Name: "zoë\n.xlsx", Size: 3, Data: []byte{0, 255, '\n'}}
		first := intake.Upload{ID: "z", By: storetest.Worker(1), At: at, Name: "a.csv", Size: 1, Data: []byte("x"), Options: intake.Options{
			Kind: intake.Absences, Columns: map[string]intake.Field{"1": intake.Number}, Start: calendar.MustParse("2026-04-01"), Types: map[string]string{"Ziek": "sick"}}}
		must := func(f func(tx intake.UploadTx) error) {
			t.Helper()
			if err := db.Uploads().Update(ctx, f); err != nil {
				t.Fatal(err)
			}
		}
		get := func(id string) (u intake.Upload, err error) {
			err = db.Uploads().View(ctx, func(tx intake.UploadTx) error { u, err = tx.Upload(id); return err })
			return u, err
		}
		same := func(want intake.Upload) {
			t.Helper()
			got, err := get(want.ID)
			if d := cmp.Diff(want, got); d != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, d)
			}
		}
		must(func(tx intake.UploadTx) error { return tx.AddUpload(second) })
		must(func(tx intake.UploadTx) error { return tx.AddUpload(first) })
		same(first)
		same(second)
		second.Options.LeaveOut, second.Written = true, &intake.Counts{Add: 1, Change: 2, Same: 3, Refuse: 4}
		must(func(tx intake.UploadTx) error { return tx.SetUpload(second) })
		same(second)
		err := db.Uploads().View(ctx, func(tx intake.UploadTx) error {
			all, err := tx.Uploads()
			a, b := first, second
			a.Data, b.Data = nil, nil
			if d := cmp.Diff([]intake.Upload{a, b}, all); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		if err := db.Uploads().Update(ctx, func(tx intake.UploadTx) error { return tx.AddUpload(first) }); !errs.Is(err, errs.Conflict) {
			t.Errorf("the same id twice: %v", err)
		}
		must(func(tx intake.UploadTx) error { return tx.DropUpload("z") })
		if _, err := get("z"); !errs.Is(err, errs.NotFound) {
			t.Errorf("a file that was dropped: %v", err)
		}
		err = db.Uploads().Update(ctx, func(tx intake.UploadTx) error { return tx.SetUpload(first) })
		if !errs.Is(err, errs.NotFound) {
			t.Errorf("options of a file that was dropped: %v", err)
		}
	})
}
