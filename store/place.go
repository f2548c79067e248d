// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgconn"

	"verlof/errs"
	"verlof/internal/disk"
	"verlof/store/migration"
)

// Place is where an installation keeps its databases: a folder of SQLite files
// or a PostgreSQL server. One setting decides. It may know more servers by name.
type Place struct {
	dir      atomic.Pointer[string] // SQLite
	server   *url.URL               // PostgreSQL; its path names the registry's database
	quota    *quota                 // of connections to it; nil: no bound
	name     string                 // of a cluster; empty: the installation's home
	clusters map[string]*Place
}

const placeHint = "--database takes sqlite:DIR or postgres://user:password@host/name"

// ParsePlace reads the setting: "sqlite:DIR" or the URL of a PostgreSQL
// database, which becomes the registry. It touches neither disk nor network.
func ParsePlace(setting string) (*Place, error) {
	if dir, ok := strings.CutPrefix(setting, "sqlite:"); ok && dir != "" {
		dir, err := filepath.Abs(dir)
		p := &Place{}
		p.dir.Store(&dir)
		return p, err
	}
	if isPostgres(setting) {
		u, err := url.Parse(setting)
		if err == nil && len(u.Path) > 1 {
			return &Place{server: u}, nil
		}
	}
	return nil, errs.Operator(placeHint, "not a place for databases")
}

// Bound lets this process have at most so many connections to a PostgreSQL
// server, of the registry and all customers together, in use or idle. It is for
// the beginning: databases that are open already are not counted.
func (p *Place) Bound(connections int) {
	if p.server != nil {
		p.quota = newQuota(connections)
	}
	for _, c := range p.clusters {
		c.Bound(connections)
	}
}

// Registry opens the registry, makes it where it does not exist yet, and brings
// it up to date.
func (p *Place) Registry(ctx context.Context) (*Registry, error) {
	var dsn string
	if p.server != nil {
		dsn = p.server.String()
	} else {
		path := p.RegistryFile()
		dsn = "sqlite:" + path
		if err := createFile(ctx, path); err != nil && !errs.Is(err, errs.Conflict) {
			return nil, err
		}
	}
	db, err := p.open(ctx, dsn)
	if err != nil {
		return nil, err
	}
	if err = MigrateAfter(ctx, db, migration.Registry, func(have int64) error { return p.keepRegistry(ctx, db, have) }); err == nil {
		err = db.letIn(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open registry: %w", err), db.Close())
	}
	return &Registry{db}, nil
}

// keepRegistry makes a copy of a registry file that is to be brought up to date, beside it. One that an attempt
// before this one made stays.
func (p *Place) keepRegistry(ctx context.Context, db *DB, have int64) error {
	if have == 0 || db.File() == "" {
		return nil
	}
	path := filepath.Join(p.Folder(), snapshotsIn, fmt.Sprintf("registry-%04d.db", have))
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return err
	}
	return db.CopyTo(ctx, path)
}

// RegistryFile returns the path of the registry's file, empty on PostgreSQL.
func (p *Place) RegistryFile() string {
	if p.server != nil {
		return ""
	}
	return filepath.Join(p.Folder(), "registry.db")
}

