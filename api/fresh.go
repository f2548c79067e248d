// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"fmt"
	"net/http"

	"verlof/identity"
	"verlof/people"
)

// needFresh turns away a caller who did not prove lately who they are, by the rule
// of the pages (identity.Service.NeedProof): before they change who may do what, or
// how programs come in. A token of an application tells when its person signed in;
// one that somebody made for a script proves nothing of the kind.
func (c *call) needFresh(ctx context.Context) error {
	return c.Identity.NeedProof(ctx, c.proof())
}

// proof is who calls, when they last proved it, and by what means.
func (c *call) proof() identity.Session {
	return identity.Session{Person: c.Caller.Person, Proven: c.Proved, Means: c.Means}
}

// fresh asks for that proof where an operation always needs it.
func (s *surface) fresh(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c := callOf(r.Context()); c.op.Fresh {
			if err := c.needFresh(r.Context()); err != nil {
				s.refuse(w, r, err)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// needFreshFor asks for that proof where what becomes of a person is delicate: see people.Delicate.
func (c *call) needFreshFor(ctx context.Context, p, before people.Person) error {
	if !people.Delicate(before, p) {
		return nil
	}
	return c.needFresh(ctx)
}

// staleChallenge tells a program to have its person sign in again (RFC 9470, section 3).
func (c *call) staleChallenge() string {
	return fmt.Sprintf(`Bearer realm="verlof", error="insufficient_user_authentication", error_description="A more recent authentication is required", max_age="%d"`,
		int(c.Identity.Limits.Fresh.Seconds()))
}
