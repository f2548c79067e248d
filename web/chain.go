// SPDX-License-Identifier: Apache-2.0

package web

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"verlof/errs"
	"verlof/internal/httperr"
	"verlof/internal/id"
	"verlof/internal/lang"
	"verlof/internal/saml"
	limits "verlof/internal/sheet"
	"verlof/people"
	"verlof/web/page"
)

// step is one thing that happens to a request on its way to a handler.
type step func(next http.Handler) http.Handler

// chain returns h behind every step, the first one outermost. This is the whole
// way of a request, top to bottom.
func (s *site) chain(h http.Handler) http.Handler {
	steps := []step{
		s.begin,      // a number for the request
		s.logAccess,  // one line in the log for each
		s.recover,    // a panic is a page that failed
		s.headers,    // what browsers may not do with our pages
		s.limitBody,  // nobody sends us a flood
		s.again,      // whoever looks while a database is lost meets the one in its place
		s.findTenant, // from here on there is a customer
		s.choose,     // and a route
		s.lookOnly,   // of a past state, only its pages
		s.atMain,     // at the name that links lead to
		s.sameOrigin, // no form of another site
		s.session,    // who is it
		s.language,   // and what do they read
		s.strip,      // in a demo: who else might they be
		s.access,     // may they come here at all
	}
	for i := len(steps) - 1; i >= 0; i-- {
		h = steps[i](h)
	}
	return h
}

func (s *site) begin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &page.Visit{Log: s.Log, Now: s.Now, Secure: s.Secure, Number: id.Short(), Lang: lang.For(r.Header.Get("Accept-Language")), Zone: time.UTC}
		next.ServeHTTP(&recorder{ResponseWriter: w}, page.WithVisit(r, v))
	})
}

// logAccess writes a line without personal data: the pattern of the address and
// never the address, which may hold a secret link or somebody's id.
func (s *site) logAccess(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.Now()
		next.ServeHTTP(w, r)
		v, rec := page.VisitOf(r), w.(*recorder)
		pattern, customer := "", ""
		if v.Route != nil {
			pattern = v.Route.Pattern
		}
		if v.Tenant != nil {
			customer = v.Tenant.ID
		}
		s.Log.LogAttrs(r.Context(), slog.LevelInfo, "request",
			slog.String("number", v.Number), slog.String("tenant", customer),
			slog.String("method", r.Method), slog.String("route", pattern),
			slog.Int("status", rec.code()), slog.Int("bytes", rec.bytes),
			slog.Duration("took", s.Now().Sub(start).Round(time.Microsecond)))
	})
}

func (s *site) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			x := recover()
			if x == nil {
				return
			}
			if err, ok := x.(error); ok && errors.Is(err, http.ErrAbortHandler) || w.(*recorder).status != 0 {
				panic(http.ErrAbortHandler) // half an answer is out: cut the connection
			}
			page.Fail(w, r, &httperr.Panicked{Value: x, Stack: debug.Stack()})
		}()
		next.ServeHTTP(w, r)
	})
}

// policy lets a page load from its own origin and nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func (s *site) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if s.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// maxBody is what a form may send, in bytes; a file may be larger, see bodyLimit.
const maxBody = 64 << 10

func (s *site) limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, bodyLimit(r))
		next.ServeHTTP(w, r)
	})
}

// again has a look answered once more that met a database which was lost meanwhile. Nothing was
// answered then.
func (s *site) again(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		if v := page.VisitOf(r); v.Again {
			v.Again = false
			next.ServeHTTP(w, r)
		}
	})
}

// findTenant opens the customer whose host name was asked for. A name that
// belongs to nobody gets the same bytes whatever else was asked.
func (s *site) findTenant(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t, release, err := s.byHost(r)
		if errs.Is(err, errs.NotFound) {
			page.NothingHere(w)
			return
		}
		if err != nil {
			page.Fail(w, r, err)
			return
		}
		defer release()
		v := page.VisitOf(r)
		v.Tenant = t
		if v.Org, err = t.People.Organisation(r.Context()); err != nil {
			page.Fail(w, r, err)
			return
		}
		v.Settings = v.Org.Settings
		next.ServeHTTP(w, r)
	})
}

// atMain sends those who go to a page at another name of the customer to the same page at
// the name that links lead to. Programs stay where they called.
func (s *site) atMain(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := page.VisitOf(r)
		t := v.Tenant
		if looks := r.Method == http.MethodGet || r.Method == http.MethodHead; !looks || v.Route.Access == page.Program || t.At(r.Host) {
			next.ServeHTTP(w, r)
			return
		}
		http.Redirect(w, r, t.Site+r.URL.RequestURI(), http.StatusTemporaryRedirect)
	})
}

