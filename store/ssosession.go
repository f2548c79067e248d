// SPDX-License-Identifier: Apache-2.0

package store

import "verlof/identity/sso"

const ssoSessionColumns = "session, provider, subject, theirs, hint, expires_us"

var (
	qSSOSession     = query("sso_session.get", "SELECT "+ssoSessionColumns+" FROM sso_session WHERE session = $1")
	qSSOSessions    = query("sso_session.of", "SELECT "+ssoSessionColumns+" FROM sso_session WHERE provider = $1 AND ($2 = '' OR subject = $2) AND ($3 = '' OR theirs = $3) ORDER BY session")
	qSaveSSOSession = query("sso_session.save", "INSERT INTO sso_session ("+ssoSessionColumns+`) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (session) DO UPDATE SET provider = excluded.provider, subject = excluded.subject, theirs = excluded.theirs, hint = excluded.hint, expires_us = excluded.expires_us`)
	qDeleteSSOSession = query("sso_session.delete", "DELETE FROM sso_session WHERE session = $1")
)

// ssoHint is bound to the session that it belongs to.
var ssoHint = sealed("sso_session", "hint", "session")

func ssoSessionRow(s *sso.SessionThere) []any {
	return []any{&s.Session, &s.Provider, &s.Subject, &s.Theirs, &s.Hint, micros(&s.Expires)}
}

// SSOSession returns what goes with a session at a provider. It reports NotFound.
func (tx *Tx) SSOSession(session string) (sso.SessionThere, error) {
	s, err := one(tx, qSSOSession, ssoSessionRow, session)
	if err == nil && s.Hint != "" {
		s.Hint, err = tx.unseal(ssoHint, s.Hint, s.Session)
	}
	return s, err
}

// SSOSessions returns the sessions that go with a subject at a provider, or with a session
// there, or with both; without their hints.
func (tx *Tx) SSOSessions(provider, subject, theirs string) ([]sso.SessionThere, error) {
	list, err := all(tx, qSSOSessions, ssoSessionRow, provider, subject, theirs)
	for i := range list {
		list[i].Hint = ""
	}
	return list, err
}

// SaveSSOSession adds what goes with a session at a provider, its hint sealed, or replaces it.
func (tx *Tx) SaveSSOSession(s sso.SessionThere) (err error) {
	hint := ""
	if s.Hint != "" {
		if hint, err = tx.seal(ssoHint, s.Hint, s.Session); err != nil {
			return err
		}
	}
	_, err = tx.exec(qSaveSSOSession, s.Session, s.Provider, s.Subject, s.Theirs, hint, s.Expires)
	return err
}
