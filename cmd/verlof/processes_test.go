// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"verlof/errs"
	"verlof/internal/pgtest"
)

// TestProcesses: each process that serves an installation on a server is told of until it ends, with what there is once alone. Who
// never had everything twice breaks no promise.
func TestProcesses(t *testing.T) {
	in := []string{"--data", t.TempDir(), "--plain", "--database", pgtest.URL(t)}
	count := func() int {
		t.Helper()
		var list processList
		if err := json.Unmarshal([]byte(must(t, append([]string{"processes", "--json"}, in...)...)), &list); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(list.Single, "a machine that serves") {
			t.Errorf("once alone: %q", list.Single)
		}
		return len(list.Processes)
	}
	one := launch(t, serveArgs(in)...)
	one.addresses(t)
	two := launch(t, serveArgs(in)...)
	two.addresses(t)
	wait(t, "for both", func() bool { return count() == 2 })
	if out := must(t, append([]string{"processes"}, in...)...); strings.Count(out, " serving\n") != 2 || !strings.Contains(out, "once alone: a machine that serves") {
		t.Errorf("two processes:\n%s", out)
	}
	if err := two.end(t); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 1 {
		t.Errorf("one has ended: %d", n)
	}
	if out := must(t, append([]string{"promises"}, in...)...); !strings.Contains(out, "P14") || !strings.Contains(line(out, "P14"), "none") {
		t.Errorf("everything twice was never promised:\n%s", line(out, "P14"))
	}
	if _, err := verb(t, append([]string{"processes"}, newInstallation(t)...)...); !errs.Is(err, errs.Invalid) {
		t.Errorf("an installation of files: %v", err)
	}
}

// line returns the line of a text that begins with a word.
func line(text, word string) string {
	for l := range strings.Lines(text) {
		if strings.HasPrefix(l, word) {
			return l
		}
	}
	return ""
}
