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

// SaveEmployment adds a period of employment (without an id) or changes one, and
// returns its id. Somebody leaves when To is set to their last day. A contract
// line that began with the employment moves along when its first day does. It
// reports Invalid for an end before the beginning, Conflict for a period that
// overlaps another one, each with the field, and Conflict where a contract line
// would lie outside of every period.
func (s *Service) SaveEmployment(ctx context.Context, by ID, e Employment) (string, error) {
	var saved string
	err := s.keep(ctx, by, func(c *scene) error {
		e := e
		r, err := c.record(e.Person)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(r.Employments, func(x Employment) bool { return x.ID == e.ID })
		if i < 0 && e.ID != "" {
			return errs.New(errs.NotFound, "people.error.no_employment")
		}
		if err := checkEmployment(&e, r.Employments); err != nil {
			return err
		}
		if i < 0 {
			e.ID = id.New(c.now)
			r.Employments = append(r.Employments, e)
		} else if err := c.moveContract(&r, r.Employments[i].From, e.From); err != nil {
			return err
		} else {
			r.Employments[i] = e
		}
		saved = e.ID
		if err := contractsInside(&r); err != nil {
			return err.At("from")
		}
		return c.SaveEmployment(e)
	})
	if err != nil {
		return "", fmt.Errorf("save employment of %s: %w", e.Person, err)
	}
	return saved, nil
}

// DeleteEmployment removes a period that was entered by mistake. It reports
// Conflict for a person's only one, and where a contract line lies in it.
func (s *Service) DeleteEmployment(ctx context.Context, by, person ID, employment string) error {
	err := s.keep(ctx, by, func(c *scene) error {
		r, err := c.record(person)
		if err != nil {
			return err
		}
		left := slices.DeleteFunc(slices.Clone(r.Employments), func(e Employment) bool { return e.ID == employment })
		switch {
		case len(left) == len(r.Employments):
			return errs.New(errs.NotFound, "people.error.no_employment")
		case len(left) == 0:
			return errs.New(errs.Conflict, "people.error.last_employment")
		}
		r.Employments = left
		if err := contractsInside(&r); err != nil {
			return err
		}
		return c.DeleteEmployment(employment)
	})
	if err != nil {
		return fmt.Errorf("delete employment %s: %w", employment, err)
	}
	return nil
}

// SaveContract adds a contract line (without an id) or changes one, and returns
// its id. A line without a location keeps the one that it has, and a new one that of its
// first day. It reports Invalid for an unknown pattern, package or location and for a first
// day outside every employment, and Conflict where another line begins that day.
func (s *Service) SaveContract(ctx context.Context, by ID, line Contract) (string, error) {
	var saved string
	err := s.keep(ctx, by, func(c *scene) error {
		line := line
		r, err := c.record(line.Person)
		if err != nil {
			return err
		}
		if err := c.checkContract(&r, &line); err != nil {
			return err
		}
		if line.ID == "" {
			line.ID = id.New(c.now)
		}
		saved = line.ID
		return c.SaveContract(line)
	})
	if err != nil {
		return "", fmt.Errorf("save contract line of %s: %w", line.Person, err)
	}
	return saved, nil
}

// DeleteContract removes a contract line. It reports Conflict for a person's only
// one: without any they would have neither hours nor leave.
func (s *Service) DeleteContract(ctx context.Context, by, person ID, line string) error {
	err := s.keep(ctx, by, func(c *scene) error {
		r, err := c.record(person)
		if err != nil {
			return err
		}
		switch {
		case !slices.ContainsFunc(r.Contracts, func(x Contract) bool { return x.ID == line }):
			return errs.New(errs.NotFound, "people.error.no_contract")
		case len(r.Contracts) == 1:
			return errs.New(errs.Conflict, "people.error.last_contract")
		}
		return c.DeleteContract(line)
	})
	if err != nil {
		return fmt.Errorf("delete contract line %s: %w", line, err)
	}
	return nil
}

// record returns a copy of a person's record, for trying a change on it.
func (c *scene) record(id ID) (Record, error) {
	known := c.org.Records[id]
	if known == nil {
		return Record{}, errNoPerson
	}
	r := *known
	r.Employments, r.Contracts = slices.Clone(r.Employments), slices.Clone(r.Contracts)
	return r, nil
}

// checkEmployment notes what is wrong with e beside the others of the person.
func checkEmployment(e *Employment, others []Employment) error {
	var f Faults
	f.Date("from", e.From)
	if !e.To.IsZero() {
		f.Date("to", e.To)
		if e.To < e.From {
			f.Add("to", "people.error.ends_before")
		}
	}
	if f != nil {
		return f.Err()
	}
	for _, o := range others {
		if o.ID != e.ID && o.Range().Overlaps(e.Range()) {
			return errs.New(errs.Conflict, "people.error.overlap", "period", o.Range()).At("from")
		}
	}
	return nil
}

// moveContract moves the line that began with an employment to its new first day.
func (c *scene) moveContract(r *Record, from, to calendar.Date) error {
	if from == to || slices.ContainsFunc(r.Contracts, func(x Contract) bool { return x.From == to }) {
		return nil
	}
	for i := range r.Contracts {
		if line := &r.Contracts[i]; line.From == from {
			line.From = to
			return c.SaveContract(*line)
		}
	}
	return nil
}

// contractsInside reports a contract line that begins on no day of employment.
func contractsInside(r *Record) *errs.Error {
	for _, line := range r.Contracts {
		if !r.EmployedOn(line.From) {
			return errs.New(errs.Conflict, "people.error.contract_left", "date", line.From)
		}
	}
	return nil
}

// checkContract notes what is wrong with a line of r.
func (c *scene) checkContract(r *Record, line *Contract) error {
	i := slices.IndexFunc(r.Contracts, func(x Contract) bool { return x.ID == line.ID })
	if line.ID != "" && i < 0 {
		return errs.New(errs.NotFound, "people.error.no_contract")
	}
	switch {
	case line.Location != "":
	case i >= 0:
		line.Location = r.Contracts[i].Location
	default:
		line.Location = r.LocationOn(line.From)
	}
	var f Faults
	f.Date("from", line.From)
	if f == nil && !r.EmployedOn(line.From) {
		f.Add("from", "people.error.contract_outside")
	}
	c.checkPlace(&f, line.Location)
	for _, o := range r.Contracts {
		if o.ID != line.ID && o.From == line.From {
			f = append(f, errs.New(errs.Conflict, "people.error.contract_taken").At("from"))
		}
	}
	return errors.Join(f.Err(), c.checkTerms(line))
}

// checkTerms notes a pattern or a package that does not exist.
func (c *scene) checkTerms(line *Contract) error {
	var f Faults
	if _, ok := c.org.Patterns[line.Pattern]; !ok {
		f.Add("pattern", "people.error.pattern")
	}
	ok, err := c.HasPackage(line.Package)
	if err != nil {
		return err
	}
	if !ok {
		f.Add("package", "people.error.package")
	}
	return f.Err()
}
