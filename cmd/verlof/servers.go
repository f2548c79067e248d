// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"verlof/backup/pgbackrest"
	"verlof/errs"
	"verlof/operate"
	"verlof/store"
	"verlof/tenant"
)

// onServers reports whether the installation's databases are on PostgreSQL servers, whose copies
// pgBackRest keeps.
func (s *settings) onServers() bool { return !strings.HasPrefix(s.Database, "sqlite:") }

// apart reports whether every database server is another machine than this one.
func (s *settings) apart() bool {
	if !s.onServers() {
		return false
	}
	for _, address := range slices.Concat([]string{s.Database}, slices.Collect(maps.Values(s.Clusters))) {
		u, err := url.Parse(address)
		if err != nil {
			return false
		}
		host := u.Hostname()
		if ip := net.ParseIP(host); host == "" || host == "localhost" || ip != nil && ip.IsLoopback() {
			return false
		}
	}
	return true
}

// stanza returns what pgBackRest keeps of a cluster.
func (s *settings) stanza(cluster string) pgbackrest.Stanza {
	name := cluster
	if cluster == store.Home {
		name = cmp.Or(s.Stanza, store.Home)
	}
	return pgbackrest.Stanza{Name: name, Config: s.pgBackRest()}
}

func (s *settings) pgBackRest() string {
	path := cmp.Or(s.PgBackRest, "/etc/pgbackrest-verlof.conf")
	if whole, err := filepath.Abs(path); err == nil {
		return whole
	}
	return path
}

// eachServer runs do for each server of the installation, as forEach does.
func (c *copyWork) eachServer(ctx context.Context, io *console, do func(name string, p *store.Place, s pgbackrest.Stanza) error) error {
	if len(c.Slugs) > 0 {
		return errs.Operator("leave the customer out: the copies of a server hold all that are on it", "pgBackRest copies whole servers")
	}
	place, err := c.place()
	if err != nil {
		return err
	}
	if len(place.Servers()) == 0 {
		return errs.Operator("--clusters names them", "the installation has no PostgreSQL server")
	}
	return forEach(ctx, io, place.Servers(), asIs, func(name string) error {
		p, err := place.Cluster(name)
		if err != nil {
			return err
		}
		return do(name, p, c.stanza(name))
	})
}

// serverState is one line of backup status.
type serverState struct {
	Server   string    `json:"server"`
	Oldest   time.Time `json:"oldest,omitzero"`    // the first moment that can be had back
	HandedOn time.Time `json:"handed_on,omitzero"` // changes before are kept; the others are lost with the server's disk
	Backup   time.Time `json:"backup,omitzero"`    // the newest
	Backups  int       `json:"backups"`
	Bytes    int64     `json:"bytes"` // at the repository
	Problem  string    `json:"problem"`
}

// servers prints how the copies of servers stand.
func (c *backupStatus) servers(ctx context.Context, io *console) error {
	var list []serverState
	failed := c.eachServer(ctx, io, func(name string, p *store.Place, s pgbackrest.Stanza) error {
		a, err := p.Archived(ctx)
		if err != nil {
			return err
		}
		k, err := s.Info(ctx)
		if err != nil {
			return err
		}
		line := serverState{Server: name, Oldest: k.Oldest, HandedOn: a.At, Backups: len(k.Backups), Problem: k.Problem}
		for _, b := range k.Backups {
			line.Backup, line.Bytes = b.At, line.Bytes+b.Kept
		}
		switch {
		case !a.On:
			line.Problem = "the server does not archive its log"
		case a.Failed:
			line.Problem = "the server cannot archive its log"
		}
		list = append(list, line)
		return troubled(name, line.Problem, s)
	})
	heads := []string{"SERVER", "OLDEST", "HANDED ON", "NEWEST BACKUP", "BACKUPS", "BYTES", "PROBLEM"}
	return printDone(io, c.JSON, list, heads, func(s serverState) []string {
		return []string{s.Server, stamp(s.Oldest), stamp(s.HandedOn), stamp(s.Backup), strconv.Itoa(s.Backups),
			strconv.FormatInt(s.Bytes, 10), cmp.Or(s.Problem, "-")}
	}, failed)
}

// troubled says that something is wrong with the copies of a server.
func troubled(name, problem string, s pgbackrest.Stanza) error {
	if problem == "" {
		return nil
	}
	return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("copies of server %s: %s", name, problem),
		Hint: "run pgbackrest --config=" + s.Config + " --stanza=" + s.Name + " check as the server's user: see whether the repository is there, has room and lets it in"}
}

// serverBackup is one line of backup now.
type serverBackup struct {
	Server string `json:"server"`
	Kind   string `json:"kind"` // full, or one of what changed since
}

// servers makes a backup of each server: a full one once a week, what changed since otherwise.
func (c *backupNow) servers(ctx context.Context, io *console, l *layers) error {
	var list []serverBackup
	failed := c.with(ctx, func(d *tenant.Directory) error {
		return c.eachServer(ctx, io, func(name string, p *store.Place, s pgbackrest.Stanza) error {
			if err := s.Here(); err != nil {
				return err
			}
			if err := c.keepBeside(ctx, d, s, l); err != nil {
				return err
			}
			kind, err := operate.BackUp(ctx, d, s, name, c.FullEvery, 0)
			if err != nil {
				return err
			}
			list = append(list, serverBackup{name, kind})
			_, err = p.HandOn(ctx)
			return err
		})
	})
	return printDone(io, c.JSON, list, []string{"SERVER", "BACKUP"}, func(b serverBackup) []string { return []string{b.Server, b.Kind} }, failed)
}

