// SPDX-License-Identifier: Apache-2.0

package store

import (
	"errors"
	"strconv"
	"strings"

	"verlof/identity"
	"verlof/people"
)

const factorColumns = "id, person, kind, name, credential, secret, counter, confirmed, added_us, used_us"

var (
	qFactors            = query("factor.of", "SELECT "+factorColumns+" FROM factor WHERE person = $1 ORDER BY added_us, id")
	qFactorByCredential = query("factor.by_credential", "SELECT "+factorColumns+" FROM factor WHERE credential = $1")
	qSaveFactor         = query("factor.save", "INSERT INTO factor ("+factorColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, secret = excluded.secret, counter = excluded.counter,
			confirmed = excluded.confirmed, used_us = excluded.used_us`)
	qDeleteFactor = query("factor.delete", "DELETE FROM factor WHERE id = $1")
	qHoldings     = query("factor.holdings", "SELECT person, kind, COUNT(*) FROM factor WHERE confirmed = 1 GROUP BY person, kind ORDER BY person, kind")
)

func factorRow(f *identity.Factor) []any {
	return []any{&f.ID, &f.Person, &f.Kind, &f.Name, optional(&f.Credential), &f.Secret, &f.Counter, &f.Confirmed, micros(&f.Added), micros(&f.Used)}
}

// factorSecret is bound to the person too: a row that is given to somebody else opens
// nothing.
var factorSecret = sealed("factor", "secret", "id", "person", "credential")

func (tx *Tx) unsealFactor(f identity.Factor) (string, error) {
	return tx.unseal(factorSecret, f.Secret, f.ID, string(f.Person), f.Credential)
}

// Factors returns a person's second factors, oldest first, their secrets opened.
func (tx *Tx) Factors(id people.ID) ([]identity.Factor, error) {
	list, err := all(tx, qFactors, factorRow, id)
	for i := range list {
		if err == nil {
			list[i].Secret, err = tx.unsealFactor(list[i])
		}
	}
	if err != nil {
		return nil, err
	}
	return list, nil
}

// FactorByCredential returns the passkey that names itself so.
func (tx *Tx) FactorByCredential(credential string) (identity.Factor, error) {
	f, err := one(tx, qFactorByCredential, factorRow, credential)
	if err == nil {
		f.Secret, err = tx.unsealFactor(f)
	}
	if err != nil {
		return identity.Factor{}, err
	}
	return f, nil
}

// SaveFactor adds or replaces a second factor, its secret sealed.
func (tx *Tx) SaveFactor(f identity.Factor) error {
	sealed, err := tx.seal(factorSecret, f.Secret, f.ID, string(f.Person), f.Credential)
	if err != nil {
		return err
	}
	_, err = tx.exec(qSaveFactor, f.ID, f.Person, string(f.Kind), f.Name, orNull(f.Credential), sealed, f.Counter, number(f.Confirmed), f.Added, f.Used)
	return err
}

// DeleteFactor removes a second factor.
func (tx *Tx) DeleteFactor(id string) error {
	_, err := tx.exec(qDeleteFactor, id)
	return err
}

// Holdings returns how many confirmed factors of each kind everybody has.
func (tx *Tx) Holdings() ([]identity.Holding, error) {
	return all(tx, qHoldings, func(h *identity.Holding) []any { return []any{&h.Person, &h.Kind, &h.Count} })
}

var (
	qRecovery     = query("recovery.get", "SELECT person, codes, made_us FROM recovery WHERE person = $1")
	qSaveRecovery = query("recovery.save", `INSERT INTO recovery (person, codes, made_us) VALUES ($1, $2, $3)
		ON CONFLICT (person) DO UPDATE SET codes = excluded.codes, made_us = excluded.made_us`)
	qDeleteRecovery = query("recovery.delete", "DELETE FROM recovery WHERE person = $1")
)

var recoveryCodes = sealed("recovery", "codes", "person")

// Recovery returns the recovery codes that a person has left, as hashes.
func (tx *Tx) Recovery(id people.ID) (identity.Recovery, error) {
	type row struct {
		identity.Recovery
		sealed string
	}
	r, found, err := maybe(tx, qRecovery, func(r *row) []any { return []any{&r.Person, &r.sealed, micros(&r.Made)} }, id)
	if err != nil || !found {
		return identity.Recovery{}, err
	}
	text, err := tx.unseal(recoveryCodes, r.sealed, string(id))
	if err != nil {
		return identity.Recovery{}, err
	}
	for code := range strings.FieldsSeq(text) {
		r.Codes = append(r.Codes, identity.Hash(code))
	}
	return r.Recovery, nil
}

// SaveRecovery adds or replaces a person's recovery codes, sealed.
func (tx *Tx) SaveRecovery(r identity.Recovery) error {
	var text strings.Builder
	for _, code := range r.Codes {
		text.WriteString(string(code) + "\n")
	}
	sealed, err := tx.seal(recoveryCodes, text.String(), string(r.Person))
	if err != nil {
		return err
	}
	_, err = tx.exec(qSaveRecovery, r.Person, sealed, r.Made)
	return err
}

// DeleteRecovery removes a person's recovery codes.
func (tx *Tx) DeleteRecovery(id people.ID) error {
	_, err := tx.exec(qDeleteRecovery, id)
	return err
}

var (
	qCeremony       = query("ceremony.get", "SELECT digest, person, purpose, challenge, expires_us FROM ceremony WHERE digest = $1")
	qInsertCeremony = query("ceremony.insert", "INSERT INTO ceremony (digest, person, purpose, challenge, expires_us) VALUES ($1, $2, $3, $4, $5)")
	qDeleteCeremony = query("ceremony.delete", "DELETE FROM ceremony WHERE digest = $1")
)

// Ceremony returns what a passkey was asked.
func (tx *Tx) Ceremony(d identity.Digest) (identity.Ceremony, error) {
	return one(tx, qCeremony, func(c *identity.Ceremony) []any {
		return []any{&c.Digest, &c.Person, &c.Purpose, &c.Challenge, micros(&c.Expires)}
	}, string(d))
}

// InsertCeremony adds a question to a passkey.
func (tx *Tx) InsertCeremony(c identity.Ceremony) error {
	_, err := tx.exec(qInsertCeremony, string(c.Digest), string(c.Person), string(c.Purpose), c.Challenge, c.Expires)
	return err
}

// DeleteCeremony removes a question, answered or not.
func (tx *Tx) DeleteCeremony(d identity.Digest) error {
	_, err := tx.exec(qDeleteCeremony, string(d))
	return err
}

// What a customer demands of those who sign in are facts of the database itself.
const (
	metaSecondFactor = "sign_in.second_factor"
	metaPasskey      = "sign_in.passkey"
	metaRemember     = "sign_in.remember_days"
	metaOnlyProvider = "sign_in.only_provider"
	metaFeeds        = "sign_in.feeds"
)

var qSignInPolicy = query("sign_in_policy.get", "SELECT key, value FROM meta WHERE key IN ($1, $2, $3, $4, $5)")

// SignInPolicy returns what the customer demands of those who sign in.
func (tx *Tx) SignInPolicy() (identity.Policy, error) {
	type fact struct{ key, value string }
	p := identity.DefaultPolicy()
	err := each(tx, qSignInPolicy, func(f *fact) []any { return []any{&f.key, &f.value} }, func(f *fact) (err error) {
		switch f.key {
		case metaSecondFactor:
			p.Second = identity.ParseThose(strings.Fields(f.value))
		case metaPasskey:
			p.Passkey = identity.ParseThose(strings.Fields(f.value))
		case metaOnlyProvider:
			p.Only = f.value == "yes"
		case metaFeeds:
			p.Feeds = identity.FeedRule(f.value)
		default:
			p.Remember, err = strconv.Atoi(f.value)
		}
		return err
	}, metaSecondFactor, metaPasskey, metaRemember, metaOnlyProvider, metaFeeds)
	return p, err
}

// SaveSignInPolicy replaces what the customer demands.
func (tx *Tx) SaveSignInPolicy(p identity.Policy) error {
	only := ""
	if p.Only {
		only = "yes"
	}
	return errors.Join(
		tx.SetMeta(metaOnlyProvider, only),
		tx.SetMeta(metaFeeds, string(p.Feeds)),
		tx.SetMeta(metaSecondFactor, strings.Join(p.Second.Names(), " ")),
		tx.SetMeta(metaPasskey, strings.Join(p.Passkey.Names(), " ")),
		tx.SetMeta(metaRemember, strconv.Itoa(p.Remember)))
}

var (
	qAddSignInRecord = query("sign_in_record.add", "INSERT INTO sign_in_record (id, person, what, note, made_by, at_us) VALUES ($1, $2, $3, $4, $5, $6)")
	qSignInRecords   = query("sign_in_record.of", "SELECT id, person, what, note, made_by, at_us FROM sign_in_record WHERE person = $1 ORDER BY at_us DESC, id DESC LIMIT $2")
)

// AddSignInRecord adds a line to the history of somebody's sign-in.
func (tx *Tx) AddSignInRecord(r identity.Record) error {
	_, err := tx.exec(qAddSignInRecord, r.ID, string(r.Person), r.What, r.Note, string(r.By), r.At)
	return err
}

// SignInRecords returns the history of somebody's sign-in, newest first.
func (tx *Tx) SignInRecords(id people.ID, limit int) ([]identity.Record, error) {
	return all(tx, qSignInRecords, func(r *identity.Record) []any {
		return []any{&r.ID, &r.Person, &r.What, &r.Note, &r.By, micros(&r.At)}
	}, string(id), limit)
}
