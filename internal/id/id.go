// SPDX-License-Identifier: Apache-2.0

// Package id owns random identifiers: sortable ids for rows and secrets for
// links and sessions, both in Crockford's base 32, lower-case, so that they may
// be read aloud and never spell a word by accident. It refuses meaning: nothing
// but the order of creation can be read from an id. It uses no library, because
// UUID version 7 takes the time from the clock and not from an argument.
package id

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"time"
)

var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// New returns 26 characters for 128 bits: 56 bits of microseconds since 1970,
// then 72 random ones. Ids of different microseconds sort by time. An id may be
// shown to anybody; it is no secret.
func New(now time.Time) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(now.UnixMicro())<<8)
	rand.Read(b[7:]) // never fails: crypto/rand.Read ends the program instead
	return crockford.EncodeToString(b[:])
}

// Is reports whether s reads as New writes it.
func Is(s string) bool {
	b, err := crockford.DecodeString(s)
	return err == nil && len(b) == 16
}

// Token returns 52 characters for 256 random bits: a secret for a link or a
// session. Store its hash, never the token.
func Token() string {
	var b [32]byte
	rand.Read(b[:])
	return crockford.EncodeToString(b[:])
}

// Short returns five characters that can be read aloud: enough to find one line in
// a log, and too few to name anything for long.
func Short() string {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	var b [5]byte
	rand.Read(b[:])
	for i := range b {
		b[i] = alphabet[b[i]%32]
	}
	return string(b[:])
}
