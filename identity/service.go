// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"crypto/sha256"
	"encoding/base64"
	"net/netip"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"verlof/errs"
	"verlof/people"
)

// Service is the sign-in of one customer. Its fields do not change once it is in
// use.
type Service struct {
	Store  Store
	Hasher *Hasher          // shared by all customers of a process: it bounds memory
	Now    func() time.Time // the clock; its zone does not matter
	Limits Limits
	Words  []string // names of product and customer, on which no password may rest
	Name   string   // of the customer, as passkeys show it
	Host   string   // the host name that passkeys are bound to

	// Plain is for a site without TLS, on loopback: its cookies travel without
	// the Secure attribute.
	Plain bool
}

// Limits are the bounds of sessions, devices, tickets and tallies.
type Limits struct {
	Idle       time.Duration // a session ends that long after its last use
	Absolute   time.Duration // and that long after it was opened, in use or not
	Touch      time.Duration // how much Session.Seen may lag behind, so that reading is not writing
	Sessions   int           // for one person; the oldest make room
	Device     time.Duration // a device is forgotten that long after its last sign-in
	Home       time.Duration // a network is known that long after a sign-in from it
	Devices    int           // for one person; the longest unused make room
	Reset      time.Duration // a reset's link works that long
	Invitation time.Duration
	Tallies    int // for one customer: see doc.go

	Second    time.Duration // a sign-in waits that long for its second step
	Enrolment time.Duration // and that long for somebody who has to set one up
	Fresh     time.Duration // that long after a full proof the dangerous acts are open
	Question  time.Duration // a passkey's answer is awaited that long
}

// DefaultLimits returns the limits of a customer that has chosen none.
func DefaultLimits() Limits {
	const day = 24 * time.Hour
	return Limits{
		Idle: 8 * time.Hour, Absolute: 14 * day, Touch: 5 * time.Minute, Sessions: 20,
		Device: 365 * day, Home: 30 * day, Devices: 10,
		Reset: time.Hour, Invitation: 14 * day,
		Tallies: 50_000,
		Second:  10 * time.Minute, Enrolment: time.Hour, Fresh: 10 * time.Minute, Question: 5 * time.Minute,
	}
}

// New returns a Service with the default limits. words are names of the product
// and the customer.
func New(s Store, h *Hasher, now func() time.Time, words ...string) *Service {
	return &Service{Store: s, Hasher: h, Now: now, Limits: DefaultLimits(), Words: words}
}

// now returns the time as a database keeps it.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Visitor is the browser at the other end, as the request shows it.
type Visitor struct {
	From     netip.Addr
	Agent    string
	Host     string // host and port that it asked for
	Session  string // token of the session it holds; empty: none
	Device   string // token of the device it is known as; empty: none
	Question string // token of what its passkey was asked; empty: nothing
}

// network returns what counts as one place: see doc.go.
func (v Visitor) network() netip.Prefix {
	a := v.From.Unmap().WithZone("")
	bits := 56
	if a.Is4() {
		bits = 32
	}
	p, _ := a.Prefix(bits) // fails for the zero Addr only, which is one place too
	return p
}

// Entry is what a browser is given: see Service.Keep. Session.Stage says whether
// it is signed in or has a step to go.
type Entry struct {
	Session Session
	Token   string // of the session
	Device  string // token
}

// DigestOf returns what the database knows of a token.
func DigestOf(token string) Digest {
	sum := sha256.Sum256([]byte(token))
	return Digest(base64.RawURLEncoding.EncodeToString(sum[:]))
}

// canonical returns a mail address as people.Person.Email holds it, or "" for
// what cannot be one. It is no full check: the mail server has the last word.
func canonical(address string) string {
	a := strings.TrimSpace(address)
	at := strings.LastIndexByte(a, '@')
	if at < 1 || at == len(a)-1 || len(a) > 254 || strings.ToValidUTF8(a, "") != a {
		return ""
	}
	if strings.ContainsFunc(a, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return ""
	}
	return norm.NFC.String(strings.ToLower(a))
}

// cleanAgent returns a browser's name fit to be kept and shown.
func cleanAgent(agent string) string {
	agent = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(agent, ""))
	if r := []rune(agent); len(r) > 200 {
		return string(r[:200])
	}
	return agent
}

// absent turns NotFound into "there is none".
func absent[T any](v T, err error) (T, error) {
	if errs.Is(err, errs.NotFound) {
		var none T
		return none, nil
	}
	return v, err
}

// lockOf names the lock that guards a person's account, sessions and tickets.
func lockOf(id people.ID) string { return "identity:" + string(id) }
