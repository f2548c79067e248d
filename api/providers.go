// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"verlof/errs"
	"verlof/identity/access"
	"verlof/identity/sso"
	"verlof/people"
)

// Provider is a provider of the customer's own that people sign in with.
type Provider struct {
	ID     string `json:"id"`
	Kind   string `json:"kind" enum:"openid,saml" doc:"OpenID Connect or SAML 2.0."`
	People int    `json:"people" doc:"How many have signed in with it."`
	Secret bool   `json:"has_secret,omitempty" doc:"OpenID: there is a client secret, which is told to nobody."`
	Return string `json:"return" doc:"Where the provider's answers go: it wants to know that."`
	ProviderSettings

	Entity string     `json:"entity,omitempty" doc:"SAML: our entity ID, and where our metadata is."`
	Target string     `json:"target,omitempty" doc:"SAML: where people are sent."`
	Source string     `json:"source,omitempty" doc:"SAML: the address of its metadata."`
	Ends   *time.Time `json:"ends,omitempty" doc:"SAML: when its last certificate is out of date."`
	Made   time.Time  `json:"made"`
}

// ProviderSettings is what the customer says of a provider.
type ProviderSettings struct {
	Name     string         `json:"name" minLength:"1" maxLength:"100" doc:"As buttons show it." example:"Entra ID"`
	Issuer   string         `json:"issuer,omitempty" maxLength:"1024" doc:"OpenID: its issuer, as it writes it. SAML: its entity ID, which comes with its metadata." example:"https://id.example.com"`
	Client   string         `json:"client,omitempty" maxLength:"500" doc:"OpenID: the client ID."`
	Scopes   []string       `json:"scopes,omitempty" maxItems:"20" doc:"OpenID: asked for beside openid, profile and email."`
	SignOut  bool           `json:"sign_out,omitempty" doc:"OpenID: who signs out here is sent there to sign out too."`
	Domains  []string       `json:"domains,omitempty" maxItems:"20" doc:"Of mail addresses that it decides on." example:"example.com"`
	Unsaid   bool           `json:"unsaid,omitempty" doc:"Its mail addresses count although it does not say that they are verified."`
	Both     bool           `json:"two_factors,omitempty" doc:"What it says of a second factor counts."`
	Levels   []string       `json:"levels,omitempty" maxItems:"20" doc:"Values of acr, or of AuthnContextClassRef, that mean two factors."`
	Groups   string         `json:"groups,omitempty" maxLength:"200" doc:"The claim or attribute that names a person's groups." example:"groups"`
	Rules    []ProviderRule `json:"rules,omitempty" maxItems:"50" doc:"What groups give. For administrators."`
	Joins    bool           `json:"joins,omitempty" doc:"Who is not known here yet is added."`
	Location string         `json:"location,omitempty" maxLength:"64" doc:"Where they work then."`
	Subject  string         `json:"subject,omitempty" maxLength:"200" doc:"SAML: the attribute that names a person for good; missing: the NameID does."`
	Unasked  bool           `json:"unasked,omitempty" doc:"SAML: it may begin a sign-in."`
	On       bool           `json:"on,omitempty" doc:"People can sign in with it. For administrators."`
}

// ProviderRule is what a group gives: a role, or a place in a team.
type ProviderRule struct {
	Group string `json:"group" minLength:"1" maxLength:"200"`
	Role  string `json:"role,omitempty" maxLength:"64" example:"administrator"`
	Team  string `json:"team,omitempty" maxLength:"64"`
}

// ProviderInput is a provider as it is kept.
type ProviderInput struct {
	ProviderSettings
	Secret string `json:"secret,omitempty" maxLength:"500" writeOnly:"true" doc:"OpenID: the client secret. Missing: the one that is there stays, unless the issuer or the client changes."`
}

// NewProviderInput is a provider that is to be added.
type NewProviderInput struct {
	Kind string `json:"kind" enum:"openid,saml" doc:"It stays what it is."`
	ProviderInput
}

// ProviderMetadata is what a provider of SAML publishes about itself: one of the two.
type ProviderMetadata struct {
	Address string `json:"address,omitempty" maxLength:"500" doc:"Where it stands. It is fetched once, now." example:"https://id.example.com/metadata"`
	XML     string `json:"xml,omitempty" maxLength:"1000000" doc:"Or the document itself."`
}

// ProviderKey is a key of ours for providers of SAML, without the key itself.
type ProviderKey struct {
	ID          string    `json:"id"`
	State       string    `json:"state" enum:"used,next,old" doc:"used: it signs. next: it is published and will sign. old: it opens what is still sealed for it."`
	Certificate string    `json:"certificate" doc:"PEM."`
	Until       time.Time `json:"until"`
	Made        time.Time `json:"made"`
}

