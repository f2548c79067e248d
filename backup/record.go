// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"bufio"
	"bytes"
	"compress/flate"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"

	"verlof/errs"
	"verlof/internal/seal"
)

// link names a record for the one after it.
type link [16]byte

func newLink() (l link) {
	_, _ = rand.Read(l[:]) // never fails: crypto/rand ends the program instead
	return l
}

// head is how a record begins; its pages follow.
type head struct {
	Magic    [4]byte
	Self     link
	Prev     link // of an image: zero
	PageSize uint32
	DBPages  uint32 // pages of the database after it
	Pos      walPos // where the write-ahead log was read to
	Pages    uint32 // that follow, each with its number before it
}

var recordMagic = [4]byte{'V', 'R', 'L', '1'}

// deflaters are kept: a new one takes a megabyte.
var deflaters = sync.Pool{New: func() any {
	w, _ := flate.NewWriter(io.Discard, flate.BestSpeed) // fails for levels that do not exist
	return w
}}

// inflaters are kept too: a small record takes less than a new one.
var inflaters = sync.Pool{New: func() any { return flate.NewReader(nil) }}

// inflate returns a reader of what was compressed into src. It goes back to inflaters.
func inflate(src io.Reader) (io.ReadCloser, error) {
	r := inflaters.Get().(io.ReadCloser)
	return r, r.(flate.Resetter).Reset(src, nil)
}

// recordWriter compresses and seals a record.
type recordWriter struct {
	sealed io.WriteCloser
	*flate.Writer
}

// writeRecord begins a record that is sealed under a name into dst.
func writeRecord(w seal.Wrapper, name string, dst io.Writer, h head) (*recordWriter, error) {
	sealed, err := seal.NewWriter(w, name, dst)
	if err != nil {
		return nil, err
	}
	r := &recordWriter{sealed, deflaters.Get().(*flate.Writer)}
	r.Reset(sealed)
	h.Magic = recordMagic
	return r, binary.Write(r, binary.BigEndian, h)
}

// page adds a page.
func (r *recordWriter) page(n uint32, content []byte) error {
	var number [4]byte
	binary.BigEndian.PutUint32(number[:], n)
	if _, err := r.Write(number[:]); err != nil {
		return err
	}
	_, err := r.Write(content)
	return err
}

// end finishes the record.
func (r *recordWriter) end() error {
	err := r.Writer.Close()
	deflaters.Put(r.Writer)
	return errors.Join(err, r.sealed.Close())
}

// changesOf returns a record of what a span of the log wrote.
func changesOf(w seal.Wrapper, name string, log *walFile, s span, h head) ([]byte, error) {
	var out bytes.Buffer
	h.PageSize, h.DBPages, h.Pos, h.Pages = uint32(log.pageSize), s.dbPages, s.end, uint32(len(s.at))
	r, err := writeRecord(w, name, &out, h)
	if err != nil {
		return nil, err
	}
	content := make([]byte, log.pageSize)
	for _, n := range slices.Sorted(maps.Keys(s.at)) {
		if err := log.page(content, s.at[n]); err != nil {
			return nil, err
		}
		if err := r.page(n, content); err != nil {
			return nil, err
		}
	}
	err = r.end()
	return out.Bytes(), err
}

// record is one that is being read.
type record struct {
	head
	plain io.ReadCloser // of inflaters
	from  io.Closer
}

// openRecord opens the record that is kept under a name.
func openRecord(ctx context.Context, at Depot, w seal.Wrapper, name string) (*record, error) {
	src, err := at.Get(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", name, err)
	}
	r, err := readRecord(w, name, src)
	if err != nil {
		return nil, errors.Join(err, src.Close())
	}
	r.from = src
	return r, nil
}

// readRecord reads the beginning of a record that was sealed under a name.
func readRecord(w seal.Wrapper, name string, src io.Reader) (*record, error) {
	sealed, err := seal.NewReader(w, name, bufio.NewReader(src)) // it reads its first line byte by byte
	if err != nil {
		return nil, damaged(name, err)
	}
	plain, err := inflate(sealed)
	if err != nil {
		return nil, damaged(name, err)
	}
	r := &record{plain: plain}
	if err := binary.Read(r.plain, binary.BigEndian, &r.head); err != nil {
		return nil, damaged(name, err)
	}
	if r.Magic != recordMagic || r.PageSize < 512 || r.PageSize > 65536 {
		return nil, damaged(name, errors.New("not a record that this program knows"))
	}
	return r, nil
}

// pages calls fn with each page, and reports an end that is not the record's own.
func (r *record) pages(name string, fn func(n uint32, content []byte) error) error {
	page := make([]byte, 4+r.PageSize)
	for range r.head.Pages {
		if _, err := io.ReadFull(r.plain, page); err != nil {
			return damaged(name, err)
		}
		if err := fn(binary.BigEndian.Uint32(page), page[4:]); err != nil {
			return err
		}
	}
	if n, err := r.plain.Read(page); n > 0 || !errors.Is(err, io.EOF) {
		return damaged(name, errors.Join(err, errors.New("it does not end where it should")))
	}
	inflaters.Put(r.plain) // one that met damage is not kept
	r.plain = nil
	return nil
}

// close lets go of what the record was read from.
func (r *record) close() error {
	if r.from == nil {
		return nil
	}
	return r.from.Close()
}

// damaged says that an object is not what was put there. It keeps apart a key that is not
// known, and a depot that does not answer.
func damaged(name string, err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case seal.UnknownRoot(err):
		return err
	case seal.TakenAway(err):
		return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("%s: %w", name, err),
			Hint: "it was sealed with a key that was taken away by verlof keys prune: restore to a later time"}
	case seal.UnknownKey(err):
		return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("%s: %w", name, err),
			Hint: "no key of that number was made yet, as far as the registry knows: it is older than this copy, or the object was changed"}
	case seal.Damaged(err), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &corrupt):
		return &Damage{name, err}
	}
	return fmt.Errorf("%s: %w", name, err)
}

// Damage is an object that is not what was put there: it was changed, cut short, or belongs
// elsewhere.
type Damage struct {
	Object string
	Err    error
}

func (d *Damage) Error() string { return fmt.Sprintf("%s is damaged: %v", d.Object, d.Err) }

func (d *Damage) Unwrap() error { return d.Err }
