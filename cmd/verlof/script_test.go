// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"verlof/internal/browsertest"
)

func TestMain(m *testing.M) {
	testscript.Main(tidying{browsertest.Closing(m)}, map[string]func(){"verlof": laterMain})
}

// programs is the folder of what tests build; empty: none did.
var programs string

// tidying takes it away when the tests are done.
type tidying struct{ testscript.TestingM }

func (m tidying) Run() int {
	defer func() {
		if programs != "" {
			_ = os.RemoveAll(programs)
		}
	}()
	return m.TestingM.Run()
}

// TestScripts runs the command lines in testdata. Adding a case is adding a file.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:  "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
		Setup: func(e *testscript.Env) error {
			e.Setenv("TZ", "UTC")
			return nil
		},
		RequireUniqueNames: true,
	})
}

// exits runs a command that must end with a code: exits 2 verlof ...
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var e *exec.ExitError
		if !errors.As(err, &e) {
			ts.Fatalf("%v", err)
		}
		code = e.ExitCode()
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}
