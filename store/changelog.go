// SPDX-License-Identifier: Apache-2.0

package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"verlof/calendar"
	"verlof/leave"
	"verlof/people"
)

const entryColumns = "id, at_us, made_by, kind, words, reason, people, others, sums, today"

var (
	qInsertEntry = query("change.insert", "INSERT INTO change_log ("+entryColumns+`, effects)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)
	qEntry = query("change.get", "SELECT "+entryColumns+", effects FROM change_log WHERE id = $1")

	// An empty kind means all, and so does an empty id.
	qEntries = query("change.list", "SELECT "+entryColumns+` FROM change_log
		WHERE ($1 = '' OR kind = $1) AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`)
)

// entryRow is a change on record with the columns whose Go form is not their SQL form.
type entryRow struct {
	leave.ChangeEntry
	words, sums, effects string
}

func entryRowOf(e *entryRow) []any {
	return []any{&e.ID, &e.At, (*string)(&e.By), (*string)(&e.Kind), &e.words, &e.Reason, &e.People, &e.Others, &e.sums, text(&e.Today)}
}

func (e *entryRow) entry() (leave.ChangeEntry, error) {
	var err error
	if e.Words, err = parseReason(e.words); err != nil {
		return e.ChangeEntry, fmt.Errorf("change %s: %w", e.ID, err)
	}
	if err := json.Unmarshal([]byte(e.sums), &e.Sums); err != nil {
		return e.ChangeEntry, fmt.Errorf("change %s: %w", e.ID, err)
	}
	if e.effects != "" {
		if err := json.Unmarshal([]byte(e.effects), &e.Effects); err != nil {
			return e.ChangeEntry, fmt.Errorf("change %s: %w", e.ID, err)
		}
	}
	return e.ChangeEntry, nil
}

// InsertChange puts a change on record.
func (tx *Tx) InsertChange(e leave.ChangeEntry) error {
	words, err := writeReason(e.Words)
	if err != nil {
		return err
	}
	sums, err := json.Marshal(e.Sums)
	if err != nil {
		return err
	}
	effects, err := json.Marshal(e.Effects)
	if err != nil {
		return err
	}
	_, err = tx.exec(qInsertEntry, e.ID, e.At, e.By, string(e.Kind), words, e.Reason, e.People, e.Others, string(sums), e.Today, string(effects))
	return err
}

// ChangeEntries returns changes on record, latest first.
func (tx *Tx) ChangeEntries(kind leave.ChangeKind, before string, most int) ([]leave.ChangeEntry, error) {
	var out []leave.ChangeEntry
	err := each(tx, qEntries, entryRowOf, func(row *entryRow) error {
		e, err := row.entry()
		out = append(out, e)
		return err
	}, string(kind), before, most)
	return out, err
}

// ChangeEntry returns a change on record with its effects, or NotFound.
func (tx *Tx) ChangeEntry(id string) (leave.ChangeEntry, error) {
	row, err := one(tx, qEntry, func(e *entryRow) []any { return append(entryRowOf(e), &e.effects) }, id)
	if err != nil {
		return leave.ChangeEntry{}, err
	}
	return row.entry()
}

// sightBack is how far back a sight goes: longer than a transaction may take to be committed
// after its events were made, and than the clocks of two machines may differ.
const sightBack = 5 * time.Minute

// Sight returns which of the latest events this transaction sees.
func (tx *Tx) Sight() (leave.Sight, error) {
	from := time.Now()
	last, found, err := maybe(tx, qLastEvent, value[int64])
	if err != nil {
		return leave.Sight{}, err
	}
	if at := time.UnixMicro(last); found && at.Before(from) {
		from = at
	}
	s := leave.Sight{From: from.Add(-sightBack), Events: map[string]bool{}}
	list, err := all(tx, qEventsSince, eventRow, s.From)
	for _, e := range list {
		s.Events[e.ID] = true
	}
	return s, err
}

// ChangedSince returns whose leave was changed since a sight, as the events tell.
func (tx *Tx) ChangedSince(s leave.Sight) (who []people.ID, anybody bool, err error) {
	list, err := all(tx, qEventsSince, eventRow, s.From)
	for _, e := range list {
		switch {
		case s.Events[e.ID]:
		case e.Person != "":
			who = append(who, e.Person)
		case strings.HasPrefix(e.Type, "leave."):
			anybody = true
		}
	}
	return who, anybody, err
}

// reasonArg is a value of a reason: one of the fields but the name is set.
type reasonArg struct {
	Name   string         `json:"name"`
	Text   *string        `json:"text,omitempty"`
	Word   *leave.Word    `json:"word,omitempty"`
	Number *int           `json:"number,omitempty"`
	Date   *calendar.Date `json:"date,omitempty"`
	Amount *leave.Amount  `json:"amount,omitempty"`
}

// writtenReason is the text form of a reason.
type writtenReason struct {
	Key  string      `json:"key"`
	Args []reasonArg `json:"args,omitempty"`
}

// writeReason returns the text form of a reason, of which pages make a sentence in the
// reader's language.
func writeReason(r leave.Reason) (string, error) {
	w := writtenReason{Key: r.Key}
	for pair := range slices.Chunk(r.Args, 2) {
		a := reasonArg{Name: pair[0].(string)}
		switch v := pair[1].(type) {
		case string:
			a.Text = &v
		case leave.Word:
			a.Word = &v
		case int:
			a.Number = &v
		case calendar.Date:
			a.Date = &v
		case leave.Amount:
			a.Amount = &v
		default:
			return "", fmt.Errorf("reason %s: %s is a %T", r.Key, a.Name, v)
		}
		w.Args = append(w.Args, a)
	}
	b, err := json.Marshal(w)
	return string(b), err
}

func parseReason(s string) (leave.Reason, error) {
	var w writtenReason
	if err := json.Unmarshal([]byte(s), &w); err != nil {
		return leave.Reason{}, err
	}
	r := leave.Reason{Key: w.Key}
	for _, a := range w.Args {
		var v any
		switch {
		case a.Text != nil:
			v = *a.Text
		case a.Word != nil:
			v = *a.Word
		case a.Number != nil:
			v = *a.Number
		case a.Date != nil:
			v = *a.Date
		case a.Amount != nil:
			v = *a.Amount
		}
		r.Args = append(r.Args, a.Name, v)
	}
	return r, nil
}
