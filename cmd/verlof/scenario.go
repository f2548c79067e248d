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
	Explain bool     `xor:"form" help:"Print the reasons of each result too."`
	JSON    bool     `xor:"form" help:"Print JSON, with the reasons."`
}

// Help is what --help adds.
func (scenarioCmd) Help() string {
	return `Prints each question with what came out and, where the file says it, what is wanted.
Exits with 1 where the two differ, and with 2 where a file says what cannot be.

Example:
  verlof scenario --explain part-timer.scenario`
}

// workedOut is what came out of a file.
type workedOut struct {
	File    string        `json:"file"`
	Results []workedLine  `json:"results"`
	Mistake *mistakenLine `json:"mistake,omitempty"`
}

// workedLine is a question with what came out.
type workedLine struct {
	Line     int      `json:"line"`
	Question string   `json:"question"`
	Got      string   `json:"got"`
	Want     string   `json:"want,omitempty"`
	OK       bool     `json:"ok"`
	Why      []string `json:"why,omitempty"`
}

// mistakenLine is a line that says what cannot be, and how one may be written.
type mistakenLine struct {
	Line    int    `json:"line"`
	Word    string `json:"word,omitempty"`
	Message string `json:"message"`
	Example string `json:"example,omitempty"`
}

// Run works them all out, one after the other, whatever is wrong with one of them.
func (c *scenarioCmd) Run(io *console) error {
	all := []workedOut{}
	var faults []error
	differ := 0
	for _, name := range c.Files {
		file, err := workOut(name)
		if err != nil {
			faults = append(faults, err)
		}
		all = append(all, file)
		for _, r := range file.Results {
			if !c.JSON {
				c.print(io, name, r)
			}
			if !r.OK {
				differ++
			}
		}
		if len(file.Results) > 0 && file.Results[0].Want == "" {
			io.say("%s: nothing is compared; what must come out stands below a line %q", name, scenario.WantMark)
		}
	}
	if c.JSON {
		if err := io.json(all); err != nil {
			return err
		}
	}
	return c.verdict(io, faults, differ)
}

// verdict tells of the files that cannot be worked out, or else of the results that differ.
func (c *scenarioCmd) verdict(io *console, faults []error, differ int) error {
	switch {
	case len(faults) == 1:
		return faults[0]
	case len(faults) > 1:
		for _, err := range faults {
			io.say("%s", plainly(err))
			if hint := errs.As(err).Hint; hint != "" {
				io.say("hint: %s", hint)
			}
		}
		return &errs.Error{Kind: errs.As(faults[0]).Kind, Hint: "what is wrong with which stands above",
			Err: fmt.Errorf("%d of %d files cannot be worked out", len(faults), len(c.Files))}
	case differ > 0:
		return fmt.Errorf("%d of the results are not what is wanted", differ)
	}
	return nil
}

// workOut works out one file.
func workOut(name string) (workedOut, error) {
	out := workedOut{File: name, Results: []workedLine{}}
	text, err := os.ReadFile(name)
	if err != nil {
		return out, unreadable(err)
	}
	results, err := law.Run(bytes.NewReader(text))
	for _, r := range results {
		out.Results = append(out.Results, workedLine(r))
	}
	var m *scenario.Error
	if errors.As(err, &m) {
		out.Mistake = &mistakenLine{Line: m.Line, Word: m.Word, Message: m.Message(), Example: m.Example}
		hint := "docs/scenarios.md says how a scenario is written"
		if m.Example != "" {
			hint = fmt.Sprintf("such a line reads: %s; %s", m.Example, hint)
		}
		return out, errs.Operator(hint, "%s:%d: %s", name, m.Line, m.Said())
	}
	if err != nil {
		return out, fmt.Errorf("%s: %w", name, err)
	}
	return out, nil
}

func (c *scenarioCmd) print(io *console, name string, r workedLine) {
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
