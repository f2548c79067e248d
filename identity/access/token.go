// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"crypto/rand"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/id"
	"verlof/people"
)

// The bounds of personal access tokens.
const (
	MaxTokens   = 25                   // of one person
	MaxLifetime = 366 * 24 * time.Hour // a year, whichever
	MaxName     = 100                  // characters
	touch       = 5 * time.Minute      // how much Token.Used may lag behind, so that reading is not writing
)

// Token is a personal access token: with it a script does what its person may do,
// within its scopes, until it expires. The database knows it by its digest.
type Token struct {
	ID      string
	Digest  identity.Digest
	Person  people.ID
	Name    string // what the person calls it
	Scopes  []Scope
	Created time.Time
	Expires time.Time
	Used    time.Time // exact to five minutes; zero: never
}

// Wish is what somebody wants of a new token.
type Wish struct {
	Name    string
	Scopes  []Scope
	Expires time.Time
}

// Make makes a token for a person. The secret is returned this once and is not
// kept. It reports Invalid for a wish that cannot be, and Conflict where the person
// has as many tokens as one may have.
func (s *Service) Make(ctx context.Context, person people.ID, w Wish) (t Token, secret string, err error) {
	now := s.now()
	if w, err = w.check(now); err != nil {
		return Token{}, "", err
	}
	secret = newSecret(Prefix)
	t = Token{ID: id.New(now), Digest: identity.DigestOf(secret), Person: person, Name: w.Name, Scopes: w.Scopes,
		Created: now, Expires: w.Expires.UTC().Truncate(time.Microsecond)}
	err = s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.Lock("access:" + string(person)); err != nil {
			return err
		}
		if err := admitted(tx, person); err != nil {
			return err
		}
		if err := tx.ForgetAccess(now, 32); err != nil {
			return err
		}
		have, err := tx.AccessTokens(person)
		if err != nil {
			return err
		}
		if len(have) >= MaxTokens {
			return errs.New(errs.Conflict, "access.error.too_many", "count", MaxTokens)
		}
		if err := tx.InsertAccessToken(t); err != nil {
			return err
		}
		return recordToken(tx, &t, identity.RecordTokenMade, now)
	})
	if err != nil {
		return Token{}, "", fmt.Errorf("make an access token of %s: %w", person, err)
	}
	return t, secret, nil
}

// recordToken writes into the history of a person's sign-in what they did with a token.
func recordToken(tx Tx, t *Token, what string, now time.Time) error {
	return identity.AddRecord(tx, t.Person, what, t.Name, t.Person, now)
}

// check returns the wish as it is kept.
func (w Wish) check(now time.Time) (Wish, error) {
	w, err := w.checkFrame(now)
	if err != nil {
		return w, err
	}
	w.Scopes, err = checkScopes(w.Scopes)
	return w, err
}

// checkFrame checks all but the scopes.
func (w Wish) checkFrame(now time.Time) (Wish, error) {
	w.Name = strings.TrimSpace(w.Name)
	if w.Name == "" || utf8.RuneCountInString(w.Name) > MaxName || strings.ContainsFunc(w.Name, unicode.IsControl) || !utf8.ValidString(w.Name) {
		return w, errs.New(errs.Invalid, "access.error.name", "count", MaxName).At("name")
	}
	if !w.Expires.After(now) || w.Expires.Sub(now) > MaxLifetime {
		return w, errs.New(errs.Invalid, "access.error.expires").At("expires")
	}
	return w, nil
}

// admitted reports Unauthenticated for a person who may not sign in.
func admitted(tx Tx, person people.ID) error {
	p, err := tx.Person(person)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	a, err := tx.Account(person)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	if !a.Admits(p) {
		return errToken
	}
	return nil
}

// errToken says nothing of why: the holder of a token that is none learns nothing.
var errToken = errs.New(errs.Unauthenticated, "access.error.token")

