// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/id"
	"verlof/internal/order"
	"verlof/people"
)

// SickReport is what is kept of a sickness beside the days that the engine reads.
type SickReport struct {
	Sickness
	Expected   calendar.Date // first day back at work, as it looks now; zero: nobody knows
	Withdrawn  bool          // it was a mistake: nothing follows from it any more
	ReportedBy people.ID
	ReportedAt int64 // microseconds since 1970, UTC
}

// awayUntil returns the last day of the sickness as far as can be told today.
func (r *SickReport) awayUntil(today calendar.Date) calendar.Date {
	last := r.Until(today)
	if r.To.IsZero() && !r.Expected.IsZero() {
		last = max(last, r.Expected.AddDays(-1))
	}
	return last
}

// SickChange is one entry of a report's history: what was done, and the report after it.
type SickChange struct {
	ID    string
	What  SickAct
	By    people.ID
	At    int64
	After SickReport
}

// SickAct says what was done to a report.
type SickAct string

// The acts.
const (
	SickReported  SickAct = "reported"
	SickRecovered SickAct = "recovered"
	SickPartly    SickAct = "partly" // the person works in part again
	SickCorrected SickAct = "corrected"
	SickWithdrawn SickAct = "withdrawn"
)

// SickNote is what somebody wrote about a sickness. It is sealed in the database, and read by
// the person and by sickness officers alone.
type SickNote struct {
	ID     string
	Report string
	By     people.ID
	At     int64
	Text   string
}

// SickTx is what leave needs of a transaction for sickness.
type SickTx interface {
	SicknessOf(id people.ID) ([]Sickness, error) // that was not withdrawn
	AllSickness() (map[people.ID][]Sickness, error)
	SickReport(id string) (SickReport, error)
	SickReportsOf(id people.ID) ([]SickReport, error)     // withdrawn ones too, latest first
	SickReportsIn(r calendar.Range) ([]SickReport, error) // that were not withdrawn and touch r, by their first day
	SaveSickReport(r SickReport) error
	AddSickChange(c SickChange) error
	SickChanges(report string) ([]SickChange, error) // oldest first
	AddSickNote(n SickNote) error                    // sealed
	SickNotes(report string) ([]SickNote, error)     // oldest first
}

// Kinds of the outbox rows about sickness; the payload is an Event that names the report.
const (
	KindSick          = "sick.reported"
	KindSickRecovered = "sick.recovered"
	KindSickWithdrawn = "sick.withdrawn"
)

// SickAsk is what somebody reports.
type SickAsk struct {
	Person   people.ID
	From     calendar.Date
	To       calendar.Date // last day; zero: not well again yet
	Expected calendar.Date // first day back at work, as it looks; zero: nobody knows
	Note     string        // for sickness officers alone
}

// MaxSickAhead and MaxSickBack bound the day from which somebody may be reported sick, in days from today; MaxSickYears
// bounds how far ahead the last day lies, and what is expected and attested.
const (
	MaxSickAhead = 366
	MaxSickBack  = 732
	MaxSickYears = 3
)

// ReportSick writes down that a person is sick: themselves, or somebody who leads them, an
// administrator or a sickness officer for them. It reports NotFound for a person whom by may
// not report, Conflict where a report covers the days already or nobody is employed then, and
// Forbidden for a note about somebody else.
func (s *Service) ReportSick(ctx context.Context, by people.ID, ask SickAsk) (SickReport, error) {
	var r SickReport
	err := s.update(ctx, by, func(c *scene) error {
		if !c.viewer.MayReportSick(ask.Person) || c.org.Records[ask.Person] == nil {
			return errs.New(errs.NotFound, "people.error.no_person")
		}
		if err := c.LockPerson(ask.Person); err != nil {
			return err
		}
		r = SickReport{Sickness: Sickness{ID: id.New(s.Now()), Person: ask.Person, From: ask.From, To: ask.To},
			Expected: ask.Expected, ReportedBy: by, ReportedAt: s.at()}
		if err := c.checkSick(&r); err != nil {
			return err
		}
		if err := c.keepSick(&r, SickReported, KindSick); err != nil {
			return err
		}
		for i := range c.how.StandIns {
			away := calendar.Range{From: r.From, To: r.awayUntil(c.todayOf(r.Person))}
			if err := c.tellAbsence(&c.how.StandIns[i], r.ID, r.Person, away); err != nil {
				return err
			}
		}
		return c.writeNote(&r, ask.Note)
	})
	if err != nil {
		return SickReport{}, fmt.Errorf("report sick: %w", err)
	}
	return r, nil
}

