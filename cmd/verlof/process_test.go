// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// process is run in a goroutine of the test.
type process struct {
	out, err buffer
	stop     context.CancelFunc
	ended    chan error
}

// buffer is read while it is written.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// launch runs a verb until the test ends or stops it.
func launch(t *testing.T, args ...string) *process {
	t.Helper()
	return launchIn(t, nil, args...)
}

// launchIn is launch with an environment.
func launchIn(t *testing.T, environ []string, args ...string) *process {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	p := &process{stop: stop, ended: make(chan error, 1)}
	go func() { p.ended <- run(ctx, args, environ, &p.out, &p.err) }()
	t.Cleanup(func() { _ = p.end(t) })
	return p
}

// end stops the process and returns what run returned.
func (p *process) end(t *testing.T) error {
	t.Helper()
	p.stop()
	select {
	case err := <-p.ended:
		p.ended <- err
		return err
	case <-time.After(10 * time.Second):
		t.Fatalf("the process does not end: %s", p.err.String())
		return nil
	}
}

// verb runs a verb to its end.
func verb(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out, complaints buffer
	err := run(t.Context(), args, nil, &out, &complaints)
	return out.String(), err
}

// must runs a verb that succeeds.
func must(t *testing.T, args ...string) string {
	t.Helper()
	var out, complaints buffer
	if err := run(t.Context(), args, nil, &out, &complaints); err != nil {
		t.Fatalf("verlof %s: %v\n%s%s", strings.Join(args, " "), err, &out, &complaints)
	}
	return out.String()
}

// wait waits until f is true.
func wait(t *testing.T, what string, f func() bool) {
	t.Helper()
	for range 6000 { // a minute: the race detector is slow
		if f() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("waited in vain: %s", what)
}

// addresses waits for a server and returns where it serves.
func (p *process) addresses(t *testing.T) (site, private string) {
	t.Helper()
	wait(t, "for the server", func() bool {
		for line := range strings.Lines(p.err.String()) {
			var said struct{ Msg, Address, Metrics string }
			if json.Unmarshal([]byte(line), &said) == nil && said.Msg == "serving" {
				site, private = said.Address, said.Metrics
			}
		}
		select {
		case err := <-p.ended:
			p.ended <- err
			t.Fatalf("the server ended: %v", err)
		default:
		}
		return site != ""
	})
	return site, private
}

// browser visits one customer's site.
type browser struct {
	*http.Client
	t    *testing.T
	base string // "http://acme.localhost:8080"
}

// visit returns a browser for a host at an address of this machine.
func visit(t *testing.T, host, address string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(address, ":")
	transport := http.DefaultTransport.(*http.Transport).Clone()
	dial := transport.DialContext
	transport.DialContext = dialTo(dial, address)
	t.Cleanup(transport.CloseIdleConnections)
	return &browser{t: t, base: "http://" + host + ":" + port,
		Client: &http.Client{Jar: jar, Transport: transport, Timeout: time.Minute}} // as wait has
}

// get returns the status and the text of a page.
func (b *browser) get(path string) (int, string) {
	b.t.Helper()
	return b.read(b.Get(b.base + path))
}

// post sends a form.
func (b *browser) post(path string, fields ...string) (int, string) {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return b.read(b.PostForm(b.base+path, form))
}

func (b *browser) read(r *http.Response, err error) (int, string) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return r.StatusCode, string(text)
}

// signIn signs in and demands that it worked.
func (b *browser) signIn(email, password string) {
	b.t.Helper()
	if status, page := b.post("/sign-in", "email", email, "password", password); status != 200 || !strings.Contains(page, "/sign-out") {
		b.t.Fatalf("sign in as %s: %d\n%s", email, status, page)
	}
}

// linkIn returns the path of the first link to a site in a text.
func linkIn(t *testing.T, text, site string) string {
	t.Helper()
	found := regexp.MustCompile(regexp.QuoteMeta(site) + `(/[0-9a-z/]+)`).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("no link to %s in %s", site, text)
	}
	return found[1]
}
