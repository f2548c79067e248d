// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"verlof/errs"
	"verlof/identity"
	"verlof/identity/openid"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// relying is a provider over a database, with a clock that the test moves, a person
// who is signed in and a client.
type relying struct {
	*openid.Provider
	t      *testing.T
	db     *store.DB
	time   time.Time
	who    openid.Who
	keeper people.ID
	client openid.Client
	key    string // that it proves to have
}

const (
	there    = "https://app.example/back"
	verifier = "a-verifier-that-is-long-enough-to-be-one-of-them"
)

func challenge() string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// relies returns a provider with a client, which change may change before.
func relies(t *testing.T, setting string, change func(*openid.Client)) *relying {
	t.Helper()
	r := &relying{t: t, db: customer(t, setting, 2, 25), time: march, keeper: "keeper"}
	text, err := openid.MakeAuthority(march)
	if err != nil {
		t.Fatal(err)
	}
	a, err := openid.ReadAuthority(text)
	if err != nil {
		t.Fatal(err)
	}
	r.Provider = &openid.Provider{Store: r.db.OpenID(), Now: func() time.Time { return r.time }, Issuer: "https://one.example", Host: "one.example",
		Limits: openid.DefaultLimits(), Authority: func(context.Context) (*openid.Authority, error) { return a, nil }}
	ann := storetest.Worker(0)
	r.who = openid.Who{Person: ann, Session: "session-1", Auth: march, Methods: []string{"pwd"}, Level: "1"}
	update(t, r.db, func(tx *store.Tx) error {
		keeper := people.Person{ID: r.keeper, Email: "keeper@example.com", GivenName: "K", Active: true, Roles: people.SystemManager}
		return errors.Join(tx.SavePerson(keeper),
			tx.SaveAccount(identity.Account{Person: ann, State: identity.Open, ChangedAt: march}),
			tx.InsertSession(identity.Session{ID: "session-1", Digest: "d", Person: ann, Created: march, Seen: march, Expires: march.AddDate(1, 0, 0)}))
	})
	c := openid.Client{Name: "App", Kind: openid.Confidential, Redirects: []string{there}, Scope: "openid profile email offline_access leave:read",
		Subjects: openid.SubjectPublic, Trusted: true}
	if change != nil {
		change(&c)
	}
	if r.client, _, err = r.Register(t.Context(), r.keeper, c); err != nil {
		t.Fatal(err)
	}
	return r
}

// ask is an authorization request, with more parameters as name, value pairs.
func (r *relying) ask(pairs ...string) url.Values {
	q := url.Values{"client_id": {r.client.ID}, "redirect_uri": {there}, "response_type": {"code"}, "scope": {"openid offline_access"},
		"state": {"s"}, "code_challenge": {challenge()}, "code_challenge_method": {"S256"}}
	for pair := range slices.Chunk(pairs, 2) {
		q.Set(pair[0], pair[1])
	}
	return q
}

// code signs in at the client and returns the code that it gets.
func (r *relying) code(pairs ...string) string {
	r.t.Helper()
	a, err := r.Authorize(r.t.Context(), r.ask(pairs...), r.who)
	if err != nil {
		r.t.Fatal(err)
	}
	to, err := url.Parse(a.Redirect)
	if err != nil || to.Query().Get("code") == "" || to.Query().Get("iss") != r.Issuer || to.Query().Get("state") != "s" {
		r.t.Fatalf("answered %+v", a)
	}
	return to.Query().Get("code")
}

func (r *relying) token(pairs ...string) (openid.Tokens, error) {
	form := url.Values{}
	for pair := range slices.Chunk(pairs, 2) {
		form.Set(pair[0], pair[1])
	}
	return r.Token(r.t.Context(), r.client, r.key, form)
}

func (r *relying) redeem(code string) (openid.Tokens, error) {
	return r.token("grant_type", "authorization_code", "code", code, "redirect_uri", there, "code_verifier", verifier)
}

func (r *relying) refresh(token string) (openid.Tokens, error) {
	return r.token("grant_type", "refresh_token", "refresh_token", token)
}

// fresh returns tokens of a new sign-in.
func (r *relying) fresh(pairs ...string) openid.Tokens {
	r.t.Helper()
	tokens, err := r.redeem(r.code(pairs...))
	if err != nil {
		r.t.Fatal(err)
	}
	return tokens
}

