// SPDX-License-Identifier: Apache-2.0

package store

import (
	"encoding/json"
	"fmt"

	"verlof/identity/provision"
	"verlof/people"
)

// Provision returns the database as provision sees it.
func (db *DB) Provision() provision.Store {
	return Access[func(provision.Tx) error]{db, func(f func(provision.Tx) error, tx *Tx) error { return f(tx) }}
}

const directoryUserColumns = "person, external, name, folded, details, active, since_us, detached, made_us, changed_us"

var (
	qDirectoryUser     = query("directory_user.get", "SELECT "+directoryUserColumns+" FROM directory_user WHERE person = $1")
	qDirectoryUsers    = query("directory_user.list", "SELECT "+directoryUserColumns+" FROM directory_user ORDER BY person")
	qSaveDirectoryUser = query("directory_user.save", "INSERT INTO directory_user ("+directoryUserColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (person) DO UPDATE SET external = excluded.external, name = excluded.name,
		folded = excluded.folded, details = excluded.details, active = excluded.active, since_us = excluded.since_us,
		detached = excluded.detached, changed_us = excluded.changed_us`)
)

// directoryUserRow is a user with the columns whose Go form is not their SQL form.
type directoryUserRow struct {
	provision.User
	folded, details  string
	active, detached int64
}

func directoryUserRowOf(u *directoryUserRow) []any {
	return []any{(*string)(&u.Person), &u.External, &u.Name, optional(&u.folded), &u.details, &u.active, micros(&u.Since), &u.detached,
		micros(&u.Made), micros(&u.Changed)}
}

func (u *directoryUserRow) user() (provision.User, error) {
	u.Active, u.User.Detached, u.Removed, u.Known = u.active != 0, u.detached != 0, u.folded == "", true
	if err := json.Unmarshal([]byte(u.details), &u.Details); err != nil {
		return u.User, fmt.Errorf("user %s: %w", u.Person, err)
	}
	return u.User, nil
}

// DirectoryUser returns what the directory says of a person.
func (tx *Tx) DirectoryUser(id people.ID) (provision.User, error) {
	row, err := one(tx, qDirectoryUser, directoryUserRowOf, id)
	if err != nil {
		return provision.User{}, err
	}
	return row.user()
}

// DirectoryUsers returns everybody of whom the directory spoke, by id.
func (tx *Tx) DirectoryUsers() ([]provision.User, error) {
	var out []provision.User
	err := each(tx, qDirectoryUsers, directoryUserRowOf, func(row *directoryUserRow) error {
		u, err := row.user()
		out = append(out, u)
		return err
	})
	return out, err
}

// SaveDirectoryUser adds or replaces what the directory says of a person.
func (tx *Tx) SaveDirectoryUser(u provision.User) error {
	details, err := json.Marshal(u.Details)
	if err != nil {
		return err
	}
	folded := u.Folded()
	if u.Removed {
		folded = ""
	}
	_, err = tx.exec(qSaveDirectoryUser, u.Person, u.External, u.Name, orNull(folded), string(details), number(u.Active), u.Since,
		number(u.Detached), u.Made, u.Changed)
	return err
}

const directoryGroupColumns = "id, external, name, purpose, team, role, made_us, changed_us"

var (
	qDirectoryGroup     = query("directory_group.get", "SELECT "+directoryGroupColumns+" FROM directory_group WHERE id = $1")
	qDirectoryGroups    = query("directory_group.list", "SELECT "+directoryGroupColumns+" FROM directory_group ORDER BY id")
	qSaveDirectoryGroup = query("directory_group.save", "INSERT INTO directory_group ("+directoryGroupColumns+`, folded)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET external = excluded.external, name = excluded.name,
		folded = excluded.folded, purpose = excluded.purpose, team = excluded.team, role = excluded.role, changed_us = excluded.changed_us`)
	qDeleteDirectoryGroup = query("directory_group.delete", "DELETE FROM directory_group WHERE id = $1")

	qDirectoryMembers    = query("directory_member.list", "SELECT group_id, person FROM directory_member ORDER BY group_id, person")
	qDirectoryMembersOf  = query("directory_member.of", "SELECT person FROM directory_member WHERE group_id = $1 ORDER BY person")
	qAddDirectoryMember  = query("directory_member.add", "INSERT INTO directory_member (group_id, person) VALUES ($1, $2)")
	qDropDirectoryMember = query("directory_member.drop", "DELETE FROM directory_member WHERE group_id = $1 AND person = $2")
)

func directoryGroupOf(g *provision.Group) []any {
	return []any{&g.ID, &g.External, &g.Name, (*string)(&g.Purpose), &g.Team, &g.Role, micros(&g.Made), micros(&g.Changed)}
}

// DirectoryGroup returns a group of the directory with its members.
func (tx *Tx) DirectoryGroup(id string) (provision.Group, error) {
	g, err := one(tx, qDirectoryGroup, directoryGroupOf, id)
	if err == nil {
		g.Members, err = all(tx, qDirectoryMembersOf, func(p *people.ID) []any { return []any{(*string)(p)} }, id)
	}
	return g, err
}

// DirectoryGroups returns all groups of the directory with their members, by id.
func (tx *Tx) DirectoryGroups() ([]provision.Group, error) {
	groups, err := all(tx, qDirectoryGroups, directoryGroupOf)
	if err != nil {
		return nil, err
	}
	at := make(map[string]*provision.Group, len(groups))
	for i := range groups {
		at[groups[i].ID] = &groups[i]
	}
	err = within(tx, qDirectoryMembers, at, func(g *provision.Group, id string) { g.Members = append(g.Members, people.ID(id)) })
	return groups, err
}

// SaveDirectoryGroup adds or replaces a group of the directory. Of its members it writes
// what has changed.
func (tx *Tx) SaveDirectoryGroup(g provision.Group) error {
	if _, err := tx.exec(qSaveDirectoryGroup, g.ID, g.External, g.Name, string(g.Purpose), g.Team, g.Role, g.Made, g.Changed, g.Folded()); err != nil {
		return err
	}
	had, err := all(tx, qDirectoryMembersOf, value[string], g.ID)
	if err != nil {
		return err
	}
	gone := make(map[people.ID]bool, len(had))
	for _, p := range had {
		gone[people.ID(p)] = true
	}
	for _, p := range g.Members {
		if gone[p] {
			delete(gone, p)
		} else if _, err := tx.exec(qAddDirectoryMember, g.ID, p); err != nil {
			return err
		}
	}
	for p := range gone {
		if _, err := tx.exec(qDropDirectoryMember, g.ID, p); err != nil {
			return err
		}
	}
	return nil
}

// DeleteDirectoryGroup forgets a group.
func (tx *Tx) DeleteDirectoryGroup(id string) error {
	_, err := tx.exec(qDeleteDirectoryGroup, id)
	return err
}

const moveColumns = "id, person, from_team, from_name, to_team, to_name, made_us, state, done_us, done_by"

var (
	qMove  = query("directory_move.get", "SELECT "+moveColumns+" FROM directory_move WHERE id = $1")
	qMoves = query("directory_move.list", "SELECT "+moveColumns+` FROM directory_move
		WHERE ($1 = '' OR state = $1) ORDER BY id DESC LIMIT $2`)
	qSaveMove = query("directory_move.save", "INSERT INTO directory_move ("+moveColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (id) DO UPDATE SET from_team = excluded.from_team, from_name = excluded.from_name, to_team = excluded.to_team,
		to_name = excluded.to_name, state = excluded.state, done_us = excluded.done_us, done_by = excluded.done_by`)
)

