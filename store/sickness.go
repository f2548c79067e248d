// SPDX-License-Identifier: Apache-2.0

package store

import (
	"fmt"
	"strconv"
	"strings"

	"verlof/calendar"
	"verlof/leave"
	"verlof/people"
)

const (
	sickStateColumns  = "from_date, to_date, expected, certified, note_until, agreed, recovery, withdrawn"
	sickReportColumns = "id, person, reported_by, reported_at_us, " + sickStateColumns
	sickChangeColumns = "id, what, made_by, at_us, " + sickStateColumns
)

var (
	qSickReport    = query("sickness.get", "SELECT "+sickReportColumns+" FROM sickness WHERE id = $1")
	qSickReportsOf = query("sickness.of", "SELECT "+sickReportColumns+` FROM sickness WHERE person = $1
		ORDER BY from_date DESC, reported_at_us DESC, id`)
	qAllSickness   = query("sickness.list", "SELECT "+sickReportColumns+" FROM sickness WHERE withdrawn = 0 ORDER BY from_date, id")
	qSickReportsIn = query("sickness.in", "SELECT "+sickReportColumns+` FROM sickness
		WHERE (to_date IS NULL OR to_date >= $1) AND from_date <= $2 AND withdrawn = 0 ORDER BY from_date, id`)
	qSaveSickReport = query("sickness.save", "INSERT INTO sickness ("+sickReportColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO UPDATE SET from_date = excluded.from_date,
		to_date = excluded.to_date, expected = excluded.expected, certified = excluded.certified, note_until = excluded.note_until,
		agreed = excluded.agreed, recovery = excluded.recovery, withdrawn = excluded.withdrawn`)

	qSickChanges   = query("sickness_change.of", "SELECT "+sickChangeColumns+" FROM sickness_change WHERE sickness = $1 ORDER BY at_us, id")
	qAddSickChange = query("sickness_change.insert", "INSERT INTO sickness_change (sickness, "+sickChangeColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`)

	qSickNotes   = query("sickness_note.of", "SELECT id, sickness, made_by, at_us, text FROM sickness_note WHERE sickness = $1 ORDER BY at_us, id")
	qAddSickNote = query("sickness_note.insert", "INSERT INTO sickness_note (id, sickness, made_by, at_us, text) VALUES ($1, $2, $3, $4, $5)")
)

// sickRow is a report with the columns whose Go form is not their SQL form.
type sickRow struct {
	leave.SickReport
	change                       leave.SickChange
	certified, agreed, withdrawn int64
	recovery                     string
}

func (r *sickRow) state() []any {
	return []any{text(&r.From), text(&r.To), text(&r.Expected), &r.certified, text(&r.NoteUntil), &r.agreed, &r.recovery, &r.withdrawn}
}

func sickReportRow(r *sickRow) []any {
	return append([]any{&r.ID, &r.Person, &r.ReportedBy, &r.ReportedAt}, r.state()...)
}

func sickChangeRow(r *sickRow) []any {
	return append([]any{&r.change.ID, &r.change.What, &r.change.By, &r.change.At}, r.state()...)
}

func (r *sickRow) report() (out leave.SickReport, err error) {
	out = r.SickReport
	out.Certified, out.Agreed, out.Withdrawn = r.certified != 0, r.agreed != 0, r.withdrawn != 0
	if out.Recovery, err = parseRecovery(r.recovery); err != nil {
		err = fmt.Errorf("sickness %s: %w", r.ID, err)
	}
	return out, err
}

// sickState returns the values of sickStateColumns.
func sickState(r *leave.SickReport) []any {
	return []any{r.From, r.To, r.Expected, number(r.Certified), r.NoteUntil, number(r.Agreed), writeRecovery(r.Recovery), number(r.Withdrawn)}
}

// writeRecovery returns the text form of steps of recovery.
func writeRecovery(steps []leave.Recovery) string {
	var all []string
	for _, s := range steps {
		all = append(all, s.From.String()+" "+strconv.Itoa(s.Percent))
	}
	return strings.Join(all, ";")
}

