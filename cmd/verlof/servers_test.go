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
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"verlof/backup"
	"verlof/backup/pgbackrest"
	"verlof/errs"
	"verlof/internal/pgtest"
	"verlof/operate"
	"verlof/store"
)

// operator runs commands on an installation whose databases are on a server of its own.
type operator struct {
	t      *testing.T
	server *pgtest.Own
	data   string
	conf   string            // pgBackRest's settings; empty: those that verlof.toml names
	words  map[string]string // what stands in the guide, and where that is here
	guide  []string          // its commands that were not run yet
}

// try runs a command, and returns what it printed.
func (o *operator) try(args ...string) (string, error) {
	o.t.Helper()
	var out, said bytes.Buffer
	env := append(os.Environ(), "VERLOF_DATA="+o.data, "VERLOF_DATABASE="+o.server.URL("verlof", "verlof"), "VERLOF_BASE_DOMAIN=leave.example.org")
	if o.conf != "" {
		env = append(env, "VERLOF_PGBACKREST="+o.conf)
	}
	err := run(context.Background(), args, env, &out, &said)
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

// as reads what a command printed in JSON.
func (o *operator) as(to any, args ...string) {
	o.t.Helper()
	if err := json.Unmarshal([]byte(o.run(append(args, "--json")...)), to); err != nil {
		o.t.Fatal(err)
	}
}

// people returns how many people of the customer there are, which a test changes.
func (o *operator) people() string {
	o.t.Helper()
	var shown struct{ People int }
	o.as(&shown, "tenant", "show", "acme")
	return strconv.Itoa(shown.People)
}

// mistake has a customer lose everybody.
func (o *operator) mistake() {
	o.t.Helper()
	var shown struct{ Database string }
	o.as(&shown, "tenant", "show", "acme")
	o.server.Ask(o.t, strings.TrimPrefix(shown.Database, "postgres:"), "UPDATE person SET active = 0 WHERE email <> ''")
	if got := o.people(); got != "0" {
		o.t.Fatalf("%s people after the mistake", got)
	}
}

// start starts the server, at another port.
func (o *operator) start() {
	o.t.Helper()
	o.server.Start(o.t)
	for _, path := range []string{o.words["/etc/pgbackrest.conf"], o.words["/etc/pgbackrest-verlof.conf"]} {
		text, err := os.ReadFile(path)
		if err == nil {
			text = regexp.MustCompile("pg1-port=[0-9]+").ReplaceAll(text, []byte("pg1-port="+strconv.Itoa(o.server.Port())))
			err = os.WriteFile(path, text, 0o600)
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			o.t.Fatal(err)
		}
	}
}

// TestServers runs the guide to PostgreSQL servers, every command as it stands there: pgBackRest is set up,
// one customer has an earlier moment back beside the other, a damaged repository is made good, and a
// server that was lost is had back. Before that, others had set pgBackRest up in their own way.
func TestServers(t *testing.T) {
	t.Parallel()
	bucket, certificate := tlsBucket(t)
	server := pgtest.NewOwn(t)
	etc := server.Folder(t, "etc")
	o := &operator{t: t, server: server, data: t.TempDir(), words: map[string]string{
		"/var/lib/postgresql/15/main": server.Files(), "/mnt/second/pgbackrest": server.Folder(t, "repository"),
		"/etc/pgbackrest.conf": filepath.Join(etc, "others.conf"), "/etc/pgbackrest-verlof.conf": filepath.Join(etc, "verlof.conf"),
		"/media/usb": t.TempDir(), "setup --files": "setup --superuser " + pgtest.Superuser + " --socket " + server.Socket() + " --port $port --files",
	}}
	o.readGuide("postgresql.md")
	for _, statement := range []string{"CREATE ROLE", "CREATE DATABASE", "REVOKE CONNECT"} {
		o.follow(statement)
	}
	o.run("tenant", "create", "acme", "--name", "Acme", "--admin", "hr@acme.example", "--print-link")
	o.run("tenant", "create", "birch", "--name", "Birch")
	ca := filepath.Join(etc, "ca.pem")
	key, err := os.ReadFile(filepath.Join(o.data, "root.key"))
	if err == nil {
		err = os.WriteFile(ca, certificate, 0o644)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(o.words["/media/usb"], "root.key"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	others(t, o, bucket+"&ca="+ca)
	o.conf = o.words["/etc/pgbackrest-verlof.conf"]
	for statement := range strings.Lines(o.follow("verlof backup setup")) {
		server.Ask(t, "verlof", statement)
	}
	o.follow("systemctl restart postgresql")
	o.follow("verlof backup setup")
	o.follow("verlof backup now")
	o.follow("verlof backup status")
	o.follow("verlof backup verify")
	o.follow("verlof backup drill")
	deleted(t, o)
	o.follow("verlof backup status")
	o.follow("runuser -u postgres -- pgbackrest")
	damaged(t, o)
	lost(t, o)
	if len(o.guide) > 0 {
		t.Errorf("not tried: %q", o.guide)
	}
}

// readGuide reads the commands of a guide, one a line.
func (o *operator) readGuide(name string) {
	o.t.Helper()
	text, err := os.ReadFile("../../docs/operate/" + name)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, block := range regexp.MustCompile("(?s)```(sh|sql)\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(block[2]) {
			o.guide = append(o.guide, strings.TrimSpace(line))
		}
	}
}

// word is one of a command's, which may be in quotes.
var word = regexp.MustCompile(`'[^']*'|\S+`)

// follow runs the first command of the guide that begins so and was not run yet, as it stands there but
// for where things are, and returns what it prints.
func (o *operator) follow(begins string) string {
	o.t.Helper()
	i := slices.IndexFunc(o.guide, func(line string) bool { return strings.HasPrefix(line, begins) })
	if i < 0 {
		o.t.Fatalf("the guide has no more %q", begins)
	}
	line := o.guide[i]
	o.guide = slices.Delete(o.guide, i, i+1)
	for was, is := range o.words {
		line = regexp.MustCompile(regexp.QuoteMeta(was)+`\b`).ReplaceAllLiteralString(line, is)
	}
	line = strings.NewReplacer("$port", strconv.Itoa(o.server.Port()), "/var/lib/verlof", o.data, " | runuser -u postgres -- psql verlof", "").Replace(line)
	args := word.FindAllString(line, -1)
	for j := range args {
		args[j] = strings.Trim(args[j], "'")
	}
	switch args[0] {
	case "verlof":
		return o.run(args[1:]...)
	case "runuser":
		return o.server.Exec(o.t, args[4], args[5:]...)
	case "systemctl":
		if args[1] != "start" {
			o.server.Stop(o.t)
		}
		if args[1] != "stop" {
			o.start()
		}
	case "mv":
		if err := os.Rename(args[1], args[2]); err != nil {
			o.t.Fatal(err)
		}
	case "install": // for the user that the server has here
		o.server.Folder(o.t, filepath.Base(args[len(args)-1]))
	default:
		database := "verlof"
		if strings.HasPrefix(line, "CREATE") {
			database = "postgres"
		}
		return o.server.Ask(o.t, database, line)
	}
	return ""
}

// others: pgBackRest was set up by others, over a bucket, and under another name. Backups are made and drilled
// by schedule, a customer that is newer than the newest backup is had back, and so is the server, where
// nothing is left of the machine.
func others(t *testing.T, o *operator, bucket string) {
	t.Helper()
	conf := o.words["/etc/pgbackrest.conf"]
	repository, err := pgbackrest.ParseRepository(bucket)
	if err != nil {
		t.Fatal(err)
	}
	stanza := pgbackrest.Stanza{Name: "prod", Config: conf}
	set := pgbackrest.Setup{Data: o.server.Files(), Socket: o.server.Socket(), Port: o.server.Port(), User: pgtest.Superuser, Repository: repository, Pass: "theirs", Days: 9}
	if err := stanza.Write(set); err != nil {
		t.Fatal(err)
	}
	for _, statement := range stanza.Statements("nobody") {
		if !strings.HasPrefix(statement, "GRANT") {
			o.server.Ask(t, "postgres", statement)
		}
	}
	o.server.Stop(t)
	o.start()
	if err := errors.Join(stanza.Create(t.Context()), stanza.Backup(t.Context(), pgbackrest.Full, false)); err != nil {
		t.Fatal(err)
	}
	toml := "pgbackrest = " + strconv.Quote(conf) + "\nstanza = \"prod\"\n"
	if err := os.WriteFile(filepath.Join(o.data, "verlof.toml"), []byte(toml), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := o.try("backup", "now"); err == nil || !strings.Contains(err.Error(), "pg_switch_wal") {
		t.Errorf("the role may not hand the log on: %s, %v", out, err)
	}
	o.follow("GRANT EXECUTE ON FUNCTION pg_switch_wal() TO verlof;")
	var states []serverState
	o.as(&states, "backup", "status")
	if len(states) != 1 || states[0].Backups != 2 || states[0].Problem != "" || time.Since(states[0].HandedOn) > time.Minute {
		t.Errorf("status %+v", states)
	}
	drillServers(t, o, stanza)
	o.run("tenant", "create", "late", "--name", "Late") // after the newest backup: in the log alone
	if out := o.run("restore", "late", "--to", "now", "--into", "before"); !strings.Contains(out, "the same as the database in use") {
		t.Errorf("a customer that is newer than the newest backup: %s", out)
	}
	o.server.Stop(t)
	if err := errors.Join(os.Remove(conf), os.RemoveAll(o.server.Files())); err != nil {
		t.Fatal(err)
	}
	o.server.Folder(t, filepath.Base(o.server.Files()))
	o.data = t.TempDir()
	o.strangers("pgbackrest:" + bucket)
	have := []string{"recover", "--root-key-file", filepath.Join(o.words["/media/usb"], "root.key"), "--stanza", "prod", "--pgbackrest", conf, "--files", o.server.Files(), "--from"}
	if out, err := o.try(append(have, "pgbackrest:")...); err == nil {
		t.Errorf("without pgBackRest's settings: %s", out)
	}
	o.run(append(have, "pgbackrest:"+bucket)...)
	if out, err := o.try(append(have, "pgbackrest:")...); err == nil {
		t.Errorf("looked at a server that was not started: %s", out)
	}
	o.start()
	if out := o.run(append(have, "pgbackrest:", "--json")...); strings.Count(out, `"recovered"`) != 3 {
		t.Errorf("recovered: %s", out)
	}
	if err := errors.Join(os.Remove(filepath.Join(o.data, "verlof.toml")), os.WriteFile(filepath.Join(o.data, "root.key"), o.rootKey(), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// anotherRoot replaces the root key and takes the older one away: what the newest backup left beside the copies is put anew, or
// nothing would open them.
func anotherRoot(t *testing.T, o *operator) {
	t.Helper()
	o.run("keys", "rotate-root")
	o.run("keys", "prune-root")
	key, err := os.ReadFile(filepath.Join(o.data, "root.key"))
	if err == nil {
		err = os.WriteFile(filepath.Join(o.words["/media/usb"], "root.key"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (o *operator) rootKey() []byte {
	o.t.Helper()
	text, err := os.ReadFile(filepath.Join(o.words["/media/usb"], "root.key"))
	if err != nil {
		o.t.Fatal(err)
	}
	return text
}

// strangers recovers with a root key that is another's: nothing is written.
func (o *operator) strangers(from string) {
	o.t.Helper()
	var none bytes.Buffer
	elsewhere := o.t.TempDir()
	if err := run(o.t.Context(), []string{"tenant", "create", "other", "--name", "Other", "--data", elsewhere}, os.Environ(), &none, &none); err != nil { // makes another key
		o.t.Fatal(err)
	}
	if out, err := o.try("recover", "--data", elsewhere, "--from", from, "--files", o.server.Files()); err == nil || !strings.Contains(err.Error(), "root key") {
		o.t.Errorf("with another root key: %s, %v", out, err)
	}
	if left, err := os.ReadDir(o.server.Files()); err != nil || len(left) != 0 {
		o.t.Errorf("with another root key %v were written, %v", left, err)
	}
}

// drillServers: the schedule makes the backup that is due, has the server back, and keeps what
// that came to of each database; a command does so too.
func drillServers(t *testing.T, o *operator, stanza pgbackrest.Stanza) {
	t.Helper()
	s := settings{Data: o.data, Database: o.server.URL("verlof", "verlof"), PgBackRest: stanza.Config, Stanza: stanza.Name, Listen: "127.0.0.1:0",
		BaseDomain: "leave.example.org", MaxOpen: 9, MaxConnections: 9, Idle: time.Minute}
	if err := s.fill(); err != nil {
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

// deleted: a customer deleted what it should not have.
func deleted(t *testing.T, o *operator) {
	t.Helper()
	before := time.Now()
	o.mistake()
	o.words["2026-11-26T14:05:00"] = before.Format(time.RFC3339Nano)
	out := o.follow("verlof restore acme --to")
	if got := o.people(); got != "0" || !strings.Contains(out, "\nperson ") {
		t.Errorf("%s people: the restore changed the database in use, or found no difference: %s", got, out)
	}
	if _, err := o.try("restore", "acme", "--to", "now", "--into", "before"); err == nil {
		t.Error("restored over a database that is there")
	}
	if _, err := o.try("restore", "acme", "--to", "2020-01-01T00:00:00"); err == nil {
		t.Error("restored what is older than anything kept")
	}
	o.follow("verlof restore acme --compare")
	if out := o.follow("verlof restore acme --into before --view"); !strings.Contains(out, "https://acme--") {
		t.Errorf("no link: %s", out)
	}
	o.follow("verlof restore acme --hide")
	o.follow("verlof restore acme --use before")
	if got := o.people(); got != "1" {
		t.Errorf("%s people once the restored database is in use", got)
	}
	o.follow("verlof restore acme --use original")
	if list := o.run("restore", "acme"); !strings.Contains(list, "before") || o.people() != "0" {
		t.Errorf("after the undo: %s", list)
	}
}

// damaged: a byte at the repository is found, and does no harm once a full backup was made.
func damaged(t *testing.T, o *operator) {
	t.Helper()
	awayOrShut(t, o)
	flip(t, o.words["/mnt/second/pgbackrest"])
	if out, err := o.try("backup", "drill"); err == nil || strings.Count(out, "failed") != 4 {
		t.Errorf("a server that cannot be had back was drilled: %v, %s", err, out)
	}
	i := slices.Index(o.guide, "verlof backup verify")
	if out, err := o.try("backup", "verify"); err == nil || i < 0 {
		t.Errorf("a flipped byte is not found: %s", out)
	}
	o.guide = slices.Delete(o.guide, i, i+1)
	o.follow("verlof backup now --full")
	time.Sleep(2 * time.Second) // pgBackRest tells times to the second, and takes the backup before where this one ended in the same
	if out := o.follow("verlof backup drill"); strings.Contains(out, "failed") {
		t.Errorf("after a full backup: %s", out)
	}
}

// awayOrShut: that the repository is not there, or was made with another passphrase, ends the looks at it with a code, and is said in
// words that tell what to see to. It is no damage.
func awayOrShut(t *testing.T, o *operator) {
	t.Helper()
	repository := o.words["/mnt/second/pgbackrest"]
	if err := os.Rename(repository, repository+".away"); err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"status", "verify"} {
		if out, err := o.try("backup", verb); !errs.Is(err, errs.Unavailable) || !strings.Contains(errs.As(err).Hint, "whether the repository is there") {
			t.Errorf("%s without a repository: %v, %s", verb, err, out)
		}
	}
	conf, err := os.ReadFile(o.conf)
	if err = errors.Join(err, os.Rename(repository+".away", repository)); err != nil {
		t.Fatal(err)
	}
	other := regexp.MustCompile(`(?m)^(repo1-cipher-pass=).*$`).ReplaceAll(conf, []byte("${1}another"))
	if err := os.WriteFile(o.conf, other, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := o.try("backup", "status"); !errs.Is(err, errs.Unavailable) {
		t.Errorf("with another passphrase: %v, %s", err, out)
	}
	if err := os.WriteFile(o.conf, conf, 0o600); err != nil {
		t.Fatal(err)
	}
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

// lost takes the server away with its machine: an empty one has it back out of the repository and
// with the root key, and with no other.
func lost(t *testing.T, o *operator) {
	t.Helper()
	anotherRoot(t, o)
	o.follow("systemctl stop postgresql")
	o.follow("mv ")
	o.follow("install ")
	if err := os.Remove(o.conf); err != nil {
		t.Fatal(err)
	}
	o.data = t.TempDir()
	o.strangers("pgbackrest:" + o.words["/mnt/second/pgbackrest"])
	o.follow("verlof recover")
	o.follow("systemctl start postgresql")
	if out := o.follow("verlof recover"); !strings.Contains(out, "3 customers") {
		t.Errorf("recovered: %s", out)
	}
	if err := os.WriteFile(filepath.Join(o.data, "root.key"), o.rootKey(), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := o.people(); got != "0" {
		t.Errorf("%s people in what was had back", got)
	}
}
