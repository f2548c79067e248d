// SPDX-License-Identifier: Apache-2.0

package store

import (
	"strings"

	"verlof/identity"
	"verlof/identity/sso"
	"verlof/people"
)

// SSO returns the database as sign-in with the customer's own providers sees it.
func (db *DB) SSO() sso.Store {
	return Access[func(sso.Tx) error]{db, func(f func(sso.Tx) error, tx *Tx) error { return f(tx) }}
}

const ssoProviderColumns = "id, name, issuer, client, secret, domains, unsaid, two_factors, levels, group_claim, scopes, joins, location, enabled, made_us, made_by, bureau, kind, target, certificates, source, subject, unasked, sign_out"

var (
	qSSOProviders    = query("sso_provider.list", "SELECT "+ssoProviderColumns+" FROM sso_provider WHERE bureau = 0 ORDER BY name, id")
	qSSOProvider     = query("sso_provider.get", "SELECT "+ssoProviderColumns+" FROM sso_provider WHERE id = $1")
	qSaveSSOProvider = query("sso_provider.save", "INSERT INTO sso_provider ("+ssoProviderColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, $17, $18, $19, $20, $21, $22, $23) ON CONFLICT (id) DO UPDATE SET
		name = excluded.name, issuer = excluded.issuer, client = excluded.client, secret = excluded.secret, domains = excluded.domains,
		unsaid = excluded.unsaid, two_factors = excluded.two_factors, levels = excluded.levels, group_claim = excluded.group_claim, scopes = excluded.scopes,
		joins = excluded.joins, location = excluded.location, enabled = excluded.enabled, target = excluded.target, certificates = excluded.certificates,
		source = excluded.source, subject = excluded.subject, unasked = excluded.unasked, sign_out = excluded.sign_out`)
	qDeleteSSOProvider = query("sso_provider.delete", "DELETE FROM sso_provider WHERE id = $1")
	qProvidersOn       = query("sso_provider.on", "SELECT COUNT(*) FROM sso_provider WHERE enabled = 1 AND bureau = 0")

	qSSORules       = query("sso_rule.of", "SELECT name, role, team FROM sso_rule WHERE provider = $1 ORDER BY place")
	qDeleteSSORules = query("sso_rule.delete", "DELETE FROM sso_rule WHERE provider = $1")
	qInsertSSORule  = query("sso_rule.insert", "INSERT INTO sso_rule (provider, place, name, role, team) VALUES ($1, $2, $3, $4, $5)")
)

// ssoSecret is bound to whose secret it is and where it is sent: a row that is given
// another issuer tells it nothing.
var ssoSecret = sealed("sso_provider", "secret", "id", "issuer", "client")

// ssoRow is a provider with the columns whose Go form is not their SQL form.
type ssoRow struct {
	sso.Provider
	domains, levels, scopes, certificates string
}

func ssoRowOf(r *ssoRow) []any {
	return []any{&r.ID, &r.Name, &r.Issuer, &r.ClientID, &r.Secret, &r.domains, &r.Unsaid, &r.Both, &r.levels, &r.Groups, &r.scopes,
		&r.Joins, &r.Location, &r.On, micros(&r.Made), &r.MadeBy, &r.Bureau, &r.Kind, &r.Target, &r.certificates, &r.Source, &r.Subject, &r.Unasked, &r.SignOut}
}

// ssoProvider completes a row: the secret opened, and the rules.
func (tx *Tx) ssoProvider(r ssoRow) (p sso.Provider, err error) {
	p = r.Provider
	p.Domains, p.Levels, p.Scopes = strings.Fields(r.domains), strings.Fields(r.levels), strings.Fields(r.scopes)
	p.Certificates = strings.Fields(r.certificates)
	if p.Secret != "" {
		if p.Secret, err = tx.unseal(ssoSecret, p.Secret, p.ID, p.Issuer, p.ClientID); err != nil {
			return sso.Provider{}, err
		}
	}
	type rule struct{ group, role, team string }
	rules, err := all(tx, qSSORules, func(r *rule) []any { return []any{&r.group, &r.role, &r.team} }, p.ID)
	for _, r := range rules {
		role, _ := people.ParseRole(r.role) // none for a team
		p.Rules = append(p.Rules, sso.Rule{Group: r.group, Role: role, Team: r.team})
	}
	return p, err
}

// SSOProviders returns the customer's own providers, by name.
func (tx *Tx) SSOProviders() ([]sso.Provider, error) {
	rows, err := all(tx, qSSOProviders, ssoRowOf)
	var list []sso.Provider
	for _, r := range rows {
		p, err := tx.ssoProvider(r)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, err
}

// SSOProvider returns a provider of the customer's own. It reports NotFound.
func (tx *Tx) SSOProvider(id string) (sso.Provider, error) {
	r, err := one(tx, qSSOProvider, ssoRowOf, id)
	if err != nil {
		return sso.Provider{}, err
	}
	return tx.ssoProvider(r)
}

// ProvidersOn returns how many of the customer's own providers are on.
func (tx *Tx) ProvidersOn() (int, error) { return one(tx, qProvidersOn, value[int]) }

// SaveSSOProvider adds a provider or replaces it, its secret sealed, with its rules.
func (tx *Tx) SaveSSOProvider(p sso.Provider) (err error) {
	secret := ""
	if p.Secret != "" {
		if secret, err = tx.seal(ssoSecret, p.Secret, p.ID, p.Issuer, p.ClientID); err != nil {
			return err
		}
	}
	_, err = tx.exec(qSaveSSOProvider, p.ID, p.Name, p.Issuer, p.ClientID, secret, lines(p.Domains), number(p.Unsaid), number(p.Both),
		lines(p.Levels), p.Groups, lines(p.Scopes), number(p.Joins), p.Location, number(p.On), p.Made, string(p.MadeBy),
		string(p.Kind), p.Target, lines(p.Certificates), p.Source, p.Subject, number(p.Unasked), number(p.SignOut))
	if err != nil {
		return err
	}
	if _, err := tx.exec(qDeleteSSORules, p.ID); err != nil {
		return err
	}
	for i, r := range p.Rules {
		if _, err := tx.exec(qInsertSSORule, p.ID, i, r.Group, strings.Join(r.Role.Names(), ""), r.Team); err != nil {
			return err
		}
	}
	return nil
}

func lines(list []string) string { return strings.Join(list, "\n") }

// DeleteSSOProvider removes a provider with all that hangs on it.
func (tx *Tx) DeleteSSOProvider(id string) error {
	_, err := tx.exec(qDeleteSSOProvider, id)
	return err
}

const ssoLinkColumns = "provider, subject, person, email, roles, teams, made_us, used_us"

var (
	qSSOLink     = query("sso_link.get", "SELECT "+ssoLinkColumns+" FROM sso_link WHERE provider = $1 AND subject = $2")
	qSSOLinksOf  = query("sso_link.of", "SELECT "+ssoLinkColumns+" FROM sso_link WHERE person = $1 ORDER BY provider")
	qSSOLinks    = query("sso_link.list", "SELECT "+ssoLinkColumns+" FROM sso_link WHERE provider = $1 ORDER BY person")
	qSaveSSOLink = query("sso_link.save", "INSERT INTO sso_link ("+ssoLinkColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (provider, subject) DO UPDATE SET email = excluded.email, roles = excluded.roles, teams = excluded.teams, used_us = excluded.used_us`)
	qDeleteSSOLink = query("sso_link.delete", "DELETE FROM sso_link WHERE provider = $1 AND subject = $2")
)

