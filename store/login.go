// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"verlof/errs"
)

// Login is whom a customer's database on PostgreSQL knows the program as: a role that reads
// and writes the rows of that customer and can do nothing else on the server. The empty one
// is the role of the installation itself. On SQLite it means nothing.
type Login struct {
	ID       string // of the customer
	Password string
}

// roles are the two of a customer on one server.
type roles struct {
	owner string // owns the database and what is in it; nobody signs in as it
	web   string // signs in, and may read and write rows
}

// rolesOf returns the roles for a database, which all databases of the customer on one server
// share: they are named after the first of them.
func rolesOf(database, tenantID string) roles {
	base := database
	if i := strings.Index(database, tenantID); tenantID != "" && i >= 0 {
		base = database[:i+len(tenantID)]
	}
	return roles{base + "_owner", base + "_web"}
}

// The bounds of a customer's role. The program sets them for each connection, too.
var webBounds = [][2]string{{"statement_timeout", "30s"}, {"lock_timeout", LockWait.String()}, {"idle_in_transaction_session_timeout", "60s"}}

// OpenAs opens a customer's database as a role of that customer's own: what changes the schema
// goes over other connections, as the owner. Without a role of its own, it is Open.
func (p *Place) OpenAs(ctx context.Context, where string, as Login) (*DB, error) {
	dsn, err := p.DSN(where)
	if err != nil {
		return nil, err
	}
	if as.ID == "" || !isPostgres(dsn) {
		return p.openOn(ctx, where, dsn)
	}
	owned, err := url.Parse(dsn)
	if err != nil {
		return nil, errs.Operator(placeHint, "not a place for databases")
	}
	names := rolesOf(owned.Path[1:], as.ID)
	web := *owned
	web.User = url.UserPassword(names.web, as.Password)
	q := owned.Query()
	q.Set("role", names.owner)
	owned.RawQuery = q.Encode()
	db, err := Open(ctx, web.String())
	if err != nil {
		return nil, err
	}
	db.address, db.web = owned.String(), names.web
	db.owners = newPool(db.d, db.address, writer, 2)
	db.bound(p.quotaOf(where))
	return db, nil
}

func (p *Place) openOn(ctx context.Context, where, dsn string) (*DB, error) {
	db, err := Open(ctx, dsn)
	if err == nil {
		db.bound(p.quotaOf(where))
	}
	return db, err
}

// HasRoles reports whether a customer's database is on a server that knows roles.
func (p *Place) HasRoles(where string) bool {
	dsn, err := p.DSN(where)
	return err == nil && isPostgres(dsn)
}

// Refused reports whether err says that a server does not know a customer's role, or not with
// this password, or does not let it in: Secure makes that good.
func Refused(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code[:2] == "28" || e.Code == "42501" || e.Code == "22023")
}

// Secure gives a customer's database to an owner of its own and lets nobody in but the role of
// as, which may read and write rows: it makes the two roles where they are not there, sets the
// password, and takes every right of others away. It can be done again, also to a database that
// is in use and belonged to the installation. It reports Invalid, with a hint, where the
// installation's role may make no roles. On SQLite it does nothing.
func (p *Place) Secure(ctx context.Context, where string, as Login) error {
	dsn, err := p.DSN(where)
	if err != nil || !isPostgres(dsn) {
		return err
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return err
	}
	s := &securing{database: u.Path[1:], roles: rolesOf(u.Path[1:], as.ID), password: as.Password}
	err = p.asInstallation(ctx, dsn, p.quotaOf(where), func(db *sql.DB) error {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		s.tx = tx
		if err := s.run(ctx); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		return nil
	})
	var e *pgconn.PgError
	if errors.As(err, &e) && e.Code == "42501" {
		return &errs.Error{Kind: errs.Invalid, Err: fmt.Errorf("make the roles of database %s: %w", s.database, err),
			Hint: "as a superuser: ALTER ROLE " + u.User.Username() + " CREATEROLE"}
	}
	return postgresDialect.wrap(err)
}

// asInstallation runs f with one connection of the installation's own role.
func (p *Place) asInstallation(ctx context.Context, dsn string, q *quota, f func(*sql.DB) error) (err error) {
	connector, err := postgresConnector(dsn, migrator)
	if err != nil {
		return err
	}
	if err := q.take(ctx); err != nil {
		return err
	}
	defer q.give(1)
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	return errors.Join(f(db), db.Close())
}

// securing is one run of Secure.
type securing struct {
	tx       *sql.Tx
	database string
	password string
	roles
}

func (s *securing) run(ctx context.Context) error {
	steps := []func(context.Context) error{s.alone, s.makeRoles, s.giveAway, s.allow}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return s.tx.Commit()
}

