// SPDX-License-Identifier: Apache-2.0

package store

import (
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/identity/openid"
	"verlof/people"
)

const grantColumns = "id, client, person, session, scope, claims, methods, level, auth_us, made_us, expires_us, used_us, sender_key, means, provider"

var (
	qGrant       = query("client_grant.get", "SELECT "+grantColumns+" FROM client_grant WHERE id = $1")
	qGrantsIn    = query("client_grant.in", "SELECT "+grantColumns+" FROM client_grant WHERE session = $1 AND session <> '' ORDER BY made_us, id")
	qGrantsOf    = query("client_grant.of", "SELECT "+grantColumns+" FROM client_grant WHERE person = $1 ORDER BY made_us, id")
	qGrantsTo    = query("client_grant.with", "SELECT "+grantColumns+" FROM client_grant WHERE client = $1 ORDER BY made_us, id")
	qAddGrant    = query("client_grant.insert", "INSERT INTO client_grant ("+grantColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)")
	qSaveGrant   = query("client_grant.save", "UPDATE client_grant SET session = $1, scope = $2, expires_us = $3, used_us = $4, sender_key = $5 WHERE id = $6")
	qDeleteGrant = query("client_grant.delete", "DELETE FROM client_grant WHERE id = $1")
)

func grantRow(g *openid.Grant) []any {
	return []any{&g.ID, &g.Client, &g.Person, &g.Session, &g.Scope, &g.Claims, &g.Methods, &g.Level,
		microsOrZero(&g.Auth), micros(&g.Made), micros(&g.Expires), micros(&g.Used), &g.Key, &g.Means, &g.Provider}
}

// Grant returns what was granted under an id. It reports NotFound.
func (tx *Tx) Grant(id string) (openid.Grant, error) { return one(tx, qGrant, grantRow, id) }

// GrantsIn returns what was granted in a session, oldest first.
func (tx *Tx) GrantsIn(session string) ([]openid.Grant, error) {
	return all(tx, qGrantsIn, grantRow, session)
}

// GrantsOf returns what a person granted, oldest first.
func (tx *Tx) GrantsOf(person people.ID) ([]openid.Grant, error) {
	return all(tx, qGrantsOf, grantRow, person)
}

// GrantsWith returns what a client was granted, oldest first.
func (tx *Tx) GrantsWith(client string) ([]openid.Grant, error) {
	return all(tx, qGrantsTo, grantRow, client)
}

// AddGrant adds a grant.
func (tx *Tx) AddGrant(g openid.Grant) error {
	_, err := tx.exec(qAddGrant, g.ID, g.Client, g.Person, g.Session, string(g.Scope), g.Claims, g.Methods, g.Level, zeroed(g.Auth), g.Made, g.Expires, g.Used, g.Key,
		string(g.Means), g.Provider)
	return err
}

// SaveGrant replaces what may change of a grant. It reports NotFound where somebody ended it.
func (tx *Tx) SaveGrant(g openid.Grant) error {
	n, err := tx.exec(qSaveGrant, g.Session, string(g.Scope), g.Expires, g.Used, g.Key, g.ID)
	if err == nil && n == 0 {
		err = errs.New(errs.NotFound, "")
	}
	return err
}

// DeleteGrant removes a grant with its codes and refresh tokens.
func (tx *Tx) DeleteGrant(id string) error {
	_, err := tx.exec(qDeleteGrant, id)
	return err
}

var (
	qCode     = query("client_code.get", "SELECT digest, grant_id, redirect, challenge, nonce, expires_us, used_us, sender_key FROM client_code WHERE digest = $1")
	qSaveCode = query("client_code.save", `INSERT INTO client_code (digest, grant_id, redirect, challenge, nonce, expires_us, used_us, sender_key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (digest) DO UPDATE SET used_us = excluded.used_us`)
	qRefreshToken     = query("refresh_token.get", "SELECT digest, grant_id, expires_us, used_us FROM refresh_token WHERE digest = $1")
	qSaveRefreshToken = query("refresh_token.save", `INSERT INTO refresh_token (digest, grant_id, expires_us, used_us) VALUES ($1, $2, $3, $4)
		ON CONFLICT (digest) DO UPDATE SET used_us = excluded.used_us`)
)

// Code returns an authorization code by its digest. It reports NotFound.
func (tx *Tx) Code(d identity.Digest) (openid.Code, error) {
	return one(tx, qCode, func(c *openid.Code) []any {
		return []any{&c.Digest, &c.Grant, &c.Redirect, &c.Challenge, &c.Nonce, micros(&c.Expires), micros(&c.Used), &c.Key}
	}, string(d))
}

// SaveCode adds a code or notes its use.
func (tx *Tx) SaveCode(c openid.Code) error {
	_, err := tx.exec(qSaveCode, string(c.Digest), c.Grant, c.Redirect, c.Challenge, c.Nonce, c.Expires, c.Used, c.Key)
	return err
}

// RefreshToken returns a refresh token by its digest. It reports NotFound.
func (tx *Tx) RefreshToken(d identity.Digest) (openid.RefreshToken, error) {
	return one(tx, qRefreshToken, func(t *openid.RefreshToken) []any {
		return []any{&t.Digest, &t.Grant, micros(&t.Expires), micros(&t.Used)}
	}, string(d))
}

