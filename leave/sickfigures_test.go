// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"fmt"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/people"
)

// sickPerson is somebody who works by a pattern since 2020.
func sickPerson(id people.ID, pattern string, sick ...Sickness) *Facts {
	return &Facts{Record: people.Record{Person: people.Person{ID: id, Active: true},
		Employments: []people.Employment{{From: calendar.On(2020, 1, 1)}},
		Contracts:   []people.Contract{{From: calendar.On(2020, 1, 1), Pattern: pattern}}}, Sickness: sick}
}

func sickDays(from, to string, steps ...Recovery) Sickness {
	s := Sickness{From: calendar.MustParse(from), Recovery: steps}
	if to != "" {
		s.To = calendar.MustParse(to)
	}
	return s
}

// TestSickFigures works the figures of one person out by hand. March 2026 has 22 working days
// from Monday to Friday, and begins on a Sunday.
func TestSickFigures(t *testing.T) {
	b := &Rulebook{Patterns: map[string]calendar.Pattern{"full": calendar.MustParsePattern("mon-fri"), "half": calendar.MustParsePattern("mon-fri morning")}}
	march := calendar.Range{From: calendar.On(2026, 3, 1), To: calendar.On(2026, 3, 31)}
	half := Recovery{From: calendar.On(2026, 3, 18), Percent: 50}
	for name, c := range map[string]struct {
		f                         *Facts
		by                        SickDays
		lost, due, rate, bradford exact.Rat
		spells                    int
	}{
		"nobody_sick": {sickPerson("a", "full"), SickWorking, exact.Rat{}, exact.Int(22), exact.Rat{}, exact.Rat{}, 0},
		"one_week": {sickPerson("a", "full", sickDays("2026-03-02", "2026-03-08")), SickWorking,
			exact.Int(5), exact.Int(22), exact.New(5, 22), exact.Int(5), 1},
		"one_week_of_calendar_days": {sickPerson("a", "full", sickDays("2026-03-02", "2026-03-08")), SickCalendar,
			exact.Int(7), exact.Int(31), exact.New(7, 31), exact.Int(7), 1},
		"half_time_weighs_half": {sickPerson("a", "half", sickDays("2026-03-02", "2026-03-08")), SickCalendar,
			exact.New(7, 2), exact.New(31, 2), exact.New(7, 31), exact.New(7, 2), 1},
		"half_again": {sickPerson("a", "full", sickDays("2026-03-16", "2026-03-20", half)), SickWorking,
			exact.New(7, 2), exact.Int(22), exact.New(7, 44), exact.New(7, 2), 1},
		"no_end_known": {sickPerson("a", "full", sickDays("2026-03-30", "")), SickWorking,
			exact.Int(2), exact.Int(22), exact.New(1, 11), exact.Int(2), 1},
		"began_before": {sickPerson("a", "full", sickDays("2026-02-26", "2026-03-02"), sickDays("2025-06-02", "2025-06-03")), SickWorking,
			exact.Int(1), exact.Int(22), exact.New(1, 22), exact.Int(4 * 5), 0},
		"53_weeks_ago": {sickPerson("a", "full", sickDays("2025-03-24", "2025-03-28"), sickDays("2026-03-02", "2026-03-02")), SickWorking,
			exact.Int(1), exact.Int(22), exact.New(1, 22), exact.Int(1), 1},
	} {
		got := b.SickFigures(c.f, march, c.by)
		if !got.Lost.Equal(c.lost) || !got.Due.Equal(c.due) || !got.Rate.Equal(c.rate) || !got.Bradford.Equal(c.bradford) || got.Spells != c.spells {
			t.Errorf("%s: %d spells, lost %s of %s, rate %s, Bradford %s", name, got.Spells, got.Lost, got.Due, got.Rate, got.Bradford)
		}
	}
}

// TestSmallGroup: what a group of four has is not told, nor by a rate; that of five is.
func TestSmallGroup(t *testing.T) {
	b := &Rulebook{Patterns: map[string]calendar.Pattern{"full": calendar.MustParsePattern("mon-fri")}}
	org := &people.Organisation{Records: map[people.ID]*people.Record{}}
	sick := map[people.ID][]Sickness{}
	var small, large people.Team
	for i := range 9 {
		f := sickPerson(people.ID(fmt.Sprint("p", i)), "full")
		org.Records[f.Person.ID] = &f.Record
		org.Order = append(org.Order, f.Person.ID)
		sick[f.Person.ID] = []Sickness{sickDays("2026-03-02", "2026-03-03")}
		if i < 4 {
			small.Members = append(small.Members, f.Person.ID)
		} else {
			large.Members = append(large.Members, f.Person.ID)
		}
	}
	small.ID, small.Name, large.ID, large.Name = "s", "Small", "l", "Large"
	large.Managers, small.Managers = []people.ID{"boss"}, []people.ID{"boss"}
	org.Teams = []people.Team{small, large}
	on31March := &Service{Now: func() time.Time { return time.Date(2026, time.March, 31, 12, 0, 0, 0, time.UTC) }}
	for _, roles := range []people.Roles{people.SicknessOfficer, 0} {
		c := &scene{standing: &standing{book: b, org: org}, viewer: people.NewViewer(people.Person{ID: "boss", Roles: roles}, org.Teams), s: on31March}
		x := SickSummary{Range: calendar.Range{From: calendar.On(2026, 3, 1), To: calendar.On(2026, 3, 31)}, By: SickWorking}
		x.fill(c, sick)
		if l := x.Teams[0]; l.Hidden || !l.Rate.Equal(exact.New(1, 11)) || l.Spells != 5 || !l.Frequency.Equal(exact.New(365, 31)) {
			t.Errorf("the team of five: %+v", l)
		}
		if s := x.Teams[1]; !s.Hidden || s.Spells != 0 || !s.Lost.IsZero() || !s.Rate.IsZero() {
			t.Errorf("the team of four tells %+v", s)
		}
		if officer := roles != 0; officer != (x.Company != nil) || officer != (len(x.People) == 9) {
			t.Errorf("officer %v sees %d people, company %v", officer, len(x.People), x.Company)
		}
	}
}
