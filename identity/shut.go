// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"fmt"
	"strings"

	"verlof/errs"
	"verlof/people"
)

// maxReason is how long the reason for an act on somebody's sign-in may be, in characters.
const maxReason = 300

// EndSessions ends all sessions of a person, in the name of somebody who keeps the
// customer's sign-in, and leaves how the person signs in as it is (ASVS 5.0, 7.4.5). With
// applications it also ends what those were given for when the person is away, and access tokens of
// scripts. It goes on
// record with its reason, and the person gets a mail. It reports as ResetFactors does, and
// Invalid at "reason".
func (s *Service) EndSessions(ctx context.Context, by Session, person people.ID, reason string, applications bool) error {
	reason, err := reasonOf(reason)
	if err == nil {
		err = s.Store.Update(ctx, func(tx Tx) error {
			if _, err := s.manager(tx, by, s.now()); err != nil {
				return err
			}
			if _, err := tx.Person(person); err != nil {
				return err
			}
			return s.shut(tx, by, person, reason, applications)
		})
	}
	if err != nil {
		return fmt.Errorf("end the sessions of %s: %w", person, err)
	}
	return nil
}

// EndAllSessions is EndSessions for everybody, but for the session that asks. One after the
// other: who signs in meanwhile stays. It goes on record once for all, and for each.
func (s *Service) EndAllSessions(ctx context.Context, by Session, reason string, applications bool) error {
	reason, err := reasonOf(reason)
	var all []people.Person
	if err == nil {
		err = s.Store.Update(ctx, func(tx Tx) (err error) {
			now := s.now()
			if _, err := s.manager(tx, by, now); err != nil {
				return err
			}
			if all, err = tx.Persons(); err != nil {
				return err
			}
			return AddRecord(tx, "", RecordSessionsEnded, reason, by.Person, now)
		})
	}
	for i := range all {
		if err == nil {
			err = s.Store.Update(ctx, func(tx Tx) error { return s.shut(tx, by, all[i].ID, reason, applications) })
		}
	}
	if err != nil {
		return fmt.Errorf("end all sessions: %w", err)
	}
	return nil
}

// shut ends the sessions of a person but the one that asks, with applications also what programs were
// given, and says so where there was anything to end.
func (s *Service) shut(tx Tx, by Session, person people.ID, reason string, applications bool) error {
	if err := tx.Lock(lockOf(person)); err != nil {
		return err
	}
	now := s.now()
	n, err := endSessions(tx, person, func(ses Session) bool { return ses.ID != by.ID && now.Before(ses.Expires) })
	if err == nil && applications {
		var away, tokens int
		if away, err = tx.GrantsEnded(person, by.ID); err == nil {
			tokens, err = endTokens(tx, person, by.Person, now)
		}
		n += away + tokens
	}
	if err != nil || n == 0 {
		return err
	}
	if err := AddRecord(tx, person, RecordSessionsEnded, reason, by.Person, now); err != nil {
		return err
	}
	return enqueue(tx, KindSessionsEnded, person, now)
}

func reasonOf(text string) (string, error) {
	switch text = strings.TrimSpace(text); {
	case text == "":
		return "", errs.New(errs.Invalid, "identity.error.reason").At("reason")
	case len([]rune(text)) > maxReason:
		return "", errs.New(errs.Invalid, "people.error.too_long", "count", maxReason).At("reason")
	}
	return text, nil
}