// SaveRefreshToken adds a refresh token or notes its use.
func (tx *Tx) SaveRefreshToken(t openid.RefreshToken) error {
	_, err := tx.exec(qSaveRefreshToken, string(t.Digest), t.Grant, t.Expires, t.Used)
	return err
}

const deviceRequestColumns = "digest, user_code, client, scope, state, grant_id, polled_us, expires_us"

var (
	qDeviceRequest     = query("device_request.get", "SELECT "+deviceRequestColumns+" FROM device_request WHERE digest = $1")
	qDeviceRequestOf   = query("device_request.by_code", "SELECT "+deviceRequestColumns+" FROM device_request WHERE user_code = $1")
	qSaveDeviceRequest = query("device_request.save", "INSERT INTO device_request ("+deviceRequestColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (digest) DO UPDATE SET state = excluded.state, grant_id = excluded.grant_id, polled_us = excluded.polled_us`)
	qDeleteDeviceRequest = query("device_request.delete", "DELETE FROM device_request WHERE digest = $1")
)

func deviceRequestRow(r *openid.DeviceRequest) []any {
	return []any{&r.Digest, &r.UserCode, &r.Client, &r.Scope, &r.State, &r.Grant, micros(&r.Polled), micros(&r.Expires)}
}

// DeviceRequest returns a device's request by the digest of its code. It reports
// NotFound.
func (tx *Tx) DeviceRequest(d identity.Digest) (openid.DeviceRequest, error) {
	return one(tx, qDeviceRequest, deviceRequestRow, string(d))
}

// DeviceRequestOf returns a device's request by the digest of the code that a person
// types. It reports NotFound.
func (tx *Tx) DeviceRequestOf(userCode identity.Digest) (openid.DeviceRequest, error) {
	return one(tx, qDeviceRequestOf, deviceRequestRow, string(userCode))
}

// SaveDeviceRequest adds a device's request or replaces what became of it.
func (tx *Tx) SaveDeviceRequest(r openid.DeviceRequest) error {
	_, err := tx.exec(qSaveDeviceRequest, string(r.Digest), string(r.UserCode), r.Client, string(r.Scope), string(r.State), r.Grant, r.Polled, r.Expires)
	return err
}

// DeleteDeviceRequest removes a device's request.
func (tx *Tx) DeleteDeviceRequest(d identity.Digest) error {
	_, err := tx.exec(qDeleteDeviceRequest, string(d))
	return err
}

var (
	qPushed     = query("pushed_request.get", "SELECT digest, client, request, taken, expires_us FROM pushed_request WHERE digest = $1")
	qSavePushed = query("pushed_request.save", `INSERT INTO pushed_request (digest, client, request, taken, expires_us) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (digest) DO UPDATE SET request = excluded.request`)
	qDeletePushed = query("pushed_request.delete", "DELETE FROM pushed_request WHERE digest = $1")
)

// Pushed returns a pushed request by the digest of its name. It reports NotFound.
func (tx *Tx) Pushed(name identity.Digest) (openid.Pushed, error) {
	return one(tx, qPushed, func(r *openid.Pushed) []any {
		return []any{&r.Digest, &r.Client, &r.Request, &r.Taken, micros(&r.Expires)}
	}, string(name))
}

// SavePushed adds a pushed request or replaces what it asks for.
func (tx *Tx) SavePushed(r openid.Pushed) error {
	_, err := tx.exec(qSavePushed, string(r.Digest), r.Client, r.Request, number(r.Taken), r.Expires)
	return err
}

// DeletePushed removes a pushed request.
func (tx *Tx) DeletePushed(name identity.Digest) error {
	_, err := tx.exec(qDeletePushed, string(name))
	return err
}

// What the provider forgets: what ended, the oldest first.
var forgettingGrants = []*statement{
	query("client_grant.forget", "DELETE FROM client_grant WHERE id IN (SELECT id FROM client_grant WHERE expires_us <= $1 ORDER BY expires_us LIMIT $2)"),
	query("device_request.forget", "DELETE FROM device_request WHERE digest IN (SELECT digest FROM device_request WHERE expires_us <= $1 ORDER BY expires_us LIMIT $2)"),
	query("pushed_request.forget", "DELETE FROM pushed_request WHERE digest IN (SELECT digest FROM pushed_request WHERE expires_us <= $1 ORDER BY expires_us LIMIT $2)"),
	query("proof_used.forget", "DELETE FROM proof_used WHERE digest IN (SELECT digest FROM proof_used WHERE expires_us <= $1 ORDER BY expires_us LIMIT $2)"),
}

var qUseProof = query("proof_used.insert", "INSERT INTO proof_used (digest, expires_us) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING")

// UseProof keeps a proof that counts once. It reports Conflict where it is there.
func (tx *Tx) UseProof(d identity.Digest, until time.Time) error {
	n, err := tx.exec(qUseProof, string(d), until)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "")
	}
	return err
}

// ForgetGrants removes grants, requests and proofs that ended at or before now, at
// most limit of each.
func (tx *Tx) ForgetGrants(now time.Time, limit int) error {
	for _, q := range forgettingGrants {
		if _, err := tx.exec(q, now, limit); err != nil {
			return err
		}
	}
	return nil
}
