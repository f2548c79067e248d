// SPDX-License-Identifier: Apache-2.0

// Package seal owns keys and what they close: one root key for an installation, kept
// outside every database, which seals a set of keys for each customer, which seals
// single columns such as a medical note. It refuses to open what was sealed in another
// place: a sealed text is bound to its customer, table, column and row, so that one that
// was copied elsewhere cannot be read there. It never prints a key.
//
// Columns are sealed with AES-256-GCM. Each sealed text names the key that sealed it, so
// a set may get a new key while old texts can still be read.
package seal

import (
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"verlof/errs"
)

// Root is the root key of an installation.
type Root struct {
	id   string // of the key, as sealed sets of keys name it; tells nothing about it
	aead cipher.AEAD
}

// newRoot returns the root key made of 32 bytes.
func newRoot(key []byte) (*Root, error) {
	a, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(append([]byte("verlof root key\x00"), key...))
	return &Root{id: hex.EncodeToString(sum[:6]), aead: a}, nil
}

// ID names the root key without telling anything about it.
func (r *Root) ID() string { return r.id }

// Place is where a sealed text stands.
type Place struct{ Table, Column, Row string }

// Keys are the keys of one customer.
type Keys struct {
	customer string
	set      keySet
}

// NewKeys makes a set of keys for a customer and returns it sealed, as the registry keeps
// it.
func (r *Root) NewKeys(customer string) (sealed string, err error) {
	set, err := newSet()
	if err != nil {
		return "", fmt.Errorf("make keys: %w", err)
	}
	b := r.aead.Seal(nil, nil, set, binding("keys", customer))
	return r.id + ":" + base64.RawStdEncoding.EncodeToString(b), nil
}

// Keys opens the sealed set of a customer. It reports Unavailable, with a hint for the
// operator, where another root key sealed it, and where it is damaged or another
// customer's.
func (r *Root) Keys(customer, sealed string) (*Keys, error) {
	by, text, _ := strings.Cut(sealed, ":")
	if by != r.id {
		return nil, &errs.Error{Kind: errs.Unavailable, Public: "seal.error.root",
			Hint: "start with the root key that this installation was made with: --root-key-file names it; nothing was changed",
			Err:  fmt.Errorf("the keys of customer %s are sealed by root key %s, and this one is %s", customer, by, r.id)}
	}
	b, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return nil, damagedKeys(customer, err)
	}
	kept, err := r.aead.Open(nil, nil, b, binding("keys", customer))
	if err != nil {
		return nil, damagedKeys(customer, err)
	}
	set, err := readSet(kept)
	if err != nil {
		return nil, damagedKeys(customer, err)
	}
	return &Keys{customer, set}, nil
}

// Seal closes a text of the installation for a place of the registry.
func (r *Root) Seal(at Place, text string) string {
	b := r.aead.Seal(nil, nil, []byte(text), binding("registry", at.Table, at.Column, at.Row))
	return r.id + ":" + base64.RawStdEncoding.EncodeToString(b)
}

// Open returns a text that Seal closed for the same place. It reports Unavailable, with a
// hint for the operator, where another root key did, and where the text is damaged.
func (r *Root) Open(at Place, sealed string) (string, error) {
	by, text, _ := strings.Cut(sealed, ":")
	b, err := base64.RawStdEncoding.Strict().DecodeString(text)
	if err == nil {
		b, err = r.aead.Open(nil, nil, b, binding("registry", at.Table, at.Column, at.Row))
	}
	if err != nil {
		return "", &errs.Error{Kind: errs.Unavailable, Public: "seal.error.root",
			Hint: "start with the root key that this installation was made with: --root-key-file names it; nothing was changed",
			Err:  fmt.Errorf("%s %s of the registry, sealed by root key %s, cannot be opened by %s", at.Table, at.Row, by, r.id)}
	}
	return string(b), nil
}

func damagedKeys(customer string, err error) error {
	return &errs.Error{Kind: errs.Unavailable, Public: "seal.error.keys", Err: fmt.Errorf("keys of customer %s: %w", customer, err),
		Hint: "the registry's row is damaged or was copied from another customer: restore the registry from a copy"}
}

// errSealed says nothing of the text.
var errSealed = errors.New("a sealed text cannot be opened: it is damaged, or was sealed elsewhere")

// Seal closes a text for a place of the customer's database.
func (k *Keys) Seal(at Place, text string) string {
	return base64.RawStdEncoding.EncodeToString(k.set.seal([]byte(text), k.bound(at)))
}

// Open returns a text that was sealed for the same place of the same customer's database.
// It fails for every other, and for one with a flipped bit.
func (k *Keys) Open(at Place, sealed string) (string, error) {
	b, err := base64.RawStdEncoding.Strict().DecodeString(sealed)
	if err != nil {
		return "", fmt.Errorf("open %s.%s: %w", at.Table, at.Column, errSealed)
	}
	text, err := k.set.open(b, k.bound(at))
	if err != nil {
		return "", fmt.Errorf("open %s.%s: %w", at.Table, at.Column, errSealed)
	}
	return string(text), nil
}

func (k *Keys) bound(at Place) []byte {
	return binding("column", k.customer, at.Table, at.Column, at.Row)
}

// binding returns what a sealed text is bound to, each part with its length, so that no
// two lists of parts come to the same.
func binding(parts ...string) []byte {
	var b []byte
	for _, p := range parts {
		b = binary.BigEndian.AppendUint32(b, uint32(len(p)))
		b = append(b, p...)
	}
	return b
}
