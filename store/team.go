// SPDX-License-Identifier: Apache-2.0

package store

import "verlof/people"

var (
	qTeams        = query("team.list", "SELECT id, name FROM team ORDER BY name")
	qTeamMembers  = query("team.members", "SELECT team, person FROM team_member ORDER BY team, person")
	qTeamManagers = query("team.managers", "SELECT team, person FROM team_manager ORDER BY team, person")
	qSaveTeam     = query("team.save", `INSERT INTO team (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name`)
	qDeleteTeam   = query("team.delete", "DELETE FROM team WHERE id = $1")

	qClearMembers  = query("team.clear_members", "DELETE FROM team_member WHERE team = $1")
	qClearManagers = query("team.clear_managers", "DELETE FROM team_manager WHERE team = $1")
	qAddMember     = query("team.add_member", "INSERT INTO team_member (team, person) VALUES ($1, $2)")
	qAddManager    = query("team.add_manager", "INSERT INTO team_manager (team, person) VALUES ($1, $2)")
)

// Teams returns all teams with members and managers, by name; without one that came after
// the names were read, as Records.
func (tx *Tx) Teams() ([]people.Team, error) {
	teams, err := all(tx, qTeams, func(t *people.Team) []any { return []any{&t.ID, &t.Name} })
	if err != nil {
		return nil, err
	}
	at := make(map[string]*people.Team, len(teams))
	for i := range teams {
		at[teams[i].ID] = &teams[i]
	}
	if err := within(tx, qTeamMembers, at, func(t *people.Team, id string) { t.Members = append(t.Members, people.ID(id)) }); err != nil {
		return nil, err
	}
	err = within(tx, qTeamManagers, at, func(t *people.Team, id string) { t.Managers = append(t.Managers, people.ID(id)) })
	return teams, err
}

// SaveTeam adds or replaces a team with its members and managers.
func (tx *Tx) SaveTeam(t people.Team) error {
	if err := tx.change(qSaveTeam, t.ID, t.Name); err != nil {
		return err
	}
	if err := tx.clearTeam(t.ID); err != nil {
		return err
	}
	for _, p := range t.Members {
		if _, err := tx.exec(qAddMember, t.ID, p); err != nil {
			return err
		}
	}
	for _, p := range t.Managers {
		if _, err := tx.exec(qAddManager, t.ID, p); err != nil {
			return err
		}
	}
	return nil
}

// DeleteTeam removes a team; its people stay.
func (tx *Tx) DeleteTeam(id string) error {
	if err := tx.clearTeam(id); err != nil {
		return err
	}
	return tx.change(qDeleteTeam, id)
}

func (tx *Tx) clearTeam(id string) error {
	if _, err := tx.exec(qClearMembers, id); err != nil {
		return err
	}
	_, err := tx.exec(qClearManagers, id)
	return err
}
