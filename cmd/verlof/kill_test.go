// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"verlof/backup"
	"verlof/calendar"
	"verlof/internal/pgtest"
	"verlof/leave"
	"verlof/operate"
	"verlof/people"
	"verlof/store"
	"verlof/tenant"
)

// killsAtOnce is how many kills one installation takes before a new one is made: the more it
// holds, the longer a look at all of it.
const killsAtOnce = 250

// TestKill kills the server while it takes bookings over many connections, on both engines, and
// demands each time that the next one has every booking that was acknowledged, no day twice, in
// a database that is whole. VERLOF_KILLS says how often; with VERLOF_SOAK, a folder, it goes
// on where it was interrupted.
func TestKill(t *testing.T) {
	t.Parallel()
	for engine, usual := range map[string]int{"sqlite": 40, "postgres": 15} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			if testing.Short() {
				usual = 5
			}
			kills := rounds("VERLOF_KILLS", usual)
			count := filepath.Join(cmp.Or(os.Getenv("VERLOF_SOAK"), t.TempDir()), "kills-"+engine)
			for done := countIn(count); done < kills && !t.Failed(); {
				n := min(killsAtOnce, kills-done)
				t.Run(fmt.Sprint("from_", done), func(t *testing.T) { killed(t, engine, n) })
				if done += n; t.Failed() {
					break
				}
				if err := os.WriteFile(count, fmt.Append(nil, done), 0o600); err != nil {
					t.Fatal(err)
				}
				if done < kills || kills > usual {
					fmt.Fprintf(os.Stderr, "%s: %d of %d kills\n", engine, done, kills)
				}
			}
		})
	}
}

// rounds returns how often something is to be done: as a variable says, else as is usual.
func rounds(variable string, usual int) int {
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil {
		return n
	}
	return usual
}

// countIn reads a number that was written down; 0 where none was.
func countIn(path string) int {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(string(text))
	return n
}

// killed kills the server of a new installation so many times.
func killed(t *testing.T, engine string, kills int) {
	database := ""
	if engine == "postgres" {
		database = pgtest.URL(t)
	}
	v := newVictimIn(t, database)
	crowd := v.signIn(t, 16)
	rng := rand.New(rand.NewPCG(1, uint64(time.Now().UnixNano())))
	acknowledged := map[string]bool{}
	for n := range kills {
		v.start(t)
		v.check(t, acknowledged)
		pause := time.Duration(rng.IntN(120)) * time.Millisecond
		for _, id := range v.bookUntilKilled(t, crowd, pause, rng.IntN(8) > 0) {
			acknowledged[id] = true
		}
		if t.Failed() {
			t.Fatalf("after kill %d", n+1)
		}
	}
	v.start(t)
	v.check(t, acknowledged)
	v.kill(t)
	t.Logf("%d bookings were acknowledged before %d kills", len(acknowledged), kills)
	if len(acknowledged) < kills { // a busy machine books less between two kills, but it books
		t.Errorf("only %d bookings in %d rounds: the server was killed at rest", len(acknowledged), kills)
	}
}

// victim is a server that is killed.
type victim struct {
	program  string
	settings settings
	db       *store.DB // the customer's, seen from this process
	special  string    // id of a leave type without entitlement
	address  string
	process  *exec.Cmd
	flags    []string // of serve, besides
	log      *buffer
}

// builtProgram returns the path of the program, which is built once for all tests.
func builtProgram(t *testing.T) string {
	t.Helper()
	path, err := buildProgram()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var buildProgram = sync.OnceValues(func() (string, error) {
	var err error
	if programs, err = os.MkdirTemp("", "verlof-test-"); err != nil {
		return "", err
	}
	path := filepath.Join(programs, "verlof")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, out)
	}
	return path, err
})

// newVictim makes an installation with one customer, on SQLite.
func newVictim(t *testing.T) *victim { return newVictimIn(t, "") }

// newVictimIn makes one in a database; empty: on SQLite.
func newVictimIn(t *testing.T, database string) *victim {
	t.Helper()
	dir := t.TempDir()
	v := &victim{program: builtProgram(t), settings: settings{Data: filepath.Join(dir, "data"), Database: database, Plain: true,
		Listen: "127.0.0.1:0", BaseDomain: "localhost", MaxOpen: 10, MaxConnections: 4, Idle: time.Minute}}
	if err := v.settings.fill(); err != nil {
		t.Fatal(err)
	}
	place, err := store.ParsePlace(v.settings.Database)
	if err != nil {
		t.Fatal(err)
	}
	err = v.settings.withNew(t.Context(), func(d *tenant.Directory, _ *backup.Copies) error {
		row, err := operate.Sample(t.Context(), d, tenant.New{Slug: "acme", Name: "Acme", Hosts: []string{"acme.localhost"}, Language: "en"},
			40, 1, calendar.DateOf(time.Now()))
		if err != nil {
			return err
		}
		v.db, err = place.Open(t.Context(), row.Database)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.db.Close() })
	err = v.db.Leave().View(t.Context(), func(tx leave.Tx) error {
		types, err := tx.Types()
		for _, typ := range types {
			if !typ.Entitled && !typ.Private {
				v.special = typ.ID
			}
		}
		return err
	})
	if err != nil || v.special == "" {
		t.Fatalf("no leave type to book: %v", err)
	}
	return v
}

