// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"verlof/internal/pgtest"
)

// operator runs commands on an installation whose databases are on a server of its own.
type operator struct {
	t      *testing.T
	server *pgtest.Own
	data   string
	conf   string
}

// try runs a command, and returns what it printed.
func (o *operator) try(args ...string) (string, error) {
	o.t.Helper()
	var out, said bytes.Buffer
	args = append(args, "--data", o.data, "--database", o.server.URL("verlof"), "--pgbackrest", o.conf, "--base-domain", "leave.example.org")
	err := run(context.Background(), args, os.Environ(), &out, &said)
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, said.String())
	}
	return out.String(), err
}

func (o *operator) run(args ...string) string {
	o.t.Helper()
	out, err := o.try(args...)
	if err != nil {
		o.t.Fatalf("verlof %s: %v", strings.Join(args, " "), err)
	}
	return out
}

// name returns the name of the customer's administrator, which a test changes, as it is now.
func (o *operator) people() string {
	o.t.Helper()
	var shown struct{ People int }
	if err := json.Unmarshal([]byte(o.run("tenant", "show", "acme", "--json")), &shown); err != nil {
		o.t.Fatal(err)
	}
	return strconv.Itoa(shown.People)
}

// TestServers: pgBackRest is set up for a PostgreSQL server as an operator does it; one customer
// has an earlier moment back beside the other, which stays as it is; a byte that is flipped at
// the repository is found.
func TestServers(t *testing.T) {
	server := pgtest.NewOwn(t)
	pgtest.Ask(t, server.URL("postgres"), "CREATE DATABASE verlof")
	repository := server.Folder(t, "repository")
	o := &operator{t, server, t.TempDir(), filepath.Join(server.Folder(t, "etc"), "pgbackrest.conf")}
	setup := func() string {
		return o.run("backup", "setup", "--files", server.Files(), "--socket", server.Socket(), "--port", strconv.Itoa(server.Port()),
			"--superuser", "verlof", "--repository", repository)
	}
	o.run("tenant", "create", "acme", "--name", "Acme", "--admin", "hr@acme.example", "--print-link")
	o.run("tenant", "create", "birch", "--name", "Birch")
	for statement := range strings.Lines(setup()) {
		pgtest.Ask(t, server.URL("postgres"), strings.TrimSpace(statement))
	}
	server.Restart(t)
	setup()
	o.run("backup", "now")
	var states []serverState
	if err := json.Unmarshal([]byte(o.run("backup", "status", "--json")), &states); err != nil {
		t.Fatal(err)
	}
	if len(states) != 1 || states[0].Backups != 2 || states[0].Problem != "" || time.Since(states[0].HandedOn) > time.Minute {
		t.Errorf("status %+v", states)
	}

	before := time.Now()
	pgtest.Ask(t, server.URL(database(t, o)), "UPDATE person SET active = 0 WHERE email <> ''")
	if got := o.people(); got != "0" {
		t.Fatalf("%s people after the mistake", got)
	}
	var m made
	if err := json.Unmarshal([]byte(o.run("restore", "acme", "--to", before.Format(time.RFC3339Nano), "--into", "before", "--json")), &m); err != nil {
		t.Fatal(err)
	}
	if m.Reached.After(before) || len(m.Tables) == 0 || m.Tables[0].Table != "person" {
		t.Errorf("restored %+v, want a difference in person from before %v", m, before)
	}
	if got := o.people(); got != "0" {
		t.Errorf("%s people: the restore changed the database in use", got)
	}
	if _, err := o.try("restore", "acme", "--to", "now", "--into", "before"); err == nil {
		t.Error("restored over a database that is there")
	}
	if _, err := o.try("restore", "acme", "--to", "2020-01-01T00:00:00"); err == nil {
		t.Error("restored what is older than anything kept")
	}
	o.run("restore", "acme", "--use", "before")
	if got := o.people(); got != "1" {
		t.Errorf("%s people once the restored database is in use", got)
	}
	o.run("restore", "acme", "--use", "original")
	if list := o.run("restore", "acme"); !strings.Contains(list, "before") || o.people() != "0" {
		t.Errorf("after the undo: %s", list)
	}
	if out := o.run("backup", "verify"); !strings.Contains(out, "home    0") {
		t.Errorf("verified: %s", out)
	}
	flip(t, repository)
	if out, err := o.try("backup", "verify"); err == nil {
		t.Errorf("a flipped byte is not found: %s", out)
	}
}

// database returns the name of a customer's database.
func database(t *testing.T, o *operator) string {
	t.Helper()
	var shown struct{ Database string }
	if err := json.Unmarshal([]byte(o.run("tenant", "show", "acme", "--json")), &shown); err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(shown.Database, "postgres:")
}

// flip changes a bit in the largest file of a repository.
func flip(t *testing.T, dir string) {
	t.Helper()
	var largest string
	var size int64
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		f, err := e.Info()
		if err == nil && f.Size() > size {
			largest, size = path, f.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(largest)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(largest, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
