// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"testing"

	"verlof/identity"
	"verlof/identity/identitytest"
	"verlof/internal/pgtest"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// TestIdentity holds both engines to what identity needs of a store.
func TestIdentity(t *testing.T) {
	open := func(place func(*testing.T) string) func(*testing.T) identity.Store {
		return func(t *testing.T) identity.Store {
			db := storetest.Tenant(t, place(t))
			update(t, db, func(tx *store.Tx) error {
				for _, name := range []string{"ana", "ben"} {
					p := people.Person{ID: people.ID(name), Email: name + "@example.com", GivenName: name, Active: true}
					if err := tx.SavePerson(p); err != nil {
						return err
					}
				}
				return nil
			})
			return db.Identity()
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		identitytest.Contract(t, open(func(t *testing.T) string { return "sqlite:" + t.TempDir() }))
	})
	t.Run("postgres", func(t *testing.T) { identitytest.Contract(t, open(func(t *testing.T) string { return pgtest.URL(t) })) })
}
