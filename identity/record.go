// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"fmt"
	"time"

	"verlof/internal/id"
	"verlof/people"
)

// Record is a line of the history of somebody's sign-in, or of the policy.
type Record struct {
	ID     string
	Person people.ID // whose; empty: the policy's
	What   string
	Note   string    // such as the name of a passkey
	By     people.ID // empty: an operator
	At     time.Time
}

// What a record tells of: keys of sentences below "identity.record.".
const (
	RecordPassword       = "password"
	RecordAppAdded       = "app_added"
	RecordAppRemoved     = "app_removed"
	RecordPasskeyAdded   = "passkey_added"
	RecordPasskeyRemoved = "passkey_removed"
	RecordCodesMade      = "codes_made"
	RecordCodeUsed       = "code_used"
	RecordReset          = "factors_reset"
	RecordSessionsEnded  = "sessions_ended" // by somebody who keeps sign-in; of everybody where no person is named
	RecordFeedMade       = "feed_made"      // a calendar feed of the person's own leave
	RecordFeedEnded      = "feed_ended"
	RecordTeamFeedMade   = "team_feed_made" // the note is the team's name
	RecordTeamFeedEnded  = "team_feed_ended"
	RecordTokenMade      = "token_made" // the note is what it is called
	RecordTokenEnded     = "token_ended"
	RecordPolicy         = "policy"        // the note is what it says: RecordedPolicy reads it
	RecordProvider       = "provider"      // one was added or changed
	RecordProviderGone   = "provider_gone" // one was removed
	RecordUnlinked       = "unlinked"
	RecordLinked         = "linked" // the person signed in with one for the first time

	RecordServiceTokenMade  = "service_token_made" // the note is what it is called
	RecordServiceTokenEnded = "service_token_ended"
)

// told is how many lines History tells.
const told = 25

// History returns what was changed in how somebody signs in, or, where nobody is named, in how
// everybody does: newest first, the latest alone. It reports Forbidden for those who may not see how
// people sign in.
func (s *Service) History(ctx context.Context, by, of people.ID) (lines []Record, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		if err := NeedSeeSignIn(tx, by); err != nil {
			return err
		}
		lines, err = tx.SignInRecords(of, told)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("history of the sign-in of %q: %w", of, err)
	}
	return lines, nil
}

// recorder is the part of a Tx that keeps the history.
type recorder interface{ AddSignInRecord(r Record) error }

// AddRecord writes a line into the history of a person's sign-in, or of everybody's where no person is named.
func AddRecord(tx recorder, person people.ID, what, note string, by people.ID, now time.Time) error {
	return tx.AddSignInRecord(Record{ID: id.New(now), Person: person, What: what, Note: note, By: by, At: now})
}
