// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/people"
)

// rules is a store in memory that holds the rules of a customer, and ada who keeps
// them beside eve who does not. What is not asked for here is not there.
type rules struct {
	Tx
	types    []Type
	packages []Package
	policies []Policy
	used     []string // types that requests are of
	revision int64
}

func (r *rules) View(_ context.Context, f func(Tx) error) error { return f(r) }
func (r *rules) Update(_ context.Context, f func(Tx) error) error {
	tx := *r
	tx.types, tx.packages, tx.policies = slices.Clone(r.types), slices.Clone(r.packages), slices.Clone(r.policies)
	if err := f(&tx); err != nil {
		return err
	}
	*r = tx
	return nil
}

func (r *rules) Revision() (int64, error) { return r.revision, nil }
func (r *rules) LockOrganisation() error  { r.revision++; return nil }
func (r *rules) Records() ([]people.Record, error) {
	return []people.Record{
		{Person: people.Person{ID: "ada", Active: true, Roles: people.Administrator}},
		{Person: people.Person{ID: "eve", Active: true, Roles: people.SystemManager}},
	}, nil
}
func (r *rules) Teams() ([]people.Team, error)         { return nil, nil }
func (r *rules) Guests() ([]people.Person, error)      { return nil, nil }
func (r *rules) Serving() (bool, error)                { return false, nil }
func (r *rules) CustomRoles() ([]people.Role, error)   { return nil, nil }
func (r *rules) Settings() (people.Settings, error)    { return people.Settings{}, nil }
func (r *rules) Locations() ([]people.Location, error) { return nil, nil }
func (r *rules) OwnDays() ([]people.OwnDay, error)     { return nil, nil }
func (r *rules) Patterns() ([]people.Pattern, error) {
	return []people.Pattern{
		{ID: "full", Pattern: calendar.MustParsePattern("mon-fri")},
		{ID: "three", Pattern: calendar.MustParsePattern("mon-wed")},
	}, nil
}
func (r *rules) Types() ([]Type, error)                 { return r.types, nil }
func (r *rules) Packages() ([]Package, error)           { return r.packages, nil }
func (r *rules) Policies() ([]Policy, error)            { return r.policies, nil }
func (r *rules) ApprovalRules() ([]ApprovalRule, error) { return nil, nil }
func (r *rules) StandIns() ([]StandIn, error)           { return nil, nil }
func (r *rules) Limits() ([]Limit, error)               { return nil, nil }
func (r *rules) UsesType(id string) (bool, error)       { return slices.Contains(r.used, id), nil }
func (r *rules) SaveType(t Type) error {
	r.types = append(slices.DeleteFunc(r.types, func(o Type) bool { return o.ID == t.ID }), t)
	return nil
}
func (r *rules) SavePackage(p Package) error {
	r.packages = append(slices.DeleteFunc(r.packages, func(o Package) bool { return o.ID == p.ID }), p)
	return nil
}
func (r *rules) SavePolicy(p Policy) error {
	r.policies = append(slices.DeleteFunc(r.policies, func(o Policy) bool { return o.ID == p.ID }), p)
	return nil
}
func (r *rules) DeletePolicy(id string) error {
	r.policies = slices.DeleteFunc(r.policies, func(o Policy) bool { return o.ID == id })
	return nil
}

var good = Terms{Amount: exact.Int(25), FullTime: exact.Int(5), Accrual: AtYearStart, Proration: ByMonths}

func settings() (*Service, *rules) {
	r := &rules{
		revision: 1,
		types: []Type{
			{ID: "holiday", Name: "Holiday", Colour: 1, Unit: Days, Counting: WorkingTime, Entitled: true},
			{ID: "sick", Name: "Sickness", Colour: 2, Unit: Days, Counting: WorkingTime},
			{ID: "new", Name: "New", Colour: 3, Unit: Days, Counting: WorkingTime, Entitled: true},
		},
		packages: []Package{{"all", "Everybody"}},
		policies: []Policy{{ID: "p1", Package: "all", Type: "holiday", Terms: good}},
		used:     []string{"sick"},
	}
	return &Service{Store: r, Now: func() time.Time { return time.Date(2026, 3, 16, 9, 0, 0, 0, time.UTC) }}, r
}

