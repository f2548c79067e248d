// SPDX-License-Identifier: Apache-2.0

package store

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/order"
	"verlof/leave"
	"verlof/people"
)

const (
	absenceColumns = "id, person, type, from_date, to_date, first_part, last_part, state, substitutes" // who is away, when, and who does the work
	bookingColumns = absenceColumns + ", replaces, charges, corrections"                               // and what it costs
	requestColumns = absenceColumns + ", replaces, note, asked_by, asked_at_us, decided_by, decided_at_us, reason, route, collective, revises"
)

var (
	qRequest = query("request.get", "SELECT "+requestColumns+", charges, corrections FROM leave_request WHERE id = $1")

	qRequestsOf = query("request.of", "SELECT "+requestColumns+`, charges, corrections FROM leave_request WHERE person = $1
		ORDER BY from_date DESC, asked_at_us DESC, id DESC`)

	qCountingOf = query("request.counting_of", "SELECT "+bookingColumns+` FROM leave_request
		WHERE person = $1 AND state IN ('pending', 'approved')`)

	qCounting = query("request.counting", "SELECT "+bookingColumns+` FROM leave_request
		WHERE state IN ('pending', 'approved')`)

	// NOT IN, since SQLite would look for IN in the index of states, and so read
	// all leave there ever was to find a month's.
	qRequestsIn = query("request.in", "SELECT "+absenceColumns+` FROM leave_request
		WHERE to_date >= $1 AND from_date <= $2 AND state NOT IN ('refused', 'withdrawn', 'cancelled')`)

	qAwayIn = query("request.away", `SELECT id, person, from_date, to_date FROM leave_request
		WHERE to_date >= $1 AND from_date <= $2 AND state NOT IN ('refused', 'withdrawn', 'cancelled')`)

	qRequestsOfIn = query("request.of_in", "SELECT "+absenceColumns+` FROM leave_request
		WHERE person = $1 AND to_date >= $2 AND from_date <= $3 AND state IN ('pending', 'approved')`)

	qRequestsEver = query("request.ever", "SELECT "+requestColumns+`, charges, corrections FROM leave_request
		WHERE to_date >= $1 AND from_date <= $2`)

	qPendingRequests = query("request.pending", "SELECT "+requestColumns+`, charges, corrections FROM leave_request
		WHERE state = 'pending' ORDER BY asked_at_us, id`)

	qPendingRoutes = query("request.pending_routes", `SELECT id, person, type, asked_at_us, route, substitutes FROM leave_request
		WHERE state = 'pending' ORDER BY asked_at_us, id`)

	qInsertRequest = query("request.insert", "INSERT INTO leave_request ("+requestColumns+`, charges, substitute)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`)

	qUpdateRequest = query("request.update", `UPDATE leave_request SET state = $2, decided_by = $3, decided_at_us = $4, reason = $5,
		charges = $6, substitutes = $7, substitute = $8, corrections = $9 WHERE id = $1`)

	qSubstituteRequests = query("request.by_substitute", "SELECT "+absenceColumns+` FROM leave_request
		WHERE substitute = $1 AND to_date >= $2 AND state IN ('pending', 'approved') ORDER BY from_date, id`)
)

// requestRow is a request with the columns whose Go form is not their SQL form.
type requestRow struct {
	leave.Request
	first, last, charges, corrections, route, substitutes string
}

func absenceRow(r *requestRow) []any {
	return []any{&r.ID, (*string)(&r.Person), &r.Type, text(&r.From), text(&r.To), &r.first, &r.last, (*string)(&r.State), &r.substitutes}
}

func bookingRow(r *requestRow) []any {
	return append(absenceRow(r), &r.Replaces, &r.charges, &r.corrections)
}

func wholeRow(r *requestRow) []any {
	return append(absenceRow(r), &r.Replaces, &r.Note, (*string)(&r.AskedBy), &r.AskedAt,
		optional(&r.DecidedBy), optional(&r.DecidedAt), &r.Reason, &r.route, optional(&r.Collective), &r.Revises, &r.charges, &r.corrections)
}

