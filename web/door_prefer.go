// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"slices"

	"verlof/errs"
	"verlof/internal/lang"
	"verlof/tenant"
)

// chooseTheme handles the choice of appearance in the frame of every page.
func chooseTheme(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	switch theme := f.text("theme"); theme {
	case "light", "dark":
		keep(w, r, themeCookie, theme)
	case "auto":
		keep(w, r, themeCookie, "")
	default:
		return errs.New(errs.Invalid, "")
	}
	return seeOther(w, r, localPath(f.text("back")))
}

// chooseLanguage handles the choice of language in the frame of every page, also
// for those who are signed out. Mails to those who are signed in follow it.
func chooseLanguage(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if !slices.Contains(lang.Tags(), f.text("lang")) {
		return errs.New(errs.Invalid, "")
	}
	if v := visitOf(r); v.signedIn() {
		if err := t.People.ChooseLanguage(r.Context(), v.person, f.text("lang")); err != nil {
			return err
		}
	}
	keep(w, r, languageCookie, f.text("lang"))
	return seeOther(w, r, localPath(f.text("back")))
}

// keep has the browser remember a preference for a year, or forget it.
func keep(w http.ResponseWriter, r *http.Request, name, value string) {
	age := 365 * 24 * 60 * 60
	if value == "" {
		age = -1
	}
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: visitOf(r).Secure, SameSite: http.SameSiteLaxMode,
	})
}
