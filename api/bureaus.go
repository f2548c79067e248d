// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"
	"time"

	"verlof/identity/access"
	"verlof/identity/bureau"
	"verlof/people"
)

// Bureau is a bureau that the customer admits, so that its people keep leave from outside.
type Bureau struct {
	ID     string     `json:"id"`
	Host   string     `json:"host" doc:"Of the bureau's own site." example:"bureau.example.org"`
	Name   string     `json:"name,omitempty" doc:"Missing until it has answered."`
	State  string     `json:"state" enum:"offered,accepted,declined,left,ended" doc:"left: the bureau gave it up. ended: the customer did."`
	Roles  []string   `json:"roles" doc:"What its people may do: names of roles, and ids of the customer's own." example:"payroll"`
	Mails  []string   `json:"mails,omitempty" doc:"Mail addresses of those who are admitted; missing: whomever the bureau sends."`
	Reason string     `json:"reason"`
	Until  Date       `json:"until" doc:"The last day."`
	Ends   time.Time  `json:"ends" doc:"When that day is over at every place of work."`
	Made   time.Time  `json:"made"`
	Ended  *time.Time `json:"ended,omitempty"`
}

// Visit is that somebody of a bureau signed in.
type Visit struct {
	Person string    `json:"person"`
	Name   string    `json:"name" example:"Robin Example (Bureau)"`
	At     time.Time `json:"at"`
}

// ServedCustomer is a customer that this one serves, as its bureau.
type ServedCustomer struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Site      string   `json:"site" example:"https://acme.example.org"`
	State     string   `json:"state" enum:"offered,accepted,declined,left,ended"`
	Until     Date     `json:"until"`
	Everybody bool     `json:"everybody" doc:"Everybody whom the customer admits is sent."`
	People    []string `json:"people,omitempty" doc:"Else these."`
}

func addBureaus(s *surface) {
	const area = "Bureaus"
	look, act := access.ClientsRead, access.ClientsWrite
	const who, keeps = "For those who see the record.", "For those who keep roles. It takes effect at once."
	add(s, operation{ID: "listBureaus", Method: http.MethodGet, Path: "/bureaus", Scope: look, Area: area, Summary: "List bureaus", Doc: who}, listBureaus)
	add(s, operation{ID: "getBureau", Method: http.MethodGet, Path: "/bureaus/{id}", Scope: look, Area: area, Summary: "Read a bureau", Doc: who}, getBureau)
	add(s, operation{ID: "listVisits", Method: http.MethodGet, Path: "/bureaus/{id}/visits", Scope: look, Area: area, Summary: "List when people of a bureau signed in", Doc: "The last 200, latest first. " + who}, listVisits)
	add(s, operation{ID: "endBureau", Method: http.MethodPost, Path: "/bureaus/{id}/end", Scope: act, Area: area, Summary: "End the admission of a bureau", Doc: keeps}, endBureau)
	add(s, operation{ID: "listServed", Method: http.MethodGet, Path: "/served", Scope: look, Area: area, Summary: "List customers that are served", Doc: who}, listServed)
	add(s, operation{ID: "leaveCustomer", Method: http.MethodPost, Path: "/served/{id}/leave", Scope: act, Area: area, Summary: "Decline or give up a customer", Doc: keeps}, leaveCustomer)
}

func bureauSeen(a bureau.Admission) Bureau {
	out := Bureau{ID: a.ID, Host: a.Host, Name: a.Name, State: string(a.State), Roles: append(a.Roles.Names(), a.Custom...), Mails: a.Whom.Mails,
		Reason: a.Reason, Until: dated(a.Until), Ends: a.Ends, Made: a.Made}
	if !a.Ended.IsZero() {
		out.Ended = &a.Ended
	}
	return out
}

func listBureaus(ctx context.Context, c *call, in *Cut) (Page[Bureau], error) {
	list, err := c.Bureaus.Admissions(ctx, c.Caller.Person)
	if err != nil {
		return Page[Bureau]{}, err
	}
	return part(each(list, bureauSeen), *in, true, func(b Bureau) string { return b.ID })
}

func getBureau(ctx context.Context, c *call, in *ByID) (Bureau, error) {
	a, err := c.Bureaus.Admission(ctx, c.Caller.Person, in.ID)
	return bureauSeen(a), err
}

type visitsOf struct {
	ByID
	Cut
}

// numbered is a visit with its place in the list.
type numbered struct {
	Visit
	id string
}

func listVisits(ctx context.Context, c *call, in *visitsOf) (Page[Visit], error) {
	visits, guests, err := c.Bureaus.Visits(ctx, c.Caller.Person, in.ID)
	if err != nil {
		return Page[Visit]{}, err
	}
	names := map[people.ID]string{}
	for _, g := range guests {
		names[g.Person.ID] = g.Person.Name()
	}
	all := each(visits, func(v bureau.Visit) numbered { return numbered{Visit{string(v.Person), names[v.Person], v.At}, v.ID} })
	p, err := part(all, in.Cut, true, func(v numbered) string { return v.id })
	return Page[Visit]{Items: each(p.Items, func(v numbered) Visit { return v.Visit }), Next: p.Next}, err
}

func endBureau(ctx context.Context, c *call, in *ByID) (Bureau, error) {
	if err := c.Bureaus.End(ctx, c.Caller.Person, in.ID); err != nil {
		return Bureau{}, err
	}
	return getBureau(ctx, c, in)
}

func servedSeen(s bureau.Served) ServedCustomer {
	return ServedCustomer{ID: s.ID, Name: s.Name, Site: s.Site, State: string(s.State), Until: dated(s.Until), Everybody: s.Everybody,
		People: each(s.Chosen, func(p people.ID) string { return string(p) })}
}

func listServed(ctx context.Context, c *call, in *Cut) (Page[ServedCustomer], error) {
	list, err := c.Bureaus.Serves(ctx, c.Caller.Person)
	if err != nil {
		return Page[ServedCustomer]{}, err
	}
	return part(each(list, servedSeen), *in, false, func(s ServedCustomer) string { return s.ID })
}

func leaveCustomer(ctx context.Context, c *call, in *ByID) (ServedCustomer, error) {
	if err := c.Bureaus.Leave(ctx, c.Caller.Person, in.ID); err != nil {
		return ServedCustomer{}, err
	}
	s, err := c.Bureaus.Serving(ctx, c.Caller.Person, in.ID)
	return servedSeen(s), err
}
