// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestScan: claims are read as encoding/json reads them, or left to it.
func TestScan(t *testing.T) {
	for text, mine := range map[string]bool{
		`{"acr":"2","amr":["pwd","otp"],"aud":"https://acme.example","auth_time":0,"client_id":"c","exp":1900000000,"iat":12,"iss":"https://acme.example","jti":"g.t","scope":"openid leave:read","sub":"ana"}`: true,
		`{"exp":1}`:                   true,
		`{"exp":1,"exp":2}`:           true,
		`{"scope":""}`:                true,
		`{}`:                          false,
		``:                            false,
		`{"exp":1`:                    false,
		`{"exp":1}}`:                  false,
		`{"exp":1} `:                  false,
		`{"exp":1,}`:                  false,
		`{"exp":01}`:                  false,
		`{"exp":-1}`:                  false,
		`{"exp":1.5}`:                 false,
		`{"exp":1e3}`:                 false,
		`{"exp":"1"}`:                 false,
		`{"exp":}`:                    false,
		`{"exp":9999999999999999999}`: false,
		`{"Exp":1}`:                   false,
		`{"sub":"\u0061na"}`:          false,
		`{"sub":"añna"}`:              false,
		`{"sub":"a` + "\n" + `"}`:     false,
		`{"sub":1}`:                   false,
		`{"sub":null}`:                false,
		`{"sub"`:                      false,
		`{"amr":[]}`:                  false,
		`{"amr":["a",]}`:              false,
		`{"amr":["a"}`:                false,
		`{"aud":["a","b"]}`:           false,
		`{"cnf":{"jkt":"x"},"exp":1}`: true,
		`{"cnf":{"jkt":"x"}`:          false,
		`{"cnf":{"jkt":"x","a":"b"}}`: false,
		`{"cnf":{"x5t#S256":"x"}}`:    false,
		`{"cnf":{}}`:                  false,
		`{ "exp":1}`:                  false,
	} {
		var got, want accessClaims
		if ok := got.scan([]byte(text)); ok != mine {
			t.Errorf("%s: read %t, want %t", text, ok, mine)
		}
		if !mine {
			want = accessClaims{}
		} else if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s:\n%s", text, d)
		}
	}
}
