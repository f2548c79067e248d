// SPDX-License-Identifier: Apache-2.0

package page

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"verlof/errs"
	"verlof/identity"
	"verlof/identity/openid"
	"verlof/internal/httperr"
	"verlof/internal/lang"
	"verlof/leave/explain"
	"verlof/tenant"
)

// status returns the answer to err.
func status(err error) int {
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return http.StatusRequestEntityTooLarge
	}
	return httperr.Status(errs.As(err).Kind)
}

// Sentence returns what a person reads of err: its own sentence, else that of
// its kind.
func Sentence(l *lang.Locale, err error, number string) string {
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return l.T("web.error.too_long")
	}
	e := errs.As(err)
	if e.Public != "" {
		return l.T(e.Sentence(), explain.Values(l, e.Args)...)
	}
	return l.T("error."+strings.ReplaceAll(e.Kind.String(), " ", "_"), "number", number)
}

// Fail is what becomes of every error that reaches the top: a page, or a
// fragment where one was asked for, in the reader's language with the right
// status. What is our own fault or the operator's to put right goes to the log, under the number that the
// page shows.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	v, e := VisitOf(r), errs.As(err)
	if looks := r.Method == http.MethodGet || r.Method == http.MethodHead; looks && !v.looked && tenant.Again(err) {
		v.Again, v.looked = true, true
		return
	}
	program := v.Route != nil && v.Route.Access == Program
	if httperr.Ours(err) && (!program || openid.IsOurs(err)) {
		logFailure(r, v.Number, err)
	}
	if program {
		openid.WriteFault(w, err)
		return
	}
	if e.Kind == errs.Unauthenticated && isNavigation(r) {
		_ = SeeOther(w, r, signInURL(r))
		return
	}
	if e.Kind == errs.TooMany || e.Kind == errs.Unavailable {
		w.Header().Set("Retry-After", "60")
	}
	RetryAfter(w, err)
	p := failure{Status: status(err), Text: Sentence(v.Lang, err, v.Number)}
	if err := showFailure(w, r, p); err != nil {
		logFailure(r, v.Number, fmt.Errorf("show a failure: %w", err))
		http.Error(w, p.Text, p.Status)
	}
}

func logFailure(r *http.Request, number string, err error) {
	httperr.Log(r.Context(), VisitOf(r).Log, number, err)
}

// signInURL is where somebody signs in to come back to r, or takes the step of it that is
// left.
func signInURL(r *http.Request) string {
	at := signInAt(r)
	if r.URL.Path == "/" {
		return at
	}
	return at + "?next=" + url.QueryEscape(r.URL.RequestURI())
}

// signInAt is the page on which whoever sent r signs in, or goes on to.
func signInAt(r *http.Request) string {
	if w := VisitOf(r).Waiting; w != nil {
		return WaitingPath(w.Session.Stage)
	}
	return "/sign-in"
}

// WaitingPath returns where a sign-in at that stage goes on.
func WaitingPath(s identity.Stage) string {
	if s == identity.Enrolment {
		return EnrolPath
	}
	return SecondPath
}

// SignInTo is where somebody signs in to go on to an address of ours, with email filled in;
// again: even if somebody is signed in.
func SignInTo(next, email string, again bool) string {
	q := url.Values{"next": {next}}
	if email != "" {
		q.Set("email", email)
	}
	if again {
		q.Set("again", "1")
	}
	return "/sign-in?" + q.Encode()
}

// isNavigation reports whether somebody goes to a page, and no script asks for
// one (Fetch Metadata, section 2.2); old browsers do not say.
func isNavigation(r *http.Request) bool {
	mode := r.Header.Get("Sec-Fetch-Mode")
	return r.Method == http.MethodGet && (mode == "" || mode == "navigate")
}

// RetryAfter tells when to try again, where err says so.
func RetryAfter(w http.ResponseWriter, err error) {
	if s := identity.RetryAfter(err); s > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(s))
	}
}
