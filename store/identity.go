// SPDX-License-Identifier: Apache-2.0

package store

import (
	"slices"
	"strings"
	"time"

	"verlof/identity"
	"verlof/people"
)

var (
	qAccount     = query("account.get", "SELECT person, state, password, short, changed_at_us FROM account WHERE person = $1")
	qStates      = query("account.states", "SELECT person, state FROM account")
	qSaveAccount = query("account.save", `INSERT INTO account (person, state, password, short, changed_at_us) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (person) DO UPDATE SET state = excluded.state, password = excluded.password, short = excluded.short, changed_at_us = excluded.changed_at_us`)

	// lockName is an advisory lock until the transaction ends. SQLite needs none.
	lockName = control("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
)

// Lock holds back every other update that locks one of the same names, until this
// one ends. Names are locked in one order, so that two updates never wait for
// each other.
func (tx *Tx) Lock(names ...string) error {
	if tx.c.d.embedded {
		return nil
	}
	for _, name := range slices.Sorted(slices.Values(names)) {
		if _, err := tx.exec(lockName, name); err != nil {
			return err
		}
	}
	return nil
}

var accountPassword = sealed("account", "password", "person")

// Account returns how a person signs in, the hash opened. Hashes that were written
// before they were sealed begin with "$", which no sealed text does.
func (tx *Tx) Account(id people.ID) (identity.Account, error) {
	a, err := one(tx, qAccount, func(a *identity.Account) []any {
		return []any{&a.Person, &a.State, &a.Password, &a.Short, micros(&a.ChangedAt)}
	}, id)
	if err != nil || a.Password == "" {
		return a, err
	}
	if a.Bare = strings.HasPrefix(string(a.Password), "$"); a.Bare {
		return a, nil
	}
	text, err := tx.unseal(accountPassword, string(a.Password), string(id))
	if err != nil {
		return identity.Account{}, err
	}
	a.Password = identity.Hash(text)
	return a, nil
}

// SaveAccount adds or replaces a person's account, the hash sealed.
func (tx *Tx) SaveAccount(a identity.Account) error {
	sealed := ""
	if a.Password != "" {
		var err error
		if sealed, err = tx.seal(accountPassword, string(a.Password), string(a.Person)); err != nil {
			return err
		}
	}
	_, err := tx.exec(qSaveAccount, a.Person, string(a.State), sealed, number(a.Short), a.ChangedAt)
	return err
}

// States returns the state of every account.
func (tx *Tx) States() (map[people.ID]identity.State, error) {
	states := map[people.ID]identity.State{}
	err := each(tx, qStates, func(a *identity.Account) []any { return []any{&a.Person, &a.State} }, func(a *identity.Account) error {
		states[a.Person] = a.State
		return nil
	})
	return states, err
}

const sessionColumns = "digest, id, person, from_addr, agent, created_us, seen_us, expires_us, stage, means, proven_us, provider"

var (
	qSession       = query("session.get", "SELECT "+sessionColumns+" FROM session WHERE digest = $1")
	qSessions      = query("session.of", "SELECT "+sessionColumns+" FROM session WHERE person = $1 ORDER BY created_us DESC, digest")
	qInsertSession = query("session.insert", "INSERT INTO session ("+sessionColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
	qTouchSession  = query("session.touch", "UPDATE session SET seen_us = $2, expires_us = $3 WHERE digest = $1")
	qDeleteSession = query("session.delete", "DELETE FROM session WHERE digest = $1")
)

func sessionRow(s *identity.Session) []any {
	return []any{&s.Digest, &s.ID, &s.Person, text(&s.From), &s.Agent, micros(&s.Created), micros(&s.Seen), micros(&s.Expires),
		&s.Stage, &s.Means, micros(&s.Proven), &s.Provider}
}

// Session returns the session with a token's digest.
func (tx *Tx) Session(d identity.Digest) (identity.Session, error) {
	return one(tx, qSession, sessionRow, string(d))
}

// Sessions returns a person's sessions, newest first, expired ones too.
func (tx *Tx) Sessions(id people.ID) ([]identity.Session, error) {
	return all(tx, qSessions, sessionRow, id)
}

// InsertSession adds a session.
func (tx *Tx) InsertSession(s identity.Session) error {
	_, err := tx.exec(qInsertSession, string(s.Digest), s.ID, s.Person, s.From, s.Agent, s.Created, s.Seen, s.Expires,
		string(s.Stage), string(s.Means), s.Proven, s.Provider)
	return err
}

// TouchSession notes the use of a session; one that has ended stays ended.
func (tx *Tx) TouchSession(d identity.Digest, seen, expires time.Time) error {
	_, err := tx.exec(qTouchSession, string(d), seen, expires)
	return err
}

// DeleteSession ends a session.
func (tx *Tx) DeleteSession(d identity.Digest) error {
	_, err := tx.exec(qDeleteSession, string(d))
	return err
}

var (
	qDevices    = query("device.of", "SELECT digest, person, network, agent, used_us, expires_us, trusted_us FROM device WHERE person = $1 ORDER BY used_us DESC, digest")
	qSaveDevice = query("device.save", `INSERT INTO device (digest, person, network, agent, used_us, expires_us, trusted_us) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (digest) DO UPDATE SET network = excluded.network, agent = excluded.agent, used_us = excluded.used_us,
			expires_us = excluded.expires_us, trusted_us = excluded.trusted_us`)
	qDeleteDevice = query("device.delete", "DELETE FROM device WHERE digest = $1")
)

// Devices returns a person's known devices, last used first, expired ones too.
func (tx *Tx) Devices(id people.ID) ([]identity.Device, error) {
	return all(tx, qDevices, func(d *identity.Device) []any {
		return []any{&d.Digest, &d.Person, text(&d.Network), &d.Agent, microsOrZero(&d.Used), micros(&d.Expires), micros(&d.Trusted)}
	}, id)
}

// SaveDevice adds or replaces a device.
func (tx *Tx) SaveDevice(d identity.Device) error {
	_, err := tx.exec(qSaveDevice, string(d.Digest), d.Person, d.Network, d.Agent, zeroed(d.Used), d.Expires, d.Trusted)
	return err
}

// DeleteDevice forgets a device.
func (tx *Tx) DeleteDevice(d identity.Digest) error {
	_, err := tx.exec(qDeleteDevice, string(d))
	return err
}

var (
	qTicket     = query("ticket.get", "SELECT digest, person, purpose, expires_us FROM ticket WHERE digest = $1")
	qSaveTicket = query("ticket.save", `INSERT INTO ticket (digest, person, purpose, expires_us) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person, purpose) DO UPDATE SET digest = excluded.digest, expires_us = excluded.expires_us`)
	qDeleteTickets = query("ticket.delete", "DELETE FROM ticket WHERE person = $1")
)

// Ticket returns the ticket with a token's digest.
func (tx *Tx) Ticket(d identity.Digest) (identity.Ticket, error) {
	return one(tx, qTicket, func(t *identity.Ticket) []any {
		return []any{&t.Digest, &t.Person, &t.Purpose, micros(&t.Expires)}
	}, string(d))
}

// SaveTicket adds a ticket, in place of the person's one of the same purpose.
func (tx *Tx) SaveTicket(t identity.Ticket) error {
	_, err := tx.exec(qSaveTicket, string(t.Digest), t.Person, string(t.Purpose), t.Expires)
	return err
}

// DeleteTickets voids all tickets of a person.
func (tx *Tx) DeleteTickets(id people.ID) error {
	_, err := tx.exec(qDeleteTickets, id)
	return err
}

// Readdressed voids all tickets of a person who has another mail address, and has the one before told.
func (tx *Tx) Readdressed(id people.ID, was string, now time.Time) error {
	return identity.Readdressed(tx, id, was, now)
}

var (
	qTally     = query("tally.get", "SELECT key, failures, last_us, expires_us FROM tally WHERE key = $1")
	qSaveTally = query("tally.save", `INSERT INTO tally (key, failures, last_us, expires_us) VALUES ($1, $2, $3, $4)
		ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, last_us = excluded.last_us, expires_us = excluded.expires_us`)
	qDeleteTally  = query("tally.delete", "DELETE FROM tally WHERE key = $1")
	qCountTallies = query("tally.count", "SELECT COUNT(*) FROM tally")
)

// Tally returns the attempts counted under a key; the zero Tally where there is
// none.
func (tx *Tx) Tally(key string) (identity.Tally, error) {
	t, _, err := maybe(tx, qTally, func(t *identity.Tally) []any {
		return []any{&t.Key, &t.Failures, micros(&t.Last), micros(&t.Expires)}
	}, key)
	return t, err
}

// SaveTally adds or replaces a count.
func (tx *Tx) SaveTally(t identity.Tally) error {
	_, err := tx.exec(qSaveTally, t.Key, t.Failures, t.Last, t.Expires)
	return err
}

// DeleteTally removes a count.
func (tx *Tx) DeleteTally(key string) error {
	_, err := tx.exec(qDeleteTally, key)
	return err
}

// CountTallies returns how many counts there are.
func (tx *Tx) CountTallies() (int, error) { return one(tx, qCountTallies, value[int]) }

// Each table of identity that forgets: its rows past their time, the oldest
// first.
var forgetting = []*statement{
	query("session.forget", `DELETE FROM session WHERE digest IN (SELECT digest FROM session WHERE expires_us <= $1 ORDER BY expires_us LIMIT $2)`),
	query("device.forget", `DELETE FROM device WHERE digest IN (SELECT digest FROM device WHERE expires_us <= $1 ORDER BY expires_us LIMIT $2)`),
	query("ticket.forget", `DELETE FROM ticket WHERE digest IN (SELECT digest FROM ticket WHERE expires_us <= $1 ORDER BY expires_us LIMIT $2)`),
	query("ceremony.forget", `DELETE FROM ceremony WHERE digest IN (SELECT digest FROM ceremony WHERE expires_us <= $1 ORDER BY expires_us LIMIT $2)`),
	query("sso_flow.forget", `DELETE FROM sso_flow WHERE digest IN (SELECT digest FROM sso_flow WHERE expires_us <= $1 ORDER BY expires_us LIMIT $2)`),
	query("sso_session.forget", `DELETE FROM sso_session WHERE session IN (SELECT session FROM sso_session WHERE expires_us <= $1 ORDER BY expires_us LIMIT $2)`),
	query("sso_taken.forget", `DELETE FROM sso_taken WHERE digest IN (SELECT digest FROM sso_taken WHERE expires_us <= $1 ORDER BY expires_us LIMIT $2)`),
	query("tally.forget", `DELETE FROM tally WHERE key IN (SELECT key FROM tally WHERE expires_us <= $1 ORDER BY expires_us LIMIT $2)`),
}

// Forget removes what expired at or before now, at most limit rows of each table.
func (tx *Tx) Forget(now time.Time, limit int) error {
	for _, q := range forgetting {
		if _, err := tx.exec(q, now, limit); err != nil {
			return err
		}
	}
	return nil
}
