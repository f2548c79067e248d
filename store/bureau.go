// SPDX-License-Identifier: Apache-2.0

package store

import (
	"cmp"
	"strings"

	"verlof/identity/bureau"
	"verlof/identity/sso"
	"verlof/internal/order"
	"verlof/people"
)

// Bureaus returns the database as the admission of bureaus sees it.
func (db *DB) Bureaus() bureau.Store {
	return Access[func(bureau.Tx) error]{db, func(f func(bureau.Tx) error, tx *Tx) error { return f(tx) }}
}

const (
	guestColumns = `p.id, p.given_name, p.family_name, p.language, p.active, b.id, b.name, b.host, b.site, b.roles, b.state, b.ends_us, l.email
		FROM person p JOIN bureau b ON b.id = p.bureau LEFT JOIN sso_link l ON l.person = p.id`
	bureauColumns = `id, host, firm, name, site, roles, everybody, mails, reason, until_date, ends_us, state, made_us, made_by,
		answered_us, ended_us, ended_by, version`
	servedColumns = `id, customer, name, site, roles, custom, everybody, mails, reason, until_date, ends_us, state, version,
		sends_all, chosen, answered_us, answered_by`
)

var (
	qGuest     = query("guest.get", "SELECT "+guestColumns+" WHERE p.id = $1")
	qGuests    = query("guest.list", "SELECT "+guestColumns)
	qGuestsOf  = query("guest.of", "SELECT "+guestColumns+" WHERE p.bureau = $1")
	qSaveGuest = query("guest.save", `INSERT INTO person (id, given_name, family_name, language, roles, active, born, kept, bureau)
		VALUES ($1, $2, $3, $4, '', 1, $5, 0, $6) ON CONFLICT (id) DO UPDATE SET given_name = excluded.given_name,
		family_name = excluded.family_name, language = excluded.language`)
	qGuestBySubject = query("guest.by_subject", "SELECT person FROM sso_link WHERE provider = $1 AND subject = $2")
	qSubjectOf      = query("guest.subject", "SELECT subject FROM sso_link WHERE person = $1")

	qBureau     = query("bureau.get", "SELECT "+bureauColumns+" FROM bureau WHERE id = $1")
	qBureaus    = query("bureau.list", "SELECT "+bureauColumns+" FROM bureau ORDER BY made_us DESC, id DESC")
	qSaveBureau = query("bureau.save", "INSERT INTO bureau ("+bureauColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT (id) DO UPDATE SET
		firm = excluded.firm, name = excluded.name, site = excluded.site, roles = excluded.roles, everybody = excluded.everybody,
		mails = excluded.mails, reason = excluded.reason, until_date = excluded.until_date, ends_us = excluded.ends_us, state = excluded.state,
		answered_us = excluded.answered_us, ended_us = excluded.ended_us, ended_by = excluded.ended_by, version = excluded.version`)
	qSaveBureauProvider = query("sso_provider.save_bureau", "INSERT INTO sso_provider ("+ssoProviderColumns+`)
		VALUES ($1, $2, $3, $1, '', '', 0, 1, '', '', '', 0, '', $4, $5, $6, 1, '', '', '', '', '', 0, 0) ON CONFLICT (id) DO UPDATE SET
		name = excluded.name, issuer = excluded.issuer, enabled = excluded.enabled`)
	qAddVisit = query("bureau_visit.insert", "INSERT INTO bureau_visit (id, bureau, person, at_us) VALUES ($1, $2, $3, $4)")
	qVisits   = query("bureau_visit.of", "SELECT id, bureau, person, at_us FROM bureau_visit WHERE bureau = $1 ORDER BY id DESC LIMIT $2")

	qServed     = query("served.get", "SELECT "+servedColumns+" FROM served WHERE id = $1")
	qAllServed  = query("served.list", "SELECT "+servedColumns+" FROM served ORDER BY name, id")
	qServing    = query("served.any", "SELECT COUNT(*) FROM served WHERE state = 'accepted'")
	qSaveServed = query("served.save", "INSERT INTO served ("+servedColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (id) DO UPDATE SET
		name = excluded.name, site = excluded.site, roles = excluded.roles, custom = excluded.custom, everybody = excluded.everybody,
		mails = excluded.mails, reason = excluded.reason, until_date = excluded.until_date, ends_us = excluded.ends_us, state = excluded.state,
		version = excluded.version, sends_all = excluded.sends_all, chosen = excluded.chosen,
		answered_us = excluded.answered_us, answered_by = excluded.answered_by`)
)

