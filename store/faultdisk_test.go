// SPDX-License-Identifier: Apache-2.0

package store

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// faultDisk stands between SQLite and the files of a folder: it fails an operation, and it
// remembers what was not synced, so that the power can be cut. It is SQLite's VFS, the one for
// files with some of its methods replaced (https://www.sqlite.org/vfs.html).
type faultDisk struct {
	mu   sync.Mutex
	dir  string        // of the files that it is for
	ops  int           // so far
	fail int           // the number of the operation that fails; 0: none
	all  bool          // and all after it
	full bool          // there is no room: every write fails
	none bool          // not even for the index of the log, which SQLite makes when it opens a database
	hang chan struct{} // no sync returns before it is closed; nil: each does
	mute chan struct{} // nor does any read
	each func()        // is called before each operation, while nothing else happens
	safe map[string]*safeFile
	open map[uintptr]string // paths of open files, by SQLite's handle
}

// safeFile is a file as it is on the disk for certain, and what was written since.
type safeFile struct {
	content []byte
	since   []written
}

// written is content at an offset; nil: the file was cut there.
type written struct {
	at      int64
	content []byte
}

var theDisk struct {
	sync.Mutex
	now     *faultDisk // nil: everything passes through
	vfs     uintptr    // ours; made once
	unix    sqlite3.Tsqlite3_vfs
	tls     *libc.TLS
	methods map[uintptr]uintptr // ours, by those of the real ones
	real    map[uintptr]sqlite3.Tsqlite3_io_methods
}

// newFaultDisk has SQLite reach the files of a folder through a disk that can fail, until the
// test ends. Tests with one do not run beside each other.
func newFaultDisk(t *testing.T, dir string) *faultDisk {
	t.Helper()
	f := &faultDisk{dir: dir, safe: map[string]*safeFile{}, open: map[uintptr]string{}}
	for _, name := range []string{"data.db", "data.db-wal"} {
		if content, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
			f.safe[filepath.Join(dir, name)] = &safeFile{content: content}
		}
	}
	theDisk.Lock()
	defer theDisk.Unlock()
	if theDisk.vfs == 0 {
		theDisk.tls = libc.NewTLS()
		theDisk.methods, theDisk.real = map[uintptr]uintptr{}, map[uintptr]sqlite3.Tsqlite3_io_methods{}
		theDisk.unix = *at[sqlite3.Tsqlite3_vfs](sqlite3.Xsqlite3_vfs_find(theDisk.tls, 0))
		theDisk.vfs = made(theDisk.unix)
		ours := at[sqlite3.Tsqlite3_vfs](theDisk.vfs)
		name, err := libc.CString("fault")
		if err != nil {
			t.Fatal(err)
		}
		ours.FzName, ours.FpNext = name, 0
		ours.FxOpen, ours.FxDelete = function(openFaulty), function(deleteFaulty)
	}
	unix := sqlite3.Xsqlite3_vfs_find(theDisk.tls, 0)
	if code := sqlite3.Xsqlite3_vfs_register(theDisk.tls, theDisk.vfs, 1); code != 0 {
		t.Fatalf("register: %d", code)
	}
	theDisk.now = f
	t.Cleanup(func() {
		theDisk.Lock()
		defer theDisk.Unlock()
		theDisk.now = nil
		sqlite3.Xsqlite3_vfs_unregister(theDisk.tls, theDisk.vfs)
		sqlite3.Xsqlite3_vfs_register(theDisk.tls, unix, 1)
	})
	return f
}

// at is what lies at an address outside of Go's memory.
func at[T any](p uintptr) *T { return *(**T)(unsafe.Pointer(&p)) }

// made puts a value outside of Go's memory.
func made[T any](v T) uintptr {
	p := libc.Xmalloc(theDisk.tls, libc.Tsize_t(unsafe.Sizeof(v)))
	*at[T](p) = v
	return p
}

// function is the address of a function as SQLite's methods hold them.
func function(f any) uintptr { return (*[2]uintptr)(unsafe.Pointer(&f))[1] }

