// SPDX-License-Identifier: Apache-2.0

package web

import (
	"cmp"
	"net/http"
	"slices"

	"verlof/people"
	"verlof/tenant"
	"verlof/web/template"
)

// teamsPage lists the teams.
type teamsPage struct {
	Frame template.Page
	Lines []teamLine
}

// teamLine is one team of the list.
type teamLine struct {
	people.Team
	Leads []people.Person
	Faces []people.Person // the first few members
}

// faces is how many members a line of the list shows.
const faces = 6

// showTeams handles GET /manage/teams.
func showTeams(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	p := teamsPage{Frame: adminFrame(w, r, visitOf(r).lang.T("admin.teams"), "/manage/teams")}
	for _, team := range org.Teams {
		x := teamLine{Team: team}
		for _, id := range team.Managers {
			x.Leads = append(x.Leads, org.Person(id))
		}
		for _, id := range team.Members[:min(faces, len(team.Members))] {
			x.Faces = append(x.Faces, org.Person(id))
		}
		p.Lines = append(p.Lines, x)
	}
	return render(w, r, http.StatusOK, teamsView(p))
}

// unled counts the teams that nobody leads.
func unled(org *people.Organisation) int {
	n := 0
	for _, t := range org.Teams {
		if len(t.Managers) == 0 {
			n++
		}
	}
	return n
}

// teamPage is where a team is added or changed.
type teamPage struct {
	Frame  template.Page
	Form   *form
	ID     string // empty for a new one
	People []people.Person
}

func (p *teamPage) path() string {
	if p.ID == "" {
		return "/manage/teams/new"
	}
	return "/manage/teams/" + p.ID
}

// showTeam handles GET /manage/teams/new and GET /manage/teams/{id}.
func showTeam(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f := blankForm(r)
	if id := r.PathValue("id"); id != "" {
		team, err := findTeam(r, t, id)
		if err != nil {
			return err
		}
		f.values.Set("name", team.Name)
		for _, m := range team.Members {
			f.values.Add("members", string(m))
		}
		for _, m := range team.Managers {
			f.values.Add("managers", string(m))
		}
	}
	return renderTeam(w, r, t, f)
}

func findTeam(r *http.Request, t *tenant.Tenant, id string) (people.Team, error) {
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return people.Team{}, err
	}
	i := slices.IndexFunc(org.Teams, func(t people.Team) bool { return t.ID == id })
	if i < 0 {
		return people.Team{}, errNothing
	}
	return org.Teams[i], nil
}

// saveTeam handles POST to the same addresses.
func saveTeam(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	team := people.Team{ID: r.PathValue("id"), Name: f.text("name")}
	for _, id := range f.values["members"] {
		team.Members = append(team.Members, people.ID(id))
	}
	for _, id := range f.values["managers"] {
		team.Managers = append(team.Managers, people.ID(id))
	}
	saved, err := f.attempt(func() error {
		_, err := t.People.SaveTeam(r.Context(), visitOf(r).person, team)
		return err
	})
	if saved {
		return done(w, r, "/manage/teams", "team-saved")
	}
	if err != nil {
		return err
	}
	return renderTeam(w, r, t, f)
}

// deleteTeam handles POST /manage/teams/{id}/delete.
func deleteTeam(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if err := t.People.DeleteTeam(r.Context(), visitOf(r).person, r.PathValue("id")); err != nil {
		return err
	}
	return done(w, r, "/manage/teams", "team-deleted")
}

func renderTeam(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *form) error {
	v := visitOf(r)
	all, err := t.People.People(r.Context(), v.person)
	if err != nil {
		return err
	}
	p := teamPage{Form: f, ID: r.PathValue("id")}
	title := v.lang.T("admin.team.add")
	if p.ID != "" {
		team, err := findTeam(r, t, p.ID)
		if err != nil {
			return err
		}
		title = team.Name
	}
	p.People = candidates(f, all)
	p.Frame = adminFrame(w, r, title, p.path())
	return render(w, r, f.status(), teamView(p))
}

// candidates are those who may be chosen for a team: who is chosen first, then the
// others who are active.
func candidates(f *form, all []people.Person) []people.Person {
	chosen := func(p people.Person) bool {
		return f.has("members", string(p.ID)) || f.has("managers", string(p.ID))
	}
	out := slices.DeleteFunc(slices.Clone(all), func(p people.Person) bool { return !p.Active && !chosen(p) })
	rank := func(p people.Person) int {
		if chosen(p) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(out, func(a, b people.Person) int { return cmp.Compare(rank(a), rank(b)) })
	return out
}
