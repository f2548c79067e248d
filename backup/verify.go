// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"verlof/internal/seal"
)

// Verified says what a look at every object of a database came to.
type Verified struct {
	Objects int
	Bytes   int64
	Oldest  time.Time // the first moment that can be had back
	Newest  time.Time // the last
	Damaged []error
	Closed  []Closed // what was sealed with a key that was taken away
	Lost    []error  // what of that would be needed to have the newest state back, or that there is no copy at all
}

// Verify reads every object that is kept of a database to its end, and sees whether each
// record follows the one before it. What is wrong stands in Damaged and Lost; an error says
// that it could not look.
func (k Kept) Verify(ctx context.Context) (Verified, error) {
	return onceMore(func() (Verified, error) { return k.verify(ctx) })
}

func (k Kept) verify(ctx context.Context) (Verified, error) {
	r, strange, err := readRow(ctx, k.At, k.ID)
	if err != nil {
		return Verified{}, err
	}
	c := &checker{kept: k, selves: map[uint64]link{}, shut: map[uint64]bool{}}
	c.strange(strange)
	for _, e := range r {
		if err := ctx.Err(); err != nil {
			return c.Verified, err
		}
		if err := c.see(ctx, e); err != nil {
			return c.Verified, err
		}
	}
	c.follow(r)
	c.reach(r)
	if err := errors.Join(c.elsewhere(ctx), c.wholes(ctx)); err != nil || k.ID != Registry {
		return c.Verified, err
	}
	return c.Verified, c.configs(ctx)
}

// elsewhere finds objects that lie where nobody would look for them.
func (c *checker) elsewhere(ctx context.Context) error {
	known := []string{rowFolder(c.kept.ID), wholeFolder(c.kept.ID), configFolder, epochFolder}
	list, err := c.kept.At.List(ctx, c.kept.ID)
	for _, o := range list {
		if !slices.Contains(known, path.Dir(o.Name)) {
			c.strange([]string{o.Name})
		}
	}
	return err
}

// wholes reads the wholes to their ends.
func (c *checker) wholes(ctx context.Context) error {
	list, strange, err := readWholes(ctx, c.kept.At, c.kept.ID)
	if err != nil {
		return err
	}
	c.strange(strange)
	for i, w := range list {
		if err := c.read(w.name, w.at, w.size, i+1 == len(list), c.kept.readSealed(ctx, w.name, io.Discard)); err != nil {
			return err
		}
	}
	return nil
}

// configs reads what is kept of the configuration to its end.
func (c *checker) configs(ctx context.Context) error {
	list, strange, err := readConfigs(ctx, c.kept.At)
	if err != nil {
		return err
	}
	c.strange(strange)
	for i, k := range list {
		_, err := c.kept.readConfig(ctx, k)
		if err := c.read(k.name, k.at, k.size, i+1 == len(list), err); err != nil {
			return err
		}
	}
	return nil
}

// strange takes objects for damaged that have no name of Verlof's.
func (c *checker) strange(names []string) {
	for _, name := range names {
		c.Damaged = append(c.Damaged, &Damage{name, errors.New("no object of Verlof has such a name")})
	}
}

// read counts an object that was read with an error, which it returns unless it is about the object. Of those that need no
// other one the newest is wanted.
func (c *checker) read(name string, at time.Time, size int64, newest bool, err error) error {
	c.Objects++
	c.Bytes += size
	if seal.TakenAway(err) && newest {
		c.Lost = append(c.Lost, err)
	}
	return c.take(name, at, err)
}

// take notes what is wrong with an object, and returns an error that is not about it.
func (c *checker) take(name string, at time.Time, err error) error {
	var d *Damage
	switch {
	case seal.TakenAway(err):
		c.Closed = append(c.Closed, Closed{name, at, err})
	case seal.UnknownKey(err): // no such key was ever made, as far as anybody knows
		c.Damaged = append(c.Damaged, &Damage{name, err})
	case errors.As(err, &d):
		c.Damaged = append(c.Damaged, err)
	default:
		return err
	}
	return nil
}