// choose finds the route and has the rest of the chain run with it.
func (s *site) choose(next http.Handler) http.Handler {
	mux, all := http.NewServeMux(), map[string]*page.Route{}
	for _, rt := range s.routes() {
		pattern := rt.Method + " " + rt.Pattern
		all[strings.TrimSpace(pattern)] = &rt
		mux.Handle(pattern, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			page.VisitOf(r).Route = &rt
			next.ServeHTTP(w, r)
		}))
	}
	find := func(method, path string) *page.Route {
		_, pattern := mux.Handler(&http.Request{Method: method, URL: &url.URL{Path: path}})
		return all[pattern]
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if page.PlainText(r.URL.Path) != r.URL.Path { // of no address of ours, and of nobody's id
			page.Fail(w, r, errs.New(errs.NotFound, ""))
			return
		}
		page.VisitOf(r).Find = find
		mux.ServeHTTP(w, r)
	})
}

// sameOrigin refuses what another site's page makes the visitor's browser send, except where
// no cookie counts.
func (s *site) sameOrigin(next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if page.VisitOf(r).Route.Access == page.Program {
			next.ServeHTTP(w, r)
			return
		}
		if err := guard.Check(r); err != nil {
			page.Fail(w, r, errs.New(errs.Forbidden, "web.error.cross_origin").Because(err))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// session finds out who is signed in. A session that has ended is no session.
func (s *site) session(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := page.VisitOf(r)
		if v.Route.Access.AsksWho() {
			if err := recognise(v, r); err != nil {
				page.Fail(w, r, err)
				return
			}
		}
		next.ServeHTTP(w, r.WithContext(people.Acting(r.Context(), v.Person)))
	})
}

// recognise fills in who sends r.
func recognise(v *page.Visit, r *http.Request) error {
	if v.Tenant.Past != nil {
		return recogniseLooker(v, r)
	}
	ses, err := v.Tenant.Identity.Session(r)
	if errs.Is(err, errs.Unauthenticated) {
		return awaited(v, r)
	}
	if err != nil {
		return err
	}
	if v.Viewer, err = v.Org.Viewer(ses.Person); err != nil {
		return err
	}
	if err := v.Tenant.Bureaus.Stand(r.Context(), v.Viewer.Person); err != nil {
		v.Viewer = people.Viewer{}
		if errs.Is(err, errs.Forbidden) { // their bureau does not send them any more, or they are not let in
			return nil
		}
		return err
	}
	v.Session, v.Person, v.Proof = ses.ID, ses.Person, ses
	if v.Serves = v.Org.Serving; v.Serves {
		mine, err := v.Tenant.Bureaus.Mine(r.Context(), v.Person)
		if err != nil {
			return err
		}
		v.Serves = len(mine) > 0
	}
	v.Zone = v.Org.Zone(v.Person, v.Now())
	return nil
}

// awaited fills in who has a step of the sign-in to go.
func awaited(v *page.Visit, r *http.Request) error {
	visitor := page.Visitor(r, v.Tenant)
	if visitor.Session == "" {
		return nil
	}
	w, err := v.Tenant.Identity.Waiting(r.Context(), visitor)
	if errs.Is(err, errs.Unauthenticated) {
		return nil
	}
	if err == nil {
		v.Waiting = &w
	}
	return err
}

// language settles what the visitor reads: what they chose in this browser, else
// for themselves, else what their browser prefers, else the customer's language.
func (s *site) language(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := page.VisitOf(r)
		v.Lang = lang.For(page.Preference(r, page.LanguageCookie), v.Viewer.Language, r.Header.Get("Accept-Language"), v.Settings.Language)
		next.ServeHTTP(w, r)
	})
}

// access turns away those for whom a route is not meant. It is a first look;
// what somebody may see or do behind it is for people and leave to say.
func (s *site) access(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := page.VisitOf(r)
		if err := v.Route.Access.Check(v); err != nil {
			page.Fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// bodyLimit is what a request may send, in bytes.
func bodyLimit(r *http.Request) int64 {
	switch {
	case r.URL.Path == page.ImportPath:
		return limits.Usual.Bytes + maxBody
	case strings.HasPrefix(r.URL.Path, page.ProvidersPath+"/") && strings.HasSuffix(r.URL.Path, "/metadata"):
		return saml.MaxMetadata + maxBody
	case strings.HasPrefix(r.URL.Path, "/sso/"):
		return 2 * saml.MaxAnswer // in base64
	}
	return maxBody
}

// strip fills in what stands above every page of a demo.
func (s *site) strip(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := page.VisitOf(r)
		if s.Demo != nil && v.Tenant.Past == nil && v.Route.Access.AsksWho() {
			var err error
			if v.Demo, err = s.Demo.Strip(r.Context(), v); err != nil {
				page.Fail(w, r, err)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
