// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"verlof/errs"
	"verlof/internal/id"
	"verlof/people"
)

// Limits of what can be set.
const (
	Colours   = 12 // places in the palette
	maxOrder  = 9999
	maxAnswer = 365 // calendar days
)

// keep runs f in a write transaction in the name of somebody who keeps rules. Nobody else
// changes the rules meanwhile.
func (s *Service) keep(ctx context.Context, by people.ID, f func(*scene) error) error {
	return s.keepBy(ctx, by, func(v people.Viewer) error { return v.Need(people.KeepRules) }, f)
}

// keepBy is keep for those whom may lets.
func (s *Service) keepBy(ctx context.Context, by people.ID, may func(people.Viewer) error, f func(*scene) error) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		known, err := s.lockedStanding(tx)
		if err != nil {
			return err
		}
		if err := people.Expected(ctx, tx); err != nil {
			return err
		}
		c, err := s.scene(tx, known, by)
		if err != nil {
			return err
		}
		if err := may(c.viewer); err != nil {
			return err
		}
		return c.end(f(c))
	})
}

// refusal returns what is wrong with one field.
func refusal(k errs.Kind, field, key string, args ...any) error {
	return errs.New(k, key, args...).At(field)
}

// SaveType adds a leave type (without an id) or changes one, and returns its id.
// It reports Conflict where the name is taken, where the unit would change of a
// type that is in use (its amounts could not be read any more), and where a type
// with policies would have no entitlement.
func (s *Service) SaveType(ctx context.Context, by people.ID, t Type) (string, error) {
	var saved string
	err := s.keep(ctx, by, func(c *scene) error {
		t := t
		if err := c.checkType(&t); err != nil {
			return err
		}
		if t.ID == "" {
			t.ID = id.New(s.Now())
		}
		saved = t.ID
		return c.SaveType(t)
	})
	if err != nil {
		return "", fmt.Errorf("save leave type %s: %w", t.ID, err)
	}
	return saved, nil
}

// Check notes what cannot be of a type by itself. The fields are unit, counting, give_back, substitute,
// substitute_agrees and answer_days.
func (t *Type) Check() error {
	var f people.Faults
	if t.Unit != Days && t.Unit != Hours {
		f.Add("unit", "leave.error.unit")
	}
	switch {
	case !slices.Contains(Countings, t.Counting):
		f.Add("counting", "leave.error.counting")
	case t.Counting != WorkingTime && t.Unit == Hours:
		f.Add("counting", "leave.error.calendar_hours")
	}
	if !slices.Contains(GiveBacks, t.GiveBack) {
		f.Add("give_back", "leave.error.give_back")
	}
	if !slices.Contains(Substitutions, t.Substitute) {
		f.Add("substitute", "leave.error.not_listed")
	} else if t.SubstituteAgrees && t.Unapproved {
		f.Add("substitute_agrees", "leave.error.substitute_unapproved")
	}
	if t.AnswerDays < 0 || t.AnswerDays > maxAnswer {
		f.Add("answer_days", "leave.error.number", "most", maxAnswer)
	}
	return f.Err()
}

func (c *scene) checkType(t *Type) error {
	var f people.Faults
	f.Name("name", &t.Name)
	t.SubstituteAgrees = t.SubstituteAgrees && t.Substitute != NoSubstitute
	f.Under("", t.Check())
	if t.Colour < 1 || t.Colour > Colours {
		f.Add("colour", "leave.error.colour")
	}
	if t.Order < 0 || t.Order > maxOrder {
		f.Add("order", "leave.error.order", "count", maxOrder)
	}
	for _, o := range c.book.Types {
		if o.ID != t.ID && strings.EqualFold(o.Name, t.Name) {
			f = append(f, refusal(errs.Conflict, "name", "people.error.name_taken"))
		}
	}
	if t.ID == "" {
		return f.Err()
	}
	return errors.Join(f.Err(), c.book.CheckUsedType(t, c.UsesType))
}

// CheckUsedType refuses a change of a type that would turn what is there into nonsense. used reports whether anything
// but a policy is of the type.
func (b *Rulebook) CheckUsedType(t *Type, used func(id string) (bool, error)) error {
	was, ok := b.Type(t.ID)
	if !ok {
		return errs.New(errs.NotFound, "leave.error.no_type")
	}
	policies := slices.ContainsFunc(b.Policies, func(p Policy) bool { return p.Type == t.ID })
	if policies && was.Entitled && !t.Entitled {
		return refusal(errs.Conflict, "entitled", "leave.error.type_has_policies")
	}
	if was.Unit == t.Unit {
		return nil
	}
	inUse, err := used(t.ID)
	if err == nil && (inUse || policies) {
		err = refusal(errs.Conflict, "unit", "leave.error.unit_used")
	}
	return err
}

