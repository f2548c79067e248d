// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"verlof/backup"
	"verlof/calendar"
	"verlof/identity"
	"verlof/internal/id"
	"verlof/internal/seal"
	"verlof/operate"
	"verlof/people"
	"verlof/store"
	"verlof/tenant"
	"verlof/web"
)

// world is an installation as verlof serve has it: customers in a directory, and
// their site behind a listener.
type world struct {
	*tenant.Directory
	place  string // as --database names it
	today  calendar.Date
	site   http.Handler
	server *http.Server
	url    string
}

// newWorld makes an installation at a place, as --database names it, that keeps
// so many unused customers open; 0: as many as it does by itself.
func newWorld(ctx context.Context, place string, open int, idle time.Duration) (*world, error) {
	return newCopiedWorld(ctx, place, open, idle, nil)
}

// newCopiedWorld makes an installation whose changes are carried to a depot.
func newCopiedWorld(ctx context.Context, place string, open int, idle time.Duration, copies *backup.Copies) (*world, error) {
	p, err := store.ParsePlace(place)
	if err != nil {
		return nil, err
	}
	hasher := identity.NewHasher(identity.DefaultParams, max(1, runtime.GOMAXPROCS(0)/2), 5*time.Second) // as verlof serve has it
	key, err := rootKey(place)
	if err != nil {
		return nil, err
	}
	d, err := tenant.Open(ctx, tenant.Options{Place: p, RootKey: key, Now: time.Now, Hasher: hasher, MaxOpen: open, Idle: idle, Plain: true, OnOpen: operate.Carry(copies)})
	if err != nil {
		return nil, err
	}
	w := &world{Directory: d, place: place, today: calendar.DateOf(time.Now())}
	// Lines are written as in production; what a terminal makes of them is its own.
	w.site = web.New(web.Config{Tenants: d, Now: time.Now, Log: slog.New(slog.NewJSONHandler(io.Discard, nil))})
	w.server, w.url, err = serve(w.site)
	return w, err
}

// rootKey returns where the root key of a place lies: beside files, or in a folder of its
// own.
func rootKey(place string) (seal.File, error) {
	dir, isFile := strings.CutPrefix(place, "sqlite:")
	if !isFile {
		var err error
		if dir, err = os.MkdirTemp("", "verlof-bench-key-"); err != nil {
			return seal.File{}, err
		}
	}
	return seal.File{Path: filepath.Join(dir, "root.key"), Make: true}, nil
}

// Close ends the installation.
func (w *world) Close() error { return errors.Join(w.server.Close(), w.Directory.Close()) }

// serve serves a handler on a loopback port of its own.
func serve(h http.Handler) (*http.Server, string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	s := &http.Server{Handler: h}
	go s.Serve(l) // ends with Close
	return s, "http://" + l.Addr().String(), nil
}

// host is the host name of a customer.
func host(slug string) string { return slug + ".localhost" }

// sample makes a customer of so many people with two years of leave.
func (w *world) sample(ctx context.Context, slug string, size int) (store.TenantRow, error) {
	n := tenant.New{Slug: slug, Name: slug, Hosts: []string{host(slug)}, Language: "en", Accent: "#0b6e6e"}
	return operate.Sample(ctx, w.Directory, n, size, 1, w.today)
}

// firm is a sample with two people who are signed in.
type firm struct {
	file                    string // of its database, on SQLite
	administrator, employee visitor
}

// firm makes a sample and signs two of its people in.
func (w *world) firm(ctx context.Context, slug string, size int) (f firm, err error) {
	made, err := w.sample(ctx, slug, size)
	if err != nil {
		return f, err
	}
	f.file = w.file(made)
	err = w.with(ctx, slug, func(t *tenant.Tenant) error {
		administrator, employee, err := cast(ctx, t)
		if err != nil {
			return err
		}
		in, err := admit(ctx, t, administrator, employee)
		if err == nil {
			f.administrator, f.employee = in[0], in[1]
		}
		return err
	})
	return f, err
}

// file returns where the database of a customer is, on SQLite.
func (w *world) file(t store.TenantRow) string {
	return filepath.Join(strings.TrimPrefix(w.place, "sqlite:"), strings.TrimPrefix(t.Database, "sqlite:"))
}

// with runs f with one customer, open.
func (w *world) with(ctx context.Context, slug string, f func(*tenant.Tenant) error) error {
	t, release, err := w.BySlug(ctx, slug)
	if err != nil {
		return err
	}
	defer release()
	return f(t)
}

// visitor is somebody who is signed in.
type visitor struct {
	id     people.ID
	slug   string
	cookie string // as the browser sends it
}

// admit signs people in: their sessions are in the database and their browsers
// have the cookie, as after a password.
func admit(ctx context.Context, t *tenant.Tenant, who ...people.ID) (in []visitor, err error) {
	now := time.Now().UTC().Truncate(time.Microsecond)
	for _, p := range who {
		in = append(in, visitor{p, t.Slug, id.Token()})
	}
	err = t.Identity.Store.Update(ctx, func(tx identity.Tx) error {
		for _, v := range in {
			err := tx.InsertSession(identity.Session{ID: id.New(now), Digest: identity.DigestOf(v.cookie), Person: v.id,
				From: netip.MustParseAddr("127.0.0.1"), Agent: "bench", Created: now, Seen: now, Expires: now.Add(8 * time.Hour),
				Stage: identity.SignedIn, Means: identity.ByPassword, Proven: now})
			if err != nil {
				return err
			}
		}
		return nil
	})
	for i := range in {
		kept := sink{header: http.Header{}}
		t.Identity.Keep(&kept, identity.Entry{Token: in[i].cookie})
		c, parseErr := http.ParseSetCookie(kept.header.Get("Set-Cookie"))
		if parseErr != nil {
			return nil, parseErr
		}
		in[i].cookie = c.Name + "=" + c.Value
	}
	return in, err
}

// sink is a http.ResponseWriter that counts what it is given, and keeps it if told.
type sink struct {
	header http.Header
	status int
	bytes  int
	keep   *bytes.Buffer
}

func (s *sink) Header() http.Header    { return s.header }
func (s *sink) WriteHeader(status int) { s.status = status }

func (s *sink) Write(b []byte) (int, error) {
	s.bytes += len(b)
	if s.keep != nil {
		s.keep.Write(b)
	}
	return len(b), nil
}

// cast are those whose view is measured.
func cast(ctx context.Context, t *tenant.Tenant) (administrator, employee people.ID, err error) {
	org, err := t.People.Organisation(ctx)
	if err != nil {
		return "", "", err
	}
	for _, p := range org.Order {
		v, err := org.Viewer(p)
		switch {
		case err != nil: // has left
		case v.IsAdministrator():
			administrator = p
		case !v.IsManager() && len(v.TeamsIn) > 0:
			employee = p
		}
	}
	if administrator == "" || employee == "" {
		return "", "", errors.New("the sample has no administrator, or no employee in a team")
	}
	return administrator, employee, nil
}

// request returns what the visitor's browser sends; packed says that it takes
// gzip, as browsers do.
func (v visitor) request(ctx context.Context, method, url string, body []byte, packed bool) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Host, r.RemoteAddr = host(v.slug), "127.0.0.1:40000"
	r.Header.Set("Cookie", v.cookie)
	r.Header.Set("Accept-Language", "en")
	if packed {
		r.Header.Set("Accept-Encoding", "gzip")
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r, nil
}
