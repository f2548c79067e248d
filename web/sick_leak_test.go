// SPDX-License-Identifier: Apache-2.0

package web

import (
	"strings"
	"testing"

	"verlof/calendar"
	"verlof/leave"
	"verlof/people"
	"verlof/store/storetest"
	"verlof/web/page"
)

// cause is what a note says, and nothing else may.
const cause = "Gastroenteritis-Acuta"

// TestNoNoteLeaves: what a note says stands on no page but the report's own, to the person and
// to sickness officers, and in no row of the database (outbox and history among them), no
// file and no line of the log.
func TestNoNoteLeaves(t *testing.T) {
	w := newWorld(t, nil)
	id, day := people.ID(w.acme.id("carla")), calendar.MustParse("2026-03-16")
	r, err := w.acme.Leave.ReportSick(t.Context(), id, leave.SickAsk{Person: id, From: day, Note: cause})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.acme.Leave.AddSickNote(t.Context(), people.ID(w.acme.id("ana")), r.ID, "again "+cause); err != nil {
		t.Fatal(err)
	}
	own := page.AbsencePath(r.ID)
	for _, who := range []string{"carla", "bram", "dirk", "ana"} {
		b := w.at(w.acme, who)
		for _, path := range []string{"/", "/away?date=2026-03-16", "/calendar?month=2026-03", "/requests", "/balance", "/sick", "/sick/history",
			"/inbox", "/people", "/people/" + string(id) + "/balance", "/people/" + string(id) + "/requests", "/people/" + string(id) + "/sickness",
			"/sickness", page.FiguresPath, page.FiguresPath + "/csv", own, own + "/correct"} {
			may := path == own && (who == "carla" || who == "ana") // ana is a sickness officer here
			if says := strings.Contains(b.get(path).Body.String(), cause); says != may {
				t.Errorf("%s to %s says the cause: %v, want %v", path, who, says, may)
			}
		}
		for _, form := range [][]string{{"/recover", "to", "2026-01-01"}, {"/notes", "note", ""}} {
			if a := b.post(own+form[0], form[1:]...); who != "carla" && who != "ana" && strings.Contains(a.Body.String(), cause) {
				t.Errorf("a refusal tells %s the cause", who)
			}
		}
	}
	info, err := w.dir.Show(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	dsn, err := w.dir.Place.DSN(info.Database)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range storetest.Rows(t, dsn) {
		if strings.Contains(row, cause) {
			t.Errorf("a row holds the cause: %.120s", row)
		}
	}
	if strings.Contains(w.log.String(), cause) {
		t.Error("the log holds the cause")
	}
}
