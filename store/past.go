// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"time"

	"verlof/errs"
)

// Past is a state of a customer that may be looked at, and not changed, at a host name of
// its own.
type Past struct {
	ID       string
	TenantID string
	Host     string // unique among them, and no customer's
	Database string // as TenantRow.Database names one
	Kind     string // why it is open: the tenant package's own
	State    time.Time
	Opened   time.Time
	Ends     time.Time
	By       string // who opened it
	Reason   string
}

// Pass lets one browser look at a past state.
type Pass struct {
	Digest  string
	Past    string
	Link    bool   // it is a link, good for once; otherwise a session
	Person  string // who looks, of the customer; empty: an operator
	Session string // theirs with the customer, which must live; empty for an operator
	Name    string // of an operator
	Ends    time.Time
}

// PastLook is a page of a past state that somebody looked at.
type PastLook struct {
	ID   string
	Past string
	At   time.Time
	Who  string // id of a person, or the name of an operator
	Page string
}

const (
	pastColumns = "id, tenant_id, host, database, kind, state_us, opened_us, ends_us, made_by, reason"
	passColumns = "digest, past_id, link, person, session, name, ends_us"
	lookColumns = "id, past_id, at_us, who, page"
)

func pastRow(p *Past) []any {
	return []any{&p.ID, &p.TenantID, &p.Host, &p.Database, &p.Kind, micros(&p.State), micros(&p.Opened), micros(&p.Ends), &p.By, &p.Reason}
}

func passRow(p *Pass) []any {
	return []any{&p.Digest, &p.Past, &p.Link, &p.Person, &p.Session, &p.Name, micros(&p.Ends)}
}

func lookRow(l *PastLook) []any { return []any{&l.ID, &l.Past, micros(&l.At), &l.Who, &l.Page} }