func moveOf(m *provision.Move) []any {
	return []any{&m.ID, (*string)(&m.Person), &m.From.Team, &m.From.Name, &m.To.Team, &m.To.Name, micros(&m.Made), (*string)(&m.State),
		micros(&m.Done), (*string)(&m.By)}
}

// Move returns a move between teams.
func (tx *Tx) Move(id string) (provision.Move, error) { return one(tx, qMove, moveOf, id) }

// everything is a limit for lists that have none.
const everything = 1 << 40

// Moves returns moves in a state, or all, latest first; a limit of 0 is none.
func (tx *Tx) Moves(state provision.MoveState, limit int) ([]provision.Move, error) {
	if limit == 0 {
		limit = everything
	}
	return all(tx, qMoves, moveOf, string(state), limit)
}

// SaveMove adds or replaces a move.
func (tx *Tx) SaveMove(m provision.Move) error {
	_, err := tx.exec(qSaveMove, m.ID, m.Person, m.From.Team, m.From.Name, m.To.Team, m.To.Name, m.Made, string(m.State), m.Done, string(m.By))
	return err
}

const metaDirectory = "directory.rules"

// DirectoryRules returns how the customer follows the directory.
func (tx *Tx) DirectoryRules() (provision.Rules, error) {
	r := provision.DefaultRules()
	text, err := tx.Meta(metaDirectory)
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &r)
	}
	return r, err
}

// SaveDirectoryRules replaces them.
func (tx *Tx) SaveDirectoryRules(r provision.Rules) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = tx.exec(qSetMeta, metaDirectory, string(text))
	return err
}

const directoryEntryColumns = "id, at_us, token, method, kind, subject, status, code, reason, args, detail"

var (
	qAddDirectoryEntry = query("directory_log.add", "INSERT INTO directory_log ("+directoryEntryColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)
	qCutDirectoryLog = query("directory_log.cut", `DELETE FROM directory_log WHERE id <
		(SELECT MIN(id) FROM (SELECT id FROM directory_log ORDER BY id DESC LIMIT $1) AS latest)`)
	qDirectoryLog = query("directory_log.list", "SELECT "+directoryEntryColumns+" FROM directory_log ORDER BY id DESC LIMIT $1")
)

// AddDirectoryEntry writes a line of what the directory asked, and forgets those before
// the latest keep.
func (tx *Tx) AddDirectoryEntry(e provision.Entry, keep int) error {
	args, err := json.Marshal(e.Args)
	if err != nil {
		return err
	}
	_, err = tx.exec(qAddDirectoryEntry, e.ID, e.At, e.Token, e.Method, e.Kind, e.Subject, e.Status, e.Code, e.Reason, string(args), e.Detail)
	if err != nil {
		return err
	}
	_, err = tx.exec(qCutDirectoryLog, keep)
	return err
}

// DirectoryEntries returns what the directory asked, latest first.
func (tx *Tx) DirectoryEntries(limit int) ([]provision.Entry, error) {
	type row struct {
		provision.Entry
		args string
	}
	var out []provision.Entry
	err := each(tx, qDirectoryLog, func(e *row) []any {
		return []any{&e.ID, micros(&e.At), &e.Token, &e.Method, &e.Kind, &e.Subject, &e.Status, &e.Code, &e.Reason, &e.args, &e.Detail}
	}, func(e *row) error {
		out = append(out, e.Entry)
		return json.Unmarshal([]byte(e.args), &out[len(out)-1].Args)
	}, limit)
	return out, err
}
