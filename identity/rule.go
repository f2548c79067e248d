// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"verlof/errs"
	"verlof/internal/commonpw"
	"verlof/internal/order"
	"verlof/people"
)

// The lengths of a password. NIST SP 800-63B-4, section 3.1.1.2, asks for 15
// characters where the password is the only factor and for room for at least 64;
// it forbids rules of composition and asks for a list of what is refused.
const (
	MinPassword = 15  // characters, where the password is the only factor
	MinBeside   = 8   // characters, beside a second factor
	MaxPassword = 256 // bytes
)

// LeastPassword returns how many characters a person's password must have at
// least: see MinPassword.
func (s *Service) LeastPassword(ctx context.Context, person people.ID) (n int, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		p, err := tx.Person(person)
		if err != nil {
			return err
		}
		n, err = least(tx, p)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("least password of %s: %w", person, err)
	}
	return n, nil
}

// least returns how long p's password must be: it may be short for whom a second
// factor stands beside it, or must before they are let in.
func least(tx Tx, p people.Person) (int, error) {
	factors, err := tx.Factors(p.ID)
	if err != nil {
		return 0, err
	}
	beside := slices.ContainsFunc(factors, confirmed)
	if !beside {
		level, err := Demanded(tx, p)
		if err != nil {
			return 0, err
		}
		beside = level > OneFactor
	}
	if beside {
		return MinBeside, nil
	}
	return MinPassword, nil
}

// short reports whether a password may not stand alone.
func short(password string) bool {
	return utf8.RuneCountInString(norm.NFKC.String(password)) < MinPassword
}

// enough is how much must be left of a password without common and personal
// words, in turns: see turns.
const enough = 6

// CheckPassword reports Invalid, at "password", when p may not take a password:
// it has fewer than least characters or is too long, holds control characters, is one that many
// had (package commonpw), or is little more than words that a guesser tries first, or than p's own names and addresses and those
// of product and customer. Nothing else matters: no digit, no sign is demanded.
func (s *Service) CheckPassword(password string, p people.Person, least int) error {
	refuse := func(e *errs.Error) error { return e.At("password") }
	password = norm.NFKC.String(password)
	switch {
	case !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl):
		return refuse(errs.New(errs.Invalid, "identity.error.password.characters"))
	case utf8.RuneCountInString(password) < least:
		return refuse(errs.New(errs.Invalid, "identity.error.password.short", "min", least))
	case len(password) > MaxPassword:
		return refuse(errs.New(errs.Invalid, "identity.error.password.long"))
	case commonpw.Has(password) || left(password, common) < enough:
		return refuse(errs.New(errs.Invalid, "identity.error.password.common"))
	case left(password, slices.Concat(common, s.personal(p))) < enough:
		return refuse(errs.New(errs.Invalid, "identity.error.password.personal"))
	}
	return nil
}

//go:embed common.txt
var commonText string

// common are the words that passwords are built from when they must be long.
var common = func() (words []string) {
	for line := range strings.Lines(commonText) {
		if w := strings.TrimSpace(line); w != "" && w[0] != '#' {
			words = append(words, w)
		}
	}
	for year := 1940; year < 2100; year++ {
		words = append(words, strconv.Itoa(year))
	}
	return words
}()

// personal returns the words that somebody who knows p tries first.
func (s *Service) personal(p people.Person) []string {
	words := append([]string{p.Email, p.GivenName + p.FamilyName, p.FamilyName + p.GivenName}, s.Words...)
	for _, name := range append([]string{p.Email, p.GivenName, p.FamilyName, p.Number}, s.Words...) {
		words = append(words, strings.FieldsFunc(name, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r)
		})...)
	}
	return words
}

// left returns how many turns a password has without words, as it is typed or with
// the usual signs for letters undone, whichever is less.
func left(password string, words []string) int {
	return min(turns(password, words, plain), turns(password, words, unleet))
}

// turns cuts words out of a password and counts what is left: each pair of
// neighbours once, and only where the second is not the first again or the next in
// a row, up or down. "1234567" has one turn, "xk7xk7xk7" four.
func turns(password string, words []string, fold func(string) string) int {
	rest := fold(password)
	for _, w := range folded(words, fold) {
		rest = strings.ReplaceAll(rest, w, "\x00")
	}
	seen := map[[2]rune]bool{}
	last := rune(0)
	for _, r := range rest {
		if step := r - last; r != 0 && (step < -1 || step > 1) {
			seen[[2]rune{last, r}] = true
		}
		last = r
	}
	return len(seen)
}

// folded returns the words of at least three characters in one form, the longest
// first, so that no word hides a longer one.
func folded(words []string, fold func(string) string) []string {
	var all []string
	for _, w := range words {
		if w = fold(w); utf8.RuneCountInString(w) >= 3 {
			all = append(all, w)
		}
	}
	order.By(all, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	return slices.Compact(all)
}

var (
	gaps  = strings.NewReplacer(" ", "", "-", "", "_", "", ".", "")
	signs = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i", "€", "e")
)

func plain(s string) string  { return gaps.Replace(strings.ToLower(norm.NFKC.String(s))) }
func unleet(s string) string { return signs.Replace(plain(s)) }
