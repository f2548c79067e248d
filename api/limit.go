// SPDX-License-Identifier: Apache-2.0

package api

import (
	"fmt"
	"math"
	"net/http"
	"sync"
	"time"

	"verlof/errs"
	"verlof/identity"
)

// Limit is how often one token may call: so many at once, and one more each Every.
// A process counts for itself. The zero value means 300 at once and ten a second.
type Limit struct {
	Burst int
	Every time.Duration
}

// Gates count the calls of each token.
type Gates struct {
	Limit
	mu    sync.Mutex
	empty map[string]time.Time // by customer and caller: when nothing of the burst is used any more
}

// NewGates returns gates that have counted nothing yet.
func NewGates(l Limit) *Gates {
	if l.Burst == 0 {
		l = Limit{Burst: 300, Every: 100 * time.Millisecond}
	}
	return &Gates{Limit: l, empty: map[string]time.Time{}}
}

// many is from how many tokens on those that have not called lately are forgotten.
const many = 10_000

// Take counts a call. It returns how many more there may be at once, how long until
// all may, and how long to wait where there may be none: then this one is not
// counted.
func (l *Gates) Take(key string, now time.Time) (left int, reset, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.empty) > many {
		for k, t := range l.empty {
			if !t.After(now) {
				delete(l.empty, k)
			}
		}
	}
	until := l.empty[key]
	if until.Before(now) {
		until = now
	}
	full := time.Duration(l.Burst) * l.Every
	if used := until.Sub(now); used > full-l.Every {
		return 0, used, used - (full - l.Every)
	}
	until = until.Add(l.Every)
	l.empty[key] = until
	used := until.Sub(now)
	return int((full - used) / l.Every), used, 0
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
