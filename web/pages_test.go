// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// TestWritePages writes pages to the folder that VERLOF_PAGES names, to be looked
// at in a browser.
func TestWritePages(t *testing.T) {
	out := os.Getenv("VERLOF_PAGES")
	if out == "" {
		return
	}
	w := newWorld(t, nil)
	for name, p := range map[string]struct{ who, path string }{
		"home-carla": {"carla", "/"}, "home-bram": {"bram", "/"}, "home-ana": {"ana", "/"},
		"ask": {"carla", "/leave/new"}, "ask-filled": {"carla", "/leave/new?type=holiday&from=2026-04-01&to=2026-04-10"},
		"ask-overlap": {"carla", "/leave/new?type=holiday&from=2026-03-20&to=2026-03-26"},
		"requests":    {"carla", "/requests"}, "request-own": {"carla", "/requests/" + w.acme.pending},
		"request-bram": {"bram", "/requests/" + w.acme.pending}, "request-done": {"carla", "/requests/" + w.acme.approved},
		"inbox": {"bram", "/inbox"}, "calendar": {"carla", "/calendar"}, "calendar-ana": {"ana", "/calendar"},
		"away": {"ana", "/away"}, "balance": {"carla", "/balance"}, "balance-dirk": {"ana", "/people/acme-dirk/balance"},
		"people": {"ana", "/people"}, "account": {"carla", "/account"}, "signin": {"", "/sign-in"}, "nothing": {"carla", "/nowhere"},
		"forgot": {"", "/forgot"},
	} {
		b := w.at(w.acme, p.who)
		a := b.get(p.path)
		if a.Code != http.StatusOK && name != "nothing" {
			t.Errorf("%s: %d", name, a.Code)
		}
		if err := os.WriteFile(filepath.Join(out, name+".html"), a.Body.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
