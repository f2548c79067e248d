// SPDX-License-Identifier: Apache-2.0

package edge

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"verlof/errs"
)

// known has one site.
func known(_ context.Context, host string) (bool, error) { return host == "acme.test", nil }

// authority is Pebble, an ACME server for tests by Let's Encrypt, and the DNS server that it asks.
type authority struct {
	directory, roots string // its address, and what certifies its own TLS
	management       string
	client           *http.Client // that trusts it
	stop             func()
}

// pair makes a certificate of one's own, and writes it with its key.
func pair(t *testing.T, file string, until time.Time, names ...string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), DNSNames: names, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: until, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// tool returns the path of a program that tools/go.mod names.
func tool(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "tool", "-modfile=../tools/go.mod", "-n", name).Output()
	if err != nil {
		t.Fatalf("%s: %v: it is built from tools/go.mod, which needs the network once", name, err)
	}
	return strings.TrimSpace(string(out))
}

// free returns an address of this machine that nobody uses.
func free(t *testing.T) (address string, port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String(), l.Addr().(*net.TCPAddr).Port
}

// newAuthority starts one that looks for sites at a port of this machine.
func newAuthority(t *testing.T, port int) *authority {
	t.Helper()
	dir := t.TempDir()
	a := &authority{roots: filepath.Join(dir, "pebble.pem")}
	pair(t, a.roots, time.Now().Add(time.Hour), "localhost")
	listen, _ := free(t)
	management, _ := free(t)
	dns, _ := free(t)
	control, _ := free(t)
	_, unused := free(t)
	a.directory, a.management = "https://"+listen+"/dir", "https://"+management
	config, err := json.Marshal(map[string]any{"pebble": map[string]any{"listenAddress": listen, "managementListenAddress": management,
		"certificate": a.roots, "privateKey": a.roots, "httpPort": unused, "tlsPort": port}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "pebble.json")
	if err := os.WriteFile(file, config, 0o600); err != nil {
		t.Fatal(err)
	}
	names := exec.Command(tool(t, "pebble-challtestsrv"), "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-dnsserver", dns, "-management", control,
		"-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", "")
	acme := exec.Command(tool(t, "pebble"), "-config", file, "-dnsserver", dns, "-strict")
	acme.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1")
	var said bytes.Buffer
	acme.Stdout, acme.Stderr = &said, &said
	for _, p := range []*exec.Cmd{names, acme} {
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
	}
	end := func(p *exec.Cmd) {
		_ = p.Process.Kill() // it may have ended
		_ = p.Wait()
	}
	a.stop = func() { end(acme) }
	t.Cleanup(func() {
		end(names)
		a.stop()
		if t.Failed() {
			t.Logf("Pebble says:\n%s", said.String())
		}
	})
	pool := x509.NewCertPool()
	text, _ := os.ReadFile(a.roots)
	pool.AppendCertsFromPEM(text)
	a.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		r, err := a.client.Get(a.directory)
		if err == nil {
			r.Body.Close()
			return a
		}
		if time.Now().After(deadline) {
			t.Fatalf("Pebble does not answer: %v\n%s", err, said.String())
		}
	}
}

// trusts is a client that trusts what the authority certifies, and finds every site at one address.
func (a *authority) trusts(t *testing.T, at string) *http.Client {
	t.Helper()
	r, err := a.client.Get(a.management + "/roots/0")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		t.Fatalf("no certificate: %s", text)
	}
	return clientAt(at, &tls.Config{RootCAs: pool})
}

func clientAt(at string, c *tls.Config) *http.Client {
	return &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{TLSClientConfig: c, ForceAttemptHTTP2: true, DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, at)
		}}}
}

// get asks for a site, and returns the status and by which HTTP it came.
func get(c *http.Client, site string) (status, version int, err error) {
	r, err := c.Get(site)
	if err != nil {
		return 0, 0, err
	}
	defer r.Body.Close()
	return r.StatusCode, r.ProtoMajor, nil
}

// serveTLS serves sites that say hello.
func serveTLS(t *testing.T, l net.Listener, c *Certificates) {
	t.Helper()
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") }),
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)}
	go func() { _ = s.Serve(tls.NewListener(l, c.TLS())) }() // it ends with the test
	t.Cleanup(func() { s.Close() })
}

