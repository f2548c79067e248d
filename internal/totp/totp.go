// SPDX-License-Identifier: Apache-2.0

// Package totp owns the codes of authenticator apps: time-based one-time passwords
// (RFC 6238) of six digits, a new one every 30 seconds, over HMAC-SHA-1, which is what
// every app computes. It refuses a code that is older than the one before it, so that
// none counts twice.
package totp

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // RFC 6238's default and the only one that all apps know; HMAC does not rest on collisions
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

const (
	period     = 30 // seconds
	digits     = 6
	secretSize = 20 // bytes, as RFC 4226, section 4, recommends
	drift      = 1  // steps that a clock may be wrong by, either way (RFC 6238, section 5.2)
)

var b32 = base32.StdEncoding.WithPadding(base32.NoPadding)

// Secret is what an app and the server share.
type Secret []byte

// NewSecret returns a new secret.
func NewSecret() Secret {
	s := make(Secret, secretSize)
	rand.Read(s) // never fails: crypto/rand.Read ends the program instead
	return s
}

// ParseSecret reads what Secret.String wrote.
func ParseSecret(text string) (Secret, error) {
	s, err := b32.DecodeString(text)
	if err != nil || len(s) != secretSize {
		return nil, fmt.Errorf("not the secret of an authenticator app")
	}
	return s, nil
}

// String returns the secret in base 32, as it is typed into an app.
func (s Secret) String() string { return b32.EncodeToString(s) }

// URI returns the address that an app reads from a QR code (the "Key Uri Format" of Google
// Authenticator, which all apps took over).
func (s Secret) URI(issuer, account string) string {
	label := url.PathEscape(strings.ReplaceAll(issuer, ":", " ") + ":" + account)
	q := "secret=" + s.String() + "&issuer=" + strings.ReplaceAll(url.QueryEscape(issuer), "+", "%20") // apps show a plus as one
	return "otpauth://totp/" + label + "?" + q
}

// StepAt returns which step of 30 seconds a moment lies in.
func StepAt(now time.Time) int64 { return now.Unix() / period }

// Code returns the code of a step (RFC 4226, section 5.3).
func (s Secret) Code(step int64) string {
	mac := hmac.New(sha1.New, s)
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(step)) //nolint:gosec // steps are not negative
	mac.Write(counter[:])
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	n := binary.BigEndian.Uint32(sum[at:]) & 0x7fffffff
	return fmt.Sprintf("%0*d", digits, n%1_000_000)
}

// Match returns the step whose code was typed: the present one or a neighbour, and only
// one after the step that was taken last. It takes the same time whatever was typed.
func (s Secret) Match(typed string, now time.Time, last int64) (step int64, ok bool) {
	present := StepAt(now)
	for n := present - drift; n <= present+drift; n++ {
		if subtle.ConstantTimeCompare([]byte(s.Code(n)), []byte(typed)) == 1 && n > last {
			step, ok = n, true
		}
	}
	return step, ok
}
