// SPDX-License-Identifier: Apache-2.0

package store

import (
	"bufio"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"modernc.org/sqlite"

	"verlof/errs"
)

// TestMain also serves as the other processes that the tests need.
func TestMain(m *testing.M) {
	if flag.Parse(); *keepStatements {
		keep()
		return
	}
	role, path, _ := strings.Cut(os.Getenv("VERLOF_STORE_CHILD"), ":")
	switch role {
	case "outsider":
		outsider(path)
	case "booker":
		booker(path)
	case "updater":
		updater(path)
	default:
		os.Exit(m.Run())
	}
}

// child runs this test binary in one of the roles of TestMain.
func child(role, path string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "VERLOF_STORE_CHILD="+role+":"+path)
	cmd.Stderr = os.Stderr
	return cmd
}

func must[T any](v T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return v
}

// outsider is another program at the database, with locks of the default kind:
// it opens, looks and closes. Then it asks for the lock that says nobody else is
// there. The sqlite3 of Debian 12 deletes the log when it gets that one at its
// close; the driver here looks at a second lock first, so we ask ourselves.
func outsider(path string) {
	must(sqlite.OFDLocking(false))
	db := must(sql.Open("sqlite", path))
	var n int
	must(0, db.QueryRow("SELECT count(*) FROM pad").Scan(&n))
	must(0, db.Close())
	f := must(os.OpenFile(path, os.O_RDWR, 0))
	shared := syscall.Flock_t{Type: syscall.F_WRLCK, Start: 1<<30 + 2, Len: 510} // SQLite's SHARED_FIRST, SHARED_SIZE
	alone := syscall.FcntlFlock(f.Fd(), syscall.F_SETLK, &shared) == nil
	fmt.Println(n, "rows, alone", alone)
}

// TestOutsider opens and closes the file of the live database in this process,
// without SQLite, and then in other ones with it. With locks of the default kind
// the first drops ours, so an outsider believes that it is alone and deletes the
// log that we go on writing to.
func TestOutsider(t *testing.T) {
	db := openSQLite(t)
	outsiders := []*exec.Cmd{child("outsider", db.address), child("outsider", db.address)}
	if cli, err := exec.LookPath("sqlite3"); err == nil {
		outsiders = append(outsiders, exec.Command(cli, db.address, "SELECT count(*) || ' rows, alone false' FROM pad"))
	}
	for i, cmd := range outsiders {
		if err := addPad(db, fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(db.address)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		out, err := cmd.Output()
		if got, want := strings.TrimSpace(string(out)), fmt.Sprintf("%d rows, alone false", i+1); err != nil || got != want {
			t.Errorf("outsider: %q, %v; want %q", got, err, want)
		}
		if _, err := os.Stat(db.address + "-wal"); err != nil {
			t.Errorf("the log of an open database: %v", err)
		}
	}
	if err := addPad(db, "after"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("%d rows, alone true", len(outsiders)+1)
	if out, err := child("outsider", db.address).Output(); err != nil || strings.TrimSpace(string(out)) != want {
		t.Errorf("after Close: %q, %v; want %q", out, err, want)
	}
}

// TestSettings reads back, on the connections themselves, what the promise of
// no lost change and no half-open door rests on.
func TestSettings(t *testing.T) {
	db := openSQLite(t)
	for name, want := range map[string][2]string{ // writer, reader
		"synchronous":    {"2", "2"}, // FULL: NORMAL loses acknowledged changes at a power cut
		"journal_mode":   {"wal", "wal"},
		"foreign_keys":   {"1", "1"},
		"busy_timeout":   {"15000", "15000"},
		"trusted_schema": {"0", "0"},
		"temp_store":     {"2", "2"},
		"query_only":     {"0", "1"},
	} {
		var got [2]string
		read := func(to *string) func(*Tx) error {
			return func(tx *Tx) error { return tx.c.QueryRowContext(tx.ctx, "PRAGMA "+name).Scan(to) }
		}
		if err := db.Update(context.Background(), read(&got[0])); err != nil {
			t.Fatal(err)
		}
		if err := db.View(context.Background(), read(&got[1])); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s: writer and reader %q, want %q", name, got, want)
		}
	}
	if !sqlite.OFDLockingEnabled() {
		t.Error("locks belong to the process, not to the open file")
	}
}

// TestSelfTest_refuses_NORMAL plants the setting that loses changes.
func TestSelfTest_refuses_NORMAL(t *testing.T) {
	db := openSQLite(t)
	err := db.Update(context.Background(), func(tx *Tx) error {
		// PRAGMA synchronous does nothing inside a transaction.
		for _, s := range []string{"ROLLBACK", "PRAGMA synchronous = NORMAL", "BEGIN"} {
			if _, err := tx.c.ExecContext(tx.ctx, s); err != nil {
				return err
			}
		}
		return db.d.selfTest(tx.ctx, tx.c)
	})
	if !errs.Is(err, errs.Invalid) {
		t.Errorf("NORMAL: %v, want a refusal", err)
	}
}

// booker adds rows from several sides and prints each one that is acknowledged.
func booker(path string) {
	db := must(Open(context.Background(), "sqlite:"+path))
	out := make(chan string)
	for w := range 8 {
		go func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%d-%d-%d", os.Getpid(), w, i)
				must(0, addPad(db, id))
				out <- id
			}
		}()
	}
	for id := range out {
		fmt.Println(id)
	}
}

