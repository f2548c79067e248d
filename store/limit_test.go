// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"verlof/errs"
	"verlof/events"
	"verlof/intake"
	"verlof/store/storetest"
)

// pair has two updates count at the same time, if nothing keeps one of them back.
type pair struct {
	counted atomic.Int32
	both    chan struct{}
}

func newPair() *pair { return &pair{both: make(chan struct{})} }

// wait is called by an update that has counted.
func (p *pair) wait() {
	if p.counted.Add(1) == 2 {
		close(p.both)
	}
	select {
	case <-p.both:
	case <-time.After(200 * time.Millisecond):
	}
}

// oneOf runs f twice at once, and fails unless one comes through and the other is refused with a kind.
func oneOf(t *testing.T, refused errs.Kind, f func(n int) error) {
	t.Helper()
	came := make(chan error, 2)
	for n := range 2 {
		go func() { came <- f(n) }()
	}
	a, b := <-came, <-came
	if a != nil {
		a, b = b, a
	}
	if a != nil || !errs.Is(b, refused) {
		t.Errorf("got %v and %v, want one of them", a, b)
	}
}

type pairedHooks struct {
	events.Store
	*pair
}

func (s pairedHooks) Update(ctx context.Context, f func(events.Tx) error) error {
	return s.Store.Update(ctx, func(tx events.Tx) error { return f(pairedHooksTx{tx, s.pair}) })
}

type pairedHooksTx struct {
	events.Tx
	*pair
}

func (tx pairedHooksTx) Webhooks() ([]events.Webhook, error) {
	list, err := tx.Tx.Webhooks()
	tx.wait()
	return list, err
}

// TestWebhooksTogether: of two that are made together where there is room for one, one is.
func TestWebhooksTogether(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		h := newHooks(t, setting)
		for range 19 {
			h.add()
		}
		h.Store = pairedHooks{h.Store, newPair()}
		oneOf(t, errs.Conflict, func(int) error {
			_, err := h.Add(h.Context(), keeper, events.Wish{URL: "https://example.com/in"})
			return err
		})
	})
}

type pairedUploads struct {
	intake.UploadStore
	*pair
}

func (s pairedUploads) Update(ctx context.Context, f func(intake.UploadTx) error) error {
	return s.UploadStore.Update(ctx, func(tx intake.UploadTx) error { return f(pairedUploadsTx{tx, s.pair}) })
}

type pairedUploadsTx struct {
	intake.UploadTx
	*pair
}

func (tx pairedUploadsTx) Uploads() ([]intake.Upload, error) {
	list, err := tx.UploadTx.Uploads()
	tx.wait()
	return list, err
}

// TestUploadsTogether: of two files that arrive together where there is room for one, one is kept.
func TestUploadsTogether(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		ctx, db := t.Context(), customer(t, setting, 3, 25)
		at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		most := intake.Upload{ID: "most", By: storetest.Worker(0), At: at, Name: "a.csv", Size: 255 << 20, Data: []byte("x")}
		if err := db.Uploads().Update(ctx, func(tx intake.UploadTx) error { return tx.AddUpload(most) }); err != nil {
			t.Fatal(err)
		}
		s := intake.Uploads{Store: pairedUploads{db.Uploads(), newPair()}, Now: func() time.Time { return at }}
		oneOf(t, errs.Unavailable, func(n int) error {
			return s.Add(ctx, intake.Upload{ID: []string{"a", "b"}[n], By: storetest.Worker(n + 1), At: at, Name: "b.csv", Data: make([]byte, 1<<20)})
		})
	})
}
