// SPDX-License-Identifier: Apache-2.0

package saml

import (
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/russellhaering/goxmldsig/etreeutils"
)

// signedBy are the algorithms that are good enough: SHA-1 is not.
var (
	signedBy = []string{dsig.RSASHA256SignatureMethod, dsig.RSASHA384SignatureMethod, dsig.RSASHA512SignatureMethod,
		dsig.ECDSASHA256SignatureMethod, dsig.ECDSASHA384SignatureMethod, dsig.ECDSASHA512SignatureMethod}
	digestedBy = []string{nsCipher + "sha256", "http://www.w3.org/2001/04/xmldsig-more#sha384", nsCipher + "sha512"}
	writtenBy  = []string{dsig.CanonicalXML10ExclusiveAlgorithmId.String(), dsig.CanonicalXML10RecAlgorithmId.String(), dsig.CanonicalXML11AlgorithmId.String()}
)

// verified returns what a provider signed of an element, read anew from the signed text.
// The signature must be the element's own child and cover it whole and nothing else
// (saml-core-2.0-os, section 5.4).
func verified(e *etree.Element, certificates []*x509.Certificate, now time.Time) (*etree.Element, error) {
	valid := slices.DeleteFunc(slices.Clone(certificates), func(c *x509.Certificate) bool { return now.Before(c.NotBefore) || now.After(c.NotAfter) })
	if len(valid) == 0 {
		return nil, fault(Expired, "no certificate of the provider is valid now")
	}
	signature := child(e, nsSignature, "Signature")
	if err := wellMade(e, signature); err != nil {
		return nil, err
	}
	around, err := etreeutils.NSBuildParentContext(e)
	if err != nil {
		return nil, fault(Signature, err.Error())
	}
	alone, err := etreeutils.NSDetatch(around, e)
	if err != nil {
		return nil, fault(Signature, err.Error())
	}
	if own := child(alone, nsSignature, "Signature"); own != nil {
		for _, k := range children(own, nsSignature, "KeyInfo") {
			own.RemoveChild(k) // which key signed is for us to know
		}
	}
	var last error
	for _, c := range valid {
		check := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{c}})
		check.Clock = dsig.NewFakeClockAt(now)
		signed, err := check.Validate(alone)
		if err == nil && (signed.Tag != e.Tag || attribute(signed, "ID") != attribute(e, "ID")) {
			err = fmt.Errorf("something else was signed")
		}
		if err == nil {
			return signed, nil
		}
		last = err
	}
	return nil, fault(Signature, last.Error())
}

// wellMade reports a signature that is built in another way than providers build them.
func wellMade(e, signature *etree.Element) error {
	id := attribute(e, "ID")
	info := child(signature, nsSignature, "SignedInfo")
	ref := child(info, nsSignature, "Reference")
	switch {
	case signature == nil:
		return fault(Unsigned, e.Tag+" has no signature of its own")
	case info == nil || ref == nil || id == "" || attribute(ref, "URI") != "#"+id:
		return fault(Signature, "the signature is not of "+e.Tag)
	case !slices.Contains(signedBy, attribute(child(info, nsSignature, "SignatureMethod"), "Algorithm")):
		return fault(Algorithm, "signed by "+attribute(child(info, nsSignature, "SignatureMethod"), "Algorithm"))
	case !slices.Contains(digestedBy, attribute(child(ref, nsSignature, "DigestMethod"), "Algorithm")):
		return fault(Algorithm, "digested by "+attribute(child(ref, nsSignature, "DigestMethod"), "Algorithm"))
	case !slices.Contains(writtenBy, attribute(child(info, nsSignature, "CanonicalizationMethod"), "Algorithm")):
		return fault(Algorithm, "written by "+attribute(child(info, nsSignature, "CanonicalizationMethod"), "Algorithm"))
	}
	for _, c := range signature.ChildElements() {
		if !is(c, nsSignature, "SignedInfo") && !is(c, nsSignature, "SignatureValue") && !is(c, nsSignature, "KeyInfo") {
			return fault(Signature, c.Tag+" in a signature")
		}
	}
	transforms := child(ref, nsSignature, "Transforms")
	if transforms == nil {
		return fault(Signature, "the signature does not say how it was made")
	}
	for _, t := range transforms.ChildElements() {
		by := attribute(t, "Algorithm")
		if by != dsig.EnvelopedSignatureAltorithmId.String() && !slices.Contains(writtenBy, by) {
			return fault(Algorithm, "transformed by "+by)
		}
	}
	return nil
}
