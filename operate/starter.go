// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"fmt"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/law"
	"verlof/people"
)

// Starter is what a new customer begins with, so that people can be added and
// ask for leave at once. All of it can be changed afterwards.
type Starter struct {
	Location people.Location
	Pattern  people.Pattern
	Types    StarterTypes
	Package  leave.Package
	Policies []leave.Policy // of Holiday and InLieu in Package
}

// StarterTypes are the types of leave of a Starter. Sickness is none: it is reported.
type StarterTypes struct {
	Holiday leave.Type // drawn from an entitlement, in days
	InLieu  leave.Type // time off for time worked, in hours
	Special leave.Type // recorded, nothing drawn
}

// NewStarter returns a starter set in a language for a place of work in a region,
// with the holiday that its country's law gives at least. zone may be empty: the
// country's own. newID gives every thing its id. It reports Invalid for an
// unknown region or time zone.
func NewStarter(language, region, zone string, newID func() string) (Starter, error) {
	l := lang.For(language)
	info, ok := calendar.Region(region)
	if !ok {
		return Starter{}, errs.Operator("a region is a code such as NL, DE-BE or GB-ENG", "no region has the code %q", region)
	}
	country, holiday, days, err := minimum(info.Code)
	if err != nil {
		return Starter{}, err
	}
	if zone == "" {
		zone = country.Zone
	}
	if _, err := time.LoadLocation(zone); err != nil {
		return Starter{}, errs.Operator("a time zone looks like Europe/Amsterdam", "no time zone is called %q", zone)
	}
	s := Starter{
		Location: people.Location{ID: newID(), Name: l.T("starter.location"), Region: region, TimeZone: zone},
		Pattern:  people.Pattern{ID: newID(), Name: l.T("starter.pattern"), Pattern: calendar.MustParsePattern("mon-fri")},
		Types:    starterTypes(l, newID),
		Package:  leave.Package{ID: newID(), Name: l.T("starter.package")},
	}
	s.Types.Holiday.AnswerDays = days
	if r, ok := country.WorkingDays(); ok {
		s.Types.Holiday.GiveBack = r.Type.GiveBack
	}
	s.Policies = s.Types.policies(s.Package, holiday, newID)
	return s, nil
}

// minimum returns the law of a region, and the policy for the holiday that it gives
// at the least in working days. A customer checks it against its own agreements.
func minimum(region string) (t law.Template, p leave.Policy, answer int, err error) {
	t, ok := law.For(region)
	if !ok {
		return t, p, 0, fmt.Errorf("no template of a law for region %s", region)
	}
	r, _ := t.WorkingDays()
	p = leave.Policy{Law: leave.Pin{Law: t.Code, Rule: r.Type.ID, Dated: t.Dated}}
	if p.Terms, ok = t.Terms(r.Type.ID, exact.Rat{}); !ok {
		return t, p, 0, fmt.Errorf("the law of %s gives no holiday in working days", t.Code)
	}
	return t, p, r.Type.AnswerDays, nil
}

func starterTypes(l *lang.Locale, newID func() string) StarterTypes {
	return StarterTypes{
		Holiday: leave.Type{ID: newID(), Name: l.T("starter.type.holiday"), Colour: 1, Unit: leave.Days,
			Counting: leave.WorkingTime, Entitled: true, Order: 1},
		InLieu: leave.Type{ID: newID(), Name: l.T("starter.type.lieu"), Colour: 5, Unit: leave.Hours,
			Counting: leave.WorkingTime, Entitled: true, Order: 2},
		Special: leave.Type{ID: newID(), Name: l.T("starter.type.special"), Colour: 8, Unit: leave.Days,
			Counting: leave.WorkingTime, Order: 3},
	}
}

// All returns the types in their order.
func (t StarterTypes) All() []leave.Type {
	return []leave.Type{t.Holiday, t.InLieu, t.Special}
}

// policies returns the policies of a package: this one for holiday, and one for
// time off in lieu, which nobody has until overtime is approved.
func (t StarterTypes) policies(p leave.Package, holiday leave.Policy, newID func() string) []leave.Policy {
	holiday.ID, holiday.Package, holiday.Type = newID(), p.ID, t.Holiday.ID
	lieu := leave.Terms{Accrual: leave.AtYearStart, Proration: leave.NoProration, CarryOver: leave.CarryOver{All: true},
		Overtime: leave.OvertimeRule{Factors: []int{100, 150}}}
	return []leave.Policy{
		holiday,
		{ID: newID(), Package: p.ID, Type: t.InLieu.ID, Terms: lieu},
	}
}

// Begin has the policies hold from the leave year on that a day lies in. What people earned before is not known
// here: who was employed for years would begin with all of it, none of it taken. It comes as balances.
func (s *Starter) Begin(d calendar.Date) {
	for i := range s.Policies {
		s.Policies[i].From = s.Policies[i].Terms.YearStart.YearOf(d).From
	}
}

// Save writes the set into a customer's database.
func (s *Starter) Save(tx leave.Tx) error {
	if err := tx.SaveLocation(s.Location); err != nil {
		return err
	}
	if err := tx.SavePattern(s.Pattern); err != nil {
		return err
	}
	for _, t := range s.Types.All() {
		if err := tx.SaveType(t); err != nil {
			return err
		}
	}
	if err := tx.SavePackage(s.Package); err != nil {
		return err
	}
	for _, p := range s.Policies {
		if err := tx.SavePolicy(p); err != nil {
			return err
		}
	}
	return nil
}
