// SPDX-License-Identifier: Apache-2.0

package template

import (
	"slices"
	"strings"

	"github.com/a-h/templ"
)

// Input is one field of a form. Its id is FieldID(Name).
type Input struct {
	Name, Label, Value string
	Type               string // "text" when empty; "email", "password", "number", "date", "time", "search", "file"
	Hint, Error        string
	Required           bool // otherwise the label says "optional"
	Short              bool // as wide as a date, not as the form
	Rows               int  // a text area of so many lines
	Autocomplete       string
	Attrs              templ.Attributes // min, max, step, inputmode, accept, pattern, ...
}

// Choice is one of several: a select, or cards where the choice deserves room.
type Choice struct {
	Name, Label, Value string // Value is the chosen Option's
	Options            []Option
	Hint, Error        string
	Required           bool
	Short              bool   // a select as wide as a date; three cards in a line
	First              int    // cards that stand in the open; 0: all
	More               string // the line behind which the others are, with how many there are
	Attrs              templ.Attributes
}

// prompts reports whether a browser has to hold back the form until something is chosen. It would
// hold it back for "All teams" and the like too: to a browser, a first option without a value is a prompt.
func (c Choice) prompts() bool {
	return c.Required && slices.ContainsFunc(c.Options, func(o Option) bool { return o.Prompt })
}

// shown returns the cards that stand in the open; one alone is not folded away.
func (c Choice) shown() []Option {
	if c.First == 0 || len(c.Options) <= c.First+1 {
		return c.Options
	}
	return c.Options[:c.First]
}

// folded returns the other cards.
func (c Choice) folded() []Option { return c.Options[len(c.shown()):] }

// chosenIn says whether the chosen option is one of these.
func (c Choice) chosenIn(options []Option) bool {
	return slices.ContainsFunc(options, func(o Option) bool { return o.Value == c.Value })
}

// Option is one line of a Choice.
type Option struct {
	Value, Text string
	Note        string // second line of a card
	Colour      int    // colour of a leave type, 1 to 12; 0 is none
	Disabled    bool
	Prompt      bool // says to choose, and is no answer
}

// Tick is a checkbox.
type Tick struct {
	Name, Value string // Value is "on" when empty
	Label, Hint string
	Checked     bool
	Error       string
	Attrs       templ.Attributes
}

// FieldError is a line of FormErrors: what is wrong, and the field's name, or ""
// where it belongs to the form as a whole.
type FieldError struct{ Field, Text string }

// FieldID returns the id of the field of that name.
func FieldID(name string) string { return "f-" + name }

// describedBy names the elements that explain a field, "" for none.
func describedBy(name, hint, problem string) string {
	var ids []string
	if hint != "" {
		ids = append(ids, FieldID(name)+"-hint")
	}
	if problem != "" {
		ids = append(ids, FieldID(name)+"-error")
	}
	return strings.Join(ids, " ")
}

func (i Input) kind() string {
	if i.Type == "" {
		return "text"
	}
	return i.Type
}

func inputClass(short bool) string {
	if short {
		return "input short"
	}
	return "input"
}

func (t Tick) value() string {
	if t.Value == "" {
		return "on"
	}
	return t.Value
}

func (i Input) asDate() Input {
	i.Type, i.Short = "date", true
	return i
}

// describe ties a field to its hint and its error.
func describe(name, hint, problem string) templ.Attributes {
	a := templ.Attributes{}
	if by := describedBy(name, hint, problem); by != "" {
		a["aria-describedby"] = by
	}
	if problem != "" {
		a["aria-invalid"] = "true"
	}
	return a
}
