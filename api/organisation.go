// SPDX-License-Identifier: Apache-2.0

package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"verlof/calendar"
	"verlof/errs"
	"verlof/identity/access"
	"verlof/leave"
	"verlof/people"
)

// kept is a kind of thing that administrators keep, each with an id of its own: how
// it is read and saved. In is what is sent, Out what is told.
type kept[In, Out any] struct {
	path, name, names string // "/teams", "Team", "Teams"
	what, whats       string // "a team", "teams"
	area              string
	who               string // who may change it; empty: administrators
	fresh             bool   // that changes who may do what
	read, write       access.Scope
	list              func(ctx context.Context, c *call) ([]Out, error)
	id                func(Out) string
	save              func(ctx context.Context, c *call, id string, in In, ok Consent) (string, error) // without an id: a new one
	drop              func(ctx context.Context, c *call, id string, ok Consent) error                  // nil: it cannot be removed
	missing           *errs.Error
}

// ByID names a thing in the address.
type ByID struct {
	ID string `path:"id" maxLength:"64" doc:"Its id." example:"01jq3v7w5n8k2m4p6r9t1x3z5b"`
}

type (
	newBody[In any] struct {
		Consent
		Body In
	}
	dropBody struct {
		ByID
		Consent
	}
	saveBody[In any] struct {
		ByID
		Consent
		Body In
	}
)

// addKept adds the operations on a kind of thing.
func addKept[In, Out any](s *surface, k kept[In, Out]) {
	who := "For " + cmp.Or(k.who, "administrators") + "."
	get := func(ctx context.Context, c *call, id string) (Out, error) {
		var none Out
		all, err := k.list(ctx, c)
		if err != nil {
			return none, err
		}
		i := slices.IndexFunc(all, func(x Out) bool { return k.id(x) == id })
		if i < 0 {
			return none, k.missing
		}
		return all[i], nil
	}
	add(s, operation{ID: "list" + k.names, Method: http.MethodGet, Path: k.path, Scope: k.read, Area: k.area, Summary: "List " + k.whats},
		func(ctx context.Context, c *call, in *Cut) (Page[Out], error) {
			all, err := k.list(ctx, c)
			if err != nil {
				return Page[Out]{}, err
			}
			return part(all, *in, false, k.id)
		})
	add(s, operation{ID: "get" + k.name, Method: http.MethodGet, Path: k.path + "/{id}", Scope: k.read, Area: k.area, Summary: "Read " + k.what},
		func(ctx context.Context, c *call, in *ByID) (Out, error) { return get(ctx, c, in.ID) })
	add(s, operation{ID: "add" + k.name, Method: http.MethodPost, Path: k.path, Scope: k.write, Area: k.area, Fresh: k.fresh, Status: http.StatusCreated, Summary: "Add " + k.what, Doc: who},
		func(ctx context.Context, c *call, in *newBody[In]) (Out, error) {
			id, err := k.save(ctx, c, "", in.Body, in.Consent)
			if err != nil {
				var none Out
				return none, err
			}
			c.made(k.path + "/" + id)
			return get(ctx, c, id)
		})
	add(s, operation{ID: "save" + k.name, Method: http.MethodPut, Path: k.path + "/{id}", Scope: k.write, Area: k.area, Match: true, Fresh: k.fresh, Summary: "Change " + k.what,
		Doc: "All fields at once: one that is missing is emptied. " + who},
		func(ctx context.Context, c *call, in *saveBody[In]) (Out, error) {
			if _, err := k.save(ctx, c, in.ID, in.Body, in.Consent); err != nil {
				var none Out
				return none, err
			}
			return get(ctx, c, in.ID)
		})
	if k.drop != nil {
		add(s, operation{ID: "delete" + k.name, Method: http.MethodDelete, Path: k.path + "/{id}", Scope: k.write, Area: k.area, Match: true, Fresh: k.fresh, Summary: "Remove " + k.what, Doc: who},
			func(ctx context.Context, c *call, in *dropBody) (none, error) {
				return none{}, k.drop(ctx, c, in.ID, in.Consent)
			})
	}
}

// Team is a group of persons and those who lead it.
type Team struct {
	ID string `json:"id"`
	TeamInput
}

