// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"verlof/identity"
	"verlof/internal/lang"
)

// The ways in which a client proves who it is (RFC 6749, section 2.3).
const (
	methodBasic = "client_secret_basic"
	methodPost  = "client_secret_post"
	methodNone  = "none"
)

// ServeConfiguration answers for ConfigurationPath and ServerPath.
func (p *Provider) ServeConfiguration(w http.ResponseWriter, _ *http.Request) error {
	open(w, "public, max-age=3600")
	return write(w, http.StatusOK, p.Configuration(lang.Tags()...))
}

// ServeKeys answers for KeysPath.
func (p *Provider) ServeKeys(w http.ResponseWriter, r *http.Request) error {
	set, err := p.Keys(r.Context())
	if err != nil {
		return err
	}
	open(w, "public, max-age=300")
	return write(w, http.StatusOK, set)
}

// ServeToken answers for TokenPath (RFC 6749, section 3.2).
func (p *Provider) ServeToken(w http.ResponseWriter, r *http.Request) error {
	return p.serveSender(w, r, func(ctx context.Context, c Client, key string, form url.Values) (any, error) {
		return p.Token(ctx, c, key, form)
	})
}

// ServePush answers for PushPath (RFC 9126, section 2).
func (p *Provider) ServePush(w http.ResponseWriter, r *http.Request) error {
	return p.serveSender(w, r, func(ctx context.Context, c Client, key string, form url.Values) (any, error) {
		return p.Push(ctx, c, key, form)
	})
}

// ServeDevice answers for DeviceCodePath (RFC 8628, section 3.1).
func (p *Provider) ServeDevice(w http.ResponseWriter, r *http.Request) error {
	return p.serveClient(w, r, func(ctx context.Context, c Client, form url.Values) (any, error) { return p.Device(ctx, c, form) })
}

// ServeIntrospect answers for IntrospectPath (RFC 7662, section 2). Only a client that
// proves who it is may ask (section 2.1).
func (p *Provider) ServeIntrospect(w http.ResponseWriter, r *http.Request) error {
	return p.serveClient(w, r, func(ctx context.Context, c Client, form url.Values) (any, error) {
		if !c.keepsSecret() {
			return nil, &Fault{Code: codeInvalidClient, Says: "only a client that proves who it is may ask", Status: http.StatusUnauthorized}
		}
		if form.Get("token") == "" {
			return nil, fault(codeInvalidRequest, "token is missing")
		}
		return p.Inspect(ctx, c, form.Get("token"))
	})
}

// ServeRevoke answers for RevokePath (RFC 7009, section 2).
func (p *Provider) ServeRevoke(w http.ResponseWriter, r *http.Request) error {
	return p.serveClient(w, r, func(ctx context.Context, c Client, form url.Values) (any, error) {
		if form.Get("token") == "" {
			return nil, fault(codeInvalidRequest, "token is missing")
		}
		return struct{}{}, p.Revoke(ctx, c, form.Get("token"))
	})
}

// serveSender is serveClient for what may be bound to a key: that which the request proves to have;
// empty: none.
func (p *Provider) serveSender(w http.ResponseWriter, r *http.Request, do func(context.Context, Client, string, url.Values) (any, error)) error {
	return p.serveClient(w, r, func(ctx context.Context, c Client, form url.Values) (any, error) {
		key, err := p.senderOf(r)
		if err != nil {
			return nil, err
		}
		return do(ctx, c, key, form)
	})
}

// serveClient answers a form that a client sends with proof of who it is.
func (p *Provider) serveClient(w http.ResponseWriter, r *http.Request, do func(context.Context, Client, url.Values) (any, error)) error {
	open(w, "no-store")
	form, err := readForm(r)
	if err != nil {
		return err
	}
	c, err := p.client(r, form)
	if err != nil {
		return err
	}
	answer, err := do(r.Context(), c, form)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if _, made := answer.(PushedName); made {
		status = http.StatusCreated // RFC 9126, section 2.2
	}
	return write(w, status, answer)
}

// readForm reads the body of a request, in which no parameter may be there twice (RFC
// 6749, section 3.2). What stands in the address does not count: it ends up in logs.
func readForm(r *http.Request) (url.Values, error) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/x-www-form-urlencoded" {
		return nil, fault(codeInvalidRequest, "the body must be application/x-www-form-urlencoded")
	}
	var long *http.MaxBytesError
	switch err := r.ParseForm(); {
	case errors.As(err, &long):
		return nil, &Fault{Code: codeInvalidRequest, Says: "the body is too long", Status: http.StatusRequestEntityTooLarge}
	case err != nil:
		return nil, fault(codeInvalidRequest, "the body cannot be read")
	}
	for name, values := range r.PostForm {
		if len(values) > 1 && name != "resource" {
			return nil, fault(codeInvalidRequest, "a parameter is there twice")
		}
	}
	return r.PostForm, nil
}

