// SPDX-License-Identifier: Apache-2.0

// Package lang owns every sentence that a person reads and the form in which
// dates and numbers appear: catalogues in British English, Dutch and German, one
// file for each area and language. It refuses text that stands anywhere else: a
// caller names a key, never a sentence. Dutch addresses the reader as "je", German
// as "du".
//
// A catalogue is a TOML file of flat, quoted keys. A name between braces is
// replaced; nothing else is a template. A sentence with a number in it may
// have a form for one:
//
//	"leave.error.overlap" = "There is already leave on {{.from}}."
//	"unit.days" = { one = "{{.count}} day", other = "{{.count}} days" }
package lang

import (
	"sync"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Locale is one language with its catalogue. It is immutable and may be shared.
type Locale struct {
	tag      string
	language language.Tag
	messages map[string]*message
	decimal  string // between units and tenths
	group    string // between thousands
}

// tags lists the languages; the first serves readers of every other language.
var tags = []string{"en", "nl", "de"}

// house is what chooses among the locales; each is loaded when somebody first reads it.
type house struct {
	locales map[string]func() *Locale
	matcher language.Matcher
}

var loaded = sync.OnceValue(func() house {
	h := house{locales: map[string]func() *Locale{}}
	var known []language.Tag
	for _, tag := range tags {
		h.locales[tag] = sync.OnceValue(func() *Locale {
			l, err := load(tag)
			if err != nil {
				panic(err) // the catalogues are part of the program
			}
			return l
		})
		known = append(known, language.MustParse(tag))
	}
	h.matcher = language.NewMatcher(known)
	return h
})

// Tags returns the languages there are, as in Locale.Tag, the default first.
func Tags() []string { return append([]string(nil), tags...) }

// For returns the locale that serves the reader best. Each preference is a
// language tag ("nl", "en-IE") or an Accept-Language header (RFC 9110, section
// 12.5.4); an earlier one weighs more. Empty and malformed ones are passed over;
// without any match it returns English.
func For(preferences ...string) *Locale {
	h := loaded()
	var wanted []language.Tag
	for _, p := range preferences {
		if l, ok := h.locales[p]; ok && len(wanted) == 0 {
			return l()
		}
		if ts, _, err := language.ParseAcceptLanguage(p); err == nil {
			wanted = append(wanted, ts...)
		}
	}
	_, i, _ := h.matcher.Match(wanted...)
	return h.locales[tags[i]]()
}

// Tag returns the BCP 47 tag that a page carries in its lang attribute and a
// person's preference stores: one of Tags.
func (l *Locale) Tag() string { return l.tag }

// Has reports whether the catalogue holds key.
func (l *Locale) Has(key string) bool { return l.messages[key] != nil }

// T returns the sentence of key. args are name, value pairs; the value named
// "count", a whole number or an exact.Rat, chooses the plural form. Values are
// written in the reader's form: see Locale.value. A key or a name that is
// missing panics in tests and is returned between ⟦ and ⟧ elsewhere.
func (l *Locale) T(key string, args ...any) string {
	m := l.messages[key]
	if m == nil {
		return missing(key)
	}
	if m.plain != "" {
		return m.plain
	}
	return l.expand(key, m, args)
}

func (l *Locale) expand(key string, m *message, args []any) string {
	parts := m.other
	if m.one != nil && l.form(lookup(args, "count")) == plural.One {
		parts = m.one
	}
	var b []byte
	for _, p := range parts {
		if p.name == "" {
			b = append(b, p.text...)
			continue
		}
		v := lookup(args, p.name)
		if v == nil {
			b = append(b, missing(key+" needs "+p.name)...)
			continue
		}
		b = append(b, l.value(p.name, v)...)
	}
	return string(b)
}

func lookup(args []any, name string) any {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1]
		}
	}
	return nil
}
