// SPDX-License-Identifier: Apache-2.0

// Package saml owns what a SAML 2.0 provider of somebody else is asked, and whether its
// answers are good: the web browser profile, asked by redirect and answered by POST
// (saml-profiles-2.0-os, section 4.1; saml-bindings-2.0-os, sections 3.4 and 3.5). It
// refuses to know whom a subject is: that is for the rooms that keep people.
//
// # What is read
//
// Nothing is read but what came out of a verified signature: the canonical text that was
// signed is parsed anew, and claims are taken from that. A document with a second assertion
// anywhere, an id twice, a comment or a document type is refused before that, so that there
// is nothing to mistake for what was signed.
package saml

import (
	"crypto/x509"
	"time"

	"verlof/internal/relying"
)

// Names of what SAML is made of.
const (
	nsProtocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsAssertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	nsMetadata  = "urn:oasis:names:tc:SAML:2.0:metadata"
	nsSignature = "http://www.w3.org/2000/09/xmldsig#"
	nsCipher    = "http://www.w3.org/2001/04/xmlenc#"
	nsOAEP      = "http://www.w3.org/2009/xmlenc11#"

	byRedirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
	byPost     = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
	bearer     = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
	success    = "urn:oasis:names:tc:SAML:2.0:status:Success"
)

// Provider is a provider as its customer knows it.
type Provider struct {
	Issuer       string // its entity ID
	Target       string // where a browser is sent with a question
	Certificates []*x509.Certificate
	Subject      string // attribute that names a person for good; empty: the NameID does
}

// Here is this service as a provider knows it.
type Here struct {
	Entity string // entity ID
	Return string // where answers go
	Keys   []Key  // the first signs questions, each opens answers
	Next   *Key   // will sign, and is published already; nil: none
}

// Ask is one question to a provider.
type Ask struct {
	ID    string // which the answer must name
	State string // which comes back beside the answer
	Again bool   // the person is to prove once more who they are
}

// Answer is what a provider says of a person, and what makes it count once.
type Answer struct {
	Claims relying.Claims
	ID     string    // of the assertion
	Until  time.Time // an answer with that ID is taken by nobody from then on
}

// What can be wrong with an answer.
const (
	Form        = "form"        // no document that is read here
	Denied      = "denied"      // the provider did not let the person through
	Destination = "destination" // for another address
	Question    = "question"    // to another question
	Issuer      = "issuer"      // of another provider
	Assertions  = "assertions"  // not just one assertion
	Unsigned    = "unsigned"    // no signed assertion
	Algorithm   = "algorithm"   // signed or sealed in a way that is not good enough
	Expired     = "expired"     // no certificate is valid now
	Signature   = "signature"   // not signed by a certificate of the provider
	Sealed      = "sealed"      // cannot be opened
	Audience    = "audience"    // meant for another service
	Recipient   = "recipient"   // nobody may bring it here
	Late        = "late"        // its time is over
	Early       = "early"       // its time has not come
	Nobody      = "nobody"      // it names nobody, or nobody for good
	Unproven    = "unproven"    // the person did not prove anew who they are
	Taken       = "taken"       // taken before
	Metadata    = "metadata"    // what the provider publishes is not usable
)

// Fault is why an answer is not good.
type Fault struct {
	Code   string // one of the constants
	Detail string // for whoever mends it; never shown to who wants to sign in
}

// Error is part of error.
func (f *Fault) Error() string { return f.Code + ": " + f.Detail }

func fault(code, detail string) error { return &Fault{code, detail} }
