// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestCall: a program is told once, again when it did not hear, and no more when it
// refuses; a redirect is not followed.
func TestCall(t *testing.T) {
	for name, tt := range map[string]struct {
		answer int
		want   string
	}{
		"heard": {http.StatusOK, "k sent"}, "nothing_to_say": {http.StatusNoContent, "k sent"}, "refused": {http.StatusBadRequest, "k given up"},
		"elsewhere": {http.StatusTemporaryRedirect, "k given up"}, "broken": {http.StatusInternalServerError, "k waiting"}, "busy": {http.StatusTooManyRequests, "k waiting"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				got = append(got, r.Method+" "+r.PostFormValue("logout_token"))
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(tt.answer)
			}))
			defer server.Close()
			q, c, dir := &fakeQueue{}, &clock{start}, acme()
			dir.callee = server.URL
			q.put("k", "openid.logout", Event{Person: "ana"})
			drain(t, &Mailer{Transport: &flaky{}, Caller: NewCaller(false, true), Now: c.now}, q, dir)
			if len(got) != 1 || !strings.HasPrefix(got[0], "POST {") || !strings.HasPrefix(q.states(), tt.want) {
				t.Errorf("told %q, rows %q", got, q.states())
			}
		})
	}
}

// TestCallNobody: who wants to know no more is told nothing.
func TestCallNobody(t *testing.T) {
	q, c := &fakeQueue{}, &clock{start}
	q.put("k", "openid.logout", Event{Person: "ana"})
	if drain(t, &Mailer{Transport: &flaky{}, Caller: NewCaller(false, false), Now: c.now}, q, acme()); q.states() != "k sent" {
		t.Errorf("rows %q", q.states())
	}
}

// TestTell: a row that tells another customer something is told once, and is no mail.
func TestTell(t *testing.T) {
	q, dir := &fakeQueue{}, acme()
	q.put("k", "bureau.terms", "b1")
	m := Mailer{Transport: &flaky{}, Now: func() time.Time { return start }}
	r, err := m.Drain(t.Context(), q, dir)
	if err != nil || r.Sent != 0 || len(dir.told) != 1 || dir.told[0] != `bureau.terms "b1"` {
		t.Errorf("%+v, %v, told %q", r, err, dir.told)
	}
}
