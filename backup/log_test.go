// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"verlof/errs"
	"verlof/internal/seal"
)

// moment is a state of the database and when it was put.
type moment struct {
	at      time.Time
	content string
}

// story is a history of a database, written at random, with what it was after each step.
type story struct {
	t       *testing.T
	id      string
	rng     *rand.Rand
	clock   *clock
	at      Depot
	keys    *seal.Keys
	copies  *Copies
	live    *live
	path    string
	moments []moment
}

func newStory(t *testing.T, seed uint64) *story { return newStoryOf(t, seed, "acme") }

func newStoryOf(t *testing.T, seed uint64, id string) *story {
	t.Helper()
	s := &story{t: t, id: id, rng: rand.New(rand.NewPCG(seed, 1)), clock: newClock(), at: folder{t.TempDir()},
		keys: newKeys(t, newRoot(t), id), path: filepath.Join(t.TempDir(), "data.db")}
	s.start()
	if err := s.live.write(noteTable); err != nil {
		t.Fatal(err)
	}
	s.note()
	return s
}

// start begins a process.
func (s *story) start() {
	s.copies = &Copies{Depot: s.at, Now: s.clock.Now}
	s.live = openLive(s.t, s.path, s.copies, s.id, s.keys)
}

func (s *story) kept() Kept { return Kept{s.at, s.id, s.keys} }

// note remembers what the database is now.
func (s *story) note() {
	s.moments = append(s.moments, moment{s.live.log.Status().At, content(s.t, s.path)})
}

// step does one thing that happens to a database.
func (s *story) step() {
	s.t.Helper()
	s.clock.step(time.Duration(1+s.rng.IntN(5)) * time.Second)
	ctx := context.Background()
	var err error
	switch n := s.rng.IntN(100); {
	case n < 45:
		err = s.live.write("INSERT INTO note (text, pad) VALUES (?, ?)", fmt.Sprint(s.rng.Uint64()), make([]byte, s.rng.IntN(3000)))
	case n < 60:
		err = s.live.write("UPDATE note SET text = ? WHERE id % 7 = ?", fmt.Sprint(s.rng.Uint64()), s.rng.IntN(7))
	case n < 68:
		err = s.live.write("DELETE FROM note WHERE id % 5 = ?", s.rng.IntN(5))
	case n < 72:
		err = s.live.write("VACUUM")
	case n < 79: // the log is written anew from its beginning
		err = s.live.write("PRAGMA wal_checkpoint(RESTART)")
	case n < 83:
		s.live.rest()
		s.live = openLive(s.t, s.path, s.copies, s.id, s.keys)
		return
	case n < 87: // the process ends, and another one begins
		s.live.rest()
		s.start()
		return
	case n < 89: // it is killed: nothing is said to anybody
		s.start()
		err = s.live.Flush()
	case n < 93:
		s.outsider()
		err = s.live.write("UPDATE note SET text = 'after' WHERE id = 1")
	case n < 96:
		s.inFlight(ctx)
		err = s.live.write("INSERT INTO note (text, pad) VALUES ('in its place', zeroblob(?))", s.rng.IntN(9000))
	default:
		s.clock.step(time.Hour)
		err = s.live.log.Upkeep(ctx, true)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.note()
}

// inFlight has a commit be under way while an image is made, and never be made: the process is killed, or not.
func (s *story) inFlight(ctx context.Context) {
	s.t.Helper()
	var n int
	if err := s.live.w.QueryRowContext(ctx, "SELECT COUNT(*) FROM note").Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	head, before := indexAs(s.t, s.path, nil), s.index()
	if _, err := s.live.w.ExecContext(ctx, "INSERT INTO note (text, pad) VALUES ('never', zeroblob(?))", s.rng.IntN(9000)); err != nil {
		s.t.Fatal(err)
	}
	if s.index().end.Salt != before.end.Salt {
		return // it began the log anew, which is published first: it was made
	}
	indexAs(s.t, s.path, head)
	if err := s.live.log.TakeImage(ctx); err != nil {
		s.t.Fatal(err)
	}
	if s.rng.IntN(2) == 0 {
		s.start()
	}
}

func (s *story) index() walIndex {
	s.t.Helper()
	i, err := readIndex(s.path)
	if err != nil {
		s.t.Fatal(err)
	}
	return i
}

// outsider writes without copying, and may take the log away.
func (s *story) outsider() {
	db := openRaw(s.t, s.path)
	defer db.Close()
	if _, err := db.Exec("INSERT INTO note (text, pad) VALUES ('outsider', x'00')"); err != nil {
		s.t.Fatal(err)
	}
	if s.rng.IntN(2) == 0 {
		if _, err := db.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
			s.t.Fatal(err)
		}
	}
}

// rounds returns how much of a long test is to be done.
func rounds(name string, ordinary int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return ordinary
}

