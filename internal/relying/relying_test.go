// SPDX-License-Identifier: Apache-2.0

package relying_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"verlof/errs"
	"verlof/internal/outside"
	"verlof/internal/relying"
	"verlof/internal/relying/relyingtest"
)

var start = time.Date(2026, 3, 16, 9, 30, 0, 0, time.UTC)

// world is a provider, who asks it, and their clocks.
type world struct {
	*testing.T
	*relyingtest.Provider
	party  *relying.Party
	client *http.Client
	here   time.Time
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, here: start}
	w.Provider = relyingtest.New(t, func() time.Time { return start }, map[string]any{"sub": "s-1", "email": "carla@acme.test", "email_verified": true, "groups": []string{"staff"}})
	w.client = outside.Reach{Local: true}.Client(5*time.Second, 1<<20)
	w.party = &relying.Party{Client: w.client, Now: func() time.Time { return w.here }}
	return w
}

func (w *world) known() relying.Provider {
	return relying.Provider{Issuer: w.URL, ClientID: relyingtest.ClientID, Secret: relyingtest.Secret, Scopes: []string{"email"}}
}

// signIn asks the provider and redeems its answer; between may change what comes back.
func (w *world) signIn(ask relying.Ask, between func(*relying.Ask, *relying.Answer)) (relying.Claims, error) {
	w.Helper()
	to, err := w.party.Begin(w.Context(), w.known(), ask)
	if err != nil {
		return relying.Claims{}, err
	}
	a, err := w.client.Get(to)
	if err != nil {
		w.Fatal(err)
	}
	_ = a.Body.Close()
	back, err := url.Parse(a.Header.Get("Location"))
	if err != nil || back.Query().Get("state") != ask.State {
		w.Fatalf("sent back to %v, %v", back, err)
	}
	got := relying.Answer{Code: back.Query().Get("code"), Issuer: back.Query().Get("iss")}
	if between != nil {
		between(&ask, &got)
	}
	return w.party.Finish(w.Context(), w.known(), ask, got)
}

func ask() relying.Ask {
	return relying.Ask{Secret: "what the browser holds", State: "a state", Redirect: "https://acme.test/sso/x/return"}
}

func TestSignIn(t *testing.T) {
	for _, alg := range []string{"RS256", "PS256", "ES256"} {
		t.Run(alg, func(t *testing.T) {
			w := newWorld(t)
			w.Alg = alg
			c, err := w.signIn(ask(), nil)
			groups, known := c.List("groups")
			if err != nil || c.Subject != "s-1" || c.Email != "carla@acme.test" || c.Verified != relying.Yes || !known || !slices.Equal(groups, []string{"staff"}) {
				t.Errorf("%+v, %v", c, err)
			}
		})
	}
}

// TestRefused: an answer with one thing wrong is worth nothing.
func TestRefused(t *testing.T) {
	claim := func(name string, value any) func(*relyingtest.Provider) {
		return func(p *relyingtest.Provider) { p.Alter = func(_, c map[string]any) { c[name] = value } }
	}
	for name, spoil := range map[string]func(*relyingtest.Provider){
		"other_issuer":      claim("iss", "https://login.example.test"),
		"other_audience":    claim("aud", "roster"),
		"many_audiences":    claim("aud", []string{relyingtest.ClientID, "roster"}),
		"other_party":       claim("azp", "roster"),
		"other_nonce":       claim("nonce", "of somebody else"),
		"no_nonce":          claim("nonce", nil),
		"expired":           claim("exp", start.Add(-relying.Skew-time.Second).Unix()),
		"of_the_future":     claim("iat", start.Add(relying.Skew+time.Second).Unix()),
		"not_yet":           claim("nbf", start.Add(time.Hour).Unix()),
		"no_subject":        claim("sub", ""),
		"other_access":      claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"),
		"unsigned":          func(p *relyingtest.Provider) { p.Alg = "none" },
		"symmetric":         func(p *relyingtest.Provider) { p.Alg = "HS256" },
		"other_key":         func(p *relyingtest.Provider) { p.Forge = true },
		"changed":           func(p *relyingtest.Provider) { p.Cut = true },
		"answer_of_another": func(p *relyingtest.Provider) { p.Iss = "https://login.example.test" },
		"foreign_claims":    func(p *relyingtest.Provider) { p.Info = map[string]any{"sub": "s-2", "email": "ana@acme.test"} },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			spoil(w.Provider)
			if c, err := w.signIn(ask(), nil); !errs.Is(err, errs.Unauthenticated) {
				t.Errorf("%+v, %v", c, err)
			}
		})
	}
}

