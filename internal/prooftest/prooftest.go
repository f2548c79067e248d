// SPDX-License-Identifier: Apache-2.0

// Package prooftest owns what programs prove themselves with, for tests: keys, and what is
// signed with them. It refuses no claim: it signs whatever a test wants to have said, true or
// not.
package prooftest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"testing"
	"time"
)

// Key is a key of a program.
type Key struct {
	Algorithm string // with which it signs: ES256, Ed25519, EdDSA, PS256 or RS256
	private   crypto.Signer
}

// New makes a key for an algorithm.
func New(t testing.TB, algorithm string) Key {
	t.Helper()
	k := Key{Algorithm: algorithm}
	var err error
	switch algorithm {
	case "ES256":
		k.private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "Ed25519", "EdDSA":
		_, k.private, err = ed25519.GenerateKey(rand.Reader)
	case "PS256", "RS256":
		k.private, err = rsa.GenerateKey(rand.Reader, 2048)
	default:
		err = fmt.Errorf("no key for %s", algorithm)
	}
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// Public returns the public half.
func (k Key) Public() crypto.PublicKey { return k.private.Public() }

// JWK returns the public half as a JWK (RFC 7517).
func (k Key) JWK() map[string]any {
	switch p := k.private.Public().(type) {
	case *ecdsa.PublicKey:
		point, _ := p.Bytes() // it was just made
		return map[string]any{"kty": "EC", "crv": "P-256", "x": text(point[1:33]), "y": text(point[33:])}
	case ed25519.PublicKey:
		return map[string]any{"kty": "OKP", "crv": "Ed25519", "x": text(p)}
	case *rsa.PublicKey:
		return map[string]any{"kty": "RSA", "n": text(p.N.Bytes()), "e": text(big.NewInt(int64(p.E)).Bytes())}
	}
	return nil
}

// Private returns the whole of a key for ES256 or Ed25519 as a JWK, for a program of others
// that signs with it.
func (k Key) Private() map[string]any {
	j := k.JWK()
	j["alg"] = k.Algorithm
	switch p := k.private.(type) {
	case *ecdsa.PrivateKey:
		d, _ := p.Bytes() // likewise
		j["d"] = text(d)
	case ed25519.PrivateKey:
		j["d"] = text(p.Seed())
	}
	return j
}

// Line returns the public half as text.
func (k Key) Line() string {
	b, _ := json.Marshal(k.JWK()) // texts alone
	return string(b)
}

// Thumbprint returns what the public half is called (RFC 7638).
func (k Key) Thumbprint() string {
	b, _ := json.Marshal(k.JWK()) // its members in the order that is wanted, and no others
	sum := sha256.Sum256(b)
	return text(sum[:])
}

// Sign returns claims as a compact JWS (RFC 7515). alg is in its header unless head says
// otherwise.
func (k Key) Sign(head, claims map[string]any) string {
	all := map[string]any{"alg": k.Algorithm}
	maps.Copy(all, head)
	h, _ := json.Marshal(all)
	c, _ := json.Marshal(claims) // a test that hands over what JSON cannot say sees it refused
	signed := text(h) + "." + text(c)
	return signed + "." + text(k.signature(signed))
}

func (k Key) signature(signed string) []byte {
	sum := sha256.Sum256([]byte(signed))
	var out []byte
	switch p := k.private.(type) {
	case *ecdsa.PrivateKey:
		r, s, _ := ecdsa.Sign(rand.Reader, p, sum[:])
		out = make([]byte, 64)
		r.FillBytes(out[:32])
		s.FillBytes(out[32:])
	case ed25519.PrivateKey:
		out = ed25519.Sign(p, []byte(signed))
	case *rsa.PrivateKey:
		if k.Algorithm == "PS256" {
			out, _ = rsa.SignPSS(rand.Reader, p, crypto.SHA256, sum[:], &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
		} else {
			out, _ = rsa.SignPKCS1v15(rand.Reader, p, crypto.SHA256, sum[:])
		}
	}
	return out
}

// Assertion returns the claims of a client that says who it is to an issuer (RFC 7523,
// section 3), good for a minute.
func Assertion(client, issuer string, now time.Time) map[string]any {
	return map[string]any{"iss": client, "sub": client, "aud": issuer, "jti": Name(), "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Minute).Unix()}
}

// Name returns a name that nothing had before.
func Name() string { return rand.Text() }

func text(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// Possession returns the claims of a proof for a request with a token, "" for one without
// (RFC 9449, section 4.2).
func Possession(method, address, token string, now time.Time) map[string]any {
	c := map[string]any{"htm": method, "htu": address, "iat": now.Unix(), "jti": Name()}
	if token != "" {
		sum := sha256.Sum256([]byte(token))
		c["ath"] = text(sum[:])
	}
	return c
}

// Prove signs such claims, with the public half beside them.
func (k Key) Prove(claims map[string]any) string {
	return k.Sign(map[string]any{"typ": "dpop+jwt", "jwk": k.JWK()}, claims)
}
