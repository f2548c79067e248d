// SPDX-License-Identifier: Apache-2.0

package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"

	"verlof/errs"
	"verlof/internal/httperr"
	"verlof/internal/id"
	"verlof/internal/lang"
	"verlof/people"
)

// step is one thing that happens to a request on its way to an operation.
type step func(next http.Handler) http.Handler

// chain returns h behind every step, the first one outermost. This is the whole
// way of a request, top to bottom.
func (s *surface) chain(h http.Handler) http.Handler {
	steps := []step{
		s.begin,        // a number for the request, and an answer that can still change
		s.logAccess,    // one line in the log for each
		s.recover,      // a panic is a request that failed
		s.plain,        // an address is text
		s.again,        // whoever looks while a database is lost meets the one in its place
		s.findTenant,   // from here on there is a customer
		s.cors,         // scripts of other sites' pages may call for registered programs
		s.choose,       // and an operation
		s.authenticate, // who is it
		s.limit,        // and not too often
		s.scope,        // does the token open this
		s.fresh,        // and did its person sign in lately, where that matters
		s.readBody,     // nobody sends us a flood
		s.once,         // what is sent twice is done once
		s.match,        // nobody overwrites what they have not seen
		s.tag,          // what has not changed is not sent again
	}
	for i := len(steps) - 1; i >= 0; i-- {
		h = steps[i](h)
	}
	return h
}

func (s *surface) begin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := newAnswer()
		for name, value := range map[string]string{
			"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
			"Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "no-referrer",
			"Vary": "Authorization, Accept-Language, Origin", "X-Content-Type-Options": "nosniff",
		} {
			a.header.Set(name, value)
		}
		if s.Secure {
			a.header.Set("Strict-Transport-Security", "max-age=31536000")
		}
		c := &call{number: id.Short(), lang: lang.For(r.Header.Get("Accept-Language")), header: a.header}
		next.ServeHTTP(a, withCall(r, c))
		a.send(w)
	})
}

// logAccess writes a line without personal data: the pattern of the address and
// never the address.
func (s *surface) logAccess(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.Now()
		next.ServeHTTP(w, r)
		c, a, customer := callOf(r.Context()), w.(*answer), ""
		if c.Tenant != nil {
			customer = c.Tenant.ID
		}
		s.Log.LogAttrs(r.Context(), slog.LevelInfo, "request",
			slog.String("number", c.number), slog.String("tenant", customer), slog.String("caller", c.Caller.ID),
			slog.String("method", r.Method), slog.String("route", c.pattern),
			slog.Int("status", a.status), slog.Int("bytes", a.body.Len()), slog.Duration("took", s.Now().Sub(start)))
	})
}

func (s *surface) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			x := recover()
			if x == nil {
				return
			}
			if err, ok := x.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(x)
			}
			w.(*answer).clear()
			s.refuse(w, r, &httperr.Panicked{Value: x, Stack: debug.Stack()})
		}()
		next.ServeHTTP(w, r)
	})
}

// maxBody is what a request may bring, in bytes.
const maxBody = 256 << 10

// maxFile is what a request may bring that hands in a file, in bytes: 8 MiB of it, in base64.
const maxFile = 11 << 20

// plain turns away addresses with a NUL, which no database keeps.
func (s *surface) plain(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.ContainsRune(r.URL.Path+r.URL.RawQuery, 0) || strings.Contains(r.URL.RawQuery, "%00") {
			s.refuse(w, r, errs.New(errs.NotFound, ""))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// readBody reads all of the body of who may send one, since more than one step wants it.
func (s *surface) readBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most := callOf(r.Context()).op.most()
		body, err := io.ReadAll(io.LimitReader(r.Body, most+1))
		switch {
		case err != nil:
			s.refuse(w, r, errMalformed)
			return
		case int64(len(body)) > most:
			s.refuse(w, r, errTooLarge)
			return
		}
		next.ServeHTTP(w, withBody(r, body))
	})
}

