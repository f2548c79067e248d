// SPDX-License-Identifier: Apache-2.0

package store

import (
	"strings"
	"time"

	"verlof/identity"
	"verlof/identity/access"
	"verlof/people"
)

// Programs returns the database as access sees it.
func (db *DB) Programs() access.Store {
	return Access[func(access.Tx) error]{db, func(f func(access.Tx) error, tx *Tx) error { return f(tx) }}
}

const tokenColumns = "digest, id, person, name, scopes, created_us, expires_us, used_us"

var (
	qToken       = query("access_token.get", "SELECT "+tokenColumns+" FROM access_token WHERE digest = $1")
	qTokens      = query("access_token.of", "SELECT "+tokenColumns+" FROM access_token WHERE person = $1 ORDER BY created_us DESC, id DESC")
	qInsertToken = query("access_token.insert", "INSERT INTO access_token ("+tokenColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
	qTouchToken  = query("access_token.touch", "UPDATE access_token SET used_us = $2 WHERE digest = $1")
	qDeleteToken = query("access_token.delete", "DELETE FROM access_token WHERE digest = $1")
)

// tokenRow is a token with its scopes as one text.
type tokenRow struct {
	access.Token
	scopes string
}

func tokenRowOf(t *tokenRow) []any {
	return []any{&t.Digest, &t.ID, &t.Person, &t.Name, &t.scopes, micros(&t.Created), micros(&t.Expires), micros(&t.Used)}
}

func (t *tokenRow) token() access.Token {
	t.Scopes = scopesOf(t.scopes)
	return t.Token
}

// AccessToken returns the personal access token with a digest.
func (tx *Tx) AccessToken(d identity.Digest) (access.Token, error) {
	row, err := one(tx, qToken, tokenRowOf, string(d))
	return row.token(), err
}

// AccessTokens returns a person's tokens, newest first, expired ones too.
func (tx *Tx) AccessTokens(id people.ID) ([]access.Token, error) {
	rows, err := all(tx, qTokens, tokenRowOf, id)
	out := make([]access.Token, 0, len(rows))
	for i := range rows {
		out = append(out, rows[i].token())
	}
	return out, err
}

// InsertAccessToken adds a token.
func (tx *Tx) InsertAccessToken(t access.Token) error {
	_, err := tx.exec(qInsertToken, string(t.Digest), t.ID, t.Person, t.Name, scopesText(t.Scopes), t.Created, t.Expires, t.Used)
	return err
}

// TouchAccessToken notes the use of a token; one that was revoked stays revoked.
func (tx *Tx) TouchAccessToken(d identity.Digest, used time.Time) error {
	_, err := tx.exec(qTouchToken, string(d), used)
	return err
}

// DeleteAccessToken revokes a token.
func (tx *Tx) DeleteAccessToken(d identity.Digest) error {
	_, err := tx.exec(qDeleteToken, string(d))
	return err
}

// TokensEnded revokes all tokens of a person, and returns what those are called that had not expired
// at now.
func (tx *Tx) TokensEnded(person people.ID, now time.Time) (names []string, err error) {
	list, err := tx.AccessTokens(person)
	for _, t := range list {
		if err == nil {
			err = tx.DeleteAccessToken(t.Digest)
		}
		if now.Before(t.Expires) {
			names = append(names, t.Name)
		}
	}
	return names, err
}

var (
	qAnswer = query("access_answer.get", `SELECT caller, key, request, status, header, body, expires_us FROM access_answer
		WHERE caller = $1 AND key = $2`)
	qInsertAnswer = query("access_answer.insert", `INSERT INTO access_answer (caller, key, request, status, header, body, expires_us)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qSaveAnswer   = query("access_answer.save", "UPDATE access_answer SET status = $3, header = $4, body = $5 WHERE caller = $1 AND key = $2")
	qDeleteAnswer = query("access_answer.delete", "DELETE FROM access_answer WHERE caller = $1 AND key = $2")
)

// answerBody says what its caller may know, which may be a sickness.
var answerBody = sealed("access_answer", "body", "caller", "key")

// Answer returns what a caller was told to the request with a key.
func (tx *Tx) Answer(caller, key string) (access.Answer, error) {
	var sealed string
	a, err := one(tx, qAnswer, func(a *access.Answer) []any {
		return []any{&a.Caller, &a.Key, &a.Request, &a.Status, &a.Header, &sealed, micros(&a.Expires)}
	}, caller, key)
	if err != nil {
		return a, err
	}
	body, err := tx.unseal(answerBody, sealed, caller, key)
	a.Body = []byte(body)
	return a, err
}

// InsertAnswer adds an answer. It reports Conflict where there is one.
func (tx *Tx) InsertAnswer(a access.Answer) error {
	sealed, err := tx.seal(answerBody, string(a.Body), a.Caller, a.Key)
	if err != nil {
		return err
	}
	_, err = tx.exec(qInsertAnswer, a.Caller, a.Key, a.Request, a.Status, a.Header, sealed, a.Expires)
	return err
}

// SaveAnswer keeps what an answer says, if it is there.
func (tx *Tx) SaveAnswer(a access.Answer) error {
	sealed, err := tx.seal(answerBody, string(a.Body), a.Caller, a.Key)
	if err != nil {
		return err
	}
	_, err = tx.exec(qSaveAnswer, a.Caller, a.Key, a.Status, a.Header, sealed)
	return err
}

// DeleteAnswer forgets an answer, if it is there.
func (tx *Tx) DeleteAnswer(caller, key string) error {
	_, err := tx.exec(qDeleteAnswer, caller, key)
	return err
}

// forgettingPrograms are the statements that remove what has expired, the oldest
// first.
var forgettingPrograms = []*statement{
	query("access_token.forget", `DELETE FROM access_token WHERE digest IN
		(SELECT digest FROM access_token WHERE expires_us <= $1 ORDER BY expires_us LIMIT $2)`),
	query("access_answer.forget", `DELETE FROM access_answer WHERE (caller, key) IN
		(SELECT caller, key FROM access_answer WHERE expires_us <= $1 ORDER BY expires_us LIMIT $2)`),
}

// ForgetAccess removes tokens and answers that expired at or before now, at most
// limit of each.
func (tx *Tx) ForgetAccess(now time.Time, limit int) error {
	for _, q := range forgettingPrograms {
		if _, err := tx.exec(q, now, limit); err != nil {
			return err
		}
	}
	return nil
}

const serviceTokenColumns = "digest, id, name, scopes, made_by, created_us, expires_us, used_us"

var (
	qServiceToken       = query("service_token.get", "SELECT "+serviceTokenColumns+" FROM service_token WHERE digest = $1")
	qServiceTokens      = query("service_token.list", "SELECT "+serviceTokenColumns+" FROM service_token ORDER BY created_us DESC, id DESC")
	qInsertServiceToken = query("service_token.insert", "INSERT INTO service_token ("+serviceTokenColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
	qTouchServiceToken  = query("service_token.touch", "UPDATE service_token SET used_us = $2 WHERE digest = $1")
	qDeleteServiceToken = query("service_token.delete", "DELETE FROM service_token WHERE digest = $1")
)

// serviceTokenRow is a token of a service with its scopes as one text.
type serviceTokenRow struct {
	access.ServiceToken
	scopes string
}

func serviceTokenRowOf(t *serviceTokenRow) []any {
	return []any{&t.Digest, &t.ID, &t.Name, &t.scopes, (*string)(&t.MadeBy), micros(&t.Created), micros(&t.Expires), micros(&t.Used)}
}

func (t *serviceTokenRow) token() access.ServiceToken {
	t.Scopes = scopesOf(t.scopes)
	return t.ServiceToken
}

// scopesOf reads scopes with a space between two.
func scopesOf(text string) (out []access.Scope) {
	for s := range strings.FieldsSeq(text) {
		out = append(out, access.Scope(s))
	}
	return out
}

// scopesText is what scopesOf reads.
func scopesText(scopes []access.Scope) string {
	names := make([]string, len(scopes))
	for i, s := range scopes {
		names[i] = string(s)
	}
	return strings.Join(names, " ")
}

// ServiceToken returns the token of a service with a digest.
func (tx *Tx) ServiceToken(d identity.Digest) (access.ServiceToken, error) {
	row, err := one(tx, qServiceToken, serviceTokenRowOf, string(d))
	return row.token(), err
}

// ServiceTokens returns the tokens of services, newest first, expired ones too.
func (tx *Tx) ServiceTokens() ([]access.ServiceToken, error) {
	rows, err := all(tx, qServiceTokens, serviceTokenRowOf)
	out := make([]access.ServiceToken, 0, len(rows))
	for i := range rows {
		out = append(out, rows[i].token())
	}
	return out, err
}

// InsertServiceToken adds a token of a service.
func (tx *Tx) InsertServiceToken(t access.ServiceToken) error {
	_, err := tx.exec(qInsertServiceToken, string(t.Digest), t.ID, t.Name, scopesText(t.Scopes), t.MadeBy, t.Created, t.Expires, t.Used)
	return err
}

// TouchServiceToken notes the use of a token; one that was revoked stays revoked.
func (tx *Tx) TouchServiceToken(d identity.Digest, used time.Time) error {
	_, err := tx.exec(qTouchServiceToken, string(d), used)
	return err
}

// DeleteServiceToken revokes a token.
func (tx *Tx) DeleteServiceToken(d identity.Digest) error {
	_, err := tx.exec(qDeleteServiceToken, string(d))
	return err
}

const feedColumns = "digest, id, person, team, holidays, created_us, used_us, content, changed_us"

var (
	qFeed       = query("feed.get", "SELECT "+feedColumns+" FROM feed WHERE digest = $1")
	qFeedsOf    = query("feed.of", "SELECT "+feedColumns+" FROM feed WHERE person = $1 ORDER BY created_us DESC, id DESC")
	qFeeds      = query("feed.all", "SELECT "+feedColumns+" FROM feed ORDER BY created_us DESC, id DESC")
	qInsertFeed = query("feed.insert", "INSERT INTO feed ("+feedColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
	qTouchFeed  = query("feed.touch", "UPDATE feed SET used_us = $2, content = $3, changed_us = $4 WHERE digest = $1")
	qDeleteFeed = query("feed.delete", "DELETE FROM feed WHERE digest = $1")
)

func feedRow(f *access.Feed) []any {
	return []any{&f.Digest, &f.ID, &f.Person, &f.Team, &f.Holidays, micros(&f.Created), micros(&f.Used), &f.Content, micros(&f.Changed)}
}

// Feed returns the calendar feed with a digest.
func (tx *Tx) Feed(d identity.Digest) (access.Feed, error) { return one(tx, qFeed, feedRow, string(d)) }

// FeedsOf returns a person's feeds, newest first.
func (tx *Tx) FeedsOf(id people.ID) ([]access.Feed, error) { return all(tx, qFeedsOf, feedRow, id) }

// Feeds returns everybody's feeds, newest first.
func (tx *Tx) Feeds() ([]access.Feed, error) { return all(tx, qFeeds, feedRow) }

// InsertFeed adds a feed.
func (tx *Tx) InsertFeed(f access.Feed) error {
	_, err := tx.exec(qInsertFeed, string(f.Digest), f.ID, f.Person, f.Team, number(f.Holidays), f.Created, f.Used, f.Content, f.Changed)
	return err
}

// TouchFeed notes that a feed was fetched and what was in it; one that was revoked stays revoked.
func (tx *Tx) TouchFeed(d identity.Digest, used time.Time, content string, changed time.Time) error {
	_, err := tx.exec(qTouchFeed, string(d), used, content, changed)
	return err
}

// DeleteFeed revokes a feed.
func (tx *Tx) DeleteFeed(d identity.Digest) error {
	_, err := tx.exec(qDeleteFeed, string(d))
	return err
}
