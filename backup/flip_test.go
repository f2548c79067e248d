// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestFlip changes a byte in every object of every kind that a depot keeps, one at a time: each is
// found, or says in its name all that is read of it.
func TestFlip(t *testing.T) {
	s := everyKind(t)
	dir := s.at.(folder)
	stranger := "registry/other/0001"
	if err := dir.Put(context.Background(), stranger, strings.NewReader("x")); err != nil {
		t.Fatal(err)
	}
	if v, err := s.kept().Verify(context.Background()); err != nil || len(v.Damaged) != 1 {
		t.Errorf("an object of a kind that nobody knows: %v, %v", v.Damaged, err)
	}
	if err := dir.Delete(context.Background(), stranger); err != nil {
		t.Fatal(err)
	}
	list, err := dir.List(context.Background(), "")
	if err != nil || len(list) < 6 {
		t.Fatalf("%v, %v", list, err)
	}
	seen := map[string]int{}
	for _, o := range list {
		seen[path.Dir(o.Name)+" "+path.Ext(o.Name)]++
		file := dir.path(o.Name)
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if path.Dir(o.Name) == epochFolder {
			said(t, s.at, file, whole)
			continue
		}
		for _, at := range []int{0, 20, len(whole) / 3, len(whole) / 2, len(whole) - 1} {
			whole[at] ^= 0x10
			damage(t, s.kept(), file, whole, fmt.Sprintf("%s: byte %d", o.Name, at))
			whole[at] ^= 0x10
		}
		damage(t, s.kept(), file, whole[:len(whole)-1], o.Name+": cut short")
		damage(t, s.kept(), file, append(whole[:len(whole):len(whole)], 0), o.Name+": longer")
		if err := os.WriteFile(file, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if v, err := s.kept().Verify(context.Background()); err != nil || len(v.Damaged) > 0 {
		t.Errorf("all as it was: %v, %v", v.Damaged, err)
	}
	var kinds []string
	for k := range seen {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	if want := []string{"registry/config .config", "registry/epoch ", "registry/log .changes", "registry/log .image", "registry/log .pack", "registry/whole .db"}; !slices.Equal(kinds, want) {
		t.Errorf("the depot keeps %q; a kind that is not among %q must be looked at here", kinds, want)
	}
}

// everyKind is a story of which a depot keeps every kind of object that there is.
func everyKind(t *testing.T) *story {
	t.Helper()
	ctx := context.Background()
	s := newStoryOf(t, 3, Registry)
	for i := range 8 {
		s.clock.step(time.Minute)
		if err := s.live.write("INSERT INTO note (text, pad) VALUES (?, zeroblob(5000))", fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
		if i == 4 {
			if err := s.live.log.Upkeep(ctx, true); err != nil {
				t.Fatal(err)
			}
		}
	}
	cfg := Config{Data: "/data", Files: []ConfigFile{{"/data/verlof.toml", []byte("max-open = 7")}}}
	err := errors.Join(s.live.log.TakeWhole(ctx, s.at), NextEpoch(Epoch{}, s.clock.Now()).Begin(ctx, s.at), s.copies.PutConfig(ctx, s.keys, cfg, false))
	if err != nil {
		t.Fatal(err)
	}
	s.live.rest()
	return s
}

// said wants that nothing is read of an epoch but its name.
func said(t *testing.T, at Depot, file string, whole []byte) {
	t.Helper()
	before, err := ReadEpoch(context.Background(), at)
	if err != nil || before.Number == 0 {
		t.Fatalf("%+v, %v", before, err)
	}
	for i := range whole {
		whole[i] ^= 0x10
		if err := os.WriteFile(file, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		if now, err := ReadEpoch(context.Background(), at); err != nil || now != before {
			t.Errorf("byte %d of an epoch is another: %+v, %v", i, now, err)
		}
		whole[i] ^= 0x10
	}
}

// damage writes an object otherwise, and wants that to be found.
func damage(t *testing.T, k Kept, path string, body []byte, what string) {
	t.Helper()
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := k.Verify(context.Background())
	if err == nil && len(v.Damaged) == 0 {
		t.Errorf("%s: nobody found it", what)
	}
}
