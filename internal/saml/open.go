// SPDX-License-Identifier: Apache-2.0

package saml

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha1" // the digest of RSA-OAEP where nothing else is said; collisions do not matter there
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/base64"
	"errors"

	"github.com/beevik/etree"
)

// sizes are the ciphers that are opened, and the length of their keys. CBC is what Entra ID
// seals with; that nobody can tell one failure from another keeps it safe, and the signature
// inside says whose it is.
var sizes = map[string]int{
	nsCipher + "aes128-cbc": 16, nsCipher + "aes192-cbc": 24, nsCipher + "aes256-cbc": 32,
	nsOAEP + "aes128-gcm": 16, nsOAEP + "aes192-gcm": 24, nsOAEP + "aes256-gcm": 32,
}

// hashes of RSA-OAEP.
var hashes = map[string]crypto.Hash{
	"": crypto.SHA1, nsSignature + "sha1": crypto.SHA1, nsCipher + "sha256": crypto.SHA256, nsCipher + "sha512": crypto.SHA512,
	nsOAEP + "mgf1sha1": crypto.SHA1, nsOAEP + "mgf1sha256": crypto.SHA256, nsOAEP + "mgf1sha512": crypto.SHA512,
}

// open returns the assertion that an EncryptedAssertion holds (xmlenc-core1, sections 5.2
// and 5.5.2).
func open(e *etree.Element, keys []Key) (*etree.Element, error) {
	data, locks := child(e, nsCipher, "EncryptedData"), inside(e, nsCipher, "EncryptedKey")
	if data == nil || len(locks) == 0 || len(locks) > 5 {
		return nil, fault(Sealed, "not sealed as it should be")
	}
	how := attribute(child(data, nsCipher, "EncryptionMethod"), "Algorithm")
	size, known := sizes[how]
	if !known {
		return nil, fault(Algorithm, "sealed by "+how)
	}
	for _, lock := range locks {
		if how := attribute(child(lock, nsCipher, "EncryptionMethod"), "Algorithm"); how != nsCipher+"rsa-oaep-mgf1p" && how != nsOAEP+"rsa-oaep" {
			return nil, fault(Algorithm, "its key sealed by "+how)
		}
		for _, k := range keys {
			secret, err := unlock(lock, k)
			if err != nil || len(secret) != size {
				continue
			}
			plain, err := decipher(how, secret, data)
			if err != nil {
				continue
			}
			root, err := parse(plain, MaxAnswer)
			if err == nil {
				err = strict(root)
			}
			if err == nil && is(root, nsAssertion, "Assertion") {
				return root, nil
			}
		}
	}
	return nil, fault(Sealed, "it was not sealed for a certificate in use here")
}

// unlock returns the key that an EncryptedKey holds.
func unlock(lock *etree.Element, k Key) ([]byte, error) {
	method := child(lock, nsCipher, "EncryptionMethod")
	hash, known := hashes[attribute(child(method, nsSignature, "DigestMethod"), "Algorithm")]
	way := attribute(child(method, nsOAEP, "MGF"), "Algorithm")
	mask, also := hashes[way]
	if !known || !also {
		return nil, errors.New("unknown digest")
	}
	text, err := sealedText(lock)
	if err != nil {
		return nil, err
	}
	secret, err := k.private.Decrypt(rand.Reader, text, &rsa.OAEPOptions{Hash: hash, MGFHash: mask})
	if err != nil && way == "" && hash != mask { // some take the digest for the mask too, and do not say so
		return k.private.Decrypt(rand.Reader, text, &rsa.OAEPOptions{Hash: hash, MGFHash: hash})
	}
	return secret, err
}

func sealedText(e *etree.Element) ([]byte, error) {
	return base64.StdEncoding.DecodeString(squeeze(text(child(child(e, nsCipher, "CipherData"), nsCipher, "CipherValue"))))
}

// decipher returns what EncryptedData holds.
func decipher(how string, secret []byte, data *etree.Element) ([]byte, error) {
	sealed, err := sealedText(data)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, err
	}
	if how[len(how)-3:] == "gcm" {
		g, err := cipher.NewGCM(block)
		if err != nil || len(sealed) < g.NonceSize() {
			return nil, errors.New("too short")
		}
		return g.Open(nil, sealed[:g.NonceSize()], sealed[g.NonceSize():], nil)
	}
	if len(sealed) < 2*aes.BlockSize || len(sealed)%aes.BlockSize != 0 {
		return nil, errors.New("too short")
	}
	plain := make([]byte, len(sealed)-aes.BlockSize)
	cipher.NewCBCDecrypter(block, sealed[:aes.BlockSize]).CryptBlocks(plain, sealed[aes.BlockSize:])
	fill := int(plain[len(plain)-1])
	if fill < 1 || fill > aes.BlockSize {
		return nil, errors.New("not filled up")
	}
	return plain[:len(plain)-fill], nil
}
