// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"
	"fmt"
	"slices"

	"verlof/errs"
	"verlof/internal/id"
	"verlof/people"
)

// Limits of what can be set.
const (
	maxSteps  = 5
	maxWithin = 60  // working days
	maxOver   = 366 // working days
	maxStaff  = 9999
)

// Procedure returns how the customer decides on leave, for an administrator.
func (s *Service) Procedure(ctx context.Context, by people.ID) (*Procedure, error) {
	var p *Procedure
	err := s.view(ctx, by, func(c *scene) error {
		p = c.how
		return c.viewer.NeedAdministrator()
	})
	return p, err
}

// SaveApprovalRule adds a rule (without an id) or replaces one, and returns its id. It
// holds for what is asked from now on: a request keeps the steps it was made with.
func (s *Service) SaveApprovalRule(ctx context.Context, by people.ID, r ApprovalRule) (string, error) {
	saved := r.ID
	err := s.keep(ctx, by, func(c *scene) error {
		r := r
		if r.ID != "" && !slices.ContainsFunc(c.how.Rules, func(o ApprovalRule) bool { return o.ID == r.ID }) {
			return errs.New(errs.NotFound, "leave.error.no_rule")
		}
		if err := c.checkRule(&r); err != nil {
			return err
		}
		if r.ID == "" {
			r.ID = id.New(s.Now())
		}
		saved = r.ID
		return c.SaveApprovalRule(r)
	})
	if err != nil {
		return "", fmt.Errorf("save approval rule %s: %w", r.ID, err)
	}
	return saved, nil
}

// checkRule notes what is wrong with a rule; step N is the field "stepN".
func (c *scene) checkRule(r *ApprovalRule) error {
	var f people.Faults
	f.Name("name", &r.Name)
	c.checkScope(&f, r.Types, r.Team)
	if r.Person != "" && c.org.Records[r.Person] == nil {
		f.Add("person", "people.error.no_person")
	}
	if r.Over < 0 || r.Over > maxOver {
		f.Add("over", "leave.error.number", "most", maxOver)
	}
	if len(r.Steps) == 0 {
		f.Add("step1", "leave.error.no_step")
	}
	if len(r.Steps) > maxSteps {
		return errs.New(errs.Invalid, "leave.error.not_listed")
	}
	for i, s := range r.Steps {
		field := fmt.Sprintf("step%d", i+1)
		switch {
		case !slices.Contains(Deciding, s.Who):
			f.Add(field, "leave.error.not_listed")
		case s.Who == Named && !c.org.Person(s.Person).Active:
			f.Add(field+"-person", "leave.error.step_person")
		case s.Within < 0 || s.Within > maxWithin:
			f.Add(field+"-within", "leave.error.number", "most", maxWithin)
		}
	}
	return f.Err()
}

// checkScope notes where a rule or limit is about what is not there.
func (c *scene) checkScope(f *people.Faults, types []string, team string) {
	for _, t := range types {
		if _, ok := c.book.Type(t); !ok {
			f.Add("types", "leave.error.no_type")
		}
	}
	if team != "" && !slices.ContainsFunc(c.org.Teams, func(t people.Team) bool { return t.ID == team }) {
		f.Add("team", "people.error.no_team")
	}
}

// DeleteApprovalRule removes a rule; requests that were made under it keep its steps.
func (s *Service) DeleteApprovalRule(ctx context.Context, by people.ID, rule string) error {
	err := s.keep(ctx, by, func(c *scene) error {
		if !slices.ContainsFunc(c.how.Rules, func(o ApprovalRule) bool { return o.ID == rule }) {
			return errs.New(errs.NotFound, "leave.error.no_rule")
		}
		return c.DeleteApprovalRule(rule)
	})
	if err != nil {
		return fmt.Errorf("delete approval rule %s: %w", rule, err)
	}
	return nil
}

// SaveLimit adds a limit (without an id) or replaces one, and returns its id. It
// holds for what is asked from now on: leave that is booked stays.
func (s *Service) SaveLimit(ctx context.Context, by people.ID, l Limit) (string, error) {
	saved := l.ID
	err := s.keep(ctx, by, func(c *scene) error {
		l := l
		if l.ID != "" && !slices.ContainsFunc(c.how.Limits, func(o Limit) bool { return o.ID == l.ID }) {
			return errs.New(errs.NotFound, "leave.error.no_limit")
		}
		if err := c.checkLimit(&l); err != nil {
			return err
		}
		if l.ID == "" {
			l.ID = id.New(s.Now())
		}
		saved = l.ID
		return c.SaveLimit(l)
	})
	if err != nil {
		return "", fmt.Errorf("save limit %s: %w", l.ID, err)
	}
	return saved, nil
}

func (c *scene) checkLimit(l *Limit) error {
	var f people.Faults
	f.Name("name", &l.Name)
	c.checkScope(&f, l.Types, l.Team)
	if _, ok := c.org.Locations[l.Location]; !ok && l.Location != "" {
		f.Add("location", "people.error.no_location")
	}
	if !slices.Contains(LimitKinds, l.Kind) {
		f.Add("limit", "leave.error.not_listed")
	}
	if l.Kind == Blocked || !l.From.IsZero() {
		f.Date("from", l.From)
	}
	if !l.To.IsZero() {
		f.Date("to", l.To)
		if l.To < l.From {
			f.Add("to", "leave.error.backwards")
		}
	}
	most := maxStaff
	if l.Percent {
		most = 100
	}
	if l.Kind == Blocked {
		l.Number, l.Percent = 0, false
	} else if l.Number < 0 || l.Number > most {
		f.Add("staff", "leave.error.number", "most", most)
	}
	return f.Err()
}

// DeleteLimit removes a limit.
func (s *Service) DeleteLimit(ctx context.Context, by people.ID, limit string) error {
	err := s.keep(ctx, by, func(c *scene) error {
		if !slices.ContainsFunc(c.how.Limits, func(o Limit) bool { return o.ID == limit }) {
			return errs.New(errs.NotFound, "leave.error.no_limit")
		}
		return c.DeleteLimit(limit)
	})
	if err != nil {
		return fmt.Errorf("delete limit %s: %w", limit, err)
	}
	return nil
}
