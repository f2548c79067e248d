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

// Procedure returns how the customer decides on leave, for those who see how all is set up.
func (s *Service) Procedure(ctx context.Context, by people.ID) (*Procedure, error) {
	var p *Procedure
	err := s.view(ctx, by, func(c *scene) error {
		p = c.how
		return c.viewer.Need(people.SeeSetup)
	})
	return p, err
}

// SaveApprovalRule adds a rule (without an id) or replaces one, and returns its id. It
// holds for what is asked from now on: a request keeps the steps it was made with.
func (s *Service) SaveApprovalRule(ctx context.Context, by people.ID, r ApprovalRule) (string, error) {
	return s.put(ctx, by, aRule(r.ID), func(c *scene, id string) error {
		r := r
		r.ID = id
		if err := c.checkRule(&r); err != nil {
			return err
		}
		return c.SaveApprovalRule(r)
	})
}

// thing is what a procedure is made of, by its id: a rule or a limit.
type thing struct {
	what, id string
	there    func(*Procedure) bool
	missing  error
}

func aRule(id string) thing {
	there := func(p *Procedure) bool {
		return slices.ContainsFunc(p.Rules, func(o ApprovalRule) bool { return o.ID == id })
	}
	return thing{"approval rule", id, there, errs.New(errs.NotFound, "leave.error.no_rule")}
}

func aLimit(id string) thing {
	there := func(p *Procedure) bool {
		return slices.ContainsFunc(p.Limits, func(o Limit) bool { return o.ID == id })
	}
	return thing{"limit", id, there, errs.New(errs.NotFound, "leave.error.no_limit")}
}

// put saves a thing in the name of somebody who keeps rules: one that is there, or,
// without an id, a new one. It returns its id.
func (s *Service) put(ctx context.Context, by people.ID, x thing, save func(c *scene, id string) error) (string, error) {
	saved := x.id
	err := s.keep(ctx, by, func(c *scene) error {
		if x.id != "" && !x.there(c.how) {
			return x.missing
		}
		if x.id == "" {
			saved = id.New(s.Now())
		}
		return save(c, saved)
	})
	if err != nil {
		return "", fmt.Errorf("save %s %s: %w", x.what, x.id, err)
	}
	return saved, nil
}

// drop removes a thing in the name of somebody who keeps rules.
func (s *Service) drop(ctx context.Context, by people.ID, x thing, remove func(c *scene, id string) error) error {
	err := s.keep(ctx, by, func(c *scene) error {
		if !x.there(c.how) {
			return x.missing
		}
		return remove(c, x.id)
	})
	if err != nil {
		return fmt.Errorf("delete %s %s: %w", x.what, x.id, err)
	}
	return nil
}

// checkRule notes what is wrong with a rule; step N is the field "stepN".
func (c *scene) checkRule(r *ApprovalRule) error {
	var f people.Faults
	f.Name("name", &r.Name)
	c.checkScope(&f, r.Types, r.Team)
	if r.Person != "" && c.org.Records[r.Person] == nil {
		f.Add("person", "people.error.no_person")
	}
	f.Under("", r.Check(func(id people.ID) bool { return c.org.Person(id).Active }))
	return f.Err()
}

// Check notes what cannot be of a rule by itself: over how many days, and its steps. active reports whether somebody who
// is named can decide.
func (a *ApprovalRule) Check(active func(people.ID) bool) error {
	var f people.Faults
	if a.Over < 0 || a.Over > maxOver {
		f.Add("over", "leave.error.number", "most", maxOver)
	}
	if len(a.Steps) == 0 {
		f.Add("step1", "leave.error.no_step")
	}
	if len(a.Steps) > maxSteps {
		return errs.New(errs.Invalid, "leave.error.not_listed")
	}
	for i, s := range a.Steps {
		field := fmt.Sprintf("step%d", i+1)
		switch {
		case !slices.Contains(Deciding, s.Who):
			f.Add(field, "leave.error.not_listed")
		case s.Who == Named && !active(s.Person):
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
	return s.drop(ctx, by, aRule(rule), func(c *scene, id string) error { return c.DeleteApprovalRule(id) })
}

// SaveLimit adds a limit (without an id) or replaces one, and returns its id. It
// holds for what is asked from now on: leave that is booked stays.
func (s *Service) SaveLimit(ctx context.Context, by people.ID, l Limit) (string, error) {
	return s.put(ctx, by, aLimit(l.ID), func(c *scene, id string) error {
		l := l
		l.ID = id
		if err := c.checkLimit(&l); err != nil {
			return err
		}
		return c.SaveLimit(l)
	})
}

func (c *scene) checkLimit(l *Limit) error {
	var f people.Faults
	f.Name("name", &l.Name)
	c.checkScope(&f, l.Types, l.Team)
	if _, ok := c.org.Locations[l.Location]; !ok && l.Location != "" {
		f.Add("location", "people.error.no_location")
	}
	f.Under("", l.Check())
	return f.Err()
}

// Check notes what cannot be of a limit by itself: its kind, its days and its number.
func (l *Limit) Check() error {
	var f people.Faults
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
	return s.drop(ctx, by, aLimit(limit), func(c *scene, id string) error { return c.DeleteLimit(id) })
}
