// SPDX-License-Identifier: Apache-2.0

package people

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/id"
)

// keepDays runs f in a write transaction that may change which days somebody has
// off. Everything that does comes through here: a location with its region and its
// holiday sets, the sets, and the customer's own days.
func (s *Service) keepDays(ctx context.Context, by ID, f func(*scene) error) error {
	return s.keep(ctx, by, f)
}

// HolidaySets returns the customer's holiday sets, by name, for those who see how all is set up.
func (s *Service) HolidaySets(ctx context.Context, by ID) ([]HolidaySet, error) {
	return list(ctx, s, by, Tx.HolidaySets)
}

var (
	errNoSet = errs.New(errs.NotFound, "people.error.no_holiday_set")
	errNoDay = errs.New(errs.NotFound, "people.error.no_day")
)

// SaveHolidaySet adds a holiday set (without an id) or changes one, so that these
// locations keep it and no others, and returns its id. It reports Conflict for a
// name that another set has, and Invalid for a location that is not known.
func (s *Service) SaveHolidaySet(ctx context.Context, by ID, set HolidaySet, locations []string) (string, error) {
	var saved string
	err := s.keepDays(ctx, by, func(c *scene) error {
		set := set
		if err := c.checkHolidaySet(&set, locations); err != nil {
			return err
		}
		if set.ID == "" {
			set.ID = id.New(c.now)
		}
		saved = set.ID
		if err := c.SaveHolidaySet(set); err != nil {
			return err
		}
		return c.keepSet(set.ID, locations)
	})
	if err != nil {
		return "", fmt.Errorf("save holiday set %s: %w", set.ID, err)
	}
	return saved, nil
}

func (c *scene) checkHolidaySet(set *HolidaySet, locations []string) error {
	all, err := c.HolidaySets()
	if err != nil {
		return err
	}
	var f Faults
	f.Name("name", &set.Name)
	known := set.ID == ""
	for _, o := range all {
		known = known || o.ID == set.ID
		if o.ID != set.ID && sameName(o.Name, set.Name) {
			f = append(f, nameTaken)
		}
	}
	if !known {
		return errNoSet
	}
	for _, l := range locations {
		if _, ok := c.org.Locations[l]; !ok {
			f.Add("locations", "people.error.location")
			break
		}
	}
	return f.Err()
}

// keepSet makes these locations keep a holiday set, and no others.
func (c *scene) keepSet(set string, locations []string) error {
	all, err := c.Locations()
	if err != nil {
		return err
	}
	for _, l := range all {
		keeps, wanted := slices.Contains(l.Sets, set), slices.Contains(locations, l.ID)
		switch {
		case keeps == wanted:
			continue
		case wanted:
			l.Sets = append(slices.Clone(l.Sets), set)
			slices.Sort(l.Sets)
		default:
			l.Sets = slices.DeleteFunc(slices.Clone(l.Sets), func(o string) bool { return o == set })
		}
		if err := c.SaveLocation(l); err != nil {
			return err
		}
	}
	return nil
}

// DeleteHolidaySet removes a holiday set with its days. It reports Conflict while
// a location keeps it.
func (s *Service) DeleteHolidaySet(ctx context.Context, by ID, set string) error {
	err := s.keepDays(ctx, by, func(c *scene) error {
		all, err := c.HolidaySets()
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(all, func(o HolidaySet) bool { return o.ID == set }) {
			return errNoSet
		}
		for _, l := range c.org.Locations {
			if slices.Contains(l.Sets, set) {
				return errs.New(errs.Conflict, "people.error.holiday_set_kept", "name", l.Name)
			}
		}
		return c.DeleteHolidaySet(set)
	})
	if err != nil {
		return fmt.Errorf("delete holiday set %s: %w", set, err)
	}
	return nil
}

// SaveOwnDay adds a day of the customer's own (without an id) or changes one, and
// returns its id. It reports Conflict where the same location or holiday set has
// one on that date, or says something of the same public holiday, at the same time.
func (s *Service) SaveOwnDay(ctx context.Context, by ID, d OwnDay) (string, error) {
	var saved string
	err := s.keepDays(ctx, by, func(c *scene) error {
		d := d
		if err := c.checkOwnDay(&d); err != nil {
			return err
		}
		if d.ID == "" {
			d.ID = id.New(c.now)
		}
		saved = d.ID
		return c.SaveOwnDay(d)
	})
	if err != nil {
		return "", fmt.Errorf("save own day %s: %w", d.ID, err)
	}
	return saved, nil
}

