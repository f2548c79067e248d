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

// absence returns what the viewer may know of a request, and false where they
// may not even know of the absence.
func (c *scene) absence(r *Request) (Absence, bool) {
	if !c.viewer.MaySeeAbsence(r.Person) {
		return Absence{}, false
	}
	a := Absence{Person: c.org.Person(r.Person), Span: r.Span, Pending: r.State == Pending}
	if id := r.Covered(); id != "" {
		a.Substitute = c.org.Person(id)
	}
	if r.Type == ofSickness {
		a.Sick = c.viewer.MayKnowSick(r.Person, c.org.Settings)
		if c.viewer.MayReportSick(r.Person) {
			a.Report = r.ID
		}
		return a, true
	}
	t, _ := c.book.Type(r.Type)
	if c.viewer.MaySeeReason(r.Person) {
		a.Request, a.Type = r.ID, t
	} else if !t.Private {
		a.Type = t
	}
	return a, true
}

// shown is absence for somebody who may work in part all the same: how much, those may know who
// report the person sick.
func (c *scene) shown(x *absent) (Absence, bool) {
	a, ok := c.absence(&x.Request)
	if ok && x.works > 0 {
		a.Partly = true
		if c.viewer.MayReportSick(x.Person) {
			a.Works = x.works
		}
	}
	return a, ok
}

// absences returns those requests that the viewer may know of and that want
// keeps, ordered by person and day.
func (c *scene) absences(away []absent, want func(*Request) bool) []Absence {
	all := slices.Grow([]Absence(nil), len(away))
	for i := range away {
		if !want(&away[i].Request) {
			continue
		}
		if a, ok := c.shown(&away[i]); ok {
			all = append(all, a)
		}
	}
	return byPersonAndDay(all)
}

// byPersonAndDay orders absences, of which there may be many: each name is made once, and each absence moved once.
func byPersonAndDay(all []Absence) []Absence {
	names := map[people.ID]string{}
	places := make([]int, len(all))
	for i := range all {
		places[i] = i
		if id := all[i].Person.ID; names[id] == "" {
			names[id] = all[i].Person.SortName()
		}
	}
	order.By(places, func(i, j int) int {
		a, b := &all[i], &all[j]
		if a.Person.ID != b.Person.ID {
			if c := cmp.Compare(names[a.Person.ID], names[b.Person.ID]); c != 0 {
				return c
			}
		}
		return sooner(*a, *b)
	})
	out := slices.Grow([]Absence(nil), len(all))
	for _, i := range places {
		out = append(out, all[i])
	}
	return out
}

// sooner orders the absences of one person by when they begin.
func sooner(a, b Absence) int {
	begin := func(x Absence) calendar.Clock { return calendar.Workday{}.Span(x.First).From }
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(begin(a), begin(b)))
}

// AwayOn returns who is away on a day, pending requests included, of those whom
// by may see.
func (s *Service) AwayOn(ctx context.Context, by people.ID, d calendar.Date) ([]Absence, error) {
	var out []Absence
	err := s.view(ctx, by, func(c *scene) error {
		away, err := c.awayIn(calendar.Range{From: d, To: d})
		out = c.absences(away, func(*Request) bool { return true })
		return err
	})
	return out, err
}

// Mine returns all requests of a person, newest first; those that wait cost what they would
// today. It reports NotFound for a person whose leave by may not know.
func (s *Service) Mine(ctx context.Context, by, person people.ID) ([]Request, error) {
	var out []Request
	err := s.view(ctx, by, func(c *scene) error {
		if err := c.mayKnow(person); err != nil {
			return err
		}
		var err error
		if out, err = c.RequestsOf(person); err == nil {
			err = c.countAgain(person, out)
		}
		return err
	})
	return out, err
}

// countAgain counts what somebody's requests that wait cost as things stand now: hours, days off or
// the policy may be others than when they were asked for.
func (c *scene) countAgain(person people.ID, requests []Request) error {
	if !slices.ContainsFunc(requests, func(r Request) bool { return r.State == Pending }) {
		return nil
	}
	f, err := c.factsToAsk(person)
	if err != nil {
		return err
	}
	for i := range requests {
		r := &requests[i]
		if t, ok := c.book.Type(r.Type); ok && r.State == Pending {
			r.Charges, _ = c.book.Count(f, t, r.Span)
		}
	}
	return nil
}

