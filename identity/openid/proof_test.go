// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"crypto/sha256"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"
)

// TestAddress: the address in a proof is that of the request however it is written, and no
// other: not that of another host, another path, or without TLS.
func TestAddress(t *testing.T) {
	p := &Provider{Issuer: "https://acme.example"}
	for _, tt := range []struct {
		asked, said string
		want        bool
	}{
		{"/api/v1/me", "https://acme.example/api/v1/me", true},
		{"/api/v1/me?x=1", "https://acme.example/api/v1/me", true},
		{"/api/v1/me", "https://acme.example/api/v1/me?x=1#y", true},
		{"/api/v1/me", "HTTPS://ACME.example:443/api/v1/me", true},
		{"/api/v1/m%65", "https://acme.example/api/v1/me", true},
		{"/", "https://acme.example", true},
		{"/api/v1/me", "http://acme.example/api/v1/me", false},
		{"/api/v1/me", "https://acme.example:8443/api/v1/me", false},
		{"/api/v1/me", "https://acme.example.evil.example/api/v1/me", false},
		{"/api/v1/me", "https://acme.example@evil.example/api/v1/me", false},
		{"/api/v1/me", "https://u@acme.example/api/v1/me", false},
		{"/api/v1/me", "https://acme.example/api/v1/me/", false},
		{"/api/v1/me", "https://acme.example/API/v1/me", false},
		{"/api/v1/a/b", "https://acme.example/api/v1/a%2Fb", false},
		{"/api/v1/a%2fb", "https://acme.example/api/v1/a%2Fb", true},
		{"/api/v1/me", "/api/v1/me", false},
		{"/api/v1/me", "https:acme.example/api/v1/me", false},
		{"/api/v1/me", "", false},
		{"/api/v1/me", "%", false},
	} {
		r := httptest.NewRequest("GET", tt.asked, nil)
		r.Host = "acme.example"
		if got := p.isAddress(r, tt.said); got != tt.want {
			t.Errorf("%q for %q: %t", tt.said, tt.asked, got)
		}
	}
}

// TestRecent: a name comes first once for as long as a proof would be good, and again after
// that; what cannot be remembered does not come first.
func TestRecent(t *testing.T) {
	var r recent
	name := func(i int) [32]byte { return sha256.Sum256([]byte(strconv.Itoa(i))) }
	at := noon
	for range 3 {
		if fresh, _ := r.first(name(1), at); !fresh {
			t.Errorf("at %s it was there before", at)
		}
		for _, after := range []time.Duration{0, seenFor / 2, seenFor - time.Second} {
			if fresh, full := r.first(name(1), at.Add(after)); fresh || full {
				t.Errorf("%s after %s it comes first again", after, at)
			}
		}
		at = at.Add(2 * seenFor)
	}
	for i := range maxRecent {
		r.now[name(i+2)] = struct{}{}
	}
	if fresh, full := r.first(name(0), r.turned); fresh || !full {
		t.Error("it remembers without bounds")
	}
}

// FuzzProof: what somebody sends as proof is read or refused, whatever it is.
func FuzzProof(f *testing.F) {
	for _, text := range []string{"", "a.b.c", "e30.e30.", "eyJhbGciOiJub25lIn0.e30.AA", "eyJhbGciOiJFUzI1NiIsImp3ayI6e319.e30.AA"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var c possession
		if s, ok := readJWS(text, &c); ok {
			_, _ = readJWK(s.head.JWK)
		}
		_, _ = ReadPublicKeys(text)
		_ = moment(c.Issued)
	})
}
