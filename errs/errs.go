// SPDX-License-Identifier: Apache-2.0

// Package errs owns the kinds of error that cross a border in Verlof: from the
// domain to a page, to the API, to a command's exit code. An error says which
// kind it is, which sentence a person may read (a key of the catalogue, never
// text), and at which field of the form it belongs. It refuses to carry names,
// reasons or dates of leave: an id is enough to find them.
package errs

import (
	"cmp"
	"errors"
	"fmt"
	"runtime/debug"
)

// Kind is what an error means to the one who asked.
type Kind uint8

// The kinds, from the asker's own mistakes to ours.
const (
	Internal        Kind = iota // we failed; the asker can do nothing
	Invalid                     // the input is wrong and says how to mend it
	NotFound                    // nothing there that the asker may see
	Conflict                    // true when asked, no longer true now
	Forbidden                   // the asker is known and may not
	Unauthenticated             // the asker is not known
	TooMany                     // come back later
	Unavailable                 // we cannot now; a retry may
)

var kindNames = [...]string{
	"internal", "invalid", "not found", "conflict", "forbidden", "unauthenticated", "too many", "unavailable",
}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// Error is an error with a kind.
type Error struct {
	Kind   Kind
	Public string // key of a sentence in the catalogues, by which programs know the error; empty: the kind's own sentence
	Closer string // key of one that says the same with figures, where they are known; empty: Public says it
	Args   []any  // what the sentence needs, as name, value, name, value
	Field  string // the form field it belongs to; empty: the form as a whole
	Hint   string // for operators, in English: what to do
	Err    error  // the cause, for the log
}

func (e *Error) Error() string {
	s := e.Kind.String()
	if e.Public != "" {
		s = e.Public
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// New returns an error of kind k that shows the catalogue's sentence public,
// with args as name, value pairs.
func New(k Kind, public string, args ...any) *Error {
	return &Error{Kind: k, Public: public, Args: args}
}

// Closely returns a copy of e that says the same with figures.
func (e *Error) Closely(sentence string, args ...any) *Error {
	c := *e
	c.Closer, c.Args = sentence, args
	return &c
}

// Sentence returns the key of what a person reads of e, which takes Args; empty: the kind's own sentence.
func (e *Error) Sentence() string { return cmp.Or(e.Closer, e.Public) }

// At returns a copy of e that belongs to a field of a form.
func (e *Error) At(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// Because returns a copy of e with its cause.
func (e *Error) Because(err error) *Error {
	c := *e
	c.Err = err
	return &c
}

// Operator returns an Invalid error for the one at the command line: what is
// wrong, and a hint that says what to do.
func Operator(hint, format string, args ...any) *Error {
	return &Error{Kind: Invalid, Hint: hint, Err: fmt.Errorf(format, args...)}
}

// As returns the outermost *Error in err's chain, or one of kind Internal that
// wraps err. It returns nil for nil.
func As(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Kind: Internal, Err: err}
}

// All returns the errors that errors.Join holds together in err, at whatever depth, or
// else err alone. It returns none for nil.
func All(err error) []error {
	if err == nil {
		return nil
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		many, ok := e.(interface{ Unwrap() []error })
		if !ok {
			continue
		}
		var all []error
		for _, one := range many.Unwrap() {
			all = append(all, All(one)...)
		}
		return all
	}
	return []error{err}
}

// Is reports whether err is of kind k.
func Is(err error, k Kind) bool { return err != nil && As(err).Kind == k }

// Caught returns the error of f. A panic in f becomes an error with its stack, so that
// what is done for one customer in the background cannot end the work for all others.
func Caught(f func() error) (err error) {
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("panic: %v\n%s", x, debug.Stack())
		}
	}()
	return f()
}
