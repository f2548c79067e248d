// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fullDisk takes so many bytes.
type fullDisk struct{ left int }

var errFull = errors.New("no space left")

func (f *fullDisk) Write(b []byte) (int, error) {
	n := min(len(b), f.left)
	f.left -= n
	if n < len(b) {
		return n, errFull
	}
	return n, nil
}

// TestResults_lost: a verb whose output goes to a disk that is full fails, and what was to be written after
// somebody could look at the plan is not written.
func TestResults_lost(t *testing.T) {
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "staff.csv")
	rows := "email,lastname,name\nanna@acme.example,Thistle,Anna\n"
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, "tenant", "create", "acme", "--name", "Acme", "--data", data)
	for _, line := range []string{
		"import people " + file + " --tenant acme --data " + data,
		"import people " + file + " --tenant acme --apply --data " + data,
		"migrate --plan --data " + data,
		"tenant list --data " + data,
		"--help",
	} {
		if err := run(t.Context(), strings.Fields(line), nil, &fullDisk{30}, &bytes.Buffer{}); !errors.Is(err, errFull) {
			t.Errorf("verlof %s: %v, want %v", line, err, errFull)
		}
	}
	if out := must(t, "tenant", "show", "acme", "--data", data, "--json"); !strings.Contains(out, `"people": 0`) {
		t.Errorf("the import was written though its plan was lost:\n%s", out)
	}
}
