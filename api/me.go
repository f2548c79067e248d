// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"
	"time"

	"verlof/identity/access"
	"verlof/people"
)

// Me is who calls, and what their token opens.
type Me struct {
	Person   Person    `json:"person" doc:"In whose name the token acts."`
	Leads    []string  `json:"leads" doc:"The ids of the teams that the person leads."`
	Member   []string  `json:"member" doc:"The ids of the teams that the person belongs to."`
	Today    Date      `json:"today" doc:"The date where the person works."`
	Customer string    `json:"customer" doc:"The name of the customer." example:"Acme"`
	Token    TokenSeen `json:"token" doc:"The token that was shown."`
}

// TokenSeen is the token that was shown.
type TokenSeen struct {
	ID      string    `json:"id"`
	Scopes  []string  `json:"scopes" doc:"The areas that it opens." example:"[\"leave:read\"]"`
	Expires time.Time `json:"expires"`
}

func addMe(s *surface) {
	add(s, operation{ID: "getMe", Method: http.MethodGet, Path: "/me", Area: "Me",
		Summary: "Who am I", Doc: "Tells in whose name the token acts and what it opens. Every token may ask."}, getMe)
}

func getMe(ctx context.Context, c *call, _ *none) (Me, error) {
	v, err := c.People.Viewer(ctx, c.Caller.Person)
	if err != nil {
		return Me{}, err
	}
	today, err := c.today(ctx)
	if err != nil {
		return Me{}, err
	}
	set, err := c.People.Settings(ctx)
	if err != nil {
		return Me{}, err
	}
	return Me{Person: personSeen(v.Person), Leads: nonNil(v.TeamsLed), Member: nonNil(v.TeamsIn), Today: dated(today), Customer: set.Name,
		Token: TokenSeen{ID: c.Caller.ID, Scopes: scopeNames(c.Scopes), Expires: c.Expires}}, nil
}

func scopeNames(list []access.Scope) []string {
	return each(list, func(s access.Scope) string { return string(s) })
}

// Person is somebody who works, or worked, for the customer.
type Person struct {
	ID       string   `json:"id"`
	Given    string   `json:"given" doc:"Given name." example:"Anna"`
	Family   string   `json:"family" doc:"Family name." example:"Bakker"`
	Number   string   `json:"number,omitempty" doc:"The customer's own employee number. Like email, language and roles only for those who may see the person's file." example:"1042"`
	Email    string   `json:"email,omitempty" example:"anna@acme.example"`
	Language string   `json:"language,omitempty" doc:"Of mails and pages; missing: the customer's." example:"nl"`
	Location string   `json:"location,omitempty" doc:"Id of the location at which they work today."`
	Roles    []string `json:"roles" doc:"What the person may do beyond being an employee: names of roles that every customer has (administrator, system-manager, sickness-officer, auditor, payroll) and ids of the customer's own."`
	Active   bool     `json:"active" doc:"May sign in and be booked."`
	Born     *Date    `json:"born,omitempty" doc:"Only for the person and administrators."`
}

// personNamed tells of a person no more than the name.
func personNamed(p people.Person) Person {
	return Person{ID: string(p.ID), Given: p.GivenName, Family: p.FamilyName, Roles: []string{}, Active: p.Active}
}

func personSeen(p people.Person) Person {
	return Person{ID: string(p.ID), Given: p.GivenName, Family: p.FamilyName, Number: p.Number, Email: p.Email, Language: p.Language,
		Location: p.Location, Roles: nonNil(p.Held()), Active: p.Active, Born: maybeDated(p.Born)}
}
