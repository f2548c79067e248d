// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"strings"
	"testing"

	"verlof/leave"
	"verlof/people"
)

// TestDigestPage: everybody chooses for themselves when they are told who is away, of the teams that they have.
func TestDigestPage(t *testing.T) {
	w := newWorld(t, nil)
	carla, bram := w.at(w.acme, "carla"), w.at(w.acme, "bram")
	is := func(who string, every leave.Cadence, of leave.Circle) {
		t.Helper()
		got, err := w.acme.Leave.Digest(t.Context(), people.ID(w.acme.id(who)))
		if err != nil || got.Every != every || got.Of != of {
			t.Errorf("%s: %+v, %v", who, got, err)
		}
	}
	form := bodyOf(carla.get("/account/digest"))
	if !strings.Contains(form, `value="never" id="f-every" checked`) || !strings.Contains(form, `value="teams"`) || strings.Contains(form, `value="led"`) {
		t.Errorf("carla, who leads nobody, is offered\n%s", form)
	}
	if form := bodyOf(bram.get("/account/digest")); !strings.Contains(form, `value="led"`) {
		t.Errorf("bram, who leads sales, is offered\n%s", form)
	}
	if a := carla.post("/account/digest", "every", "weekly", "of", "teams"); a.Code != http.StatusSeeOther {
		t.Fatalf("chosen: %d", a.Code)
	}
	is("carla", leave.WeeklyDigest, leave.DigestTeams)
	is("bram", leave.NoDigest, "")
	if form := bodyOf(carla.get("/account/digest")); !strings.Contains(form, `value="weekly" checked`) {
		t.Errorf("what she chose is not shown:\n%s", form)
	}
	for _, wrong := range [][]string{{"every", "hourly", "of", "teams"}, {"every", "daily", "of", "led"}, {"every", "daily"}, {}} {
		a := carla.post("/account/digest", wrong...)
		if a.Code != http.StatusUnprocessableEntity || !strings.Contains(bodyOf(a), `action="/account/digest"`) {
			t.Errorf("%v: %d", wrong, a.Code)
		}
	}
	is("carla", leave.WeeklyDigest, leave.DigestTeams)
	carla.post("/account/digest", "every", "never", "of", "teams")
	is("carla", leave.NoDigest, "")
	if page := bodyOf(carla.get("/account")); !strings.Contains(page, `href="/account/digest"`) {
		t.Error("the account does not lead there")
	}
}
