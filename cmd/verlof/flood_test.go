// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/VictoriaMetrics/metrics"
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

func newTestFlood(trust proxies) *flood {
	return newFlood(0, trust, &meter{numbers: metrics.NewSet()}, slog.New(slog.DiscardHandler))
}

// TestFlood_at_once: what one address, or everybody, has under way for one customer leaves room for others.
func TestFlood_at_once(t *testing.T) {
	f := newTestFlood(nil)
	var inside, done sync.WaitGroup
	leave := make(chan struct{})
	h := f.before(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			inside.Done()
			<-leave
		}
	}))
	ask := func(host, path, from string) int {
		r := httptest.NewRequest(http.MethodGet, "http://"+host+path, nil)
		r.RemoteAddr = from
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	slow := func(n int, host string, from func(i int) string) {
		inside.Add(n)
		for i := range n {
			done.Go(func() { ask(host, "/slow", from(i)) })
		}
		inside.Wait()
	}
	slow(addressAtOnce, "acme.test", func(i int) string { return fmt.Sprintf("203.0.113.7:%d", 1000+i) })
	if got := ask("globex.test", "/", "203.0.113.7:1"); got != http.StatusTooManyRequests {
		t.Errorf("one more of an address: %d", got)
	}
	if got := ask("acme.test", "/", "203.0.113.8:1"); got != http.StatusOK {
		t.Errorf("another address: %d", got)
	}
	slow(customerAtOnce-addressAtOnce, "acme.test:443", func(i int) string { return fmt.Sprintf("198.51.100.%d:1", i) })
	if got := ask("acme.test", "/", "203.0.113.8:1"); got != http.StatusServiceUnavailable {
		t.Errorf("one more for a customer: %d", got)
	}
	if got := ask("globex.test", "/", "203.0.113.8:1"); got != http.StatusOK {
		t.Errorf("another customer: %d", got)
	}
	close(leave)
	done.Wait()
	if len(f.underWay) != 0 {
		t.Errorf("%d are under way when none is", len(f.underWay))
	}
}

// wire is a connection from an address.
type wire struct {
	net.Conn
	from   string
	closed bool
}

func (c *wire) RemoteAddr() net.Addr {
	a, err := net.ResolveTCPAddr("tcp", c.from)
	if err != nil {
		panic(err)
	}
	return a
}

func (c *wire) Close() error { c.closed = true; return nil }

// TestFlood_connections: an address has so many at a time, and a proxy as many as it likes.
func TestFlood_connections(t *testing.T) {
	var trust proxies
	if err := trust.UnmarshalText([]byte("192.0.2.1")); err != nil {
		t.Fatal(err)
	}
	f := newTestFlood(trust)
	open := func(from string) *wire {
		c := &wire{from: from}
		f.connected(c, http.StateNew)
		return c
	}
	var all []*wire
	for i := range addressConnections {
		all = append(all, open(fmt.Sprintf("203.0.113.7:%d", 1000+i)))
		open("192.0.2.1:1")
	}
	for _, c := range all {
		if c.closed {
			t.Fatal("too early")
		}
	}
	more := open("203.0.113.7:1")
	if f.connected(more, http.StateClosed); !more.closed {
		t.Error("one more was let in")
	}
	if open("203.0.113.8:1").closed || open("192.0.2.1:1").closed || open("127.0.0.1:1").closed {
		t.Error("another one was not let in")
	}
	f.connected(all[0], http.StateClosed)
	if open("203.0.113.7:2").closed {
		t.Error("the place of one that left is not given to another")
	}
}
