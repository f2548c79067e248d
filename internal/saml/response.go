// SPDX-License-Identifier: Apache-2.0

package saml

import (
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"github.com/beevik/etree"

	"verlof/internal/relying"
)

// judge looks at one answer.
type judge struct {
	Provider
	here     Here
	question string // id of the question
	again    bool
	now      time.Time
}

// Finish returns what a provider says of a person in an answer, as a form brought it, to
// the question of an ID. It reports a *Fault for whatever is not good about it.
func Finish(p Provider, here Here, a Ask, form string, now time.Time) (Answer, error) {
	j := judge{p, here, a.ID, a.Again, now}
	raw, err := base64.StdEncoding.DecodeString(squeeze(form))
	if err != nil {
		return Answer{}, fault(Form, "no base64")
	}
	root, err := parse(raw, MaxAnswer)
	if err == nil {
		err = strict(root)
	}
	if err != nil {
		return Answer{}, fault(Form, err.Error())
	}
	if err := j.response(root); err != nil {
		return Answer{}, err
	}
	assertion, err := j.assertion(root)
	if err != nil {
		return Answer{}, err
	}
	return j.read(assertion)
}

// Unasked reports whether an answer says that it answers no question: a sign-in that the
// provider began. Nothing of it is believed.
func Unasked(form string) bool {
	raw, err := base64.StdEncoding.DecodeString(squeeze(form))
	if err != nil {
		return false
	}
	root, err := parse(raw, MaxAnswer)
	return err == nil && is(root, nsProtocol, "Response") && attribute(root, "InResponseTo") == ""
}

// response looks at what is around the assertion (saml-core-2.0-os, section 3.2.2).
func (j *judge) response(root *etree.Element) error {
	issuer := child(root, nsAssertion, "Issuer")
	to, asked := attribute(root, "Destination"), attribute(root, "InResponseTo")
	at, err := instant(root, "IssueInstant")
	switch {
	case !is(root, nsProtocol, "Response") || attribute(root, "Version") != "2.0" || err != nil:
		return fault(Form, "no response of SAML 2.0")
	case issuer != nil && text(issuer) != j.Issuer:
		return fault(Issuer, "the response is of "+text(issuer))
	case to != "" && to != j.here.Return:
		return fault(Destination, "sent to "+to)
	case asked != j.question:
		return fault(Question, "the response answers another question")
	case at.After(j.now.Add(relying.Skew)):
		return fault(Early, "the response is of "+at.Format(moment))
	}
	return status(root)
}

// status reports what a provider says where it did not let the person through.
func status(root *etree.Element) error {
	code := child(child(root, nsProtocol, "Status"), nsProtocol, "StatusCode")
	if code == nil {
		return fault(Form, "the response has no status")
	}
	if attribute(code, "Value") == success {
		return nil
	}
	said := attribute(code, "Value")
	if inner := child(code, nsProtocol, "StatusCode"); inner != nil {
		said += " " + attribute(inner, "Value")
	}
	if words := text(child(child(root, nsProtocol, "Status"), nsProtocol, "StatusMessage")); words != "" {
		said += ": " + words
	}
	return fault(Denied, fmt.Sprintf("%.500s", said))
}

// assertion returns the only assertion there is, opened and verified.
func (j *judge) assertion(root *etree.Element) (*etree.Element, error) {
	if len(children(root, nsSignature, "Signature")) > 0 {
		if _, err := verified(root, j.Certificates, j.now); err != nil {
			return nil, err
		}
	}
	plain, closed := inside(root, nsAssertion, "Assertion"), inside(root, nsAssertion, "EncryptedAssertion")
	if len(plain)+len(closed) != 1 {
		return nil, fault(Assertions, fmt.Sprintf("there are %d", len(plain)+len(closed)))
	}
	one := slices.Concat(plain, closed)[0]
	if one.Parent() != root {
		return nil, fault(Assertions, "it stands somewhere else")
	}
	if len(closed) == 1 {
		opened, err := open(one, j.here.Keys)
		if err != nil {
			return nil, err
		}
		one = opened
	}
	if len(inside(one, nsAssertion, "Assertion")) > 0 || len(inside(one, nsSignature, "Signature")) > 1 {
		return nil, fault(Assertions, "there is one in another")
	}
	return verified(one, j.Certificates, j.now)
}