// TestCertificates_made has certificates made by another program: for the site that is there and no other, once, and kept.
func TestCertificates_made(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a := newAuthority(t, l.Addr().(*net.TCPAddr).Port)
	config := CertificatesConfig{Folder: filepath.Join(t.TempDir(), "certificates"), Authority: a.directory, Roots: a.roots, Email: "ops@example.org",
		Own: "verlof.invalid", Known: known, Log: slog.New(slog.DiscardHandler)}
	c, err := NewCertificates(config)
	if err != nil {
		t.Fatal(err)
	}
	serveTLS(t, l, c)
	browser := a.trusts(t, l.Addr().String())
	for range 2 {
		status, version, err := get(browser, "https://acme.test/")
		if err != nil || status != http.StatusOK || version != 2 {
			t.Fatalf("answered %d by HTTP/%d: %v", status, version, err)
		}
	}
	if _, _, err := get(browser, "https://globex.test/"); err == nil {
		t.Error("there is a certificate for a host name of nobody")
	}
	if n, most := c.Expiring(time.Now()), c.Expiring(time.Now().AddDate(20, 0, 0)); n != 0 || most != 1 {
		t.Errorf("%d end soon, and %d ever", n, most)
	}
	old := clientAt(l.Addr().String(), &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11})
	if _, _, err := get(old, "https://acme.test/"); err == nil {
		t.Error("TLS 1.1 is spoken")
	}
	own := clientAt(l.Addr().String(), c.Myself())
	if _, _, err := get(own, "https://verlof.invalid/"); err != nil {
		t.Errorf("the machine does not find itself: %v", err)
	}

	// Another process, while the authority is away.
	a.stop()
	next, err := NewCertificates(config)
	if err != nil {
		t.Fatal(err)
	}
	again, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serveTLS(t, again, next)
	browser.Transport = clientAt(again.Addr().String(), browser.Transport.(*http.Transport).TLSClientConfig).Transport
	if _, _, err := get(browser, "https://acme.test/"); err != nil {
		t.Errorf("it was not kept: %v", err)
	}
	secret := 0
	err = filepath.Walk(config.Folder, func(_ string, f os.FileInfo, err error) error {
		if err == nil && f.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be read by others: %v", f.Name(), f.Mode())
		}
		secret++
		return err
	})
	if err != nil || secret < 3 {
		t.Errorf("%d files are kept: %v", secret, err)
	}
}

// memory is a shelf.
type memory struct {
	sync.Mutex
	kept map[string][]byte
}

func (m *memory) Get(_ context.Context, name string) ([]byte, error) {
	m.Lock()
	defer m.Unlock()
	if content, ok := m.kept[name]; ok {
		return content, nil
	}
	return nil, errs.New(errs.NotFound, "")
}

func (m *memory) Put(_ context.Context, name string, content []byte) error {
	m.Lock()
	defer m.Unlock()
	m.kept[name] = content
	return nil
}

func (m *memory) Delete(_ context.Context, name string) error {
	m.Lock()
	defer m.Unlock()
	delete(m.kept, name)
	return nil
}

// TestCertificates_shared: the authority asks one machine for what another one has ordered, and once it is there both have it.
func TestCertificates_shared(t *testing.T) {
	asked, err := net.Listen("tcp", "127.0.0.1:0") // where the name leads, says the authority
	if err != nil {
		t.Fatal(err)
	}
	visited, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a := newAuthority(t, asked.Addr().(*net.TCPAddr).Port)
	shared := &memory{kept: map[string][]byte{}}
	config := CertificatesConfig{Shelf: func() Shelf { return shared }, Authority: a.directory, Roots: a.roots,
		Own: "verlof.invalid", Known: known, Log: slog.New(slog.DiscardHandler)}
	for _, l := range []net.Listener{asked, visited} {
		c, err := NewCertificates(config)
		if err != nil {
			t.Fatal(err)
		}
		serveTLS(t, l, c)
	}
	browser := a.trusts(t, visited.Addr().String())
	if status, _, err := get(browser, "https://acme.test/"); err != nil || status != http.StatusOK {
		t.Fatalf("answered %d: %v", status, err)
	}
	a.stop()
	other := clientAt(asked.Addr().String(), browser.Transport.(*http.Transport).TLSClientConfig)
	if status, _, err := get(other, "https://acme.test/"); err != nil || status != http.StatusOK {
		t.Errorf("at the other machine, while the authority is away: %d, %v", status, err)
	}
}

