// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
	stored := func(first byte, numbers ...uint32) string {
		var keys []storedKey
		for i, n := range numbers {
			keys = append(keys, storedKey{n, bytes.Repeat([]byte{first + byte(i)}, keySize)})
		}
		b, err := json.Marshal(keys)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	read := func(kept string) keySet {
		t.Helper()
		s, err := readSet([]byte(kept))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	old, both, other := read(stored(10, 1)), read(stored(10, 1, 2)), read(stored(20, 1))
	was := old.seal([]byte(note), nil)
	if got, err := both.open(was, nil); err != nil || string(got) != note {
		t.Errorf("sealed with the older key: %q, %v", got, err)
	}
	is := both.seal([]byte(note), nil)
	if _, err := old.open(is, nil); err == nil {
		t.Error("a set with two keys sealed with the older one")
	}
	if _, err := other.open(was, nil); err == nil {
		t.Error("another key of the same number opened it")
	}
	for name, kept := range map[string]string{"none": "[]", "twice": stored(10, 1, 1), "no_list": "{}", "short": `[{"number":1,"key":"AAAA"}]`} {
		if _, err := readSet([]byte(kept)); err == nil {
			t.Errorf("%s: read as a set of keys", name)
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
