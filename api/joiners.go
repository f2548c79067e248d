// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"verlof/identity/access"
	"verlof/identity/provision"
	"verlof/people"
)

const directoryArea = "Directory"

// Waiting is what there is to do for people who join, move and leave.
type Waiting struct {
	Joiners []Joiner      `json:"joiners" doc:"May sign in and have no contract line."`
	Moves   []Move        `json:"moves" doc:"Wait to be confirmed, latest first."`
	Leavers []LeftWithout `json:"leavers" doc:"May not sign in any more, and have an employment without an end."`
	Done    []Move        `json:"done" doc:"Moves that wait no longer, the latest."`
}

// Joiner may sign in and has no contract line.
type Joiner struct {
	Person     string `json:"person" doc:"Id of the person."`
	Employment string `json:"employment,omitempty" doc:"Id of the employment that has no contract line."`
	Again      bool   `json:"again" doc:"They worked here before."`
}

// LeftWithout may not sign in any more, and has an employment without an end.
type LeftWithout struct {
	Person     string `json:"person" doc:"Id of the person."`
	Employment string `json:"employment" doc:"Id of the employment."`
}

// Move is somebody's going from one team to another because the directory says so.
type Move struct {
	ID     string     `json:"id"`
	Person string     `json:"person"`
	From   string     `json:"from,omitempty" doc:"Id of the team; missing: none."`
	To     string     `json:"to,omitempty" doc:"Id of the team; missing: none, or one that is made with the move."`
	ToName string     `json:"to_name,omitempty" doc:"As that team was called then."`
	State  string     `json:"state" enum:"waits,made,dropped"`
	Made   time.Time  `json:"made"`
	Done   *time.Time `json:"done,omitempty"`
	By     string     `json:"by,omitempty" doc:"Who confirmed or dropped it; missing: the rules."`
}

// HireInput is the contract that a joiner begins with.
type HireInput struct {
	From     Date   `json:"from" doc:"First day of the employment, where there is none yet."`
	Pattern  string `json:"pattern" maxLength:"64" doc:"Id of the working pattern." example:"full"`
	Package  string `json:"package" maxLength:"64" doc:"Id of the package of policies." example:"all"`
	Location string `json:"location,omitempty" maxLength:"64" doc:"Id of the location; missing: the one that the person has." example:"utrecht"`
}

// DirectoryState is what is known of the customer's directory.
type DirectoryState struct {
	Users    int              `json:"users" doc:"How many the directory keeps."`
	Detached int              `json:"detached" doc:"Users whose persons are kept by hand."`
	Removed  int              `json:"removed" doc:"Users whom the directory deleted."`
	Groups   []DirectoryGroup `json:"groups"`
	Rules    DirectoryRules   `json:"rules"`
}

// DirectoryGroup is a group of the directory, and what is made of it.
type DirectoryGroup struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Members []string `json:"members" doc:"Ids of persons."`
	GroupUse
}

// GroupUse is what belonging to a group means.
type GroupUse struct {
	Purpose string `json:"purpose,omitempty" enum:",members,leaders,role" doc:"Who is in it belongs to the team, leads the team, or has the role; missing: nothing."`
	Team    string `json:"team,omitempty" maxLength:"64" doc:"Id of the team."`
	Role    string `json:"role,omitempty" maxLength:"64" doc:"Name of a role that every customer has."`
}

// DirectoryRules are how persons and teams are made of users and groups.
type DirectoryRules struct {
	Name        string `json:"name" maxLength:"100" doc:"Of the directory, as pages call it."`
	Groups      bool   `json:"groups,omitempty" doc:"A new group becomes the team of that name."`
	Departments bool   `json:"departments,omitempty" doc:"Somebody belongs to the team that has the name of their department."`
	Confirm     bool   `json:"confirm,omitempty" doc:"Whoever works here moves between teams once that is confirmed."`
	Invite      bool   `json:"invite,omitempty" doc:"A new person is invited by mail."`
	Location    string `json:"location,omitempty" maxLength:"64" doc:"Id of the location that a new person begins with."`
	Pattern     string `json:"pattern,omitempty" maxLength:"64" doc:"Id of the working pattern that is offered for a new person."`
	Package     string `json:"package,omitempty" maxLength:"64" doc:"Id of the package that is offered for a new person."`
}

func moveSeen(m provision.Move) Move {
	out := Move{ID: m.ID, Person: string(m.Person), From: m.From.Team, To: m.To.Team, ToName: m.To.Name, State: string(m.State), Made: m.Made, By: string(m.By)}
	if !m.Done.IsZero() {
		out.Done = &m.Done
	}
	return out
}

func groupSeen(g provision.Group) DirectoryGroup {
	return DirectoryGroup{ID: g.ID, Name: g.Name, Members: ids(g.Members), GroupUse: GroupUse{string(g.Purpose), g.Team, g.Role}}
}

