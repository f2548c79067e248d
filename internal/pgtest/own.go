// SPDX-License-Identifier: Apache-2.0

package pgtest

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Own is a cluster that one test has for itself, and may set up and start anew.
type Own struct {
	bin programs
	dir string
	who *syscall.Credential
	now *running

	port int // of the server that runs, or did last
}

// NewOwn returns a cluster that ends with the test.
func NewOwn(t testing.TB) *Own {
	t.Helper()
	bin, err := binaries()
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v\n%s", err, missing)
	}
	o := &Own{bin: bin}
	if o.dir, err = os.MkdirTemp("", "verlof-pgtest-"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if o.now != nil {
			_ = o.now.stop(o.dir)
		}
		if err := os.RemoveAll(o.dir); err != nil {
			t.Error(err)
		}
	})
	if o.who, err = unprivileged(o.dir); err == nil {
		err = initialise(bin, o.dir, o.who)
	}
	if err == nil {
		o.now, err = serve(bin, o.dir, o.who)
	}
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// Restart ends the server and starts it, at another port.
func (o *Own) Restart(t testing.TB) {
	t.Helper()
	o.stop(t)
	o.Start(t)
}

// Lose ends the server and takes its files away: an empty folder is left.
func (o *Own) Lose(t testing.TB) {
	t.Helper()
	o.stop(t)
	if err := os.RemoveAll(o.Files()); err != nil {
		t.Fatal(err)
	}
	o.Folder(t, "data")
}

// Start starts the server, at another port.
func (o *Own) Start(t testing.TB) {
	t.Helper()
	var err error
	if o.now, err = serve(o.bin, o.dir, o.who); err != nil {
		t.Fatal(err)
	}
}

func (o *Own) stop(t testing.TB) {
	t.Helper()
	err := o.now.stop(o.dir)
	o.port, o.now = o.now.port, nil
	if err != nil {
		t.Fatal(err)
	}
}

// URL returns the address of a database, as a superuser.
func (o *Own) URL(database string) string {
	return (&url.URL{Scheme: "postgres", User: url.User("verlof"), Host: fmt.Sprintf("127.0.0.1:%d", o.Port()), Path: "/" + database}).String()
}

// Port returns the server's port, Socket the folder of its socket, Files that of its files.
func (o *Own) Port() int {
	if o.now != nil {
		return o.now.port
	}
	return o.port
}

// Socket returns the folder of the server's socket.
func (o *Own) Socket() string { return o.dir }

// Files returns the folder of the server's files.
func (o *Own) Files() string { return filepath.Join(o.dir, "data") }

// Folder makes a folder that the server's user may write.
func (o *Own) Folder(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(o.dir, name)
	err := os.Mkdir(path, 0o700)
	if err == nil && o.who != nil {
		err = os.Chown(path, int(o.who.Uid), int(o.who.Gid))
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}
