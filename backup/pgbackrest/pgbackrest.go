// SPDX-License-Identifier: Apache-2.0

// Package pgbackrest owns the copies of PostgreSQL servers: pgBackRest keeps them, and this
// package writes its settings, runs it and reads what it says. It refuses to speak SQL, and
// to touch the cluster that is served: what it restores goes into a scratch cluster of its
// own, out of which one customer's database is read.
//
// pgBackRest runs as whoever its file of settings belongs to: the user of the database
// server, who alone may read its files.
package pgbackrest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"time"

	"verlof/errs"
)

// Stanza is what pgBackRest keeps of one server.
type Stanza struct {
	Name   string
	Config string // path of pgBackRest's settings
}

// Missing is the hint where the program is not there.
const Missing = "install it: apt-get install pgbackrest"

// unwritten says what to do where there are no settings.
const unwritten = "verlof backup setup writes it, on the machine of the database server; or name another with --pgbackrest"

// run runs a command of pgBackRest and returns what it prints.
func (s Stanza) run(ctx context.Context, args ...string) ([]byte, error) {
	return s.watch(ctx, io.Discard, args...)
}

// watch is run for somebody who hears what is printed meanwhile, too.
func (s Stanza) watch(ctx context.Context, w io.Writer, args ...string) ([]byte, error) {
	program, err := exec.LookPath("pgbackrest")
	if err != nil {
		return nil, &errs.Error{Kind: errs.Invalid, Err: err, Hint: Missing}
	}
	owner, err := ownerOf(s.like())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &errs.Error{Kind: errs.Invalid, Err: err, Hint: unwritten}
	}
	if err != nil {
		return nil, err
	}
	all := append([]string{"--config=" + s.Config, "--stanza=" + s.Name, "--log-level-file=off"}, args...)
	cmd := exec.CommandContext(ctx, program, all...)
	cmd.Dir, cmd.SysProcAttr = "/", owner
	cmd.Env = environ()
	var out, problem bytes.Buffer
	cmd.Stdout, cmd.Stderr = io.MultiWriter(&out, w), &problem
	if err := cmd.Run(); err != nil {
		return nil, &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("pgbackrest %s: %w: %s", strings.Join(args, " "), err,
			strings.TrimSpace(problem.String()+out.String())), Hint: "what pgBackRest says is above; its settings are in " + s.Config}
	}
	return out.Bytes(), nil
}

// environ is the environment without settings of pgBackRest, which would go before the file.
func environ() (env []string) {
	for _, line := range os.Environ() {
		if !strings.HasPrefix(line, "PGBACKREST_") {
			env = append(env, line)
		}
	}
	return env
}

// Copies says what is kept of a server.
type Copies struct {
	Backups []Backup
	Oldest  time.Time // the first moment that can be had back; zero: none
	First   string    // segment of the log that is kept
	Last    string
	Problem string // empty: pgBackRest finds nothing wrong
}

// Backup is one of the whole server.
type Backup struct {
	Label  string
	Kind   string // full, diff or incr
	At     time.Time
	Bytes  int64 // of the server
	Kept   int64 // that it takes at the repository, without what it shares with those before
	Broken bool  // pages failed their sums as it was made
}

// info is what pgBackRest prints.
type info struct {
	Archive []struct{ Min, Max string }
	Backup  []struct {
		Label, Type string
		Error       bool
		Timestamp   struct{ Stop int64 }
		Info        struct {
			Size       int64
			Repository struct{ Delta int64 }
		}
	}
	DB     []struct{ Version string }
	Status struct {
		Code    int
		Message string
	}
}

func (s Stanza) info(ctx context.Context) (one info, err error) {
	out, err := s.run(ctx, "info", "--output=json")
	if err != nil {
		return one, err
	}
	var all []info
	if err := json.Unmarshal(out, &all); err != nil {
		return one, &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("read what pgbackrest keeps: %w", err),
			Hint: "see whether repo1-cipher-pass in " + s.Config + " is what the repository was made with: verlof backup setup writes it"}
	}
	if len(all) != 1 {
		return one, &errs.Error{Kind: errs.NotFound, Err: fmt.Errorf("pgbackrest knows no stanza %s", s.Name)}
	}
	return all[0], nil
}

