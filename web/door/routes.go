// SPDX-License-Identifier: Apache-2.0

// Package door owns sign-in and signing out, the links that mails bring, and how a browser
// wants pages to look. It refuses to judge a password, a link or a provider's answer: that
// is for identity.
package door

import (
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// Routes are for those who come in and go out.
func Routes() []page.Route {
	return []page.Route{
		page.Get("/sign-in", page.Public, showSignIn),
		page.Post("/sign-in", page.Public, signIn),
		page.Post(template.SignOutPath, page.Public, signOut),
		page.Get("/sso/{id}", page.Public, askProvider),
		page.Get("/sso/{id}/return", page.Public, returned),
		page.Post("/sso/{id}/return", page.Program, posted),
		page.Post("/sso/{id}/logout", page.Program, endedThere),
		page.Get("/sso/{id}/metadata", page.Program, showMetadata),
		page.Get(page.ProvidersPath+"/{id}/try", page.SignInKeeper, tryProvider),
		page.Get("/forgot", page.Public, showForgot),
		page.Post("/forgot", page.Public, forgot),
		page.Get("/invitation/{token}", page.Public, showInvitation),
		page.Post("/invitation/{token}", page.Public, redeem),
		page.Get("/reset/{token}", page.Public, showReset),
		page.Post("/reset/{token}", page.Public, redeem),
		page.Get(tenant.StepOverPath, page.Public, enterPast),
		page.Post(template.ThemePath, page.Public, chooseTheme),
		page.Post(template.LanguagePath, page.Public, chooseLanguage),
	}
}