func (s *securing) exec(ctx context.Context, texts ...string) error {
	for _, text := range texts {
		if _, err := s.tx.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

// alone has two processes secure one after the other.
func (s *securing) alone(ctx context.Context) error {
	return s.exec(ctx, "SELECT pg_advisory_xact_lock(7018835)")
}

func (s *securing) makeRoles(ctx context.Context) error {
	const powerless = " NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS "
	for _, r := range []struct{ name, may string }{{s.owner, "NOLOGIN" + powerless}, {s.web, "LOGIN NOINHERIT" + powerless}} {
		var n int
		if err := s.tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM pg_roles WHERE rolname = $1", r.name).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		if err := s.exec(ctx, "CREATE ROLE "+quote(r.name)+" "+r.may); err != nil {
			return err
		}
	}
	if err := s.exec(ctx, "ALTER ROLE "+quote(s.web)+" PASSWORD '"+verifier(s.password)+"'"); err != nil {
		return err
	}
	for _, b := range webBounds {
		if err := s.exec(ctx, "ALTER ROLE "+quote(s.web)+" SET "+b[0]+" = '"+b[1]+"'"); err != nil {
			return err
		}
	}
	return s.join(ctx)
}

// join makes the installation's role a member of both, so that it may give things to the owner,
// and end the other's connections where a database is to go.
func (s *securing) join(ctx context.Context) error {
	for _, name := range []string{s.owner, s.web} {
		var member bool
		err := s.tx.QueryRowContext(ctx, "SELECT pg_has_role(current_user, $1::name, 'MEMBER')", name).Scan(&member)
		if err == nil && !member {
			err = s.exec(ctx, "GRANT "+quote(name)+" TO CURRENT_USER")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ownedByOthers yields what makes the owner's what is in the database and somebody else's.
const ownedByOthers = `SELECT format('ALTER TABLE %I.%I OWNER TO %I', schemaname, tablename, $1::text)
	FROM pg_tables WHERE schemaname = current_schema() AND tableowner <> $1
	UNION ALL SELECT format('ALTER FUNCTION %s OWNER TO %I', p.oid::regprocedure, $1::text)
	FROM pg_proc p WHERE pronamespace = current_schema()::regnamespace AND pg_get_userbyid(proowner) <> $1`

// giveAway makes the database, and what is in it, the owner's.
func (s *securing) giveAway(ctx context.Context) error {
	if err := s.exec(ctx, "ALTER DATABASE "+quote(s.database)+" OWNER TO "+quote(s.owner)); err != nil {
		return err
	}
	rows, err := s.tx.QueryContext(ctx, ownedByOthers, s.owner)
	if err != nil {
		return err
	}
	var texts []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return errors.Join(err, rows.Close())
		}
		texts = append(texts, text)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return s.exec(ctx, texts...)
}

// allow lets the customer's role in, to rows, and nobody else.
func (s *securing) allow(ctx context.Context) error {
	database, web := quote(s.database), quote(s.web)
	var schema string
	if err := s.tx.QueryRowContext(ctx, "SELECT quote_ident(current_schema())").Scan(&schema); err != nil {
		return err
	}
	return s.exec(ctx, "SET LOCAL ROLE "+quote(s.owner),
		"REVOKE ALL ON DATABASE "+database+" FROM PUBLIC",
		"REVOKE CREATE ON SCHEMA "+schema+" FROM PUBLIC",
		"GRANT CONNECT ON DATABASE "+database+" TO "+web,
		"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "+schema+" TO "+web,
		"ALTER DEFAULT PRIVILEGES IN SCHEMA "+schema+" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "+web,
		"DO $$ BEGIN IF to_regclass('"+stepsTable+"') IS NOT NULL THEN "+onlyRead(s.web)+"; END IF; END $$")
}

// onlyRead takes the right to write into the table of steps away from a role: which schema a
// database has is not the customer's to say.
func onlyRead(web string) string {
	return "REVOKE INSERT, UPDATE, DELETE ON " + stepsTable + " FROM " + quote(web)
}

// openToAll yields the name of the database at hand where every role of the server may enter.
const openToAll = "SELECT current_database() WHERE has_database_privilege('public', current_database(), 'CONNECT')"

// letIn lets nobody into the registry's database but whom it belongs to: customers' roles have
// no business there. On SQLite, and where it belongs to somebody else, it does nothing.
func (db *DB) letIn(ctx context.Context) error {
	if db.d.embedded {
		return nil
	}
	return db.reshape(ctx, func(tx *Tx) error {
		names, err := list(tx, openToAll, func(v []any) string { return fmt.Sprint(v...) })
		if err != nil || len(names) == 0 {
			return err
		}
		return tx.define("REVOKE ALL ON DATABASE " + quote(names[0]) + " FROM PUBLIC")
	})
}

// dropRoles takes a customer's roles away of which a database was dropped, unless there is
// another one on the server.
func (p *Place) dropRoles(ctx context.Context, names roles) error {
	return p.asInstallation(ctx, p.server.String(), p.quota, func(db *sql.DB) error {
		for _, name := range []string{names.web, names.owner} {
			_, err := db.ExecContext(ctx, "DROP ROLE IF EXISTS "+quote(name))
			var e *pgconn.PgError
			if errors.As(err, &e) && slices.Contains([]string{"2BP01", "42501"}, e.Code) { // others depend on it; not ours
				return nil
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// verifier returns what PostgreSQL keeps of a password (SCRAM-SHA-256, RFC 5803), so that the
// password itself is not sent to it, where a log might keep it. It is for passwords that are
// letters and digits.
func verifier(password string) string {
	salt := make([]byte, 16)
	rand.Read(salt) // never fails: crypto/rand.Read ends the program instead
	return salted(password, salt)
}

func salted(password string, salt []byte) string {
	const rounds = 4096
	key, err := pbkdf2.Key(sha256.New, password, salt, rounds, sha256.Size)
	if err != nil {
		panic(err) // only for lengths that cannot be
	}
	sign := func(text string) []byte {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(text))
		return h.Sum(nil)
	}
	stored := sha256.Sum256(sign("Client Key"))
	b64 := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", rounds, b64(salt), b64(stored[:]), b64(sign("Server Key")))
}