// checker looks at the objects of a row.
type checker struct {
	kept Kept
	Verified
	selves map[uint64]link // of the records seen, by number; of two with one number the later
	prevs  []prev
	shut   map[uint64]bool // records that no key opens any more, by number
	image  entry           // the newest that can be opened
}

type prev struct {
	name string
	seq  uint64
	link link
}

// see reads an object of the row, and returns an error that is not about it.
func (c *checker) see(ctx context.Context, e entry) error {
	c.Objects++
	c.Bytes += e.size
	if e.at.After(c.Newest) {
		c.Newest = e.at
	}
	if e.kind == pack {
		return c.take(e.name, e.at, c.seePack(ctx, e))
	}
	err := c.seeRecord(ctx, e)
	switch {
	case seal.TakenAway(err):
		c.shut[e.seq] = true
	case err == nil && e.kind == image:
		c.image = e
		if c.Oldest.IsZero() {
			c.Oldest = e.at
		}
	}
	return c.take(e.name, e.at, err)
}

// seeRecord reads one record to its end.
func (c *checker) seeRecord(ctx context.Context, e entry) error {
	r, err := openRecord(ctx, c.kept.At, c.kept.Sealer, e.name)
	if err != nil {
		return err
	}
	return errors.Join(c.record(r, e), r.close())
}

// seePack reads the records of a pack, also those behind one that no key opens any more, which it reports.
func (c *checker) seePack(ctx context.Context, e entry) error {
	var closed error
	seen := e.first
	err := eachPacked(ctx, c.kept.At, c.kept.ID, e, func(in entry, body io.Reader) error {
		if in.seq != seen {
			return &Damage{e.name, fmt.Errorf("record %d is missing", seen)}
		}
		seen++
		r, err := readRecord(c.kept.Sealer, in.name, body)
		switch {
		case seal.TakenAway(err):
			c.shut[in.seq], closed = true, err
			return nil
		case errors.As(err, new(*Damage)):
			return &Damage{e.name, err}
		case err != nil:
			return err
		}
		return c.record(r, in)
	})
	if err == nil && seen != e.seq+1 {
		err = &Damage{e.name, fmt.Errorf("record %d is missing", seen)}
	}
	return cmp.Or(err, closed)
}

func (c *checker) record(r *record, e entry) error {
	c.selves[e.seq] = r.Self
	if e.kind == changes {
		c.prevs = append(c.prevs, prev{e.name, e.seq, r.Prev})
	}
	return r.pages(e.name, func(uint32, []byte) error { return nil })
}

// follow sees whether each record with changes follows the one before it.
func (c *checker) follow(r row) {
	if len(r) == 0 || len(c.Damaged) > 0 {
		return // what a damaged object leaves open is not damage of others
	}
	for _, p := range c.prevs {
		if self, ok := c.selves[p.seq-1]; !ok && !c.shut[p.seq-1] || ok && self != p.link {
			c.Damaged = append(c.Damaged, &Damage{p.name, errors.New("the record before it is missing, or another one")})
		}
	}
}

// reach sees whether the newest state can be had back without what no key opens any more: from the newest image that can be
// opened, with all that follows it.
func (c *checker) reach(r row) {
	if len(r) == 0 {
		c.Lost = append(c.Lost, fmt.Errorf("%s: there is no copy", rowFolder(c.kept.ID)))
		return
	}
	if len(c.shut) == 0 {
		return
	}
	if c.image.name == "" {
		c.Lost = append(c.Lost, fmt.Errorf("%s: there is no image that a key opens", rowFolder(c.kept.ID)))
		return
	}
	for _, e := range r {
		for n := max(e.first, c.image.seq+1); n <= e.seq; n++ {
			if _, ok := c.selves[n]; c.shut[n] && !ok {
				c.Lost = append(c.Lost, fmt.Errorf("%s: no key opens what follows the newest image that can be opened", e.name))
				break
			}
		}
	}
}

