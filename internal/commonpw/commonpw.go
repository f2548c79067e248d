// SPDX-License-Identifier: Apache-2.0

// Package commonpw owns the passwords that many people had: those of at least eight
// characters among the 30,000 most common ones of known breaches, as zxcvbn 4.4.2 counts
// them (Dan Wheeler, Dropbox; MIT licence). It keeps no list of passwords, only the
// beginnings of their hashes: a password is asked for and never told. It refuses to judge
// what is not on the list.
package commonpw

import (
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"sort"
	"strings"
)

// Least is how many characters the shortest password on the list has.
const Least = 8

// list holds the marks of the passwords, in order, four bytes each. The test of this package
// makes it: go test ./internal/commonpw -update
//
//go:embed list.bin
var list string

// markSize is how many bytes of a hash are kept. One password in 370,000 that is not on the
// list has the mark of one that is.
const markSize = 4

// Has reports whether many people had a password, in whatever case.
func Has(password string) bool {
	m := mark(password)
	n := len(list) / markSize
	i := sort.Search(n, func(i int) bool { return at(i) >= m })
	return i < n && at(i) == m
}

func at(i int) uint32 { return binary.BigEndian.Uint32([]byte(list[i*markSize:])) }

// mark is what is kept of a password.
func mark(password string) uint32 {
	sum := sha256.Sum256([]byte("verlof common password\x00" + strings.ToLower(password)))
	return binary.BigEndian.Uint32(sum[:])
}
