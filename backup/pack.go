// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path"
	"time"

	"verlof/internal/disk"
)

// A pack is objects, each with the length of its name, its name, its length and what it is.
// They stay sealed as they were, each under its own name.

// tidy packs the changes that an image follows, and takes away what no moment within the
// retention needs. dir is where a pack may lie until it is put.
func tidy(ctx context.Context, at Depot, id, dir string, horizon time.Time) error {
	r, _, err := readRow(ctx, at, id)
	if err != nil {
		return err
	}
	if err := dropOld(ctx, at, r, horizon); err != nil {
		return err
	}
	return packUp(ctx, at, id, dir, r.loose(horizon))
}

// dropOld takes away what no moment from the horizon on needs.
func dropOld(ctx context.Context, at Depot, r row, horizon time.Time) error {
	old := r.before(horizon)
	if len(old) == 0 {
		return nil
	}
	names := make([]string, len(old))
	for i, e := range old {
		names[i] = e.name
	}
	if err := at.Delete(ctx, names...); err != nil {
		return fmt.Errorf("take away what is too old: %w", err)
	}
	return nil
}

// before returns what is needed for no moment from the horizon on: what lies before the
// newest image that is not later than it.
func (r row) before(horizon time.Time) (old row) {
	keep, ok := r.image(horizon)
	if !ok {
		return nil
	}
	for _, e := range r {
		if e.before(keep) {
			old = append(old, e)
		}
	}
	return old
}

// before reports whether an entry lies before an image.
func (e entry) before(img entry) bool {
	return e.seq < img.seq || e.seq == img.seq && e.kind != image
}

// loose returns the changes that an image follows, but those before the horizon.
func (r row) loose(horizon time.Time) (l row) {
	newest, ok := r.image(time.Unix(1<<40, 0))
	if !ok {
		return nil
	}
	old, _ := r.image(horizon)
	for _, e := range r {
		if e.kind == changes && e.seq > old.seq && e.seq <= newest.seq {
			l = append(l, e)
		}
	}
	return l
}

// packUp puts objects together, run by run without a gap, and takes them away one by one
// once their pack is safe.
func packUp(ctx context.Context, at Depot, id, dir string, list row) error {
	for len(list) > 1 {
		n := 1
		for n < len(list) && list[n].seq <= list[n-1].seq+1 {
			n++
		}
		if n > 1 {
			if err := packRun(ctx, at, id, dir, list[:n]); err != nil {
				return fmt.Errorf("pack: %w", err)
			}
		}
		list = list[n:]
	}
	return nil
}

func packRun(ctx context.Context, at Depot, id, dir string, run row) error {
	spool, passing, err := disk.PassingFile(dir, ".pack-")
	if err != nil {
		return err
	}
	defer passing.Done()
	defer spool.Close()
	names := make([]string, len(run))
	for i, e := range run {
		names[i] = e.name
		if i+1 < len(run) && run[i+1].seq == e.seq {
			continue // the depot said that it failed, and kept it: the one put again holds more
		}
		if err := packOne(ctx, at, e, spool); err != nil {
			return err
		}
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return err
	}
	last := run[len(run)-1]
	if err := at.Put(ctx, newEntry(id, pack, run[0].seq, last.seq, last.at).name, spool); err != nil {
		return err
	}
	return at.Delete(ctx, names...)
}

// packOne adds an object to a pack.
func packOne(ctx context.Context, at Depot, e entry, dst io.Writer) error {
	body, err := at.Get(ctx, e.name)
	if err != nil {
		return err
	}
	name := path.Base(e.name)
	lead := binary.BigEndian.AppendUint16(nil, uint16(len(name)))
	lead = binary.BigEndian.AppendUint64(append(lead, name...), uint64(e.size))
	_, err = dst.Write(lead)
	if err == nil {
		var n int64
		if n, err = io.Copy(dst, body); err == nil && n != e.size {
			err = &Damage{e.name, io.ErrUnexpectedEOF}
		}
	}
	return errors.Join(err, body.Close())
}

// eachPacked calls fn with each record of a pack, in order.
func eachPacked(ctx context.Context, at Depot, id string, p entry, fn func(e entry, body io.Reader) error) error {
	src, err := at.Get(ctx, p.name)
	if err != nil {
		return err
	}
	defer src.Close()
	in := bufio.NewReaderSize(src, 64<<10)
	for {
		e, err := packedEntry(in, id)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return &Damage{p.name, err}
		}
		body := io.LimitReader(in, e.size)
		if err := fn(e, body); err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, body); err != nil {
			return err
		}
	}
}

// packedEntry reads what stands before an object in a pack. It reports io.EOF at the end.
func packedEntry(in io.Reader, id string) (entry, error) {
	var n [2]byte
	if _, err := io.ReadFull(in, n[:]); err != nil {
		return entry{}, err
	}
	lead := make([]byte, int(binary.BigEndian.Uint16(n[:]))+8)
	if _, err := io.ReadFull(in, lead); err != nil {
		return entry{}, io.ErrUnexpectedEOF
	}
	name, size := string(lead[:len(lead)-8]), binary.BigEndian.Uint64(lead[len(lead)-8:])
	e, ok := parseEntry(id, Object{path.Join(rowFolder(id), name), int64(size)})
	if !ok || e.kind != changes {
		return e, fmt.Errorf("not a pack of changes: %q", name)
	}
	return e, nil
}
