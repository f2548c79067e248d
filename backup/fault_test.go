// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"verlof/errs"
)

// flaky fails its n-th call, and what it failed at may have been done all the same.
type flaky struct {
	Depot
	n    int  // calls until it fails
	done bool // what fails is done
	down bool // every call fails
}

var errFlaky = errors.New("the depot is gone")

// fails reports whether this is the call, and does what was asked if it is to be done.
func (f *flaky) fails(do func() error) bool {
	f.n--
	if f.n != 0 && !f.down {
		return false
	}
	if f.done {
		_ = do()
	}
	return true
}

func (f *flaky) Put(ctx context.Context, name string, body io.ReadSeeker) error {
	if f.fails(func() error { return f.Depot.Put(ctx, name, body) }) {
		return errFlaky
	}
	return f.Depot.Put(ctx, name, body)
}

func (f *flaky) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	if f.fails(func() error { return nil }) {
		return nil, errFlaky
	}
	return f.Depot.Get(ctx, name)
}

func (f *flaky) List(ctx context.Context, below string) ([]Object, error) {
	if f.fails(func() error { return nil }) {
		return nil, errFlaky
	}
	return f.Depot.List(ctx, below)
}

func (f *flaky) Delete(ctx context.Context, names ...string) error {
	if f.fails(func() error { return f.Depot.Delete(ctx, names[:len(names)/2]...) }) {
		return errFlaky
	}
	return f.Depot.Delete(ctx, names...)
}

// TestFailNth fails each call to the depot once, with what it asked for done and not
// done: after the next commit everything is there again, and every moment that was
// acknowledged can be had back.
func TestFailNth(t *testing.T) {
	for _, done := range []bool{false, true} {
		for n := 1; ; n++ {
			s := newStory(t, 7)
			f := &flaky{Depot: s.at, n: n, done: done}
			s.copies.Depot = f
			for i := range 4 {
				s.clock.step(time.Minute)
				err := s.live.write("INSERT INTO note (text, pad) VALUES (?, x'')", fmt.Sprint(i))
				if err != nil {
					t.Fatalf("call %d: %v, and the copy is not demanded", n, err)
				}
				if s.live.log.Status().Behind.IsZero() {
					s.note()
				}
				if i == 1 {
					_ = s.live.log.Upkeep(context.Background(), true) // the next one goes on where it failed
				}
			}
			s.clock.step(time.Minute)
			if err := s.live.log.Upkeep(context.Background(), true); errors.Is(err, errFlaky) {
				err = s.live.log.Upkeep(context.Background(), true)
				if err != nil {
					t.Fatalf("call %d: %v", n, err)
				}
			}
			s.note()
			for i := range s.moments {
				s.check(i)
			}
			if v, err := s.kept().Verify(context.Background()); err != nil || len(v.Damaged) > 0 {
				t.Fatalf("call %d: verified: %v, %v", n, v.Damaged, err)
			}
			s.live.rest()
			if f.n > 0 {
				break // the whole ran without a failure
			}
		}
	}
}

// TestDown goes on without the depot, says so, and catches up; where the copy is
// demanded it refuses.
func TestDown(t *testing.T) {
	s := newStory(t, 1)
	f := &flaky{Depot: s.at, down: true}
	s.copies.Depot = f
	s.clock.step(time.Minute)
	down := s.clock.Now()
	if err := s.live.write("INSERT INTO note (text, pad) VALUES ('down', zeroblob(9000))"); err != nil {
		t.Errorf("the copy is not demanded, and a change is refused: %v", err)
	}
	if st := s.live.log.Status(); !st.Behind.Equal(down) || !errors.Is(st.Err, errFlaky) {
		t.Errorf("status %+v, want behind since %v", st, down)
	}
	s.copies.Demand = true
	err := s.live.write("INSERT INTO note (text, pad) VALUES ('demanded', x'')")
	if !errs.Is(err, errs.Unavailable) || errs.As(err).Hint == "" {
		t.Errorf("the copy is demanded: %v, want unavailable with a hint", err)
	}
	s.clock.step(time.Minute)
	opened, released := 0, 0
	open := func(id string) (func(), error) {
		opened++
		return func() { released++ }, nil
	}
	s.copies.CatchUp(open)
	if x := s.copies.Standing(); x.Behind != 1 || !x.Since.Equal(down) {
		t.Errorf("%d behind since %v", x.Behind, x.Since)
	}
	// The log is written anew before anybody copied it: what was in it is in the file alone.
	if err := s.live.write("PRAGMA wal_checkpoint(RESTART)"); err == nil {
		t.Error("the copy is demanded and behind, and a change is acknowledged")
	}
	s.copies.Demand = false
	if err := s.live.write("INSERT INTO note (text, pad) VALUES ('anew', x'')"); err != nil {
		t.Fatal(err)
	}
	f.down = false
	s.clock.step(time.Minute)
	s.copies.CatchUp(open)
	if n := s.copies.Standing().Behind; n != 0 {
		t.Errorf("%d are behind, and the depot is there again", n)
	}
	s.copies.CatchUp(open)
	if opened != 2 || released != 2 {
		t.Errorf("opened %d times and let go %d times, want 2: of what is not behind nothing waits", opened, released)
	}
	s.note()
	s.check(len(s.moments) - 1)
}

