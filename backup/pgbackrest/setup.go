// SPDX-License-Identifier: Apache-2.0

package pgbackrest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"verlof/errs"
)

// Setup is what pgBackRest is told of one server and its repository.
type Setup struct {
	Data       string // folder of the server's files
	Socket     string // folder of its socket
	Port       int
	User       string // a superuser there
	Repository Repository
	Pass       string // seals the repository
	Days       int    // every moment of so many days can be had back
}

// Write writes the settings of a stanza, readable by nobody but the server's user. Those of other
// stanzas stay. It reports Invalid where a folder is not there, or is none of a server's files.
func (s Stanza) Write(u Setup) error {
	if err := u.check(); err != nil {
		return err
	}
	one := s.section(u)
	if strings.ContainsAny(strings.Join(one.lines, ""), "\n\r") {
		return errs.Operator("leave it out", "a setting of pgBackRest holds no line break")
	}
	there, err := os.ReadFile(s.Config)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if u.Repository.Folder != "" {
		if err := give(u.Repository.Folder, u.Data); err != nil {
			return err
		}
	}
	return put(s.Config, textOf(with(sections(string(there)), one)), u.Data)
}

// check reports which folder is not what it is named as: with another one for the server's files the server would archive
// nothing, and keep its log until the disk is full.
func (u Setup) check() error {
	if _, err := os.Stat(filepath.Join(u.Data, "PG_VERSION")); err != nil {
		return &errs.Error{Kind: errs.Invalid, Err: fmt.Errorf("no files of a PostgreSQL server: %w", err), Hint: "SHOW data_directory on the server says where its files are"}
	}
	if u.Repository.Folder == "" {
		return nil
	}
	switch at, err := os.Stat(u.Repository.Folder); {
	case err != nil:
		return &errs.Error{Kind: errs.Invalid, Err: fmt.Errorf("the repository: %w", err), Hint: "name a folder that is there"}
	case !at.IsDir():
		return errs.Operator("name a folder that is there", "the repository: %s is no folder", u.Repository.Folder)
	}
	return nil
}

func (s Stanza) section(u Setup) section {
	return section{s.Name, append(u.Repository.lines(),
		"repo1-cipher-type=aes-256-cbc", "repo1-cipher-pass="+u.Pass,
		"repo1-retention-full-type=time", "repo1-retention-full="+strconv.Itoa(u.Days),
		"repo1-bundle=y", "compress-type=zst", "start-fast=y", "log-level-file=off", "lock-path="+lockPath(u.Data),
		"pg1-path="+u.Data, "pg1-socket-path="+u.Socket, "pg1-port="+strconv.Itoa(u.Port), "pg1-user="+u.User)}
}

// lockPath is where pgBackRest keeps out a second one of its kind: a folder of the server's own, in
// which the server's user may write.
func lockPath(data string) string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("pgbackrest-%x", sha256.Sum256([]byte(data)))[:27])
}

// ArchiveSeconds is how old a change may be before the server hands its log on, however little
// is in it.
const ArchiveSeconds = 60

func (s Stanza) archiving() string { return "--config=" + s.Config + " --stanza=" + s.Name }

// Archives reports whether a server's archive_command hands its log on to the stanza.
func (s Stanza) Archives(command string) bool { return strings.Contains(command, s.archiving()+" ") }

// Statements are what a superuser tells the server once, in SQL: that it archives its log, and
// what the installation's role may ask for. The server must be restarted after it.
func (s Stanza) Statements(installation string) []string {
	quoted := `"` + strings.ReplaceAll(installation, `"`, `""`) + `"`
	command := "pgbackrest " + s.archiving() + " archive-push %p"
	return []string{
		"ALTER SYSTEM SET archive_mode = 'on';",
		"ALTER SYSTEM SET archive_command = '" + strings.ReplaceAll(command, "'", "''") + "';",
		"ALTER SYSTEM SET archive_timeout = '" + strconv.Itoa(ArchiveSeconds) + "';",
		"GRANT EXECUTE ON FUNCTION pg_switch_wal() TO " + quoted + ";",
	}
}
