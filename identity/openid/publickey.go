// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math/big"
	"slices"
	"strings"
)

// The algorithms with which programs prove themselves (RFC 7518, section 3; RFC 8037, section
// 3.1; RFC 9864, section 2.2). None of them needs a secret that Verlof would have to keep.
const (
	algES256 = "ES256"
	algPS256 = "PS256"
	algRS256 = "RS256"
	algEdDSA = "EdDSA"
	algEd    = "Ed25519"
)

// programAlgorithms returns them, the one to prefer first.
func programAlgorithms() []string { return []string{algES256, algEd, algEdDSA, algPS256, algRS256} }

// How large an RSA key of a program may be, in bits: a small one proves little, a large one
// costs whoever looks at it.
const (
	minRSA = 2048
	maxRSA = 4096
)

// PublicKey is the public half of a key of a program.
type PublicKey struct {
	ID   string // what it is (RFC 7638)
	Name string // kid: what the program calls it; empty: nothing
	Only string // the one algorithm that it is for; empty: those that fit it
	key  crypto.PublicKey
}

// The reasons for which a key is not taken.
var (
	errKey        = errors.New("no public key that is understood")
	errPrivateKey = errors.New("a private key")
)

// ReadPublicKeys reads the public keys that a program proves itself with: a set of JWKs or one
// of them (RFC 7517), or PEM. It refuses private keys: whoever hands one over has given it
// away.
func ReadPublicKeys(text string) ([]PublicKey, error) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "-----BEGIN") {
		return readPEMKeys([]byte(text))
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal([]byte(text), &set); err != nil {
		return nil, errKey
	}
	if set.Keys == nil {
		set.Keys = []json.RawMessage{json.RawMessage(text)}
	}
	return readAll(set.Keys, func(raw json.RawMessage) (PublicKey, error) { return readJWK(raw) })
}

// readAll reads keys one by one.
func readAll[T any](list []T, read func(T) (PublicKey, error)) ([]PublicKey, error) {
	var out []PublicKey
	for _, x := range list {
		k, err := read(x)
		if err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	if len(out) == 0 {
		return nil, errKey
	}
	return out, nil
}

func readPEMKeys(text []byte) ([]PublicKey, error) {
	var blocks []*pem.Block
	for len(text) > 0 {
		b, rest := pem.Decode(text)
		if b == nil {
			return nil, errKey
		}
		blocks, text = append(blocks, b), bytes.TrimSpace(rest)
	}
	return readAll(blocks, func(b *pem.Block) (PublicKey, error) {
		if strings.Contains(b.Type, "PRIVATE") {
			return PublicKey{}, errPrivateKey
		}
		if b.Type == pemCertificate {
			c, err := x509.ParseCertificate(b.Bytes)
			if err != nil {
				return PublicKey{}, errKey
			}
			return publicKeyOf(c.PublicKey)
		}
		k, err := x509.ParsePKIXPublicKey(b.Bytes)
		if err != nil {
			return PublicKey{}, errKey
		}
		return publicKeyOf(k)
	})
}

// publicKeyOf takes a key whose kind and size are good enough.
func publicKeyOf(key crypto.PublicKey) (PublicKey, error) {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if bits := k.N.BitLen(); bits < minRSA || bits > maxRSA || k.E < 1<<16 || k.E%2 == 0 {
			return PublicKey{}, errKey
		}
	case *ecdsa.PublicKey:
		if k.Curve != elliptic.P256() {
			return PublicKey{}, errKey
		}
	case ed25519.PublicKey:
		if len(k) != ed25519.PublicKeySize {
			return PublicKey{}, errKey
		}
	default:
		return PublicKey{}, errKey
	}
	out := PublicKey{key: key}
	out.ID = out.jwk().thumbprint()
	return out, nil
}

