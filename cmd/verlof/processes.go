// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"verlof/errs"
	"verlof/internal/id"
	"verlof/store"
	"verlof/tenant"
	"verlof/trust"
)

// itself returns what others know this process by.
func itself() store.Process {
	now := time.Now()
	machine, err := os.Hostname()
	if err != nil {
		machine = "(unknown)"
	}
	b := ownBuild()
	return store.Process{ID: id.New(now), Machine: machine, Version: cmp.Or(b.Revision, b.Version), Since: now}
}

// present tells the others that this process serves customers. Files have one machine, and so have processes on them: its
// supervisor knows them.
func (i *installation) present(ctx context.Context, p store.Process) {
	if !i.onServers() {
		return
	}
	if err := i.tenants.Present(ctx, p); err != nil && ctx.Err() == nil {
		i.log.Warn("other processes are not told of this one", why(err, ""))
	}
}

// absent tells the others that this process ends.
func (i *installation) absent(ctx context.Context, p store.Process) {
	if !i.onServers() {
		return
	}
	if err := i.tenants.Absent(ctx, p.ID); err != nil {
		i.log.Warn("other processes are not told that this one ends", why(err, ""))
	}
}

// singles counts what there is once alone, where the installation has everything twice, or had within the days that
// promises are judged by: who never had it does not promise it.
func (i *installation) singles(ctx context.Context) (n int64, promised bool) {
	if !i.onServers() {
		return 0, false
	}
	s, err := i.tenants.Singles(ctx)
	if err != nil {
		i.log.Warn("it is not known what there is once alone", why(err, ""))
		return 0, false
	}
	if s.Count() == 0 {
		return 0, true
	}
	lines, err := i.tenants.Promises(ctx)
	return s.Count(), err == nil && slices.ContainsFunc(lines, func(l trust.Line) bool {
		return l.By == trust.Single && l.Missed < len(l.Days)
	})
}

// processesCmd says which processes serve the customers.
type processesCmd struct {
	settings `embed:"" group:"settings"`
	JSON     bool `help:"Print JSON, with what there is once alone."`
}

// Help is what --help adds.
func (processesCmd) Help() string {
	return `Lists the processes that serve the customers of an installation on PostgreSQL servers, and those that were
killed within a day. Each says every minute that it is there. Below stands what there is once alone: the
service stops with it.

Examples:
  verlof processes
  verlof processes --json`
}

// processList is what is printed in JSON.
type processList struct {
	Processes []processRow `json:"processes"`
	Single    []string     `json:"single"`
}

// processRow is a process as it is printed.
type processRow struct {
	Machine string    `json:"machine"`
	Version string    `json:"version"`
	Since   time.Time `json:"since"`
	Seen    time.Time `json:"seen"`
	Serving bool      `json:"serving"`
}

// Run lists them.
func (c *processesCmd) Run(ctx context.Context, io *console) error {
	if !c.onServers() {
		return errs.Operator("systemctl status verlof says how it is", "the databases are files of this machine, and served by its process alone")
	}
	out := processList{Processes: []processRow{}, Single: []string{}}
	err := c.with(ctx, func(d *tenant.Directory) error {
		list, err := d.Processes(ctx)
		if err != nil {
			return err
		}
		for _, p := range list {
			out.Processes = append(out.Processes, processRow{p.Machine, p.Version, p.Since, p.Seen, p.Serving})
		}
		s, err := d.Singles(ctx)
		out.Single = append(out.Single, single(s)...)
		return err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return io.json(out)
	}
	err = printList(io, false, out.Processes, []string{"MACHINE", "VERSION", "SINCE", "LAST SEEN", "STATE"}, func(p processRow) []string {
		state := "serving"
		if !p.Serving {
			state = "gone"
		}
		return []string{p.Machine, p.Version, stamp(p.Since), stamp(p.Seen), state}
	})
	if err == nil && len(out.Single) > 0 {
		_, err = fmt.Fprintln(io.out, "once alone:", strings.Join(out.Single, ", "))
	}
	return err
}

// single says what there is once alone.
func single(s tenant.Singles) (parts []string) {
	if s.Machines {
		parts = append(parts, "a machine that serves")
	}
	for _, name := range s.Clusters {
		parts = append(parts, "database server "+name+" (no standby)")
	}
	return parts
}
