// SPDX-License-Identifier: Apache-2.0

package storetest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/errs"
	"verlof/store"
	"verlof/store/migration"
	"verlof/trust"
)

func testMigrate(t *testing.T, db *store.DB) {
	ctx := context.Background()
	for range 2 {
		if err := store.Migrate(ctx, db, migration.Tenant); err != nil {
			t.Fatal(err)
		}
		if v, err := store.SchemaVersion(ctx, db); err != nil || v != migration.Tenant.Version {
			t.Errorf("schema %d, %v; want %d", v, err, migration.Tenant.Version)
		}
	}
	if err := add(db, "a"); err != nil {
		t.Error(err)
	}
}

// testMigrateNewer has a program meet a database that a newer one took further: it goes on, unless
// a step took away what it needs.
func testMigrateNewer(t *testing.T, db *store.DB) {
	ctx := context.Background()
	if err := store.Migrate(ctx, db, migration.Tenant); err != nil {
		t.Fatal(err)
	}
	expands, contracts := grown(), grown("-- contract: nothing since step 9998 reads later\n")
	for range 2 {
		if err := store.Migrate(ctx, db, expands); err != nil {
			t.Fatal(err)
		}
		if err := store.Migrate(ctx, db, migration.Tenant); err != nil {
			t.Errorf("after steps that expand: %v", err)
		}
		if v, err := store.SchemaVersion(ctx, db); err != nil || v != expands.Version {
			t.Errorf("schema %d, %v; want %d", v, err, expands.Version)
		}
	}
	if err := add(db, "a"); err != nil {
		t.Error(err)
	}
	if err := store.Migrate(ctx, db, contracts); err != nil {
		t.Fatal(err)
	}
	if err := store.Migrate(ctx, db, expands.Until(9998)); err != nil {
		t.Errorf("a program that does not need what went: %v", err)
	}
	err := store.Migrate(ctx, db, migration.Tenant)
	if e := errs.As(err); err == nil || e.Kind != errs.Unavailable || e.Hint == "" {
		t.Errorf("a program that needs what went: %v, want Unavailable with a hint", err)
	}
}

