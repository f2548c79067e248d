// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/law"
	"verlof/leave/scenario"
	"verlof/web/page"
	"verlof/web/template"
)

// saved returns what a policy is once its page was opened in a browser and saved as it
// stood: what the fields of the page say, and no more.
func saved(t *testing.T, tag string, typ leave.Type, terms leave.Terms, types []leave.Type) leave.Terms {
	t.Helper()
	f := &page.Form{Values: url.Values{}, Lang: lang.For(tag)}
	fillPolicy(f, leave.Policy{Type: typ.ID, Terms: terms}, typ.Unit)
	p := policyPage{Frame: template.Page{L: f.Lang}, Form: f, Type: typ, Types: types}
	p.Pots = p.potViews(&leave.Policy{Terms: terms}, types, "")
	for i := range p.Pots {
		if len(p.Pots[i].Said) == 0 || strings.Contains(strings.Join(p.Pots[i].Said, " "), "terms.") {
			t.Errorf("pot %d says %q", i, p.Pots[i].Said)
		}
	}
	sent := &page.Form{Values: submitted(t, policyView(p)), Lang: f.Lang}
	got := readPolicy(sent, leave.Policy{}, typ.Unit)
	if !sent.Fine() {
		t.Errorf("the page does not read what it wrote: %v", sent.Wrong)
	}
	return got.Terms
}

// submitted returns what a browser sends of a page.
func submitted(t *testing.T, view templ.Component) url.Values {
	t.Helper()
	var b strings.Builder
	if err := view.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	out := url.Values{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		name, kind := attr(n, "name"), attr(n, "type")
		switch {
		case n.Data == "input" && name != "" && (kind != "checkbox" && kind != "radio" || has(n, "checked")):
			out.Add(name, attr(n, "value"))
		case n.Data == "option" && has(n, "selected"):
			for s := n.Parent; s != nil; s = s.Parent {
				if s.Data == "select" {
					out.Add(attr(s, "name"), attr(n, "value"))
				}
			}
		}
	}
	return out
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// agree fails where a policy is another one once its page was saved, in any language.
func agree(t *testing.T, typ leave.Type, terms leave.Terms, types []leave.Type) {
	t.Helper()
	for _, tag := range lang.Tags() {
		got := saved(t, tag, typ, terms, types)
		if !got.Equal(&terms) {
			t.Errorf("in %s it became\n%+v\nfrom\n%+v", tag, got, terms)
		}
	}
}

// TestLawsOnThePage opens and saves what each law gives.
func TestLawsOnThePage(t *testing.T) {
	for _, x := range law.Templates() {
		for _, r := range x.Rules {
			if terms, ok := x.Terms(r.Type.ID, exact.Int(5)); ok {
				t.Run(x.Code+"/"+r.Type.ID, func(t *testing.T) { agree(t, r.Type, terms, x.Types("en")) })
			}
		}
	}
}

// TestScenariosOnThePage opens and saves every policy of the scenarios.
func TestScenariosOnThePage(t *testing.T) {
	files, err := filepath.Glob("../../../leave/*/testdata/*.scenario")
	if err != nil || len(files) < 100 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	policies := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		types := []leave.Type{{ID: "holiday", Name: "holiday", Unit: leave.Days}}
		for line := range strings.Lines(string(text)) {
			line, _, _ = strings.Cut(strings.TrimSpace(line), "#")
			words := strings.Fields(line)
			switch {
			case len(words) > 1 && words[0] == "type":
				typ := leave.Type{ID: words[1], Name: words[1], Unit: leave.Days}
				if strings.Contains(line, " in hours") {
					typ.Unit = leave.Hours
				}
				types = append(types, typ)
			case len(words) > 1 && words[0] == "policy":
				policies++
				typ, terms := parsed(t, types, words[1:])
				t.Run(filepath.Base(name), func(t *testing.T) { agree(t, typ, terms, types) })
			}
		}
	}
	if policies < 100 {
		t.Errorf("only %d policies: the search is broken", policies)
	}
}

// parsed reads the words of a line "policy".
func parsed(t *testing.T, types []leave.Type, words []string) (leave.Type, leave.Terms) {
	t.Helper()
	typ := types[0]
	if name, other := strings.CutSuffix(words[0], ":"); other {
		words = words[1:]
		for _, x := range types {
			if x.ID == name {
				typ = x
			}
		}
	}
	if words[0] == "from" {
		words = words[2:]
	}
	terms, err := scenario.ParsePolicy(typ, strings.Join(words, " "))
	if err != nil {
		t.Fatalf("%s: %v", strings.Join(words, " "), err)
	}
	return typ, terms
}

