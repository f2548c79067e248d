// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"net/http"
	"net/url"
	"strings"
	"time"

	"verlof/errs"
)

// typeProof is the type of a proof that a program has a key (RFC 9449, section 4.2).
const typeProof = "dpop+jwt"

// paramKey binds an authorization code to a key (RFC 9449, section 10).
const paramKey = "dpop_jkt"

// nonceLife is how long a nonce of ours is good.
const nonceLife = 5 * time.Minute

// schemeProof is the scheme of a token that is bound to a key (RFC 9449, section 7.1).
const schemeProof = "DPoP"

// possession is what a program says of a request that it signs (RFC 9449, section 4.2).
type possession struct {
	Method  string  `json:"htm"`
	Address string  `json:"htu"`
	Issued  float64 `json:"iat"`
	ID      string  `json:"jti"`
	Token   string  `json:"ath"`
	Nonce   string  `json:"nonce"`
}

// proven is a good proof.
type proven struct {
	key  string // thumbprint of the key that made it
	name string // by which it is known again
}

// proofOf returns which key a request proves to have; the zero value where it proves none.
// token is the access token that comes with it; empty: none. That it counts once is for the
// caller to see to. It reports a Fault as a token endpoint does (RFC 9449, section 5).
func (p *Provider) proofOf(r *http.Request, token string) (proven, error) {
	sent := r.Header.Values("DPoP")
	if len(sent) == 0 {
		return proven{}, nil
	}
	var c possession
	s, ok := readJWS(sent[0], &c)
	if len(sent) > 1 || !ok || s.kind() != typeProof || s.head.JWK == nil {
		return proven{}, fault(codeInvalidProof, "the DPoP header is no proof that is understood")
	}
	k, err := readJWK(s.head.JWK)
	if err != nil || !k.signed(s.head.Algorithm, s.text, s.signature) {
		return proven{}, fault(codeInvalidProof, "the key in the proof did not sign it")
	}
	if says := p.faultOfProof(r, token, c); says != "" {
		return proven{}, fault(codeInvalidProof, says)
	}
	if err := p.timely(r.Context(), c); err != nil {
		return proven{}, err
	}
	return proven{k.ID, "dpop:" + k.ID + ":" + c.ID}, nil
}

// faultOfProof returns what is wrong with what is said of a request; empty: nothing.
func (p *Provider) faultOfProof(r *http.Request, token string, c possession) string {
	ath := sha256.Sum256([]byte(token))
	switch {
	case c.Method != r.Method:
		return "htm is not the method of the request"
	case !p.isAddress(r, c.Address):
		return "htu is not the address of the request"
	case c.ID == "" || len(c.ID) > maxJTI:
		return "the proof must have a jti"
	case token != "" && c.Token != b64.EncodeToString(ath[:]):
		return "ath is not that of the access token"
	}
	return ""
}

// isAddress reports whether an address is that of a request, however it is written (RFC 9449,
// section 4.3; RFC 3986, section 6.2). The request names its host as the program did; whether
// it came over TLS is the proxy's to know, and the issuer's address says it.
func (p *Provider) isAddress(r *http.Request, address string) bool {
	scheme, _, _ := strings.Cut(p.Issuer, "://")
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Opaque != "" || !strings.EqualFold(u.Scheme, scheme) {
		return false
	}
	slashes := func(u *url.URL) int { return strings.Count(strings.ToLower(u.EscapedPath()), "%2f") }
	path := func(u *url.URL) string { return "/" + strings.TrimPrefix(u.Path, "/") }
	return originOf(scheme+"://"+u.Host) == originOf(scheme+"://"+r.Host) && path(u) == path(r.URL) && slashes(u) == slashes(r.URL)
}

// timely reports use_dpop_nonce, with a nonce, for a proof that was not made just now: a
// program whose clock is off goes on with ours (RFC 9449, sections 8 and 9).
func (p *Provider) timely(ctx context.Context, c possession) error {
	now := p.now()
	if c.Nonce == "" {
		if off := now.Sub(moment(c.Issued)); off <= clockOff && off >= -clockOff {
			return nil
		}
	} else if good, err := p.isNonce(ctx, c.Nonce, now); good || err != nil {
		return err
	}
	k, err := p.signer(ctx)
	if err != nil {
		return err
	}
	nonce, err := k.nonce(now)
	if err != nil {
		return err
	}
	return &Fault{Code: "use_dpop_nonce", Says: "the proof was not made just now: use the nonce", Nonce: nonce}
}

