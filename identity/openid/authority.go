// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"

	"verlof/errs"
)

// How long certificates are good for.
const (
	authorityLife   = 10 * 365 * 24 * time.Hour
	certificateLife = 400 * 24 * time.Hour
	skew            = time.Hour // how far behind a clock may be that checks a certificate
)

const (
	pemCertificate = "CERTIFICATE"
	pemKey         = "PRIVATE KEY"
)

// Authority certifies the signing keys of all customers of an installation.
type Authority struct {
	chain []*x509.Certificate // the issuing certificate, then those above it
	key   crypto.Signer
}

// MakeAuthority returns a new issuing certificate with its key, as PEM. Keep it
// sealed.
func MakeAuthority(now time.Time) ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make an issuing key: %w", err)
	}
	c := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "Verlof issuing certificate " + now.Format("2006")},
		NotBefore: now.Add(-skew), NotAfter: now.Add(authorityLife),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("make an issuing certificate: %w", err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("make an issuing certificate: %w", err)
	}
	return append(encodePEM(pemCertificate, der), encodePEM(pemKey, private)...), nil
}

// ReadAuthority reads an issuing certificate, those above it, and its key (PKCS #8)
// from PEM. It reports Invalid, with a hint for the operator, for what cannot issue.
func ReadAuthority(text []byte) (*Authority, error) {
	refuse := func(format string, args ...any) error {
		return errs.Operator("give a PEM file with the issuing certificate first, those above it after it, and its key in PKCS #8; "+
			"the certificate must be one of an authority (CA:TRUE, keyCertSign)", format, args...)
	}
	a := &Authority{}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case pemCertificate:
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, refuse("issuing certificate: %w", err)
			}
			a.chain = append(a.chain, c)
		case pemKey:
			key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if err != nil {
				return nil, refuse("the key of the issuing certificate cannot be read") // the cause might quote of it
			}
			a.key, _ = key.(crypto.Signer)
		}
	}
	if len(a.chain) == 0 || a.key == nil {
		return nil, refuse("no issuing certificate with its key")
	}
	issuer := a.chain[0]
	public, ok := a.key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(issuer.PublicKey) {
		return nil, refuse("the key is not that of the issuing certificate")
	}
	if !issuer.IsCA || issuer.KeyUsage&x509.KeyUsageCertSign == 0 {
		return nil, refuse("the certificate may not issue others")
	}
	return a, nil
}

// Certificates returns the issuing certificate and those above it, as PEM: what is
// handed to whoever wants to verify tokens.
func (a *Authority) Certificates() []byte { return encodeChain(a.chain) }

// certify returns the chain of a signing key: its own certificate, which names the
// customer's host name, then the authority's.
func (a *Authority) certify(key *rsa.PublicKey, host string, now time.Time) ([]*x509.Certificate, error) {
	issuer := a.chain[0]
	if !now.Before(issuer.NotAfter) {
		return nil, &errs.Error{Kind: errs.Unavailable, Hint: "give a new issuing certificate with --issuing-certificate",
			Err: fmt.Errorf("the issuing certificate ended on %s", issuer.NotAfter.Format(time.DateOnly))}
	}
	until := now.Add(certificateLife)
	if until.After(issuer.NotAfter) {
		until = issuer.NotAfter
	}
	c := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "Verlof token signing"}, DNSNames: []string{host},
		NotBefore: now.Add(-skew), NotAfter: until, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, issuer, key, a.key)
	if err != nil {
		return nil, fmt.Errorf("certify a signing key: %w", err)
	}
	own, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("certify a signing key: %w", err)
	}
	return append([]*x509.Certificate{own}, a.chain...), nil
}

// serial returns 128 random bits, positive.
func serial() *big.Int {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	b[0] &= 0x7f
	b[0] |= 0x40
	return new(big.Int).SetBytes(b[:])
}

func encodePEM(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func encodeChain(chain []*x509.Certificate) []byte {
	var b bytes.Buffer
	for _, c := range chain {
		b.Write(encodePEM(pemCertificate, c.Raw))
	}
	return b.Bytes()
}

// decodeChain reads certificates from PEM.
func decodeChain(text []byte) (chain []*x509.Certificate, err error) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		chain = append(chain, c)
	}
	return chain, nil
}
