// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"net/netip"
	"time"

	"verlof/people"
)

// Store runs functions in transactions of one customer's database. A function
// that returns an error changes nothing. A View sees one moment. A function given
// to Update may run again when the engine asks for it.
type Store interface {
	View(ctx context.Context, f func(Tx) error) error
	Update(ctx context.Context, f func(Tx) error) error
}

// Tx is what identity needs of a transaction. Reads of one thing return NotFound
// where there is none, unless they say otherwise. Times are UTC with whole
// microseconds.
type Tx interface {
	// Lock holds back every other Update that locks one of the same names, until
	// this one ends; the order of names does not matter. Reads after it see what
	// those before it have committed. Nothing is written before it.
	Lock(names ...string) error

	Person(id people.ID) (people.Person, error)
	PersonByEmail(email string) (people.Person, error)
	Persons() ([]people.Person, error) // all, ordered by name
	Teams() ([]people.Team, error)
	CustomRoles() ([]people.Role, error)

	Account(id people.ID) (Account, error)
	SaveAccount(a Account) error // adds or replaces, by person
	States() (map[people.ID]State, error)

	Session(d Digest) (Session, error)
	Sessions(id people.ID) ([]Session, error) // newest first, expired ones too
	InsertSession(s Session) error
	TouchSession(d Digest, seen, expires time.Time) error // nothing where there is none: it never brings one back
	DeleteSession(d Digest) error                         // nothing where there is none

	// SessionEnded ends what applications were given in a session, by its ID, and has
	// those told that want to know: see package openid.
	SessionEnded(session string) error

	// GrantsEnded ends what applications were given in a person's name, also for when the
	// person is away, but for what was given in the session keep; likewise. It returns how
	// much that was.
	GrantsEnded(person people.ID, keep string) (n int, err error)

	// TokensEnded ends the access tokens that a person made for scripts, and returns what those are
	// called that would have opened something at now: see package access.
	TokensEnded(person people.ID, now time.Time) (names []string, err error)

	Devices(id people.ID) ([]Device, error) // last used first, expired ones too
	SaveDevice(d Device) error              // adds or replaces, by digest
	DeleteDevice(d Digest) error            // nothing where there is none

	Ticket(d Digest) (Ticket, error)
	SaveTicket(t Ticket) error // adds, or replaces the person's ticket of the same purpose
	DeleteTickets(id people.ID) error

	Factors(id people.ID) ([]Factor, error)               // oldest first
	FactorByCredential(credential string) (Factor, error) // a passkey
	SaveFactor(f Factor) error                            // adds or replaces, by ID; Conflict where another has the credential
	DeleteFactor(id string) error                         // nothing where there is none
	Holdings() ([]Holding, error)                         // of everybody, by person and kind

	Recovery(id people.ID) (Recovery, error) // the zero Recovery where there is none
	SaveRecovery(r Recovery) error           // adds or replaces, by person
	DeleteRecovery(id people.ID) error       // nothing where there is none

	Ceremony(d Digest) (Ceremony, error)
	InsertCeremony(c Ceremony) error
	DeleteCeremony(d Digest) error // nothing where there is none

	SignInPolicy() (Policy, error) // DefaultPolicy where none was chosen
	// ProvidersOn returns how many providers of the customer's own people may sign in
	// with: see package sso.
	ProvidersOn() (int, error)
	SaveSignInPolicy(p Policy) error

	AddSignInRecord(r Record) error
	SignInRecords(id people.ID, limit int) ([]Record, error) // newest first

	Tally(key string) (Tally, error) // the zero Tally where there is none
	SaveTally(t Tally) error         // adds or replaces, by key
	DeleteTally(key string) error    // nothing where there is none
	CountTallies() (int, error)

	// Forget removes sessions, devices, tickets, ceremonies and tallies that
	// expired at or before now, at most limit of each.
	Forget(now time.Time, limit int) error

	Enqueue(kind, key string, payload []byte) error // an outbox row; a key that is there already is not repeated
}

// Digest is the SHA-256 of a token in unpadded base64url: 43 characters. It is
// what the database knows of a token.
type Digest string

// State says whether an account opens.
type State string

// The states of an account. A person without an account was never invited.
const (
	Invited State = "invited" // no password yet
	Open    State = "open"
	Blocked State = "blocked" // by somebody of the customer or an operator
)

// Account is how a person signs in. The mail address is the person's own.
type Account struct {
	Person    people.ID
	State     State
	Password  Hash // empty: none; the store seals it
	Bare      bool // read only: the hash rests unsealed, as all did once; saving seals it
	Short     bool // the password is shorter than one that may stand alone
	ChangedAt time.Time
}

// Admits reports whether what a person made for themselves still works for them: they are one of the customer's own people,
// active, and this account of theirs, which may be none, is not blocked.
func (a *Account) Admits(p people.Person) bool {
	return p.Active && p.Bureau == nil && a.State != Blocked
}

// Stage says how far a sign-in has come.
type Stage string

// The stages of a sign-in. Only an open session is one: see Service.Authenticate.
const (
	SignedIn   Stage = "open"
	SecondStep Stage = "second-step" // the password was right, a second factor is awaited
	Enrolment  Stage = "enrolment"   // a second factor is demanded of the person, who has none yet, or none that is enough
)

// Means is how a person proved who they are.
type Means string

// The means. All but the first two are two factors.
const (
	ByPassword Means = "password"
	ByProvider Means = "provider" // a provider of the customer's own vouches, for one factor
	ByVouched  Means = "vouched"  // it vouches for two
	ByApp      Means = "app"      // password and a code of an authenticator app
	ByPasskey  Means = "passkey"  // a passkey that was unlocked
	ByRecovery Means = "recovery" // password and a recovery code
	ByDevice   Means = "device"   // password or provider, in a browser that is trusted for a while

	ByVouchedKey Means = "vouched-key" // a provider vouches for a passkey
)

// Session is a browser that a person signed in with, or is about to. It ends at
// Expires, which moves with use but never beyond the absolute limit.
type Session struct {
	ID      string // names it on pages; opens nothing
	Digest  Digest
	Person  people.ID
	From    netip.Addr // where it was opened
	Agent   string     // the browser's own name for itself, cut and cleaned
	Created time.Time
	Seen    time.Time // exact to Limits.Touch
	Expires time.Time
	Stage   Stage
	Means   Means
	Proven  time.Time // the last full proof of who it is; zero: none, a trusted browser or a provider vouched

	Provider string // id of the provider that vouched, whatever came after; empty: none did
}

// Device is a browser in which a person once proved who they are. It opens
// nothing: it keeps the brakes of strangers off, and until Trusted it stands for
// the second factor.
type Device struct {
	Digest  Digest
	Person  people.ID
	Network netip.Prefix // of the last sign-in
	Agent   string       // as in Session
	Used    time.Time    // the last sign-in; zero: none yet, a link was redeemed there
	Expires time.Time
	Trusted time.Time // zero: never
}

// Purpose is why a ticket was made.
type Purpose string

// The purposes of tickets. A person has at most one ticket of each.
const (
	Invitation Purpose = "invitation"
	Reset      Purpose = "reset"
)

// Ticket lets its holder set a person's password, once.
type Ticket struct {
	Digest  Digest
	Person  people.ID
	Purpose Purpose
	Expires time.Time
}

// Tally counts attempts charged to one key, which is a hash: see doc.go. It means
// nothing from Expires on.
type Tally struct {
	Key      string
	Failures int
	Last     time.Time
	Expires  time.Time
}
