// SPDX-License-Identifier: Apache-2.0

package edge

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// TestFlood_at_once: what one address, or everybody, has under way for one customer leaves room for others.
func TestFlood_at_once(t *testing.T) {
	f := NewFlood(0, nil, func(string) {}, slog.New(slog.DiscardHandler))
	var inside, done sync.WaitGroup
	leave := make(chan struct{})
	h := f.Before(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
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
	if got := ask("ACME.test.", "/", "203.0.113.8:1"); got != http.StatusServiceUnavailable {
		t.Errorf("the same customer, spelt otherwise: %d", got)
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
	var trust Proxies
	if err := trust.UnmarshalText([]byte("192.0.2.1")); err != nil {
		t.Fatal(err)
	}
	f := NewFlood(0, trust, func(string) {}, slog.New(slog.DiscardHandler))
	open := func(from string) *wire {
		c := &wire{from: from}
		f.Connected(c, http.StateNew)
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
	if f.Connected(more, http.StateClosed); !more.closed {
		t.Error("one more was let in")
	}
	if open("203.0.113.8:1").closed || open("192.0.2.1:1").closed || open("127.0.0.1:1").closed {
		t.Error("another one was not let in")
	}
	f.Connected(all[0], http.StateClosed)
	if open("203.0.113.7:2").closed {
		t.Error("the place of one that left is not given to another")
	}
}