func (r *requestRow) request() (q leave.Request, err error) {
	q = r.Request
	if q.First, err = calendar.ParsePortion(r.first); err != nil {
		return q, fmt.Errorf("request %s: %w", r.ID, err)
	}
	if q.Last, err = calendar.ParsePortion(r.last); err != nil {
		return q, fmt.Errorf("request %s: %w", r.ID, err)
	}
	if q.Route, err = parseRoute(r.route); err != nil {
		return q, fmt.Errorf("request %s: %w", r.ID, err)
	}
	if q.Substitutes, err = parseSubstitutes(r.substitutes); err != nil {
		return q, fmt.Errorf("request %s: %w", r.ID, err)
	}
	if q.Charges, err = parseCharges(r.charges); err != nil {
		return q, fmt.Errorf("request %s: %w", r.ID, err)
	}
	if q.Corrections, err = parseCorrections(r.corrections); err != nil {
		return q, fmt.Errorf("request %s: %w", r.ID, err)
	}
	return q, nil
}

// writeCharges returns the text form of what the days of a request cost.
func writeCharges(charges []leave.Charge) string {
	var b strings.Builder
	for i, c := range charges {
		if i > 0 {
			b.WriteByte(';')
		}
		b.WriteString(c.Date.String())
		b.WriteByte(' ')
		b.WriteString(strconv.Itoa(c.Minutes))
		b.WriteByte(' ')
		b.WriteString(c.Days.String())
	}
	return b.String()
}

func parseCharges(s string) ([]leave.Charge, error) {
	if s == "" {
		return nil, nil
	}
	out := make([]leave.Charge, 0, strings.Count(s, ";")+1)
	for part := range strings.SplitSeq(s, ";") {
		date, rest, _ := strings.Cut(part, " ")
		minutes, days, ok := strings.Cut(rest, " ")
		if !ok {
			return nil, fmt.Errorf("charge %q", part)
		}
		var c leave.Charge
		var err error
		if c.Date, err = calendar.Parse(date); err != nil {
			return nil, err
		}
		if c.Minutes, err = strconv.Atoi(minutes); err != nil {
			return nil, err
		}
		if c.Days, err = parseDays(days); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// parseDays reads a part of a day; nearly all are whole or half.
func parseDays(s string) (exact.Rat, error) {
	switch s {
	case "1":
		return exact.Int(1), nil
	case "1/2":
		return exact.New(1, 2), nil
	}
	return exact.Parse(s)
}

func (tx *Tx) requests(q *statement, to columns[requestRow], args ...any) ([]leave.Request, error) {
	var out []leave.Request
	err := each(tx, q, to, func(r *requestRow) error {
		x, err := r.request()
		out = append(out, x)
		return err
	}, args...)
	return out, err
}

// Request returns a request with its charges.
func (tx *Tx) Request(id string) (leave.Request, error) {
	row, err := one(tx, qRequest, wholeRow, id)
	if err != nil {
		return leave.Request{}, err
	}
	return row.request()
}

// RequestsOf returns all requests of a person, latest first.
func (tx *Tx) RequestsOf(id people.ID) ([]leave.Request, error) {
	return tx.requests(qRequestsOf, wholeRow, id)
}

// ReadAhead has PostgreSQL asked in one round trip for what is known of a person.
func (tx *Tx) ReadAhead(id people.ID) {
	if tx.c.pipe == nil {
		return
	}
	for _, q := range []*statement{qCountingOf, qSickReportsOf, qAdjustmentsOf, qClaimsOf, qFixedOf, qNoticesOf} {
		tx.foresee(q, id)
	}
}

// CountingRequests returns the pending and approved requests of a person, in the
// order of their days: type, span, state and charges. SQLite would take as long to
// order them as to find them.
func (tx *Tx) CountingRequests(id people.ID) ([]leave.Request, error) {
	return known(tx, factRequests, id, func() ([]leave.Request, error) {
		list, err := tx.requests(qCountingOf, bookingRow, id)
		order.By(list, sooner)
		return list, err
	})
}

// asCounted returns a new request as CountingRequests reads it.
func asCounted(r *leave.Request) leave.Request {
	return leave.Request{ID: r.ID, Person: r.Person, Type: r.Type, Span: r.Span, State: r.State, Substitutes: r.Substitutes,
		Replaces: r.Replaces, Charges: r.Charges}
}

// among returns requests with one more, in their order. One that comes last goes where nobody has looked (known clips).
func among(list []leave.Request, r leave.Request) []leave.Request {
	i, _ := slices.BinarySearchFunc(list, r, sooner)
	if i < len(list) {
		return slices.Concat(list[:i], []leave.Request{r}, list[i:])
	}
	return append(list, r)
}

// sooner orders requests by their days.
func sooner(a, b leave.Request) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.ID, b.ID))
}

