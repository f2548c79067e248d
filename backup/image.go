// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"verlof/internal/disk"
	"verlof/internal/seal"
)

// pages are all pages of a database at one moment, while nothing overwrites them: those
// that the write-ahead log has newer, and those of the file.
type pages struct {
	file  *os.File
	log   *walFile // nil: all is in the file
	newer map[uint32]int64
	size  int    // of a page
	count uint32 // of pages
}

var errChanged = errors.New("the write-ahead log is not what it was")

// openPages opens the pages of the database file at path as they are at the end of a log
// that was read up to a place; without a log it is the file alone.
func openPages(path string, w *walFile, upTo walPos) (*pages, error) {
	p := &pages{log: w}
	var err error
	if p.file, err = os.Open(path); err != nil {
		p.release()
		return nil, err
	}
	if w == nil || upTo.Frames == 0 {
		err = p.measure()
	} else {
		var s span
		s, err = w.scan(w.start, upTo.Frames)
		p.newer, p.size, p.count = s.at, w.pageSize, s.dbPages
		if err == nil && s.end != upTo {
			err = errChanged
		}
	}
	if err != nil {
		p.release()
		return nil, err
	}
	return p, nil
}

// measure reads the size of pages from the file's header (section 1.3 of SQLite's file
// format), where 1 stands for 65,536.
func (p *pages) measure() error {
	var head [18]byte
	if _, err := p.file.ReadAt(head[:], 0); err != nil {
		return fmt.Errorf("read database file: %w", err)
	}
	if p.size = int(binary.BigEndian.Uint16(head[16:])); p.size == 1 {
		p.size = 65536
	}
	info, err := p.file.Stat()
	if err == nil && (p.size < 512 || info.Size()%int64(p.size) != 0) {
		err = errors.New("not a database file")
	}
	if err == nil {
		p.count = uint32(info.Size() / int64(p.size))
	}
	return err
}

// each calls fn with every page in order. The content is valid until fn returns.
func (p *pages) each(fn func(n uint32, content []byte) error) error {
	content := make([]byte, p.size)
	for n := uint32(1); n <= p.count; n++ {
		if err := p.read(n, content); err != nil {
			return fmt.Errorf("read page %d: %w", n, err)
		}
		if err := fn(n, content); err != nil {
			return err
		}
	}
	return nil
}

func (p *pages) read(n uint32, content []byte) error {
	if at, ok := p.newer[n]; ok {
		return p.log.page(content, at)
	}
	_, err := p.file.ReadAt(content, int64(n-1)*int64(p.size))
	if errors.Is(err, io.EOF) { // SQLite does not write a page that it does not use
		clear(content)
		return nil
	}
	return err
}

// patience is how long putting all pages may take.
func (p *pages) patience() time.Duration {
	return patience + time.Duration(int64(p.count)*int64(p.size)/slowest)*time.Second
}

// release closes what the pages are read from.
func (p *pages) release() {
	_ = p.file.Close() // both were only read
	if p.log != nil {
		_ = p.log.close()
	}
}

// newImage puts an image as the next record, where changes cannot go on from the last.
func (l *Log) newImage(ctx context.Context, st *heldState) error {
	return l.db.Frozen(func() error {
		p, upTo, err := l.allPages()
		if err != nil {
			return err
		}
		defer p.release()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.patience())
		defer cancel()
		e := newEntry(l.id, image, st.Seq+1, st.Seq+1, l.next(st))
		h := head{Self: newLink(), Pos: upTo}
		if err := l.putImage(ctx, e, h, p); err != nil {
			return err
		}
		st.state = state{Seq: e.seq, At: e.at, Self: h.Self, Pos: upTo, ImageAt: e.at, ImageOf: e.seq}
		if p.log == nil {
			st.Rest = markOf(l.db.File())
		}
		return nil
	})
}

// allPages returns the pages as the last commit left them, and where in the log that ends.
func (l *Log) allPages() (*pages, walPos, error) {
	w, err := openWAL(l.db.File())
	if err != nil {
		return nil, walPos{}, err
	}
	var upTo walPos
	if w != nil {
		s, err := w.scan(w.start, 0)
		if err == nil && !w.whole(s.end) {
			err = errChanged
		}
		if err != nil {
			return nil, walPos{}, errors.Join(err, w.close())
		}
		upTo = s.end
	}
	p, err := openPages(l.db.File(), w, upTo)
	return p, upTo, err
}

// putImage seals pages into a file beside the database and puts that. The customer's data
// is nowhere unsealed but where it is anyway.
func (l *Log) putImage(ctx context.Context, e entry, h head, p *pages) error {
	spool, passing, err := disk.PassingFile(filepath.Dir(l.db.File()), ".image-")
	if err != nil {
		return err
	}
	defer passing.Done()
	defer spool.Close()
	if err := writeImage(l.sealer(), e.name, spool, h, p); err != nil {
		return err
	}
	size, err := spool.Seek(0, io.SeekCurrent)
	if err == nil {
		_, err = spool.Seek(0, io.SeekStart)
	}
	if err == nil {
		err = l.put(ctx, e.name, spool)
	}
	if err != nil {
		return err
	}
	l.bytes.Add(size)
	return nil
}

// writeImage seals all pages into dst.
func writeImage(w seal.Wrapper, name string, dst io.Writer, h head, p *pages) error {
	h.PageSize, h.DBPages, h.Pages = uint32(p.size), p.count, p.count
	r, err := writeRecord(w, name, dst, h)
	if err != nil {
		return err
	}
	if err := p.each(r.page); err != nil {
		return err
	}
	return r.end()
}

// TakeImage puts an image of the database as it is, so that a restore starts from there,
// and packs the changes before it. Commits go on meanwhile.
func (l *Log) TakeImage(ctx context.Context) error {
	return l.db.Frozen(func() error {
		st, p, err := l.current(ctx)
		if err != nil || p == nil {
			return err
		}
		defer p.release()
		e := newEntry(l.id, image, st.Seq, st.Seq, st.At)
		made := l.next(&heldState{})
		if err := l.putImage(ctx, e, head{Self: st.Self, Pos: st.Pos}, p); err != nil {
			return err
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		return l.locked(func(now *heldState) error {
			now.ImageAt, now.ImageOf = made, e.seq
			return nil
		})
	})
}

// current puts what is not there yet and returns the state, and the pages as they are in
// it. It must be called while the database is frozen: the pages stay as they are so long.
// There are none where what it put is an image itself.
func (l *Log) current(ctx context.Context) (st state, p *pages, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	err = l.locked(func(held *heldState) error {
		before := held.ImageOf
		if err := l.carry(ctx, held, false); err != nil {
			return err
		}
		if st = held.state; st.ImageOf != before && st.ImageOf == st.Seq {
			return nil
		}
		w, err := openWAL(l.db.File())
		if err != nil {
			return err
		}
		if w != nil && w.start.Salt != st.Pos.Salt { // all of it is in the file, and nothing came after
			err, w = w.close(), nil
		}
		if err == nil {
			p, err = openPages(l.db.File(), w, st.Pos)
		}
		return err
	})
	return st, p, l.settle(err)
}
