// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"verlof/backup"
	"verlof/internal/seal"
	"verlof/operate"
	"verlof/store"
	"verlof/tenant"
)

// How copies are measured.
const (
	copyPeople   = 300
	smallPeople  = 120 // some 3 MB
	copyRuns     = 5
	copySize     = 300 // bookings of a run
	copyLonely   = 80  // of a run with one client
	restoredSize = 40  // restores of a run
)

// copying measures what a second place costs a booking, and how fast customers come back.
func copying(ctx context.Context, dir string) (rows []row, err error) {
	depot, here, twice := filepath.Join(dir, "depot"), filepath.Join(dir, "here"), filepath.Join(dir, "twice")
	if err := os.Mkdir(depot, 0o700); err != nil {
		return nil, err
	}
	at, err := backup.ParseDepot("folder:" + depot)
	if err != nil {
		return nil, err
	}
	copies := &backup.Copies{Depot: at, Demand: true}
	plain, err := newWorld(ctx, "sqlite:"+here, 0, 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, plain.Close()) }()
	copied, err := newCopiedWorld(ctx, "sqlite:"+twice, 0, 0, copies)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, copied.Close()) }()
	for _, w := range []*world{plain, copied} {
		if _, err := w.sample(ctx, "desk", copyPeople); err != nil {
			return nil, err
		}
	}
	err = plain.with(ctx, "desk", func(a *tenant.Tenant) error {
		return copied.with(ctx, "desk", func(b *tenant.Tenant) error {
			rows, err = bookTwice(ctx, &desk{world: plain, t: a}, &desk{world: copied, t: b})
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	more, err := restores(ctx, dir, copied, at)
	return append(rows, more...), err
}

// bookTwice books by turns without a second place and with one.
func bookTwice(ctx context.Context, plain, copied *desk) ([]row, error) {
	crowd := row{What: "bookings, 16 clients, leave.Service.Submit", Unit: rate, Bare: "the same without a second place"}
	alone := row{What: "one booking, 1 client: p50", Unit: duration, Bare: "the same without a second place"}
	for _, d := range []*desk{plain, copied} {
		if err := d.prepare(ctx, copyRuns*(copySize+copyLonely)); err != nil {
			return nil, err
		}
	}
	for range copyRuns {
		raw, ours, err := plain.both(ctx, copied, bookingClients, copySize)
		if err != nil {
			return nil, err
		}
		crowd.add(ours.rate, raw.rate)
		if raw, ours, err = plain.both(ctx, copied, 1, copyLonely); err != nil {
			return nil, err
		}
		alone.add(median(ours.times), median(raw.times))
	}
	return []row{crowd, alone}, nil
}

// both books n slots at each of two desks.
func (d *desk) both(ctx context.Context, other *desk, clients, n int) (here, there burst, err error) {
	if here, err = d.burst(ctx, clients, n); err == nil {
		there, err = other.burst(ctx, clients, n)
	}
	return here, there, err
}

func (d *desk) burst(ctx context.Context, clients, n int) (burst, error) {
	todo := d.slots[:n]
	d.slots = d.slots[n:]
	return together(clients, n, func(i int) error { return d.submit(ctx, todo[i]) })
}

// restores has a customer back many times, on all cores, beside files of as many bytes.
func restores(ctx context.Context, dir string, w *world, at backup.Depot) ([]row, error) {
	if _, err := w.sample(ctx, "small", smallPeople); err != nil {
		return nil, err
	}
	info, key, err := w.CopyKey(ctx, "small")
	if err != nil {
		return nil, err
	}
	err = w.with(ctx, "small", func(t *tenant.Tenant) error {
		copies := &backup.Copies{Depot: at}
		return operate.CarryOne(copies, info.ID, func() seal.Wrapper { return key }, t.DB()).Upkeep(ctx, true) // as after each night
	})
	if err != nil {
		return nil, err
	}
	kept := backup.Kept{At: at, ID: info.ID, Sealer: key}
	probe := filepath.Join(dir, "probe.db")
	if _, err := kept.Restore(ctx, time.Now(), probe); err != nil {
		return nil, err
	}
	bytes, err := os.ReadFile(probe)
	if err != nil {
		return nil, err
	}
	r := row{What: fmt.Sprintf("customers of %.1f MB restored and checked", float64(len(bytes))/1e6), Unit: rate,
		Aim: aim{Least: true, Value: 1000.0 / 30}, Bare: "files of as many bytes, written and synced"}
	for n := range copyRuns {
		ours, err := together(runtime.GOMAXPROCS(0), restoredSize, func(i int) error {
			return restoreChecked(ctx, kept, filepath.Join(dir, fmt.Sprintf("restored-%d-%d.db", n, i)))
		})
		if err != nil {
			return nil, err
		}
		raw, err := together(runtime.GOMAXPROCS(0), restoredSize, func(i int) error {
			return writeSynced(filepath.Join(dir, fmt.Sprintf("raw-%d-%d", n, i)), bytes)
		})
		if err != nil {
			return nil, err
		}
		r.add(ours.rate, raw.rate)
	}
	return []row{r}, nil
}

// restoreChecked has the newest state back and reads all of it.
func restoreChecked(ctx context.Context, k backup.Kept, path string) error {
	defer os.Remove(path)
	if _, err := k.Restore(ctx, time.Now(), path); err != nil {
		return err
	}
	db, err := store.Open(ctx, "sqlite:"+path)
	if err != nil {
		return err
	}
	return errors.Join(db.Check(ctx), db.Close())
}

// writeSynced writes a file and waits for the disk.
func writeSynced(path string, content []byte) error {
	defer os.Remove(path)
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}
