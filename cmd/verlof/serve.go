// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alecthomas/kong"

	"verlof/api"
	"verlof/api/directory"
	"verlof/backup"
	"verlof/edge"
	"verlof/notify"
	"verlof/operate"
	"verlof/tenant"
	"verlof/web"
	"verlof/web/demo"
)

// serveCmd runs an installation.
type serveCmd struct {
	settings `embed:"" group:"settings"`
}

// Help is what --help adds.
func (serveCmd) Help() string {
	return `Serves every customer at its host name, sends mail, and brings the customers' databases
up to date in the background. TLS ends before it: browsers reach it through a proxy,
which --trusted-proxies names. Or it ends here, with --certificates auto.
SIGTERM stops it when the requests under way are answered. Under systemd it takes a held
socket, and says when it serves, stops and lives (Type=notify, WatchdogSec).

/healthz answers while the process lives, /readyz while it can serve, both beside
/metrics at metrics-listen.

Examples:
  verlof serve --data /var/lib/verlof --base-domain leave.example.org
  verlof serve --data /var/lib/verlof --base-domain leave.example.org \
      --certificates auto --listen :443 --redirect-listen :80
  verlof serve --database postgres://verlof@db/verlof --mail "smtp://mail.example.org:587"`
}

// Run serves until ctx ends.
func (c *serveCmd) Run(ctx context.Context, k *kong.Context, io *console, l *layers) error {
	log := newLog(io.err, c.LogLevel, c.LogFormat)
	for _, doubt := range l.doubts(k) {
		log.Warn("a setting may not be as it is meant", why(doubt, ""))
	}
	open, err := c.listeners(l.env)
	defer open.close() // again: serve has closed them
	if err != nil {
		return err
	}
	i, err := assemble(ctx, &c.settings, log, nil)
	if err != nil {
		return err
	}
	if c.keepsMail() {
		log.Warn("no mail leaves this machine: nobody gets an invitation, or is told of a decision", "mail", c.Mail,
			"hint", "name a mail server with --mail")
	}
	i.supervisor = supervisorOf(l.env)
	i.configured = func() (backup.Config, error) { return c.configuration(k, l) }
	return i.serve(ctx, open)
}

// installation is all that runs in one process.
type installation struct {
	*settings
	log     *slog.Logger
	tenants *tenant.Directory
	copies  *backup.Copies // nil: there is no second place
	logs    *operate.Logs  // of PostgreSQL servers
	worker  *notify.Worker
	hooks   *notify.Worker
	meter   *meter
	flood   *edge.Flood
	site    http.Handler
	ready   atomic.Bool

	certificates *edge.Certificates // nil: a proxy ends TLS
	supervisor   supervisor

	configured func() (backup.Config, error) // what is put at the depots of the configuration; nil: nothing
}

// assemble wires the rooms together:
//
//	request -> proxies (who asks) -> flood (not too much of it) -> meter -> web, api or the directory's door -> tenants (by host name) -> the customer's services -> its database
//	commit with something to send -> worker.Kick -> outbox -> mailer -> transport
//	                              -> hooks.Kick  -> events -> courier -> webhooks
func assemble(ctx context.Context, s *settings, log *slog.Logger, demo *demo.Demo) (*installation, error) {
	transport, err := notify.NewTransport(s.Mail)
	if err != nil {
		return nil, err
	}
	documents, err := s.documents()
	if err != nil {
		return nil, err
	}
	i := &installation{settings: s, log: log}
	known := func(ctx context.Context, host string) (bool, error) { return i.tenants.Known(ctx, host) }
	if i.certificates, err = s.certificates(known, func() edge.Shelf { return i.tenants.Shelf() }, log); err != nil {
		return nil, err
	}
	i.worker = &notify.Worker{Mailer: &notify.Mailer{Transport: transport, Caller: notify.NewCaller(s.PrivateCalls, s.Plain), Now: time.Now}, After: i.drained}
	if i.copies, err = s.copies(log); err != nil {
		return nil, err
	}
	i.hooks = i.newHooks(func() *tenant.Directory { return i.tenants })
	kick := func(customer string) { i.worker.Kick(customer); i.hooks.Kick(customer) }
	if i.tenants, err = s.open(ctx, kick, i.copies); err != nil {
		return nil, err
	}
	i.tenants.Documents, i.tenants.Probes = documents, s.Probes
	i.logs = &operate.Logs{Place: i.tenants.Place}
	i.tenants.Standing = i.standing
	i.standBy()
	i.tenants.OnUnsecured = func(slug string, err error) {
		log.Warn("a customer's database has no role of its own: the installation's is used", "slug", slug, why(err, ""))
	}
	i.worker.Open = s.openMail(i.tenants)
	i.meter = newMeter(i.tenants)
	i.tenants.OnMigrated = i.migrated
	pages := web.New(web.Config{Tenants: i.meter, Pasts: i.tenants, Log: log, Now: time.Now, Secure: !s.Plain, Demo: demo})
	programs := api.New(api.Config{Tenants: i.meter, Log: log, Now: time.Now, Secure: !s.Plain,
		Authenticators: []api.Authenticator{api.Personal{}, api.OAuth{}}})
	door := directory.New(directory.Config{Tenants: i.meter, Log: log, Now: time.Now, Secure: !s.Plain})
	inner := beside(directory.Is, door, beside(api.Is, programs, pages))
	i.tenants.ServedBy(inner)
	if i.certificates != nil {
		i.meter.watchCertificates(i.certificates.Expiring)
	}
	i.flood = edge.NewFlood(s.PerAddress, s.TrustedProxies, i.meter.heldBack, log)
	i.site = s.TrustedProxies.Behind(i.flood.Before(i.meter.watch(inner)))
	return i, nil
}

