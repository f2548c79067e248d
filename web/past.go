// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"net/url"

	"verlof/errs"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
)

// byHost returns the customer whose host name was asked for, or a past state of one.
func (s *site) byHost(r *http.Request) (*tenant.Tenant, func(), error) {
	t, release, err := s.Tenants.ByHost(r.Context(), r.Host)
	if s.Pasts != nil && errs.Is(err, errs.NotFound) {
		return s.Pasts.PastByHost(r.Context(), r.Host)
	}
	return t, release, err
}

// lookOnly keeps those who look at a past state to pages for people who are in. Nobody signs
// in there, and no program is answered.
func (s *site) lookOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := page.VisitOf(r)
		past, a := v.Tenant.Past, v.Route.Access
		switch {
		case past == nil, a == page.Asset, a.AsksWho() && a != page.Public, r.URL.Path == tenant.StepOverPath, v.Route.Pattern == "/":
			next.ServeHTTP(w, r)
		case a == page.Public && r.Method == http.MethodGet: // such as the page to sign in at
			_ = page.SeeOther(w, r, past.Now+page.PastsPath)
		default:
			page.Fail(w, r, past.Refusal())
		}
	})
}

// recogniseLooker fills in who looks at a past state.
func recogniseLooker(v *page.Visit, r *http.Request) error {
	visitor := page.Visitor(r, v.Tenant)
	if visitor.Session == "" {
		return nil
	}
	p, err := v.Tenant.Looker(r.Context(), visitor.Session)
	if errs.Is(err, errs.Unauthenticated) {
		return nil
	}
	if err != nil {
		return err
	}
	if v.Org, err = v.Tenant.People.Organisation(r.Context()); err != nil { // with them in it: they may have come in just now
		return err
	}
	if v.Viewer, err = v.Org.Viewer(p.ID); err != nil {
		return err
	}
	v.Person, v.Zone = p.ID, v.Org.Zone(p.ID, v.Now())
	return noteLook(v, r, p)
}

// noteLook puts a page on record before it is shown: whose it is where the address says so, and for a form that it was sent. What
// was typed is not kept.
func noteLook(v *page.Visit, r *http.Request, p people.Person) error {
	what := r.URL.Path
	if whose := r.URL.Query().Get("person"); whose != "" {
		what += "?" + url.Values{"person": {whose}}.Encode()
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		what = r.Method + " " + what
	}
	return v.Tenant.NoteLook(r.Context(), p, what)
}
