// SPDX-License-Identifier: Apache-2.0

package web

import (
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/lang"
	"verlof/web/template"
)

// form is what somebody filled in, as they typed it, and what is wrong with it.
// A page that shows a form again shows both.
type form struct {
	values url.Values
	lang   *lang.Locale
	wrong  []template.FieldError
	code   int // of the first thing wrong; 0: nothing is
}

// readForm reads a form that was sent, or the query of a GET. A body of any other
// kind is no form of ours.
func readForm(r *http.Request) (*form, error) {
	if err := r.ParseForm(); err != nil {
		return nil, errs.New(errs.Invalid, "").Because(err)
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.ContentLength != 0 && kind != "application/x-www-form-urlencoded" {
		return nil, errs.New(errs.Invalid, "")
	}
	f := &form{values: r.Form, lang: visitOf(r).lang}
	f.clean()
	return f, nil
}

// clean takes out of each field what is no text, and refuses the form for it: it
// is shown again as it can be kept. Passwords are for identity to judge.
func (f *form) clean() {
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		if name == "password" || name == "current" {
			continue
		}
		for i, s := range f.values[name] {
			if t := plainText(s); t != s {
				f.values[name][i] = t
				f.refuse(errs.New(errs.Invalid, "web.error.characters").At(name))
			}
		}
	}
}

// plainText returns s without bytes that are no UTF-8 and without control
// characters other than those that part words and lines.
func plainText(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !strings.ContainsRune("\t\r\n", r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// blankForm returns a form that nobody has filled in yet, but for pairs of name
// and value.
func blankForm(r *http.Request, pairs ...string) *form {
	f := &form{values: url.Values{}, lang: visitOf(r).lang}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.values.Set(pairs[i], pairs[i+1])
	}
	return f
}

// text returns a field without the space around it.
func (f *form) text(name string) string { return strings.TrimSpace(f.values.Get(name)) }

// secret returns a password: space counts.
func (f *form) secret(name string) string { return f.values.Get(name) }

// has reports whether a field holds a value among several.
func (f *form) has(name, value string) bool {
	return slices.Contains(f.values[name], value)
}

// date reads a date in the reader's form or as ISO has it; none is wrong.
func (f *form) date(name string) calendar.Date {
	if f.text(name) == "" {
		f.refuse(errs.New(errs.Invalid, "web.error.date_missing").At(name))
		return 0
	}
	return f.dateOr(name, 0)
}

// dateOr is like date where none means other.
func (f *form) dateOr(name string, other calendar.Date) calendar.Date {
	s := f.text(name)
	if s == "" {
		return other
	}
	d, err := f.lang.ParseDate(s)
	if err != nil {
		f.refuse(errs.As(err).At(name))
		return other
	}
	return d
}

// refuse keeps err as something that the asker can see and mend on this page,
// and reports whether it is: what is not theirs to mend belongs to fail.
func (f *form) refuse(err error) bool {
	e := errs.As(err)
	switch e.Kind {
	case errs.Invalid, errs.Conflict, errs.TooMany, errs.Unavailable:
	default:
		return false
	}
	if f.code == 0 {
		f.code = status(err)
	}
	f.say(template.FieldError{Field: e.Field, Text: sentence(f.lang, err, "")})
	return true
}

// say adds what is wrong, once.
func (f *form) say(e template.FieldError) {
	if !slices.Contains(f.wrong, e) {
		f.wrong = append(f.wrong, e)
	}
}

// fine reports whether nothing is wrong so far.
func (f *form) fine() bool { return f.code == 0 }

// status is what a page with this form answers.
func (f *form) status() int {
	if f.code == 0 {
		return http.StatusOK
	}
	return f.code
}

// at returns what is wrong with a field; empty where nothing is.
func (f *form) at(name string) string {
	for _, w := range f.wrong {
		if w.Field == name {
			return w.Text
		}
	}
	return ""
}

// note says that something is wrong with the form as a whole.
func (f *form) note(code int, text string) {
	f.code = code
	f.say(template.FieldError{Text: text})
}

// refuseAs is like refuse for an error that a form shows under a status of its
// own choice.
func (f *form) refuseAs(code int, err error) bool {
	e := errs.As(err)
	if e.Kind == errs.Internal || statuses[e.Kind] != code {
		return false
	}
	f.code = code
	f.say(template.FieldError{Field: e.Field, Text: sentence(f.lang, err, "")})
	return true
}