// Closed is an object that was sealed with a key that was taken away: what only it holds cannot be had back.
type Closed struct {
	Object string
	At     time.Time // when what it holds was put
	Err    error
}

// Drill is what a rehearsed restore came to.
type Drill struct {
	Record uint64        // that was restored
	At     time.Time     // when that was put
	Took   time.Duration // restoring and checking it
	Bytes  int64         // of the restored file
}

// Drill restores the newest state into a file in dir, has check look at the file, and
// compares every page of it with the database in use as it was in that state. It reports a
// *Damage where they differ.
func (l *Log) Drill(ctx context.Context, dir string, check func(path string) error) (Drill, error) {
	st, want, err := l.digest(ctx)
	if err != nil {
		return Drill{}, err
	}
	start := time.Now()
	path := filepath.Join(dir, l.id+"-drill.db")
	defer os.Remove(path)
	got, err := Kept{l.copies.Depot, l.id, l.sealer()}.Restore(ctx, st.At, path)
	if err != nil {
		return Drill{}, err
	}
	sum, size, err := fileDigest(path)
	if err != nil {
		return Drill{}, err
	}
	if sum != want || got.Record != st.Seq {
		return Drill{}, &Damage{fmt.Sprintf("%s: record %d", rowFolder(l.id), got.Record),
			errors.New("what was restored is not what the database was in that state")}
	}
	if err := check(path); err != nil {
		return Drill{}, fmt.Errorf("check what was restored: %w", err)
	}
	return Drill{st.Seq, st.At, time.Since(start), size}, nil
}

type digest [sha256.Size]byte

// digest returns the newest state, and the digest of the database's pages in it.
func (l *Log) digest(ctx context.Context) (st state, sum digest, err error) {
	for range 2 { // the first time may put an image, and then there is a state to compare with
		err = l.db.Frozen(func() error {
			var p *pages
			if st, p, err = l.current(ctx); err != nil || p == nil {
				return err
			}
			defer p.release()
			h := sha256.New()
			if err := p.each(func(_ uint32, content []byte) error { _, err := h.Write(content); return err }); err != nil {
				return err
			}
			sum = digest(h.Sum(nil))
			return nil
		})
		if err != nil || sum != (digest{}) {
			return st, sum, err
		}
	}
	return st, sum, errors.New("the database is written by a process that does not copy it")
}

func fileDigest(path string) (digest, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return digest{}, 0, err
	}
	h := sha256.New()
	n, err := io.Copy(h, f)
	return digest(h.Sum(nil)), n, errors.Join(err, f.Close())
}

// Holdings say what is kept of a database, as far as a listing tells.
type Holdings struct {
	Oldest  time.Time // the first moment that can be had back
	Newest  time.Time // when the newest record was put
	Image   time.Time // of the state that the newest image holds
	Whole   time.Time // when the newest whole was made
	Record  uint64    // number of the newest record
	Objects int
	Bytes   int64
}

// Holdings lists what is kept of a database. It reads no object.
func (k Kept) Holdings(ctx context.Context) (h Holdings, err error) {
	r, _, err := readRow(ctx, k.At, k.ID)
	for _, e := range r {
		h.Objects++
		h.Bytes += e.size
		h.Record = max(h.Record, e.seq)
		if e.at.After(h.Newest) {
			h.Newest = e.at
		}
		if e.kind == image {
			h.Image = e.at
			if h.Oldest.IsZero() {
				h.Oldest = e.at
			}
		}
	}
	if err != nil {
		return h, err
	}
	wholes, _, err := readWholes(ctx, k.At, k.ID)
	for _, w := range wholes {
		h.Objects++
		h.Bytes += w.size
		h.Whole = w.at
	}
	if err != nil || k.ID != Registry {
		return h, err
	}
	configs, _, err := readConfigs(ctx, k.At)
	for _, c := range configs {
		h.Objects++
		h.Bytes += c.size
	}
	return h, err
}
