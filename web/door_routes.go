// SPDX-License-Identifier: Apache-2.0

// Package door owns sign-in, the links that mails bring, signing out, and how a browser
// wants pages to look. It refuses whether a password or a link holds: that is for
// identity to say.
package web

import "verlof/web/template"

// doorRoutes are how people come in, and what they choose before.
func doorRoutes() []Route {
	return []Route{
		get("/sign-in", Public, showSignIn),
		post("/sign-in", Public, signIn),
		post(template.SignOutPath, Public, signOut),
		get("/forgot", Public, showForgot),
		post("/forgot", Public, forgot),
		get("/invitation/{token}", Public, showInvitation),
		post("/invitation/{token}", Public, redeem),
		get("/reset/{token}", Public, showReset),
		post("/reset/{token}", Public, redeem),
		post(template.ThemePath, Public, chooseTheme),
		post(template.LanguagePath, Public, chooseLanguage),
	}
}
