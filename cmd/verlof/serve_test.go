// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"verlof/errs"
	"verlof/internal/pgtest"
	"verlof/trust"
)

// dialTo connects to one address, whatever is asked for.
func dialTo(dial func(context.Context, string, string) (net.Conn, error), address string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) { return dial(ctx, network, address) }
}

const password = "heron stairs violin"

// newInstallation returns the flags of an installation that is not there yet.
func newInstallation(t *testing.T) []string {
	t.Helper()
	return []string{"--data", filepath.Join(t.TempDir(), "data"), "--plain"}
}

func serveArgs(installation []string) []string {
	return append([]string{"serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"}, installation...)
}

// TestServe: an installation begins without a customer; an operator makes one, its
// administrator comes in by the link, forgets the password, and gets a mail; the operator
// sees what goes on.
func TestServe(t *testing.T) {
	in := newInstallation(t)
	p := launch(t, serveArgs(in)...)
	site, private := p.addresses(t)
	link := linkIn(t, must(t, append([]string{"tenant", "create", "acme", "--name", "Acme", "--admin", "anna@acme.example",
		"--print-link"}, in...)...), "http://acme.localhost:8080")
	b := visit(t, "acme.localhost", site)
	if status, page := b.get(link); status != 200 || !strings.Contains(page, "anna@acme.example") {
		t.Fatalf("the link: %d\n%s", status, page)
	}
	b.post(link, "password", password)
	b.signIn("anna@acme.example", password)

	b.post("/forgot", "email", "anna@acme.example")
	var mails []string
	wait(t, "for two mails", func() bool { // that the password was set, and the link
		mails, _ = filepath.Glob(filepath.Join(in[1], "mail", "*", "*.eml"))
		return len(mails) == 2
	})

	if status, _ := visit(t, "other.localhost", site).get("/sign-in"); status != http.StatusNotFound {
		t.Errorf("an unknown host: %d", status)
	}
	must(t, append([]string{"tenant", "suspend", "acme"}, in...)...)
	if status, _ := b.get("/"); status != http.StatusServiceUnavailable {
		t.Errorf("a suspended customer: %d", status)
	}
	must(t, append([]string{"tenant", "resume", "acme"}, in...)...)

	watch := visit(t, "127.0.0.1", private)
	for path, want := range map[string]string{
		"/healthz": "ok", "/readyz": "ok",
		"/metrics": `verlof_requests_total{route="GET /invitation/{token}",status="200"} 1`,
	} {
		if status, text := watch.get(path); status != 200 || !strings.Contains(text, want) {
			t.Errorf("%s: %d, want %s in\n%s", path, status, want, text)
		}
	}
	_, text := watch.get("/metrics")
	for _, want := range []string{`verlof_mails_total{outcome="sent"} 2`, "verlof_customers_open 1", "verlof_commits_total ", "verlof_request_seconds_bucket"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in the metrics", want)
		}
	}
	if strings.Contains(text, "verlof_updates_total 0\n") {
		t.Error("no updates are counted")
	}
	if status, _ := b.get("/metrics"); status == 200 {
		t.Error("the site shows the metrics")
	}
	if err := p.end(t); err != nil {
		t.Errorf("stopped: %v", err)
	}
	for _, secret := range []string{"anna", password, filepath.Base(link)} {
		if strings.Contains(p.err.String(), secret) {
			t.Errorf("the log holds %q:\n%s", secret, p.err.String())
		}
	}
}

// TestMeasured: a server measures how its promises stand, the site shows it to whoever comes by, and the
// command to the operator, also when the server has stopped.
func TestMeasured(t *testing.T) {
	in := append(newInstallation(t), "--copy", "folder:"+t.TempDir())
	must(t, append([]string{"tenant", "create", "acme", "--name", "Acme"}, in...)...)
	p := launch(t, serveArgs(in)...)
	site, _ := p.addresses(t)
	stands := func() (lines map[string]promiseRow) {
		var all []promiseRow
		if err := json.Unmarshal([]byte(must(t, append([]string{"promises", "--json"}, in...)...)), &all); err != nil {
			t.Fatal(err)
		}
		lines = map[string]promiseRow{}
		for _, r := range all {
			lines[r.ID] = r
		}
		return lines
	}
	wait(t, "for the first numbers", func() bool { return stands()["P34"].State == trust.Kept })
	for id, newest := range map[string]string{"P30": "0 seconds", "P35": "0 databases"} {
		if r := stands()[id]; r.State != trust.Kept || r.Newest != newest || len(r.Days) != 1 {
			t.Errorf("%s: %s, %q, %d days", id, r.State, r.Newest, len(r.Days))
		}
	}
	if status, page := visit(t, "acme.localhost", site).get("/promises"); status != 200 || !strings.Contains(page, "100 % of") {
		t.Errorf("/promises of nobody: %d\n%s", status, page)
	}
	if err := p.end(t); err != nil {
		t.Errorf("stopped: %v", err)
	}
	if r := stands()["P34"]; r.State != trust.Kept {
		t.Errorf("once it has stopped: %s", r.State)
	}
}

