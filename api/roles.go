// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"

	"verlof/errs"
	"verlof/identity/access"
	"verlof/people"
)

// Role is a set of rights that the customer made and named.
type Role struct {
	ID string `json:"id"`
	RoleInput
}

// RoleInput is a role as it is kept.
type RoleInput struct {
	Name      string   `json:"name" minLength:"1" maxLength:"100" example:"Planner"`
	About     string   `json:"about,omitempty" maxLength:"300" doc:"What it is for."`
	Rights    []string `json:"rights" maxItems:"40" enum:"see-away,see-leave,see-events,see-birth,ask-leave,decide-leave,keep-balances,know-sick,report-sick,follow-sickness,see-setup,see-reports,see-record,see-sign-in,keep-people,keep-rules,keep-years,settle-leave,keep-settings,keep-sign-in,keep-roles" doc:"What its holders may. A right brings those that it is worth nothing without."`
	Everybody bool     `json:"everybody,omitempty" doc:"Over everybody; else over the members of the teams."`
	Teams     []string `json:"teams,omitempty" maxItems:"200" doc:"Ids of teams, where it is not over everybody."`
}

// Grant says what somebody may, over whom and why.
type Grant struct {
	Rights    []string `json:"rights"`
	From      string   `json:"from" enum:"role,own-role,leading,belonging" doc:"A role that every customer has, one of the customer's own, leading a team, or being in one."`
	Role      string   `json:"role,omitempty" doc:"Name of the role."`
	Everybody bool     `json:"everybody"`
	Team      string   `json:"team,omitempty" doc:"Id of the team over whose members it is, where it is not over everybody."`
}

// Granted is all that somebody may.
type Granted struct {
	Person string  `json:"person" doc:"Id of who may."`
	Grants []Grant `json:"grants"`
}

// RightsOf is what a person may, and who may something about that person.
type RightsOf struct {
	Granted
	Others []Granted `json:"others" doc:"What others may see and do about this person."`
}

func grantSeen(g people.Grant) Grant {
	return Grant{Rights: nonNil(g.Rights.Names()), From: string(g.From), Role: g.Role, Everybody: g.Everybody, Team: g.Team.ID}
}

func grantedSeen(a people.Access) Granted {
	return Granted{string(a.Person.ID), each(a.Grants, grantSeen)}
}

func addRoles(s *surface) {
	const area = "Roles"
	addKept(s, kept[RoleInput, Role]{path: "/roles", name: "Role", names: "Roles", what: "a role", whats: "the customer's own roles",
		area: area, who: "those who keep roles", fresh: true, read: access.PeopleRead, write: access.PeopleWrite, missing: errs.New(errs.NotFound, "people.error.no_role"),
		id: func(r Role) string { return r.ID },
		list: func(ctx context.Context, c *call) ([]Role, error) {
			list, err := c.People.Roles(ctx, c.Caller.Person)
			return each(list, func(r people.Role) Role {
				return Role{r.ID, RoleInput{Name: r.Name, About: r.About, Rights: nonNil(r.Rights.Names()), Everybody: r.Everybody, Teams: r.Teams}}
			}), err
		},
		save: func(ctx context.Context, c *call, id string, in RoleInput, _ Consent) (string, error) {
			return c.People.SaveRole(ctx, c.Caller.Person, people.Role{ID: id, Name: in.Name, About: in.About, Rights: people.ParseRights(in.Rights), Everybody: in.Everybody, Teams: in.Teams})
		},
		drop: func(ctx context.Context, c *call, id string, _ Consent) error {
			return c.People.DeleteRole(ctx, c.Caller.Person, id)
		}})
	add(s, operation{ID: "getRights", Method: http.MethodGet, Path: "/people/{id}/rights", Scope: access.PeopleRead, Area: area, Summary: "Read what a person may, over whom and why",
		Doc: "And who may what about them. Everybody about themselves; those who may see the record about all."}, getRights)
	add(s, operation{ID: "listRights", Method: http.MethodGet, Path: "/rights", Scope: access.PeopleRead, Area: area, Summary: "List what everybody may",
		Doc: "For those who may see the record."}, listRights)
}

func getRights(ctx context.Context, c *call, in *ByPerson) (RightsOf, error) {
	grants, err := c.People.Grants(ctx, c.Caller.Person, in.who())
	if err != nil {
		return RightsOf{}, err
	}
	others, err := c.People.Accesses(ctx, c.Caller.Person, in.who())
	return RightsOf{Granted: Granted{in.ID, each(grants, grantSeen)}, Others: each(others, grantedSeen)}, err
}

func listRights(ctx context.Context, c *call, in *Cut) (Page[Granted], error) {
	list, err := c.People.AllGrants(ctx, c.Caller.Person)
	if err != nil {
		return Page[Granted]{}, err
	}
	return part(each(list, grantedSeen), *in, false, func(g Granted) string { return g.Person })
}
