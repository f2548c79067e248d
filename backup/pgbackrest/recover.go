// SPDX-License-Identifier: Apache-2.0

package pgbackrest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"

	"verlof/errs"
)

// Adopt writes settings that were kept elsewhere, for a server whose files are to be in a folder and
// a repository that may lie elsewhere now. What is there already stays. It reports Invalid where
// they know no such stanza.
func (s Stanza) Adopt(kept []byte, data string, r Repository) error {
	if _, err := os.Stat(s.Config); err == nil {
		return nil
	}
	all := sections(string(kept))
	known := false
	for _, part := range all {
		switch part.name {
		case s.Name:
			known = true
			part.set(append(r.lines(), "pg1-path="+data, "lock-path="+lockPath(data)))
		case "global":
			part.set(r.lines())
		}
	}
	if !known {
		return errs.Operator("name the server with --cluster, and what pgBackRest calls it with --stanza", "the copies know no stanza %s", s.Name)
	}
	return put(s.Config, textOf(all), data)
}

// Holds reports whether settings of pgBackRest are those of a server.
func Holds(content []byte) bool { return bytes.Contains(content, []byte("\npg1-path")) }

// Restored reports whether a server's files are all there: pgBackRest writes the last one when all
// others are.
func Restored(data string) (bool, error) {
	_, err := os.Stat(filepath.Join(data, "global", "pg_control"))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// RestoreAll puts the files of the server where its settings say, as of the newest backup: when it
// is started, it goes through the log up to its end. Files that an attempt before left there are
// taken if they are what they should be. told hears how many percent are there. It reports
// NotFound where nothing is kept.
func (s Stanza) RestoreAll(ctx context.Context, data string, told func(percent int)) error {
	one, err := s.info(ctx)
	if err != nil {
		return err
	}
	if len(one.DB) == 0 || len(one.Backup) == 0 {
		return &errs.Error{Kind: errs.NotFound, Err: fmt.Errorf("nothing is kept of stanza %s", s.Name), Hint: "look whether that is the right repository"}
	}
	if _, err := program("postgres", one.DB[len(one.DB)-1].Version); err != nil {
		return err
	}
	args := []string{"restore", "--log-level-console=detail"}
	if there, err := os.ReadDir(data); err != nil {
		return &errs.Error{Kind: errs.Invalid, Err: err, Hint: "make the folder, for the database server's user"}
	} else if len(there) > 0 {
		args = append(args, "--delta")
	}
	_, err = s.watch(ctx, &percents{told: told}, args...)
	return err
}

// percents finds in what pgBackRest says how much of a restore is done.
type percents struct {
	told func(int)
	last int
}

var percent = regexp.MustCompile(`restore file .*, (\d+)(?:\.\d+)?%\)`)

// Write is part of io.Writer.
func (p *percents) Write(b []byte) (int, error) {
	for _, m := range percent.FindAllSubmatch(b, -1) {
		if n, err := strconv.Atoi(string(m[1])); err == nil && n > p.last {
			p.last = n
			p.told(n)
		}
	}
	return len(b), nil
}
