// SPDX-License-Identifier: Apache-2.0

package store

import (
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/identity/sso"
)

var (
	qSSOTaken     = query("sso_taken.count", "SELECT COUNT(*) FROM sso_taken WHERE provider = $1 AND digest = $2")
	qTakeSSO      = query("sso_taken.insert", "INSERT INTO sso_taken (provider, digest, expires_us) VALUES ($1, $2, $3)")
	qSSOKeys      = query("sso_key.list", "SELECT id, private, certificate, state, made_us FROM sso_key ORDER BY CASE state WHEN 'used' THEN 0 WHEN 'next' THEN 1 ELSE 2 END, made_us DESC, id")
	qSaveSSOKey   = query("sso_key.save", "INSERT INTO sso_key (id, private, certificate, state, made_us) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET state = excluded.state")
	qDeleteSSOKey = query("sso_key.delete", "DELETE FROM sso_key WHERE id = $1")
)

// AnswerSSOFlow keeps what came of a question. It reports Conflict where something came
// before.
func (tx *Tx) AnswerSSOFlow(d identity.Digest, answer string) error {
	n, err := tx.exec(qAnswerSSOFlow, string(d), answer)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "")
	}
	return err
}

// TakeSSOAnswer keeps that an answer of a provider was taken. It reports Conflict where it
// was before.
func (tx *Tx) TakeSSOAnswer(provider string, d identity.Digest, until time.Time) error {
	n, err := one(tx, qSSOTaken, value[int], provider, string(d))
	if err == nil && n > 0 {
		err = errs.New(errs.Conflict, "")
	}
	if err != nil {
		return err
	}
	_, err = tx.exec(qTakeSSO, provider, string(d), until)
	return err
}

var ssoKeyPrivate = sealed("sso_key", "private", "id")

// SSOKeys returns the keys for providers that speak SAML: the one in use, the next, those
// before.
func (tx *Tx) SSOKeys() ([]sso.Key, error) {
	list, err := all(tx, qSSOKeys, func(k *sso.Key) []any {
		return []any{&k.ID, &k.Private, &k.Certificate, &k.State, micros(&k.Made)}
	})
	for i, k := range list {
		if err == nil {
			list[i].Private, err = tx.unseal(ssoKeyPrivate, k.Private, k.ID)
		}
	}
	if err != nil {
		return nil, err
	}
	return list, nil
}

// SaveSSOKey adds a key, its private half sealed, or replaces its state.
func (tx *Tx) SaveSSOKey(k sso.Key) error {
	private, err := tx.seal(ssoKeyPrivate, k.Private, k.ID)
	if err == nil {
		_, err = tx.exec(qSaveSSOKey, k.ID, private, k.Certificate, string(k.State), k.Made)
	}
	return err
}

// DeleteSSOKey removes a key.
func (tx *Tx) DeleteSSOKey(id string) error {
	_, err := tx.exec(qDeleteSSOKey, id)
	return err
}
