// SPDX-License-Identifier: Apache-2.0

package door

import (
	"net/http"
	"slices"

	"verlof/errs"
	"verlof/internal/lang"
	"verlof/tenant"
	"verlof/web/page"
)

// chooseTheme handles the choice of appearance in the frame of every page.
func chooseTheme(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	switch theme := f.Text("theme"); theme {
	case "light", "dark":
		keep(w, r, page.ThemeCookie, theme)
	case "auto":
		keep(w, r, page.ThemeCookie, "")
	default:
		return errs.New(errs.Invalid, "")
	}
	return page.SeeOther(w, r, page.LocalPath(f.Text("back")))
}

// chooseLanguage handles the choice of language in the frame of every page, also
// for those who are signed out. Mails to those who are signed in follow it.
func chooseLanguage(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if !slices.Contains(lang.Tags(), f.Text("lang")) {
		return errs.New(errs.Invalid, "")
	}
	if v := page.VisitOf(r); v.SignedIn() {
		if err := t.People.ChooseLanguage(r.Context(), v.Person, f.Text("lang")); err != nil {
			return err
		}
	}
	keep(w, r, page.LanguageCookie, f.Text("lang"))
	return page.SeeOther(w, r, page.LocalPath(f.Text("back")))
}

// keep has the browser remember a preference for a year, or forget it.
func keep(w http.ResponseWriter, r *http.Request, name, value string) {
	age := 365 * 24 * 60 * 60
	if value == "" {
		age = -1
	}
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: page.VisitOf(r).Secure, SameSite: http.SameSiteLaxMode,
	})
}
