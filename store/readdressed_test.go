// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"strings"
	"testing"
	"time"

	"verlof/identity"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// TestOldAddressIsTold: the mail to the address that somebody had is written in the transaction that
// gives them another: a change that is refused writes none, and one that keeps the address neither.
func TestOldAddressIsTold(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db, ctx, ann, keeper := customer(t, setting, 1, 25), t.Context(), storetest.Worker(0), people.ID("keeper")
		org := &people.Service{Store: db.People(), Now: func() time.Time { return march }}
		update(t, db, func(tx *store.Tx) error {
			if err := tx.SaveAccount(identity.Account{Person: ann, State: identity.Open, ChangedAt: march}); err != nil {
				return err
			}
			return tx.SavePerson(people.Person{ID: keeper, Email: "keeper@example.com", GivenName: "K", Active: true, Roles: people.Administrator})
		})
		o, err := org.Organisation(ctx)
		if err != nil {
			t.Fatal(err)
		}
		p := o.Person(ann)
		was := p.Email
		told := func() (out []string) {
			rows, err := db.Outbox().Claim(ctx, time.Now().Add(time.Hour), time.Now().Add(2*time.Hour), 99)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				if row.Kind == identity.KindReaddressed {
					out = append(out, string(row.Payload))
				}
			}
			return out
		}
		p.FamilyName = "Vries"
		if err := org.SavePerson(ctx, keeper, p); err != nil || len(told()) != 0 {
			t.Errorf("another name: %v", err)
		}
		taken := p
		taken.Email = "keeper@example.com"
		if err := org.SavePerson(ctx, keeper, taken); err == nil || len(told()) != 0 {
			t.Errorf("an address that is somebody else's: %v", err)
		}
		p.Email = "new@example.com"
		if err := org.SavePerson(ctx, keeper, p); err != nil {
			t.Fatal(err)
		}
		if rows := told(); len(rows) != 1 || !strings.Contains(rows[0], was) || strings.Contains(rows[0], p.Email) {
			t.Errorf("told %q, want one mail to %s that does not tell the new address", rows, was)
		}
	})
}
