// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"verlof/errs"
)

// paramAfter is our own parameter of an authorization request: the person must have
// proven who they are since that moment, in microseconds since 1970. It takes the
// place of prompt=login and max_age once somebody is on their way to do so.
const paramAfter = "verlof_after"

// The ways in which an answer goes back (OAuth 2.0 Multiple Response Type Encoding Practices,
// section 2.1; OAuth 2.0 Form Post Response Mode).
const (
	modeQuery = "query"
	modeForm  = "form_post"
)

// request is an authorization request that may be answered (RFC 6749, section 4.1.1;
// OpenID Connect Core 1.0, section 3.1.2.1).
type request struct {
	client    Client
	redirect  string // registered: answers may go there
	form      bool   // they are to be sent as a form, and not in the address
	state     string
	nonce     string
	challenge string
	scope     Scope  // what is asked for and may be given
	claims    string // single claims that are asked for and may be given
	prompt    []string
	after     time.Time // the person must have proven who they are since then
	maxAge    int       // seconds since they did, at most; -1: any
	hint      string    // id_token_hint
	key       string    // thumbprint of the key that a code is bound to; empty: to none
}

// read makes sense of an authorization request. Where it returns a Fault, the client
// may be told, at r.redirect; every other error is for the person alone, because
// nobody knows whose address that is (RFC 6749, section 4.1.2.1).
func (p *Provider) read(tx Tx, q url.Values) (r request, err error) {
	if len(q["client_id"]) > 1 || len(q["redirect_uri"]) > 1 {
		return r, errs.New(errs.Invalid, "openid.error.request")
	}
	c, found, err := absent(tx.Client(q.Get("client_id")))
	if err != nil {
		return r, err
	}
	if !found {
		return r, errs.New(errs.Invalid, "openid.error.client_unknown")
	}
	if !c.redirects(q.Get("redirect_uri")) {
		return r, errs.New(errs.Invalid, "openid.error.redirect_unknown")
	}
	r = request{client: c, redirect: q.Get("redirect_uri"), state: q.Get("state"), nonce: q.Get("nonce"), hint: q.Get("id_token_hint"), form: q.Get("response_mode") == modeForm}
	if err := c.in(); err != nil {
		return r, err
	}
	for _, check := range []func(url.Values) error{r.readForm, r.readType, r.readChallenge, r.readKey, r.readScope, r.readPrompt} {
		if err := check(q); err != nil {
			return r, err
		}
	}
	if resource := q["resource"]; len(resource) > 0 && !slices.Equal(resource, []string{p.Issuer}) {
		return r, fault("invalid_target", "tokens are for "+p.Issuer+" only") // RFC 8707, section 2
	}
	return r, nil
}

// readForm refuses a parameter that is there twice (RFC 6749, section 3.1) and one that
// is too long to be of use.
func (r *request) readForm(q url.Values) error {
	for name, values := range q {
		if len(values) > 1 && name != "resource" {
			return fault(codeInvalidRequest, "a parameter is there twice")
		}
	}
	if len(r.state) > 2000 || len(r.nonce) > 500 {
		return fault(codeInvalidRequest, "state or nonce is too long")
	}
	return nil
}

func (r *request) readType(q url.Values) error {
	switch t := q.Get("response_type"); {
	case t == "":
		return fault(codeInvalidRequest, "response_type is missing")
	case t != "code" || !r.client.may(grantCode):
		return fault("unsupported_response_type", "response_type must be code")
	case q.Has("request"): // OpenID Connect Core 1.0, section 3.1.2.6
		return fault("request_not_supported", "request objects are not supported")
	case q.Has("request_uri"):
		return fault("request_uri_not_supported", "request objects are not supported")
	case q.Has("registration"):
		return fault("registration_not_supported", "clients register beforehand")
	}
	if mode := q.Get("response_mode"); mode != "" && mode != modeQuery && mode != modeForm {
		return fault(codeInvalidRequest, "response_mode must be query or form_post")
	}
	return nil
}

