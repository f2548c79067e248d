// SPDX-License-Identifier: Apache-2.0

package provision

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"verlof/errs"
	"verlof/internal/lang"
	"verlof/people"
)

// User is what the directory says of a person.
type User struct {
	Person   people.ID // its id here too
	External string    // its id in the directory; empty: none
	Name     string    // what they sign in with at the directory, as it was sent
	Details
	Active   bool
	Since    time.Time // since when Active is what it is
	Detached bool      // the person is kept by hand, but for Active
	Removed  bool      // the directory deleted the user; the person stays
	Known    bool      // the directory has spoken of the user; else it is made of the person
	Made     time.Time
	Changed  time.Time
}

// Details are what of a user is only kept and handed back, or goes to the person.
type Details struct {
	Given      string    `json:"given,omitempty"`
	Family     string    `json:"family,omitempty"`
	Formatted  string    `json:"formatted,omitempty"`
	Display    string    `json:"display,omitempty"`
	Emails     []Email   `json:"emails,omitempty"`
	Language   string    `json:"language,omitempty"` // as RFC 9110, section 12.5.4
	Number     string    `json:"number,omitempty"`   // of the employee
	Department string    `json:"department,omitempty"`
	Manager    people.ID `json:"manager,omitempty"` // id of a user; it may be nobody's
}

// Email is one of a user's mail addresses.
type Email struct {
	Value   string `json:"value"`
	Type    string `json:"type,omitempty"`
	Primary bool   `json:"primary,omitempty"`
}

// Mail returns the address that counts: the primary one, else the first of work, else the
// first, else the user's name where that is an address. It is empty where there is none.
func (u *User) Mail() string {
	best := func(is func(Email) bool) int { return slices.IndexFunc(u.Emails, is) }
	for _, i := range []int{best(func(e Email) bool { return e.Primary }), best(func(e Email) bool { return strings.EqualFold(e.Type, "work") }), min(len(u.Emails), 1) - 1} {
		if i >= 0 && u.Emails[i].Value != "" {
			return u.Emails[i].Value
		}
	}
	if mail, ok := people.ParseEmail(u.Name); ok {
		return mail
	}
	return ""
}

// fold returns a user's or group's name as it is compared.
func fold(name string) string { return strings.ToLower(people.Tidy(name)) }

// Folded returns the user's name as it is compared.
func (u *User) Folded() string { return fold(u.Name) }

// check tidies a user and notes what is wrong with it.
func (u *User) check() error {
	var f people.Faults
	u.External = people.Tidy(u.External)
	if u.Name = people.Tidy(u.Name); u.Name == "" {
		f.Add("userName", "provision.error.user_name")
	}
	for field, text := range map[string]string{"userName": u.Name, "externalId": u.External, "displayName": u.Display, "name": u.Formatted, "department": u.Department, "manager": string(u.Manager)} {
		if len(text) > maxText {
			f.Add(field, "people.error.too_long", "count", maxText)
		}
	}
	if len(u.Emails) > maxEmails {
		f.Add("emails", "provision.error.emails", "count", maxEmails)
	}
	return f.Err()
}

// The bounds of what a directory may say of one user.
const (
	maxText   = 256 // bytes
	maxEmails = 10
)

// person returns p as the user has it. What the directory does not say stays.
func (u *User) person(p people.Person) people.Person {
	p.GivenName, p.FamilyName = u.names()
	p.Email, p.Number = u.Mail(), cmp.Or(u.Number, p.Number)
	if p.ID == "" {
		p.Language = u.language()
	}
	p.Active, p.Kept = u.Active, true
	return p
}

// names returns the given and the family name. A user without either has the name that is
// shown of them, or else what they sign in with.
func (u *User) names() (given, family string) {
	if people.Tidy(u.Given+u.Family) != "" {
		return u.Given, u.Family
	}
	name, _, _ := strings.Cut(u.Name, "@")
	return "", cmp.Or(people.Tidy(u.Formatted), people.Tidy(u.Display), name)
}

// language returns the first language the user prefers that there is; empty: the
// customer's.
func (u *User) language() string {
	first, _, _ := strings.Cut(u.Language, ",")
	tag, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(first)), "-")
	if slices.Contains(lang.Tags(), tag) {
		return tag
	}
	return ""
}

// made returns the user that a person is of whom the directory has not spoken.
func made(p people.Person) User {
	return User{Person: p.ID, Name: p.Email, Active: p.Active,
		Details: Details{Given: p.GivenName, Family: p.FamilyName, Display: p.Name(), Number: p.Number, Language: p.Language,
			Emails: []Email{{Value: p.Email, Type: "work", Primary: true}}}}
}

var (
	errNoUser = errs.New(errs.NotFound, "provision.error.no_user")
	errTaken  = errs.New(errs.Conflict, "provision.error.user_taken").At("userName")
	// errStranger is for an address that somebody had whom the directory removed, under another id.
	errStranger = errs.New(errs.Conflict, "provision.error.stranger").At("emails")

	errNoGroup = errs.New(errs.NotFound, "provision.error.no_group")
)
