// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// shelfOf is a shelf with messages to one address, and what became of them.
type shelfOf struct {
	url     string
	waiting []string
	settled []Arrival
}

func (s *shelfOf) Next(context.Context, string) (Shipment, time.Time, error) {
	if len(s.waiting) == 0 {
		return Shipment{}, start, nil
	}
	body := s.waiting[0]
	s.waiting = s.waiting[1:]
	return Shipment{ID: body, URL: s.url, Body: body, Header: http.Header{"Webhook-Id": {"event-" + body}}}, time.Time{}, nil
}

func (s *shelfOf) Settle(_ context.Context, _ string, a Arrival) error {
	a.Took = 0
	s.settled = append(s.settled, a)
	return nil
}

// TestCourier: messages arrive with their header until one is refused, is sent elsewhere
// or finds nobody; then the line waits. Where a redirect leads nobody is called.
func TestCourier(t *testing.T) {
	var heard []string
	mux := http.NewServeMux()
	mux.HandleFunc("/in", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		heard = append(heard, r.Header.Get("Webhook-Id")+" "+string(body))
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("/no", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	mux.Handle("/elsewhere", http.RedirectHandler("/in", http.StatusTemporaryRedirect))
	server := httptest.NewServer(mux)
	defer server.Close()
	tests := []struct {
		path    string
		settled []Arrival
		heard   []string
		report  Report
	}{
		{"/in", []Arrival{{Status: 204}, {Status: 204}}, []string{"event-a a", "event-b b"}, Report{Sent: 2, Next: start}},
		{"/no", []Arrival{{Status: 500}}, nil, Report{Failed: 1, Next: start.Add(calm)}},
		{"/elsewhere", []Arrival{{Status: 307}}, nil, Report{Failed: 1, Next: start.Add(calm)}},
	}
	for _, tt := range tests {
		heard = nil
		c := NewCourier(true, true)
		c.Now = (&clock{start}).now
		s := &shelfOf{url: server.URL + tt.path, waiting: []string{"a", "b"}}
		report, err := c.Deliver(context.Background(), s, "hook")
		if err != nil {
			t.Fatal(err)
		}
		for _, diff := range []string{cmp.Diff(tt.settled, s.settled), cmp.Diff(tt.heard, heard), cmp.Diff(tt.report, report)} {
			if diff != "" {
				t.Error(tt.path, diff)
			}
		}
	}
}

// TestCourierStaysOutside: a machine that only this one may reach is not called.
func TestCourierStaysOutside(t *testing.T) {
	called := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	defer server.Close()
	s := &shelfOf{url: server.URL, waiting: []string{"a"}}
	if _, err := NewCourier(false, false).Deliver(context.Background(), s, "hook"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Arrival{{Fault: "address"}}, s.settled); diff != "" || called {
		t.Error(called, diff)
	}
}

// TestCouriersApart: a receiver that takes its time holds up no other.
func TestCouriersApart(t *testing.T) {
	let := make(chan struct{})
	slow, quick := make(chan struct{}), make(chan struct{})
	w := &Worker{Parallel: 2, Do: func(_ context.Context, key string) (Report, error) {
		if key == "slow" {
			close(slow)
			<-let
			return Report{}, nil
		}
		close(quick)
		return Report{}, nil
	}}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { w.Run(ctx); close(done) }()
	w.Kick("slow")
	<-slow
	w.Kick("quick")
	<-quick
	close(let)
	stop()
	<-done
}