// TeamInput is a team as it is kept.
type TeamInput struct {
	Name     string   `json:"name" minLength:"1" maxLength:"100" example:"Sales"`
	Members  []string `json:"members,omitempty" maxItems:"5000" doc:"Ids of those who belong to it."`
	Managers []string `json:"managers,omitempty" maxItems:"100" doc:"Ids of those who lead it."`
}

// Location is a place of work.
type Location struct {
	ID string `json:"id"`
	LocationInput
}

// LocationInput is a location as it is kept.
type LocationInput struct {
	Name     string   `json:"name" minLength:"1" maxLength:"100" example:"Utrecht"`
	Region   string   `json:"region,omitempty" maxLength:"20" doc:"Whose public holidays count; missing: none." example:"NL"`
	TimeZone string   `json:"time_zone" maxLength:"64" doc:"IANA name; it decides which date is today." example:"Europe/Amsterdam"`
	Sets     []string `json:"sets,omitempty" maxItems:"50" doc:"Ids of the holiday sets that it keeps."`
}

// Pattern is a working pattern.
type Pattern struct {
	ID string `json:"id"`
	PatternInput
}

// PatternInput is a working pattern as it is kept.
type PatternInput struct {
	Name    string `json:"name" minLength:"1" maxLength:"100" example:"Full time"`
	Pattern string `json:"pattern" minLength:"1" maxLength:"4000" doc:"Which hours of which days; weeks of a cycle with a slash between two." example:"mon-fri 08:30-12:30 13:00-17:00"`
}

func addOrganisation(s *surface) {
	addKept(s, teams())
	addKept(s, locations())
	addKept(s, kept[PatternInput, Pattern]{path: "/patterns", name: "Pattern", names: "Patterns", what: "a working pattern", whats: "working patterns",
		area: "Organisation", read: access.PeopleRead, write: access.PeopleWrite, missing: errs.New(errs.NotFound, "people.error.no_pattern"),
		id: func(p Pattern) string { return p.ID },
		list: func(ctx context.Context, c *call) ([]Pattern, error) {
			list, err := c.People.Patterns(ctx, c.Caller.Person)
			return each(list, func(p people.Pattern) Pattern { return Pattern{p.ID, PatternInput{p.Name, p.Pattern.String()}} }), err
		},
		save: func(ctx context.Context, c *call, id string, in PatternInput, ok Consent) (string, error) {
			return c.apply(ctx, leave.SavingPattern(id, in.Name, in.Pattern), ok)
		}})
	addKept(s, holidaySets())
	addKept(s, ownDays())
	addHolidays(s)
}

func ids(list []people.ID) []string {
	return each(list, func(id people.ID) string { return string(id) })
}

func peopleIDs(list []string) []people.ID {
	return each(list, func(id string) people.ID { return people.ID(id) })
}

func teams() kept[TeamInput, Team] {
	return kept[TeamInput, Team]{path: "/teams", name: "Team", names: "Teams", what: "a team", whats: "the teams that the caller may see",
		area: "Organisation", read: access.PeopleRead, write: access.PeopleWrite, missing: errs.New(errs.NotFound, "people.error.no_team"),
		id: func(t Team) string { return t.ID },
		list: func(ctx context.Context, c *call) ([]Team, error) {
			list, err := c.People.Teams(ctx, c.Caller.Person)
			return each(list, func(t people.Team) Team {
				return Team{t.ID, TeamInput{Name: t.Name, Members: ids(t.Members), Managers: ids(t.Managers)}}
			}), err
		},
		save: func(ctx context.Context, c *call, id string, in TeamInput, _ Consent) (string, error) {
			return c.People.SaveTeam(ctx, c.Caller.Person, people.Team{ID: id, Name: in.Name, Members: peopleIDs(in.Members), Managers: peopleIDs(in.Managers)})
		},
		drop: func(ctx context.Context, c *call, id string, _ Consent) error {
			return c.People.DeleteTeam(ctx, c.Caller.Person, id)
		}}
}