// Authenticate returns the token that a secret is. It reports Unauthenticated for
// a secret that is none of this customer's, that has expired or was revoked, and
// of a person who may no longer sign in. It writes at most once in five minutes.
func (s *Service) Authenticate(ctx context.Context, secret string) (Token, error) {
	if !Genuine(secret) {
		return Token{}, errToken
	}
	now := s.now()
	var t Token
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		t, err = tx.AccessToken(identity.DigestOf(secret))
		if errs.Is(err, errs.NotFound) || err == nil && t.expired(now) {
			return errToken
		}
		if err != nil {
			return err
		}
		return admitted(tx, t.Person)
	})
	if err != nil {
		return Token{}, fmt.Errorf("authenticate a token: %w", err)
	}
	if err := s.noteUse(ctx, &t.Used, now, func(tx Tx) error { return tx.TouchAccessToken(t.Digest, now) }); err != nil {
		return Token{}, fmt.Errorf("touch token %s: %w", t.ID, err)
	}
	return t, nil
}

// noteUse has a token be used now, and writes it down where it was not lately.
func (s *Service) noteUse(ctx context.Context, used *time.Time, now time.Time, save func(Tx) error) error {
	if now.Sub(*used) < touch {
		return nil
	}
	*used = now
	err := s.Store.Update(ctx, save)
	if errs.Is(err, errs.Unavailable) { // a customer that is read-only may still be read
		return nil
	}
	return err
}

func (t Token) expired(now time.Time) bool { return !now.Before(t.Expires) }

// live returns the tokens that have not expired.
func live[T interface{ expired(time.Time) bool }](all []T, now time.Time) []T {
	return slices.DeleteFunc(slices.Clone(all), func(t T) bool { return t.expired(now) })
}

// Tokens returns a person's tokens that have not expired, newest first.
func (s *Service) Tokens(ctx context.Context, person people.ID) ([]Token, error) {
	now := s.now()
	var list []Token
	err := s.Store.View(ctx, func(tx Tx) error {
		all, err := tx.AccessTokens(person)
		list = live(all, now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the access tokens of %s: %w", person, err)
	}
	return list, nil
}

// Revoke ends one token of a person, named by its ID. It reports NotFound where
// the person has none of that name.
func (s *Service) Revoke(ctx context.Context, person people.ID, token string) error {
	err := s.Store.Update(ctx, func(tx Tx) error {
		all, err := tx.AccessTokens(person)
		if err != nil {
			return err
		}
		for _, t := range all {
			if t.ID == token {
				if err := tx.DeleteAccessToken(t.Digest); err != nil {
					return err
				}
				return recordToken(tx, &t, identity.RecordTokenEnded, s.now())
			}
		}
		return errs.New(errs.NotFound, "access.error.no_token")
	})
	if err != nil {
		return fmt.Errorf("revoke an access token of %s: %w", person, err)
	}
	return nil
}

// Prefix begins every personal access token, so that people and scanners know one
// where it lies about.
const Prefix = "vlf_pat_"

const (
	alphabet  = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	secretLen = 32 // characters of 62: 190 bits
	checkLen  = 6  // characters of 62 hold 32 bits
)

// newSecret returns a token: the prefix, 190 random bits, and their checksum.
func newSecret(prefix string) string {
	body := make([]byte, 0, secretLen)
	var b [1]byte
	for len(body) < secretLen {
		rand.Read(b[:])                                   // never fails
		if b[0] < byte(256/len(alphabet)*len(alphabet)) { // so that each character is as likely
			body = append(body, alphabet[int(b[0])%len(alphabet)])
		}
	}
	return prefix + string(body) + checksum(string(body))
}

// checksum returns the CRC-32 of a token's random part, in six characters.
func checksum(body string) string {
	sum := crc32.ChecksumIEEE([]byte(body))
	out := make([]byte, checkLen)
	for i := checkLen - 1; i >= 0; i-- {
		out[i] = alphabet[sum%uint32(len(alphabet))]
		sum /= uint32(len(alphabet))
	}
	return string(out)
}

// Genuine reports whether a text is made as our tokens are, which says nothing of
// whether it opens anything. It needs no database.
func Genuine(secret string) bool { return genuine(Prefix, secret) }

func genuine(prefix, secret string) bool {
	rest, ok := strings.CutPrefix(secret, prefix)
	if !ok || len(rest) != secretLen+checkLen {
		return false
	}
	return checksum(rest[:secretLen]) == rest[secretLen:]
}
