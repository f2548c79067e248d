// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"

	"verlof/calendar"
	"verlof/people"
)

// Rules returns what holds for the whole customer.
func (s *Service) Rules(ctx context.Context) (*Rulebook, error) {
	var b *Rulebook
	err := s.Store.View(ctx, func(tx Tx) error {
		known, err := s.standing(tx)
		if err == nil {
			b = known.book
		}
		return err
	})
	return b, err
}

// Public holidays are worked out for so many years around today.
const (
	yearsBack  = 15
	yearsAhead = 6
)

// ReadRulebook reads a rulebook, with the public holidays of the years around
// today.
func ReadRulebook(tx Tx, org *people.Organisation, today calendar.Date) (*Rulebook, error) {
	b := &Rulebook{Patterns: org.Patterns, Holidays: map[string]*calendar.Holidays{}}
	var err error
	if b.Types, err = tx.Types(); err != nil {
		return nil, err
	}
	if b.Packages, err = tx.Packages(); err != nil {
		return nil, err
	}
	if b.Policies, err = tx.Policies(); err != nil {
		return nil, err
	}
	own, err := tx.OwnDays()
	if err != nil {
		return nil, err
	}
	for id, l := range org.Locations {
		b.Holidays[id] = l.Holidays(own, today.Year()-yearsBack, today.Year()+yearsAhead)
	}
	return b, nil
}

// Today returns the date at the person's place of work.
func (s *Service) Today(ctx context.Context, by people.ID) (calendar.Date, error) {
	var d calendar.Date
	err := s.view(ctx, by, func(c *scene) error {
		d = c.today
		return nil
	})
	return d, err
}

// at returns the instant of now as rows keep it.
func (s *Service) at() int64 { return s.Now().UnixMicro() }
