// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"verlof/identity/access"
	"verlof/identity/openid"
)

// Client is a program that signs people in here, or calls the API.
type Client struct {
	ID       string         `json:"id" doc:"Its client_id."`
	Kind     string         `json:"kind" enum:"confidential,public,device,service"`
	Disabled *time.Time     `json:"disabled,omitempty" doc:"Since when nothing is given to it."`
	Made     time.Time      `json:"made"`
	MadeBy   string         `json:"made_by,omitempty"`
	Secrets  []ClientSecret `json:"secrets,omitempty" doc:"Left out of lists."`
	ClientInput
}

// ClientSecret is one of the secrets of a client, without what it is.
type ClientSecret struct {
	ID   string    `json:"id" doc:"Names it; opens nothing."`
	Made time.Time `json:"made"`
}

// ClientInput is a client as it is kept.
type ClientInput struct {
	Name       string   `json:"name" minLength:"1" maxLength:"100" example:"Intranet"`
	Redirects  []string `json:"redirects,omitempty" maxItems:"20" doc:"Where answers go, compared letter for letter."`
	PostLogout []string `json:"post_logout,omitempty" maxItems:"20" doc:"Where the browser goes after signing out."`
	Logout     string   `json:"logout,omitempty" maxLength:"500" doc:"Where it is told that a session ended."`
	Scopes     []string `json:"scopes,omitempty" maxItems:"40" doc:"What it may ask for."`
	Pairwise   bool     `json:"pairwise,omitempty" doc:"It knows each person under a name that no other program knows."`
	Trusted    bool     `json:"trusted,omitempty" doc:"The customer's own: people are not asked for consent. A public client on their own machine has them asked each time all the same (RFC 8252, section 8.6)."`
	Inspects   bool     `json:"inspects,omitempty" doc:"May ask about tokens that others hold (RFC 7662)."`
	Pushes     bool     `json:"pushes,omitempty" doc:"It has to send its authorization requests beforehand (RFC 9126)."`
	Bound      bool     `json:"bound,omitempty" doc:"It gets no tokens but those that are bound to a key of its own (DPoP, RFC 9449)."`
	Off        bool     `json:"off,omitempty" doc:"Nothing is given to it."`

	Keys []ClientKey `json:"keys,omitempty" maxItems:"2" doc:"Public keys with which it proves who it is (private_key_jwt), beside its secrets or in their place: two let one take over from the other. For kinds confidential and service."`
}

// ClientKey is a public key of a client.
type ClientKey struct {
	Type      string `json:"kty" enum:"EC,OKP,RSA"`
	Curve     string `json:"crv,omitempty" enum:"P-256,Ed25519"`
	X         string `json:"x,omitempty" maxLength:"100"`
	Y         string `json:"y,omitempty" maxLength:"100"`
	N         string `json:"n,omitempty" maxLength:"1000"`
	E         string `json:"e,omitempty" maxLength:"10"`
	ID        string `json:"kid,omitempty" maxLength:"200" doc:"What the client calls it."`
	Algorithm string `json:"alg,omitempty" enum:"ES256,Ed25519,EdDSA,PS256,RS256"`
	Use       string `json:"use,omitempty" enum:"sig"`
}

// NewClientInput is a client that is to be registered.
type NewClientInput struct {
	Kind string `json:"kind" enum:"confidential,public,device,service" doc:"It stays what it is."`
	ClientInput
}

// NewClient is a client with its secret, which is told this once.
type NewClient struct {
	Client
	Secret string `json:"secret,omitempty" doc:"Keep it: it is not told again. Public clients, devices and clients with a key have none."`
}

// NewSecret is a new secret of a client.
type NewSecret struct {
	Secret string `json:"secret" doc:"Keep it: it is not told again."`
}

// fill puts what was sent into a client.
func (in *ClientInput) fill(x *openid.Client, now time.Time) {
	x.Name, x.Redirects, x.PostLogout, x.Logout = in.Name, in.Redirects, in.PostLogout, in.Logout
	x.Keys = nil
	for _, k := range in.Keys {
		text, _ := json.Marshal(k) // texts alone
		x.Keys = append(x.Keys, string(text))
	}
	x.Scope, x.Trusted, x.Inspects = openid.Scope(strings.Join(in.Scopes, " ")), in.Trusted, in.Inspects
	x.Pushes, x.Bound = in.Pushes, in.Bound
	x.Subjects = openid.SubjectPublic
	if in.Pairwise {
		x.Subjects = openid.SubjectPairwise
	}
	switch {
	case !in.Off:
		x.Disabled = time.Time{}
	case x.Disabled.IsZero():
		x.Disabled = now
	}
}