// readChallenge demands PKCE with S256 of every client (RFC 7636, section 4.4.1; RFC
// 9700, section 2.1.1).
func (r *request) readChallenge(q url.Values) error {
	r.challenge = q.Get("code_challenge")
	if r.challenge == "" {
		return fault(codeInvalidRequest, "code_challenge is missing")
	}
	if q.Get("code_challenge_method") != "S256" {
		return fault(codeInvalidRequest, "code_challenge_method must be S256")
	}
	if b, err := b64.DecodeString(r.challenge); err != nil || len(b) != 32 {
		return fault(codeInvalidRequest, "code_challenge is no SHA-256 in base64url")
	}
	return nil
}

// readKey takes the key that the code is to be bound to (RFC 9449, section 10).
func (r *request) readKey(q url.Values) error {
	if r.key = q.Get(paramKey); r.key == "" {
		return nil
	}
	if b, err := b64.DecodeString(r.key); err != nil || len(b) != 32 {
		return fault(codeInvalidRequest, paramKey+" is no SHA-256 in base64url")
	}
	return nil
}

// readScope keeps the scopes that the client may ask for, and the single claims that
// they cover (OpenID Connect Core 1.0, section 5.5).
func (r *request) readScope(q url.Values) error {
	r.scope = Scope(q.Get("scope")).only(r.client.Scope)
	if r.scope == "" {
		return fault(codeInvalidScope, "no scope that the client may ask for")
	}
	text := q.Get("claims")
	if text == "" || !r.scope.Has(ScopeOpenID) {
		return nil
	}
	var asked struct {
		UserInfo map[string]json.RawMessage `json:"userinfo"`
		IDToken  map[string]json.RawMessage `json:"id_token"`
	}
	if err := json.Unmarshal([]byte(text), &asked); err != nil {
		return fault(codeInvalidRequest, "claims is no JSON object as it should be")
	}
	var names []string
	for _, m := range []map[string]json.RawMessage{asked.UserInfo, asked.IDToken} {
		for name := range m {
			if scope := scopeOfClaim(name); scope != "" && r.client.Scope.Has(scope) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	r.claims = strings.Join(slices.Compact(names), " ")
	return nil
}

func (r *request) readPrompt(q url.Values) error {
	r.maxAge = -1
	r.prompt = strings.Fields(q.Get("prompt"))
	for _, word := range r.prompt {
		if !slices.Contains([]string{"none", "login", "consent", "select_account"}, word) {
			return fault(codeInvalidRequest, "prompt is none, login, consent or select_account")
		}
	}
	if len(r.prompt) > 1 && slices.Contains(r.prompt, "none") {
		return fault(codeInvalidRequest, "prompt=none stands alone")
	}
	if text := q.Get("max_age"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return fault(codeInvalidRequest, "max_age is no number of seconds")
		}
		r.maxAge = min(n, 1<<31-1)
	}
	if text := q.Get(paramAfter); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fault(codeInvalidRequest, paramAfter+" is no time")
		}
		r.after = time.UnixMicro(n)
	}
	return nil
}

// asks reports whether a word is in prompt.
func (r request) asks(word string) bool { return slices.Contains(r.prompt, word) }

// shown are the scopes that a person agrees to: those of single claims too.
func (r request) shown() Scope {
	s := r.scope
	for name := range strings.FieldsSeq(r.claims) {
		s = s.And(Scope(scopeOfClaim(name)))
	}
	return s
}

// again returns the request for after the person has signed in: prompt=login and
// max_age are replaced by the moment since which they must have.
func again(q url.Values, now time.Time) url.Values {
	next := url.Values{}
	for name, values := range q {
		next[name] = values
	}
	next.Del("max_age")
	next.Del("prompt")
	if slices.Contains(strings.Fields(q.Get("prompt")), "consent") {
		next.Set("prompt", "consent")
	}
	next.Set(paramAfter, strconv.FormatInt(now.UnixMicro(), 10))
	return next
}
