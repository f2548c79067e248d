// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"cmp"
	"container/list"
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/disk"
	"verlof/internal/hostname"
	"verlof/internal/outside"
	"verlof/internal/relying"
	"verlof/internal/seal"
	"verlof/store"
	"verlof/trust"
)

// Options are what a Directory is made of.
type Options struct {
	Place    *store.Place
	Folder   string      // of the installation, for what is put aside of databases on servers
	RootKey  seal.Source // seals the customers' keys
	Now      func() time.Time
	Hasher   *identity.Hasher                    // shared by all customers: it bounds memory
	MaxOpen  int                                 // customers kept open when nobody uses them; 0: 200
	Idle     time.Duration                       // a customer is closed so long after its last use; 0: ten minutes
	Plain    bool                                // the sites have no TLS, on loopback
	Site     func(host string) string            // the address of the site at a host name, without a slash at its end; nil: no port
	Issuing  []byte                              // certificate and key that certify what signs tokens, as PEM; empty: the installation's own
	Reach    outside.Reach                       // which providers of their own customers may sign in with
	Scanner  Scanner                             // of what is uploaded; nil: nothing looks at it
	OnOutbox func(tenantID string)               // called after a commit that left something to be sent
	OnOpen   OnOpen                              // called with each database that is opened to be used, before it is; may be nil
	Standing func(id, where string) (Copy, bool) // how the copy of a customer's database stands; may be nil: there is no second place

	Policy       Policy                                    // whose databases are brought up to date when they are opened; empty: everybody's
	SnapshotsFor time.Duration                             // how long the snapshots from before that are kept; 0: two weeks
	OnMigrated   func(slug string, m Migration, err error) // called when a customer's database was brought up to date, or was not; may be nil

	Parts     []trust.Part     // that the installation is set up with
	Documents []trust.Document // that the operator has on record
	Probes    []trust.Probe    // that look at it from elsewhere

	OnUnsecured func(slug string, err error) // called where a customer's database cannot be given roles of its own; may be nil
}

// OnOpen hears of a database that is opened to be used: the id of its customer or
// RegistryID, and what seals copies of it at the moment.
type OnOpen func(id string, key func() seal.Wrapper, db *store.DB)

// Directory knows the customers and holds open those that are in use. At rest a
// customer is a row in the registry and nothing in memory.
type Directory struct {
	Options
	registry *store.Registry
	party    *relying.Party // remembers what providers publish, for all customers
	root     atomic.Pointer[seal.Root]
	mark     atomic.Pointer[string]       // of the root key's file when RegistryKey looked last
	site     atomic.Pointer[http.Handler] // answers for every customer: see ServedBy; nil: nothing does here
	issuing  issuing
	Rescue   Rescue        // brings lost databases back; nil: nobody does
	rescuing chan struct{} // holds a token while one is brought back
	turns    chan struct{} // holds a token for each database that is brought up to date at the moment
	reading  chan struct{} // holds a token for each file that somebody handed in and that is read at the moment

	mu       sync.Mutex
	opened   map[string]*entry                            // by the id of a customer, or of a past state
	tried    map[string]tried                             // migrations that failed lately, by the id of the customer
	unused   list.List                                    // entries nobody holds, longest unused in front
	left     underway                                     // databases that are being opened or closed
	probe    func(dir string, within time.Duration) error // whether a disk answers
	timer    *time.Timer
	usage    map[string]usage // by the id of a customer
	told     atomic.Pointer[told]
	closed   bool
	patience time.Duration // of Close; 0: closeTime
}

// entry is a customer that is open, or being opened.
type entry struct {
	id     string
	folder string        // of the database file; empty on PostgreSQL
	at     int64         // revision of the customer that it shows
	ready  chan struct{} // closed once t or err is set
	t      *Tenant
	err    error
	users  int
	since  time.Time // of being unused
	place  *list.Element
	leaves bool // closed as soon as nobody uses it
}

// Open opens the registry of a place, which it makes or brings up to date, and reads
// the root key. It reports Unavailable where that is lost, or another one.
func Open(ctx context.Context, o Options) (*Directory, error) {
	r, err := o.Place.Registry(ctx)
	if err != nil {
		return nil, err
	}
	o.SnapshotsFor = cmp.Or(o.SnapshotsFor, snapshotsFor)
	o.MaxOpen, o.Idle = cmp.Or(o.MaxOpen, 200), cmp.Or(o.Idle, 10*time.Minute)
	if o.OnOutbox == nil {
		o.OnOutbox = func(string) {}
	}
	if o.Site == nil {
		o.Site = o.plainSite
	}
	root, err := o.RootKey.Root(func() (bool, error) { return r.Sealed(ctx) })
	if err == nil {
		err = knows(ctx, r, root)
	}
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	d := &Directory{Options: o, registry: r, opened: map[string]*entry{}, tried: map[string]tried{}, turns: make(chan struct{}, atOnce(o.Place)), reading: make(chan struct{}, mostRead), probe: disk.TryWithin,
		party: &relying.Party{Client: o.Reach.Client(askTimeout, maxAnswer), Now: o.Now}}
	d.party.Client.Transport = &inside{d: d, outside: d.party.Client.Transport}
	d.root.Store(root)
	r.DB().Watch()
	if d.OnOpen != nil {
		d.OnOpen(RegistryID, d.RegistryKey, r.DB())
	}
	return d, nil
}

