// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/lang"
	"verlof/people"
)

// TestHistory: what was changed in how everybody signs in, or one of them, is told to those who may see
// it, the latest first, with what was demanded from then on.
func TestHistory(t *testing.T) {
	h := newHouse(t)
	h.store.SavePerson(people.Person{ID: "ben", Email: benMail, Active: true, Roles: people.SystemManager})
	ben, err := h.try(benMail, password, from(office))
	h.must(err)
	_, err = h.History(t.Context(), "ana", "")
	refused(t, err, errs.Forbidden, "people.error.no_right")

	first := identity.Policy{Remember: 7, Feeds: identity.FeedsForNone}.Demand("administrator", "auditor").DemandPasskey("payroll")
	h.must(h.ChangePolicy(t.Context(), ben.Session, first))
	h.pass(time.Minute)
	h.must(h.EndSessions(t.Context(), ben.Session, "dia", "A laptop was stolen", false))
	h.must(h.ChangePolicy(t.Context(), ben.Session, identity.Policy{}))

	all, err := h.History(t.Context(), "ben", "")
	h.must(err)
	if len(all) != 2 || all[0].What != identity.RecordPolicy || all[1].By != "ben" || !all[0].At.After(all[1].At) {
		t.Fatalf("of everybody: %+v", all)
	}
	if got := identity.RecordedPolicy(all[1].Note); got != first {
		t.Errorf("demanded %+v, on record as %q: %+v", first, all[1].Note, got)
	}
	if got, want := identity.RecordedPolicy(all[0].Note), (identity.Policy{Feeds: identity.FeedsByDemand}); got != want {
		t.Errorf("nothing demanded, on record as %q: %+v", all[0].Note, got)
	}
	h.ana(from(office))
	h.must(h.EndSessions(t.Context(), ben.Session, "ana", "A phone was lost", false))
	hers, err := h.History(t.Context(), "ben", "ana")
	h.must(err)
	if len(hers) != 1 || hers[0].Note != "A phone was lost" {
		t.Errorf("of ana: %+v", hers)
	}
}

// TestRecordedPolicy_before: what was recorded before days and feeds were told.
func TestRecordedPolicy_before(t *testing.T) {
	want := identity.Policy{Remember: -1, Only: true, Feeds: identity.FeedsByDemand}.Demand("everybody")
	if got := identity.RecordedPolicy("everybody only-provider"); got != want {
		t.Errorf("%+v", got)
	}
}

// TestRecords_have_words: whatever is put on record can be read.
func TestRecords_have_words(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "record.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(v.Names[0].Name, "Record") {
			return true
		}
		word, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		found++
		for _, tag := range lang.Tags() {
			if !lang.For(tag).Has("identity.record." + word) {
				t.Errorf("no words in %s for %s", tag, word)
			}
		}
		return true
	})
	if found < 20 {
		t.Errorf("found only %d", found)
	}
}