// faulty demands a fault with a name.
func faulty(t *testing.T, what string, err error, code string) {
	t.Helper()
	var f *openid.Fault
	if !errors.As(err, &f) || f.Code != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

// good demands that an access token opens something, or that it does not.
func (r *relying) good(what, token string, want bool) {
	r.t.Helper()
	_, err := r.Bearer(r.t.Context(), token)
	if want && err != nil {
		r.t.Errorf("%s: %v", what, err)
	}
	if !want {
		faulty(r.t, what, err, "invalid_token")
	}
}

// TestCodeTwice: a code works once. The second use gives nothing and ends what the first
// gave, the refresh token too.
func TestCodeTwice(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		r := relies(t, setting, nil)
		code := r.code()
		first, err := r.redeem(code)
		if err != nil {
			t.Fatal(err)
		}
		r.good("after the first use", first.Access, true)
		_, err = r.redeem(code)
		faulty(t, "second use", err, "invalid_grant")
		r.good("after the second use", first.Access, false)
		_, err = r.refresh(first.Refresh)
		faulty(t, "refresh after the second use", err, "invalid_grant")
	})
}

// TestCodeAtOnce: of many who use one code at once, one gets tokens at most.
func TestCodeAtOnce(t *testing.T) {
	storetest.AtOnce(t, func(t *testing.T, setting string) {
		r := relies(t, setting, nil)
		code := r.code()
		var got sync.Map
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				if _, err := r.redeem(code); err == nil {
					got.Store(i, true)
				}
			})
		}
		all.Wait()
		n := 0
		got.Range(func(any, any) bool { n++; return true })
		if n != 1 {
			t.Errorf("%d got tokens", n)
		}
	})
}

// TestCodeRefused: what must not be exchanged.
func TestCodeRefused(t *testing.T) {
	r := relies(t, "sqlite:"+t.TempDir(), nil)
	for name, pairs := range map[string][]string{
		"other_verifier":  {"code_verifier", strings.Repeat("x", 43)},
		"no_verifier":     {"code_verifier", ""},
		"other_address":   {"redirect_uri", there + "/"},
		"no_address":      {"redirect_uri", ""},
		"unknown_code":    {"code", "nonesuch"},
		"challenge_as_it": {"code_verifier", challenge()},
	} {
		form := append([]string{"grant_type", "authorization_code", "code", r.code(), "redirect_uri", there, "code_verifier", verifier}, pairs...)
		_, err := r.token(form...)
		faulty(t, name, err, "invalid_grant")
	}
	late := r.code()
	r.time = r.time.Add(r.Limits.Code)
	_, err := r.redeem(late)
	faulty(t, "too_late", err, "invalid_grant")
	r.time = march
	code := r.code()
	other, _, err := r.Register(t.Context(), r.keeper, openid.Client{Name: "Other", Kind: openid.Confidential, Redirects: []string{there}, Scope: "openid", Subjects: openid.SubjectPublic})
	if err != nil {
		t.Fatal(err)
	}
	mine := r.client
	r.client = other
	_, err = r.redeem(code)
	faulty(t, "another_client", err, "invalid_grant")
	r.client = mine
	if _, err := r.redeem(code); err != nil {
		t.Errorf("another client used up the code: %v", err)
	}
}

// TestRefresh: a refresh token gives another and works once; one that comes back ends
// the line, and so does its end.
func TestRefresh(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		r := relies(t, setting, nil)
		one := r.fresh()
		two, err := r.refresh(one.Refresh)
		if err != nil || two.Refresh == one.Refresh || two.ID == "" {
			t.Fatalf("%+v, %v", two, err)
		}
		_, err = r.token("grant_type", "refresh_token", "refresh_token", two.Refresh, "scope", "openid leave:write")
		faulty(t, "more than was granted", err, "invalid_scope")
		less, err := r.token("grant_type", "refresh_token", "refresh_token", two.Refresh, "scope", "openid")
		if err != nil || less.Scope != "openid" {
			t.Fatalf("less than was granted: %+v, %v", less, err)
		}
		_, err = r.refresh(one.Refresh)
		faulty(t, "the first one again", err, "invalid_grant")
		_, err = r.refresh(less.Refresh)
		faulty(t, "the last one after a theft", err, "invalid_grant")
		r.good("access after a theft", less.Access, false)

		idle := r.fresh()
		r.time = r.time.Add(r.Limits.Refresh)
		_, err = r.refresh(idle.Refresh)
		faulty(t, "unused for too long", err, "invalid_grant")
	})
}

