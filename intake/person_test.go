// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/people"
)

const employees = "externalnumber;first name;prefix;last name;email;team;manager;date in service;date out of service;hours;birth date;schedule\n"

// peopleFiles are files of people and the plans that they become.
var peopleFiles = []struct {
	name, file, want string
	options          Options
}{
	{name: "user_csv", file: "email,lastname,name,department\nANA@Example.com,Vries,Ana,Sales\nben@example.com,de Boer,Ben,Sales\n",
		want: `2 add person Ana Vries; email >ana@example.com; given >Ana; family >Vries; location >Utrecht; hired >2026-01-01; schedule >Full time; package >Standard; team >Sales
3 same person Ben de Boer
`},
	{name: "user_csv_export", file: "email,lastname,name,department,remaining allowance,days used\nben@example.com,de Boer,Ben,Sales,12.5,7\n",
		want: "2 same person Ben de Boer\n"},
	{name: "employee_list", file: employees + "7;Ana;de;Vries;ana@example.com;Finance;ada@example.com;15-03-2026;;32;01-02-1990;\n",
		want: `2* add team Finance; manager >Ada Admin
2 add person Ana de Vries; number >7; email >ana@example.com; given >Ana; family >de Vries; born >1990-02-01; location >Utrecht; hired >2026-03-15; schedule >Four days; package >Standard; team >Finance
`},
	{name: "dutch", file: "Personeelsnummer;Voornaam;Tussenvoegsel;Achternaam;E-mailadres;Afdeling;Leidinggevende;Datum in dienst;Datum uit dienst;Parttimepercentage\n" +
		"8;Eva;van der;Meer;eva@example.com;Sales;Ben de Boer;1-3-2026;31-12-2026;80%\n",
		want: `2* change team Sales; manager Ada Admin>Ada Admin, Ben de Boer
2 add person Eva van der Meer; number >8; email >eva@example.com; given >Eva; family >van der Meer; location >Utrecht; hired >2026-03-01; left >2026-12-31; schedule >Four days; package >Standard; team >Sales
`},
	{name: "german", file: "Personalnummer;Vorname;Nachname;E-Mail-Adresse;Abteilung;Führungskraft;Eintrittsdatum;Austrittsdatum;Wochenstunden;Geburtsdatum;Standort\n" +
		"9;Jürgen;Groß;juergen@example.com;Sales;Ben de Boer;01.03.2026;31.12.2026;32,0;24.12.1980;Bonn\n",
		want: `2* change team Sales; manager Ada Admin>Ada Admin, Ben de Boer
2 add person Jürgen Groß; number >9; email >juergen@example.com; given >Jürgen; family >Groß; born >1980-12-24; location >Bonn; hired >2026-03-01; left >2026-12-31; schedule >Four days; package >Standard; team >Sales
`},
	{name: "options", file: "email,name\ncas@example.com,\"Berg, Cas van den\"\n",
		options: Options{Start: calendar.MustParse("2026-06-01"), Pattern: "four days", Package: "k2", Location: "Bonn"},
		want: `2 add person Cas van den Berg; email >cas@example.com; given >Cas; family >van den Berg; location >Bonn; hired >2026-06-01; schedule >Four days; package >Senior
`},
	{name: "changes", file: employees + "100;Ben;de;Bruin;BEN@new.example.com;Support;;2025-02-01;2026-06-30;;;\n",
		want: `2 change person Ben de Bruin; email ben@example.com>ben@new.example.com; family de Boer>de Bruin; hired 2025-01-01>2025-02-01; left >2026-06-30; active true>false; team Sales>Support
`},
	{name: "other_hours_from_today", file: employees + "100;Ben;de;Boer;;;;;;32;;\n",
		want: "2 change person Ben de Boer; schedule Full time>Four days; since >2026-11-23\n"},
	{name: "other_hours_from_a_day", file: employees + "100;Ben;de;Boer;;;;;;32;;\n", options: Options{ChangesFrom: calendar.MustParse("2025-01-01")},
		want: "2 change person Ben de Boer; schedule Full time>Four days\n"},
	{name: "moves_today", file: "number;location\n100;Bonn\n",
		want: "2 change person Ben de Boer; location Utrecht>Bonn; since >2026-11-23\n"},
	{name: "always_elsewhere", file: "number;location\n100;Bonn\n", options: Options{ChangesFrom: calendar.MustParse("2025-01-01")},
		want: "2 change person Ben de Boer; location Utrecht>Bonn\n"},
	{name: "moves_with_other_hours", file: "number;location;hours\n100;Bonn;32\n", options: Options{ChangesFrom: calendar.MustParse("2026-07-01")},
		want: "2 change person Ben de Boer; schedule Full time>Four days; location Utrecht>Bonn; since >2026-07-01\n"},
	{name: "number_added", file: "number;email\n1;ada@example.com\n",
		want: "2 change person Ada Admin; number >1\n"},
	{name: "earlier_start", file: "number;date in service\n100;2024-07-01\n",
		want: "2 change person Ben de Boer; hired 2025-01-01>2024-07-01\n"},
	{name: "new_pattern", file: employees + "7;Ana;;Vries;ana@example.com;;;;;37,5;;\n9;Dee;;Wit;dee@example.com;;;;;37:30;;\n",
		want: `2* add pattern 37:30 hours a week; schedule >mon-fri 7:30 ~0:new_pattern
2 add person Ana Vries; number >7; email >ana@example.com; given >Ana; family >Vries; location >Utrecht; hired >2026-01-01; schedule >37:30 hours a week; package >Standard
3 add person Dee Wit; number >9; email >dee@example.com; given >Dee; family >Wit; location >Utrecht; hired >2026-01-01; schedule >37:30 hours a week; package >Standard
`},
	{name: "new_pattern_name_taken", file: "email;hours\nben@example.com;20\n",
		want: `2* add pattern 20:00 hours a week (2); schedule >mon-fri 4:00 ~0:new_pattern
2 change person Ben de Boer; schedule Full time>20:00 hours a week (2); since >2026-11-23
`},
	{name: "described_pattern", file: "email;name;schedule\nana@example.com;Ana Vries;mon wed\n",
		want: `2* add pattern mon wed; schedule >mon wed ~0:new_pattern
2 add person Ana Vries; email >ana@example.com; given >Ana; family >Vries; location >Utrecht; hired >2026-01-01; schedule >mon wed; package >Standard
`},
	{name: "manager_in_file", file: "number;name;email;team;manager\n7;Ana Vries;ana@example.com;IT;8\n8;Eva Meer;eva@example.com;;\n",
		want: `2* add team IT; manager >Eva Meer
2 add person Ana Vries; number >7; email >ana@example.com; given >Ana; family >Vries; location >Utrecht; hired >2026-01-01; schedule >Full time; package >Standard; team >IT
3 add person Eva Meer; number >8; email >eva@example.com; given >Eva; family >Meer; location >Utrecht; hired >2026-01-01; schedule >Full time; package >Standard
`},
	{name: "manager_without_team", file: "email;manager\nada@example.com;ben@example.com\n",
		want: "2 same person Ada Admin ~2:manager_without_team\n"},
	{name: "repeated_line", file: "email;name\nana@example.com;Ana Vries\nAna@example.com;ana  vries\n",
		want: `2 add person Ana Vries; email >ana@example.com; given >Ana; family >Vries; location >Utrecht; hired >2026-01-01; schedule >Full time; package >Standard
3 same person ana vries ~1:repeats 2
`},
	{name: "dashes_are_nothing", file: "email;name;team\nben@example.com;-;-\n", want: "2 same person Ben de Boer\n"},
}

