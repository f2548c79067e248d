// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"
	"time"

	"verlof/identity/access"
	"verlof/leave"
)

// Ending is a day on which leave of a type ends for some people.
type Ending struct {
	Type    string `json:"type" doc:"Id of the leave type."`
	Ends    Date   `json:"ends" doc:"Last day to take it."`
	By      *Date  `json:"by,omitempty" doc:"Last day on which telling is in time; missing: nobody needs to be told."`
	Due     int    `json:"due" doc:"Letters to be sent."`
	Sent    int    `json:"sent" doc:"Letters that were sent, of what is still so."`
	Reached int    `json:"reached" doc:"Of those, that reached the person."`
	Read    int    `json:"read" doc:"Of those, that were read."`
}

// NoticeRun is who has what to lose on a day, and who was told.
type NoticeRun struct {
	Ending
	Letters []NoticeLetter `json:"letters" doc:"By name."`
}

// NoticeLetter is what one person is told, or was told, with the proof of it.
type NoticeLetter struct {
	Person    string     `json:"person" doc:"Id of the person."`
	Amount    Amount     `json:"amount" doc:"What would be lost."`
	Rest      string     `json:"rest" doc:"What would become of it."`
	Due       bool       `json:"due" doc:"Not told yet, or of another amount."`
	Notice    string     `json:"notice,omitempty" doc:"Id of the last letter."`
	By        string     `json:"by,omitempty" doc:"Id of who sent it."`
	Made      *time.Time `json:"made,omitempty"`
	Delivered *time.Time `json:"delivered,omitempty" doc:"The mail was handed to the person's mail server."`
	Failed    *time.Time `json:"failed,omitempty" doc:"The mail could not be delivered."`
	Read      *time.Time `json:"read,omitempty" doc:"The person opened it, signed in."`
}

// Notice is a letter about leave that ends, as its person reads it.
type Notice struct {
	ID     string `json:"id"`
	Person string `json:"person"`
	Type   string `json:"type"`
	Ends   *Date  `json:"ends,omitempty" doc:"Last day to take it; missing: whatever ends in the twelve months after it was sent."`
	Amount Amount `json:"amount" doc:"What it said would be lost."`
	Left   Amount `json:"left" doc:"Of that, what would still be lost."`
	Rest   string `json:"rest" doc:"What it said would become of it."`
	Sent   *Date  `json:"sent,omitempty" doc:"When it reached the person."`
	Read   *Date  `json:"read,omitempty"`
}

func endingSeen(e leave.Ending) Ending {
	return Ending{Type: e.Type.ID, Ends: dated(e.Ends), By: maybeDated(e.By), Due: e.Due, Sent: e.Sent, Reached: e.Reached, Read: e.Read}
}

// ByRun names a run of letters in the address.
type ByRun struct {
	Type string `path:"type" maxLength:"64" doc:"Id of the leave type." example:"holiday"`
	Ends Date   `path:"ends" doc:"Last day to take the leave." example:"2026-12-31"`
}

type runBody struct {
	ByRun
	Body struct {
		People []string `json:"people" minItems:"1" maxItems:"5000" doc:"Ids of those to be told."`
	}
}

// NoticesSent is how many people were told.
type NoticesSent struct {
	Count int `json:"count" doc:"Letters that were sent."`
}

func addNotices(s *surface) {
	const area, see = "Letters", "For those who see reports."
	add(s, operation{ID: "listEndings", Method: http.MethodGet, Path: "/endings", Scope: access.ReportsRead, Area: area, Summary: "List the days on which leave ends for somebody",
		Doc: "The soonest first. " + see},
		func(ctx context.Context, c *call, _ *none) (Page[Ending], error) {
			list, err := c.Leave.Endings(ctx, c.Caller.Person)
			return Page[Ending]{Items: each(list, endingSeen)}, err
		})
	add(s, operation{ID: "getEnding", Method: http.MethodGet, Path: "/endings/{type}/{ends}", Scope: access.ReportsRead, Area: area, Summary: "Read who has what to lose, and the proof of who was told", Doc: see},
		func(ctx context.Context, c *call, in *ByRun) (NoticeRun, error) {
			run, err := c.Leave.Run(ctx, c.Caller.Person, in.Type, in.Ends.Date)
			return NoticeRun{endingSeen(run.Ending), each(run.Letters, func(x leave.Letter) NoticeLetter { return c.letter(x, run.Type.Unit) })}, err
		})
	add(s, operation{ID: "sendNotices", Method: http.MethodPost, Path: "/endings/{type}/{ends}/send", Scope: access.LeaveWrite, Area: area, Summary: "Tell people of leave that ends",
		Doc: "Those who were told the same before are not told twice. For those who close years."},
		func(ctx context.Context, c *call, in *runBody) (NoticesSent, error) {
			n, err := c.Leave.SendNotices(ctx, c.Caller.Person, in.Type, in.Ends.Date, peopleIDs(in.Body.People))
			return NoticesSent{n}, err
		})
	add(s, operation{ID: "readNotice", Method: http.MethodPost, Path: "/notices/{id}/read", Scope: access.LeaveWrite, Area: area, Summary: "Read a letter",
		Doc: "It is noted that its person has read it, when they do. Those who see reports may look at it too."}, readNotice)
}

func (c *call) letter(x leave.Letter, u leave.Unit) NoticeLetter {
	n := &x.Notice
	return NoticeLetter{Person: string(x.Person.ID), Amount: amount(c.lang, x.Amount, u), Rest: string(x.Rest), Due: x.Due, Notice: n.ID, By: string(n.Proof.By),
		Made: moment(n.Proof.At), Delivered: moment(n.Proof.Delivered), Failed: moment(n.Proof.GaveUp), Read: moment(n.Proof.Read)}
}

func readNotice(ctx context.Context, c *call, in *ByID) (Notice, error) {
	x, err := c.Leave.ReadNotice(ctx, c.Caller.Person, in.ID)
	if err != nil {
		return Notice{}, err
	}
	n := &x.Notice
	return Notice{ID: n.ID, Person: string(n.Person), Type: n.Type, Ends: maybeDated(n.Ends), Amount: amount(c.lang, n.Amount, x.Type.Unit),
		Left: amount(c.lang, x.Left, x.Type.Unit), Rest: string(n.Rest), Sent: maybeDated(n.Sent), Read: maybeDated(n.Read)}, nil
}
