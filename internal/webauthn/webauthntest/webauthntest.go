// SPDX-License-Identifier: Apache-2.0

// Package webauthntest owns an authenticator in memory, for tests: it answers as a browser
// and a key do, or wrongly where a test says so. It refuses to be used outside tests.
package webauthntest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"encoding/json"

	"verlof/internal/webauthn"
)

// Key is a passkey with its browser. Whatever a test changes, it then says.
type Key struct {
	Origin      string // of the page that the browser shows
	Site        string // host name that the key answers for
	ID          webauthn.Bytes
	Handle      webauthn.Bytes
	Count       uint32 // of signatures so far; a test may set it back
	Flags       byte   // user present and verified, unless a test says otherwise
	CrossOrigin bool

	alg    int
	signer crypto.Signer
}

// The algorithms, by COSE's numbers.
const (
	EdDSA = -8
	ES256 = -7
	RS256 = -257
)

// New returns a key of a site for an algorithm.
func New(origin, site string, alg int) *Key {
	k := &Key{Origin: origin, Site: site, ID: make(webauthn.Bytes, 32), Flags: 0x05, alg: alg}
	rand.Read(k.ID)
	var err error
	switch alg {
	case EdDSA:
		_, k.signer, err = ed25519.GenerateKey(rand.Reader)
	case RS256:
		k.signer, err = rsa.GenerateKey(rand.Reader, 2048)
	default:
		k.signer, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	must(err)
	return k
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// options are what a page asks for.
type options struct {
	Challenge webauthn.Bytes `json:"challenge"`
	User      struct {
		ID webauthn.Bytes `json:"id"`
	} `json:"user"`
}

func (k *Key) clientData(act string, asked []byte) (webauthn.Bytes, options) {
	var o options
	must(json.Unmarshal(asked, &o))
	b, err := json.Marshal(map[string]any{"type": act, "challenge": o.Challenge, "origin": k.Origin, "crossOrigin": k.CrossOrigin})
	must(err)
	return b, o
}

func (k *Key) authData(flags byte) []byte {
	site := sha256.Sum256([]byte(k.Site))
	return binary.BigEndian.AppendUint32(append(site[:], flags), k.Count)
}

// Create answers a request to make a key, as JSON.
func (k *Key) Create(asked []byte) []byte {
	clientData, o := k.clientData("webauthn.create", asked)
	k.Handle = o.User.ID
	auth := append(k.authData(k.Flags|0x40), make([]byte, 16)...)
	auth = binary.BigEndian.AppendUint16(auth, uint16(len(k.ID))) //nolint:gosec // 32
	auth = append(auth, k.ID...)                                  // the key in COSE's form would follow
	var r webauthn.Registration
	r.ID, r.Response.ClientData, r.Response.AuthData, r.Response.Algorithm = k.ID, clientData, auth, k.alg
	r.Response.Key = k.Public()
	r.Response.Transports = []string{"internal"}
	b, err := json.Marshal(r)
	must(err)
	return b
}

// Public returns the public key as SubjectPublicKeyInfo.
func (k *Key) Public() webauthn.Bytes {
	der, err := x509.MarshalPKIXPublicKey(k.signer.Public())
	must(err)
	return der
}

// Get answers a request to use the key, as JSON.
func (k *Key) Get(asked []byte) []byte {
	clientData, _ := k.clientData("webauthn.get", asked)
	k.Count++
	auth := k.authData(k.Flags)
	sum := sha256.Sum256(clientData)
	message := append(auth[:len(auth):len(auth)], sum[:]...)
	hash := crypto.Hash(0)
	if k.alg != EdDSA {
		digest := sha256.Sum256(message)
		message, hash = digest[:], crypto.SHA256
	}
	signature, err := k.signer.Sign(rand.Reader, message, hash)
	must(err)
	var a webauthn.Assertion
	a.ID, a.Response.ClientData, a.Response.AuthData = k.ID, clientData, auth
	a.Response.Signature, a.Response.UserHandle = signature, k.Handle
	b, err := json.Marshal(a)
	must(err)
	return b
}
