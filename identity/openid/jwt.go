// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// algorithm is the only one (RFC 7518, section 3.3): what a token says of itself is
// compared and never followed (RFC 8725, section 3.1).
const algorithm = "RS256"

// maxToken is how long a token may be that somebody hands us, in bytes.
const maxToken = 16 << 10

// The types of token, so that none is taken for another (RFC 8725, section 3.11).
const (
	typeID     = "JWT"
	typeAccess = "at+jwt"     // RFC 9068, section 2.1
	typeLogout = "logout+jwt" // OpenID Connect Back-Channel Logout 1.0, section 2.4
)

// header is the protected header of a token (RFC 7515, section 4).
type header struct {
	Algorithm  string          `json:"alg"`
	Type       string          `json:"typ,omitempty"`
	Key        string          `json:"kid,omitempty"`
	Thumbprint string          `json:"x5t#S256,omitempty"`
	Critical   json.RawMessage `json:"crit,omitempty"`
}

var b64 = base64.RawURLEncoding.Strict()

// sign returns claims as a compact JWS (RFC 7515, section 3.1).
func sign(k *rsa.PrivateKey, h header, claims any) (string, error) {
	h.Algorithm = algorithm
	head, err := json.Marshal(h)
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	text := b64.EncodeToString(head) + "." + b64.EncodeToString(body)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, k, crypto.SHA256, sum[:])
	if err != nil {
		return "", err
	}
	return text + "." + b64.EncodeToString(signature), nil
}

// errToken says nothing of the token.
var errToken = errors.New("not a token that was signed here")

// signed is a token that was taken apart; nothing in it is to be believed before
// verify.
type signed struct {
	header
	head      string // the header as it was written
	body      []byte
	text      string // what is signed
	signature []byte
}

// parse takes a compact JWS apart. It refuses every algorithm but ours and every
// extension that must be understood (RFC 7515, section 4.1.11).
func parse(token string) (s signed, err error) {
	if len(token) > maxToken {
		return s, errToken
	}
	head, rest, one := strings.Cut(token, ".")
	body, signature, two := strings.Cut(rest, ".")
	if !one || !two || strings.Contains(signature, ".") {
		return s, errToken
	}
	if s.header, err = readHeader(head); err != nil {
		return s, errToken
	}
	if s.body, err = b64.DecodeString(body); err != nil {
		return s, errToken
	}
	if s.signature, err = b64.DecodeString(signature); err != nil {
		return s, errToken
	}
	s.head, s.text = head, token[:len(head)+1+len(body)]
	return s, nil
}

// heads are the headers of good tokens by how they are written: all tokens of one type that
// one key signed have the same.
var heads memory[string, header]

const maxHeads = 512

// readHeader reads the first part of a token.
func readHeader(text string) (h header, err error) {
	if h, ok := heads.get(text); ok {
		return h, nil
	}
	head, err := b64.DecodeString(text)
	if err != nil {
		return h, errToken
	}
	if err := json.Unmarshal(head, &h); err != nil || h.Algorithm != algorithm || h.Critical != nil {
		return h, errToken
	}
	return h, nil
}

// verify checks the signature and reads the claims into to.
func (s signed) verify(k *rsa.PublicKey, to any) error {
	sum := sha256.Sum256([]byte(s.text))
	if err := rsa.VerifyPKCS1v15(k, crypto.SHA256, sum[:], s.signature); err != nil {
		return errToken
	}
	if _, known := heads.get(s.head); !known {
		heads.keep(strings.Clone(s.head), s.header, maxHeads)
	}
	if c, ok := to.(*accessClaims); ok && c.scan(s.body) {
		return nil
	}
	if err := json.Unmarshal(s.body, to); err != nil {
		return fmt.Errorf("%w: its claims cannot be read", errToken)
	}
	return nil
}

// halfHash returns the left half of a text's SHA-256: at_hash (OpenID Connect Core
// 1.0, section 3.1.3.6).
func halfHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return b64.EncodeToString(sum[:len(sum)/2])
}