func clientSeen(x openid.Client) Client {
	out := Client{ID: x.ID, Kind: string(x.Kind), Made: x.Made, MadeBy: string(x.MadeBy), ClientInput: ClientInput{Name: x.Name, Redirects: x.Redirects,
		PostLogout: x.PostLogout, Logout: x.Logout, Scopes: x.Scope.List(), Pairwise: x.Subjects == openid.SubjectPairwise, Trusted: x.Trusted,
		Inspects: x.Inspects, Pushes: x.Pushes, Bound: x.Bound, Off: !x.Disabled.IsZero()}}
	for _, text := range x.Keys {
		var k ClientKey
		if json.Unmarshal([]byte(text), &k) == nil { // as Verlof wrote it
			out.Keys = append(out.Keys, k)
		}
	}
	if out.Off {
		out.Disabled = &x.Disabled
	}
	return out
}

type (
	newClientBody struct{ Body NewClientInput }
	clientBody    struct {
		ByID
		Body ClientInput
	}
	bySecret struct {
		ByID
		Line string `path:"line" maxLength:"64" doc:"Id of the secret."`
	}
)

func addClients(s *surface) {
	const area, who = "Clients", "For system managers."
	look, act := access.ClientsRead, access.ClientsWrite
	add(s, operation{ID: "listClients", Method: http.MethodGet, Path: "/clients", Scope: look, Area: area, Summary: "List programs that sign people in or call the API", Doc: who}, listClients)
	add(s, operation{ID: "getClient", Method: http.MethodGet, Path: "/clients/{id}", Scope: look, Area: area, Summary: "Read a client", Doc: who}, getClient)
	add(s, operation{ID: "addClient", Method: http.MethodPost, Path: "/clients", Scope: act, Area: area, Status: http.StatusCreated, Secret: true, Fresh: true, Summary: "Register a client", Doc: who}, addClient)
	add(s, operation{ID: "saveClient", Method: http.MethodPut, Path: "/clients/{id}", Scope: act, Area: area, Match: true, Fresh: true, Summary: "Change a client",
		Doc: "All fields at once: one that is missing is emptied. " + who}, saveClient)
	add(s, operation{ID: "deleteClient", Method: http.MethodDelete, Path: "/clients/{id}", Scope: act, Area: area, Match: true, Fresh: true, Summary: "Remove a client",
		Doc: "All that it was given is worth nothing from then on. " + who},
		func(ctx context.Context, c *call, in *ByID) (none, error) {
			return none{}, c.OpenID.DeleteClient(ctx, c.Caller.Person, in.ID)
		})
	add(s, operation{ID: "addClientSecret", Method: http.MethodPost, Path: "/clients/{id}/secrets", Scope: act, Area: area, Status: http.StatusCreated, Secret: true, Fresh: true, Summary: "Give a client another secret",
		Doc: "It may have two, so that it can change without a pause. " + who},
		func(ctx context.Context, c *call, in *ByID) (NewSecret, error) {
			secret, err := c.OpenID.AddSecret(ctx, c.Caller.Person, in.ID)
			return NewSecret{secret}, err
		})
	add(s, operation{ID: "deleteClientSecret", Method: http.MethodDelete, Path: "/clients/{id}/secrets/{line}", Scope: act, Area: area, Fresh: true, Summary: "Remove a secret of a client", Doc: who},
		func(ctx context.Context, c *call, in *bySecret) (none, error) {
			return none{}, c.OpenID.DeleteSecret(ctx, c.Caller.Person, in.ID, in.Line)
		})
}

func listClients(ctx context.Context, c *call, in *Cut) (Page[Client], error) {
	list, err := c.OpenID.Clients(ctx, c.Caller.Person)
	if err != nil {
		return Page[Client]{}, err
	}
	return part(each(list, clientSeen), *in, false, func(x Client) string { return x.ID })
}

func getClient(ctx context.Context, c *call, in *ByID) (Client, error) {
	x, secrets, err := c.OpenID.Client(ctx, c.Caller.Person, in.ID)
	if err != nil {
		return Client{}, err
	}
	out := clientSeen(x)
	for _, k := range secrets {
		out.Secrets = append(out.Secrets, ClientSecret{k.ID, k.Made})
	}
	return out, nil
}

// clientField names a field of a client as JSON does.
func clientField(field string) string {
	if field == "scope" {
		return "scopes"
	}
	return field
}

func addClient(ctx context.Context, c *call, in *newClientBody) (NewClient, error) {
	x := openid.Client{Kind: openid.Kind(in.Body.Kind)}
	in.Body.fill(&x, c.OpenID.Now())
	made, secret, err := c.OpenID.Register(ctx, c.Caller.Person, x)
	if err != nil {
		return NewClient{}, atFields(err, clientField)
	}
	c.made("/clients/" + made.ID)
	return NewClient{clientSeen(made), secret}, nil
}

func saveClient(ctx context.Context, c *call, in *clientBody) (Client, error) {
	x, _, err := c.OpenID.Client(ctx, c.Caller.Person, in.ID)
	if err != nil {
		return Client{}, err
	}
	in.Body.fill(&x, c.OpenID.Now())
	if err := c.OpenID.SaveClient(ctx, c.Caller.Person, x); err != nil {
		return Client{}, atFields(err, clientField)
	}
	return getClient(ctx, c, &in.ByID)
}