// testMigrateTurns has several programs bring one database up to date: one of them prepares it, once.
func testMigrateTurns(t *testing.T, db *store.DB) {
	ctx, set := context.Background(), grown()
	refused := errors.New("no room")
	if err := store.MigrateAfter(ctx, db, set, func(int64) error { return refused }); !errors.Is(err, refused) {
		t.Errorf("what comes before fails: %v", err)
	}
	if v, err := store.SchemaVersion(ctx, db); err != nil || v != 0 {
		t.Errorf("and then schema %d, %v", v, err)
	}
	var wait sync.WaitGroup
	var times atomic.Int64
	for range 3 {
		wait.Go(func() {
			err := store.MigrateAfter(ctx, db, set, func(have int64) error {
				if times.Add(1); have != 0 {
					t.Errorf("prepared at step %d", have)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if v, err := store.SchemaVersion(ctx, db); err != nil || v != set.Version || times.Load() != 1 {
		t.Errorf("schema %d, %v, prepared %d times", v, err, times.Load())
	}
}

// testMigrateFails has a step fail in its midst: what the steps before it made stays, and nothing of it.
func testMigrateFails(t *testing.T, db *store.DB) {
	ctx := context.Background()
	if err := store.Migrate(ctx, db, migration.Tenant); err != nil {
		t.Fatal(err)
	}
	set := Later(map[string]string{
		"9998_later.sql": "CREATE TABLE later (a TEXT NOT NULL);\n",
		"9999_last.sql":  "CREATE TABLE last (a TEXT);\nINSERT INTO later (a) VALUES (NULL);\n",
	})
	if err := store.Migrate(ctx, db, set); err == nil {
		t.Error("a step that fails succeeded")
	}
	if v, err := store.SchemaVersion(ctx, db); err != nil || v != 9998 {
		t.Errorf("schema %d, %v; want 9998", v, err)
	}
	whole := Later(map[string]string{"9998_later.sql": "CREATE TABLE later (a TEXT NOT NULL);\n", "9999_last.sql": "CREATE TABLE last (a TEXT);\n"})
	if err := store.Migrate(ctx, db, whole); err != nil {
		t.Errorf("the step mended: %v", err)
	}
	if err := add(db, "a"); err != nil {
		t.Error(err)
	}
}

// grown is the set of a customer's steps in some later release, whose last step begins with a text.
func grown(last ...string) migration.Set {
	more := map[string]string{"9998_later.sql": "CREATE TABLE later (a TEXT);\n", "9999_last.sql": "CREATE TABLE last (a TEXT);\n"}
	for _, text := range last {
		more["99999_drop.sql"] = text + "DROP TABLE later;\n"
	}
	return Later(more)
}

// Later returns the steps of a customer's database in some later release: those of this one, and
// more, by the names of their files.
func Later(more map[string]string) migration.Set {
	files := fstest.MapFS{}
	for _, step := range migration.Tenant.Steps {
		text, err := fs.ReadFile(migration.Tenant.Files, step.Name)
		if err != nil {
			panic(err) // they are part of the program
		}
		files[step.Name] = &fstest.MapFile{Data: text}
	}
	for name, text := range more {
		comment, rest := "", text
		for strings.HasPrefix(rest, "-- ") {
			line, after, _ := strings.Cut(rest, "\n")
			comment, rest = comment+line+"\n", after
		}
		files[name] = &fstest.MapFile{Data: []byte(comment + "-- +goose Up\n" + rest)}
	}
	return migration.Of(migration.Tenant.Name, files)
}

func testRegistry(t *testing.T, r *store.Registry) {
	ctx := context.Background()
	acme := store.TenantRow{
		ID: "t1", Slug: "acme", Name: "Acme", State: store.StateActive, Database: "sqlite:somewhere",
		SchemaVersion: 1, CreatedAt: time.Date(2026, 11, 23, 10, 0, 0, 1000, time.UTC), Settings: "{}",
	}
	zoo := acme
	zoo.ID, zoo.Slug = "t0", "zoo"
	for _, row := range []store.TenantRow{zoo, acme} {
		if err := r.CreateTenant(ctx, row, row.Slug+".example"); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.AddHost(ctx, "leave.acme.example", "t1"); err != nil {
		t.Fatal(err)
	}
	for name, look := range map[string]func() (store.TenantRow, error){
		"id":   func() (store.TenantRow, error) { return r.Tenant(ctx, "t1") },
		"slug": func() (store.TenantRow, error) { return r.TenantBySlug(ctx, "acme") },
		"host": func() (store.TenantRow, error) { return r.TenantByHost(ctx, "leave.acme.example") },
	} {
		got, err := look()
		if diff := cmp.Diff(acme, got); err != nil || diff != "" {
			t.Errorf("by %s: %v\n%s", name, err, diff)
		}
	}
	list, err := r.List(ctx)
	if diff := cmp.Diff([]store.TenantRow{acme, zoo}, list); err != nil || diff != "" {
		t.Errorf("list: %v\n%s", err, diff)
	}
	hosts, err := r.Hosts(ctx, "t1")
	if diff := cmp.Diff([]string{"acme.example", "leave.acme.example"}, hosts); err != nil || diff != "" {
		t.Errorf("hosts: %v\n%s", err, diff)
	}
	testRegistryChanges(t, r, acme)
	testRegistryKeys(t, r)
	testRegistryDrills(t, r)
	testRegistryUsed(t, r)
	testRegistryMeasures(t, r)
	testRegistryActs(t, r)
	testRegistryPasts(t, r)
	testRegistryMigrations(t, r)
	testRegistryHostRace(t, r)
}

func testRegistryMigrations(t *testing.T, r *store.Registry) {
	ctx := context.Background()
	at := time.Date(2026, 11, 26, 10, 0, 0, 1000, time.UTC)
	first := store.Migration{ID: "m1", Tenant: "t1", From: 33, To: 35, At: at, Saved: 40 * time.Millisecond, Bytes: 3 << 20, Snapshot: "sqlite:before", By: "anna"}
	second := first
	second.ID, second.At, second.Ended, second.Problem = "m2", at.Add(time.Hour), at.Add(2*time.Hour), "no room"
	other := second
	other.ID, other.Tenant, other.Snapshot = "m3", "t0", ""
	for _, m := range []store.Migration{first, second, other} {
		if err := r.SaveMigration(ctx, m); err != nil {
			t.Fatal(err)
		}
	}
	first.Ended, first.Snapshot = at.Add(time.Minute), "sqlite:elsewhere"
	if err := r.SaveMigration(ctx, first); err != nil {
		t.Fatal(err)
	}
	if !first.Good() || second.Good() {
		t.Error("what came out well is told wrong")
	}
	for name, c := range map[string]struct {
		of   func() ([]store.Migration, error)
		want []store.Migration
	}{
		"of one": {func() ([]store.Migration, error) { return r.Migrations(ctx, "t1") }, []store.Migration{second, first}},
		"last":   {func() ([]store.Migration, error) { return r.LastMigrations(ctx) }, []store.Migration{other, second}},
		"old":    {func() ([]store.Migration, error) { return r.OldSnapshots(ctx, at.Add(time.Minute)) }, []store.Migration{first}},
	} {
		got, err := c.of()
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}

func testRegistryChanges(t *testing.T, r *store.Registry, want store.TenantRow) {
	ctx := context.Background()
	want.SchemaVersion, want.Settings = 7, `{"accent":"teal"}`
	for name, err := range map[string]error{
		"schema":   r.SetSchemaVersion(ctx, want.ID, want.SchemaVersion),
		"settings": r.SetSettings(ctx, want.ID, want.Settings, want.Revision),
	} {
		if err != nil {
			t.Errorf("set %s: %v", name, err)
		}
	}
	if err := r.SetSettings(ctx, want.ID, "{}", want.Revision); !errs.Is(err, errs.NotFound) {
		t.Errorf("settings in place of some that were changed since: %v, want not found", err)
	}
	want.Revision++
	got, err := r.Tenant(ctx, want.ID)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("changed: %v\n%s", err, diff)
	}
}

// testRegistryKeys: keys are given once, since what they sealed needs them.
func testRegistryKeys(t *testing.T, r *store.Registry) {
	ctx := context.Background()
	if sealed, err := r.Sealed(ctx); sealed || err != nil {
		t.Errorf("sealed before any keys: %v, %v", sealed, err)
	}
	if _, err := r.FirstSealed(ctx); !errs.Is(err, errs.NotFound) {
		t.Errorf("the first before any keys: %v, want not found", err)
	}
	if err := r.AddKeys(ctx, "t1", "first"); err != nil {
		t.Fatal(err)
	}
	if err := r.AddKeys(ctx, "t1", "second"); !errs.Is(err, errs.NotFound) {
		t.Errorf("keys replaced: %v, want not found", err)
	}
	got, err := r.Tenant(ctx, "t1")
	if sealed, no := r.Sealed(ctx); err != nil || no != nil || got.Keys != "first" || !sealed {
		t.Errorf("keys %q, sealed %v: %v, %v", got.Keys, sealed, err, no)
	}
	if first, err := r.FirstSealed(ctx); err != nil || first.ID != "t1" {
		t.Errorf("the first with keys: %s, %v", first.ID, err)
	}
}

func testRegistryConflicts(t *testing.T, r *store.Registry) {
	ctx := context.Background()
	row := store.TenantRow{ID: "t1", Slug: "acme", Name: "Acme", State: store.StateActive, CreatedAt: time.Unix(1, 0)}
	other := func(id, slug string) store.TenantRow {
		o := row
		o.ID, o.Slug = id, slug
		return o
	}
	unknown := row
	unknown.State = "asleep"
	if err := r.CreateTenant(ctx, row, "acme.example"); err != nil {
		t.Fatal(err)
	}
	_, missing := r.TenantByHost(ctx, "nobody.example")
	for name, c := range map[string]struct {
		err   error
		kind  errs.Kind
		field string
	}{
		"slug_taken":         {r.CreateTenant(ctx, other("t2", "acme")), errs.Conflict, "slug"},
		"id_taken":           {r.CreateTenant(ctx, other("t1", "other")), errs.Conflict, "id"},
		"host_taken":         {r.CreateTenant(ctx, other("t2", "other"), "acme.example"), errs.Conflict, "name"},
		"host_added_twice":   {r.AddHost(ctx, "acme.example", "t1"), errs.Conflict, "name"},
		"host_of_nobody":     {r.AddHost(ctx, "nobody.example", "t9"), errs.Conflict, ""},
		"unknown_host":       {missing, errs.NotFound, ""},
		"made_in_no_state":   {r.CreateTenant(ctx, unknown), errs.Invalid, ""},
		"settings_of_nobody": {r.SetSettings(ctx, "t9", "{}", 0), errs.NotFound, ""},
	} {
		if e := errs.As(c.err); c.err == nil || e.Kind != c.kind || e.Field != c.field {
			t.Errorf("%s: %v (field %q), want %v at %q", name, c.err, e.Field, c.kind, c.field)
		}
	}
	if list, err := r.List(ctx); err != nil || len(list) != 1 {
		t.Errorf("%d customers after refusals, %v", len(list), err)
	}
}

func testPlace(t *testing.T, setting string) {
	ctx := context.Background()
	p, err := store.ParsePlace(setting)
	if err != nil {
		t.Fatal(err)
	}
	one, err := p.CreateDatabase(ctx, "one")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.CreateDatabase(ctx, "one"); !errs.Is(err, errs.Conflict) {
		t.Errorf("made twice: %v, want Conflict", err)
	}
	if _, err := p.CreateDatabase(ctx, "../two"); !errs.Is(err, errs.Invalid) {
		t.Errorf("id that leads elsewhere: %v, want Invalid", err)
	}
	db, err := p.Open(ctx, one)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Migrate(ctx, db, migration.Tenant); err != nil {
		t.Error(err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	if err := p.DropDatabase(ctx, one); err != nil {
		t.Fatal(err)
	}
	if db, err = p.Open(ctx, one); err == nil {
		_, err = store.SchemaVersion(ctx, db)
	}
	if !errs.Is(err, errs.Unavailable) {
		t.Errorf("dropped database: %v, want Unavailable", err)
	}
}

// testRegistryHostRace: of those who want a host name at once, for a customer and for past states, one gets it, and the others hear that it is
// taken.
func testRegistryHostRace(t *testing.T, r *store.Registry) {
	at := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	p := store.Past{TenantID: "t1", Database: "sqlite:old", Kind: "restored", State: at, Opened: at, Ends: at.Add(time.Hour), By: "olga", Reason: "to see"}
	for round := range 5 {
		host := fmt.Sprintf("race%d.example.test", round)
		want := []func() error{}
		for i := range 6 {
			past := p
			past.ID, past.Host = fmt.Sprintf("race%d-%d", round, i), host
			add := func() error { return r.AddPast(t.Context(), past, store.Act{ID: past.ID, At: at, Kind: "past"}) }
			if i%2 == 0 {
				add = func() error { return r.AddHost(t.Context(), host, "t1") }
			}
			want = append(want, add)
		}
		errors := make(chan error)
		for _, add := range want {
			go func() { errors <- add() }()
		}
		got := 0
		for range want {
			err := <-errors
			if err == nil {
				got++
			} else if !errs.Is(err, errs.Conflict) {
				t.Errorf("a host name that somebody else gets: %v, want Conflict", err)
			}
		}
		if got != 1 {
			t.Errorf("%d got one host name", got)
		}
	}
}

// testRegistryPasts: a past state is open at a host name that is no customer's, until it ends;
// a link is good for once; looks are kept.
func testRegistryPasts(t *testing.T, r *store.Registry) {
	ctx := context.Background()
	at := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	p := store.Past{ID: "p1", TenantID: "t1", Host: "acme--past.example.test", Database: "sqlite:old", Kind: "restored",
		State: at.Add(-time.Hour), Opened: at, Ends: at.Add(time.Hour), By: "olga", Reason: "to see"}
	act := func(id string) store.Act { return store.Act{ID: id, At: at, Kind: "past", By: "olga"} }
	if err := r.AddPast(ctx, p, act("pa1")); err != nil {
		t.Fatalf("open a past state: %v", err)
	}
	again := p
	again.ID = "p2"
	if err := r.AddPast(ctx, again, act("pa2")); !errs.Is(err, errs.Conflict) {
		t.Errorf("the same host name again: %v, want Conflict", err)
	}
	hosts, err := r.Hosts(ctx, "t1")
	if err != nil || len(hosts) == 0 {
		t.Fatalf("hosts: %v, %v", err, hosts)
	}
	again.Host = hosts[0]
	if err := r.AddPast(ctx, again, act("pa3")); !errs.Is(err, errs.Conflict) || errs.As(err).Field != "host" {
		t.Errorf("the host name of a customer: %v, want Conflict", err)
	}
	if err := r.AddHost(ctx, p.Host, "t1"); !errs.Is(err, errs.Conflict) || errs.As(err).Field != "name" {
		t.Errorf("the host name of a past state: %v, want Conflict", err)
	}
	got, err := r.PastByHost(ctx, p.Host)
	if diff := cmp.Diff(p, got); err != nil || diff != "" {
		t.Errorf("by host name: %v\n%s", err, diff)
	}
	if list, err := r.Pasts(ctx, "t1"); err != nil || len(list) != 1 || list[0] != p {
		t.Errorf("past states: %v, %+v", err, list)
	}
	link := store.Pass{Digest: "d1", Past: "p1", Link: true, Person: "ana", Session: "s1", Ends: at.Add(time.Minute)}
	session := link
	session.Digest, session.Link = "d2", false
	next := func(got store.Pass) (store.Pass, error) {
		if got != link {
			t.Errorf("the link is %+v", got)
		}
		return session, nil
	}
	if err := errors.Join(r.AddPass(ctx, link), r.SwapPass(ctx, "d1", next)); err != nil {
		t.Errorf("use a link: %v", err)
	}
	if err := r.SwapPass(ctx, "d1", next); !errs.Is(err, errs.NotFound) {
		t.Errorf("use it again: %v, want NotFound", err)
	}
	if got, err := r.Pass(ctx, "d2"); err != nil || got != session {
		t.Errorf("the session: %v, %+v", err, got)
	}
	look := store.PastLook{ID: "l1", Past: "p1", At: at, Who: "ana", Page: "/people"}
	if err := r.AddLook(ctx, look); err != nil {
		t.Errorf("note a look: %v", err)
	}
	if list, err := r.Looks(ctx, "p1", 5); err != nil || len(list) != 1 || list[0] != look {
		t.Errorf("looks: %v, %+v", err, list)
	}
	if err := r.EndPast(ctx, p, at.Add(time.Minute), act("pa4")); err != nil {
		t.Errorf("end it: %v", err)
	}
	if _, err := r.Pass(ctx, "d2"); !errs.Is(err, errs.NotFound) {
		t.Errorf("a session after the end: %v, want NotFound", err)
	}
	if err := r.EndPast(ctx, p, at.Add(time.Minute), act("pa5")); !errs.Is(err, errs.NotFound) {
		t.Errorf("end it again: %v, want NotFound", err)
	}
}

// testRegistryDrills: drills are kept as they came out, until they are forgotten.
func testRegistryDrills(t *testing.T, r *store.Registry) {
	ctx := context.Background()
	at := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	add := func(id, database string, days int, problem string) store.Drill {
		d := store.Drill{ID: id, Database: database, At: at.AddDate(0, 0, days), Record: 7, Reached: at, Took: 1500 * time.Millisecond, Bytes: 4096, People: 3, Balances: 7, Compared: true, Problem: problem}
		if problem != "" {
			d.Reached = time.Time{}
		}
		if err := r.AddDrill(ctx, d, d.At.AddDate(0, 0, -2)); err != nil {
			t.Fatalf("add drill: %v", err)
		}
		return d
	}
	if last, err := r.LastDrills(ctx); err != nil || len(last) > 0 {
		t.Errorf("the newest of none: %v, %v", last, err)
	}
	add("d1", "t1", 0, "")
	second, failed, other := add("d2", "t1", 2, ""), add("d3", "t1", 3, "it is damaged"), add("d4", "registry", 1, "")
	got, err := r.Drills(ctx, "t1", 5)
	if diff := cmp.Diff([]store.Drill{failed, second}, got); err != nil || diff != "" {
		t.Errorf("drills of t1, the first of which is forgotten: %v\n%s", err, diff)
	}
	if got, err := r.Drills(ctx, "t1", 1); err != nil || len(got) != 1 || got[0].ID != "d3" {
		t.Errorf("the newest drill of t1: %v, %v", got, err)
	}
	last, err := r.LastDrills(ctx)
	if diff := cmp.Diff([]store.Drill{other, failed}, last); err != nil || diff != "" {
		t.Errorf("the newest of each: %v\n%s", err, diff)
	}
	again := add("d5", "t1", 3, "") // in the same instant
	last, err = r.LastDrills(ctx)
	if diff := cmp.Diff([]store.Drill{other, again}, last); err != nil || diff != "" {
		t.Errorf("one of each: %v\n%s", err, diff)
	}
}

// testRegistryMeasures: what several processes measured of a day is put together, once however often it
// is told, and old days are forgotten.
func testRegistryMeasures(t *testing.T, r *store.Registry) {
	ctx := context.Background()
	at := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	var one, two trust.Tally
	one.Add(trust.Behind, 7, at.AddDate(0, 0, -1))
	one.Add(trust.Behind, 40, at)
	one.Answered(at)
	two.Add(trust.Behind, 3, at.Add(time.Hour))
	two.Answered(at.Add(time.Minute))
	for _, days := range [][]trust.Day{one.Days(), two.Days(), one.Days(), nil} {
		if err := r.AddMeasures(ctx, days, calendar.MustParse("2026-03-02")); err != nil {
			t.Fatalf("add %d days: %v", len(days), err)
		}
	}
	up := trust.Day{Measure: trust.Up, Date: calendar.MustParse("2026-03-02"), At: at.Add(time.Minute)}
	up.Minutes.Add(at)
	up.Minutes.Add(at.Add(time.Minute))
	want := []trust.Day{{Measure: trust.Behind, Date: up.Date, Worst: 40, Latest: 3, At: at.Add(time.Hour)}, up}
	got, err := r.Measures(ctx, calendar.MustParse("2026-03-01"))
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("measures: %v\n%s", err, diff)
	}
	if got, err := r.Measures(ctx, calendar.MustParse("2026-03-03")); err != nil || len(got) != 0 {
		t.Errorf("from the day after: %v, %v", got, err)
	}
}

// testRegistryUsed: the later of two times is kept, and nothing of a customer that is not there.
func testRegistryUsed(t *testing.T, r *store.Registry) {
	ctx := context.Background()
	at := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	rows, err := r.List(ctx)
	if err != nil || len(rows) < 2 {
		t.Fatalf("%d customers, %v", len(rows), err)
	}
	first, second := rows[0].ID, rows[1].ID
	for _, used := range []map[string]time.Time{{first: at, "nobody": at}, {first: at.Add(time.Hour), second: at}, {first: at}, {}} {
		if err := r.SetUsed(ctx, used); err != nil {
			t.Fatalf("%v: %v", used, err)
		}
	}
	rows, err = r.List(ctx)
	if err != nil || !rows[0].Used.Equal(at.Add(time.Hour)) || !rows[1].Used.Equal(at) {
		t.Errorf("used at %v and %v, %v", rows[0].Used, rows[1].Used, err)
	}
}
