// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"verlof/identity/openid"
	"verlof/internal/prooftest"
	"verlof/people"
)

// relying is an application that signs people in at a customer of a running server: what
// it is told, and the browser of somebody who uses it. Its clock is the server's.
type relying struct {
	*world
	*customer
	issuer  string
	server  string // where it listens
	client  openid.Client
	secret  string
	browser *http.Client // keeps cookies, follows nothing
	time    time.Time
	post    bool           // it sends its secret in the form
	key     *prooftest.Key // it signs who it is
	sender  *prooftest.Key // its tokens are bound to it
}

const (
	backThere = "https://app.example.test/back"
	outThere  = "https://app.example.test/out"
	verifier  = "a-verifier-that-is-long-enough-to-be-one-of-them"
)

// newRelying starts a server and registers an application at acme, which change may
// change before.
func newRelying(t *testing.T, change func(*openid.Client)) *relying {
	t.Helper()
	r := &relying{time: now}
	r.world = newWorldAt(t, nil, func() time.Time { return r.time })
	server := httptest.NewServer(r.world.handler)
	t.Cleanup(server.Close)
	r.server = server.Listener.Addr().String()
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		if !strings.HasPrefix(address, "127.0.0.1:") { // not of another program on this machine
			address = r.server
		}
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	r.browser = &http.Client{Transport: &http.Transport{DialContext: dial}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(r.browser.CloseIdleConnections)
	r.forget()
	r.at(r.acme, change)
	return r
}

// at registers the application at a customer.
func (r *relying) at(c *customer, change func(*openid.Client)) {
	r.world.Helper()
	r.customer, r.issuer = c, "http://"+c.host
	want := openid.Client{Name: "Roster", Kind: openid.Confidential, Redirects: []string{backThere}, PostLogout: []string{outThere},
		Scope: "openid profile email offline_access", Subjects: openid.SubjectPublic, Trusted: true}
	if change != nil {
		change(&want)
	}
	var err error
	if r.client, r.secret, err = c.OpenID.Register(r.world.Context(), people.ID(c.id("ana")), want); err != nil {
		r.world.Fatal(err)
	}
}

// forget gives the person a new browser.
func (r *relying) forget() {
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.world.Fatal(err)
	}
	r.browser.Jar = jar
}

// answer is what the server said.
type answer struct {
	*http.Response
	body string
	json map[string]any
}

func (r *relying) send(req *http.Request) answer {
	r.world.Helper()
	res, err := r.browser.Do(req)
	if err != nil {
		r.world.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		r.world.Fatal(err)
	}
	a := answer{Response: res, body: string(body)}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(body, &a.json); err != nil {
			r.world.Fatalf("%v: %s", err, body)
		}
	}
	return a
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for pair := range slices.Chunk(pairs, 2) {
		v.Set(pair[0], pair[1])
	}
	return v
}

// full returns an address with the host of the customer's site where it has none.
func (r *relying) full(address string) string {
	if strings.HasPrefix(address, "/") {
		return r.issuer + address
	}
	return address
}

func (r *relying) get(address string) answer {
	r.world.Helper()
	req, err := http.NewRequestWithContext(r.world.Context(), http.MethodGet, r.full(address), nil)
	if err != nil {
		r.world.Fatal(err)
	}
	req.Header.Set("Accept", "text/html,*/*;q=0.8") // as a browser that goes somewhere
	return r.send(req)
}

// form sends a form; head are more headers, as name, value pairs.
func (r *relying) form(address string, v url.Values, head ...string) answer {
	r.world.Helper()
	req, err := http.NewRequestWithContext(r.world.Context(), http.MethodPost, r.full(address), strings.NewReader(v.Encode()))
	if err != nil {
		r.world.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for pair := range slices.Chunk(head, 2) {
		req.Header.Set(pair[0], pair[1])
	}
	return r.send(req)
}

func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// request is an authorization request, with more or other parameters; "" takes one out.
func (r *relying) request(pairs ...string) url.Values {
	q := values("client_id", r.client.ID, "redirect_uri", backThere, "response_type", "code", "scope", "openid", "state", "some state",
		"nonce", "a nonce", "code_challenge", challengeOf(verifier), "code_challenge_method", "S256")
	for pair := range slices.Chunk(pairs, 2) {
		if q.Set(pair[0], pair[1]); pair[1] == "" {
			q.Del(pair[0])
		}
	}
	return q
}

// follow goes on from an answer as a browser does, fills in the sign-in of carla where it
// is asked for, agrees, and returns the first answer that is a page or leads away. signedIn
// says how often a sign-in was asked for.
func (r *relying) follow(a answer) (last answer, signedIn int) {
	r.world.Helper()
	for range 20 {
		to := a.Header.Get("Location")
		switch {
		case strings.Contains(a.body, `action="/oauth/consent"`):
			a = r.form("/oauth/consent", values("request", between(a.body, `name="request" value="`, `"`), "decision", "allow"))
		case to == "" || strings.HasPrefix(to, "https://app.example.test/"):
			return a, signedIn
		case strings.HasPrefix(to, "/sign-in"):
			u, err := url.Parse(to)
			if err != nil {
				r.world.Fatal(err)
			}
			if page := r.get(to); page.StatusCode != http.StatusOK {
				return page, signedIn
			}
			signedIn++
			a = r.form("/sign-in", values("email", "carla@"+r.host, "password", password, "next", u.Query().Get("next")))
		default:
			a = r.get(to)
		}
	}
	r.world.Fatal("the browser goes round in circles")
	return a, signedIn
}

// between returns what stands in HTML between two texts.
func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return html.UnescapeString(s)
}

