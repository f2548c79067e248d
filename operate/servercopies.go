// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"
	"sync"
	"time"

	"verlof/backup/pgbackrest"
	"verlof/store"
	"verlof/tenant"
)

// ServerCopies sees to the copies of PostgreSQL servers by schedule, on the machine on which
// pgBackRest works.
type ServerCopies struct {
	Tenants *tenant.Directory
	Stanza  func(cluster string) pgbackrest.Stanza
	Full    time.Duration // how old the newest full backup of a server may be
	Other   time.Duration // and the newest of any kind
	Drill   time.Duration // each database is had back so often
	Ahead   time.Duration // what is due so soon is done already: until the next round
	Made    func(cluster, kind string, err error)
	Each    func(name string, result store.Drill, err error)
}

// Round makes the backups that are due, and drills the servers of which a database was not had back
// for too long. What goes wrong with one does not hold up the others.
func (r *ServerCopies) Round(ctx context.Context) error {
	for _, cluster := range r.Tenants.Place.Servers() {
		kind, err := BackUp(ctx, r.Tenants, r.Stanza(cluster), cluster, r.Full, r.Other-r.Ahead)
		if kind != "" || err != nil {
			r.Made(cluster, kind, err)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := r.drill(ctx, cluster); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (r *ServerCopies) drill(ctx context.Context, cluster string) error {
	all, err := drillings(ctx, r.Tenants, cluster)
	if err != nil {
		return err
	}
	last, err := r.Tenants.LastDrills(ctx)
	if err != nil {
		return err
	}
	due := false
	for _, one := range all {
		due = due || r.Tenants.Now().Sub(last[one.id].At) >= r.Drill-r.Ahead
	}
	if !due {
		return nil
	}
	return DrillServer(ctx, r.Tenants, r.Stanza(cluster), cluster, r.Each)
}

// BackUp makes the backup of a server that is due: a full one where the newest is older than full,
// one of what changed since where the newest of any kind is older than other. It returns its kind;
// empty: none was due. While there is a legal hold on a customer of the server, none is taken away.
func BackUp(ctx context.Context, d *tenant.Directory, s pgbackrest.Stanza, cluster string, full, other time.Duration) (kind string, err error) {
	k, err := s.Info(ctx)
	if err != nil {
		return "", err
	}
	if kind = k.Due(time.Now(), full, other); kind == "" {
		return "", nil
	}
	held := false
	err = d.Each(ctx, func(row store.TenantRow) error {
		held = held || d.Place.ClusterOf(row.Database) == cluster && d.Held(row.ID)
		return nil
	})
	if err == nil {
		err = s.Backup(ctx, kind, held)
	}
	return kind, err
}

// HandedOn says how far a PostgreSQL server has handed its log on.
type HandedOn struct {
	At     time.Time // changes before are kept elsewhere; zero: it hands nothing on
	Behind time.Time // since when changes are not; zero: all are
	Failed bool      // the server tried in vain
}

// Logs watches how far PostgreSQL servers have handed their logs on. What it knows of a server rests
// on two looks at least.
type Logs struct {
	Place *store.Place

	mu   sync.Mutex
	seen map[string]*seenLog
}

type seenLog struct {
	HandedOn
	looked  time.Time
	changed time.Time // no change is newer
	next    int64
}

// Look looks at a server.
func (l *Logs) Look(ctx context.Context, cluster string) (HandedOn, error) {
	p, err := l.Place.Cluster(cluster)
	if err != nil {
		return HandedOn{}, err
	}
	a, err := p.Archived(ctx)
	if err != nil {
		return HandedOn{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seen == nil {
		l.seen = map[string]*seenLog{}
	}
	if l.seen[cluster] == nil {
		l.seen[cluster] = &seenLog{}
	}
	return l.seen[cluster].look(a), nil
}

// look takes in what a server says.
func (s *seenLog) look(a store.Archived) HandedOn {
	if s.next != 0 && s.next != a.Next {
		if s.Behind.IsZero() {
			s.Behind = s.looked
		}
		s.changed = a.Now
	}
	s.next, s.looked, s.Failed, s.At = a.Next, a.Now, a.Failed, a.At
	if !a.On {
		s.At = time.Time{}
	}
	switch {
	case s.changed.IsZero() || !s.At.Before(s.changed):
		s.Behind = time.Time{}
	case s.Behind.Before(s.At):
		s.Behind = s.At
	}
	return s.HandedOn
}

// Of returns what was last seen of a server. It reports false before the first look.
func (l *Logs) Of(cluster string) (HandedOn, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.seen[cluster]
	if s == nil {
		return HandedOn{}, false
	}
	return s.HandedOn, true
}
