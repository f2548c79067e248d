// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"verlof/errs"
	"verlof/internal/lang"
	"verlof/leave/explain"
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
	hint := e.Hint
	if hint == "" && errors.Is(err, fs.ErrPermission) {
		hint = "run it as the user whose the installation is, such as: sudo -u verlof verlof ..."
	}
	if hint != "" {
		fmt.Fprintln(w, "hint:", oneLine(hint))
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
	said := strings.TrimSuffix(lang.For("en").T(e.Sentence(), explain.Values(lang.For("en"), e.Args)...), ".")
	if e.Err != nil {
		said += ": " + e.Err.Error()
	}
	return said
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// plainly returns what went wrong as a line for the one at the command line.
func plainly(err error) string { return message(err, errs.As(err)) }

// forEach runs do for each of what is listed, by its name, and goes on where one fails: what is wrong with which is said
// at once, and the error counts them. That of a single one is its own.
func forEach[T any](ctx context.Context, io *console, list []T, name func(T) string, do func(T) error) error {
	var failed []error
	for _, one := range list {
		done := io.working(name(one))
		err := do(one)
		done()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && len(list) == 1:
			return err
		case err != nil:
			io.say("%s: %s", name(one), plainly(err))
			if hint := errs.As(err).Hint; hint != "" {
				io.say("hint: %s", hint)
			}
			failed = append(failed, err)
		}
	}
	if failed == nil {
		return nil
	}
	return &errs.Error{Kind: errs.As(failed[0]).Kind, Err: fmt.Errorf("%d of %d failed", len(failed), len(list)), Hint: "what is wrong with which stands above"}
}

// asIs is what forEach calls a thing that is its name.
func asIs(name string) string { return name }

// printDone prints what a verb did before it failed, or to the end, and returns why it failed.
func printDone[T any](io *console, asJSON bool, all []T, head []string, row func(T) []string, failed error) error {
	if failed != nil && len(all) == 0 {
		return failed
	}
	return errors.Join(printList(io, asJSON, all, head, row), failed)
}

// printList prints what a verb found: as JSON, or a row for each.
func printList[T any](io *console, asJSON bool, all []T, head []string, row func(T) []string) error {
	if asJSON {
		return io.json(append([]T{}, all...)) // nothing is a list too
	}
	rows := [][]string{head}
	for _, one := range all {
		rows = append(rows, row(one))
	}
	return io.table(rows...)
}