// checkSick refuses a report that cannot be.
func (c *scene) checkSick(r *SickReport) error {
	f := c.org.Records[r.Person]
	today := c.todayOf(r.Person)
	switch {
	case r.From.IsZero():
		return errs.New(errs.Invalid, "leave.error.from_missing").At("from")
	case r.From > today.AddDays(MaxSickAhead) || r.From < today.AddDays(-MaxSickBack):
		return errs.New(errs.Invalid, "leave.error.sick_far").At("from")
	case !r.To.IsZero() && r.To < r.From:
		return errs.New(errs.Invalid, "leave.error.backwards").At("to")
	case !r.Expected.IsZero() && r.Expected <= r.From:
		return errs.New(errs.Invalid, "leave.error.sick_expected").At("expected")
	case !f.EmployedOn(r.From):
		return errs.New(errs.Conflict, "leave.error.not_employed").At("from")
	}
	for _, last := range []struct {
		field string
		day   calendar.Date
	}{{"to", r.To}, {"expected", r.Expected}, {"note_until", r.NoteUntil}} {
		if last.day > today.AddYears(MaxSickYears) {
			return errs.New(errs.Invalid, "leave.error.too_far", "count", MaxSickYears).At(last.field)
		}
	}
	if err := r.checkSteps(); err != nil {
		return err
	}
	others, err := c.SicknessOf(r.Person)
	if err != nil {
		return err
	}
	return r.checkOthers(others)
}

// Check refuses a report that cannot be beside the others of a person, whatever day it is.
func (r *SickReport) Check(f *Facts) error {
	switch {
	case !r.To.IsZero() && r.To < r.From:
		return errs.New(errs.Invalid, "leave.error.backwards").At("to")
	case !f.EmployedOn(r.From):
		return errs.New(errs.Conflict, "leave.error.not_employed").At("from")
	}
	if err := r.checkSteps(); err != nil {
		return err
	}
	return r.checkOthers(f.Sickness)
}

// checkOthers refuses days of which there is a report already.
func (r *SickReport) checkOthers(others []Sickness) error {
	for _, o := range others {
		if o.ID != r.ID && (o.To.IsZero() || r.From <= o.To) && (r.To.IsZero() || o.From <= r.To) {
			return errs.New(errs.Conflict, "leave.error.sick_already", "date", o.From).At("from")
		}
	}
	return nil
}

// checkSteps refuses steps of recovery that cannot be, and puts them in order.
func (r *SickReport) checkSteps() error {
	order.By(r.Recovery, func(a, b Recovery) int { return cmp.Compare(a.From, b.From) })
	for i, x := range r.Recovery {
		switch {
		case x.Percent < 1 || x.Percent > 99:
			return errs.New(errs.Invalid, "leave.error.sick_percent").At("percent" + strconv.Itoa(i))
		case x.From <= r.From || !r.To.IsZero() && x.From > r.To, i > 0 && x.From == r.Recovery[i-1].From:
			return errs.New(errs.Invalid, "leave.error.sick_step").At("step" + strconv.Itoa(i))
		}
	}
	if !r.NoteUntil.IsZero() && (!r.Certified || r.NoteUntil < r.From) {
		return errs.New(errs.Invalid, "leave.error.sick_note_until").At("note_until")
	}
	return nil
}

// keepSick writes a report, what was done to it, and what mail is to tell of it (nothing
// where kind is empty).
func (c *scene) keepSick(r *SickReport, what SickAct, kind string) error {
	if err := c.SaveSickReport(*r); err != nil {
		return err
	}
	change := SickChange{ID: id.New(c.s.Now()), What: what, By: c.viewer.ID, At: c.s.at(), After: *r}
	if err := c.AddSickChange(change); err != nil || kind == "" {
		return err
	}
	return put(c.Tx, kind, kind+":"+change.ID, Event{Request: r.ID, Person: r.Person, By: c.viewer.ID})
}

