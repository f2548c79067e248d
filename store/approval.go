// SPDX-License-Identifier: Apache-2.0

package store

import (
	"encoding/json"
	"fmt"
	"time"

	"verlof/internal/id"
	"verlof/leave"
)

const decisionColumns = "id, request, step, made_by, made_for, capacity, approved, note, at_us"

var (
	qDecisions        = query("decision.of", "SELECT "+decisionColumns+" FROM decision WHERE request = $1 ORDER BY at_us, step, id")
	qPendingDecisions = query("decision.pending", "SELECT "+decisionColumns+` FROM decision
		WHERE request IN (SELECT id FROM leave_request WHERE state = 'pending') ORDER BY at_us, step, id`)
	qInsertDecision = query("decision.insert", "INSERT INTO decision ("+decisionColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`)

	qApprovalRules = query("approval_rule.list", "SELECT id, name, rule FROM approval_rule ORDER BY name, id")
	qSaveRule      = query("approval_rule.save", `INSERT INTO approval_rule (id, name, rule) VALUES ($1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, rule = excluded.rule`)
	qDeleteRule = query("approval_rule.delete", "DELETE FROM approval_rule WHERE id = $1")

	qStandIns = query("stand_in.list", `SELECT id, person, stands_in, from_date, to_date, set_by, at_us FROM stand_in
		ORDER BY from_date, id`)
	qSaveStandIn = query("stand_in.save", `INSERT INTO stand_in (id, person, stands_in, from_date, to_date, set_by, at_us)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET stands_in = excluded.stands_in,
		from_date = excluded.from_date, to_date = excluded.to_date, set_by = excluded.set_by, at_us = excluded.at_us`)
	qDeleteStandIn = query("stand_in.delete", "DELETE FROM stand_in WHERE id = $1")

	qLimits    = query("limit.list", "SELECT id, name, limits FROM leave_limit ORDER BY name, id")
	qSaveLimit = query("limit.save", `INSERT INTO leave_limit (id, name, limits) VALUES ($1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, limits = excluded.limits`)
	qDeleteLimit = query("limit.delete", "DELETE FROM leave_limit WHERE id = $1")
	lockLimit    = lockRow("leave_limit")
)

type decisionRow struct {
	leave.Decision
	approved int64
}

func decisionRowColumns(d *decisionRow) []any {
	return []any{&d.ID, &d.Request, &d.Step, &d.By, &d.For, &d.As, &d.approved, &d.Note, &d.At}
}

// Decisions returns what was decided on a request, oldest first.
func (tx *Tx) Decisions(request string) ([]leave.Decision, error) {
	var out []leave.Decision
	err := each(tx, qDecisions, decisionRowColumns, func(d *decisionRow) error {
		d.Approved = d.approved != 0
		out = append(out, d.Decision)
		return nil
	}, request)
	return out, err
}

// PendingDecisions returns what was decided so far on the requests that wait, oldest
// first, by their ids.
func (tx *Tx) PendingDecisions() (map[string][]leave.Decision, error) {
	out := map[string][]leave.Decision{}
	err := each(tx, qPendingDecisions, decisionRowColumns, func(d *decisionRow) error {
		d.Approved = d.approved != 0
		out[d.Request] = append(out[d.Request], d.Decision)
		return nil
	})
	return out, err
}

// InsertDecision adds a decision.
func (tx *Tx) InsertDecision(d leave.Decision) error {
	_, err := tx.exec(qInsertDecision, d.ID, d.Request, d.Step, d.By, d.For, string(d.As), number(d.Approved), d.Note, d.At)
	return err
}

// named is what has a name, and the rest of it as JSON.
type named struct{ id, name, text string }

func namedColumns(n *named) []any { return []any{&n.id, &n.name, &n.text} }

// ApprovalRules returns the rules of who decides, by name.
func (tx *Tx) ApprovalRules() ([]leave.ApprovalRule, error) {
	var out []leave.ApprovalRule
	err := each(tx, qApprovalRules, namedColumns, func(n *named) error {
		r, err := parseRoute(n.text)
		r.ID, r.Name = n.id, n.name
		out = append(out, r)
		return err
	})
	return out, err
}

// SaveApprovalRule adds or replaces a rule.
func (tx *Tx) SaveApprovalRule(r leave.ApprovalRule) error {
	text, err := writeRoute(r)
	if err != nil {
		return err
	}
	return tx.change(qSaveRule, r.ID, r.Name, text)
}

// DeleteApprovalRule removes a rule.
func (tx *Tx) DeleteApprovalRule(id string) error { return tx.change(qDeleteRule, id) }

// writeRoute returns the text form of a rule; empty for the usual one.
func writeRoute(r leave.ApprovalRule) (string, error) {
	if len(r.Steps) == 0 {
		return "", nil
	}
	text, err := json.Marshal(r)
	return string(text), err
}

func parseRoute(s string) (r leave.ApprovalRule, err error) {
	if s == "" {
		return r, nil
	}
	if err := json.Unmarshal([]byte(s), &r); err != nil {
		return r, fmt.Errorf("approval rule: %w", err)
	}
	return r, nil
}

// StandIns returns who stands in for whom, by first day.
func (tx *Tx) StandIns() ([]leave.StandIn, error) {
	return all(tx, qStandIns, func(s *leave.StandIn) []any {
		return []any{&s.ID, &s.Person, &s.By, text(&s.From), text(&s.To), &s.SetBy, &s.At}
	})
}

// SaveStandIn adds or replaces a stand-in.
func (tx *Tx) SaveStandIn(s leave.StandIn) error {
	return tx.change(qSaveStandIn, s.ID, s.Person, s.By, s.From, s.To, s.SetBy, s.At)
}

// DeleteStandIn removes a stand-in.
func (tx *Tx) DeleteStandIn(id string) error { return tx.change(qDeleteStandIn, id) }

// Limits returns the limits on leave, by name.
func (tx *Tx) Limits() ([]leave.Limit, error) {
	var out []leave.Limit
	err := each(tx, qLimits, namedColumns, func(n *named) error {
		var l leave.Limit
		if err := json.Unmarshal([]byte(n.text), &l); err != nil {
			return fmt.Errorf("limit %s: %w", n.id, err)
		}
		l.ID, l.Name = n.id, n.name
		out = append(out, l)
		return nil
	})
	return out, err
}

// SaveLimit adds or replaces a limit.
func (tx *Tx) SaveLimit(l leave.Limit) error {
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return tx.change(qSaveLimit, l.ID, l.Name, string(text))
}

// DeleteLimit removes a limit.
func (tx *Tx) DeleteLimit(id string) error { return tx.change(qDeleteLimit, id) }

// LockLimit holds every other update that locks the same limit back.
func (tx *Tx) LockLimit(id string) error { return tx.lock(lockLimit, id) }

// EnqueueAt writes an outbox row that waits until due, in microseconds since 1970.
func (tx *Tx) EnqueueAt(kind, key string, payload []byte, due int64) error {
	now := time.Now()
	return tx.enqueueAt(OutboxRow{ID: id.New(now), Key: key, Kind: kind, Payload: payload, At: now}, due)
}