// TestGrantEnds: a grant ends with the person's account, with the client, and with the
// session unless it was given for when the person is away.
func TestGrantEnds(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		r := relies(t, setting, nil)
		bound, away := r.fresh("scope", "openid"), r.fresh()
		update(t, r.db, func(tx *store.Tx) error {
			return errors.Join(openid.SessionEnded(tx, "session-1"), tx.DeleteSession("d"))
		})
		r.good("bound to the session", bound.Access, false)
		_, err := r.refresh(bound.Refresh)
		faulty(t, "refresh bound to the session", err, "invalid_grant")
		r.good("offline", away.Access, true)
		account := func(s identity.State) {
			update(t, r.db, func(tx *store.Tx) error {
				return tx.SaveAccount(identity.Account{Person: r.who.Person, State: s, ChangedAt: march})
			})
		}
		account(identity.Blocked)
		r.good("of a blocked person", away.Access, false)
		_, err = r.refresh(away.Refresh)
		faulty(t, "refresh of a blocked person", err, "invalid_grant")
		account(identity.Open)
		r.good("of a person who may come in again", away.Access, true)
		if err := r.DeleteClient(t.Context(), r.keeper, r.client.ID); err != nil {
			t.Fatal(err)
		}
		r.good("of a client that is gone", away.Access, false)
	})
}

// TestLogoutIsTold: clients that want to know hear once that a session ended.
func TestLogoutIsTold(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		r := relies(t, setting, func(c *openid.Client) { c.Logout = "https://app.example/bye" })
		r.fresh()
		r.fresh("scope", "openid")
		update(t, r.db, func(tx *store.Tx) error { return openid.SessionEnded(tx, "session-1") })
		rows, err := r.db.Outbox().Claim(t.Context(), time.Now().Add(time.Hour), time.Now().Add(2*time.Hour), 9)
		if err != nil || len(rows) != 1 || rows[0].Kind != openid.KindLogout {
			t.Fatalf("%+v, %v", rows, err)
		}
		where, token, err := r.LogoutToken(t.Context(), rows[0].Payload)
		if err != nil || where != "https://app.example/bye" || strings.Count(token, ".") != 2 {
			t.Errorf("%q %q %v", where, token, err)
		}
		r.good("a logout token as an access token", token, false)
	})
}

// TestConsent: a person is asked once for each thing that a client wants, and again when
// it wants more.
func TestConsent(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		r := relies(t, setting, func(c *openid.Client) { c.Trusted = false })
		ctx := t.Context()
		a, err := r.Authorize(ctx, r.ask("scope", "openid email"), r.who)
		want := &openid.Consult{Client: "App", Scopes: []string{"openid", "email"}, Host: "app.example", Address: there}
		if err != nil || cmp.Diff(want, a.Consent) != "" {
			t.Fatalf("%+v, %v", a, err)
		}
		a, err = r.Authorize(ctx, r.ask("scope", "openid email", "prompt", "none"), r.who)
		if err != nil || !strings.Contains(a.Redirect, "error=consent_required") {
			t.Errorf("prompt=none: %+v, %v", a, err)
		}
		a, err = r.Decide(ctx, r.ask("scope", "openid email"), r.who, false)
		if err != nil || !strings.Contains(a.Redirect, "error=access_denied") {
			t.Errorf("did not agree: %+v, %v", a, err)
		}
		a, err = r.Decide(ctx, r.ask("scope", "openid email"), r.who, true)
		if err != nil || !strings.Contains(a.Redirect, "code=") {
			t.Errorf("agreed: %+v, %v", a, err)
		}
		r.code("scope", "openid")
		for name, pairs := range map[string][]string{"more": {"scope", "openid profile"}, "a_claim": {"scope", "openid", "claims", `{"userinfo":{"name":null}}`},
			"asked_to_ask": {"scope", "openid", "prompt", "consent"}} {
			if a, err = r.Authorize(ctx, r.ask(pairs...), r.who); err != nil || a.Consent == nil {
				t.Errorf("%s: %+v, %v", name, a, err)
			}
		}
	})
}

// TestPairwise: clients of two sectors know a person under two names, and always the
// same ones.
func TestPairwise(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		r := relies(t, setting, func(c *openid.Client) { c.Subjects = openid.SubjectPairwise })
		ctx := t.Context()
		sub := func() string {
			info, err := r.UserInfo(httptest.NewRequestWithContext(ctx, http.MethodGet, openid.UserInfoPath, nil), r.fresh().Access)
			if err != nil {
				t.Fatal(err)
			}
			return info["sub"].(string)
		}
		one := sub()
		if again := sub(); again != one || one == string(r.who.Person) {
			t.Errorf("%q, then %q", one, again)
		}
		other := openid.Client{Name: "B", Kind: openid.Confidential, Redirects: []string{there}, Scope: "openid", Subjects: openid.SubjectPairwise, Trusted: true}
		for _, place := range []string{"https://app.example/elsewhere", "https://b.example/back"} {
			other.Redirects = []string{place, there}
			var err error
			if r.client, _, err = r.Register(ctx, r.keeper, other); err != nil {
				t.Fatal(err)
			}
			if same := sub() == one; same != strings.Contains(place, "app.example") {
				t.Errorf("at %s the same name: %t", place, same)
			}
		}
	})
}