// TestRestore writes histories with all that happens to a database, and restores moments of
// them: each is exactly what the database was.
func TestRestore(t *testing.T) {
	total := rounds("VERLOF_MOMENTS", 60)
	for seed := uint64(1); total > 0; seed++ {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			s := newStory(t, seed)
			for range 60 {
				s.step()
			}
			n := min(total, 30)
			total -= n
			for range n {
				s.check(s.rng.IntN(len(s.moments)))
			}
			s.check(len(s.moments) - 1)
			if v, err := s.kept().Verify(context.Background()); err != nil || len(v.Damaged) > 0 {
				t.Errorf("verified: %v, %v", v.Damaged, err)
			}
			s.live.rest()
		})
	}
}

// check restores a moment of the history.
func (s *story) check(i int) {
	s.t.Helper()
	m := s.moments[i]
	got, r, err := restored(s.t, s.kept(), m.at)
	if err != nil || !r.At.Equal(m.at) {
		s.t.Fatalf("restore to moment %d, %v: reached %+v, %v", i, m.at, r, err)
	}
	for i+1 < len(s.moments) && s.moments[i+1].at.Equal(m.at) {
		i++ // the last of those that changed nothing
	}
	if got != s.moments[i].content {
		s.t.Errorf("restored to moment %d: %s, want %s", i, got, s.moments[i].content)
	}
	if next := i + 1; next < len(s.moments) && !r.Next.Equal(s.moments[next].at) && r.Next.After(s.moments[next].at) {
		s.t.Errorf("after moment %d comes %v, want %v", i, r.Next, s.moments[next].at)
	}
}

// TestRestoreBetween reaches the state before a moment at which nothing was put, and
// nothing before the first.
func TestRestoreBetween(t *testing.T) {
	s := newStory(t, 1)
	first := s.moments[0].at
	for range 3 {
		s.clock.step(time.Minute)
		if err := s.live.write("INSERT INTO note (text, pad) VALUES ('x', x'')"); err != nil {
			t.Fatal(err)
		}
		s.note()
	}
	got, r, err := restored(t, s.kept(), first.Add(90*time.Second))
	if err != nil || got != s.moments[1].content || !r.At.Equal(s.moments[1].at) || !r.Next.Equal(s.moments[2].at) {
		t.Errorf("a minute and a half later: %s, %+v, %v", got, r, err)
	}
	_, _, err = restored(t, s.kept(), first.Add(-time.Second))
	if !errs.Is(err, errs.NotFound) {
		t.Errorf("before the first: %v, want not found", err)
	}
	if _, err := s.kept().Restore(context.Background(), first, s.path); !errs.Is(err, errs.Invalid) {
		t.Errorf("over the database in use: %v, want invalid", err)
	}
}

// meddled is a depot at which something happens once the list of it was read.
type meddled struct {
	Depot
	then *func()
}

func (m meddled) List(ctx context.Context, below string) ([]Object, error) {
	list, err := m.Depot.List(ctx, below)
	if then := *m.then; then != nil {
		*m.then = nil
		then()
	}
	return list, err
}

// TestPackedMeanwhile: what is packed while somebody restores or verifies is read from the pack.
func TestPackedMeanwhile(t *testing.T) {
	s := newStory(t, 1)
	change := func() {
		s.clock.step(time.Minute)
		if err := s.live.write("INSERT INTO note (text, pad) VALUES ('x', x'')"); err != nil {
			t.Fatal(err)
		}
		s.note()
	}
	for _, look := range []func(Kept) error{
		func(k Kept) error {
			_, err := k.Restore(context.Background(), s.moments[len(s.moments)-1].at, filepath.Join(t.TempDir(), "restored.db"))
			return err
		},
		func(k Kept) error {
			v, err := k.Verify(context.Background())
			return errors.Join(append(v.Damaged, err)...)
		},
	} {
		change()
		change()
		pack := func() {
			s.clock.step(time.Hour)
			if err := s.live.log.Upkeep(context.Background(), true); err != nil {
				t.Error(err)
			}
		}
		if err := look(Kept{meddled{s.at, &pack}, s.id, s.keys}); err != nil || pack != nil {
			t.Errorf("packed meanwhile: %v", err)
		}
	}
}

// TestRetention keeps every moment from the horizon on, and no object that none needs.
func TestRetention(t *testing.T) {
	s := newStory(t, 1)
	s.copies.Retention = 48 * time.Hour
	for day := range 6 {
		for range 4 {
			s.clock.step(6 * time.Hour)
			if err := s.live.write("INSERT INTO note (text, pad) VALUES (?, x'')", strconv.Itoa(day)); err != nil {
				t.Fatal(err)
			}
			s.note()
		}
		if err := s.live.log.Upkeep(context.Background(), false); err != nil {
			t.Fatal(err)
		}
	}
	for i := len(s.moments) - 8; i < len(s.moments); i++ {
		s.check(i)
	}
	list, err := s.at.List(context.Background(), "")
	if err != nil || len(list) > 12 {
		t.Errorf("%d objects are kept of two days with an image each, %v: %v", len(list), err, list)
	}
	if _, _, err := restored(t, s.kept(), s.moments[0].at); !errs.Is(err, errs.NotFound) {
		t.Errorf("six days ago: %v, want not found", err)
	}
}