// AllCounting returns what CountingRequests does, of everybody.
func (tx *Tx) AllCounting() (map[people.ID][]leave.Request, error) {
	out := map[people.ID][]leave.Request{}
	err := each(tx, qCounting, bookingRow, func(row *requestRow) error {
		r, err := row.request()
		out[r.Person] = append(out[r.Person], r)
		return err
	})
	for _, list := range out {
		order.By(list, sooner)
	}
	return out, err
}

// RequestsIn returns the pending and approved requests that touch a range of
// days: who, which type and when, in no order.
func (tx *Tx) RequestsIn(r calendar.Range) ([]leave.Request, error) {
	return tx.requests(qRequestsIn, absenceRow, r.From, r.To)
}

// AwayIn returns in short what RequestsIn does.
func (tx *Tx) AwayIn(r calendar.Range) ([]leave.OnLeave, error) {
	return all(tx, qAwayIn, func(a *leave.OnLeave) []any {
		return []any{&a.Request, (*string)(&a.Person), text(&a.From), text(&a.To)}
	}, r.From, r.To)
}

// RequestsOfIn returns what RequestsIn does, of one person.
func (tx *Tx) RequestsOfIn(id people.ID, r calendar.Range) ([]leave.Request, error) {
	return tx.requests(qRequestsOfIn, absenceRow, id, r.From, r.To)
}

// RequestsEver returns the requests in whatever state that touch a range.
func (tx *Tx) RequestsEver(r calendar.Range) ([]leave.Request, error) {
	return tx.requests(qRequestsEver, wholeRow, r.From, r.To)
}

// PendingRequests returns the requests that wait for a decision, oldest first.
func (tx *Tx) PendingRequests() ([]leave.Request, error) {
	return tx.requests(qPendingRequests, wholeRow)
}

// PendingRoutes returns whose requests wait for a decision, oldest first: which type,
// since when, who decides, and who was named to do the work.
func (tx *Tx) PendingRoutes() ([]leave.Request, error) {
	var out []leave.Request
	err := each(tx, qPendingRoutes, func(r *requestRow) []any {
		return []any{&r.ID, (*string)(&r.Person), &r.Type, &r.AskedAt, &r.route, &r.substitutes}
	}, func(r *requestRow) (err error) {
		r.State = leave.Pending
		if r.Route, err = parseRoute(r.route); err != nil {
			return err
		}
		r.Substitutes, err = parseSubstitutes(r.substitutes)
		out = append(out, r.Request)
		return err
	})
	return out, err
}

// InsertRequest adds a request.
func (tx *Tx) InsertRequest(r leave.Request) error {
	route, err := writeRoute(r.Route)
	if err != nil {
		return err
	}
	substitutes, err := writeSubstitutes(r.Substitutes)
	if err != nil {
		return err
	}
	counting, there := keptOf[leave.Request](tx, factRequests, r.Person)
	err = tx.later(qInsertRequest, r.ID, r.Person, r.Type, r.From, r.To, r.First.String(), r.Last.String(), string(r.State), substitutes,
		r.Replaces, r.Note, r.AskedBy, r.AskedAt, orNull(r.DecidedBy), orZero(r.DecidedAt), r.Reason, route,
		orNull(r.Collective), r.Revises, writeCharges(r.Charges), orNull(r.Substitute().Person))
	if err == nil && there && r.State.Counts() {
		nowKept(tx, factRequests, r.Person, among(counting, asCounted(&r)))
	}
	return err
}

// UpdateRequest replaces a request's state, decision, charges, substitutes and corrections.
func (tx *Tx) UpdateRequest(r leave.Request) error {
	substitutes, err := writeSubstitutes(r.Substitutes)
	if err != nil {
		return err
	}
	return tx.execOne(qUpdateRequest, r.ID, string(r.State), orNull(r.DecidedBy), orZero(r.DecidedAt), r.Reason, writeCharges(r.Charges),
		substitutes, orNull(r.Substitute().Person), writeCorrections(r.Corrections))
}

// SubstituteRequests returns the requests that count, are not over on a day, and of which
// somebody is the substitute named last: by date.
func (tx *Tx) SubstituteRequests(id people.ID, since calendar.Date) ([]leave.Request, error) {
	return tx.requests(qSubstituteRequests, absenceRow, id, since)
}

// writeSubstitutes returns the text form of who was named to do the work; empty for nobody.
func writeSubstitutes(list []leave.Substitute) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	text, err := json.Marshal(list)
	return string(text), err
}

func parseSubstitutes(s string) (list []leave.Substitute, err error) {
	if s == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(s), &list); err != nil {
		return nil, fmt.Errorf("substitutes: %w", err)
	}
	return list, nil
}

