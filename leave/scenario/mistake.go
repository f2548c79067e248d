// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"verlof/errs"
	"verlof/internal/near"
)

// Error is a mistake in the text of a scenario.
type Error struct {
	Line    int
	Word    string // the offending word; empty: the line as a whole
	Err     error
	Example string // a line of that kind as it may be written; may be empty
}

func (e *Error) Error() string {
	s := fmt.Sprintf("line %d", e.Line)
	if e.Word != "" {
		s += fmt.Sprintf(", at %q", e.Word)
	}
	s += ": " + e.Message()
	if e.Example != "" {
		s += "; such a line reads: " + e.Example
	}
	return s
}

// Said is the mistake without its line and its example.
func (e *Error) Said() string {
	if e.Word != "" {
		return fmt.Sprintf("at %q: %s", e.Word, e.Message())
	}
	return e.Message()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Message writes the cause in English, the language of scenarios.
func (e *Error) Message() string {
	var known *errs.Error
	if errors.As(e.Err, &known) && known.Public != "" {
		return said(known)
	}
	return e.Err.Error()
}

// wordError is a mistake at one word of a line.
type wordError struct {
	word string
	err  error
}

func (e *wordError) Error() string { return e.word + ": " + e.err.Error() }

// Unwrap returns the cause.
func (e *wordError) Unwrap() error { return e.err }

// aboveError is a mistake that lies in what stands above, not in how the line is written.
type aboveError struct{ error }

// Unwrap returns the cause.
func (e *aboveError) Unwrap() error { return e.error }

// wrong returns a mistake at a word.
func wrong(word, format string, a ...any) error {
	return &wordError{word, fmt.Errorf(format, a...)}
}

// against returns a mistake at a word that lies in what stands above.
func against(word, format string, a ...any) error {
	return &wordError{word, &aboveError{fmt.Errorf(format, a...)}}
}

// impossible puts what the rules refuse at a word; nil stays nil.
func impossible(word string, err error) error {
	if err == nil {
		return nil
	}
	return &wordError{word, &aboveError{errs.All(err)[0]}}
}

// clauseOf returns the word with which the clause of a policy begins in which a word stands.
func clauseOf(policy, word string) string {
	for i, clause := range strings.Split(policy, ",") {
		if clause = strings.TrimSpace(clause); i == 0 || word == "" || !strings.Contains(clause, word) {
			continue
		}
		first, _, _ := strings.Cut(clause, " ")
		if strings.HasPrefix(clause, "full time") {
			return "full time"
		}
		if clauseExamples[first] == "" {
			return near.To(first, slices.Sorted(maps.Keys(clauseExamples)))
		}
		return first
	}
	return ""
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

// meant asks for the known word that is most like a wrong one, or else says otherwise.
func meant(word string, known []string, otherwise string) string {
	if best := near.To(word, known); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return otherwise
}

// examples are lines as they may be written, by the word with which they begin.
var examples = map[string]string{
	"region":        "region NL",
	"holiday":       `holiday 2026-12-24 half yearly "Christmas Eve"`,
	"feast":         "feast kings-day full from 2026-01-01",
	"type":          "type toil in hours",
	"policy":        "policy 25 days a year, accrued monthly, carries 5 until 31 March",
	"law":           "law NL extra 5",
	"person":        "person ben joins 2026-01-01 works mon-fri",
	"rejoins":       "rejoins dan 2027-01-01",
	"works":         "works ana from 2026-07-01 mon tue wed",
	"moves":         "moves ana from 2026-07-01 DE-BW",
	"leave":         "leave ana 2026-07-06..2026-07-10",
	"adjust":        `adjust ana 2026-03-02 +2 "agreed"`,
	"undo":          `undo ana 2026-03-03 "a slip"`,
	"grant":         `grant ana 2026-03-01..2026-05-31 2 "moving house"`,
	"told":          "told ana 2026-10-01",
	"sick":          "sick ana 2026-03-09..2026-03-13 certified",
	"event":         "event ana marriage 2026-05-15",
	"overtime":      "overtime ana toil 2026-03-02 2:30",
	"buys":          "buys ana 2026-03-01 2",
	"sells":         "sells ana 2026-03-01 2",
	"fixed":         `fixed ana 2026 28 "agreed"`,
	"close":         "close year 2025 on 2026-02-01",
	"reopen":        `reopen year 2024 on 2026-02-01 "a sick note came late"`,
	"changes":       "changes 2026-06-01 works ana from 2026-07-01 mon-thu",
	"team":          "team support: ana leads cem, dan",
	"administrator": "administrator ana",
	"approval":      "approval holiday over 5 days: manager, then administrator",
	"limit":         "limit at most 2 away",
	"limit no":      "limit no leave 2026-08-01..2026-08-31",
	"stand-in":      "stand-in cem for ana from 2026-07-01",

	"balance":   "balance ana 2026-12-31",
	"available": "available ana 2026-12-31",
	"left":      "left ana 2026-12-31",
	"count":     "count ana 2026-07-06..2026-07-10",
	"ask":       "ask ana 2026-07-06..2026-07-10",
	"horizon":   "horizon ana 2026-12-31",
	"back":      "back ana 2026-12-31",
	"corrected": "corrected ana 2026-12-31",
	"closed":    "closed ana 2026-06-01",
	"tradable":  "tradable ana 2026-06-01",
	"leaver":    "leaver dan",
	"block":     "block ana 2026-06-01",
	"on":        "on 2026-03-02 ana asks 2026-07-06..2026-07-10",
	"request":   "request ana 2026-03-16 on 2026-03-03",
	"settle":    "settle 2026-01-01..2026-01-31 on 2026-02-01",
	"unsettle":  `unsettle 2026-01-01..2026-01-31 on 2026-02-02 "too early"`,
	"changed":   "changed 2026-03-01",
}

// clauseExamples are lines with a clause of a policy as it may be written, by the word with which the clause begins.
var clauseExamples = map[string]string{
	"accrued":   "policy 24 days a year, accrued monthly at end",
	"after":     "policy 25 days a year, after 60 months 27",
	"full":      "policy 24 days a year, full after 6 months, twelfths before",
	"plus":      "policy 25 days a year, plus 2 from age 50",
	"nothing":   "policy 25 days a year, nothing while sick after 4 weeks",
	"cap":       "policy 2 days a month, cap 40",
	"carries":   "policy 25 days a year, carries 5 until 31 March",
	"until":     "policy 25 days a year, carries 5 until 31 March",
	"keeps":     "policy 25 days a year, carries 10 until 31 March, keeps 5",
	"on":        "policy 25 days a year, carries 5 on 20 April",
	"valid":     "policy 25 days a year, carries 5 valid 3 months",
	"beside":    "policy 25 days a year, carries 5 beside 30",
	"if":        "policy 25 days a year, carries 5 until 31 March if told 2 months before",
	"longer":    "policy 25 days a year, carries 5 until 31 March, longer when sick 15 months",
	"the":       "policy 25 days a year, carries 5, the rest is paid out",
	"within":    "policy moving: 2 days per moving, within 4 weeks",
	"before":    "policy moving: 2 days per moving, before 1 years",
	"from":      "policy moving: 2 days per moving, within 4 weeks, from 2 weeks before",
	"paid":      "policy moving: 2 days per moving, within 4 weeks, paid 70 %",
	"overtime":  "policy toil: 0 hours a year, overtime at 100 % 150 % valid 6 months",
	"buys":      "policy 25 days a year, buys up to 5 in november december",
	"sells":     "policy statutory 20 days a year, sells up to 5, and extra 5 days a year",
	"block":     "policy 25 days a year, block of 2 weeks between 1 May and 31 October",
	"debt":      "policy 25 days a year, debt 5",
	"at":        "policy 2 days a month, at most 20 in the year",
	"year":      "policy 25 days a year, year starts 1 April",
	"rounded":   "policy 25 days a year, rounded up to 0.5",
	"prorated":  "policy 25 days a year, prorated by days",
	"not":       "policy 25 days a year, not prorated",
	"lost":      "policy 2 days a month, accrued monthly at start, lost with the period",
	"part-time": "policy 25 days a year, part-time not counted",
	"full time": "policy 25 days a year, full time is 5 days a week",
}
