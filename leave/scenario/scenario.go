// SPDX-License-Identifier: Apache-2.0

// Package scenario owns the plain text in which an HR officer writes down a case
// of leave, what people do about it and what must come out. It runs the engine of package
// leave on it, and its Service on a database in memory, and prints got beside wanted. It
// refuses to know a rule of its own: it only turns words into facts and acts, and results
// into words. docs/scenarios.md is its manual.
package scenario

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"verlof/errs"
	"verlof/internal/exact"
	"verlof/leave"
)

// wantMark parts the facts and questions from what must come out.
const wantMark = "-- want --"

// Limits keep a text typed into a page from costing more than it is worth.
const (
	maxLines  = 5000
	maxLength = 1000 // bytes of a line
)

// Result is what one question gave.
type Result struct {
	Line     int    // of the question
	Question string // as written
	Got      string // columns parted by two spaces
	Want     string // empty where the file does not say
	OK       bool   // Got agrees with Want in every column that Want has
	Why      []string
}

// Error is a mistake in the text of a scenario.
type Error struct {
	Line int
	Word string // the offending word; empty: the line as a whole
	Err  error
}

func (e *Error) Error() string {
	if e.Word != "" {
		return fmt.Sprintf("line %d, at %q: %s", e.Line, e.Word, e.message())
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.message())
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// message writes the cause in English, the language of scenarios.
func (e *Error) message() string {
	var known *errs.Error
	if errors.As(e.Err, &known) && known.Public != "" {
		return said(known)
	}
	return e.Err.Error()
}

// Runner runs scenarios. The zero value knows no law.
type Runner struct {
	// Law returns what a line "law CODE [extra N]" brings in: types of leave and
	// what is due of each. Its error is for the author of the scenario.
	Law func(code string, extra exact.Rat) ([]Due, error)
	// Halt is asked before each line; its error ends the run. Nil: nothing does.
	Halt func() error
}

// Due is a type of leave and what is due of it.
type Due struct {
	Type  leave.Type
	Terms leave.Terms // the zero value for types without a balance
}

// Run reads a scenario, which must not name a law, and answers its questions. The
// error is an *Error where the text is at fault.
func Run(r io.Reader) ([]Result, error) { return Runner{}.Run(r) }

// Run reads a scenario and answers its questions. The error is an *Error where
// the text is at fault.
func (runner Runner) Run(r io.Reader) ([]Result, error) {
	w := newWorld()
	w.law = runner.Law
	var out []Result
	var want []string
	wanting := false
	in := bufio.NewScanner(r)
	in.Buffer(nil, 1<<16)
	n := 0
	for in.Scan() {
		n++
		line := strings.TrimSpace(in.Text())
		if n > maxLines || len(line) > maxLength {
			return nil, &Error{Line: n, Err: fmt.Errorf("a scenario has at most %d lines of %d characters", maxLines, maxLength)}
		}
		if runner.Halt != nil {
			if err := runner.Halt(); err != nil {
				return nil, err
			}
		}
		switch {
		case wanting && line != "" && !strings.HasPrefix(line, "#"):
			want = append(want, line)
		case line == wantMark:
			wanting = true
		case !wanting && line != "" && !strings.HasPrefix(line, "#"):
			res, err := w.line(n, line)
			if err != nil {
				return nil, err
			}
			if res != nil {
				out = append(out, *res)
			}
		}
	}
	if err := in.Err(); err != nil {
		return nil, &Error{Line: n + 1, Err: err}
	}
	return compare(out, want, wanting, n)
}

// compare puts what is wanted beside what came out, line by line.
func compare(out []Result, want []string, wanting bool, lines int) ([]Result, error) {
	if wanting && len(want) != len(out) {
		return nil, &Error{Line: lines, Err: fmt.Errorf("%d lines are wanted of %d questions", len(want), len(out))}
	}
	for i := range out {
		out[i].OK = true
		if wanting {
			out[i].Want = want[i]
			out[i].OK = agrees(out[i].Got, want[i])
		}
	}
	return out, nil
}

// line runs one line: a fact changes the world, a question gives a result.
func (w *world) line(n int, text string) (*Result, error) {
	words, err := split(text)
	if err == nil {
		if rest, found := strings.CutPrefix(words[0], "approval:"); found { // of whatever leave of anybody's
			words = append([]string{"approval", ":" + rest}, words[1:]...)
		}
		if say, ok := facts[words[0]]; ok {
			err = say(w, &args{words: words[1:]})
			w.revision++
		} else if ask, ok := questions[words[0]]; ok {
			var got string
			got, err = ask(w, &args{words: words[1:]})
			if err == nil {
				return &Result{Line: n, Question: text, Got: got, Why: w.takeWhy()}, nil
			}
		} else {
			err = wrong(words[0], "is no word that a line begins with; those are %s", beginnings())
		}
	}
	return nil, mistake(n, err)
}

// mistake gives an error its line and word; nil stays nil.
func mistake(n int, err error) error {
	var at *wordError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &at):
		return &Error{Line: n, Word: at.word, Err: at.err}
	}
	return &Error{Line: n, Err: err}
}
