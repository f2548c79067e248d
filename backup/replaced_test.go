// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

// TestDepot_replaced: the depot is lost and another one, which is empty, takes its place, while the database is in use or after it
// was had back from the place further away. What is written from then on is the newest state there too, and every earlier
// moment stays.
func TestDepot_replaced(t *testing.T) {
	for name, back := range map[string]func(t *testing.T, s *story, k Kept){
		"in_use": func(*testing.T, *story, Kept) {},
		"had_back": func(t *testing.T, s *story, k Kept) {
			s.path = filepath.Join(t.TempDir(), "data.db")
			if _, err := k.RestoreNewest(t.Context(), s.path); err != nil {
				t.Fatal(err)
			}
		},
		"had_back_and_no_third_place_at_first": func(t *testing.T, s *story, k Kept) {
			s.path = filepath.Join(t.TempDir(), "data.db")
			r, err := k.RestoreNewest(t.Context(), s.path)
			if err = errors.Join(err, r.GoOn(s.path)); err != nil {
				t.Fatal(err)
			}
			s.at = folder{t.TempDir()}
			s.start()
			if err := s.live.write("INSERT INTO note (text, pad) VALUES ('alone', x'')"); err != nil {
				t.Fatal(err)
			}
			s.live.rest()
		},
	} {
		t.Run(name, func(t *testing.T) { replace(t, back) })
	}
}

func replace(t *testing.T, back func(*testing.T, *story, Kept)) {
	ctx, away := t.Context(), folder{t.TempDir()}
	s := newStory(t, 1)
	write := func() {
		t.Helper()
		s.copies.Wholes = []Depot{s.at, away}
		for i := range 5 {
			s.clock.step(time.Minute)
			if err := s.live.write("INSERT INTO note (text, pad) VALUES (?, x'')", fmt.Sprint(i)); err != nil {
				t.Fatal(err)
			}
			s.note()
		}
		if err := errors.Join(s.live.log.TakeWholes(ctx), s.copies.Mirror(ctx)); err != nil {
			t.Fatal(err)
		}
	}
	write()
	s.live.rest()
	k, was := Kept{away, s.id, s.keys}, s.at
	s.clock.step(time.Hour)
	back(t, s, k)
	if s.at == was {
		s.at = folder{t.TempDir()}
	}
	s.start()
	write()
	s.live.rest()
	for _, m := range s.moments {
		if got, _, err := restored(t, k, m.at); err != nil || got != m.content {
			t.Errorf("at %v: %v, %v", m.at, got == m.content, err)
		}
	}
	path := filepath.Join(t.TempDir(), "data.db")
	if _, err := k.RestoreNewest(ctx, path); err != nil || content(t, path) != s.moments[len(s.moments)-1].content {
		t.Errorf("the newest state there is another, %v", err)
	}
	for _, at := range []Depot{away, s.at} {
		if v, err := (Kept{at, s.id, s.keys}).Verify(ctx); err != nil || len(v.Damaged) > 0 {
			t.Errorf("%s: %v, %v", at, v.Damaged, err)
		}
	}
	if h, err := k.Holdings(ctx); err != nil || h.Whole.Before(s.clock.Now().Add(-time.Minute)) {
		t.Errorf("the newest whole there is of %v, %v", h.Whole, err)
	}
}