// client returns the client that sent a request, once it has proven who it is. It
// reports invalid_client, in the same words for a client that there is not (RFC 6749,
// section 5.2).
func (p *Provider) client(r *http.Request, form url.Values) (Client, error) {
	if form.Has("client_assertion") || form.Has("client_assertion_type") {
		if form.Has("client_secret") || r.Header.Get("Authorization") != "" {
			return Client{}, fault(codeInvalidRequest, "the client proves who it is in two ways")
		}
		return p.asserted(r.Context(), form)
	}
	name, secret, basic, err := credentials(r, form)
	if err != nil {
		return Client{}, err
	}
	refused := &Fault{Code: codeInvalidClient, Says: "the client did not prove who it is", Status: http.StatusUnauthorized, Basic: basic}
	var c Client
	var kept []Secret
	err = p.Store.View(r.Context(), func(tx Tx) error {
		var err error
		if c, _, err = absent(tx.Client(name)); err != nil {
			return err
		}
		kept, err = tx.Secrets(name)
		return err
	})
	if err != nil {
		return Client{}, err
	}
	proven := c.ID != "" && !c.keepsSecret() && secret == "" && !basic
	for _, s := range kept {
		if subtle.ConstantTimeCompare([]byte(s.Digest), []byte(identity.DigestOf(secret))) == 1 {
			proven = c.keepsSecret()
		}
	}
	if !proven {
		return Client{}, refused
	}
	return c, c.in()
}

// credentials returns the id and the secret of a client, from HTTP Basic or from the
// form but never from both (RFC 6749, section 2.3). In Basic both are encoded as forms
// are (section 2.3.1).
func credentials(r *http.Request, form url.Values) (name, secret string, basic bool, err error) {
	user, password, basic := r.BasicAuth()
	if !basic {
		return form.Get("client_id"), form.Get("client_secret"), false, nil
	}
	name, err1 := url.QueryUnescape(user)
	secret, err2 := url.QueryUnescape(password)
	switch {
	case err1 != nil || err2 != nil:
		return "", "", true, &Fault{Code: codeInvalidClient, Says: "the credentials are not encoded as they should be", Status: http.StatusUnauthorized, Basic: true}
	case form.Has("client_secret") || form.Has("client_id") && form.Get("client_id") != name:
		return "", "", true, fault(codeInvalidRequest, "the client proves who it is in two ways")
	}
	return name, secret, true, nil
}

// ServeUserInfo answers for UserInfoPath (OpenID Connect Core 1.0, section 5.3).
func (p *Provider) ServeUserInfo(w http.ResponseWriter, r *http.Request) error {
	open(w, "no-store")
	token, err := bearerToken(r)
	if err != nil {
		return err
	}
	told, err := p.UserInfo(r, token)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, told)
}

// bearerToken returns the token of a request, from its header or its form and never
// from the address (RFC 6750, sections 2.1 and 2.2; RFC 9449, section 7.1; RFC 9700, section
// 4.3.2).
func bearerToken(r *http.Request) (string, error) {
	none := &Fault{Status: http.StatusUnauthorized, Bearer: true}
	header := r.Header.Get("Authorization")
	scheme, token, _ := strings.Cut(header, " ")
	inForm := ""
	if r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		form, err := readForm(r)
		if err != nil {
			return "", err
		}
		inForm = form.Get("access_token")
	}
	switch {
	case header != "" && inForm != "":
		return "", &Fault{Code: codeInvalidRequest, Says: "the token is there twice", Bearer: true}
	case inForm != "":
		return inForm, nil
	case !strings.EqualFold(scheme, "Bearer") && !strings.EqualFold(scheme, schemeProof) || token == "":
		return "", none // no words about a token that is not there (RFC 6750, section 3.1)
	}
	return strings.TrimSpace(token), nil
}

// exposed are the headers of answers that programs in browsers may read.
const exposed = "DPoP-Nonce, WWW-Authenticate"

// open lets programs in browsers read the answer, whichever site they are of: no cookie
// is asked for and none counts.
func open(w http.ResponseWriter, cache string) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", exposed)
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", cache)
}

// ServePreflight answers a browser that asks whether a program may call (Fetch
// standard, section 3.2.2).
func (p *Provider) ServePreflight(w http.ResponseWriter, _ *http.Request) error {
	open(w, "max-age=600")
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, POST")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, DPoP")
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func write(w http.ResponseWriter, status int, answer any) error {
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // who does not listen any more needs no answer
	return nil
}

// WriteFault answers a client whose request failed, in the protocol's words (RFC 6749,
// section 5.2; RFC 6750, section 3).
func WriteFault(w http.ResponseWriter, err error) {
	f := faultOf(err)
	h, status := w.Header(), f.Status
	if status == 0 {
		status = http.StatusBadRequest
	}
	h.Set("Cache-Control", "no-store")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", exposed)
	f.Tell(h)
	if f.Code == "" {
		w.WriteHeader(status)
		return
	}
	_ = write(w, status, map[string]string{"error": f.Code, "error_description": f.Says})
}
