// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/order"
	"verlof/people"
)

// Agreement is what a client may do in a person's name: what the person agreed to, and what
// the client was given and still holds.
type Agreement struct {
	Client Client
	Person people.ID
	Scope  Scope // of that, what the client may still ask for
	Since  time.Time
	Used   time.Time // when tokens were last given on it; zero: never
	Away   bool      // it goes on when the person is away (offline_access)
}

// Agreements returns what clients may do in a person's name, by the clients' names. It reports
// Forbidden for the agreements of others unless by keeps the customer's sign-in.
func (p *Provider) Agreements(ctx context.Context, by, person people.ID) (list []Agreement, err error) {
	err = p.Store.View(ctx, func(tx Tx) error {
		if err := mayKnow(tx, by, person); err != nil {
			return err
		}
		consents, err := tx.ConsentsOf(person)
		if err != nil {
			return err
		}
		grants, err := tx.GrantsOf(person)
		if err != nil {
			return err
		}
		list, err = agreements(tx, consents, grants, p.now())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list what clients may do for %s: %w", person, err)
	}
	return list, nil
}

// AgreementsWith returns in whose name a client may do what. It reports as Client does.
func (p *Provider) AgreementsWith(ctx context.Context, by people.ID, client string) (list []Agreement, err error) {
	err = p.Store.View(ctx, func(tx Tx) error {
		if _, err := people.SignInKeeper(tx, by); err != nil {
			return err
		}
		consents, err := tx.ConsentsWith(client)
		if err != nil {
			return err
		}
		grants, err := tx.GrantsWith(client)
		if err != nil {
			return err
		}
		list, err = agreements(tx, consents, grants, p.now())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list for whom client %s may act: %w", client, err)
	}
	return list, nil
}

func mayKnow(tx Tx, by, person people.ID) error {
	if by == person {
		return nil
	}
	_, err := people.SignInKeeper(tx, by)
	return err
}

// agreements puts together what was agreed to and what was given.
func agreements(tx Tx, consents []Consent, grants []Grant, now time.Time) ([]Agreement, error) {
	type key struct {
		person people.ID
		client string
	}
	all := map[key]*Agreement{}
	at := func(person people.ID, client string, since time.Time) *Agreement {
		a := all[key{person, client}]
		if a == nil {
			a = &Agreement{Person: person, Client: Client{ID: client}, Since: since}
			all[key{person, client}] = a
		}
		if since.Before(a.Since) {
			a.Since = since
		}
		return a
	}
	for _, c := range consents {
		a := at(c.Person, c.Client, c.At)
		a.Scope = a.Scope.And(c.Scope)
	}
	for _, g := range grants {
		if g.Person == "" || !now.Before(g.Expires) {
			continue
		}
		a := at(g.Person, g.Client, g.Made)
		a.Scope, a.Used, a.Away = a.Scope.And(g.Scope), later(a.Used, g.Used), a.Away || g.Scope.Has(ScopeOffline)
	}
	var list []Agreement
	for _, a := range all {
		c, err := tx.Client(a.Client.ID)
		if err != nil {
			return nil, err
		}
		a.Client, a.Scope, a.Away = c, a.Scope.only(c.Scope), a.Away && c.Scope.Has(ScopeOffline)
		list = append(list, *a)
	}
	order.By(list, func(a, b Agreement) int {
		return cmp.Or(strings.Compare(a.Client.Name, b.Client.Name), strings.Compare(a.Client.ID, b.Client.ID), strings.Compare(string(a.Person), string(b.Person)))
	})
	return list, nil
}

// EndAgreement has a client act in a person's name no more: its tokens are worth nothing from
// this moment, it is told where it wants to know of ends (OpenID Connect Back-Channel Logout
// 1.0, section 2.4), and the person is asked again before anything is given anew. It reports
// Forbidden unless by is the person or keeps the customer's sign-in, and NotFound where there
// is nothing to end.
func (p *Provider) EndAgreement(ctx context.Context, by, person people.ID, client string) error {
	err := p.Store.Update(ctx, func(tx Tx) error {
		if err := mayKnow(tx, by, person); err != nil {
			return err
		}
		if err := tx.Lock(identity.LockOf(person)); err != nil {
			return err
		}
		c, _, err := absent(tx.Client(client))
		if err != nil {
			return err
		}
		_, agreed, err := absent(tx.Consent(person, client))
		if err != nil {
			return err
		}
		grants, err := tx.GrantsOf(person)
		if err != nil {
			return err
		}
		grants = slices.DeleteFunc(grants, func(g Grant) bool { return g.Client != client })
		if !agreed && len(grants) == 0 {
			return errs.New(errs.NotFound, "openid.error.no_agreement")
		}
		for _, g := range grants {
			if err := endGrant(tx, c, g); err != nil {
				return err
			}
		}
		return tx.DeleteConsent(person, client)
	})
	if err != nil {
		return fmt.Errorf("end what client %s may do for %s: %w", client, person, err)
	}
	return nil
}

// endGrant ends a grant and has the client told that wants to know, once for a session.
func endGrant(tx Tx, c Client, g Grant) error {
	if c.Logout != "" {
		key := KindLogout + ":grant:" + g.ID
		if g.Session != "" {
			key = KindLogout + ":" + g.Session + ":" + g.Client
		}
		payload, err := json.Marshal(goodbye{g.Client, g.Person, g.Session})
		if err != nil {
			return err
		}
		if err := tx.Enqueue(KindLogout, key, payload); err != nil {
			return err
		}
	}
	return tx.DeleteGrant(g.ID)
}
