// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"time"

	"verlof/store"
)

// How long a process that was not heard of counts as one that serves, which is three times as long as it takes to say so, and how
// long it is remembered.
const (
	servesFor     = 3 * time.Minute
	rememberedFor = 24 * time.Hour
)

// Process is one that serves the customers of the installation, or did until it was last seen.
type Process struct {
	store.Process
	Serving bool
}

// Present keeps that a process serves customers: at least every minute of those it serves in.
func (d *Directory) Present(ctx context.Context, p store.Process) error {
	now := d.Now()
	p.Seen = now
	return d.registry.SaveProcess(ctx, p, now.Add(-rememberedFor))
}

// Absent keeps that a process ends.
func (d *Directory) Absent(ctx context.Context, id string) error {
	return d.registry.EndProcess(ctx, id)
}

// Processes returns the processes that serve customers and those of the last day that were killed, by machine.
func (d *Directory) Processes(ctx context.Context) (list []Process, err error) {
	rows, err := d.registry.Processes(ctx)
	for _, p := range rows {
		list = append(list, Process{p, d.Now().Sub(p.Seen) < servesFor})
	}
	return list, err
}

// Singles is what an installation has once alone, and stops with.
type Singles struct {
	Machines bool     // the customers are served by processes of one machine
	Clusters []string // PostgreSQL servers without a standby
}

// Count returns how many parts those are.
func (s Singles) Count() int64 {
	n := int64(len(s.Clusters))
	if s.Machines {
		n++
	}
	return n
}

// Singles returns what the installation has once alone. It asks every PostgreSQL server.
func (d *Directory) Singles(ctx context.Context) (s Singles, err error) {
	list, err := d.Processes(ctx)
	if err != nil {
		return s, err
	}
	machines := map[string]bool{}
	for _, p := range list {
		if p.Serving {
			machines[p.Machine] = true
		}
	}
	s.Machines = len(machines) < 2
	for _, name := range d.Place.Servers() {
		on, err := d.Place.Cluster(name)
		if err != nil {
			return s, err
		}
		n, err := on.Standbys(ctx)
		if err != nil {
			return s, err
		}
		if n == 0 {
			s.Clusters = append(s.Clusters, name)
		}
	}
	return s, nil
}
