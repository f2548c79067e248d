// SPDX-License-Identifier: Apache-2.0

package pgtest

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

// Superuser is that of a cluster that one test has for itself, as Debian calls it.
const Superuser = "postgres"

// Own is a cluster that one test has for itself, and may set up and start anew.
type Own struct {
	bin programs
	dir string
	who *syscall.Credential
	now *running

	port int // of the server that runs, or did last
}

// careless has the server wait for no disk: the test is over where the machine fails.
var careless = []string{"-c", "fsync=off"}

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
		err = initialise(bin, o.dir, o.who, Superuser)
	}
	if err == nil {
		o.now, err = serve(bin, o.dir, o.who, careless...)
	}
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// Restart ends the server and starts it, at another port.
func (o *Own) Restart(t testing.TB) {
	t.Helper()
	o.Stop(t)
	o.Start(t)
}

// Start starts the server, at another port.
func (o *Own) Start(t testing.TB) {
	t.Helper()
	var err error
	if o.now, err = serve(o.bin, o.dir, o.who, careless...); err != nil {
		t.Fatal(err)
	}
}

// Stop ends the server.
func (o *Own) Stop(t testing.TB) {
	t.Helper()
	err := o.now.stop(o.dir)
	o.port, o.now = o.now.port, nil
	if err != nil {
		t.Fatal(err)
	}
}

// Ask sends a statement to a database as the superuser, and returns what it yields: one value.
func (o *Own) Ask(t testing.TB, database, query string) string {
	t.Helper()
	return ask(t, o.bin.psql, o.URL(Superuser, database), query)
}

// URL returns the address of a database, as some role.
func (o *Own) URL(role, database string) string {
	return (&url.URL{Scheme: "postgres", User: url.User(role), Host: fmt.Sprintf("127.0.0.1:%d", o.Port()), Path: "/" + database}).String()
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

// Exec runs a program as the server's user, and returns what it prints.
func (o *Own) Exec(t testing.TB, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.SysProcAttr = o.dir, &syscall.SysProcAttr{Credential: o.who}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v: %s", name, args, err, out)
	}
	return string(out)
}

// Follow has a program follow the server's log as a standby does, under a name, until the test ends or stop is called.
func (o *Own) Follow(t testing.TB, name string) (stop func()) {
	t.Helper()
	cmd := exec.Command(o.bin.receive, "--directory", o.Folder(t, "log-of-"+name),
		"--dbname", fmt.Sprintf("host=127.0.0.1 port=%d user=%s application_name=%s", o.Port(), Superuser, name))
	cmd.Dir, cmd.SysProcAttr = o.dir, &syscall.SysProcAttr{Credential: o.who, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
	t.Cleanup(stop)
	return stop
}
