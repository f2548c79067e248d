// SPDX-License-Identifier: Apache-2.0

package directory

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"verlof/errs"
	"verlof/identity/access"
	"verlof/identity/openid"
	"verlof/internal/httperr"
	"verlof/internal/lang"
	"verlof/internal/scim"
)

var (
	errStranger = errs.New(errs.Unauthenticated, "access.error.token")
	errScope    = errs.New(errs.Forbidden, "api.error.scope", "scope", string(access.SCIM))
)

// authenticate finds out which directory asks: whoever shows the bearer token of a service
// that has the scope, and nobody else. A person's token never opens this door.
func (c *call) authenticate() error {
	scheme, token, _ := strings.Cut(c.Header.Get("Authorization"), " ")
	proves := strings.EqualFold(scheme, "DPoP")
	if token = strings.TrimSpace(token); !proves && !strings.EqualFold(scheme, "Bearer") || len(c.Header["Authorization"]) != 1 {
		return errs.New(errs.Unauthenticated, "")
	}
	switch {
	case proves && strings.Count(token, ".") != 2:
		return errStranger // no others are bound to a key
	case access.IsServiceToken(token):
		t, err := c.Programs.AuthenticateService(c.Context(), token)
		if err == nil && !slices.Contains(t.Scopes, access.SCIM) {
			err = errScope
		}
		c.caller, c.entry.Token = t.ID, t.Name
		return err
	case strings.HasPrefix(token, access.Prefix):
		if _, err := c.Programs.Authenticate(c.Context(), token); err != nil {
			return err
		}
		return errScope
	case strings.Count(token, ".") == 2: // RFC 9068
		return c.fromProvider(token)
	}
	return errStranger
}

// fromProvider lets in a service to which the customer's OpenID provider gave a token.
func (c *call) fromProvider(token string) error {
	b, err := c.OpenID.Presented(c.Request, token)
	switch {
	case err != nil && openid.IsOurs(err):
		return err
	case err != nil:
		return errStranger.Because(err)
	case b.Person != "" || !b.Scope.Has(string(access.SCIM)):
		return errScope
	}
	c.caller, c.entry.Token = b.Grant.ID, b.Client.Name
	return nil
}

// english is the language of refusals: a directory's log is read by technicians of any
// country, and by the people who built it.
var english = sync.OnceValue(func() *lang.Locale { return lang.For("en") })

// refuse answers with what is wrong (RFC 7644, section 3.12), and notes it. Only what is
// our own fault goes to the log, under the number that the answer shows.
func (s *server) refuse(h http.Header, c *call, err error) answer {
	e := s.errorOf(c, err)
	c.entry.Code, c.entry.Detail = e.Type, e.Detail
	switch e.Status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="verlof"`)
		if f := openid.ProofFault(err); f != nil {
			f.Tell(h)
		}
	case http.StatusForbidden:
		h.Set("WWW-Authenticate", `Bearer realm="verlof", error="insufficient_scope", scope="`+string(access.SCIM)+`"`)
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", "60")
	}
	body := scim.Object{"schemas": []any{errorURN}, "status": strconv.Itoa(e.Status), "detail": e.Detail}
	put(body, "scimType", e.Type)
	return answer{status: e.Status, body: body}
}

// errorOf returns an error in the form of SCIM.
func (s *server) errorOf(c *call, err error) *scim.Error {
	var ready *scim.Error
	if errors.As(err, &ready) {
		return ready
	}
	e := errs.As(errs.All(err)[0])
	out := &scim.Error{Status: httperr.Status(e.Kind), Detail: e.Kind.String()}
	if httperr.Ours(e) {
		httperr.Log(c.Context(), s.Log, c.number, err)
	}
	switch {
	case e.Kind == errs.Internal:
		out.Detail = english().T("api.kind.internal", "number", c.number)
		return out
	case e.Kind == errs.Invalid:
		out.Status, out.Type = http.StatusBadRequest, scim.InvalidValue
	case e.Kind == errs.Conflict && unique[e.Field]:
		out.Type = scim.Uniqueness
	}
	if e.Public != "" {
		c.entry.Reason = e.Public
		for _, x := range e.Args {
			c.entry.Args = append(c.entry.Args, fmt.Sprint(x))
		}
		out.Detail = english().T(e.Public, e.Args...)
	}
	if e.Field != "" {
		out.Detail = e.Field + ": " + out.Detail
	}
	return out
}

// unique are the attributes that nobody else may have the same of.
var unique = map[string]bool{"userName": true, "emails": true, "employeeNumber": true, "displayName": true}
