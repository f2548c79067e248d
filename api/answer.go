// SPDX-License-Identifier: Apache-2.0

package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// answer holds what is to be sent until all of it is there, so that a step of the
// chain can still put another in its place.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newAnswer() *answer { return &answer{header: http.Header{}} }

// Header is part of http.ResponseWriter.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader is part of http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

// Write is part of http.ResponseWriter.
func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}

// tell answers with v as JSON of a media type. It reports, before anything is said, what JSON cannot hold.
func tell(w http.ResponseWriter, status int, kind string, v any) error {
	var text bytes.Buffer
	out := json.NewEncoder(&text)
	out.SetEscapeHTML(false)
	if err := out.Encode(v); err != nil {
		return err
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes()) // it is an answer, in memory
	return nil
}

// clear takes back what was said.
func (a *answer) clear() {
	a.status = 0
	a.body.Reset()
	for _, name := range []string{"Content-Type", "Location", "Etag"} {
		a.header.Del(name)
	}
}

// send hands the answer over.
func (a *answer) send(w http.ResponseWriter) {
	a.WriteHeader(http.StatusOK)
	for name, values := range a.header {
		w.Header()[name] = values
	}
	if a.status != http.StatusNoContent && a.status != http.StatusNotModified {
		w.Header().Set("Content-Length", strconv.Itoa(a.body.Len()))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body.Bytes()) // the reader has gone: nothing to tell
}

// tag returns the ETag of the answer: a hash of what it shows (RFC 9110, section
// 8.8.3), so that it is the same as long as the caller would see the same.
func (a *answer) tag() string {
	sum := sha256.Sum256(a.body.Bytes())
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:15]) + `"`
}

// matches reports whether a field If-Match or If-None-Match names a tag. Weak ones
// match only where weak says so (RFC 9110, section 13.1).
func matches(field, tag string, weak bool) bool {
	for one := range strings.SplitSeq(field, ",") {
		one = strings.TrimSpace(one)
		if weak {
			one = strings.TrimPrefix(one, "W/")
		}
		if one == "*" || one == tag {
			return true
		}
	}
	return false
}
