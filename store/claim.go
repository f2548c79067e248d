// SPDX-License-Identifier: Apache-2.0

package store

import (
	"fmt"

	"verlof/calendar"
	"verlof/leave"
	"verlof/people"
)

const claimColumns = `id, person, kind, type, date, event, child, times, minutes, factor, amount, note, state, asked_by, asked_at_us,
	decided_by, decided_at_us, reason, decided_for`

var (
	qClaim         = query("claim.get", "SELECT "+claimColumns+" FROM claim WHERE id = $1")
	qClaimsOf      = query("claim.of", "SELECT "+claimColumns+" FROM claim WHERE person = $1 ORDER BY date, id")
	qClaims        = query("claim.list", "SELECT "+claimColumns+" FROM claim ORDER BY date, id")
	qPendingClaims = query("claim.pending", "SELECT "+claimColumns+" FROM claim WHERE state = 'pending' ORDER BY asked_at_us, id")

	qSaveClaim = query("claim.save", "INSERT INTO claim ("+claimColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, decided_by = excluded.decided_by,
		decided_at_us = excluded.decided_at_us, reason = excluded.reason, decided_for = excluded.decided_for`)
)

// claimRow is a claim with the column whose Go form is not its SQL form.
type claimRow struct {
	leave.Claim
	times string
}

func claimRowOf(c *claimRow) []any {
	return []any{&c.ID, (*string)(&c.Person), (*string)(&c.Kind), optional(&c.Type), text(&c.Date), (*string)(&c.Event), &c.Child, &c.times,
		&c.Minutes, &c.Factor, text(&c.Amount), &c.Note, (*string)(&c.State), (*string)(&c.AskedBy), &c.AskedAt,
		optional(&c.DecidedBy), optional(&c.DecidedAt), &c.Reason, (*string)(&c.For)}
}

func (c *claimRow) claim() (leave.Claim, error) {
	var err error
	if c.times != "" {
		c.Times, err = calendar.ParseInterval(c.times)
	}
	if err != nil {
		return c.Claim, fmt.Errorf("claim %s: %w", c.ID, err)
	}
	return c.Claim, nil
}

func (tx *Tx) claims(q *statement, args ...any) ([]leave.Claim, error) {
	var out []leave.Claim
	err := each(tx, q, claimRowOf, func(row *claimRow) error {
		c, err := row.claim()
		out = append(out, c)
		return err
	}, args...)
	return out, err
}

// Claim returns a claim.
func (tx *Tx) Claim(id string) (leave.Claim, error) {
	row, err := one(tx, qClaim, claimRowOf, id)
	if err != nil {
		return leave.Claim{}, err
	}
	return row.claim()
}

// Claims returns the claims of a person, whatever became of them.
func (tx *Tx) Claims(id people.ID) ([]leave.Claim, error) {
	return known(tx, factClaims, id, func() ([]leave.Claim, error) { return tx.claims(qClaimsOf, id) })
}

// AllClaims returns what Claims does, of everybody.
func (tx *Tx) AllClaims() (map[people.ID][]leave.Claim, error) {
	list, err := tx.claims(qClaims)
	out := map[people.ID][]leave.Claim{}
	for _, c := range list {
		out[c.Person] = append(out[c.Person], c)
	}
	return out, err
}

// PendingClaims returns the claims that wait for a decision, oldest first.
func (tx *Tx) PendingClaims() ([]leave.Claim, error) { return tx.claims(qPendingClaims) }

// SaveClaim adds a claim, or replaces the state and decision of one.
func (tx *Tx) SaveClaim(c leave.Claim) error {
	times := ""
	if !c.Times.IsZero() {
		times = c.Times.String()
	}
	_, err := tx.exec(qSaveClaim, c.ID, c.Person, string(c.Kind), orNull(c.Type), c.Date, string(c.Event), c.Child, times, c.Minutes, c.Factor,
		c.Amount, c.Note, string(c.State), c.AskedBy, c.AskedAt, orNull(c.DecidedBy), orZero(c.DecidedAt), c.Reason, c.For)
	return err
}
