// SPDX-License-Identifier: Apache-2.0

package store

import (
	"strings"
	"time"

	"verlof/identity"
	"verlof/identity/openid"
	"verlof/people"
)

// OpenID returns the database as the OpenID provider sees it.
func (db *DB) OpenID() openid.Store {
	return Access[func(openid.Tx) error]{db, func(f func(openid.Tx) error, tx *Tx) error { return f(tx) }}
}

// SessionEnded ends what was granted in a session, and forgets what goes with it at a
// provider, in this transaction.
func (tx *Tx) SessionEnded(session string) error {
	if _, err := tx.exec(qDeleteSSOSession, session); err != nil {
		return err
	}
	return openid.SessionEnded(tx, session)
}

// GrantsEnded ends what was granted in a person's name but in the session keep, in this
// transaction.
func (tx *Tx) GrantsEnded(person people.ID, keep string) (n int, err error) {
	return openid.GrantsEnded(tx, person, keep)
}

// ShutOut ends at once whatever lets a person in, and mails that tell them of others.
func (tx *Tx) ShutOut(id people.ID) error {
	if err := identity.Shut(tx, id); err != nil {
		return err
	}
	if err := tx.DeleteDigest(id); err != nil {
		return err
	}
	_, err := tx.TokensEnded(id, time.Time{})
	return err
}

var (
	qSigningKeys = query("signing_key.list", "SELECT id, private, chain, made_us, until_us FROM signing_key ORDER BY made_us DESC, id")
	qSaveKey     = query("signing_key.save", `INSERT INTO signing_key (id, private, chain, made_us, until_us) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET until_us = excluded.until_us`)
)

var signingKeyPrivate = sealed("signing_key", "private", "id")

// SigningKeys returns the keys that sign or signed, newest first.
func (tx *Tx) SigningKeys() ([]openid.Key, error) {
	list, err := all(tx, qSigningKeys, func(k *openid.Key) []any {
		return []any{&k.ID, &k.Private, &k.Chain, micros(&k.Made), micros(&k.Until)}
	})
	for i, k := range list {
		private, err := tx.unseal(signingKeyPrivate, string(k.Private), k.ID)
		if err != nil {
			return nil, err
		}
		list[i].Private = []byte(private)
	}
	return list, err
}

// SaveSigningKey adds a key, its private half sealed, or replaces until when it
// verifies.
func (tx *Tx) SaveSigningKey(k openid.Key) error {
	private, err := tx.seal(signingKeyPrivate, string(k.Private), k.ID)
	if err != nil {
		return err
	}
	_, err = tx.exec(qSaveKey, k.ID, private, string(k.Chain), k.Made, k.Until)
	return err
}

const clientColumns = "id, name, kind, redirects, post_logout, logout, scope, subjects, trusted, inspects, made_us, made_by, disabled_us, public_keys, pushes, bound"

