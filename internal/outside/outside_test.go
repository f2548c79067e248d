// SPDX-License-Identifier: Apache-2.0

package outside_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"verlof/internal/outside"
)

func TestAllow(t *testing.T) {
	for address, want := range map[string]struct{ public, private, local bool }{
		"93.184.216.34:443":           {true, true, true},
		"[2606:2800:220:1::1]:443":    {true, true, true},
		"10.0.0.1:443":                {private: true},
		"192.168.1.1:443":             {private: true},
		"[fd00::1]:443":               {private: true},
		"[::ffff:10.0.0.1]:443":       {private: true},
		"127.0.0.1:443":               {local: true},
		"[::1]:443":                   {local: true},
		"[::ffff:127.0.0.1]:443":      {local: true},
		"169.254.169.254:80":          {},
		"100.64.0.1:443":              {},
		"0.0.0.0:443":                 {},
		"224.0.0.1:443":               {},
		"[fe80::1]:443":               {},
		"metadata.google.internal:80": {},
		"[64:ff9b::a9fe:a9fe]:80":     {}, // 169.254.169.254 behind a gateway
		"[64:ff9b::a00:5]:443":        {private: true},
		"[64:ff9b::5db8:d822]:443":    {true, true, true},
		"[64:ff9b:1::a00:5]:443":      {},
		"[2002:a00:5::1]:443":         {private: true},
	} {
		got := []bool{outside.Reach{}.Allow(address) == nil, outside.Reach{Private: true}.Allow(address) == nil, outside.Reach{Local: true}.Allow(address) == nil}
		if got[0] != want.public || got[1] != want.private || got[2] != want.local {
			t.Errorf("%s: %v, want %+v", address, got, want)
		}
	}
}

func TestClient(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "/", http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, strings.Repeat("x", 1000))
	}))
	defer server.Close()
	for address, reach := range map[string]outside.Reach{
		server.URL: {}, strings.Replace(server.URL, "http:", "https:", 1): {}, "http://example.com": {Local: true}, // the last without TLS
	} {
		a, err := reach.Client(time.Second, 100).Get(address)
		if err == nil {
			_ = a.Body.Close()
		}
		if !outside.Refused(err) {
			t.Errorf("%s with %+v: %v", address, reach, err)
		}
	}
	client := outside.Reach{Local: true}.Client(time.Second, 100)
	a, err := client.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if got, err := io.ReadAll(a.Body); len(got) != 100 || err != nil {
		t.Errorf("read %d bytes, %v", len(got), err)
	}
	away, err := client.Get(server.URL + "/away")
	if err != nil {
		t.Fatal(err)
	}
	defer away.Body.Close()
	if away.StatusCode != http.StatusFound {
		t.Errorf("followed: %d", away.StatusCode)
	}
}
