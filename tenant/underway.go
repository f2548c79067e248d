// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"verlof/errs"
	"verlof/store"
)

// underway is what goes on on the side, by name, for who waits until it has ended.
type underway struct {
	sync.WaitGroup
	mu   sync.Mutex
	what map[int]string
	n    int
}

// begin has f run on the side.
func (u *underway) begin(what string, f func()) { u.Go(func() { u.during(what, f) }) }

// during runs f, which goes on under a name.
func (u *underway) during(what string, f func()) {
	u.mu.Lock()
	if u.what == nil {
		u.what = map[int]string{}
	}
	n := u.n
	u.n++
	u.what[n] = what
	u.mu.Unlock()
	defer func() {
		u.mu.Lock()
		delete(u.what, n)
		u.mu.Unlock()
	}()
	f()
}

// names returns what goes on, in order.
func (u *underway) names() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Sorted(maps.Values(u.what))
}

// laterKey is where a context carries what follows once a customer is open.
type laterKey struct{}

// later are databases that were put in force while their customer was opened, and whose copies begin then.
type later struct{ rows []store.TenantRow }

// opening returns the context in which a customer is opened, and what begins the copies of what is put in force meanwhile. That
// is to be called last: a database is carried by who was told of it last.
func (d *Directory) opening(ctx context.Context) (context.Context, func()) {
	l := &later{}
	plain := context.WithValue(context.WithoutCancel(ctx), askedKey{}, (*asked)(nil)) // who asked for a migration does not wait for it
	return context.WithValue(ctx, laterKey{}, l), func() {
		for _, row := range l.rows {
			d.left.begin("copy "+row.ID, func() {
				_ = errs.Caught(func() error { return d.beginCopy(plain, row) }) // else it begins with the next change, and Standing says that it is behind
			})
		}
	}
}

// closeTime is how long Close waits for databases that are being opened or closed.
const closeTime = time.Minute

// Close closes every customer that nobody uses, has the others closed when their
// users leave, and closes the registry. Where something does not come to its end within a minute it reports what, and leaves the
// registry open: what was acknowledged is on disk.
func (d *Directory) Close() error {
	d.mu.Lock()
	d.closed = true
	if d.timer != nil {
		d.timer.Stop()
	}
	var unused []*entry
	for d.unused.Len() > 0 {
		e := d.unused.Front().Value.(*entry)
		d.unlist(e)
		unused = append(unused, e)
	}
	d.mu.Unlock()
	d.left.Go(func() { // who asks meanwhile hears that it is closed, and waits for no disk
		for _, e := range unused {
			d.left.during("close "+e.id, e.close)
		}
	})
	ended := make(chan struct{})
	go func() {
		d.left.Wait()
		close(ended)
	}()
	late := time.NewTimer(cmp.Or(d.patience, closeTime))
	defer late.Stop()
	select {
	case <-ended:
		return d.registry.Close()
	case <-late.C:
		return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("close the customers: not at its end: %s", strings.Join(d.left.names(), ", ")),
			Hint: "see to the disk of the data folder, and to the depot of --copy"}
	}
}
