// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/web/page"
	"verlof/web/template"
)

// TestRuleOnThePage opens and saves a rule that speaks of what is not offered any more: a
// retired leave type and people who left. It stays as narrow as it was.
func TestRuleOnThePage(t *testing.T) {
	book := &leave.Rulebook{Types: []leave.Type{{ID: "holiday", Name: "Holiday"}, {ID: "fair", Name: "Fair", Retired: true}, {ID: "old", Name: "Old", Retired: true}}}
	org := &people.Organisation{Records: map[people.ID]*people.Record{}}
	for id, active := range map[people.ID]bool{"ben": false, "carla": true, "dirk": false} {
		org.Order = append(org.Order, id)
		org.Records[id] = &people.Record{Person: people.Person{ID: id, GivenName: string(id), Active: active}}
	}
	rule := leave.ApprovalRule{ID: "r", Name: "Fair", Types: []string{"fair"}, Person: "ben", Over: 3, Steps: []leave.Step{
		{Who: leave.AnyManager}, {Who: leave.Named, Person: "dirk", Within: 2}, {Who: leave.AnyManager}, {Who: leave.Named, Person: "carla"}, {Who: leave.AnyManager, Within: 5}}}
	f := &page.Form{Values: url.Values{}, Lang: lang.For("en")}
	fillRule(f, &rule)
	p := rulePage{Frame: template.Page{L: f.Lang}, Form: f, ID: rule.ID, Types: typeChoices(f, book), Teams: teamChoices(f.Lang, org), People: personChoices(f, org)}
	sent := &page.Form{Values: submitted(t, ruleView(p)), Lang: f.Lang}
	if d := cmp.Diff(rule, readRule(sent, rule.ID)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got, want := len(p.Types), 2; got != want {
		t.Errorf("%d types are offered, want %d", got, want)
	}
}