// TestDevice: a device asks, waits, and gets tokens once when a person agrees.
func TestDevice(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		r := relies(t, setting, func(c *openid.Client) { c.Kind = openid.Device })
		ctx := t.Context()
		begin := func() openid.DeviceCodes {
			codes, err := r.Device(ctx, r.client, url.Values{"scope": {"openid"}})
			if err != nil {
				t.Fatal(err)
			}
			return codes
		}
		codes := begin()
		poll := func(codes openid.DeviceCodes) (openid.Tokens, error) {
			return r.token("grant_type", "urn:ietf:params:oauth:grant-type:device_code", "device_code", codes.Device)
		}
		_, err := poll(codes)
		faulty(t, "at once", err, "authorization_pending")
		_, err = poll(codes)
		faulty(t, "too often", err, "slow_down")
		ask, err := r.FindDevice(ctx, r.who, strings.ToLower(strings.ReplaceAll(codes.User, "-", " ")))
		if err != nil || ask.Client != "App" {
			t.Fatalf("%+v, %v", ask, err)
		}
		if _, err := r.DecideDevice(ctx, r.who, codes.User, true); err != nil {
			t.Fatal(err)
		}
		if _, err := r.DecideDevice(ctx, r.who, codes.User, true); !errs.Is(err, errs.Invalid) {
			t.Errorf("decided twice: %v", err)
		}
		tokens, err := poll(codes)
		if err != nil || tokens.Refresh == "" {
			t.Fatalf("%+v, %v", tokens, err)
		}
		r.good("of the device", tokens.Access, true)
		_, err = poll(codes)
		faulty(t, "twice", err, "invalid_grant")
		denied := begin()
		if _, err := r.DecideDevice(ctx, r.who, denied.User, false); err != nil {
			t.Fatal(err)
		}
		_, err = poll(denied)
		faulty(t, "denied", err, "access_denied")
		late := begin()
		r.time = r.time.Add(r.Limits.Device)
		_, err = poll(late)
		faulty(t, "late", err, "expired_token")
		late = begin()
		r.time = r.time.Add(r.Limits.Device)
		begin()
		err = r.db.View(ctx, func(tx *store.Tx) error {
			_, err := tx.DeviceRequest(identity.DigestOf(late.Device))
			return err
		})
		if !errs.Is(err, errs.NotFound) {
			t.Errorf("what came too late is kept after the next has come: %v", err)
		}
		for range 20 {
			_, err = r.FindDevice(ctx, r.who, "BBBB-BBBB")
		}
		if !errs.Is(err, errs.TooMany) {
			t.Errorf("guessing codes: %v", err)
		}
	})
}

// TestRotation: a new key signs at once, and the old one verifies until the last token
// that it signed has ended. It happens by itself when a key is old.
func TestRotation(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		r := relies(t, setting, nil)
		ids := func() (list []string) {
			set, err := r.Keys(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range set.Keys {
				list = append(list, k.ID)
			}
			return list
		}
		before := r.fresh()
		first := ids()
		if _, err := r.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
		second := ids()
		if len(first) != 1 || len(second) != 2 || second[1] != first[0] {
			t.Fatalf("keys %v, then %v", first, second)
		}
		after := r.fresh()
		r.good("signed before", before.Access, true)
		r.good("signed after", after.Access, true)
		other := relies(t, "sqlite:"+t.TempDir(), nil)
		if _, err := other.Bearer(t.Context(), after.Access); err == nil {
			t.Error("another customer takes the token")
		}
		r.time = r.time.Add(r.Limits.Access + 2*time.Minute)
		if now := ids(); !slices.Equal(now, second[:1]) {
			t.Errorf("once its tokens ended: keys %v, want %v", now, second[:1])
		}
		if _, err := r.refresh(before.Refresh); err != nil {
			t.Errorf("a rotation signed somebody out: %v", err)
		}
		r.time = r.time.Add(r.Limits.Rotate)
		if now := ids(); len(now) != 2 || now[1] != second[0] {
			t.Errorf("when it was old: keys %v", now)
		}
	})
}

