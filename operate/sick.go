// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"verlof/calendar"
	"verlof/leave"
	"verlof/people"
)

// sick has somebody report sick, unless they are away in these days. last is zero while they are
// not well again; back is when they expect to be.
func (p *play) sick(r *resident, from, last, back calendar.Date) {
	days := leave.Sickness{Person: r.ID, From: from, To: last}
	end := days.Until(p.today)
	works := func(d calendar.Date) bool { w, _, ok := p.rules.Workday(&r.facts, d); return ok && w.Minutes() > 0 }
	if !works(from) || !r.facts.EmployedOn(end) {
		return
	}
	for _, q := range r.facts.Requests {
		if q.From <= end && q.To >= from {
			return
		}
	}
	for _, s := range r.ill {
		if s.From <= end && s.Until(p.today) >= from {
			return
		}
	}
	r.ill = append(r.ill, leave.SickReport{Sickness: days, Expected: back})
}

// writeSickness writes the reports of sickness, and a few for the first team: one of these days,
// a long one that ends in steps, and one over a holiday, which gives its days back.
func (p *play) writeSickness(tx leave.Tx) error {
	for _, r := range p.cast {
		if r.squad != 0 || r.place != 1 && r.place != 4 && r.place != 5 {
			for _, report := range r.ill {
				if err := p.writeReport(tx, r, report, ""); err != nil {
					return err
				}
			}
			continue
		}
		var report leave.SickReport
		note := ""
		switch r.place {
		case 1:
			if report = p.overHoliday(r); report.From.IsZero() {
				continue
			}
		case 4:
			report.From, report.Expected = p.today.AddDays(-2), p.today.AddDays(3)
		case 5:
			report.From, report.Expected, report.Certified = p.today.AddDays(-60), p.today.AddDays(30), true
			report.Recovery = []leave.Recovery{{From: p.today.AddDays(-20), Percent: 40}, {From: p.today.AddDays(-6), Percent: 60}}
			note = p.phrases.sickNote
		}
		if err := p.writeReport(tx, r, report, note); err != nil {
			return err
		}
	}
	return nil
}

// overHoliday returns a report of two days in the last holiday of some days; the zero one
// where there was none.
func (p *play) overHoliday(r *resident) (report leave.SickReport) {
	for _, q := range r.facts.Requests {
		if q.Type == p.set.Types.Holiday.ID && q.State == leave.Approved && len(q.Charges) > 3 && q.To < p.today && q.From > report.From {
			report.From, report.To = q.Charges[1].Date, q.Charges[2].Date
		}
	}
	report.Certified = true
	return report
}

// writeReport writes a report of somebody's own, and its note if there is one.
func (p *play) writeReport(tx leave.Tx, r *resident, report leave.SickReport, note string) error {
	report.ID, report.Person, report.ReportedBy = p.id(), r.ID, r.ID
	report.ReportedAt = p.clock(report.From)
	if !r.facts.EmployedOn(report.From) {
		return nil
	}
	if err := tx.SaveSickReport(report); err != nil {
		return err
	}
	change := leave.SickChange{ID: p.id(), What: leave.SickReported, By: r.ID, At: report.ReportedAt, After: report}
	if err := tx.AddSickChange(change); err != nil || note == "" {
		return err
	}
	return tx.AddSickNote(leave.SickNote{ID: p.id(), Report: report.ID, By: p.officer(), At: p.clock(min(report.From.AddDays(14), p.today)), Text: note})
}

// officer returns who follows sickness.
func (p *play) officer() people.ID {
	for _, r := range p.cast {
		if r.Roles.Has(people.SicknessOfficer) {
			return r.ID
		}
	}
	return p.cast[0].ID
}