// knows reports Unavailable for a root key that is another than the one that sealed what there is: with it nobody is
// served, and whoever is created would be sealed with a key of their own.
func knows(ctx context.Context, r *store.Registry, root *seal.Root) error {
	first, err := r.FirstSealed(ctx)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := root.Keys(first.ID, first.Keys); seal.UnknownRoot(err) {
		return err
	}
	return nil // what else may be wrong with one customer holds up nobody else
}

// What a provider of a customer's own may take to answer, and how long its answer may be.
const (
	askTimeout = 10 * time.Second
	maxAnswer  = 1 << 20
)

// errNoTenant names nothing: neither the host nor whether it ever existed.
var errNoTenant = errs.New(errs.NotFound, "tenant.error.unknown")

// ByHost returns the customer that a host name leads to, as a request names it,
// and a function that releases it. It reports NotFound for a name that leads
// nowhere and Unavailable for a customer that is not in service.
func (d *Directory) ByHost(ctx context.Context, host string) (*Tenant, func(), error) {
	row, err := d.registry.TenantByHost(ctx, hostname.Of(host))
	if errs.Is(err, errs.NotFound) {
		return nil, nil, errNoTenant
	}
	if err != nil {
		return nil, nil, err
	}
	if !row.State.Serves() {
		return nil, nil, errs.New(errs.Unavailable, "tenant.error.closed")
	}
	d.seen(row.ID)
	return d.use(ctx, row)
}

// Known reports whether there is a site of a customer at a host name, in service or not. It opens nothing.
func (d *Directory) Known(ctx context.Context, host string) (bool, error) {
	row, err := d.registry.TenantByHost(ctx, hostname.Of(host))
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil && row.State != store.StateClosed, err
}

// InService reports whether people may come in to a customer, by its id.
func (d *Directory) InService(ctx context.Context, id string) (bool, error) {
	row, err := d.registry.Tenant(ctx, id)
	return row.State.Serves(), err
}

// ByID returns a customer for an operator's work, suspended or not.
func (d *Directory) ByID(ctx context.Context, id string) (*Tenant, func(), error) {
	row, err := d.registry.Tenant(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	return d.use(ctx, row)
}

// BySlug returns a customer for an operator's work, suspended or not.
func (d *Directory) BySlug(ctx context.Context, slug string) (*Tenant, func(), error) {
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return nil, nil, err
	}
	return d.use(ctx, row)
}

func (d *Directory) bySlug(ctx context.Context, slug string) (store.TenantRow, error) {
	row, err := d.registry.TenantBySlug(ctx, slug)
	if errs.Is(err, errs.NotFound) {
		return row, &errs.Error{Kind: errs.NotFound, Public: "tenant.error.unknown", Err: fmt.Errorf("no customer %q", slug),
			Hint: "verlof tenant list shows the customers"}
	}
	return row, err
}

// use returns an open customer, opening it if nobody has.
func (d *Directory) use(ctx context.Context, row store.TenantRow) (*Tenant, func(), error) {
	return d.share(ctx, &entry{id: row.ID, at: row.Revision, folder: d.folderOf(row.Database)}, func(ctx context.Context) (*Tenant, error) {
		ctx, then := d.opening(ctx)
		defer then()
		t, err := d.openOrRescue(ctx, row)
		if err != nil {
			return nil, err
		}
		if err := d.settleShut(ctx, row, t.db); err != nil {
			return nil, errors.Join(err, t.db.Close())
		}
		if d.OnOpen != nil {
			d.OnOpen(row.ID, t.key, t.db)
		}
		return t, nil
	})
}

// folderOf returns the folder of a database file, empty for a database on a server.
func (d *Directory) folderOf(where string) string {
	dsn, _ := d.Place.DSN(where) // whoever opens it meets what is wrong
	path, isFile := strings.CutPrefix(dsn, "sqlite:")
	if !isFile {
		return ""
	}
	return filepath.Dir(path)
}

// share returns what open makes for an entry, which all who ask for the same id share until a later
// revision is asked for. Where that does not come back, and the disk does not answer, it reports Unavailable.
func (d *Directory) share(ctx context.Context, wanted *entry, open func(context.Context) (*Tenant, error)) (*Tenant, func(), error) {
	// Not the caller's context: others wait for the same customer.
	e, err := d.enter(wanted, func() (*Tenant, error) { return open(context.WithoutCancel(ctx)) })
	if err != nil {
		return nil, nil, err
	}
	if err := d.await(ctx, e); err != nil {
		d.leave(e)
		return nil, nil, err
	}
	return e.t, sync.OnceFunc(func() { d.leave(e) }), nil
}

// openTime is how long it may take to open a customer before the disk is asked whether it still answers. That may take three
// times as long.
const openTime = 2 * time.Second

