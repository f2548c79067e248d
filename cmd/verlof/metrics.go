// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"verlof/backup"
	"verlof/notify"
	"verlof/operate"
	"verlof/store"
	"verlof/tenant"
	"verlof/web"
)

// meter measures a process. Its numbers tell of no customer and no person.
type meter struct {
	numbers *metrics.Set // requests by route and status, mails by outcome, and the two below
	updates *metrics.Counter
	commits *metrics.Counter
	pending *metrics.Gauge // databases that lack steps
	failed  *metrics.Gauge // of those, the ones that could not be brought up to date
	routes  *http.ServeMux // finds the pattern of a request

	tenants *tenant.Directory
	mu      sync.Mutex
	seen    map[string]reading // by customer id
	keeping atomic.Pointer[operate.Keeping]
}

// reading is what one open database had done when it was last looked at.
type reading struct {
	db *store.DB
	store.Stats
}

// fast are the upper bounds, in seconds, between which answers are counted.
var fast = metrics.ExponentialBuckets(0.001, 2.5, 10)

func newMeter(d *tenant.Directory) *meter {
	m := &meter{tenants: d, seen: map[string]reading{}, routes: http.NewServeMux(), numbers: metrics.NewSet()}
	m.numbers.NewGauge("verlof_customers_open", func() float64 { return float64(d.Stats().Open) })
	m.numbers.NewGauge("verlof_customers_used", func() float64 { return float64(d.Stats().Used) })
	b := ownBuild()
	m.numbers.NewGauge(fmt.Sprintf("verlof_build_info{version=%q,revision=%q,go=%q}", b.Version, b.Revision, b.Go),
		func() float64 { return 1 })
	m.updates = m.numbers.NewCounter("verlof_updates_total") // changes acknowledged
	m.commits = m.numbers.NewCounter("verlof_commits_total") // writes to disk that they took
	m.watchDrills()
	m.pending, m.failed = m.numbers.NewGauge("verlof_migrations_pending", nil), m.numbers.NewGauge("verlof_migrations_failed", nil)
	for _, r := range web.Routes() {
		m.routes.Handle(r.Method+" "+r.Pattern, http.NotFoundHandler())
	}
	return m
}

// watch measures the requests that h answers.
func (m *meter) watch(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		_, route := m.routes.Handler(r) // a pattern: an address may hold a secret or a name
		s := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			m.numbers.GetOrCreatePrometheusHistogramExt(fmt.Sprintf("verlof_request_seconds{route=%q}", route), fast).UpdateDuration(start)
			m.numbers.GetOrCreateCounter(fmt.Sprintf(`verlof_requests_total{route=%q,status="%d"}`, route, s.status)).Inc()
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
	m.updates.AddInt64(int64(now.Updates - before.Updates))
	m.commits.AddInt64(int64(now.Commits - before.Commits))
}

// watchCertificates counts those that should have been replaced.
func (m *meter) watchCertificates(expiring func(time.Time) int) {
	m.numbers.NewGauge("verlof_certificates_expiring", func() float64 { return float64(expiring(time.Now())) })
}

// heldBack counts what was held back for want of room: of an address, of a customer, or a connection.
func (m *meter) heldBack(why string) {
	m.numbers.GetOrCreateCounter(fmt.Sprintf("verlof_held_back_total{limit=%q}", why)).Inc()
}

// sent counts what became of mails.
func (m *meter) sent(r notify.Report) {
	for outcome, n := range map[string]int{"sent": r.Sent, "put_off": r.Failed, "given_up": r.GaveUp} {
		m.numbers.GetOrCreateCounter(fmt.Sprintf("verlof_mails_total{outcome=%q}", outcome)).Add(n)
	}
}

// watchCopies shows how many databases have changes that are not at the depot, for how long
// the first of them, and how much was put there.
func (m *meter) watchCopies(c *backup.Copies) {
	m.numbers.RegisterMetricsWriter(func(w io.Writer) {
		s := c.Standing()
		metrics.WriteGaugeUint64(w, "verlof_copies_behind", uint64(s.Behind))
		metrics.WriteGaugeFloat64(w, "verlof_copies_behind_seconds", secondsSince(s.Since))
		metrics.WriteGaugeFloat64(w, "verlof_copied_bytes", float64(s.Bytes))
	})
}

// watchAway shows for how long changes have waited for the third place, of how many databases for
// longer than promised, and whether putting some there failed the last time.
func (m *meter) watchAway(c *backup.Copies, within time.Duration) {
	m.numbers.RegisterMetricsWriter(func(w io.Writer) {
		late, since, failing := c.StandingAway(within)
		metrics.WriteGaugeUint64(w, "verlof_offsite_late", uint64(late))
		metrics.WriteGaugeFloat64(w, "verlof_offsite_behind_seconds", secondsSince(since))
		metrics.WriteGaugeFloat64(w, "verlof_offsite_failing", oneIf(failing))
	})
}