// TestCertificates_file: a certificate of the operator's own is read anew when it is another one, and a file that was spoilt
// takes nobody's site away.
func TestCertificates_file(t *testing.T) {
	file := filepath.Join(t.TempDir(), "site.pem")
	if _, err := NewCertificates(CertificatesConfig{File: file}); err == nil {
		t.Error("a file that is not there is taken")
	}
	pair(t, file, time.Now().AddDate(0, 0, 10), "acme.test")
	c, err := NewCertificates(CertificatesConfig{File: file, Known: known, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	shown := func(at time.Time) string {
		t.Helper()
		cert, err := c.fromFile(at)
		if err != nil {
			t.Fatal(err)
		}
		return cert.Leaf.SerialNumber.String()
	}
	if _, err := c.certificate(&tls.ClientHelloInfo{ServerName: "acme.test"}); err != nil || c.Expiring(time.Now()) != 1 {
		t.Errorf("%d end within two weeks, want 1: %v", c.Expiring(time.Now()), err)
	}
	first := shown(time.Now())
	pair(t, file, time.Now().AddDate(0, 0, 90), "acme.test")
	if err := os.Chtimes(file, time.Time{}, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	second := shown(time.Now().Add(2 * fileEvery))
	if second == first {
		t.Error("the new one is not read")
	}
	if err := os.WriteFile(file, []byte("spoilt"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := shown(time.Now().Add(4 * fileEvery)); got != second {
		t.Error("a file that was spoilt is shown")
	}
}

// TestCertificates_clients: who shows no certificate of a proxy is not let in, and the machine finds itself all the same.
func TestCertificates_clients(t *testing.T) {
	dir := t.TempDir()
	file, proxy, stranger := filepath.Join(dir, "site.pem"), filepath.Join(dir, "proxy.pem"), filepath.Join(dir, "stranger.pem")
	for _, f := range []string{file, proxy, stranger} {
		pair(t, f, time.Now().AddDate(0, 0, 90), "acme.test")
	}
	if _, err := NewCertificates(CertificatesConfig{File: file, Clients: filepath.Join(dir, "nowhere.pem")}); err == nil {
		t.Error("everybody is let in where the file of those who may is not there")
	}
	c, err := NewCertificates(CertificatesConfig{File: file, Clients: proxy, Own: "verlof.invalid", Known: known, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serveTLS(t, l, c)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	for _, x := range []struct {
		shown string
		in    bool
	}{{"", false}, {stranger, false}, {proxy, true}} {
		config := &tls.Config{RootCAs: pool}
		if x.shown != "" {
			own, err := tls.LoadX509KeyPair(x.shown, x.shown)
			if err != nil {
				t.Fatal(err)
			}
			config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &own, nil }
		}
		if _, _, err := get(clientAt(l.Addr().String(), config), "https://acme.test/"); (err == nil) != x.in {
			t.Errorf("who shows %q: %v", filepath.Base(x.shown), err)
		}
	}
	if _, _, err := get(clientAt(l.Addr().String(), c.Myself()), "https://verlof.invalid/"); err != nil {
		t.Errorf("the machine does not find itself: %v", err)
	}
}

// TestRedirect: browsers of a site go to https:// with what they asked for; at a host name of nobody is nothing.
func TestRedirect(t *testing.T) {
	for _, file := range []string{"", "site.pem"} {
		if file != "" {
			file = filepath.Join(t.TempDir(), file)
			pair(t, file, time.Now().AddDate(0, 0, 90), "acme.test")
		}
		c, err := NewCertificates(CertificatesConfig{File: file, Folder: t.TempDir(), Known: known, Site: func(host string) string { return "https://" + host + ":8443" }})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range []struct {
			host, method string
			status       int
			to           string
		}{
			{"acme.test:8080", http.MethodGet, http.StatusPermanentRedirect, "https://acme.test:8443/leave/new?from=2026-03-02"},
			{"acme.test", http.MethodPost, http.StatusPermanentRedirect, "https://acme.test:8443/leave/new?from=2026-03-02"},
			{"globex.test", http.MethodGet, http.StatusNotFound, ""},
		} {
			r := httptest.NewRequest(x.method, "/leave/new?from=2026-03-02", nil)
			r.Host = x.host
			w := httptest.NewRecorder()
			c.Redirect().ServeHTTP(w, r)
			if w.Code != x.status || w.Header().Get("Location") != x.to {
				t.Errorf("%s %s: %d to %q", x.method, x.host, w.Code, w.Header().Get("Location"))
			}
		}
	}
}