// TestKill kills a process in the middle of its updates: what it acknowledged
// is there.
func TestKill(t *testing.T) {
	db := openSQLite(t)
	var acknowledged []string
	for range 5 {
		acknowledged = append(acknowledged, killed(t, db.address)...)
	}
	there := map[string]bool{}
	err := db.View(context.Background(), func(tx *Tx) error {
		return each(tx, qIDs, value[string], func(id *string) error { there[*id] = true; return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range acknowledged {
		if !there[id] {
			t.Errorf("lost %s", id)
		}
	}
	if err := db.Check(context.Background()); err != nil {
		t.Error(err)
	}
	t.Logf("%d acknowledged", len(acknowledged))
}

// killed runs a booker for a moment and returns what it acknowledged.
func killed(t *testing.T, path string) (ids []string) {
	t.Helper()
	cmd := child("booker", path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	var end time.Time
	for lines.Scan() {
		ids = append(ids, lines.Text())
		if end.IsZero() {
			end = time.Now().Add(20 * time.Millisecond)
		}
		if time.Now().After(end) {
			_ = cmd.Process.Kill() // and read what it had printed
		}
	}
	_ = cmd.Wait() // it was killed
	if len(ids) > 0 && strings.Count(ids[len(ids)-1], "-") != 2 {
		ids = ids[:len(ids)-1] // cut in the middle of a line
	}
	return ids
}

func TestOpen_refuses(t *testing.T) {
	dir := t.TempDir()
	torn := filepath.Join(dir, "torn.db")
	if err := os.WriteFile(torn, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		dsn  string
		kind errs.Kind
	}{
		"no_such_file": {"sqlite:" + filepath.Join(dir, "none.db"), errs.Unavailable},
		"not_a_file":   {"sqlite:" + dir, errs.Unavailable},
		"no_database":  {"sqlite:" + torn, errs.Internal},
		"other_engine": {"mysql://localhost/x", errs.Invalid},
		"nothing":      {"", errs.Invalid},
		"bad_url":      {"postgres://%zz", errs.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := Open(context.Background(), c.dsn)
			if err == nil {
				err = addPad(db, "a")
			}
			if e := errs.As(err); err == nil || e.Kind != c.kind || e.Hint == "" && c.kind != errs.Unavailable {
				t.Errorf("%v, want %v with a hint", err, c.kind)
			}
			if err != nil && strings.Contains(err.Error(), "%zz") {
				t.Errorf("error repeats the address: %v", err)
			}
		})
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("folder holds %v, %v; want torn.db alone", entries, err)
	}
}

// TestCheck_finds_damage flips bytes in the middle of the file.
func TestCheck_finds_damage(t *testing.T) {
	db := openSQLite(t)
	for i := range 200 {
		if err := addPad(db, fmt.Sprintf("%0100d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.disconnect(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(db.address)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(b) - 4096; i < len(b)-4000; i++ {
		b[i] ^= 0xff
	}
	if err := os.WriteFile(db.address, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := db.Check(context.Background()); errs.As(err) == nil || errs.As(err).Hint == "" {
		t.Errorf("damaged file: %v, want an error with a hint", err)
	}
}

func TestFiles_are_ours_alone(t *testing.T) {
	db := openSQLite(t)
	for path, want := range map[string]os.FileMode{
		filepath.Dir(db.address):               0o700,
		filepath.Dir(filepath.Dir(db.address)): 0o700,
		db.address:                             0o600,
		db.address + "-wal":                    0o600,
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Error(err)
		} else if got := info.Mode().Perm(); got != want {
			t.Errorf("%s: mode %o, want %o", path, got, want)
		}
	}
}
