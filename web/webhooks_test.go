// SPDX-License-Identifier: Apache-2.0

package web

import (
	"maps"
	"net/http"
	"testing"

	"verlof/people"
)

// The routes of webhooks with what asks for them: see matrix_test.go and slips_test.go.
func init() {
	maps.Copy(exemplars, webhookExemplars)
	maps.Copy(sheets, webhookSheets)
}

// webhookBoxes are the fields of a webhook.
var webhookBoxes = []box{{name: "url", value: "https://roster.example.test/in", kind: words}, {name: "description", value: "Roster", kind: words, optional: true},
	{name: "types", value: "team.*", kind: pick, optional: true}}

var webhookExemplars = map[string]exemplar{
	"GET /manage/webhooks":                                    {path: "/manage/webhooks"},
	"GET /manage/webhooks/new":                                {path: "/manage/webhooks/new"},
	"POST /manage/webhooks/new":                               {path: "/manage/webhooks/new", form: []string{"url", "x"}, other: http.StatusUnprocessableEntity, own: http.StatusUnprocessableEntity},
	"GET /manage/webhooks/{id}":                               {path: "/manage/webhooks/{hook}", other: http.StatusNotFound},
	"POST /manage/webhooks/{id}":                              {path: "/manage/webhooks/{hook}", form: []string{"url", "https://payroll.example.test/in"}, other: http.StatusNotFound},
	"POST /manage/webhooks/{id}/delete":                       {path: "/manage/webhooks/{hook}/delete", other: http.StatusNotFound},
	"POST /manage/webhooks/{id}/secret":                       {path: "/manage/webhooks/{hook}/secret", other: http.StatusNotFound},
	"POST /manage/webhooks/{id}/test":                         {path: "/manage/webhooks/{hook}/test", other: http.StatusNotFound},
	"POST /manage/webhooks/{id}/replay":                       {path: "/manage/webhooks/{hook}/replay", form: []string{"since", "2026-03-01"}, other: http.StatusNotFound},
	"POST /manage/webhooks/{id}/deliveries/{delivery}/resend": {path: "/manage/webhooks/{hook}/deliveries/{sent}/resend", other: http.StatusNotFound},
}

var webhookSheets = map[string]sheet{
	"/manage/webhooks/new":                               {who: "ana", path: "/manage/webhooks/new", boxes: webhookBoxes},
	"/manage/webhooks/{id}":                              {who: "ana", path: "/manage/webhooks/{hook}", boxes: webhookBoxes},
	"/manage/webhooks/{id}/delete":                       {who: "ana", path: "/manage/webhooks/{hook}/delete"},
	"/manage/webhooks/{id}/secret":                       {who: "ana", path: "/manage/webhooks/{hook}/secret"},
	"/manage/webhooks/{id}/test":                         {who: "ana", path: "/manage/webhooks/{hook}/test"},
	"/manage/webhooks/{id}/replay":                       {who: "ana", path: "/manage/webhooks/{hook}/replay", boxes: []box{{name: "since", value: "2026-03-02", kind: day}}},
	"/manage/webhooks/{id}/deliveries/{delivery}/resend": {who: "ana", path: "/manage/webhooks/{hook}/deliveries/{sent}/resend"},
}

// TestWebhookOfSicknessPage: who does not follow sickness is told why a webhook that hears of it is not
// theirs to use, and gets no button that would be refused.
func TestWebhookOfSicknessPage(t *testing.T) {
	w := newWorld(t, nil)
	b := w.at(w.acme, "ana")
	path := "/manage/webhooks/" + w.acme.hook
	holds(t, b.fill(path, "url", "https://payroll.example.test/in", "types", "sickness.*", "types", "sickness.reported"), 303)
	use := []string{path + "/test", path + "/secret", path + "/replay", "/resend"}
	a := b.get(path)
	holds(t, a, 200, use...)
	holds(t, a, 200, `name="types" value="sickness.reported"`)
	lacks(t, a, "This webhook hears of sickness")
	ana := people.ID(w.acme.id("ana"))
	err := w.acme.DB().People().Update(t.Context(), func(tx people.Tx) error {
		p, err := tx.Person(ana)
		if err != nil {
			return err
		}
		p.Roles &^= people.SicknessOfficer
		return tx.SavePerson(p)
	})
	if err != nil {
		t.Fatal(err)
	}
	a = b.get(path)
	holds(t, a, 200, "This webhook hears of sickness", path+"/delete")
	lacks(t, a, append(use, `value="sickness.reported"`)...)
	holds(t, b.post(path+"/secret"), 403, "Only a sickness officer")
}
