// SPDX-License-Identifier: Apache-2.0

package api

import (
	"strings"
	"testing"
)

// TestFarYears: leave years that lie too far ahead are refused before anybody's are worked out, which
// would take minutes and all memory.
func TestFarYears(t *testing.T) {
	w := newWorld(t)
	for path, body := range map[string]string{
		"/leave-years/9999-12-31":        "",
		"/leave-years/9999-12-31/close":  `{"mark":"x"}`,
		"/leave-years/9999-12-31/reopen": `{"reason":"x"}`,
	} {
		method := "POST"
		if body == "" {
			method = "GET"
		}
		if r := w.want(422, "ana", method, path, body); !strings.Contains(r.text, "leave.error.too_far") {
			t.Errorf("%s: %s", path, r.text)
		}
	}
	w.want(200, "ana", "GET", "/leave-years/2065-12-31", "")
}

// TestFarDays: so are days of claims, of letters and of sickness, whoever sends them.
func TestFarDays(t *testing.T) {
	w := newWorld(t)
	for path, body := range map[string]string{
		"/claims":                          `{"person":"acme-carla","kind":"purchase","type":"holiday","date":"9999-12-31","amount":"1"}`,
		"/endings/holiday/9999-12-31/send": `{"people":["acme-dirk"]}`,
		"/sickness":                        `{"person":"acme-carla","from":"2026-03-16","to":"9999-12-31"}`,
		"/sickness?":                       `{"person":"acme-carla","from":"2026-03-16","expected":"9999-12-31"}`,
	} {
		if r := w.want(422, "ana", "POST", path, body); !strings.Contains(r.text, "leave.error.too_far") {
			t.Errorf("%s %s: %s", path, body, r.text)
		}
	}
}
