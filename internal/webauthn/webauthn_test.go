// SPDX-License-Identifier: Apache-2.0

package webauthn_test

import (
	"encoding/json"
	"testing"

	"verlof/internal/webauthn"
	"verlof/internal/webauthn/webauthntest"
)

const origin, site = "https://acme.example.com", "acme.example.com"

var party = webauthn.Party{ID: site, Name: "Acme", Origin: origin}

// register has a key made.
func register(t *testing.T, k *webauthntest.Key, challenge webauthn.Bytes) (webauthn.Credential, error) {
	t.Helper()
	asked, err := party.Creation(challenge, webauthn.User{Handle: []byte("h"), Name: "ana@example.com", Label: "Ana"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return party.Register(challenge, read[webauthn.Registration](t, k.Create(asked)))
}

func read[T any](t *testing.T, text []byte) (v T) {
	t.Helper()
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// assertion has a key used.
func assertion(t *testing.T, k *webauthntest.Key, challenge webauthn.Bytes) webauthn.Assertion {
	t.Helper()
	asked, err := party.Request(challenge, nil)
	if err != nil {
		t.Fatal(err)
	}
	return read[webauthn.Assertion](t, k.Get(asked))
}

func TestKeys(t *testing.T) {
	for name, alg := range map[string]int{"ed25519": webauthntest.EdDSA, "p256": webauthntest.ES256, "rsa": webauthntest.RS256} {
		t.Run(name, func(t *testing.T) {
			k := webauthntest.New(origin, site, alg)
			c, err := register(t, k, webauthn.NewChallenge())
			if err != nil {
				t.Fatal(err)
			}
			for want := uint32(1); want < 3; want++ {
				challenge := webauthn.NewChallenge()
				if c.Count, err = party.Assert(challenge, c, assertion(t, k, challenge)); err != nil || c.Count != want {
					t.Errorf("use %d: count %d, %v", want, c.Count, err)
				}
			}
		})
	}
}

// TestRefusals changes one thing at a time. (ASVS 5.0, 6.7.1: the wrong site, moment,
// act or holder.)
func TestRefusals(t *testing.T) {
	for name, change := range map[string]func(*webauthntest.Key){
		"another_origin":      func(k *webauthntest.Key) { k.Origin = "https://acme.example.net" },
		"origin_without_tls":  func(k *webauthntest.Key) { k.Origin = "http://acme.example.com" },
		"origin_of_a_port":    func(k *webauthntest.Key) { k.Origin += ":8443" },
		"another_site":        func(k *webauthntest.Key) { k.Site = "birch.example.com" },
		"site_of_the_domain":  func(k *webauthntest.Key) { k.Site = "example.com" },
		"inside_another_page": func(k *webauthntest.Key) { k.CrossOrigin = true },
		"holder_not_there":    func(k *webauthntest.Key) { k.Flags = 0x04 },
		"key_not_unlocked":    func(k *webauthntest.Key) { k.Flags = 0x01 },
		"copy_of_no_copy":     func(k *webauthntest.Key) { k.Flags = 0x15 },
	} {
		t.Run(name, func(t *testing.T) {
			k := webauthntest.New(origin, site, webauthntest.ES256)
			challenge := webauthn.NewChallenge()
			c, err := register(t, k, challenge)
			if err != nil {
				t.Fatal(err)
			}
			change(k)
			if _, err := party.Assert(challenge, c, assertion(t, k, challenge)); err == nil {
				t.Error("the key was taken")
			}
			made := webauthntest.New(origin, site, webauthntest.ES256)
			change(made)
			if _, err := register(t, made, challenge); err == nil {
				t.Error("the new key was taken")
			}
		})
	}
}

// TestForgery holds answers that were tampered with, or belong to something else, against
// a good key.
func TestForgery(t *testing.T) {
	k := webauthntest.New(origin, site, webauthntest.ES256)
	challenge := webauthn.NewChallenge()
	c, err := register(t, k, challenge)
	if err != nil {
		t.Fatal(err)
	}
	other := webauthntest.New(origin, site, webauthntest.ES256)
	other.ID = k.ID
	good := assertion(t, k, challenge)
	for name, a := range map[string]webauthn.Assertion{
		"another_key":       assertion(t, other, challenge),
		"another_challenge": assertion(t, k, webauthn.NewChallenge()),
		"another_id":        assertion(t, webauthntest.New(origin, site, webauthntest.ES256), challenge),
		"cut_off":           changed(good, func(a *webauthn.Assertion) { a.Response.AuthData = a.Response.AuthData[:36] }),
		"empty":             {ID: k.ID},
		"bit_in_the_data":   changed(good, func(a *webauthn.Assertion) { a.Response.AuthData[36] ^= 1 }),
		"bit_in_the_sign":   changed(good, func(a *webauthn.Assertion) { a.Response.Signature[9] ^= 1 }),
		"no_signature":      changed(good, func(a *webauthn.Assertion) { a.Response.Signature = nil }),
		"made_not_used": changed(good, func(a *webauthn.Assertion) {
			asked, _ := party.Creation(challenge, webauthn.User{}, nil)
			a.Response.ClientData = read[webauthn.Registration](t, k.Create(asked)).Response.ClientData
		}),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := party.Assert(challenge, c, a); err == nil {
				t.Error("it was taken")
			}
		})
	}
	if _, err := party.Assert(nil, c, good); err == nil {
		t.Error("it was taken without a challenge")
	}
	if _, err := party.Assert(challenge, c, good); err != nil {
		t.Errorf("the good one: %v", err)
	}
}

func changed(a webauthn.Assertion, f func(*webauthn.Assertion)) webauthn.Assertion {
	a.Response.AuthData = append(webauthn.Bytes{}, a.Response.AuthData...)
	a.Response.Signature = append(webauthn.Bytes{}, a.Response.Signature...)
	f(&a)
	return a
}

// TestCount: a key that counts must go up; one that does not stays at 0.
func TestCount(t *testing.T) {
	k := webauthntest.New(origin, site, webauthntest.ES256)
	challenge := webauthn.NewChallenge()
	c, err := register(t, k, challenge)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		kept, says uint32
		ok         bool
	}{{0, 0, true}, {0, 1, true}, {7, 8, true}, {7, 7, false}, {7, 6, false}, {7, 0, false}} {
		c.Count, k.Count = tt.kept, tt.says-1 // using it counts one more
		got, err := party.Assert(challenge, c, assertion(t, k, challenge))
		if (err == nil) != tt.ok || tt.ok && got != tt.says {
			t.Errorf("kept %d, says %d: %d, %v", tt.kept, tt.says, got, err)
		}
	}
}

