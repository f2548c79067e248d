// SPDX-License-Identifier: Apache-2.0

package webauthn

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
)

// The algorithms of keys, by COSE's numbers (RFC 9053, RFC 8812), in the order in which
// they are wanted.
const (
	edDSA = -8
	es256 = -7
	rs256 = -257 // what Windows Hello makes
)

// publicKey is a key that can check a signature.
type publicKey struct {
	alg int
	key any
}

// parseKey reads the public key of an algorithm.
func parseKey(alg int, der []byte) (publicKey, error) {
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return publicKey{}, fmt.Errorf("public key: %w", err)
	}
	ok := false
	switch k := key.(type) {
	case ed25519.PublicKey:
		ok = alg == edDSA
	case *ecdsa.PublicKey:
		ok = alg == es256 && k.Curve == elliptic.P256()
	case *rsa.PublicKey:
		ok = alg == rs256 && k.N.BitLen() >= 2048 && k.N.BitLen() <= 4096
	}
	if !ok {
		return publicKey{}, errors.New("not a public key of the algorithm that was asked for")
	}
	return publicKey{alg, key}, nil
}

// signed reports whether the key signed a message.
func (k publicKey) signed(message, signature []byte) bool {
	sum := sha256.Sum256(message)
	switch key := k.key.(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(key, message, signature)
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(key, sum[:], signature)
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) == nil
	}
	return false
}
