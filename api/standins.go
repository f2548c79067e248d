// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"

	"verlof/identity/access"
	"verlof/leave"
	"verlof/people"
)

// StandIn says who decides in place of somebody who is away.
type StandIn struct {
	ID     string `json:"id"`
	Person string `json:"person" doc:"Id of who is away."`
	By     string `json:"by" doc:"Id of who decides then."`
	From   Date   `json:"from"`
	To     *Date  `json:"to,omitempty" doc:"Last day; missing: until it is ended."`
	Now    bool   `json:"now" doc:"In force: the person is away today."`
	Until  *Date  `json:"until,omitempty" doc:"In force until this day."`
}

// StandIns are those of a person.
type StandIns struct {
	Own    []StandIn `json:"own" doc:"Who decides for the person."`
	Others []StandIn `json:"others" doc:"For whom the person decides."`
}

// StandInInput names a stand-in.
type StandInInput struct {
	By   string `json:"by" maxLength:"64" doc:"Id of who decides on leave while the person is away."`
	From Date   `json:"from"`
	To   *Date  `json:"to,omitempty" doc:"Last day; missing: until it is ended."`
}

func coverSeen(x leave.Cover) StandIn {
	return StandIn{ID: x.ID, Person: string(x.Person), By: string(x.By), From: dated(x.From), To: maybeDated(x.To), Now: x.Now, Until: maybeDated(x.Until)}
}

func addStandIns(s *surface) {
	const path = "/people/{id}/stand-ins"
	add(s, operation{ID: "listStandIns", Method: http.MethodGet, Path: path, Scope: access.LeaveRead, Area: approvalArea, Summary: "List a person's stand-ins",
		Doc: "Those that are over are left out."}, listStandIns)
	add(s, operation{ID: "addStandIn", Method: http.MethodPost, Path: path, Scope: access.LeaveWrite, Area: approvalArea, Status: http.StatusCreated, Summary: "Name who decides while a person is away",
		Doc: "By the person, or those who name stand-ins for others."}, addStandIn)
	add(s, operation{ID: "endStandIn", Method: http.MethodDelete, Path: "/stand-ins/{id}", Scope: access.LeaveWrite, Area: approvalArea, Summary: "End a stand-in"},
		func(ctx context.Context, c *call, in *ByID) (none, error) {
			return none{}, c.Leave.EndStandIn(ctx, c.Caller.Person, in.ID)
		})
}

func listStandIns(ctx context.Context, c *call, in *ByPerson) (StandIns, error) {
	own, others, err := c.Leave.StandIns(ctx, c.Caller.Person, in.who())
	return StandIns{each(own, coverSeen), each(others, coverSeen)}, err
}

type standInBody struct {
	ByPerson
	Body StandInInput
}

func addStandIn(ctx context.Context, c *call, in *standInBody) (StandIns, error) {
	x := leave.StandIn{Person: in.who(), By: people.ID(in.Body.By), From: in.Body.From.Date, To: dateOr(in.Body.To, 0)}
	err := c.Leave.SaveStandIn(ctx, c.Caller.Person, x)
	if err != nil {
		return StandIns{}, atFields(err, func(field string) string {
			if field == "stand_in" {
				return "by"
			}
			return field
		})
	}
	c.made("/people/" + in.ID + "/stand-ins")
	return listStandIns(ctx, c, &in.ByPerson)
}

// Duty is work that the caller was named to do while somebody is away.
type Duty struct {
	Request  string `json:"request" doc:"Id of the request."`
	Person   string `json:"person" doc:"Id of who is away."`
	Type     string `json:"type,omitempty" doc:"Id of the leave type, where the caller may know it."`
	From     Date   `json:"from"`
	To       Date   `json:"to"`
	State    string `json:"state" enum:"pending,approved,refused,withdrawn,cancelled" doc:"Of the request."`
	Answer   string `json:"answer,omitempty" enum:",agreed,declined" doc:"What the caller said; missing: nothing yet."`
	Demanded bool   `json:"demanded" doc:"The leave waits for the answer."`
}

func dutySeen(d leave.Duty) Duty {
	return Duty{Request: d.Request, Person: string(d.Person.ID), Type: d.Type.ID, From: dated(d.From), To: dated(d.To), State: string(d.State),
		Answer: string(d.Answer), Demanded: d.Demanded}
}

type substituteBody struct {
	ByID
	Body struct {
		Substitute string `json:"substitute,omitempty" maxLength:"64" doc:"Id of the person; missing: nobody any more."`
	}
}

func addSubstitutes(s *surface) {
	add(s, operation{ID: "listSubstitutes", Method: http.MethodGet, Path: "/people/{id}/substitutes", Scope: access.LeaveRead, Area: leaveArea, Summary: "List who can do a person's work",
		Doc: "For those who may ask for leave in the person's name. Of each no more than the name: people:read tells more, to those who may know it."},
		func(ctx context.Context, c *call, in *ByPerson) (Page[Person], error) {
			list, err := c.Leave.SubstituteChoice(ctx, c.Caller.Person, in.who())
			return Page[Person]{Items: each(list, personNamed)}, err
		})
	add(s, operation{ID: "nameSubstitute", Method: http.MethodPost, Path: "/requests/{id}/substitute", Scope: access.LeaveWrite, Area: leaveArea, Summary: "Name who does the work meanwhile"},
		func(ctx context.Context, c *call, in *substituteBody) (RequestDetail, error) {
			if err := c.Leave.NameSubstitute(ctx, c.Caller.Person, in.ID, people.ID(in.Body.Substitute)); err != nil {
				return RequestDetail{}, err
			}
			return getRequest(ctx, c, &in.ByID)
		})
	add(s, operation{ID: "listDuties", Method: http.MethodGet, Path: "/duties", Scope: access.LeaveRead, Area: leaveArea, Summary: "List the work that the caller was named to do for others"},
		func(ctx context.Context, c *call, _ *none) (Page[Duty], error) {
			list, err := c.Leave.Duties(ctx, c.Caller.Person)
			return Page[Duty]{Items: each(list, dutySeen)}, err
		})
	for _, act := range []struct {
		name, what, doc string
		agree           bool
	}{{"agree", "Agree to do somebody's work", "", true}, {"decline", "Decline to do somebody's work", "A reason is needed.", false}} {
		add(s, operation{ID: act.name + "Duty", Method: http.MethodPost, Path: "/duties/{id}/" + act.name, Scope: access.LeaveWrite, Area: leaveArea, Summary: act.what, Doc: act.doc},
			func(ctx context.Context, c *call, in *WithWords) (none, error) {
				return none{}, c.Leave.AnswerSubstitute(ctx, c.Caller.Person, in.ID, act.agree, in.reason())
			})
	}
}
