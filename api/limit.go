// SPDX-License-Identifier: Apache-2.0

package api

import (
	"fmt"
	"math"
	"net/http"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/gate"
)

// Limit is how often one token may call. The zero value means 300 at once and ten a second.
type Limit = gate.Limit

// Gates count the calls of each token.
type Gates struct {
	Limit
	counts gate.Gates
}

// NewGates returns gates that have counted nothing yet.
func NewGates(l Limit) *Gates {
	if l.Burst == 0 {
		l = Limit{Burst: 300, Every: 100 * time.Millisecond}
	}
	return &Gates{Limit: l}
}

// Take counts a call, by customer and caller, as gate.Gates does.
func (g *Gates) Take(key string, now time.Time) (left int, reset, wait time.Duration) {
	return g.counts.Take(g.Limit, key, now)
}

// limit turns away a token that calls too often, and tells every caller how far they
// are (draft-ietf-httpapi-ratelimit-headers).
func (s *surface) limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := callOf(r.Context())
		left, reset, wait := s.gates.Take(c.Tenant.ID+" "+c.Caller.ID, s.Now())
		window := time.Duration(s.gates.Burst) * s.gates.Every
		w.Header().Set("RateLimit-Policy", fmt.Sprintf(`"token";q=%d;w=%d`, s.gates.Burst, seconds(window)))
		w.Header().Set("RateLimit", fmt.Sprintf(`"token";r=%d;t=%d`, left, seconds(reset)))
		if wait > 0 {
			s.refuse(w, r, errs.New(errs.TooMany, "api.error.wait").Because(identity.Delay(wait)))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// seconds returns a duration in whole seconds, rounded up.
func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }
