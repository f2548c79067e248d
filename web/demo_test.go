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
	"verlof/web/demo"
	"verlof/web/page"
)

// testDemo is a demo in which one may be carla or bram.
func testDemo() *demo.Demo {
	return &demo.Demo{
		Persons: func(_ context.Context, t *tenant.Tenant) ([]demo.Person, error) {
			return []demo.Person{
				{ID: people.ID(t.Slug + "-carla"), Name: "Carla", Role: "employee"},
				{ID: people.ID(t.Slug + "-bram"), Name: "Bram", Role: "manager"},
			}, nil
		},
		SwitchTo: func(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, person people.ID) error {
			name := strings.TrimPrefix(string(person), t.Slug+"-")
			e, err := t.Identity.SignIn(r.Context(), identity.Attempt{
				Email: name + "@" + t.Hosts[0], Password: password, Visitor: page.Visitor(r, t),
			})
			t.Identity.Keep(w, e)
			return err
		},
		Mailbox: func(context.Context, *tenant.Tenant) ([]demo.Mail, error) {
			return []demo.Mail{{To: "someone", At: now.UnixMicro(), Subject: "Hello", Text: "See http://x.test/requests/1 now"}}, nil
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
	for to, want := range map[string]string{"/inbox": "/inbox", "//elsewhere.test/": "/", "": "/"} {
		if a := b.post("/demo/switch", "person", "acme-bram", "to", to); a.Header().Get("Location") != want {
			t.Errorf("on to %q: %s", to, a.Header().Get("Location"))
		}
	}
	if a := b.get(demo.StartPath); !strings.Contains(a.Body.String(), `name="to" value="/inbox"`) || strings.Contains(a.Body.String(), page.PastsPath) {
		t.Error("the start page does not offer bram's inbox, or a past state where none is open")
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
	for _, path := range []string{demo.StartPath, "/demo/mail", "/styleguide", demo.ScenarioPath} {
		if a := b.get(path); a.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
	if a := b.post("/demo/switch", "person", "acme-bram"); a.Code != http.StatusNotFound {
		t.Errorf("switch: %d", a.Code)
	}
}

// TestScenarioPage: a case typed by hand is worked out, what is wrong with it is
// told with its line and word, and the text stays.
func TestScenarioPage(t *testing.T) {
	w := newWorld(t, testDemo())
	b := w.at(w.acme, "")
	const who = "policy 25 days a year\nperson ana joins 2026-07-01 works mon-fri\n"
	slow := "policy 1 day a day\nperson ana joins 1950-01-01 works mon-fri\n" + strings.Repeat("available ana 2100-12-31\n", 700)
	for _, tt := range []struct {
		name, text string
		status     int
		says       []string
	}{
		{"answered", who + "balance ana 2026-12-31", 200, []string{"12.5 days", "25 × 6/12"}},
		{"as_wanted", who + "balance ana 2026-12-31\n-- want --\n12.5 days", 200, []string{"As wanted"}},
		{"differs", who + "balance ana 2026-12-31\n-- want --\n13 days", 200, []string{"1 result is not what is wanted", "Wanted: 13 days"}},
		{"mistake", who + "balance bea 2026-12-31", 422, []string{"line 3", "bea", "nobody of that name", "policy 25 days a year"}},
		{"nothing_asked", who, 200, []string{"asks nothing yet"}},
		{"empty", " ", 422, []string{"Write a case first"}},
		{"markup", "<script>alert(1)</script>", 422, []string{"&lt;script&gt;"}},
		{"long", strings.Repeat("# far too long\n", 2000), 422, []string{"at most 20,000 characters", "# far too long"}},
		{"slow", slow, 422, []string{"takes too long"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := b.post(demo.ScenarioPath, "text", tt.text)
			if a.Code != tt.status {
				t.Fatalf("%d, want %d: %s", a.Code, tt.status, a.Body)
			}
			for _, s := range tt.says {
				if !strings.Contains(a.Body.String(), s) {
					t.Errorf("does not say %q: %s", s, a.Body)
				}
			}
		})
	}
}
