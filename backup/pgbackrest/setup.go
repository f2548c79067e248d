// SPDX-License-Identifier: Apache-2.0

package pgbackrest

import (
	"fmt"
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
	Repository string // folder on another disk
	Pass       string // seals the repository
	Days       int    // every moment of so many days can be had back
}

// Write writes the settings of a stanza, readable by nobody but the server's user.
func (s Stanza) Write(u Setup) error {
	for _, dir := range []string{u.Data, u.Repository} {
		if _, err := os.Stat(dir); err != nil {
			return &errs.Error{Kind: errs.Invalid, Err: err, Hint: "name a folder that is there"}
		}
	}
	if strings.ContainsAny(u.Data+u.Socket+u.User+u.Repository+u.Pass, "\n\r") {
		return errs.Operator("leave it out", "a setting of pgBackRest holds no line break")
	}
	draft, err := os.CreateTemp(filepath.Dir(s.Config), ".pgbackrest-*")
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name()) // it has another name by then, or is worth nothing
	if _, err := draft.WriteString(s.text(u)); err != nil {
		return err
	}
	if err := draft.Sync(); err != nil {
		return err
	}
	if err := draft.Close(); err != nil {
		return err
	}
	if err := give(draft.Name(), u.Data); err != nil {
		return err
	}
	if err := give(u.Repository, u.Data); err != nil {
		return err
	}
	return os.Rename(draft.Name(), s.Config)
}

func (s Stanza) text(u Setup) string {
	return fmt.Sprintf(`# Written by verlof backup setup. It holds what opens the copies: keep it to the database server's user.
[global]
repo1-path=%s
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass=%s
repo1-retention-full-type=time
repo1-retention-full=%d
repo1-bundle=y
compress-type=zst
start-fast=y
lock-path=%s
log-level-file=off

[%s]
pg1-path=%s
pg1-socket-path=%s
pg1-port=%d
pg1-user=%s
`, u.Repository, u.Pass, u.Days, filepath.Join(u.Repository, "lock"), s.Name, u.Data, u.Socket, u.Port, u.User)
}

// ArchiveSeconds is how old a change may be before the server hands its log on, however little
// is in it.
const ArchiveSeconds = 60

// Statements are what a superuser tells the server once, in SQL: that it archives its log, and
// what the installation's role may ask for. The server must be restarted after it.
func (s Stanza) Statements(installation string) []string {
	quoted := `"` + strings.ReplaceAll(installation, `"`, `""`) + `"`
	command := "pgbackrest --config=" + s.Config + " --stanza=" + s.Name + " archive-push %p"
	return []string{
		"ALTER SYSTEM SET archive_mode = 'on';",
		"ALTER SYSTEM SET archive_command = '" + strings.ReplaceAll(command, "'", "''") + "';",
		"ALTER SYSTEM SET archive_timeout = '" + strconv.Itoa(ArchiveSeconds) + "';",
		"GRANT EXECUTE ON FUNCTION pg_switch_wal() TO " + quoted + ";",
	}
}
