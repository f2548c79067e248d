// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"verlof/identity"
	"verlof/internal/seal"
	"verlof/people"
)

// keyRing is a customer's keys in the registry, as a test sees them.
type keyRing struct {
	t      *testing.T
	root   *seal.Root
	sealed string
	asked  int
}

func newKeyRing(t *testing.T) *keyRing {
	t.Helper()
	root, err := seal.File{Path: filepath.Join(t.TempDir(), "root.key"), Make: true}.Root(func() (bool, error) { return false, nil })
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := root.NewKeys("one")
	if err != nil {
		t.Fatal(err)
	}
	return &keyRing{t: t, root: root, sealed: sealed}
}

func (r *keyRing) keys() *seal.Keys {
	r.t.Helper()
	k, err := r.root.Keys("one", r.sealed)
	if err != nil {
		r.t.Fatal(err)
	}
	return k
}

// change replaces the set in the registry; an open database still has the one before.
func (r *keyRing) change(how func(*seal.Root, string, string) (string, error)) {
	r.t.Helper()
	var err error
	if r.sealed, err = how(r.root, "one", r.sealed); err != nil {
		r.t.Fatal(err)
	}
}

// open gives a database the keys as they are, and a way to ask for newer ones.
func (r *keyRing) open(db *DB) {
	db.SealWith(r.keys())
	db.OnNewerKey(func(context.Context) (*seal.Keys, error) { r.asked++; return r.keys(), nil })
}

// saveHash writes an account with a hash, as a person who chooses a password does.
func saveHash(t *testing.T, db *DB, id people.ID, hash identity.Hash) {
	t.Helper()
	do(t, db, func(tx *Tx) error {
		if err := tx.SavePerson(people.Person{ID: id, GivenName: string(id), Active: true}); err != nil {
			return err
		}
		return tx.SaveAccount(identity.Account{Person: id, State: identity.Open, Password: hash, ChangedAt: time.UnixMicro(1).UTC()})
	})
}

// sealedNumber returns the number of the key that sealed a person's hash.
func sealedNumber(t *testing.T, db *DB, id people.ID) (n uint32) {
	t.Helper()
	do(t, db, func(tx *Tx) error {
		text, err := one(tx, qRawPassword, value[string], id)
		n, _ = seal.Number(text)
		return err
	})
	return n
}

// TestReseal seals everything with a new key while a server that knows nothing of it goes
// on, and then takes the old key away.
func TestReseal(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		r := newKeyRing(t)
		r.open(db)
		saveHash(t, db, "ana", anaHash)
		do(t, db, func(tx *Tx) error {
			if err := tx.SaveFactor(identity.Factor{ID: "app", Person: "ana", Kind: identity.App, Secret: "seed", Added: time.UnixMicro(1).UTC()}); err != nil {
				return err
			}
			return tx.SaveRecovery(identity.Recovery{Person: "ana", Codes: []identity.Hash{"$code"}, Made: time.UnixMicro(1).UTC()})
		})
		plantBare := identity.Hash("$bare")
		saveHash(t, db, "ben", benHash)
		plant(t, db, "ben", string(plantBare))

		r.change((*seal.Root).AddKey)
		n, err := db.Reseal(t.Context())
		if err != nil || n != 3 {
			t.Fatalf("sealed %d anew, %v, want the hash, the seed and the codes", n, err)
		}
		if n, err = db.Reseal(t.Context()); err != nil || n != 0 {
			t.Errorf("sealed %d anew once more, %v", n, err)
		}
		if got := sealedNumber(t, db, "ana"); got != 2 {
			t.Errorf("sealed with key %d, want 2", got)
		}
		r.change((*seal.Root).KeepNewest)
		db.SealWith(r.keys())
		if a, err := accountOf(t, db, "ana"); err != nil || a.Password != anaHash {
			t.Errorf("without the old key: %+v, %v", a, err)
		}
		if a, err := accountOf(t, db, "ben"); err != nil || a.Password != plantBare {
			t.Errorf("what was never sealed is %q, %v", a.Password, err)
		}
		do(t, db, func(tx *Tx) error {
			list, err := tx.Factors("ana")
			if err == nil && (len(list) != 1 || list[0].Secret != "seed") {
				t.Errorf("without the old key: %+v", list)
			}
			return err
		})
	})
}

// TestNewerKey: a server that has older keys at hand reads what a newer one sealed, and
// never seals with an older one once the database names a newer.
func TestNewerKey(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		r := newKeyRing(t)
		r.open(db)
		stale := r.keys()
		saveHash(t, db, "ana", anaHash)
		if r.asked != 0 {
			t.Errorf("asked %d times for keys that were at hand", r.asked)
		}
		r.change((*seal.Root).AddKey)
		if _, err := db.Reseal(t.Context()); err != nil {
			t.Fatal(err)
		}
		db.SealWith(stale)
		if a, err := accountOf(t, db, "ana"); err != nil || a.Password != anaHash {
			t.Errorf("read with older keys at hand: %+v, %v", a, err)
		}
		db.SealWith(stale)
		saveHash(t, db, "ben", benHash)
		if got := sealedNumber(t, db, "ben"); got != 2 {
			t.Errorf("sealed with key %d where 2 is the newest", got)
		}
	})
}

// TestFactorBound: a factor opens for the person and the passkey that it was sealed for, and for no
// others, whatever somebody writes into its row. (ASVS 5.0, 6.7.1.)
func TestFactorBound(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		newKeyRing(t).open(db)
		saveHash(t, db, "ana", "x")
		saveHash(t, db, "ben", "x")
		f := identity.Factor{ID: "1", Person: "ana", Kind: identity.Passkey, Name: "Phone", Credential: "c", Secret: "public key", Confirmed: true, Added: time.UnixMicro(1).UTC()}
		do(t, db, func(tx *Tx) error { return tx.SaveFactor(f) })
		for name, tt := range map[string]struct {
			change string
			whose  people.ID
			opens  bool
		}{
			"as_it_was":      {"", "ana", true},
			"to_another":     {"UPDATE factor SET person = 'ben'", "ben", false},
			"other_passkey":  {"UPDATE factor SET credential = 'd'", "ana", false},
			"another_secret": {"UPDATE factor SET secret = 'public key of mine'", "ana", false},
		} {
			t.Run(name, func(t *testing.T) {
				undone := errors.New("undone")
				_ = db.Update(t.Context(), func(tx *Tx) error {
					if tt.change != "" {
						if _, err := tx.c.ExecContext(tx.ctx, tt.change); err != nil {
							return err
						}
					}
					got, err := tx.Factors(tt.whose)
					if opens := err == nil && len(got) == 1 && got[0].Secret == f.Secret; opens != tt.opens {
						t.Errorf("opens %t: %v, %v", opens, got, err)
					}
					return undone
				})
			})
		}
	})
}
