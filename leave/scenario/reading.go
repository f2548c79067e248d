// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ErrNothingAsked is the mistake of a scenario without a question.
var ErrNothingAsked = errors.New("nothing is asked, so nothing is worked out")

// wanted is a line below the mark.
type wanted struct {
	line int
	text string
}

// reading is a scenario that is read line by line.
type reading struct {
	*world
	out     []Result
	want    []wanted
	wanting bool // the mark was there
}

// read reads all lines, as long as halt lets it.
func (r *reading) read(from io.Reader, halt func() error) error {
	in := bufio.NewScanner(from)
	in.Buffer(nil, 1<<16)
	n := 0
	for in.Scan() {
		n++
		text, err := plain(n, in.Text())
		if err == nil && halt != nil {
			err = halt()
		}
		if err == nil && text != "" && !strings.HasPrefix(text, "#") {
			err = r.take(n, text)
		}
		if err != nil {
			return err
		}
	}
	if err := in.Err(); errors.Is(err, bufio.ErrTooLong) {
		return tooLong(n + 1)
	} else if err != nil {
		return &Error{Line: n + 1, Err: err}
	}
	if len(r.out) == 0 && len(r.want) == 0 {
		return &Error{Line: max(n, 1), Err: ErrNothingAsked, Example: examples["balance"]}
	}
	return nil
}

// take takes a line that is neither empty nor a comment.
func (r *reading) take(n int, text string) error {
	switch {
	case text == WantMark && r.wanting:
		return mistake(n, wrong(text, "stands above already; all that is wanted stands below the first"))
	case text == WantMark:
		r.wanting = true
	case r.wanting:
		text, _, _ = strings.Cut(strings.ReplaceAll(text, "\t", "  "), " # ")
		r.want = append(r.want, wanted{n, strings.TrimSpace(text)})
	case text[0] == '-':
		return mistake(n, wrong(text, "is no line; what must come out stands below a line %q", WantMark))
	default:
		res, err := r.line(n, strings.ReplaceAll(text, "\t", " "))
		if err != nil {
			return err
		}
		if res != nil {
			r.asked, r.out = n, append(r.out, *res)
		}
	}
	return nil
}

// plain returns a line without what editors and word processors put into it: other spaces, tabs, a byte order mark. It
// refuses a line of another encoding, and one that is too long.
func plain(n int, text string) (string, error) {
	if n == 1 {
		text = strings.TrimPrefix(text, "\ufeff")
	}
	if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
		return "", &Error{Line: n, Err: errors.New("the file is not written in UTF-8; save the file as plain text in UTF-8")}
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) && r != '\t' {
			return ' '
		}
		return r
	}, text)
	text = strings.TrimSpace(text)
	if n > maxLines || len(text) > maxLength {
		return "", tooLong(n)
	}
	return text, nil
}

func tooLong(n int) error {
	return &Error{Line: n, Err: fmt.Errorf("a scenario has at most %d lines of %d characters", maxLines, maxLength)}
}

// compare puts what is wanted beside what came out, line by line.
func (r *reading) compare() ([]Result, error) {
	if err := r.counted(); err != nil {
		return nil, err
	}
	for i := range r.out {
		x := &r.out[i]
		x.OK = true
		if r.wanting {
			x.Want = r.want[i].text
			x.OK = agrees(x.Got, x.Want)
		}
	}
	return r.out, nil
}

// counted refuses lines that are wanted of no question, and questions of which nothing is wanted.
func (r *reading) counted() error {
	if !r.wanting || len(r.want) == len(r.out) {
		return nil
	}
	count := fmt.Sprintf("%d lines are wanted of %d questions", len(r.want), len(r.out))
	if len(r.want) < len(r.out) {
		x := r.out[len(r.want)]
		return &Error{Line: x.Line, Word: x.Question, Err: fmt.Errorf("%s; of this one nothing is wanted below %s", count, WantMark)}
	}
	x := r.want[len(r.out)]
	for _, line := range r.want {
		first, _, _ := strings.Cut(line.text, " ")
		_, fact := facts[first]
		if _, question := questions[first]; (fact || question) && first != "closed" && first != "block" {
			return &Error{Line: line.line, Word: line.text, Err: fmt.Errorf("stands below %s, where only what must come out stands; facts and questions stand above it", WantMark)}
		}
	}
	return &Error{Line: x.line, Word: x.text, Err: fmt.Errorf("%s; this one is too many", count)}
}