// Inbox returns the first requests that wait for a decision of by's, so many at most, and how many do: oldest first;
// those that an administrator may decide in place of others come after them, and last those
// that nobody may approve yet.
func (s *Service) Inbox(ctx context.Context, by people.ID, most int) (first []Waiting, all int, err error) {
	err = s.view(ctx, by, func(c *scene) error {
		list, err := c.inbox()
		first, all = list[:min(len(list), most)], len(list)
		for i := range first {
			if err == nil {
				first[i], err = c.waiting(first[i].Request, first[i].Handling)
			}
		}
		return err
	})
	return first, all, err
}

// ToDecide returns those that pick takes of all requests that wait for a decision of by's, in the order of Inbox. What pick
// takes costs what it would today; what it is given costs what it did when it was asked for, as nothing is read for the rest.
func (s *Service) ToDecide(ctx context.Context, by people.ID, pick func([]Request) ([]Request, error)) (out []Request, err error) {
	err = s.view(ctx, by, func(c *scene) error {
		list, err := c.inbox()
		if err != nil {
			return err
		}
		var all []Request
		for i := range list {
			all = append(all, list[i].Request)
		}
		out, err = pick(all)
		for i := range out {
			if err == nil {
				err = c.countAgain(out[i].Person, out[i:i+1])
			}
		}
		return err
	})
	return out, err
}

// inbox returns what waits for a decision of the viewer's, without what its decider wants to know besides.
func (c *scene) inbox() ([]Waiting, error) {
	pending, err := c.PendingRequests()
	if err != nil {
		return nil, err
	}
	decisions, err := c.PendingDecisions()
	if err != nil {
		return nil, err
	}
	var out []Waiting
	for i := range pending {
		h, err := c.handling(&pending[i], decisions[pending[i].ID])
		if err != nil {
			return nil, err
		}
		if h.MayDecide {
			out = append(out, Waiting{Request: pending[i], Handling: h})
		}
	}
	order.By(out, func(a, b Waiting) int { return rank(&a.Handling) - rank(&b.Handling) })
	return out, nil
}

// rank orders what waits: what is for oneself comes before what one may decide in
// place of others, and last comes what nobody may approve yet.
func rank(h *Handling) int {
	switch {
	case h.Held:
		return 2
	case h.As == AsAdministrator:
		return 1
	}
	return 0
}

// WaitingCount returns how many requests, and claims, wait for a decision of by's, and
// how much work of others for a word of by's whether they do it.
func (s *Service) WaitingCount(ctx context.Context, by people.ID) (int, error) {
	n := 0
	err := s.view(ctx, by, func(c *scene) error {
		duties, err := c.unansweredDuties()
		if n = duties; err != nil || !c.decides() {
			return err
		}
		waiting, err := c.requestsWaiting()
		if n += waiting; err != nil {
			return err
		}
		claims, err := c.PendingClaims()
		if err != nil {
			return err
		}
		for i := range claims {
			if _, _, ok := c.claimCapacity(&claims[i]); ok {
				n++
			}
		}
		return nil
	})
	return n, err
}

// requestsWaiting returns how many requests wait for a decision of the viewer's.
func (c *scene) requestsWaiting() (n int, err error) {
	pending, err := c.PendingRoutes()
	if err != nil || len(pending) == 0 {
		return 0, err
	}
	decisions, err := c.PendingDecisions()
	if err != nil {
		return 0, err
	}
	for i := range pending {
		h, err := c.handling(&pending[i], decisions[pending[i].ID])
		if err != nil {
			return 0, err
		}
		if h.MayDecide && !h.Held {
			n++
		}
	}
	return n, nil
}

// waiting adds to a request what its decider wants to know.
func (c *scene) waiting(r Request, h Handling) (Waiting, error) {
	w := Waiting{Request: r, Person: c.org.Person(r.Person), Handling: h}
	w.Type, _ = c.book.Type(r.Type)
	f, err := c.factsToAsk(r.Person)
	if err != nil {
		return w, err
	}
	if r.State == Pending {
		w.Request.Charges, _ = c.book.Count(f, w.Type, r.Span)
	}
	w.Cost = Total(w.Request.Costs(), w.Type.Unit)
	w.Years = c.book.yearParts(aside(f, &r), w.Type, w.Request.Costs())
	if w.Breaches, err = c.counted(&w.Request); err != nil {
		return w, err
	}
	if w.Was, err = c.was(&r); err != nil {
		return w, err
	}
	if w.Covering, err = c.cover(&r); err != nil {
		return w, err
	}
	w.Away, err = c.beside(r.Person, r.Range())
	return w, err
}

