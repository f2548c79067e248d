// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/people"
)

// LongSickness is after how many days a sickness counts as long: the six weeks after which
// Dutch employers report to UWV (42 days, WIA) and German ones stop paying (EFZG § 3).
const LongSickness = 42

// ofSickness is the type of a request that stands for a sickness among the absent. No leave
// type has it.
const ofSickness = "sickness report"

// absent is somebody who is away, and how much of the own working week, in percent, they work
// all the same: who is partly recovered from a sickness does.
type absent struct {
	Request
	works int
}

// awayIn returns who is away in a range of days: the requests that count, and sickness as
// requests that nobody can open, each step of the recovery by itself.
func (c *scene) awayIn(in calendar.Range) ([]absent, error) {
	requests, err := c.RequestsIn(in)
	if err != nil {
		return nil, err
	}
	reports, err := c.SickReportsIn(in)
	return c.away(requests, reports, in), err
}

// awayOf returns what awayIn does, of one person.
func (c *scene) awayOf(person people.ID, in calendar.Range) ([]absent, error) {
	requests, err := c.RequestsOf(person)
	if err != nil {
		return nil, err
	}
	requests = slices.DeleteFunc(requests, func(r Request) bool { return !r.State.Counts() || !r.Range().Overlaps(in) })
	reports, err := c.SickReportsOf(person)
	reports = slices.DeleteFunc(reports, func(r SickReport) bool { return r.Withdrawn })
	return c.away(requests, reports, in), err
}

// away makes one list of requests and sick reports.
func (c *scene) away(requests []Request, reports []SickReport, in calendar.Range) []absent {
	out := make([]absent, 0, len(requests))
	for _, r := range requests {
		out = append(out, absent{Request: r})
	}
	for i := range reports {
		for _, a := range reports[i].absent(c.todayOf(reports[i].Person)) {
			if a.From <= in.To && a.To >= in.From {
				out = append(out, a)
			}
		}
	}
	return out
}

// absent returns the days of a sickness as far as can be told today, parted where a step of
// recovery begins.
func (r *SickReport) absent(today calendar.Date) []absent {
	last := r.awayUntil(today)
	starts := []calendar.Date{r.From}
	for _, step := range r.Recovery {
		if step.From > r.From && step.From <= last {
			starts = append(starts, step.From)
		}
	}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	var out []absent
	for i, from := range starts {
		to := last
		if i+1 < len(starts) {
			to = starts[i+1].AddDays(-1)
		}
		out = append(out, absent{works: r.WorksOn(from),
			Request: Request{ID: r.ID, Person: r.Person, Type: ofSickness, State: Approved, Span: Span{From: from, To: to}}})
	}
	return out
}

// SickDetail is one report as a page shows it.
type SickDetail struct {
	Report     SickReport // of it only the days where Full is not set
	Person     people.Person
	ReportedBy people.Person
	Today      calendar.Date
	Known      bool // the viewer may know that it is sickness
	Full       bool // and all else
	Days       int  // calendar days so far
	Changes    []SickChange
	Notes      []SickNote
	Back       []SickBack // leave that it gives back

	MayRecover  bool // it is not over
	MayPartly   bool // nor is it for others to say how much the person works
	MayWithdraw bool
	MayCorrect  bool
	MayAgree    bool // leave of a type that asks for it lies in the sickness
}

// Last is the id of what was done to the report last.
func (d *SickDetail) Last() string { return lastOf(d.Changes) }

func lastOf(changes []SickChange) string {
	if len(changes) == 0 {
		return ""
	}
	return changes[len(changes)-1].ID
}

// SickBack is leave that a sickness gives back.
type SickBack struct {
	Request string // id
	Type    Type
	Span
	Amount exact.Rat // in the unit of the type
}

// Long reports whether the sickness has come to be a long one.
func (d *SickDetail) Long() bool { return d.Days >= LongSickness }

// daysOn returns how many calendar days a sickness has lasted on a day.
func (s *Sickness) daysOn(d calendar.Date) int {
	return max(0, int(min(s.Until(d), d)-s.From)+1)
}

// SickDetail returns one report as by may see it, or NotFound. Who may report the person sick has it too, as an absence: what
// shows it to them does not say that it is sickness unless it is Known.
func (s *Service) SickDetail(ctx context.Context, by people.ID, id string) (SickDetail, error) {
	var d SickDetail
	err := s.view(ctx, by, func(c *scene) error {
		r, err := c.sickReport(id)
		if err != nil {
			return err
		}
		if d = c.sickDetail(r); !d.Full {
			return nil
		}
		if d.Changes, err = c.SickChanges(id); err != nil {
			return err
		}
		if d.Notes, err = c.SickNotes(id); err != nil {
			return err
		}
		return c.sickBack(&d)
	})
	return d, err
}

// sickDetail returns what the viewer may know of a report, without what is read for it alone.
func (c *scene) sickDetail(r SickReport) SickDetail {
	today := c.todayOf(r.Person)
	full := c.viewer.MaySeeSickness(r.Person)
	d := SickDetail{Report: r, Person: c.org.Person(r.Person), Today: today, Full: full,
		Known: c.viewer.MayKnowSick(r.Person, c.org.Settings), Days: r.daysOn(today),
		MayRecover: !r.Withdrawn && r.To.IsZero(), MayPartly: full && !r.Withdrawn && r.To.IsZero(), MayWithdraw: !r.Withdrawn && (full || r.ReportedBy == c.viewer.ID),
		MayCorrect: !r.Withdrawn && c.viewer.NeedOver(people.FollowSickness, r.Person) == nil}
	if full {
		d.ReportedBy = c.org.Person(r.ReportedBy)
		return d
	}
	d.Report = SickReport{Sickness: Sickness{ID: r.ID, Person: r.Person, From: r.From, To: r.To}, Expected: r.Expected, Withdrawn: r.Withdrawn}
	return d
}

