// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"bufio"
	"cmp"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"time"

	"verlof/internal/disk"
	"verlof/internal/seal"
)

// A whole is a database file that the engine wrote anew, row by row, and that needs no other
// object: a copy of another kind, for the day on which something is wrong with how records
// are made or read. Wholes are kept beside the row, and at a place further away.

// whole is one of them.
type whole struct {
	at   time.Time
	seq  uint64 // the record that had been put when it was made: all of that is in it
	name string
	size int64
}

// wholeFolder is where the wholes of a database are kept.
func wholeFolder(id string) string { return path.Join(id, "whole") }

func newWhole(id string, at time.Time, seq uint64) whole {
	return whole{at: at, seq: seq, name: path.Join(wholeFolder(id), fmt.Sprintf("%016x-%016x.db", at.UnixMicro(), seq))}
}

// readWholes lists the wholes of a database, oldest first, and the names that are none.
func readWholes(ctx context.Context, at Depot, id string) (list []whole, strange []string, err error) {
	objects, err := listAt(ctx, at, wholeFolder(id))
	if err != nil {
		return nil, nil, err
	}
	for _, o := range objects {
		var micros, seq uint64
		_, err := fmt.Sscanf(path.Base(o.Name), "%16x-%16x.db", &micros, &seq)
		w := newWhole(id, time.UnixMicro(int64(micros)).UTC(), seq)
		if w.size = o.Size; err != nil || w.name != o.Name {
			strange = append(strange, o.Name)
			continue
		}
		list = append(list, w)
	}
	return list, strange, nil
}

// TakeWholes puts a whole at each place that is to have one. One that fails does not hold
// up the others.
func (l *Log) TakeWholes(ctx context.Context) error {
	var failed []error
	for _, at := range l.copies.Wholes {
		failed = append(failed, l.TakeWhole(ctx, at))
	}
	return errors.Join(failed...)
}

// TakeWhole puts a whole at a depot, which need not be that of the records, unless the
// newest one there holds the same, sealed with the newest key, and takes away those that
// the retention has passed.
func (l *Log) TakeWhole(ctx context.Context, at Depot) error {
	now := l.copies.now().UTC().Truncate(time.Microsecond)
	list, _, err := readWholes(ctx, at, l.id)
	if err != nil {
		return err
	}
	seq := l.Status().Record
	if n := len(list); n == 0 || list[n-1].seq != seq || seq == 0 || !l.byNewest(ctx, at, list[n-1].name) {
		if err := l.putWhole(ctx, at, newWhole(l.id, now, seq)); err != nil {
			return fmt.Errorf("put a whole of %s at %s: %w", l.id, at, err)
		}
	}
	horizon := l.horizon(now)
	for i, w := range list {
		if i+1 < len(list) && list[i+1].at.Before(horizon) {
			if err := at.Delete(ctx, w.name); err != nil {
				return err
			}
		}
	}
	return nil
}

// byNewest is Kept.byNewest for an object of the log.
func (l *Log) byNewest(ctx context.Context, at Depot, name string) bool {
	l.mu.Lock()
	sealer := l.sealer
	l.mu.Unlock()
	return Kept{at, l.id, sealer()}.byNewest(ctx, name)
}

// byNewest reports whether an object is sealed with the key that seals now. One that does not say so is not.
func (k Kept) byNewest(ctx context.Context, name string) bool {
	src, err := k.At.Get(ctx, name)
	if err != nil {
		return false
	}
	defer src.Close()
	ok, err := seal.ByNewest(k.Sealer, bufio.NewReader(src))
	return ok && err == nil
}

func (l *Log) putWhole(ctx context.Context, at Depot, w whole) error {
	l.mu.Lock()
	db, sealer := l.db, l.sealer
	l.mu.Unlock()
	dir, err := disk.PassingFolder(filepath.Dir(db.File()), ".whole-")
	if err != nil {
		return err
	}
	defer dir.Done()
	plain, sealed := filepath.Join(dir.Path, "data.db"), filepath.Join(dir.Path, "sealed")
	if err := db.CopyTo(plain); err != nil {
		return err
	}
	src, err := os.Open(plain)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.OpenFile(sealed, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer dst.Close()
	if err := sealFile(sealer(), w.name, dst, src); err != nil {
		return err
	}
	if _, err := dst.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := at.Put(ctx, w.name, dst); err != nil {
		return err
	}
	_, err = l.copies.gone(ctx, at, l.id)
	return err
}

// sealFile compresses and seals what src holds, under a name.
func sealFile(k seal.Wrapper, name string, dst io.Writer, src io.Reader) error {
	sealed, err := seal.NewWriter(k, name, dst)
	if err != nil {
		return err
	}
	deflater := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(deflater)
	deflater.Reset(sealed)
	_, err = io.Copy(deflater, src)
	return errors.Join(err, deflater.Close(), sealed.Close())
}

// readSealed writes what sealFile sealed under a name to dst, up to its end.
func (k Kept) readSealed(ctx context.Context, name string, dst io.Writer) error {
	src, err := k.At.Get(ctx, name)
	if err != nil {
		return fmt.Errorf("fetch %s: %w", name, err)
	}
	defer src.Close()
	sealed, err := seal.NewReader(k.Sealer, name, bufio.NewReader(src))
	if err != nil {
		return damaged(name, err)
	}
	if _, err := io.Copy(dst, flate.NewReader(sealed)); err != nil {
		return damaged(name, err)
	}
	if n, err := sealed.Read(make([]byte, 1)); n > 0 || !errors.Is(err, io.EOF) {
		return damaged(name, errors.Join(err, io.ErrUnexpectedEOF))
	}
	return nil
}

// RestoreWhole makes a database file at path, which must not exist, of the newest whole that
// is not later than a time and not damaged. Where a later one is damaged, that *Damage is
// returned with it. It reports NotFound where there is none.
func (k Kept) RestoreWhole(ctx context.Context, to time.Time, path string) (Reached, error) {
	list, _, err := readWholes(ctx, k.At, k.ID)
	if err != nil {
		return Reached{}, err
	}
	var found error
	for i := len(list) - 1; i >= 0; i-- {
		w := list[i]
		if w.at.After(to) {
			continue
		}
		err := k.placeWhole(ctx, w, path)
		var d *Damage
		switch {
		case err == nil:
			return Reached{Record: w.seq, At: w.at, Whole: true}, found
		case !errors.As(err, &d):
			return Reached{}, err
		}
		found = cmp.Or(found, err)
	}
	return Reached{}, cmp.Or(found, k.nothing(nil, to))
}

func (k Kept) placeWhole(ctx context.Context, w whole, path string) error {
	draft, passing, err := disk.PassingFile(filepath.Dir(path), ".restore-")
	if err != nil {
		return err
	}
	defer passing.Done() // it has another name by then, or is worth nothing
	err = k.readSealed(ctx, w.name, draft)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	if err := os.Link(draft.Name(), path); err != nil {
		return err
	}
	return disk.SyncFolder(filepath.Dir(path))
}
