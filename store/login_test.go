// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"verlof/errs"
	"verlof/internal/pgtest"
	"verlof/store/migration"
)

// sayTo sends statements to a database, and returns the first error.
func sayTo(address string, statements ...string) error {
	ctx := context.Background()
	c, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	for _, s := range statements {
		if _, err := c.Exec(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// installed returns the address of a registry whose role is no superuser, as it should be.
func installed(t *testing.T, may string) string {
	t.Helper()
	u, err := url.Parse(pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	name := u.Path[1:]
	role := name + "_installation"
	if err := sayTo(u.String(), "CREATE ROLE "+role+" LOGIN "+may, "ALTER DATABASE "+name+" OWNER TO "+role); err != nil {
		t.Fatal(err)
	}
	u.User = url.User(role)
	return u.String()
}

// TestSecure: a database that belonged to the installation is given to roles of the customer's
// own. The one that people's requests use reads and writes rows there, and can do nothing else.
func TestSecure(t *testing.T) {
	ctx := context.Background()
	p, err := ParsePlace(installed(t, "CREATEDB CREATEROLE"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Registry(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var at [2]string
	for i, id := range []string{"one", "two"} {
		if at[i], err = p.CreateDatabase(ctx, id); err != nil {
			t.Fatal(err)
		}
	}
	before, err := p.Open(ctx, at[0])
	if err != nil {
		t.Fatal(err)
	}
	frozen := func(tx *Tx) error { return tx.Shut(ShutFrozen) } // makes a function, too
	if err := errors.Join(Migrate(ctx, before, migration.Tenant), before.reshape(ctx, frozen), before.Close()); err != nil {
		t.Fatal(err)
	}
	for i, id := range []string{"one", "two", "one"} {
		if err := p.Secure(ctx, at[i%2], Login{id, "secret" + id}); err != nil {
			t.Fatalf("secure %s: %v", id, err)
		}
	}
	asOne, err := p.OpenAs(ctx, at[0], Login{"one", "secretone"})
	if err != nil {
		t.Fatal(err)
	}
	defer asOne.Close()
	if err := asOne.Update(ctx, func(tx *Tx) error { return tx.SetMeta("of", "two") }); !errs.Is(err, errs.Unavailable) {
		t.Errorf("changed what is frozen: %v", err)
	}
	if err := asOne.Shut(ctx, ""); err != nil {
		t.Fatal(err)
	}
	if err := asOne.Update(ctx, func(tx *Tx) error { return tx.SetMeta("of", "one still") }); err != nil {
		t.Errorf("a row as the customer's own role: %v", err)
	}
	if err := Migrate(ctx, asOne, migration.Tenant); err != nil {
		t.Errorf("up to date: %v", err)
	}
	wantPowerless(t, asOne.writers.address, p)
	if err := p.DropDatabase(ctx, at[0]); err != nil {
		t.Fatal(err)
	}
	if err := sayTo(strings.Replace(asOne.address, "_one?", "_two?", 1)); !Refused(err) {
		t.Errorf("the owner's role outlives its database: %v", err)
	}
}

// wantPowerless tries what a customer's role must not do.
func wantPowerless(t *testing.T, address string, p *Place) {
	t.Helper()
	elsewhere := func(database string) string {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		u.Path = "/" + database
		return u.String()
	}
	owner := rolesOf(p.prefix()+"one", "one").owner
	for name, err := range map[string]error{
		"another customer":  sayTo(elsewhere(p.prefix() + "two")),
		"the registry":      sayTo(elsewhere(p.server.Path[1:])),
		"a new table":       sayTo(address, "CREATE TABLE mine (a TEXT)"),
		"a temporary table": sayTo(address, "CREATE TEMPORARY TABLE mine (a TEXT)"),
		"a new column":      sayTo(address, "ALTER TABLE meta ADD COLUMN mine TEXT"),
		"no table":          sayTo(address, "DROP TABLE meta"),
		"an empty table":    sayTo(address, "TRUNCATE meta"),
		"a trigger":         sayTo(address, "CREATE TRIGGER mine BEFORE INSERT ON meta EXECUTE FUNCTION verlof_shut()"),
		"no wall":           sayTo(address, "ALTER TABLE meta DISABLE TRIGGER ALL"),
		"another schema":    sayTo(address, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)"),
		"a role":            sayTo(address, "CREATE ROLE mine"),
		"a database":        sayTo(address, "CREATE DATABASE mine"),
		"the owner":         sayTo(address, "SET ROLE "+quote(owner)),
		"passwords":         sayTo(address, "SELECT rolpassword FROM pg_authid"),
		"a program":         sayTo(address, "COPY meta TO PROGRAM 'true'"),
		"a file":            sayTo(address, "COPY meta TO '/tmp/verlof-mine'"),
		"a file to read":    sayTo(address, "SELECT pg_read_file('/etc/hostname')"),
		"a setting for all": sayTo(address, "ALTER SYSTEM SET work_mem = '1MB'"),
		"an end to others":  sayTo(address, "DO $$ BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> current_user AND usename IS NOT NULL; END $$"),
		"an extension":      sayTo(address, "CREATE EXTENSION file_fdw"),
	} {
		var e *pgconn.PgError
		if !errors.As(err, &e) || e.Code != "42501" {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
	bounds := "DO $$ BEGIN IF current_setting('statement_timeout') <> '30s' OR current_setting('lock_timeout') <> '15s'" +
		" OR current_setting('idle_in_transaction_session_timeout') <> '1min' THEN RAISE EXCEPTION 'unbounded'; END IF; END $$"
	if err := sayTo(address, bounds); err != nil {
		t.Errorf("the role's own bounds: %v", err)
	}
}

// TestSecure_without_the_right: an installation that may make no roles is told what to do, and
// its database stays as it is.
func TestSecure_without_the_right(t *testing.T) {
	ctx := context.Background()
	p, err := ParsePlace(installed(t, "CREATEDB"))
	if err != nil {
		t.Fatal(err)
	}
	where, err := p.CreateDatabase(ctx, "one")
	if err != nil {
		t.Fatal(err)
	}
	err = p.Secure(ctx, where, Login{"one", "secret"})
	if !errs.Is(err, errs.Invalid) || !strings.Contains(errs.As(err).Hint, "_installation CREATEROLE") {
		t.Errorf("%v, hint %q", err, errs.As(err).Hint)
	}
	db, err := p.Open(ctx, where)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := SchemaVersion(ctx, db); err != nil {
		t.Errorf("opened as before: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

// TestVerifier: what is sent for a password is what the server itself makes of it.
func TestVerifier(t *testing.T) {
	ctx := context.Background()
	address := pgtest.URL(t)
	c, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	var kept string
	for _, s := range []string{"SET password_encryption = 'scram-sha-256'", "BEGIN", "CREATE ROLE verlof_verified PASSWORD 'goodpassword'"} {
		if _, err := c.Exec(ctx, s); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.QueryRow(ctx, "SELECT rolpassword FROM pg_authid WHERE rolname = 'verlof_verified'").Scan(&kept); err != nil {
		t.Fatal(err)
	}
	salt, err := base64.StdEncoding.DecodeString(strings.FieldsFunc(kept, func(r rune) bool { return r == '$' || r == ':' })[2])
	if err != nil {
		t.Fatalf("%q: %v", kept, err)
	}
	if got := salted("goodpassword", salt); got != kept {
		t.Errorf("made %q, the server %q", got, kept)
	}
	if one, other := verifier("a"), verifier("a"); one == other {
		t.Error("no salt")
	}
}
