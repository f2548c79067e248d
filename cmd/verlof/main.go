// SPDX-License-Identifier: Apache-2.0

// Command verlof is the front door: it reads flags, environment and one file
// into settings, puts the rooms of the house together, and turns errors into one
// line, a hint and an exit code. It owns no rule: what a verb does stands in
// operate, web and the rooms behind them. It refuses to start with a setting
// that cannot be right, and to print a secret that it was given.
//
// Reading order: main.go, cli.go (the verbs), settings.go (what can be set),
// serve.go (the wiring diagram), then one file for each verb.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // a place of work has a time zone, on machines without zoneinfo too

	_ "modernc.org/sqlite" // what is named here is compiled early: it takes longest, and every room above store waits for it
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	err := run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	os.Exit(report(os.Stderr, err))
}

// run does what args say. It is all of the program but the process.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) error {
	out := &results{to: stdout}
	if err := parse(ctx, args, environment(environ), &console{out: out, err: stderr}); err != nil {
		return err
	}
	return out.lost
}

// environment returns the variables of a process by name.
func environment(environ []string) map[string]string {
	env := make(map[string]string, len(environ))
	for _, line := range environ {
		name, value, _ := strings.Cut(line, "=")
		env[name] = value
	}
	return env
}
