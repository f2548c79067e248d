// SPDX-License-Identifier: Apache-2.0

package samltest

import "github.com/beevik/etree"

// Wrappings are the eight ways in which Somorovsky and others wrap a signature ("On Breaking
// SAML", 2012): what was signed goes along somewhere, and a forged assertion stands where
// it is looked for.
func Wrappings(name string) map[string]func(response *etree.Element) {
	return map[string]func(*etree.Element){
		"1_response_in_signature": func(r *etree.Element) {
			was := r.Copy()
			s := signatureOf(r)
			was.RemoveChild(signatureOf(was))
			forge(r.FindElement("./Assertion"), name)
			r.CreateAttr("ID", "_forged-response")
			s.AddChild(was)
		},
		"2_response_beside_signature": func(r *etree.Element) {
			was := r.Copy()
			was.RemoveChild(signatureOf(was))
			forge(r.FindElement("./Assertion"), name)
			r.CreateAttr("ID", "_forged-response")
			r.InsertChildAt(signatureOf(r).Index(), was)
		},
		"3_assertion_before": func(r *etree.Element) {
			one := r.FindElement("./Assertion")
			r.InsertChildAt(one.Index(), unsigned(one, name))
		},
		"4_assertion_in_forged": func(r *etree.Element) {
			one := r.FindElement("./Assertion")
			evil := unsigned(one, name)
			r.RemoveChild(one)
			evil.AddChild(one)
			r.AddChild(evil)
		},
		"5_signature_in_forged": func(r *etree.Element) {
			one := r.FindElement("./Assertion")
			evil := one.Copy()
			forge(evil, name)
			one.RemoveChild(signatureOf(one))
			r.RemoveChild(one)
			r.AddChild(evil)
			r.AddChild(one)
		},
		"6_original_in_signature": func(r *etree.Element) {
			one := r.FindElement("./Assertion")
			evil := one.Copy()
			forge(evil, name)
			one.RemoveChild(signatureOf(one))
			r.RemoveChild(one)
			signatureOf(evil).AddChild(one)
			r.AddChild(evil)
		},
		"7_forged_in_extensions": func(r *etree.Element) {
			one := r.FindElement("./Assertion")
			e := etree.NewElement("samlp:Extensions")
			e.AddChild(unsigned(one, name))
			r.InsertChildAt(one.Index(), e)
		},
		"8_original_in_object": func(r *etree.Element) {
			one := r.FindElement("./Assertion")
			evil := one.Copy()
			forge(evil, name)
			one.RemoveChild(signatureOf(one))
			r.RemoveChild(one)
			signatureOf(evil).CreateElement("ds:Object").AddChild(one)
			r.AddChild(evil)
		},
	}
}

func signatureOf(e *etree.Element) *etree.Element { return e.FindElement("./Signature") }

// forge has an assertion be of somebody else.
func forge(assertion *etree.Element, name string) {
	assertion.CreateAttr("ID", "_forged")
	assertion.FindElement("./Subject/NameID").SetText(name)
}

// unsigned returns a forged copy without the signature.
func unsigned(assertion *etree.Element, name string) *etree.Element {
	evil := assertion.Copy()
	evil.RemoveChild(signatureOf(evil))
	forge(evil, name)
	return evil
}
