// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"verlof/identity"
	"verlof/people"
	"verlof/tenant"
)

// testDemo is a demo in which one may be carla or bram.
func testDemo() *Demo {
	return &Demo{
		Persons: func(_ context.Context, t *tenant.Tenant) ([]DemoPerson, error) {
			return []DemoPerson{
				{ID: people.ID(t.Slug + "-carla"), Name: "Carla", Role: "employee"},
				{ID: people.ID(t.Slug + "-bram"), Name: "Bram", Role: "manager"},
			}, nil
		},
		SwitchTo: func(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, person people.ID) error {
			name := strings.TrimPrefix(string(person), t.Slug+"-")
			e, err := t.Identity.SignIn(r.Context(), identity.Attempt{
				Email: name + "@" + t.Hosts[0], Password: password, Visitor: visitor(r, t),
			})
			t.Identity.Keep(w, e)
			return err
		},
		Mailbox: func(context.Context, *tenant.Tenant) ([]DemoMail, error) {
			return []DemoMail{{To: "someone", At: now.UnixMicro(), Subject: "Hello", Text: "See http://x.test/requests/1 now"}}, nil
		},
	}
}

func TestDemoSwitch(t *testing.T) {
	w := newWorld(t, testDemo())
	b := w.at(w.acme, "")
	if a := b.get("/sign-in"); !strings.Contains(a.Body.String(), `value="acme-bram"`) {
		t.Error("the strip does not offer bram")
	}
	if a := b.post("/demo/switch", "person", "acme-bram"); a.Code != http.StatusSeeOther {
		t.Fatalf("switch: %d %s", a.Code, a.Body)
	}
	if a := b.get("/inbox"); a.Code != http.StatusOK || !strings.Contains(a.Body.String(), "Carla Fonseca") {
		t.Errorf("bram's inbox: %d", a.Code)
	}
	if a := b.post("/demo/switch", "person", "acme-ana"); a.Code != http.StatusNotFound {
		t.Errorf("somebody who is not offered: %d", a.Code)
	}
	if a := b.get("/demo/mail"); !strings.Contains(a.Body.String(), `<a href="http://x.test/requests/1">`) {
		t.Error("the mail's link is no link")
	}
}

func TestNoDemoWithoutOne(t *testing.T) {
	w := newWorld(t, nil)
	b := w.at(w.acme, "carla")
	for _, path := range []string{"/demo/mail", "/styleguide"} {
		if a := b.get(path); a.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
	if a := b.post("/demo/switch", "person", "acme-bram"); a.Code != http.StatusNotFound {
		t.Errorf("switch: %d", a.Code)
	}
}