// said returns kind, field and sentence of every error in err, in order.
func said(err error) string {
	for ; err != nil; err = errors.Unwrap(err) {
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			var all []string
			for _, one := range many.Unwrap() {
				all = append(all, said(one))
			}
			return strings.Join(all, "; ")
		}
		if e, ok := err.(*errs.Error); ok {
			key := strings.TrimPrefix(e.Public, "leave.error.")
			return strings.Join(slices.DeleteFunc([]string{e.Kind.String(), e.Field, key}, func(s string) bool { return s == "" }), " ")
		}
	}
	return ""
}

func TestSaveType(t *testing.T) {
	for name, tt := range map[string]struct {
		t    Type
		want string
	}{
		"added":              {Type{Name: "Study", Colour: 4, Unit: Hours, Counting: WorkingTime}, ""},
		"renamed":            {Type{ID: "holiday", Name: "Vacation", Colour: 1, Unit: Days, Counting: WorkingTime, Entitled: true}, ""},
		"retired":            {Type{ID: "sick", Name: "Sickness", Colour: 2, Unit: Days, Counting: WorkingTime, Retired: true}, ""},
		"unit_of_a_new_one":  {Type{ID: "new", Name: "New", Colour: 3, Unit: Hours, Counting: WorkingTime, Entitled: true}, ""},
		"unit_with_policies": {Type{ID: "holiday", Name: "H", Colour: 1, Unit: Hours, Counting: WorkingTime, Entitled: true}, "conflict unit unit_used"},
		"unit_with_requests": {Type{ID: "sick", Name: "S", Colour: 1, Unit: Hours, Counting: WorkingTime}, "conflict unit unit_used"},
		"entitled":           {Type{ID: "holiday", Name: "H", Colour: 1, Unit: Days, Counting: WorkingTime}, "conflict entitled type_has_policies"},
		"name_taken":         {Type{Name: "holiday", Colour: 1, Unit: Days, Counting: WorkingTime}, "conflict name people.error.name_taken"},
		"nothing":            {Type{}, "invalid name people.error.name_missing; invalid unit unit; invalid counting counting; invalid colour colour"},
		"calendar_hours":     {Type{Name: "X", Colour: 1, Unit: Hours, Counting: CalendarDays}, "invalid counting calendar_hours"},
		"order":              {Type{Name: "X", Colour: 13, Unit: Days, Counting: CalendarDays, Order: -1}, "invalid colour colour; invalid order order"},
		"unknown":            {Type{ID: "x", Name: "X", Colour: 1, Unit: Days, Counting: WorkingTime}, "not found no_type"},
	} {
		s, r := settings()
		id, err := s.SaveType(t.Context(), "ada", tt.t)
		if said(err) != tt.want {
			t.Errorf("%s: got %q, want %q", name, said(err), tt.want)
		}
		if (err == nil) != (id != "") || (err == nil) != (r.revision > 1) {
			t.Errorf("%s: id %q, revision %d, %v", name, id, r.revision, err)
		}
	}
}

