// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"verlof/store"
)

// answers are what a crowd was told while it booked, and those who look besides.
type answers struct {
	mu         sync.Mutex
	booked     []string
	first      time.Time // of the bookings after a moment
	after      time.Time // that moment
	refused    int
	looks, bad int
}

// TestSpare takes the disk of the data folder away while people work: the service goes on from
// the spare folder within 5 seconds, and nothing that was acknowledged is missing. The old disk
// comes back with what it had, and nobody uses it.
func TestSpare(t *testing.T) {
	v := newVictim(t)
	defer func() {
		if t.Failed() {
			t.Log(v.log.String())
		}
	}()
	depot, spare, away := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "away")
	v.flags = []string{"--copy", "folder:" + depot, "--spare", spare}
	crowd := v.signIn(t, 8)
	v.start(t)
	got := v.bookOn(t, crowd, func(a *answers) {
		time.Sleep(300 * time.Millisecond)
		if err := os.Rename(v.settings.Data, away); err != nil {
			t.Fatal(err)
		}
		a.mu.Lock()
		a.after = time.Now()
		a.mu.Unlock()
		wait(t, "for a booking without the disk", func() bool { a.mu.Lock(); defer a.mu.Unlock(); return !a.first.IsZero() })
		time.Sleep(300 * time.Millisecond)
	})
	pause := got.first.Sub(got.after)
	t.Logf("%d bookings, the first %v after the disk was gone, %d refused; %d looks, %d without an answer", len(got.booked), pause, got.refused, got.looks, got.bad)
	if pause > 5*time.Second {
		t.Errorf("the service answered %v after its disk was gone", pause)
	}
	if got.bad > 0 {
		t.Errorf("%d of %d looks got no page", got.bad, got.looks)
	}
	acknowledged := map[string]bool{}
	for _, id := range got.booked {
		acknowledged[id] = true
	}
	if log := v.log.String(); !strings.Contains(log, "the service goes on from the spare folder") {
		t.Error("the log does not say that the disk is lost")
	}
	v.atSpare(t, spare)
	v.check(t, acknowledged)
	v.kill(t)

	if err := os.Rename(away, v.settings.Data); err != nil { // with what it had
		t.Fatal(err)
	}
	v.refusedAlone(t)
	v.start(t)
	for _, id := range v.bookUntilKilled(t, crowd, 300*time.Millisecond, true) {
		acknowledged[id] = true
	}
	v.check(t, acknowledged)
	for _, verb := range []string{"now", "status", "verify", "drill"} { // first what was not told to anybody when it was killed
		must(t, "backup", verb, "--data", v.settings.Data, "--copy", "folder:"+depot, "--spare", spare)
	}
	if out, err := verb(t, "backup", "status", "--data", v.settings.Data, "--copy", "folder:"+depot); err == nil || !strings.Contains(err.Error(), "given up") {
		t.Errorf("without the spare folder the old data is used: %v\n%s", err, out)
	}
	must(t, "recover", "--data", filepath.Join(t.TempDir(), "new"), "--root-key-file", filepath.Join(v.settings.Data, "root.key"), "--from", "folder:"+depot)
	if _, err := verb(t, "backup", "status", "--data", v.settings.Data, "--copy", "folder:"+depot, "--spare", spare); err == nil {
		t.Error("it was recovered elsewhere, and the spare folder is used")
	}
}

// refusedAlone has the older data be used by nobody who names neither depot nor spare folder.
func (v *victim) refusedAlone(t *testing.T) {
	t.Helper()
	for _, command := range [][]string{{"serve", "--listen", "127.0.0.1:0", "--metrics-listen", ""}, {"tenant", "list"}, {"restore", "acme"}, {"tenant", "show", "acme"},
		{"keys", "list"}, {"serve", "--listen", "127.0.0.1:0", "--metrics-listen", "", "--copy", "none"}} {
		out, err := verb(t, append(command, "--data", v.settings.Data)...)
		if err == nil || !strings.Contains(err.Error(), "given up") {
			t.Errorf("%v uses what was given up: %v\n%s", command, err, out)
		}
	}
}