// writeNote adds a note to a report, unless it is empty.
func (c *scene) writeNote(r *SickReport, text string) error {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return nil
	case !c.viewer.MaySeeSickness(r.Person):
		return errs.New(errs.Forbidden, "leave.error.sick_note_not_yours").At("note")
	case len([]rune(text)) > MaxNote:
		return errs.New(errs.Invalid, "leave.error.note_too_long", "count", MaxNote).At("note")
	}
	return c.AddSickNote(SickNote{ID: id.New(c.s.Now()), Report: r.ID, By: c.viewer.ID, At: c.s.at(), Text: text})
}

// errNoReport is the same for a report that is not there and for one that the asker may not
// know of.
var errNoReport = errs.New(errs.NotFound, "leave.error.no_sick_report")

// sickReport reads a report that the viewer may act on.
func (c *scene) sickReport(id string) (SickReport, error) {
	r, err := c.SickReport(id)
	if errs.Is(err, errs.NotFound) || err == nil && !c.viewer.MayReportSick(r.Person) {
		return SickReport{}, errNoReport
	}
	return r, err
}

// changeSick reads a report under its person's lock, lets f change it, checks and writes it.
func (s *Service) changeSick(ctx context.Context, by people.ID, id string, what SickAct, kind string, f func(*scene, *SickReport) error) error {
	err := s.update(ctx, by, func(c *scene) error {
		r, err := c.sickReport(id)
		if err != nil {
			return err
		}
		if err := c.LockPerson(r.Person); err != nil {
			return err
		}
		if r, err = c.sickReport(id); err != nil { // again, now that nobody else can change it
			return err
		}
		if r.Withdrawn {
			return errs.New(errs.Conflict, "leave.error.sick_withdrawn")
		}
		if err := f(c, &r); err != nil {
			return err
		}
		if !r.Withdrawn {
			if err := c.checkSick(&r); err != nil {
				return err
			}
		}
		return c.keepSick(&r, what, kind)
	})
	if err != nil {
		return fmt.Errorf("change sick report %s: %w", id, err)
	}
	return nil
}

// RecoverSick writes down the last day of a sickness. Whoever may report a person sick may;
// it reports Conflict where it is over already: that is for CorrectSick.
func (s *Service) RecoverSick(ctx context.Context, by people.ID, id string, last calendar.Date) error {
	return s.changeSick(ctx, by, id, SickRecovered, KindSickRecovered, func(c *scene, r *SickReport) error {
		if !r.To.IsZero() {
			return errs.New(errs.Conflict, "leave.error.sick_over")
		}
		if last.IsZero() {
			return errs.New(errs.Invalid, "leave.error.to_missing").At("to")
		}
		r.To = last
		r.Recovery = slices.DeleteFunc(slices.Clone(r.Recovery), func(x Recovery) bool { return x.From > last })
		return nil
	})
}

// MaxRecovery is how many steps of recovery one sickness has room for: two years of working a little more each month.
const MaxRecovery = 24

// PartlySick writes down that the person works so much again from a day on, in place of what was said of that day before.
// The report stays open. It reports Forbidden unless by is the person or a sickness officer, Conflict where the last day is
// known or there are MaxRecovery steps, and Invalid at step or percent for a step that cannot be.
func (s *Service) PartlySick(ctx context.Context, by people.ID, id string, step Recovery) error {
	return s.changeSick(ctx, by, id, SickPartly, "", func(c *scene, r *SickReport) error {
		steps := slices.DeleteFunc(slices.Clone(r.Recovery), func(x Recovery) bool { return x.From == step.From })
		switch {
		case !c.viewer.MaySeeSickness(r.Person):
			return errs.New(errs.Forbidden, "leave.error.sick_officer")
		case !r.To.IsZero():
			return errs.New(errs.Conflict, "leave.error.sick_over")
		case step.From <= r.From:
			return errs.New(errs.Invalid, "leave.error.sick_step").At("step")
		case step.From > c.todayOf(r.Person).AddDays(MaxSickAhead):
			return errs.New(errs.Invalid, "leave.error.sick_far").At("step")
		case step.Percent < 1 || step.Percent > 99:
			return errs.New(errs.Invalid, "leave.error.sick_percent").At("percent")
		case len(steps) >= MaxRecovery:
			return errs.New(errs.Conflict, "leave.error.sick_steps", "count", MaxRecovery).At("step")
		}
		r.Recovery = append(steps, step)
		return nil
	})
}

