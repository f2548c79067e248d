// SPDX-License-Identifier: Apache-2.0

package pgbackrest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"verlof/errs"
)

// Scratch is a cluster that was made of a repository, whole or with some databases in it that
// can be read. It answers at a socket in a folder that nobody else may enter.
type Scratch struct {
	dir   string
	whole bool
	pipe  io.Closer
	cmd   *exec.Cmd
}

// Restore makes a scratch cluster of the server as it was at a time, with some of its databases
// or, where none is named, all of them, in a folder that is made below the one that is named. A
// database that is newer than the newest backup is in the log alone: then all are had back. It
// reports NotFound where nothing is kept that is as old, or as new.
func (s Stanza) Restore(ctx context.Context, to time.Time, below string, databases ...string) (*Scratch, error) {
	c, err := s.restore(ctx, to, below, databases)
	if len(databases) > 0 && err != nil && strings.Contains(err.Error(), "database to include") {
		c, err = s.restore(ctx, to, below, nil)
	}
	return c, err
}

func (s Stanza) restore(ctx context.Context, to time.Time, below string, databases []string) (c *Scratch, err error) {
	one, err := s.info(ctx)
	if err != nil {
		return nil, err
	}
	if len(one.DB) == 0 || len(one.Backup) == 0 || to.Before(time.Unix(one.Backup[0].Timestamp.Stop, 0)) {
		return nil, &errs.Error{Kind: errs.NotFound, Err: fmt.Errorf("nothing is kept of stanza %s that is as old as %s", s.Name, to.UTC().Format(time.RFC3339)),
			Hint: "verlof backup status says what is kept"}
	}
	server, err := program("postgres", one.DB[len(one.DB)-1].Version)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(below, "verlof-scratch-")
	if err != nil {
		return nil, err
	}
	c = &Scratch{dir: dir, whole: len(databases) == 0}
	// A lock of its own: what is made for one purpose waits for nothing that is made for another.
	args := []string{"restore", "--pg1-path=" + c.data(), "--archive-mode=off", "--lock-path=" + filepath.Join(dir, "lock"),
		"--tablespace-map-all=" + filepath.Join(dir, "spaces"),
		"--type=time", "--target=" + to.UTC().Format("2006-01-02 15:04:05.999999+00"), "--target-action=promote"}
	for _, name := range databases {
		args = append(args, "--db-include="+name)
	}
	if err = give(dir, s.like()); err == nil {
		_, err = s.run(ctx, args...)
	}
	if err == nil {
		err = c.start(ctx, s, server)
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (c *Scratch) data() string { return filepath.Join(c.dir, "data") }

// program finds a program of a release of PostgreSQL.
func program(name, release string) (string, error) {
	where := []string{filepath.Join("/usr/lib/postgresql", release, "bin", name), filepath.Join("/usr/pgsql-"+release, "bin", name), name}
	for _, path := range where {
		if found, err := exec.LookPath(path); err == nil {
			return found, nil
		}
	}
	return "", &errs.Error{Kind: errs.Invalid, Err: fmt.Errorf("PostgreSQL %s is not on this machine", release), Hint: "install the release that the copies are of"}
}

// keeper runs a server until its input ends, however this process does, and takes the folder
// away.
const keeper = `dir=$1; shift
"$@" >"$dir/log" 2>&1 &
server=$!
read -r _
kill -QUIT $server 2>/dev/null
wait $server
rm -rf "$dir"
`

// start has the cluster go through the log up to the time, and waits until it answers.
func (c *Scratch) start(ctx context.Context, s Stanza, server string) error {
	owner, err := ownerOf(s.like())
	if err != nil {
		return err
	}
	for name, text := range map[string]string{"hba": "local all all trust\n", "conf": ""} {
		path := filepath.Join(c.dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
		if err := give(path, s.like()); err != nil {
			return err
		}
	}
	args := []string{"-c", keeper, "keeper", c.dir, server, "-D", c.data(), "-k", c.dir, "-p", scratchPort, "-c", "config_file=" + filepath.Join(c.dir, "conf"),
		"-c", "hba_file=" + filepath.Join(c.dir, "hba"), "-c", "listen_addresses=", "-c", "archive_mode=off", "-c", "hot_standby=off",
		"-c", "fsync=off", "-c", "ssl=off", "-c", "shared_preload_libraries=", "-c", "autovacuum=off", "-c", "logging_collector=off"}
	if !c.whole {
		args = append(args, "-c", "ignore_invalid_pages=on") // of the other databases, whose files are empty; Broken says whether any was of this one
	}
	c.cmd = exec.Command("/bin/sh", args...)
	c.cmd.Dir, c.cmd.SysProcAttr = c.dir, owner
	if c.pipe, err = c.cmd.StdinPipe(); err != nil {
		return err
	}
	if err := c.cmd.Start(); err != nil {
		return err
	}
	return c.ready(ctx)
}

// scratchPort names the socket in the scratch cluster's own folder; nothing listens on a port.
const scratchPort = "5432"

// ready waits until the server takes connections, which it does at the time.
func (c *Scratch) ready(ctx context.Context) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		state, err := os.ReadFile(filepath.Join(c.data(), "postmaster.pid"))
		if err == nil && strings.HasSuffix(strings.TrimSpace(string(state)), "ready") {
			return nil
		}
		log, err := os.ReadFile(filepath.Join(c.dir, "log"))
		switch {
		case err == nil && strings.Contains(string(log), "before configured recovery target was reached"):
			return &errs.Error{Kind: errs.NotFound, Err: errors.New("the log that is kept ends before that time"), Hint: "an earlier time, or now, can be had back"}
		case err == nil && (strings.Contains(string(log), "FATAL:") || strings.Contains(string(log), "PANIC:") || strings.Contains(string(log), "system is shut down")):
			return fmt.Errorf("start the scratch cluster: %s", log)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Address returns where a role reads a database of the cluster.
func (c *Scratch) Address(database, role string) string {
	q := url.Values{"host": {c.dir}, "port": {scratchPort}}
	return (&url.URL{Scheme: "postgres", User: url.User(role), Path: "/" + database, RawQuery: q.Encode()}).String()
}

// Broken reports whether pages of a database, by its number in the cluster, were not what the log
// says of them.
func (c *Scratch) Broken(number string) (bool, error) {
	log, err := os.ReadFile(filepath.Join(c.dir, "log"))
	return strings.Contains(string(log), "base/"+number+"/"), err
}

// Close stops the cluster and takes it away.
func (c *Scratch) Close() error {
	if c.pipe == nil {
		return os.RemoveAll(c.dir)
	}
	err := c.pipe.Close()
	_ = c.cmd.Wait() // it was told to stop at once
	return errors.Join(err, os.RemoveAll(c.dir))
}
