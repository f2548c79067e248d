// SPDX-License-Identifier: Apache-2.0

package sso

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"verlof/errs"
	"verlof/internal/relying"
	"verlof/people"
)

// Trial is what a provider said of somebody, and what would follow from it.
type Trial struct {
	Provider Provider
	Claims   []Claim
	Groups   []string
	Unknown  bool          // the provider left the groups out because they are many
	Person   people.Person // who they would be; without an ID: they would be added
	Subject  string        // the provider's name for them, by which they are known from then on
	Linked   bool          // they signed in with it before
	Refusal  *errs.Error   // why they would not be let in; nil: they would be
	Both     bool          // no second factor would be asked of them
	Roles    people.Roles  // that their groups give
	Teams    []people.Team
}

// Claim is one thing that a provider says, as it says it.
type Claim struct{ Name, Text string }

// ofProtocol are the claims that are of the token and not of the person.
var ofProtocol = []string{"aud", "azp", "at_hash", "c_hash", "exp", "iat", "iss", "jti", "nbf", "nonce", "sid"}

// try returns what a sign-in would do. It changes nothing.
func (s *Service) try(ctx context.Context, p Provider, c relying.Claims) (*Trial, error) {
	t := &Trial{Provider: p, Subject: c.Subject}
	for _, name := range slices.Sorted(maps.Keys(c.All)) {
		if slices.Contains(ofProtocol, name) {
			continue
		}
		text, ok := c.All[name].(string)
		if !ok {
			b, err := json.Marshal(c.All[name])
			if err != nil {
				return nil, err
			}
			text = string(b)
		}
		t.Claims = append(t.Claims, Claim{name, text})
	}
	if p.Groups != "" {
		groups, known := c.List(p.Groups)
		t.Groups, t.Unknown = groups, !known
	}
	err := s.Store.View(ctx, func(tx Tx) error {
		who, err := resolve(tx, &p, c, s.now())
		if known := (*errs.Error)(nil); errors.As(err, &known) && known.Kind == errs.Forbidden {
			t.Refusal, err = known, nil
		}
		if err != nil {
			return err
		}
		t.Person, t.Linked = who.person, who.link.Person != ""
		if t.Both, err = p.enough(tx, c, who.person); err != nil {
			return err
		}
		g, err := wanted(tx, &p, c)
		if err != nil {
			return err
		}
		teams, err := tx.Teams()
		t.Roles = g.roles
		t.Teams = slices.DeleteFunc(teams, func(team people.Team) bool { return !slices.Contains(g.teams, team.ID) })
		return err
	})
	return t, err
}