// atSpare looks at the customer's database in the spare folder from now on.
func (v *victim) atSpare(t *testing.T, spare string) {
	t.Helper()
	_ = v.db.Close() // its file is gone
	found, err := filepath.Glob(filepath.Join(spare, "0002-*", "tenants", "*", "data.db"))
	if err != nil || len(found) != 1 {
		t.Fatalf("databases in the spare folder: %v, %v", found, err)
	}
	if v.db, err = store.Open(t.Context(), "sqlite:"+found[0]); err != nil {
		t.Fatal(err)
	}
	db := v.db
	t.Cleanup(func() { _ = db.Close() })
}

// bookOn has the crowd book, and one of them look, while something happens.
func (v *victim) bookOn(t *testing.T, crowd []*asker, happens func(*answers)) *answers {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DialContext: dialTo((&net.Dialer{}).DialContext, v.address), MaxIdleConnsPerHost: len(crowd)},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: 20 * time.Second}
	defer client.CloseIdleConnections()
	ctx, stop := context.WithCancel(t.Context())
	a := &answers{}
	var all sync.WaitGroup
	for _, c := range crowd {
		all.Go(func() {
			for ctx.Err() == nil {
				began := time.Now()
				id, err := c.book(ctx, client, v.special)
				a.mu.Lock()
				switch {
				case ctx.Err() != nil:
				case err != nil:
					a.refused++
				case id != "":
					if a.booked = append(a.booked, id); a.first.IsZero() && !a.after.IsZero() && began.After(a.after) {
						a.first = time.Now()
					}
				}
				a.mu.Unlock()
			}
		})
	}
	all.Go(func() {
		for ctx.Err() == nil {
			ok := crowd[0].looks(ctx, client)
			a.mu.Lock()
			if ctx.Err() == nil {
				if a.looks++; !ok {
					a.bad++
				}
			}
			a.mu.Unlock()
		}
	})
	happens(a)
	stop()
	all.Wait()
	return a
}

// looks reports whether the first page is there.
func (a *asker) looks(ctx context.Context, client *http.Client) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://acme.localhost/", nil)
	if err != nil {
		return false
	}
	r.Header.Set("Cookie", a.cookie)
	answer, err := client.Do(r)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// TestRecover_registry brings the registry alone back and serves at once: a customer is there as
// soon as somebody comes to it, the others in order of importance.
func TestRecover_registry(t *testing.T) {
	t.Parallel()
	v := newVictim(t)
	depot := t.TempDir()
	v.flags = []string{"--copy", "folder:" + depot}
	crowd := v.signIn(t, 1)
	for _, slug := range []string{"birch", "cedar"} {
		must(t, "tenant", "create", slug, "--name", slug, "--data", v.settings.Data, "--copy", "folder:"+depot)
	}
	must(t, "tenant", "set", "cedar", "--importance", "7", "--data", v.settings.Data, "--copy", "folder:"+depot)
	must(t, "backup", "now", "--data", v.settings.Data, "--copy", "folder:"+depot)
	v.lose(t)
	if out := must(t, "recover", "--registry-only", "--data", v.settings.Data, "--from", "folder:"+depot); !strings.Contains(out, "1 databases") {
		t.Errorf("recovered: %s", out)
	}
	if found, _ := filepath.Glob(filepath.Join(v.settings.Data, "tenants", "*", "data.db")); len(found) > 0 {
		t.Errorf("customers were brought back: %v", found)
	}
	v.start(t)
	if !crowd[0].looks(t.Context(), v.client(t)) {
		t.Error("a customer that somebody comes to is not there")
	}
	wait(t, "for all customers", func() bool {
		found, _ := filepath.Glob(filepath.Join(v.settings.Data, "tenants", "*", "data.db"))
		return len(found) == 3 && strings.Count(v.log.String(), "was brought back") == 3
	})
	v.kill(t)
	if log := v.log.String(); strings.Count(log, "was brought back") != 3 || strings.Contains(log, `"level":"ERROR"`) {
		t.Errorf("the log says:\n%s", log)
	}
	list := must(t, "tenant", "log", "cedar", "--data", v.settings.Data)
	if !strings.Contains(list, "importance") {
		t.Errorf("on record: %s", list)
	}
	must(t, "backup", "drill", "--data", v.settings.Data, "--copy", "folder:"+depot)
}
