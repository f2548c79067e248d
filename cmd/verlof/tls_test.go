// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
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
	ask := func(url, at string) (int, http.Header) {
		c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true,
				DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
					return new(net.Dialer).DialContext(ctx, network, at)
				}}}
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
	status, head := ask("https://acme.example.com/sign-in", site)
	if hsts := head.Get("Strict-Transport-Security"); status != http.StatusOK || hsts == "" {
		t.Errorf("the site: %d, HSTS %q", status, hsts)
	}
	status, head = ask("http://acme.example.com/leave/new", redirect)
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
