// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"strings"
	"testing"
)

// TestTaken: payroll and those who lead see what approved leave costs in a time, as a page and as a
// file: the days in it alone.
func TestTaken(t *testing.T) {
	w := newWorld(t, nil)
	bram, carla := w.at(w.acme, "bram"), w.at(w.acme, "carla")
	for _, c := range []struct {
		path       string
		want, lack []string
	}{
		{"/taken?from=2026-08-01&to=2026-08-31", []string{"/requests/" + w.acme.approved, "3–14 Aug 2026", ">10<", ">80:00<", "1 person"}, []string{"of this"}},
		{"/taken?from=2026-08-10&to=2026-08-31&team=" + w.acme.id("sales"), []string{"of this: 10–14 Aug 2026", ">5<", ">40:00<"}, nil},
		{"/taken?from=2026-08-01&to=2026-08-31&type=special", []string{"No approved leave in this time"}, []string{w.acme.approved}},
		{"/taken", []string{"March 2026", "February 2026", "All of 2026"}, []string{w.acme.pending}},
	} {
		a := bram.get(c.path)
		body := a.Body.String()
		for _, s := range c.want {
			if a.Code != http.StatusOK || !strings.Contains(body, s) {
				t.Errorf("GET %s: %d, lacks %q", c.path, a.Code, s)
			}
		}
		for _, s := range c.lack {
			if strings.Contains(body, s) {
				t.Errorf("GET %s holds %q", c.path, s)
			}
		}
	}
	file := bram.get("/taken/file?from=2026-08-10&to=2026-08-31").Body.String()
	if !strings.Contains(file, "Carla Fonseca;Sales;Holiday;2026-08-10;2026-08-14;5;40") {
		t.Errorf("the file is\n%s", file)
	}
	if a := bram.get("/taken?from=2026-08-31&to=2026-08-01"); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), "at most ten years apart") {
		t.Errorf("from the last day to the first: %d", a.Code)
	}
	if a := carla.get("/taken"); a.Code != http.StatusForbidden {
		t.Errorf("an employee: %d", a.Code)
	}
}