func (c *scene) checkOwnDay(d *OwnDay) error {
	all, err := c.OwnDays()
	if err != nil {
		return err
	}
	if d.ID != "" && !slices.ContainsFunc(all, func(o OwnDay) bool { return o.ID == d.ID }) {
		return errNoDay
	}
	var f Faults
	if d.Feast == "" {
		f.Name("name", &d.Name)
	} else if d.Name, d.Yearly = "", false; !calendar.HasFeast(d.Feast) {
		f.Add("feast", "people.error.feast")
	}
	d.checkDates(&f)
	if d.Off > calendar.Informative {
		f.Add("off", "people.error.off")
	}
	if err := c.checkWhere(*d, &f); err != nil {
		return err
	}
	for _, o := range all {
		if o.ID != d.ID && o.Location == d.Location && o.Set == d.Set && d.clashes(o) {
			f = append(f, d.taken(o).At("date"))
			break
		}
	}
	return f.Err()
}

// checkDates notes what is wrong with when a day falls.
func (d *OwnDay) checkDates(f *Faults) {
	f.Date("date", d.Date)
	switch {
	case !d.ComesBack():
		d.Last = 0
	case d.Last != 0 && d.Last < d.Date:
		f.Add("last", "people.error.last_before")
	case d.Last != 0 && !plausible.Contains(d.Last):
		f.Add("last", "people.error.date_far", "date", d.Last)
	}
}

// checkWhere notes a location or a holiday set that is not known, or both at once.
func (c *scene) checkWhere(d OwnDay, f *Faults) error {
	if _, known := c.org.Locations[d.Location]; !known && d.Location != "" || d.Location != "" && d.Set != "" {
		f.Add("location", "people.error.location")
	}
	if d.Set == "" {
		return nil
	}
	sets, err := c.HolidaySets()
	if err == nil && !slices.ContainsFunc(sets, func(s HolidaySet) bool { return s.ID == d.Set }) {
		f.Add("location", "people.error.holiday_set")
	}
	return err
}

// clashes reports whether two of one place fall on one date, or say something of
// the same public holiday on one day.
func (d OwnDay) clashes(o OwnDay) bool {
	if d.Feast != o.Feast {
		return false
	}
	if d.Feast != "" {
		return d.within().Overlaps(o.within())
	}
	if !d.Yearly && !o.Yearly {
		return d.Date == o.Date
	}
	from, to := max(d.Date, o.Date).Year(), plausible.To.Year()
	theirs := o.In(from, to)
	return slices.ContainsFunc(d.In(from, to), func(day calendar.Date) bool { return slices.Contains(theirs, day) })
}

// taken says that another day of the same place stands in the way.
func (d OwnDay) taken(o OwnDay) *errs.Error {
	if d.Feast != "" {
		return errs.New(errs.Conflict, "people.error.feast_taken")
	}
	return errs.New(errs.Conflict, "people.error.day_taken", "name", o.Name)
}

// DeleteOwnDay removes a day of the customer's own; a public holiday on that date
// counts again.
func (s *Service) DeleteOwnDay(ctx context.Context, by ID, day string) error {
	err := s.keepDays(ctx, by, func(c *scene) error {
		all, err := c.OwnDays()
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(all, func(o OwnDay) bool { return o.ID == day }) {
			return errNoDay
		}
		return c.DeleteOwnDay(day)
	})
	if err != nil {
		return fmt.Errorf("delete own day %s: %w", day, err)
	}
	return nil
}

// CopyDays writes the days of one year that do not come back by themselves into
// the next, on the same dates (29 February on the 28th), for a location, a holiday set
// or (both empty) every location. A date that already has a day is skipped. It returns
// how many were written. An unknown location or set is Invalid.
func (s *Service) CopyDays(ctx context.Context, by ID, location, set string, year int) (int, error) {
	n := 0
	err := s.keepDays(ctx, by, func(c *scene) error {
		n = 0
		var f Faults
		if err := c.checkWhere(OwnDay{Location: location, Set: set}, &f); err != nil || f != nil {
			return errors.Join(err, f.Err())
		}
		all, err := c.OwnDays()
		if err != nil {
			return err
		}
		for _, d := range all {
			if d.Location != location || d.Set != set || d.ComesBack() || d.Date.Year() != year {
				continue
			}
			d.Date = d.Date.AddYears(1)
			taken := slices.ContainsFunc(all, func(o OwnDay) bool {
				return o.Location == location && o.Set == set && d.clashes(o)
			})
			if taken {
				continue
			}
			d.ID = id.New(c.now)
			if err := c.SaveOwnDay(d); err != nil {
				return err
			}
			all = append(all, d) // 28 and 29 February meet in a common year
			n++
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("copy own days of %d: %w", year, err)
	}
	return n, nil
}
