// SPDX-License-Identifier: Apache-2.0

package people

import "slices"

// Roles are what a person may do beyond being an employee, which everybody is: those that
// every customer has. Managing is not a role of its own: who leads a team manages its members.
type Roles uint8

// The roles that every customer has.
const (
	Administrator   Roles = 1 << iota // keeps people, rules and everybody's leave (HR)
	SystemManager                     // keeps the customer's settings and sign-in
	SicknessOfficer                   // reads who is sick, since when and why: nobody else may, an administrator neither
	Auditor                           // sees what administrators see and what was changed; changes nothing
	Payroll                           // sees what leave was taken, is left and is paid out, and settles it; decides nothing
)

// Has reports whether r holds every role of want.
func (r Roles) Has(want Roles) bool { return r&want == want }

var roleNames = []struct {
	role   Roles
	name   string
	rights Rights
}{
	{Administrator, "administrator", AllRights &^ Set(FollowSickness)},
	{SystemManager, "system-manager", Set(KeepSettings, KeepSignIn).Whole()},
	{SicknessOfficer, "sickness-officer", Set(FollowSickness).Whole()},
	{Auditor, "auditor", Set(SeeEvents, SeeBirth, SeeSetup, SeeReports, SeeRecord, SeeSignIn).Whole()},
	{Payroll, "payroll", Set(SettleLeave).Whole()},
}

// AllRoles are all roles that every customer has.
const AllRoles = Administrator | SystemManager | SicknessOfficer | Auditor | Payroll

// Names returns the roles' stable names, for storage and catalogue keys.
func (r Roles) Names() []string {
	var names []string
	for _, n := range roleNames {
		if r.Has(n.role) {
			names = append(names, n.name)
		}
	}
	return names
}

// Each returns the roles one by one.
func (r Roles) Each() []Roles {
	var out []Roles
	for _, n := range roleNames {
		if r.Has(n.role) {
			out = append(out, n.role)
		}
	}
	return out
}

// Rights returns what the roles allow, over everybody.
func (r Roles) Rights() Rights {
	var out Rights
	for _, n := range roleNames {
		if r.Has(n.role) {
			out |= n.rights
		}
	}
	return out
}

// ParseRole returns the role with a stable name.
func ParseRole(name string) (Roles, bool) {
	for _, n := range roleNames {
		if n.name == name {
			return n.role, true
		}
	}
	return 0, false
}

// Role is a set of rights that a customer made and named: its holders have those rights over
// everybody, or over the members of some teams.
type Role struct {
	ID        string
	Name      string
	About     string // what it is for
	Rights    Rights
	Everybody bool
	Teams     []string // ids of teams; where not over everybody
}

// allows returns what the role allows: what its rights are worth nothing without too.
func (r *Role) allows() Rights { return r.Rights.Whole() }

// heldBy reports whether a person holds the role.
func (r *Role) heldBy(p *Person) bool { return slices.Contains(p.Custom, r.ID) }

// over reports whether the role is over the members of a team.
func (r *Role) over(team string) bool { return r.Everybody || slices.Contains(r.Teams, team) }

// everywhere returns what a person may over everybody and the customer as a whole, by the
// roles they hold.
func everywhere(p *Person, roles []Role) Rights {
	out := p.Roles.Rights()
	for i := range roles {
		if r := &roles[i]; r.Everybody && r.heldBy(p) {
			out |= r.allows()
		}
	}
	return out & p.ceiling()
}
