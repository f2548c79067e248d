// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/id"
	"verlof/people"
)

// Pin says which rule of a law a policy was made from, as the law was on a day.
// The zero Pin stands for a policy made by hand.
type Pin struct {
	Law   string        // code of the template, such as "NL"
	Rule  string        // id of the rule in it
	Dated calendar.Date // date of the law that was followed
	Extra exact.Rat     // a year on top, in the unit of the type
}

// IsZero reports whether no law was followed.
func (p Pin) IsZero() bool { return p.Law == "" }

// Adoption is what a customer takes from the template of a law: leave types, and
// the policies that grant them in a package.
type Adoption struct {
	Package Package       // without an id: a new one
	From    calendar.Date // of the policies; zero: since ever
	Rules   []Adopted
}

// Adopted is one rule of a law that is taken over.
type Adopted struct {
	Type  Type  // without an id: a new one
	Terms Terms // for an entitled type
	Pin   Pin

	id string // of a new type, where it is made once more; empty: it gets one
}

// Pots returns the terms of each pot behind the type, the first being t's own.
func (t *Terms) Pots() []Terms {
	var out []Terms
	for k := range 1 + len(t.Also) {
		out = append(out, t.pot(k))
	}
	return out
}

// Equal reports whether two terms say the same.
func (t *Terms) Equal(o *Terms) bool {
	a, errA := json.Marshal(t)
	b, errB := json.Marshal(o)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// Adopt makes the leave types and policies of an adoption, all or none of them,
// and returns the id of the package. It reports Conflict where a name is taken,
// where a type that is there is counted in another unit, or where the package has
// a policy of the type from that day or a later one already, which would go before
// the new one; the field is "type-" and the rule.
func (s *Service) Adopt(ctx context.Context, by people.ID, a Adoption) (string, error) {
	var pkg string
	err := s.keep(ctx, by, func(c *scene) error {
		a := a
		a.Rules = slices.Clone(a.Rules)
		if err := c.checkAdoption(&a); err != nil {
			return err
		}
		if a.Package.ID == "" {
			a.Package.ID = id.New(s.Now())
			if err := c.SavePackage(a.Package); err != nil {
				return err
			}
		}
		pkg = a.Package.ID
		for i := range a.Rules {
			if err := c.adopt(&a, &a.Rules[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("take over a law: %w", err)
	}
	return pkg, nil
}

// adopt writes what one rule gives.
func (c *scene) adopt(a *Adoption, r *Adopted) error {
	if r.Type.ID == "" {
		r.Type.ID = cmp.Or(r.id, id.New(c.s.Now()))
		if err := c.SaveType(r.Type); err != nil {
			return err
		}
	}
	if !r.Type.Entitled {
		return nil
	}
	return c.SavePolicy(Policy{ID: id.New(c.s.Now()), Package: a.Package.ID, Type: r.Type.ID, From: a.From, Terms: r.Terms, Law: r.Pin})
}

// checkAdoption notes what stands in the way.
func (c *scene) checkAdoption(a *Adoption) error {
	var f people.Faults
	if len(a.Rules) == 0 {
		f.Add("rules", "leave.error.no_rules")
	}
	if !a.From.IsZero() {
		f.Date("from", a.From)
	}
	c.checkAdopter(&f, &a.Package)
	all := []error{f.Err()}
	taken := map[string]bool{}
	for i := range a.Rules {
		r := &a.Rules[i]
		if err := c.checkAdopted(a, r, taken); err != nil {
			all = append(all, errs.As(err).At("type-"+r.Pin.Rule))
		}
		taken[key(r)] = true
	}
	return errors.Join(all...)
}

// key tells the types of an adoption apart.
func key(r *Adopted) string {
	if r.Type.ID != "" {
		return r.Type.ID
	}
	return "name " + strings.ToLower(r.Type.Name)
}

// checkAdopter notes what is wrong with the package.
func (c *scene) checkAdopter(f *people.Faults, p *Package) {
	if p.ID != "" {
		if !slices.ContainsFunc(c.book.Packages, func(o Package) bool { return o.ID == p.ID }) {
			f.Add("package", "people.error.package")
		}
		return
	}
	f.Name("name", &p.Name)
	for _, o := range c.book.Packages {
		if strings.EqualFold(o.Name, p.Name) {
			*f = append(*f, refusal(errs.Conflict, "name", "people.error.name_taken"))
		}
	}
}

// checkAdopted returns what is wrong with one rule: the first thing, since the
// page has one place for it.
func (c *scene) checkAdopted(a *Adoption, r *Adopted, taken map[string]bool) error {
	if taken[key(r)] {
		return errs.New(errs.Conflict, "leave.error.policy_taken")
	}
	if r.Type.ID == "" {
		if err := c.checkType(&r.Type); err != nil {
			return err
		}
	} else {
		t, ok := c.book.Type(r.Type.ID)
		if !ok {
			return errs.New(errs.NotFound, "leave.error.no_type")
		}
		if t.Unit != r.Type.Unit || t.Entitled != r.Type.Entitled {
			return errs.New(errs.Conflict, "leave.error.law_other_type")
		}
		r.Type = t
	}
	if !r.Type.Entitled {
		return nil
	}
	if err := r.Terms.Check(r.Type.Unit); err != nil {
		return err
	}
	if a.Package.ID == "" {
		return nil
	}
	for _, p := range c.book.Policies {
		if p.Package != a.Package.ID || p.Type != r.Type.ID {
			continue
		}
		switch {
		case p.From == a.From:
			return errs.New(errs.Conflict, "leave.error.policy_taken")
		case p.From > a.From:
			return errs.New(errs.Conflict, "leave.error.policy_later", "day", p.From)
		}
	}
	return nil
}
