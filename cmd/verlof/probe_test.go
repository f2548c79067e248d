// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"encoding/json"
	"log/slog"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"verlof/trust"
)

// TestProbe: a probe elsewhere says in which minutes the site answered. While the installation cannot be told, it keeps that,
// also when it is started anew.
func TestProbe(t *testing.T) {
	key := filepath.Join(t.TempDir(), "probe.pem")
	north := strings.TrimSpace(must(t, "probe", "key", key, "--name", "north"))
	in := newInstallation(t)
	must(t, append([]string{"tenant", "create", "acme", "--name", "Acme"}, in...)...)
	stands := func(id string) promiseRow {
		var all []promiseRow
		if err := json.Unmarshal([]byte(must(t, append([]string{"promises", "--json", "--probes", north}, in...)...)), &all); err != nil {
			t.Fatal(err)
		}
		return all[slices.IndexFunc(all, func(r promiseRow) bool { return r.ID == id })]
	}
	p := launch(t, append(serveArgs(in), "--probes", north)...)
	site, _ := p.addresses(t)
	looking := func(key string) *prober {
		_, port, _ := net.SplitHostPort(site)
		r, err := (&probeRun{URL: "http://acme.localhost:" + port + "/sign-in", Key: key}).prober(slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := looking(key)
	if got := stands("P34").Newest; got != "" {
		t.Errorf("before anybody looked: %q", got)
	}
	if err := cmp.Or(r.look(t.Context()), r.tell(t.Context())); err != nil {
		t.Fatal(err)
	}
	if got := stands("P34").Newest; got != "1 of 1 minutes" {
		t.Errorf("told once: %q", got)
	}
	if err := seenThroughTwo(t, key, site); err != nil {
		t.Fatal(err)
	}
	if got := stands("P08"); got.State != trust.Kept || got.Newest != "1 connection" {
		t.Errorf("one connection of two is lost: %s, %q", got.State, got.Newest)
	}
	stranger := filepath.Join(t.TempDir(), "probe.pem")
	must(t, "probe", "key", stranger, "--name", "north")
	s := looking(stranger)
	if err := cmp.Or(s.look(t.Context()), s.tell(t.Context())); err == nil || !strings.Contains(err.Error(), "verlof probe key") {
		t.Errorf("a stranger is told %v, not what to do", err)
	}
	if err := r.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := p.end(t); err != nil {
		t.Fatal(err)
	}
	if r.look(t.Context()) == nil || r.tell(t.Context()) == nil {
		t.Error("somebody answers where nobody is")
	}
	p = launch(t, append(serveArgs(in), "--probes", north)...)
	site, _ = p.addresses(t)
	r = looking(key)
	if !r.untold {
		t.Fatal("what could not be told is forgotten")
	}
	if err := r.tell(t.Context()); err != nil || r.untold || len(r.report.Days) != 1 {
		t.Errorf("told after all: %v, %v, %d days", err, r.untold, len(r.report.Days))
	}
}

// seenThroughTwo has a probe look at the site and at an address where nobody is, and tell.
func seenThroughTwo(t *testing.T, key, site string) error {
	t.Helper()
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	_, port, _ := net.SplitHostPort(site)
	r, err := (&probeRun{URL: "http://acme.localhost:" + port + "/sign-in", Key: key, State: filepath.Join(t.TempDir(), "state"),
		Address: []string{"127.0.0.1", gone.Addr().String()}}).prober(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return cmp.Or(r.look(t.Context()), r.tell(t.Context()))
}
