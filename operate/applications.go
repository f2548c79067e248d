// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"
	"time"

	"verlof/events"
	"verlof/identity"
	"verlof/identity/access"
	"verlof/identity/openid"
	"verlof/identity/sso"
	"verlof/internal/id"
	"verlof/people"
	"verlof/tenant"
)

// agreed has some people use an application since a few weeks.
func agreed(ctx context.Context, t *tenant.Tenant, c openid.Client, users []people.ID) error {
	now := t.OpenID.Now().UTC().Truncate(time.Second)
	return t.OpenID.Store.Update(ctx, func(tx openid.Tx) error {
		for i, who := range users {
			since := now.AddDate(0, 0, -17-5*i)
			g := openid.Grant{ID: id.New(since), Client: c.ID, Person: who, Scope: c.Scope, Auth: since, Made: since, Expires: now.AddDate(0, 0, 20), Used: now.Add(-time.Duration(i*7+2) * time.Hour)}
			if err := tx.AddGrant(g); err != nil {
				return err
			}
			if err := tx.SaveConsent(openid.Consent{Person: who, Client: c.ID, Scope: c.Scope, At: since}); err != nil {
				return err
			}
		}
		return nil
	})
}

// connect registers the applications of a sample: what people sign in to with their
// account here, what reads leave for itself, what hears of changes, and providers that are prepared and off.
func connect(ctx context.Context, t *tenant.Tenant, keeper people.ID, users []people.ID) error {
	for _, c := range []openid.Client{
		{Name: "Intranet", Kind: openid.Confidential, Redirects: []string{"https://intranet.example/signed-in"}, PostLogout: []string{"https://intranet.example/"},
			Scope: "openid profile email", Subjects: openid.SubjectPublic},
		{Name: "Shop floor display", Kind: openid.Device, Scope: openid.Scope("openid " + string(access.LeaveRead)), Subjects: openid.SubjectPublic},
		{Name: "Payroll", Kind: openid.Service, Scope: openid.Scope(access.LeaveRead) + " " + openid.Scope(access.PeopleRead), Subjects: openid.SubjectPublic,
			Keys: []string{sampleKey}, Bound: true},
	} {
		made, _, err := t.OpenID.Register(ctx, keeper, c)
		if err == nil && c.Kind != openid.Service {
			err = agreed(ctx, t, made, users)
		}
		if err != nil {
			return err
		}
	}
	for _, h := range []events.Wish{
		{URL: "https://payroll.example/verlof", Description: "Payroll", Types: events.Filter{events.Request.Name + ".*", events.Person.Name + ".*"}},
		{URL: "https://roster.example/changes", Description: "Roster", Off: true},
	} {
		if _, err := t.Events.Add(ctx, keeper, h); err != nil {
			return err
		}
	}
	by := identity.Session{Person: keeper, Proven: t.SSO.Now()}
	if _, err := t.SSO.Save(ctx, by, sso.Provider{
		Name: "Entra ID", Issuer: "https://login.microsoftonline.com/2f6c1c1e-0000-4000-8000-5a9e6f1c2b3d/v2.0", ClientID: "8d1b7a52-0000-4000-8000-c1f2a6b9d3e4",
		Domains: []string{t.Slug + ".example"}, Unsaid: true, Both: true, Groups: "groups", Rules: []sso.Rule{{Group: "Leave administration", Role: people.Administrator}},
	}); err != nil {
		return err
	}
	id, err := t.SSO.Save(ctx, by, sso.Provider{Kind: sso.SAML, Name: "Keycloak", Unsaid: true})
	if err != nil {
		return err
	}
	return t.SSO.SetMetadata(ctx, by, id, "", []byte(sampleMetadata))
}

// sampleKey is the public half of a key that stands in RFC 8037, appendix A.
const sampleKey = `{"kty":"OKP","crv":"Ed25519","kid":"payroll","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`

// sampleMetadata is what a provider that speaks SAML publishes about itself. Nobody has the
// key of its certificate.
const sampleMetadata = `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://id.bikes.example/realms/staff">
<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
<ds:X509Data><ds:X509Certificate>MIIDFzCCAf+gAwIBAgIUYnF7LTPNzRXapVjaxQxNF3HhtNowDQYJKoZIhvcNAQELBQAwGzEZMBcGA1UEAwwQaWQuYmlrZXMuZXhhbXBsZTAeFw0yNjExMjYx
ODU5NTdaFw0zNjExMjMxODU5NTdaMBsxGTAXBgNVBAMMEGlkLmJpa2VzLmV4YW1wbGUwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDkSf8226F9
xPLUgGzGeWbtXwqmFzg0MRxhUeHlhXC0+RwaUy6FqzIRdF9K4h5nyh0+X1S5P+vIKxwVDyBwB4By1ea8wpkRy459cHxGg4MYkYDkgfGnVQATYq4dy7kTXcsZ
3+UCJn1216NYCbGJsljWzv9bh29aAsXsO4g3j5hKa8UqRZa7xz4A6oa7xKiDW3pWxXQfoMRfJnYQcrepv2YP2BQwH01fxuY/U0oD22P6WNPK2iORG3eeJrK6
yp6xRHpORms3HSRu7/EEZjO5BwXMudSnBvvKNYjo435Rkt4FO55RLsvu/VU62XnXPEBPkHFxDac9b5VrzrRUKb7S5mZpAgMBAAGjUzBRMB0GA1UdDgQWBBTR
UH6FsEwSqUxlBPmA8BJ1VgWHHTAfBgNVHSMEGDAWgBTRUH6FsEwSqUxlBPmA8BJ1VgWHHTAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQDS
QeNe7m8jmMBcefvK+C1e05q5WwJ5CPUxAUNEby/UJuATB4FO7rR61zgKSPUyif3ZCNv4C5WSbXgh8Ynt7kWLEGBQEFPrnILf8wmcCrqPk9Pdt9q2YuGYHrER
UivwqgWwH+xQoihBJuo5pp6Z86SbZFr/HY0IK0YrlEr1AGPX2c5srhQ3vtLQhnCCK4EzSRWYjsovGllXZvjbqS/5H0Us2Ds615XEgdDl2xLwPKyNwvPYMdsc
skgAAXjUjIvKaratwE+Dzhhf9R+5P1pGa7CSluGDjVUW9HT4iR+JE98dQ1d9B7MCitEL7c0yk5MjgnQJ3/r2M0ZwmKUr1+wtKEpT</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://id.bikes.example/realms/staff/protocol/saml"/>
</md:IDPSSODescriptor></md:EntityDescriptor>`
