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
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"verlof/errs"
)

// Root is the root key of an installation, with those that were it before, as long as
// something may be sealed with them: the newest seals, and each opens what it sealed.
type Root struct {
	newest string                 // names the newest key, as sealed texts do; tells nothing about it
	keys   map[string]cipher.AEAD // by name
}

// newRoot returns the root key made of keys of 32 bytes each, newest first.
func newRoot(keys ...[]byte) (*Root, error) {
	r := &Root{keys: map[string]cipher.AEAD{}}
	for i, key := range keys {
		a, err := newAEAD(key)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(append([]byte("verlof root key\x00"), key...))
		name := hex.EncodeToString(sum[:6])
		if i == 0 {
			r.newest = name
		}
		r.keys[name] = a
	}
	return r, nil
}

// ID names the newest root key without telling anything about it.
func (r *Root) ID() string { return r.newest }

// Older reports how many root keys there are besides the newest.
func (r *Root) Older() int { return len(r.keys) - 1 }

// seal closes bytes with the newest root key, whose name stands before them.
func (r *Root) seal(text []byte, bound []byte) string {
	return r.newest + ":" + base64.RawStdEncoding.EncodeToString(r.keys[r.newest].Seal(nil, nil, text, bound))
}

// open returns what seal closed. It reports Unavailable, with a hint for the operator,
// where a root key did that is not known.
func (r *Root) open(what, sealed string, bound []byte) ([]byte, error) {
	by, text, _ := strings.Cut(sealed, ":")
	a := r.keys[by]
	if a == nil {
		return nil, &errs.Error{Kind: errs.Unavailable, Public: "seal.error.root",
			Hint: "start with the root key that this installation was made with: --root-key-file names it; nothing was changed",
			Err:  fmt.Errorf("%s: %w %s, and this one is %s", what, errRoot, by, r.newest)}
	}
	b, err := base64.RawStdEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, err
	}
	return a.Open(nil, nil, b, bound)
}

// errRoot is the cause of an error about a root key that is not known.
var errRoot = errors.New("sealed by root key")

// UnknownRoot reports whether an error says that a root key sealed something which this
// process does not know: it may have been replaced meanwhile.
func UnknownRoot(err error) bool { return errors.Is(err, errRoot) }

// SealedBy names the root key that sealed a text.
func SealedBy(sealed string) string {
	by, _, _ := strings.Cut(sealed, ":")
	return by
}

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
	return r.sealSet(customer, []storedKey{newKey(1)})
}

// Keys opens the sealed set of a customer. It reports Unavailable, with a hint for the
// operator, where another root key sealed it, and where it is damaged or another
// customer's.
func (r *Root) Keys(customer, sealed string) (*Keys, error) {
	stored, err := r.openSet(customer, sealed)
	if err != nil {
		return nil, err
	}
	set, err := readSet(stored)
	if err != nil {
		return nil, damagedKeys(customer, err)
	}
	return &Keys{customer, set}, nil
}

// AddKey returns a customer's set with a new key in it, which seals from now on, sealed
// by the newest root key.
func (r *Root) AddKey(customer, sealed string) (string, error) {
	stored, err := r.openSet(customer, sealed)
	if err != nil {
		return "", err
	}
	return r.sealSet(customer, append(stored, newKey(newest(stored)+1)))
}

// KeepNewest returns a customer's set without all its keys but the newest, sealed by the
// newest root key.
func (r *Root) KeepNewest(customer, sealed string) (string, error) {
	stored, err := r.openSet(customer, sealed)
	if err != nil {
		return "", err
	}
	last := newest(stored)
	return r.sealSet(customer, slices.DeleteFunc(stored, func(k storedKey) bool { return k.Number != last }))
}

// Rewrap returns a customer's set as it is, sealed by the newest root key.
func (r *Root) Rewrap(customer, sealed string) (string, error) {
	stored, err := r.openSet(customer, sealed)
	if err != nil {
		return "", err
	}
	return r.sealSet(customer, stored)
}

func (r *Root) openSet(customer, sealed string) ([]storedKey, error) {
	b, err := r.open("the keys of customer "+customer, sealed, binding("keys", customer))
	if UnknownRoot(err) {
		return nil, err
	}
	var stored []storedKey
	if err != nil || json.Unmarshal(b, &stored) != nil { // the cause would quote of it
		return nil, damagedKeys(customer, errSealed)
	}
	return stored, nil
}

func (r *Root) sealSet(customer string, stored []storedKey) (string, error) {
	b, err := json.Marshal(stored)
	if err != nil {
		return "", fmt.Errorf("seal keys of customer %s: %w", customer, err)
	}
	return r.seal(b, binding("keys", customer)), nil
}

// Seal closes a text of the installation for a place of the registry.
func (r *Root) Seal(at Place, text string) string {
	return r.seal([]byte(text), binding("registry", at.Table, at.Column, at.Row))
}

// Open returns a text that Seal closed for the same place. It reports Unavailable, with a
// hint for the operator, where another root key did, and where the text is damaged.
func (r *Root) Open(at Place, sealed string) (string, error) {
	b, err := r.open(at.Table+" "+at.Row+" of the registry", sealed, binding("registry", at.Table, at.Column, at.Row))
	if err == nil || UnknownRoot(err) {
		return string(b), err
	}
	return "", &errs.Error{Kind: errs.Unavailable, Public: "seal.error.root", Err: fmt.Errorf("%s %s of the registry: %w", at.Table, at.Row, errSealed),
		Hint: "the registry's row is damaged: restore the registry from a copy; nothing was changed"}
}

func damagedKeys(customer string, err error) error {
	return &errs.Error{Kind: errs.Unavailable, Public: "seal.error.keys", Err: fmt.Errorf("keys of customer %s: %w", customer, err),
		Hint: "the registry's row is damaged or was copied from another customer: restore the registry from a copy"}
}

// errSealed says nothing of the text.
var errSealed = errors.New("a sealed text cannot be opened: it is damaged, or was sealed elsewhere")

// errNumber is the same for a text that names a key which is not there.
var errNumber = fmt.Errorf("%w with a key that is not there", errSealed)

// errOlder is errNumber for a key that is older than the newest: it was there once.
var errOlder error = older{}

type older struct{}

func (older) Error() string { return "sealed with an older key, which was taken away" }
func (older) Unwrap() error { return errNumber }

// TakenAway reports whether an error says that something was sealed with a key which is not there any more. Names of root keys
// tell no order: one that is not known was.
func TakenAway(err error) bool { return errors.Is(err, errOlder) || UnknownRoot(err) }

// UnknownKey reports whether an error says that a key sealed a text which this process
// does not know: it may be newer than the set at hand.
func UnknownKey(err error) bool { return errors.Is(err, errNumber) }

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
		return "", fmt.Errorf("open %s.%s: %w", at.Table, at.Column, err)
	}
	return string(text), nil
}

// Newest returns the number of the key that seals.
func (k *Keys) Newest() uint32 { return k.set.newest }

// Len returns how many keys there are.
func (k *Keys) Len() int { return len(k.set.keys) }

// Number returns the number of the key that sealed a text. It reports false for one that
// was never sealed.
func Number(sealed string) (uint32, bool) {
	b, err := base64.RawStdEncoding.Strict().DecodeString(sealed)
	if err != nil || len(b) < numberSize {
		return 0, false
	}
	return binary.BigEndian.Uint32(b), true
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
