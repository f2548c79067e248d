// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"context"
	"time"

	"verlof/identity"
	"verlof/people"
)

// Store runs functions in transactions of one customer's database. A function that
// returns an error changes nothing. A function given to Update may run again when
// the engine asks for it.
type Store interface {
	View(ctx context.Context, f func(Tx) error) error
	Update(ctx context.Context, f func(Tx) error) error
}

// Tx is what the provider needs of a transaction. Reads of one thing return NotFound
// where there is none, unless they say otherwise. Times are UTC with whole
// microseconds.
type Tx interface {
	// Lock holds back every other Update that locks one of the same names, until
	// this one ends; see identity.Tx.
	Lock(names ...string) error

	identity.Demands

	Person(id people.ID) (people.Person, error)
	Account(id people.ID) (identity.Account, error)
	Sessions(id people.ID) ([]identity.Session, error) // expired ones too

	SigningKeys() ([]Key, error) // newest first
	SaveSigningKey(k Key) error  // adds, or replaces Until

	Clients() ([]Client, error) // by name
	Client(id string) (Client, error)
	SaveClient(c Client) error    // adds or replaces, by id
	DeleteClient(id string) error // with its secrets, its grants, and what was agreed to

	Secrets(client string) ([]Secret, error) // newest first
	SaveSecret(s Secret) error
	DeleteSecret(client, id string) error // NotFound where there is none

	Grant(id string) (Grant, error)
	GrantsIn(session string) ([]Grant, error)   // given in a session
	GrantsOf(person people.ID) ([]Grant, error) // ended ones too
	GrantsWith(client string) ([]Grant, error)  // ended ones too
	AddGrant(g Grant) error                     // a new one
	SaveGrant(g Grant) error                    // replaces Session, Scope, Expires, Used and Key; NotFound where it was ended
	DeleteGrant(id string) error                // with its codes and refresh tokens; nothing where there is none
	Code(d identity.Digest) (Code, error)
	SaveCode(c Code) error // adds, or replaces Used
	RefreshToken(d identity.Digest) (RefreshToken, error)
	SaveRefreshToken(t RefreshToken) error // adds, or replaces Used

	Consent(person people.ID, client string) (Consent, error)
	ConsentsOf(person people.ID) ([]Consent, error)
	ConsentsWith(client string) ([]Consent, error)
	SaveConsent(c Consent) error                         // adds or replaces, by person and client
	DeleteConsent(person people.ID, client string) error // nothing where there is none

	// Subject returns the name under which the clients of a sector know a person,
	// which is made from fresh the first time. It never changes.
	Subject(sector string, person people.ID, fresh string) (string, error)

	DeviceRequest(d identity.Digest) (DeviceRequest, error)
	DeviceRequestOf(userCode identity.Digest) (DeviceRequest, error)
	SaveDeviceRequest(r DeviceRequest) error // adds, or replaces State, Grant and Polled
	DeleteDeviceRequest(d identity.Digest) error

	Tally(key string) (identity.Tally, error) // the zero Tally where there is none
	SaveTally(t identity.Tally) error         // adds or replaces, by key

	Pushed(name identity.Digest) (Pushed, error)
	SavePushed(r Pushed) error // adds, or replaces Request
	DeletePushed(name identity.Digest) error

	// UseProof keeps the digest of a proof that counts once, for as long as it would be
	// good. It reports Conflict where it is there.
	UseProof(d identity.Digest, until time.Time) error

	// ForgetGrants removes grants, requests and proofs that ended at or before now, at most
	// limit of each.
	ForgetGrants(now time.Time, limit int) error

	Enqueue(kind, key string, payload []byte) error // an outbox row; a key that is there already is not repeated
}

// Secret is one of the secrets of a client: two at a time let it change without a
// pause.
type Secret struct {
	ID     string // names it on pages; opens nothing
	Client string
	Digest identity.Digest
	Made   time.Time
}

// Grant is what a person allowed a client in one go, or what a client may do for
// itself. Every code and token hangs on one; when it goes, they are worth nothing.
type Grant struct {
	ID      string
	Client  string
	Person  people.ID // empty: the client for itself
	Session string    // id of the session it was given in; empty: none
	Scope   Scope
	Claims  string    // names of single claims that were asked for, separated by spaces
	Methods string    // how the person proved who they are (RFC 8176), separated by spaces
	Level   string    // acr
	Auth    time.Time // when they did; zero: nobody knows
	Made    time.Time
	Expires time.Time // of the last that hangs on it
	Used    time.Time // when tokens were last given on it; zero: never
	Key     string    // thumbprint of the key that the refresh tokens are bound to; empty: to none

	Means    identity.Means // of the session that it was given in; empty: it was given before that was kept
	Provider string         // that vouched for the session; empty: none did, or likewise
}

// Code is an authorization code (RFC 6749, section 4.1.2).
type Code struct {
	Digest    identity.Digest
	Grant     string
	Redirect  string // where it was sent
	Challenge string // of PKCE, S256 (RFC 7636, section 4.2)
	Nonce     string
	Key       string // thumbprint of the key that it is bound to; empty: to none
	Expires   time.Time
	Used      time.Time // zero: not yet
}

// RefreshToken is one of the line of refresh tokens of a grant (RFC 6749, section 6).
type RefreshToken struct {
	Digest  identity.Digest
	Grant   string
	Expires time.Time
	Used    time.Time // zero: not yet
}

// Consent is what a person has agreed to for a client, so that nobody asks again.
type Consent struct {
	Person people.ID
	Client string
	Scope  Scope
	At     time.Time
}

// DeviceState says what became of a device's request.
type DeviceState string

// The states of a device's request.
const (
	DeviceWaits   DeviceState = "waits"
	DeviceAllowed DeviceState = "allowed"
	DeviceDenied  DeviceState = "denied"
)

// DeviceRequest is what a device without a browser asks for (RFC 8628).
type DeviceRequest struct {
	Digest   identity.Digest // of the device's code
	UserCode identity.Digest // of the code that a person types
	Client   string
	Scope    Scope
	State    DeviceState
	Grant    string    // once allowed
	Polled   time.Time // last asked after
	Expires  time.Time
}