func locations() kept[LocationInput, Location] {
	return kept[LocationInput, Location]{path: "/locations", name: "Location", names: "Locations", what: "a location", whats: "locations",
		area: "Organisation", read: access.PeopleRead, write: access.PeopleWrite, missing: errs.New(errs.NotFound, "people.error.no_location"),
		id: func(l Location) string { return l.ID },
		list: func(ctx context.Context, c *call) ([]Location, error) {
			list, err := c.People.Locations(ctx, c.Caller.Person)
			return each(list, func(l people.Location) Location {
				return Location{l.ID, LocationInput{l.Name, l.Region, l.TimeZone, l.Sets}}
			}), err
		},
		save: func(ctx context.Context, c *call, id string, in LocationInput, ok Consent) (string, error) {
			return c.apply(ctx, leave.SavingLocation(people.Location{ID: id, Name: in.Name, Region: in.Region, TimeZone: in.TimeZone, Sets: in.Sets}), ok)
		}}
}

// HolidaySet is a list of own days that several locations keep.
type HolidaySet struct {
	ID string `json:"id"`
	HolidaySetInput
}

// HolidaySetInput is a holiday set as it is kept.
type HolidaySetInput struct {
	Name      string   `json:"name" minLength:"1" maxLength:"100" example:"Bridge days"`
	Locations []string `json:"locations,omitempty" maxItems:"200" doc:"Ids of the locations that keep it."`
}

func holidaySets() kept[HolidaySetInput, HolidaySet] {
	return kept[HolidaySetInput, HolidaySet]{path: "/holiday-sets", name: "HolidaySet", names: "HolidaySets", what: "a holiday set", whats: "holiday sets",
		area: "Holidays", read: access.PeopleRead, write: access.PeopleWrite, missing: errs.New(errs.NotFound, "people.error.no_holiday_set"),
		id:   func(s HolidaySet) string { return s.ID },
		list: listHolidaySets,
		save: func(ctx context.Context, c *call, id string, in HolidaySetInput, ok Consent) (string, error) {
			return c.apply(ctx, leave.SavingHolidaySet(people.HolidaySet{ID: id, Name: in.Name}, in.Locations), ok)
		},
		drop: func(ctx context.Context, c *call, id string, _ Consent) error {
			return c.People.DeleteHolidaySet(ctx, c.Caller.Person, id)
		}}
}

func listHolidaySets(ctx context.Context, c *call) ([]HolidaySet, error) {
	sets, err := c.People.HolidaySets(ctx, c.Caller.Person)
	if err != nil {
		return nil, err
	}
	places, err := c.People.Locations(ctx, c.Caller.Person)
	return each(sets, func(s people.HolidaySet) HolidaySet {
		out := HolidaySet{s.ID, HolidaySetInput{Name: s.Name}}
		for _, l := range places {
			if slices.Contains(l.Sets, s.ID) {
				out.Locations = append(out.Locations, l.ID)
			}
		}
		return out
	}), err
}

// OwnDay is a day that a customer adds to public holidays, or a public holiday that
// it changes.
type OwnDay struct {
	ID string `json:"id"`
	OwnDayInput
}

// OwnDayInput is an own day as it is kept.
type OwnDayInput struct {
	Name     string `json:"name,omitempty" maxLength:"100" doc:"It has none where it changes a public holiday." example:"Christmas Eve"`
	Date     Date   `json:"date" doc:"The day; where it comes back, the first on which it may fall."`
	Last     *Date  `json:"last,omitempty" doc:"Where it comes back: the last day on which it may fall."`
	Yearly   bool   `json:"yearly,omitempty" doc:"It comes back on the same day of every year."`
	Feast    string `json:"feast,omitempty" maxLength:"64" doc:"Key of the public holiday that it changes, wherever that falls."`
	Off      string `json:"off" enum:"full,morning,afternoon,informative" doc:"What it takes of a working day."`
	Location string `json:"location,omitempty" maxLength:"64" doc:"Id of the location for which it holds."`
	Set      string `json:"set,omitempty" maxLength:"64" doc:"Id of the holiday set in which it stands. Without either it holds everywhere."`
}