// readJWK reads the JWK of a public key.
func readJWK(raw []byte) (PublicKey, error) {
	var j struct {
		JWK
		Private json.RawMessage `json:"d"`
		Shared  json.RawMessage `json:"k"`
	}
	if err := json.Unmarshal(raw, &j); err != nil {
		return PublicKey{}, errKey
	}
	if j.Private != nil || j.Shared != nil {
		return PublicKey{}, errPrivateKey
	}
	key, err := j.public()
	if err != nil {
		return PublicKey{}, errKey
	}
	k, err := publicKeyOf(key)
	if err != nil || j.Use != "" && j.Use != "sig" || j.Algorithm != "" && !slices.Contains(k.algorithms(), j.Algorithm) || !plainText(j.ID, 200) {
		return PublicKey{}, errKey
	}
	k.Name, k.Only = j.ID, j.Algorithm
	return k, nil
}

// public returns the key that a JWK describes (RFC 7518, section 6; RFC 8037, section 2).
func (j JWK) public() (crypto.PublicKey, error) {
	part := func(text string) []byte {
		b, err := b64.DecodeString(text)
		if err != nil {
			return nil
		}
		return b
	}
	switch j.Type + " " + j.Curve {
	case "RSA ":
		e := new(big.Int).SetBytes(part(j.E))
		if e.BitLen() > 31 {
			return nil, errKey
		}
		return &rsa.PublicKey{N: new(big.Int).SetBytes(part(j.N)), E: int(e.Int64())}, nil
	case "EC P-256":
		x, y := part(j.X), part(j.Y)
		if len(x) != 32 || len(y) != 32 {
			return nil, errKey
		}
		return ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, x, y))
	case "OKP Ed25519":
		return ed25519.PublicKey(part(j.X)), nil
	}
	return nil, errKey
}

// jwk returns the key as a JWK of nothing but what it is.
func (k PublicKey) jwk() JWK {
	switch p := k.key.(type) {
	case *rsa.PublicKey:
		return publicJWK(p)
	case *ecdsa.PublicKey:
		point, _ := p.Bytes() // it is on the curve, or it would not be here
		return JWK{Type: "EC", Curve: "P-256", X: b64.EncodeToString(point[1:33]), Y: b64.EncodeToString(point[33:])}
	case ed25519.PublicKey:
		return JWK{Type: "OKP", Curve: "Ed25519", X: b64.EncodeToString(p)}
	}
	return JWK{}
}

// String returns the key as a JWK on one line, in which form it is kept.
func (k PublicKey) String() string {
	j := k.jwk()
	j.Use, j.ID, j.Algorithm = "sig", k.Name, k.Only
	text, _ := json.Marshal(j) // texts alone
	return string(text)
}

// algorithms are those that fit the key.
func (k PublicKey) algorithms() []string {
	if k.Only != "" {
		return []string{k.Only}
	}
	switch k.key.(type) {
	case *rsa.PublicKey:
		return []string{algPS256, algRS256}
	case *ecdsa.PublicKey:
		return []string{algES256}
	}
	return []string{algEd, algEdDSA}
}

// signed reports whether the key made a signature. What the signature says of its algorithm is
// held against the key, never followed (RFC 8725, section 3.1).
func (k PublicKey) signed(algorithm, text string, signature []byte) bool {
	if !slices.Contains(k.algorithms(), algorithm) {
		return false
	}
	sum := sha256.Sum256([]byte(text))
	switch p := k.key.(type) {
	case *rsa.PublicKey:
		if algorithm == algPS256 {
			return rsa.VerifyPSS(p, crypto.SHA256, sum[:], signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
		}
		return rsa.VerifyPKCS1v15(p, crypto.SHA256, sum[:], signature) == nil
	case *ecdsa.PublicKey:
		if len(signature) != 64 { // RFC 7518, section 3.4
			return false
		}
		return ecdsa.Verify(p, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
	case ed25519.PublicKey:
		return ed25519.Verify(p, []byte(text), signature)
	}
	return false
}

// plainText reports whether a text is of visible characters of ASCII and spaces, and of so
// many bytes at most.
func plainText(s string, most int) bool {
	return len(s) <= most && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}
