// SPDX-License-Identifier: Apache-2.0

package saml

import (
	"context"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/beevik/etree"
)

// maxCertificates is how many certificates of a provider count.
const maxCertificates = 10

// Published is what a provider publishes about itself (saml-metadata-2.0-os).
type Published struct {
	Issuer       string
	Target       string
	Certificates []*x509.Certificate
}

// ReadMetadata reads what a provider publishes about itself. A signature in it is not looked
// at: who brought it, or the address it is of, is what vouches for it. It reports a *Fault.
func ReadMetadata(text []byte, now time.Time) (Published, error) {
	root, err := parse(text, MaxMetadata)
	if err != nil {
		return Published{}, fault(Metadata, err.Error())
	}
	var found []*etree.Element
	for _, e := range append(inside(root, nsMetadata, "EntityDescriptor"), root) {
		if is(e, nsMetadata, "EntityDescriptor") && child(e, nsMetadata, "IDPSSODescriptor") != nil {
			found = append(found, e)
		}
	}
	if len(found) != 1 {
		return Published{}, fault(Metadata, fmt.Sprintf("of %d providers", len(found)))
	}
	return published(found[0], now)
}

func published(e *etree.Element, now time.Time) (Published, error) {
	p := Published{Issuer: attribute(e, "entityID")}
	role := child(e, nsMetadata, "IDPSSODescriptor")
	for _, x := range []*etree.Element{e, role} {
		if until, err := instant(x, "validUntil"); err == nil && now.After(until) {
			return p, fault(Metadata, "out of date since "+attribute(x, "validUntil"))
		}
	}
	for _, s := range children(role, nsMetadata, "SingleSignOnService") {
		if attribute(s, "Binding") == byRedirect && p.Target == "" {
			p.Target = attribute(s, "Location")
		}
	}
	switch {
	case p.Issuer == "" || len(p.Issuer) > 1024:
		return p, fault(Metadata, "no entityID")
	case p.Target == "":
		return p, fault(Metadata, "no SingleSignOnService that is asked by redirect")
	}
	for _, k := range children(role, nsMetadata, "KeyDescriptor") {
		if use := attribute(k, "use"); use != "" && use != "signing" {
			continue
		}
		for _, x := range inside(k, nsSignature, "X509Certificate") {
			c, err := certificate(text(x))
			if err != nil {
				return p, err
			}
			if !slices.ContainsFunc(p.Certificates, c.Equal) {
				p.Certificates = append(p.Certificates, c)
			}
		}
	}
	if n := len(p.Certificates); n == 0 || n > maxCertificates {
		return p, fault(Metadata, fmt.Sprintf("%d certificates that sign", n))
	}
	return p, nil
}

// certificate reads a certificate whose key is strong enough.
func certificate(encoded string) (*x509.Certificate, error) {
	der, err := base64.StdEncoding.DecodeString(squeeze(encoded))
	if err != nil {
		return nil, fault(Metadata, "a certificate that is no base64")
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fault(Metadata, "a certificate that cannot be read")
	}
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() >= keyBits {
			return c, nil
		}
	case *ecdsa.PublicKey:
		return c, nil
	}
	return nil, fault(Metadata, "a certificate whose key is too weak")
}

// Fetch returns what stands at an address: metadata that somebody publishes there.
func Fetch(ctx context.Context, client *http.Client, address string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fault(Metadata, "no address")
	}
	a, err := client.Do(r)
	if err != nil {
		return nil, fault(Metadata, err.Error())
	}
	defer a.Body.Close()
	if a.StatusCode != http.StatusOK {
		return nil, fault(Metadata, "the answer is "+a.Status)
	}
	text, err := io.ReadAll(io.LimitReader(a.Body, MaxMetadata+1))
	if err != nil {
		return nil, fault(Metadata, err.Error())
	}
	return text, nil
}

// Own returns what this service publishes about itself for a provider.
func Own(here Here) ([]byte, error) {
	doc := etree.NewDocument()
	doc.CreateProcInst("xml", `version="1.0" encoding="UTF-8"`)
	e := doc.CreateElement("md:EntityDescriptor")
	e.CreateAttr("xmlns:md", nsMetadata)
	e.CreateAttr("xmlns:ds", nsSignature)
	e.CreateAttr("entityID", here.Entity)
	role := e.CreateElement("md:SPSSODescriptor")
	role.CreateAttr("AuthnRequestsSigned", "true")
	role.CreateAttr("WantAssertionsSigned", "true")
	role.CreateAttr("protocolSupportEnumeration", nsProtocol)
	if len(here.Keys) == 0 {
		return nil, errors.New("there is no key to publish")
	}
	describe(role, "signing", here.Keys[0])
	if here.Next != nil {
		describe(role, "signing", *here.Next)
	}
	sealing := describe(role, "encryption", here.Keys[0])
	for _, how := range []string{nsOAEP + "aes256-gcm", nsOAEP + "aes128-gcm", nsCipher + "aes256-cbc", nsCipher + "rsa-oaep-mgf1p"} {
		sealing.CreateElement("md:EncryptionMethod").CreateAttr("Algorithm", how)
	}
	for _, form := range []string{"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", formAddress} {
		role.CreateElement("md:NameIDFormat").SetText(form)
	}
	back := role.CreateElement("md:AssertionConsumerService")
	back.CreateAttr("Binding", byPost)
	back.CreateAttr("Location", here.Return)
	back.CreateAttr("index", "0")
	back.CreateAttr("isDefault", "true")
	doc.Indent(2)
	return doc.WriteToBytes()
}

// describe publishes the certificate of a key.
func describe(role *etree.Element, use string, k Key) *etree.Element {
	d := role.CreateElement("md:KeyDescriptor")
	d.CreateAttr("use", use)
	d.CreateElement("ds:KeyInfo").CreateElement("ds:X509Data").CreateElement("ds:X509Certificate").SetText(base64.StdEncoding.EncodeToString(k.Certificate.Raw))
	return d
}

// Certificates reads certificates as Encode wrote them.
func Certificates(lines []string) (list []*x509.Certificate, err error) {
	for _, l := range lines {
		c, err := certificate(l)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

// Encode writes certificates, each in a line without breaks.
func Encode(list []*x509.Certificate) (lines []string) {
	for _, c := range list {
		lines = append(lines, base64.StdEncoding.EncodeToString(c.Raw))
	}
	return lines
}

// PEM returns a certificate in the form in which people copy it.
func PEM(c *x509.Certificate) string {
	var b strings.Builder
	b.WriteString("-----BEGIN CERTIFICATE-----\n")
	text := base64.StdEncoding.EncodeToString(c.Raw)
	for len(text) > 64 {
		b.WriteString(text[:64] + "\n")
		text = text[64:]
	}
	b.WriteString(text + "\n-----END CERTIFICATE-----\n")
	return b.String()
}
