// SPDX-License-Identifier: Apache-2.0

package sso

import (
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/identity/bureau"
	"verlof/internal/id"
	"verlof/internal/relying"
	"verlof/people"
)

// guest returns who somebody is whom a bureau's provider vouches for. It reports Forbidden for
// whom the customer does not admit.
func guest(tx Tx, p *Provider, c relying.Claims, now time.Time) (f found, err error) {
	mail, ok := people.ParseEmail(c.Email)
	if !ok || c.Verified != relying.Yes {
		return found{}, errs.New(errs.Forbidden, "sso.error.unverified")
	}
	a, err := tx.Admission(p.ID)
	if err != nil {
		return found{}, err
	}
	own, err := tx.PersonByEmail(mail)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return found{}, err
	}
	if err := a.Admits(mail, own, now); err != nil {
		return found{}, err
	}
	link, err := tx.SSOLink(p.ID, c.Subject)
	if errs.Is(err, errs.NotFound) {
		f.person = a.Guest(mail)
		call(&f.person, c, mail)
		return f, nil
	}
	if err == nil {
		f.link = link
		f.person, err = tx.Person(link.Person)
	}
	return f, err
}

// visit notes that somebody of a bureau came in. It reports Forbidden where the customer
// demands more of them than their bureau vouches for: they prove it there, and nothing is set
// up here.
func (s *Service) visit(tx Tx, p *Provider, e identity.Entry) error {
	switch {
	case e.Session.Stage == identity.SignedIn:
	case e.Session.Means == identity.ByVouched: // for two factors, and a passkey is demanded
		return errs.New(errs.Forbidden, "bureau.error.passkey")
	default:
		return errs.New(errs.Forbidden, "bureau.error.second_factor")
	}
	return tx.AddVisit(bureau.Visit{ID: id.New(s.Now()), Bureau: p.ID, Person: e.Session.Person, At: s.now()})
}
