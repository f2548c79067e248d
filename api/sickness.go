// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"
	"time"

	"verlof/identity/access"
	"verlof/leave"
	"verlof/people"
)

// Sickness is a report of a sickness. Who is not the person or a sickness officer
// reads its days and no more.
type Sickness struct {
	ID         string     `json:"id"`
	Person     string     `json:"person" doc:"Id of the person."`
	Withdrawn  bool       `json:"withdrawn" doc:"It was a mistake."`
	Full       bool       `json:"full" doc:"The caller may know all that is kept, and it is told here."`
	Days       int        `json:"days" doc:"Calendar days so far."`
	ReportedBy string     `json:"reported_by,omitempty"`
	ReportedAt *time.Time `json:"reported_at,omitempty"`
	Notes      []SickNote `json:"notes,omitempty"`
	Back       []SickBack `json:"back,omitempty" doc:"Leave that it gives back."`
	MayRecover bool       `json:"may_recover"`
	MayCorrect bool       `json:"may_correct"`
	SicknessInput
}

// SicknessInput are the days of a sickness, as a sickness officer keeps them.
type SicknessInput struct {
	From      Date       `json:"from" doc:"First day."`
	To        *Date      `json:"to,omitempty" doc:"Last day; missing while it is not over."`
	Expected  *Date      `json:"expected,omitempty" doc:"First day back at work, as it looks."`
	Certified bool       `json:"certified,omitempty" doc:"A note of a doctor covers it."`
	NoteUntil *Date      `json:"note_until,omitempty" doc:"Last day that the doctor's note covers; missing: all of them."`
	Agreed    bool       `json:"agreed,omitempty" doc:"The person agrees that leave booked in it counts as taken."`
	Recovery  []Recovery `json:"recovery,omitempty" maxItems:"100" doc:"Steps on the way back; a report has room for 24."`
}

// Recovery is a step on the way back: from a day on the person works so much again.
type Recovery struct {
	From    Date `json:"from"`
	Percent int  `json:"percent" minimum:"1" maximum:"99" doc:"Of the own working week."`
}

// SickNote is a note on a report.
type SickNote struct {
	By   string     `json:"by"`
	At   *time.Time `json:"at"`
	Text string     `json:"text"`
}

// SickBack is leave that a sickness gives back.
type SickBack struct {
	Request string `json:"request"`
	Amount  Amount `json:"amount"`
}

// SickAsk is what is reported.
type SickAsk struct {
	Person   string `json:"person,omitempty" maxLength:"64" doc:"Id of who is sick; missing: the caller."`
	From     Date   `json:"from"`
	To       *Date  `json:"to,omitempty"`
	Expected *Date  `json:"expected,omitempty"`
	Note     string `json:"note,omitempty" maxLength:"2000" doc:"For sickness officers alone; about oneself."`
}

func (c *call) sickness(d leave.SickDetail) Sickness {
	r := &d.Report
	out := Sickness{ID: r.ID, Person: string(r.Person), Withdrawn: r.Withdrawn, Full: d.Full, Days: d.Days, ReportedBy: string(r.ReportedBy),
		ReportedAt: moment(r.ReportedAt), MayRecover: d.MayRecover, MayCorrect: d.MayCorrect,
		SicknessInput: SicknessInput{From: dated(r.From), To: maybeDated(r.To), Expected: maybeDated(r.Expected), Certified: r.Certified,
			NoteUntil: maybeDated(r.NoteUntil), Agreed: r.Agreed}}
	for _, x := range r.Recovery {
		out.Recovery = append(out.Recovery, Recovery{dated(x.From), x.Percent})
	}
	for _, n := range d.Notes {
		out.Notes = append(out.Notes, SickNote{string(n.By), moment(n.At), n.Text})
	}
	for _, b := range d.Back {
		out.Back = append(out.Back, SickBack{b.Request, amount(c.lang, b.Amount, b.Type.Unit)})
	}
	return out
}

// sickDay is a day that an act on a report needs.
type sickDay struct {
	ByID
	Body struct {
		Day *Date `json:"day,omitempty" doc:"Of recovery: the last day of the sickness. Of the expected return: the first day back; missing: nobody knows."`
	}
}

type (
	sickBody   struct{ Body SickAsk }
	sickAgreed struct {
		ByID
		Body struct {
			Agreed bool `json:"agreed"`
		}
	}
	sickPartly struct {
		ByID
		Body Recovery
	}
	sickNote struct {
		ByID
		Body struct {
			Note string `json:"note" minLength:"1" maxLength:"2000"`
		}
	}
	sickCorrection struct {
		ByID
		Body SicknessInput
	}
	sickQuery struct {
		ByPerson
		Cut
	}
)

