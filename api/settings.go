// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"
	"strconv"

	"verlof/errs"
	"verlof/identity/access"
	"verlof/leave"
	"verlof/people"
)

// Settings are the customer's own.
type Settings struct {
	Name          string `json:"name" minLength:"1" maxLength:"100" doc:"Of the customer, as pages and mails show it." example:"Acme"`
	Accent        string `json:"accent" pattern:"^#[0-9a-f]{6}$" doc:"Colour of pages and mails." example:"#0f766e"`
	Language      string `json:"language" enum:"en,nl,de" doc:"Of those who chose none."`
	SicknessKnown bool   `json:"sickness_known,omitempty" doc:"Who leads a person, and administrators, see that an absence is sickness; else only that they are away."`
	SickFigures   bool   `json:"sick_figures,omitempty" doc:"Who leads a team sees the figures of its sickness."`
}

type (
	settingsBody struct{ Body Settings }
	copyBody     struct {
		Consent
		Body struct {
			Year     int    `json:"year" minimum:"1990" maximum:"2100" doc:"Whose days are written into the next year." example:"2026"`
			Location string `json:"location,omitempty" maxLength:"64" doc:"Id of the location whose days they are."`
			Set      string `json:"set,omitempty" maxLength:"64" doc:"Id of the holiday set in which they stand. Without either: those of everywhere."`
		}
	}
)

// Copied is how many days were written.
type Copied struct {
	Count int `json:"count" doc:"Days that were written."`
}

func addSettings(s *surface) {
	const area, who = "Settings", "For those who keep the settings."
	add(s, operation{ID: "getSettings", Method: http.MethodGet, Path: "/settings", Scope: access.PoliciesRead, Area: area, Summary: "Read the customer's settings", Doc: who}, getSettings)
	add(s, operation{ID: "saveSettings", Method: http.MethodPut, Path: "/settings", Scope: access.PoliciesWrite, Area: area, Match: true, Summary: "Change the customer's settings",
		Doc: "All fields at once. " + who},
		func(ctx context.Context, c *call, in *settingsBody) (Settings, error) {
			if err := c.People.SaveSettings(ctx, c.Caller.Person, people.Settings(in.Body)); err != nil {
				return Settings{}, err
			}
			return getSettings(ctx, c, nil)
		})
	add(s, operation{ID: "copyOwnDays", Method: http.MethodPost, Path: "/own-days/copy", Scope: access.PeopleWrite, Area: "Holidays", Summary: "Write the days of one year into the next",
		Doc: "Those that do not come back by themselves, on the same dates. A date that has a day already is left alone. For administrators."}, copyOwnDays)
	add(s, operation{ID: "sendSignInLink", Method: http.MethodPost, Path: "/people/{id}/sign-in-link", Scope: access.PeopleWrite, Area: peopleArea, Summary: "Send a person a link to choose a password",
		Doc: "Or the invitation again, where they never chose one. For administrators."}, sendSignInLink)
}

func getSettings(ctx context.Context, c *call, _ *none) (Settings, error) {
	if err := c.need(ctx, people.KeepSettings); err != nil {
		return Settings{}, err
	}
	set, err := c.People.Settings(ctx)
	return Settings(set), err
}

// need reports Forbidden unless the caller has a right.
func (c *call) need(ctx context.Context, r people.Right) error {
	v, err := c.People.Viewer(ctx, c.Caller.Person)
	if err != nil {
		return err
	}
	return v.Need(r)
}

func copyOwnDays(ctx context.Context, c *call, in *copyBody) (Copied, error) {
	n, err := c.apply(ctx, leave.CopyingDays(in.Body.Location, in.Body.Set, in.Body.Year), in.Consent)
	if err != nil {
		return Copied{}, err
	}
	count, err := strconv.Atoi(n)
	return Copied{count}, err
}

func sendSignInLink(ctx context.Context, c *call, in *ByPerson) (none, error) {
	if err := c.need(ctx, people.KeepPeople); err != nil {
		return none{}, err
	}
	org, err := c.organisation(ctx)
	if err != nil {
		return none{}, err
	}
	if org.Records[in.who()] == nil {
		return none{}, errs.New(errs.NotFound, "people.error.no_person")
	}
	return none{}, c.Identity.SendReset(ctx, in.who())
}
