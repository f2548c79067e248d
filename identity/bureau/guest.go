// SPDX-License-Identifier: Apache-2.0

package bureau

import (
	"context"
	"fmt"
	"time"

	"verlof/errs"
	"verlof/people"
)

// Admits reports Forbidden unless somebody with a mail address at the bureau may come in now.
// own is who of the customer's own people has that address, the zero Person where nobody has:
// they come in as themselves, so that nobody decides on their own leave with another name.
func (a *Admission) Admits(mail string, own people.Person, now time.Time) error {
	switch {
	case !a.In(now):
		return errs.New(errs.Forbidden, "bureau.error.over")
	case !a.Whom.Has(mail):
		return errs.New(errs.Forbidden, "bureau.error.not_admitted")
	case own.Active:
		return errs.New(errs.Forbidden, "bureau.error.own_person")
	}
	return nil
}

// Guest returns somebody of the bureau, without an id or a name.
func (a *Admission) Guest(mail string) people.Person {
	return people.Person{Active: true, Roles: a.Roles, Custom: a.Custom,
		Bureau: &people.Bureau{ID: a.ID, Name: a.Title(), Site: a.Site, Mail: mail, Ends: a.Ends}}
}

// Stand reports Forbidden unless somebody of a bureau may be here at this moment: it asks the
// bureau too. It is for every request of theirs, and knows nothing against anybody else.
func (s *Service) Stand(ctx context.Context, p people.Person) error {
	if p.Bureau == nil {
		return nil
	}
	var a Admission
	subject := ""
	err := s.Store.View(ctx, func(tx Tx) error {
		var err error
		if a, err = tx.Admission(p.Bureau.ID); err != nil {
			return err
		}
		if subject, err = tx.SubjectOf(p.ID); err != nil {
			return err
		}
		own, err := tx.PersonByEmail(p.Bureau.Mail)
		if errs.Is(err, errs.NotFound) {
			err = nil
		}
		if err == nil {
			err = a.Admits(p.Bureau.Mail, own, s.now())
		}
		return err
	})
	if err == nil {
		err = s.Others.Sends(ctx, a.Firm, a.ID, subject)
	}
	if err != nil {
		return fmt.Errorf("guest %s: %w", p.ID, err)
	}
	return nil
}

// Guest returns who somebody is here whom a bureau sends, by its provider's name for them. It
// reports NotFound for whom has not been here, and Forbidden for whom may not come in.
func (s *Service) Guest(ctx context.Context, firm, admission, subject string) (p people.Person, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		a, err := tx.Admission(admission)
		if err != nil {
			return err
		}
		if a.Firm != firm || !a.In(s.now()) {
			return errs.New(errs.Forbidden, "bureau.error.over")
		}
		person, err := tx.GuestOf(admission, subject)
		if err != nil {
			return err
		}
		p, err = tx.Person(person)
		if err == nil && !a.Whom.Has(p.Bureau.Mail) {
			err = errs.New(errs.Forbidden, "bureau.error.not_admitted")
		}
		return err
	})
	if err != nil {
		return people.Person{}, fmt.Errorf("guest of bureau %s: %w", admission, err)
	}
	return p, nil
}
