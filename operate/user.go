// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"
	"fmt"

	"verlof/errs"
	"verlof/identity"
	"verlof/people"
	"verlof/tenant"
)

// Means is how somebody is let in.
type Means string

// The means.
const (
	Invitation Means = "invite" // to choose a first password
	Reset      Means = "reset"  // to choose another one
)

// Send writes into a customer's outbox that the person with a mail address gets a
// link, and puts that on record. It returns the customer's id. It reports NotFound for
// an unknown customer or address, and Conflict for somebody who has a password already
// (Invitation) or may not sign in.
func Send(ctx context.Context, d *tenant.Directory, slug, email string, m Means, w tenant.Why) (tenantID string, err error) {
	act, send := "reset sent", (*identity.Service).SendReset
	if m == Invitation {
		act, send = "invitation sent", (*identity.Service).Invite
	}
	err = asPerson(ctx, d, slug, email, act, w, func(t *tenant.Tenant, p people.Person) error {
		tenantID = t.ID
		return send(t.Identity, ctx, p.ID)
	})
	return tenantID, err
}

// ResetFactors takes all second factors from the person with a mail address and signs
// them out everywhere, and puts that on record. It returns the customer's id. It reports
// NotFound for an unknown customer or address, and Conflict for somebody who has none.
func ResetFactors(ctx context.Context, d *tenant.Directory, slug, email string, w tenant.Why) (tenantID string, err error) {
	err = asPerson(ctx, d, slug, email, "second factors reset", w, func(t *tenant.Tenant, p people.Person) error {
		tenantID = t.ID
		return t.Identity.ResetFactorsFor(ctx, p.ID)
	})
	return tenantID, err
}

// Link is a link that lets its holder choose a password, once.
type Link struct {
	identity.Letter
	Host string // of the customer's site
	Path string // on it
}

// Issue makes a link without a mail, for an operator who hands it over, and puts that
// on record. It voids the person's earlier one. Errors are those of Send.
func Issue(ctx context.Context, d *tenant.Directory, slug, email string, w tenant.Why) (Link, error) {
	var l Link
	err := asPerson(ctx, d, slug, email, "link issued", w, func(t *tenant.Tenant, p people.Person) error {
		letter, err := t.Identity.Issue(ctx, p.ID)
		if err != nil {
			return err
		}
		l = Link{Letter: letter, Host: t.Hosts[0], Path: "/reset/" + letter.Token}
		if letter.Kind == identity.KindInvited {
			l.Path = "/invitation/" + letter.Token
		}
		return nil
	})
	if err != nil {
		return Link{}, err
	}
	return l, nil
}

// asPerson runs f with a customer and the person with a mail address, and puts on record what it did.
func asPerson(ctx context.Context, d *tenant.Directory, slug, email, act string, w tenant.Why, f func(*tenant.Tenant, people.Person) error) error {
	return with(ctx, d, slug, func(t *tenant.Tenant) error {
		address, ok := people.ParseEmail(email)
		if !ok {
			return errs.Operator("an address looks like anna@acme.example", "%q is no mail address", email)
		}
		var p people.Person
		err := t.People.Store.View(ctx, func(tx people.Tx) (err error) {
			p, err = tx.PersonByEmail(address)
			return err
		})
		if errs.Is(err, errs.NotFound) {
			return &errs.Error{Kind: errs.NotFound, Hint: "verlof import people adds people; administrators add them on their site",
				Err: fmt.Errorf("nobody at %s has that mail address", slug)}
		}
		if err != nil {
			return err
		}
		if err := f(t, p); err != nil {
			return err
		}
		return d.Note(ctx, slug, act, "person "+string(p.ID), w)
	})
}
