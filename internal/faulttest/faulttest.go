// SPDX-License-Identifier: Apache-2.0

// Package faulttest owns the planting of mistakes: it runs a test of a package with other text
// in one file and demands that the test fails. It refuses to change a file, and a fault whose place is
// gone. Only tests may import it.
package faulttest

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Fault is a mistake in a file, and the test of the package at hand that must see it.
type Fault struct {
	test    string
	file    string   // from the folder of the package at hand
	planted []string // old text, new text, and so on
}

// In returns a fault: in a file, named from the folder of the package at hand, each old text
// is replaced by the new one after it. Each old text stands there once.
func In(test, file string, planted ...string) Fault { return Fault{test, file, planted} }

// Plant plants each fault by itself and runs its test, which has to fail by itself: not
// because nothing compiles. The package is built once for each.
func Plant(t *testing.T, all map[string]Fault) {
	t.Helper()
	for name, f := range all {
		t.Run(name, func(t *testing.T) {
			file, text := f.text(t)
			out, err := run(t, file, text, f.test)
			switch {
			case err == nil:
				t.Errorf("%s did not see the fault", f.test)
			case !strings.Contains(out, "--- FAIL: "+f.test):
				t.Errorf("%s did not fail by itself:\n%s", f.test, out)
			}
		})
	}
}

// text returns the file, and what stands in it with the fault.
func (f Fault) text(t *testing.T) (file string, text []byte) {
	t.Helper()
	file, err := filepath.Abs(f.file)
	if err == nil {
		text, err = os.ReadFile(file)
	}
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(f.planted); i += 2 {
		if n := bytes.Count(text, []byte(f.planted[i])); n != 1 {
			t.Fatalf("%q stands %d times in %s: plant the fault where the code is now", f.planted[i], n, f.file)
		}
		text = bytes.Replace(text, []byte(f.planted[i]), []byte(f.planted[i+1]), 1)
	}
	return file, text
}

// run runs a test of the package at hand with other text in one file.
func run(t *testing.T, file string, text []byte, test string) (string, error) {
	t.Helper()
	planted, overlay := filepath.Join(t.TempDir(), "planted.go"), filepath.Join(t.TempDir(), "overlay.json")
	list, err := json.Marshal(map[string]any{"Replace": map[string]string{file: planted}})
	if err != nil {
		t.Fatal(err)
	}
	for path, b := range map[string][]byte{planted: text, overlay: list} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.CommandContext(t.Context(), "go", "test", "-overlay", overlay, "-run", "^"+test+"$", ".").CombinedOutput()
	return string(out), err
}