// sickBack adds what the sickness gives back of booked leave, and whether the person may let it
// count.
func (c *scene) sickBack(d *SickDetail) error {
	f, err := c.facts(d.Report.Person)
	if err != nil {
		return err
	}
	f.Sickness = []Sickness{d.Report.Sickness}
	if d.Report.Withdrawn {
		return nil
	}
	for i := range f.Requests {
		r := &f.Requests[i]
		t, ok := c.book.Type(r.Type)
		if !ok || !r.State.Counts() || r.To < d.Report.From || r.From > d.Report.awayUntil(d.Today) {
			continue
		}
		d.MayAgree = d.MayAgree || t.GiveBack == BackUnlessAgreed
		if sum := c.book.backOf(f, t, r, d.Today); sum.Sign() > 0 {
			d.Back = append(d.Back, SickBack{Request: r.ID, Type: t, Span: r.Span, Amount: sum})
		}
	}
	return nil
}

// SickHistory returns all reports of a person, withdrawn ones too, latest first. It reports
// NotFound for a person of whom by may not know all.
func (s *Service) SickHistory(ctx context.Context, by, person people.ID) ([]SickDetail, error) {
	var out []SickDetail
	err := s.view(ctx, by, func(c *scene) error {
		if !c.viewer.MaySeeSickness(person) || c.org.Records[person] == nil {
			return errs.New(errs.NotFound, "people.error.no_person")
		}
		reports, err := c.SickReportsOf(person)
		for _, r := range reports {
			out = append(out, c.sickDetail(r))
		}
		return err
	})
	return out, err
}

// SickKnown returns one report as SickDetail does to those who know that it is sickness, and NotFound to others.
func (s *Service) SickKnown(ctx context.Context, by people.ID, id string) (SickDetail, error) {
	err := s.view(ctx, by, func(c *scene) error {
		r, err := c.sickReport(id)
		if err == nil && !c.knowsSick(&r) {
			return errNoReport
		}
		return err
	})
	if err != nil {
		return SickDetail{}, err
	}
	return s.SickDetail(ctx, by, id)
}

// knowsSick reports whether the viewer may know that a report is there: whoever may know that the person is sick, and who
// reported it, as long as they may.
func (c *scene) knowsSick(r *SickReport) bool {
	return c.viewer.MayKnowSick(r.Person, c.org.Settings) || r.ReportedBy == c.viewer.ID && c.viewer.MayReportSick(r.Person)
}

// SickToday returns the reports of those who are sick today, or are to be, of all of whom by
// knows it: sickness officers see everybody's. Who has been away longest comes first.
func (s *Service) SickToday(ctx context.Context, by people.ID) ([]SickDetail, error) {
	var out []SickDetail
	err := s.view(ctx, by, func(c *scene) error {
		reports, err := c.SickReportsIn(calendar.Range{From: c.today, To: c.today.AddDays(MaxSickAhead)})
		for _, r := range reports {
			if c.knowsSick(&r) {
				out = append(out, c.sickDetail(r))
			}
		}
		return err
	})
	return out, err
}

// SickSince returns the report of a person's that is not over, if there is one; a false ok says
// that there is none. It is for the person alone.
func (s *Service) SickSince(ctx context.Context, by people.ID) (d SickDetail, ok bool, err error) {
	err = s.view(ctx, by, func(c *scene) error {
		reports, err := c.SickReportsOf(by)
		i := slices.IndexFunc(reports, func(r SickReport) bool { return !r.Withdrawn && r.To.IsZero() })
		if ok = i >= 0; ok {
			d = c.sickDetail(reports[i])
		}
		return err
	})
	return d, ok, err
}

// Discreet takes what tells of sickness out of a statement, for those who may know the balance and not that.
func (s *Statement) Discreet() {
	discreet(s.Lines)
	discreet(s.Ahead)
}

// discreet makes statements of f's person what the viewer may know.
func (c *scene) discreet(f *Facts, all ...*Statement) {
	if c.viewer.MayKnowSick(f.Person.ID, c.org.Settings) {
		return
	}
	for _, s := range all {
		s.Discreet()
	}
}

// discreet takes what tells of sickness out of lines. Nothing but sickness gives leave back: such a line becomes a correction.
func discreet(lines []Line) {
	for i := range lines {
		lines[i].Differs = nil // its reasons say the same
		if lines[i].Kind == LineGivenBack {
			lines[i].Kind = LineCorrection
		}
		for k, r := range lines[i].Why {
			switch {
			case r.Key == "longer_sick":
				r.Key = "longer_away" // that much the absence itself tells
			case strings.HasPrefix(r.Key, "sick"):
				r = Reason{"by_terms", nil}
			default:
				continue
			}
			lines[i].Why = slices.Clone(lines[i].Why)
			lines[i].Why[k] = r
		}
	}
}
