// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"verlof/backup"
	"verlof/errs"
	"verlof/internal/seal"
)

// TestRecoverConfiguration loses a machine that kept its copies in a store that speaks S3: verlof.toml, what copy-files
// names, and the settings that stood in the command come back with the databases. What is there
// already is not overwritten.
func TestRecoverConfiguration(t *testing.T) {
	t.Parallel()
	depot, dir := newBucket(t), t.TempDir()
	data, proxy, usb := filepath.Join(dir, "data"), filepath.Join(dir, "proxy.pem"), filepath.Join(dir, "root.key")
	must(t, "tenant", "create", "acme", "--name", "Acme", "--data", data)
	file := "copy = \"" + depot + "\"\ncopy-files = \"" + proxy + "\"\n"
	for path, text := range map[string]string{filepath.Join(data, "verlof.toml"): file, proxy: "a certificate"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Link(filepath.Join(data, "root.key"), usb); err != nil {
		t.Fatal(err)
	}
	must(t, "backup", "now", "--data", data)
	serveOnce(t, data, depot, usb)
	if err := os.Rename(data, filepath.Join(dir, "lost")); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, "other.key")
	must(t, "tenant", "create", "birch", "--name", "Birch", "--data", filepath.Join(dir, "else"))
	if err := os.Rename(filepath.Join(dir, "else", "root.key"), other); err != nil {
		t.Fatal(err)
	}
	again := func(key string) (string, error) {
		return verb(t, "recover", "--data", data, "--root-key-file", key, "--from", depot, "--json")
	}
	if _, err := again(other); !errs.Is(err, errs.Unavailable) {
		t.Fatalf("with another root key: %v", err)
	}
	wants(t, data, nil)
	out, err := again(usb)
	if err != nil || !strings.Contains(out, `"file": "`+proxy) {
		t.Fatalf("%v\n%s", err, out)
	}
	inForce := filepath.Join("recovered", inForceFile)
	was := filepath.Join("recovered", proxy)
	wants(t, data, map[string]string{"verlof.toml": file, was: "a certificate", inForce: "max-open = \"7\"\n"})
	if list := must(t, "tenant", "list", "--data", data, "--root-key-file", usb); !strings.Contains(list, "acme") {
		t.Errorf("the settings are in force, and the customer is not there: %s", list)
	}
	// What is there stays, and what was kept lies beside it.
	if err := os.WriteFile(filepath.Join(data, "verlof.toml"), []byte("max-open = 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := again(usb); err != nil || strings.Count(out, `"was there"`) != 4 {
		t.Errorf("recovered again: %v\n%s", err, out)
	}
	wants(t, data, map[string]string{"verlof.toml": "max-open = 3\n", "verlof.toml.recovered": file, was: "a certificate"})
	// By hand it is put anew, and what only the server knew of stays.
	must(t, "backup", "now", "--data", data, "--root-key-file", usb, "--copy", depot)
	if err := os.RemoveAll(filepath.Join(data, "recovered")); err != nil {
		t.Fatal(err)
	}
	if _, err := again(usb); err != nil {
		t.Error(err)
	}
	wants(t, data, map[string]string{inForce: "max-open = \"7\"\n", was: "a certificate"})
	must(t, "backup", "verify", "--data", data, "--root-key-file", usb, "--copy", depot)
}

// serveOnce runs a server with settings in its command until the depot has them.
func serveOnce(t *testing.T, data, depot, key string) {
	t.Helper()
	p := launch(t, "serve", "--data", data, "--listen", "127.0.0.1:0", "--metrics-listen", "", "--max-open", "7")
	at, err := backup.ParseDepot(depot)
	if err != nil {
		t.Fatal(err)
	}
	root, err := seal.File{Path: key}.Root(func() (bool, error) { return true, nil })
	if err != nil {
		t.Fatal(err)
	}
	wait(t, "for the configuration at the depot", func() bool {
		cfg, _, err := backup.Kept{At: at, ID: backup.Registry, Sealer: root}.Config(t.Context())
		return err == nil && len(cfg.Files) == 3
	})
	if err := p.end(t); err != nil {
		t.Fatal(err)
	}
}

// wants fails unless the files of a folder hold what they should. No content is wanted of none.
func wants(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	if files == nil {
		if _, err := os.Stat(filepath.Join(dir, "verlof.toml")); err == nil {
			t.Error("something was written")
		}
	}
	for name, want := range files {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: %q, %v, want %q", name, text, err, want)
		}
	}
}

// TestConfiguration refuses what must not be put at a depot.
func TestConfiguration(t *testing.T) {
	dir := t.TempDir()
	key, large, fine := filepath.Join(dir, "root.key"), filepath.Join(dir, "large"), filepath.Join(dir, "fine")
	for path, size := range map[string]int{key: 45, large: largestFile + 1, fine: 1} {
		if err := os.WriteFile(path, make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	alias := filepath.Join(dir, "alias")
	if err := os.Symlink(key, alias); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{key, alias, large, filepath.Join(dir, "missing")} {
		s := settings{Data: dir, CopyFiles: paths{fine, path}}
		cfg, err := s.configuration(nil, &layers{})
		if !errs.Is(err, errs.Invalid) || len(cfg.Files) != 1 || cfg.Files[0].Path != fine {
			t.Errorf("%s: %d files, %v", path, len(cfg.Files), err)
		}
	}
}
