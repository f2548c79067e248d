// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"

	"crypto"
)

// Attest signs a statement of the installation with the key of the issuing certificate, as a
// compact JWS (RFC 7515) that carries the certificates in x5c: ES256 or RS256.
func (a *Authority) Attest(kind string, statement any) (string, error) {
	alg := "RS256"
	if k, ok := a.key.Public().(*ecdsa.PublicKey); ok {
		if k.Curve != elliptic.P256() {
			return "", fmt.Errorf("attest: a key on %s does not sign here", k.Curve.Params().Name)
		}
		alg = "ES256"
	} else if _, ok := a.key.Public().(*rsa.PublicKey); !ok {
		return "", fmt.Errorf("attest: a key of kind %T does not sign here", a.key.Public())
	}
	var chain []string
	for _, c := range a.chain {
		chain = append(chain, base64.StdEncoding.EncodeToString(c.Raw))
	}
	head, err := json.Marshal(map[string]any{"alg": alg, "typ": kind, "x5c": chain})
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(statement)
	if err != nil {
		return "", err
	}
	text := b64.EncodeToString(head) + "." + b64.EncodeToString(body)
	sum := sha256.Sum256([]byte(text))
	signature, err := a.key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err == nil && alg == "ES256" {
		signature, err = fixed(signature)
	}
	if err != nil {
		return "", fmt.Errorf("attest: %w", err)
	}
	return text + "." + b64.EncodeToString(signature), nil
}

// fixed returns the two numbers of an ECDSA signature with 32 bytes each (RFC 7518, section
// 3.4).
func fixed(der []byte) ([]byte, error) {
	var s struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &s); err != nil {
		return nil, err
	}
	out := make([]byte, 64)
	s.R.FillBytes(out[:32])
	s.S.FillBytes(out[32:])
	return out, nil
}
