// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"time"

	"verlof/errs"
	"verlof/internal/disk"
	"verlof/internal/seal"
)

// Kept is what a depot keeps of one database.
type Kept struct {
	At     Depot
	ID     string
	Sealer seal.Wrapper
}

// Reached says what a restore came to.
type Reached struct {
	Record  uint64    // number of the newest record in it
	At      time.Time // when that was put: every change acknowledged before is in it
	Next    time.Time // when the first change that is not in it was put; zero: there is none
	Records int       // that were read
	Whole   bool      // it is a whole: changes after it are not in it, whether there were any is not known
}

// Restore makes a database file at path, which must not exist, with the state that the
// database had at a time. It reports NotFound where nothing that old is kept, and a *Damage
// where something that it needs is not what it was: nothing is at path then.
func (k Kept) Restore(ctx context.Context, to time.Time, path string) (Reached, error) {
	b, err := k.build(ctx, path, goal{image: to, to: to})
	if err != nil {
		return Reached{}, err
	}
	return b.reached, nil
}

// RestoreNewest makes a database file at path with the newest state that is whole. Where a
// record is damaged that is the state before it, and the *Damage is returned with it: what
// lies behind cannot be had back. Where no record can be used it is the newest whole. Without
// a state nothing is at path.
func (k Kept) RestoreNewest(ctx context.Context, path string) (Reached, error) {
	r, err := k.newestOfRow(ctx, path)
	var d *Damage
	if r.Record > 0 || err == nil || !errs.Is(err, errs.NotFound) && !errors.As(err, &d) {
		return r, err
	}
	w, failed := k.RestoreWhole(ctx, time.Unix(1<<40, 0), path)
	if w.Whole && errs.Is(err, errs.NotFound) {
		return w, failed // a depot that keeps wholes only
	}
	return w, err
}

func (k Kept) newestOfRow(ctx context.Context, path string) (Reached, error) {
	newest := time.Unix(1<<40, 0)
	g := goal{image: newest, to: newest}
	var found *Damage
	for {
		b, err := k.build(ctx, path, g)
		switch {
		case err == nil && found == nil:
			return b.reached, nil
		case err == nil:
			return b.reached, found
		case errs.Is(err, errs.NotFound) && found != nil: // no image is left to begin with
			return Reached{}, found
		}
		var d *Damage
		if !errors.As(err, &d) {
			return Reached{}, err
		}
		if found == nil {
			found = d
		}
		if b.reached.Record > 0 {
			g.last = b.reached.Record
		} else {
			g.image = b.image.at.Add(-time.Microsecond)
		}
	}
}

// goal is what a restore is to reach.
type goal struct {
	image time.Time // no image of a later state
	to    time.Time // no change put later
	last  uint64    // no record after it; 0: any
}

// onceMore runs f again where an object was gone that was there a moment ago: it was packed meanwhile, and its pack is found
// now.
func onceMore[T any](f func() (T, error)) (T, error) {
	v, err := f()
	var d *Damage
	if errors.Is(err, ErrNoObject) && !errors.As(err, &d) {
		return f()
	}
	return v, err
}

// build makes a database file at path. The builder is returned with an error too, once it
// has an image to begin with.
func (k Kept) build(ctx context.Context, path string, g goal) (*builder, error) {
	return onceMore(func() (*builder, error) { return k.buildOnce(ctx, path, g) })
}

func (k Kept) buildOnce(ctx context.Context, path string, g goal) (*builder, error) {
	if _, err := os.Stat(path); err == nil {
		return nil, errs.Operator("name a file that is not there yet", "there is something at %s already", path)
	}
	r, _, err := readRow(ctx, k.At, k.ID)
	if err != nil {
		return nil, err
	}
	img, ok := r.image(g.image)
	if !ok {
		return nil, k.nothing(r, g.image)
	}
	draft, passing, err := disk.PassingFile(filepath.Dir(path), ".restore-")
	if err != nil {
		return nil, err
	}
	defer passing.Done() // it has another name by then, or is worth nothing
	b := &builder{kept: k, row: r, goal: g, image: img, file: draft}
	err = b.begin(ctx)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return b, fmt.Errorf("restore %s: %w", k.ID, err)
	}
	if err := os.Link(draft.Name(), path); err != nil { // refuses a name that is taken meanwhile
		return b, err
	}
	return b, disk.SyncFolder(filepath.Dir(path))
}

// nothing says that nothing is kept which is as old as that.
func (k Kept) nothing(r row, to time.Time) error {
	e := &errs.Error{Kind: errs.NotFound, Err: fmt.Errorf("%s keeps nothing of %s", k.At, k.ID),
		Hint: "verlof backup status says what is kept where"}
	for _, o := range r {
		if o.kind == image {
			e.Err = fmt.Errorf("%s keeps nothing of %s that is as old as %s", k.At, k.ID, to.UTC().Format(time.RFC3339))
			e.Hint = "the oldest moment that can be had back is " + o.at.Format(time.RFC3339Nano)
			return e
		}
	}
	return e
}