// TestInspect: a client learns of its own tokens; of others' only who may.
func TestInspect(t *testing.T) {
	r := relies(t, "sqlite:"+t.TempDir(), nil)
	ctx, mine := t.Context(), r.fresh()
	for _, token := range []string{mine.Access, mine.Refresh} {
		if i, err := r.Inspect(ctx, r.client, token); err != nil || !i.Active || i.Subject != string(r.who.Person) {
			t.Errorf("own: %+v, %v", i, err)
		}
		if i, err := r.Inspect(ctx, openid.Client{ID: "other"}, token); err != nil || i != (openid.Inspection{}) {
			t.Errorf("another's: %+v, %v", i, err)
		}
		if i, err := r.Inspect(ctx, openid.Client{ID: "other", Inspects: true}, token); err != nil || !i.Active {
			t.Errorf("for one who may: %+v, %v", i, err)
		}
	}
	if err := r.Revoke(ctx, openid.Client{ID: "other"}, mine.Access); err != nil {
		t.Fatal(err)
	}
	r.good("revoked by another", mine.Access, true)
	if err := r.Revoke(ctx, r.client, mine.Refresh); err != nil {
		t.Fatal(err)
	}
	r.good("revoked", mine.Access, false)
	if i, err := r.Inspect(ctx, r.client, mine.Access); err != nil || i.Active {
		t.Errorf("revoked: %+v, %v", i, err)
	}
}

// TestRegister: who may keep clients, and what may not be registered.
func TestRegister(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		r := relies(t, setting, nil)
		ctx := t.Context()
		if _, _, err := r.Register(ctx, r.who.Person, r.client); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an employee registered a client: %v", err)
		}
		if _, err := r.Clients(ctx, r.who.Person); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an employee read the clients: %v", err)
		}
		for _, bad := range []string{"http://app.example/", "https://app.example/#x", "javascript:alert(1)", "data:text/html,x", "https://*.example/", "/back", "app.scheme:/x", "https://u@app.example/"} {
			c := r.client
			c.Redirects = []string{bad}
			if _, _, err := r.Register(ctx, r.keeper, c); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", bad, err)
			}
		}
		c, secrets, err := r.Client(ctx, r.keeper, r.client.ID)
		if diff := cmp.Diff(r.client, c, cmpopts.EquateEmpty()); err != nil || diff != "" || len(secrets) != 1 {
			t.Errorf("%v, %d secrets (-want +got)\n%s", err, len(secrets), diff)
		}
		if err := r.DeleteSecret(ctx, r.keeper, c.ID, secrets[0].ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("the last secret: %v", err)
		}
		if _, err := r.AddSecret(ctx, r.keeper, c.ID); err != nil {
			t.Error(err)
		}
		if _, err := r.AddSecret(ctx, r.keeper, c.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("a third secret: %v", err)
		}
		if err := r.DeleteSecret(ctx, r.keeper, c.ID, secrets[0].ID); err != nil {
			t.Error(err)
		}
	})
}

// TestForgetGrants: what has ended makes room, what has not stays.
func TestForgetGrants(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		r := relies(t, setting, nil)
		r.code()
		kept := r.fresh()
		update(t, r.db, func(tx *store.Tx) error { return tx.ForgetGrants(march.Add(time.Hour), 10) })
		r.good("kept", kept.Access, true)
		update(t, r.db, func(tx *store.Tx) error { return tx.ForgetGrants(march.AddDate(0, 2, 0), 10) })
		r.good("forgotten", kept.Access, false)
	})
}

// TestRecognised: a token that was seen to be good is looked at again each time: it ends with
// its grant and at its time, and is nobody else's.
func TestRecognised(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		r := relies(t, setting, nil)
		other := &openid.Provider{Store: r.db.OpenID(), Now: r.Now, Issuer: "https://two.example", Host: "two.example", Limits: r.Limits, Authority: r.Authority}
		for name, end := range map[string]func(token string) error{
			"revoked": func(token string) error { return r.Revoke(t.Context(), r.client, token) },
			"over":    func(string) error { r.time = r.time.Add(r.Limits.Access); return nil },
		} {
			token := r.fresh().Access
			for range 2 {
				r.good(name+": before", token, true)
				_, err := other.Bearer(t.Context(), token)
				faulty(t, "at another customer", err, "invalid_token")
			}
			if err := end(token); err != nil {
				t.Fatal(err)
			}
			r.good(name, token, false)
		}
	})
}
