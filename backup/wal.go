// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// SQLite's write-ahead log is a header of 32 bytes and frames: a header of 24 bytes and a
// page. Its checksums run on from frame to frame
// (https://www.sqlite.org/fileformat2.html#the_write_ahead_log).
const (
	walHeader   = 32
	frameHeader = 24
	walMagic    = 0x377f0682 // the lowest bit says that checksums read words big-endian
)

// walPos is a place in a write-ahead log at which a commit ended. SQLite writes a log anew
// from its beginning once all of it is in the file: it has other salts then.
type walPos struct {
	Salt   [2]uint32 // zero: no log was seen
	Frames uint32    // of the log up to here
	Sum    [2]uint32 // of all up to here
}

// walFile is an open write-ahead log.
type walFile struct {
	f        *os.File
	pageSize int
	order    binary.ByteOrder
	start    walPos
	end      walPos // of the last commit that was made
	bounded  bool   // end is known; else all that is there was committed
}

var (
	errWAL   = errors.New("not a write-ahead log that this program knows")
	errMoves = errors.New("the write-ahead log is begun anew all the time")
)

// openWAL opens the log of the database file at path. It returns nil where there is none,
// nothing in it, or nothing that the file lacks.
func openWAL(path string) (*walFile, error) {
	for range indexTries {
		w, err := openLog(path)
		if w == nil || err != nil {
			return nil, err
		}
		i, err := readIndex(path)
		if err != nil {
			return nil, errors.Join(err, w.close())
		}
		if w.upTo(i) {
			return w, nil
		}
		if err := w.close(); err != nil || i.end.Frames == 0 {
			return nil, err
		}
	}
	return nil, errMoves
}

// upTo takes in what the index says. It reports false where that is of another log. Where
// nothing of that one is committed, all that ever was is in the file: SQLite begins a log anew in
// the index first, and what its old one still holds may be a commit that was never made.
func (w *walFile) upTo(i walIndex) bool {
	switch {
	case !i.known: // nobody has the database open
	case i.end.Salt != w.start.Salt:
		return false
	case i.end.Frames == 0: // its first commit is under way
		w.end, w.bounded = w.start, true
	default:
		w.end, w.bounded = i.end, true
	}
	return true
}

// holds reports whether a place is one of this log still, at or before the end of the last commit.
// A commit that was seen and never made leaves its place to others.
func (w *walFile) holds(p walPos) bool {
	switch {
	case !w.bounded:
		return true
	case p.Frames > w.end.Frames:
		return false
	case p.Frames == 0:
		return p == w.start
	}
	head := make([]byte, frameHeader)
	if _, err := w.f.ReadAt(head, walHeader+int64(p.Frames-1)*int64(frameHeader+w.pageSize)); err != nil {
		return false
	}
	return p.Sum == [2]uint32{binary.BigEndian.Uint32(head[16:]), binary.BigEndian.Uint32(head[20:])}
}

// openLog is openWAL without asking how far it was committed.
func openLog(path string) (*walFile, error) {
	f, err := os.Open(path + "-wal")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	w := &walFile{f: f, order: binary.LittleEndian}
	head := make([]byte, walHeader)
	_, err = io.ReadFull(f, head)
	if errors.Is(err, io.EOF) {
		return nil, f.Close()
	}
	if err == nil {
		err = w.readHeader(head)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return w, nil
}

func (w *walFile) readHeader(head []byte) error {
	word := func(i int) uint32 { return binary.BigEndian.Uint32(head[4*i:]) }
	if word(0)&^1 != walMagic || word(1) != 3007000 {
		return errWAL
	}
	if word(0)&1 == 1 {
		w.order = binary.BigEndian
	}
	w.pageSize = int(word(2))
	w.start = walPos{Salt: [2]uint32{word(4), word(5)}, Sum: w.sum([2]uint32{}, head[:24])}
	if w.start.Sum != [2]uint32{word(6), word(7)} || w.pageSize < 512 || w.pageSize > 65536 {
		return errWAL
	}
	return nil
}

// sum goes on with a checksum over b, whose length is a multiple of 8.
func (w *walFile) sum(s [2]uint32, b []byte) [2]uint32 {
	if w.order == binary.LittleEndian { // nearly always: without the interface, three times as fast
		for ; len(b) >= 8; b = b[8:] {
			s[0] += binary.LittleEndian.Uint32(b) + s[1]
			s[1] += binary.LittleEndian.Uint32(b[4:]) + s[0]
		}
		return s
	}
	for ; len(b) >= 8; b = b[8:] {
		s[0] += w.order.Uint32(b) + s[1]
		s[1] += w.order.Uint32(b[4:]) + s[0]
	}
	return s
}

// span is what commits between two places of a log wrote.
type span struct {
	end     walPos
	dbPages uint32           // how long the database is after it; 0: nothing was committed
	at      map[uint32]int64 // the newest content of each page: where it stands in the log
}

// scan reads the log from a place up to the end of its last commit: one that is being made is
// not read. It stops where the log does not go on from there, and after so many frames of the log; 0
// is no bound.
func (w *walFile) scan(from walPos, frames uint32) (span, error) {
	s := span{end: from, at: map[uint32]int64{}}
	offset := walHeader + int64(from.Frames)*int64(frameHeader+w.pageSize)
	if _, err := w.f.Seek(offset, io.SeekStart); err != nil {
		return s, err
	}
	if w.bounded && (frames == 0 || frames > w.end.Frames) {
		if frames = w.end.Frames; from.Frames >= frames {
			return s, nil
		}
	}
	frame := make([]byte, frameHeader+w.pageSize)
	fresh := map[uint32]int64{} // not committed yet
	for at := from; frames == 0 || at.Frames < frames; offset += int64(len(frame)) {
		_, err := io.ReadFull(w.f, frame)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return s, nil
		}
		if err != nil {
			return s, fmt.Errorf("read write-ahead log: %w", err)
		}
		word := func(i int) uint32 { return binary.BigEndian.Uint32(frame[4*i:]) }
		at.Sum = w.sum(w.sum(at.Sum, frame[:8]), frame[frameHeader:])
		if at.Salt != [2]uint32{word(2), word(3)} || at.Sum != [2]uint32{word(4), word(5)} {
			return s, nil // left from before the log was written anew
		}
		at.Frames++
		fresh[word(0)] = offset + frameHeader
		if pages := word(1); pages != 0 {
			for n, where := range fresh {
				s.at[n] = where
			}
			clear(fresh)
			s.end, s.dbPages = at, pages
		}
	}
	return s, nil
}

// page reads a page at a place that scan found.
func (w *walFile) page(into []byte, at int64) error {
	_, err := w.f.ReadAt(into, at)
	return err
}

// whole reports whether what was read up to a place is all that was committed.
func (w *walFile) whole(p walPos) bool { return !w.bounded || p == w.end }

func (w *walFile) close() error { return w.f.Close() }
