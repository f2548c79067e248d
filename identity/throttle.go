// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"math"
	"net/netip"
	"time"

	"verlof/errs"
)

// The brakes: doc.go says why these.
var (
	perPair    = backoff{free: 5, first: 30 * time.Second, most: time.Hour, forget: 24 * time.Hour}
	perNetwork = bucket{burst: 100, every: time.Minute}
	perAddress = bucket{burst: 20, every: 15 * time.Minute}
	perCrowd   = bucket{burst: 100, every: 2 * time.Second}

	perQuestion = bucket{burst: 300, every: 2 * time.Second} // to passkeys, from one network

	resetNetwork = bucket{burst: 10, every: 6 * time.Minute}
	resetAddress = bucket{burst: 3, every: 20 * time.Minute}
)

// brake is a rule that slows attempts down. A zero or expired Tally is a clean
// sheet.
type brake interface {
	wait(t Tally, now time.Time) time.Duration // until the next attempt is heard; 0: now
	charge(t Tally, now time.Time) Tally
	pardon(t Tally, now time.Time) Tally // takes back a charge; expired: nothing is left
}

// backoff lets some attempts fail, then doubles the wait with each.
type backoff struct {
	free        int
	first, most time.Duration
	forget      time.Duration // after that long without an attempt
}

func (b backoff) wait(t Tally, now time.Time) time.Duration {
	if t.Failures < b.free || !now.Before(t.Expires) {
		return 0
	}
	doublings := min(t.Failures-b.free, 20)
	delay := min(b.first<<doublings, b.most)
	return max(0, t.Last.Add(delay).Sub(now))
}

func (b backoff) charge(t Tally, now time.Time) Tally {
	if !now.Before(t.Expires) {
		t.Failures = 0
	}
	return Tally{Key: t.Key, Failures: t.Failures + 1, Last: now, Expires: now.Add(b.forget)}
}

func (b backoff) pardon(t Tally, now time.Time) Tally { return Tally{Key: t.Key} }

// bucket lets burst attempts fail at once and then one in every. Expires is when
// the bucket is empty again, which is all it needs to know.
type bucket struct {
	burst int
	every time.Duration
}

func (b bucket) wait(t Tally, now time.Time) time.Duration {
	if !now.Before(t.Expires) {
		return 0
	}
	return max(0, t.Expires.Sub(now)-time.Duration(b.burst-1)*b.every)
}

func (b bucket) charge(t Tally, now time.Time) Tally {
	if !now.Before(t.Expires) {
		t.Failures, t.Expires = 0, now
	}
	return Tally{Key: t.Key, Failures: t.Failures + 1, Last: now, Expires: t.Expires.Add(b.every)}
}

func (b bucket) pardon(t Tally, now time.Time) Tally {
	t.Expires = t.Expires.Add(-b.every)
	t.Failures = max(0, t.Failures-1)
	return t
}

// gate is one place where an attempt pays.
type gate struct {
	key   string
	brake brake
	sure  bool // its tallies are few: kept even when all others are too many
}

// crowd is where strangers pay when there are too many tallies.
var crowd = gate{key: "crowd", brake: perCrowd, sure: true}

func pairGate(address string, n netip.Prefix) gate {
	return gate{key: tallyKey("pair", address, n.String()), brake: perPair}
}
func networkGate(n netip.Prefix) gate {
	return gate{key: tallyKey("network", n.String()), brake: perNetwork}
}
func addressGate(address string) gate {
	return gate{key: tallyKey("address", address), brake: perAddress}
}
func deviceGate(d Digest) gate {
	return gate{key: tallyKey("device", string(d)), brake: perPair, sure: true}
}

// tallyKey hides who is meant: what a stranger typed is nobody's business.
func tallyKey(kind string, of ...string) string {
	h := sha256.New()
	for _, s := range of {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	return kind + ":" + base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:16])
}

// admit reports TooMany, with a Delay, when an attempt has to wait at a gate.
func admit(tx Tx, gates []gate, now time.Time) error {
	var wait time.Duration
	for _, g := range gates {
		t, err := tx.Tally(g.key)
		if err != nil {
			return err
		}
		wait = max(wait, g.brake.wait(t, now))
	}
	if wait == 0 {
		return nil
	}
	return tooSoon(wait)
}

// pay lets an attempt through and charges it, or reports TooMany.
func (s *Service) pay(tx Tx, gates []gate, now time.Time) error {
	if err := lock(tx, gates); err != nil {
		return err
	}
	if err := admit(tx, gates, now); err != nil {
		return err
	}
	return s.charge(tx, gates, now)
}

// charge makes an attempt pay at all gates. It tidies up a little each time, so
// that nothing depends on a clock.
func (s *Service) charge(tx Tx, gates []gate, now time.Time) error {
	if err := tx.Forget(now, 32); err != nil {
		return err
	}
	n, err := tx.CountTallies()
	if err != nil {
		return err
	}
	for _, g := range gates {
		t, err := tx.Tally(g.key)
		if err != nil {
			return err
		}
		if !s.keeps(g, t, n) {
			continue
		}
		t.Key = g.key
		if err := tx.SaveTally(g.brake.charge(t, now)); err != nil {
			return err
		}
	}
	return nil
}

// keeps reports whether a charge at g is written where there are n tallies.
func (s *Service) keeps(g gate, t Tally, n int) bool {
	full := n >= s.Limits.Tallies
	if g.key == crowd.key {
		return full
	}
	return g.sure || !full || t.Key != ""
}

// pardon takes back what an attempt paid.
func pardon(tx Tx, gates []gate, now time.Time) error {
	for _, g := range gates {
		t, err := tx.Tally(g.key)
		if err != nil {
			return err
		}
		if t.Key == "" {
			continue
		}
		t = g.brake.pardon(t, now)
		if t.Expires.After(now) {
			err = tx.SaveTally(t)
		} else {
			err = tx.DeleteTally(t.Key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// lock takes the locks of gates and more.
func lock(tx Tx, gates []gate, more ...string) error {
	for _, g := range gates {
		more = append(more, g.key)
	}
	return tx.Lock(more...)
}

// Delay is the cause in an error of kind TooMany: how long to wait.
type Delay time.Duration

func (d Delay) Error() string { return "wait " + time.Duration(d).String() }

// RetryAfter returns the seconds that err asks to wait, for the header of that
// name (RFC 9110, section 10.2.3); 0 when it does not ask.
func RetryAfter(err error) int {
	var d Delay
	if !errors.As(err, &d) {
		return 0
	}
	return int(math.Ceil(time.Duration(d).Seconds()))
}

func tooSoon(wait time.Duration) error {
	e := errs.New(errs.TooMany, "identity.error.wait_minutes", "count", int(math.Ceil(wait.Minutes())))
	if wait <= time.Minute {
		e = errs.New(errs.TooMany, "identity.error.wait_seconds", "count", int(math.Ceil(wait.Seconds())))
	}
	return e.Because(Delay(wait))
}
