// SPDX-License-Identifier: Apache-2.0

package provision

import (
	"context"
	"fmt"

	"verlof/people"
)

// Rules are how the customer makes persons and teams of users and groups.
type Rules struct {
	Name        string `json:"name"`        // of the directory, as pages call it
	Groups      bool   `json:"groups"`      // a new group becomes the team of that name
	Departments bool   `json:"departments"` // somebody belongs to the team that has the name of their department
	Confirm     bool   `json:"confirm"`     // whoever works here moves between teams once HR says so
	Invite      bool   `json:"invite"`      // a new person is invited by mail to sign in

	// What a new person begins with: the place they are put at, and what HR is offered for
	// the contract.
	Location string `json:"location"`
	Pattern  string `json:"pattern"`
	Package  string `json:"package"`
}

// DefaultRules are those of a customer who chose none: nothing becomes a team by itself.
func DefaultRules() Rules { return Rules{Confirm: true} }

// Rules returns the customer's rules, which everybody may know.
func (s *Service) Rules(ctx context.Context) (r Rules, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		r, err = tx.DirectoryRules()
		return err
	})
	return r, err
}

// SaveRules changes them. It reports Forbidden unless by keeps the customer's sign-in, and
// Invalid with the field.
func (s *Service) SaveRules(ctx context.Context, by people.ID, r Rules) error {
	err := s.update(ctx, by, people.Viewer.NeedSignInKeeper, func(c *scene) error {
		r := r
		var f people.Faults
		if r.Name = people.Tidy(r.Name); len([]rune(r.Name)) > people.MaxName {
			f.Add("directory", "people.error.too_long", "count", people.MaxName)
		}
		if _, ok := c.org.Locations[r.Location]; !ok && r.Location != "" {
			f.Add("location", "people.error.location")
		}
		if _, ok := c.org.Patterns[r.Pattern]; !ok && r.Pattern != "" {
			f.Add("pattern", "people.error.pattern")
		}
		if r.Package != "" {
			if ok, err := c.HasPackage(r.Package); err != nil {
				return err
			} else if !ok {
				f.Add("package", "people.error.package")
			}
		}
		if err := f.Err(); err != nil {
			return err
		}
		return c.SaveDirectoryRules(r)
	})
	if err != nil {
		return fmt.Errorf("save the rules of the directory: %w", err)
	}
	return nil
}
