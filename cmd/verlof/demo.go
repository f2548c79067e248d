// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/disk"
	"verlof/operate"
	"verlof/web/demo"
)

// demoCmd runs two fictional customers. It is serve with other settings, and
// with what only a demo has: see demosite.go.
type demoCmd struct {
	Listen string `default:"127.0.0.1:8080" placeholder:"ADDR" help:"Address on this machine (${default})."`
	Data   string `default:"verlof-data/demo" placeholder:"DIR" help:"Folder of the demo (${default})."`
	Fresh  bool   `help:"Begin anew: what was done in the demo is deleted."`
}

// Help is what --help adds.
func (demoCmd) Help() string {
	return `Everything in it is made up. Nobody is written to: mail goes into a mailbox that the pages
show. Stopped and started again, it goes on where it was.

Examples:
  verlof demo
  verlof demo --fresh --listen 127.0.0.1:0`
}

// Run runs the demo until ctx ends.
func (c *demoCmd) Run(ctx context.Context, io *console) error {
	if err := c.check(); err != nil {
		return err
	}
	l, err := listen(c.Listen)
	if err != nil {
		return err
	}
	defer l.Close()
	folder := demoFolder(c.Data)
	held, err := folder.hold()
	if err != nil {
		return err
	}
	defer held.Close()
	isNew, err := folder.prepare(c.Fresh)
	if err != nil {
		return err
	}
	s := c.settings(l.Addr())
	if err := s.fill(); err != nil {
		return err
	}
	site := newDemoSite(folder.mail())
	i, err := assemble(ctx, s, newLog(io.err, s.LogLevel, s.LogFormat), site.hooks())
	if err != nil {
		return err
	}
	if isNew {
		if err := c.make(ctx, io, i, folder); err != nil {
			return errors.Join(err, i.tenants.Close())
		}
	}
	c.greet(io, s)
	return i.serve(ctx, listeners{site: l})
}

// check refuses addresses that others could reach: a demo lets anybody be
// anybody.
func (c *demoCmd) check() error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return checkAddress("listen", c.Listen)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return errs.Operator("name a port of this machine, such as 127.0.0.1:8080; verlof serve is for the others",
			"a demo lets anybody be anybody, so %q is not for it", c.Listen)
	}
	return nil
}

// settings returns those of a demo that answers at addr.
func (c *demoCmd) settings(addr net.Addr) *settings {
	return &settings{Data: c.Data, Listen: addr.String(), BaseDomain: "localhost", Plain: true,
		MaxOpen: 10, MaxConnections: 4, Idle: time.Hour, LogLevel: "warn", LogFormat: "text", Copy: "folder:" + demoFolder(c.Data).second()}
}

// make fills the demo's folder.
func (c *demoCmd) make(ctx context.Context, io *console, i *installation, folder demoFolder) error {
	done := io.working("making the customers")
	defer done()
	if err := operate.Demo(ctx, i.tenants, i.host, calendar.DateOf(time.Now())); err != nil {
		return fmt.Errorf("make the demo: %w", err)
	}
	return folder.complete()
}

// greet prints where to go and how to sign in.
func (c *demoCmd) greet(io *console, s *settings) {
	rows := [][]string{{"CUSTOMER", "ADDRESS", "SIGN IN AS", "WHO IS"}}
	for _, d := range operate.DemoCustomers() {
		for n, p := range d.People[:3] {
			row := []string{"", "", p.Email, p.Role}
			if n == 0 {
				row[0], row[1] = d.Name, s.site(s.host(d.Slug))
			}
			rows = append(rows, row)
		}
	}
	_ = io.table(rows...) // who cannot read it finds the bar in the pages
	fmt.Fprintf(io.out, "\nBegin at %s%s: who is who, and what to try.\n", s.site(s.host(operate.DemoCustomers()[0].Slug)), demo.StartPath)
	fmt.Fprintf(io.out, "The password of everybody is %s. The bar above each page lets you be somebody else.\n", operate.DemoPassword)
	fmt.Fprintf(io.out, "The data lies in %s; --fresh begins anew. Stop with Ctrl-C.\n", c.Data)
}

// demoFolder is where a demo keeps its data. A file in it says that it is a
// demo's, so that --fresh deletes nothing else.
type demoFolder string

// marker is what that file holds.
type marker struct {
	About string `json:"about"`
	Made  bool   `json:"made"` // all customers are there
}

func (f demoFolder) marker() string { return filepath.Join(string(f), "demo.json") }

// second is where copies are kept: on the same disk, which in a demo does no harm.
func (f demoFolder) second() string { return filepath.Join(string(f), "second") }

func (f demoFolder) mail() string { return filepath.Join(string(f), "mail") }

// hold keeps other demos out of the folder until what it returns is closed. It refuses a folder with other
// things in it.
func (f demoFolder) hold() (*os.File, error) {
	if _, err := f.read(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return nil, fmt.Errorf("make the demo's folder: %w", err)
	}
	held, err := disk.TryLock(f.marker())
	switch {
	case errors.Is(err, disk.ErrHeld):
		return nil, &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("a demo runs in %s already", string(f)),
			Hint: "stop that one with Ctrl-C, or name another folder with --data"}
	case errors.Is(err, errors.ErrUnsupported): // where files cannot be held, two may run
		return nil, nil
	}
	return held, err
}

// prepare makes the folder fit for a demo and reports whether its customers are
// still to be made.
func (f demoFolder) prepare(fresh bool) (isNew bool, err error) {
	m, err := f.read()
	if err != nil {
		return false, err
	}
	if m.Made && !fresh {
		return false, f.makeSecond()
	}
	for _, name := range []string{"registry.db", "registry.db-wal", "registry.db-shm", "registry.db-copied", "epoch.json", rootKeyName,
		"tenants", "before", "mail", "second"} {
		if err := os.RemoveAll(filepath.Join(string(f), name)); err != nil {
			return false, fmt.Errorf("empty the demo's folder: %w", err)
		}
	}
	return true, errors.Join(f.makeSecond(), f.write(false))
}

func (f demoFolder) makeSecond() error {
	if err := os.MkdirAll(f.second(), 0o700); err != nil {
		return fmt.Errorf("make the demo's folder: %w", err)
	}
	return nil
}

// read returns what the folder says of itself, also where it is not there yet.
func (f demoFolder) read() (m marker, err error) {
	text, err := os.ReadFile(f.marker())
	switch {
	case err == nil && len(text) == 0: // one that is held for the first time
		return m, nil
	case err == nil:
		return m, json.Unmarshal(text, &m)
	case !errors.Is(err, os.ErrNotExist):
		return m, unreadable(err)
	}
	entries, err := os.ReadDir(string(f))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return m, unreadable(err)
	}
	if len(entries) > 0 {
		return m, errs.Operator("name an empty folder with --data", "%s holds something else than a demo", string(f))
	}
	return m, nil
}

func (f demoFolder) complete() error { return f.write(true) }

func (f demoFolder) write(made bool) error {
	text, err := json.Marshal(marker{"A demo of Verlof: verlof demo --fresh deletes what is here.", made})
	if err != nil {
		return err
	}
	return os.WriteFile(f.marker(), append(text, '\n'), 0o600)
}