var goodID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$`)

// CreateDatabase makes an empty database for the customer and returns where it
// is, for TenantRow.Database: relative to the place, so that neither a password
// nor a folder's name stands in the registry. It reports Conflict when there is
// one already. On PostgreSQL its name is that of the registry's database, an
// underscore and the id.
func (p *Place) CreateDatabase(ctx context.Context, tenantID string) (where string, err error) {
	if !goodID.MatchString(tenantID) {
		return "", errs.Operator("an id is up to 40 letters, digits, - and _", "not an id for a database: %q", tenantID)
	}
	if p.server == nil {
		rel := filepath.Join("tenants", tenantID, "data.db")
		return "sqlite:" + rel, createFile(ctx, filepath.Join(p.Folder(), rel))
	}
	name := p.prefix() + tenantID
	if len(name) > longFirst {
		return "", errs.Operator("give the registry's database a shorter name", "PostgreSQL cuts the names of roles for %q", name)
	}
	return p.createOnServer(ctx, name)
}

// createOnServer makes an empty database and returns where it is.
func (p *Place) createOnServer(ctx context.Context, name string) (where string, err error) {
	if len(name) > longName {
		return "", errs.Operator("choose a shorter name, or give the registry's database a shorter name", "PostgreSQL cuts the name %q", name)
	}
	// Bytes decide the order of text, as in SQLite.
	return p.onCluster(name), p.onServer(ctx, "CREATE DATABASE "+quote(name)+
		" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
}

// CreateBeside makes an empty database for a customer beside its own, under a name, and
// returns where it is. It reports Conflict when there is one already.
func (p *Place) CreateBeside(ctx context.Context, tenantID, name string) (where string, err error) {
	if p.server == nil {
		where, path, err := p.Beside(tenantID, name)
		if err == nil {
			err = createFile(ctx, path)
		}
		return where, err
	}
	if !goodID.MatchString(tenantID) || !goodID.MatchString(name) {
		return "", errs.Operator("a name is up to 40 letters, digits, - and _", "not a name for a database: %q", name)
	}
	return p.createOnServer(ctx, p.prefix()+tenantID+"_"+name)
}

// How long a name of a database may be, and how long that of a customer's first one, after
// which roles are named.
const (
	longName  = 63
	longFirst = longName - len("_owner")
)

// Beside returns where another database of a customer is kept, beside its own, for
// TenantRow.Database, and the path of the file, in a folder that is made; the empty name is
// its own. It reports Invalid for names that cannot be, and on PostgreSQL.
func (p *Place) Beside(tenantID, name string) (where, path string, err error) {
	if p.server != nil {
		return "", "", errs.Operator("PostgreSQL keeps its own copies: restore with its tools", "databases on PostgreSQL are not copied by Verlof")
	}
	if !goodID.MatchString(tenantID) || name != "" && !goodID.MatchString(name) {
		return "", "", errs.Operator("a name is up to 40 letters, digits, - and _", "not a name for a database: %q", name)
	}
	rel := filepath.Join("tenants", tenantID, "data.db")
	if name != "" {
		rel = filepath.Join("tenants", tenantID, "restored", name, "data.db")
	}
	path = filepath.Join(p.Folder(), rel)
	return "sqlite:" + rel, path, makeFolder(filepath.Dir(path))
}

// File returns the path of a customer's database file, in a folder that is made. It reports
// Invalid on PostgreSQL.
func (p *Place) File(where string) (string, error) {
	dsn, err := p.DSN(where)
	if err != nil {
		return "", err
	}
	path, ok := strings.CutPrefix(dsn, "sqlite:")
	if !ok {
		return "", errs.Operator("PostgreSQL keeps its own copies", "%q is no file", where)
	}
	return path, makeFolder(filepath.Dir(path))
}

// Folder returns the folder of a place of SQLite files, empty on PostgreSQL.
func (p *Place) Folder() string {
	if dir := p.dir.Load(); dir != nil {
		return *dir
	}
	return ""
}

// Use makes another folder the one in which databases are from now on: the one before it is
// lost.
func (p *Place) Use(dir string) { p.dir.Store(&dir) }

// MakeFolder makes the folder of a place of SQLite files where there is none.
func (p *Place) MakeFolder() error {
	if p.server != nil {
		return nil
	}
	return makeFolder(p.Folder())
}

// prefix starts the names of the customers' databases on PostgreSQL.
func (p *Place) prefix() string { return p.server.Path[1:] + "_" }

// DSN returns what Open takes for a customer's database.
func (p *Place) DSN(where string) (string, error) {
	if isPostgres(where) {
		return where, nil
	}
	if on, name := p.serverOf(where); on != nil {
		u := *on.server
		u.Path = "/" + name
		return u.String(), nil
	}
	if path, ok := strings.CutPrefix(where, "sqlite:"); ok {
		if filepath.IsAbs(path) {
			return where, nil
		}
		if p.server == nil && filepath.IsLocal(path) {
			return "sqlite:" + filepath.Join(p.Folder(), path), nil
		}
	}
	return "", errs.Operator("start with the --database that this customer was created with",
		"%q is not in this place", where)
}

// Open opens a customer's database, on PostgreSQL as the role of the installation, which may
// do everything there.
func (p *Place) Open(ctx context.Context, where string) (*DB, error) {
	return p.OpenAs(ctx, where, Login{})
}

func (p *Place) open(ctx context.Context, dsn string) (*DB, error) {
	db, err := Open(ctx, dsn)
	if err == nil {
		db.bound(p.quota)
	}
	return db, err
}

// DropDatabase destroys a customer's database that CreateDatabase or CreateBeside made, with
// all that is in it: for a creation that failed halfway, for what was opened for a while, and for
// tests.
func (p *Place) DropDatabase(ctx context.Context, where string) error {
	return p.dropDatabase(ctx, where, "")
}

// dropDatabase is DropDatabase for a database of a customer, whose roles go with the last of them.
func (p *Place) dropDatabase(ctx context.Context, where, tenantID string) error {
	if rel, ok := strings.CutPrefix(where, "sqlite:"); ok && p.server == nil && filepath.IsLocal(rel) {
		return removeAll(filepath.Dir(filepath.Join(p.Folder(), rel)))
	}
	if on, name := p.serverOf(where); on != nil && strings.HasPrefix(name, on.prefix()) {
		if err := on.onServer(ctx, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)"); err != nil {
			return err
		}
		return on.dropRoles(ctx, rolesOf(name, tenantID))
	}
	return errs.Operator("drop it where it is", "%q was not made in this place", where)
}

// onServer runs a statement that PostgreSQL refuses inside a transaction.
func (p *Place) onServer(ctx context.Context, statement string) error {
	err := p.asInstallation(ctx, p.server.String(), p.quota, func(db *sql.DB) error {
		_, err := db.ExecContext(ctx, statement)
		return err
	})
	var e *pgconn.PgError
	if errors.As(err, &e) && e.Code == "42P04" { // duplicate database
		return errs.New(errs.Conflict, "store.error.taken").Because(err)
	}
	return postgresDialect.wrap(err)
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// createFile makes an empty database file that only we may read, in folders
// that only we may enter, and returns when a power cut cannot undo it. It
// reports Conflict when the file exists.
func createFile(ctx context.Context, path string) error {
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return fmt.Errorf("create database: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return errs.New(errs.Conflict, "store.error.taken").Because(err)
	}
	if err != nil {
		return fmt.Errorf("create database: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("create database: %w", err)
	}
	db, err := openFile(path)
	if err != nil {
		return err
	}
	// The first update turns the file into a database.
	err = db.Update(ctx, func(*Tx) error { return nil })
	return errors.Join(err, db.Close(), disk.SyncFolder(filepath.Dir(path)))
}

// makeFolder makes dir and what is missing above it.
func makeFolder(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	parent := filepath.Dir(dir)
	if err := makeFolder(parent); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return disk.SyncFolder(parent)
}

// Target makes a database for a customer that is to move to this place, unless it is there,
// and returns where it is as an installation at home keeps it. It reports Invalid for a
// place whose setting holds a password: that would stand in the registry.
func (p *Place) Target(ctx context.Context, home *Place, tenantID string) (where string, err error) {
	same := p.name != "" || p.Folder() == home.Folder() && (p.server == nil) == (home.server == nil) && (p.server == nil || p.server.String() == home.server.String())
	if p.server != nil && !same {
		if _, secret := p.server.User.Password(); secret {
			return "", errs.Operator("keep it in a file that PGPASSFILE names", "the address of a database that customers move to holds no password")
		}
	}
	where, err = p.CreateDatabase(ctx, tenantID)
	if errs.Is(err, errs.Conflict) {
		err = nil
	}
	if err != nil || same {
		return where, err
	}
	return p.DSN(where)
}
