// SPDX-License-Identifier: Apache-2.0

// Package pgtest owns the PostgreSQL server that tests run against: one
// throw-away cluster per test process, on a loopback port of its own, gone when
// the process is gone, however it ended. It refuses to skip: without PostgreSQL
// a test that needs it fails and says what to install.
//
// Set VERLOF_TEST_POSTGRES to the URL of a running server, as a role that may
// create databases, and that server is used instead.
package pgtest

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

const missing = "apt-get install postgresql, or set VERLOF_TEST_POSTGRES=postgres://..."

var (
	server  = sync.OnceValues(find)
	created atomic.Int64
)

// place is a running server and the client program to reach it with.
type place struct {
	url  *url.URL
	psql string
	kept bool // the server outlives us, so our databases must go

	swiftly string // how CREATE DATABASE copies files; empty: the server has one way alone
}

// hasten has databases copied file by file, where the server, from PostgreSQL 15 on, would otherwise write each page into its
// log: in memory that takes three times as long. On a disk it is the other way about: each of the files is synced.
func (s *place) hasten() error {
	out, err := asked(s.psql, s.url.String(), "SELECT current_setting('server_version_num')::int >= 150000")
	if err != nil {
		return err
	}
	if out == "t" {
		s.swiftly = " STRATEGY file_copy"
	}
	return nil
}

// URL returns the address of a new, empty database that is the test's alone.
// Text in it sorts by bytes, as in SQLite.
func URL(t testing.TB) string {
	t.Helper()
	s, err := server()
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v\n%s", err, missing)
	}
	name := fmt.Sprintf("verlof_test_%d_%d", os.Getpid(), created.Add(1))
	if err := s.run("CREATE DATABASE " + name +
		" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'" + s.swiftly + ";"); err != nil {
		t.Fatal(err)
	}
	if s.kept {
		t.Cleanup(func() {
			if err := s.run(fmt.Sprintf(dropAll, name)); err != nil {
				t.Error(err)
			}
		})
	}
	u := *s.url
	u.Path = "/" + name
	return u.String()
}

// Ask sends a statement to a database, and returns what it yields: one value.
func Ask(t testing.TB, address, query string) string {
	t.Helper()
	s, err := server()
	if err != nil {
		t.Fatal(err)
	}
	return ask(t, s.psql, address, query)
}

func ask(t testing.TB, psql, address, query string) string {
	t.Helper()
	out, err := asked(psql, address, query)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func asked(psql, address, query string) (string, error) {
	out, err := exec.Command(psql, "-X", "-A", "-t", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-d", address, "-c", query).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("psql: %s: %w: %s", query, err, out)
	}
	return strings.TrimSpace(string(out)), nil
}

// dropAll drops a database, and those that the test made itself under its name, with the roles
// that it made under it.
const dropAll = `SELECT format('DROP DATABASE %%I WITH (FORCE)', datname) FROM pg_database
WHERE datname = '%[1]s' OR starts_with(datname, '%[1]s_') \gexec
SELECT format('DROP ROLE %%I', rolname) FROM pg_roles WHERE starts_with(rolname, '%[1]s_') \gexec`

// find returns the server that the environment names, or a cluster of our own.
func find() (*place, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	given := os.Getenv("VERLOF_TEST_POSTGRES")
	if given == "" {
		return start(bin)
	}
	u, err := url.Parse(given)
	if err != nil {
		return nil, fmt.Errorf("VERLOF_TEST_POSTGRES is not a URL")
	}
	return &place{url: u, psql: bin.psql, kept: true}, nil
}

// run sends a statement to the server.
func (s *place) run(statement string) error {
	cmd := exec.Command(s.psql, "-X", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-d", s.url.String())
	cmd.Stdin = strings.NewReader(statement + "\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("psql: %s: %w: %s", statement, err, strings.TrimSpace(string(out)))
	}
	return nil
}
