// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"verlof/trust"
)

// sitesCertificate writes a certificate of acme.example.com, which httptest has, with its key, and returns what trusts it.
func sitesCertificate(t *testing.T, file string) *x509.CertPool {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	private, err := x509.MarshalPKCS8PrivateKey(s.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := os.WriteFile(file, append(text, pem.EncodeToMemory(&pem.Block{Type: pkcs8, Bytes: private})...), 0o600); err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return pool
}

// TestServe_TLS ends TLS without a proxy: sites are secure, http:// leads to https://, the server finds itself, and the
// promise about TLS is measured.
func TestServe_TLS(t *testing.T) {
	file := filepath.Join(t.TempDir(), "site.pem")
	pool := sitesCertificate(t, file)
	in := []string{"--data", filepath.Join(t.TempDir(), "data"), "--base-domain", "example.com", "--certificates", file}
	must(t, append([]string{"tenant", "create", "acme", "--name", "Acme"}, in...)...)
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	redirect := plain.Addr().String()
	plain.Close()
	p := launch(t, append(serveArgs(in), "--redirect-listen", redirect)...)
	site, _ := p.addresses(t)
	status, head := askAt(t, pool, "https://acme.example.com/sign-in", site)
	if hsts := head.Get("Strict-Transport-Security"); status != http.StatusOK || hsts == "" {
		t.Errorf("the site: %d, HSTS %q", status, hsts)
	}
	status, head = askAt(t, pool, "http://acme.example.com/leave/new", redirect)
	if to := head.Get("Location"); status != http.StatusPermanentRedirect || to != "https://acme.example.com/leave/new" {
		t.Errorf("http://: %d to %q", status, to)
	}
	stands := func(id string) (row promiseRow) {
		var all []promiseRow
		if err := json.Unmarshal([]byte(must(t, append([]string{"promises", "--json"}, in...)...)), &all); err != nil {
			t.Fatal(err)
		}
		return all[slices.IndexFunc(all, func(r promiseRow) bool { return r.ID == id })]
	}
	wait(t, "for the first numbers", func() bool { return stands("P34").State == trust.Kept })
	if got := stands("P24"); got.Ground != trust.Measured || got.State != trust.Kept || got.Newest != "0 certificates" {
		t.Errorf("P24 is %s and %s: %q", got.Ground, got.State, got.Newest)
	}
}

// TestHeldListeners: systemd holds one socket for the sites and one for http://, which it calls by its name.
func TestHeldListeners(t *testing.T) {
	file := filepath.Join(t.TempDir(), "site.pem")
	pool := sitesCertificate(t, file)
	in := []string{"--data", filepath.Join(t.TempDir(), "data"), "--base-domain", "example.com", "--certificates", file}
	must(t, append([]string{"tenant", "create", "acme", "--name", "Acme"}, in...)...)
	var held []*os.File
	var addresses []string
	for range 2 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		f, err := l.(*net.TCPListener).File()
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		held, addresses = append(held, f), append(addresses, l.Addr().String())
	}
	args := append([]string{"-c", `LISTEN_PID=$$ LISTEN_FDS=2 LISTEN_FDNAMES=redirect:verlof.socket exec verlof "$@"`, "sh"}, serveArgs(in)...)
	args[len(args)-len(in)-1] = "" // no metrics
	c := exec.Command("sh", args...)
	c.ExtraFiles = held
	var log buffer
	c.Stderr = &log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string]int{"http://acme.example.com/": http.StatusPermanentRedirect, "https://acme.example.com/sign-in": http.StatusOK} {
		at := addresses[0]
		if strings.HasPrefix(url, "https") {
			at = addresses[1]
		}
		if status, _ := askAt(t, pool, url, at); status != want {
			t.Errorf("%s: %d\n%s", url, status, log.String())
		}
	}
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("stopped: %v\n%s", err, log.String())
	}
}

// askAt asks for a page of Acme's at an address, and returns how it was answered.
func askAt(t *testing.T, pool *x509.CertPool, url, at string) (int, http.Header) {
	t.Helper()
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true,
			DialContext: dialTo(new(net.Dialer).DialContext, at)}}
	r, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(r.Body)
	r.Body.Close()
	if r.StatusCode == http.StatusOK && !strings.Contains(string(text), "Acme") {
		t.Errorf("%s is not the site", url)
	}
	return r.StatusCode, r.Header
}
