// SPDX-License-Identifier: Apache-2.0

package scenario_test

import (
	"errors"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"verlof/leave/law"
	"verlof/leave/scenario"
)

// TestWrong: each case of testdata/wrong.txt is refused, at the line and with the words that stand below it.
func TestWrong(t *testing.T) {
	b, err := os.ReadFile("testdata/wrong.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, cases, _ := strings.Cut(string(b), "\n== ")
	count := 0
	for c := range strings.SplitSeq(cases, "\n== ") {
		name, text, _ := strings.Cut(c, "\n")
		text, want, found := strings.Cut(text, "\n=> ")
		if !found {
			t.Fatalf("%s: nothing is wanted", name)
		}
		count++
		t.Run(name, func(t *testing.T) {
			_, err := law.Run(strings.NewReader(text))
			var m *scenario.Error
			if !errors.As(err, &m) {
				t.Fatalf("is not refused: %v", err)
			}
			if want := strings.TrimSpace(want); !strings.HasPrefix(err.Error(), want) {
				t.Errorf("got   %s\nwant  %s", err, want)
			}
		})
	}
	if count < 60 {
		t.Errorf("only %d cases are read", count)
	}
}

// TestExamples: what a mistake holds up as an example can be written.
func TestExamples(t *testing.T) {
	for _, set := range []map[string]string{scenario.Examples, scenario.ClauseExamples} {
		for _, word := range slices.Sorted(maps.Keys(set)) {
			line := set[word]
			t.Run(strings.ReplaceAll(word, " ", "_"), func(t *testing.T) {
				_, err := law.Run(strings.NewReader(exampleWorld(line)))
				if err != nil {
					t.Errorf("%s: %v", line, err)
				}
			})
		}
	}
}

// exampleWorld is a scenario in which a line may stand.
func exampleWorld(line string) string {
	first, _, _ := strings.Cut(line, " ")
	var out []string
	for _, x := range []struct{ unless, line string }{
		{"region", "region NL"},
		{"law", "type moving"},
		{"type", "type toil in hours"},
		{"law", "policy statutory 20 days a year, carries 5, buys up to 5, sells up to 5, and extra 5 days a year"},
		{"type", "policy toil: 0 hours a year, overtime at 100 %"},
		{"", "type wedding"},
		{"", "policy wedding: 2 days per marriage, within 4 weeks"},
		{"", "person ana joins 2024-01-01 works mon-fri"},
		{"", "person cem joins 2024-01-01 works mon-fri"},
		{"", "person dan joins 2024-01-01 leaves 2026-12-31 works mon-fri"},
		{"adjust", `adjust ana 2026-03-03 1 "a slip"`},
		{"leave", "leave ana 2026-03-16"},
		{"close", "close year 2024 on 2026-02-01"},
		{"settle", "settle 2026-01-01..2026-01-31 on 2026-02-01"},
	} {
		typ := strings.HasPrefix(line, "policy toil:") && strings.HasPrefix(x.line, "policy toil:") ||
			strings.HasPrefix(line, "policy ") && !strings.Contains(line, ": ") && strings.HasPrefix(x.line, "policy statutory")
		if x.unless != first && !typ {
			out = append(out, x.line)
		}
	}
	// what is due stands above people; a comment ends nothing
	at := slices.IndexFunc(out, func(l string) bool { return strings.HasPrefix(l, "person ") })
	if slices.Contains([]string{"region", "type", "law", "policy"}, first) {
		out = slices.Insert(out, at, line)
	} else {
		out = append(out, line)
	}
	return strings.Join(append(out, "count ana 2026-03-09"), "\n")
}

// TestEncodings: what editors and word processors put into a file changes nothing, and another encoding is told.
func TestEncodings(t *testing.T) {
	const text = "\ufeffpolicy 25 days a year\r\nperson\tana\tjoins\u00a02026-01-01  works mon-fri\r\nadjust ana 2026-02-02 \u22122 \"x\"\r\n" +
		"balance ana 2026-12-31\r\n-- want --\r\n23\u00a0days\t25\u00a0\u2212\u00a02 # as agreed\r\n"
	results, err := scenario.Run(strings.NewReader(text))
	if err != nil || len(results) != 1 || results[0].Got[:7] != "23 days" {
		t.Fatalf("%v, %v", results, err)
	}
	for name, text := range map[string]string{
		"Latin-1": "person ren\xe9 joins 2026-01-01 works mon-fri", "UTF-16": "\xff\xfep\x00e\x00r\x00", "UTF-16 without a mark": "p\x00e\x00",
	} {
		if _, err := scenario.Run(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), "not written in UTF-8") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