// read looks at a verified assertion (saml-profiles-2.0-os, section 4.1.4.3) and reads it.
func (j *judge) read(a *etree.Element) (Answer, error) {
	at, err := instant(a, "IssueInstant")
	switch {
	case attribute(a, "Version") != "2.0" || err != nil:
		return Answer{}, fault(Form, "no assertion of SAML 2.0")
	case text(child(a, nsAssertion, "Issuer")) != j.Issuer:
		return Answer{}, fault(Issuer, "the assertion is of "+text(child(a, nsAssertion, "Issuer")))
	case at.After(j.now.Add(relying.Skew)):
		return Answer{}, fault(Early, "the assertion is of "+at.Format(moment))
	}
	until, err := j.conditions(child(a, nsAssertion, "Conditions"))
	if err != nil {
		return Answer{}, err
	}
	subject := child(a, nsAssertion, "Subject")
	brought, err := j.confirmed(subject)
	if err != nil {
		return Answer{}, err
	}
	if brought.After(until) {
		until = brought
	}
	c, err := j.claims(a, subject)
	if err != nil {
		return Answer{}, err
	}
	if c.Auth.After(j.now) {
		c.Auth = j.now
	}
	if err := j.goesOn(a); err != nil {
		return Answer{}, err
	}
	if j.again && (c.Auth.IsZero() || j.now.Sub(c.Auth) > relying.Skew) {
		return Answer{}, fault(Unproven, "the person proved it at "+c.Auth.Format(moment))
	}
	return Answer{Claims: c, ID: attribute(a, "ID"), Until: until.Add(relying.Skew)}, nil
}

// conditions looks at when and for whom an assertion holds (saml-core-2.0-os, section 2.5),
// and returns until when. A condition that is not known here is not met.
func (j *judge) conditions(c *etree.Element) (time.Time, error) {
	if c == nil {
		return time.Time{}, fault(Audience, "the assertion says neither for whom it is nor for how long")
	}
	until, err := j.within(c)
	if err != nil {
		return time.Time{}, err
	}
	limits := 0
	for _, x := range c.ChildElements() {
		switch {
		case is(x, nsAssertion, "AudienceRestriction"):
			limits++
			if !slices.ContainsFunc(children(x, nsAssertion, "Audience"), func(a *etree.Element) bool { return text(a) == j.here.Entity }) {
				return time.Time{}, fault(Audience, "it is for "+audiences(x))
			}
		case is(x, nsAssertion, "OneTimeUse"), is(x, nsAssertion, "ProxyRestriction"):
		default:
			return time.Time{}, fault(Audience, "a condition "+x.Tag)
		}
	}
	if limits == 0 {
		return time.Time{}, fault(Audience, "the assertion does not say for whom it is")
	}
	return until, nil
}

func audiences(restriction *etree.Element) (names string) {
	for _, a := range children(restriction, nsAssertion, "Audience") {
		names += " " + text(a)
	}
	return fmt.Sprintf("%.500s", names)
}

// within looks at NotBefore and NotOnOrAfter, and returns the latter.
func (j *judge) within(e *etree.Element) (time.Time, error) {
	if attribute(e, "NotBefore") != "" {
		from, err := instant(e, "NotBefore")
		if err != nil || from.After(j.now.Add(relying.Skew)) {
			return time.Time{}, fault(Early, "not before "+attribute(e, "NotBefore"))
		}
	}
	until, err := instant(e, "NotOnOrAfter")
	if err != nil || !j.now.Before(until.Add(relying.Skew)) {
		return time.Time{}, fault(Late, "not on or after "+attribute(e, "NotOnOrAfter"))
	}
	return until, nil
}

// confirmed looks for leave to bring the assertion here (saml-profiles-2.0-os, section
// 4.1.4.2), and returns until when there is.
func (j *judge) confirmed(subject *etree.Element) (until time.Time, err error) {
	if subject == nil {
		return time.Time{}, fault(Nobody, "the assertion has no subject")
	}
	err = fault(Recipient, "nobody may bring it")
	for _, c := range children(subject, nsAssertion, "SubjectConfirmation") {
		data := child(c, nsAssertion, "SubjectConfirmationData")
		if attribute(c, "Method") != bearer || data == nil {
			continue
		}
		switch {
		case attribute(data, "Recipient") != j.here.Return:
			err = fault(Recipient, "to be brought to "+attribute(data, "Recipient"))
		case attribute(data, "InResponseTo") != j.question:
			err = fault(Question, "the assertion answers another question")
		default:
			if until, err = j.within(data); err == nil {
				return until, nil
			}
		}
	}
	return time.Time{}, err
}

// goesOn reports a session there that is over (saml-core-2.0-os, section 2.7.2): nobody is let in for it.
func (j *judge) goesOn(a *etree.Element) error {
	for _, s := range children(a, nsAssertion, "AuthnStatement") {
		if attribute(s, "SessionNotOnOrAfter") == "" {
			continue
		}
		until, err := instant(s, "SessionNotOnOrAfter")
		if err != nil || !j.now.Before(until.Add(relying.Skew)) {
			return fault(Late, "the session there is over since "+attribute(s, "SessionNotOnOrAfter"))
		}
	}
	return nil
}

// instant reads a time that an element gives.
func instant(e *etree.Element, name string) (time.Time, error) {
	return time.Parse(time.RFC3339, attribute(e, name))
}
