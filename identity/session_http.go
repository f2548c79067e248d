// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"net/http"
	"net/netip"
	"time"

	"verlof/people"
)

// The cookies' names. With TLS the prefix makes browsers refuse one that another
// host, or a page without TLS, tries to plant (RFC 6265bis, section 4.1.3.2).
const (
	sessionCookie  = "verlof-session"
	deviceCookie   = "verlof-device"
	questionCookie = "verlof-question"
	flowCookie     = "verlof-provider"
	hostPrefix     = "__Host-"
)

// Person returns who sent a request. It reports Unauthenticated for nobody.
func (s *Service) Person(r *http.Request) (people.ID, error) {
	ses, err := s.Session(r)
	return ses.Person, err
}

// Session returns the session that a request belongs to. It reports
// Unauthenticated where there is none.
func (s *Service) Session(r *http.Request) (Session, error) {
	token := s.cookie(r, sessionCookie)
	if token == "" {
		return Session{}, signedOut()
	}
	return s.Authenticate(r.Context(), token)
}

// Visitor returns the browser that sent a request. from is its address: only the
// caller knows which proxies may speak for others.
func (s *Service) Visitor(r *http.Request, from netip.Addr) Visitor {
	return Visitor{
		From: from, Agent: r.UserAgent(), Host: r.Host,
		Session: s.cookie(r, sessionCookie), Device: s.cookie(r, deviceCookie), Question: s.cookie(r, questionCookie),
	}
}

// Keep gives a browser what it was granted. The session's cookie ends with the
// browser, the device's after Limits.Device.
func (s *Service) Keep(w http.ResponseWriter, e Entry) {
	if e.Token != "" {
		http.SetCookie(w, s.make(sessionCookie, e.Token, 0))
	}
	if e.Device != "" {
		http.SetCookie(w, s.make(deviceCookie, e.Device, s.Limits.Device))
	}
}

// KeepQuestion lets a browser hold what its passkey is asked until it answers.
func (s *Service) KeepQuestion(w http.ResponseWriter, q Question) {
	http.SetCookie(w, s.make(questionCookie, q.Token, s.Limits.Question))
}

// KeepFlow lets a browser hold what binds a provider's answer to it, for so long.
func (s *Service) KeepFlow(w http.ResponseWriter, token string, life time.Duration) {
	http.SetCookie(w, s.make(flowCookie, token, life))
}

// Flow returns what KeepFlow had a browser hold; empty: nothing.
func (s *Service) Flow(r *http.Request) string { return s.cookie(r, flowCookie) }

// Drop takes the session's cookie from a browser; its device it keeps.
func (s *Service) Drop(w http.ResponseWriter) {
	c := s.make(sessionCookie, "", 0)
	c.MaxAge = -1
	http.SetCookie(w, c)
}

func (s *Service) make(name, value string, age time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: s.named(name), Value: value, Path: "/", MaxAge: int(age.Seconds()),
		HttpOnly: true, Secure: !s.Plain, SameSite: http.SameSiteLaxMode,
	}
}

func (s *Service) named(name string) string {
	if s.Plain {
		return name
	}
	return hostPrefix + name
}

func (s *Service) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(s.named(name))
	if err != nil {
		return ""
	}
	return c.Value
}