func addSickness(s *surface) {
	const area = "Sickness"
	read := func(id, path, what, doc string) operation {
		return operation{ID: id, Method: http.MethodGet, Path: path, Scope: access.SicknessRead, Area: area, Summary: what, Doc: doc}
	}
	write := func(id, path, what, doc string) operation {
		return operation{ID: id, Method: http.MethodPost, Path: path, Scope: access.SicknessWrite, Area: area, Summary: what, Doc: doc}
	}
	add(s, read("listSick", "/sickness", "List who is sick today", "Those of whom the caller may know that they are sick, or reported it: who leads people and administrators know it where the settings say so."), listSick)
	add(s, read("listSickness", "/people/{id}/sickness", "List a person's sick reports", "Latest first."), listSickness)
	add(s, read("getSickness", "/sickness/{id}", "Read a sick report", "For those who may know of the sickness, or reported it. Others who may report the person sick do not read it, and may report the person well by the id that stands in their mail."), getSickness)
	report := write("reportSick", "/sickness", "Report somebody sick", "Oneself, or somebody for whom the caller may.")
	report.Status = http.StatusCreated
	add(s, report, reportSick)
	add(s, write("recoverSick", "/sickness/{id}/recover", "Report somebody well", "By whoever may report the person sick: the answer tells the days and no more to those who may know no more."), func(ctx context.Context, c *call, in *sickDay) (Sickness, error) {
		return c.sickDone(ctx, in.ByID, c.Leave.RecoverSick(ctx, c.Caller.Person, in.ID, dateOr(in.Body.Day, 0)))
	})
	add(s, write("partlySick", "/sickness/{id}/partly", "Say that somebody works in part again", "From a day on, in place of what was said of that day before. By the person or a sickness officer, while no last day is known."), func(ctx context.Context, c *call, in *sickPartly) (Sickness, error) {
		return c.sickDone(ctx, in.ByID, c.Leave.PartlySick(ctx, c.Caller.Person, in.ID, leave.Recovery{From: in.Body.From.Date, Percent: in.Body.Percent}))
	})
	add(s, write("expectSick", "/sickness/{id}/expect", "Say when somebody is expected back", ""), func(ctx context.Context, c *call, in *sickDay) (Sickness, error) {
		return c.sickDone(ctx, in.ByID, c.Leave.ExpectSick(ctx, c.Caller.Person, in.ID, dateOr(in.Body.Day, 0)))
	})
	add(s, write("agreeSick", "/sickness/{id}/agree", "Say whether leave in it counts as taken", "By the person or a sickness officer."), func(ctx context.Context, c *call, in *sickAgreed) (Sickness, error) {
		return c.sickDone(ctx, in.ByID, c.Leave.AgreeSick(ctx, c.Caller.Person, in.ID, in.Body.Agreed))
	})
	add(s, write("withdrawSick", "/sickness/{id}/withdraw", "Take a report back that was a mistake", ""), func(ctx context.Context, c *call, in *ByID) (Sickness, error) {
		return c.sickDone(ctx, *in, c.Leave.WithdrawSick(ctx, c.Caller.Person, in.ID))
	})
	add(s, write("addSickNote", "/sickness/{id}/notes", "Add a note", "By the person or a sickness officer."), func(ctx context.Context, c *call, in *sickNote) (Sickness, error) {
		return c.sickDone(ctx, in.ByID, c.Leave.AddSickNote(ctx, c.Caller.Person, in.ID, in.Body.Note))
	})
	correct := write("correctSick", "/sickness/{id}", "Correct a sick report", "All of it at once. For sickness officers.")
	correct.Method = http.MethodPut
	correct.Match = true
	add(s, correct, correctSick)
}

// sickDone returns the report after an act on it, or why that was not done.
func (c *call) sickDone(ctx context.Context, in ByID, err error) (Sickness, error) {
	if err != nil {
		return Sickness{}, err
	}
	d, err := c.Leave.SickDetail(ctx, c.Caller.Person, in.ID)
	if err != nil {
		return Sickness{}, err
	}
	return c.sickness(d), nil
}

func getSickness(ctx context.Context, c *call, in *ByID) (Sickness, error) {
	d, err := c.Leave.SickKnown(ctx, c.Caller.Person, in.ID)
	if err != nil {
		return Sickness{}, err
	}
	return c.sickness(d), nil
}

func listSick(ctx context.Context, c *call, in *Cut) (Page[Sickness], error) {
	list, err := c.Leave.SickToday(ctx, c.Caller.Person)
	if err != nil {
		return Page[Sickness]{}, err
	}
	return part(each(list, c.sickness), *in, false, func(s Sickness) string { return s.ID })
}

func listSickness(ctx context.Context, c *call, in *sickQuery) (Page[Sickness], error) {
	list, err := c.Leave.SickHistory(ctx, c.Caller.Person, in.who())
	if err != nil {
		return Page[Sickness]{}, err
	}
	return part(each(list, c.sickness), in.Cut, true, func(s Sickness) string { return s.ID })
}

func reportSick(ctx context.Context, c *call, in *sickBody) (Sickness, error) {
	b := &in.Body
	ask := leave.SickAsk{Person: c.Caller.Person, From: b.From.Date, To: dateOr(b.To, 0), Expected: dateOr(b.Expected, 0), Note: b.Note}
	if b.Person != "" {
		ask.Person = people.ID(b.Person)
	}
	r, err := c.Leave.ReportSick(ctx, c.Caller.Person, ask)
	if err != nil {
		return Sickness{}, err
	}
	c.made("/sickness/" + r.ID)
	return getSickness(ctx, c, &ByID{r.ID})
}

func correctSick(ctx context.Context, c *call, in *sickCorrection) (Sickness, error) {
	d, err := c.Leave.SickDetail(ctx, c.Caller.Person, in.ID)
	if err != nil {
		return Sickness{}, err
	}
	b := &in.Body
	to := leave.SickReport{Expected: dateOr(b.Expected, 0), Sickness: leave.Sickness{From: b.From.Date, To: dateOr(b.To, 0), Certified: b.Certified,
		NoteUntil: dateOr(b.NoteUntil, 0), Agreed: b.Agreed}}
	for _, x := range b.Recovery {
		to.Recovery = append(to.Recovery, leave.Recovery{From: x.From.Date, Percent: x.Percent})
	}
	return c.sickDone(ctx, in.ByID, c.Leave.CorrectSick(ctx, c.Caller.Person, in.ID, d.Last(), to))
}
