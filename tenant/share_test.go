// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"container/list"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"verlof/errs"
	"verlof/internal/disk"
)

// errNone is why nothing comes of opening a customer here.
var errNone = errs.New(errs.NotFound, "")

// sharing is a directory in which customers are opened by functions of the test, on disks that answer or not.
func sharing(probe func(dir string) error) *Directory {
	return &Directory{Options: Options{Now: time.Now}, opened: map[string]*entry{}, unused: *list.New(),
		probe: func(dir string, _ time.Duration) error { return probe(dir) }}
}

func (d *Directory) try(id string, open func() error) error {
	_, _, err := d.share(context.Background(), &entry{id: id, folder: "/data/" + id}, func(context.Context) (*Tenant, error) { return nil, open() })
	return err
}

// TestShare_hangs has the opening of a customer not come back from its disk: whoever waits is told so, others are opened
// meanwhile, and once its folder is given up it is opened anew.
func TestShare_hangs(t *testing.T) {
	d := sharing(func(string) error { return disk.ErrHangs })
	gate := make(chan struct{})
	hangs := func() error { <-gate; return errNone }
	told := make(chan error)
	for range 2 {
		go func() { told <- d.try("lost", hangs) }()
	}
	if err := d.try("other", func() error { return errNone }); !errors.Is(err, errNone) {
		t.Errorf("another customer: %v", err)
	}
	for range 2 {
		if err := <-told; !errors.Is(err, disk.ErrHangs) || !errs.Is(err, errs.Unavailable) {
			t.Errorf("on a disk that does not answer: %v", err)
		}
	}
	d.giveUp("/data")
	if err := d.try("lost", func() error { return errNone }); !errors.Is(err, errNone) {
		t.Errorf("opened anew: %v", err)
	}
	close(gate)
	d.left.Wait()
	if d.Stats().Open != 0 {
		t.Error("what came back late is kept")
	}
}

// TestShare_slow waits for a customer whose disk is slow, and answers.
func TestShare_slow(t *testing.T) {
	asked := make(chan struct{})
	d := sharing(func(string) error { close(asked); return nil })
	if err := d.try("slow", func() error { <-asked; return errNone }); !errors.Is(err, errNone) {
		t.Error(err)
	}
}

// TestShare_ends lets go of who does not wait any longer, and of a customer whose opening panics.
func TestShare_ends(t *testing.T) {
	d := sharing(func(string) error { return nil })
	ctx, cancel := context.WithCancel(context.Background())
	gate := make(chan struct{})
	_, _, err := d.share(ctx, &entry{id: "slow"}, func(context.Context) (*Tenant, error) { cancel(); <-gate; return nil, errNone })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("waited for: %v", err)
	}
	close(gate)
	for range 2 {
		if err := d.try("broken", func() error { panic("planted") }); err == nil || !strings.Contains(err.Error(), "planted") {
			t.Errorf("panics: %v", err)
		}
	}
}

// TestClose_waitsSoLong: where a customer that is being opened does not come to its end, the directory names it and waits no longer.
func TestClose_waitsSoLong(t *testing.T) {
	d := sharing(func(string) error { return nil })
	d.patience = 20 * time.Millisecond
	gate, begun, told := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() { told <- d.try("stuck", func() error { close(begun); <-gate; return errNone }) }()
	<-begun
	closed := make(chan error, 1)
	go func() { closed <- d.Close() }()
	select {
	case err := <-closed:
		if !errs.Is(err, errs.Unavailable) || !strings.Contains(err.Error(), "open stuck") {
			t.Errorf("closed: %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Error("the directory waits for what does not come to its end")
	}
	close(gate)
	<-told
	d.left.Wait()
}