type (
	newProviderBody struct{ Body NewProviderInput }
	providerBody    struct {
		ByID
		Body ProviderInput
	}
	metadataBody struct {
		ByID
		Body ProviderMetadata
	}
	byLinked struct {
		ByID
		Line string `path:"line" maxLength:"64" doc:"Id of the person."`
	}
	nothingAsked struct{}
)

func addProviders(s *surface) {
	const area, who, admin = "Sign-in providers", "For system managers.", "For administrators."
	look, act := access.ClientsRead, access.ClientsWrite
	add(s, operation{ID: "listProviders", Method: http.MethodGet, Path: "/providers", Scope: look, Area: area, Summary: "List providers that people sign in with", Doc: who}, listProviders)
	add(s, operation{ID: "getProvider", Method: http.MethodGet, Path: "/providers/{id}", Scope: look, Area: area, Summary: "Read a provider", Doc: who}, getProvider)
	add(s, operation{ID: "addProvider", Method: http.MethodPost, Path: "/providers", Scope: act, Area: area, Status: http.StatusCreated, Fresh: true, Summary: "Add a provider",
		Doc: "Only administrators switch one on, or have groups give something. " + who}, addProvider)
	add(s, operation{ID: "saveProvider", Method: http.MethodPut, Path: "/providers/{id}", Scope: act, Area: area, Match: true, Fresh: true, Summary: "Change a provider",
		Doc: "All fields at once: one that is missing is emptied, but for the secret. One that is on is changed by administrators. " + who}, saveProvider)
	add(s, operation{ID: "setProviderMetadata", Method: http.MethodPost, Path: "/providers/{id}/metadata", Scope: act, Area: area, Fresh: true, Summary: "Take over what a provider of SAML publishes", Doc: who}, setProviderMetadata)
	add(s, operation{ID: "deleteProvider", Method: http.MethodDelete, Path: "/providers/{id}", Scope: act, Area: area, Match: true, Fresh: true, Summary: "Remove a provider",
		Doc: "Who signed in with it is signed out, and what its groups gave is taken. " + who},
		func(ctx context.Context, c *call, in *ByID) (none, error) {
			return none{}, c.SSO.Delete(ctx, c.proof(), in.ID)
		})
	add(s, operation{ID: "unlinkProviderPerson", Method: http.MethodDelete, Path: "/providers/{id}/people/{line}", Scope: act, Area: area, Fresh: true, Summary: "Have somebody be nobody at a provider",
		Doc: "Their next sign-in there is as their first. " + who},
		func(ctx context.Context, c *call, in *byLinked) (none, error) {
			return none{}, c.SSO.Unlink(ctx, c.proof(), in.ID, people.ID(in.Line))
		})
	add(s, operation{ID: "listProviderKeys", Method: http.MethodGet, Path: "/provider-keys", Scope: look, Area: area, Summary: "List our keys for providers of SAML", Doc: who}, listProviderKeys)
	add(s, operation{ID: "prepareProviderKey", Method: http.MethodPost, Path: "/provider-keys", Scope: act, Area: area, Fresh: true, Summary: "Publish the next key",
		Doc: "Nothing happens where one waits already. " + admin},
		func(ctx context.Context, c *call, _ *nothingAsked) (none, error) {
			return none{}, c.SSO.PrepareKey(ctx, c.proof())
		})
	add(s, operation{ID: "useProviderKey", Method: http.MethodPost, Path: "/provider-keys/use", Scope: act, Area: area, Fresh: true, Summary: "Sign with the next key from now on", Doc: admin},
		func(ctx context.Context, c *call, _ *nothingAsked) (none, error) {
			return none{}, c.SSO.UseKey(ctx, c.proof())
		})
	add(s, operation{ID: "deleteProviderKey", Method: http.MethodDelete, Path: "/provider-keys/{id}", Scope: act, Area: area, Fresh: true, Summary: "Remove a key that does not sign", Doc: admin},
		func(ctx context.Context, c *call, in *ByID) (none, error) {
			return none{}, c.SSO.DropKey(ctx, c.proof(), in.ID)
		})
}

// provider returns what was sent as it is kept.
func (in *ProviderInput) provider() (sso.Provider, error) {
	p := sso.Provider{Name: in.Name, Issuer: in.Issuer, ClientID: in.Client, Secret: in.Secret, Scopes: in.Scopes, Domains: in.Domains, Unsaid: in.Unsaid,
		Both: in.Both, Levels: in.Levels, Groups: in.Groups, Joins: in.Joins, Location: in.Location, Subject: in.Subject, Unasked: in.Unasked, SignOut: in.SignOut, On: in.On}
	for i, r := range in.Rules {
		rule := sso.Rule{Group: r.Group, Team: r.Team}
		if r.Role != "" {
			var known bool
			if rule.Role, known = people.ParseRole(r.Role); !known {
				return p, errs.New(errs.Invalid, "sso.error.rule", "number", i+1).At("rules")
			}
		}
		p.Rules = append(p.Rules, rule)
	}
	return p, nil
}

