// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"verlof/errs"
	"verlof/identity/access"
	"verlof/people"
)

// Kind is what a client is.
type Kind string

// The kinds of client (RFC 6749, section 2.1).
const (
	Confidential Kind = "confidential" // runs on a server and keeps a secret
	Public       Kind = "public"       // runs in a browser, on a phone or a desk: keeps none
	Service      Kind = "service"      // acts for itself, without a person
	Device       Kind = "device"       // has no browser: a person confirms elsewhere (RFC 8628)
)

// Kinds are the kinds of client, in the order of pages.
func Kinds() []Kind { return []Kind{Confidential, Public, Service, Device} }

// The grants of a client (RFC 6749, section 1.3; RFC 8628, section 3.4).
const (
	grantCode    = "authorization_code"
	grantRefresh = "refresh_token"
	grantClient  = "client_credentials"
	grantDevice  = "urn:ietf:params:oauth:grant-type:device_code"
)

// Subjects says under which name a client knows a person.
type Subjects string

// The types of subject (OpenID Connect Core 1.0, section 8).
const (
	SubjectPublic   Subjects = "public"   // the same for all clients
	SubjectPairwise Subjects = "pairwise" // another for each sector
)

// Client is a program that the customer has registered: it signs people in here, or
// calls the API.
type Client struct {
	ID         string
	Name       string
	Kind       Kind
	Redirects  []string // where answers go (RFC 6749, section 3.1.2); compared letter for letter
	PostLogout []string // where the browser goes after signing out
	Logout     string   // where it is told that a session ended; empty: nowhere
	Scope      Scope    // what it may ask for
	Subjects   Subjects
	Trusted    bool     // the customer's own: people are not asked for consent, unless another program could pretend to be it
	Inspects   bool     // may ask about tokens that others hold (RFC 7662)
	Keys       []string // public keys with which it proves who it is (RFC 7523), each as PublicKey writes it; in beside its secrets
	Pushes     bool     // it sends its authorization requests beforehand, or they are refused (RFC 9126)
	Bound      bool     // its tokens are bound to a key that it proves to have (RFC 9449), or it gets none
	Made       time.Time
	MadeBy     people.ID
	Disabled   time.Time // since when nothing is given to it; zero: it is in use
}

// publicKeys returns the keys with which the client proves who it is.
func (c Client) publicKeys() (list []PublicKey) {
	for _, text := range c.Keys {
		keys, err := ReadPublicKeys(text)
		if err == nil { // it was read when it was registered
			list = append(list, keys...)
		}
	}
	return list
}

// maxKeys are the keys of a client at a time: two let one take over from the other without a
// pause.
const maxKeys = 2

// checkKeys puts the keys into the form in which they are kept.
func (c *Client) checkKeys(f *people.Faults) {
	if !c.keepsSecret() {
		c.Keys = nil
	}
	var all []string
	for _, text := range c.Keys {
		keys, err := ReadPublicKeys(text)
		switch {
		case errors.Is(err, errPrivateKey):
			f.Add("keys", "openid.error.private_key")
			return
		case err != nil:
			f.Add("keys", "openid.error.key")
			return
		}
		for _, k := range keys {
			all = append(all, k.String())
		}
	}
	if len(all) > maxKeys {
		f.Add("keys", "openid.error.keys", "count", maxKeys)
		return
	}
	c.Keys = all
}

// stands returns what of a grant still stands: the scopes, and the single claims that they cover, that
// the client may ask for by now. What the customer takes from a client it loses at once.
func (c Client) stands(g Grant) Grant {
	g.Scope = g.Scope.only(c.Scope)
	g.Claims = strings.Join(slices.DeleteFunc(strings.Fields(g.Claims), func(name string) bool { return !c.Scope.Has(scopeOfClaim(name)) }), " ")
	return g
}

// keepsSecret reports whether the client proves who it is.
func (c Client) keepsSecret() bool { return c.Kind == Confidential || c.Kind == Service }

// may reports whether the client may use a grant.
func (c Client) may(grant string) bool {
	switch grant {
	case grantCode:
		return c.Kind == Confidential || c.Kind == Public
	case grantRefresh:
		return c.Kind != Service
	case grantClient:
		return c.Kind == Service
	case grantDevice:
		return c.Kind == Device
	}
	return false
}

// sector is what a pairwise subject belongs to: the host of the first address (OpenID
// Connect Core 1.0, section 8.1), so that clients on one host know a person by one
// name.
func (c Client) sector() string {
	if len(c.Redirects) == 0 {
		return c.ID
	}
	u, err := url.Parse(c.Redirects[0])
	if err != nil || u.Hostname() == "" {
		return c.ID
	}
	return strings.ToLower(u.Hostname())
}

