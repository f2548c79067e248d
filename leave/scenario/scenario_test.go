// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"verlof/leave"
)

// TestScenarios runs every case in testdata. Adding a case is adding a file.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.scenario")
	if err != nil || len(files) < 40 {
		t.Fatalf("only %d scenarios found: %v", len(files), err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".scenario"), func(t *testing.T) {
			f, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			results, err := Run(f)
			if err != nil {
				t.Fatal(err)
			}
			if len(results) == 0 {
				t.Fatal("the scenario asks nothing")
			}
			for _, r := range results {
				if r.Want == "" {
					t.Errorf("line %d: nothing is wanted", r.Line)
				}
				if !r.OK {
					t.Errorf("line %d: %s\n  got   %s\n  want  %s\n  %s", r.Line, r.Question, r.Got, r.Want, strings.Join(r.Why, "\n  "))
				}
			}
		})
	}
}

// TestMistakes: an error points at the line and the word.
func TestMistakes(t *testing.T) {
	const person = "person ana joins 2026-01-01 works mon-fri\n"
	for _, c := range []struct{ name, text, line, says string }{
		{"unknown_word", "persn ana", "line 1", `"persn"`},
		{"bad_date", "person ana joins 2026-02-30 works mon-fri", "line 1", `"2026-02-30": is no date`},
		{"bad_pattern", "person ana joins 2026-02-01 works mon-sab", "line 1", "sab"},
		{"unknown_person", "balance ana 2026-01-01", "line 1", `nobody of that name`},
		{"unknown_type", person + "balance ana toil 2026-01-01", "line 2", `"toil": is no type`},
		{"bad_clause", "policy 25 days a year, prorated weekly", "line 1", "is no clause"},
		{"wrong_unit", "policy 25 hours a year", "line 1", "kept in days"},
		{"missing_date", person + "\n# a comment\nbalance ana", "line 4", "a date such as 2026-07-01 is missing"},
		{"backwards", person + "count ana 2026-03-02..2026-03-01", "line 2", "ends before it begins"},
		{"hole", person + "count ana 2026-03-02..2026-03-05 morning", "line 2", "first and of the last day"},
		{"left_over", person + "balance ana 2026-03-02 please", "line 2", `"please": nothing more`},
		{"sick_backwards", person + "sick ana 2026-03-02..2026-03-01", "line 2", "ends before it begins"},
		{"sick_left_over", person + "sick ana 2026-03-02.. certain", "line 2", `"certain": is neither certified`},
		{"quote", `person "ana`, "line 1", "quotation mark"},
		{"team_without_leads", person + "team support: ana", "line 2", `"leads" is missing`},
		{"team_of_nobody", person + "team support: ana leads bob", "line 2", `"bob": nobody of that name`},
		{"approval_colon", person + "approval holiday manager", "line 2", "a colon is missing"},
		{"approval_step", person + "approval: manager, than ana", "line 2", `"than": nobody of that name`},
		{"limit_word", person + "limit at most 2 there", "line 2", `"there": "away" is expected`},
		{"act_unknown", person + "on 2026-03-02 ana wishes 2026-03-03", "line 2", `"wishes": is nothing that can be done`},
		{"act_on_no_leave", person + "on 2026-03-02 ana withdraws 2026-03-03", "line 2", `"2026-03-03": no leave of ana begins`},
		{"acts_go_back", person + "on 2026-03-02 ana asks 2026-03-03\non 2026-03-01 ana asks 2026-03-04", "line 3", `"2026-03-01": lies before`},
		{"settles_half_a_day", person + "settle 2026-03-02 morning on 2026-03-02", "line 2", "whole days"},
		{"unsettle_reason", person + "settle 2026-03-02 on 2026-03-02\nunsettle 2026-03-02 on 2026-03-02", "line 3", "the reason is missing"},
		{"law_unknown_here", "law NL", "line 1", `"NL": no laws are known here`},
		{"wants_too_much", person + "count ana 2026-03-02\n-- want --\n1 day\n1 day", "line 5", "2 lines are wanted of 1 questions"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Run(strings.NewReader(c.text))
			if err == nil || !strings.Contains(err.Error(), c.line) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %s ... %s", err, c.line, c.says)
			}
		})
	}
}

// TestDifference: a wrong wish is told, not passed over.
func TestDifference(t *testing.T) {
	const text = "policy 25 days a year\nperson ana joins 2026-01-01 works mon-fri\nbalance ana 2026-01-01\n-- want --\n"
	for want, ok := range map[string]bool{
		"25 days": true, "25.0 days": true, "24 days": false, "25 hours": false, "25 days  25 × 1/2": false, "": true,
	} {
		results, err := Run(strings.NewReader(strings.TrimSuffix(text+want, "-- want --\n")))
		if err != nil {
			t.Fatalf("%q: %v", want, err)
		}
		if results[0].OK != ok {
			t.Errorf("wanted %q of %q: agrees %v, want %v", want, results[0].Got, results[0].OK, ok)
		}
	}
}

// TestHours: hours are wanted in the way that somebody writes them.
func TestHours(t *testing.T) {
	for want, same := range map[string]bool{"36:30 h": true, "36.5 hours": true, "36 1/2 h": true, "36:31 h": false,
		"36.5 days": false, "36:75 h": false, "-36:30 h": false} {
		if agrees("36:30 h", want) != same {
			t.Errorf("36:30 h and %q: agree %v", want, !same)
		}
	}
	if !agrees("-0:30 h", "-0.5 hours") {
		t.Error("half an hour below nothing is not what it is")
	}
}

func FuzzRun(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.scenario")
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Fuzz(func(t *testing.T, s string) {
		_, _ = Run(strings.NewReader(s)) // must not panic
	})
}

// TestFreeSaturday: leave that costs nothing opens no twelve months. Counted so, a type in hours cannot be made any more,
// but a customer may have one of before.
func TestFreeSaturday(t *testing.T) {
	read := &reading{world: newWorld()}
	read.book.Types = append(read.book.Types, leave.Type{ID: "care", Name: "care", Unit: leave.Hours, Counting: leave.CalendarDays, Entitled: true})
	const text = "policy care: 80 hours per 12 months\nperson ana joins 2024-01-01 works mon-fri\n" +
		"leave ana care 2026-02-14\nleave ana care 2026-02-16\nleft ana care 2026-02-16"
	if err := read.read(strings.NewReader(text), nil); err != nil {
		t.Fatal(err)
	}
	if got, want := read.out[0].Got, "72:00 h  72:00 h for first-day 2026-02-16 until 2027-02-15"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
