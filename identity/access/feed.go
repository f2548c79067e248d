// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"fmt"
	"slices"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/gate"
	"verlof/internal/id"
	"verlof/people"
)

// FeedPrefix begins the secret of every calendar feed.
const FeedPrefix = "vlf_cal_"

// The bounds of calendar feeds.
const (
	MaxFeeds  = 20        // of one person
	feedTouch = time.Hour // how much Feed.Used may lag behind
)

// feedLimit is how often one feed may be fetched: apps do it once in an hour or a quarter.
var feedLimit = gate.Limit{Burst: 30, Every: time.Minute}

// Feed is a calendar that an app fetches by a secret address. It shows leave as its person may
// see it at that moment, and lets nobody do anything. The database knows the secret by its digest.
type Feed struct {
	FeedWish
	ID      string
	Digest  identity.Digest
	Person  people.ID
	Created time.Time
	Used    time.Time // exact to an hour; zero: never
	Content string    // fingerprint of what was in it last
	Changed time.Time // since when that is so; zero: it was never fetched
}

// FeedWish is what is to be in a feed.
type FeedWish struct {
	Team     string // leave of the members of this team; empty: the person's own
	Holidays bool   // the public holidays of where the person works, beside their own leave
}

// errNoFeed says nothing of why: whoever has an address that opens nothing learns nothing.
var errNoFeed = errs.New(errs.NotFound, "access.error.no_feed")

// MakeFeed makes a feed for a person. The secret is returned this once and is not kept. It reports
// Forbidden where the customer lets the person have none, Invalid at "team" for one that they may
// not see, and Conflict where they have as many as one may have.
func (s *Service) MakeFeed(ctx context.Context, person people.ID, w FeedWish) (f Feed, secret string, err error) {
	if w.Team != "" {
		w.Holidays = false
	}
	err = s.Store.Update(ctx, func(tx Tx) error {
		who, err := feedKeeper(tx, person)
		if err != nil {
			return err
		}
		have, err := tx.FeedsOf(person)
		if err != nil {
			return err
		}
		if len(have) >= MaxFeeds {
			return errs.New(errs.Conflict, "access.error.too_many_feeds", "count", MaxFeeds)
		}
		if !who.mayHave(w) {
			return errs.New(errs.Invalid, "access.error.feed_team").At("team")
		}
		f, secret, err = s.addFeed(tx, who, w)
		return err
	})
	if err != nil {
		return Feed{}, "", fmt.Errorf("make a feed of %s: %w", person, err)
	}
	return f, secret, nil
}

// ReplaceFeed gives a feed of a person a new address; the old one opens nothing from that moment.
// It reports NotFound where the person has none of that name, and Forbidden as MakeFeed does.
func (s *Service) ReplaceFeed(ctx context.Context, person people.ID, feed string) (f Feed, secret string, err error) {
	err = s.Store.Update(ctx, func(tx Tx) error {
		who, err := feedKeeper(tx, person)
		if err != nil {
			return err
		}
		old, err := s.endFeed(tx, person, feed, person)
		if err != nil {
			return err
		}
		f, secret, err = s.addFeed(tx, who, old.FeedWish)
		return err
	})
	if err != nil {
		return Feed{}, "", fmt.Errorf("replace feed %s: %w", feed, err)
	}
	return f, secret, nil
}

// subscriber is a person with what decides on their feeds.
type subscriber struct {
	people.Viewer
	teams   []people.Team
	allowed bool // the customer lets them have feeds
}

// feedKeeper locks the feeds of a person and returns them, if they may keep feeds.
func feedKeeper(tx Tx, person people.ID) (subscriber, error) {
	if err := tx.Lock("feeds:" + string(person)); err != nil {
		return subscriber{}, err
	}
	who, err := subscriberOf(tx, person)
	if err == nil && !who.allowed {
		err = errs.New(errs.Forbidden, "access.error.feeds_off")
	}
	return who, err
}

// subscriberOf reports Unauthenticated for a person who may not sign in.
func subscriberOf(tx Tx, person people.ID) (subscriber, error) {
	if err := admitted(tx, person); err != nil {
		return subscriber{}, err
	}
	p, err := tx.Person(person)
	if err != nil {
		return subscriber{}, err
	}
	teams, err := tx.Teams()
	if err != nil {
		return subscriber{}, err
	}
	roles, err := tx.CustomRoles()
	if err != nil {
		return subscriber{}, err
	}
	policy, err := tx.SignInPolicy()
	viewer := people.NewViewer(p, teams, roles...)
	return subscriber{viewer, teams, policy.AllowsFeeds(p, viewer.IsManager())}, err
}

// mayHave reports whether what is wished for is the subscriber's to see.
func (s *subscriber) mayHave(w FeedWish) bool {
	is := func(t people.Team) bool { return t.ID == w.Team }
	return w.Team == "" || s.MaySeeTeam(w.Team) && slices.ContainsFunc(s.teams, is)
}

func (s *Service) addFeed(tx Tx, who subscriber, w FeedWish) (Feed, string, error) {
	now, secret := s.now(), newSecret(FeedPrefix)
	f := Feed{FeedWish: w, ID: id.New(now), Digest: identity.DigestOf(secret), Person: who.ID, Created: now}
	if err := tx.InsertFeed(f); err != nil {
		return Feed{}, "", err
	}
	return f, secret, recordFeed(tx, &f, identity.RecordFeedMade, identity.RecordTeamFeedMade, who.ID, now)
}

