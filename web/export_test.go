// SPDX-License-Identifier: Apache-2.0

package web

import (
	"bytes"
	"maps"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"verlof/people"
	"verlof/tenant"
)

func init() {
	maps.Copy(exemplars, map[string]exemplar{
		"GET /manage/export":  {path: "/manage/export"},
		"POST /manage/export": {path: "/manage/export"},
	})
	sheets["/manage/export"] = sheet{who: "ana", path: "/manage/export"}
	doings["/manage/export"] = doing{why: "it takes a proof that is fresh, by a person; an operator's program runs verlof tenant export"}
}

// TestExport has everything in one file for an administrator who follows sickness and has just proved who
// they are; it imports again, is on record, and nothing of it stays.
func TestExport(t *testing.T) {
	w := newWorld(t, nil)
	b := w.at(w.acme, "ana")
	follows := func(is bool) {
		t.Helper()
		err := w.acme.DB().People().Update(t.Context(), func(tx people.Tx) error {
			p, err := tx.Person(people.ID(w.acme.id("ana")))
			if err != nil {
				return err
			}
			if p.Roles &^= people.SicknessOfficer; is {
				p.Roles |= people.SicknessOfficer
			}
			return tx.SavePerson(p)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	follows(false)
	refused := b.post("/manage/export")
	page := bodyOf(b.get("/manage/export"))
	if refused.Code != http.StatusForbidden || !strings.Contains(page, "follows sickness as well") || strings.Contains(page, "Download everything") || !strings.Contains(page, "Nothing was exported yet") {
		t.Errorf("an administrator who sees no sickness: %d\n%s", refused.Code, page)
	}
	follows(true)
	a := b.post("/manage/export")
	if a.Code != http.StatusOK || a.Header().Get("Content-Type") != "application/zip" || !strings.Contains(a.Header().Get("Content-Disposition"), "acme-") {
		t.Fatalf("%d %v", a.Code, a.Header())
	}
	body := a.Body.Bytes()
	archive, err := tenant.ReadArchive(bytes.NewReader(body), int64(len(body)))
	if err != nil || archive.Manifest.Medical || archive.Manifest.Customer.ID != w.acme.ID || archive.Manifest.Rows() == 0 {
		t.Fatalf("%+v, %v", archive, err)
	}
	page = bodyOf(b.get("/manage/export"))
	if strings.Contains(page, "Nothing was exported yet") || !strings.Contains(page, "Ana ") {
		t.Error("it is not on record who took it along")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(w.acme.DB().File()), ".export-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	w.acme.Identity.Limits.Fresh = 0
	if a := b.post("/manage/export"); a.Code == http.StatusOK || a.Header().Get("Content-Type") == "application/zip" {
		t.Errorf("without a fresh proof: %d", a.Code)
	}
}
