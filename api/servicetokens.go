// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"
	"time"

	"verlof/identity/access"
)

// DirectoryToken lets the customer's directory in, without its secret.
type DirectoryToken struct {
	ID      string     `json:"id"`
	Name    string     `json:"name" example:"Entra"`
	MadeBy  string     `json:"made_by"`
	Created time.Time  `json:"created"`
	Expires time.Time  `json:"expires"`
	Used    *time.Time `json:"used,omitempty" doc:"The last use, exact to five minutes; missing: never."`
}

// DirectoryTokenInput is what is wanted of a new token of the directory.
type DirectoryTokenInput struct {
	Name    string    `json:"name" minLength:"1" maxLength:"100" example:"Entra"`
	Expires time.Time `json:"expires" doc:"Within a year." example:"2026-12-31T00:00:00Z"`
}

// NewDirectoryToken is a token of the directory with its secret, which is told this once.
type NewDirectoryToken struct {
	DirectoryToken
	Secret string `json:"secret" doc:"Keep it: it is not told again."`
}

func directoryTokenSeen(t access.ServiceToken) DirectoryToken {
	out := DirectoryToken{ID: t.ID, Name: t.Name, MadeBy: string(t.MadeBy), Created: t.Created, Expires: t.Expires}
	if !t.Used.IsZero() {
		out.Used = &t.Used
	}
	return out
}

func addDirectoryTokens(s *surface) {
	const path, who = "/directory/tokens", "For system managers; only administrators make one, since a directory gives anybody another mail address."
	add(s, operation{ID: "listDirectoryTokens", Method: http.MethodGet, Path: path, Scope: access.ClientsRead, Area: directoryArea, Summary: "List the tokens of the directory", Doc: who},
		func(ctx context.Context, c *call, in *Cut) (Page[DirectoryToken], error) {
			list, err := c.Programs.ServiceTokens(ctx, c.Caller.Person)
			if err != nil {
				return Page[DirectoryToken]{}, err
			}
			return part(each(list, directoryTokenSeen), *in, true, func(t DirectoryToken) string { return t.ID })
		})
	add(s, operation{ID: "addDirectoryToken", Method: http.MethodPost, Path: path, Scope: access.ClientsWrite, Area: directoryArea, Status: http.StatusCreated, Secret: true, Fresh: true,
		Summary: "Make a token with which the directory speaks SCIM", Doc: who}, addDirectoryToken)
	add(s, operation{ID: "revokeDirectoryToken", Method: http.MethodDelete, Path: path + "/{id}", Scope: access.ClientsWrite, Area: directoryArea, Summary: "Revoke a token of the directory", Doc: who},
		func(ctx context.Context, c *call, in *ByID) (none, error) {
			return none{}, c.Programs.RevokeServiceToken(ctx, c.Caller.Person, in.ID)
		})
}

type directoryTokenBody struct{ Body DirectoryTokenInput }

func addDirectoryToken(ctx context.Context, c *call, in *directoryTokenBody) (NewDirectoryToken, error) {
	w := access.Wish{Name: in.Body.Name, Scopes: []access.Scope{access.SCIM}, Expires: in.Body.Expires}
	t, secret, err := c.Programs.MakeServiceToken(ctx, c.Caller.Person, w)
	if err != nil {
		return NewDirectoryToken{}, err
	}
	return NewDirectoryToken{directoryTokenSeen(t), secret}, nil
}
