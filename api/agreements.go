// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"
	"time"

	"verlof/identity/access"
	"verlof/identity/openid"
)

// Agreement is what an application may do in the caller's name.
type Agreement struct {
	ID     string     `json:"id" doc:"The application's client_id."`
	Name   string     `json:"name" example:"Intranet"`
	Scopes []string   `json:"scopes" doc:"What it may."`
	Since  time.Time  `json:"since"`
	Used   *time.Time `json:"used,omitempty" doc:"When tokens were last given on it; missing: never."`
}

func addAgreements(s *surface) {
	const area = "Agreements"
	add(s, operation{ID: "listAgreements", Method: http.MethodGet, Path: "/agreements", Scope: access.ClientsRead, Area: area,
		Summary: "List which applications may act in the caller's name"}, listAgreements)
	add(s, operation{ID: "endAgreement", Method: http.MethodDelete, Path: "/agreements/{id}", Scope: access.ClientsWrite, Area: area,
		Summary: "Have an application act in the caller's name no more", Doc: "Its tokens open nothing from that moment."}, endAgreement)
}

func agreementSeen(a openid.Agreement) Agreement {
	out := Agreement{ID: a.Client.ID, Name: a.Client.Name, Scopes: a.Scope.List(), Since: a.Since}
	if !a.Used.IsZero() {
		out.Used = &a.Used
	}
	return out
}

func listAgreements(ctx context.Context, c *call, in *Cut) (Page[Agreement], error) {
	list, err := c.OpenID.Agreements(ctx, c.Caller.Person, c.Caller.Person)
	if err != nil {
		return Page[Agreement]{}, err
	}
	return part(each(list, agreementSeen), *in, true, func(a Agreement) string { return a.ID })
}

func endAgreement(ctx context.Context, c *call, in *ByID) (none, error) {
	return none{}, c.OpenID.EndAgreement(ctx, c.Caller.Person, c.Caller.Person, in.ID)
}
