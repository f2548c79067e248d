// SPDX-License-Identifier: Apache-2.0

package people

import (
	"slices"
	"time"

	"verlof/calendar"
)

// Bureau is where somebody comes from who works for the customer from outside, such as an
// accountant's firm that keeps its leave. People of a bureau have no employment and no
// leave, and are in no list of people.
type Bureau struct {
	ID   string // of its admission: package identity/bureau
	Name string
	Site string    // its address, without a slash at its end
	Mail string    // the person's mail address there
	Ends time.Time // from when on they may do nothing here
}

// Open reports whether the bureau's people may come in at a moment.
func (b *Bureau) Open(now time.Time) bool { return b == nil || now.Before(b.Ends) }

// GuestRights are the rights that people of bureaus can have, whatever the role. Who keeps
// roles or sign-in could let others in who stay when the bureau goes.
const GuestRights = AllRights &^ (1<<KeepRoles | 1<<KeepSignIn)

// ceiling returns what a person can have at most.
func (p *Person) ceiling() Rights {
	if p.Bureau != nil {
		return GuestRights
	}
	return AllRights
}

// Over returns the instant at which a day is over at every place of work; in UTC where there
// is none.
func (o *Organisation) Over(d calendar.Date) time.Time {
	y, m, day := d.AddDays(1).Civil()
	last := time.Time{}
	for _, zone := range o.zones {
		if end := time.Date(y, m, day, 0, 0, 0, 0, zone); end.After(last) {
			last = end
		}
	}
	if last.IsZero() {
		last = time.Date(y, m, day, 0, 0, 0, 0, time.UTC)
	}
	return last.UTC()
}

// HasRoles reports whether all of some ids are roles of the customer's own.
func (o *Organisation) HasRoles(ids []string) bool {
	return !slices.ContainsFunc(ids, func(id string) bool {
		return !slices.ContainsFunc(o.Roles, func(r Role) bool { return r.ID == id })
	})
}

// MayChange reports Conflict, at "roles", unless it is v's to give and to take what makes one
// set of roles of another, to somebody else: a bureau.
func (v Viewer) MayChange(o *Organisation, before, after Person) error {
	c := scene{viewer: v, standing: &standing{org: o}}
	return c.mayChange("roles", c.all(&before)^c.all(&after), false)
}
