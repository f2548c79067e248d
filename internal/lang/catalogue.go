// SPDX-License-Identifier: Apache-2.0

package lang

import (
	"embed"
	"flag"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/BurntSushi/toml"
	"golang.org/x/text/language"
)

//go:embed en/*.toml nl/*.toml de/*.toml
var files embed.FS

// message is a sentence, cut at its variables when it is loaded.
type message struct {
	plain      string // the whole sentence where it has no variable and no plural
	one, other []part // one is nil where the sentence has no plural
}

// part is either text or the name of a variable.
type part struct{ text, name string }

// variable is the one form that a variable may have.
var variable = regexp.MustCompile(`\{\{\.([a-z][a-z0-9_]*)\}\}`)

// load reads all files of one language.
func load(tag string) (*Locale, error) {
	names, err := fs.Glob(files, tag+"/*.toml")
	if err != nil {
		return nil, err
	}
	l := &Locale{tag: tag, language: language.MustParse(tag), messages: map[string]*message{}}
	for _, name := range names {
		found, err := parseFile(name)
		if err != nil {
			return nil, err
		}
		for key, s := range found {
			if err := l.add(key, s); err != nil {
				return nil, fmt.Errorf("catalogue %s: %w", name, err)
			}
		}
	}
	l.decimal, l.group = l.T("number.decimal"), l.T("number.group")
	return l, nil
}

// sentence is what a catalogue says under a key: a text, or a table with one for each plural form.
type sentence struct{ one, other string }

// UnmarshalTOML refuses all else.
func (s *sentence) UnmarshalTOML(value any) error {
	if text, ok := value.(string); ok {
		s.other = text
		return nil
	}
	forms, ok := value.(map[string]any)
	if !ok {
		return fmt.Errorf("%v is no sentence", value)
	}
	for form, value := range forms {
		text, ok := value.(string)
		switch {
		case ok && form == "one":
			s.one = text
		case ok && form == "other":
			s.other = text
		default:
			return fmt.Errorf("%s = %v is no plural form of a sentence", form, value)
		}
	}
	return nil
}

// parseFile returns the sentences of a file by their keys.
func parseFile(name string) (map[string]sentence, error) {
	var found map[string]sentence
	if _, err := toml.DecodeFS(files, name, &found); err != nil {
		return nil, fmt.Errorf("catalogue %s: %w", name, err)
	}
	return found, nil
}

// add cuts a sentence and files it. A key that is declared twice is refused.
func (l *Locale) add(key string, s sentence) error {
	if l.messages[key] != nil {
		return fmt.Errorf("key %s is declared twice", key)
	}
	if s.other == "" {
		return fmt.Errorf("key %s has no text", key)
	}
	other, err := cut(s.other)
	if err != nil {
		return fmt.Errorf("key %s: %w", key, err)
	}
	m := &message{other: other}
	if s.one != "" {
		if m.one, err = cut(s.one); err != nil {
			return fmt.Errorf("key %s: %w", key, err)
		}
	} else if len(other) == 1 && other[0].name == "" {
		m.plain = s.other
	}
	l.messages[key] = m
	return nil
}

// cut splits a sentence into text and variables.
func cut(s string) ([]part, error) {
	if !strings.Contains(s, "{{") {
		return []part{{text: s}}, nil
	}
	var parts []part
	at := 0
	for _, m := range variable.FindAllStringSubmatchIndex(s, -1) {
		if m[0] > at {
			parts = append(parts, part{text: s[at:m[0]]})
		}
		parts = append(parts, part{name: s[m[2]:m[3]]})
		at = m[1]
	}
	if at < len(s) {
		parts = append(parts, part{text: s[at:]})
	}
	if strings.Contains(variable.ReplaceAllString(s, ""), "{{") {
		return nil, fmt.Errorf("%q holds braces that name no variable", s)
	}
	return parts, nil
}

// missing marks what no catalogue holds; a test must not pass with it.
func missing(what string) string {
	if flag.Lookup("test.v") != nil { // a flag of go test: asking package testing would build it into the product
		panic("lang: missing in the catalogue: " + what)
	}
	return "⟦" + what + "⟧"
}