// errHangs is what those meet who wait for a customer to be opened on a disk that does not answer.
var errHangs = &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("open a customer: %w", disk.ErrHangs),
	Hint: "see to the disk of the data folder, or to the network on which it is reached"}

// await waits until an entry is open, and returns why it is not.
func (d *Directory) await(ctx context.Context, e *entry) error {
	select {
	case <-e.ready:
		return e.err
	default:
	}
	late := time.NewTicker(openTime)
	defer late.Stop()
	for {
		select {
		case <-e.ready:
			return e.err
		case <-ctx.Done():
			return ctx.Err()
		case <-late.C:
		}
		if e.folder == "" || len(d.rescuing) > 0 { // what is brought back is waited for
			continue
		}
		if errors.Is(d.probe(e.folder, 3*openTime), disk.ErrHangs) {
			return errHangs
		}
	}
}

// enter counts the caller in with an entry like that which is wanted, and has it opened unless it is. A customer that was
// changed in the registry since is opened anew; who uses the old one may finish.
func (d *Directory) enter(wanted *entry, open func() (*Tenant, error)) (*entry, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, errs.New(errs.Unavailable, "tenant.error.closed")
	}
	e := d.opened[wanted.id]
	if e != nil && e.at < wanted.at {
		d.retire(e)
		e = nil
	}
	if e == nil {
		e = wanted
		e.ready, e.users = make(chan struct{}), 1 // who opens it
		d.opened[e.id] = e
		d.left.begin("open "+e.id, func() { d.openEntry(e, open) })
	}
	if e.place != nil {
		d.unused.Remove(e.place)
		e.place = nil
	}
	e.users++
	return e, nil
}

// openEntry opens an entry, for all who wait for it: once it is open, they alone are counted.
func (d *Directory) openEntry(e *entry, open func() (*Tenant, error)) {
	defer close(e.ready)
	defer d.leave(e)
	e.err = errs.Caught(func() (err error) {
		e.t, err = open()
		return err
	})
}

// leave counts the caller out, and closes what need not stay open.
func (d *Directory) leave(e *entry) {
	if d.out(e) {
		e.close()
	}
}

// out counts the caller out, and reports whether it is for the caller to close the entry: nobody else does who is waited for once
// the directory is closed.
func (d *Directory) out(e *entry) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	e.users--
	if e.users > 0 {
		return false
	}
	if d.closed {
		d.unlist(e)
		return true
	}
	if e.leaves || e.t == nil {
		d.drop(e)
		return false
	}
	e.since = d.Now()
	e.place = d.unused.PushBack(e)
	for d.unused.Len() > d.MaxOpen {
		d.drop(d.unused.Front().Value.(*entry))
	}
	if d.timer == nil {
		d.timer = time.AfterFunc(d.Idle, d.sweepIdle)
	}
	return false
}

// drop takes an entry off the lists and closes its database: on the side, since that takes a disk, and
// what is put at a depot may be waited for. The caller holds mu, nobody uses the entry, and the directory is not closed.
func (d *Directory) drop(e *entry) {
	d.unlist(e)
	if e.t != nil {
		d.left.begin("close "+e.id, e.close)
	}
}

// close closes the database of an entry that nobody uses: every change it acknowledged is on disk.
func (e *entry) close() {
	if e.t != nil {
		_ = e.t.db.Close()
	}
}

// unlist takes an entry off the lists. The caller holds mu.
func (d *Directory) unlist(e *entry) {
	if e.place != nil {
		d.unused.Remove(e.place)
		e.place = nil
	}
	if d.opened[e.id] == e {
		delete(d.opened, e.id)
	}
}

// sweepIdle closes what has been unused for too long.
func (d *Directory) sweepIdle() {
	d.mu.Lock()
	defer d.mu.Unlock()
	limit := d.Now().Add(-d.Idle)
	for f := d.unused.Front(); f != nil && !f.Value.(*entry).since.After(limit); f = d.unused.Front() {
		d.drop(f.Value.(*entry))
	}
	d.timer = nil
	if d.unused.Len() > 0 && !d.closed {
		d.timer = time.AfterFunc(d.Idle, d.sweepIdle)
	}
}

// evict has a customer closed as soon as nobody uses it, so that the next use
// sees what changed in the registry.
func (d *Directory) evict(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if e := d.opened[id]; e != nil {
		d.retire(e)
	}
}

// retire forgets an entry and closes it as soon as nobody uses it. The caller holds mu.
func (d *Directory) retire(e *entry) {
	delete(d.opened, e.id)
	e.leaves = true
	if e.users == 0 {
		d.drop(e)
	}
}

// Stats are figures for the one who watches.
type Stats struct {
	Open int // customers open
	Used int // of them in use at the moment
}

// Stats returns the figures of the moment.
func (d *Directory) Stats() Stats {
	d.mu.Lock()
	defer d.mu.Unlock()
	return Stats{Open: len(d.opened), Used: len(d.opened) - d.unused.Len()}
}

// Ready reports whether the registry answers.
func (d *Directory) Ready(ctx context.Context) error {
	_, err := d.registry.TenantByHost(ctx, "")
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	return err
}