// orZero stores no instant as NULL.
func orZero(us int64) any {
	if us == 0 {
		return nil
	}
	return us
}

const adjustmentColumns = "id, person, type, date, until_date, amount, reason, made_by, at_us, undoes, class"

var (
	qAdjustment     = query("adjustment.get", "SELECT "+adjustmentColumns+" FROM adjustment WHERE id = $1")
	qAdjustmentsOf  = query("adjustment.of", "SELECT "+adjustmentColumns+" FROM adjustment WHERE person = $1 ORDER BY date, id")
	qAdjustments    = query("adjustment.list", "SELECT "+adjustmentColumns+" FROM adjustment ORDER BY date, id")
	qSaveAdjustment = query("adjustment.save", "INSERT INTO adjustment ("+adjustmentColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)
)

func adjustmentColumnsOf(a *leave.Adjustment) []any {
	return []any{&a.ID, &a.Person, &a.Type, text(&a.Date), text(&a.Until), text(&a.Amount), &a.Reason, &a.By, &a.At, &a.Undoes, &a.Class}
}

// Adjustment returns a line written by hand, or NotFound.
func (tx *Tx) Adjustment(id string) (leave.Adjustment, error) {
	return one(tx, qAdjustment, adjustmentColumnsOf, id)
}

// Adjustments returns what was written into a person's balances by hand.
func (tx *Tx) Adjustments(id people.ID) ([]leave.Adjustment, error) {
	return known(tx, factAdjustments, id, func() ([]leave.Adjustment, error) { return all(tx, qAdjustmentsOf, adjustmentColumnsOf, id) })
}

// AllAdjustments returns what was written into everybody's balances by hand.
func (tx *Tx) AllAdjustments() (map[people.ID][]leave.Adjustment, error) {
	list, err := all(tx, qAdjustments, adjustmentColumnsOf)
	out := map[people.ID][]leave.Adjustment{}
	for _, a := range list {
		out[a.Person] = append(out[a.Person], a)
	}
	return out, err
}

// SaveAdjustment adds a line written by hand.
func (tx *Tx) SaveAdjustment(a leave.Adjustment) error {
	_, err := tx.exec(qSaveAdjustment, a.ID, a.Person, a.Type, a.Date, a.Until, a.Amount, a.Reason, a.By, a.At, a.Undoes, a.Class)
	return err
}

var (
	qTypes = query("type.list", `SELECT id, name, colour, unit, counting, entitled, unapproved, private, whole_days, position, retired,
		give_back, partly_back, free_return, answer_days, substitute, substitute_agrees, ends_unpaid FROM leave_type ORDER BY position, name`)
	qSaveType = query("type.save", `INSERT INTO leave_type
		(id, name, colour, unit, counting, entitled, unapproved, private, whole_days, position, retired,
		give_back, partly_back, free_return, answer_days, substitute, substitute_agrees, ends_unpaid)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT (id) DO UPDATE SET name = excluded.name,
		colour = excluded.colour, unit = excluded.unit, counting = excluded.counting, entitled = excluded.entitled,
		unapproved = excluded.unapproved, private = excluded.private, whole_days = excluded.whole_days,
		position = excluded.position, retired = excluded.retired, give_back = excluded.give_back, partly_back = excluded.partly_back,
		free_return = excluded.free_return, answer_days = excluded.answer_days, substitute = excluded.substitute,
		substitute_agrees = excluded.substitute_agrees, ends_unpaid = excluded.ends_unpaid`)

	qUsesType = query("type.used", `SELECT COUNT(*) FROM (SELECT id FROM leave_request WHERE type = $1
		UNION ALL SELECT id FROM notice WHERE type = $1 UNION ALL SELECT id FROM adjustment WHERE type = $1
		UNION ALL SELECT id FROM claim WHERE type = $1 UNION ALL SELECT id FROM fixed_entitlement WHERE type = $1
		UNION ALL SELECT id FROM closing WHERE type = $1) AS used`)

	qPackages    = query("package.list", "SELECT id, name FROM leave_package ORDER BY name")
	qSavePackage = query("package.save", `INSERT INTO leave_package (id, name) VALUES ($1, $2)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name`)

	qPolicies     = query("policy.list", "SELECT id, package, type, from_date, terms, law FROM leave_policy ORDER BY package, type, from_date")
	qDeletePolicy = query("policy.delete", "DELETE FROM leave_policy WHERE id = $1")
	qSavePolicy   = query("policy.save", `INSERT INTO leave_policy (id, package, type, from_date, terms, law) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO UPDATE SET package = excluded.package, type = excluded.type, from_date = excluded.from_date,
		terms = excluded.terms, law = excluded.law`)
)