// clauses are policies that between them use every clause of docs/scenarios.md, by the
// first words of its line there.
var clauses = map[string]string{
	"at once":                        "25 days a year, at once",
	"accrued RHYTHM [DAYS] [MOMENT]": "25 days a year, accrued half-monthly on the 5th and the 20th at start",
	"after N months M [at once] [cap N] [carries N]": "25 days a year, after 12 months 26, after 24 months 27 at once cap 70 carries 10, after 36 months 28 carries 12, after 48 months 29",
	"full after N months":                            "25 days a year, full after 6 months, twelfths before",
	"plus N from age A [START]":                      "25 days a year, plus 1 from age 50 at once, plus 2 after 18 months that year, plus 3 after 5 years",
	"plus N where L of M are left after 31 October":  "25 days a year, plus 1 where 3 of 24 are left after 31 October, plus 2 where 6 of 24 are left after 31 October",
	"N while sick":                                   "25 days a year, 2 while sick after 4 weeks, nothing on study or unpaid by whole months",
	"at most N in the year":                          "25 days a year, at most 30 in the year, at most 4 weeks in the year",
	"lost with the period":                           "2 days a month, accrued at start, lost with the period",
	"not on leave":                                   "25 days a year, accrued monthly, not on leave",
	"cap N":                                          "25 days a year, cap 40",
	"prorated by months":                             "25 days a year, prorated by months",
	"prorated by months begun":                       "25 days a year, prorated by days",
	"not prorated":                                   "25 days a year, not prorated, part-time not counted",
	"full time is N days a week":                     "25 days a year, full time is 4 days a week",
	"rounded up":                                     "25 days a year, rounded from half up to 1/3",
	"carries N":                                      "25 days a year, carries all",
	"until 31 March":                                 "25 days a year, carries 5 until 31 March, if read 20 days before",
	"keeps N":                                        "25 days a year, carries 5 valid 5 months, keeps 2",
	"on 20 April":                                    "25 days a year, carries 5 on 20 April",
	"beside N":                                       "25 days a year, carries 5 beside 30",
	"if told 2 months before":                        "25 days a year, if told 2 months before",
	"longer when sick 15 months [at most N]":         "25 days a year, longer when sick 15 months at most 20",
	"longer after TYPE 12 months [at most N]":        "25 days a year, longer after study 12 months",
	"the rest is paid out":                           "25 days a year, carries 5, the rest is bought back",
	"debt N":                                         "25 days a year, debt 2.5",
	"within TERM":                                    "5 days per birth, within 4 weeks",
	"before TERM":                                    "5 weeks per birth, before 8 years",
	"from TERM before":                               "5 days per pregnancy, from 6 weeks before, within 10 weeks",
	"each child":                                     "5 days per birth, within 4 weeks, each child",
	"goes on":                                        "5 days per birth, within 4 weeks, goes on, and 3 days per birth, within 8 weeks",
	"paid N %":                                       "5 days per birth, within 4 weeks, paid 70 %, and 5 days per 12 months, unpaid",
	"reported":                                       "5 days per marriage, within 4 weeks, reported",
	"overtime [at N % N %] [valid TERM]":             "0 days a year, overtime at 100 % 150 % valid 6 months",
	"buys up to N [in MONTH MONTH]":                  "25 days a year, buys up to 5 in november december, sells up to 3 in november december",
	"block of 2 weeks [or twice 1 week]":             "25 days a year, block of 2 weeks or twice 1 week between 1 May and 31 October",
	"year starts 1 April":                            "25 days a year, year starts 1 April",
}

// TestClausesOnThePage holds the page to the list of clauses: what a scenario can say,
// the page can.
func TestClausesOnThePage(t *testing.T) {
	text, err := os.ReadFile("../../../docs/scenarios.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "| Clause | Meaning |")
	table, _, _ = strings.Cut(table, "\n## ")
	types := []leave.Type{{ID: "holiday", Name: "holiday", Unit: leave.Days}, {ID: "study", Name: "study"}, {ID: "unpaid", Name: "unpaid"}}
	seen := 0
	for line := range strings.Lines(table) {
		rest, _ := strings.CutPrefix(line, "| `")
		clause, _, found := strings.Cut(rest, "`")
		if !found {
			continue
		}
		policy, known := clauses[clause]
		if !known {
			t.Errorf("no policy here uses %q: say how the page holds it", clause)
			continue
		}
		seen++
		t.Run(clause, func(t *testing.T) {
			typ, terms := parsed(t, types, strings.Fields(policy))
			agree(t, typ, terms, types)
		})
	}
	if seen < len(clauses) {
		t.Errorf("%d of %d clauses stand in the list", seen, len(clauses))
	}
}