func TestSavePackageAndPolicy(t *testing.T) {
	bad := good
	bad.Amount, bad.Debt, bad.Accrual, bad.YearStart = exact.Int(-1), exact.Int(367), "", MonthDay{time.February, 30}
	carry := good
	carry.CarryOver = CarryOver{Max: exact.Int(5), Keep: exact.Int(6)}
	all := good
	all.CarryOver = CarryOver{All: true, Keep: exact.Int(6), Expires: MonthDay{time.July, 1}}
	lists := good
	lists.Levels = []Level{{After: 12, Amount: exact.Int(26)}, {After: -1, Amount: exact.Int(400)}}
	lists.Bonuses = []Bonus{{Age: 130, Start: "soon"}}
	lists.Away = []Away{{Weeks: -1}}
	lists.Unspent = []Unspent{{Least: exact.Int(-1)}}
	lists.CarryOver.Longer = []Longer{{Most: exact.Int(-1)}}
	lists.Also = []Terms{{Levels: []Level{{After: 1201}}}}
	named := good
	named.Away, named.CarryOver.Longer = []Away{{Types: []string{"sick", "none"}}}, []Longer{{Types: []string{"none"}, Term: Term{Months: 1}}}
	named.Also = []Terms{{Away: []Away{{Types: []string{"none"}}}}}
	const listFaults = "invalid level1_after number; invalid level1_amount amount_range; invalid bonus0_at number; invalid bonus0_start not_listed; " +
		"invalid away0_weeks number; invalid away0_who away_who; invalid unspent0_least amount_range; invalid unspent0_after month_day; " +
		"invalid longer0_most amount_range; invalid longer0_term term; invalid pot1_level0_after number"
	for name, tt := range map[string]struct {
		p    Policy
		want string
	}{
		"followed":   {Policy{Package: "all", Type: "holiday", From: calendar.On(2027, 1, 1), Terms: good}, ""},
		"changed":    {Policy{ID: "p1", Package: "all", Type: "holiday", Terms: all}, ""},
		"other_type": {Policy{Package: "all", Type: "new", Terms: good}, ""},
		"twice":      {Policy{Package: "all", Type: "holiday", Terms: good}, "conflict from policy_taken"},
		"unentitled": {Policy{Package: "all", Type: "sick", Terms: good}, "invalid type no_type"},
		"package":    {Policy{Package: "x", Type: "new", Terms: good}, "invalid package people.error.package"},
		"far":        {Policy{Package: "all", Type: "new", From: calendar.On(226, 1, 1), Terms: good}, "invalid from people.error.date_far"},
		"terms": {Policy{Package: "all", Type: "new", Terms: bad},
			"invalid amount amount_range; invalid debt amount_range; invalid year_start month_day; invalid accrual not_listed"},
		"named":   {Policy{Package: "all", Type: "new", Terms: named}, "invalid away0_who no_type; invalid longer0_types no_type; invalid pot1_away0_who no_type"},
		"lists":   {Policy{Package: "all", Type: "new", Terms: lists}, listFaults},
		"keep":    {Policy{Package: "all", Type: "new", Terms: carry}, "invalid carry_keep keep_more"},
		"unknown": {Policy{ID: "x", Package: "all", Type: "new", Terms: good}, "not found no_policy"},
	} {
		s, _ := settings()
		if _, err := s.SavePolicy(t.Context(), "ada", tt.p); flat(said(err)) != tt.want {
			t.Errorf("%s: got %q, want %q", name, flat(said(err)), tt.want)
		}
	}
	for name, tt := range map[string]struct {
		p    Package
		want string
	}{
		"added": {Package{Name: "Interns"}, ""}, "renamed": {Package{"all", "All"}, ""},
		"taken": {Package{Name: "EVERYBODY"}, "conflict name people.error.name_taken"}, "nothing": {Package{}, "invalid name people.error.name_missing"},
		"unknown": {Package{"x", "X"}, "not found no_package"},
	} {
		s, _ := settings()
		if _, err := s.SavePackage(t.Context(), "ada", tt.p); said(err) != tt.want {
			t.Errorf("%s: got %q, want %q", name, said(err), tt.want)
		}
	}
	s, r := settings()
	if err := s.DeletePolicy(t.Context(), "ada", "p1"); err != nil || len(r.policies) != 0 {
		t.Error(err)
	}
	if err := s.DeletePolicy(t.Context(), "ada", "p1"); said(err) != "not found no_policy" {
		t.Error(err)
	}
}

// flat takes out the joints of an error within an error.
func flat(s string) string { return strings.Trim(strings.ReplaceAll(s, "; ; ", "; "), "; ") }