// ask sends an authorization request and returns what came of it.
func (r *relying) ask(pairs ...string) (answer, int) {
	r.world.Helper()
	return r.follow(r.get(openid.AuthorizePath + "?" + r.request(pairs...).Encode()))
}

// back returns the parameters that came back to the application, and demands state and iss.
func (r *relying) back(a answer) url.Values {
	r.world.Helper()
	to := a.Header.Get("Location")
	u, err := url.Parse(to)
	if err != nil || !strings.HasPrefix(to, backThere) {
		r.world.Fatalf("nothing came back: %d %q %s", a.StatusCode, to, a.body)
	}
	q := u.Query()
	if q.Get("state") != "some state" || q.Get("iss") != r.issuer {
		r.world.Errorf("state %q, iss %q", q.Get("state"), q.Get("iss"))
	}
	return q
}

// code signs carla in and returns the code.
func (r *relying) code(pairs ...string) string {
	r.world.Helper()
	a, _ := r.ask(pairs...)
	code := r.back(a).Get("code")
	if code == "" {
		r.world.Fatalf("no code: %s", a.Header.Get("Location"))
	}
	return code
}

// call sends a form to an endpoint with proof of who the application is.
func (r *relying) call(path string, pairs ...string) answer {
	r.world.Helper()
	v, head := values(pairs...), r.proof("POST", path, "")
	if r.key != nil {
		v.Set("client_assertion_type", assertionType)
		v.Set("client_assertion", r.key.Sign(nil, r.asserts()))
		return r.form(path, v, head...)
	}
	if r.post || r.secret == "" {
		v.Set("client_id", r.client.ID)
		if r.secret != "" {
			v.Set("client_secret", r.secret)
		}
		return r.form(path, v, head...)
	}
	basic := url.QueryEscape(r.client.ID) + ":" + url.QueryEscape(r.secret)
	return r.form(path, v, append(head, "Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(basic)))...)
}

// proof returns the header in which the application proves to have its key, where it has one.
func (r *relying) proof(method, path, token string) []string {
	if r.sender == nil {
		return nil
	}
	return []string{"DPoP", r.sender.Prove(prooftest.Possession(method, r.issuer+path, token, r.time))}
}

func (r *relying) redeem(code string) answer {
	r.world.Helper()
	return r.call(openid.TokenPath, "grant_type", "authorization_code", "code", code, "redirect_uri", backThere, "code_verifier", verifier)
}

// tokens are those of a new sign-in, with what is in them.
type tokens struct {
	answer
	access, refresh, id string
	accessClaims        map[string]any
	claims              map[string]any // of the ID token
	head                map[string]any // of the ID token
}

func (r *relying) tokens(pairs ...string) tokens {
	r.world.Helper()
	return r.read(r.redeem(r.code(pairs...)))
}

func (r *relying) read(a answer) tokens {
	r.world.Helper()
	if a.StatusCode != http.StatusOK || a.Header.Get("Cache-Control") != "no-store" {
		r.world.Fatalf("no tokens: %d %s", a.StatusCode, a.body)
	}
	text := func(name string) string { s, _ := a.json[name].(string); return s }
	t := tokens{answer: a, access: text("access_token"), refresh: text("refresh_token"), id: text("id_token")}
	_, t.accessClaims = r.parts(t.access)
	if t.id != "" {
		t.head, t.claims = r.parts(t.id)
	}
	return t
}

// parts returns header and claims of a token, unchecked.
func (r *relying) parts(token string) (head, claims map[string]any) {
	r.world.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		r.world.Fatalf("no token: %q", token)
	}
	for i, to := range []*map[string]any{&head, &claims} {
		b, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err == nil {
			err = json.Unmarshal(b, to)
		}
		if err != nil {
			r.world.Fatal(err)
		}
	}
	return head, claims
}

// userInfo asks who the person is.
func (r *relying) userInfo(token string) answer {
	r.world.Helper()
	req, err := http.NewRequestWithContext(r.world.Context(), http.MethodGet, r.issuer+openid.UserInfoPath, nil)
	if err != nil {
		r.world.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if p := r.proof("GET", openid.UserInfoPath, token); p != nil {
		req.Header.Set("Authorization", "DPoP "+token)
		req.Header.Set(p[0], p[1])
	}
	return r.send(req)
}

// failed demands an error of an endpoint in the protocol's form.
func (r *relying) failed(what string, a answer, status int, code string) {
	r.world.Helper()
	if a.StatusCode != status || a.json["error"] != code {
		r.world.Errorf("%s: %d %s, want %d %s", what, a.StatusCode, a.body, status, code)
	}
}
