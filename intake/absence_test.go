// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/leave"
	"verlof/people"
)

// absences is the heading of a company's absences as TimeOff.Management exports
// them: two columns have the same name.
const absences = "Department,Last name,Name,Email address,Type of absence,Started at,Date type,Ended at,Date type\n"

// book puts approved leave of Ben into the store.
func book(s *fakeStore, id, typ, from, to string) {
	s.data.requests[id] = leave.Request{ID: id, Person: "ben", Type: typ, State: leave.Approved,
		Span: leave.Span{From: calendar.MustParse(from), To: calendar.MustParse(to)}}
}

func TestPlanAbsences(t *testing.T) {
	const ben = "Sales,de Boer,Ben,ben@example.com,"
	const ana = "IT,Vries,Ana,ana@example.com,"
	tests := []struct {
		name, file, want string
		options          Options
	}{
		{name: "whole_days", file: ben + "Holiday,2026-03-02,All Day,2026-03-09,All Day\n",
			want: "2 add absence Ben de Boer Holiday 2026-03-02..2026-03-09 6\n"},
		{name: "halves", file: ben + "Holiday,2026-03-02,Afternoon,2026-03-04,Morning\n" + ben + "Sick,2026-03-04,Afternoon,2026-03-04,Afternoon\n",
			want: "2 add absence Ben de Boer Holiday 2026-03-02..2026-03-04 2\n3 add absence Ben de Boer Sick 2026-03-04..2026-03-04 1/2\n"},
		{name: "morning_to_afternoon", file: ben + "Holiday,2026-03-02,Morning,2026-03-02,Afternoon\n",
			want: "2 add absence Ben de Boer Holiday 2026-03-02..2026-03-02 1\n"},
		{name: "new_person", file: ana + "Holiday,2025-05-04,All Day,2025-05-05,All Day\n" + ana + "Sick,2026-05-06,All Day,2026-05-06,All Day\n",
			want: `2* add team IT
2* add person Ana Vries; email >ana@example.com; given >Ana; family >Vries; location >Utrecht; hired >2025-01-01; schedule >Full time; package >Standard; team >IT
2 add absence Ana Vries Holiday 2025-05-04..2025-05-05 1
3 add absence Ana Vries Sick 2026-05-06..2026-05-06 1
`},
		{name: "new_type", file: ben + "Parental leave,2026-03-02,All Day,2026-03-02,All Day\n" + ben + "parental  LEAVE,2026-03-03,All Day,2026-03-03,All Day\n",
			want: `2* add type Parental leave ~0:new_type
2 add absence Ben de Boer Parental leave 2026-03-02..2026-03-02 1
3 add absence Ben de Boer Parental leave 2026-03-03..2026-03-03 1
`},
		{name: "type_of_another_name", file: ben + "Vakantie,2026-03-02,All Day,2026-03-02,All Day\n",
			options: Options{Types: map[string]string{"vakantie": "holiday"}},
			want:    "2 add absence Ben de Boer Holiday 2026-03-02..2026-03-02 1\n"},
		{name: "word_for_holiday", file: ben + "Congés payés,2026-03-02,All Day,2026-03-02,All Day\n",
			want: "2* same type Congés payés ~0:taken_for Holiday\n2 add absence Ben de Boer Holiday 2026-03-02..2026-03-02 1\n"},
		{name: "word_for_holiday_as_called", file: ben + "Vakantie,2026-03-02,All Day,2026-03-02,All Day\n",
			options: Options{Types: map[string]string{"Vakantie": AsCalled}},
			want:    "2* add type Vakantie ~0:new_type\n2 add absence Ben de Boer Vakantie 2026-03-02..2026-03-02 1\n"},
		{name: "repeated", file: ben + "Holiday,2026-03-02,All Day,2026-03-03,All Day\n" + ben + "Holiday,2026-03-02,All Day,2026-03-03,All Day\n",
			want: "2 add absence Ben de Boer Holiday 2026-03-02..2026-03-03 2\n3 same absence Ben de Boer Holiday 2026-03-02..2026-03-03 0 ~6:repeats 2\n"},
		{name: "weekend", file: ben + "Holiday,2026-03-07,All Day,2026-03-08,All Day\n",
			want: "2 add absence Ben de Boer Holiday 2026-03-07..2026-03-08 0 ~6:costs_nothing\n"},
		{name: "begins_before_employment", file: ben + "Holiday,2024-12-31,All Day,2025-01-02,All Day\n",
			want: "2 add absence Ben de Boer Holiday 2024-12-31..2025-01-02 2 ~6:partly_employed 1\n"},
		{name: "below_zero", file: ben + "Holiday,2025-03-03,All Day,2025-03-14,All Day\n" + ben + "Holiday,2025-04-01,All Day,2025-04-03,All Day\n",
			want: "2 add absence Ben de Boer Holiday 2025-03-03..2025-03-14 10\n3 add absence Ben de Boer Holiday 2025-04-01..2025-04-03 3 ~6:below_zero.days -3 Holiday\n"},
		{name: "other_name_of_known_person", file: "Sales,Bos,Ben,ben@example.com,Sick,2026-03-02,All Day,2026-03-02,All Day\n",
			want: "2 add absence Ben Bos Sick 2026-03-02..2026-03-02 1 ~2:other_name Ben de Boer\n"},
		{name: "other_team", file: ana + "Sick,2026-05-05,All Day,2026-05-05,All Day\nSales,Vries,Ana,ANA@example.com,Sick,2026-05-06,All Day,2026-05-06,All Day\n",
			want: `2* add team IT
2* add person Ana Vries; email >ana@example.com; given >Ana; family >Vries; location >Utrecht; hired >2026-01-01; schedule >Full time; package >Standard; team >IT
2 add absence Ana Vries Sick 2026-05-05..2026-05-05 1
3 add absence Ana Vries Sick 2026-05-06..2026-05-06 1 ~1:other_team 2 IT
`},
		{name: "hours", file: ben + "Sick,2026-03-02,13:00-17:00,2026-03-02,13:00-17:00\n",
			want: "2 add absence Ben de Boer Sick 2026-03-02..2026-03-02 1/2\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := office()
			p := planOf(t, s, absences+tt.file, tt.options)
			if p.Kind != Absences {
				t.Fatalf("taken for %s", p.Kind)
			}
			if d := cmp.Diff(tt.want, show(p)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if s.commits != 0 {
				t.Error("a plan has written")
			}
			apply(t, s, absences+tt.file, tt.options)
			again := planOf(t, s, absences+tt.file, tt.options)
			if c := again.Counts(""); c.Add+c.Change+c.Refuse > 0 {
				t.Errorf("a second import is not all the same:\n%s", show(again))
			}
		})
	}
}

