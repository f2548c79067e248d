// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"context"
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"verlof/errs"
)

var noon = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

func authority(t testing.TB) *Authority {
	t.Helper()
	text, err := MakeAuthority(noon)
	if err != nil {
		t.Fatal(err)
	}
	a, err := ReadAuthority(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func newKey(t testing.TB, a *Authority) *signer {
	t.Helper()
	s, err := newSigner(a, "acme.example", noon)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestForgery: what is not a token of ours, letter for letter, is refused: another
// algorithm, none, the public key used as a secret, another key, a changed claim.
func TestForgery(t *testing.T) {
	a := authority(t)
	ours, theirs := newKey(t, a), newKey(t, a)
	claims := map[string]string{"sub": "ana"}
	token, err := ours.sign(typeAccess, claims)
	if err != nil {
		t.Fatal(err)
	}
	check := func(token string) error {
		s, err := parse(token)
		if err != nil {
			return err
		}
		var got map[string]string
		return s.verify(&ours.private.PublicKey, &got)
	}
	if err := check(token); err != nil {
		t.Fatalf("our own token: %v", err)
	}
	foreign, err := theirs.sign(typeAccess, claims)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(token, ".")
	with := func(head string) string { return b64.EncodeToString([]byte(head)) + "." + parts[1] }
	symmetric := func() string {
		text := with(`{"alg":"HS256","kid":"` + ours.ID + `"}`)
		mac := hmac.New(sha256.New, x509.MarshalPKCS1PublicKey(&ours.private.PublicKey))
		mac.Write([]byte(text))
		return text + "." + b64.EncodeToString(mac.Sum(nil))
	}
	for name, forged := range map[string]string{
		"another_key":      foreign,
		"none":             with(`{"alg":"none"}`) + ".",
		"none_signed":      with(`{"alg":"none"}`) + "." + parts[2],
		"symmetric":        symmetric(),
		"another_case":     with(`{"alg":"rs256"}`) + "." + parts[2],
		"critical":         with(`{"alg":"RS256","crit":["b64"],"b64":false}`) + "." + parts[2],
		"changed":          parts[0] + "." + b64.EncodeToString([]byte(`{"sub":"ben"}`)) + "." + parts[2],
		"no_signature":     parts[0] + "." + parts[1] + ".",
		"four_parts":       token + ".x",
		"two_parts":        parts[0] + "." + parts[1],
		"padded":           parts[0] + "=." + parts[1] + "." + parts[2],
		"trailing_bits":    token[:len(token)-1] + string(token[len(token)-1]+1),
		"empty":            "",
		"too_long":         strings.Repeat("a", maxToken+1),
		"a_line_in_a_part": parts[0] + "\n." + parts[1] + "." + parts[2],
	} {
		if err := check(forged); err == nil {
			t.Errorf("%s: taken for a token of ours", name)
		}
	}
}

// TestCertificates: the chain that is published leads to the issuing certificate, in Go
// and for openssl, and the key in it verifies a token with nothing else.
func TestCertificates(t *testing.T) {
	a := authority(t)
	k := newKey(t, a)
	token, err := k.sign(typeAccess, map[string]string{"sub": "ana"})
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(a.Certificates())
	leaf := k.chain[0]
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: noon, DNSName: "acme.example"}); err != nil {
		t.Errorf("the chain: %v", err)
	}
	stranger := x509.NewCertPool()
	stranger.AppendCertsFromPEM(authority(t).Certificates())
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: stranger, CurrentTime: noon}); err == nil {
		t.Error("another installation's root takes the certificate")
	}
	at := strings.LastIndexByte(token, '.')
	signature, err := b64.DecodeString(token[at+1:])
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(token[:at]))
	if err := rsa.VerifyPKCS1v15(leaf.PublicKey.(*rsa.PublicKey), crypto.SHA256, sum[:], signature); err != nil {
		t.Errorf("the token by the key of the certificate: %v", err)
	}

	dir := t.TempDir()
	for name, content := range map[string][]byte{"root.pem": a.Certificates(), "leaf.pem": encodeChain(k.chain[:1]),
		"signed": []byte(token[:at]), "signature": signature} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, command := range []string{
		"openssl verify -attime 1772539200 -x509_strict -CAfile root.pem leaf.pem",
		"openssl x509 -in leaf.pem -noout -pubkey -out public.pem",
		"openssl dgst -sha256 -verify public.pem -signature signature signed",
	} {
		c := exec.CommandContext(t.Context(), "sh", "-c", command)
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", command, err, out)
		}
	}
}

