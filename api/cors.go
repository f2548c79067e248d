// SPDX-License-Identifier: Apache-2.0

package api

import (
	"net/http"

	"verlof/errs"
)

// The header fields that a script on a page of another site may send, and those that it
// may read of an answer.
const (
	sentAbroad = "Accept-Language, Authorization, Change-Mark, Change-Reason, Change-Tell, Content-Type, DPoP, Idempotency-Key, If-Match, If-None-Match"
	toldAbroad = "DPoP-Nonce, ETag, Idempotency-Replayed, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate"
)

// cors lets scripts of other sites' pages call (Fetch standard, section 3.2): of those at
// which the customer has registered a public client, and of no others. Cookies are not asked
// for, since none are looked at.
func (s *surface) cors(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		preflight := r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
		if origin == "" {
			next.ServeHTTP(w, r)
			return
		}
		known, err := callOf(r.Context()).OpenID.CallsFrom(r.Context(), origin)
		switch {
		case err != nil:
			s.refuse(w, r, err)
			return
		case known:
			w.Header().Set("Access-Control-Allow-Origin", origin)
			w.Header().Set("Access-Control-Expose-Headers", toldAbroad)
		case preflight:
			s.refuse(w, r, errs.New(errs.Forbidden, "api.error.origin"))
			return
		}
		if !preflight {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE")
		w.Header().Set("Access-Control-Allow-Headers", sentAbroad)
		w.Header().Set("Access-Control-Max-Age", "600")
		w.WriteHeader(http.StatusNoContent)
	})
}
