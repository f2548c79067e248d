// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"verlof/errs"
	"verlof/people"
)

// fakeUploads keeps uploads in memory. It has no transactions: what fails here
// fails before it writes.
type fakeUploads map[string]Upload

func (f fakeUploads) View(_ context.Context, do func(UploadTx) error) error   { return do(f) }
func (f fakeUploads) Update(_ context.Context, do func(UploadTx) error) error { return do(f) }
func (f fakeUploads) Lock(...string) error                                    { return nil }
func (f fakeUploads) AddUpload(u Upload) error                                { f[u.ID] = u; return nil }
func (f fakeUploads) DropUpload(id string) error                              { delete(f, id); return nil }

func (f fakeUploads) SetUpload(u Upload) error {
	kept, err := f.Upload(u.ID)
	if err == nil {
		kept.Options, kept.Written = u.Options, u.Written
		f[u.ID] = kept
	}
	return err
}

func (f fakeUploads) Upload(id string) (Upload, error) {
	if u, ok := f[id]; ok {
		return u, nil
	}
	return Upload{}, errs.New(errs.NotFound, "")
}

func (f fakeUploads) Uploads() ([]Upload, error) {
	return slices.SortedFunc(maps.Values(f), func(a, b Upload) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) }), nil
}

func TestUploads(t *testing.T) {
	ctx, clock, kept := t.Context(), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), fakeUploads{}
	s := &Uploads{Store: kept, Now: func() time.Time { return clock }}
	add := func(id string, by people.ID, size int) error {
		return s.Add(ctx, Upload{ID: id, By: by, At: clock, Data: make([]byte, size)})
	}
	for _, id := range []string{"a", "b", "c", "d"} {
		if err := add(id, "ana", 1); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Find(ctx, "ana", "a"); !errs.Is(err, errs.NotFound) {
		t.Errorf("the oldest of four: %v", err)
	}
	if u, err := s.Find(ctx, "ana", "d"); err != nil || u.Size != 1 {
		t.Errorf("%d bytes, %v", u.Size, err)
	}
	if _, err := s.Find(ctx, "eve", "d"); !errs.Is(err, errs.NotFound) {
		t.Errorf("somebody else reads it: %v", err)
	}
	if err := add("huge", "eve", uploadSpace); !errs.Is(err, errs.Unavailable) {
		t.Errorf("more than fits: %v", err)
	}
	if err := s.Set(ctx, Upload{ID: "a"}); !errs.Is(err, errs.NotFound) || errs.As(err).Public == "" {
		t.Errorf("options of a file that is gone: %v", err)
	}
	clock = clock.Add(UploadLife + 1)
	if _, err := s.Find(ctx, "ana", "d"); !errs.Is(err, errs.NotFound) {
		t.Errorf("kept for ever: %v", err)
	}
	if len(kept) != 0 {
		t.Errorf("%d old files are still there", len(kept))
	}
}
