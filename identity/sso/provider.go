// SPDX-License-Identifier: Apache-2.0

package sso

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"verlof/errs"
	"verlof/internal/outside"
	"verlof/internal/relying"
	"verlof/people"
)

// Provider is a provider of the customer's own that people sign in with.
type Provider struct {
	ID       string
	Name     string // as buttons show it
	Issuer   string // its address; compared letter for letter
	ClientID string
	Secret   string   // empty: none; the store seals it
	Domains  []string // of mail addresses that it decides on
	Unsaid   bool     // its addresses count although it does not say that they are verified
	Both     bool     // what it says of a second factor counts
	Levels   []string // values of acr that mean two factors, beside mfa in amr
	Groups   string   // claim that names a person's groups; empty: none does
	Scopes   []string // asked for beside openid, profile and email
	Rules    []Rule   // in order
	Joins    bool     // who is not known here yet is added
	Location string   // where they work then
	On       bool
	Bureau   bool // it is that of a bureau that the customer admits, by the same id: see package bureau
	Made     time.Time
	MadeBy   people.ID
}

// Rule gives the members of a group a role, or a place in a team.
type Rule struct {
	Group string
	Role  people.Roles // zero: none
	Team  string       // id; empty: none
}

// Bounds of what can be typed in.
const (
	MaxRules   = 50 // of one provider
	maxDomains = 20
	maxText    = 500
)

// relying returns the provider as a Party knows it.
func (p *Provider) relying() relying.Provider {
	scopes := []string{"profile", "email"}
	for _, s := range p.Scopes {
		if !slices.Contains(scopes, s) && s != "openid" {
			scopes = append(scopes, s)
		}
	}
	return relying.Provider{Issuer: p.Issuer, ClientID: p.ClientID, Secret: p.Secret, Scopes: scopes}
}

// decides reports whether the provider decides on the domain of a mail address.
func (p *Provider) decides(email string) bool {
	_, domain, ok := strings.Cut(email, "@")
	return ok && slices.Contains(p.Domains, domain)
}

// strong reports whether the provider vouches for two factors.
func (p *Provider) strong(c relying.Claims) bool {
	return p.Both && (slices.Contains(c.Methods, "mfa") || slices.Contains(p.Levels, c.Level))
}

// check tidies a provider and reports what is wrong with it, each fault at its field.
func (p *Provider) check(reach outside.Reach, others []Provider, teams []people.Team, places []people.Location) error {
	var f people.Faults
	f.Name("name", &p.Name)
	if u, err := url.Parse(p.Issuer); err != nil || !reach.Fit(u) || u.RawQuery != "" || u.Fragment != "" || len(p.Issuer) > maxText {
		f.Add("issuer", "sso.error.issuer")
	}
	if p.ClientID == "" && p.On {
		f.Add("client", "sso.error.client_missing")
	}
	if len(p.ClientID) > maxText || unprintable(p.ClientID) {
		f.Add("client", "sso.error.client")
	}
	if len(p.Secret) > maxText || unprintable(p.Secret) {
		f.Add("secret", "sso.error.secret")
	}
	p.checkDomains(&f, others)
	if len(p.Groups) > 200 || unprintable(p.Groups) {
		f.Add("groups", "sso.error.groups")
	}
	for _, list := range map[string][]string{"levels": p.Levels, "scopes": p.Scopes} {
		if len(strings.Join(list, " ")) > maxText {
			f.Add("levels", "people.error.too_long", "count", maxText)
		}
	}
	p.checkRules(&f, teams)
	if !p.Joins {
		p.Location = ""
	} else if len(p.Domains) == 0 {
		f.Add("joins", "sso.error.joins")
	}
	if p.Joins && (p.Location != "" || len(places) > 0) && !slices.ContainsFunc(places, func(l people.Location) bool { return l.ID == p.Location }) {
		f.Add("location", "people.error.location")
	}
	return f.Err()
}

// unprintable reports whether a text holds what a protocol's name or secret does not.
func unprintable(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// checkDomains brings domains into the form in which mail addresses have them. Two
// providers cannot both decide on one.
func (p *Provider) checkDomains(f *people.Faults, others []Provider) {
	if len(p.Domains) > maxDomains {
		f.Add("domains", "sso.error.domains", "count", maxDomains)
		return
	}
	for i, d := range p.Domains {
		d = strings.ToLower(strings.TrimPrefix(d, "@"))
		if _, ok := people.ParseEmail("x@" + d); !ok || !strings.Contains(strings.Trim(d, "."), ".") {
			f.Add("domains", "sso.error.domain", "domain", d)
			return
		}
		p.Domains[i] = d
	}
	p.Domains = slices.Compact(slices.Sorted(slices.Values(p.Domains)))
	for _, o := range others {
		if i := slices.IndexFunc(p.Domains, func(d string) bool { return o.ID != p.ID && slices.Contains(o.Domains, d) }); i >= 0 {
			*f = append(*f, errs.New(errs.Conflict, "sso.error.domain_taken", "domain", p.Domains[i], "name", o.Name).At("domains"))
		}
	}
}

// checkRules looks at what groups give.
func (p *Provider) checkRules(f *people.Faults, teams []people.Team) {
	if len(p.Rules) > MaxRules {
		f.Add("rules", "sso.error.rules", "count", MaxRules)
	}
	if len(p.Rules) > 0 && p.Groups == "" {
		f.Add("groups", "sso.error.groups_missing")
	}
	for i := range p.Rules {
		r := &p.Rules[i]
		r.Group = people.Tidy(r.Group)
		known := r.Role != 0 && r.Role&^people.AllRoles == 0 && r.Team == "" ||
			r.Role == 0 && slices.ContainsFunc(teams, func(t people.Team) bool { return t.ID == r.Team })
		if r.Group == "" || len(r.Group) > 200 || !known {
			f.Add("rules", "sso.error.rule", "number", i+1)
			return
		}
	}
}
