// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
	sent := &page.Form{Values: submitted(t, p), Lang: f.Lang}
	got := readPolicy(sent, leave.Policy{}, typ.Unit)
	if !sent.Fine() {
		t.Errorf("the page does not read what it wrote: %v", sent.Wrong)
	}
	return got.Terms
}

// submitted returns what a browser sends of the page.
func submitted(t *testing.T, p policyPage) url.Values {
	t.Helper()
	var b strings.Builder
	if err := policyView(p).Render(t.Context(), &b); err != nil {
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