// servers has each server back in a scratch cluster, and compares its databases with those in use.
func (c *backupDrill) servers(ctx context.Context, io *console) error {
	return c.with(ctx, func(d *tenant.Directory) error {
		return c.eachServer(ctx, io, func(name string, _ *store.Place, s pgbackrest.Stanza) error {
			if err := s.Here(); err != nil {
				return err // nothing was rehearsed: that is no drill that failed
			}
			var wrong error
			err := operate.DrillServer(ctx, d, s, name, func(database string, r store.Drill, err error) {
				if err == nil {
					err = c.add(database, r)
				}
				if err != nil {
					io.say("%s: %s", database, plainly(err))
					wrong = errors.Join(wrong, err)
				}
			})
			return errors.Join(err, wrong)
		})
	})
}

// servers reads every file at the repositories.
func (c *backupVerify) servers(ctx context.Context, io *console) error {
	var list []verified
	failed := c.eachServer(ctx, io, func(name string, _ *store.Place, s pgbackrest.Stanza) error {
		k, err := s.Info(ctx)
		if err == nil && len(k.Backups) == 0 {
			err = troubled(name, cmp.Or(k.Problem, "there is no backup"), s) // what is not there is not damaged
		}
		if err != nil {
			return err
		}
		damaged, err := s.Verify(ctx)
		if err != nil {
			return err
		}
		list = append(list, verified{name, 0, 0, append([]string{}, damaged...), []string{}, []string{}})
		if len(damaged) > 0 {
			return errors.New("damaged: " + strings.Join(damaged, "\n"))
		}
		return nil
	})
	return printDone(io, c.JSON, list, []string{"SERVER", "DAMAGED"}, func(v verified) []string {
		return []string{v.Database, strconv.Itoa(len(v.Damaged))}
	}, failed)
}

// backupSetup has pgBackRest keep copies of a server.
type backupSetup struct {
	settings   `embed:"" group:"settings"`
	Cluster    string `default:"home" placeholder:"NAME" help:"The server (${default})."`
	Files      string `required:"" placeholder:"DIR" help:"Folder of the server's files, on this machine, as SHOW data_directory says it."`
	Socket     string `default:"/var/run/postgresql" placeholder:"DIR" help:"Folder of its socket (${default})."`
	Port       int    `default:"5432" placeholder:"N" help:"Its port (${default})."`
	Superuser  string `default:"postgres" placeholder:"ROLE" help:"Role that the user of the database server signs in as at that socket (${default})."`
	Repository string `required:"" placeholder:"PLACE" help:"Where copies are kept: a folder on another disk, or s3://KEY:SECRET@HOST/BUCKET/FOLDER?region=REGION, with &ca=FILE for a store whose certificate this machine does not trust by itself."`
}

// Help is what --help adds.
func (backupSetup) Help() string {
	return `Run it on the machine of the database server, as root or as the server's user. It writes
pgBackRest's settings, with a passphrase that the registry keeps sealed, and prints what a superuser
must tell the server once. When the server archives its log there, run it again: it makes the repository
and a first backup.

Examples:
  verlof backup setup --files /var/lib/postgresql/15/main --repository /mnt/second/pgbackrest`
}

// Run does it.
func (c *backupSetup) Run(ctx context.Context, io *console, l *layers) error {
	if !c.onServers() {
		return errs.Operator("SQLite is copied by --copy", "the installation is on no server")
	}
	return c.with(ctx, func(d *tenant.Directory) error {
		place, err := d.Place.Cluster(c.Cluster)
		if err != nil {
			return err
		}
		repository, err := pgbackrest.ParseRepository(c.Repository)
		if err != nil {
			return err
		}
		s := c.stanza(c.Cluster)
		pass, err := d.Passphrase(ctx, s.Name)
		if err != nil {
			return err
		}
		err = s.Write(pgbackrest.Setup{Data: c.Files, Socket: c.Socket, Port: c.Port, User: c.Superuser, Repository: repository, Pass: pass, Days: c.CopyDays})
		if err != nil {
			return err
		}
		a, err := place.Archived(ctx)
		if err != nil {
			return err
		}
		if !a.On || !s.Archives(a.Command) {
			for _, text := range s.Statements(place.Role()) {
				fmt.Fprintln(io.out, text)
			}
			io.say("have a superuser run what is printed, in database %s; restart the server, and run this again", place.Registered())
			return nil
		}
		done := io.working("making the repository and a first backup")
		err = c.begin(ctx, d, s, l)
		done()
		if err == nil {
			io.say("copies of %s are kept at %s", c.Cluster, repository)
		}
		return err
	})
}

// begin makes the repository, and a first backup in it.
func (c *backupSetup) begin(ctx context.Context, d *tenant.Directory, s pgbackrest.Stanza, l *layers) error {
	if err := s.Create(ctx); err != nil {
		return err
	}
	if err := c.keepBeside(ctx, d, s, l); err != nil {
		return err
	}
	return s.Backup(ctx, pgbackrest.Full, false)
}
