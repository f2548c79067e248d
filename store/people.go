// SPDX-License-Identifier: Apache-2.0

package store

import (
	"cmp"
	"strings"

	"verlof/calendar"
	"verlof/internal/order"
	"verlof/people"
)

const (
	personColumns   = "id, number, email, given_name, family_name, language, location, roles, active, born, kept"
	contractColumns = "id, person, from_date, pattern, package, location"
)

// personRow is a person with the columns whose Go form is not their SQL form.
type personRow struct {
	people.Person
	roles        string
	active, kept int64
}

func personRowColumns(p *personRow) []any {
	return []any{(*string)(&p.ID), optional(&p.Number), optional(&p.Email), &p.GivenName, &p.FamilyName, &p.Language,
		optional(&p.Location), &p.roles, &p.active, text(&p.Born), &p.kept}
}

func (p *personRow) person() people.Person {
	p.Active, p.Kept = p.active != 0, p.kept != 0
	p.Roles, p.Custom = parseHeld(p.roles)
	return p.Person
}

// parseHeld returns the roles among names of roles and ids of the customer's own.
func parseHeld(names string) (roles people.Roles, custom []string) {
	for name := range strings.FieldsSeq(names) {
		if r, ok := people.ParseRole(name); ok {
			roles |= r
		} else {
			custom = append(custom, name)
		}
	}
	return roles, custom
}

