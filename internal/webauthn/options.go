// SPDX-License-Identifier: Apache-2.0

package webauthn

import (
	"crypto/rand"
	"encoding/json"
)

// NewChallenge returns 32 random bytes: what a key signs, so that no answer counts twice.
func NewChallenge() Bytes {
	c := make(Bytes, 32)
	rand.Read(c) // never fails: crypto/rand.Read ends the program instead
	return c
}

// timeout is how long a browser waits for its user, in milliseconds.
const timeout = 5 * 60 * 1000

// User is for whom a key is made.
type User struct {
	Handle Bytes // tells nothing of the person
	Name   string
	Label  string // as the browser lists it
}

type descriptor struct {
	Type       string   `json:"type"`
	ID         Bytes    `json:"id"`
	Transports []string `json:"transports,omitempty"`
}

func describe(list []Credential) []descriptor {
	all := []descriptor{}
	for _, c := range list {
		all = append(all, descriptor{"public-key", c.ID, c.Transports})
	}
	return all
}

// Creation returns, as JSON, what navigator.credentials.create is given (section 5.4):
// a key that signs in alone, on an authenticator that has none of the user's others.
func (p Party) Creation(challenge Bytes, u User, others []Credential) ([]byte, error) {
	type param struct {
		Type string `json:"type"`
		Alg  int    `json:"alg"`
	}
	type entity struct {
		ID          any    `json:"id"`
		Name        string `json:"name"`
		DisplayName string `json:"displayName,omitempty"`
	}
	return json.Marshal(map[string]any{
		"rp":                 entity{ID: p.ID, Name: p.Name},
		"user":               entity{ID: u.Handle, Name: u.Name, DisplayName: u.Label},
		"challenge":          challenge,
		"pubKeyCredParams":   []param{{"public-key", edDSA}, {"public-key", es256}, {"public-key", rs256}},
		"timeout":            timeout,
		"excludeCredentials": describe(others),
		"authenticatorSelection": map[string]any{
			"residentKey": "required", "requireResidentKey": true, "userVerification": "required",
		},
		"attestation": "none",
	})
}

// Request returns, as JSON, what navigator.credentials.get is given (section 5.5): one of
// the keys in among, or any key of the site's where there are none.
func (p Party) Request(challenge Bytes, among []Credential) ([]byte, error) {
	return json.Marshal(map[string]any{
		"rpId":             p.ID,
		"challenge":        challenge,
		"timeout":          timeout,
		"allowCredentials": describe(among),
		"userVerification": "required",
	})
}
