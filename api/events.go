// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"verlof/errs"
	"verlof/events"
	"verlof/identity/access"
)

// Event says that something changed, and names it. What it has become is read at its link,
// by somebody who may.
type Event struct {
	ID     string    `json:"id" doc:"Of the event: the same wherever it is told again."`
	Number int64     `json:"number" doc:"Its place in the order in which changes were made. Numbers rise; one that is missing is of an event that the caller does not hear of."`
	Type   string    `json:"type" doc:"What happened." example:"leave.request.approved"`
	Time   time.Time `json:"time"`
	Thing  string    `json:"thing,omitempty" doc:"Id of what changed."`
	Person string    `json:"person,omitempty" doc:"Id of the person whose it is."`
	By     string    `json:"by,omitempty" doc:"Id of the person who did it; missing: an operator, or time alone."`
	Link   string    `json:"link,omitempty" doc:"Where it can be read, unless it is gone." example:"/api/v1/requests/01jq3v7w5n8k2m4p6r9t1x3z5b"`
}

func eventSeen(e events.Event) Event {
	return Event{ID: e.ID, Number: e.Number, Type: e.Type, Time: e.At, Thing: e.Thing, Person: string(e.Person), By: string(e.By), Link: e.Link()}
}

// EventList is a part of what changed.
type EventList struct {
	Items []Event `json:"items" doc:"In the order in which the changes were made."`
	Next  string  `json:"next" doc:"From where to ask again, now or later: send it as after."`
	More  bool    `json:"more" doc:"There may be more at once."`
}

type eventQuery struct {
	Limit int      `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most."`
	After string   `query:"after" maxLength:"20" pattern:"^[0-9]{0,18}$" doc:"The value of next in the answer before this one; missing: from the oldest that is kept."`
	Types []string `query:"type" maxItems:"50" doc:"Types of events, with a comma between two; leave.request.* for all of a kind. Missing: all." example:"leave.request.*"`
}

func addEvents(s *surface) {
	add(s, operation{ID: "listEvents", Method: http.MethodGet, Path: "/events", Area: "Events", Summary: "List what changed",
		Doc: "Every change of the last 90 days, each told once and in order. Which events a caller hears of follows from the areas that the token reads: leave:read opens " +
			"what begins with leave and stand_in, people:read persons, teams and days off, policies:read the rules, clients:read accounts and programs, sickness:read sickness. " +
			"For administrators and system managers; of sickness for sickness officers alone."}, listEvents)
}

func listEvents(ctx context.Context, c *call, in *eventQuery) (EventList, error) {
	after := int64(0)
	if in.After != "" {
		var err error
		if after, err = strconv.ParseInt(in.After, 10, 64); err != nil {
			return EventList{}, errs.New(errs.Invalid, "api.invalid.cursor").At("after")
		}
	}
	list, last, err := c.Events.List(ctx, c.Caller.Person, events.Query{After: after, Types: in.Types, Areas: c.areas(), Most: in.Limit})
	if err != nil {
		return EventList{}, err
	}
	return EventList{Items: each(list, eventSeen), Next: strconv.FormatInt(last, 10), More: len(list) == in.Limit}, nil
}

// areas are those that the token opens for reading.
func (c *call) areas() []events.Area {
	return slices.DeleteFunc(events.Areas(), func(a events.Area) bool {
		return !slices.ContainsFunc(c.Scopes, func(s access.Scope) bool { return strings.HasPrefix(string(s), string(a)+":read") })
	})
}
