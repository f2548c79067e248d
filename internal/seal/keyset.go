// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
)

// keySize is the length of a key in bytes: that of AES-256.
const keySize = 32

// newAEAD returns AES-256-GCM with a new random nonce for each text, which stands before
// it (NIST SP 800-38D, section 8.2.2: safe for 2^32 texts of one key).
func newAEAD(key []byte) (cipher.AEAD, error) {
	if len(key) != keySize {
		return nil, fmt.Errorf("a key has %d bytes, not %d", keySize, len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// storedKey is one key of a set as it is kept, sealed with all others of the set.
type storedKey struct {
	Number uint32 `json:"number"`
	Key    []byte `json:"key"`
}

// newKey returns a new key with a number.
func newKey(number uint32) storedKey {
	k := storedKey{Number: number, Key: make([]byte, keySize)}
	_, _ = rand.Read(k.Key) // never fails: crypto/rand ends the program instead
	return k
}

// newest returns the highest number among keys.
func newest(stored []storedKey) (n uint32) {
	for _, k := range stored {
		n = max(n, k.Number)
	}
	return n
}

// keySet seals with its newest key and opens what any of its keys sealed.
type keySet struct {
	newest uint32
	keys   map[uint32]cipher.AEAD // by number
}

// numberSize is how many bytes before a sealed text name its key.
const numberSize = 4

// readSet makes a set of what was kept.
func readSet(stored []storedKey) (keySet, error) {
	s := keySet{newest: newest(stored), keys: make(map[uint32]cipher.AEAD, len(stored))}
	for _, k := range stored {
		a, err := newAEAD(k.Key)
		if err != nil {
			return keySet{}, fmt.Errorf("key %d: %w", k.Number, err)
		}
		if s.keys[k.Number] != nil {
			return keySet{}, fmt.Errorf("key %d is there twice", k.Number)
		}
		s.keys[k.Number] = a
	}
	if len(s.keys) == 0 {
		return keySet{}, errors.New("it holds no key")
	}
	return s, nil
}

// seal closes a text with the newest key, whose number stands before it.
func (s keySet) seal(text, bound []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, s.newest)
	return s.keys[s.newest].Seal(out, nil, text, bound)
}

// open returns the text that one of the keys sealed, bound to the same.
func (s keySet) open(sealed, bound []byte) ([]byte, error) {
	if len(sealed) < numberSize {
		return nil, errSealed
	}
	a := s.keys[binary.BigEndian.Uint32(sealed)]
	switch n := binary.BigEndian.Uint32(sealed); {
	case a == nil && 0 < n && n < s.newest:
		return nil, errOlder
	case a == nil:
		return nil, errNumber
	}
	text, err := a.Open(nil, nil, sealed[numberSize:], bound)
	if err != nil {
		return nil, errSealed
	}
	return text, nil
}