// withBody returns r with a body that is read from its beginning.
func withBody(r *http.Request, body []byte) *http.Request {
	r = r.WithContext(context.WithValue(r.Context(), bodyKey{}, body))
	r.Body = io.NopCloser(bytes.NewReader(body))
	return r
}

type bodyKey struct{}

// bodyOf returns what r brought.
func bodyOf(r *http.Request) []byte { return r.Context().Value(bodyKey{}).([]byte) }

// again has a look answered once more that met a database which was lost meanwhile.
func (s *surface) again(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		c := callOf(r.Context())
		if looks := r.Method == http.MethodGet || r.Method == http.MethodHead; !looks || !c.lost {
			return
		}
		a := w.(*answer)
		a.clear()
		a.header.Del("Retry-After")
		next.ServeHTTP(w, r)
	})
}

// findTenant opens the customer whose host name was asked for.
func (s *surface) findTenant(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t, release, err := s.Tenants.ByHost(r.Context(), r.Host)
		if errs.Is(err, errs.NotFound) {
			err = errs.New(errs.NotFound, "")
		}
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		defer release()
		callOf(r.Context()).Tenant = t
		next.ServeHTTP(w, r)
	})
}

// choose finds the operation. The document is for everybody.
func (s *surface) choose(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := s.mux.Handler(r)
		c := callOf(r.Context())
		c.op, c.pattern = s.ops[pattern], pattern
		if c.op != nil {
			next.ServeHTTP(w, r)
			return
		}
		if pattern == "GET "+Root+"/openapi.json" {
			h.ServeHTTP(w, r)
			return
		}
		found := newAnswer()
		h.ServeHTTP(found, r)
		if found.status == http.StatusMethodNotAllowed {
			w.Header()["Allow"] = found.header["Allow"]
			s.refuse(w, r, errMethod)
			return
		}
		c.pattern = ""
		s.refuse(w, r, errs.New(errs.NotFound, ""))
	})
}

// authenticate finds out who calls: whoever shows a token, and nobody else.
// Cookies are not looked at, so no other site's page can make a browser call in
// somebody's name.
func (s *surface) authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := callOf(r.Context())
		caller, err := s.callerOf(r, c)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		org, err := c.People.Organisation(r.Context())
		if err == nil {
			c.lang = lang.For(r.Header.Get("Accept-Language"), org.Person(caller.Person).Language, org.Settings.Language)
			_, err = org.Viewer(caller.Person)
		}
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		c.Caller = caller
		next.ServeHTTP(w, r.WithContext(people.Acting(r.Context(), caller.Person)))
	})
}

func (s *surface) callerOf(r *http.Request, c *call) (Caller, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	proves := strings.EqualFold(scheme, "DPoP")
	if !proves && !strings.EqualFold(scheme, "Bearer") || len(r.Header["Authorization"]) != 1 {
		return Caller{}, errs.New(errs.Unauthenticated, "")
	}
	token = strings.TrimSpace(token)
	for _, a := range s.Authenticators {
		if a.Takes(token) && (!proves || OAuth{}.Takes(token)) { // no others are bound to a key
			return a.Authenticate(r, c.Tenant, token)
		}
	}
	return Caller{}, errs.New(errs.Unauthenticated, "access.error.token")
}

// scope turns away a token that does not open the operation's area.
func (s *surface) scope(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := callOf(r.Context())
		if want := c.op.Scope; want != "" && !slices.Contains(c.Scopes, want) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="verlof", error="insufficient_scope", scope="`+string(want)+`"`)
			s.refuse(w, r, errs.New(errs.Forbidden, "api.error.scope", "scope", string(want)))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// tag gives what was read an ETag, and sends nothing where the caller has it.
func (s *surface) tag(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		a := w.(*answer)
		if a.status != http.StatusOK || r.Method != http.MethodGet && r.Method != http.MethodHead {
			return
		}
		a.header.Set("ETag", a.tag())
		a.header.Set("Cache-Control", "private, no-cache")
		if matches(r.Header.Get("If-None-Match"), a.tag(), true) {
			a.status = http.StatusNotModified
			a.body.Reset()
			a.header.Del("Content-Type")
		}
	})
}