func TestPlanPeople(t *testing.T) {
	for _, tt := range peopleFiles {
		t.Run(tt.name, func(t *testing.T) {
			s := office()
			s.data.patterns["p3"] = people.Pattern{ID: "p3", Name: "20:00 hours a week", Pattern: calendar.MustParsePattern("mon tue")}
			p := planOf(t, s, tt.file, tt.options)
			if p.Kind != People {
				t.Fatalf("taken for %s", p.Kind)
			}
			if d := cmp.Diff(tt.want, show(p)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if s.commits != 0 {
				t.Error("a plan has written")
			}
			apply(t, s, tt.file, tt.options)
			again := planOf(t, s, tt.file, tt.options)
			if c := again.Counts(""); c.Add+c.Change+c.Refuse > 0 {
				t.Errorf("a second import is not all the same:\n%s", show(again))
			}
		})
	}
}

func TestPlanPeopleRefuses(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"no_key", "number;email;name\n;;Ana\n", "2 refuse person Ana !1:no_key\n"},
		{"no_email", "number;name\n7;Ana Vries\n", "2 refuse person Ana Vries !0:no_email\n"},
		{"no_name", "number;email\n7;ana@example.com\n", "2 refuse person  !0:no_name\n"},
		{"broken_email", "email;name\nana@@example.com;Ana\n", "2 refuse person Ana !1:email ana@@example.com\n"},
		{"number_and_email_differ", "number;email\n100;ada@example.com\n", "2 refuse person  !2:email_taken Ada Admin\n"},
		{"email_of_another_number", "number;email;name\n7;ben@example.com;Ben\n", "2 refuse person Ben !1:number_differs 100 Ben de Boer\n"},
		{"twice_with_other_names", "email;name\nben@example.com;Ben Bos\nben@example.com;Ben Vos\n",
			"2 change person Ben Bos; family de Boer>Bos\n3 refuse person Ben Vos !2:twice 2\n"},
		{"same_email_for_two_numbers", "number;email;name\n7;x@example.com;Ana Vries\n8;x@example.com;Eva Meer\n",
			"2 add person Ana Vries; number >7; email >x@example.com; given >Ana; family >Vries; location >Utrecht; hired >2026-01-01; schedule >Full time; package >Standard\n" +
				"3 refuse person Eva Meer !1:number_differs 7 Ana Vries\n"},
		{"broken_date", "email;date in service\nben@example.com;30-02-2026\nada@example.com;01-01-2025\n",
			"2 refuse person  !2:date 30-02-2026 DD-MM-YYYY\n3 same person Ada Admin\n"},
		{"leaves_before_joining", "email;date in service;date out of service\nben@example.com;2025-01-01;2024-12-31\n",
			"2 refuse person Ben de Boer !3:left_before_hired 2025-01-01\n"},
		{"unknown_manager", "email;manager\nben@example.com;nobody@example.com\n", "2 refuse person Ben de Boer !2:manager nobody@example.com\n"},
		{"manager_who_is_refused", "email;name;manager\nana@example.com;Ana Vries;eva@example.com\neva@example.com;Eva Meer;nobody\n",
			"2 refuse person Ana Vries !3:manager eva@example.com\n3 refuse person Eva Meer !3:manager nobody\n"},
		{"not_born_yet", "email;date of birth\nben@example.com;2027-01-01\n",
			"2 refuse person  !2:people.error.born\n"},
		{"unknown_schedule", "email;schedule\nben@example.com;night shift\n", "2 refuse person Ben de Boer !2:schedule night shift\n"},
		{"hours", "email;hours\nben@example.com;many\nada@example.com;-8\n",
			"2 refuse person Ben de Boer !2:hours many\n3 refuse person Ada Admin !2:hours -8\n"},
		{"percentage", "email;percentage\nben@example.com;900\n", "2 refuse person Ben de Boer !2:percentage 900\n"},
		{"package", "email;package\nben@example.com;Gold\n", "2 refuse person Ben de Boer !2:package Gold\n"},
		{"location", "email;location\nben@example.com;Paris\n", "2 refuse person  !2:location Paris\n"},
		{"formula", "email;team\nben@example.com;=HYPERLINK(1)\n", "2 refuse person  !2:formula =HYPERLINK(1)\n"},
		{"surplus_cell", "email;team\nben@example.com;Sales;x\n", "2 refuse person  !3:surplus 3 2\n"},
		{"long_cell", "email;schedule\nben@example.com;" + strings.Repeat("x", 201) + "\n", "2 refuse person  !2:long 200\n"},
		{"long_team", "email;team\nben@example.com;" + strings.Repeat("x", 101) + "\n", "2 refuse person  !2:long 100\n"},
		{"long_name", "email;first name;last name\nben@example.com;Ben;" + strings.Repeat("x", 101) + "\n", "2 refuse person Ben !3:long 100\n"},
		{"long_number", "number;email\n" + strings.Repeat("1", 41) + ";ben@example.com\n", "2 refuse person  !1:long 40\n"},
		{"last_administrator", "email;date out of service\nada@example.com;2026-01-31\n",
			"2 refuse person Ada Admin !2:people.error.last_administrator\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := planOf(t, office(), tt.file, Options{})
			if d := cmp.Diff(tt.want, show(p)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestWhoLeftIsShutOut: an import that takes somebody's access ends at once what lets them in.
func TestWhoLeftIsShutOut(t *testing.T) {
	s := office()
	apply(t, s, "email;date out of service\nben@example.com;2026-01-31\nada@example.com;\n", Options{})
	if d := cmp.Diff(map[people.ID]bool{"ben": true}, s.data.shut); d != "" || s.data.persons["ben"].Active {
		t.Errorf("active %t, shut out (-want +got):\n%s", s.data.persons["ben"].Active, d)
	}
}

// TestLinksOfAnotherAddress: with another mail address go the links that were sent to the one before, which is told.
func TestLinksOfAnotherAddress(t *testing.T) {
	s := office()
	apply(t, s, "number;email;first name\n100;benjamin@example.com;Ben\n101;new@example.com;Nia\n", Options{})
	if d := cmp.Diff(map[people.ID]string{"ben": "ben@example.com"}, s.data.unlinked); d != "" || s.data.persons["ben"].Email != "benjamin@example.com" {
		t.Errorf("%s; whose links open nothing (-want +got):\n%s", s.data.persons["ben"].Email, d)
	}
}

// TestAddressOfARole: whoever reads the mail of somebody with a role can sign in as them, so that a
// file, which a script may hand in, changes no such address.
func TestAddressOfARole(t *testing.T) {
	s := office()
	ada := s.data.persons["ada"]
	ada.Number = "1"
	s.data.persons["ada"] = ada
	const file = "number;email;last name\n"
	for line, want := range map[string]string{
		"1;thief@example.com;Admin\n": "2 refuse person Admin !2:email_of_a_role\n",
		"1;ada@example.com;Adams\n":   "2 change person Adams; family Admin>Adams\n",
	} {
		if d := cmp.Diff(want, show(planOf(t, s, file+line, Options{}))); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	}
}

// TestNamesAreComposed: letters and accents that a file writes apart are one, as everywhere.
func TestNamesAreComposed(t *testing.T) {
	s := office()
	ben := s.data.persons["ben"]
	ben.GivenName, ben.Email = "Bén", "bén@example.com"
	s.data.persons["ben"] = ben
	p := planOf(t, s, "email;first name;last name\nbe\u0301n@example.com;Be\u0301n;de Boer\n", Options{})
	if d := cmp.Diff("2 same person Bén de Boer\n", show(p)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestRefusedLineLeavesNothing checks that what only refused lines name is not
// made, and that a refused line does not leak into a later one.
func TestRefusedLineLeavesNothing(t *testing.T) {
	s := office()
	apply(t, s, "number;email;name;team;hours\n100;new@example.com;Ben de Boer;Ghosts;33,3x3\n100;;Ben de Boer;Support;\n", Options{})
	ben := s.data.persons["ben"]
	if ben.Email != "ben@example.com" {
		t.Errorf("the address of a refused line was written: %s", ben.Email)
	}
	if len(s.data.teams) != 2 || len(s.data.patterns) != 2 {
		t.Errorf("a refused line made a team or a pattern: %v %v", s.data.teams, s.data.patterns)
	}
	if d := cmp.Diff([]people.ID{"ben"}, s.data.teams["s2"].Members); d != "" {
		t.Errorf("the line after it was not taken (-want +got):\n%s", d)
	}
}

func TestRehire(t *testing.T) {
	s := office()
	e := s.data.employments["e-ben"]
	e.To = calendar.MustParse("2025-12-31")
	s.data.employments["e-ben"] = e
	ben := s.data.persons["ben"]
	ben.Active = false
	s.data.persons["ben"] = ben
	p := apply(t, s, "number;date in service;hours\n100;2026-09-01;32\n", Options{})
	want := "2 change person Ben de Boer; hired >2026-09-01; active false>true; schedule Full time>Four days; since >2026-09-01\n"
	if d := cmp.Diff(want, show(p)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if len(s.data.employments) != 3 || !s.data.persons["ben"].Active {
		t.Errorf("no second employment: %v", s.data.employments)
	}
	runsInto := planOf(t, s, "number;date in service;date out of service\n100;2025-01-01;2026-10-01\n", Options{})
	if d := cmp.Diff("2 refuse person Ben de Boer !3:employments 2026-09-01\n", show(runsInto)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestPeopleWritten checks what is written of persons who move, begin earlier and
// get another manager.
func TestPeopleWritten(t *testing.T) {
	s := office()
	apply(t, s, "number;email;name;team;manager;date in service\n100;ben@example.com;;support;7;2024-07-01\n"+
		"7;Ana@Example.com;Ana Vries;Support;;2024-09-01\n", Options{})
	var ana people.Person
	for _, p := range s.data.persons {
		if p.Number == "7" {
			ana = p
		}
	}
	want := people.Person{ID: ana.ID, Number: "7", Email: "ana@example.com", GivenName: "Ana", FamilyName: "Vries", Location: "l1", Active: true}
	if d := cmp.Diff(want, ana); d != "" {
		t.Errorf("person (-want +got):\n%s", d)
	}
	teams := map[string]people.Team{
		"s1": {ID: "s1", Name: "Sales", Members: []people.ID{}, Managers: []people.ID{"ada"}},
		"s2": {ID: "s2", Name: "Support", Members: []people.ID{"ben", ana.ID}, Managers: []people.ID{ana.ID}},
	}
	if d := cmp.Diff(teams, s.data.teams); d != "" {
		t.Errorf("teams (-want +got):\n%s", d)
	}
	for id, from := range map[people.ID]string{"ben": "2024-07-01", ana.ID: "2024-09-01"} {
		var r people.Record
		for _, e := range s.data.employments {
			if e.Person == id {
				r.Employments = append(r.Employments, e)
			}
		}
		for _, c := range s.data.contracts {
			if c.Person == id {
				r.Contracts = append(r.Contracts, c)
			}
		}
		c, ok := r.ContractOn(calendar.MustParse(from))
		if !ok || len(r.Employments) != 1 || len(r.Contracts) != 1 || c.Pattern != "p1" || c.Package != "k1" {
			t.Errorf("%s on %s: %v %v", id, from, r.Employments, r.Contracts)
		}
	}
}

// TestMoveWritten: who moves works at the one place until the day of the move, and at the other from
// it on.
func TestMoveWritten(t *testing.T) {
	s := office()
	apply(t, s, "number;location\n100;Bonn\n", Options{ChangesFrom: calendar.MustParse("2026-07-01")})
	r := people.Record{Person: s.data.persons["ben"]}
	for _, c := range s.data.contracts {
		if c.Person == "ben" {
			r.Contracts = append(r.Contracts, c)
		}
	}
	r.Sort()
	if before, after := r.LocationOn(calendar.MustParse("2026-06-30")), r.LocationOn(calendar.MustParse("2026-07-01")); before != "l1" || after != "l2" || len(r.Contracts) != 2 {
		t.Errorf("from %q to %q: %+v", before, after, r.Contracts)
	}
}

// TestPlanPeopleKept: what the customer's directory keeps of a person a file does not
// change, nor whether they may sign in; the rest it does.
func TestPlanPeopleKept(t *testing.T) {
	for file, want := range map[string]string{
		"email;name\nben@example.com;Ben Bos\n":        "2 refuse person Ben Bos !0:kept\n",
		"email;end date\nben@example.com;2026-01-31\n": "2 change person Ben de Boer; left >2026-01-31\n",
		"email;name\nben@example.com;Ben de Boer\n":    "2 same person Ben de Boer\n",
	} {
		s := office()
		for id, p := range s.data.persons {
			p.Kept = true
			s.data.persons[id] = p
		}
		if d := cmp.Diff(want, show(planOf(t, s, file, Options{}))); d != "" {
			t.Errorf("%s (-want +got):\n%s", file, d)
		}
	}
}
