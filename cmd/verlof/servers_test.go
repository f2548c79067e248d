// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"verlof/backup"
	"verlof/internal/pgtest"
	"verlof/operate"
	"verlof/store"
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
	t.Parallel()
	server := pgtest.NewOwn(t)
	pgtest.Ask(t, server.URL("postgres"), "CREATE DATABASE verlof")
	etc := server.Folder(t, "etc")
	repository := server.Folder(t, "repository")
	o := &operator{t, server, t.TempDir(), filepath.Join(etc, "pgbackrest.conf")}
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

	drillServers(t, o)
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
	o.run("tenant", "create", "late", "--name", "Late") // after the newest backup: in the log alone
	if out := o.run("restore", "late", "--to", "now", "--into", "before"); !strings.Contains(out, "the same as the database in use") {
		t.Errorf("a customer that is newer than the newest backup: %s", out)
	}
	lose(t, o, repository)
	flip(t, repository)
	if out, err := o.try("backup", "verify"); err == nil {
		t.Errorf("a flipped byte is not found: %s", out)
	}
	if out, err := o.try("backup", "drill"); err == nil || strings.Count(out, "failed") != 4 {
		t.Errorf("a server that cannot be had back was drilled: %v, %s", err, out)
	}
}

// drillServers: the schedule makes the backup that is due, has the server back, and keeps what
// that came to of each database; a command does so too.
func drillServers(t *testing.T, o *operator) {
	t.Helper()
	s := settings{Data: o.data, Database: o.server.URL("verlof"), PgBackRest: o.conf, Listen: "127.0.0.1:0", BaseDomain: "leave.example.org", MaxOpen: 9, MaxConnections: 9, Idle: time.Minute}
	if err := s.AfterApply(); err != nil {
		t.Fatal(err)
	}
	d, err := s.open(t.Context(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var made []string
	drilled := map[string]store.Drill{}
	rounds := &operate.ServerCopies{Tenants: d, Stanza: s.stanza, Full: time.Hour, Other: time.Hour, Drill: time.Hour,
		Made: func(cluster, kind string, err error) { made = append(made, fmt.Sprint(cluster, " ", kind, " ", err)) },
		Each: func(name string, r store.Drill, err error) {
			if drilled[name] = r; err != nil || r.Problem != "" || !r.Compared || r.Bytes == 0 || r.Took == 0 || r.Reached.IsZero() {
				t.Errorf("drilled %s: %v, %+v", name, err, r)
			}
		}}
	if err := rounds.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(made) != 0 || len(drilled) != 3 || drilled["acme"].People != 1 {
		t.Errorf("made %v, drilled %+v", made, drilled)
	}
	clear(drilled)
	rounds.Other = time.Nanosecond
	if err := rounds.Round(t.Context()); err != nil || !slices.Equal(made, []string{"home diff <nil>"}) || len(drilled) != 0 {
		t.Errorf("a second round: %v, made %v, drilled %+v", err, made, drilled)
	}
	copied := func(id, _ string) bool { return true }
	if k, err := operate.Keep(t.Context(), d, time.Hour, copied); err != nil || k.Databases != 3 || k.Late != 0 {
		t.Errorf("drills that keep up: %+v, %v", k, err)
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

// flip changes a bit in the largest object of a repository.
func flip(t *testing.T, repository string) {
	t.Helper()
	at, err := backup.ParseDepot("folder:" + repository)
	if err != nil {
		t.Fatal(err)
	}
	list, err := at.List(t.Context(), "")
	if err != nil || len(list) == 0 {
		t.Fatalf("%d objects, %v", len(list), err)
	}
	largest := slices.MaxFunc(list, func(a, b backup.Object) int { return cmp.Compare(a.Size, b.Size) })
	r, err := at.Get(t.Context(), largest.Name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := at.Put(t.Context(), largest.Name, bytes.NewReader(b)); err != nil {
		t.Fatal(err)
	}
}

// lose takes the server away with its machine: an empty one has it back out of the repository and
// with the root key, and with no other.
func lose(t *testing.T, o *operator, repository string) {
	t.Helper()
	key := filepath.Join(o.data, "root.key")
	o.server.Lose(t)
	if err := os.Remove(o.conf); err != nil {
		t.Fatal(err)
	}
	o.data = t.TempDir()
	var none bytes.Buffer
	if err := run(t.Context(), []string{"tenant", "list", "--data", o.data}, os.Environ(), &none, &none); err != nil { // makes another key
		t.Fatal(err)
	}
	have := []string{"recover", "--from", "pgbackrest:" + repository, "--files", o.server.Files()}
	if out, err := o.try(have...); err == nil || !strings.Contains(err.Error(), "root key") {
		t.Errorf("with another root key: %s, %v", out, err)
	}
	if left, err := os.ReadDir(o.server.Files()); err != nil || len(left) != 0 {
		t.Errorf("with another root key %v were written, %v", left, err)
	}
	text, err := os.ReadFile(key)
	if err == nil {
		err = os.WriteFile(filepath.Join(o.data, "root.key"), text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	o.run(have...)
	if out, err := o.try(have...); err == nil {
		t.Errorf("looked at a server that was not started: %s", out)
	}
	o.server.Start(t)
	if out := o.run(append(have, "--json")...); strings.Count(out, `"recovered"`) != 3 {
		t.Errorf("recovered: %s", out)
	}
	if got := o.people(); got != "0" {
		t.Errorf("%s people in what was had back", got)
	}
}