var (
	qPerson        = query("person.get", "SELECT "+personColumns+", bureau FROM person WHERE id = $1")
	qPersonByEmail = query("person.by_email", "SELECT "+personColumns+" FROM person WHERE email = $1")
	qPersons       = query("person.list", "SELECT "+personColumns+" FROM person WHERE bureau IS NULL")
	qSavePerson    = query("person.save", `INSERT INTO person (`+personColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (id) DO UPDATE SET number = excluded.number, email = excluded.email, given_name = excluded.given_name,
		family_name = excluded.family_name, language = excluded.language, location = excluded.location,
		roles = excluded.roles, active = excluded.active, born = excluded.born, kept = excluded.kept`)

	lockPerson = lockRow("person")

	qEmploymentsOf    = query("employment.of", "SELECT id, person, from_date, to_date FROM employment WHERE person = $1 ORDER BY from_date")
	qEmployments      = query("employment.list", "SELECT id, person, from_date, to_date FROM employment")
	qDeleteEmployment = query("employment.delete", "DELETE FROM employment WHERE id = $1")
	qSaveEmployment   = query("employment.save", `INSERT INTO employment (id, person, from_date, to_date) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET from_date = excluded.from_date, to_date = excluded.to_date`)

	qContractsOf    = query("contract.of", "SELECT "+contractColumns+" FROM contract WHERE person = $1 ORDER BY from_date")
	qContracts      = query("contract.list", "SELECT "+contractColumns+" FROM contract")
	qDeleteContract = query("contract.delete", "DELETE FROM contract WHERE id = $1")
	qSaveContract   = query("contract.save", `INSERT INTO contract (`+contractColumns+`) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO UPDATE SET from_date = excluded.from_date, pattern = excluded.pattern, package = excluded.package,
		location = excluded.location`)
	qHasPackage = query("package.has", "SELECT id FROM leave_package WHERE id = $1")
)

// eitherRow is one of the customer's own people, or of a bureau.
type eitherRow struct {
	personRow
	bureau string
}

// Person returns a person, those of bureaus too.
func (tx *Tx) Person(id people.ID) (people.Person, error) {
	if p, ok := tx.lookers.find(id); ok {
		return p, nil
	}
	row, err := one(tx, qPerson, func(r *eitherRow) []any { return append(personRowColumns(&r.personRow), optional(&r.bureau)) }, id)
	if err == nil && row.bureau != "" {
		return tx.guest(id)
	}
	return row.person(), err
}

// PersonByEmail returns the person with a mail address, which is in lower case.
func (tx *Tx) PersonByEmail(email string) (people.Person, error) {
	row, err := one(tx, qPersonByEmail, personRowColumns, email)
	return row.person(), err
}

// Persons returns the customer's own people, by name.
func (tx *Tx) Persons() ([]people.Person, error) {
	type named struct {
		name string
		people.Person
	}
	var list []named
	err := each(tx, qPersons, personRowColumns, func(p *personRow) error {
		x := p.person()
		list = append(list, named{x.SortName(), x})
		return nil
	})
	order.By(list, func(a, b named) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.ID, b.ID)) })
	out := make([]people.Person, len(list))
	for i := range list {
		out[i] = list[i].Person
	}
	return tx.lookers.among(out), err
}

// SavePerson adds or replaces a person. It reports Conflict, with Field "email"
// or "number", where that is somebody else's.
func (tx *Tx) SavePerson(p people.Person) error {
	return tx.change(qSavePerson, p.ID, orNull(p.Number), orNull(p.Email), p.GivenName, p.FamilyName, p.Language,
		orNull(p.Location), strings.Join(p.Held(), " "), number(p.Active), p.Born, number(p.Kept))
}

func employmentColumns(e *people.Employment) []any {
	return []any{&e.ID, (*string)(&e.Person), text(&e.From), text(&e.To)}
}

func contractRow(c *people.Contract) []any {
	return []any{&c.ID, (*string)(&c.Person), text(&c.From), &c.Pattern, &c.Package, optional(&c.Location)}
}

// placeLines gives the contract lines of a record that say no location the person's: so does the program
// of the release before, which knows no other.
func placeLines(r *people.Record) {
	for i := range r.Contracts {
		c := &r.Contracts[i]
		c.Location = cmp.Or(c.Location, r.Person.Location)
	}
}

// Record returns everything known about one person's work.
func (tx *Tx) Record(id people.ID) (r people.Record, err error) {
	if r.Person, err = tx.Person(id); err != nil {
		return r, err
	}
	if r.Employments, err = all(tx, qEmploymentsOf, employmentColumns, id); err != nil {
		return r, err
	}
	r.Contracts, err = all(tx, qContractsOf, contractRow, id)
	placeLines(&r)
	return r, err
}

// Records returns everybody's work, by name. In an update on PostgreSQL somebody may have come
// after the persons were read: what is theirs is left out.
func (tx *Tx) Records() ([]people.Record, error) {
	persons, err := tx.Persons()
	if err != nil {
		return nil, err
	}
	out := make([]people.Record, len(persons))
	at := make(map[people.ID]*people.Record, len(persons))
	for i, p := range persons {
		out[i].Person = p
		at[p.ID] = &out[i]
	}
	err = each(tx, qEmployments, employmentColumns, func(e *people.Employment) error {
		if r := at[e.Person]; r != nil {
			r.Employments = append(r.Employments, *e)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = each(tx, qContracts, contractRow, func(c *people.Contract) error {
		if r := at[c.Person]; r != nil {
			r.Contracts = append(r.Contracts, *c)
		}
		return nil
	})
	for i := range out {
		out[i].Sort()
		placeLines(&out[i])
	}
	return out, err
}

// SaveEmployment adds or replaces a period of employment.
func (tx *Tx) SaveEmployment(e people.Employment) error {
	return tx.change(qSaveEmployment, e.ID, e.Person, e.From, e.To)
}

// DeleteEmployment removes a period of employment.
func (tx *Tx) DeleteEmployment(id string) error { return tx.change(qDeleteEmployment, id) }

// SaveContract adds or replaces a contract line. It reports Conflict where the
// person has another line from the same day.
func (tx *Tx) SaveContract(c people.Contract) error {
	return tx.change(qSaveContract, c.ID, c.Person, c.From, c.Pattern, c.Package, orNull(c.Location))
}

// DeleteContract removes a contract line.
func (tx *Tx) DeleteContract(id string) error { return tx.change(qDeleteContract, id) }

// HasPackage reports whether there is a package with this id.
func (tx *Tx) HasPackage(id string) (bool, error) {
	_, found, err := maybe(tx, qHasPackage, value[string], id)
	return found, err
}

var (
	qRevision = query("revision.get", "SELECT n FROM revision WHERE id = 1")
	qRevise   = query("revision.grow", "UPDATE revision SET n = n + 1 WHERE id = 1")
)

// Revision grows with everything that changes seldom.
func (tx *Tx) Revision() (int64, error) {
	n, err := known(tx, factRevision, "", func() ([]int64, error) { return all(tx, qRevision, value[int64]) })
	if err == nil && len(n) != 1 {
		err = notFound(qRevision)
	}
	if err != nil {
		return 0, err
	}
	return n[0] + tx.lookers.seen(), nil
}

// change runs a statement on something that changes seldom. Of two updates that do, one waits for the other before either
// has changed anything, so that they never wait for each other.
func (tx *Tx) change(q *statement, args ...any) error {
	if err := tx.LockOrganisation(); err != nil {
		return err
	}
	_, err := tx.exec(q, args...)
	return err
}

// LockOrganisation holds every other change of what changes seldom back: its
// revision grows, and whoever wants the same waits for that row.
func (tx *Tx) LockOrganisation() error {
	if tx.revised {
		return nil
	}
	tx.revised = true
	_, err := tx.exec(qRevise)
	return err
}

// LockPerson holds every other update that locks the same person back.
func (tx *Tx) LockPerson(id people.ID) error { return tx.lock(lockPerson, string(id)) }

var (
	qPatterns    = query("pattern.list", "SELECT id, name, pattern FROM working_pattern ORDER BY name")
	qSavePattern = query("pattern.save", `INSERT INTO working_pattern (id, name, pattern) VALUES ($1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, pattern = excluded.pattern`)
)

// Patterns returns the working patterns, by name.
func (tx *Tx) Patterns() ([]people.Pattern, error) {
	type row struct {
		people.Pattern
		text string
	}
	var out []people.Pattern
	err := each(tx, qPatterns, func(r *row) []any { return []any{&r.ID, &r.Name, &r.text} }, func(r *row) (err error) {
		r.Pattern.Pattern, err = calendar.ParsePattern(r.text)
		out = append(out, r.Pattern)
		return err
	})
	return out, err
}

// SavePattern adds or replaces a working pattern.
func (tx *Tx) SavePattern(p people.Pattern) error {
	return tx.change(qSavePattern, p.ID, p.Name, p.Pattern.String())
}

// The customer's settings are facts of the database itself.
const (
	metaName          = "settings.name"
	metaAccent        = "settings.accent"
	metaLanguage      = "settings.language"
	metaSicknessKnown = "settings.sickness_known"
	metaSickFigures   = "settings.sick_figures"
)

// yes is how a setting that is on is kept; anything else is off.
const yes = "yes"

// Settings returns the customer's settings.
func (tx *Tx) Settings() (s people.Settings, err error) {
	var known, figures string
	for key, to := range map[string]*string{metaName: &s.Name, metaAccent: &s.Accent, metaLanguage: &s.Language,
		metaSicknessKnown: &known, metaSickFigures: &figures} {
		if *to, err = tx.Meta(key); err != nil {
			return s, err
		}
	}
	s.SicknessKnown, s.SickFigures = known == yes, figures == yes
	return s, nil
}

// SaveSettings replaces the customer's settings.
func (tx *Tx) SaveSettings(s people.Settings) error {
	for key, v := range map[string]string{metaName: s.Name, metaAccent: s.Accent, metaLanguage: s.Language,
		metaSicknessKnown: yesOrNo(s.SicknessKnown), metaSickFigures: yesOrNo(s.SickFigures)} {
		if err := tx.change(qSetMeta, key, v); err != nil {
			return err
		}
	}
	return nil
}

func yesOrNo(b bool) string {
	if b {
		return yes
	}
	return "no"
}

// orNull stores an empty string as NULL, which is unlike every other one.
func orNull[S ~string](s S) any {
	if s == "" {
		return nil
	}
	return string(s)
}

// number stores what is true or false.
func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