// secondsSince returns how long ago a moment was; 0 where there is none.
func secondsSince(at time.Time) float64 {
	if at.IsZero() {
		return 0
	}
	return time.Since(at).Seconds()
}

// oneIf returns 1 for what is so, else 0.
func oneIf(so bool) float64 {
	if so {
		return 1
	}
	return 0
}

// watchDrills shows whether databases are had back as often as they should be.
func (m *meter) watchDrills() {
	kept := func(of func(*operate.Keeping) float64) func() float64 {
		return func() float64 {
			if k := m.keeping.Load(); k != nil {
				return of(k)
			}
			return 0
		}
	}
	m.numbers.NewGauge("verlof_drills_late", kept(func(k *operate.Keeping) float64 { return float64(k.Late) }))
	m.numbers.NewGauge("verlof_drill_oldest_seconds", kept(func(k *operate.Keeping) float64 { return k.Oldest.Seconds() }))
}

// watchLogs shows for how long changes of a PostgreSQL server are not kept elsewhere, and whether it
// tried in vain to hand them on.
func (m *meter) watchLogs(servers []string, l *operate.Logs) {
	for _, name := range servers {
		m.numbers.NewGauge(fmt.Sprintf("verlof_log_behind_seconds{server=%q}", name), func() float64 {
			h, _ := l.Of(name)
			return secondsSince(h.Behind)
		})
		m.numbers.NewGauge(fmt.Sprintf("verlof_log_failing{server=%q}", name), func() float64 {
			h, ok := l.Of(name)
			return oneIf(ok && (h.Failed || h.At.IsZero()))
		})
	}
}

// backedUp counts a backup of a PostgreSQL server.
func (m *meter) backedUp(outcome string) {
	m.numbers.GetOrCreateCounter(fmt.Sprintf("verlof_server_backups_total{outcome=%q}", outcome)).Inc()
}

// drilled counts a rehearsed restore.
func (m *meter) drilled(result store.Drill, err error) {
	outcome := "sound"
	if err != nil || result.Problem != "" {
		outcome = "failed"
	}
	m.numbers.GetOrCreateCounter(fmt.Sprintf("verlof_drills_total{outcome=%q}", outcome)).Inc()
	if outcome == "sound" {
		m.numbers.GetOrCreatePrometheusHistogramExt("verlof_drill_seconds", fast).Update(result.Took.Seconds())
	}
}

// migrated counts a database that was brought up to date, or was not.
func (m *meter) migrated(run tenant.Migration, err error) {
	outcome := "good"
	if err != nil {
		outcome = "failed"
	}
	m.numbers.GetOrCreateCounter(fmt.Sprintf("verlof_migrations_total{outcome=%q}", outcome)).Inc()
	m.numbers.GetOrCreatePrometheusHistogramExt("verlof_migration_seconds", fast).Update(run.Ended.Sub(run.At).Seconds())
	m.numbers.GetOrCreatePrometheusHistogramExt("verlof_migration_snapshot_seconds", fast).Update(run.Saved.Seconds())
}

// countMigrations has the numbers show how many databases lack steps, and how many of those could not be brought up to
// date: -1 while the registry does not answer, which /readyz says too.
func (m *meter) countMigrations(ctx context.Context) {
	pending, failed, err := m.migrations(ctx)
	if err != nil {
		pending, failed = -1, -1
	}
	m.pending.Set(float64(pending))
	m.failed.Set(float64(failed))
}

// migrations counts the databases that lack steps, and those of them that could not be brought up to date.
func (m *meter) migrations(ctx context.Context) (pending, failed int, err error) {
	all, err := m.tenants.Migrations(ctx)
	for _, b := range all {
		if len(b.Steps) == 0 {
			continue
		}
		if pending++; b.Last != nil && b.Last.Problem != "" {
			failed++
		}
	}
	return pending, failed, err
}

// rescued counts a database that was lost.
func (m *meter) rescued(outcome string) {
	m.numbers.GetOrCreateCounter(fmt.Sprintf("verlof_databases_lost_total{outcome=%q}", outcome)).Inc()
}

// watchSpare shows whether the service goes on from the spare folder.
func (m *meter) watchSpare(since func() time.Time) {
	m.numbers.NewGauge("verlof_on_spare", func() float64 { return oneIf(!since().IsZero()) })
}

// handler serves the numbers, and those of the process.
func (m *meter) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.countMigrations(r.Context())
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		m.numbers.WritePrometheus(w)
		metrics.WriteProcessMetrics(w)
	})
}
