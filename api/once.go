// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"

	"verlof/errs"
	"verlof/identity/access"
	"verlof/people"
)

// maxKey is how long an idempotency key may be, in bytes.
const maxKey = 200

// keptHeader are the header fields that belong to an answer which is told again.
var keptHeader = []string{"Content-Type", "Location"}

// once keeps what a POST with an Idempotency-Key was answered, for a day, and tells
// it again when the request comes again. An answer that refused is not kept: nothing
// was done, and the next attempt may fare better. Where something was done and the answer failed, the key stays taken.
func (s *surface) once(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Idempotency-Key")
		if r.Method != http.MethodPost || key == "" {
			next.ServeHTTP(w, r)
			return
		}
		c := callOf(r.Context())
		if len(key) > maxKey || strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r > '~' }) {
			s.refuse(w, r, errs.New(errs.Invalid, "api.invalid.value").At("Idempotency-Key"))
			return
		}
		if c.op.Secret {
			s.refuse(w, r, errs.New(errs.Invalid, "api.error.no_key").At("Idempotency-Key"))
			return
		}
		kept, again, err := c.Programs.Begin(r.Context(), c.Caller.ID, key, fingerprint(r))
		switch {
		case err != nil:
			s.refuse(w, r, err)
		case again:
			repeat(w.(*answer), kept)
		default:
			s.first(w.(*answer), r, kept, next)
		}
	})
}

// first answers a request whose key is new. It is answered to the end, whether or
// not the caller waits for it.
func (s *surface) first(a *answer, r *http.Request, kept access.Answer, next http.Handler) {
	c, ctx := callOf(r.Context()), context.WithoutCancel(r.Context())
	watched, changed := people.Watched(ctx)
	done := false
	defer func() {
		var err error
		switch {
		case done && a.status < 300:
			kept.Status, kept.Body, kept.Header = a.status, a.body.Bytes(), headerOf(a)
			err = c.Programs.Finish(ctx, kept)
		case changed() && (!done || a.status >= 500): // it is done, but for the answer: not a second time
		default:
			err = c.Programs.Abandon(ctx, kept.Caller, kept.Key)
		}
		if err != nil {
			s.Log.LogAttrs(ctx, slog.LevelError, "idempotency key", slog.String("number", c.number), slog.String("error", err.Error()))
		}
	}()
	next.ServeHTTP(a, r.WithContext(watched))
	done = true
}

// repeat tells an answer again.
func repeat(a *answer, kept access.Answer) {
	var header map[string]string
	_ = json.Unmarshal([]byte(kept.Header), &header) // we wrote it
	for name, value := range header {
		a.header.Set(name, value)
	}
	a.header.Set("Idempotency-Replayed", "true")
	a.WriteHeader(kept.Status)
	_, _ = a.Write(kept.Body) // it is ours, in memory
}

func headerOf(a *answer) string {
	kept := map[string]string{}
	for _, name := range keptHeader {
		if v := a.header.Get(name); v != "" {
			kept[name] = v
		}
	}
	text, _ := json.Marshal(kept) // strings always can be
	return string(text)
}

// fingerprint tells requests apart: by method, address, consent and body.
func fingerprint(r *http.Request) string {
	h := sha256.New()
	consent := r.Header.Get("Change-Mark") + " " + r.Header.Get("Change-Tell") + " " + r.Header.Get("Change-Reason")
	for _, part := range [][]byte{[]byte(r.Method), []byte(r.URL.RequestURI()), []byte(consent), bodyOf(r)} {
		h.Write(part)
		h.Write([]byte{0})
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
