// SPDX-License-Identifier: Apache-2.0

// Package samltest owns a SAML provider for tests: a small honest one whose answers can be
// spoilt in each of the ways that must be refused. It refuses to be used outside tests.
package samltest

import (
	"bytes"
	"compress/flate"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"html"
	"io"
	"math/big"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/russellhaering/goxmldsig/etreeutils"

	"verlof/internal/saml"
)

// Namespaces that answers are made of.
const (
	Protocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	Assertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	signature = "http://www.w3.org/2000/09/xmldsig#"
)

// Persistent is a form of NameID that is not an address.
const Persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"

// Provider answers for one person, who is always signed in there.
type Provider struct {
	Issuer string
	Target string
	Now    func() time.Time

	NameID, Format string
	Attributes     map[string][]string
	Level          string

	Forge bool // signs with a key that is not published
	Quiet bool // ForceAuthn is ignored: the person proved it an hour ago
}

// pair is a key with its certificate.
type pair struct {
	key  *rsa.PrivateKey
	cert []byte
}

// pairs are made once: they take a while. The second is never published, the third is out
// of date.
var pairs = sync.OnceValue(func() (all [3]pair) {
	for i := range all {
		key, _ := rsa.GenerateKey(rand.Reader, 2048) // the system's randomness does not fail
		until := time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC)
		if i == 2 {
			until = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		about := &x509.Certificate{SerialNumber: big.NewInt(int64(i + 1)), Subject: pkix.Name{CommonName: "there"}, NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: until}
		cert, _ := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
		all[i] = pair{key, cert}
	}
	return all
})

