// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"verlof/errs"
	"verlof/internal/lang"
)

// exitCodes are what the process ends with, by kind of error. The root's help
// documents them.
var exitCodes = map[errs.Kind]int{
	errs.Internal:        1,
	errs.Invalid:         2,
	errs.NotFound:        3,
	errs.Conflict:        4,
	errs.Unavailable:     5,
	errs.TooMany:         5,
	errs.Forbidden:       6,
	errs.Unauthenticated: 6,
}

// report writes an error for the one at the command line, one line and a hint,
// and returns the code to exit with.
func report(w io.Writer, err error) int {
	if err == nil {
		return 0
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(w, "verlof: stopped")
		return exitCodes[errs.Internal]
	}
	e := errs.As(err)
	fmt.Fprintln(w, "verlof:", oneLine(message(err, e)))
	if e.Hint != "" {
		fmt.Fprintln(w, "hint:", oneLine(e.Hint))
	}
	return exitCodes[e.Kind]
}

// message returns what went wrong in English: what was written for an operator,
// or else the sentence that a person would read, with the cause.
func message(err error, e *errs.Error) string {
	switch {
	case e.Public == "" && e.Err == nil:
		return err.Error()
	case e.Public == "" || e.Hint != "" && e.Err != nil:
		return strings.ReplaceAll(err.Error(), e.Error(), e.Err.Error())
	}
	said := strings.TrimSuffix(lang.For("en").T(e.Public, e.Args...), ".")
	if e.Err != nil {
		said += ": " + e.Err.Error()
	}
	return said
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// printList prints what a verb found: as JSON, or a row for each.
func printList[T any](io *console, asJSON bool, all []T, head []string, row func(T) []string) error {
	if asJSON {
		return io.json(all)
	}
	rows := [][]string{head}
	for _, one := range all {
		rows = append(rows, row(one))
	}
	return io.table(rows...)
}
