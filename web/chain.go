// SPDX-License-Identifier: Apache-2.0

package web

import (
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"verlof/errs"
	"verlof/internal/lang"
	limits "verlof/internal/sheet"
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
		s.findTenant, // from here on there is a customer
		s.choose,     // and a route
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
		v := &visit{Log: s.Log, Now: s.Now, Secure: s.Secure, number: shortNumber(), lang: lang.For(r.Header.Get("Accept-Language")), zone: time.UTC}
		next.ServeHTTP(&recorder{ResponseWriter: w}, withVisit(r, v))
	})
}

// logAccess writes a line without personal data: the pattern of the address and
// never the address, which may hold a secret link or somebody's id.
func (s *site) logAccess(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.Now()
		next.ServeHTTP(w, r)
		v, rec := visitOf(r), w.(*recorder)
		pattern, customer := "", ""
		if v.route != nil {
			pattern = v.route.Pattern
		}
		if v.tenant != nil {
			customer = v.tenant.ID
		}
		s.Log.LogAttrs(r.Context(), slog.LevelInfo, "request",
			slog.String("number", v.number), slog.String("tenant", customer),
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
			fail(w, r, &panicked{value: x, stack: debug.Stack()})
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

// findTenant opens the customer whose host name was asked for. A name that
// belongs to nobody gets the same bytes whatever else was asked.
func (s *site) findTenant(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t, release, err := s.Tenants.ByHost(r.Context(), r.Host)
		if errs.Is(err, errs.NotFound) {
			nothingHere(w)
			return
		}
		if err != nil {
			fail(w, r, err)
			return
		}
		defer release()
		v := visitOf(r)
		v.tenant = t
		if v.settings, err = t.People.Settings(r.Context()); err != nil {
			fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// choose finds the route and has the rest of the chain run with it.
func (s *site) choose(next http.Handler) http.Handler {
	mux := http.NewServeMux()
	for _, rt := range s.routes() {
		mux.Handle(rt.Method+" "+rt.Pattern, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			visitOf(r).route = &rt
			next.ServeHTTP(w, r)
		}))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if plainText(r.URL.Path) != r.URL.Path { // of no address of ours, and of nobody's id
			fail(w, r, errs.New(errs.NotFound, ""))
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// sameOrigin refuses what another site's page makes the visitor's browser send.
func (s *site) sameOrigin(next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := guard.Check(r); err != nil {
			fail(w, r, errs.New(errs.Forbidden, "web.error.cross_origin").Because(err))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// session finds out who is signed in. A session that has ended is no session.
func (s *site) session(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := visitOf(r)
		if v.route.Access != Asset {
			if err := v.recognise(r); err != nil {
				fail(w, r, err)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// recognise fills in who sends r.
func (v *visit) recognise(r *http.Request) error {
	ses, err := v.tenant.Identity.Session(r)
	if errs.Is(err, errs.Unauthenticated) {
		return nil
	}
	if err != nil {
		return err
	}
	org, err := v.tenant.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	if v.viewer, err = org.Viewer(ses.Person); err != nil {
		return err
	}
	v.session, v.person = ses.ID, ses.Person
	v.zone = zoneOf(org.Locations[v.viewer.Location].TimeZone)
	return nil
}

// zones are the time zones met so far: reading one costs more than a page.
var zones sync.Map

// zoneOf returns a time zone by its IANA name; UTC where it is not known.
func zoneOf(name string) *time.Location {
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location)
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		z = time.UTC
	}
	zones.Store(name, z)
	return z
}

// language settles what the visitor reads: what they chose in this browser, else
// for themselves, else what their browser prefers, else the customer's language.
func (s *site) language(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := visitOf(r)
		v.lang = lang.For(preference(r, languageCookie), v.viewer.Language, r.Header.Get("Accept-Language"), v.settings.Language)
		next.ServeHTTP(w, r)
	})
}

// access turns away those for whom a route is not meant. It is a first look;
// what somebody may see or do behind it is for people and leave to say.
func (s *site) access(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := visitOf(r)
		if err := v.route.Access.check(v); err != nil {
			fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// bodyLimit is what a request may send, in bytes.
func bodyLimit(r *http.Request) int64 {
	if r.URL.Path == importPath {
		return limits.Usual.Bytes + maxBody
	}
	return maxBody
}

// strip fills in what stands above every page of a demo.
func (s *site) strip(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := visitOf(r)
		if s.Demo != nil && v.route.Access != Asset {
			var err error
			if v.demo, err = s.Demo.strip(r.Context(), v); err != nil {
				fail(w, r, err)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