// call is the function at such an address.
func call[F any](p uintptr) F {
	return *(*F)(unsafe.Pointer(&struct{ p uintptr }{p}))
}

type (
	opening  = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32
	deleting = func(tls *libc.TLS, vfs, name uintptr, sync int32) int32
	moving   = func(tls *libc.TLS, file, buffer uintptr, n int32, at int64) int32 // reads and writes
	cutting  = func(tls *libc.TLS, file uintptr, size int64) int32
	syncing  = func(tls *libc.TLS, file uintptr, flags int32) int32
	closing  = func(tls *libc.TLS, file uintptr) int32
	mapping  = func(tls *libc.TLS, file uintptr, region, size, extend int32, out uintptr) int32
)

// next counts an operation on a file, and reports whether it fails.
func (f *faultDisk) next() bool {
	if f.each != nil {
		f.each()
	}
	f.ops++
	return f.fail > 0 && (f.ops == f.fail || f.all && f.ops > f.fail)
}

// disk returns the one that a path belongs to, held; nil where it is none of its own.
func diskOf(path string) *faultDisk {
	theDisk.Lock()
	f := theDisk.now
	theDisk.Unlock()
	if f == nil || !strings.HasPrefix(path, f.dir) {
		return nil
	}
	f.mu.Lock()
	return f
}

// fileOf returns the disk of an open file, held, with the file's path.
func fileOf(file uintptr) (*faultDisk, string) {
	theDisk.Lock()
	f := theDisk.now
	theDisk.Unlock()
	if f == nil {
		return nil, ""
	}
	f.mu.Lock()
	if path, ok := f.open[file]; ok {
		return f, path
	}
	f.mu.Unlock()
	return nil, ""
}

func realOf(file uintptr) sqlite3.Tsqlite3_io_methods {
	theDisk.Lock()
	defer theDisk.Unlock()
	return theDisk.real[at[sqlite3.Tsqlite3_file](file).FpMethods]
}

