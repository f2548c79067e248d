// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestFlood: an address that asks too often is told to wait, in its language, and others are served. A proxy that was named
// is not taken for the browsers behind it.
func TestFlood(t *testing.T) {
	in := newInstallation(t)
	must(t, append([]string{"tenant", "create", "acme", "--name", "Acme"}, in...)...)
	p := launch(t, append(serveArgs(in), "--trusted-proxies", "127.0.0.1", "--requests-per-address", "2")...)
	site, private := p.addresses(t)
	ask := func(from string) (int, http.Header, string) {
		r, err := http.NewRequest(http.MethodGet, "http://"+site+"/sign-in", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "acme.localhost"
		r.Header.Set("Accept-Language", "de")
		if from != "" {
			r.Header.Set("X-Forwarded-For", from)
		}
		w, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer w.Body.Close()
		text, _ := io.ReadAll(w.Body)
		return w.StatusCode, w.Header, string(text)
	}
	held := 0
	for range 60 {
		status, head, text := ask("203.0.113.7")
		if status == http.StatusOK {
			continue
		}
		if held++; status != http.StatusTooManyRequests || head.Get("Retry-After") != "1" || !strings.Contains(text, "Bitte") {
			t.Fatalf("held back with %d, Retry-After %q, %q", status, head.Get("Retry-After"), text)
		}
	}
	if held < 20 || held > 40 {
		t.Errorf("%d of 60 were held back", held)
	}
	for range 60 {
		if status, _, _ := ask(""); status != http.StatusOK {
			t.Fatalf("the proxy itself: %d", status)
		}
	}
	for name, want := range map[string]int{"203.0.113.8": 200, "2001:db8:1:1::1": 200} {
		if status, _, _ := ask(name); status != want {
			t.Errorf("%s: %d", name, status)
		}
	}
	for i := range 60 { // one subscriber has as many addresses as they like
		if status, _, _ := ask(fmt.Sprintf("2001:db8:1:2::%x", i+1)); status != http.StatusOK {
			held = -1
		}
	}
	if held != -1 {
		t.Error("the addresses of one network are counted apart")
	}
	if _, text := visit(t, "127.0.0.1", private).get("/metrics"); !strings.Contains(text, `verlof_held_back_total{limit="address"}`) {
		t.Error("what is held back is not counted")
	}
	if n := strings.Count(p.err.String(), "203.0.113.7/32"); n != 1 {
		t.Errorf("the log names the address %d times:\n%s", n, p.err.String())
	}
}

// TestSlowSender: who opens a connection and says little is cut off.
func TestSlowSender(t *testing.T) {
	t.Parallel()
	in := newInstallation(t)
	p := launch(t, serveArgs(in)...)
	site, _ := p.addresses(t)
	c, err := net.Dial("tcp", site)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: acme.loc"); err != nil {
		t.Fatal(err)
	}
	if err := c.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(c); err != nil {
		t.Errorf("still connected after 30 s: %v", err)
	}
}

// TestServe_behind_a_proxy: many people sit behind one proxy. The one who guesses
// passwords is made to wait, and nobody else is, whatever the guesser claims.
func TestServe_behind_a_proxy(t *testing.T) {
	in := newInstallation(t)
	must(t, append([]string{"tenant", "create", "acme", "--name", "Acme", "--admin", "anna@acme.example", "--print-link"}, in...)...)
	p := launch(t, append(serveArgs(in), "--trusted-proxies", "127.0.0.0/8,::1")...)
	site, _ := p.addresses(t)
	signIn := func(forwarded string) int {
		r, err := http.NewRequest(http.MethodPost, "http://"+site+"/sign-in", strings.NewReader("email=anna@acme.example&password=wrong"))
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "acme.localhost"
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-For", forwarded)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		return answer.StatusCode
	}
	status := 0
	for i := 0; i < 8 && status != http.StatusTooManyRequests; i++ {
		status = signIn(fmt.Sprintf("192.0.2.%d, 198.51.100.7", i))
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("the guesser, who claims another address each time, is answered %d", status)
	}
	if status := signIn("203.0.113.9"); status != http.StatusUnauthorized {
		t.Errorf("somebody else is answered %d", status)
	}
}
