// SPDX-License-Identifier: Apache-2.0

package samltest

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha1"
	_ "crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
)

const ciphers = "http://www.w3.org/2001/04/xmlenc#"

// Seal returns what seals an assertion for a certificate: with AES-256 in CBC as Entra ID
// does, or in GCM.
func Seal(c *x509.Certificate, gcm bool) func(assertion []byte) string {
	return func(plain []byte) string {
		secret, nonce := make([]byte, 32), make([]byte, 16)
		_, _ = rand.Read(secret)
		_, _ = rand.Read(nonce)
		block, _ := aes.NewCipher(secret)
		how, hash, digest := ciphers+"aes256-cbc", crypto.SHA1, ""
		var sealed []byte
		if gcm {
			how, hash, digest = "http://www.w3.org/2009/xmlenc11#aes256-gcm", crypto.SHA256, `<ds:DigestMethod Algorithm="`+ciphers+`sha256"/>`
			g, _ := cipher.NewGCM(block)
			sealed = g.Seal(nonce[:12:12], nonce[:12], plain, nil)
		} else {
			fill := 16 - len(plain)%16
			for i := range fill {
				b := byte(i) // anything but the last
				if i == fill-1 {
					b = byte(fill)
				}
				plain = append(plain, b)
			}
			sealed = make([]byte, len(plain))
			cipher.NewCBCEncrypter(block, nonce).CryptBlocks(sealed, plain)
			sealed = append(nonce, sealed...)
		}
		lock, _ := rsa.EncryptOAEP(hash.New(), rand.Reader, c.PublicKey.(*rsa.PublicKey), secret, nil)
		return fmt.Sprintf(`<saml:EncryptedAssertion xmlns:saml="%s"><xenc:EncryptedData xmlns:xenc="%s" xmlns:ds="%s"><xenc:EncryptionMethod Algorithm="%s"/>
<ds:KeyInfo><xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="%srsa-oaep-mgf1p">%s</xenc:EncryptionMethod><xenc:CipherData><xenc:CipherValue>%s</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo>
<xenc:CipherData><xenc:CipherValue>%s</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></saml:EncryptedAssertion>`,
			Assertion, ciphers, signature, how, ciphers, digest, base64.StdEncoding.EncodeToString(lock), base64.StdEncoding.EncodeToString(sealed))
	}
}
