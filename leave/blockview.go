// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"
	"slices"

	"verlof/calendar"
	"verlof/people"
)

// Blocks returns how far the blocks of a person are on a day, one of each type that
// asks for one. It reports NotFound for a person whose leave by may not know.
func (s *Service) Blocks(ctx context.Context, by, person people.ID, at calendar.Date) ([]BlockView, error) {
	var out []BlockView
	err := s.view(ctx, by, func(c *scene) error {
		if err := c.within(at, "at"); err != nil {
			return err
		}
		f, err := c.knownFacts(person)
		if err != nil {
			return err
		}
		for _, t := range c.book.Types {
			if v, ok := c.book.blockSeen(f, t, at); ok && !t.Retired {
				out = append(out, v)
			}
		}
		return nil
	})
	return out, err
}

// BlocksOf returns how far the blocks of a type are of those whom Overview shows, by
// person. It reports what Overview reports.
func (s *Service) BlocksOf(ctx context.Context, by people.ID, at calendar.Date, team, typ string) (map[people.ID]BlockView, error) {
	book, everybody, err := s.overviewFacts(ctx, by, at, team)
	if err != nil {
		return nil, err
	}
	out := map[people.ID]BlockView{}
	t, ok := book.Type(typ)
	if !ok || !book.asksBlock(typ) {
		return out, nil
	}
	views := make([]*BlockView, len(everybody))
	onAllCores(len(everybody), func(i int) {
		if v, ok := book.blockSeen(everybody[i], t, at); ok {
			views[i] = &v
		}
	})
	for i, v := range views {
		if v != nil {
			out[everybody[i].Person.ID] = *v
		}
	}
	return out, nil
}

// asksBlock reports whether some policy of a type asks for a block.
func (b *Rulebook) asksBlock(typ string) bool {
	return slices.ContainsFunc(b.Policies, func(p Policy) bool { return p.Type == typ && !p.Terms.Block.IsZero() })
}

// blockAfter returns how far the block would be that leave on the first of some days is
// asked in, where that makes a difference; nil where it makes none.
func (b *Rulebook) blockAfter(f *Facts, t Type, r Request, today calendar.Date) *BlockView {
	before, ok := b.blockOf(f, t, r.From, today)
	if !ok || len(r.Charges) == 0 {
		return nil
	}
	with := *f
	r.State = Pending
	with.Requests = append(slices.Clip(f.Requests), r)
	after, ok := b.blockOf(&with, t, r.From, today)
	if !ok || after.Standing == before.Standing {
		return nil
	}
	return &after
}
