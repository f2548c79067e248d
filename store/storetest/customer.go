// SPDX-License-Identifier: Apache-2.0

package storetest

import (
	"context"
	"fmt"
	"testing"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
	"verlof/store"
)

// Ids of what Customer makes.
const (
	Holiday  = "holiday"  // a leave type with a yearly entitlement in days
	Sickness = "sickness" // a private leave type without one
	Boss     = people.ID("boss")
	Admin    = people.ID("admin")
)

// Worker returns the id of the i-th person of the team that Boss leads.
func Worker(i int) people.ID { return people.ID(fmt.Sprintf("worker%d", i)) }

// Customer fills a customer's new database: a team of workers under Boss, an
// administrator, everybody employed since 2020 from Monday to Friday, and so many
// days of holiday a year.
func Customer(t testing.TB, db *store.DB, workers int, days int64) {
	t.Helper()
	err := db.Update(context.Background(), func(tx *store.Tx) error {
		if err := rules(tx, days); err != nil {
			return err
		}
		team := people.Team{ID: "team", Name: "Team", Managers: []people.ID{Boss}}
		for i := range workers {
			team.Members = append(team.Members, Worker(i))
			if err := employ(tx, Worker(i), 0); err != nil {
				return err
			}
		}
		if err := employ(tx, Boss, 0); err != nil {
			return err
		}
		if err := employ(tx, Admin, people.Administrator|people.SystemManager); err != nil {
			return err
		}
		return tx.SaveTeam(team)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func rules(tx *store.Tx, days int64) error {
	steps := []func() error{
		func() error { return tx.SaveSettings(people.Settings{Name: "Acme", Accent: "#2563eb", Language: "en"}) },
		func() error {
			return tx.SaveLocation(people.Location{ID: "here", Name: "Here", Region: "NL", TimeZone: "Europe/Amsterdam"})
		},
		func() error {
			return tx.SavePattern(people.Pattern{ID: "full", Name: "Full time", Pattern: calendar.MustParsePattern("mon-fri")})
		},
		func() error { return tx.SavePackage(leave.Package{ID: "all", Name: "All"}) },
		func() error {
			return tx.SaveType(leave.Type{ID: Holiday, Name: "Holiday", Colour: 1, Unit: leave.Days, Counting: leave.WorkingTime, Entitled: true})
		},
		func() error {
			return tx.SaveType(leave.Type{ID: Sickness, Name: "Sickness", Colour: 2, Unit: leave.Days, Counting: leave.WorkingTime,
				Private: true, Unapproved: true, Order: 1})
		},
		func() error {
			return tx.SavePolicy(leave.Policy{ID: "p", Package: "all", Type: Holiday, From: calendar.MustParse("2020-01-01"),
				Terms: leave.Terms{Amount: exact.Int(days), FullTime: exact.Int(5), Accrual: leave.AtYearStart, Proration: leave.ByMonths}})
		},
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func employ(tx *store.Tx, id people.ID, roles people.Roles) error {
	p := people.Person{ID: id, Email: string(id) + "@acme.example", GivenName: string(id), FamilyName: "Example",
		Location: "here", Roles: roles, Active: true}
	if err := tx.SavePerson(p); err != nil {
		return err
	}
	from := calendar.MustParse("2020-01-01")
	if err := tx.SaveEmployment(people.Employment{ID: "e-" + string(id), Person: id, From: from}); err != nil {
		return err
	}
	return tx.SaveContract(people.Contract{ID: "c-" + string(id), Person: id, From: from, Pattern: "full", Package: "all"})
}
