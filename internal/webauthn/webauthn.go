// SPDX-License-Identifier: Apache-2.0

// Package webauthn owns the check of passkeys: what a browser is asked for, and whether
// what it answers proves that the holder of a key was there, unlocked it, and meant this
// site and this moment (W3C Web Authentication, Level 3, sections 7.1 and 7.2). It refuses
// an answer for another site, another moment or another act, one for which the holder did
// not unlock the key, and one from a page inside another site's.
//
// It asks for no attestation: which make of key somebody has is their business. Then nothing
// in the answer is signed when a key is made, so the parts are read as browsers hand them
// out (section 5.2.1.1), and no CBOR is needed.
package webauthn

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Party is a site that people sign in to.
type Party struct {
	ID     string // its host name, to which keys are bound
	Name   string
	Origin string // of its pages: scheme, host and port
}

// Bytes are written in JSON as base64url without padding.
type Bytes []byte

// MarshalText writes b.
func (b Bytes) MarshalText() ([]byte, error) {
	return []byte(base64.RawURLEncoding.EncodeToString(b)), nil
}

// UnmarshalText reads b.
func (b *Bytes) UnmarshalText(text []byte) (err error) {
	*b, err = base64.RawURLEncoding.DecodeString(string(text))
	return err
}

// Credential is what is kept of a key.
type Credential struct {
	ID         Bytes    `json:"id"`
	Algorithm  int      `json:"alg"` // COSE's number
	Key        Bytes    `json:"key"` // public, as SubjectPublicKeyInfo
	Transports []string `json:"transports,omitempty"`
	Count      uint32   `json:"-"` // of signatures; 0: the key does not count
}

// Registration is a browser's answer when a key was made.
type Registration struct {
	ID       Bytes `json:"id"`
	Response struct {
		ClientData Bytes    `json:"clientDataJSON"`
		AuthData   Bytes    `json:"authenticatorData"`
		Key        Bytes    `json:"publicKey"`
		Algorithm  int      `json:"publicKeyAlgorithm"`
		Transports []string `json:"transports"`
	} `json:"response"`
}

// Assertion is a browser's answer when a key was used.
type Assertion struct {
	ID       Bytes `json:"id"`
	Response struct {
		ClientData Bytes `json:"clientDataJSON"`
		AuthData   Bytes `json:"authenticatorData"`
		Signature  Bytes `json:"signature"`
		UserHandle Bytes `json:"userHandle"`
	} `json:"response"`
}

// What an answer is for.
const (
	create = "webauthn.create"
	use    = "webauthn.get"
)

const (
	maxID   = 1023 // bytes of a credential's id (section 5.1)
	maxText = 16   // characters of a transport's name
)

// Register checks the answer to Party.Creation and returns the credential that was made.
func (p Party) Register(challenge []byte, r Registration) (Credential, error) {
	if err := p.clientData(r.Response.ClientData, create, challenge); err != nil {
		return Credential{}, err
	}
	a, err := p.authData(r.Response.AuthData)
	if err != nil {
		return Credential{}, err
	}
	if len(a.id) == 0 || len(a.id) > maxID || !bytes.Equal(a.id, r.ID) {
		return Credential{}, errors.New("not the id of the key that was made")
	}
	if _, err := parseKey(r.Response.Algorithm, r.Response.Key); err != nil {
		return Credential{}, err
	}
	c := Credential{ID: r.ID, Algorithm: r.Response.Algorithm, Key: r.Response.Key, Count: a.count}
	for _, t := range r.Response.Transports {
		if len(t) <= maxText && len(c.Transports) < 8 {
			c.Transports = append(c.Transports, t)
		}
	}
	return c, nil
}

// Assert checks the answer to Party.Request against the credential that it names, and
// returns the new count of its signatures.
func (p Party) Assert(challenge []byte, c Credential, a Assertion) (count uint32, err error) {
	if !bytes.Equal(a.ID, c.ID) {
		return 0, errors.New("another credential")
	}
	if err := p.clientData(a.Response.ClientData, use, challenge); err != nil {
		return 0, err
	}
	d, err := p.authData(a.Response.AuthData)
	if err != nil {
		return 0, err
	}
	key, err := parseKey(c.Algorithm, c.Key)
	if err != nil {
		return 0, err
	}
	sum := sha256.Sum256(a.Response.ClientData)
	if !key.signed(slices.Concat(a.Response.AuthData, sum[:]), a.Response.Signature) {
		return 0, errors.New("the signature is not the key's")
	}
	if (d.count != 0 || c.Count != 0) && d.count <= c.Count {
		return 0, fmt.Errorf("the key has signed %d times, and before it had %d: there may be two of it", d.count, c.Count)
	}
	return d.count, nil
}

// clientData checks what the browser says of the page that asked.
func (p Party) clientData(text []byte, act string, challenge []byte) error {
	var d struct {
		Type        string `json:"type"`
		Challenge   Bytes  `json:"challenge"`
		Origin      string `json:"origin"`
		CrossOrigin bool   `json:"crossOrigin"`
		TopOrigin   string `json:"topOrigin"`
	}
	if err := json.Unmarshal(text, &d); err != nil {
		return fmt.Errorf("client data: %w", err)
	}
	switch {
	case d.Type != act:
		return fmt.Errorf("an answer to another question than %s", act)
	case len(challenge) == 0 || subtle.ConstantTimeCompare(d.Challenge, challenge) != 1:
		return errors.New("an answer to another challenge")
	case d.Origin != p.Origin:
		return fmt.Errorf("an answer to a page of another origin than %s", p.Origin)
	case d.CrossOrigin || d.TopOrigin != "":
		return errors.New("an answer to a page inside another site's")
	}
	return nil
}

// The bits of authenticator data (section 6.1).
const (
	userPresent   = 1 << 0
	userVerified  = 1 << 2
	mayBeBackedUp = 1 << 3
	backedUp      = 1 << 4
	attested      = 1 << 6
)

// authData is what the key itself says.
type authData struct {
	count uint32
	id    []byte // of the credential, where one was made
}

// authData checks for which site the key answers and that its holder unlocked it.
func (p Party) authData(b []byte) (authData, error) {
	const fixed = sha256.Size + 1 + 4
	if len(b) < fixed {
		return authData{}, errors.New("authenticator data is cut off")
	}
	site, flags := sha256.Sum256([]byte(p.ID)), b[sha256.Size]
	switch {
	case !bytes.Equal(b[:sha256.Size], site[:]):
		return authData{}, fmt.Errorf("a key of another site than %s", p.ID)
	case flags&userPresent == 0 || flags&userVerified == 0:
		return authData{}, errors.New("the holder did not unlock the key")
	case flags&backedUp != 0 && flags&mayBeBackedUp == 0:
		return authData{}, errors.New("a copy of a key that cannot be copied")
	}
	a := authData{count: binary.BigEndian.Uint32(b[sha256.Size+1 : fixed])}
	if flags&attested == 0 {
		return a, nil
	}
	const guid = 16 // of the make of authenticator
	rest := b[fixed:]
	if len(rest) < guid+2 {
		return authData{}, errors.New("authenticator data is cut off")
	}
	n := int(binary.BigEndian.Uint16(rest[guid:]))
	if rest = rest[guid+2:]; len(rest) < n {
		return authData{}, errors.New("authenticator data is cut off")
	}
	a.id = rest[:n]
	return a, nil
}