func openFaulty(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32 {
	path := ""
	if name != 0 {
		path = libc.GoString(name)
	}
	f := diskOf(path)
	if f != nil {
		defer f.mu.Unlock()
		if f.next() {
			at[sqlite3.Tsqlite3_file](file).FpMethods = 0
			return sqlite3.SQLITE_CANTOPEN
		}
	}
	code := call[opening](theDisk.unix.FxOpen)(tls, vfs, name, file, flags, out)
	if code != 0 || f == nil {
		return code
	}
	f.open[file] = path
	if f.safe[path] == nil {
		content, _ := os.ReadFile(path)
		f.safe[path] = &safeFile{content: content}
	}
	replaceMethods(at[sqlite3.Tsqlite3_file](file))
	return code
}

// replaceMethods has a file use ours, where there are some.
func replaceMethods(file *sqlite3.Tsqlite3_file) {
	theDisk.Lock()
	defer theDisk.Unlock()
	ours := theDisk.methods[file.FpMethods]
	if ours == 0 {
		real := *at[sqlite3.Tsqlite3_io_methods](file.FpMethods)
		m := real
		m.FxRead, m.FxWrite, m.FxTruncate = function(readFaulty), function(writeFaulty), function(truncateFaulty)
		m.FxSync, m.FxClose = function(syncFaulty), function(closeFaulty)
		m.FxShmMap = function(mapFaulty)
		ours = made(m)
		theDisk.methods[file.FpMethods], theDisk.real[ours] = ours, real
	}
	file.FpMethods = ours
}

func deleteFaulty(tls *libc.TLS, vfs, name uintptr, sync int32) int32 {
	path := libc.GoString(name)
	if f := diskOf(path); f != nil {
		defer f.mu.Unlock()
		if f.next() {
			return sqlite3.SQLITE_IOERR_DELETE
		}
		delete(f.safe, path)
	}
	return call[deleting](theDisk.unix.FxDelete)(tls, vfs, name, sync)
}

func readFaulty(tls *libc.TLS, file, buffer uintptr, n int32, off int64) int32 {
	if f, _ := fileOf(file); f != nil {
		defer f.mu.Unlock()
		if f.next() {
			return sqlite3.SQLITE_IOERR_READ
		}
		if gate := f.mute; gate != nil {
			f.mu.Unlock()
			<-gate
			f.mu.Lock()
		}
	}
	return call[moving](realOf(file).FxRead)(tls, file, buffer, n, off)
}

func writeFaulty(tls *libc.TLS, file, buffer uintptr, n int32, off int64) int32 {
	if f, path := fileOf(file); f != nil {
		defer f.mu.Unlock()
		if f.next() {
			return sqlite3.SQLITE_IOERR_WRITE
		}
		if f.full {
			return sqlite3.SQLITE_FULL
		}
		if s := f.safe[path]; s != nil {
			s.since = append(s.since, written{off, append([]byte{}, unsafe.Slice(at[byte](buffer), n)...)})
		}
	}
	return call[moving](realOf(file).FxWrite)(tls, file, buffer, n, off)
}

func mapFaulty(tls *libc.TLS, file uintptr, region, size, extend int32, out uintptr) int32 {
	if f, path := fileOf(file); f != nil {
		defer f.mu.Unlock()
		if f.none && extend != 0 {
			if there, err := os.Stat(path + "-shm"); err != nil || there.Size() < int64(region+1)*int64(size) {
				return sqlite3.SQLITE_IOERR_SHMSIZE
			}
		}
	}
	return call[mapping](realOf(file).FxShmMap)(tls, file, region, size, extend, out)
}

func truncateFaulty(tls *libc.TLS, file uintptr, size int64) int32 {
	if f, path := fileOf(file); f != nil {
		defer f.mu.Unlock()
		if f.next() {
			return sqlite3.SQLITE_IOERR_TRUNCATE
		}
		if s := f.safe[path]; s != nil {
			s.since = append(s.since, written{at: size})
		}
	}
	return call[cutting](realOf(file).FxTruncate)(tls, file, size)
}

func syncFaulty(tls *libc.TLS, file uintptr, flags int32) int32 {
	if f, path := fileOf(file); f != nil {
		defer f.mu.Unlock()
		if f.next() {
			return sqlite3.SQLITE_IOERR_FSYNC
		}
		if gate := f.hang; gate != nil {
			f.mu.Unlock()
			<-gate
			f.mu.Lock()
		}
		if s := f.safe[path]; s != nil {
			s.settle(func() bool { return true })
		}
	}
	return call[syncing](realOf(file).FxSync)(tls, file, flags)
}

func closeFaulty(tls *libc.TLS, file uintptr) int32 {
	real := realOf(file)
	if f, _ := fileOf(file); f != nil {
		delete(f.open, file)
		f.mu.Unlock()
	}
	return call[closing](real.FxClose)(tls, file)
}

// sector is what a disk writes whole or not at all.
const sector = 512

// settle makes what was written since part of the file, sector by sector as keep says.
func (s *safeFile) settle(keep func() bool) {
	for _, w := range s.since {
		if w.content == nil {
			if int64(len(s.content)) > w.at && keep() {
				s.content = s.content[:w.at]
			}
			continue
		}
		for i := 0; i < len(w.content); i += sector {
			if !keep() {
				continue
			}
			part := w.content[i:min(i+sector, len(w.content))]
			end := int(w.at) + i + len(part)
			if end > len(s.content) {
				s.content = append(s.content, make([]byte, end-len(s.content))...)
			}
			copy(s.content[int(w.at)+i:], part)
		}
	}
	s.since = nil
}

// cut writes the files into a folder as they may be after a power cut at this moment: what was
// synced, and of what was not none (1), or any sectors (2).
func (f *faultDisk) cut(dir string, rng *rand.Rand) error {
	some := rng.IntN(2) == 1
	for path, s := range f.safe {
		if strings.HasSuffix(path, "-shm") {
			continue // it is made anew
		}
		c := &safeFile{content: append([]byte{}, s.content...), since: s.since}
		c.settle(func() bool { return some && rng.IntN(3) > 0 })
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(path)), c.content, 0o600); err != nil {
			return err
		}
	}
	return nil
}
