// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"context"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"verlof/errs"
)

// none reports that nothing was sealed yet.
func none() (bool, error) { return false, nil }

func root(t *testing.T) *Root {
	t.Helper()
	r, err := File{Path: filepath.Join(t.TempDir(), "root.key"), Make: true}.Root(none)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func keys(t *testing.T, r *Root, customer string) *Keys {
	t.Helper()
	sealed, err := r.NewKeys(customer)
	if err != nil {
		t.Fatal(err)
	}
	k, err := r.Keys(customer, sealed)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

const note = "broken leg"

// TestSeal takes a sealed text to every place it does not belong to.
func TestSeal(t *testing.T) {
	r := root(t)
	acme, birch := keys(t, r, "acme"), keys(t, r, "birch")
	here := Place{"sickness_note", "text", "1"}
	sealed := acme.Seal(here, note)
	if strings.Contains(sealed, note) {
		t.Error("the text can be read as it is")
	}
	if got, err := acme.Open(here, sealed); err != nil || got != note {
		t.Errorf("opened at its place: %q, %v", got, err)
	}
	if again := acme.Seal(here, note); again == sealed {
		t.Error("the same text sealed twice looks the same, so equal notes could be told")
	}
	for name, open := range map[string]func() (string, error){
		"another_customer": func() (string, error) { return birch.Open(here, sealed) },
		"another_row":      func() (string, error) { return acme.Open(Place{"sickness_note", "text", "2"}, sealed) },
		"another_column":   func() (string, error) { return acme.Open(Place{"sickness_note", "by", "1"}, sealed) },
		"another_table":    func() (string, error) { return acme.Open(Place{"account", "text", "1"}, sealed) },
		"parts_moved":      func() (string, error) { return acme.Open(Place{"sickness_notetext", "", "1"}, sealed) },
		"not_base64":       func() (string, error) { return acme.Open(here, "*"+sealed) },
		"empty":            func() (string, error) { return acme.Open(here, "") },
	} {
		if got, err := open(); err == nil || got != "" {
			t.Errorf("%s: opened %q", name, got)
		} else if strings.Contains(err.Error(), note) {
			t.Errorf("%s: the error tells the text: %v", name, err)
		}
	}
}

// TestFlippedBit flips every bit of a sealed text.
func TestFlippedBit(t *testing.T) {
	k, here := keys(t, root(t), "acme"), Place{"t", "c", "r"}
	sealed := k.Seal(here, note)
	b, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 8 * len(b) {
		b[i/8] ^= 1 << (i % 8)
		if _, err := k.Open(here, base64.RawStdEncoding.EncodeToString(b)); err == nil {
			t.Errorf("opened with bit %d flipped", i)
		}
		b[i/8] ^= 1 << (i % 8)
	}
}

// TestKeys opens a customer's keys with what did not seal them.
func TestKeys(t *testing.T) {
	r := root(t)
	sealed, err := r.NewKeys("acme")
	if err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func() (*Keys, error){
		"another_root":     func() (*Keys, error) { return root(t).Keys("acme", sealed) },
		"another_customer": func() (*Keys, error) { return r.Keys("birch", sealed) },
		"cut":              func() (*Keys, error) { return r.Keys("acme", sealed[:len(sealed)-2]) },
	} {
		if _, err := open(); !errs.Is(err, errs.Unavailable) || errs.As(err).Hint == "" {
			t.Errorf("%s: %v, want unavailable with a hint", name, err)
		}
	}
}

// TestNewestKey opens what an older key of a set sealed, seals with the newest, and
// refuses sets that cannot be.
func TestNewestKey(t *testing.T) {
	r, here := root(t), Place{"t", "c", "r"}
	open := func(sealed string, err error) *Keys {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		k, err := r.Keys("acme", sealed)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	one, err := r.NewKeys("acme")
	old := open(one, err)
	two, err := r.AddKey("acme", one)
	both := open(two, err)
	last, err := r.KeepNewest("acme", two)
	alone := open(last, err)

	was, is := old.Seal(here, note), both.Seal(here, note)
	if got, err := both.Open(here, was); err != nil || got != note {
		t.Errorf("sealed with the older key: %q, %v", got, err)
	}
	if _, err := old.Open(here, is); !UnknownKey(err) {
		t.Errorf("sealed with a key that is newer than the set: %v, want that the key is not known", err)
	}
	if _, err := alone.Open(here, was); !UnknownKey(err) {
		t.Errorf("sealed with a key that was taken out: %v, want that the key is not known", err)
	}
	if got, err := alone.Open(here, is); err != nil || got != note {
		t.Errorf("sealed with the key that was kept: %q, %v", got, err)
	}
	if _, err := keys(t, r, "acme").Open(here, was); err == nil || UnknownKey(err) {
		t.Errorf("another key of the same number: %v, want that it cannot be opened", err)
	}
	if n, ok := Number(is); !ok || n != 2 || both.Newest() != 2 || both.Len() != 2 {
		t.Errorf("sealed by key %d of %d, the newest of which is %d", n, both.Len(), both.Newest())
	}
	for name, stored := range map[string][]storedKey{"none": nil, "twice": {newKey(1), newKey(1)}, "short": {{1, make([]byte, 16)}}} {
		if _, err := readSet(stored); err == nil {
			t.Errorf("%s: read as a set of keys", name)
		}
	}
}

// TestReplaceRoot replaces the root key: what the old one sealed opens until it is taken
// out, and what was sealed anew opens after that too.
func TestReplaceRoot(t *testing.T) {
	f := File{Path: filepath.Join(t.TempDir(), "root.key"), Make: true}
	read := func(s Source) *Root {
		t.Helper()
		r, err := s.Root(none)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	old := read(f)
	place := Place{"secret", "sealed", "x"}
	kept, err := old.NewKeys("acme")
	if err != nil {
		t.Fatal(err)
	}
	secret := old.Seal(place, note)
	if err := f.Add(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(f.Path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file: %v, %v, want mode 0600", info.Mode(), err)
	}
	text, err := os.ReadFile(f.Path)
	if err != nil {
		t.Fatal(err)
	}
	both := read(Text(text))
	if both.ID() == old.ID() || both.Older() != 1 {
		t.Errorf("the root key is %s with %d older, and was %s", both.ID(), both.Older(), old.ID())
	}
	if got, err := both.Open(place, secret); err != nil || got != note {
		t.Errorf("sealed by the old root key: %q, %v", got, err)
	}
	again, err := both.Rewrap("acme", kept)
	if err != nil || SealedBy(again) != both.ID() {
		t.Errorf("sealed anew by %s, %v, want %s", SealedBy(again), err, both.ID())
	}
	if _, err := old.Keys("acme", again); !UnknownRoot(err) || errs.As(err).Hint == "" {
		t.Errorf("opened by the old root key: %v, want a root key that is not known", err)
	}
	if err := f.KeepNewest(old.ID()); !errs.Is(err, errs.Conflict) || read(f).Older() != 1 {
		t.Errorf("with another one newest: %v, want a conflict and all keys there", err)
	}
	if err := f.KeepNewest(both.ID()); err != nil {
		t.Fatal(err)
	}
	alone := read(f)
	if _, err := alone.Keys("acme", again); err != nil || alone.Older() != 0 {
		t.Errorf("sealed anew, %d older root keys: %v", alone.Older(), err)
	}
	if _, err := alone.Open(place, secret); !UnknownRoot(err) {
		t.Errorf("sealed by the root key that is gone: %v", err)
	}
}

// TestHold: of two who change the root key one waits, and is told where that takes long.
func TestHold(t *testing.T) {
	f := File{Path: filepath.Join(t.TempDir(), "root.key"), Make: true}
	release, err := f.Hold(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := f.Hold(short); !errs.Is(err, errs.Conflict) || !strings.Contains(errs.As(err).Hint, "try again") {
		t.Errorf("held by two: %v", err)
	}
	release()
	if release, err = f.Hold(t.Context()); err != nil {
		t.Fatal(err)
	}
	release()
}

// TestSweep: what somebody wrote who was killed over a change of the root key goes with the next change, and nothing else does.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	f := File{Path: filepath.Join(dir, "root.key"), Make: true}
	for _, change := range []func(*Root) error{
		func(*Root) error { return f.Add() },
		func(now *Root) error { return f.KeepNewest(now.ID()) },
	} {
		now, err := f.Root(none)
		if err != nil {
			t.Fatal(err)
		}
		draft, err := f.draft([][]byte{newKey(0).Key})
		for _, name := range []string{".root-key-mine", ".root-key-", "root.key.old"} {
			err = errors.Join(err, os.WriteFile(filepath.Join(dir, name), nil, 0o600))
		}
		if err = errors.Join(err, change(now)); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(draft); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the draft is there still: %v", err)
		}
		if left, err := os.ReadDir(dir); len(left) != 4 {
			t.Errorf("left: %v, %v", left, err)
		}
	}
}

// TestLostRoot makes no new root key where an old one sealed something.
func TestLostRoot(t *testing.T) {
	f := File{Path: filepath.Join(t.TempDir(), "new", "root.key"), Make: true}
	_, err := f.Root(func() (bool, error) { return true, nil })
	if !errs.Is(err, errs.Unavailable) || !strings.Contains(errs.As(err).Hint, "--root-key-file") {
		t.Errorf("lost: %v, want unavailable with a hint", err)
	}
	if _, err := os.Stat(filepath.Dir(f.Path)); err == nil {
		t.Error("something was written")
	}
	if _, err := (File{Path: f.Path}).Root(none); !errs.Is(err, errs.Invalid) {
		t.Errorf("a key that was named and is not there: %v, want invalid", err)
	}
	first, err := f.Root(none)
	if err != nil {
		t.Fatal(err)
	}
	again, err := f.Root(none)
	if err != nil || again.ID() != first.ID() {
		t.Errorf("read again: %v, %v, want %s", again, err, first.ID())
	}
	if info, err := os.Stat(f.Path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file: %v, %v, want mode 0600", info.Mode(), err)
	}
}

// TestRefusedFiles reads files that hold no key, or that everybody may read.
func TestRefusedFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "root.key")
	for _, text := range []string{"", "geheim\n", base64.StdEncoding.EncodeToString(make([]byte, 16))} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := File{Path: path, Make: true}.Root(none)
		if !errs.Is(err, errs.Invalid) || text != "" && strings.Contains(err.Error(), strings.TrimSpace(text)) {
			t.Errorf("%q: %v, want invalid, and the file's text not told", text, err)
		}
	}
	if err := os.WriteFile(path, []byte(base64.StdEncoding.EncodeToString(make([]byte, 32))), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := (File{Path: path}).Root(none); err != nil {
		t.Errorf("a good key: %v", err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := (File{Path: path}).Root(none); !errs.Is(err, errs.Invalid) {
		t.Errorf("a key that everybody may read: %v, want invalid", err)
	}
}
