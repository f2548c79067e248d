// SPDX-License-Identifier: Apache-2.0

package sso

import (
	"crypto/sha256"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/outside"
	"verlof/internal/relying"
	"verlof/internal/saml"
	"verlof/people"
)

// Provider is a provider of the customer's own that people sign in with.
type Provider struct {
	ID       string
	Kind     Kind     // empty: OpenID
	Name     string   // as buttons show it
	Issuer   string   // its address, or entity ID; compared letter for letter
	Domains  []string // of mail addresses that it decides on
	Unsaid   bool     // its addresses count although it does not say that they are verified
	Both     bool     // what it says of a second factor counts
	Levels   []string // values of acr that mean two factors, beside mfa in amr
	Groups   string   // claim or attribute that names a person's groups; empty: none does
	Rules    []Rule   // in order
	Joins    bool     // who is not known here yet is added
	Location string   // where they work then
	On       bool
	Bureau   bool // it is that of a bureau that the customer admits, by the same id: see package bureau
	Made     time.Time
	MadeBy   people.ID

	// Of OpenID Connect alone.
	ClientID string
	Secret   string   // empty: none; the store seals it
	Scopes   []string // asked for beside openid, profile and email
	SignOut  bool     // who signs out here is sent there to sign out too

	// Of SAML alone. The first three stand in its metadata: see SetMetadata.
	Target       string   // where a browser is sent with a question
	Certificates []string // base64
	Source       string   // address of the metadata; empty: it was handed over
	Subject      string   // attribute that names a person for good; empty: the NameID does
	Unasked      bool     // it may begin a sign-in
}

// Kind is what a provider speaks.
type Kind string

// The kinds of provider.
const (
	OpenID Kind = "openid" // OpenID Connect
	SAML   Kind = "saml"   // SAML 2.0
)

// Certificate is one with which a provider of SAML signs, as people compare it.
type Certificate struct {
	Subject     string
	Fingerprint string // SHA-256, in hexadecimal
	From, Until time.Time
}

// certificateOf describes a certificate that is kept; nothing for one that cannot be read.
func certificateOf(line string) Certificate {
	list, err := saml.Certificates([]string{line})
	if err != nil {
		return Certificate{}
	}
	c := list[0]
	return Certificate{Subject: c.Subject.String(), Fingerprint: fmt.Sprintf("%X", sha256.Sum256(c.Raw)), From: c.NotBefore, Until: c.NotAfter}
}

// Signs returns the certificates with which a provider of SAML signs.
func (p *Provider) Signs() (list []Certificate) {
	for _, line := range p.Certificates {
		list = append(list, certificateOf(line))
	}
	return list
}

// expiryWarning is how long before the last certificate of a provider is out of date those
// who keep sign-in are warned.
const expiryWarning = 30 * 24 * time.Hour

// Ends returns when the last certificate of a provider of SAML is out of date, where that is
// soon or was. Nobody can sign in with it from then on.
func (p *Provider) Ends(now time.Time) (at time.Time, soon bool) {
	for _, c := range p.Signs() {
		if c.Until.After(at) {
			at = c.Until
		}
	}
	return at, !at.IsZero() && now.Add(expiryWarning).After(at)
}

// ready reports whether a provider can be asked anything.
func (p *Provider) ready() bool {
	if p.Kind == SAML {
		return p.Target != ""
	}
	return p.ClientID != ""
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

// phishproof are values of acr by which a provider says that no other site could have talked the
// proof out of anybody (OpenID Connect Extended Authentication Profile ACR Values 1.0).
var phishproof = []string{"phr", "phrh"}

// key reports whether the provider vouches for a passkey. A bureau says so as our own provider
// does, which tells of a proof with a key for nothing else: see package openid.
func (p *Provider) key(c relying.Claims) bool {
	if p.Bureau {
		return p.strong(c) && slices.Contains(c.Methods, "pop")
	}
	return p.Both && slices.Contains(phishproof, c.Level)
}

// enough reports whether what the provider vouches for is all that is demanded of a person.
func (p *Provider) enough(tx Tx, c relying.Claims, who people.Person) (bool, error) {
	if p.key(c) {
		return true, nil
	}
	level, err := identity.Demanded(tx, who)
	return p.strong(c) && level < identity.WithKey, err
}

// check tidies a provider and reports what is wrong with it, each fault at its field.
func (p *Provider) check(reach outside.Reach, others []Provider, teams []people.Team, places []people.Location) error {
	var f people.Faults
	f.Name("name", &p.Name)
	switch p.Kind {
	case OpenID:
		p.checkOpenID(&f, reach)
	case SAML:
		p.checkSAML(&f, reach)
	default:
		f.Add("kind", "sso.error.kind")
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

// checkOpenID looks at what a provider of OpenID Connect gave.
func (p *Provider) checkOpenID(f *people.Faults, reach outside.Reach) {
	p.Target, p.Certificates, p.Source, p.Subject, p.Unasked = "", nil, "", "", false
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
}

// checkSAML looks at what a provider of SAML publishes, once it is known.
func (p *Provider) checkSAML(f *people.Faults, reach outside.Reach) {
	p.ClientID, p.Secret, p.Scopes, p.SignOut = "", "", nil, false
	if p.Target == "" && p.On {
		f.Add("on", "sso.error.metadata_missing")
	}
	if u, err := url.Parse(p.Target); p.Target != "" && (err != nil || !reach.Fit(u) || u.Fragment != "" || len(p.Target) > 2*maxText) {
		f.Add("metadata", "sso.error.target")
	}
	if len(p.Subject) > 200 || unprintable(p.Subject) {
		f.Add("subject", "sso.error.subject")
	}
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
