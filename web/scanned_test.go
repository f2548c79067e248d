// SPDX-License-Identifier: Apache-2.0

package web

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"verlof/identity/sso"
	"verlof/internal/clamd"
	"verlof/internal/clamd/clamdtest"
	"verlof/internal/saml/samltest"
	"verlof/web/page"
)

// TestScanned: of a file that holds malware, or that nobody can look at, nothing is read: not of people to import, and
// not of what a provider publishes.
func TestScanned(t *testing.T) {
	w := newWorld(t, nil)
	setting, stop := clamdtest.Serve(t)
	scanner, err := clamd.Parse(setting)
	if err != nil {
		t.Fatal(err)
	}
	w.dir.Scanner = scanner
	b := w.at(w.acme, "ana")
	hand := func(text string) (int, string) {
		a := b.do(sheets["/manage/import"].request(page.ImportPath, url.Values{"file": {"email;lastname;name\n" + text + "\n"}}))
		return a.Code, html.UnescapeString(a.Body.String())
	}
	if status, _ := hand("nora@acme.test;Smit;Nora"); status != http.StatusSeeOther {
		t.Errorf("a sound file: %d", status)
	}
	status, text := hand("nora@acme.test;Smit;" + clamdtest.Malware)
	if status != http.StatusUnprocessableEntity || !strings.Contains(text, "This file holds malware, says the scanner: "+clamdtest.Name) {
		t.Errorf("malware: %d %s", status, text)
	}
	provider := w.acme.addSAML(w, samltest.New(func() time.Time { return now }), func(*sso.Provider) {})
	a := b.do(sheets["/manage/sso/{id}/metadata"].request("/manage/sso/"+provider+"/metadata", url.Values{"metadata": {"<a>" + clamdtest.Malware + "</a>"}}))
	if a.Code != http.StatusUnprocessableEntity || !strings.Contains(html.UnescapeString(a.Body.String()), "This file holds malware") {
		t.Errorf("malware for a provider: %d %s", a.Code, a.Body)
	}
	stop()
	if status, text := hand("nora@acme.test;Smit;Nora"); status != http.StatusServiceUnavailable || !strings.Contains(text, "cannot be looked at for malware") {
		t.Errorf("nobody looks: %d %s", status, text)
	}
}
