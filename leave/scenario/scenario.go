// SPDX-License-Identifier: Apache-2.0

// Package scenario owns the plain text in which an HR officer writes down a case
// of leave, what people do about it and what must come out. It runs the engine of package
// leave on it, and its Service on a database in memory, and prints got beside wanted. It
// refuses to know a rule of its own: it only turns words into facts and acts, and results
// into words. docs/scenarios.md is its manual.
package scenario

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"

	"verlof/internal/exact"
	"verlof/internal/near"
	"verlof/leave"
)

// WantMark parts the facts and questions from what must come out.
const WantMark = "-- want --"

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
	read := &reading{world: newWorld()}
	read.law = runner.Law
	if err := read.read(r, runner.Halt); err != nil {
		return nil, err
	}
	return read.compare()
}

// line runs one line: a fact changes the world, a question gives a result.
func (w *world) line(n int, text string) (*Result, error) {
	words, err := split(text)
	if err != nil {
		return nil, mistake(n, err)
	}
	if rest, found := strings.CutPrefix(words[0], "approval:"); found { // of whatever leave of anybody's
		words = append([]string{"approval", ":" + rest}, words[1:]...)
	}
	w.at = n
	word, a := words[0], &args{words: words[1:]}
	if say, ok := facts[word]; ok {
		w.revision++
		return nil, w.exemplified(word, words[1:], mistake(n, say(w, a)))
	}
	ask, ok := questions[word]
	if !ok {
		best := near.To(strings.TrimSuffix(word, ":"), beginnings())
		said := meant(strings.TrimSuffix(word, ":"), beginnings(), "those are "+strings.Join(beginnings(), ", "))
		return nil, &Error{Line: n, Word: word, Err: fmt.Errorf("is no word that a line begins with; %s", said), Example: examples[best]}
	}
	got, err := ask(w, a)
	var more *wordError
	if errors.As(err, &more) && errors.Is(err, errMore) {
		err = wrong(more.word, "%w; what must come out stands below a line %q", errMore, WantMark)
	}
	if err != nil {
		return nil, w.exemplified(word, words[1:], mistake(n, err))
	}
	return &Result{Line: n, Question: text, Got: got, Why: w.takeWhy()}, nil
}

// exemplified gives the mistake of a line an example of how one is written: of a policy, one with the clause that is wrong.
// What cannot be for what stands above is no matter of how it is written, and has none.
func (w *world) exemplified(word string, words []string, err error) error {
	var m *Error
	var above *aboveError
	if !errors.As(err, &m) || errors.As(err, &above) {
		return err
	}
	m.Example = examples[word]
	if len(words) > 0 {
		m.Example = cmp.Or(examples[word+" "+words[0]], m.Example)
	}
	if word == "policy" {
		if x, ok := clauseExamples[clauseOf(strings.Join(words, " "), m.Word)]; ok {
			m.Example = x
		}
	}
	return m
}