// guestRow is somebody of a bureau.
type guestRow struct {
	people.Person
	bureau             people.Bureau
	active             int64
	host, roles, state string
}

func guestRowColumns(g *guestRow) []any {
	return []any{(*string)(&g.ID), &g.GivenName, &g.FamilyName, &g.Language, &g.active, &g.bureau.ID, &g.bureau.Name, &g.host, &g.bureau.Site,
		&g.roles, &g.state, micros(&g.bureau.Ends), optional(&g.bureau.Mail)}
}

// person returns the guest: what they may do, and whether, is the bureau's.
func (g *guestRow) person() people.Person {
	p, b := g.Person, g.bureau
	b.Name = cmp.Or(b.Name, g.host)
	p.Bureau, p.Active = &b, g.active != 0 && bureau.State(g.state) == bureau.Accepted
	p.Roles, p.Custom = parseHeld(g.roles)
	return p
}

func (tx *Tx) guest(id people.ID) (people.Person, error) {
	g, err := one(tx, qGuest, guestRowColumns, string(id))
	return g.person(), err
}

// Guests returns the people of bureaus, by name.
func (tx *Tx) Guests() ([]people.Person, error) { return tx.guests(qGuests) }

// GuestsOf returns the people of a bureau, by name.
func (tx *Tx) GuestsOf(admission string) ([]people.Person, error) {
	return tx.guests(qGuestsOf, admission)
}

func (tx *Tx) guests(q *statement, args ...any) ([]people.Person, error) {
	var out []people.Person
	err := each(tx, q, guestRowColumns, func(g *guestRow) error {
		out = append(out, g.person())
		return nil
	}, args...)
	order.By(out, func(a, b people.Person) int {
		return cmp.Or(cmp.Compare(a.SortName(), b.SortName()), cmp.Compare(a.ID, b.ID))
	})
	return out, err
}

// SaveGuest adds somebody of a bureau, or replaces their name and language.
func (tx *Tx) SaveGuest(p people.Person) error {
	return tx.change(qSaveGuest, string(p.ID), p.GivenName, p.FamilyName, p.Language, p.Born, p.Bureau.ID)
}

// GuestOf returns who somebody of a bureau is, by the name that its provider has for them. It
// reports NotFound.
func (tx *Tx) GuestOf(admission, subject string) (people.ID, error) {
	id, err := one(tx, qGuestBySubject, value[string], admission, subject)
	return people.ID(id), err
}

// SubjectOf returns the name that a provider has for a person. It reports NotFound.
func (tx *Tx) SubjectOf(person people.ID) (string, error) {
	return one(tx, qSubjectOf, value[string], string(person))
}

// bureauRow is an admission with the columns whose Go form is not their SQL form.
type bureauRow struct {
	bureau.Admission
	roles, mails string
}

func bureauRowColumns(r *bureauRow) []any {
	return []any{&r.ID, &r.Host, &r.Firm, &r.Name, &r.Site, &r.roles, &r.Whom.All, &r.mails, &r.Reason, text(&r.Until), micros(&r.Ends),
		(*string)(&r.State), micros(&r.Made), (*string)(&r.MadeBy), micros(&r.Answered), micros(&r.Ended), (*string)(&r.EndedBy), &r.Version}
}

func (r *bureauRow) admission() bureau.Admission {
	a := r.Admission
	a.Roles, a.Custom = parseHeld(r.roles)
	a.Whom.Mails = strings.Fields(r.mails)
	return a
}

// Admission returns an admission. It reports NotFound.
func (tx *Tx) Admission(id string) (bureau.Admission, error) {
	r, err := one(tx, qBureau, bureauRowColumns, id)
	return r.admission(), err
}

