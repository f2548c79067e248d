// SPDX-License-Identifier: Apache-2.0

package people

import (
	"context"
	"time"
)

// Store runs functions in transactions of one customer's database. A function
// that returns an error changes nothing. A View sees one moment.
type Store interface {
	View(ctx context.Context, f func(Tx) error) error
	Update(ctx context.Context, f func(Tx) error) error
}

// Tx is what people need of a transaction. Reads of one thing return NotFound
// where there is none; Save adds or replaces by id and returns Conflict, with
// the field, where something unique is taken.
type Tx interface {
	// Revision is a number that changes with anything that seldom changes (what an
	// Organisation, the Settings or the rules of leave hold), in the transaction
	// that changes it.
	Revision() (int64, error)
	// LockOrganisation holds every other change of what Revision counts back until
	// the transaction ends. It comes before the reads that a change rests on.
	LockOrganisation() error

	Person(id ID) (Person, error)
	PersonByEmail(email string) (Person, error)
	Persons() ([]Person, error) // the customer's own, ordered by name
	SavePerson(p Person) error
	// ShutOut ends at once whatever lets a person in: sessions, links in mails, tokens of
	// scripts, and what applications were given in their name; and mails that tell them of others.
	ShutOut(id ID) error
	// Readdressed makes the links in mails to a person worth nothing, with which they choose a
	// password, and has the mail address they had told that it is not theirs any more; empty: they
	// had none.
	Readdressed(id ID, was string, now time.Time) error
	Guests() ([]Person, error) // those of bureaus, ordered by name
	Serving() (bool, error)    // this customer is a bureau that serves others
	SaveGuest(p Person) error  // what they choose for themselves; the rest is their bureau's

	Record(id ID) (Record, error)
	Records() ([]Record, error) // of the customer's own, ordered by name
	SaveEmployment(e Employment) error
	DeleteEmployment(id string) error
	SaveContract(c Contract) error
	DeleteContract(id string) error
	// HasPackage reports whether there is a package of leave policies with this
	// id: all that people know of one.
	HasPackage(id string) (bool, error)

	Teams() ([]Team, error) // all with members and managers, ordered by name
	SaveTeam(t Team) error  // replaces members and managers
	DeleteTeam(id string) error

	CustomRoles() ([]Role, error) // ordered by name
	SaveCustomRole(r Role) error
	DeleteCustomRole(id string) error // nobody may hold it

	Locations() ([]Location, error)
	SaveLocation(l Location) error
	Patterns() ([]Pattern, error)
	SavePattern(p Pattern) error
	HolidaySets() ([]HolidaySet, error) // ordered by name
	SaveHolidaySet(s HolidaySet) error
	DeleteHolidaySet(id string) error // with its days; no location may keep it
	OwnDays() ([]OwnDay, error)
	SaveOwnDay(d OwnDay) error
	DeleteOwnDay(id string) error

	Settings() (Settings, error)
	SaveSettings(s Settings) error
}

// Settings are the customer's own.
type Settings struct {
	Name     string // of the customer, as pages and mails show it
	Accent   string // colour as "#rrggbb"
	Language string // language tag for those who chose none

	SicknessKnown bool // who leads a person, and administrators, see that an absence is sickness; else only that they are away
	SickFigures   bool // who leads a team sees the figures of its sickness
}
