// SPDX-License-Identifier: Apache-2.0

package api

import (
	"strings"
	"testing"

	"verlof/calendar"
	"verlof/identity/access"
	"verlof/leave"
)

// TestColleagues: a program is told of a colleague what the pages show of one, and of those who
// can do somebody's work no more than the name, whoever asks.
func TestColleagues(t *testing.T) {
	w := newWorld(t)
	w.must(w.acme.Leave.Store.Update(t.Context(), func(tx leave.Tx) error {
		dirk, err := tx.Person(w.acme.person("dirk"))
		dirk.Born, dirk.Number = calendar.MustParse("1990-05-01"), "N-77"
		if err == nil {
			err = tx.SavePerson(dirk)
		}
		return err
	}))
	narrow := w.token(w.acme, "ana", access.LeaveRead)
	for _, tt := range []struct {
		who, token, path string
		whole            bool
	}{
		{"carla", w.acme.tokens["carla"], "/people", false},
		{"carla", w.acme.tokens["carla"], "/people/acme-dirk", false},
		{"carla", w.acme.tokens["carla"], "/people/acme-carla/substitutes", false},
		{"ana with leave:read", narrow, "/people/acme-carla/substitutes", false},
		{"ana", w.acme.tokens["ana"], "/people/acme-dirk", true},
	} {
		r := w.call(w.acme, tt.token, "GET", tt.path, "")
		if r.StatusCode != 200 || !strings.Contains(r.text, `"given":"Dirk"`) {
			t.Errorf("%s as %s: %d %s", tt.path, tt.who, r.StatusCode, r.text)
		}
		for _, secret := range []string{"dirk@acme.example", "N-77", "1990-05-01"} {
			if strings.Contains(r.text, secret) != tt.whole {
				t.Errorf("%s as %s tells %q: %t, want %t", tt.path, tt.who, secret, !tt.whole, tt.whole)
			}
		}
	}
}
