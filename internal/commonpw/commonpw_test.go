// SPDX-License-Identifier: Apache-2.0

package commonpw

import (
	"encoding/binary"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"verlof/internal/browsertest"
)

var update = flag.Bool("update", false, "make list.bin anew")

// source returns the passwords that zxcvbn counts, most common first.
func source(t *testing.T) []string {
	t.Helper()
	dir, err := browsertest.Npm("testdata", "zxcvbn")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "lib", "frequency_lists.js"))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^ *passwords: "([^"]+)"`).FindSubmatch(text)
	if found == nil {
		t.Fatal("the list is not where it was")
	}
	return strings.Split(string(found[1]), ",")
}

// TestList: what is kept is made of the list as it is pinned, and every password of it is
// known, in whatever case.
func TestList(t *testing.T) {
	var marks []uint32
	long := 0
	for _, p := range source(t) {
		if utf8.RuneCountInString(p) < Least {
			continue
		}
		long++
		marks = append(marks, mark(p))
		if !*update && (!Has(p) || !Has(strings.ToUpper(p))) {
			t.Errorf("%q is not known", p)
		}
	}
	if long < 10_000 {
		t.Fatalf("the list has %d passwords", long)
	}
	slices.Sort(marks)
	var made []byte
	for _, m := range slices.Compact(marks) {
		made = binary.BigEndian.AppendUint32(made, m)
	}
	if *update {
		if err := os.WriteFile("list.bin", made, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(made) != list {
		t.Error("list.bin is not what is made of the list: go test ./internal/commonpw -update")
	}
}

// TestHas: what nobody had is not taken for what many had.
func TestHas(t *testing.T) {
	for _, p := range []string{"", "samantha midnight", "vier lepels in de tuin", "ключ лежит", "x7#kQ9!m"} {
		if Has(p) {
			t.Errorf("%q is taken for a common one", p)
		}
	}
}
