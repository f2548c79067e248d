// SPDX-License-Identifier: Apache-2.0

//go:build !race

package web

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"verlof/identity/sso"
	"verlof/internal/browsertest"
	"verlof/people"
)

// TestNodeProvider has people sign in with a provider that others wrote (oidc-provider, for
// Node), as a customer's own: once with claims in the token, once with them at userinfo.
func TestNodeProvider(t *testing.T) {
	if _, err := browsertest.Npm(clientsHome, "oidc-provider"); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		alg, method string
		conform     bool // claims are at userinfo, as the standard has it
	}{{"RS256", "client_secret_basic", true}, {"ES256", "client_secret_post", false}, {"PS256", "client_secret_basic", false}} {
		t.Run(x.alg+"_"+x.method, func(t *testing.T) {
			clock := now
			c := &contoso{world: newWorldAt(t, nil, func() time.Time { return clock })}
			clock = time.Now() // theirs
			ana := c.acme.session("ana")
			ana.Proven = clock
			p := sso.Provider{Name: "There", Issuer: "https://there.example.test", ClientID: "verlof", Secret: "a-secret-of-verlof-that-is-long", Domains: []string{c.acme.host},
				Groups: "groups", Scopes: []string{"groups"}, Rules: []sso.Rule{{Group: "hr", Role: people.Administrator}}, On: true}
			var err error
			if p.ID, err = c.acme.SSO.Save(t.Context(), ana, p); err != nil {
				t.Fatal(err)
			}
			p.Issuer = startProvider(t, map[string]any{"id": p.ClientID, "secret": p.Secret, "back": c.acme.SSO.Return(p.ID), "method": x.method, "alg": x.alg,
				"conform": x.conform, "jwks": map[string]any{"keys": signingKeys(t)}, "domain": c.acme.host, "groups": []string{"hr", "others"}})
			if _, err := c.acme.SSO.Save(t.Context(), ana, p); err != nil {
				t.Fatal(err)
			}
			b := c.at(c.acme, "")
			there := newForeigner(t)
			back := there.signsIn(b.get("/sso/"+p.ID+"?next=%2Fbalance").Header().Get("Location"), "carla")
			if a := b.get(back); !enters(a) {
				t.Fatalf("%d to %q\n%s", a.Code, a.Header().Get("Location"), bodyOf(a))
			}
			holds(t, b.get("/account"), 200, "Carla Fonseca")
			if got := c.person("carla").Roles; got != people.Administrator {
				t.Errorf("roles %v", got.Names())
			}
			again := "/sso/" + p.ID + "?again=yes&next=%2Fmanage%2Fsso"
			if a := b.get(there.signsIn(b.get(again).Header().Get("Location"), "carla")); a.Header().Get("Location") != "/manage/sso" {
				t.Errorf("proved again: %d to %q", a.Code, a.Header().Get("Location"))
			}
			if a := b.get(newForeigner(t).signsIn(b.get(again).Header().Get("Location"), "bram")); a.Code == http.StatusSeeOther {
				t.Error("somebody else proved it")
			}
		})
	}
}

// signingKeys returns private keys for all algorithms, as JWK.
func signingKeys(t *testing.T) []map[string]string {
	t.Helper()
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	e, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := e.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	d, err := e.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	text := base64.RawURLEncoding.EncodeToString
	return []map[string]string{
		{"kty": "RSA", "n": text(r.N.Bytes()), "e": text(big.NewInt(int64(r.E)).Bytes()), "d": text(r.D.Bytes()), "p": text(r.Primes[0].Bytes()), "q": text(r.Primes[1].Bytes()),
			"dp": text(r.Precomputed.Dp.Bytes()), "dq": text(r.Precomputed.Dq.Bytes()), "qi": text(r.Precomputed.Qinv.Bytes())},
		{"kty": "EC", "crv": "P-256", "x": text(point[1:33]), "y": text(point[33:]), "d": text(d)},
	}
}

// startProvider starts the provider of testdata/clients, which ends with the test, and
// returns its issuer.
func startProvider(t *testing.T, given map[string]any) string {
	t.Helper()
	_, out, said := runNode(t, "provider.mjs", given)
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatalf("the provider does not start: %s", said.String())
	}
	return lines.Text()
}

// runNode starts a program of testdata/clients, which ends with the test.
func runNode(t *testing.T, name string, given map[string]any) (in io.Writer, out io.Reader, said *bytes.Buffer) {
	t.Helper()
	text, err := json.Marshal(given)
	if err != nil {
		t.Fatal(err)
	}
	said = new(bytes.Buffer)
	node := exec.CommandContext(t.Context(), "node", filepath.Join(clientsHome, name))
	node.Env, node.Stderr = append(os.Environ(), "GIVEN="+string(text)), said
	to, err := node.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	from, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatalf("no node to run it with: run scripts/prerequisites npm: %v", err)
	}
	t.Cleanup(func() {
		_ = to.Close()
		_ = node.Wait()
	})
	return to, from, said
}

// foreigner is somebody's browser at a provider.
type foreigner struct {
	*testing.T
	client *http.Client
}

func newForeigner(t *testing.T) *foreigner {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &foreigner{t, &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasSuffix(r.URL.Path, "/return") {
			return http.ErrUseLastResponse
		}
		return nil
	}}}
}

var formAction = regexp.MustCompile(`action="([^"]+)"`)

// foreignPage is what the provider showed.
type foreignPage struct {
	status         int
	at             *url.URL
	location, page string
}

// signsIn follows a question to the provider, fills in its page and returns the address
// with the answer.
func (f *foreigner) signsIn(question, who string) string {
	f.Helper()
	a := f.ask(http.MethodGet, question, nil)
	form := formAction.FindStringSubmatch(a.page)
	if form == nil {
		f.Fatalf("%s asks for nothing: %d\n%s", question, a.status, a.page)
	}
	to, err := a.at.Parse(form[1])
	if err != nil {
		f.Fatal(err)
	}
	a = f.ask(http.MethodPost, to.String(), url.Values{"prompt": {"login"}, "login": {who + "@there"}, "password": {"x"}})
	back, err := url.Parse(a.location)
	if err != nil || !strings.HasSuffix(back.Path, "/return") {
		f.Fatalf("sent to %v, %v\n%s", back, err, a.page)
	}
	return back.RequestURI()
}

// ask sends a form, or none, and returns the answer with its text.
func (f *foreigner) ask(method, address string, form url.Values) foreignPage {
	f.Helper()
	r, err := http.NewRequestWithContext(f.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		f.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a, err := f.client.Do(r)
	if err != nil {
		f.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		f.Fatal(err)
	}
	return foreignPage{a.StatusCode, a.Request.URL, a.Header.Get("Location"), string(text)}
}