// Types returns the leave types in their order.
func (tx *Tx) Types() ([]leave.Type, error) {
	type row struct {
		leave.Type
		entitled, unapproved, private, whole, retired, partly, free, agrees, unpaid int64
	}
	to := func(t *row) []any {
		return []any{&t.ID, &t.Name, &t.Colour, &t.Unit, &t.Counting, &t.entitled, &t.unapproved, &t.private, &t.whole, &t.Order, &t.retired,
			&t.GiveBack, &t.partly, &t.free, &t.AnswerDays, &t.Substitute, &t.agrees, &t.unpaid}
	}
	var out []leave.Type
	err := each(tx, qTypes, to, func(t *row) error {
		t.Entitled, t.Unapproved, t.Private = t.entitled != 0, t.unapproved != 0, t.private != 0
		t.WholeDays, t.Retired, t.PartlyBack = t.whole != 0, t.retired != 0, t.partly != 0
		t.FreeReturn, t.SubstituteAgrees, t.EndsUnpaid = t.free != 0, t.agrees != 0, t.unpaid != 0
		out = append(out, t.Type)
		return nil
	})
	return out, err
}

// SaveType adds or replaces a leave type.
func (tx *Tx) SaveType(t leave.Type) error {
	return tx.change(qSaveType, t.ID, t.Name, t.Colour, string(t.Unit), string(t.Counting), number(t.Entitled), number(t.Unapproved),
		number(t.Private), number(t.WholeDays), t.Order, number(t.Retired), string(t.GiveBack), number(t.PartlyBack),
		number(t.FreeReturn), t.AnswerDays, string(t.Substitute), number(t.SubstituteAgrees), number(t.EndsUnpaid))
}

// UsesType reports whether anything holds an amount of a type: a request, an adjustment, a
// claim, a notice, a fixed entitlement or a leave year that was closed.
func (tx *Tx) UsesType(id string) (bool, error) {
	n, err := one(tx, qUsesType, value[int64], id)
	return n > 0, err
}

// Packages returns the packages, by name.
func (tx *Tx) Packages() ([]leave.Package, error) {
	return all(tx, qPackages, func(p *leave.Package) []any { return []any{&p.ID, &p.Name} })
}

// SavePackage adds or replaces a package.
func (tx *Tx) SavePackage(p leave.Package) error { return tx.change(qSavePackage, p.ID, p.Name) }

// Policies returns all policies.
func (tx *Tx) Policies() ([]leave.Policy, error) {
	type row struct {
		leave.Policy
		terms, law string
	}
	var out []leave.Policy
	to := func(p *row) []any { return []any{&p.ID, &p.Package, &p.Type, text(&p.From), &p.terms, &p.law} }
	err := each(tx, qPolicies, to, func(p *row) error {
		if err := json.Unmarshal([]byte(p.terms), &p.Terms); err != nil {
			return fmt.Errorf("policy %s: %w", p.ID, err)
		}
		var err error
		p.Law, err = parsePin(p.law)
		out = append(out, p.Policy)
		return err
	})
	return out, err
}

// SavePolicy adds or replaces a policy.
func (tx *Tx) SavePolicy(p leave.Policy) error {
	terms, err := json.Marshal(p.Terms)
	if err != nil {
		return err
	}
	return tx.change(qSavePolicy, p.ID, p.Package, p.Type, p.From, string(terms), writePin(p.Law))
}

// writePin returns the text form of the law that a policy follows.
func writePin(p leave.Pin) string {
	if p.IsZero() {
		return ""
	}
	return strings.Join([]string{p.Law, p.Rule, p.Dated.String(), p.Extra.String()}, " ")
}

func parsePin(s string) (p leave.Pin, err error) {
	if s == "" {
		return p, nil
	}
	words := strings.Fields(s)
	if len(words) != 4 {
		return p, fmt.Errorf("law %q", s)
	}
	p.Law, p.Rule = words[0], words[1]
	if p.Dated, err = calendar.Parse(words[2]); err != nil {
		return p, err
	}
	p.Extra, err = exact.Parse(words[3])
	return p, err
}

// DeletePolicy removes a policy.
func (tx *Tx) DeletePolicy(id string) error { return tx.change(qDeletePolicy, id) }
