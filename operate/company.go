// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"verlof/people"
)

// company is who works where at a made-up customer.
type company struct {
	slug, name       string
	language, accent string
	seed             uint64
	squads           []squad
}

// squad is a team with its manager, who comes first.
type squad struct {
	name  string
	size  int  // the manager included
	away  int  // of them at the second place of work, from the end
	keeps bool // its manager is administrator, the next one system manager
}

var acme = company{slug: "acme", name: "Acme", language: "en", accent: "#0b6e6e", seed: 3, squads: []squad{
	{"Engineering", 24, 9, false},
	{"Support", 18, 12, false},
	{"Logistics", 16, 0, false},
	{"Sales", 14, 4, false},
	{"Workshop", 13, 5, false},
	{"Product", 10, 3, false},
	{"Finance", 8, 0, false},
	{"Marketing", 8, 2, false},
	{"People and office", 8, 1, true},
}}

var birch = company{slug: "birch", name: "Birch", language: "nl", accent: "#7a4a12", seed: 21, squads: []squad{
	{"Werkplaats", 6, 1, false},
	{"Winkel en kantoor", 5, 0, true},
}}

// actor is somebody of a company.
type actor struct {
	people.Person
	squad int // place in company.squads; -1 for the director
	place int // in the squad; 0 is its manager
	away  bool
}

// cast returns everybody of a company, the director first.
func (c *company) cast() []actor {
	rng := rand.New(rand.NewPCG(c.seed, 1))
	given, family := slices.Clone(givenNames), slices.Clone(familyNames)
	shuffle(rng, given)
	shuffle(rng, family)
	var all []actor
	add := func(squad, place int, away bool) {
		n := len(all)
		a := actor{squad: squad, place: place, away: away, Person: people.Person{
			ID: people.ID(c.id(n + 1)), Number: fmt.Sprint(1001 + n), Active: true,
			GivenName: given[n%len(given)], FamilyName: family[n%len(family)],
		}}
		a.Email = plain.Replace(strings.ToLower(a.GivenName+"."+a.FamilyName)) + "@" + c.slug + ".example"
		a.Language = c.reads(n)
		all = append(all, a)
	}
	add(-1, 0, false)
	for s, q := range c.squads {
		for i := range q.size {
			add(s, i, i >= q.size-q.away)
		}
	}
	for i := range all {
		if a := &all[i]; a.squad >= 0 && c.squads[a.squad].keeps {
			a.Roles = map[int]people.Roles{0: people.Administrator, 1: people.SystemManager, 2: people.SicknessOfficer, 3: people.Payroll, 4: people.Auditor}[a.place]
			if a.place == 5 {
				a.Custom = []string{c.ownRole()}
			}
		}
	}
	return all
}

// id returns the nth id of a company: short, since people look at it in a demo,
// and never another company's.
func (c *company) id(n int) string { return fmt.Sprintf("%s-%04d", c.slug, n) }

// ownRole is the id of the role that a company made itself.
func (c *company) ownRole() string { return c.slug + "-hr" }

// reads returns the language that somebody chose: most chose none.
func (c *company) reads(n int) string {
	switch {
	case n%5 != 3:
		return ""
	case c.language == "nl":
		return "en"
	}
	return "nl"
}

// stars returns those whom a visitor of a demo may want to be.
func (c *company) stars() []DemoPerson {
	all := c.cast()
	find := func(squad, place int) *actor {
		return &all[slices.IndexFunc(all, func(a actor) bool { return a.squad == squad && a.place == place })]
	}
	office := len(c.squads) - 1
	var out []DemoPerson
	add := func(a *actor, role string) { out = append(out, DemoPerson{a.ID, a.Name(), a.Email, role}) }
	add(find(0, 1), "employee")
	add(find(0, 0), "manager")
	add(find(office, 0), "administrator")
	add(find(office, 4), "auditor")
	add(find(office, 3), "payroll")
	add(find(office, 2), "officer")
	if c.squads[office].size > 5 {
		add(find(office, 5), "hr")
	}
	add(find(0, 2), "employee")
	add(find(office-1, c.squads[office-1].size-1), "employee")
	add(find(-1, 0), "manager")
	return out
}

// users are those who use the applications of a sample: in a demo, whom a visitor may be.
func (c *company) users(demo bool) (ids []people.ID) {
	if demo {
		for _, s := range c.stars()[:3] {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

func shuffle[T any](rng *rand.Rand, list []T) {
	rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

// plain writes a name as mail addresses have it.
var plain = strings.NewReplacer("ë", "e", "é", "e", "ö", "o", "ü", "u", " ", "")
