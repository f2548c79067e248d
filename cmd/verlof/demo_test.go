// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"verlof/errs"
	"verlof/operate"
)

// startDemo starts a demo and returns the port on which it answers.
func startDemo(t *testing.T, args ...string) (*process, string) {
	t.Helper()
	p := launch(t, append([]string{"demo", "--listen", "127.0.0.1:0"}, args...)...)
	port := ""
	wait(t, "for the demo's table", func() bool {
		if found := regexp.MustCompile(`http://acme\.localhost:(\d+)`).FindStringSubmatch(p.out.String()); found != nil {
			port = found[1]
		}
		select {
		case err := <-p.ended:
			p.ended <- err
			t.Fatalf("the demo ended: %v", err)
		default:
		}
		return port != "" && strings.Contains(p.out.String(), "Ctrl-C")
	})
	return p, "127.0.0.1:" + port
}

// TestDemo: the printed sign-ins work, one can be somebody else with a click, mail
// comes to the mailbox, what was done is there after a restart, and --fresh
// begins anew.
func TestDemo(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "demo")
	p, address := startDemo(t, "--data", dir)
	for _, c := range operate.DemoCustomers() {
		for _, who := range c.People[:3] {
			if !strings.Contains(p.out.String(), who.Email) {
				t.Errorf("%s is not printed", who.Email)
			}
			visit(t, c.Slug+".localhost", address).signIn(who.Email, operate.DemoPassword)
		}
	}
	acme := operate.DemoCustomers()[0]
	b := visit(t, "acme.localhost", address)
	for _, who := range acme.People {
		if status, page := b.post("/demo/switch", "person", string(who.ID)); status != 200 || !strings.Contains(page, who.Name) {
			t.Errorf("switch to %s: %d", who.ID, status)
		}
	}
	wait(t, "for the mails to the managers", func() bool {
		_, page := b.get("/demo/mail")
		return strings.Contains(page, acme.People[1].Email)
	})
	b.post("/demo/switch", "person", string(acme.People[0].ID))
	b.post("/account/password", "current", operate.DemoPassword, "password", password)
	visit(t, "acme.localhost", address).signIn(acme.People[0].Email, password)
	if err := p.end(t); err != nil {
		t.Fatal(err)
	}

	_, address = startDemo(t, "--data", dir)
	again := visit(t, "acme.localhost", address)
	again.signIn(acme.People[0].Email, password)
	again.post("/demo/switch", "person", string(acme.People[0].ID)) // puts the password back
	visit(t, "acme.localhost", address).signIn(acme.People[0].Email, operate.DemoPassword)
}

// TestFresh: --fresh deletes what is a demo's, and nothing else; nothing of one that runs.
func TestFresh(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "demo")
	p, address := startDemo(t, "--data", dir)
	who := operate.DemoCustomers()[1].People[0]
	b := visit(t, "birch.localhost", address)
	b.signIn(who.Email, operate.DemoPassword)
	if _, err := verb(t, "demo", "--listen", "127.0.0.1:0", "--data", dir, "--fresh"); !errs.Is(err, errs.Unavailable) || errs.As(err).Hint == "" {
		t.Errorf("a second demo in the same folder: %v", err)
	}
	b.post("/account/password", "current", operate.DemoPassword, "password", password)
	if err := p.end(t); err != nil {
		t.Fatal(err)
	}
	mine := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(mine, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, address = startDemo(t, "--data", dir, "--fresh")
	visit(t, "birch.localhost", address).signIn(who.Email, operate.DemoPassword)
	if _, err := os.Stat(mine); err != nil {
		t.Error(err)
	}
}

// TestSecondPlace: the settings say that each change is kept at a second place; when that is
// gone people work on, the settings say so, and it is made good once the place is there.
func TestSecondPlace(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "demo")
	_, address := startDemo(t, "--data", dir)
	b := visit(t, "acme.localhost", address)
	var keeper operate.DemoPerson
	for _, who := range operate.DemoCustomers()[0].People {
		if who.Role == "administrator" {
			keeper = who
		}
	}
	b.signIn(keeper.Email, operate.DemoPassword)
	says := func(text string) bool {
		_, page := b.get("/manage/settings")
		return strings.Contains(page, text)
	}
	change := func() {
		_, settings := b.get("/manage/settings")
		_, drawn, _ := strings.Cut(settings, `name="drawn" value="`)
		drawn, _, _ = strings.Cut(drawn, `"`)
		if status, _ := b.post("/manage/settings", "name", "Acme", "accent", "#0f766e", "language", "en", "drawn", drawn); status != 200 {
			t.Fatalf("a change is answered %d", status)
		}
	}
	if !says("Every change is stored in a second place") {
		t.Error("the settings do not say that changes are kept twice")
	}
	second := filepath.Join(dir, "second")
	if err := os.Rename(second, second+".gone"); err != nil {
		t.Fatal(err)
	}
	change()
	if !says("have not reached the second place") {
		t.Error("the second place is gone, and the settings do not say so")
	}
	if err := os.Rename(second+".gone", second); err != nil {
		t.Fatal(err)
	}
	wait(t, "for the second place to be used again", func() bool { change(); return says("Every change is stored in a second place") })
}