// ssoLinkRow is a link with the columns whose Go form is not their SQL form.
type ssoLinkRow struct {
	sso.Link
	roles, teams string
}

func ssoLinkRowOf(r *ssoLinkRow) []any {
	return []any{&r.Provider, &r.Subject, &r.Person, &r.Email, &r.roles, &r.teams, micros(&r.Made), micros(&r.Used)}
}

func (r ssoLinkRow) link() sso.Link {
	l := r.Link
	for _, name := range strings.Fields(r.roles) {
		role, _ := people.ParseRole(name) // a role that there is no more gives nothing
		l.Roles |= role
	}
	l.Teams = strings.Fields(r.teams)
	return l
}

// SSOLink returns who a subject of a provider is here. It reports NotFound.
func (tx *Tx) SSOLink(provider, subject string) (sso.Link, error) {
	r, err := one(tx, qSSOLink, ssoLinkRowOf, provider, subject)
	return r.link(), err
}

// SSOLinksOf returns what a person is at providers.
func (tx *Tx) SSOLinksOf(person people.ID) ([]sso.Link, error) {
	return tx.ssoLinks(qSSOLinksOf, string(person))
}

// SSOLinks returns who has signed in with a provider.
func (tx *Tx) SSOLinks(provider string) ([]sso.Link, error) { return tx.ssoLinks(qSSOLinks, provider) }

func (tx *Tx) ssoLinks(q *statement, of string) ([]sso.Link, error) {
	var list []sso.Link
	err := each(tx, q, ssoLinkRowOf, func(r *ssoLinkRow) error {
		list = append(list, r.link())
		return nil
	}, of)
	return list, err
}

// SaveSSOLink adds a link or replaces what may change of it. It reports Conflict where the
// person is linked already.
func (tx *Tx) SaveSSOLink(l sso.Link) error {
	_, err := tx.exec(qSaveSSOLink, l.Provider, l.Subject, string(l.Person), l.Email, lines(l.Roles.Names()), lines(l.Teams), l.Made, l.Used)
	return err
}

// DeleteSSOLink has a subject of a provider be nobody here.
func (tx *Tx) DeleteSSOLink(provider, subject string) error {
	_, err := tx.exec(qDeleteSSOLink, provider, subject)
	return err
}

var (
	qSSOFlow       = query("sso_flow.get", "SELECT digest, browser, provider, purpose, person, next, expires_us, request, answer FROM sso_flow WHERE digest = $1")
	qInsertSSOFlow = query("sso_flow.insert", "INSERT INTO sso_flow (digest, browser, provider, purpose, person, next, expires_us, request) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
	qAnswerSSOFlow = query("sso_flow.answer", "UPDATE sso_flow SET answer = $2 WHERE digest = $1 AND answer = ''")
	qDeleteSSOFlow = query("sso_flow.delete", "DELETE FROM sso_flow WHERE digest = $1")
)

// SSOFlow returns a question to a provider. It reports NotFound.
func (tx *Tx) SSOFlow(d identity.Digest) (sso.Flow, error) {
	return one(tx, qSSOFlow, func(f *sso.Flow) []any {
		return []any{&f.Digest, &f.Browser, &f.Provider, &f.Purpose, &f.Person, &f.Next, micros(&f.Expires), &f.Request, &f.Answer}
	}, string(d))
}

// InsertSSOFlow adds a question to a provider.
func (tx *Tx) InsertSSOFlow(f sso.Flow) error {
	_, err := tx.exec(qInsertSSOFlow, string(f.Digest), string(f.Browser), f.Provider, string(f.Purpose), string(f.Person), f.Next, f.Expires, f.Request)
	return err
}

// DeleteSSOFlow removes a question, answered or not.
func (tx *Tx) DeleteSSOFlow(d identity.Digest) error {
	_, err := tx.exec(qDeleteSSOFlow, string(d))
	return err
}