var (
	qInsertPast = registryQuery("past.insert", "INSERT INTO past ("+pastColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
	qPast       = registryQuery("past.get", "SELECT "+pastColumns+" FROM past WHERE id = $1")
	qPastByHost = registryQuery("past.by_host", "SELECT "+pastColumns+" FROM past WHERE host = $1")
	qPasts      = registryQuery("past.list", "SELECT "+pastColumns+" FROM past WHERE tenant_id = $1 ORDER BY opened_us DESC, id DESC")
	qEndPast    = registryQuery("past.end", "UPDATE past SET ends_us = $2 WHERE id = $1 AND ends_us > $2")
	qShutPasses = registryQuery("pass.delete_of", "DELETE FROM past_pass WHERE past_id = $1")

	qInsertPass = registryQuery("pass.insert", "INSERT INTO past_pass ("+passColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7)")
	qPass       = registryQuery("pass.get", "SELECT "+passColumns+" FROM past_pass WHERE digest = $1")
	qDeletePass = registryQuery("pass.delete", "DELETE FROM past_pass WHERE digest = $1")

	qInsertLook = registryQuery("look.insert", "INSERT INTO past_look ("+lookColumns+") VALUES ($1, $2, $3, $4, $5)")
	qLooks      = registryQuery("look.list", "SELECT "+lookColumns+" FROM past_look WHERE past_id = $1 ORDER BY at_us DESC, id DESC LIMIT $2")
)

// AddPast opens a past state, and puts the act on record. It reports Conflict, with Field
// "host", for a host name that is taken, of a customer too.
func (r *Registry) AddPast(ctx context.Context, p Past, a Act) error {
	return r.db.Update(ctx, func(tx *Tx) error {
		if err := tx.lockHosts(); err != nil {
			return err
		}
		_, theirs, err := maybe(tx, qTenantByHost, tenantRow, p.Host)
		if err != nil {
			return err
		}
		if theirs {
			return errs.New(errs.Conflict, "store.error.taken").At("host")
		}
		if _, err := tx.exec(qInsertPast, p.ID, p.TenantID, p.Host, p.Database, p.Kind, p.State, p.Opened, p.Ends, p.By, p.Reason); err != nil {
			return err
		}
		return tx.addAct(p.TenantID, a)
	})
}

// lockHosts holds back whoever else gives a host name away until the transaction ends: customers have theirs in one table and
// past states in another, and each looks into both. It is locked before anything else.
func (tx *Tx) lockHosts() error { return tx.Lock("host names") }

// free reports Conflict, with Field "name", where a host name is that of a past state, be it ended.
func (tx *Tx) free(host string) error {
	_, taken, err := maybe(tx, qPastByHost, pastRow, host)
	if err == nil && taken {
		err = errs.New(errs.Conflict, "store.error.taken").At("name")
	}
	return err
}

// EndPast closes a past state at a time, with all passes to it, and puts the act on record.
// It reports NotFound for one that has ended.
func (r *Registry) EndPast(ctx context.Context, p Past, at time.Time, a Act) error {
	return r.db.Update(ctx, func(tx *Tx) error {
		if err := tx.execOne(qEndPast, p.ID, at); err != nil {
			return err
		}
		if _, err := tx.exec(qShutPasses, p.ID); err != nil {
			return err
		}
		return tx.addAct(p.TenantID, a)
	})
}

// Past returns a past state by id, ended or not. It reports NotFound.
func (r *Registry) Past(ctx context.Context, id string) (Past, error) { return r.past(ctx, qPast, id) }

// PastByHost returns the past state that a host name leads to, ended or not. It reports
// NotFound.
func (r *Registry) PastByHost(ctx context.Context, host string) (Past, error) {
	return r.past(ctx, qPastByHost, host)
}

func (r *Registry) past(ctx context.Context, q *statement, key string) (p Past, err error) {
	err = r.db.View(ctx, func(tx *Tx) error {
		p, err = one(tx, q, pastRow, key)
		return err
	})
	return p, err
}

// Pasts returns the past states of a customer, the newest first, those that have ended too.
func (r *Registry) Pasts(ctx context.Context, tenantID string) (list []Past, err error) {
	err = r.db.View(ctx, func(tx *Tx) error {
		list, err = all(tx, qPasts, pastRow, tenantID)
		return err
	})
	return list, err
}

// AddPass lets a browser in.
func (r *Registry) AddPass(ctx context.Context, p Pass) error {
	return r.db.Update(ctx, func(tx *Tx) error { return tx.addPass(p) })
}

func (tx *Tx) addPass(p Pass) error {
	_, err := tx.exec(qInsertPass, p.Digest, p.Past, number(p.Link), p.Person, p.Session, p.Name, p.Ends)
	return err
}

// Pass returns a pass. It reports NotFound.
func (r *Registry) Pass(ctx context.Context, digest string) (p Pass, err error) {
	err = r.db.View(ctx, func(tx *Tx) error {
		p, err = one(tx, qPass, passRow, digest)
		return err
	})
	return p, err
}

// SwapPass takes a link away and puts the session in its place that next makes of it. Of two
// that use one link at once, one wins; the other is told NotFound.
func (r *Registry) SwapPass(ctx context.Context, digest string, next func(link Pass) (Pass, error)) error {
	return r.db.Update(ctx, func(tx *Tx) error {
		link, err := one(tx, qPass, passRow, digest)
		if err != nil {
			return err
		}
		if err := tx.execOne(qDeletePass, digest); err != nil {
			return err
		}
		session, err := next(link)
		if err != nil {
			return err
		}
		return tx.addPass(session)
	})
}

// AddLook notes that somebody looked at a page.
func (r *Registry) AddLook(ctx context.Context, l PastLook) error {
	return r.db.Update(ctx, func(tx *Tx) error {
		_, err := tx.exec(qInsertLook, l.ID, l.Past, l.At, l.Who, l.Page)
		return err
	})
}

// Looks returns what was looked at of a past state, the newest first, n at most.
func (r *Registry) Looks(ctx context.Context, past string, n int) (list []PastLook, err error) {
	err = r.db.View(ctx, func(tx *Tx) error {
		list, err = all(tx, qLooks, lookRow, past, n)
		return err
	})
	return list, err
}
