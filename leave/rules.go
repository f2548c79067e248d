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
		b.Holidays[id] = Holidays(l, own, today.Year()-yearsBack, today.Year()+yearsAhead)
	}
	return b, nil
}

// Holidays returns the days off of a location in some years: its region's, and
// the customer's own, which win on the same date.
func Holidays(l people.Location, own []people.OwnDay, from, to int) *calendar.Holidays {
	set := calendar.NewHolidays()
	if region, ok := calendar.Region(l.Region); ok {
		set = region.Years(from, to)
	}
	var days []calendar.Holiday
	for _, d := range own {
		if d.Location == "" || d.Location == l.ID {
			days = append(days, calendar.Holiday{Date: d.Date, Name: d.Name, Off: d.Off})
		}
	}
	set.Add(days...)
	return set
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
