// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
	"runtime"
)

// The index of a write-ahead log, a file that the processes share which have the database open, begins
// with a head of 48 bytes, twice, in the machine's order of bytes
// (https://www.sqlite.org/walformat.html#the_wal_index_file_format). SQLite writes it once a commit is
// safe on disk. What stands in the log behind that is a commit under way: it may never be made, and
// others be written over it.
const (
	indexHead    = 48
	indexVersion = 3007000
	indexTries   = 1000 // a head that is being written is there in a moment
)

// walIndex is what the head of an index says.
type walIndex struct {
	known bool   // there is one
	end   walPos // of the last commit; without frames only the salt is of use
}

var errIndex = errors.New("the index of the write-ahead log cannot be read")

// readIndex reads the index of the log of the database file at path. Where nobody has that
// open there may be none.
func readIndex(path string) (i walIndex, err error) {
	f, err := os.Open(path + "-shm")
	if errors.Is(err, fs.ErrNotExist) {
		return i, nil
	}
	if err != nil {
		return i, err
	}
	defer f.Close()
	both := make([]byte, 2*indexHead)
	for range indexTries {
		_, err := f.ReadAt(both, 0)
		if errors.Is(err, io.EOF) {
			return i, nil
		}
		if err != nil {
			return i, err
		}
		if end, ok := parseIndex([indexHead]byte(both), [indexHead]byte(both[indexHead:])); ok {
			return walIndex{true, end}, nil
		}
		runtime.Gosched()
	}
	return i, errIndex
}

// parseIndex reads a head. It reports false for one that is being written.
func parseIndex(head, again [indexHead]byte) (end walPos, ok bool) {
	word := func(n int) uint32 { return binary.NativeEndian.Uint32(head[4*n:]) }
	native := walFile{order: binary.NativeEndian}
	ready := head[12] != 0
	if head != again || !ready || word(0) != indexVersion || native.sum([2]uint32{}, head[:40]) != [2]uint32{word(10), word(11)} {
		return end, false
	}
	return walPos{ // the salt as it stands in the log
		Salt:   [2]uint32{binary.BigEndian.Uint32(head[32:]), binary.BigEndian.Uint32(head[36:])},
		Frames: word(4), Sum: [2]uint32{word(6), word(7)},
	}, true
}
