// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"verlof/internal/seal"
)

// TestVerify_closed: keys are replaced in the middle of a day whose changes are packed together, and the older ones are taken away.
// All that the newest opens is read, what it does not open is counted and tells nothing of damage, and what is damaged is found.
func TestVerify_closed(t *testing.T) {
	ctx, root := context.Background(), newRoot(t)
	s := newStory(t, 1)
	sets := rotated(t, root, s.id)
	s.path, s.at, s.keys = filepath.Join(t.TempDir(), "data.db"), folder{t.TempDir()}, sets[0]
	write := func(text string) {
		t.Helper()
		s.clock.step(time.Minute)
		if err := s.live.write("INSERT INTO note (text, pad) VALUES (?, x'')", text); err != nil {
			t.Fatal(err)
		}
	}
	s.start()
	if err := s.live.write(noteTable); err != nil {
		t.Fatal(err)
	}
	write("sealed with the first")
	write("this too")
	if err := s.live.log.TakeWhole(ctx, s.at); err != nil {
		t.Fatal(err)
	}
	s.live.rest()

	s.keys = sets[1]
	s.start()
	write("sealed with the second")
	write("this too")
	s.clock.step(time.Hour)
	if err := errors.Join(s.live.log.Upkeep(ctx, true), s.live.log.TakeWhole(ctx, s.at)); err != nil {
		t.Fatal(err)
	}
	s.live.rest()

	k := Kept{s.at, s.id, sets[2]}
	v, err := k.Verify(ctx)
	if err != nil || len(v.Damaged) > 0 || len(v.Lost) > 0 {
		t.Fatalf("after the older key was taken away: %v, damaged %v, lost %v", err, v.Damaged, v.Lost)
	}
	var kinds []string
	for _, c := range v.Closed {
		kinds = append(kinds, c.Object[strings.LastIndex(c.Object, "."):])
	}
	if slices.Sort(kinds); !slices.Equal(kinds, []string{".db", ".image", ".pack"}) {
		t.Errorf("closed are %v", v.Closed)
	}
	list, err := s.at.List(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range list {
		if !strings.HasSuffix(o.Name, ".pack") {
			continue
		}
		file := s.at.(folder).path(o.Name)
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		whole[len(whole)-3] ^= 0x10 // of the last record, which the second key sealed
		if err := os.WriteFile(file, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if v, err := k.Verify(ctx); err != nil || len(v.Damaged) != 1 {
		t.Errorf("what lies behind a record that no key opens is damaged: %v, %v", v.Damaged, err)
	}
	if v, err := (Kept{s.at, s.id, sets[0]}).Verify(ctx); err != nil || len(v.Damaged) == 0 {
		t.Errorf("sealed with a key that nobody made: %v, %v", v.Damaged, err)
	}
}

// TestWhole_newest_key puts a whole anew where another key seals, though nothing changed: the one that is there is lost with its key.
func TestWhole_newest_key(t *testing.T) {
	ctx, s := context.Background(), newStory(t, 1)
	sets := rotated(t, newRoot(t), s.id)
	for i, want := range []int{1, 1, 2} {
		set := sets[max(0, i-1)]
		s.live.log.sealer = func() seal.Wrapper { return set }
		s.clock.step(time.Hour)
		if err := s.live.log.TakeWhole(ctx, s.at); err != nil {
			t.Fatal(err)
		}
		if list, _, err := readWholes(ctx, s.at, s.id); err != nil || len(list) != want {
			t.Errorf("attempt %d: %d wholes, want %d, %v", i, len(list), want, err)
		}
	}
}

// TestClosed_newest goes on with an image where the key of the newest record is gone and nothing else tells where to go on.
func TestClosed_newest(t *testing.T) {
	s := newStory(t, 1)
	sets := rotated(t, newRoot(t), s.id)
	for i, set := range []*seal.Keys{sets[0], sets[2]} {
		s.live.rest()
		if err := os.Remove(s.path + "-copied"); err != nil {
			t.Fatal(err)
		}
		s.keys = set
		if i == 0 {
			s.at = folder{t.TempDir()}
		}
		s.start()
		s.clock.step(time.Minute)
		if err := s.live.write("INSERT INTO note (text, pad) VALUES (?, x'')", fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := restored(t, s.kept(), s.clock.Now()); err != nil {
		t.Errorf("what was written after the key was taken away: %v", err)
	}
	if v, err := s.kept().Verify(context.Background()); err != nil || len(v.Damaged) > 0 || len(v.Lost) > 0 {
		t.Errorf("%v, damaged %v, lost %v", err, v.Damaged, v.Lost)
	}
}

// rotated are the keys of a customer: the first, the first and the second, the second alone.
func rotated(t *testing.T, root *seal.Root, id string) (sets [3]*seal.Keys) {
	t.Helper()
	sealed, err := root.NewKeys(id)
	for i, next := range []func(customer, sealed string) (string, error){root.AddKey, root.KeepNewest, nil} {
		if err == nil {
			sets[i], err = root.Keys(id, sealed)
		}
		if err == nil && next != nil {
			sealed, err = next(id, sealed)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return sets
}
