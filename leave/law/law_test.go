// SPDX-License-Identifier: Apache-2.0

package law

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"verlof/internal/exact"
	"verlof/leave"
)

// codes are the templates that there are to be.
var codes = []string{"BE", "DE", "ES", "FR", "GB", "NL", "US", "US-CA"}

// TestTemplates: each can be used as it is. That nothing is missing in it, read
// has checked already.
func TestTemplates(t *testing.T) {
	var got []string
	for _, l := range Templates() {
		got = append(got, l.Code)
		if _, err := time.LoadLocation(l.Zone); err != nil {
			t.Errorf("%s: %v", l.Code, err)
		}
		if l.Reviewed < l.Dated {
			t.Errorf("%s: reviewed on %s, before its law of %s", l.Code, l.Reviewed, l.Dated)
		}
		for _, r := range l.Rules {
			if _, ok := l.Rule(r.Instead); r.Instead != "" && !ok {
				t.Errorf("%s: %s stands in for %q, which is not there", l.Code, r.Type.ID, r.Instead)
			}
			if r.Type.ID == "sickness" {
				t.Errorf("%s: sickness is asked for like leave; it is reported", l.Code)
			}
		}
		if r, ok := l.WorkingDays(); !ok || !r.Type.Entitled {
			t.Errorf("%s: no holiday in working days", l.Code)
		}
	}
	if !slices.Equal(got, codes) {
		t.Errorf("templates for %v, want %v", got, codes)
	}
}

// TestFor: a region without a law of its own has its country's.
func TestFor(t *testing.T) {
	for code, want := range map[string]string{"NL": "NL", "DE-BY": "DE", "GB-SCT": "GB", "US-CA": "US-CA", "US-NY": "US", "AT": "", "": ""} {
		if got, ok := For(code); got.Code != want || ok != (want != "") {
			t.Errorf("%q: %q, %v, want %q", code, got.Code, ok, want)
		}
	}
}

// TestTerms: what comes on top has rules of its own.
func TestTerms(t *testing.T) {
	nl, _ := For("NL")
	terms, ok := nl.Terms("holiday", exact.Int(5))
	if !ok || len(terms.Also) != 1 {
		t.Fatalf("%+v, %v", terms, ok)
	}
	if more := terms.Also[0]; !more.Amount.Equal(exact.Int(5)) || more.Class != leave.Extra || more.CarryOver.Valid.Months != 60 {
		t.Errorf("on top: %+v", more)
	}
	if plain, ok := nl.Terms("holiday", exact.Rat{}); !ok || len(plain.Also) != 0 || plain.Class != leave.Statutory {
		t.Errorf("nothing on top: %+v, %v", plain, ok)
	}
	for _, id := range []string{"emergency", "nonsense"} {
		if terms, ok := nl.Terms(id, exact.Rat{}); ok {
			t.Errorf("%s: %+v", id, terms)
		}
	}
}

// TestTypes: offered are the types of the law, not what may stand in for them.
func TestTypes(t *testing.T) {
	nl, _ := For("NL")
	types := nl.Types("nl-BE")
	if len(types) == 0 || types[0].Name != "Vakantie" || types[0].Order != 1 {
		t.Fatalf("%+v", types)
	}
	for i, typ := range types {
		if typ.ID == "hours" || typ.Colour < 1 || typ.Colour > leave.Colours || i > 0 && typ.Order <= types[i-1].Order {
			t.Errorf("%+v", typ)
		}
	}
}