// TestKilledBehind kills the process while the depot fails and changes are acknowledged all the same: the next process
// puts them there, before or after the depot is there again, and nothing of before is lost.
func TestKilledBehind(t *testing.T) {
	for name, early := range map[string]bool{"depot_is_back_first": false, "process_is_back_first": true} {
		t.Run(name, func(t *testing.T) {
			s := newStory(t, 7)
			f := &flaky{Depot: s.at}
			s.at = f
			s.start()
			step := func(what string) {
				t.Helper()
				s.clock.step(time.Minute)
				if err := s.live.write("INSERT INTO note (text, pad) VALUES (?, x'')", what); err != nil {
					t.Fatal(err)
				}
			}
			step("before")
			s.note()
			f.down = true
			step("acknowledged")
			step("acknowledged too")
			if s.live.log.Status().Behind.IsZero() {
				t.Fatal("the test shows nothing: the depot has it all")
			}
			s.clock.step(time.Minute)
			if early {
				s.start()
				_ = s.live.Flush()
				if s.live.log.Status().Behind.IsZero() {
					t.Error("the depot fails, and the new process says that all is there")
				}
				s.clock.step(time.Minute)
			}
			f.down = false
			if !early {
				s.start()
			}
			if err := s.live.Flush(); err != nil {
				t.Fatal(err)
			}
			s.note()
			for i := range s.moments {
				s.check(i)
			}
		})
	}
}