var (
	qClients    = query("client.list", "SELECT "+clientColumns+" FROM client WHERE id NOT IN (SELECT id FROM served) ORDER BY name, id")
	qClient     = query("client.get", "SELECT "+clientColumns+" FROM client WHERE id = $1")
	qSaveClient = query("client.save", "INSERT INTO client ("+clientColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (id) DO UPDATE SET name = excluded.name,
		redirects = excluded.redirects, post_logout = excluded.post_logout, logout = excluded.logout, scope = excluded.scope,
		subjects = excluded.subjects, trusted = excluded.trusted, inspects = excluded.inspects, disabled_us = excluded.disabled_us,
		public_keys = excluded.public_keys, pushes = excluded.pushes, bound = excluded.bound`)
	qDeleteClient = query("client.delete", "DELETE FROM client WHERE id = $1")
)

// clientRow is a client with the columns whose Go form is not their SQL form.
type clientRow struct {
	openid.Client
	redirects, postLogout, keys string
	trusted, inspects           int64
}

func clientColumnsOf(r *clientRow) []any {
	return []any{&r.ID, &r.Name, &r.Kind, &r.redirects, &r.postLogout, &r.Logout, &r.Scope, &r.Subjects, &r.trusted, &r.inspects,
		micros(&r.Made), &r.MadeBy, micros(&r.Disabled), &r.keys, &r.Pushes, &r.Bound}
}

func (r clientRow) client() openid.Client {
	c := r.Client
	c.Redirects, c.PostLogout = strings.Fields(r.redirects), strings.Fields(r.postLogout)
	if r.keys != "" {
		c.Keys = strings.Split(r.keys, "\n")
	}
	c.Trusted, c.Inspects = r.trusted != 0, r.inspects != 0
	return c
}

// Clients returns the registered clients, by name.
func (tx *Tx) Clients() ([]openid.Client, error) {
	var list []openid.Client
	err := each(tx, qClients, clientColumnsOf, func(r *clientRow) error {
		list = append(list, r.client())
		return nil
	})
	return list, err
}

// Client returns a registered client. It reports NotFound.
func (tx *Tx) Client(id string) (openid.Client, error) {
	r, err := one(tx, qClient, clientColumnsOf, id)
	return r.client(), err
}

// SaveClient adds a client or replaces what may change of it.
func (tx *Tx) SaveClient(c openid.Client) error {
	_, err := tx.exec(qSaveClient, c.ID, c.Name, string(c.Kind), strings.Join(c.Redirects, "\n"), strings.Join(c.PostLogout, "\n"),
		c.Logout, string(c.Scope), string(c.Subjects), number(c.Trusted), number(c.Inspects), c.Made, c.MadeBy, c.Disabled, strings.Join(c.Keys, "\n"), number(c.Pushes), number(c.Bound))
	return err
}

// DeleteClient removes a client with all that hangs on it.
func (tx *Tx) DeleteClient(id string) error {
	_, err := tx.exec(qDeleteClient, id)
	return err
}

var (
	qSecrets      = query("client_secret.of", "SELECT id, client, digest, made_us FROM client_secret WHERE client = $1 ORDER BY made_us DESC, id")
	qSaveSecret   = query("client_secret.insert", "INSERT INTO client_secret (id, client, digest, made_us) VALUES ($1, $2, $3, $4)")
	qDeleteSecret = query("client_secret.delete", "DELETE FROM client_secret WHERE client = $1 AND id = $2")
)

// Secrets returns the secrets of a client, newest first.
func (tx *Tx) Secrets(client string) ([]openid.Secret, error) {
	return all(tx, qSecrets, func(s *openid.Secret) []any {
		return []any{&s.ID, &s.Client, &s.Digest, micros(&s.Made)}
	}, client)
}

// SaveSecret adds a secret.
func (tx *Tx) SaveSecret(s openid.Secret) error {
	_, err := tx.exec(qSaveSecret, s.ID, s.Client, string(s.Digest), s.Made)
	return err
}

// DeleteSecret removes a secret of a client. It reports NotFound.
func (tx *Tx) DeleteSecret(client, id string) error { return tx.execOne(qDeleteSecret, client, id) }

var (
	qConsent     = query("consent.get", "SELECT person, client, scope, at_us FROM consent WHERE person = $1 AND client = $2")
	qSaveConsent = query("consent.save", `INSERT INTO consent (person, client, scope, at_us) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person, client) DO UPDATE SET scope = excluded.scope, at_us = excluded.at_us`)
	qConsentsOf    = query("consent.of", "SELECT person, client, scope, at_us FROM consent WHERE person = $1 ORDER BY client")
	qConsentsTo    = query("consent.with", "SELECT person, client, scope, at_us FROM consent WHERE client = $1 ORDER BY person")
	qDeleteConsent = query("consent.delete", "DELETE FROM consent WHERE person = $1 AND client = $2")
	qSubject       = query("subject.get", "SELECT name FROM subject WHERE sector = $1 AND person = $2")
	qAddSubject    = query("subject.insert", "INSERT INTO subject (sector, person, name) VALUES ($1, $2, $3) ON CONFLICT (sector, person) DO NOTHING")
)

// Consent returns what a person agreed to for a client. It reports NotFound.
func (tx *Tx) Consent(person people.ID, client string) (openid.Consent, error) {
	return one(tx, qConsent, consentRow, person, client)
}

func consentRow(c *openid.Consent) []any {
	return []any{&c.Person, &c.Client, &c.Scope, micros(&c.At)}
}

// ConsentsOf returns what a person agreed to.
func (tx *Tx) ConsentsOf(person people.ID) ([]openid.Consent, error) {
	return all(tx, qConsentsOf, consentRow, person)
}

// ConsentsWith returns what people agreed to for a client.
func (tx *Tx) ConsentsWith(client string) ([]openid.Consent, error) {
	return all(tx, qConsentsTo, consentRow, client)
}

// DeleteConsent forgets what a person agreed to for a client.
func (tx *Tx) DeleteConsent(person people.ID, client string) error {
	_, err := tx.exec(qDeleteConsent, person, client)
	return err
}

// SaveConsent adds what a person agreed to, or replaces it.
func (tx *Tx) SaveConsent(c openid.Consent) error {
	_, err := tx.exec(qSaveConsent, c.Person, c.Client, string(c.Scope), c.At)
	return err
}

// Subject returns the name under which a sector knows a person, which is fresh the
// first time.
func (tx *Tx) Subject(sector string, person people.ID, fresh string) (string, error) {
	name, found, err := maybe(tx, qSubject, value[string], sector, person)
	if err != nil || found {
		return name, err
	}
	if _, err := tx.exec(qAddSubject, sector, person, fresh); err != nil {
		return "", err
	}
	return one(tx, qSubject, value[string], sector, person)
}