// SavePackage adds a package (without an id) or renames one, and returns its id.
// It reports Conflict where the name is taken.
func (s *Service) SavePackage(ctx context.Context, by people.ID, p Package) (string, error) {
	var saved string
	err := s.keep(ctx, by, func(c *scene) error {
		p := p
		if p.ID != "" && !slices.ContainsFunc(c.book.Packages, func(o Package) bool { return o.ID == p.ID }) {
			return errs.New(errs.NotFound, "leave.error.no_package")
		}
		var f people.Faults
		f.Name("name", &p.Name)
		for _, o := range c.book.Packages {
			if o.ID != p.ID && strings.EqualFold(o.Name, p.Name) {
				f = append(f, refusal(errs.Conflict, "name", "people.error.name_taken"))
			}
		}
		if err := f.Err(); err != nil {
			return err
		}
		if p.ID == "" {
			p.ID = id.New(s.Now())
		}
		saved = p.ID
		return c.SavePackage(p)
	})
	if err != nil {
		return "", fmt.Errorf("save package %s: %w", p.ID, err)
	}
	return saved, nil
}

// SavePolicy adds a policy (without an id) or changes one, and returns its id. It
// reports Conflict where the package has another policy of the type from the same
// day, and Invalid with the fields for terms that cannot be.
func (s *Service) SavePolicy(ctx context.Context, by people.ID, p Policy) (string, error) {
	var saved string
	err := s.keep(ctx, by, func(c *scene) error {
		p := p
		if p.ID != "" && !slices.ContainsFunc(c.book.Policies, func(o Policy) bool { return o.ID == p.ID }) {
			return errs.New(errs.NotFound, "leave.error.no_policy")
		}
		if err := c.book.CheckPolicy(&p); err != nil {
			return err
		}
		if p.ID == "" {
			p.ID = id.New(s.Now())
		}
		saved = p.ID
		return c.SavePolicy(p)
	})
	if err != nil {
		return "", fmt.Errorf("save policy %s: %w", p.ID, err)
	}
	return saved, nil
}

// DeletePolicy removes a policy: the one before it holds on. It reports NotFound
// where there is none.
func (s *Service) DeletePolicy(ctx context.Context, by people.ID, policy string) error {
	err := s.keep(ctx, by, func(c *scene) error {
		if !slices.ContainsFunc(c.book.Policies, func(o Policy) bool { return o.ID == policy }) {
			return errs.New(errs.NotFound, "leave.error.no_policy")
		}
		return c.DeletePolicy(policy)
	})
	if err != nil {
		return fmt.Errorf("delete policy %s: %w", policy, err)
	}
	return nil
}

// CheckPolicy notes what is wrong with a policy: the package, the day from which it holds, and what CheckTerms notes.
func (b *Rulebook) CheckPolicy(p *Policy) error {
	var f people.Faults
	if !slices.ContainsFunc(b.Packages, func(o Package) bool { return o.ID == p.Package }) {
		f.Add("package", "people.error.package")
	}
	if !p.From.IsZero() {
		f.Date("from", p.From)
	}
	for _, o := range b.Policies {
		if o.ID != p.ID && o.Package == p.Package && o.Type == p.Type && o.From == p.From {
			f = append(f, refusal(errs.Conflict, "from", "leave.error.policy_taken"))
		}
	}
	return errors.Join(f.Err(), b.CheckTerms(p))
}

// CheckTerms notes what is wrong with the terms of a policy for its type.
func (b *Rulebook) CheckTerms(p *Policy) error {
	t, ok := b.Type(p.Type)
	if !ok || !t.Entitled {
		return refusal(errs.Invalid, "type", "leave.error.no_type")
	}
	return errors.Join(p.Terms.Check(t.Unit), b.checkNamed(&p.Terms))
}

// checkNamed notes the types of leave that terms name and that there are not.
func (b *Rulebook) checkNamed(t *Terms) error {
	var f people.Faults
	unknown := func(id string) bool {
		_, ok := b.Type(id)
		return !ok
	}
	for i, a := range t.Away {
		if slices.ContainsFunc(a.Types, unknown) {
			f.Add(fmt.Sprintf("away%d_who", i), "leave.error.no_type")
		}
	}
	for i, x := range t.CarryOver.Longer {
		if slices.ContainsFunc(x.Types, unknown) {
			f.Add(fmt.Sprintf("longer%d_types", i), "leave.error.no_type")
		}
	}
	for k := range t.Also {
		f.Under(fmt.Sprintf("pot%d_", k+1), b.checkNamed(&t.Also[k]))
	}
	return f.Err()
}
