// SPDX-License-Identifier: Apache-2.0

// Package access owns how a program comes in: the scopes that the API knows, the
// personal access tokens that people make for their scripts, the tokens of services that
// act in nobody's name, the calendar feeds that apps fetch by a secret address, and the answers that are kept so that a request which is sent
// twice is done once. It refuses to say what a person may do: a scope only ever takes
// away from that.
package access

import (
	"context"
	"time"

	"verlof/identity"
	"verlof/internal/gate"
	"verlof/people"
)

// Service is the access of one customer's programs. Its fields do not change once
// it is in use.
type Service struct {
	Store Store
	Now   func() time.Time // the clock; its zone does not matter

	fetches gate.Gates // of feeds, in this process
}

// now returns the time as a database keeps it.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Store runs functions in transactions of one customer's database. A function
// that returns an error changes nothing. A View sees one moment. A function given
// to Update may run again when the engine asks for it.
type Store interface {
	View(ctx context.Context, f func(Tx) error) error
	Update(ctx context.Context, f func(Tx) error) error
}

// Tx is what access needs of a transaction. Reads of one thing return NotFound
// where there is none. Times are UTC with whole microseconds.
type Tx interface {
	Lock(names ...string) error // as in identity.Tx

	Person(id people.ID) (people.Person, error)
	CustomRoles() ([]people.Role, error)
	Account(id people.ID) (identity.Account, error)

	AccessToken(d identity.Digest) (Token, error)
	AccessTokens(id people.ID) ([]Token, error) // newest first, expired ones too
	InsertAccessToken(t Token) error
	TouchAccessToken(d identity.Digest, used time.Time) error // nothing where there is none
	DeleteAccessToken(d identity.Digest) error                // nothing where there is none

	ServiceToken(d identity.Digest) (ServiceToken, error)
	ServiceTokens() ([]ServiceToken, error) // newest first, expired ones too
	InsertServiceToken(t ServiceToken) error
	TouchServiceToken(d identity.Digest, used time.Time) error // nothing where there is none
	DeleteServiceToken(d identity.Digest) error                // nothing where there is none

	Teams() ([]people.Team, error)
	SignInPolicy() (identity.Policy, error)
	AddSignInRecord(r identity.Record) error

	Feed(d identity.Digest) (Feed, error)
	FeedsOf(id people.ID) ([]Feed, error) // newest first
	Feeds() ([]Feed, error)               // likewise
	InsertFeed(f Feed) error
	TouchFeed(d identity.Digest, used time.Time, content string, changed time.Time) error // nothing where there is none
	DeleteFeed(d identity.Digest) error                                                   // nothing where there is none

	Answer(caller, key string) (Answer, error)
	InsertAnswer(a Answer) error                 // Conflict where caller and key are there already
	SaveAnswer(a Answer) error                   // what it says; nothing where there is none
	DeleteAnswer(caller, key string) error       // nothing where there is none
	ForgetAccess(now time.Time, limit int) error // tokens and answers that expired at or before now, at most limit of each
}