// recordFeed writes into the history of a person's sign-in what became of a feed: own of one of
// their own leave, of a team's otherwise.
func recordFeed(tx Tx, f *Feed, own, team string, by people.ID, now time.Time) error {
	r := identity.Record{ID: id.New(now), Person: f.Person, What: own, By: by, At: now}
	if f.Team != "" {
		teams, err := tx.Teams()
		if err != nil {
			return err
		}
		r.What = team
		for _, t := range teams {
			if t.ID == f.Team {
				r.Note = t.Name
			}
		}
	}
	return tx.AddSignInRecord(r)
}

// MayHaveFeeds reports whether the customer lets a person have feeds.
func (s *Service) MayHaveFeeds(ctx context.Context, person people.ID) (may bool, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		who, err := subscriberOf(tx, person)
		may = who.allowed
		return err
	})
	if err != nil {
		return false, fmt.Errorf("feeds of %s: %w", person, err)
	}
	return may, nil
}

// Feeds returns the feeds of a person, newest first.
func (s *Service) Feeds(ctx context.Context, person people.ID) (list []Feed, err error) {
	err = s.Store.View(ctx, func(tx Tx) (err error) {
		list, err = tx.FeedsOf(person)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the feeds of %s: %w", person, err)
	}
	return list, nil
}

// AllFeeds returns everybody's feeds, newest first. It reports Forbidden for those who may not
// see how people sign in.
func (s *Service) AllFeeds(ctx context.Context, by people.ID) (list []Feed, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		if err := identity.NeedSeeSignIn(tx, by); err != nil {
			return err
		}
		list, err = tx.Feeds()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list all feeds: %w", err)
	}
	return list, nil
}

// RevokeFeed ends a feed, named by its ID: from that moment its address opens nothing. It reports
// NotFound where the person has none of that name, and Forbidden unless by is the person or keeps
// the customer's sign-in.
func (s *Service) RevokeFeed(ctx context.Context, by, person people.ID, feed string) error {
	err := s.Store.Update(ctx, func(tx Tx) error {
		if by != person {
			if _, err := people.SignInKeeper(tx, by); err != nil {
				return err
			}
		}
		_, err := s.endFeed(tx, person, feed, by)
		return err
	})
	if err != nil {
		return fmt.Errorf("revoke feed %s: %w", feed, err)
	}
	return nil
}

func (s *Service) endFeed(tx Tx, person people.ID, feed string, by people.ID) (Feed, error) {
	all, err := tx.FeedsOf(person)
	if err != nil {
		return Feed{}, err
	}
	for _, f := range all {
		if f.ID == feed {
			if err := tx.DeleteFeed(f.Digest); err != nil {
				return Feed{}, err
			}
			return f, recordFeed(tx, &f, identity.RecordFeedEnded, identity.RecordTeamFeedEnded, by, s.now())
		}
	}
	return Feed{}, errNoFeed
}

// OpenFeed returns the feed that a secret opens. It reports NotFound for a secret that opens none:
// it never did, was replaced or revoked, its person may not sign in any more or may have no
// feeds, or may not see the team any more. It reports TooMany where it was fetched too often.
func (s *Service) OpenFeed(ctx context.Context, secret string) (f Feed, err error) {
	if !genuine(FeedPrefix, secret) {
		return Feed{}, errNoFeed
	}
	err = s.Store.View(ctx, func(tx Tx) error {
		if f, err = tx.Feed(identity.DigestOf(secret)); errs.Is(err, errs.NotFound) {
			return errNoFeed
		}
		if err != nil {
			return err
		}
		who, err := subscriberOf(tx, f.Person)
		if errs.Is(err, errs.Unauthenticated) || err == nil && (!who.allowed || !who.mayHave(f.FeedWish)) {
			return errNoFeed
		}
		return err
	})
	if err != nil {
		return Feed{}, fmt.Errorf("open a feed: %w", err)
	}
	if _, _, wait := s.fetches.Take(feedLimit, f.ID, s.now()); wait > 0 {
		return Feed{}, errs.New(errs.TooMany, "access.error.feed_wait").Because(identity.Delay(wait))
	}
	return f, nil
}

// FeedServed notes what is in a feed now, by a fingerprint, and that it was fetched. It returns
// since when that is in it. It writes where there is something else in it than the last time,
// and else at most once in an hour.
func (s *Service) FeedServed(ctx context.Context, f Feed, content string) (changed time.Time, err error) {
	now := s.now()
	if f.Content == content && now.Sub(f.Used) < feedTouch {
		return f.Changed, nil
	}
	if f.Content != content {
		f.Content, f.Changed = content, now
	}
	err = s.Store.Update(ctx, func(tx Tx) error { return tx.TouchFeed(f.Digest, now, f.Content, f.Changed) })
	if err != nil && !errs.Is(err, errs.Unavailable) { // a customer that is read-only may still be read
		return time.Time{}, fmt.Errorf("note that feed %s was fetched: %w", f.ID, err)
	}
	return f.Changed, nil
}
