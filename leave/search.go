// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"context"
	"slices"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/order"
	"verlof/people"
)

// Search says which requests are looked for; what is zero does not narrow.
type Search struct {
	Person people.ID
	Team   string
	Type   string
	State  State
	From   calendar.Date // they end on this day or later
	To     calendar.Date // and begin on this day or earlier
}

// Search returns the requests that are looked for, of those whose leave by may know,
// in whatever state, latest asked first. It reports NotFound for a person whose
// leave by may not know and for a team that by may not see.
func (s *Service) Search(ctx context.Context, by people.ID, q Search) ([]Request, error) {
	var out []Request
	err := s.view(ctx, by, func(c *scene) error {
		if q.Team != "" && !c.viewer.MaySeeTeam(q.Team) {
			return errs.New(errs.NotFound, "people.error.no_team")
		}
		all, err := c.searched(q)
		out = slices.DeleteFunc(all, func(r Request) bool { return !c.viewer.MaySeeReason(r.Person) || !c.fits(q, &r) })
		return err
	})
	order.By(out, func(a, b Request) int { return cmp.Or(cmp.Compare(b.AskedAt, a.AskedAt), cmp.Compare(b.ID, a.ID)) })
	return out, err
}

// searched reads the requests among which those lie that are looked for.
func (c *scene) searched(q Search) ([]Request, error) {
	if q.Person != "" {
		if err := c.mayKnow(q.Person); err != nil {
			return nil, err
		}
		return c.RequestsOf(q.Person)
	}
	if !c.viewer.SeesLeave() {
		return c.RequestsOf(c.viewer.ID)
	}
	if who := c.sought(q); len(who) <= fewSought {
		var out []Request
		for _, id := range who {
			list, err := c.RequestsOf(id)
			if err != nil {
				return nil, err
			}
			out = append(out, list...)
		}
		return out, nil
	}
	ever := calendar.Range{From: calendar.On(1900, 1, 1), To: calendar.On(2999, 12, 31)}
	return c.RequestsEver(calendar.Range{From: cmp.Or(q.From, ever.From), To: cmp.Or(q.To, ever.To)})
}

// fewSought is of how many persons leave is read one by one: of more that of everybody is, at once.
const fewSought = 30

// sought returns whose leave is looked for, of those of whom the viewer may know it.
func (c *scene) sought(q Search) []people.ID {
	return fewer(c.org.Order, func(id people.ID) bool {
		return !c.viewer.MaySeeReason(id) || q.Team != "" && !c.org.InTeam(id, q.Team)
	})
}

func (c *scene) fits(q Search, r *Request) bool {
	return (q.Team == "" || c.org.InTeam(r.Person, q.Team)) && (q.Type == "" || r.Type == q.Type) && (q.State == "" || r.State == q.State) &&
		(q.From.IsZero() || r.To >= q.From) && (q.To.IsZero() || r.From <= q.To)
}