func providerSeen(c *call) func(sso.Kept) Provider {
	return func(k sso.Kept) Provider {
		out := Provider{ID: k.ID, Kind: string(k.Kind), People: k.Linked, Secret: k.Secret != "", Return: c.SSO.Return(k.ID), Target: k.Target, Source: k.Source, Made: k.Made,
			ProviderSettings: ProviderSettings{Name: k.Name, Issuer: k.Issuer, Client: k.ClientID, Scopes: k.Scopes, Domains: k.Domains, Unsaid: k.Unsaid, Both: k.Both,
				Levels: k.Levels, Groups: k.Groups, Joins: k.Joins, Location: k.Location, Subject: k.Subject, Unasked: k.Unasked, SignOut: k.SignOut, On: k.On}}
		for _, r := range k.Rules {
			out.Rules = append(out.Rules, ProviderRule{r.Group, strings.Join(r.Role.Names(), ""), r.Team})
		}
		if k.Kind == sso.SAML {
			out.Entity = c.SSO.Entity(k.ID)
		}
		if at, _ := k.Ends(c.SSO.Now()); !at.IsZero() {
			out.Ends = &at
		}
		return out
	}
}

func listProviders(ctx context.Context, c *call, in *Cut) (Page[Provider], error) {
	list, err := c.SSO.Providers(ctx, c.Caller.Person)
	if err != nil {
		return Page[Provider]{}, err
	}
	return part(each(list, providerSeen(c)), *in, false, func(p Provider) string { return p.ID })
}

func getProvider(ctx context.Context, c *call, in *ByID) (Provider, error) {
	k, err := c.SSO.Provider(ctx, c.Caller.Person, in.ID)
	if err != nil {
		return Provider{}, err
	}
	return providerSeen(c)(k), nil
}

func addProvider(ctx context.Context, c *call, in *newProviderBody) (Provider, error) {
	p, err := in.Body.provider()
	if err != nil {
		return Provider{}, err
	}
	p.Kind = sso.Kind(in.Body.Kind)
	if p.Kind == sso.SAML {
		p.Issuer = "" // it comes with the metadata
	}
	id, err := c.SSO.Save(ctx, c.proof(), p)
	if err != nil {
		return Provider{}, err
	}
	c.made("/providers/" + id)
	return getProvider(ctx, c, &ByID{ID: id})
}

func saveProvider(ctx context.Context, c *call, in *providerBody) (Provider, error) {
	k, err := c.SSO.Provider(ctx, c.Caller.Person, in.ID)
	if err != nil {
		return Provider{}, err
	}
	p, err := in.Body.provider()
	if err != nil {
		return Provider{}, err
	}
	p.ID = k.ID
	if k.Kind == sso.SAML { // what it publishes has an operation of its own
		p.Issuer, p.Target, p.Certificates, p.Source = k.Issuer, k.Target, k.Certificates, k.Source
	}
	if _, err := c.SSO.Save(ctx, c.proof(), p); err != nil {
		return Provider{}, err
	}
	return getProvider(ctx, c, &in.ByID)
}

func setProviderMetadata(ctx context.Context, c *call, in *metadataBody) (Provider, error) {
	if in.Body.Address == "" && in.Body.XML == "" {
		return Provider{}, errs.New(errs.Invalid, "sso.error.metadata_none").At("address")
	}
	err := c.SSO.SetMetadata(ctx, c.proof(), in.ID, in.Body.Address, []byte(in.Body.XML))
	if err != nil {
		return Provider{}, atFields(err, metadataField)
	}
	return getProvider(ctx, c, &in.ByID)
}

// metadataField names a field of metadata as JSON does.
func metadataField(field string) string {
	switch field {
	case "source":
		return "address"
	case "metadata":
		return "xml"
	}
	return field
}

func listProviderKeys(ctx context.Context, c *call, in *Cut) (Page[ProviderKey], error) {
	keys, err := c.SSO.Keys(ctx, c.Caller.Person)
	if err != nil {
		return Page[ProviderKey]{}, err
	}
	seen := each(keys, func(k sso.Key) ProviderKey {
		return ProviderKey{ID: k.ID, State: string(k.State), Certificate: k.PEM(), Until: k.About().Until, Made: k.Made}
	})
	return part(seen, *in, false, func(k ProviderKey) string { return k.ID })
}
