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
	"strings"
	"syscall"
	"time"

	"verlof/errs"
)

var (
	qSetCertificate = registryQuery("certificate.set", `INSERT INTO certificate (tenant_id, at_us, signed) VALUES ($1, $2, $3)
		ON CONFLICT (tenant_id) DO UPDATE SET at_us = excluded.at_us, signed = excluded.signed`)
	qCertificate = registryQuery("certificate.get", "SELECT signed FROM certificate WHERE tenant_id = $1")
)

// SetCertificate keeps what was attested of a customer whose data was destroyed.
func (r *Registry) SetCertificate(ctx context.Context, tenantID string, at time.Time, signed string) error {
	return r.db.Update(ctx, func(tx *Tx) error {
		_, err := tx.exec(qSetCertificate, tenantID, at, signed)
		return err
	})
}

// Certificate returns what SetCertificate kept. It reports NotFound.
func (r *Registry) Certificate(ctx context.Context, tenantID string) (signed string, err error) {
	err = r.db.View(ctx, func(tx *Tx) error {
		signed, err = one(tx, qCertificate, value[string], tenantID)
		return err
	})
	return signed, err
}

// Shred has the registry's database hold nothing of what was overwritten or deleted in it:
// every page is written anew, and the log is emptied. On PostgreSQL that is the table of
// customers; the cluster's own log keeps what it keeps.
func (r *Registry) Shred(ctx context.Context) (err error) {
	db := r.DB() // the one in force
	if err := db.enter(); err != nil {
		return err
	}
	defer db.life.leave()
	connector, err := db.d.connector(db.address, migrator)
	if err != nil {
		return err
	}
	pool := sql.OpenDB(connector)
	defer func() { err = errors.Join(err, pool.Close()) }()
	texts := []string{"VACUUM FULL tenant"}
	if db.d.embedded {
		texts = []string{"VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"}
	}
	for _, text := range texts {
		if _, err := pool.ExecContext(ctx, text); err != nil {
			return fmt.Errorf("write the registry anew: %w", db.d.wrap(err))
		}
	}
	return nil
}

// Destroy takes a database of a customer away, wherever the registry said that it is or was:
// in this place, in another folder, on another server, and there with the last one the customer's
// roles. One that is gone is no error.
func (p *Place) Destroy(ctx context.Context, tenantID, where string) error {
	if !goodID.MatchString(tenantID) || !strings.Contains(where, tenantID) {
		return errs.Operator("take it away by hand", "%q is not a database of customer %s", where, tenantID)
	}
	if path, ok := strings.CutPrefix(where, "sqlite:"); ok && filepath.IsAbs(path) {
		return destroyFile(tenantID, path)
	}
	if !isPostgres(where) {
		return p.dropDatabase(ctx, where, tenantID)
	}
	u, err := url.Parse(where)
	if err != nil {
		return errs.Operator("take it away by hand", "not an address of a database")
	}
	name := strings.TrimPrefix(u.Path, "/")
	home, _, _ := strings.Cut(name, "_"+tenantID)
	u.Path = "/" + home
	return (&Place{server: u, quota: p.quota}).dropDatabase(ctx, "postgres:"+name, tenantID)
}

// destroyFile takes the folder tenants/ID away in which a database file lies.
func destroyFile(tenantID, path string) error {
	dir := filepath.Dir(path)
	for filepath.Base(dir) != tenantID {
		if dir = filepath.Dir(dir); dir == filepath.Dir(dir) {
			return errs.Operator("take it away by hand", "%s is not in a folder of customer %s", path, tenantID)
		}
	}
	return removeAll(dir)
}

// removeAll takes a folder away. A database in it that is just being closed may put a last file there meanwhile.
func removeAll(dir string) (err error) {
	for range 50 {
		if err = os.RemoveAll(dir); !errors.Is(err, syscall.ENOTEMPTY) {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}
