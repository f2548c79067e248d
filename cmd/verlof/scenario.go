// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"verlof/errs"
	"verlof/leave/law"
	"verlof/leave/scenario"
)

// scenarioCmd works out scenario files.
type scenarioCmd struct {
	Files   []string `arg:"" name:"FILE" help:"Scenario files; docs/scenarios.md is the manual."`
	Explain bool     `help:"Print the reasons of each result too."`
}

// Help is what --help adds.
func (scenarioCmd) Help() string {
	return `Prints each question with what came out and, where the file says it, what is wanted.
Exits with 1 where the two differ.

Example:
  verlof scenario --explain part-timer.scenario`
}

// Run works them out, one after the other.
func (c *scenarioCmd) Run(io *console) error {
	differ := 0
	for _, name := range c.Files {
		n, err := c.file(io, name)
		if err != nil {
			return err
		}
		differ += n
	}
	if differ > 0 {
		return fmt.Errorf("%d of the results are not what is wanted", differ)
	}
	return nil
}

// file works out one file and returns how many results differ.
func (c *scenarioCmd) file(io *console, name string) (differ int, err error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return 0, unreadable(err)
	}
	results, err := law.Run(bytes.NewReader(text))
	var mistake *scenario.Error
	if errors.As(err, &mistake) {
		return 0, errs.Operator("docs/scenarios.md says how a scenario is written", "%s: %s", name, mistake.Error())
	}
	if err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	for _, r := range results {
		c.print(io, name, r)
		if !r.OK {
			differ++
		}
	}
	return differ, nil
}

func (c *scenarioCmd) print(io *console, name string, r scenario.Result) {
	fmt.Fprintf(io.out, "%s:%d: %s\n", name, r.Line, r.Question)
	fmt.Fprintf(io.out, "  got   %s\n", r.Got)
	if r.Want != "" {
		mark := "="
		if !r.OK {
			mark = "≠"
		}
		fmt.Fprintf(io.out, "  want  %s  %s\n", r.Want, mark)
	}
	if c.Explain {
		for _, why := range r.Why {
			fmt.Fprintf(io.out, "        %s\n", why)
		}
	}
}

// unreadable returns the error of a file that somebody named.
func unreadable(err error) error {
	kind := errs.Invalid
	if errors.Is(err, os.ErrNotExist) {
		kind = errs.NotFound
	}
	return &errs.Error{Kind: kind, Hint: "name a file that exists and may be read", Err: err}
}