func parseRecovery(s string) (out []leave.Recovery, err error) {
	for part := range strings.SplitSeq(s, ";") {
		if part == "" {
			continue
		}
		date, percent, _ := strings.Cut(part, " ")
		var r leave.Recovery
		if r.From, err = calendar.Parse(date); err != nil {
			return nil, err
		}
		if r.Percent, err = strconv.Atoi(percent); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func (tx *Tx) sickReports(q *statement, args ...any) ([]leave.SickReport, error) {
	var out []leave.SickReport
	err := each(tx, q, sickReportRow, func(row *sickRow) error {
		r, err := row.report()
		out = append(out, r)
		return err
	}, args...)
	return out, err
}

// SickReport returns a report. It reports NotFound.
func (tx *Tx) SickReport(id string) (leave.SickReport, error) {
	row, err := one(tx, qSickReport, sickReportRow, id)
	if err != nil {
		return leave.SickReport{}, err
	}
	return row.report()
}

// SickReportsOf returns all reports of a person, latest first.
func (tx *Tx) SickReportsOf(id people.ID) ([]leave.SickReport, error) {
	return tx.sickReports(qSickReportsOf, id)
}

// SickReportsIn returns the reports that touch a range of days and were not withdrawn.
func (tx *Tx) SickReportsIn(r calendar.Range) ([]leave.SickReport, error) {
	return tx.sickReports(qSickReportsIn, r.From, r.To)
}

// SicknessOf returns the sickness of a person that was not withdrawn.
func (tx *Tx) SicknessOf(id people.ID) ([]leave.Sickness, error) {
	return known(tx, factSickness, id, func() (out []leave.Sickness, err error) {
		list, err := tx.SickReportsOf(id)
		for _, r := range list {
			if !r.Withdrawn {
				out = append(out, r.Sickness)
			}
		}
		return out, err
	})
}

// AllSickness returns what SicknessOf does, of everybody.
func (tx *Tx) AllSickness() (map[people.ID][]leave.Sickness, error) {
	list, err := tx.sickReports(qAllSickness)
	out := map[people.ID][]leave.Sickness{}
	for _, r := range list {
		out[r.Person] = append(out[r.Person], r.Sickness)
	}
	return out, err
}

// SaveSickReport adds a report or replaces what it says.
func (tx *Tx) SaveSickReport(r leave.SickReport) error {
	_, err := tx.exec(qSaveSickReport, append([]any{r.ID, r.Person, r.ReportedBy, r.ReportedAt}, sickState(&r)...)...)
	return err
}

// AddSickChange adds an entry to the history of the report it names.
func (tx *Tx) AddSickChange(c leave.SickChange) error {
	_, err := tx.exec(qAddSickChange, append([]any{c.After.ID, c.ID, string(c.What), c.By, c.At}, sickState(&c.After)...)...)
	return err
}

// SickChanges returns the history of a report, oldest first.
func (tx *Tx) SickChanges(report string) ([]leave.SickChange, error) {
	var out []leave.SickChange
	err := each(tx, qSickChanges, sickChangeRow, func(row *sickRow) (err error) {
		c := row.change
		c.After, err = row.report()
		c.After.ID = report
		out = append(out, c)
		return err
	}, report)
	return out, err
}

var sickNoteText = sealed("sickness_note", "text", "id")

// AddSickNote adds a note to the report it names, sealed.
func (tx *Tx) AddSickNote(n leave.SickNote) error {
	sealed, err := tx.seal(sickNoteText, n.Text, n.ID)
	if err != nil {
		return err
	}
	_, err = tx.exec(qAddSickNote, n.ID, n.Report, n.By, n.At, sealed)
	return err
}

// SickNotes returns the notes of a report, opened, oldest first.
func (tx *Tx) SickNotes(report string) ([]leave.SickNote, error) {
	list, err := all(tx, qSickNotes, func(n *leave.SickNote) []any { return []any{&n.ID, &n.Report, &n.By, &n.At, &n.Text} }, report)
	for i := range list {
		if err == nil {
			list[i].Text, err = tx.unseal(sickNoteText, list[i].Text, list[i].ID)
		}
	}
	if err != nil {
		return nil, err
	}
	return list, nil
}
