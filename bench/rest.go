// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"verlof/internal/id"
	"verlof/internal/seal"
	"verlof/store"
)

// How rest is measured.
const (
	restCustomers = 10_000
	restPeople    = 2 // of each; its database is of the size of an empty one
	restIdle      = 2 * time.Second
	anchorOpen    = 100 // bare databases held open
)

// restBudget is the memory of a customer at rest.
const restBudget = 64 << 10

// elsewhere measures a part in a process of its own.
func (p part) elsewhere(ctx context.Context, s settings) ([]row, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(ctx, self, "-raw", "-only", p.name, "-dir", s.dir)
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, strings.TrimSpace(said.String()))
	}
	var sections []section
	if err := json.Unmarshal(out, &sections); err != nil {
		return nil, err
	}
	return sections[0].Rows, nil
}

// atRest measures what 10,000 customers cost when each has been asked once and
// nobody is asking now: right afterwards, when the directory still keeps those
// open that were asked last, and when it has let go of them too.
func atRest(ctx context.Context, dir string) (rows []row, err error) {
	hosts, err := settle(ctx, dir, restCustomers)
	if err != nil {
		return nil, err
	}
	bare, err := bareFootprint(ctx, dir)
	if err != nil {
		return nil, err
	}
	w, err := newWorld(ctx, "sqlite:"+dir, 0, restIdle)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	before := footprintNow()
	if err := w.visit(ctx, hosts); err != nil {
		return nil, err
	}
	open, asked := w.Stats().Open, footprintNow()
	for w.Stats().Open > 0 {
		time.Sleep(restIdle / 4)
	}
	closed := footprintNow()
	rows = restRows(fmt.Sprintf("the last %d asked still open", open), asked.since(before), bare)
	rows = append(rows, restRows("all closed", closed.since(before), bare)...)
	one := asked.since(closed).per(open)
	return append(rows, row{What: "memory (RSS) of each of those still open", Unit: size, Ours: []float64{one.memory},
		Raw: []float64{bare.memory}, Bare: "the same"}), nil
}

// restRows returns the rows of one state; bare is what one open database costs.
func restRows(state string, all, bare footprint) []row {
	each := all.per(restCustomers)
	one := func(what string, u unit, ours, raw float64, against string, a aim) row {
		return row{What: state + ": " + what, Unit: u, Ours: []float64{ours}, Raw: []float64{raw}, Bare: against, Aim: a}
	}
	return []row{
		one("memory (RSS) of each", size, each.memory, bare.memory, "an open idle bare database", atMost(restBudget)),
		one("Go heap of each", size, each.heap, bare.heap, "the same", aim{}),
		one("descriptors of all", count, all.files, bare.files*restCustomers, "as many bare databases", aim{}),
	}
}

// settle makes the customers: one properly, the others as copies of its database
// under their own ids. It returns their host names.
func settle(ctx context.Context, dir string, customers int) (hosts []string, err error) {
	made, file, err := template(ctx, dir)
	if err != nil {
		return nil, err
	}
	image, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	place, err := store.ParsePlace("sqlite:" + dir)
	if err != nil {
		return nil, err
	}
	registry, err := place.Registry(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, registry.Close()) }()
	key, err := rootKey("sqlite:" + dir)
	if err != nil {
		return nil, err
	}
	root, err := key.Root(func() (bool, error) { return registry.Sealed(ctx) })
	if err != nil {
		return nil, err
	}
	var all errgroup.Group
	all.SetLimit(16)
	for i := range customers {
		row := made
		row.ID, row.Slug = id.New(time.Now()), fmt.Sprint("c", i)
		hosts = append(hosts, host(row.Slug))
		all.Go(func() (err error) {
			if row.Keys, err = root.NewKeys(row.ID); err != nil {
				return err
			}
			row.Database = strings.Replace(made.Database, made.ID, row.ID, 1)
			keys, err := root.Keys(row.ID, row.Keys)
			if err == nil {
				// Ids are of one length, so the copy is sound.
				copied := bytes.ReplaceAll(image, []byte(made.ID), []byte(row.ID))
				err = give(ctx, row.ID, keys, copied, strings.Replace(file, made.ID, row.ID, 1))
			}
			if err != nil {
				return err
			}
			return registry.CreateTenant(ctx, row, host(row.Slug))
		})
	}
	return hosts, all.Wait()
}

// give writes the database of a customer, marked as theirs.
func give(ctx context.Context, customer string, keys *seal.Keys, image []byte, file string) error {
	if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(file, image, 0o600); err != nil {
		return err
	}
	db, err := store.Open(ctx, "sqlite:"+file)
	if err != nil {
		return err
	}
	db.SealWith(keys)
	err = db.Update(ctx, func(tx *store.Tx) error { return tx.SetMark(customer) })
	return errors.Join(err, db.Close())
}

// template makes the first customer, and returns where its database is.
func template(ctx context.Context, dir string) (made store.TenantRow, file string, err error) {
	w, err := newWorld(ctx, "sqlite:"+dir, 0, 0)
	if err != nil {
		return made, "", err
	}
	made, err = w.sample(ctx, "template", restPeople)
	return made, w.file(made), errors.Join(err, w.Close()) // closing empties the log into the file
}

// visit asks every customer for its page of sign-in.
func (w *world) visit(ctx context.Context, hosts []string) error {
	var all errgroup.Group
	all.SetLimit(runtime.GOMAXPROCS(0))
	for _, h := range hosts {
		all.Go(func() error {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, "/sign-in", nil)
			if err != nil {
				return err
			}
			r.Host, r.RemoteAddr = h, "127.0.0.1:40000"
			s := sink{header: http.Header{}, status: http.StatusOK}
			if w.site.ServeHTTP(&s, r); s.status != http.StatusOK {
				return fmt.Errorf("GET /sign-in at %s: status %d", h, s.status)
			}
			return nil
		})
	}
	return all.Wait()
}

// bareFootprint returns what one open, idle bare database costs.
func bareFootprint(ctx context.Context, dir string) (footprint, error) {
	var open []*bare
	defer func() {
		for _, b := range open {
			b.close()
		}
	}()
	before := footprintNow()
	for i := range anchorOpen {
		b, err := openBare(ctx, filepath.Join(dir, fmt.Sprint("bare", i, ".db")))
		if err != nil {
			return footprint{}, err
		}
		open = append(open, b)
		if err := b.ready(ctx); err != nil {
			return footprint{}, err
		}
		if _, err := b.read(ctx, "SELECT id FROM anchor"); err != nil {
			return footprint{}, err
		}
	}
	return footprintNow().since(before).per(anchorOpen), nil
}

// footprint is what this process holds.
type footprint struct{ memory, heap, files float64 }

var resident = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

// footprintNow returns it after a collection, once the runtime has given back to
// the system what it does not use.
func footprintNow() footprint {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	f := footprint{heap: float64(m.HeapAlloc), memory: residentNow()}
	files, _ := os.ReadDir("/proc/self/fd") // where there is none, nothing is counted
	f.files = float64(len(files))
	return f
}

func (f footprint) since(g footprint) footprint {
	return footprint{f.memory - g.memory, f.heap - g.heap, f.files - g.files}
}

func (f footprint) per(n int) footprint {
	return footprint{f.memory / float64(n), f.heap / float64(n), f.files / float64(n)}
}

// residentNow returns the memory of this process in bytes; 0 where the system does not say.
func residentNow() float64 {
	found := resident.FindStringSubmatch(contents("/proc/self/status"))
	if found == nil {
		return 0
	}
	kib, _ := strconv.ParseFloat(found[1], 64) // digits
	return kib * 1024
}