// beside sends the requests whose path is one door's to it, and all others on.
func beside(is func(path string) bool, door, others http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if is(r.URL.Path) {
			door.ServeHTTP(w, r)
			return
		}
		others.ServeHTTP(w, r)
	})
}

// served is a server with its listener.
type served struct {
	*http.Server
	net.Listener
}

// stopTime is how long requests under way may take once the process is to stop.
const stopTime = 20 * time.Second

// serve answers requests until ctx ends, then stops: no new requests, those under
// way are answered, what runs in the background ends, databases are closed.
func (i *installation) serve(ctx context.Context, l listeners) error {
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	running.Go(func() { i.worker.Run(background) })
	running.Go(func() { i.hooks.Run(background) })
	running.Go(func() { i.sweep(background); i.guard(background) })
	running.Go(i.clearLeft)
	running.Go(func() { i.halfDestroyed(background) })
	running.Go(func() { i.guardServers(background) })
	running.Go(func() { i.watchLogs(background) })
	running.Go(func() { i.catchUp(background) })
	running.Go(func() { i.mirror(background) })
	running.Go(func() { i.endGrants(background) })
	running.Go(func() { i.measure(background, l.site.Addr()) })
	running.Go(func() { i.supervisor.watch(background, i.log, func() { i.tenants.Stats() }) })
	open, names := i.servers(l)
	failed := make(chan error, len(open))
	for _, s := range open {
		go func() { failed <- s.Serve(s.Listener) }()
	}
	i.ready.Store(true)
	i.log.Info("serving", names...)
	i.supervisor.tell(i.log, isReady)
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	i.ready.Store(false)
	i.log.Info("stopping")
	i.supervisor.tell(i.log, isStopping)
	for _, s := range open {
		err = errors.Join(err, i.shutDown(s.Server))
	}
	stop()
	running.Wait()
	closed := i.tenants.Close()
	if closed != nil {
		i.log.Error("customers were not closed", why(closed, ""))
	}
	err = errors.Join(err, closed)
	i.log.Info("stopped")
	return err
}

// clearLeft takes away what processes that were killed left in the folders, and says so.
func (i *installation) clearLeft() {
	cleared, err := i.clearPassing()
	if len(cleared) > 0 {
		i.log.Info("what killed processes left is taken away", "things", len(cleared))
	}
	if err != nil {
		i.log.Warn("what killed processes left could not be taken away", why(err, "see to the folder"))
	}
}

// halfDestroyed says whose destruction was cut short: what is left of them goes when somebody runs it again.
func (i *installation) halfDestroyed(ctx context.Context) {
	slugs, err := i.tenants.HalfDestroyed(ctx)
	if err != nil && ctx.Err() == nil {
		i.log.Warn("whose destruction was cut short is not known", why(err, ""))
	}
	for _, slug := range slugs {
		i.log.Warn("the destruction of a customer has begun and is not at its end", "slug", slug,
			"hint", "run verlof tenant destroy "+slug+" --confirm "+slug+" again")
	}
}

// server returns a server that waits for nobody too long.
func (i *installation) server(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ErrorLog: httpLog(i.log), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute,
		WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10}
}

func (i *installation) shutDown(s *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	if err := s.Shutdown(ctx); err != nil {
		i.log.Warn("requests were cut off", "after", stopTime)
		return s.Close()
	}
	return nil
}

// sweep brings the customers' databases up to date, a few at first, and finds what an earlier
// process left to be sent. Who comes meanwhile is served as they come.
func (i *installation) sweep(ctx context.Context) {
	ctx = i.rollOut(ctx)
	n := 0
	err := i.tenants.Sweep(ctx, func(slug string, err error) {
		if n++; err != nil && ctx.Err() == nil {
			i.log.Error("customer cannot be opened", "slug", slug, why(err, ""))
		}
	})
	if err != nil && ctx.Err() == nil {
		i.log.Error("sweep", why(err, ""))
	}
	i.log.Debug("swept", "customers", n)
}

// drained hears what became of a customer's mails.
func (i *installation) drained(tenantID string, r notify.Report, err error) {
	i.meter.sent(r)
	for _, problem := range []error{err, r.Problem} {
		if problem != nil && !errors.Is(problem, context.Canceled) { // we are stopping: the next process goes on
			i.log.Warn("mail", "tenant", tenantID, why(problem, "see whether the mail server answers; it is tried again by itself for half a day"))
		}
	}
}

// private is what only this machine's own eyes may see.
func (i *installation) private() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", i.meter.handler())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if !i.ready.Load() {
			http.Error(w, "stopping", http.StatusServiceUnavailable)
			return
		}
		if err := i.tenants.Ready(r.Context()); err != nil {
			i.log.Error("the registry does not answer", why(err, "see whether the database answers, and whether its disk does"))
			http.Error(w, "the registry does not answer", http.StatusServiceUnavailable)
			return
		}
		if i.copies != nil && i.copies.Fenced() != nil { // the log tells
			http.Error(w, "another folder is in force: no change is taken here", http.StatusServiceUnavailable)
			return
		}
		if since := i.spareSince(i.tenants.Place, i.copies); !since.IsZero() {
			fmt.Fprintln(w, "ok, from the spare folder since", stamp(since))
			return
		}
		fmt.Fprintln(w, "ok")
	})
	return mux
}