// Info returns what is kept. It reports Unavailable where the repository does not answer.
func (s Stanza) Info(ctx context.Context) (Copies, error) {
	one, err := s.info(ctx)
	if err != nil {
		return Copies{}, err
	}
	var c Copies
	if one.Status.Code != 0 {
		c.Problem = one.Status.Message
	}
	for _, b := range one.Backup {
		at := time.Unix(b.Timestamp.Stop, 0).UTC()
		c.Backups = append(c.Backups, Backup{b.Label, b.Type, at, b.Info.Size, b.Info.Repository.Delta, b.Error})
		if c.Oldest.IsZero() {
			c.Oldest = at
		}
		if b.Error {
			c.Problem = "pages failed their sums in backup " + b.Label
		}
	}
	for _, a := range one.Archive {
		if c.First == "" {
			c.First = a.Min
		}
		c.Last = a.Max
	}
	return c, nil
}

// Create makes the stanza where there is none, and has the server archive a segment to see
// that it can.
func (s Stanza) Create(ctx context.Context) error {
	if _, err := s.run(ctx, "stanza-create"); err != nil {
		return err
	}
	_, err := s.run(ctx, "check")
	return err
}

// Kinds of backups.
const (
	Full = "full"
	Diff = "diff" // what changed since the last full one
)

// Backup makes one, and takes away what the retention has passed unless all is to be kept.
func (s Stanza) Backup(ctx context.Context, kind string, keep bool) error {
	args := []string{"--type=" + kind, "backup"}
	if keep {
		args = append(args, "--no-expire-auto")
	}
	_, err := s.run(ctx, args...)
	return err
}

// Due returns which backup is due when full ones, and others, are to be so old at most; empty: none.
func (c Copies) Due(now time.Time, full, other time.Duration) string {
	var newest, newestFull time.Time
	for _, b := range c.Backups {
		newest = b.At
		if b.Kind == Full {
			newestFull = b.At
		}
	}
	switch {
	case now.Sub(newestFull) >= full:
		return Full
	case now.Sub(newest) >= other:
		return Diff
	}
	return ""
}

// Here reports whether this process can have pgBackRest work: its settings are on this machine, and
// may be read. It reports Invalid, with a hint, where they may not.
func (s Stanza) Here() error {
	f, err := os.Open(s.Config)
	if errors.Is(err, fs.ErrNotExist) {
		return &errs.Error{Kind: errs.Invalid, Err: err, Hint: unwritten}
	}
	if err != nil {
		return &errs.Error{Kind: errs.Invalid, Err: err, Hint: "run it on the machine of the database server, as root or as that server's user"}
	}
	return f.Close()
}

// Verify reads every file at the repository, and returns what is wrong with which.
func (s Stanza) Verify(ctx context.Context) (damaged []string, err error) {
	out, err := s.run(ctx, "verify", "--log-level-console=info", "--job-retry=0")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(out)) {
		_, text, found := strings.Cut(line, "INFO: ")
		text = strings.TrimSpace(text)
		if found && (strings.HasPrefix(text, "invalid ") || strings.HasPrefix(text, "missing ") || strings.HasPrefix(text, "no ")) {
			damaged = append(damaged, text)
		}
	}
	if !bytes.Contains(out, []byte("verify command end: completed")) {
		return nil, errors.New("pgbackrest verify did not say what it found: " + string(out))
	}
	if len(damaged) == 0 && (bytes.Contains(out, []byte("status: error")) || bytes.Contains(out, []byte("status: invalid"))) {
		damaged = append(damaged, strings.TrimSpace(string(out)))
	}
	return damaged, nil
}
