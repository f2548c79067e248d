// SPDX-License-Identifier: Apache-2.0

// Command bench owns the comparison of Verlof with the machine it runs on: one
// table, each figure beside that of the same work done bare, both measured in
// the same run. It refuses a figure without such an anchor, a figure that was not
// measured just now, and shortcuts past what a customer's request goes through.
//
// Reading order: main.go, table.go (what a figure is), world.go (the customers),
// then a file for each part: chart, booking, copy, restore, statement, opening, door, rest.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/pprof"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a place of work has a time zone, on machines without zoneinfo too
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// part measures some rows in a folder of its own.
type part struct {
	name    string
	title   string
	measure func(ctx context.Context, dir string) ([]row, error)
	alone   bool // in a process of its own, whose memory nothing else has used
}

var parts = []part{
	{"chart", "Month chart, over loopback, packed with gzip", charts, false},
	{"booking", "Durable bookings on one customer", bookings, false},
	{"copy", "A second place on the same disk", copying, false},
	{"restore", "Customers had back from the second place", restoring, false},
	{"statement", "Statement of one person, ten years", statements, false},
	{"report", "Balances of a thousand people, ten years", reports, false},
	{"opening", "First request to a closed customer", openings, false},
	{"door", "Fifty people a second sign in", door, true},
	{"rest", "Ten thousand customers at rest", atRest, true},
}

// settings are the flags.
type settings struct {
	dir     string
	only    string
	profile string
	raw     bool
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var s settings
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.dir, "dir", "", "where to put the databases; the disk that is measured (default: the folder for temporary files)")
	flags.StringVar(&s.only, "only", "", "measure these parts: "+strings.Join(names(), ","))
	flags.StringVar(&s.profile, "profile", "", "write a CPU profile to this file")
	flags.BoolVar(&s.raw, "raw", false, "print the runs as JSON, not the table")
	if err := flags.Parse(args); err != nil {
		return err
	}
	chosen, err := choose(s.only)
	if err != nil {
		return err
	}
	if s.profile != "" {
		f, err := os.Create(s.profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	return measure(ctx, chosen, s, stdout, stderr)
}

func names() (all []string) {
	for _, p := range parts {
		all = append(all, p.name)
	}
	return all
}

// choose returns the parts that are named, or all.
func choose(only string) ([]part, error) {
	if only == "" {
		return parts, nil
	}
	var chosen []part
	for name := range strings.SplitSeq(only, ",") {
		i := slices.Index(names(), name)
		if i < 0 {
			return nil, fmt.Errorf("no part is called %q; there are %s", name, strings.Join(names(), ", "))
		}
		chosen = append(chosen, parts[i])
	}
	return chosen, nil
}

// measure measures part by part and prints the table.
func measure(ctx context.Context, chosen []part, s settings, stdout, stderr io.Writer) error {
	begin := time.Now()
	before := machine(s.dir)
	var sections []section
	for _, p := range chosen {
		fmt.Fprintf(stderr, "measuring: %s\n", p.name)
		rows, err := p.rows(ctx, s)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		sections = append(sections, section{Title: p.title, Rows: rows})
	}
	if s.raw {
		return json.NewEncoder(stdout).Encode(sections)
	}
	fmt.Fprintf(stdout, "%s\nload when it began: %s; when it ended: %s; it took %s\n\n",
		before.name, before.load, machine(s.dir).load, time.Since(begin).Round(time.Second))
	write(stdout, sections)
	return nil
}

// rows measures one part in a folder that is gone afterwards.
func (p part) rows(ctx context.Context, s settings) (rows []row, err error) {
	if p.alone && !s.raw {
		return p.elsewhere(ctx, s)
	}
	dir, err := os.MkdirTemp(s.dir, "verlof-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	return p.measure(ctx, dir)
}