// builder makes a database file of an image and the changes after it.
type builder struct {
	kept    Kept
	row     row
	goal    goal
	image   entry // that it begins with
	file    *os.File
	run     []byte
	self    link // of the newest record in the file
	reached Reached
}

func (b *builder) begin(ctx context.Context) error {
	r, err := openRecord(ctx, b.kept.At, b.kept.Sealer, b.image.name)
	if err != nil {
		return err
	}
	if err := errors.Join(b.apply(r, b.image), r.close()); err != nil {
		return err
	}
	for b.goal.last == 0 || b.reached.Record < b.goal.last {
		step, err := b.step(ctx)
		if err != nil || !step {
			return err
		}
	}
	return nil
}

// apply writes the pages of a record into the file.
func (b *builder) apply(r *record, e entry) error {
	w := pageWriter{file: b.file, size: int64(r.PageSize), run: b.run}
	err := r.pages(e.name, w.page)
	if err == nil {
		err = w.flush()
	}
	if err != nil {
		return err
	}
	b.run, b.self = w.run, r.Self
	b.reached.Record, b.reached.At = e.seq, e.at
	b.reached.Records++
	return b.file.Truncate(int64(r.DBPages) * int64(r.PageSize))
}

// pageWriter writes pages that follow each other at once.
type pageWriter struct {
	file *os.File
	size int64  // of a page
	at   int64  // where the run begins
	run  []byte // not written yet
}

// longRun is how many bytes wait to be written, at most.
const longRun = 256 << 10

func (w *pageWriter) page(n uint32, content []byte) error {
	at := int64(n-1) * w.size
	if len(w.run) > 0 && (at != w.at+int64(len(w.run)) || len(w.run) >= longRun) {
		if err := w.flush(); err != nil {
			return err
		}
	}
	if len(w.run) == 0 {
		w.at = at
	}
	w.run = append(w.run, content...)
	return nil
}

func (w *pageWriter) flush() error {
	_, err := w.file.WriteAt(w.run, w.at)
	w.run = w.run[:0]
	return err
}

// step applies the changes that follow what is in the file. It reports false where none do.
func (b *builder) step(ctx context.Context) (bool, error) {
	next := b.reached.Record + 1
	after := sort.Search(len(b.row), func(i int) bool { return b.row[i].seq > next })
	for i := after - 1; i >= 0 && b.row[i].seq == next; i-- { // of two with one number the later one holds more
		switch e := b.row[i]; {
		case e.kind != changes:
		case e.at.After(b.goal.to):
			b.reached.Next = e.at
		default:
			b.reached.Next = time.Time{}
			return b.loose(ctx, e)
		}
	}
	for _, e := range b.row {
		if e.kind == pack && e.first <= next && next <= e.seq && b.reached.Next.IsZero() {
			return b.unpack(ctx, e)
		}
	}
	return false, b.end(next)
}

// end says what lies after the newest record in the file, and reports a record that is
// missing: where a row breaks off, an image begins it anew.
func (b *builder) end(next uint64) error {
	if !b.reached.Next.IsZero() {
		return nil
	}
	for _, e := range b.row {
		switch {
		case e.seq == next && e.kind == image:
			b.reached.Next = e.at
			return nil
		case e.seq > next:
			return &Damage{fmt.Sprintf("%s: record %d", rowFolder(b.kept.ID), next), ErrNoObject}
		}
	}
	return nil
}

func (b *builder) loose(ctx context.Context, e entry) (bool, error) {
	r, err := openRecord(ctx, b.kept.At, b.kept.Sealer, e.name)
	if err != nil {
		return false, err
	}
	if r.Prev != b.self {
		return false, errors.Join(&Damage{e.name, errors.New("it does not follow the record before it")}, r.close())
	}
	return true, errors.Join(b.apply(r, e), r.close())
}

// unpack applies the records of a pack up to the time.
func (b *builder) unpack(ctx context.Context, p entry) (more bool, err error) {
	err = eachPacked(ctx, b.kept.At, b.kept.ID, p, func(e entry, body io.Reader) error {
		if e.seq <= b.reached.Record {
			return nil
		}
		if e.at.After(b.goal.to) {
			b.reached.Next = e.at
			return errEnough
		}
		if b.goal.last > 0 && e.seq > b.goal.last {
			return errEnough
		}
		r, err := readRecord(b.kept.Sealer, e.name, body)
		if err != nil {
			return err
		}
		if r.Prev != b.self || e.seq != b.reached.Record+1 {
			return &Damage{p.name, fmt.Errorf("%s does not follow the record before it", e.name)}
		}
		return b.apply(r, e)
	})
	if errors.Is(err, errEnough) {
		return false, nil
	}
	if err == nil && b.reached.Record != p.seq {
		err = &Damage{p.name, io.ErrUnexpectedEOF}
	}
	return err == nil, err
}

var errEnough = errors.New("enough")
