// SPDX-License-Identifier: Apache-2.0

package api

import (
	"cmp"
	"context"
	"net/http"

	"verlof/identity"
	"verlof/identity/access"
	"verlof/people"
)

// SignInPolicy is what the customer demands of those who sign in.
type SignInPolicy struct {
	Demand   []string `json:"demand" maxItems:"20" enum:"everybody,manager,administrator,system-manager,sickness-officer,auditor,payroll,custom" doc:"Of whom a second factor is demanded. custom: of those with a role of the customer's own." example:"manager"`
	Passkey  []string `json:"passkey" maxItems:"20" enum:"everybody,manager,administrator,system-manager,sickness-officer,auditor,payroll,custom" doc:"Of whom a passkey is: no other second factor lets them in." example:"administrator"`
	Remember int      `json:"remember" minimum:"0" maximum:"90" doc:"Days for which a browser may stand for the second factor; 0: none may." example:"30"`
	Only     bool     `json:"only,omitempty" doc:"People sign in with a provider of the customer's own and in no other way, but for those who keep sign-in."`
	Feeds    string   `json:"feeds,omitempty" enum:"demand,everybody,nobody" doc:"Who may have calendar feeds. demand: those of whom no second factor is demanded, nor a provider; so too where it is missing." example:"demand"`
}

type signInPolicyBody struct{ Body SignInPolicy }

func addSignIn(s *surface) {
	const area = "Sign-in providers"
	add(s, operation{ID: "getSignInPolicy", Method: http.MethodGet, Path: "/sign-in-policy", Scope: access.ClientsRead, Area: area, Summary: "Read what is demanded of those who sign in",
		Doc: "For those who see how people sign in."}, getSignInPolicy)
	add(s, operation{ID: "saveSignInPolicy", Method: http.MethodPut, Path: "/sign-in-policy", Scope: access.ClientsWrite, Area: area, Match: true, Fresh: true, Summary: "Change what is demanded of those who sign in",
		Doc: "All fields at once. It holds at once: whoever is signed in with less is signed out. Nobody demands of themselves what they did not show. For system managers."},
		func(ctx context.Context, c *call, in *signInPolicyBody) (SignInPolicy, error) {
			p := identity.Policy{Second: identity.ParseThose(in.Body.Demand), Passkey: identity.ParseThose(in.Body.Passkey), Remember: in.Body.Remember, Only: in.Body.Only, Feeds: identity.FeedRule(in.Body.Feeds)}
			if err := c.Identity.ChangePolicy(ctx, c.proof(), p); err != nil {
				return SignInPolicy{}, err
			}
			return getSignInPolicy(ctx, c, nil)
		})
}

func getSignInPolicy(ctx context.Context, c *call, _ *none) (SignInPolicy, error) {
	if err := c.need(ctx, people.SeeSignIn); err != nil {
		return SignInPolicy{}, err
	}
	p, err := c.Identity.Policy(ctx)
	return SignInPolicy{Demand: nonNil(p.Second.Names()), Passkey: nonNil(p.Passkey.Names()), Remember: p.Remember, Only: p.Only,
		Feeds: string(cmp.Or(p.Feeds, identity.FeedsByDemand))}, err
}