// TestMistakes: a template that lacks something is not read.
func TestMistakes(t *testing.T) {
	const head = "code XX\nname X\nname.nl X\nname.de X\nzone UTC\nlaw Act\ndated 2020-01-01\nreviewed 2020-01-01\n"
	const rule = "type holiday\nname H\nname.nl H\nname.de H\npolicy 20 days a year\nsource art. 1\nconfirmed no\n"
	if _, err := read(head + rule); err != nil {
		t.Fatalf("a sound template: %v", err)
	}
	for _, c := range []struct{ name, text, says string }{
		{"key", head + "colour 3\n" + rule, "line 9, colour"},
		{"key_of_a_rule", head + rule + "zone UTC\n", "line 16, zone"},
		{"policy", head + strings.Replace(rule, "20 days", "20 hours", 1), "kept in days"},
		{"too_much", head + strings.Replace(rule, "20 days", "400 days", 1), "policy"},
		{"unseen", head + strings.Replace(rule, "confirmed no", "confirmed yes", 1), "against what"},
		{"source", head + strings.Replace(rule, "source art. 1\n", "", 1), "a source"},
		{"dutch", head + strings.Replace(rule, "name.nl H\n", "", 1), "a name"},
		{"german", head + strings.Replace(rule, "name.de H\n", "", 1), "a name"},
		{"note", head + rule + "note untold\n", "not translated"},
		{"translation", head + "note.nl over\n" + rule, "translates no note"},
		{"balance", head + strings.Replace(rule, "type holiday", "type holiday without balance", 1), "without a balance"},
		{"date", strings.Replace(head, "dated 2020-01-01\n", "", 1) + rule, "no date"},
		{"truth", head + rule + "private perhaps\n", "neither yes nor no"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := read(c.text); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %q", err, c.says)
			}
		})
	}
}

var ofLaw = regexp.MustCompile(`(?m)^law ([A-Z-]+)`)

// TestScenarios runs the cases of each law. Adding a case is adding a file, named
// by the law that it names.
func TestScenarios(t *testing.T) {
	const least = 10 // for each law
	files, err := filepath.Glob("testdata/*.scenario")
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, name := range files {
		base := strings.TrimSuffix(filepath.Base(name), ".scenario")
		t.Run(base, func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			code := ofLaw.FindStringSubmatch(string(text))
			if len(code) == 0 || !strings.HasPrefix(base, code[1]+"_") {
				t.Fatalf("names the law %q", code)
			}
			count[code[1]]++
			scenarioPasses(t, string(text))
		})
	}
	for _, code := range codes {
		if count[code] < least {
			t.Errorf("%s: %d scenarios, want at least %d", code, count[code], least)
		}
	}
}

func scenarioPasses(t *testing.T, text string) {
	t.Helper()
	results, err := Run(strings.NewReader(text))
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
			t.Errorf("line %d: %s\n  got   %s\n  want  %s", r.Line, r.Question, r.Got, r.Want)
		}
	}
}

// TestUnknownLaw: a scenario is told which laws there are.
func TestUnknownLaw(t *testing.T) {
	for text, says := range map[string]string{
		"law XX":           `line 1, at "XX": no law is known by that code; those are BE, DE`,
		"law US extra 5":   "nothing of what comes on top",
		"law NL extra lot": `"lot": is no number`,
	} {
		if _, err := Run(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %s", text, err, says)
		}
	}
}

// TestSources: who reads Dutch or German reads in it what each rule rests on; only what holds no word of English may stand as it is.
func TestSources(t *testing.T) {
	english := regexp.MustCompile(`\b(the|of|to|at|as|practice|law|decree|week|weeks)\b`)
	for _, x := range Templates() {
		own := strings.Split(x.Code, "-")[0]
		read := []Text{x.Law}
		for _, r := range x.Rules {
			read = append(read, r.Source)
		}
		for _, s := range read {
			needed := english.MatchString(s.English)
			if (needed || own == "NL" || own == "BE") && s.Dutch == "" || (needed || own == "DE" || own == "NL") && s.German == "" {
				t.Errorf("%s: %q is %q in Dutch and %q in German", x.Code, s.English, s.Dutch, s.German)
			}
			if needed && (s.In("nl") == s.English || s.In("de") == s.English) {
				t.Errorf("%s: %q is the same in Dutch or German", x.Code, s.English)
			}
		}
	}
	nl, _ := For("NL")
	rule, _ := nl.Rule("hours")
	if dutch, german := rule.Source.In("nl"), rule.Source.In("de"); dutch != "Art. 7:634 lid 1, 7:640a en 7:642 BW" || german != "Art. 7:634 Abs. 1, 7:640a und 7:642 BW" {
		t.Errorf("holiday in hours rests on %q in Dutch, on %q in German", dutch, german)
	}
}
