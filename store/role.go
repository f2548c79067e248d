// SPDX-License-Identifier: Apache-2.0

package store

import (
	"strings"

	"verlof/people"
)

const roleColumns = "id, name, about, rights, everybody, teams"

var (
	qRoles      = query("role.list", "SELECT "+roleColumns+" FROM role ORDER BY name")
	qDeleteRole = query("role.delete", "DELETE FROM role WHERE id = $1")
	qSaveRole   = query("role.save", `INSERT INTO role (`+roleColumns+`) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, about = excluded.about, rights = excluded.rights,
		everybody = excluded.everybody, teams = excluded.teams`)
)

// roleRow is a role as its columns hold it.
type roleRow struct {
	people.Role
	rights, teams string
	everybody     int64
}

func roleRowColumns(r *roleRow) []any {
	return []any{&r.ID, &r.Name, &r.About, &r.rights, &r.everybody, &r.teams}
}

// CustomRoles returns the customer's own roles, by name. A right that is no more is left out.
func (tx *Tx) CustomRoles() ([]people.Role, error) {
	var out []people.Role
	err := each(tx, qRoles, roleRowColumns, func(r *roleRow) error {
		r.Rights, r.Everybody = people.ParseRights(strings.Fields(r.rights)), r.everybody != 0
		if ids := strings.Fields(r.teams); len(ids) > 0 {
			r.Teams = ids
		}
		out = append(out, r.Role)
		return nil
	})
	return out, err
}

// SaveCustomRole adds or replaces a role. It reports Conflict, with Field "name", where that
// is another's.
func (tx *Tx) SaveCustomRole(r people.Role) error {
	return tx.change(qSaveRole, r.ID, r.Name, r.About, strings.Join(r.Rights.Names(), " "), number(r.Everybody), strings.Join(r.Teams, " "))
}

// DeleteCustomRole removes a role.
func (tx *Tx) DeleteCustomRole(id string) error { return tx.change(qDeleteRole, id) }
