// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"cmp"
	"net/http"
	"slices"

	"verlof/internal/order"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
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
	p := teamsPage{Frame: page.ManageFrame(w, r, page.VisitOf(r).Lang.T("admin.teams"), "/manage/teams")}
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
	return page.Render(w, r, http.StatusOK, teamsView(p))
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
	Form   *page.Form
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
	d, err := drawTeam(r, t)
	if err != nil {
		return err
	}
	if d == nil {
		return renderTeam(w, r, t, page.BlankForm(r))
	}
	return renderTeam(w, r, t, d.Form())
}

// drawTeam is a team as its form shows it; nil for a new one.
func drawTeam(r *http.Request, t *tenant.Tenant) (*page.Drawn, error) {
	id := r.PathValue("id")
	if id == "" {
		return nil, nil
	}
	team, err := findTeam(r, t, id)
	if err != nil {
		return nil, err
	}
	v := page.VisitOf(r)
	name := func(id string) string { return v.Org.Person(people.ID(id)).Name() }
	d := page.Draw(v.Lang)
	d.Text("name", "", team.Name)
	d.Many("members", v.Lang.T("admin.team.member"), texts(team.Members), name)
	d.Many("managers", v.Lang.T("admin.role.manager"), texts(team.Managers), name)
	return d, nil
}

func texts(ids []people.ID) []string {
	var out []string
	for _, id := range ids {
		out = append(out, string(id))
	}
	return out
}

func findTeam(r *http.Request, t *tenant.Tenant, id string) (people.Team, error) {
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return people.Team{}, err
	}
	i := slices.IndexFunc(org.Teams, func(t people.Team) bool { return t.ID == id })
	if i < 0 {
		return people.Team{}, page.ErrNothing
	}
	return org.Teams[i], nil
}

// saveTeam handles POST to the same addresses.
func saveTeam(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	draw := func() (*page.Drawn, error) { return drawTeam(r, t) }
	return page.AsDrawn(r, t, f, draw, func(r *http.Request) error {
		saved, err := f.Attempt(func() error {
			_, err := t.People.SaveTeam(r.Context(), page.VisitOf(r).Person, readTeam(r, f))
			return err
		})
		if saved {
			return page.Done(w, r, "/manage/teams", "team-saved")
		}
		if err != nil {
			return err
		}
		return renderTeam(w, r, t, f)
	})
}

// readTeam returns the team that a form says.
func readTeam(r *http.Request, f *page.Form) people.Team {
	team := people.Team{ID: r.PathValue("id"), Name: f.Text("name")}
	for _, id := range f.Values["members"] {
		team.Members = append(team.Members, people.ID(id))
	}
	for _, id := range f.Values["managers"] {
		team.Managers = append(team.Managers, people.ID(id))
	}
	return team
}

// deleteTeam handles POST /manage/teams/{id}/delete.
func deleteTeam(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if err := t.People.DeleteTeam(r.Context(), page.VisitOf(r).Person, r.PathValue("id")); err != nil {
		return err
	}
	return page.Done(w, r, "/manage/teams", "team-deleted")
}

func renderTeam(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	all, err := t.People.People(r.Context(), v.Person)
	if err != nil {
		return err
	}
	p := teamPage{Form: f, ID: r.PathValue("id")}
	title := v.Lang.T("admin.team.add")
	if p.ID != "" {
		team, err := findTeam(r, t, p.ID)
		if err != nil {
			return err
		}
		title = team.Name
	}
	p.People = candidates(f, all)
	p.Frame = page.ManageFrame(w, r, title, p.path())
	return page.Render(w, r, f.Status(), teamView(p))
}

// candidates are those who may be chosen for a team: who is chosen first, then the
// others who are active.
func candidates(f *page.Form, all []people.Person) []people.Person {
	chosen := func(p people.Person) bool {
		return f.Has("members", string(p.ID)) || f.Has("managers", string(p.ID))
	}
	out := slices.DeleteFunc(slices.Clone(all), func(p people.Person) bool { return !p.Active && !chosen(p) })
	rank := func(p people.Person) int {
		if chosen(p) {
			return 0
		}
		return 1
	}
	order.By(out, func(a, b people.Person) int { return cmp.Compare(rank(a), rank(b)) })
	return out
}