// TestPlanSickness: sickness becomes reports where no type of leave is called so, be it in the
// middle of leave; half a day is a whole one, and the same or an overlapping report is told.
func TestPlanSickness(t *testing.T) {
	const ben = "Sales,de Boer,Ben,ben@example.com,"
	const file = absences + ben + "Holiday,2026-03-02,All Day,2026-03-06,All Day\n" + ben + "Ziekteverzuim,2026-03-04,All Day,2026-03-05,All Day\n" +
		ben + "ziek,2026-04-01,Morning,2026-04-01,Morning\n" + ben + "Flu,2026-05-04,All Day,2026-05-05,All Day\n" +
		ben + "Illness,2026-05-05,All Day,2026-05-06,All Day\n" + ben + "Sick leave,2028-05-05,All Day,2028-05-06,All Day\n" +
		ben + "Sick,2026-06-02,All Day,2026-06-02,All Day\n"
	const want = `2 add absence Ben de Boer Holiday 2026-03-02..2026-03-06 5
3 add absence Ben de Boer Sickness report 2026-03-04..2026-03-05 2
4 add absence Ben de Boer Sickness report 2026-04-01..2026-04-01 1 ~7:sick_whole_days
5 add absence Ben de Boer Sickness report 2026-05-04..2026-05-05 2
6 refuse absence Ben de Boer !6:overlap_line 5
7 refuse absence Ben de Boer !6:sick_ahead
8 add absence Ben de Boer Sick 2026-06-02..2026-06-02 1
`
	s, o := office(), Options{Types: map[string]string{"flu": SickReport}}
	if d := cmp.Diff(want, show(planOf(t, s, file, o))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	apply(t, s, file, o)
	if len(s.data.reports) != 3 || len(s.data.requests) != 2 || len(s.data.types) != 2 {
		t.Errorf("%d reports, %d requests, %d types", len(s.data.reports), len(s.data.requests), len(s.data.types))
	}
	if c := planOf(t, s, file, o).Counts(""); c.Add != 0 || c.Same != 5 || c.Refuse != 2 {
		t.Errorf("a second import: %+v", c)
	}
	old := s.data.types["t2"]
	old.Retired = true
	s.data.types["t2"] = old
	got := show(planOf(t, s, absences+ben+"Sick,2026-07-01,All Day,2026-07-01,All Day\n", Options{}))
	if got != "2 add absence Ben de Boer Sickness report 2026-07-01..2026-07-01 1\n" {
		t.Errorf("with the old type retired: %s", got)
	}
}

func TestPlanAbsencesRefuses(t *testing.T) {
	const ben = "Sales,de Boer,Ben,ben@example.com,"
	const good = ben + "Sick,2026-04-01,All Day,2026-04-01,All Day\n"
	tests := []struct{ name, file, want string }{
		{"overlap_line", ben + "Holiday,2026-03-02,All Day,2026-03-06,All Day\n" + ben + "Sick,2026-03-06,Morning,2026-03-06,Morning\n",
			"2 add absence Ben de Boer Holiday 2026-03-02..2026-03-06 5\n3 refuse absence Ben de Boer !6:overlap_line 2\n"},
		{"overlap_booked", ben + "Holiday,2026-02-02,All Day,2026-02-03,All Day\n",
			"2 refuse absence Ben de Boer !6:overlap 2026-02-03..2026-02-04\n"},
		{"same_time_other_type", ben + "Sick,2026-02-03,All Day,2026-02-04,All Day\n",
			"2 refuse absence Ben de Boer !6:overlap 2026-02-03..2026-02-04\n"},
		{"overlaps_line_that_is_booked", ben + "Holiday,2026-02-03,All Day,2026-02-04,All Day\n" + ben + "Sick,2026-02-04,All Day,2026-02-05,All Day\n",
			"2 same absence Ben de Boer Holiday 2026-02-03..2026-02-04 0\n3 refuse absence Ben de Boer !6:overlap_line 2\n"},
		{"backwards", ben + "Sick,2026-03-03,All Day,2026-03-02,All Day\n", "2 refuse absence Ben de Boer !8:backwards 2026-03-03\n"},
		{"too_long", ben + "Sick,2026-03-03,All Day,2062-03-02,All Day\n", "2 refuse absence Ben de Boer !8:too_long 13149\n"},
		{"broken_date", good + ben + "Sick,2026-02-30,All Day,next week,All Day\n",
			"2 add absence Ben de Boer Sick 2026-04-01..2026-04-01 1\n3 refuse absence Ben de Boer !6:date 2026-02-30 YYYY-MM-DD !8:date next week YYYY-MM-DD\n"},
		{"mixed_dates", good + ben + "Sick,03/04/2026,All Day,2026-04-03,All Day\n",
			"2 add absence Ben de Boer Sick 2026-04-01..2026-04-01 1\n3 refuse absence Ben de Boer !6:date 03/04/2026 YYYY-MM-DD\n"},
		{"no_date", ben + "Sick,,All Day,2026-03-02,All Day\n", "2 refuse absence Ben de Boer !6:no_date\n"},
		{"unknown_part", ben + "Sick,2026-03-02,Evening,2026-03-02,All Day\n", "2 refuse absence Ben de Boer !7:part Evening\n"},
		{"parts_do_not_agree", ben + "Sick,2026-03-02,Afternoon,2026-03-02,Morning\n", "2 refuse absence Ben de Boer !9:parts\n"},
		{"no_type", ben + ",2026-03-02,All Day,2026-03-02,All Day\n", "2 refuse absence Ben de Boer !5:no_type\n"},
		{"no_email", "Sales,de Boer,Ben,,Sick,2026-03-02,All Day,2026-03-02,All Day\n", "2 refuse absence Ben de Boer !4:no_key\n"},
		{"broken_email", "Sales,de Boer,Ben,ben at example,Sick,2026-03-02,All Day,2026-03-02,All Day\n",
			"2 refuse absence Ben de Boer !4:email ben at example\n"},
		{"two_names", good + "Sales,Bos,Ben,ben@example.com,Sick,2026-04-02,All Day,2026-04-02,All Day\n",
			"2 add absence Ben de Boer Sick 2026-04-01..2026-04-01 1\n3 refuse absence Ben Bos !2:other_name 2\n"},
		{"new_person_without_name", "Sales,,,x@example.com,Sick,2026-03-02,All Day,2026-03-02,All Day\n",
			"2 refuse absence  !2:no_name\n"},
		{"not_employed", ben + "Sick,2024-03-04,All Day,2024-03-05,All Day\n", "2 refuse absence Ben de Boer !6:not_employed\n"},
		{"formula", ben + "\"=cmd|'/c calc'!A1\",2026-03-02,All Day,2026-03-02,All Day\n",
			"2 refuse absence Ben de Boer !5:formula =cmd|'/c calc'!A1\n"},
		{"surplus", ben + "Sick,2026-03-02,All Day,2026-03-02,All Day,?\n", "2 refuse absence Ben de Boer !10:surplus 10 9\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := office()
			book(s, "r1", "t1", "2026-02-03", "2026-02-04")
			p := planOf(t, s, absences+tt.file, Options{})
			if d := cmp.Diff(tt.want, show(p)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestAbsencesRefusedLeaveNothing checks that a person, a team and a type that
// only refused lines name are not made.
func TestAbsencesRefusedLeaveNothing(t *testing.T) {
	s := office()
	apply(t, s, absences+"Ghosts,G,Ghost,ghost@example.com,Haunting,2026-03-03,All Day,2026-03-02,All Day\n", Options{})
	if len(s.data.persons) != 2 || len(s.data.teams) != 2 || len(s.data.types) != 2 || len(s.data.requests) != 0 {
		t.Errorf("a refused line made something: %d persons, %d teams, %d types", len(s.data.persons), len(s.data.teams), len(s.data.types))
	}
}

// TestAbsencesWritten checks what is written of an absence.
func TestAbsencesWritten(t *testing.T) {
	s := office()
	apply(t, s, absences+"Sales,de Boer,Ben,ben@example.com,Holiday,2026-03-06,Afternoon,2026-03-09,All Day\n", Options{})
	if len(s.data.requests) != 1 {
		t.Fatalf("%d requests", len(s.data.requests))
	}
	for _, r := range s.data.requests {
		want := leave.Request{ID: r.ID, Person: "ben", Type: "t1", State: leave.Approved, AskedBy: "ben", AskedAt: now.UnixMicro(),
			DecidedBy: "ada", DecidedAt: now.UnixMicro(), Reason: "Imported", Charges: r.Charges,
			Span: leave.Span{From: calendar.MustParse("2026-03-06"), To: calendar.MustParse("2026-03-09"), First: calendar.AfternoonHalf}}
		if d := cmp.Diff(want, r); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
		if got := leave.Total(r.Charges, leave.Hours).String(); len(r.Charges) != 2 || got != "720" {
			t.Errorf("charged %s minutes on %d days", got, len(r.Charges))
		}
	}
}

// TestAbsencesOfSomebodyWithoutEmployment checks that a known person who has no
// employment gets one, as a line of its own.
func TestAbsencesOfSomebodyWithoutEmployment(t *testing.T) {
	s := office()
	s.data.persons["cas"] = people.Person{ID: "cas", Email: "cas@example.com", GivenName: "Cas", FamilyName: "Smit", Active: true}
	p := apply(t, s, absences+",Smit,Cas,cas@example.com,Sick,2026-03-02,All Day,2026-03-02,All Day\n", Options{})
	want := "2* change person Cas Smit; hired >2026-01-01; schedule >Full time; package >Standard\n" +
		"2 add absence Cas Smit Sick 2026-03-02..2026-03-02 1\n"
	if d := cmp.Diff(want, show(p)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestAbsencesDateFormats reads the same absences in each form in which
// TimeOff.Management writes dates, and in some others.
func TestAbsencesDateFormats(t *testing.T) {
	tests := []struct {
		format      string
		first, last string // 13 to 16 March 2026
		others      []string
		from, to    string // 3 to 4 April 2026
	}{
		{"YYYY-MM-DD", "2026-03-13", "2026-03-16", nil, "2026-04-03", "2026-04-04"},
		{"YYYY/MM/DD", "2026/03/13", "2026/03/16", nil, "2026/04/03", "2026/04/04"},
		{"DD MMM, YY", `"13 Mar, 26"`, `"16 Mar, 26"`, nil, `"03 Apr, 26"`, `"04 Apr, 26"`},
		{"DD/MM/YY", "13/03/26", "16/03/26", nil, "03/04/26", "04/04/26"},
		{"DD/MM/YYYY", "13/03/2026", "16/03/2026", nil, "03/04/2026", "04/04/2026"},
		{"MM/DD/YY", "03/13/26", "03/16/26", nil, "04/03/26", "04/04/26"},
		{"DD.MM.YYYY", "13.03.2026", "16.03.2026", nil, "3.4.2026", "4.4.2026"},
		{"DD MMM YYYY", "13 mrt 2026", "16 maart 2026", nil, "3 april 2026", "4 apr. 2026"},
		{"YYYYMMDD", "20260313", "20260316", nil, "20260403", "20260404"},
	}
	for _, tt := range tests {
		t.Run(strings.Map(func(r rune) rune {
			if r == ' ' || r == '/' {
				return '_'
			}
			return r
		}, tt.format), func(t *testing.T) {
			const ben = "Sales,de Boer,Ben,ben@example.com,Sick,"
			p := planOf(t, office(), absences+ben+tt.first+",,"+tt.last+",\n"+ben+tt.from+",,"+tt.to+",\n", Options{})
			want := "2 add absence Ben de Boer Sick 2026-03-13..2026-03-16 2\n3 add absence Ben de Boer Sick 2026-04-03..2026-04-04 1\n"
			if d := cmp.Diff(want, show(p)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if p.Dates.Format != tt.format || len(p.Dates.Others) > 0 {
				t.Errorf("recognised %s, or %v", p.Dates.Format, p.Dates.Others)
			}
		})
	}
}
