// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"verlof/backup"
	"verlof/backup/pgbackrest"
	"verlof/errs"
	"verlof/operate"
	"verlof/store"
	"verlof/tenant"
)

// repositoryMark begins the place of a repository of pgBackRest, among those that recover takes.
const repositoryMark = "pgbackrest:"

// keepBeside puts the configuration, with pgBackRest's settings, beside the copies of a server,
// sealed with the root key: with that and the repository an empty machine has the server back.
func (s *settings) keepBeside(ctx context.Context, d *tenant.Directory, stanza pgbackrest.Stanza, l *layers) error {
	if _, err := stanza.Repository(); errs.Is(err, errs.Invalid) {
		return nil // Verlof reaches no such place: what the operator keeps opens it
	}
	cfg, failed := s.configuration(nil, l)
	return errors.Join(failed, s.putBeside(ctx, d, stanza, cfg))
}

func (s *settings) putBeside(ctx context.Context, d *tenant.Directory, stanza pgbackrest.Stanza, cfg backup.Config) error {
	repository, err := stanza.Repository()
	if err != nil {
		return err
	}
	at, err := backup.ParseDepot(repository.Depot())
	if err != nil {
		return err
	}
	f, err := s.readConfigFile(stanza.Config)
	if err != nil {
		return err
	}
	cfg.Files = append(cfg.Files, f)
	copies := &backup.Copies{Depot: at, Wholes: []backup.Depot{at}, Retention: time.Duration(s.CopyDays) * 24 * time.Hour, Now: time.Now}
	return copies.PutConfig(ctx, d.RegistryKey(), inOrder(cfg), false)
}

// server brings a PostgreSQL server back: its files, and when it was started, a look at what is
// in it. An empty setting has pgBackRest's settings, which must be there, say where the copies are.
func (c *recoverCmd) server(ctx context.Context, io *console, setting string) error {
	if c.Files == "" {
		return errs.Operator("name the folder of its files with --files: empty, and its user's", "there is no place for the server")
	}
	files, err := filepath.Abs(c.Files)
	if err != nil {
		return err
	}
	there, err := pgbackrest.Restored(files)
	if err != nil {
		return err
	}
	if there {
		return c.customers(ctx, io)
	}
	s := c.stanza(c.Cluster)
	if setting == "" {
		err = s.Here()
	} else {
		err = c.adopt(ctx, io, s, files, setting)
	}
	if err != nil {
		return err
	}
	start, said := time.Now(), 0
	err = s.RestoreAll(ctx, files, func(percent int) {
		if percent >= said+10 {
			said = percent
			io.say("%s: %d %% of the files", c.Cluster, percent)
		}
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(io.out, "The files of %s are there, in %v.\n", c.Cluster, time.Since(start).Round(time.Millisecond))
	io.say("start the database server, which goes through its log to the newest change; then run the same command again: it looks at every customer")
	return nil
}

// adopt finds pgBackRest's settings beside the copies, opens them with the root key and writes them.
// With another root key nothing is written.
func (c *recoverCmd) adopt(ctx context.Context, io *console, s pgbackrest.Stanza, files, setting string) error {
	r, err := pgbackrest.ParseRepository(setting)
	if err != nil {
		return err
	}
	at, err := backup.ParseDepot(r.Depot())
	if err != nil {
		return err
	}
	all, err := c.configuration(ctx, io, at)
	if err != nil {
		return err
	}
	for _, f := range all {
		if f.Problem != "" {
			return &errs.Error{Kind: errs.Unavailable, Err: errors.New(f.Problem), Hint: "bring the root key that the installation had, with --root-key-file"}
		}
		content, err := os.ReadFile(f.Path)
		if err != nil || !pgbackrest.Holds(content) {
			continue
		}
		return s.Adopt(content, files, r)
	}
	return &errs.Error{Kind: errs.NotFound, Err: fmt.Errorf("no settings of pgBackRest are kept at %s", r), Hint: "look whether that is the right place; where you have them, put them at " + s.Config}
}

// customers looks at every customer of a server that was brought back, those that matter most first.
func (c *recoverCmd) customers(ctx context.Context, io *console) error {
	start := time.Now()
	var all []recovered
	place, err := c.place()
	if err != nil {
		return err
	}
	server, err := place.Cluster(c.Cluster)
	if err != nil {
		return err
	}
	if !server.IsServer() {
		return errs.Operator("name the server with --database, or another one with --cluster", "%s is no PostgreSQL server", c.Cluster)
	}
	done := io.working("waiting until the server has gone through its log")
	err = server.Settled(ctx)
	if done(); err == nil {
		err = c.look(ctx, io, &all)
	}
	if errs.Is(err, errs.Unavailable) {
		return &errs.Error{Kind: errs.Unavailable, Err: err, Hint: "start the database server, and run this again; where --database and --clusters are others now, name them"}
	}
	if err != nil {
		return err
	}
	if c.JSON {
		err = io.json(all)
	} else {
		fmt.Fprintf(io.out, "%d customers in %v. Serve them with: %s\n", len(all), time.Since(start).Round(time.Millisecond), c.serving())
	}
	return errors.Join(err, incomplete(all))
}

// look looks at the customers of the server, and adds what each came to.
func (c *recoverCmd) look(ctx context.Context, io *console, all *[]recovered) error {
	return c.with(ctx, func(d *tenant.Directory) error {
		return d.Each(ctx, func(row store.TenantRow) error {
			if d.Place.ClusterOf(row.Database) != c.Cluster {
				return nil
			}
			line := recoveredOf(operate.LookRecovered(ctx, d, row))
			*all = append(*all, line)
			io.say("%s: %s%s", line.Database, line.Result, detail(line))
			return nil
		})
	})
}