// TestMissing takes objects away, one at a time: each is missed, but those that nothing
// needs.
func TestMissing(t *testing.T) {
	s := newStory(t, 3)
	for i := range 3 {
		s.clock.step(time.Minute)
		if err := s.live.write("INSERT INTO note (text, pad) VALUES (?, x'')", fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	s.note()
	list, err := s.at.List(context.Background(), "")
	if err != nil || len(list) != 4 {
		t.Fatalf("%v, %v", list, err)
	}
	dir := s.at.(folder)
	for _, o := range list[:3] { // without the last it is what it was before
		path := dir.path(o.Name)
		if err := os.Rename(path, path+".away"); err != nil {
			t.Fatal(err)
		}
		_, _, err := restored(t, s.kept(), s.moments[1].at)
		if err == nil {
			t.Errorf("restored without %s", o.Name)
		}
		if err := os.Rename(path+".away", path); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMixed puts one customer's objects in another's place, and one record's in another's.
func TestMixed(t *testing.T) {
	s := newStory(t, 1)
	s.clock.step(time.Minute)
	if err := s.live.write("INSERT INTO note (text, pad) VALUES ('x', x'')"); err != nil {
		t.Fatal(err)
	}
	s.note()
	dir := s.at.(folder)
	list, err := dir.List(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	root := newRoot(t)
	birch := newKeys(t, root, "birch")
	for name, k := range map[string]Kept{
		"another_customers_keys": {s.at, "acme", birch},
		"the_root_key":           {s.at, "acme", root},
	} {
		if _, _, err := restored(t, k, s.moments[1].at); err == nil {
			t.Errorf("%s: restored", name)
		}
	}
	for _, o := range list {
		to := dir.path(strings.Replace(o.Name, "acme", "birch", 1))
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Link(dir.path(o.Name), to); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := restored(t, Kept{s.at, "birch", birch}, s.moments[1].at); err == nil {
		t.Error("what acme put was restored as birch's")
	}
	if _, _, err := restored(t, Kept{s.at, "birch", s.keys}, s.moments[1].at); err == nil {
		t.Error("what acme put was restored as birch's, with acme's keys")
	}
	moved := strings.Replace(list[1].Name, "-00", "-01", 2)
	if err := os.Rename(dir.path(list[1].Name), dir.path(moved)); err != nil {
		t.Fatal(err)
	}
	if v, err := s.kept().Verify(context.Background()); err != nil || len(v.Damaged) == 0 {
		t.Errorf("a record under another name: %v, nobody found it", err)
	}
}

// TestNewestWhole gives the newest state before what is damaged, and says so.
func TestNewestWhole(t *testing.T) {
	s := newStory(t, 1)
	for i := range 8 {
		s.clock.step(time.Minute)
		if err := s.live.write("INSERT INTO note (text, pad) VALUES (?, x'')", fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
		s.note()
		if i == 3 {
			if err := s.live.log.Upkeep(context.Background(), true); err != nil {
				t.Fatal(err)
			}
		}
	}
	newest := func() (string, Reached, error) {
		path := filepath.Join(t.TempDir(), "newest.db")
		r, err := s.kept().RestoreNewest(context.Background(), path)
		if r.Record == 0 {
			return "", r, err
		}
		return content(t, path), r, err
	}
	if got, _, err := newest(); err != nil || got != s.moments[8].content {
		t.Errorf("all is whole: %s, %v", got, err)
	}
	list, err := s.at.List(context.Background(), "") // image 1, its pack, image 5, changes 6 to 9
	if err != nil || len(list) != 7 {
		t.Fatalf("%v, %v", list, err)
	}
	dir := s.at.(folder)
	var d *Damage
	for i, want := range map[int]int{6: 7, 5: 6, 3: 4, 2: 8} { // moment 4 is that of the second image, without which the first one serves
		path := dir.path(list[i].Name)
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, whole[:len(whole)-9], 0o600); err != nil {
			t.Fatal(err)
		}
		if got, r, err := newest(); !errors.As(err, &d) || got != s.moments[want].content {
			t.Errorf("%s is damaged: record %d, %s, %v, want moment %d", list[i].Name, r.Record, got, err, want)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if i != 6 && i != 2 { // without the last it is what it was before
			if got, r, err := newest(); !errors.As(err, &d) || got != s.moments[want].content {
				t.Errorf("%s is missing: record %d, %s, %v, want moment %d", list[i].Name, r.Record, got, err, want)
			}
		}
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestWhole has the whole of a day back from a depot that keeps nothing else, where the newest
// is damaged that of the day before, and keeps none that the retention has passed.
func TestWhole(t *testing.T) {
	s := newStory(t, 1)
	s.copies.Retention = 72 * time.Hour
	away := folder{t.TempDir()}
	for day := range 8 {
		if day != 5 { // nothing changes on one day
			if err := s.live.write("INSERT INTO note (text, pad) VALUES ('x', zeroblob(6000))"); err != nil {
				t.Fatal(err)
			}
		}
		s.note()
		if err := s.live.log.TakeWhole(context.Background(), away); err != nil {
			t.Fatal(err)
		}
		s.clock.step(24 * time.Hour)
	}
	list, err := away.List(context.Background(), "")
	if err != nil || len(list) != 4 { // of days 4, 6 and 7, and that of day 3, which the horizon needs
		t.Fatalf("%v, %v", list, err)
	}
	k := Kept{away, "acme", s.keys}
	newest := func() (string, Reached, error) {
		path := filepath.Join(t.TempDir(), "whole.db")
		r, err := k.RestoreNewest(context.Background(), path)
		if !r.Whole {
			return "", r, err
		}
		return content(t, path), r, err
	}
	if got, _, err := newest(); err != nil || got != s.moments[8].content {
		t.Errorf("the newest whole: %s, %v", got, err)
	}
	path := away.path(list[3].Name)
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	body[len(body)/2] ^= 1
	damage(t, k, path, body, "a whole")
	var d *Damage
	if got, _, err := newest(); !errors.As(err, &d) || got != s.moments[7].content {
		t.Errorf("the newest whole is damaged: %s, %v", got, err)
	}
	if h, err := k.Holdings(context.Background()); err != nil || h.Objects != 4 || h.Whole.IsZero() {
		t.Errorf("holdings %+v, %v", h, err)
	}
}

// TestAnotherRow puts a record in the place of one with the same name, of the same customer,
// that follows another one.
func TestAnotherRow(t *testing.T) {
	s := newStory(t, 1)
	other := &story{t: t, id: s.id, clock: newClock(), at: folder{t.TempDir()}, keys: s.keys, path: filepath.Join(t.TempDir(), "data.db")}
	other.start()
	for _, st := range []*story{s, other} {
		if st == other {
			if err := st.live.write(noteTable); err != nil {
				t.Fatal(err)
			}
		}
		st.clock.step(time.Minute)
		if err := st.live.write("INSERT INTO note (text, pad) VALUES ('x', x'')"); err != nil {
			t.Fatal(err)
		}
		st.note()
	}
	list, err := s.at.List(context.Background(), "")
	if err != nil || len(list) != 2 {
		t.Fatalf("%v, %v", list, err)
	}
	name := list[1].Name
	if err := os.Rename(other.at.(folder).path(name), s.at.(folder).path(name)); err != nil {
		t.Fatal(err)
	}
	var dam *Damage
	if _, _, err := restored(t, s.kept(), s.clock.Now()); !errors.As(err, &dam) {
		t.Errorf("restored with a record of another row: %v", err)
	}
	if v, err := s.kept().Verify(context.Background()); err != nil || len(v.Damaged) == 0 {
		t.Errorf("verified with a record of another row: %v", err)
	}
}

// TestTorn reads a log whose last commit was only half written.
func TestTorn(t *testing.T) {
	s := newStory(t, 1)
	_, before, err := s.live.log.allPages()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.live.write("INSERT INTO note (text, pad) VALUES ('x', zeroblob(20000))"); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(s.path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "torn.db")
	for _, at := range []int{len(whole) - 1, len(whole) - 4096, len(whole) - 4096 - frameHeader, walHeader + int(before.Frames)*(frameHeader+4096) + 1} {
		torn := append([]byte(nil), whole...)
		torn[at] ^= 1
		if err := os.WriteFile(path+"-wal", torn, 0o600); err != nil {
			t.Fatal(err)
		}
		w, err := openWAL(path)
		if err != nil {
			t.Fatal(err)
		}
		got, err := w.scan(w.start, 0)
		if err != nil || got.end != before {
			t.Errorf("byte %d changed: read up to frame %d, want %d: %v", at, got.end.Frames, before.Frames, err)
		}
		_ = w.close()
	}
}

// TestDrill restores beside the database in use and compares; a state that is not the
// database's is found.
func TestDrill(t *testing.T) {
	s := newStory(t, 5)
	for range 20 {
		s.step()
	}
	sound := func(path string) error { content(t, path); return nil }
	d, err := s.live.log.Drill(context.Background(), t.TempDir(), sound)
	if err != nil || d.Record == 0 || d.Bytes == 0 {
		t.Fatalf("%+v, %v", d, err)
	}
	if _, err := s.live.log.Drill(context.Background(), t.TempDir(), func(string) error { return errFlaky }); !errors.Is(err, errFlaky) {
		t.Errorf("a check that fails: %v", err)
	}
	s.live.rest()
	f, err := os.OpenFile(s.path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, _ := f.Stat()
	b := make([]byte, 1)
	_, _ = f.ReadAt(b, info.Size()-1)
	b[0] ^= 1
	if _, err := f.WriteAt(b, info.Size()-1); err != nil {
		t.Fatal(err)
	}
	f.Close()
	mtime := s.live.log.mark(t)
	if err := os.Chtimes(s.path, mtime, mtime); err != nil {
		t.Fatal(err)
	}
	s.live = openLive(t, s.path, s.copies, "acme", s.keys)
	var dam *Damage
	if _, err := s.live.log.Drill(context.Background(), t.TempDir(), sound); !errors.As(err, &dam) {
		t.Errorf("the disk lost a bit: %v, want that it is found", err)
	}
}

// mark returns when the log saw the file change last.
func (l *Log) mark(t *testing.T) time.Time {
	t.Helper()
	st, err := holdState(l.db.File())
	if err != nil {
		t.Fatal(err)
	}
	defer st.release()
	return time.Unix(0, st.Rest.Mtime)
}
