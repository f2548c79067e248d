// SPDX-License-Identifier: Apache-2.0

package api

import (
	"net/http"

	"verlof/people"
)

// match has a caller who changes or removes a thing say which state of it they have
// seen (RFC 9110, section 13.1.1; RFC 6585, section 3). What is compared is what the
// caller would read now; that nothing changes in between is looked at once more in
// the transaction that writes.
func (s *surface) match(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := callOf(r.Context())
		if !c.op.Match {
			next.ServeHTTP(w, r)
			return
		}
		want := r.Header.Get("If-Match")
		if want == "" {
			s.refuse(w, r, errMatchNeeded)
			return
		}
		for range 5 { // each time somebody else has changed something else
			if s.matched(w, r, want, next); !c.moved {
				return
			}
			w.(*answer).clear()
		}
		s.refuse(w, r, errNoMatch)
	})
}

// matched runs next where the thing is as the caller saw it.
func (s *surface) matched(w http.ResponseWriter, r *http.Request, want string, next http.Handler) {
	c := callOf(r.Context())
	c.moved = false
	revision, err := c.People.Revision(r.Context())
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	now := s.read(r, c)
	if now.status != http.StatusOK {
		w.Header().Set("Content-Type", now.header.Get("Content-Type"))
		w.WriteHeader(now.status)
		_, _ = w.Write(now.body.Bytes()) // it is ours, in memory
		return
	}
	if !matches(want, now.tag(), false) {
		s.refuse(w, r, errNoMatch)
		return
	}
	r = withBody(r, bodyOf(r))
	next.ServeHTTP(w, r.WithContext(people.Expecting(r.Context(), revision, func() { c.moved = true })))
}

// read answers a GET of the same address.
func (s *surface) read(r *http.Request, c *call) *answer {
	a := newAnswer()
	inner := *c
	inner.header = a.header
	get := withCall(r, &inner)
	address := *r.URL
	address.RawQuery = "" // it is of the change
	get.Method, get.Body, get.URL = http.MethodGet, http.NoBody, &address
	s.mux.ServeHTTP(a, get)
	return a
}
