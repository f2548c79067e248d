// SPDX-License-Identifier: Apache-2.0

package page

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
	"verlof/internal/httperr"
	"verlof/internal/lang"
	"verlof/web/template"
)

// Form is what somebody filled in, as they typed it, and what is wrong with it.
// A page that shows a form again shows both.
type Form struct {
	Values url.Values
	Lang   *lang.Locale
	Wrong  []template.FieldError
	Code   int // of the first thing wrong; 0: nothing is

	moved bool // somebody changed something meanwhile: AsDrawn looks again
}

// ProofPassword and ProofCode are the fields of what is typed to prove who somebody is, beside
// the fields of another form.
const (
	ProofPassword = "proof-password"
	ProofCode     = "proof-code"
)

// fieldLeftOut names the secrets that were typed into a form and not written into the page that
// kept it.
const fieldLeftOut = "left-out"

// ReadForm reads a form that was sent, or the query of a GET. A body of any other
// kind is no form of ours.
func ReadForm(r *http.Request) (*Form, error) {
	if err := r.ParseForm(); err != nil {
		return nil, errs.New(errs.Invalid, "").Because(err)
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.ContentLength != 0 && kind != "application/x-www-form-urlencoded" {
		return nil, errs.New(errs.Invalid, "")
	}
	f := &Form{Values: r.Form, Lang: VisitOf(r).Lang}
	f.clean()
	return f, nil
}

// passwordField reports whether a field holds a password.
func passwordField(name string) bool {
	return name == "password" || name == "current" || name == ProofPassword
}

// secretField reports whether a field holds what is not written into a page: a password, a code
// that lets somebody in, or what somebody else gave them to keep.
func secretField(name string) bool {
	return passwordField(name) || name == ProofCode || name == "code" || name == "secret"
}

// WithoutSecrets returns the fields of a form that a page may hold until it is sent once more, and
// notes which secrets it lacks: see Form.TypeAgain.
func WithoutSecrets(values url.Values) url.Values {
	kept := url.Values{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !secretField(name) {
			kept[name] = append(kept[name], values[name]...)
		} else if values.Get(name) != "" {
			kept.Add(fieldLeftOut, name)
		}
	}
	return kept
}

// TypeAgain refuses a form that was kept in a page for want of a secret that was typed into it,
// where none would mean that the old one stays.
func (f *Form) TypeAgain(name string) {
	if f.Has(fieldLeftOut, name) && f.Secret(name) == "" {
		f.Refuse(errs.New(errs.Invalid, "web.error.secret_left_out").At(name))
	}
}

// clean takes out of each field what is no text, and refuses the form for it: it
// is shown again as it can be kept. Passwords are for identity to judge.
func (f *Form) clean() {
	for _, name := range slices.Sorted(maps.Keys(f.Values)) {
		if passwordField(name) {
			continue
		}
		for i, s := range f.Values[name] {
			if t := PlainText(s); t != s {
				f.Values[name][i] = t
				f.Refuse(errs.New(errs.Invalid, "web.error.characters").At(name))
			}
		}
	}
}

// PlainText returns s without bytes that are no UTF-8 and without control
// characters other than those that part words and lines.
func PlainText(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !strings.ContainsRune("\t\r\n", r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// BlankForm returns a form that nobody has filled in yet, but for pairs of name
// and value.
func BlankForm(r *http.Request, pairs ...string) *Form {
	f := &Form{Values: url.Values{}, Lang: VisitOf(r).Lang}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Values.Set(pairs[i], pairs[i+1])
	}
	return f
}

// Text returns a field without the space around it.
func (f *Form) Text(name string) string { return strings.TrimSpace(f.Values.Get(name)) }

// Secret returns a password: space counts.
func (f *Form) Secret(name string) string { return f.Values.Get(name) }

// Has reports whether a field holds a value among several.
func (f *Form) Has(name, value string) bool {
	return slices.Contains(f.Values[name], value)
}

// Date reads a date in the reader's form or as ISO has it; none is wrong.
func (f *Form) Date(name string) calendar.Date {
	if f.Text(name) == "" {
		f.Refuse(errs.New(errs.Invalid, "web.error.date_missing").At(name))
		return 0
	}
	return f.DateOr(name, 0)
}

// DateOr is like Date where none means other.
func (f *Form) DateOr(name string, other calendar.Date) calendar.Date {
	s := f.Text(name)
	if s == "" {
		return other
	}
	d, err := f.Lang.ParseDate(s)
	if err != nil {
		f.Refuse(errs.As(err).At(name))
		return other
	}
	return d
}

// Refuse keeps err as something that the asker can see and mend on this page,
// and reports whether it is: what is not theirs to mend belongs to fail.
func (f *Form) Refuse(err error) bool {
	e := errs.As(err)
	if f.moved {
		return false
	}
	switch e.Kind {
	case errs.Invalid, errs.Conflict, errs.TooMany, errs.Unavailable:
	default:
		return false
	}
	if f.Code == 0 {
		f.Code = status(err)
	}
	f.say(template.FieldError{Field: e.Field, Text: Sentence(f.Lang, err, "")})
	return true
}

// say adds what is wrong, once.
func (f *Form) say(e template.FieldError) {
	if !slices.Contains(f.Wrong, e) {
		f.Wrong = append(f.Wrong, e)
	}
}

// Fine reports whether nothing is wrong so far.
func (f *Form) Fine() bool { return f.Code == 0 }

// Status is what a page with this form answers.
func (f *Form) Status() int {
	if f.Code == 0 {
		return http.StatusOK
	}
	return f.Code
}

// At returns what is wrong with a field; empty where nothing is.
func (f *Form) At(name string) string {
	for _, w := range f.Wrong {
		if w.Field == name {
			return w.Text
		}
	}
	return ""
}

// Note says that something is wrong with the form as a whole.
func (f *Form) Note(code int, text string) {
	f.Code = code
	f.say(template.FieldError{Text: text})
}

// RefuseAs is like Refuse for an error that a form shows under a status of its
// own choice.
func (f *Form) RefuseAs(code int, err error) bool {
	e := errs.As(err)
	if e.Kind == errs.Internal || httperr.Status(e.Kind) != code {
		return false
	}
	f.Code = code
	f.say(template.FieldError{Field: e.Field, Text: Sentence(f.Lang, err, "")})
	return true
}
