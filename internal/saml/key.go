// SPDX-License-Identifier: Apache-2.0

package saml

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"time"
)

// keyBits is the size of a new key (NIST SP 800-57 part 1: good until 2030), and the least
// of a provider's.
const keyBits = 2048

// keyLife is how long a certificate says that its key is in use.
const keyLife = 5 * 365 * 24 * time.Hour

// Key signs questions and opens answers.
type Key struct {
	private     *rsa.PrivateKey
	Certificate *x509.Certificate
}

// NewKey makes a key with a certificate that it signs itself, in the name of a host.
func NewKey(host string, now time.Time) (Key, error) {
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return Key{}, fmt.Errorf("make a key: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 126))
	if err != nil {
		return Key{}, fmt.Errorf("make a key: %w", err)
	}
	about := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: host}, NotBefore: now.Add(-time.Hour).UTC(), NotAfter: now.Add(keyLife).UTC(),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &private.PublicKey, private)
	if err != nil {
		return Key{}, fmt.Errorf("make a certificate: %w", err)
	}
	c, err := x509.ParseCertificate(der)
	return Key{private, c}, err
}

// ReadKey returns a key that was kept: as Private wrote it, and its certificate.
func ReadKey(private, certificate []byte) (Key, error) {
	k, err := x509.ParsePKCS8PrivateKey(private)
	if err != nil {
		return Key{}, fmt.Errorf("a key cannot be read") // the cause might quote of it
	}
	own, ok := k.(*rsa.PrivateKey)
	if !ok {
		return Key{}, fmt.Errorf("a key is no RSA key")
	}
	c, err := x509.ParseCertificate(certificate)
	return Key{own, c}, err
}

// Private returns the key as it is kept, once it is sealed (PKCS #8).
func (k Key) Private() ([]byte, error) { return x509.MarshalPKCS8PrivateKey(k.private) }