// ExpectSick changes the day on which the person is expected back; zero: nobody knows.
func (s *Service) ExpectSick(ctx context.Context, by people.ID, id string, expected calendar.Date) error {
	return s.changeSick(ctx, by, id, SickCorrected, "", func(_ *scene, r *SickReport) error {
		r.Expected = expected
		return nil
	})
}

// AgreeSick writes down whether the person agrees that leave booked in the sickness counts as
// taken (BW 7:638 lid 8). It reports Forbidden unless by is the person or a sickness officer.
func (s *Service) AgreeSick(ctx context.Context, by people.ID, id string, agreed bool) error {
	return s.changeSick(ctx, by, id, SickCorrected, "", func(c *scene, r *SickReport) error {
		if !c.viewer.MaySeeSickness(r.Person) {
			return errs.New(errs.Forbidden, "leave.error.sick_officer")
		}
		r.Agreed = agreed
		return nil
	})
}

// CorrectSick replaces the days of a report, its certificate and its steps. It reports
// Forbidden unless by is a sickness officer, and Conflict where something was done to the report
// since the change that they saw last: see SickDetail.Last. It reports Invalid for more than MaxRecovery steps, unless there
// were as many before.
func (s *Service) CorrectSick(ctx context.Context, by people.ID, id, seen string, to SickReport) error {
	return s.changeSick(ctx, by, id, SickCorrected, "", func(c *scene, r *SickReport) error {
		if c.viewer.NeedOver(people.FollowSickness, r.Person) != nil {
			return errs.New(errs.Forbidden, "people.error.sickness_officer")
		}
		if done, err := c.SickChanges(id); err != nil || lastOf(done) != seen {
			return cmp.Or(err, people.Missed(ctx))
		}
		if len(to.Recovery) > max(MaxRecovery, len(r.Recovery)) {
			return errs.New(errs.Invalid, "leave.error.sick_room", "count", MaxRecovery).At("step" + strconv.Itoa(MaxRecovery))
		}
		r.From, r.To, r.Expected = to.From, to.To, to.Expected
		r.Certified, r.NoteUntil, r.Agreed, r.Recovery = to.Certified, to.NoteUntil, to.Agreed, to.Recovery
		return nil
	})
}

// WithdrawSick takes a report back that was a mistake: what it gave back is taken again. The
// person, whoever reported it and sickness officers may; others are told Forbidden.
func (s *Service) WithdrawSick(ctx context.Context, by people.ID, id string) error {
	return s.changeSick(ctx, by, id, SickWithdrawn, KindSickWithdrawn, func(c *scene, r *SickReport) error {
		if !c.viewer.MaySeeSickness(r.Person) && r.ReportedBy != by {
			return errs.New(errs.Forbidden, "leave.error.sick_officer")
		}
		r.Withdrawn = true
		return nil
	})
}

// AddSickNote adds a note to a report. It reports Forbidden unless by is the person or a
// sickness officer, and Invalid for an empty or a long text.
func (s *Service) AddSickNote(ctx context.Context, by people.ID, id, text string) error {
	err := s.update(ctx, by, func(c *scene) error {
		r, err := c.sickReport(id)
		if err != nil {
			return err
		}
		if strings.TrimSpace(text) == "" {
			return errs.New(errs.Invalid, "leave.error.sick_note_missing").At("note")
		}
		return c.writeNote(&r, text)
	})
	if err != nil {
		return fmt.Errorf("add a note to sick report %s: %w", id, err)
	}
	return nil
}
