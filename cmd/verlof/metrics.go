// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"verlof/notify"
	"verlof/store"
	"verlof/tenant"
	"verlof/web"
)

// meter measures a process. Its numbers tell of no customer and no person.
type meter struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	mails    *prometheus.CounterVec
	updates  prometheus.Counter
	commits  prometheus.Counter
	routes   *http.ServeMux // finds the pattern of a request

	tenants *tenant.Directory
	mu      sync.Mutex
	seen    map[string]reading // by customer id
}

// reading is what one open database had done when it was last looked at.
type reading struct {
	db *store.DB
	store.Stats
}

func newMeter(d *tenant.Directory) *meter {
	count := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	m := &meter{tenants: d, seen: map[string]reading{}, routes: http.NewServeMux(), registry: prometheus.NewRegistry(),
		requests: count("verlof_requests_total", "Requests answered, by route and status.", "route", "status"),
		mails:    count("verlof_mails_total", "Mails sent, put off and given up.", "outcome"),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "verlof_request_seconds",
			Help: "Time to answer a request, by route.", Buckets: prometheus.ExponentialBuckets(0.001, 2.5, 10)}, []string{"route"}),
		updates: prometheus.NewCounter(prometheus.CounterOpts{Name: "verlof_updates_total", Help: "Changes acknowledged."}),
		commits: prometheus.NewCounter(prometheus.CounterOpts{Name: "verlof_commits_total", Help: "Writes to disk that they took."}),
	}
	m.registry.MustRegister(m.requests, m.took, m.mails, m.updates, m.commits,
		gauge("verlof_customers_open", "Customers whose database is open.", func() int { return d.Stats().Open }),
		gauge("verlof_customers_used", "Customers in use at the moment.", func() int { return d.Stats().Used }),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewBuildInfoCollector())
	for _, r := range web.Routes() {
		m.routes.Handle(r.Method+" "+r.Pattern, http.NotFoundHandler())
	}
	return m
}

func gauge(name, help string, f func() int) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return float64(f()) })
}

// watch measures the requests that h answers.
func (m *meter) watch(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		_, route := m.routes.Handler(r) // a pattern: an address may hold a secret or a name
		s := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			m.took.WithLabelValues(route).Observe(time.Since(start).Seconds())
			m.requests.WithLabelValues(route, strconv.Itoa(s.status)).Inc()
		}()
		h.ServeHTTP(s, r)
	})
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (s *statusWriter) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// Unwrap serves http.ResponseController.
func (s *statusWriter) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// ByHost is part of web.Directory. When the customer is released, what its
// database did meanwhile is counted.
func (m *meter) ByHost(ctx context.Context, host string) (*tenant.Tenant, func(), error) {
	t, release, err := m.tenants.ByHost(ctx, host)
	if err != nil {
		return nil, nil, err
	}
	return t, func() { m.read(t); release() }, nil
}

func (m *meter) read(t *tenant.Tenant) {
	now := reading{t.DB(), t.DB().Stats()}
	m.mu.Lock()
	defer m.mu.Unlock()
	before := m.seen[t.ID]
	if before.db != now.db {
		before = reading{}
	}
	if now.Updates < before.Updates || now.Commits < before.Commits {
		return // somebody else read later and was here first
	}
	m.seen[t.ID] = now
	m.updates.Add(float64(now.Updates - before.Updates))
	m.commits.Add(float64(now.Commits - before.Commits))
}

// sent counts what became of mails.
func (m *meter) sent(r notify.Report) {
	for outcome, n := range map[string]int{"sent": r.Sent, "put_off": r.Failed, "given_up": r.GaveUp} {
		m.mails.WithLabelValues(outcome).Add(float64(n))
	}
}

// handler serves the numbers.
func (m *meter) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
