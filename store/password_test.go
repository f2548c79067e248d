// SPDX-License-Identifier: Apache-2.0

package store

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"verlof/identity"
	"verlof/internal/seal"
	"verlof/people"
)

// Statements that reach past what seals.
var (
	qRawPassword    = control("SELECT password FROM account WHERE person = $1")
	qSetRawPassword = control("UPDATE account SET password = $2 WHERE person = $1")
)

const (
	anaHash identity.Hash = "$argon2id$v=19$m=16,t=1,p=1$c2FsdHNhbHRzYWx0$a2V5a2V5a2V5a2V5a2V5"
	benHash identity.Hash = "$argon2id$v=19$m=16,t=1,p=1$c2FsdHNhbHRzYWx0$b3RoZXJvdGhlcm90aGVyIQ"
)

// customerKeys returns new keys of two customers under one root.
func customerKeys(t *testing.T) (one, two *seal.Keys) {
	t.Helper()
	root, err := seal.File{Path: filepath.Join(t.TempDir(), "root.key"), Make: true}.Root(func() (bool, error) { return false, nil })
	if err != nil {
		t.Fatal(err)
	}
	var keys [2]*seal.Keys
	for i, customer := range []string{"one", "two"} {
		sealed, err := root.NewKeys(customer)
		if err != nil {
			t.Fatal(err)
		}
		if keys[i], err = root.Keys(customer, sealed); err != nil {
			t.Fatal(err)
		}
	}
	return keys[0], keys[1]
}

// TestSealedPassword: a hash cannot be read in the database, nor used for another person,
// nor opened with the keys of another customer. (ASVS 5.0, 11.4.2 and 13.3.1.)
func TestSealedPassword(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		mine, others := customerKeys(t)
		db.SealWith(mine)
		do(t, db, func(tx *Tx) error {
			for id, hash := range map[people.ID]identity.Hash{"ana": anaHash, "ben": benHash} {
				if err := tx.SavePerson(people.Person{ID: id, GivenName: string(id), Active: true}); err != nil {
					return err
				}
				if err := tx.SaveAccount(identity.Account{Person: id, State: identity.Open, Password: hash, ChangedAt: time.UnixMicro(1).UTC()}); err != nil {
					return err
				}
			}
			return nil
		})
		raw := map[string]string{}
		do(t, db, func(tx *Tx) (err error) {
			for _, id := range []string{"ana", "ben"} {
				if raw[id], err = one(tx, qRawPassword, value[string], id); err != nil {
					return err
				}
				if raw[id] == "" || strings.Contains(raw[id], "argon2id") || strings.HasPrefix(raw[id], "$") {
					t.Errorf("the database holds %q", raw[id])
				}
			}
			return nil
		})
		a, err := accountOf(t, db, "ana")
		if err != nil || a.Password != anaHash || a.Bare {
			t.Errorf("opened: %+v, %v", a, err)
		}
		db.SealWith(others)
		if a, err := accountOf(t, db, "ana"); err == nil || a.Password != "" {
			t.Errorf("opened with the keys of another customer: %+v", a)
		}
		db.SealWith(mine)
		plant(t, db, "ana", raw["ben"])
		if a, err := accountOf(t, db, "ana"); err == nil || a.Password != "" {
			t.Errorf("the hash of another person was taken for this one's: %+v", a)
		}
	})
}

// TestBarePassword: a hash that was written before hashes were sealed still opens, is told
// apart, and is sealed when it is saved again.
func TestBarePassword(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		keys, _ := customerKeys(t)
		db.SealWith(keys)
		do(t, db, func(tx *Tx) error {
			if err := tx.SavePerson(people.Person{ID: "ana", GivenName: "Ana", Active: true}); err != nil {
				return err
			}
			return tx.SaveAccount(identity.Account{Person: "ana", State: identity.Invited, ChangedAt: time.UnixMicro(1).UTC()})
		})
		if a, err := accountOf(t, db, "ana"); err != nil || a.Password != "" || a.Bare {
			t.Errorf("without a password: %+v, %v", a, err)
		}
		plant(t, db, "ana", string(anaHash))
		a, err := accountOf(t, db, "ana")
		if err != nil || a.Password != anaHash || !a.Bare {
			t.Fatalf("bare: %+v, %v", a, err)
		}
		do(t, db, func(tx *Tx) error { return tx.SaveAccount(a) })
		if a, err := accountOf(t, db, "ana"); err != nil || a.Password != anaHash || a.Bare {
			t.Errorf("saved again: %+v, %v", a, err)
		}
	})
}

func do(t *testing.T, db *DB, f func(*Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func plant(t *testing.T, db *DB, id, text string) {
	t.Helper()
	do(t, db, func(tx *Tx) error { return tx.execOne(qSetRawPassword, id, text) })
}

func accountOf(t *testing.T, db *DB, id people.ID) (a identity.Account, err error) {
	t.Helper()
	err = db.View(t.Context(), func(tx *Tx) error {
		a, err = tx.Account(id)
		return err
	})
	return a, err
}