type (
	hireBody struct {
		ByPerson
		Body HireInput
	}
	detachBody struct {
		ByPerson
		Body struct {
			Detached bool `json:"detached" doc:"The person is kept by hand, but for whether they may sign in."`
		}
	}
	groupBody struct {
		ByID
		Body GroupUse
	}
	rulesBody struct{ Body DirectoryRules }
)

func addDirectory(s *surface) {
	const admins, keepers = "For administrators.", "For system managers."
	read := func(id, path, what, who string) operation {
		return operation{ID: id, Method: http.MethodGet, Path: path, Scope: access.PeopleRead, Area: directoryArea, Summary: what, Doc: who}
	}
	act := func(id, path, what, doc string) operation {
		return operation{ID: id, Method: http.MethodPost, Path: path, Scope: access.PeopleWrite, Area: directoryArea, Summary: what, Doc: doc}
	}
	add(s, read("listJoiners", "/joiners", "List who joins, moves and leaves", admins), listJoiners)
	add(s, act("hireJoiner", "/joiners/{id}/hire", "Give somebody who joins a contract line", admins),
		func(ctx context.Context, c *call, in *hireBody) (Work, error) {
			b := &in.Body
			err := c.People.Hire(ctx, c.Caller.Person, people.Employment{Person: in.who(), From: b.From.Date}, people.Contract{Pattern: b.Pattern, Package: b.Package, Location: b.Location})
			if err != nil {
				return Work{}, err
			}
			return getWork(ctx, c, &in.ByPerson)
		})
	add(s, act("confirmMove", "/moves/{id}/confirm", "Make a move that waits", admins), func(ctx context.Context, c *call, in *ByID) (none, error) {
		return none{}, c.Provision.Confirm(ctx, c.Caller.Person, in.ID)
	})
	add(s, act("dropMove", "/moves/{id}/drop", "Drop a move that waits", admins), func(ctx context.Context, c *call, in *ByID) (none, error) {
		return none{}, c.Provision.Drop(ctx, c.Caller.Person, in.ID)
	})
	add(s, act("detachPerson", "/people/{id}/directory", "Say whether a person is kept by hand or follows the directory", admins), func(ctx context.Context, c *call, in *detachBody) (none, error) {
		return none{}, c.Provision.Detach(ctx, c.Caller.Person, in.who(), in.Body.Detached)
	})
	add(s, read("getDirectory", "/directory", "Read what is known of the customer's directory", keepers), getDirectory)
	rules := act("saveDirectory", "/directory", "Change how persons and teams are made of users and groups", "The rules at once. "+keepers)
	rules.Method, rules.Match = http.MethodPut, true
	add(s, rules, func(ctx context.Context, c *call, in *rulesBody) (DirectoryState, error) {
		if err := c.Provision.SaveRules(ctx, c.Caller.Person, provision.Rules(in.Body)); err != nil {
			return DirectoryState{}, err
		}
		return getDirectory(ctx, c, nil)
	})
	addDirectoryTokens(s)
	add(s, act("useGroup", "/directory/groups/{id}/use", "Say what belonging to a group means", admins+" A group that gives a role, or gave one, needs a fresh proof, as in addRole."), useGroup)
}

func listJoiners(ctx context.Context, c *call, _ *none) (Waiting, error) {
	w, err := c.Provision.Waiting(ctx, c.Caller.Person)
	return Waiting{Moves: each(w.Moves, moveSeen), Done: each(w.Done, moveSeen),
		Joiners: each(w.Joiners, func(j provision.Joiner) Joiner { return Joiner{string(j.Person.ID), j.Employment.ID, j.Again} }),
		Leavers: each(w.Leavers, func(l provision.Leaver) LeftWithout { return LeftWithout{string(l.Person.ID), l.Employment.ID} })}, err
}

func getDirectory(ctx context.Context, c *call, _ *none) (DirectoryState, error) {
	st, err := c.Provision.State(ctx, c.Caller.Person, 0)
	if err != nil {
		return DirectoryState{}, err
	}
	rules, err := c.Provision.Rules(ctx)
	return DirectoryState{Users: st.Users, Detached: st.Detached, Removed: st.Removed, Groups: each(st.Groups, groupSeen), Rules: DirectoryRules(rules)}, err
}

func useGroup(ctx context.Context, c *call, in *groupBody) (DirectoryGroup, error) {
	use := provision.Use{Purpose: provision.Purpose(in.Body.Purpose), Team: in.Body.Team, Role: in.Body.Role}
	v, err := c.People.Viewer(ctx, c.Caller.Person)
	if err == nil {
		err = v.NeedAdministrator()
	}
	if err != nil {
		return DirectoryGroup{}, err
	}
	before, err := c.Provision.Group(ctx, in.ID)
	if err == nil && slices.Contains([]provision.Purpose{use.Purpose, before.Purpose}, provision.Role) {
		err = c.needFresh(ctx)
	}
	if err == nil {
		err = c.Provision.UseGroup(ctx, c.Caller.Person, in.ID, use)
	}
	if err != nil {
		return DirectoryGroup{}, err
	}
	g, err := c.Provision.Group(ctx, in.ID)
	return groupSeen(g), err
}