// nonce returns a nonce of a moment. Whoever has the customer's signing keys knows it again:
// nothing is kept.
func (s *signer) nonce(at time.Time) (string, error) {
	key, err := hkdf.Key(sha256.New, s.Private, nil, "nonce of proofs", sha256.Size)
	if err != nil {
		return "", err
	}
	text := binary.BigEndian.AppendUint64(nil, uint64(at.Unix()))
	mac := hmac.New(sha256.New, key)
	mac.Write(text)
	return b64.EncodeToString(mac.Sum(text)[:24]), nil
}

// isNonce reports whether a nonce is one of ours, and young enough.
func (p *Provider) isNonce(ctx context.Context, nonce string, now time.Time) (bool, error) {
	text, err := b64.DecodeString(nonce)
	if err != nil || len(text) != 24 {
		return false, nil
	}
	at := time.Unix(int64(binary.BigEndian.Uint64(text[:8])), 0)
	if age := now.Sub(at); age >= nonceLife || age < -clockOff {
		return false, nil
	}
	if _, err := p.signer(ctx); err != nil { // the ring is filled
		return false, err
	}
	p.ring.mu.Lock()
	defer p.ring.mu.Unlock()
	for _, k := range p.ring.keys {
		want, err := k.nonce(at)
		if err != nil {
			return false, err
		}
		if hmac.Equal([]byte(want), []byte(nonce)) {
			return true, nil
		}
	}
	return false, nil
}

// senderOf returns the key that a request to an endpoint of the provider proves to have, once;
// empty: it proves none.
func (p *Provider) senderOf(r *http.Request) (string, error) {
	proof, err := p.proofOf(r, "")
	if err != nil || proof.key == "" {
		return "", err
	}
	err = p.useOnce(r.Context(), proof.name, p.now().Add(nonceLife+2*clockOff))
	if errs.Is(err, errs.Conflict) {
		err = fault(codeInvalidProof, "the proof was used before")
	}
	return proof.key, err
}

// Presented returns who sends a request that shows an access token in its header: as a bearer,
// or with proof that they have the key that the token is bound to (RFC 9449, section 7.1). It
// reports as Bearer does.
func (p *Provider) Presented(r *http.Request, token string) (Bearer, error) {
	scheme, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, schemeProof) {
		return p.Bearer(r.Context(), token)
	}
	b, err := p.speaker(r.Context(), token)
	if err != nil {
		return Bearer{}, withProof(err)
	}
	proof, err := p.proofOf(r, token)
	switch {
	case err != nil:
		return Bearer{}, withProof(err)
	case proof.key == "":
		return Bearer{}, withProof(fault(codeInvalidProof, "the DPoP header is missing"))
	case b.claims.Confirm.Key != proof.key:
		return Bearer{}, withProof(fault(codeInvalidToken, "the token is not bound to the key of the proof"))
	}
	if err := p.spendProof(r, proof.name); err != nil {
		return Bearer{}, err
	}
	return b, nil
}

// spendProof reports a fault for a proof that was used before. That of a request that reads is
// remembered by this process alone: to keep each would be to write for each. One that may change
// something counts once at all processes; where nothing can be written at the moment, it changes nothing.
func (p *Provider) spendProof(r *http.Request, name string) error {
	again := fault(codeInvalidProof, "the proof was used before")
	switch fresh, full := p.seen.first(sha256.Sum256([]byte(name)), p.now()); {
	case full:
		return errs.New(errs.Unavailable, "")
	case !fresh:
		return withProof(again)
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		return nil
	}
	err := p.useOnce(r.Context(), name, p.now().Add(seenFor))
	switch {
	case errs.Is(err, errs.Conflict):
		return withProof(again)
	case errs.Is(err, errs.Unavailable):
		return nil
	}
	return err
}

// withProof makes a fault one of a resource that wants a token with proof (RFC 9449, section
// 7.1).
func withProof(err error) error {
	if IsOurs(err) {
		return err
	}
	f := *faultOf(err)
	f.Status, f.Bearer, f.Proof = http.StatusUnauthorized, false, true
	return &f
}
