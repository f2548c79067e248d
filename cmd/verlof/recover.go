// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"verlof/backup"
	"verlof/errs"
	"verlof/operate"
	"verlof/tenant"
)

// recoverCmd brings an installation back on an empty machine.
type recoverCmd struct {
	settings `embed:"" group:"settings"`
	From     string `required:"" placeholder:"DEPOT" help:"Where the copies are: folder:DIR or s3://KEY:SECRET@HOST/BUCKET/FOLDER?region=REGION; for a PostgreSQL server pgbackrest: before the place of the repository, a folder or one in a bucket, or alone where pgBackRest's settings are here and say it."`
	Cluster  string `default:"home" placeholder:"NAME" help:"The PostgreSQL server (${default})."`
	Files    string `placeholder:"DIR" help:"Folder for the files of the PostgreSQL server: empty, and its user's."`
	Registry bool   `name:"registry-only" help:"Bring back the registry alone. The server then brings each customer back when somebody comes to it, and the others meanwhile."`
	JSON     bool   `help:"Print JSON."`
}

// Help is what --help adds.
func (recoverCmd) Help() string {
	return `Needs the depot, and the root key that the installation had: put it at root.key in the data folder, or
name it with --root-key-file. The registry comes first, then verlof.toml, certificates and what else the
depot keeps of the configuration (those from outside the data folder into a folder "recovered" of it), then
the customers, those in service before others. What is there already stays as it is, so an interrupted recovery goes on when it is run
again. With --registry-only the server can be started at once: it serves each customer as soon as that
one is back, in the order of verlof tenant set --importance where nobody waits. What is damaged of one does not hold up the others: it gets the newest state before the
damage.

A PostgreSQL server is brought back out of the repository of pgBackRest, on its own machine, as root or as the
server's user, with the same command before the server is started and after: before, it puts the server's files
where --files says; after, it looks at every customer, in order of importance.

Examples:
  verlof recover --data /var/lib/verlof --root-key-file /media/usb/root.key --from folder:/mnt/second/verlof
  verlof serve --data /var/lib/verlof --root-key-file /media/usb/root.key --copy folder:/mnt/second/verlof
  verlof recover --data /var/lib/verlof --root-key-file /media/usb/root.key --files /var/lib/postgresql/15/main --from pgbackrest:/mnt/second/pgbackrest`
}

// recovered is one database of a recovery, or one file of the configuration.
type recovered struct {
	Database string    `json:"database,omitempty"`
	File     string    `json:"file,omitempty"` // where it was
	Path     string    `json:"path,omitempty"` // where the file is now
	StateOf  time.Time `json:"state_of,omitzero"`
	Record   uint64    `json:"record,omitempty"`
	Result   string    `json:"result"` // recovered, was there, damaged, lost
	Problem  string    `json:"problem,omitempty"`
}

// Run brings it back.
func (c *recoverCmd) Run(ctx context.Context, io *console) error {
	if repository, ok := strings.CutPrefix(c.From, repositoryMark); ok {
		return c.server(ctx, io, repository)
	}
	at, err := backup.ParseDepot(c.From)
	if err != nil {
		return err
	}
	c.from = at
	start := time.Now()
	var all []recovered
	each := func(r operate.Recovered) {
		line := recoveredOf(r)
		all = append(all, line)
		io.say("%s: %s%s", line.Database, line.Result, detail(line))
	}
	r, err := c.registry(ctx, at)
	if err != nil {
		return err
	}
	each(r)
	files, err := c.configuration(ctx, io, at)
	if err != nil {
		return err
	}
	if err := c.claim(ctx, at); err != nil {
		return err
	}
	if !c.Registry {
		err = c.with(ctx, func(d *tenant.Directory) error { return operate.Recover(ctx, d, at, each) })
	}
	if err != nil {
		return err
	}
	if c.JSON {
		err = io.json(append(all, files...))
	} else {
		fmt.Fprintf(io.out, "%d databases in %v. Serve them with: %s --copy DEPOT\n", len(all), time.Since(start).Round(time.Millisecond), c.serving())
	}
	return errors.Join(err, incomplete(append(all, files...)))
}