// TestReadAuthority: what an operator may bring, and what cannot issue.
func TestReadAuthority(t *testing.T) {
	one, err := MakeAuthority(noon)
	if err != nil {
		t.Fatal(err)
	}
	two, err := MakeAuthority(noon)
	if err != nil {
		t.Fatal(err)
	}
	end := strings.Index(string(one), "-----BEGIN PRIVATE")
	cut := strings.Index(string(two), "-----BEGIN PRIVATE")
	leaf := newKey(t, authority(t))
	for name, text := range map[string][]byte{
		"nothing":           nil,
		"no_key":            one[:end],
		"no_certificate":    one[end:],
		"key_of_another":    append(append([]byte{}, one[:end]...), two[cut:]...),
		"may_not_issue":     append(encodeChain(leaf.chain[:1]), encodePEM(pemKey, leaf.Private)...),
		"broken":            []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
		"a_key_of_no_kinds": []byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
	} {
		if _, err := ReadAuthority(text); !errs.Is(err, errs.Invalid) || errs.As(err).Hint == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	a, err := ReadAuthority(one)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := newSigner(a, "acme.example", noon.Add(authorityLife)); !errs.Is(err, errs.Unavailable) {
		t.Errorf("an issuing certificate that ended: %v", err)
	}
}

// TestRedirects: an address is compared letter for letter, and only a program on the
// person's own machine may choose its port.
func TestRedirects(t *testing.T) {
	web := Client{Kind: Confidential, Redirects: []string{"https://app.example/back?x=1", "http://127.0.0.1/back"}}
	desk := Client{Kind: Public, Redirects: []string{"http://127.0.0.1/back", "http://[::1]/back", "http://localhost:1/back", "org.example.app:/back"}}
	for _, tt := range []struct {
		client  Client
		address string
		want    bool
	}{
		{web, "https://app.example/back?x=1", true},
		{web, "https://app.example/back", false},
		{web, "https://app.example/back?x=1&y=2", false},
		{web, "https://app.example/back?x=1#", false},
		{web, "https://APP.example/back?x=1", false},
		{web, "https://app.example:443/back?x=1", false},
		{web, "https://app.example/./back?x=1", false},
		{web, "https://app.example.evil.example/back?x=1", false},
		{web, "http://127.0.0.1:8080/back", false},
		{web, "", false},
		{desk, "http://127.0.0.1:49152/back", true},
		{desk, "http://[::1]:49152/back", true},
		{desk, "http://127.0.0.1:49152/back/", false},
		{desk, "http://127.0.0.2:49152/back", false},
		{desk, "http://localhost:2/back", false},
		{desk, "http://user@127.0.0.1:2/back", false},
		{desk, "https://127.0.0.1:2/back", false},
		{desk, "org.example.app:/back", true},
		{desk, "org.example.app:/back?x", false},
	} {
		if got := tt.client.redirects(tt.address); got != tt.want {
			t.Errorf("%s %q: %t", tt.client.Kind, tt.address, got)
		}
	}
}

// TestConfiguration: nothing that RFC 9700 advises against is offered.
func TestConfiguration(t *testing.T) {
	p := &Provider{Issuer: "https://acme.example"}
	text, err := json.Marshal(p.Configuration("en"))
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"implicit", `"password"`, `"token"`, "plain", "fragment", "HS256"} {
		if strings.Contains(string(text), word) {
			t.Errorf("it offers %s: %s", word, text)
		}
	}
	if !strings.Contains(string(text), `"request_uri_parameter_supported":false`) {
		t.Error("request_uri is on where it is not said to be off")
	}
}

// TestNothingOfAnErrorReachesAClient: what is not a fault of the protocol is told in
// two words.
func TestNothingOfAnErrorReachesAClient(t *testing.T) {
	for _, err := range []error{os.ErrPermission, context.Canceled, errs.New(errs.Internal, "store.error.other").Because(os.ErrClosed), errs.New(errs.Unavailable, "store.error.secret")} {
		if f := faultOf(err); strings.Contains(f.Says, err.Error()) || f.Code != codeServerError && f.Code != codeUnavailable {
			t.Errorf("%v: a client reads %v", err, f)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	k := newKey(b, authority(b))
	token, err := k.sign(typeAccess, accessClaims{Issuer: "https://acme.example", Subject: "ana"})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s, err := parse(token)
		if err != nil {
			b.Fatal(err)
		}
		var c accessClaims
		if err := s.verify(&k.private.PublicKey, &c); err != nil {
			b.Fatal(err)
		}
	}
}
