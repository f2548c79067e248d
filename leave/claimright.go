// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"
	"slices"

	"verlof/errs"
	"verlof/people"
)

// claimDeciders returns whom a claim is put to, by name: those who lead the person, or,
// where nobody does or it is an event, the administrators. Nobody is asked about their own,
// unless nobody else is there.
func (o *office) claimDeciders(x *Claim) []people.ID {
	if leaders := o.org.Leaders(x.Person); len(leaders) > 0 && x.Kind != ClaimEvent {
		return leaders
	}
	if others := fewer(o.hr(), func(id people.ID) bool { return id == x.Person }); len(others) > 0 {
		return others
	}
	return o.hr()
}

// claimDeputies returns who stands in now for those whom a claim is put to.
func (o *office) claimDeputies(x *Claim) []Deputy {
	var out []Deputy
	for _, id := range o.claimDeciders(x) {
		out = append(out, slices.DeleteFunc(o.deputies(id), func(d Deputy) bool { return d.By == x.Person })...)
	}
	return out
}

// claimCapacity returns in which right the viewer may approve or refuse a claim that waits,
// and for whom as a stand-in; false where they may not.
func (c *scene) claimCapacity(x *Claim) (as Capacity, absent people.ID, ok bool) {
	if c.keepsClaim(x) {
		return OwnRight, "", true
	}
	if x.State != Pending || !c.standsInForAny() {
		return "", "", false
	}
	for _, d := range c.office().claimDeputies(x) {
		if d.By == c.viewer.ID {
			return AsStandIn, d.For, true
		}
	}
	return "", "", false
}

// standsInForAny reports whether the viewer is named as anybody's stand-in.
func (c *scene) standsInForAny() bool {
	return slices.ContainsFunc(c.how.StandIns, func(s StandIn) bool { return s.By == c.viewer.ID })
}

// keepsClaim reports whether the viewer decides on a claim in their own right: on an event
// only those who keep the person's balances do, and on their own only whom it is put to.
func (c *scene) keepsClaim(x *Claim) bool {
	if x.Person == c.viewer.ID {
		return slices.Contains(c.office().claimDeciders(x), x.Person)
	}
	return c.viewer.MayDecide(x.Person) && (x.Kind != ClaimEvent || c.records(x.Person))
}

// knowsClaim reports whether the viewer may know of a claim: who decides on it, be it as a
// stand-in, or has decided, may too.
func (c *scene) knowsClaim(x *Claim) bool {
	_, _, decides := c.claimCapacity(x)
	return decides || c.maySeeClaim(x) || x.DecidedBy == c.viewer.ID
}

// ClaimAsked returns whom a claim is put to now, to be told of it: those who decide, and
// those who stand in for them. Nobody is asked whether they may know. It reports NotFound
// for a claim that is not there.
func (s *Service) ClaimAsked(ctx context.Context, claim string) ([]people.ID, error) {
	var out []people.ID
	err := s.watch(ctx, func(c *scene) error {
		x, err := c.Claim(claim)
		if errs.Is(err, errs.NotFound) {
			return errNoClaim
		}
		if err != nil {
			return err
		}
		desk := c.office()
		out = fewer(desk.claimDeciders(&x), func(id people.ID) bool { return id == x.Person })
		for _, d := range desk.claimDeputies(&x) {
			out = append(out, d.By)
		}
		return nil
	})
	slices.Sort(out)
	return slices.Compact(out), err
}