// serving is the command that serves what was brought back. It names the root key where the recovery did: nothing
// puts that into the data folder by itself.
func (c *recoverCmd) serving() string {
	line := "verlof serve --data " + c.Data
	if c.RootKeyFile != "" {
		line += " --root-key-file " + c.RootKeyFile
	}
	return line
}

// incomplete says that something could not be had back.
func incomplete(all []recovered) error {
	for _, r := range all {
		if r.Problem != "" {
			return &errs.Error{Kind: errs.Internal, Err: errors.New("not everything could be had back"),
				Hint: "what is damaged is named above; verlof restore SLUG --to TIME gives an earlier state"}
		}
	}
	return nil
}

// registry brings the registry back, unless an interrupted recovery did.
func (c *recoverCmd) registry(ctx context.Context, at backup.Depot) (r operate.Recovered, err error) {
	place, err := c.place()
	if err != nil {
		return r, err
	}
	root, err := c.rootKey().Root(func() (bool, error) { return true, nil }) // never a new one
	if err != nil {
		return r, err
	}
	return operate.RecoverRegistry(ctx, place, at, root)
}

// configuration brings the files of the configuration back: nothing that is there is overwritten.
func (c *recoverCmd) configuration(ctx context.Context, io *console, at backup.Depot) (all []recovered, err error) {
	root, err := c.rootKey().Root(func() (bool, error) { return true, nil })
	if err != nil {
		return nil, err
	}
	files, put, err := operate.RecoverConfig(ctx, at, root, c.Data)
	var damage *backup.Damage
	switch {
	case errors.As(err, &damage):
		all = append(all, recovered{File: "configuration", StateOf: put, Result: "damaged", Problem: err.Error()})
		io.say("configuration: damaged: %v", err)
	case err != nil:
		return nil, err
	case put.IsZero():
		io.say("configuration: the depot keeps none")
	}
	for _, f := range files {
		line := recovered{File: f.Was, Path: f.Path, StateOf: put, Result: "recovered"}
		switch {
		case f.Err != nil:
			line.Result, line.Problem = "lost", f.Err.Error()
		case f.Kept:
			line.Result = "was there"
		}
		all = append(all, line)
		io.say("%s: %s%s%s", f.Path, line.Result, elsewhere(f), detail(line))
	}
	return all, nil
}

// elsewhere says where a file was, when that is another place.
func elsewhere(f operate.RecoveredFile) string {
	if f.Path == f.Was {
		return ""
	}
	return " (was " + f.Was + ")"
}

// claim has the folder in force from now on: the one before it, should it come back, holds older
// data.
func (c *recoverCmd) claim(ctx context.Context, at backup.Depot) error {
	place, err := c.place()
	if err != nil {
		return err
	}
	f, err := backup.ReadFolder(place.Folder())
	if err != nil || f.Number > 0 { // an interrupted recovery came so far
		return err
	}
	depots := []backup.Depot{at}
	if c.Copy != "" && c.Copy != c.From {
		copies, err := c.depot()
		if err != nil {
			return err
		}
		depots = append(depots, copies)
	}
	return operate.Claim(ctx, place.Folder(), depots...)
}

func recoveredOf(r operate.Recovered) recovered {
	line := recovered{Database: r.Slug, StateOf: r.At, Record: r.Record, Result: "recovered"}
	if r.Err != nil {
		line.Problem, line.Result = r.Err.Error(), "damaged"
	}
	switch {
	case r.Kept:
		line.Result = "was there"
	case r.Record == 0 && r.At.IsZero():
		line.Result = "lost"
	}
	return line
}

// detail says what a line holds besides.
func detail(r recovered) string {
	text := ""
	if !r.StateOf.IsZero() {
		text = ", as of " + r.StateOf.Format(time.RFC3339Nano)
	}
	if r.Problem != "" {
		text += ": " + r.Problem
	}
	return text
}
