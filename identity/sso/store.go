// SPDX-License-Identifier: Apache-2.0

package sso

import (
	"context"
	"time"

	"verlof/identity"
	"verlof/identity/bureau"
	"verlof/people"
)

// Store runs functions in transactions of one customer's database. A function that returns
// an error changes nothing. A function given to Update may run again when the engine asks
// for it.
type Store interface {
	View(ctx context.Context, f func(Tx) error) error
	Update(ctx context.Context, f func(Tx) error) error
}

// Tx is what sign-in with the customer's own providers needs of a transaction, beside what
// identity does. Reads of one thing return NotFound where there is none. Times are UTC with
// whole microseconds.
type Tx interface {
	identity.Tx

	SSOProviders() ([]Provider, error) // by name, with their rules
	SSOProvider(id string) (Provider, error)
	SaveSSOProvider(p Provider) error  // adds or replaces, by id, with its rules
	DeleteSSOProvider(id string) error // with its rules, links and questions

	SSOLink(provider, subject string) (Link, error)
	SSOLinksOf(person people.ID) ([]Link, error)
	SSOLinks(provider string) ([]Link, error) // ordered by person
	SaveSSOLink(l Link) error                 // adds or replaces, by provider and subject
	DeleteSSOLink(provider, subject string) error

	SSOFlow(d identity.Digest) (Flow, error)
	InsertSSOFlow(f Flow) error
	DeleteSSOFlow(d identity.Digest) error // nothing where there is none

	AnswerSSOFlow(d identity.Digest, answer string) error                         // Conflict where it has one
	TakeSSOAnswer(provider string, answer identity.Digest, until time.Time) error // Conflict where it was taken before

	SSOSession(session string) (SessionThere, error)
	SSOSessions(provider, subject, theirs string) ([]SessionThere, error) // empty: any; without hints
	SaveSSOSession(s SessionThere) error                                  // adds or replaces, by session; gone once that has ended

	SSOKeys() ([]Key, error) // the one in use, the next, those before
	SaveSSOKey(k Key) error  // adds, or replaces its state
	DeleteSSOKey(id string) error

	// LockOrganisation holds every other change of people and teams back; see people.Tx.
	LockOrganisation() error
	Record(id people.ID) (people.Record, error)
	SavePerson(p people.Person) error
	SaveTeam(t people.Team) error
	Locations() ([]people.Location, error)

	Admission(id string) (bureau.Admission, error) // of a bureau
	SaveGuest(p people.Person) error
	AddVisit(v bureau.Visit) error
}

// Link is what a person there is here.
type Link struct {
	Provider string
	Subject  string // the provider's name for the person
	Person   people.ID
	Email    string       // the address the provider last named; empty: none
	Roles    people.Roles // that the provider's groups gave, and nobody by hand
	Teams    []string     // ids of teams that they brought the person into
	Made     time.Time
	Used     time.Time // the last sign-in
}

// Purpose is why a provider is asked.
type Purpose string

// The purposes of a question.
const (
	SignIn Purpose = "sign-in"
	Again  Purpose = "again" // somebody who is signed in proves once more who they are
	Anew   Purpose = "anew"  // somebody signs in, and proves who they are although the provider may know
	Try    Purpose = "try"   // a provider is tried out: nobody is signed in
)

// proves reports whether the person is to prove who they are, signed in there or not.
func (p Purpose) proves() bool { return p == Again || p == Anew }

// of reports whether a question is about whoever holds the session it was asked in.
func (p Purpose) of() bool { return p == Again || p == Try }

// Flow is a question that a provider has not answered yet.
type Flow struct {
	Digest   identity.Digest // of the state
	Browser  identity.Digest // of what the browser holds
	Provider string
	Purpose  Purpose
	Person   people.ID // who asks; empty: nobody is signed in
	Next     string    // where they wanted to go
	Expires  time.Time
	Request  string // id of a question in SAML
	Answer   string // what came of that: see judged; empty: nothing yet
}

// SessionThere is what goes with a session at a provider that speaks OpenID Connect.
type SessionThere struct {
	Session  string // id of ours
	Provider string
	Subject  string
	Theirs   string // the provider's name for its session; empty: it did not say
	Hint     string // the ID token; the store seals it
	Expires  time.Time
}

// Key is one of this service's own for providers that speak SAML: it signs questions and
// opens answers.
type Key struct {
	ID          string
	Private     string // base64; the store seals it
	Certificate string // base64
	State       KeyState
	Made        time.Time
}

// KeyState is what a key is for.
type KeyState string

// The states of a key. There is one in use at most, and one next.
const (
	KeyUsed KeyState = "used"
	KeyNext KeyState = "next" // providers are to know it before it signs
	KeyOld  KeyState = "old"  // opens what is still sealed for it
)
