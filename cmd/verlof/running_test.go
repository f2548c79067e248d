// SPDX-License-Identifier: Apache-2.0

//go:build !race

package main

import (
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"verlof/internal/browsertest"
	"verlof/operate"
)

// running is a demo that people walk through: the real program, on a port of its
// own. Whatever it complains of fails the test.
type running struct {
	*testing.T
	dir     string
	address string
}

func newRunning(t *testing.T) *running {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "demo")
	p, address := startDemo(t, "--data", dir)
	t.Cleanup(func() {
		if err := p.end(t); err != nil {
			t.Errorf("the demo ended: %v", err)
		}
		if said := p.err.String(); said != "" {
			t.Errorf("the demo complained:\n%s", said)
		}
	})
	return &running{T: t, dir: dir, address: address}
}

// site returns the address of a customer's site.
func (r *running) site(slug string) string {
	_, port, _ := strings.Cut(r.address, ":")
	return "http://" + slug + ".localhost:" + port
}

// role is what somebody of the demo is to a test.
type role int

const (
	nobody   role = iota - 1 // signed out
	employee                 // the first of operate.DemoCustomer.People
	manager                  // of the employee
	administrator
	colleague // of the employee: the second employee
	officer   // of sickness
)

// person returns one of a customer's people.
func (r *running) person(slug string, who role) operate.DemoPerson {
	r.Helper()
	for _, c := range operate.DemoCustomers() {
		if c.Slug == slug {
			nth := map[role]int{colleague: 1}[who]
			for _, p := range c.People {
				if p.Role != [...]string{"employee", "manager", "administrator", "employee", "officer"}[who] {
					continue
				}
				if nth == 0 {
					return p
				}
				nth--
			}
		}
	}
	r.Fatalf("no customer %s with a person %d", slug, who)
	return operate.DemoPerson{}
}

// client is somebody's signed-in browser without a screen.
func (r *running) client(slug string, who role) *browser {
	r.Helper()
	b := visit(r.T, slug+".localhost", r.address)
	b.signIn(r.person(slug, who).Email, operate.DemoPassword)
	return b
}

// find returns the first group of the first match on a page.
func (r *running) find(b *browser, path, pattern string) string {
	r.Helper()
	status, page := b.get(path)
	m := regexp.MustCompile(pattern).FindStringSubmatch(page)
	if m == nil {
		r.Fatalf("nothing like %s at %s: %d, %d bytes", pattern, path, status, len(page))
	}
	return m[1]
}

// mailed waits for a mail with a link to a customer's site, below a path.
func (r *running) mailed(slug, path string) string {
	r.Helper()
	b, link := r.client(slug, administrator), regexp.MustCompile(regexp.QuoteMeta(r.site(slug)+path)+`[0-9a-z-]+`)
	found := ""
	wait(r.T, "for a mail with "+path, func() bool {
		_, page := b.get("/demo/mail")
		found = link.FindString(page)
		return found != ""
	})
	return strings.TrimPrefix(found, r.site(slug))
}

// tab is somebody's browser at a customer's site.
type tab struct {
	*browsertest.Page
	t    *testing.T
	site string
}

// tab opens a browser; who is not nobody signs in with the printed address and
// password.
func (r *running) tab(t *testing.T, v browsertest.View, slug string, who role) *tab {
	t.Helper()
	p := &tab{Page: browsertest.Open(t, v), t: t, site: r.site(slug)}
	if who != nobody {
		p.visit("/sign-in")
		p.signIn(r.person(slug, who).Email, operate.DemoPassword)
		if p.URL() != p.site+"/" {
			t.Fatalf("signing in as %d leads to %s", who, p.URL())
		}
	}
	return p
}

func (p *tab) signIn(email, password string) {
	p.t.Helper()
	p.Type("#f-email", email)
	p.Type("#f-password", password)
	p.Follow("form[action='/sign-in'] button[type=submit]")
}

// visit opens an address of the site and fails where there is no page.
func (p *tab) visit(path string) {
	p.t.Helper()
	if status := p.Goto(p.site + path); status != http.StatusOK {
		p.t.Fatalf("%s: %d", path, status)
	}
}

// sees fails unless the page's main part says every text.
func (p *tab) sees(texts ...string) {
	p.t.Helper()
	said := p.main()
	for _, text := range texts {
		if !strings.Contains(said, text) {
			p.t.Errorf("%s (%s) does not say %q:\n%s", p.URL(), p.View(), text, said)
		}
	}
}

// main returns the text of the page's main part, spaces made single.
func (p *tab) main() string {
	p.t.Helper()
	return strings.Join(strings.Fields(p.Text("main")), " ")
}

// tabTo goes on with the tabulator key until an element has the focus, and fails
// where it never has it or does not show it.
func (p *tab) tabTo(sel string) {
	p.t.Helper()
	for range 100 {
		p.Press(kb.Tab)
		if !p.Has(sel + ":focus") {
			continue
		}
		if !browsertest.Eval[bool](p.Page, focusShows) {
			p.t.Errorf("%s has the focus at %s and does not show it", sel, p.URL())
		}
		return
	}
	p.t.Fatalf("the tabulator key does not reach %s at %s", sel, p.URL())
}

// focusShows asks whether what has the focus, or what holds it, is outlined.
const focusShows = `(() => {
	for (let e = document.activeElement, n = 0; e && n < 2; e = e.parentElement, n++) {
		const s = getComputedStyle(e)
		if (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) return true
	}
	return false
})()`