// start starts the server and waits until it serves.
func (v *victim) start(t *testing.T) {
	t.Helper()
	p := &process{ended: make(chan error, 1)}
	v.process = exec.Command(v.program, append([]string{"serve", "--data", v.settings.Data, "--database", v.settings.Database, "--plain", "--listen", v.settings.Listen,
		"--metrics-listen", "", "--mail", "discard:"}, v.flags...)...)
	v.process.Stderr, v.log = &p.err, &p.err
	if err := v.process.Start(); err != nil {
		t.Fatal(err)
	}
	c := v.process
	t.Cleanup(func() { _ = c.Process.Kill() }) // where the test ends early
	v.address, _ = p.addresses(t)
}

// kill ends the server as a power failure of the process: without a warning.
func (v *victim) kill(t *testing.T) {
	t.Helper()
	if err := v.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = v.process.Wait() // it was killed
}

// check demands that the database is whole and holds what was acknowledged.
func (v *victim) check(t *testing.T, acknowledged map[string]bool) {
	t.Helper()
	if err := v.db.Check(t.Context()); err != nil {
		t.Fatalf("the database is damaged: %v", err)
	}
	missing := len(acknowledged)
	err := v.db.Leave().View(t.Context(), func(tx leave.Tx) error {
		missing = len(acknowledged)
		all, err := tx.AllCounting()
		for person, list := range all {
			days := map[calendar.Date]bool{}
			for _, r := range list {
				if acknowledged[r.ID] {
					missing--
				}
				if r.Type != v.special {
					continue
				}
				if days[r.From] { // each asks for one day
					t.Errorf("person %s has %v twice", person, r.From)
				}
				days[r.From] = true
			}
		}
		return err
	})
	if err != nil || missing > 0 {
		t.Errorf("%d of %d acknowledged bookings are gone, %v\n%s", missing, len(acknowledged), err, v.log.String())
	}
}

// asker is somebody who is signed in and books one day after the other.
type asker struct {
	cookie string
	next   calendar.Date
}

// signIn signs people in; their sessions outlive the server.
func (v *victim) signIn(t *testing.T, n int) []*asker {
	t.Helper()
	v.start(t)
	defer v.kill(t)
	var persons []people.Person
	err := v.db.People().View(t.Context(), func(tx people.Tx) (err error) {
		persons, err = tx.Persons()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var crowd []*asker
	for _, p := range persons {
		if !p.Active || len(crowd) == n {
			continue
		}
		b := visit(t, "acme.localhost", v.address)
		b.signIn(p.Email, operate.DemoPassword)
		site, err := url.Parse(b.base)
		if err != nil {
			t.Fatal(err)
		}
		a := &asker{next: calendar.DateOf(time.Now()).AddDays(500)}
		for _, c := range b.Jar.Cookies(site) {
			a.cookie += c.String() + "; "
		}
		crowd = append(crowd, a)
	}
	return crowd
}

// bookUntilKilled has the crowd book, kills the server meanwhile, after a pause, and returns the
// bookings that it acknowledged. Booking: the pause begins once one was.
func (v *victim) bookUntilKilled(t *testing.T, crowd []*asker, pause time.Duration, booking bool) (ids []string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DialContext: dialTo((&net.Dialer{}).DialContext, v.address), MaxIdleConnsPerHost: len(crowd)},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	var mu sync.Mutex
	var all sync.WaitGroup
	first, once := make(chan struct{}), sync.Once{}
	twins := make([]asker, len(crowd)) // who asks for the same days at the same time
	for i, a := range crowd {
		twins[i] = *a
		for _, one := range []*asker{a, &twins[i]} {
			all.Go(func() {
				for {
					id, err := one.book(t.Context(), client, v.special)
					if err != nil {
						return // the server is gone
					}
					if id != "" {
						mu.Lock()
						ids = append(ids, id)
						mu.Unlock()
						once.Do(func() { close(first) })
					}
				}
			})
		}
	}
	if booking {
		select {
		case <-first:
		case <-time.After(5 * time.Second): // all days are taken
		}
	}
	time.Sleep(pause)
	v.kill(t)
	all.Wait()
	for i, a := range crowd {
		a.next = max(a.next, twins[i].next)
	}
	return ids
}

// book asks for the next day and returns the id of the request; empty where the
// day was refused.
func (a *asker) book(ctx context.Context, client *http.Client, typ string) (id string, err error) {
	a.next++
	form := url.Values{"type": {typ}, "from": {a.next.String()}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://acme.localhost/leave/new", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Cookie", a.cookie)
	answer, err := client.Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	place, _, _ := strings.Cut(answer.Header.Get("Location"), "?")
	id, booked := strings.CutPrefix(place, "/requests/")
	switch {
	case answer.StatusCode == http.StatusSeeOther && booked:
		return id, nil
	case answer.StatusCode == http.StatusConflict || answer.StatusCode == http.StatusUnprocessableEntity: // a free day
		return "", nil
	}
	return "", fmt.Errorf("status %d to %s", answer.StatusCode, answer.Header.Get("Location"))
}
