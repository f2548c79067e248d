// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAPI: the verb sends what it was told with the token, prints the answer, and ends
// with the code of the answer.
func TestAPI(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch {
		case r.Header.Get("Authorization") != "Bearer vlf_pat_x":
			w.WriteHeader(http.StatusUnauthorized)
		case r.URL.Path == "/api/v1/gone":
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"detail":"There is no such thing."}`)
		case r.URL.Path == "/api/v1/moved":
			http.Redirect(w, r, "https://elsewhere.example.org/", http.StatusFound)
		default:
			_, _ = io.WriteString(w, strings.Join([]string{r.Method, r.URL.RequestURI(), r.Header.Get("Content-Type"), r.Header.Get("Idempotency-Key"),
				r.Header.Get("If-Match"), string(body)}, " "))
		}
	}))
	defer site.Close()
	dir := t.TempDir()
	data, token := filepath.Join(dir, "data.json"), filepath.Join(dir, "token")
	if os.WriteFile(data, []byte(`{"a":1}`), 0o600) != nil || os.WriteFile(token, []byte("vlf_pat_x\n"), 0o600) != nil {
		t.Fatal("cannot write")
	}
	env := []string{"VERLOF_API_SITE=" + site.URL, "VERLOF_API_TOKEN=vlf_pat_x"}
	for _, x := range []struct {
		name, args string
		env        []string
		code       int
		out, err   string
	}{
		{"get", "GET /me?x=1", env, 0, "GET /api/v1/me?x=1", ""},
		{"with_the_root", "get /api/v1/me", env, 0, "GET /api/v1/me", ""},
		{"post", "POST /requests --key k --if-match e --data " + data, env, 0, `POST /api/v1/requests application/json k e {"a":1}`, ""},
		{"token_in_a_file", "GET /me --site " + site.URL + " --token-file " + token, nil, 0, "GET /api/v1/me", ""},
		{"header", "GET /me --include", env, 0, "HTTP/1.1 200 OK", ""},
		{"below_localhost", "GET /me --site " + strings.Replace(site.URL, "127.0.0.1", "acme.localhost", 1), env, 0, "GET /api/v1/me", ""},
		{"not_there", "GET /gone", env, 3, `"detail"`, "404: There is no such thing."},
		{"wrong_token", "GET /me", []string{env[0], "VERLOF_API_TOKEN=y"}, 6, "", "401"},
		{"sent_elsewhere", "GET /moved", env, 1, "", "302"},
		{"no_token", "GET /me", env[:1], 2, "", "there is no access token"},
		{"no_site", "GET /me", env[1:], 2, "", "there is no site"},
		{"no_scheme", "GET /me --site acme.example.org:8443", env, 2, "", "begins with https://"},
		{"without_tls", "GET /me --site http://acme.example.org", env, 2, "", "over TLS only"},
		{"nobody_there", "GET /me --site http://127.0.0.1:1", env, 5, "", "refused"},
		{"no_data", "POST /me --data " + dir + "/none", env, 2, "", "the data"},
	} {
		var out, said bytes.Buffer
		err := run(t.Context(), append([]string{"api"}, strings.Fields(x.args)...), x.env, &out, &said)
		code := report(&said, err)
		if code != x.code || !strings.Contains(out.String(), x.out) || !strings.Contains(said.String(), x.err) || strings.Contains(said.String(), "vlf_pat") {
			t.Errorf("%s: %d %s %s", x.name, code, out.String(), said.String())
		}
	}
}
