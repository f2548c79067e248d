// SPDX-License-Identifier: Apache-2.0

package identitytest

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"verlof/errs"
	"verlof/identity"
	"verlof/people"
)

// Contract is what every identity.Store keeps. open returns an empty one that
// knows the persons "ana" and "ben", with the addresses ana@example.com and
// ben@example.com.
func Contract(t *testing.T, open func(t *testing.T) identity.Store) {
	for name, check := range map[string]func(*testing.T, identity.Store){
		"person": checkPerson, "account": checkAccount, "session": checkSession, "sessions": checkSessions,
		"device": checkDevice, "ticket": checkTicket, "tally": checkTally, "forget": checkForget,
		"factor": checkFactor, "recovery": checkRecovery, "ceremony": checkCeremony, "policy": checkPolicy, "record": checkRecord,
		"rollback": checkRollback, "lock": checkLock,
	} {
		t.Run(name, func(t *testing.T) { check(t, open(t)) })
	}
}

var noon = time.Date(2026, 3, 3, 12, 0, 0, 123_000, time.UTC)

func update(t *testing.T, s identity.Store, f func(identity.Tx) error) {
	t.Helper()
	if err := s.Update(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

// same compares what a read returned with what was written.
func same[T any](t *testing.T, what string, want T, got T, err error) {
	t.Helper()
	opts := cmp.Options{cmpopts.EquateComparable(netip.Addr{}, netip.Prefix{}), cmpopts.EquateEmpty()}
	if d := cmp.Diff(want, got, opts); err != nil || d != "" {
		t.Errorf("%s: %v (-want +got)\n%s", what, err, d)
	}
}

func absent(t *testing.T, what string, err error) {
	t.Helper()
	if !errs.Is(err, errs.NotFound) {
		t.Errorf("%s: got %v, want NotFound", what, err)
	}
}

func checkPerson(t *testing.T, s identity.Store) {
	update(t, s, func(tx identity.Tx) error {
		p, err := tx.PersonByEmail("ana@example.com")
		same(t, "ana by address", "ana", p.ID, err)
		p, err = tx.Person("ben")
		same(t, "ben", "ben@example.com", p.Email, err)
		_, err = tx.Person("nobody")
		absent(t, "person nobody", err)
		_, err = tx.Person("")
		absent(t, "person without id", err)
		_, err = tx.PersonByEmail("nobody@example.com")
		absent(t, "address of nobody", err)
		_, err = tx.PersonByEmail("")
		absent(t, "empty address", err)
		return nil
	})
}

func checkAccount(t *testing.T, s identity.Store) {
	a := identity.Account{Person: "ana", State: identity.Invited, ChangedAt: noon}
	update(t, s, func(tx identity.Tx) error {
		_, err := tx.Account("ana")
		absent(t, "account before", err)
		return tx.SaveAccount(a)
	})
	update(t, s, func(tx identity.Tx) error {
		got, err := tx.Account("ana")
		same(t, "account", a, got, err)
		a.State, a.Password, a.Short, a.ChangedAt = identity.Open, "$argon2id$...", true, noon.Add(time.Hour)
		return tx.SaveAccount(a)
	})
	update(t, s, func(tx identity.Tx) error {
		got, err := tx.Account("ana")
		same(t, "account after", a, got, err)
		_, err = tx.Account("ben")
		absent(t, "account of another", err)
		states, err := tx.States()
		same(t, "states", map[people.ID]identity.State{"ana": identity.Open}, states, err)
		return nil
	})
}

func session(id string, p people.ID, created time.Time) identity.Session {
	return identity.Session{
		ID: id, Digest: identity.DigestOf(id), Person: p,
		From: netip.MustParseAddr("2001:db8::7"), Agent: "Firefox ☂ 'quoted'",
		Created: created, Seen: created, Expires: created.Add(8 * time.Hour),
		Stage: identity.SignedIn, Means: identity.ByApp, Proven: created.Add(time.Second),
	}
}

func checkSession(t *testing.T, s identity.Store) {
	a := session("a", "ana", noon)
	update(t, s, func(tx identity.Tx) error {
		_, err := tx.Session(a.Digest)
		absent(t, "session before", err)
		return tx.InsertSession(a)
	})
	update(t, s, func(tx identity.Tx) error {
		got, err := tx.Session(a.Digest)
		same(t, "session", a, got, err)
		a.Seen, a.Expires = noon.Add(time.Hour), noon.Add(9*time.Hour)
		return tx.TouchSession(a.Digest, a.Seen, a.Expires)
	})
	update(t, s, func(tx identity.Tx) error {
		got, err := tx.Session(a.Digest)
		same(t, "session touched", a, got, err)
		return errors.Join(tx.DeleteSession(a.Digest), tx.DeleteSession(a.Digest))
	})
	update(t, s, func(tx identity.Tx) error {
		if err := tx.TouchSession(a.Digest, noon, noon.Add(time.Hour)); err != nil {
			t.Errorf("touch a session that is gone: %v", err)
		}
		_, err := tx.Session(a.Digest)
		absent(t, "session that is gone, after a touch", err)
		return nil
	})
}

func checkSessions(t *testing.T, s identity.Store) {
	nowhere := session("nowhere", "ana", noon.Add(2*time.Hour))
	nowhere.From, nowhere.Stage, nowhere.Proven = netip.Addr{}, identity.SecondStep, time.Time{}
	want := []identity.Session{nowhere, session("new", "ana", noon.Add(time.Hour)), session("old", "ana", noon)}
	update(t, s, func(tx identity.Tx) error {
		return errors.Join(tx.InsertSession(want[2]), tx.InsertSession(want[0]), tx.InsertSession(want[1]),
			tx.InsertSession(session("ben", "ben", noon)))
	})
	update(t, s, func(tx identity.Tx) error {
		got, err := tx.Sessions("ana")
		same(t, "sessions, newest first", want, got, err)
		got, err = tx.Sessions("nobody")
		same(t, "sessions of nobody", nil, got, err)
		return nil
	})
}

func device(name string, used time.Time) identity.Device {
	return identity.Device{
		Digest: identity.DigestOf(name), Person: "ana", Network: netip.MustParsePrefix("192.0.2.7/32"),
		Used: used, Expires: used.Add(24 * time.Hour), Agent: "Firefox", Trusted: used.Add(time.Hour),
	}
}

func checkDevice(t *testing.T, s identity.Store) {
	old, recent := device("old", noon), device("recent", noon.Add(time.Hour))
	recent.Network, recent.Trusted = netip.Prefix{}, time.Time{}
	unused := device("unused", noon)
	unused.Used = time.Time{}
	update(t, s, func(tx identity.Tx) error {
		return errors.Join(tx.SaveDevice(old), tx.SaveDevice(unused), tx.SaveDevice(recent))
	})
	update(t, s, func(tx identity.Tx) error {
		got, err := tx.Devices("ana")
		same(t, "devices, last used first", []identity.Device{recent, old, unused}, got, err)
		got, err = tx.Devices("")
		same(t, "devices of nobody", nil, got, err)
		old.Used, old.Network = noon.Add(2*time.Hour), netip.MustParsePrefix("2001:db8::/56")
		return errors.Join(tx.SaveDevice(old), tx.DeleteDevice(unused.Digest), tx.DeleteDevice(recent.Digest), tx.DeleteDevice(recent.Digest))
	})
	update(t, s, func(tx identity.Tx) error {
		got, err := tx.Devices("ana")
		same(t, "devices after", []identity.Device{old}, got, err)
		return nil
	})
}

func ticket(name string, p people.ID, purpose identity.Purpose) identity.Ticket {
	return identity.Ticket{Digest: identity.DigestOf(name), Person: p, Purpose: purpose, Expires: noon}
}

func checkTicket(t *testing.T, s identity.Store) {
	first, second := ticket("first", "ana", identity.Reset), ticket("second", "ana", identity.Reset)
	invitation, other := ticket("invitation", "ana", identity.Invitation), ticket("other", "ben", identity.Reset)
	update(t, s, func(tx identity.Tx) error {
		return errors.Join(tx.SaveTicket(first), tx.SaveTicket(invitation), tx.SaveTicket(other), tx.SaveTicket(second))
	})
	update(t, s, func(tx identity.Tx) error {
		_, err := tx.Ticket(first.Digest)
		absent(t, "a ticket that was replaced", err)
		for _, want := range []identity.Ticket{second, invitation, other} {
			got, err := tx.Ticket(want.Digest)
			same(t, "ticket", want, got, err)
		}
		return tx.DeleteTickets("ana")
	})
	update(t, s, func(tx identity.Tx) error {
		_, err := tx.Ticket(second.Digest)
		absent(t, "a deleted ticket", err)
		got, err := tx.Ticket(other.Digest)
		same(t, "the ticket of another", other, got, err)
		return nil
	})
}

func checkTally(t *testing.T, s identity.Store) {
	y := identity.Tally{Key: "pair:x", Failures: 3, Last: noon, Expires: noon.Add(time.Hour)}
	update(t, s, func(tx identity.Tx) error {
		got, err := tx.Tally("pair:x")
		same(t, "tally before", identity.Tally{}, got, err)
		return errors.Join(tx.SaveTally(identity.Tally{Key: y.Key, Last: noon, Expires: noon}), tx.SaveTally(y))
	})
	update(t, s, func(tx identity.Tx) error {
		got, err := tx.Tally("pair:x")
		same(t, "tally", y, got, err)
		n, err := tx.CountTallies()
		same(t, "tallies", 1, n, err)
		return errors.Join(tx.DeleteTally(y.Key), tx.DeleteTally(y.Key))
	})
	update(t, s, func(tx identity.Tx) error {
		n, err := tx.CountTallies()
		same(t, "tallies after", 0, n, err)
		return nil
	})
}

// checkForget puts three of each there: one expired before now, one at now, one
// that still lives, and forgets them one by one.
func checkForget(t *testing.T, s identity.Store) {
	now := noon.Add(48 * time.Hour)
	left := func() (n int) {
		update(t, s, func(tx identity.Tx) error {
			sessions, err1 := tx.Sessions("ana")
			devices, err2 := tx.Devices("ana")
			tallies, err3 := tx.CountTallies()
			n = len(sessions) + len(devices) + tallies
			return errors.Join(err1, err2, err3)
		})
		return n
	}
	update(t, s, func(tx identity.Tx) error {
		for i, expires := range []time.Time{now.Add(-time.Second), now, now.Add(time.Microsecond)} {
			name := string(rune('a' + i))
			ses, dev := session(name, "ana", noon), device(name, noon)
			ses.Expires, dev.Expires = expires, expires
			err := errors.Join(tx.InsertSession(ses), tx.SaveDevice(dev),
				tx.SaveTally(identity.Tally{Key: name, Last: noon, Expires: expires}))
			if err != nil {
				return err
			}
		}
		return tx.SaveTicket(ticket("expired", "ana", identity.Reset))
	})
	for _, want := range []int{6, 3, 3} {
		update(t, s, func(tx identity.Tx) error { return tx.Forget(now, 1) })
		if n := left(); n != want {
			t.Fatalf("%d left, want %d", n, want)
		}
	}
	update(t, s, func(tx identity.Tx) error {
		_, err := tx.Ticket(identity.DigestOf("expired"))
		absent(t, "an expired ticket", err)
		return nil
	})
}

func checkRollback(t *testing.T, s identity.Store) {
	broken := errors.New("broken off")
	err := s.Update(context.Background(), func(tx identity.Tx) error {
		err := errors.Join(
			tx.SaveAccount(identity.Account{Person: "ana", State: identity.Open, ChangedAt: noon}),
			tx.InsertSession(session("a", "ana", noon)), tx.SaveTicket(ticket("a", "ana", identity.Reset)),
			tx.SaveTally(identity.Tally{Key: "a", Last: noon, Expires: noon}),
			tx.Enqueue(identity.KindReset, "a", []byte(`{}`)))
		if err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatalf("got %v, want the function's own error", err)
	}
	update(t, s, func(tx identity.Tx) error {
		_, err := tx.Account("ana")
		absent(t, "account", err)
		_, err = tx.Session(identity.DigestOf("a"))
		absent(t, "session", err)
		_, err = tx.Ticket(identity.DigestOf("a"))
		absent(t, "ticket", err)
		n, err := tx.CountTallies()
		same(t, "tallies", 0, n, err)
		return nil
	})
}

// checkLock counts up in parallel: with a lock that does not hold, counts are
// lost.
func checkLock(t *testing.T, s identity.Store) {
	const workers, rounds = 8, 10
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for range rounds {
				err := s.Update(context.Background(), func(tx identity.Tx) error {
					if _, err := tx.Person("ana"); err != nil { // a read before the lock takes nothing away
						return err
					}
					if err := tx.Lock("other", "count"); err != nil {
						return err
					}
					y, err := tx.Tally("count")
					if err != nil {
						return err
					}
					return tx.SaveTally(identity.Tally{Key: "count", Failures: y.Failures + 1, Last: noon, Expires: noon})
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	update(t, s, func(tx identity.Tx) error {
		y, err := tx.Tally("count")
		same(t, "count", workers*rounds, y.Failures, err)
		return nil
	})
}
