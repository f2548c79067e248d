// SPDX-License-Identifier: Apache-2.0

package events

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// Secret signs what is sent to a webhook: "whsec_" and 32 random bytes in base 64
// (Standard Webhooks 1.0, "Signature scheme").
type Secret string

const secretMark = "whsec_"

// NewSecret returns a new one.
func NewSecret() Secret {
	var b [32]byte
	rand.Read(b[:]) // never fails: crypto/rand.Read ends the program instead
	return Secret(secretMark + base64.StdEncoding.EncodeToString(b[:]))
}

// Sign returns the signature of a message: "v1," and the HMAC-SHA256 of its id, the
// second it is sent, and its body, in base 64.
func (s Secret) Sign(id string, at time.Time, body string) string {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(string(s), secretMark))
	if err != nil {
		key = []byte(s) // none that we made; it signs all the same
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%d.%s", id, at.Unix(), body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// signatures returns what h signs a message with at a moment: each with a space between.
func (h Webhook) signatures(id string, at time.Time, body string) string {
	out := h.Secret.Sign(id, at, body)
	if h.Older != "" && at.Before(h.Until) {
		out += " " + h.Older.Sign(id, at, body)
	}
	return out
}
