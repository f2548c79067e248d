// SPDX-License-Identifier: Apache-2.0

package edge

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestProxies(t *testing.T) {
	var trusted Proxies
	if err := trusted.UnmarshalText([]byte("127.0.0.1, 10.0.0.0/8,2001:db8::/48")); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, peer string
		forwarded  []string
		want       string // "": as the peer
	}{
		{"no_proxy", "203.0.113.9:40000", nil, ""},
		{"spoofed_without_proxy", "203.0.113.9:40000", []string{"198.51.100.7"}, ""},
		{"spoofed_as_proxy", "203.0.113.9:40000", []string{"198.51.100.7, 10.0.0.1"}, ""},
		{"one_proxy", "127.0.0.1:40000", []string{"198.51.100.7"}, "198.51.100.7:0"},
		{"spoofed_through_proxy", "127.0.0.1:40000", []string{"192.0.2.66, 198.51.100.7"}, "198.51.100.7:0"},
		{"spoofed_on_a_line_before", "127.0.0.1:40000", []string{"192.0.2.66", "198.51.100.7"}, "198.51.100.7:0"},
		{"spoofed_as_proxy_through_proxy", "127.0.0.1:40000", []string{"10.1.1.1, 198.51.100.7"}, "198.51.100.7:0"},
		{"two_proxies", "127.0.0.1:40000", []string{"192.0.2.66, 198.51.100.7, 10.0.0.1"}, "198.51.100.7:0"},
		{"all_proxies", "127.0.0.1:40000", []string{"10.0.0.2, 10.0.0.1"}, "10.0.0.2:0"},
		{"nothing_said", "127.0.0.1:40000", nil, ""},
		{"junk", "127.0.0.1:40000", []string{"198.51.100.7, unknown"}, ""},
		{"junk_before", "127.0.0.1:40000", []string{"'; --, 10.0.0.1"}, "10.0.0.1:0"},
		{"port", "127.0.0.1:40000", []string{"198.51.100.7:5555"}, "198.51.100.7:0"},
		{"six", "[2001:db8::1]:40000", []string{"2001:db8:1::7"}, "[2001:db8:1::7]:0"},
		{"six_with_port", "[2001:db8::1]:40000", []string{"[2001:db8:1::7]:443"}, "[2001:db8:1::7]:0"},
		{"four_in_six", "[::ffff:127.0.0.1]:40000", []string{"::ffff:198.51.100.7"}, "198.51.100.7:0"},
		{"zone", "127.0.0.1:40000", []string{"fe80::1%eth0"}, "[fe80::1]:0"},
		{"no_network", "@", []string{"198.51.100.7"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			h := trusted.Behind(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr }))
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = tt.peer
			r.Header["X-Forwarded-For"] = tt.forwarded
			h.ServeHTTP(httptest.NewRecorder(), r)
			if want := tt.want; got != want && (want != "" || got != tt.peer) {
				t.Errorf("it comes from %s, want %s", got, want)
			}
		})
	}
}

func TestProxies_refuse(t *testing.T) {
	for _, text := range []string{"proxy.example", "10.0.0.0/33", "10.0.0.0/8;127.0.0.1", "10.0.0.0/8 127.0.0.1", "fe80::1%eth0", "::ffff:10.0.0.0/104"} {
		if err := new(Proxies).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%s is taken for a network", text)
		}
	}
}
