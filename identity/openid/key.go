// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// keyBits is the size of a new key (NIST SP 800-57 part 1: good until 2030).
const keyBits = 2048

// Key is a signing key as it is kept. The store seals Private.
type Key struct {
	ID      string // of the public key, by RFC 7638
	Private []byte // PKCS #8
	Chain   []byte // PEM, its own certificate first
	Made    time.Time
	Until   time.Time // it verifies until then and signs no more; zero: it signs
}

// signer is a key ready for use.
type signer struct {
	Key
	private *rsa.PrivateKey
	chain   []*x509.Certificate
}

// newSigner makes a key for a customer's host name.
func newSigner(a *Authority, host string, now time.Time) (*signer, error) {
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, fmt.Errorf("make a signing key: %w", err)
	}
	chain, err := a.certify(&private.PublicKey, host, now)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("make a signing key: %w", err)
	}
	k := Key{ID: thumbprint(&private.PublicKey), Private: der, Chain: encodeChain(chain), Made: now}
	return &signer{k, private, chain}, nil
}

// readSigner makes a kept key ready for use.
func readSigner(k Key) (*signer, error) {
	private, err := x509.ParsePKCS8PrivateKey(k.Private)
	if err != nil {
		return nil, fmt.Errorf("signing key %s cannot be read", k.ID) // the cause might quote of it
	}
	own, ok := private.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("signing key %s is no RSA key", k.ID)
	}
	chain, err := decodeChain(k.Chain)
	if err == nil && len(chain) == 0 {
		err = errors.New("there is none")
	}
	if err != nil {
		return nil, fmt.Errorf("certificate of signing key %s: %w", k.ID, err)
	}
	return &signer{k, own, chain}, nil
}

// sign returns claims as a token of a type, which names the key and its certificate.
func (s *signer) sign(kind string, claims any) (string, error) {
	return sign(s.private, header{Type: kind, Key: s.ID, Thumbprint: s.x5t()}, claims)
}

// x5t returns the SHA-256 of the certificate (RFC 7517, section 4.9).
func (s *signer) x5t() string {
	sum := sha256.Sum256(s.chain[0].Raw)
	return b64.EncodeToString(sum[:])
}

// JWK is a public key as it is published (RFC 7517; RFC 7518, section 6; RFC 8037).
type JWK struct {
	Type       string   `json:"kty"`
	Use        string   `json:"use,omitempty"`
	Algorithm  string   `json:"alg,omitempty"`
	ID         string   `json:"kid,omitempty"`
	N          string   `json:"n,omitempty"`
	E          string   `json:"e,omitempty"`
	Curve      string   `json:"crv,omitempty"`
	X          string   `json:"x,omitempty"`
	Y          string   `json:"y,omitempty"`
	Chain      []string `json:"x5c,omitempty"`
	Thumbprint string   `json:"x5t#S256,omitempty"`
}

// KeySet is a set of public keys (RFC 7517, section 5).
type KeySet struct {
	Keys []JWK `json:"keys"`
}

// jwk returns the public half with its certificates, the issuing one and those above
// it included.
func (s *signer) jwk() JWK {
	k := publicJWK(&s.private.PublicKey)
	k.Use, k.Algorithm, k.ID, k.Thumbprint = "sig", algorithm, s.ID, s.x5t()
	for _, c := range s.chain {
		k.Chain = append(k.Chain, base64.StdEncoding.EncodeToString(c.Raw))
	}
	return k
}

func publicJWK(k *rsa.PublicKey) JWK {
	return JWK{Type: "RSA", N: b64.EncodeToString(k.N.Bytes()), E: b64.EncodeToString(big.NewInt(int64(k.E)).Bytes())}
}

// thumbprint names a key by what it is (RFC 7638, section 3).
func thumbprint(k *rsa.PublicKey) string { return publicJWK(k).thumbprint() }

func (j JWK) thumbprint() string {
	text := `{"e":"` + j.E + `","kty":"RSA","n":"` + j.N + `"}`
	switch j.Type {
	case "EC":
		text = `{"crv":"` + j.Curve + `","kty":"EC","x":"` + j.X + `","y":"` + j.Y + `"}`
	case "OKP":
		text = `{"crv":"` + j.Curve + `","kty":"OKP","x":"` + j.X + `"}`
	}
	sum := sha256.Sum256([]byte(text))
	return b64.EncodeToString(sum[:])
}