// TestStop: a request that is under way when the process is told to stop is
// answered; a new one is not.
func TestStop(t *testing.T) {
	in := newInstallation(t)
	must(t, append([]string{"tenant", "create", "acme", "--name", "Acme"}, in...)...)
	p := launch(t, serveArgs(in)...)
	site, _ := p.addresses(t)
	c, err := net.Dial("tcp", site)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	const body = "email=nobody%40acme.example&password=x"
	fmt.Fprintf(c, "POST /sign-in HTTP/1.1\r\nHost: acme.localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		len(body), body[:7])
	time.Sleep(100 * time.Millisecond) // the server has it
	p.stop()
	wait(t, "for the listener to close", func() bool {
		d, err := net.Dial("tcp", site)
		if err == nil {
			d.Close()
		}
		return err != nil
	})
	fmt.Fprint(c, body[7:])
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatalf("the request under way: %v", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusUnauthorized {
		t.Errorf("the request under way: %s", answer.Status)
	}
	if err := p.end(t); err != nil {
		t.Errorf("stopped: %v", err)
	}
}

// TestTaken: a port that somebody else has is told with a way out.
func TestTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dir := filepath.Join(t.TempDir(), "data")
	for name, args := range map[string][]string{
		"serve":   {"serve", "--listen", l.Addr().String(), "--data", dir},
		"metrics": {"serve", "--listen", "127.0.0.1:0", "--metrics-listen", l.Addr().String(), "--data", dir},
		"demo":    {"demo", "--listen", l.Addr().String(), "--data", dir},
	} {
		_, err := verb(t, args...)
		if !errs.Is(err, errs.Unavailable) || !strings.Contains(errs.As(err).Hint, "listen") {
			t.Errorf("%s: %v, hint %q", name, err, errs.As(err).Hint)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s made a folder", name)
		}
	}
}

// TestHeldListener: a socket that systemd holds is served.
func TestHeldListener(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	held, err := l.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	in := newInstallation(t)
	must(t, append([]string{"tenant", "create", "acme", "--name", "Acme"}, in...)...)
	args := append([]string{"-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec verlof "$@"`, "sh"}, serveArgs(in)...)
	args[len(args)-len(in)-1] = "" // no metrics
	c := exec.Command("sh", args...)
	c.ExtraFiles = []*os.File{held}
	var log buffer
	c.Stderr = &log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if status, _ := visit(t, "acme.localhost", l.Addr().String()).get("/sign-in"); status != 200 {
		t.Errorf("the held socket: %d\n%s", status, log.String())
	}
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("stopped: %v\n%s", err, log.String())
	}
}

// TestPostgres: one setting puts every customer into a PostgreSQL database of its
// own, and the sites are the same.
func TestPostgres(t *testing.T) {
	in := append(newInstallation(t), "--database", pgtest.URL(t))
	link := linkIn(t, must(t, append([]string{"tenant", "create", "acme", "--name", "Acme", "--admin", "anna@acme.example",
		"--print-link"}, in...)...), "http://acme.localhost:8080")
	p := launch(t, serveArgs(in)...)
	site, private := p.addresses(t)
	b := visit(t, "acme.localhost", site)
	b.post(link, "password", password)
	b.signIn("anna@acme.example", password)
	if status, _ := visit(t, "127.0.0.1", private).get("/readyz"); status != 200 {
		t.Errorf("ready: %d", status)
	}
	if err := p.end(t); err != nil {
		t.Errorf("stopped: %v", err)
	}
	if files, _ := filepath.Glob(filepath.Join(in[1], "*.db")); files != nil {
		t.Errorf("there are files too: %v", files)
	}
}
