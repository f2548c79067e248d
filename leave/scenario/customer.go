// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/order"
	"verlof/leave"
	"verlof/people"
)

// customer is what a scenario says of a customer beside persons and rules: who decides, and
// what was decided.
type customer struct {
	teams     []people.Team
	approval  []leave.ApprovalRule
	limits    []leave.Limit
	standIns  []leave.StandIn
	decisions []leave.Decision
	together  []leave.Collective
}

// store lets leave.Service act on a world as on a database.
type store struct{ w *world }

func (s store) View(_ context.Context, f func(leave.Tx) error) error { return f(memory{w: s.w}) }

// Update runs f, and puts back what it wrote where it reports an error.
func (s store) Update(_ context.Context, f func(leave.Tx) error) error {
	was, requests := s.w.customer, map[string][]leave.Request{}
	was.decisions, was.together = slices.Clone(was.decisions), slices.Clone(was.together)
	for name, p := range s.w.persons {
		requests[name] = slices.Clone(p.Requests)
	}
	err := f(memory{w: s.w})
	if err != nil {
		s.w.customer = was
		for name, p := range s.w.persons {
			p.Requests = requests[name]
		}
	}
	return err
}

// memory is a transaction on a world: as much of leave.Tx as it takes to ask, to decide,
// to stand in and to book for many. No line of a scenario comes to the rest, which is not
// there.
type memory struct {
	leave.Tx
	w *world
}

// What seldom changes.

func (m memory) Revision() (int64, error)                      { return m.w.revision, nil }
func (m memory) Teams() ([]people.Team, error)                 { return m.w.customer.teams, nil }
func (m memory) Settings() (people.Settings, error)            { return people.Settings{}, nil }
func (m memory) CustomRoles() ([]people.Role, error)           { return nil, nil }
func (m memory) Guests() ([]people.Person, error)              { return nil, nil }
func (m memory) Serving() (bool, error)                        { return false, nil }
func (m memory) OwnDays() ([]people.OwnDay, error)             { return m.w.own, nil }
func (m memory) Types() ([]leave.Type, error)                  { return m.w.book.Types, nil }
func (m memory) Packages() ([]leave.Package, error)            { return m.w.book.Packages, nil }
func (m memory) Policies() ([]leave.Policy, error)             { return m.w.book.Policies, nil }
func (m memory) StandIns() ([]leave.StandIn, error)            { return m.w.customer.standIns, nil }
func (m memory) Limits() ([]leave.Limit, error)                { return m.w.customer.limits, nil }
func (m memory) LockPerson(people.ID) error                    { return nil }
func (m memory) ReadAhead(people.ID)                           {}
func (m memory) LockLimit(string) error                        { return nil }
func (m memory) Enqueue(_, _ string, _ []byte) error           { return nil }
func (m memory) EnqueueAt(string, string, []byte, int64) error { return nil }

func (m memory) ApprovalRules() ([]leave.ApprovalRule, error) { return m.w.customer.approval, nil }

func (m memory) Locations() ([]people.Location, error) {
	return m.w.locations(), nil
}

func (m memory) Patterns() ([]people.Pattern, error) {
	var out []people.Pattern
	for id, p := range m.w.book.Patterns {
		out = append(out, people.Pattern{ID: id, Name: id, Pattern: p})
	}
	return out, nil
}

func (m memory) Records() ([]people.Record, error) {
	var out []people.Record
	for _, name := range m.w.names() {
		out = append(out, m.w.persons[name].Record)
	}
	return out, nil
}

// names returns everybody's name, in order.
func (w *world) names() []string { return slices.Sorted(maps.Keys(w.persons)) }

// What is known of one person.

func (m memory) of(id people.ID) *leave.Facts {
	if f := m.w.persons[string(id)]; f != nil {
		return f
	}
	return &leave.Facts{}
}

func (m memory) Adjustments(id people.ID) ([]leave.Adjustment, error) {
	return slices.Clone(m.of(id).Adjustments), nil
}

func (m memory) SicknessOf(id people.ID) ([]leave.Sickness, error) {
	return slices.Clone(m.of(id).Sickness), nil
}

func (m memory) Claims(id people.ID) ([]leave.Claim, error) {
	return slices.Clone(m.of(id).Claims), nil
}

func (m memory) Fixed(id people.ID) ([]leave.FixedEntitlement, error) {
	return slices.Clone(m.of(id).Fixed), nil
}

func (m memory) Closings(id people.ID) ([]leave.Closing, error) {
	return slices.Clone(m.of(id).Closings), nil
}

func (m memory) Notices(id people.ID) ([]leave.Notice, error) {
	return slices.Clone(m.of(id).Notices), nil
}

