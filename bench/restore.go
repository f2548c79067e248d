// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"verlof/backup"
	"verlof/internal/seal"
	"verlof/operate"
	"verlof/store"
	"verlof/tenant"
)

// How restores are measured.
const (
	smallPeople  = 120 // some 3 MB
	restoreRuns  = 5
	restoredSize = 40 // restores of a run
)

// restoring has a customer back many times, on all cores, beside files of as many bytes.
func restoring(ctx context.Context, dir string) (rows []row, err error) {
	at, err := newDepot(dir)
	if err != nil {
		return nil, err
	}
	w, err := newCopiedWorld(ctx, "sqlite:"+filepath.Join(dir, "here"), 0, 0, &backup.Copies{Depot: at, Demand: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if _, err := w.sample(ctx, "small", smallPeople); err != nil {
		return nil, err
	}
	info, key, err := w.CopyKey(ctx, "small")
	if err != nil {
		return nil, err
	}
	err = w.with(ctx, "small", func(t *tenant.Tenant) error {
		copies := &backup.Copies{Depot: at}
		operate.Carry(copies)(info.ID, func() seal.Wrapper { return key }, t.DB())
		return copies.Log(info.ID).Upkeep(ctx, true) // as after each night
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
	return measureRestores(ctx, dir, kept, bytes)
}

// restoreAim is how many customers come back in a second: a thousand in half a minute.
const restoreAim = 1000.0 / 30

// measureRestores has a customer back on all cores, and writes files of the same bytes.
func measureRestores(ctx context.Context, dir string, kept backup.Kept, bytes []byte) ([]row, error) {
	cores := runtime.GOMAXPROCS(0)
	many := row{What: fmt.Sprintf("customers of %.1f MB restored and checked", float64(len(bytes))/1e6), Unit: rate,
		Aim: aim{Least: true, Value: restoreAim}, Bare: "files of as many bytes, written and synced"}
	work := row{What: "each: processor time", Unit: duration, Aim: atMost(float64(cores) * float64(time.Second) / restoreAim), Bare: "its processor time"}
	longest := row{What: "the longest of a run", Unit: duration, Aim: atMost(float64(time.Second)), Bare: "the longest"}
	for n := range restoreRuns {
		var both [2]burst
		var worked [2]time.Duration
		for i, do := range []func(path string) error{
			func(path string) error { return restoreChecked(ctx, kept, path) },
			func(path string) error { return writeSynced(path, bytes) },
		} {
			before := processorTime()
			b, err := together(cores, restoredSize, func(k int) error { return do(filepath.Join(dir, fmt.Sprintf("%d-%d-%d.db", n, i, k))) })
			if err != nil {
				return nil, err
			}
			both[i], worked[i] = b, processorTime()-before
		}
		many.add(both[0].rate, both[1].rate)
		work.add(float64(worked[0])/restoredSize, float64(worked[1])/restoredSize)
		longest.add(slices.Max(both[0].times), slices.Max(both[1].times))
	}
	return []row{many, work, longest}, nil
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
