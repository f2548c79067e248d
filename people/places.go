// SPDX-License-Identifier: Apache-2.0

package people

import (
	"context"
	"fmt"
	"slices"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/id"
)

// SaveLocation adds a place of work (without an id) or changes one, and returns
// its id. It reports Invalid for a region, a holiday set or a time zone that is not
// known, and Conflict for a name that another location has.
func (s *Service) SaveLocation(ctx context.Context, by ID, l Location) (string, error) {
	var saved string
	err := s.keepDays(ctx, by, func(c *scene) error {
		l := l
		if _, known := c.org.Locations[l.ID]; !known && l.ID != "" {
			return errs.New(errs.NotFound, "people.error.no_location")
		}
		if err := c.checkLocation(&l); err != nil {
			return err
		}
		if l.ID == "" {
			l.ID = id.New(c.now)
		}
		saved = l.ID
		return c.SaveLocation(l)
	})
	if err != nil {
		return "", fmt.Errorf("save location %s: %w", l.ID, err)
	}
	return saved, nil
}

func (c *scene) checkLocation(l *Location) error {
	var f Faults
	f.Name("name", &l.Name)
	for _, o := range c.org.Locations {
		if o.ID != l.ID && sameName(o.Name, l.Name) {
			f = append(f, nameTaken)
		}
	}
	if _, ok := calendar.Region(l.Region); !ok && l.Region != "" {
		f.Add("region", "people.error.region")
	}
	sets, err := c.HolidaySets()
	if err != nil {
		return err
	}
	slices.Sort(l.Sets)
	l.Sets = slices.Compact(l.Sets)
	for _, id := range l.Sets {
		if !slices.ContainsFunc(sets, func(s HolidaySet) bool { return s.ID == id }) {
			f.Add("sets", "people.error.holiday_set")
			break
		}
	}
	if _, err := time.LoadLocation(l.TimeZone); err != nil || l.TimeZone == "" || l.TimeZone == "Local" {
		f.Add("time_zone", "people.error.time_zone")
	}
	return f.Err()
}

// SavePattern adds a working pattern (without an id) or changes one, and returns
// its id. text is what calendar.ParsePattern reads. The hours of a pattern that a
// contract line points to stay, since they decided what was granted and taken, unless
// the service is Foreseen. It reports Conflict then and for a name that another pattern
// has, and Invalid with the field for what cannot be read.
func (s *Service) SavePattern(ctx context.Context, by ID, pattern, name, text string) (string, error) {
	p := Pattern{ID: pattern, Name: name}
	var saved string
	err := s.keep(ctx, by, func(c *scene) error {
		p := p
		if err := c.checkPattern(&p, text); err != nil {
			return err
		}
		if p.ID == "" {
			p.ID = id.New(c.now)
		}
		saved = p.ID
		return c.SavePattern(p)
	})
	if err != nil {
		return "", fmt.Errorf("save working pattern %s: %w", p.ID, err)
	}
	return saved, nil
}

func (c *scene) checkPattern(p *Pattern, text string) error {
	all, err := c.Patterns()
	if err != nil {
		return err
	}
	var f Faults
	f.Name("name", &p.Name)
	p.Pattern, err = ParsePattern(text)
	if err != nil {
		f = append(f, err)
	}
	known := p.ID == ""
	for _, o := range all {
		switch {
		case o.ID != p.ID && sameName(o.Name, p.Name):
			f = append(f, nameTaken)
		case o.ID == p.ID:
			known = true
			if n := c.org.Works(p.ID); err == nil && n > 0 && !c.foreseen && o.Pattern.String() != p.Pattern.String() {
				f = append(f, errs.New(errs.Conflict, "people.error.pattern_used", "count", n).At("pattern"))
			}
		}
	}
	if !known {
		return errs.New(errs.NotFound, "people.error.no_pattern")
	}
	return f.Err()
}

// MaxPatternWeeks is how many weeks a working pattern may take turns in.
const MaxPatternWeeks = 52

// ParsePattern reads the text form of a working pattern as somebody types it, of
// at most MaxPatternWeeks weeks with some work in them. Errors are Invalid at the
// field "pattern".
func ParsePattern(text string) (calendar.Pattern, error) {
	p, err := calendar.ParsePattern(Tidy(text))
	switch {
	case Tidy(text) == "":
		err = errs.New(errs.Invalid, "people.error.pattern_missing")
	case err == nil && len(p.Weeks) > MaxPatternWeeks:
		err = errs.New(errs.Invalid, "people.error.pattern_long", "count", MaxPatternWeeks)
	case err == nil && p.WeeklyMinutes().IsZero():
		err = errs.New(errs.Invalid, "people.error.pattern_empty")
	}
	if err != nil {
		return calendar.Pattern{}, errs.As(err).At("pattern")
	}
	return p, nil
}
