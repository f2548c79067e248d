// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"verlof/internal/prooftest"
)

// TestPublicKeys: keys come in as JWK, as JWKS, as PEM and as a certificate, and are kept in
// one form; private ones, weak ones and those of other kinds are refused.
func TestPublicKeys(t *testing.T) {
	a, b := prooftest.New(t, "ES256"), prooftest.New(t, "RS256")
	pem := func(k crypto.PublicKey) string {
		der, err := x509.MarshalPKIXPublicKey(k)
		if err != nil {
			t.Fatal(err)
		}
		return string(encodePEM("PUBLIC KEY", der))
	}
	with := func(k prooftest.Key, pairs ...string) string {
		j := k.JWK()
		for i := 0; i < len(pairs); i += 2 {
			j[pairs[i]] = pairs[i+1]
		}
		text, err := json.Marshal(j)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	leaf := newKey(t, authority(t))
	for name, text := range map[string]string{
		"jwk": a.Line(), "jwks": `{"keys":[` + a.Line() + "," + b.Line() + "]}", "pem": pem(a.Public()), "pems": pem(a.Public()) + "\n" + pem(b.Public()),
		"certificate": string(leaf.Chain), "named": with(a, "kid", "2026", "alg", "ES256", "use", "sig"), "ed25519": prooftest.New(t, "Ed25519").Line(),
	} {
		keys, err := ReadPublicKeys(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, k := range keys {
			if again, err := ReadPublicKeys(k.String()); err != nil || again[0].String() != k.String() || again[0].ID != k.ID || strings.Contains(k.String(), "\n") {
				t.Errorf("%s is kept as %s: %v", name, k, err)
			}
		}
	}
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	other, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"nothing": "", "no_json": "x", "empty_set": `{"keys":[]}`, "small_rsa": pem(&small.PublicKey), "another_curve": pem(&other.PublicKey),
		"off_the_curve": with(a, "y", b64.EncodeToString(make([]byte, 32))), "short_point": with(a, "x", "AA"), "another_kind": `{"kty":"AKP"}`,
		"for_encryption": with(a, "use", "enc"), "another_algorithm": with(a, "alg", "RS256"), "none": with(a, "alg", "none"), "no_exponent": with(b, "e", "AQ"),
		"huge_exponent": with(b, "e", "AQAAAAAB"), "no_key": `{"kty":"OKP","crv":"Ed25519","x":""}`, "line_in_its_name": with(a, "kid", "x\n"), "half_a_pem": "-----BEGIN PUBLIC KEY-----\nAA",
	} {
		if _, err := ReadPublicKeys(text); !errors.Is(err, errKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
	whole, err := json.Marshal(a.Private())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"private_jwk": string(whole), "shared": `{"kty":"oct","k":"c2VjcmV0"}`, "private_pem": string(encodePEM(pemKey, leaf.Private))} {
		if _, err := ReadPublicKeys(text); !errors.Is(err, errPrivateKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// RFC 8037, appendix A.3
	if k, err := ReadPublicKeys(`{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`); err != nil || k[0].ID != "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k" {
		t.Errorf("its thumbprint: %v, %v", k, err)
	}
}

// TestProgramSignatures: a key takes a signature of its own with an algorithm that fits it,
// whatever the header says.
func TestProgramSignatures(t *testing.T) {
	for _, algorithm := range programAlgorithms() {
		mine := prooftest.New(t, algorithm)
		keys, err := ReadPublicKeys(mine.Line())
		if err != nil || keys[0].ID != mine.Thumbprint() {
			t.Fatalf("%s: %v, %v", algorithm, keys, err)
		}
		var claims struct{ A string }
		for _, said := range append(programAlgorithms(), "none", "HS256", "RS512", "es256", "") {
			s, ok := readJWS(mine.Sign(map[string]any{"alg": said}, map[string]any{"a": "b"}), &claims)
			good := ok && keys[0].signed(s.head.Algorithm, s.text, s.signature)
			family := strings.HasPrefix(said, "Ed") && strings.HasPrefix(algorithm, "Ed")
			if want := said == algorithm || family; good != want {
				t.Errorf("%s, which says %q: %t", algorithm, said, good)
			}
		}
		token := mine.Sign(nil, map[string]any{"a": "b"})
		parts := strings.Split(token, ".")
		for name, forged := range map[string]string{"another_text": parts[0] + "." + b64.EncodeToString([]byte(`{"a":"c"}`)) + "." + parts[2], "no_signature": parts[0] + "." + parts[1] + ".",
			"critical": mine.Sign(map[string]any{"crit": []string{"b64"}}, nil), "another_key": prooftest.New(t, algorithm).Sign(nil, nil), "two_parts": parts[0] + "." + parts[1]} {
			if s, ok := readJWS(forged, &claims); ok && keys[0].signed(s.head.Algorithm, s.text, s.signature) {
				t.Errorf("%s: taken from a key for %s", name, algorithm)
			}
		}
	}
}