func ownDays() kept[OwnDayInput, OwnDay] {
	return kept[OwnDayInput, OwnDay]{path: "/own-days", name: "OwnDay", names: "OwnDays", what: "an own day", whats: "the customer's own days",
		area: "Holidays", read: access.PeopleRead, write: access.PeopleWrite, missing: errs.New(errs.NotFound, "people.error.no_day"),
		id: func(d OwnDay) string { return d.ID },
		list: func(ctx context.Context, c *call) ([]OwnDay, error) {
			list, err := c.People.OwnDays(ctx, c.Caller.Person)
			return each(list, ownDaySeen), err
		},
		save: func(ctx context.Context, c *call, id string, in OwnDayInput, ok Consent) (string, error) {
			off, err := calendar.ParseHalf(in.Off)
			if err != nil {
				return "", err
			}
			return c.apply(ctx, leave.SavingOwnDay(people.OwnDay{ID: id, Location: in.Location, Set: in.Set, Date: in.Date.Date,
				Last: dateOr(in.Last, 0), Yearly: in.Yearly, Feast: in.Feast, Name: in.Name, Off: off}), ok)
		},
		drop: func(ctx context.Context, c *call, id string, ok Consent) error {
			_, err := c.apply(ctx, leave.DeletingOwnDay(id), ok)
			return err
		}}
}

func ownDaySeen(d people.OwnDay) OwnDay {
	return OwnDay{d.ID, OwnDayInput{Name: d.Name, Date: dated(d.Date), Last: maybeDated(d.Last), Yearly: d.Yearly, Feast: d.Feast,
		Off: d.Off.String(), Location: d.Location, Set: d.Set}}
}

// Holiday is a day that a location has off, in whole or in part.
type Holiday struct {
	Date  Date   `json:"date"`
	Key   string `json:"key,omitempty" doc:"Names a public holiday for programs; missing for an own day." example:"kings-day"`
	Name  string `json:"name" doc:"In the caller's language." example:"King's Day"`
	Off   string `json:"off" enum:"full,morning,afternoon,informative" doc:"What it takes of a working day."`
	Moved bool   `json:"moved,omitempty" doc:"It stands in for a holiday that fell on a weekend."`
}

type holidayQuery struct {
	From     Date   `query:"from" required:"true" doc:"First day."`
	To       Date   `query:"to" required:"true" doc:"Last day, at most two years later."`
	Location string `query:"location" maxLength:"64" doc:"Id of a location; missing: where the caller works on each day."`
}

func addHolidays(s *surface) {
	add(s, operation{ID: "listHolidays", Method: http.MethodGet, Path: "/holidays", Scope: access.PeopleRead, Area: "Holidays",
		Summary: "List the holidays of a location", Doc: "Public holidays and own days, by date."}, listHolidays)
}

// maxHolidayDays is how many days may be asked for.
const maxHolidayDays = 732

func listHolidays(ctx context.Context, c *call, in *holidayQuery) (Page[Holiday], error) {
	r := calendar.Range{From: in.From.Date, To: in.To.Date}
	if n := r.Days(); n < 1 || n > maxHolidayDays {
		return Page[Holiday]{}, errs.New(errs.Invalid, "leave.error.chart_range", "days", maxHolidayDays).At("to")
	}
	org, err := c.organisation(ctx)
	if err != nil {
		return Page[Holiday]{}, err
	}
	where := in.Location
	if where == "" {
		where = org.LocationOn(c.Caller.Person, r.From)
	}
	if _, ok := org.Locations[where]; !ok {
		return Page[Holiday]{}, errs.New(errs.NotFound, "people.error.no_location")
	}
	book, err := c.Leave.Rules(ctx)
	if err != nil {
		return Page[Holiday]{}, err
	}
	days := book.Holidays[where].Between(r)
	if in.Location == "" {
		days = book.HolidaysOf(org, c.Caller.Person, r)
	}
	return Page[Holiday]{Items: each(days, c.holiday)}, nil
}

func (c *call) holiday(h calendar.Holiday) Holiday {
	name := h.Name
	if h.Key != "" {
		name = c.lang.T("holiday." + h.Key)
	}
	return Holiday{Date: dated(h.Date), Key: h.Key, Name: name, Off: h.Off.String(), Moved: h.Moved}
}
