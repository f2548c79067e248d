// SPDX-License-Identifier: Apache-2.0

package people

import (
	"slices"
	"strings"
	"testing"

	"verlof/errs"
)

// with gives a person of the fake roles.
func (f *fake) with(id ID, roles Roles, custom ...string) {
	p := f.persons[id]
	p.Roles, p.Custom = roles, custom
	f.persons[id] = p
	f.revision++
}

// TestWhatRolesAllow is a table of every right over eve and over the customer: by it nobody
// gets one more unnoticed. Max leads eve, sam is in her team, ada is in none.
func TestWhatRolesAllow(t *testing.T) {
	const person = "see-away see-leave see-events see-birth ask-leave decide-leave keep-balances know-sick report-sick"
	for _, tt := range []struct {
		by    ID
		roles Roles
		want  string
	}{
		{"eve", 0, "see-away see-leave see-events see-birth ask-leave know-sick report-sick follow-sickness"},
		{"sam", 0, "see-away"},
		{"max", 0, "see-away see-leave ask-leave decide-leave know-sick report-sick"},
		{"ada", 0, ""},
		{"ada", SicknessOfficer, "see-away know-sick report-sick follow-sickness"},
		{"ada", SystemManager, "see-sign-in keep-settings keep-sign-in"},
		{"ada", Payroll, "see-away see-leave see-reports settle-leave"},
		{"ada", Auditor, "see-away see-leave see-events see-birth see-setup see-reports see-record see-sign-in"},
		{"ada", Administrator, person + " see-setup see-reports see-record see-sign-in keep-people keep-rules keep-years settle-leave keep-settings keep-sign-in keep-roles"},
	} {
		s, f := house(t)
		f.with(tt.by, tt.roles)
		v, err := s.Viewer(t.Context(), tt.by)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for r := range AllRights.All() {
			if v.Over(r, "eve") {
				got = append(got, r.String())
			}
		}
		if g := strings.Join(got, " "); g != tt.want {
			t.Errorf("%s as %v:\n got %s\nwant %s", tt.by, tt.roles.Names(), g, tt.want)
		}
	}
}

// TestRolesForTeams: a role over a team is over its members, and over nobody else, not even
// its holder, and not after they left the team.
func TestRolesForTeams(t *testing.T) {
	s, f := house(t)
	f.roles["hr"] = Role{ID: "hr", Name: "HR Sales", Rights: Set(DecideLeave), Teams: []string{"sales"}}
	f.with("old", 0, "hr")
	old := f.persons["old"]
	old.Active = true
	f.persons["old"] = old
	v, err := s.Viewer(t.Context(), "old")
	if err != nil {
		t.Fatal(err)
	}
	for p, want := range map[ID]bool{"eve": true, "max": true, "ada": false, "old": false} {
		if v.MayDecide(p) != want || v.ByRole(DecideLeave, p) != want {
			t.Errorf("decides on %s: %v, want %v", p, !want, want)
		}
	}
	if !v.OverTeam(DecideLeave, "sales") || v.OverTeam(DecideLeave, "other") || v.Has(DecideLeave) || v.IsManager() || !v.Decides() {
		t.Error("a role over one team is over others, or is none")
	}
	if _, err := s.SaveTeam(t.Context(), "ada", Team{ID: "sales", Name: "Sales", Members: []ID{"sam"}}); err != nil {
		t.Fatal(err)
	}
	if v, _ = s.Viewer(t.Context(), "old"); v.MayDecide("eve") || !v.MayDecide("sam") {
		t.Error("decides on somebody who left the team")
	}
}

