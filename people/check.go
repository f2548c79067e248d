// SPDX-License-Identifier: Apache-2.0

package people

import (
	"errors"
	"net/mail"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/lang"
)

// How long texts may be, in characters, and a mail address in bytes (RFC 5321,
// section 4.5.3.1.3).
const (
	MaxName   = 100
	MaxNumber = 40
	maxEmail  = 254
)

// The days that employments, contract lines and own days may lie on; others are
// slips of the pen.
var plausible = calendar.Range{From: calendar.On(1930, 1, 1), To: calendar.On(2199, 12, 31)}

// Faults collects what is wrong with a form, so that all of it is told at once.
// Each is an *errs.Error at its field; errors.Join holds them together.
type Faults []error

// Add notes what is wrong with a field.
func (f *Faults) Add(field, key string, args ...any) {
	*f = append(*f, errs.New(errs.Invalid, key, args...).At(field))
}

// Err returns all of it as one error, nil where nothing is wrong.
func (f Faults) Err() error { return errors.Join(f...) }

// Under notes what err holds, at fields whose names begin with a prefix.
func (f *Faults) Under(prefix string, err error) {
	for _, one := range errs.All(err) {
		var known *errs.Error
		if errors.As(one, &known) {
			*f = append(*f, known.At(prefix+known.Field))
		} else {
			*f = append(*f, one)
		}
	}
}

// Tidy returns a text as it is kept: in Unicode's composed form (NFC), with single
// spaces, none around it, and without control characters.
func Tidy(s string) string {
	if isTidy(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}

// isTidy reports whether a text is of printable ASCII with single spaces inside, as most texts
// of a large file are. It may report false for others that Tidy would leave as they are.
func isTidy(s string) bool {
	last := byte(' ')
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' || s[i] == ' ' && last == ' ' {
			return false
		}
		last = s[i]
	}
	return s == "" || last != ' '
}

// Name tidies a name that must be there, and notes where it is not or is too long.
func (f *Faults) Name(field string, name *string) {
	*name = Tidy(*name)
	if *name == "" {
		f.Add(field, "people.error.name_missing")
	}
	f.short(field, *name, MaxName)
}

func (f *Faults) short(field, text string, most int) {
	if len([]rune(text)) > most {
		f.Add(field, "people.error.too_long", "count", most)
	}
}

// Date notes a date that is missing or far off.
func (f *Faults) Date(field string, d calendar.Date) {
	switch {
	case d.IsZero():
		f.Add(field, "people.error.date_missing")
	case !plausible.Contains(d):
		f.Add(field, "people.error.date_far", "date", d)
	}
}

func (f *Faults) language(tag string) {
	if tag != "" && !slices.Contains(lang.Tags(), tag) {
		f.Add("language", "people.error.language")
	}
}

// ParseEmail returns a mail address as Person.Email holds it: without spaces
// around it, in lower case and composed form. ok is false for what is none
// (RFC 5322, section 3.4.1).
func ParseEmail(s string) (email string, ok bool) {
	s = norm.NFC.String(strings.ToLower(strings.TrimSpace(s)))
	a, err := mail.ParseAddress(s)
	return s, err == nil && a.Address == s && len(s) <= maxEmail
}

// Birthday reports whether somebody who works today can have been born on d.
func Birthday(d, today calendar.Date) bool { return calendar.On(1900, 1, 1) <= d && d <= today }

// checkPerson tidies a person and notes what is wrong with it.
func (c *scene) checkPerson(p *Person) error {
	var f Faults
	p.GivenName, p.FamilyName, p.Number = Tidy(p.GivenName), Tidy(p.FamilyName), Tidy(p.Number)
	if p.Name() == "" {
		f.Add("family", "people.error.name_missing")
	}
	f.short("given", p.GivenName, MaxName)
	f.short("family", p.FamilyName, MaxName)
	f.short("number", p.Number, MaxNumber)
	if !p.Born.IsZero() && !Birthday(p.Born, c.org.Today(p.ID, c.now)) {
		f.Add("born", "people.error.born")
	}
	if strings.TrimSpace(p.Email) != "" {
		var ok bool
		if p.Email, ok = ParseEmail(p.Email); !ok {
			f.Add("email", "people.error.email")
		}
	} else {
		p.Email = ""
	}
	f.language(p.Language)
	c.checkPlace(&f, p.Location)
	if p.Custom = once(p.Custom); p.Roles&^AllRoles != 0 || slices.ContainsFunc(p.Custom, func(id string) bool { return c.role(id) == nil }) {
		f.Add("roles", "people.error.role")
	}
	c.unique(&f, p)
	return f.Err()
}

// checkPlace notes a location that does not exist; none is one where the customer has none.
func (c *scene) checkPlace(f *Faults, location string) {
	if _, ok := c.org.Locations[location]; !ok && (location != "" || len(c.org.Locations) > 0) {
		f.Add("location", "people.error.location")
	}
}

// unique notes a number or a mail address that is somebody else's.
func (c *scene) unique(f *Faults, p *Person) {
	for id, r := range c.org.Records {
		if id == p.ID {
			continue
		}
		if p.Number != "" && r.Person.Number == p.Number {
			*f = append(*f, errs.New(errs.Conflict, "people.error.number_taken").At("number"))
		}
		if p.Email != "" && r.Person.Email == p.Email {
			*f = append(*f, errs.New(errs.Conflict, "people.error.email_taken").At("email"))
		}
	}
}

// sameName reports whether two names read the same.
func sameName(a, b string) bool { return strings.EqualFold(a, b) }

// nameTaken is the refusal of a name that another thing of the kind has.
var nameTaken = errs.New(errs.Conflict, "people.error.name_taken").At("name")
