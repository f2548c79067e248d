// SPDX-License-Identifier: Apache-2.0

//go:build !race

package web

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"verlof/identity/sso"
	"verlof/internal/browsertest"
	"verlof/internal/saml/samltest"
	"verlof/people"
)

// TestNodeSAML has people sign in with a provider of SAML that others wrote (samlify, for
// Node): it reads our metadata and checks our signature, and its answers are taken, open and
// sealed, with one signature and with two.
func TestNodeSAML(t *testing.T) {
	if _, err := browsertest.Npm(clientsHome, "samlify"); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		algorithm    string
		both, sealed bool
	}{{"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", false, false}, {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", true, false},
		{"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", false, true}} {
		t.Run(fmt.Sprintf("%s_both_%t_sealed_%t", x.algorithm[len(x.algorithm)-6:], x.both, x.sealed), func(t *testing.T) {
			clock := now
			f := &fabrikam{contoso: &contoso{world: newWorldAt(t, nil, func() time.Time { return clock })}}
			clock = time.Now() // theirs
			f.acme.ownKeys(f.world)
			ana := f.acme.session("ana")
			ana.Proven = clock
			f.must(f.acme.SSO.DropKey(t.Context(), ana, "next")) // it knows of one certificate at a time
			var err error
			f.id, err = f.acme.SSO.Save(t.Context(), ana, sso.Provider{Kind: sso.SAML, Name: "There"})
			f.must(err)
			ours, err := f.acme.SSO.Metadata(t.Context(), f.id)
			f.must(err)
			key, certificate := samltest.PEM(t)
			ask := startNode(t, "saml.mjs", map[string]any{"key": key, "certificate": certificate, "algorithm": x.algorithm, "both": x.both, "sealed": x.sealed,
				"metadata": string(ours), "who": "carla", "domain": f.acme.host, "group": "hr"})
			f.must(f.acme.SSO.SetMetadata(t.Context(), ana, f.id, "", []byte(ask("")["metadata"])))
			k, err := f.acme.SSO.Provider(t.Context(), ana.Person, f.id)
			f.must(err)
			k.Domains, k.Unsaid, k.On, k.Groups, k.Rules = []string{f.acme.host}, true, true, "groups", []sso.Rule{{Group: "hr", Role: people.Administrator}}
			_, err = f.acme.SSO.Save(t.Context(), ana, k.Provider)
			f.must(err)

			b := f.at(f.acme, "")
			answer := ask(b.get("/sso/" + f.id + "?next=%2Fbalance").Header().Get("Location"))
			a := f.brings(b.host, f.id, answer["state"], answer["form"])
			if a = b.get(a.Header().Get("Location")); !enters(a) {
				t.Fatalf("%d to %q\n%s\n%s", a.Code, a.Header().Get("Location"), bodyOf(a), f.log.String())
			}
			holds(t, b.get("/account"), http.StatusOK, "Carla Fonseca")
			if got := f.person("carla").Roles; got != people.Administrator {
				t.Errorf("roles %v", got.Names())
			}
		})
	}
}

// startNode starts a program of testdata/clients, which ends with the test. It returns how it
// is asked: with a line, or with none where it speaks first.
func startNode(t *testing.T, name string, given map[string]any) func(line string) map[string]string {
	t.Helper()
	in, out, said := runNode(t, name, given)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	return func(line string) (answer map[string]string) {
		t.Helper()
		if line != "" {
			if _, err := fmt.Fprintln(in, line); err != nil {
				t.Fatal(err)
			}
		}
		if !lines.Scan() {
			t.Fatalf("no answer: %s", said.String())
		}
		if err := json.Unmarshal(lines.Bytes(), &answer); err != nil {
			t.Fatal(err)
		}
		return answer
	}
}
