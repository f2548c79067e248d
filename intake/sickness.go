// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"cmp"
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/internal/id"
	"verlof/leave"
)

// SickReport stands in Options.Types for sickness: an absence under such a word becomes a
// report of sickness, and no leave.
const SickReport = "sick-report"

// illWords are the words for sickness, as fold writes them, where no leave type is called so.
var illWords = strings.Fields(`sick sickness sickleave sickday sickdays ill illness
	ziek ziekte ziekmelding ziekteverlof ziekteverzuim ziekverzuim verzuim
	krank krankheit krankmeldung krankheitstag krankheitstage krankenstand arbeitsunfahigkeit arbeitsunfahig maladie malade`)

// illness returns what a word for sickness means.
func (d *draft) illness() *kind {
	if d.ill == nil {
		d.ill = &kind{Type: leave.Type{Name: d.words.T("intake.sickness"), Unit: leave.Days, Counting: leave.WorkingTime}, exists: true}
	}
	return d.ill
}

// meansIllness reports whether a word stands for sickness: it is one for it, and no type of
// leave that is still offered has that name.
func (d *draft) meansIllness(word string) bool {
	k := d.types[same(word)]
	return slices.Contains(illWords, fold(word)) && (k == nil || k.Retired)
}

// judgeSick decides what becomes of a line of sickness. Reports know whole days.
func (a *absentee) judgeSick() {
	if s := &a.span; s.First != calendar.WholeDay || s.Last != calendar.WholeDay {
		s.First, s.Last = calendar.WholeDay, calendar.WholeDay
		a.note(FirstPart, "intake.note.sick_whole_days")
	}
	a.line.Absence.Span = a.span
	charges, skipped := a.draft.book.Count(a.m.facts, a.kind.Type, a.span)
	a.line.Absence.Days = leave.Total(charges, leave.Days)
	if a.span.From > a.draft.today.AddDays(leave.MaxSickAhead) {
		a.refuse(From, "intake.why.sick_ahead")
	}
	if a.outside(skipped); a.refused() {
		a.line.Act = Refuse
		return
	}
	for b := range a.m.sick.near(a.span) {
		switch {
		case equal(b.Span, a.span) && b.line == 0:
			a.line.Act, b.line = Same, a.row.Line
		case equal(b.Span, a.span):
			a.line.Act = Same
			a.note(From, "intake.note.repeats", "line", b.line)
		case b.line != 0:
			a.line.Act = Refuse
			a.refuse(From, "intake.why.overlap_line", "line", b.line)
		default:
			a.line.Act = Refuse
			a.refuse(From, "intake.why.overlap", "dates", b.Range())
		}
		return
	}
	a.acceptSick()
}

// acceptSick makes a report of sickness part of the plan.
func (a *absentee) acceptSick() {
	m := a.m
	a.usePerson()
	s := leave.Sickness{ID: id.New(a.draft.now), Person: m.Person.ID, From: a.span.From, To: a.span.To}
	a.draft.work.reports = append(a.draft.work.reports, leave.SickReport{Sickness: s, ReportedBy: cmp.Or(a.draft.by, m.Person.ID), ReportedAt: a.draft.now.UnixMicro()})
	m.sick.add(booking{Span: a.span, line: a.row.Line})
	m.facts.Sickness = append(m.facts.Sickness, s)
}

// reported writes reports of sickness, each with the first entry of its history.
func reported(tx Tx, reports []leave.SickReport) error {
	for _, r := range reports {
		if err := tx.SaveSickReport(r); err != nil {
			return err
		}
		change := leave.SickChange{ID: r.ID, What: leave.SickReported, By: r.ReportedBy, At: r.ReportedAt, After: r}
		if err := tx.AddSickChange(change); err != nil {
			return err
		}
	}
	return nil
}
