// SPDX-License-Identifier: Apache-2.0

package web

import (
	"testing"
	"time"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/trust"
)

// TestPromises: whoever comes by, signed in or not, reads how each promise stands, with the numbers, the
// days on which it was not kept, the tests and the documents.
func TestPromises(t *testing.T) {
	w := newWorld(t, nil)
	now := w.dir.Now()
	var tally trust.Tally
	for m := range 30 {
		if m != 7 {
			tally.Answered(now.Add(time.Duration(m-30) * time.Minute))
		}
	}
	tally.Add(trust.Behind, 4000, now.AddDate(0, 0, -1))
	tally.Add(trust.Behind, 12, now)
	if err := w.dir.AddMeasures(t.Context(), tally.Days()); err != nil {
		t.Fatal(err)
	}
	w.dir.Parts = []trust.Part{trust.Copies}
	w.dir.Documents = []trust.Document{{Promises: []string{"P05"}, Title: "Report of the data centre", Owner: "Security", Until: calendar.MustParse("2099-12-31"), Link: "https://example.org/report"}}
	for _, who := range []string{"", "carla"} {
		a := w.at(w.acme, who).get("/promises")
		holds(t, a, 200, "At most one hour of work can be lost", "12 seconds at", "Not kept on 1 day of 2", "4,000 seconds",
			"96.66 % of 30 minutes", "29 of 30 minutes", "tenant.TestApart",
			"Report of the data centre, to 31 Dec 2099. Security answers for it.", `href="https://example.org/report"`,
			"The installation has no spare disk.", "No document is on record.")
	}
	holds(t, w.at(w.acme, "").get("/sign-in"), 200, `href="/promises"`)
}

// TestPromises_words: each promise has its words in every language, also for what it rests on where an installation has more.
func TestPromises_words(t *testing.T) {
	for _, tag := range lang.Tags() {
		l := lang.For(tag)
		for _, p := range trust.Promises() {
			keys := []string{"trust." + p.ID, "trust." + p.ID + ".how"}
			if name := p.Better.Name(); name != "" {
				keys = append(keys, "trust."+p.ID+"."+name)
			}
			for _, part := range p.Parts {
				keys = append(keys, "trust.lacks."+string(part))
			}
			for _, m := range []trust.Measure{p.By, p.Better.By} {
				if m == "" {
					continue
				}
				keys = append(keys, "trust.most."+string(m))
				if !m.Minutes() {
					keys = append(keys, "trust.value."+string(m))
				}
			}
			for _, key := range keys {
				if !l.Has(key) {
					t.Errorf("%s has no words in %q: %s", p.ID, tag, key)
				}
			}
		}
	}
}