// New returns a provider.
func New(now func() time.Time) *Provider {
	return &Provider{Issuer: "https://idp.example.test/entity", Target: "https://idp.example.test/sso?app=7", Now: now,
		NameID: "there-carla", Format: Persistent, Level: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"}
}

// Certificate returns the certificate that the provider publishes.
func (p *Provider) Certificate(t testing.TB) *x509.Certificate { return read(t, 0) }

// Outdated returns one that is not valid any more.
func (p *Provider) Outdated(t testing.TB) *x509.Certificate { return read(t, 2) }

func read(t testing.TB, i int) *x509.Certificate {
	t.Helper()
	c, err := x509.ParseCertificate(pairs()[i].cert)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Metadata returns what the provider publishes about itself.
func (p *Provider) Metadata() string {
	return fmt.Sprintf(`<?xml version="1.0"?><!-- written by hand --><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="%s">
<md:IDPSSODescriptor protocolSupportEnumeration="%s"><md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="%s"><ds:X509Data><ds:X509Certificate>
%s
</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example.test/post"/>
<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="%s"/></md:IDPSSODescriptor></md:EntityDescriptor>`,
		p.Issuer, Protocol, signature, base64.StdEncoding.EncodeToString(pairs()[0].cert), html.EscapeString(p.Target))
}

// Shape is an answer before it is signed. Each field may be spoilt.
type Shape struct {
	ID                             string // of the assertion
	Issuer, Destination, Asked     string // of the response
	AssertionIssuer                string
	Recipient, Confirmed, Audience string
	Issued, From, Until, Auth      time.Time
	ConfirmedUntil                 time.Time
	Status                         string
	NameID                         string // as XML
	Method                         string // of the signature
	Sign, SignResponse             bool
	Seal                           func(assertion []byte) string // XML that takes its place; nil: nothing does
	Before, After                  func(response *etree.Element) // changes it before and after it is signed
	Text                           func(xml string) string       // changes it as it is sent
}

// Question is what a browser brought to the provider.
type Question struct {
	ID, Entity, Return, State string
	Again                     bool
	Signed                    string // what the signature is of
	Signature                 []byte
}

// Read reads the address that a browser was sent to.
func (p *Provider) Read(t testing.TB, address string) Question {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(address, p.Target+"&SAMLRequest=") {
		t.Fatalf("sent to %s, %v", address, err)
	}
	packed, err := base64.StdEncoding.DecodeString(u.Query().Get("SAMLRequest"))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil {
		t.Fatal(err)
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(plain); err != nil {
		t.Fatal(err)
	}
	q := Question{ID: doc.Root().SelectAttrValue("ID", ""), Entity: doc.Root().FindElement("./Issuer").Text(), Return: doc.Root().SelectAttrValue("AssertionConsumerServiceURL", ""),
		State: u.Query().Get("RelayState"), Again: doc.Root().SelectAttrValue("ForceAuthn", "") == "true"}
	_, after, _ := strings.Cut(address, "SAMLRequest=")
	signed, _, _ := strings.Cut(after, "&Signature=")
	q.Signed = "SAMLRequest=" + signed
	if q.Signature, err = base64.StdEncoding.DecodeString(u.Query().Get("Signature")); err != nil {
		t.Fatal(err)
	}
	return q
}

// Answer returns the answer to a question as a form holds it, which spoil may change.
func (p *Provider) Answer(t testing.TB, q Question, spoil func(*Shape)) string {
	t.Helper()
	now := p.Now()
	s := &Shape{ID: "_a" + rand.Text(), Issuer: p.Issuer, Destination: q.Return, Asked: q.ID, AssertionIssuer: p.Issuer, Recipient: q.Return, Confirmed: q.ID, Audience: q.Entity,
		Issued: now, From: now.Add(-5 * time.Minute), Until: now.Add(5 * time.Minute), ConfirmedUntil: now.Add(5 * time.Minute), Auth: now.Add(-time.Hour),
		Status: "urn:oasis:names:tc:SAML:2.0:status:Success", NameID: html.EscapeString(p.NameID), Method: dsig.RSASHA256SignatureMethod, Sign: true}
	if q.Again && !p.Quiet {
		s.Auth = now
	}
	if spoil != nil {
		spoil(s)
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromString(p.write(s)); err != nil {
		t.Fatal(err)
	}
	p.finish(t, doc, s)
	text, err := doc.WriteToString()
	if err != nil {
		t.Fatal(err)
	}
	if s.Text != nil {
		text = s.Text(text)
	}
	return base64.StdEncoding.EncodeToString([]byte(text))
}

// finish signs and seals an answer.
func (p *Provider) finish(t testing.TB, doc *etree.Document, s *Shape) {
	t.Helper()
	root := doc.Root()
	if s.Before != nil {
		s.Before(root)
	}
	one := root.FindElement("./Assertion")
	if s.Sign {
		p.sign(t, one, s.Method)
	}
	if s.Seal != nil {
		open := etree.NewDocument()
		open.SetRoot(alone(t, one))
		plain, err := open.WriteToBytes()
		if err != nil {
			t.Fatal(err)
		}
		sealed := etree.NewDocument()
		if err := sealed.ReadFromString(s.Seal(plain)); err != nil {
			t.Fatal(err)
		}
		root.RemoveChild(one)
		root.AddChild(sealed.Root())
	}
	if s.SignResponse {
		p.sign(t, root, s.Method)
	}
	if s.After != nil {
		s.After(root)
	}
}

// sign puts a signature after the issuer of an element.
func (p *Provider) sign(t testing.TB, e *etree.Element, method string) {
	t.Helper()
	by := pairs()[0]
	if p.Forge {
		by = pairs()[1]
	}
	c, err := dsig.NewSigningContext(by.key, [][]byte{by.cert})
	if err != nil {
		t.Fatal(err)
	}
	c.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	if err := c.SetSignatureMethod(method); err != nil {
		t.Fatal(err)
	}
	made, err := c.ConstructSignature(alone(t, e), true)
	if err != nil {
		t.Fatal(err)
	}
	e.InsertChildAt(1, made)
}

// alone returns a copy of an element that says itself what its prefixes mean.
func alone(t testing.TB, e *etree.Element) *etree.Element {
	t.Helper()
	around, err := etreeutils.NSBuildParentContext(e)
	if err != nil {
		t.Fatal(err)
	}
	copied, err := etreeutils.NSDetatch(around, e)
	if err != nil {
		t.Fatal(err)
	}
	return copied
}

// write returns an answer that is not signed yet.
func (p *Provider) write(s *Shape) string {
	at := func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
	var b strings.Builder
	fmt.Fprintf(&b, `<samlp:Response xmlns:samlp="%s" xmlns:saml="%s" ID="_r%s" Version="2.0" IssueInstant="%s" Destination="%s"%s>`,
		Protocol, Assertion, rand.Text(), at(s.Issued), s.Destination, optional("InResponseTo", s.Asked))
	fmt.Fprintf(&b, `<saml:Issuer>%s</saml:Issuer><samlp:Status><samlp:StatusCode Value="%s"/></samlp:Status>`, s.Issuer, s.Status)
	fmt.Fprintf(&b, `<saml:Assertion ID="%s" Version="2.0" IssueInstant="%s"><saml:Issuer>%s</saml:Issuer><saml:Subject><saml:NameID Format="%s">%s</saml:NameID>`,
		s.ID, at(s.Issued), s.AssertionIssuer, p.Format, s.NameID)
	fmt.Fprintf(&b, `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData Recipient="%s" NotOnOrAfter="%s"%s/></saml:SubjectConfirmation></saml:Subject>`,
		s.Recipient, at(s.ConfirmedUntil), optional("InResponseTo", s.Confirmed))
	fmt.Fprintf(&b, `<saml:Conditions NotBefore="%s" NotOnOrAfter="%s">`, at(s.From), at(s.Until))
	if s.Audience != "" {
		fmt.Fprintf(&b, `<saml:AudienceRestriction><saml:Audience>%s</saml:Audience></saml:AudienceRestriction>`, s.Audience)
	}
	fmt.Fprintf(&b, `</saml:Conditions><saml:AuthnStatement AuthnInstant="%s" SessionIndex="_s"><saml:AuthnContext><saml:AuthnContextClassRef>%s</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>`,
		at(s.Auth), p.Level)
	for name, values := range p.Attributes {
		fmt.Fprintf(&b, `<saml:Attribute Name="%s">`, html.EscapeString(name))
		for _, v := range values {
			fmt.Fprintf(&b, `<saml:AttributeValue>%s</saml:AttributeValue>`, html.EscapeString(v))
		}
		b.WriteString(`</saml:Attribute>`)
	}
	b.WriteString(`</saml:AttributeStatement></saml:Assertion></samlp:Response>`)
	return b.String()
}

func optional(name, value string) string {
	if value == "" {
		return ""
	}
	return fmt.Sprintf(` %s="%s"`, name, html.EscapeString(value))
}

// ownKeys are keys of a service that asks, made once.
var ownKeys = sync.OnceValues(func() (two [2]saml.Key, err error) {
	for i := range two {
		if two[i], err = saml.NewKey("here", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
			return two, err
		}
	}
	return two, nil
})

// OwnKeys returns keys of a service that asks: the same two in all tests.
func OwnKeys(t testing.TB) [2]saml.Key {
	t.Helper()
	two, err := ownKeys()
	if err != nil {
		t.Fatal(err)
	}
	return two
}

// PEM returns the key with which the provider signs, and its certificate, for another
// provider to sign with.
func PEM(t testing.TB) (key, certificate string) {
	t.Helper()
	by := pairs()[0]
	der, err := x509.MarshalPKCS8PrivateKey(by.key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: by.cert}))
}