// TestNobodyGivesWhatTheyLack: sam keeps people and roles and settles leave, and gives that
// much and nothing more, to nobody, by no way.
func TestNobodyGivesWhatTheyLack(t *testing.T) {
	keeper := Role{ID: "keeper", Name: "Keeper", Rights: Set(KeepPeople, KeepRoles, SettleLeave), Everybody: true}
	save := func(change func(*Person), id ID) func(*Service, *fake) error {
		return func(s *Service, f *fake) error {
			p := f.persons[id]
			change(&p)
			return s.SavePerson(t.Context(), "sam", p)
		}
	}
	role := func(r Role) func(*Service, *fake) error {
		return func(s *Service, _ *fake) error { _, err := s.SaveRole(t.Context(), "sam", r); return err }
	}
	team := func(x Team) func(*Service, *fake) error {
		return func(s *Service, _ *fake) error { _, err := s.SaveTeam(t.Context(), "sam", x); return err }
	}
	for name, tt := range map[string]struct {
		do   func(*Service, *fake) error
		want string
	}{
		"themselves": {save(func(p *Person) { p.Roles = Administrator }, "sam"), "conflict roles not_yours_to_give"},
		"another":    {save(func(p *Person) { p.Roles = Administrator }, "eve"), "conflict roles not_yours_to_give"},
		"sickness":   {save(func(p *Person) { p.Roles = SicknessOfficer }, "eve"), "conflict roles not_yours_to_give"},
		"take":       {save(func(p *Person) { p.Roles = 0 }, "ada"), "conflict roles not_yours_to_give"},
		"mail":       {save(func(p *Person) { p.Email = "sam2@example.com" }, "ada"), "conflict email may_more"},
		"first mail": {func(s *Service, f *fake) error {
			unknown := f.persons["ada"]
			unknown.Email = ""
			f.persons["ada"] = unknown
			return save(func(p *Person) { p.Email = "sam2@example.com" }, "ada")(s, f)
		}, "conflict email may_more"},
		"mail of who leads": {save(func(p *Person) { p.Email = "sam2@example.com" }, "max"), "conflict email may_more"},
		"mail of others":    {save(func(p *Person) { p.Email = "eve2@example.com" }, "eve"), ""},
		"close":             {save(func(p *Person) { p.Active = false }, "ada"), "conflict email may_more"},
		"own role":          {role(Role{ID: "keeper", Name: "Keeper", Rights: keeper.Rights | Set(KeepRules), Everybody: true}), "conflict rights not_yours_to_give"},
		"another role":      {role(Role{Name: "All", Rights: Set(DecideLeave), Everybody: true}), "conflict rights not_yours_to_give"},
		"what a right brings": {role(Role{Name: "All", Rights: Set(KeepYears, KeepBalances), Everybody: true}),
			"conflict rights not_yours_to_give"},
		"leading": {team(Team{Name: "Mine", Managers: []ID{"sam"}, Members: []ID{"eve"}}), "conflict managers not_yours_to_give"},
		"newcomer": {func(s *Service, _ *fake) error {
			_, err := s.AddPerson(t.Context(), "sam", Newcomer{Person: Person{GivenName: "Noa", Location: "home", Roles: Administrator},
				Employment: f0.employments["e-eve"], Contract: f0.contracts["c-eve"]})
			return err
		}, "conflict roles not_yours_to_give"},

		"own mail": {func(s *Service, f *fake) error {
			f.roles["local"] = Role{ID: "local", Name: "Local", Rights: Set(DecideLeave), Teams: []string{"sales"}}
			f.with("sam", 0, "keeper", "local")
			return save(func(p *Person) { p.Email = "sam2@example.com" }, "sam")(s, f)
		}, ""},
		"payroll":      {save(func(p *Person) { p.Roles = Payroll }, "eve"), ""},
		"pass it on":   {save(func(p *Person) { p.Custom = []string{"keeper"} }, "eve"), ""},
		"name":         {save(func(p *Person) { p.GivenName = "Adah" }, "ada"), ""},
		"lesser mail":  {save(func(p *Person) { p.Email = "eve2@example.com" }, "eve"), ""},
		"lesser role":  {role(Role{Name: "Readers", Rights: Set(SeeReports), Everybody: true}), ""},
		"another team": {team(Team{Name: "Other", Managers: []ID{"max"}, Members: []ID{"eve"}}), ""},
	} {
		s, f := house(t)
		f.roles["keeper"] = keeper
		f.with("sam", 0, "keeper")
		before := f.revision
		if err := tt.do(s, f); said(err) != tt.want {
			t.Errorf("%s: %q, want %q", name, said(err), tt.want)
		} else if err != nil && f.revision != before {
			t.Errorf("%s: refused and changed", name)
		}
	}
}

// f0 is what a newcomer of the tests is given.
var _, f0 = house(&testing.T{})

// TestWhoNamesSicknessOfficers: an administrator names others, who may read what the
// administrator may not, and themselves only while there is no other administrator.
func TestWhoNamesSicknessOfficers(t *testing.T) {
	s, f := house(t)
	ada, eve := f.persons["ada"], f.persons["eve"]
	eve.Roles = SicknessOfficer
	if err := s.SavePerson(t.Context(), "ada", eve); err != nil {
		t.Error("names another:", err)
	}
	f.with("max", Administrator)
	ada.Roles |= SicknessOfficer
	if err := s.SavePerson(t.Context(), "ada", ada); said(err) != "conflict roles not_yours_to_give" {
		t.Error("names themselves beside another:", err)
	}
	f.with("max", 0)
	if err := s.SavePerson(t.Context(), "ada", ada); err != nil {
		t.Error("alone:", err)
	}
}

