// SPDX-License-Identifier: Apache-2.0

package saml_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"verlof/internal/relying"
	"verlof/internal/saml"
	"verlof/internal/saml/samltest"
)

var start = time.Date(2026, 3, 16, 9, 30, 0, 0, time.UTC)

// world is a provider, who asks it, and their clocks.
type world struct {
	*testing.T
	*samltest.Provider
	here  saml.Here
	known saml.Provider
	now   time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, now: start, here: saml.Here{Entity: "https://acme.test/sso/x/metadata", Return: "https://acme.test/sso/x/return", Keys: []saml.Key{samltest.OwnKeys(t)[0]}}}
	w.Provider = samltest.New(func() time.Time { return start })
	w.Attributes = map[string][]string{"email": {"carla@acme.test"}, "groups": {"staff", "hr"}}
	w.known = saml.Provider{Issuer: w.Issuer, Target: w.Target, Certificates: []*x509.Certificate{w.Certificate(t)}}
	return w
}

var asked = saml.Ask{ID: "_question-1", State: "a-state"}

// question goes to the provider.
func (w *world) question(ask saml.Ask) samltest.Question {
	w.Helper()
	to, err := saml.Begin(w.known, w.here, ask, w.now)
	if err != nil {
		w.Fatal(err)
	}
	return w.Read(w, to)
}

// signIn asks the provider and judges its answer, which spoil may change.
func (w *world) signIn(ask saml.Ask, spoil func(*samltest.Shape)) (saml.Answer, error) {
	w.Helper()
	return saml.Finish(w.known, w.here, ask, w.Answer(w, w.question(ask), spoil), w.now)
}

// code is what is wrong with an answer.
func code(err error) string {
	if f := (*saml.Fault)(nil); errors.As(err, &f) {
		return f.Code
	}
	return ""
}