// TestRegisterRefuses are keys that are not what was asked for.
func TestRegisterRefuses(t *testing.T) {
	challenge := webauthn.NewChallenge()
	asked, err := party.Creation(challenge, webauthn.User{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*webauthn.Registration){
		"algorithm_of_another_key": func(r *webauthn.Registration) { r.Response.Algorithm = webauthntest.EdDSA },
		"algorithm_nobody_asked":   func(r *webauthn.Registration) { r.Response.Algorithm = -35 },
		"no_key":                   func(r *webauthn.Registration) { r.Response.Key = nil },
		"id_of_another":            func(r *webauthn.Registration) { r.ID = []byte("other") },
		"no_id":                    func(r *webauthn.Registration) { r.ID, r.Response.AuthData = nil, r.Response.AuthData[:37] },
		"cut_off":                  func(r *webauthn.Registration) { r.Response.AuthData = r.Response.AuthData[:60] },
		"client_data_no_json":      func(r *webauthn.Registration) { r.Response.ClientData = []byte("{") },
	} {
		t.Run(name, func(t *testing.T) {
			r := read[webauthn.Registration](t, webauthntest.New(origin, site, webauthntest.ES256).Create(asked))
			change(&r)
			if _, err := party.Register(challenge, r); err == nil {
				t.Error("it was taken")
			}
		})
	}
}
