// SPDX-License-Identifier: Apache-2.0

package lang

import (
	"embed"
	"flag"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed en/*.toml nl/*.toml
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
		for _, m := range found {
			if err := l.add(m); err != nil {
				return nil, fmt.Errorf("catalogue %s: %w", name, err)
			}
		}
	}
	l.decimal, l.group = l.T("number.decimal"), l.T("number.group")
	return l, nil
}

func parseFile(name string) ([]*i18n.Message, error) {
	text, err := files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f, err := i18n.ParseMessageFileBytes(text, path.Base(name), map[string]i18n.UnmarshalFunc{"toml": toml.Unmarshal})
	if err != nil {
		return nil, fmt.Errorf("catalogue %s: %w", name, err)
	}
	return f.Messages, nil
}

// add cuts m and files it. A key that is declared twice is refused.
func (l *Locale) add(m *i18n.Message) error {
	if l.messages[m.ID] != nil {
		return fmt.Errorf("key %s is declared twice", m.ID)
	}
	if m.Other == "" {
		return fmt.Errorf("key %s has no text", m.ID)
	}
	other, err := cut(m.Other)
	if err != nil {
		return fmt.Errorf("key %s: %w", m.ID, err)
	}
	c := &message{other: other}
	if m.One != "" {
		if c.one, err = cut(m.One); err != nil {
			return fmt.Errorf("key %s: %w", m.ID, err)
		}
	} else if len(other) == 1 && other[0].name == "" {
		c.plain = m.Other
	}
	l.messages[m.ID] = c
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