func TestSignIn(t *testing.T) {
	for name, shape := range map[string]func(*samltest.Shape){
		"assertion_signed": nil,
		"both_signed":      func(s *samltest.Shape) { s.SignResponse = true },
		"sha512":           func(s *samltest.Shape) { s.Method = dsig.RSASHA512SignatureMethod },
		"sealed_cbc":       func(s *samltest.Shape) { k := samltest.OwnKeys(t)[0]; s.Seal = samltest.Seal(k.Certificate, false) },
		"sealed_gcm": func(s *samltest.Shape) {
			k := samltest.OwnKeys(t)[0]
			s.Seal, s.SignResponse = samltest.Seal(k.Certificate, true), true
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			a, err := w.signIn(asked, shape)
			c := a.Claims
			groups, known := c.List("groups")
			if err != nil || c.Subject != "there-carla" || c.Email != "carla@acme.test" || c.Verified != relying.Unsaid || !known || !slices.Equal(groups, []string{"staff", "hr"}) ||
				a.ID == "" || !a.Until.Equal(start.Add(5*time.Minute+relying.Skew)) || !c.Auth.Equal(start.Add(-time.Hour)) || c.Methods != nil {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
}

// TestQuestion: a question is signed in the address, and says where the answer goes.
func TestQuestion(t *testing.T) {
	w := newWorld(t)
	q := w.question(saml.Ask{ID: "_q", State: "s&1", Again: true})
	if q.ID != "_q" || q.State != "s&1" || !q.Again || q.Return != w.here.Return || q.Entity != w.here.Entity {
		t.Errorf("%+v", q)
	}
	sum := sha256.Sum256([]byte(q.Signed))
	if err := rsa.VerifyPKCS1v15(w.here.Keys[0].Certificate.PublicKey.(*rsa.PublicKey), crypto.SHA256, sum[:], q.Signature); err != nil {
		t.Error(err)
	}
}

// TestRefused: an answer with one thing wrong is worth nothing, and what is wrong is said.
func TestRefused(t *testing.T) {
	after := func(f func(r *etree.Element)) func(*samltest.Shape) { return func(s *samltest.Shape) { s.After = f } }
	const bomb = `<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>`
	refused(t, map[string]spoilt{
		"other_audience":     {func(s *samltest.Shape) { s.Audience = "https://other.test/metadata" }, saml.Audience},
		"no_audience":        {func(s *samltest.Shape) { s.Audience = "" }, saml.Audience},
		"other_recipient":    {func(s *samltest.Shape) { s.Recipient = "https://acme.test/sso/y/return" }, saml.Recipient},
		"other_destination":  {func(s *samltest.Shape) { s.Destination = "https://globex.test/sso/x/return" }, saml.Destination},
		"other_issuer":       {func(s *samltest.Shape) { s.Issuer = "https://idp.example.test/other" }, saml.Issuer},
		"assertion_of_other": {func(s *samltest.Shape) { s.AssertionIssuer = "https://idp.example.test/other" }, saml.Issuer},
		"other_question":     {func(s *samltest.Shape) { s.Asked = "_question-2" }, saml.Question},
		"confirms_other":     {func(s *samltest.Shape) { s.Confirmed = "_question-2" }, saml.Question},
		"unasked":            {func(s *samltest.Shape) { s.Asked, s.Confirmed = "", "" }, saml.Question},
		"expired":            {func(s *samltest.Shape) { s.Until = start.Add(-relying.Skew) }, saml.Late},
		"confirmed_too_late": {func(s *samltest.Shape) { s.ConfirmedUntil = start.Add(-relying.Skew) }, saml.Late},
		"not_yet":            {func(s *samltest.Shape) { s.From = start.Add(relying.Skew + time.Second) }, saml.Early},
		"of_the_future":      {func(s *samltest.Shape) { s.Issued = start.Add(relying.Skew + time.Second) }, saml.Early},
		"denied":             {func(s *samltest.Shape) { s.Status = "urn:oasis:names:tc:SAML:2.0:status:Responder" }, saml.Denied},
		"unsigned":           {func(s *samltest.Shape) { s.Sign = false }, saml.Unsigned},
		"only_response":      {func(s *samltest.Shape) { s.Sign, s.SignResponse = false, true }, saml.Unsigned},
		"sha1":               {func(s *samltest.Shape) { s.Method = dsig.RSASHA1SignatureMethod }, saml.Algorithm},
		"changed":            {after(func(r *etree.Element) { r.FindElement("./Assertion/Subject/NameID").SetText("dirk") }), saml.Signature},
		"response_changed": {func(s *samltest.Shape) {
			s.SignResponse, s.After = true, func(r *etree.Element) { r.CreateAttr("Consent", "x") }
		}, saml.Signature},
		"no_id": {after(func(r *etree.Element) { r.FindElement("./Assertion").RemoveAttr("ID") }), saml.Signature},
		"whole_document": {after(func(r *etree.Element) {
			r.FindElement("./Assertion/Signature/SignedInfo/Reference").CreateAttr("URI", "")
		}), saml.Signature},
		"two_references": {after(func(r *etree.Element) {
			i := r.FindElement("./Assertion/Signature/SignedInfo")
			i.AddChild(i.FindElement("./Reference").Copy())
		}), saml.Signature},
		"other_transform":     {replace("http://www.w3.org/2000/09/xmldsig#enveloped-signature", "http://www.w3.org/TR/1999/REC-xslt-19991116"), saml.Algorithm},
		"no_assertion":        {after(func(r *etree.Element) { r.RemoveChild(r.FindElement("./Assertion")) }), saml.Assertions},
		"comment_in_name":     {func(s *samltest.Shape) { s.NameID = "dirk<!-- -->.of.us" }, saml.Form},
		"instruction_in_name": {func(s *samltest.Shape) { s.NameID = "dirk<?x y?>.of.us" }, saml.Form},
		"id_twice":            {after(func(r *etree.Element) { r.CreateAttr("ID", r.FindElement("./Assertion").SelectAttrValue("ID", "")) }), saml.Form},
		"id_of_another_kind":  {after(func(r *etree.Element) { r.CreateAttr("xml:id", "_z") }), saml.Form},
		"attribute_twice":     {replace(`Version="2.0"`, `Version="2.0" Version="2.0"`), saml.Form},
		"document_type":       {func(s *samltest.Shape) { s.Text = func(x string) string { return bomb + x } }, saml.Form},
		"entity": {func(s *samltest.Shape) {
			s.Text = func(x string) string { return bomb + strings.Replace(x, "there-carla", "&b;", 1) }
		}, saml.Form},
		"outside_entity": {replace("<samlp:Response", `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><samlp:Response`), saml.Form},
		"too_deep":       {replace("<saml:AttributeStatement>", strings.Repeat("<a>", 100)+strings.Repeat("</a>", 100)+"<saml:AttributeStatement>"), saml.Form},
		"too_many":       {replace("<saml:AttributeStatement>", strings.Repeat("<a/>", 6000)+"<saml:AttributeStatement>"), saml.Form},
		"too_large":      {replace("<saml:AttributeStatement>", strings.Repeat(" ", saml.MaxAnswer)+"<saml:AttributeStatement>"), saml.Form},
		"no_xml":         {func(s *samltest.Shape) { s.Text = func(string) string { return "<a><b></a>" } }, saml.Form},
		"two_roots":      {func(s *samltest.Shape) { s.Text = func(x string) string { return x + x } }, saml.Form},
		"nothing":        {func(s *samltest.Shape) { s.Text = func(string) string { return "" } }, saml.Form},
	})
}

// TestRefusedIncomplete: so is one that does not say all that it has to, or says what is not asked for.
func TestRefusedIncomplete(t *testing.T) {
	refused(t, map[string]spoilt{
		"no_conditions": {func(s *samltest.Shape) {
			s.Before = func(r *etree.Element) {
				a := r.FindElement("./Assertion")
				a.RemoveChild(a.FindElement("./Conditions"))
			}
		}, saml.Audience},
		"unknown_condition": {func(s *samltest.Shape) {
			s.Before = func(r *etree.Element) { r.FindElement("./Assertion/Conditions").CreateElement("saml:Condition") }
		}, saml.Audience},
		"no_subject": {func(s *samltest.Shape) {
			s.Before = func(r *etree.Element) { a := r.FindElement("./Assertion"); a.RemoveChild(a.FindElement("./Subject")) }
		}, saml.Nobody},
		"no_name": {func(s *samltest.Shape) { s.NameID = "" }, saml.Nobody},
		"no_proof": {func(s *samltest.Shape) {
			s.Before = func(r *etree.Element) {
				a := r.FindElement("./Assertion")
				a.RemoveChild(a.FindElement("./AuthnStatement"))
			}
		}, saml.Nobody},
		"session_over": {func(s *samltest.Shape) {
			s.Before = func(r *etree.Element) {
				r.FindElement("./Assertion/AuthnStatement").CreateAttr("SessionNotOnOrAfter", start.Add(-relying.Skew).Format(time.RFC3339))
			}
		}, saml.Late},
		"of_the_key": {func(s *samltest.Shape) {
			s.Before = func(r *etree.Element) {
				r.FindElement("./Assertion/Subject/SubjectConfirmation").CreateAttr("Method", "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key")
			}
		}, saml.Recipient},
	})
}

// TestRefusedSealed: so is one that is sealed for others, or by ciphers that are broken.
func TestRefusedSealed(t *testing.T) {
	refused(t, map[string]spoilt{
		"sealed_for_another": {func(s *samltest.Shape) { s.Seal = samltest.Seal(samltest.New(nil).Certificate(t), false) }, saml.Sealed},
		"sealed_unsigned": {func(s *samltest.Shape) {
			k := samltest.OwnKeys(t)[0]
			s.Sign, s.Seal = false, samltest.Seal(k.Certificate, true)
		}, saml.Unsigned},
		"sealed_by_triple": {func(s *samltest.Shape) {
			k := samltest.OwnKeys(t)[0]
			s.Seal = samltest.Seal(k.Certificate, false)
			replace("aes256-cbc", "tripledes-cbc")(s)
		}, saml.Algorithm},
		"key_by_rsa_15": {func(s *samltest.Shape) {
			k := samltest.OwnKeys(t)[0]
			s.Seal = samltest.Seal(k.Certificate, false)
			replace("rsa-oaep-mgf1p", "rsa-1_5")(s)
		}, saml.Algorithm},
		"sealed_cut": {func(s *samltest.Shape) {
			k := samltest.OwnKeys(t)[0]
			s.Seal = samltest.Seal(k.Certificate, false)
			replace("</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>", "AA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>")(s)
		}, saml.Sealed},
	})
}

// spoilt is an answer with something wrong, and how it is refused.
type spoilt struct {
	spoil func(*samltest.Shape)
	want  string
}

func refused(t *testing.T, answers map[string]spoilt) {
	t.Helper()
	for name, x := range answers {
		t.Run(name, func(t *testing.T) {
			if a, err := newWorld(t).signIn(asked, x.spoil); code(err) != x.want {
				t.Errorf("%+v, %v; want %s", a, err, x.want)
			}
		})
	}
}

// replace writes one text in place of another, once it is signed.
func replace(old, by string) func(*samltest.Shape) {
	return func(s *samltest.Shape) { s.Text = func(x string) string { return strings.Replace(x, old, by, 1) } }
}

// TestProvider: an answer is of a provider only while one of its certificates says so.
func TestProvider(t *testing.T) {
	w := newWorld(t)
	w.Forge = true
	if a, err := w.signIn(asked, nil); code(err) != saml.Signature {
		t.Errorf("of a key that is not published: %+v, %v", a, err)
	}
	w.Forge, w.known.Certificates = false, append([]*x509.Certificate{w.Outdated(t)}, w.known.Certificates...)
	if _, err := w.signIn(asked, nil); err != nil {
		t.Errorf("beside one out of date: %v", err)
	}
	w.known.Certificates = w.known.Certificates[:1]
	if a, err := w.signIn(asked, nil); code(err) != saml.Expired {
		t.Errorf("out of date: %+v, %v", a, err)
	}
	w = newWorld(t)
	w.Format = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
	if a, err := w.signIn(asked, nil); code(err) != saml.Nobody {
		t.Errorf("another name each time: %+v, %v", a, err)
	}
	w.Attributes["uid"], w.known.Subject = []string{"u-7"}, "uid"
	if a, err := w.signIn(asked, nil); err != nil || a.Claims.Subject != "u-7" {
		t.Errorf("named by an attribute: %+v, %v", a, err)
	}
	if _, err := saml.Finish(w.known, w.here, asked, "%%%", w.now); code(err) != saml.Form {
		t.Errorf("no base64: %v", err)
	}
}

// TestWrapped: a signature that goes along with a forged assertion says nothing of it.
func TestWrapped(t *testing.T) {
	for _, both := range []bool{true, false} {
		for name, wrap := range samltest.Wrappings("dirk") {
			if !both && (name[0] == '1' || name[0] == '2') {
				continue // there is no signature of a response to wrap
			}
			w := newWorld(t)
			a, err := w.signIn(asked, func(s *samltest.Shape) { s.SignResponse, s.After = both, wrap })
			if code(err) == "" {
				t.Errorf("%s, response signed %t: %+v, %v", name, both, a, err)
			}
		}
	}
}

// TestClocks: they may differ by Skew.
func TestClocks(t *testing.T) {
	for late, want := range map[time.Duration]bool{5*time.Minute + relying.Skew - time.Second: true, 5*time.Minute + relying.Skew: false,
		-relying.Skew: true, -relying.Skew - time.Second: false} {
		w := newWorld(t)
		w.now = start.Add(late)
		if _, err := w.signIn(asked, nil); (err == nil) != want {
			t.Errorf("%v late: %v", late, err)
		}
	}
}

// TestAgain: who is to prove once more who they are must have done so just now.
func TestAgain(t *testing.T) {
	w, again := newWorld(t), asked
	again.Again = true
	if a, err := w.signIn(again, nil); err != nil || !a.Claims.Auth.Equal(start) {
		t.Errorf("%v, %v", a.Claims.Auth, err)
	}
	w.Quiet = true
	if _, err := w.signIn(again, nil); code(err) != saml.Unproven {
		t.Errorf("not asked again: %v", err)
	}
}

// TestClaims: what providers call by names of their own is understood.
func TestClaims(t *testing.T) {
	const xml = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
	w := newWorld(t)
	w.NameID, w.Format = "carla@acme.test", "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
	w.Attributes = map[string][]string{xml + "givenname": {"Carla"}, xml + "surname": {"Fonseca"}, "http://schemas.microsoft.com/identity/claims/displayname": {"Carla F."},
		"http://schemas.microsoft.com/claims/authnmethodsreferences": {"http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password", "http://schemas.microsoft.com/claims/multipleauthn"},
		"http://schemas.microsoft.com/claims/groups.link":            {"https://graph.example.test/"}}
	a, err := w.signIn(asked, nil)
	c := a.Claims
	if err != nil || c.Email != "carla@acme.test" || c.Given != "Carla" || c.Family != "Fonseca" || c.Name != "Carla F." || !slices.Equal(c.Methods, []string{"mfa"}) {
		t.Errorf("%+v, %v", a, err)
	}
	if _, known := c.List("http://schemas.microsoft.com/ws/2008/06/identity/claims/groups"); known {
		t.Error("groups that were left out are known")
	}
	w = newWorld(t)
	w.Level, w.Attributes = "https://refeds.org/profile/mfa", map[string][]string{"urn:oid:0.9.2342.19200300.100.1.3": {"c@acme.test"}}
	if a, err = w.signIn(asked, nil); err != nil || a.Claims.Email != "c@acme.test" || a.Claims.Level != w.Level || len(a.Claims.Methods) != 1 {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestMetadata: what a provider publishes is read, and what is not usable is not.
func TestMetadata(t *testing.T) {
	w := newWorld(t)
	good := w.Metadata()
	p, err := saml.ReadMetadata([]byte(good), start)
	if err != nil || p.Issuer != w.Issuer || p.Target != w.Target || len(p.Certificates) != 1 || !p.Certificates[0].Equal(w.Certificate(t)) {
		t.Errorf("%+v, %v", p, err)
	}
	many := `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">` + good[strings.Index(good, "<md:E"):] + `</md:EntitiesDescriptor>`
	if _, err := saml.ReadMetadata([]byte(many), start); err != nil {
		t.Errorf("one of several: %v", err)
	}
	kept, err := saml.Certificates(saml.Encode(p.Certificates))
	if err != nil || !kept[0].Equal(p.Certificates[0]) || !strings.HasPrefix(saml.PEM(kept[0]), "-----BEGIN CERTIFICATE-----\n") {
		t.Errorf("kept: %v", err)
	}
	for name, x := range map[string][2]string{"no_issuer": {"entityID", "entity"}, "only_post": {"HTTP-Redirect", "SOAP"}, "no_certificate": {`use="signing"`, `use="encryption"`},
		"broken_certificate": {"X509Certificate>\n", "X509Certificate>AAAA"}, "out_of_date": {"<md:IDPSSODescriptor", `<md:IDPSSODescriptor validUntil="2026-01-01T00:00:00Z"`},
		"of_a_service": {"IDPSSODescriptor", "SPSSODescriptor"}, "document_type": {`<?xml version="1.0"?>`, "<!DOCTYPE a>"}, "nothing": {good, ""}} {
		if p, err := saml.ReadMetadata([]byte(strings.ReplaceAll(good, x[0], x[1])), start); code(err) != saml.Metadata {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	next := samltest.OwnKeys(t)[1]
	w.here.Next = &next
	own, err := saml.Own(w.here)
	for _, want := range []string{`entityID="https://acme.test/sso/x/metadata"`, `Location="https://acme.test/sso/x/return"`, `WantAssertionsSigned="true"`,
		base64.StdEncoding.EncodeToString(w.here.Keys[0].Certificate.Raw), base64.StdEncoding.EncodeToString(next.Certificate.Raw)} {
		if err != nil || !strings.Contains(string(own), want) {
			t.Errorf("own metadata lacks %s: %v\n%s", want, err, own)
		}
	}
}

// TestKey: a key is kept and read again, and opens and signs as before.
func TestKey(t *testing.T) {
	w := newWorld(t)
	private, err := w.here.Keys[0].Private()
	if err != nil {
		t.Fatal(err)
	}
	k, err := saml.ReadKey(private, w.here.Keys[0].Certificate.Raw)
	if err != nil {
		t.Fatal(err)
	}
	other := samltest.OwnKeys(t)[1]
	w.here.Keys = []saml.Key{other, k} // the older one still opens
	if _, err := w.signIn(asked, func(s *samltest.Shape) { s.Seal = samltest.Seal(k.Certificate, true) }); err != nil {
		t.Error(err)
	}
	if _, err := saml.ReadKey(private[1:], nil); err == nil {
		t.Error("half a key is read")
	}
}

// TestUnasked: a sign-in that the provider began is told from an answer.
func TestUnasked(t *testing.T) {
	w := newWorld(t)
	if saml.Unasked(w.Answer(w, w.question(asked), nil)) || saml.Unasked("x") {
		t.Error("an answer is taken for none")
	}
	if !saml.Unasked(w.Answer(w, w.question(asked), func(s *samltest.Shape) { s.Asked = "" })) {
		t.Error("not told from an answer")
	}
}