func TestSaveRole(t *testing.T) {
	fine := Role{Name: "HR", Rights: Set(DecideLeave), Teams: []string{"sales"}}
	for name, tt := range map[string]struct {
		change func(*Role)
		want   string
	}{
		"fine":      {func(*Role) {}, ""},
		"nothing":   {func(r *Role) { *r = Role{} }, "invalid name name_missing; invalid rights rights_missing; invalid teams teams_missing"},
		"taken":     {func(r *Role) { r.Name = "PAYROLL nl" }, "conflict name name_taken"},
		"long":      {func(r *Role) { r.About = strings.Repeat("x", MaxAbout+1) }, "invalid about too_long"},
		"of all":    {func(r *Role) { r.Rights |= Set(KeepRules) }, "invalid rights right_of_all"},
		"everybody": {func(r *Role) { r.Rights, r.Everybody = Set(KeepRules), true }, ""},
		"team":      {func(r *Role) { r.Teams = []string{"moon"} }, "invalid teams no_team"},
		"unknown":   {func(r *Role) { r.ID = "none" }, "not found no_role"},
	} {
		s, f := house(t)
		f.roles["nl"] = Role{ID: "nl", Name: "Payroll NL", Rights: Set(SeeLeave), Everybody: true}
		r := fine
		tt.change(&r)
		id, err := s.SaveRole(t.Context(), "ada", r)
		if said(err) != tt.want {
			t.Errorf("%s: %q, want %q", name, said(err), tt.want)
		}
		if saved := f.roles[id]; err == nil && (saved.Name != r.Name || saved.Everybody && saved.Teams != nil) {
			t.Errorf("%s: kept %+v", name, saved)
		}
	}
	s, _ := house(t)
	for by, want := range map[ID]errs.Kind{"max": errs.Forbidden, "eve": errs.Forbidden, "nobody": errs.Unauthenticated} {
		if _, err := s.SaveRole(t.Context(), by, fine); !errs.Is(err, want) {
			t.Error(by, err)
		}
		if err := s.DeleteRole(t.Context(), by, "x"); !errs.Is(err, want) {
			t.Error(by, err)
		}
		if _, err := s.Roles(t.Context(), by); !errs.Is(err, want) {
			t.Error(by, err)
		}
	}
}

func TestDeleteRole(t *testing.T) {
	s, f := house(t)
	f.roles["nl"] = Role{ID: "nl", Name: "Payroll NL", Rights: Set(SeeLeave), Everybody: true}
	f.with("eve", 0, "nl")
	if err := s.DeleteRole(t.Context(), "ada", "nl"); said(err) != "conflict role_held" {
		t.Error("held:", err)
	}
	f.with("eve", 0)
	if err := s.DeleteRole(t.Context(), "ada", "nl"); err != nil || len(f.roles) != 0 {
		t.Error(err)
	}
	if err := s.DeleteRole(t.Context(), "ada", "nl"); said(err) != "not found no_role" {
		t.Error("gone:", err)
	}
}

// TestTheLastAdministratorByARole: a role of the customer's own with all that administrators
// may counts, and cannot be made less while nobody else is left.
func TestTheLastAdministratorByARole(t *testing.T) {
	s, f := house(t)
	all := Role{ID: "all", Name: "HR", Rights: Administrator.Rights(), Everybody: true}
	f.roles["all"] = all
	f.with("max", 0, "all")
	ada := f.persons["ada"]
	ada.Roles = 0
	if err := s.SavePerson(t.Context(), "ada", ada); err != nil {
		t.Fatal("max is left:", err)
	}
	all.Rights &^= Set(KeepRules)
	if _, err := s.SaveRole(t.Context(), "max", all); said(err) != "conflict rights last_administrator" {
		t.Error(err)
	}
	max := f.persons["max"]
	max.Custom = nil
	if err := s.SavePerson(t.Context(), "max", max); said(err) != "conflict roles last_administrator" {
		t.Error(err)
	}
	if ids := mustOrganisation(t, s).Administrators(); !slices.Equal(ids, []ID{"max"}) {
		t.Error("administrators:", ids)
	}
}

func mustOrganisation(t *testing.T, s *Service) *Organisation {
	t.Helper()
	o, err := s.Organisation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestRightNames: each right has a name, and its name means it.
func TestRightNames(t *testing.T) {
	if got := ParseRights(AllRights.Names()); got != AllRights || len(AllRights.Names()) != int(rightCount) {
		t.Errorf("%b", got)
	}
	for r := range AllRights.All() {
		if got, ok := ParseRight(r.String()); !ok || got != r {
			t.Error(r)
		}
	}
}

// TestDelicate: other roles, and another mail address of somebody who has any.
func TestDelicate(t *testing.T) {
	plain := Person{ID: "eve", Email: "eve@example.com", GivenName: "Eve"}
	payroll, desk := plain, plain
	payroll.Roles, desk.Custom = Payroll, []string{"b", "a"}
	with := func(p Person, change func(*Person)) Person { change(&p); return p }
	moved := func(p *Person) { p.Email = "eve@example.org" }
	for name, tt := range map[string]struct {
		before, after Person
		want          bool
	}{
		"nothing":            {payroll, payroll, false},
		"a_name":             {payroll, with(payroll, func(p *Person) { p.GivenName = "Eva" }), false},
		"an_address":         {plain, with(plain, moved), false},
		"a_role":             {plain, payroll, true},
		"a_role_less":        {desk, plain, true},
		"address_and_role":   {payroll, with(payroll, moved), true},
		"address_and_own":    {desk, with(desk, moved), true},
		"the_same_typed":     {payroll, with(payroll, func(p *Person) { p.Email = " Eve@Example.com " }), false},
		"in_another_order":   {desk, with(desk, func(p *Person) { p.Custom = []string{"a", "b"} }), false},
		"somebody_new":       {Person{}, plain, false},
		"somebody_with_more": {Person{}, payroll, true},
	} {
		if got := Delicate(tt.before, tt.after); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