// without returns f less one request.
func without(f *Facts, id string) *Facts {
	c := *f
	c.Requests = slices.DeleteFunc(slices.Clone(f.Requests), func(r Request) bool { return r.ID == id })
	return &c
}

// Detail returns one request as by may see it, or NotFound.
func (s *Service) Detail(ctx context.Context, by people.ID, id string) (Detail, error) {
	var d Detail
	err := s.view(ctx, by, func(c *scene) error {
		r, err := c.request(id)
		if err != nil {
			return err
		}
		h, err := c.handle(&r)
		if err != nil {
			return err
		}
		w, err := c.waiting(r, h)
		if err != nil {
			return err
		}
		d = Detail{Request: w.Request, Person: w.Person, Type: w.Type, Cost: w.Cost, Years: w.Years, Away: w.Away, Was: w.Was,
			AskedBy: c.org.Person(r.AskedBy), Decider: c.org.Person(r.DecidedBy),
			Handling: w.Handling, Covering: w.Covering, MayName: c.mayName(&r), MayWithdraw: c.mayWithdraw(&r), MayRevise: c.mayRevise(&r) && !w.Overdue, MayCancel: c.mayCancel(&r)}
		if r.Collective != "" {
			x, err := c.Collective(r.Collective)
			if err != nil {
				return err
			}
			d.Collective = c.mayKnowCollective(&x)
		}
		_, d.Skipped = c.book.Count(&Facts{Record: *c.org.Records[r.Person]}, d.Type, r.Span)
		if !r.State.Counts() || r.State == Approved && r.To < c.todayOf(r.Person) {
			d.Years = nil // nothing is asked of the balance any more
		}
		d.Old, d.Next, err = c.changes(&r)
		d.MayChange = c.mayChange(&r) && d.Next.ID == ""
		return err
	})
	return d, err
}

// Statement returns the account of a person for one type on a day. It reports
// NotFound for a person whose leave by may not know.
func (s *Service) Statement(ctx context.Context, by, person people.ID, typ string, at calendar.Date) (Statement, error) {
	all, err := s.statements(ctx, by, person, at, "", func(t Type) bool { return t.ID == typ })
	if err != nil {
		return Statement{}, err
	}
	if len(all) == 0 {
		return Statement{}, errs.New(errs.NotFound, "leave.error.no_type")
	}
	return all[0], nil
}

// Balances returns the accounts of a person for every type that has one, on a
// day.
func (s *Service) Balances(ctx context.Context, by, person people.ID, at calendar.Date) ([]Statement, error) {
	return s.BalancesWithout(ctx, by, person, at, "")
}

// BalancesWithout returns what Balances does, as if one request were not there.
func (s *Service) BalancesWithout(ctx context.Context, by, person people.ID, at calendar.Date, request string) ([]Statement, error) {
	all, err := s.statements(ctx, by, person, at, request, func(t Type) bool { return t.Entitled })
	return slices.DeleteFunc(all, func(s Statement) bool { return s.idle() }), err
}

// MaxAhead is how many years ahead leave is looked at and asked for. Each year of an
// account takes longer than the one before: thousands of them would take minutes.
const MaxAhead = 40

// within refuses a day that lies further ahead.
func (c *scene) within(at calendar.Date, field string) error {
	if at > c.today.AddYears(MaxAhead) {
		return errs.New(errs.Invalid, "leave.error.too_far", "count", MaxAhead).At(field)
	}
	return nil
}

func (s *Service) statements(ctx context.Context, by, person people.ID, at calendar.Date, less string, want func(Type) bool) ([]Statement, error) {
	var out []Statement
	err := s.view(ctx, by, func(c *scene) error {
		if err := c.within(at, "at"); err != nil {
			return err
		}
		f, err := c.knownFacts(person)
		if err != nil {
			return err
		}
		if less != "" {
			f = without(f, less)
		}
		for _, t := range c.book.Types {
			if want(t) {
				s := c.book.Statement(f, t, at)
				c.discreet(f, &s)
				if s.Closed != nil {
					s.ClosedBy = c.org.Person(s.Closed.By)
				}
				out = append(out, s)
			}
		}
		return nil
	})
	return out, err
}
