// SPDX-License-Identifier: Apache-2.0

package saml

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"verlof/internal/relying"
)

// Forms of a NameID (saml-core-2.0-os, section 8.3).
const (
	formAddress   = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
	formTransient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
)

// maxSubject is how long a name for a person may be.
const maxSubject = 255

// Attributes under which providers say what is known by name. Entra ID, Okta, Google and
// Keycloak each have their own; the numbers are those of LDAP (saml-profiles-2.0-os,
// section 8.2).
var (
	asEmail = []string{"email", "mail", "emailaddress", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
		"urn:oid:0.9.2342.19200300.100.1.3", "urn:oid:1.2.840.113549.1.9.1", "user.email"}
	asGiven = []string{"givenname", "firstname", "first_name", "given_name", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
		"urn:oid:2.5.4.42", "user.firstname"}
	asFamily = []string{"surname", "lastname", "last_name", "family_name", "sn", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
		"urn:oid:2.5.4.4", "user.lastname"}
	asName = []string{"displayname", "name", "cn", "http://schemas.microsoft.com/identity/claims/displayname", "urn:oid:2.16.840.1.113730.3.1.241"}
)

// What tells of two factors.
const (
	methodsEntra = "http://schemas.microsoft.com/claims/authnmethodsreferences"
	twoEntra     = "http://schemas.microsoft.com/claims/multipleauthn"
	groupsEntra  = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups"
	awayEntra    = "http://schemas.microsoft.com/claims/groups.link" // in place of groups that are many
)

var twoFactors = []string{"https://refeds.org/profile/mfa", "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract",
	"urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorUnregistered"}

// claims reads what a verified assertion says of a person.
func (j *judge) claims(a, subject *etree.Element) (c relying.Claims, err error) {
	c.All = map[string]any{}
	var said []*etree.Element
	for _, statement := range children(a, nsAssertion, "AttributeStatement") {
		said = append(said, children(statement, nsAssertion, "Attribute")...)
	}
	for _, x := range said {
		take(c.All, attribute(x, "Name"), values(x))
	}
	for _, x := range said {
		if friendly := attribute(x, "FriendlyName"); c.All[friendly] == nil {
			take(c.All, friendly, values(x))
		}
	}
	name := child(subject, nsAssertion, "NameID")
	form := attribute(name, "Format")
	c.Subject = text(name)
	if j.Subject != "" {
		c.Subject, _ = c.All[j.Subject].(string)
	} else if form == formTransient {
		return c, fault(Nobody, "the NameID is another one each time (transient)")
	}
	if c.Subject == "" || len(c.Subject) > maxSubject {
		return c, fault(Nobody, "the assertion has no "+cmp.Or(j.Subject, "NameID"))
	}
	c.Email, c.Given, c.Family, c.Name = first(c.All, asEmail), first(c.All, asGiven), first(c.All, asFamily), first(c.All, asName)
	if c.Email == "" && (form == formAddress || strings.Contains(text(name), "@")) {
		c.Email = text(name)
	}
	c.All["NameID"], c.All["NameID Format"] = text(name), form
	return c, proof(&c, a)
}

// proof reads when and how the person proved who they are (saml-core-2.0-os, section 2.7.2).
func proof(c *relying.Claims, a *etree.Element) (err error) {
	statements := children(a, nsAssertion, "AuthnStatement")
	if len(statements) == 0 {
		return fault(Nobody, "nobody proved who they are")
	}
	if c.Auth, err = instant(statements[0], "AuthnInstant"); err != nil {
		return fault(Form, "no AuthnInstant")
	}
	c.Auth = c.Auth.UTC()
	c.Level = text(child(child(statements[0], nsAssertion, "AuthnContext"), nsAssertion, "AuthnContextClassRef"))
	c.All["AuthnContextClassRef"], c.All["AuthnInstant"] = c.Level, c.Auth.Format(moment)
	ways, _ := c.List(methodsEntra)
	if slices.Contains(ways, twoEntra) || slices.Contains(twoFactors, c.Level) {
		c.Methods = []string{"mfa"}
	}
	if c.All[awayEntra] != nil { // as OpenID Connect Core 1.0, section 5.6.2, has it
		c.All["_claim_names"] = map[string]any{groupsEntra: awayEntra, "groups": awayEntra}
	}
	return nil
}

// take adds an attribute under its name. Where it was said in parts, as Keycloak does, the
// parts are one list.
func take(all map[string]any, name string, values []any) {
	before, there := all[name]
	switch {
	case name == "" || len(values) == 0:
	case there:
		all[name] = append(listed(before), values...)
	case len(values) == 1:
		all[name] = values[0]
	default:
		all[name] = values
	}
}

// values are what an attribute holds.
func values(x *etree.Element) (list []any) {
	for _, v := range children(x, nsAssertion, "AttributeValue") {
		if s := text(v); s != "" {
			list = append(list, s)
		}
	}
	return list
}

func listed(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

// first returns the first text that stands under one of some names, whatever their case.
func first(all map[string]any, names []string) string {
	for _, want := range names {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			if !strings.EqualFold(name, want) {
				continue
			}
			if s, ok := listed(all[name])[0].(string); ok {
				return s
			}
		}
	}
	return ""
}