func (m memory) SickReportsIn(r calendar.Range) ([]leave.SickReport, error) {
	var out []leave.SickReport
	for _, name := range m.w.names() {
		reports, _ := m.SickReportsOf(people.ID(name))
		out = append(out, slices.DeleteFunc(reports, func(s leave.SickReport) bool { return s.From > r.To || s.Until(r.To) < r.From })...)
	}
	return out, nil
}

func (m memory) SickReportsOf(id people.ID) ([]leave.SickReport, error) {
	var out []leave.SickReport
	for _, s := range m.of(id).Sickness {
		s.Person = id
		out = append(out, leave.SickReport{Sickness: s})
	}
	return out, nil
}

// Requests.

// requests returns those of everybody that are wanted.
func (m memory) requests(wanted func(*leave.Request) bool) []leave.Request {
	var out []leave.Request
	for _, name := range m.w.names() {
		for i := range m.w.persons[name].Requests {
			if r := &m.w.persons[name].Requests[i]; wanted(r) {
				x := *r
				x.Substitutes = slices.Clone(r.Substitutes)
				out = append(out, x)
			}
		}
	}
	return out
}

func (m memory) Request(id string) (leave.Request, error) {
	found := m.requests(func(r *leave.Request) bool { return r.ID == id })
	if len(found) == 0 {
		return leave.Request{}, errs.New(errs.NotFound, "leave.error.no_request")
	}
	return found[0], nil
}

func (m memory) CountingRequests(id people.ID) ([]leave.Request, error) {
	return m.requests(func(r *leave.Request) bool { return r.Person == id && r.State.Counts() }), nil
}

func (m memory) RequestsOf(id people.ID) ([]leave.Request, error) {
	out := m.requests(func(r *leave.Request) bool { return r.Person == id })
	slices.Reverse(out)
	return out, nil
}

func (m memory) AwayIn(in calendar.Range) (list []leave.OnLeave, err error) {
	requests, err := m.RequestsIn(in)
	for i := range requests {
		list = append(list, leave.OnLeave{Request: requests[i].ID, Person: requests[i].Person, Range: requests[i].Range()})
	}
	return list, err
}

func (m memory) RequestsIn(in calendar.Range) ([]leave.Request, error) {
	return m.requests(func(r *leave.Request) bool { return r.State.Counts() && r.Range().Overlaps(in) }), nil
}

func (m memory) RequestsOfIn(id people.ID, in calendar.Range) ([]leave.Request, error) {
	all, _ := m.RequestsIn(in)
	return slices.DeleteFunc(all, func(r leave.Request) bool { return r.Person != id }), nil
}

func (m memory) PendingRoutes() ([]leave.Request, error) {
	out := m.requests(func(r *leave.Request) bool { return r.State == leave.Pending })
	order.By(out, func(a, b leave.Request) int { return cmp.Compare(a.AskedAt, b.AskedAt) })
	return out, nil
}

func (m memory) PendingRequests() ([]leave.Request, error) { return m.PendingRoutes() }

func (m memory) SubstituteRequests(id people.ID, since calendar.Date) ([]leave.Request, error) {
	out := m.requests(func(r *leave.Request) bool {
		return r.State.Counts() && r.To >= since && r.Substitute().Person == id
	})
	order.By(out, func(a, b leave.Request) int { return cmp.Compare(a.From, b.From) })
	return out, nil
}

func (m memory) InsertRequest(r leave.Request) error {
	f := m.of(r.Person)
	f.Requests = append(f.Requests, r)
	return nil
}

func (m memory) UpdateRequest(r leave.Request) error {
	f := m.of(r.Person)
	if i := slices.IndexFunc(f.Requests, func(o leave.Request) bool { return o.ID == r.ID }); i >= 0 {
		f.Requests[i] = r
	}
	return nil
}

// Decisions.

func (m memory) Decisions(request string) ([]leave.Decision, error) {
	var out []leave.Decision
	for _, d := range m.w.customer.decisions {
		if d.Request == request {
			out = append(out, d)
		}
	}
	return out, nil
}

func (m memory) InsertDecision(d leave.Decision) error {
	m.w.customer.decisions = append(m.w.customer.decisions, d)
	return nil
}

// Leave for many.

func (m memory) collective(id string) int {
	return slices.IndexFunc(m.w.customer.together, func(c leave.Collective) bool { return c.ID == id })
}

func (m memory) Collective(id string) (leave.Collective, error) {
	if i := m.collective(id); i >= 0 {
		return m.w.customer.together[i], nil
	}
	return leave.Collective{}, errs.New(errs.NotFound, "leave.error.no_collective")
}

func (m memory) RequestsInCollective(id string) ([]leave.Request, error) {
	return m.requests(func(r *leave.Request) bool { return r.Collective == id }), nil
}

func (m memory) InsertCollective(c leave.Collective) error {
	m.w.customer.together = append(m.w.customer.together, c)
	return nil
}

func (m memory) UpdateCollective(c leave.Collective) error {
	m.w.customer.together[m.collective(c.ID)] = c
	return nil
}
