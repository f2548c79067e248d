// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"verlof/errs"
	"verlof/identity/access"
)

// Token is a personal access token, without its secret.
type Token struct {
	ID      string     `json:"id"`
	Name    string     `json:"name" example:"Payroll"`
	Scopes  []string   `json:"scopes" doc:"The areas that it opens."`
	Created time.Time  `json:"created"`
	Expires time.Time  `json:"expires"`
	Used    *time.Time `json:"used,omitempty" doc:"The last use, exact to five minutes; missing: never."`
	Current bool       `json:"current" doc:"It is the token that was shown."`
}

// NewToken is a token with its secret, which is told this once.
type NewToken struct {
	Token
	Secret string `json:"secret" doc:"Keep it: it is not told again." example:"vlf_pat_..."`
}

// TokenInput is what is wanted of a new token.
type TokenInput struct {
	Name    string    `json:"name" minLength:"1" maxLength:"100" example:"Payroll"`
	Scopes  []string  `json:"scopes" minItems:"1" maxItems:"20" enum:"leave:read,leave:write,people:read,people:write,policies:read,policies:write,sickness:read,sickness:write,reports:read,clients:read,clients:write" doc:"At most those of the token that is shown."`
	Expires time.Time `json:"expires" doc:"Within a year, and not after the token that is shown." example:"2026-12-31T00:00:00Z"`
}

func addTokens(s *surface) {
	const area = "Tokens"
	add(s, operation{ID: "listTokens", Method: http.MethodGet, Path: "/tokens", Scope: access.ClientsRead, Area: area, Summary: "List the caller's tokens"}, listTokens)
	add(s, operation{ID: "addToken", Method: http.MethodPost, Path: "/tokens", Scope: access.ClientsWrite, Area: area, Status: http.StatusCreated, Secret: true,
		Summary: "Make a token", Doc: "In the caller's name. It opens no more, and no longer, than the token that is shown."}, addToken)
	add(s, operation{ID: "revokeToken", Method: http.MethodDelete, Path: "/tokens/{id}", Scope: access.ClientsWrite, Area: area, Summary: "Revoke a token"}, revokeToken)
}

func (c *call) token(t access.Token) Token {
	out := Token{ID: t.ID, Name: t.Name, Scopes: scopeNames(t.Scopes), Created: t.Created, Expires: t.Expires, Current: t.ID == c.Caller.ID}
	if !t.Used.IsZero() {
		out.Used = &t.Used
	}
	return out
}

func listTokens(ctx context.Context, c *call, in *Cut) (Page[Token], error) {
	list, err := c.Programs.Tokens(ctx, c.Caller.Person)
	if err != nil {
		return Page[Token]{}, err
	}
	return part(each(list, c.token), *in, true, func(t Token) string { return t.ID })
}

type tokenBody struct{ Body TokenInput }

func addToken(ctx context.Context, c *call, in *tokenBody) (NewToken, error) {
	w := access.Wish{Name: in.Body.Name, Expires: in.Body.Expires, Scopes: each(in.Body.Scopes, func(s string) access.Scope { return access.Scope(s) })}
	beyond := func(s access.Scope) bool { return !slices.Contains(c.Scopes, s) }
	switch {
	case slices.ContainsFunc(w.Scopes, beyond):
		return NewToken{}, errs.New(errs.Forbidden, "api.error.scope_beyond").At("scopes")
	case w.Expires.After(c.Expires):
		return NewToken{}, errs.New(errs.Forbidden, "api.error.scope_beyond").At("expires")
	}
	t, secret, err := c.Programs.Make(ctx, c.Caller.Person, w)
	if err != nil {
		return NewToken{}, err
	}
	return NewToken{c.token(t), secret}, nil
}

func revokeToken(ctx context.Context, c *call, in *ByID) (none, error) {
	return none{}, c.Programs.Revoke(ctx, c.Caller.Person, in.ID)
}
