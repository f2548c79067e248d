// SPDX-License-Identifier: Apache-2.0

package provision

import (
	"slices"
	"time"

	"verlof/errs"
	"verlof/people"
)

// Purpose says what belonging to a group means here.
type Purpose string

// The purposes of groups.
const (
	Nothing Purpose = ""        // it is only kept
	Members Purpose = "members" // who is in it belongs to a team
	Leaders Purpose = "leaders" // who is in it leads a team
	Role    Purpose = "role"    // who is in it has a role
)

// Purposes are all of them, in the order of pages.
func Purposes() []Purpose { return []Purpose{Nothing, Members, Leaders, Role} }

// Group is a group of the directory.
type Group struct {
	ID       string
	External string
	Name     string // as it was sent; unique in any case
	Members  []people.ID
	Use
	Made    time.Time
	Changed time.Time
}

// Use is what the customer makes of a group.
type Use struct {
	Purpose Purpose
	Team    string // id, of Members and Leaders
	Role    string // stable name, of Role
}

// Folded returns the group's name as it is compared.
func (g *Group) Folded() string { return fold(g.Name) }

// maxMembers is how many a group may hold.
const maxMembers = 20_000

// check tidies a group and notes what is wrong with it.
func (g *Group) check(org *people.Organisation) error {
	var f people.Faults
	f.Name("displayName", &g.Name)
	g.External = people.Tidy(g.External)
	if len(g.External) > maxText {
		f.Add("externalId", "people.error.too_long", "count", maxText)
	}
	slices.Sort(g.Members)
	g.Members = slices.Compact(g.Members)
	if len(g.Members) > maxMembers {
		f.Add("members", "provision.error.members", "count", maxMembers)
	}
	for _, m := range g.Members {
		if org.Records[m] == nil {
			f = append(f, errs.New(errs.Invalid, "provision.error.member").At("members"))
			break
		}
	}
	return f.Err()
}

// check reports a use that cannot be.
func (u *Use) check(org *people.Organisation) error {
	var f people.Faults
	if !slices.Contains(Purposes(), u.Purpose) {
		f.Add("purpose", "provision.error.purpose")
	}
	switch u.Purpose {
	case Members, Leaders:
		u.Role = ""
		if team(org, u.Team) == nil {
			f.Add("team", "people.error.no_team")
		}
	case Role:
		u.Team = ""
		if _, ok := people.ParseRole(u.Role); !ok {
			f.Add("role", "people.error.role")
		}
	default:
		u.Team, u.Role = "", ""
	}
	return f.Err()
}

func team(org *people.Organisation, id string) *people.Team {
	i := slices.IndexFunc(org.Teams, func(t people.Team) bool { return t.ID == id })
	if i < 0 {
		return nil
	}
	return &org.Teams[i]
}

func teamNamed(org *people.Organisation, name string) *people.Team {
	i := slices.IndexFunc(org.Teams, func(t people.Team) bool { return fold(t.Name) == fold(name) })
	if i < 0 {
		return nil
	}
	return &org.Teams[i]
}
