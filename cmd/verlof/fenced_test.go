// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// TestServe_recoveredElsewhere: a server goes on while the installation is recovered on another machine. It takes no
// change any more, says to people that it cannot, and to a load balancer that it is not the one to ask.
func TestServe_recoveredElsewhere(t *testing.T) {
	depot := "folder:" + t.TempDir()
	in := append(newInstallation(t), "--copy", depot)
	link := linkIn(t, must(t, append([]string{"tenant", "create", "acme", "--name", "Acme", "--admin", "anna@acme.example",
		"--print-link"}, in...)...), "http://acme.localhost:8080")
	p := launch(t, serveArgs(in)...)
	site, private := p.addresses(t)
	b, watch := visit(t, "acme.localhost", site), visit(t, "127.0.0.1", private)
	b.post(link, "password", password)
	if status, text := watch.get("/readyz"); status != 200 {
		t.Fatalf("before: %d %s", status, text)
	}
	must(t, "recover", "--data", filepath.Join(t.TempDir(), "new"), "--root-key-file", filepath.Join(in[1], "root.key"), "--from", depot)
	wait(t, "for a server that is not ready", func() bool {
		status, text := watch.get("/readyz")
		return status == http.StatusServiceUnavailable && strings.Contains(text, "another folder is in force")
	})
	if status, page := b.post("/sign-in", "email", "anna@acme.example", "password", password); status != http.StatusServiceUnavailable {
		t.Errorf("signing in where no change is taken: %d\n%s", status, page)
	}
	if status, _ := watch.get("/healthz"); status != 200 {
		t.Errorf("the process does not live: %d", status)
	}
}
