// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"verlof/errs"
)

// gpg returns a KMS of GnuPG with a key of its own, and a second one that cannot open what
// the first wraps.
func gpg(t *testing.T) (mine, other Command) {
	t.Helper()
	if _, err := exec.LookPath("gpg"); err != nil {
		t.Fatalf("run scripts/prerequisites gpg: %v", err)
	}
	make := func() Command {
		home, err := os.MkdirTemp("", "g") // the agent's socket needs a short name
		if err != nil {
			t.Fatal(err)
		}
		begin := "gpg --homedir " + home + " --batch --quiet"
		t.Cleanup(func() {
			_ = exec.Command("gpgconf", "--homedir", home, "--kill", "all").Run()
			_ = os.RemoveAll(home)
		})
		key := strings.Fields(begin + " --passphrase= --quick-generate-key operator@example.test rsa2048 encrypt")
		if said, err := exec.Command(key[0], key[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		return Command{Wrapping: begin + " --trust-model always --encrypt --recipient operator@example.test", Unwrapping: begin + " --decrypt"}
	}
	return make(), make()
}

// TestKMS keeps a root key in a file that GnuPG has wrapped: it is made, read, and replaced,
// and never lies there as it is.
func TestKMS(t *testing.T) {
	mine, other := gpg(t)
	f := File{Path: filepath.Join(t.TempDir(), "root.key"), Make: true, KMS: mine}
	made, err := f.Root(none)
	if err != nil {
		t.Fatal(err)
	}
	sealed := made.Seal(Place{"t", "c", "r"}, note)
	if err := f.Add(); err != nil {
		t.Fatal(err)
	}
	now, err := f.Root(none)
	if err != nil || now.Older() != 1 || now.ID() == made.ID() {
		t.Fatalf("after another was made: %v, %v", now, err)
	}
	if got, err := now.Open(Place{"t", "c", "r"}, sealed); err != nil || got != note {
		t.Errorf("opened with the older one: %q, %v", got, err)
	}
	before, err := os.ReadFile(f.Path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Text(before).keys("the file"); err == nil {
		t.Error("the root key lies there as it is")
	}
	if _, err := (File{Path: f.Path, KMS: other}).Root(none); !errs.Is(err, errs.Unavailable) || errs.As(err).Hint == "" {
		t.Errorf("with another's key: %v", err)
	}
	if err := (File{Path: f.Path, KMS: Command{Unwrapping: mine.Unwrapping, Wrapping: other.Wrapping}}).Add(); err == nil {
		t.Error("a root key was wrapped for somebody else, and nobody here could open it again")
	}
	if after, err := os.ReadFile(f.Path); err != nil || string(after) != string(before) {
		t.Errorf("what failed changed the file: %v", err)
	}
	if err := f.KeepNewest(now.ID()); err != nil {
		t.Fatal(err)
	}
	if last, err := f.Root(none); err != nil || last.Older() != 0 || last.ID() != now.ID() {
		t.Errorf("after the older one was taken away: %v, %v", last, err)
	}
}

// TestCommand: whatever a program does, an error says which and what it complained of, and
// nothing of the key; passwords of Verlof's are not handed on.
func TestCommand(t *testing.T) {
	t.Setenv("VERLOF_DATABASE", "postgres://verlof:geheim@db/verlof")
	folder := t.TempDir()
	script := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, tt := range map[string]struct{ line, says string }{
		"not_there": {"verlof-no-such-program x", "verlof-no-such-program"},
		"fails":     {script("fails", "cat >/dev/null; echo 'no such key' >&2; exit 3"), "no such key"},
		"silent":    {script("silent", "cat >/dev/null"), "wrote nothing"},
		"endless":   {script("endless", "while echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; do :; done"), "more than 65536 bytes"},
		"blank":     {" ", "no program"},
	} {
		_, err := Command{Unwrapping: tt.line}.Unwrap([]byte(note))
		if err == nil || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), note) || errs.As(err).Hint == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (Command{Unwrapping: "cat"}).Wrap([]byte(note)); err == nil {
		t.Error("wrapped by nothing")
	}
	out, err := Command{Unwrapping: script("env", "env; cat >/dev/null")}.Unwrap([]byte(note))
	if err != nil || strings.Contains(string(out), "geheim") {
		t.Errorf("%v: a password is handed on", err)
	}
	var e *errs.Error
	if _, err := (File{Path: script("key", ""), KMS: Command{Unwrapping: "cat"}}).Root(none); !errors.As(err, &e) || !strings.Contains(err.Error(), "unwrapped") {
		t.Errorf("what comes out is no key: %v", err)
	}
}
