// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"strings"
	"testing"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/identity/access"
	"verlof/store/storetest"
)

// TestFeeds: a secret opens the feed that it was made for until that is replaced or revoked, or its person
// is blocked; what is in it is noted when it changes, and a fetch once in an hour.
func TestFeeds(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		ctx, db, now := t.Context(), customer(t, setting, 2, 25), march
		s := programs(db, &now)
		ann, bob := storetest.Worker(0), storetest.Worker(1)
		made, secret, err := s.MakeFeed(ctx, ann, access.FeedWish{Holidays: true})
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.OpenFeed(ctx, secret)
		if err != nil || got.Person != ann || !got.Holidays || got.Team != "" || !got.Used.IsZero() {
			t.Errorf("open: %+v, %v", got, err)
		}
		served := func(content string, after time.Duration) (access.Feed, time.Time) {
			t.Helper()
			now = march.Add(after)
			f, err := s.OpenFeed(ctx, secret)
			if err != nil {
				t.Fatal(err)
			}
			changed, err := s.FeedServed(ctx, f, content)
			if err != nil {
				t.Fatal(err)
			}
			list, err := s.Feeds(ctx, ann)
			if err != nil || len(list) != 1 {
				t.Fatal(list, err)
			}
			return list[0], changed
		}
		for _, c := range []struct {
			content             string
			after, used, change time.Duration
		}{
			{"one", 0, 0, 0},
			{"one", 59 * time.Minute, 0, 0},
			{"one", time.Hour, time.Hour, 0},
			{"two", 61 * time.Minute, 61 * time.Minute, 61 * time.Minute},
		} {
			f, changed := served(c.content, c.after)
			if !f.Used.Equal(march.Add(c.used)) || !changed.Equal(march.Add(c.change)) || !f.Changed.Equal(changed) || f.Content != c.content {
				t.Errorf("%s after %v: used %v, changed %v, %+v", c.content, c.after, f.Used, changed, f)
			}
		}
		none := func(what, secret string) {
			t.Helper()
			if _, err := s.OpenFeed(ctx, secret); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		none("another secret", access.FeedPrefix+strings.Repeat("0", 38))
		none("the digest itself", string(made.Digest))
		if _, err := s.Authenticate(ctx, secret); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("it opens the API: %v", err)
		}
		if err := s.RevokeFeed(ctx, bob, bob, made.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("somebody else revokes: %v", err)
		}
		if err := s.RevokeFeed(ctx, bob, ann, made.ID); !errs.Is(err, errs.Forbidden) {
			t.Errorf("somebody without the right revokes: %v", err)
		}
		if _, err := s.AllFeeds(ctx, bob); !errs.Is(err, errs.Forbidden) {
			t.Errorf("somebody without the right looks: %v", err)
		}
		if _, _, err := s.ReplaceFeed(ctx, bob, made.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("somebody else replaces: %v", err)
		}
		next, fresh, err := s.ReplaceFeed(ctx, ann, made.ID)
		if err != nil || !next.Holidays || fresh == secret {
			t.Fatal(next, err)
		}
		none("a replaced secret", secret)
		setAccount(t, db, ann, identity.Blocked)
		none("a blocked person's feed", fresh)
	})
}

// TestTooManyFeeds: a person has at most so many.
func TestTooManyFeeds(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db, now := customer(t, setting, 1, 25), march
		s := programs(db, &now)
		for range access.MaxFeeds {
			if _, _, err := s.MakeFeed(t.Context(), storetest.Worker(0), access.FeedWish{}); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := s.MakeFeed(t.Context(), storetest.Worker(0), access.FeedWish{}); !errs.Is(err, errs.Conflict) {
			t.Errorf("one more: %v", err)
		}
	})
}
