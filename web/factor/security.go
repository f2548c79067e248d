// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"net/http"
	"time"

	"verlof/identity"
	"verlof/internal/lang"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// securityPage is how somebody signs in.
type securityPage struct {
	Frame    template.Page
	Sec      identity.Security
	Keys     bool // passkeys work at this address
	KeyLines []factorLine
	App      factorLine
	Browsers []browserLine
	History  []view.HistoryLine
	Problem  *template.FieldError
}

// factorLine is a factor as a page shows it.
type factorLine struct{ ID, Name, When string }

// browserLine is a browser that is trusted for a while.
type browserLine struct{ ID, Name, Until string }

// showSecurity handles GET /account/security.
func showSecurity(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderSecurity(w, r, t, page.BlankForm(r))
}

func renderSecurity(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	sec, err := t.Identity.Security(r.Context(), v.Person)
	if err != nil {
		return err
	}
	p := securityPage{Sec: sec, Keys: t.Identity.HasPasskeys(page.Visitor(r, t))}
	if sec.App != nil {
		p.App = lineOf(v, *sec.App)
	}
	for _, k := range sec.Passkeys {
		p.KeyLines = append(p.KeyLines, lineOf(v, k))
	}
	for _, d := range sec.Trusted {
		p.Browsers = append(p.Browsers, browserLine{string(d.Digest), browserOr(v.Lang, d.Agent), v.Lang.DateTime(d.Trusted.UnixMicro(), v.Zone)})
	}
	p.History = view.HistoryLines(v, sec.Records)
	p.Frame = page.Frame(w, r, v.Lang.T("factor.title"))
	p.Frame.Path, p.Frame.Styles = SecurityPath, []string{"factor.css"}
	if len(f.Wrong) > 0 {
		p.Problem = &f.Wrong[0]
	}
	return page.Render(w, r, f.Status(), securityView(p))
}

func lineOf(v *page.Visit, f identity.Factor) factorLine {
	when := v.Lang.T("factor.added", "date", stamp(v, f.Added))
	if !f.Used.IsZero() {
		when = v.Lang.T("factor.used", "date", stamp(v, f.Used))
	}
	return factorLine{f.ID, f.Name, when}
}

func stamp(v *page.Visit, at time.Time) string { return v.Lang.DateTime(at.UnixMicro(), v.Zone) }

func browserOr(l *lang.Locale, agent string) string {
	if name := page.BrowserName(agent); name != "" {
		return name
	}
	return l.T("web.account.browser")
}

// remove handles POST /account/factors/{id}/remove.
func remove(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f := page.BlankForm(r)
	removed, err := f.Attempt(func() error { return t.Identity.Remove(r.Context(), holder(r), r.PathValue("id")) })
	if removed {
		return page.Done(w, r, SecurityPath, "factor-removed")
	}
	if err != nil {
		return err
	}
	return renderSecurity(w, r, t, f)
}

// distrust handles POST /account/browsers/{id}/distrust.
func distrust(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if err := t.Identity.Distrust(r.Context(), page.VisitOf(r).Person, identity.Digest(r.PathValue("id"))); err != nil {
		return err
	}
	return page.Done(w, r, SecurityPath, "browser-distrusted")
}
