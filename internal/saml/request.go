// SPDX-License-Identifier: Apache-2.0

package saml

import (
	"bytes"
	"compress/flate"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// moment is how times are written (saml-core-2.0-os, section 1.3.3).
const moment = "2006-01-02T15:04:05Z"

// Begin returns where a browser goes to be asked: the question deflated into the address,
// and signed there (saml-bindings-2.0-os, section 3.4.4.1).
func Begin(p Provider, here Here, a Ask, now time.Time) (string, error) {
	if len(here.Keys) == 0 {
		return "", errors.New("no key signs questions")
	}
	packed, err := deflate(question(p, here, a, now))
	if err != nil {
		return "", fmt.Errorf("ask %s: %w", p.Issuer, err)
	}
	query := "SAMLRequest=" + url.QueryEscape(packed) + "&RelayState=" + url.QueryEscape(a.State) + "&SigAlg=" + url.QueryEscape(dsig.RSASHA256SignatureMethod)
	sum := sha256.Sum256([]byte(query))
	signature, err := rsa.SignPKCS1v15(rand.Reader, here.Keys[0].private, crypto.SHA256, sum[:])
	if err != nil {
		return "", fmt.Errorf("ask %s: %w", p.Issuer, err)
	}
	query += "&Signature=" + url.QueryEscape(base64.StdEncoding.EncodeToString(signature))
	if strings.Contains(p.Target, "?") {
		return p.Target + "&" + query, nil
	}
	return p.Target + "?" + query, nil
}

// question returns an AuthnRequest (saml-core-2.0-os, section 3.4.1). It leaves to the
// provider in which form it names the person, and how it asks them.
func question(p Provider, here Here, a Ask, now time.Time) *etree.Element {
	q := etree.NewElement("samlp:AuthnRequest")
	for _, pair := range [][2]string{{"xmlns:samlp", nsProtocol}, {"xmlns:saml", nsAssertion}, {"ID", a.ID}, {"Version", "2.0"},
		{"IssueInstant", now.UTC().Format(moment)}, {"Destination", p.Target}, {"AssertionConsumerServiceURL", here.Return}, {"ProtocolBinding", byPost}} {
		q.CreateAttr(pair[0], pair[1])
	}
	if a.Again {
		q.CreateAttr("ForceAuthn", "true")
	}
	q.CreateElement("saml:Issuer").SetText(here.Entity)
	q.CreateElement("samlp:NameIDPolicy").CreateAttr("AllowCreate", "true")
	return q
}

func deflate(e *etree.Element) (string, error) {
	doc := etree.NewDocument()
	doc.SetRoot(e)
	plain, err := doc.WriteToBytes()
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), err
}
