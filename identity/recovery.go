// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"slices"
	"strings"
	"time"

	"verlof/internal/id"
	"verlof/people"
)

// Recovery is the recovery codes that a person has left. They rest as passwords
// do, for they are shorter than a secret that a plain hash would keep (ASVS 5.0,
// 6.5.2).
type Recovery struct {
	Person people.ID
	Codes  []Hash // with one salt, so that one hash tells; the store seals them
	Made   time.Time
}

const (
	recoveryCodes = 10 // in a set
	recoverySize  = 12 // characters of five bits each
)

// code is what somebody typed for their second factor.
type code struct {
	typed string
	key   []byte // of a recovery code, with the salt of the person's set
}

// recovery reports whether it can only be a recovery code.
func (c code) recovery() bool { return len(c.typed) == recoverySize }

// readCode reads what somebody typed. A recovery code is hashed here, where no
// transaction waits for it.
func (s *Service) readCode(ctx context.Context, person people.ID, typed string) (code, error) {
	c := code{typed: squeeze(typed)}
	if !c.recovery() {
		return c, nil
	}
	var r Recovery
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		r, err = tx.Recovery(person)
		return err
	})
	if err != nil || len(r.Codes) == 0 {
		return c, err
	}
	free, err := s.Hasher.reserve(ctx)
	if err != nil {
		return code{}, err
	}
	defer free()
	p, salt, key, err := parse(r.Codes[0])
	if err != nil {
		return code{}, err
	}
	c.key = s.Hasher.key(p, c.typed, salt, len(key))
	return c, nil
}

// mistakes undoes what people write for letters that codes do not have.
var mistakes = strings.NewReplacer("-", "", "–", "", "o", "0", "i", "1", "l", "1")

// squeeze returns a code without what people put between its parts.
func squeeze(typed string) string {
	return mistakes.Replace(strings.ToLower(strings.Join(strings.Fields(typed), "")))
}

// spendRecovery strikes a recovery code off. It reports Invalid at "code" where the
// person has none like it (any more).
func (s *Service) spendRecovery(tx Tx, person people.ID, c code, now time.Time) error {
	r, err := tx.Recovery(person)
	if err != nil {
		return err
	}
	at := -1
	for i, h := range r.Codes {
		_, _, key, err := parse(h)
		if err != nil {
			return err
		}
		if subtle.ConstantTimeCompare(key, c.key) == 1 {
			at = i
		}
	}
	if at < 0 {
		return wrongCode()
	}
	r.Codes = slices.Delete(slices.Clone(r.Codes), at, at+1)
	if err := tx.SaveRecovery(r); err != nil {
		return err
	}
	if err := AddRecord(tx, person, RecordCodeUsed, "", person, now); err != nil {
		return err
	}
	return enqueue(tx, KindCodeUsed, person, now)
}

// makeCodes returns new recovery codes as they are shown, and as they are kept.
func (s *Service) makeCodes(ctx context.Context) (shown []string, kept []Hash, err error) {
	free, err := s.Hasher.reserve(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer free()
	var salt [saltSize]byte
	rand.Read(salt[:])
	for range recoveryCodes {
		c := id.Token()[:recoverySize]
		shown = append(shown, c[:4]+"-"+c[4:8]+"-"+c[8:])
		kept = append(kept, format(s.Hasher.params, salt[:], s.Hasher.key(s.Hasher.params, c, salt[:], keySize)))
	}
	return shown, kept, nil
}

// NewCodes replaces a person's recovery codes and returns the new ones, which are
// shown this once. It asks for a fresh proof (Stale) and reports Conflict for
// somebody without a second factor.
func (s *Service) NewCodes(ctx context.Context, by Session) ([]string, error) {
	now := s.now()
	err := s.Store.View(ctx, func(tx Tx) error {
		_, err := s.fresh(tx, by.Digest, by.Person, now)
		return err
	})
	var shown []string
	var kept []Hash
	if err == nil {
		shown, kept, err = s.makeCodes(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("make recovery codes of %s: %w", by.Person, err)
	}
	err = s.Store.Update(ctx, func(tx Tx) error {
		factors, err := s.freshFactors(tx, by, now)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(factors, confirmed) {
			return noFactor()
		}
		return saveCodes(tx, by.Person, kept, now)
	})
	if err != nil {
		return nil, fmt.Errorf("make recovery codes of %s: %w", by.Person, err)
	}
	return shown, nil
}

func saveCodes(tx Tx, person people.ID, kept []Hash, now time.Time) error {
	if err := tx.SaveRecovery(Recovery{Person: person, Codes: kept, Made: now}); err != nil {
		return err
	}
	return AddRecord(tx, person, RecordCodesMade, "", person, now)
}