// Admissions returns all of them, latest first.
func (tx *Tx) Admissions() ([]bureau.Admission, error) {
	var out []bureau.Admission
	err := each(tx, qBureaus, bureauRowColumns, func(r *bureauRow) error {
		out = append(out, r.admission())
		return nil
	})
	return out, err
}

// SaveAdmission adds or replaces an admission, and keeps the provider of one that was
// answered.
func (tx *Tx) SaveAdmission(a bureau.Admission) error {
	held := people.Person{Roles: a.Roles, Custom: a.Custom}
	err := tx.change(qSaveBureau, a.ID, a.Host, a.Firm, a.Name, a.Site, strings.Join(held.Held(), " "), number(a.Whom.All), lines(a.Whom.Mails),
		a.Reason, a.Until, a.Ends, string(a.State), a.Made, string(a.MadeBy), a.Answered, a.Ended, string(a.EndedBy), a.Version)
	if err != nil || a.Firm == "" {
		return err
	}
	_, err = tx.exec(qSaveBureauProvider, a.ID, a.Title(), a.Site, number(a.State == bureau.Accepted), a.Made, string(a.MadeBy))
	return err
}

// AddVisit notes that somebody of a bureau signed in.
func (tx *Tx) AddVisit(v bureau.Visit) error {
	_, err := tx.exec(qAddVisit, v.ID, v.Bureau, string(v.Person), v.At)
	return err
}

// Visits returns the last visits of a bureau, latest first.
func (tx *Tx) Visits(admission string, limit int) ([]bureau.Visit, error) {
	return all(tx, qVisits, func(v *bureau.Visit) []any { return []any{&v.ID, &v.Bureau, (*string)(&v.Person), micros(&v.At)} }, admission, limit)
}

// servedRow is a customer that is served, with the columns whose Go form is not their SQL form.
type servedRow struct {
	bureau.Served
	roles, custom, mails, chosen string
}

func servedRowColumns(r *servedRow) []any {
	return []any{&r.ID, &r.Customer, &r.Name, &r.Site, &r.roles, &r.custom, &r.Whom.All, &r.mails, &r.Reason, text(&r.Until), micros(&r.Ends),
		(*string)(&r.State), &r.Version, &r.Everybody, &r.chosen, micros(&r.Answered), (*string)(&r.AnsweredBy)}
}

func (r *servedRow) served() bureau.Served {
	s := r.Served
	s.Roles, s.Whom.Mails = strings.Fields(r.roles), strings.Fields(r.mails)
	if r.custom != "" {
		s.Custom = strings.Split(r.custom, "\n")
	}
	for id := range strings.FieldsSeq(r.chosen) {
		s.Chosen = append(s.Chosen, people.ID(id))
	}
	return s
}

// Serving reports whether there are customers that this one serves.
func (tx *Tx) Serving() (bool, error) {
	n, err := one(tx, qServing, value[int64])
	return n > 0, err
}

// Served returns a customer that admits this one. It reports NotFound.
func (tx *Tx) Served(id string) (bureau.Served, error) {
	r, err := one(tx, qServed, servedRowColumns, id)
	return r.served(), err
}

// AllServed returns the customers that admit this one, by name.
func (tx *Tx) AllServed() ([]bureau.Served, error) {
	var out []bureau.Served
	err := each(tx, qAllServed, servedRowColumns, func(r *servedRow) error {
		out = append(out, r.served())
		return nil
	})
	return out, err
}

// SaveServed adds or replaces a customer that admits this one.
func (tx *Tx) SaveServed(s bureau.Served) error {
	chosen := make([]string, len(s.Chosen))
	for i, id := range s.Chosen {
		chosen[i] = string(id)
	}
	return tx.change(qSaveServed, s.ID, s.Customer, s.Name, s.Site, strings.Join(s.Roles, " "), lines(s.Custom), number(s.Whom.All), lines(s.Whom.Mails),
		s.Reason, s.Until, s.Ends, string(s.State), s.Version, number(s.Everybody), strings.Join(chosen, " "), s.Answered, string(s.AnsweredBy))
}

var _ sso.Tx = (*Tx)(nil)
