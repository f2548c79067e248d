// SPDX-License-Identifier: Apache-2.0

// Package factor owns the pages on which people set up and use a second factor: the second
// step of a sign-in, authenticator app, passkeys, recovery codes, trusted browsers, and the
// fresh proof before a dangerous act. It refuses to judge a code, a passkey or whether a
// proof is needed: that is for identity.
package factor

import (
	"net/http"

	"verlof/errs"
	"verlof/identity"
	"verlof/tenant"
	"verlof/web/page"
)

// The addresses of these pages.
const (
	SecondPath    = page.SecondPath
	EnrolPath     = page.EnrolPath
	SecurityPath  = "/account/security"
	appPath       = "/account/app"
	newKeyPath    = "/account/passkeys/new"
	registerAsk   = "/account/passkeys/ask"
	codesPath     = "/account/codes"
	StepUpPath    = "/step-up"
	SignInKeyPath = "/sign-in/passkey" // where the answer of a passkey goes; the question is at SignInKeyAsk
	SignInKeyAsk  = "/sign-in/passkey/ask"
)

// Routes are the second step, what may be set up, and fresh proofs.
func Routes() []page.Route {
	return []page.Route{
		page.Post(SignInKeyAsk, page.Public, askSignIn),
		page.Post(SignInKeyPath, page.Public, signInWithKey),
		page.Get(SecondPath, page.Public, showSecond),
		page.Post(SecondPath, page.Public, second),
		page.Post(SecondPath+"/ask", page.Public, askSecond),
		page.Post(SecondPath+"/passkey", page.Public, secondWithKey),

		page.Get(EnrolPath, page.Enrolling, showEnrol),
		page.Get(appPath, page.Enrolling, showApp),
		page.Post(appPath+"/start", page.Enrolling, startApp),
		page.Post(appPath, page.Enrolling, confirmApp),
		page.Get(newKeyPath, page.Enrolling, showNewKey),
		page.Post(registerAsk, page.Enrolling, askRegister),
		page.Post(newKeyPath, page.Enrolling, register),

		page.Get(SecurityPath, page.SignedIn, showSecurity),
		page.Post(codesPath, page.SignedIn, makeCodes),
		page.Post("/account/factors/{id}/remove", page.SignedIn, remove),
		page.Post("/account/browsers/{id}/distrust", page.SignedIn, distrust),

		page.Get(StepUpPath, page.SignedIn, showStepUp),
		page.Post(StepUpPath, page.SignedIn, stepUp),
		page.Post(StepUpPath+"/ask", page.SignedIn, askStepUp),
		page.Post(StepUpPath+"/passkey", page.SignedIn, stepUpWithKey),
	}
}

// holder returns the session of who may set something up: signed in, or with nothing else
// to do before.
func holder(r *http.Request) identity.Session {
	v := page.VisitOf(r)
	if v.SignedIn() {
		return v.Proof
	}
	return v.Waiting.Session
}

// question sends a browser what to ask its passkeys.
func question(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, q identity.Question, err error) error {
	if err != nil {
		return err
	}
	t.Identity.KeepQuestion(w, q)
	page.Send(w, r, http.StatusOK, "application/json", q.Options)
	return nil
}

// refuse keeps what is wrong with a proof on its form.
func refuse(w http.ResponseWriter, f *page.Form, err error) bool {
	page.RetryAfter(w, err)
	return f.Refuse(err) || errs.As(err).Public != "identity.error.signed_out" && f.RefuseAs(http.StatusUnauthorized, err)
}