// TestBound: a code is worth something only to who asked for it, once, and with its issuer.
func TestBound(t *testing.T) {
	for name, between := range map[string]func(*relying.Ask, *relying.Answer){
		"other_browser": func(a *relying.Ask, _ *relying.Answer) { a.Secret = "what another holds" },
		"other_address": func(a *relying.Ask, _ *relying.Answer) { a.Redirect = "https://globex.test/sso/x/return" },
		"other_code":    func(_ *relying.Ask, got *relying.Answer) { got.Code = "guessed" },
		"no_issuer":     func(_ *relying.Ask, got *relying.Answer) { got.Issuer = "" },
	} {
		t.Run(name, func(t *testing.T) {
			if c, err := newWorld(t).signIn(ask(), between); !errs.Is(err, errs.Unauthenticated) {
				t.Errorf("%+v, %v", c, err)
			}
		})
	}
	w := newWorld(t)
	var kept relying.Answer
	if _, err := w.signIn(ask(), func(_ *relying.Ask, got *relying.Answer) { kept = *got }); err != nil {
		t.Fatal(err)
	}
	if _, err := w.party.Finish(t.Context(), w.known(), ask(), kept); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("a second time: %v", err)
	}
}

// TestClocks: clocks that differ a little are no fault, and ones that differ much are.
func TestClocks(t *testing.T) {
	for late, want := range map[time.Duration]bool{-90 * time.Second: true, 6 * time.Minute: true, 8 * time.Minute: false, -3 * time.Minute: false} {
		w := newWorld(t)
		w.here = start.Add(late)
		if _, err := w.signIn(ask(), nil); (err == nil) != want {
			t.Errorf("%v late: %v", late, err)
		}
	}
}

// TestRotated: a key that is new at the provider is fetched.
func TestRotated(t *testing.T) {
	w := newWorld(t)
	if _, err := w.signIn(ask(), nil); err != nil {
		t.Fatal(err)
	}
	w.Rotate()
	if _, err := w.signIn(ask(), nil); err != nil {
		t.Errorf("with a new key: %v", err)
	}
}

// TestAgain: who is to prove once more who they are must have done so just now.
func TestAgain(t *testing.T) {
	w := newWorld(t)
	again := ask()
	again.Again = true
	if c, err := w.signIn(again, nil); err != nil || !c.Auth.Equal(start) {
		t.Errorf("%v, %v", c.Auth, err)
	}
	w.Quiet = true
	if _, err := w.signIn(again, nil); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("not asked again: %v", err)
	}
}

// TestUnreachable: nothing is known of a provider that is not there, or is another one.
func TestUnreachable(t *testing.T) {
	w := newWorld(t)
	for _, issuer := range []string{w.URL + "/elsewhere", w.URL + "/", "http://127.0.0.1:1"} {
		if _, err := w.party.Begin(t.Context(), relying.Provider{Issuer: issuer, ClientID: "x"}, ask()); !errs.Is(err, errs.Unavailable) {
			t.Errorf("%s: %v", issuer, err)
		}
	}
}

func TestList(t *testing.T) {
	c := relying.Claims{All: map[string]any{
		"groups": []any{"a", 7.0, "", "b"}, "one": "c", "https://acme.test/groups": []any{"d"},
		"realm_access": map[string]any{"roles": []any{"e"}}, "resource_access": map[string]any{"my.app": map[string]any{"roles": []any{"f"}}},
		"_claim_names": map[string]any{"many": "src1"},
	}}
	for path, want := range map[string][]string{"groups": {"a", "b"}, "one": {"c"}, "https://acme.test/groups": {"d"}, "realm_access.roles": {"e"},
		"resource_access.my.app.roles": {"f"}, "none": nil, "realm_access": nil} {
		if got, known := c.List(path); !slices.Equal(got, want) || !known {
			t.Errorf("%s: %q, %t", path, got, known)
		}
	}
	if _, known := c.List("many"); known {
		t.Error("groups that were left out are known")
	}
}

// TestProofOfToken: when and how somebody proved who they are is what the signed token says; what else the
// provider tells changes nothing of it, and a clock of theirs that is ahead makes no proof last longer.
func TestProofOfToken(t *testing.T) {
	w := newWorld(t)
	w.Alter = func(_, claims map[string]any) { claims["auth_time"] = start.Add(8 * time.Hour).Unix() }
	w.Info = map[string]any{"sub": "s-1", "acr": "https://refeds.org/profile/mfa", "amr": []string{"mfa"}, "auth_time": start.Unix()}
	c, err := w.signIn(ask(), nil)
	if err != nil || !c.Auth.Equal(start) || c.Level != "" || c.Methods != nil {
		t.Errorf("%v, %q by %q, %v", c.Auth, c.Level, c.Methods, err)
	}
	w.Alter = func(_, claims map[string]any) { delete(claims, "auth_time") }
	if c, err := w.signIn(ask(), nil); err != nil || !c.Auth.IsZero() {
		t.Errorf("of a token that does not say: %v, %v", c.Auth, err)
	}
}
