// SPDX-License-Identifier: Apache-2.0

package provision

import (
	"context"
	"fmt"
	"time"

	"verlof/internal/id"
	"verlof/people"
)

// Entry is a line of what the directory asked and what became of it.
type Entry struct {
	ID      string
	At      time.Time
	Token   string   // name of the token, or of the application
	Method  string   // of HTTP
	Kind    string   // "User", "Group"; empty: neither
	Subject string   // id of a person or a group; empty: of none
	Status  int      // of HTTP
	Code    string   // scimType; empty: none
	Reason  string   // key of the sentence that says why not; empty: Detail does
	Args    []string // name, value, name, value
	Detail  string   // in English
}

// Refused reports whether the request was not done.
func (e *Entry) Refused() bool { return e.Status >= 400 }

// keepEntries is how many lines are kept.
const keepEntries = 500

// Note writes a line, and forgets the oldest.
func (s *Service) Note(ctx context.Context, e Entry) error {
	e.At = s.now()
	e.ID = id.New(e.At)
	err := s.Store.Update(ctx, func(tx Tx) error { return tx.AddDirectoryEntry(e, keepEntries) })
	if err != nil {
		return fmt.Errorf("note a request of the directory: %w", err)
	}
	return nil
}

// State is what those who keep the sign-in see of the directory.
type State struct {
	Users, Detached, Removed int
	Groups                   []Group
	Entries                  []Entry // latest first
}

// State returns it. It reports Forbidden unless by keeps the customer's sign-in.
func (s *Service) State(ctx context.Context, by people.ID, entries int) (st State, err error) {
	err = s.view(ctx, by, people.Viewer.NeedSignInKeeper, func(tx Tx, _ *people.Organisation) error {
		st = State{}
		users, err := tx.DirectoryUsers()
		if err != nil {
			return err
		}
		for _, u := range users {
			switch {
			case u.Removed:
				st.Removed++
			case u.Detached:
				st.Detached++
				st.Users++
			default:
				st.Users++
			}
		}
		if st.Groups, err = tx.DirectoryGroups(); err != nil {
			return err
		}
		sortBy(st.Groups, func(g Group) string { return g.Folded() })
		st.Entries, err = tx.DirectoryEntries(entries)
		return err
	})
	if err != nil {
		return State{}, fmt.Errorf("read the state of the directory: %w", err)
	}
	return st, nil
}

// view runs f in a read transaction of a person who may.
func (s *Service) view(ctx context.Context, by people.ID, may func(people.Viewer) error, f func(Tx, *people.Organisation) error) error {
	return s.Store.View(ctx, func(tx Tx) error {
		org, err := s.organisation(tx)
		if err != nil {
			return err
		}
		v, err := org.Viewer(by)
		if err != nil {
			return err
		}
		if err := may(v); err != nil {
			return err
		}
		return f(tx, org)
	})
}