// redirects reports whether answers may go to an address. It must be registered
// letter for letter (RFC 9700, section 2.1); only the port may differ where a program
// on a desk listens on its own machine (RFC 8252, section 7.3).
func (c Client) redirects(address string) bool {
	return slices.ContainsFunc(c.Redirects, func(registered string) bool {
		return registered == address || c.Kind == Public && sameLoopback(registered, address)
	})
}

func sameLoopback(registered, address string) bool {
	r, err1 := url.Parse(registered)
	a, err2 := url.Parse(address)
	if err1 != nil || err2 != nil || r.Scheme != "http" || a.User != nil || !isLoopback(r) || r.Hostname() != a.Hostname() {
		return false
	}
	r.Host, a.Host = "", ""
	return r.String() == a.String()
}

// pretended reports whether an answer at an address may go to another program than the client: one
// that keeps no secret and has its answers sent to the person's own machine shares it with all
// others there (RFC 8252, section 8.6).
func (c Client) pretended(address string) bool {
	u, err := url.Parse(address)
	return c.Kind == Public && (err != nil || isLoopback(u) || u.Scheme != "https" && u.Scheme != "http")
}

// isLoopback reports whether an address is of this machine by number: a name could
// lead elsewhere (RFC 8252, section 8.3).
func isLoopback(u *url.URL) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	return err == nil && ip.IsLoopback()
}

// check reports Invalid, with one fault at each field, for a client that cannot be
// registered.
func (c *Client) check(plain bool) error {
	var f people.Faults
	c.Name = people.Tidy(c.Name)
	f.Name("name", &c.Name)
	if !slices.Contains(Kinds(), c.Kind) {
		f.Add("kind", "openid.error.kind")
	}
	if c.Subjects != SubjectPublic && c.Subjects != SubjectPairwise {
		f.Add("subjects", "openid.error.subjects")
	}
	if !c.Scope.Within(scopeOf(Scopes()...)) || c.Scope == "" {
		f.Add("scope", "openid.error.scope")
	}
	c.checkKeys(&f)
	if c.Scope.Has(string(access.SCIM)) && c.Kind != Service {
		f.Add("scope", "openid.error.scim")
	}
	if !c.may(grantCode) {
		c.Redirects, c.PostLogout, c.Logout, c.Trusted, c.Pushes = nil, nil, "", false, false
	} else if len(c.Redirects) == 0 {
		f.Add("redirects", "openid.error.redirect_missing")
	}
	for _, a := range c.Redirects {
		if !c.fitRedirect(a, plain) {
			f.Add("redirects", "openid.error.redirect", "address", a)
			break
		}
	}
	for _, a := range c.PostLogout {
		if !c.fitRedirect(a, plain) {
			f.Add("post_logout", "openid.error.redirect", "address", a)
			break
		}
	}
	if c.Logout != "" && !fitLogout(c.Logout, plain) {
		f.Add("logout", "openid.error.logout_address")
	}
	return f.Err()
}

// fitRedirect reports whether an address may be registered: absolute, without a
// fragment (RFC 6749, section 3.1.2), over TLS or on the person's own machine, or of a
// scheme of the program's own that has a dot in it (RFC 8252, section 7.1). plain is
// for an installation without TLS, on loopback.
func (c *Client) fitRedirect(address string, plain bool) bool {
	u, err := url.Parse(address)
	if err != nil || u.Fragment != "" || strings.Contains(address, "#") || u.User != nil || len(address) > 500 ||
		strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' || r == '*' }) {
		return false
	}
	switch u.Scheme {
	case "https":
		return u.Hostname() != ""
	case "http":
		return isLoopback(u) || plain && isLocal(u)
	}
	return c.Kind == Public && strings.Contains(u.Scheme, ".") && u.Opaque == ""
}

// fitLogout reports whether a client may be told at an address that a session ended
// (OpenID Connect Back-Channel Logout 1.0, section 2.2).
func fitLogout(address string, plain bool) bool {
	u, err := url.Parse(address)
	if err != nil || u.Fragment != "" || u.User != nil || u.Hostname() == "" || len(address) > 500 {
		return false
	}
	return u.Scheme == "https" || plain && u.Scheme == "http" && isLocal(u)
}

func isLocal(u *url.URL) bool {
	return isLoopback(u) || u.Hostname() == "localhost" || strings.HasSuffix(u.Hostname(), ".localhost")
}

// in reports whether the client is in use.
func (c Client) in() error {
	if !c.Disabled.IsZero() {
		return fault(codeUnauthorized, "the client is switched off")
	}
	return nil
}

func noClient() error { return errs.New(errs.NotFound, "openid.error.client") }