// TestOnlyAdministratorsSet asks a system manager, who is none.
func TestOnlyAdministratorsSet(t *testing.T) {
	ctx := context.Background()
	for name, act := range map[string]func(*Service) error{
		"SaveType":     func(s *Service) error { _, err := s.SaveType(ctx, "eve", Type{}); return err },
		"SavePackage":  func(s *Service) error { _, err := s.SavePackage(ctx, "eve", Package{Name: "X"}); return err },
		"SavePolicy":   func(s *Service) error { _, err := s.SavePolicy(ctx, "eve", Policy{}); return err },
		"DeletePolicy": func(s *Service) error { return s.DeletePolicy(ctx, "eve", "p1") },
		"Example":      func(s *Service) error { _, err := s.Example(ctx, "eve", Policy{}, Case{}); return err },
	} {
		s, r := settings()
		if err := act(s); !errs.Is(err, errs.Forbidden) || r.revision != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestExample(t *testing.T) {
	half := good
	half.Amount = exact.Int(24)
	p := Policy{Type: "holiday", From: calendar.On(2030, 1, 1), Terms: half}
	for name, tt := range map[string]struct {
		change func(*Policy, *Case)
		want   string
	}{
		"a_year":       {func(_ *Policy, x *Case) { x.Joins = calendar.On(2026, 1, 1) }, "24"},
		"from_july":    {func(*Policy, *Case) {}, "12"},
		"part_time":    {func(_ *Policy, x *Case) { x.Pattern = "three" }, "36/5"},
		"leaves":       {func(_ *Policy, x *Case) { x.Leaves = calendar.On(2026, 9, 30) }, "6"},
		"accrued":      {func(p *Policy, x *Case) { p.Terms.Accrual = MonthEnd; x.At = calendar.On(2026, 8, 31) }, "4"},
		"terms":        {func(p *Policy, _ *Case) { p.Terms.Accrual = "" }, "invalid accrual not_listed"},
		"leaves_early": {func(_ *Policy, x *Case) { x.Leaves = 1 }, "invalid leaves people.error.date_far; invalid leaves people.error.ends_before"},
		"nobody":       {func(_ *Policy, x *Case) { *x = Case{} }, "invalid joins people.error.date_missing; invalid pattern people.error.pattern"},
		"of_an_age": {func(p *Policy, x *Case) {
			p.Terms.Bonuses, x.Born, x.Joins = []Bonus{{Age: 50, Amount: exact.Int(2)}}, calendar.On(1970, 3, 1), calendar.On(2026, 1, 1)
		}, "26"},
		"on_leave": {func(_ *Policy, x *Case) {
			x.Away, x.From, x.To = "holiday", calendar.On(2026, 8, 3), calendar.On(2026, 8, 4)
		}, "10"},
		"ill": {func(p *Policy, x *Case) {
			p.Terms.Accrual, p.Terms.Away = MonthEnd, []Away{{Sick: true}}
			x.Away, x.From, x.To = Ill, calendar.On(2026, 8, 1), calendar.On(2026, 8, 31)
		}, "10"},
		"away_backwards": {func(_ *Policy, x *Case) {
			x.Away, x.From, x.To = "holiday", calendar.On(2026, 8, 3), calendar.On(2026, 8, 2)
		}, "invalid away_to people.error.ends_before"},
		"away_nowhere": {func(_ *Policy, x *Case) { x.Away, x.From = "nonesuch", calendar.On(2026, 8, 3) },
			"invalid away no_type; invalid away_to people.error.date_missing"},
		"recorded": {func(p *Policy, _ *Case) { p.Type = "sick" }, "invalid type no_type"},
	} {
		s, _ := settings()
		p, x := p, Case{Joins: calendar.On(2026, 7, 1), Pattern: "full"}
		tt.change(&p, &x)
		got, err := s.Example(t.Context(), "ada", p, x)
		if err != nil {
			if flat(said(err)) != tt.want {
				t.Errorf("%s: got %q, want %q", name, flat(said(err)), tt.want)
			}
			continue
		}
		if got.Balance.String() != tt.want {
			t.Errorf("%s: got %s, want %s", name, got.Balance, tt.want)
		}
	}
}
