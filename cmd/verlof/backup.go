// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"verlof/backup"
	"verlof/errs"
	"verlof/operate"
	"verlof/store"
	"verlof/tenant"
)

// backupCmd holds the verbs about copies.
type backupCmd struct {
	Setup  backupSetup  `cmd:"" help:"Have pgBackRest keep copies of a PostgreSQL server."`
	Status backupStatus `cmd:"" help:"Say what the depot keeps of each database, and how far back."`
	Now    backupNow    `cmd:"" help:"Put what waits, an image and a whole file of each database at their places."`
	Verify backupVerify `cmd:"" help:"Read every object at the depot, and say which are damaged or missing."`
	Drill  backupDrill  `cmd:"" help:"Restore each database beside the one in use, and compare the two."`
}

// copyWork is a verb about the copies of all databases, or of some.
type copyWork struct {
	settings `embed:"" group:"settings"`
	Slugs    []string `arg:"" optional:"" name:"SLUG" help:"Customers by their short names; without one, all of them and the registry."`
	Servers  bool     `help:"PostgreSQL servers of --clusters, where the installation itself is in files."`
	JSON     bool     `help:"Print JSON."`
}

// ofServers reports whether the verb is about PostgreSQL servers.
func (c *copyWork) ofServers() bool { return c.onServers() || c.Servers }

// kept is one database with what opens its copy.
type kept struct {
	name string // a customer's short name, or registry
	backup.Kept
}

// all returns the databases that the verb is for, the registry first.
func (c *copyWork) all(ctx context.Context, d *tenant.Directory, at backup.Depot) (list []kept, err error) {
	slugs := once(c.Slugs)
	if len(slugs) == 0 {
		list = append(list, kept{tenant.RegistryID, backup.Kept{At: at, ID: tenant.RegistryID, Sealer: d.RegistryKey()}})
		if slugs, err = everySlug(ctx, d); err != nil {
			return nil, err
		}
	}
	for _, slug := range slugs {
		row, key, err := d.CopyKey(ctx, slug)
		if err != nil {
			return nil, err
		}
		list = append(list, kept{slug, backup.Kept{At: at, ID: row.ID, Sealer: key}})
	}
	return list, nil
}

// each runs do for each database, as forEach does.
func (c *copyWork) each(ctx context.Context, io *console, do func(*tenant.Directory, *backup.Copies, kept) error) error {
	if _, err := c.depot(); err != nil {
		return err
	}
	return c.withCopies(ctx, func(d *tenant.Directory, copies *backup.Copies) error {
		list, err := c.all(ctx, d, copies.Depot)
		if err != nil {
			return err
		}
		return forEach(ctx, io, list, func(k kept) string { return k.name }, func(k kept) error { return do(d, copies, k) })
	})
}

// backupStatus says what is kept.
type backupStatus struct{ copyWork }

// Help is what --help adds.
func (backupStatus) Help() string {
	return `OLDEST is the first moment that can be had back, NEWEST the last change that was put. Of the third place
(--offsite) it says the last change that is there, and since when others wait for it: LATE, and exit code 1, where that is longer than --offsite-within.
Of a place that does not answer it says so once, and ? for what is not known: exit code 5.

Examples:
  verlof backup status
  verlof backup status acme --json`
}

// copyState is one line of backup status.
type copyState struct {
	Database string    `json:"database"`
	Oldest   time.Time `json:"oldest,omitzero"`
	Newest   time.Time `json:"newest,omitzero"`
	Image    time.Time `json:"image,omitzero"` // the moment whose state the newest image holds
	Whole    time.Time `json:"whole,omitzero"` // when the newest whole file was made
	Records  uint64    `json:"records"`
	Objects  int       `json:"objects"`
	Bytes    int64     `json:"bytes"`
	Drilled  time.Time `json:"drilled,omitzero"` // the last drill
	Away     *farther  `json:"offsite,omitempty"`
	Problem  string    `json:"problem"`           // of that; empty: it was sound
	Unknown  bool      `json:"unknown,omitempty"` // the depot does not say what it keeps
}

// farther is how a database stands at the third place.
type farther struct {
	Newest time.Time `json:"newest,omitzero"` // the last change that is there
	Whole  time.Time `json:"whole,omitzero"`  // when the newest whole file there was made
	Waits  time.Time `json:"waits,omitzero"`  // since when changes wait to be put there; zero: none does
	Late   bool      `json:"late"`            // they wait for longer than promised
}

// lookout asks a place what it keeps, until it does not answer: that is one error, and not one for each database.
type lookout struct {
	at    backup.Depot
	gone  error // why it does not answer; nil: it does
	named string
}

// ask asks for one database, and reports whether there was an answer.
func (l *lookout) ask(ctx context.Context, do func() error) (known bool, err error) {
	if l.gone == nil {
		err = do()
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", l.named, err)
		if silent := backup.Answers(ctx, l.at); silent != nil {
			l.gone, err = err, nil
		}
	}
	return l.gone == nil && err == nil, err
}

// lookouts are those of the two places.
type lookouts struct{ near, far lookout }

// away looks at the third place, where there is one that answers.
func (c *backupStatus) away(ctx context.Context, k kept, at *lookouts) (*farther, error) {
	if c.Offsite == "" {
		return nil, nil
	}
	var err error
	if at.far.at, err = backup.ParseDepot(c.Offsite); err != nil {
		return nil, err
	}
	f := &farther{}
	known, err := at.far.ask(ctx, func() error {
		h, err := backup.Kept{At: at.far.at, ID: k.ID, Sealer: k.Sealer}.Holdings(ctx)
		f.Newest, f.Whole = h.Newest, h.Whole
		return err
	})
	if err != nil || !known {
		return nil, err
	}
	_, err = at.near.ask(ctx, func() (err error) { // what waits is what is at the second place alone
		f.Waits, err = k.WaitsAway(ctx, at.far.at)
		return err
	})
	f.Late = !f.Waits.IsZero() && time.Since(f.Waits) > c.OffsiteWithin
	return f, err
}

// String is its cell in the table.
func (f *farther) String() string {
	switch {
	case f.Late:
		return stamp(f.Newest) + " LATE, others wait since " + stamp(f.Waits)
	case !f.Waits.IsZero():
		return stamp(f.Newest) + ", others wait"
	}
	return stamp(f.Newest)
}

// Run prints it.
func (c *backupStatus) Run(ctx context.Context, io *console) error {
	if c.ofServers() {
		return c.servers(ctx, io)
	}
	var list []copyState
	var late []string
	var drills map[string]store.Drill
	at := lookouts{near: lookout{named: "the second place"}, far: lookout{named: "the third place"}}
	failed := c.each(ctx, io, func(d *tenant.Directory, _ *backup.Copies, k kept) (err error) {
		if k.ID == tenant.RegistryID {
			c.place(io, d)
		}
		if drills == nil {
			if drills, err = d.LastDrills(ctx); err != nil {
				return err
			}
		}
		state, err := c.state(ctx, k, drills[k.ID], &at)
		if err != nil {
			return err
		}
		if list = append(list, state); state.Away != nil && state.Away.Late {
			late = append(late, k.name)
		}
		return nil
	})
	return c.print(io, list, cmp.Or(at.near.gone, at.far.gone, failed, tooLate(late)))
}

// state looks what is kept of one database, whose last drill this was.
func (c *backupStatus) state(ctx context.Context, k kept, drill store.Drill, at *lookouts) (s copyState, err error) {
	var h backup.Holdings
	at.near.at = k.At
	known, err := at.near.ask(ctx, func() (err error) {
		h, err = k.Holdings(ctx)
		return err
	})
	if err != nil {
		return s, err
	}
	away, err := c.away(ctx, k, at)
	return copyState{Database: k.name, Oldest: h.Oldest, Newest: h.Newest, Image: h.Image, Whole: h.Whole, Records: h.Record, Objects: h.Objects,
		Bytes: h.Bytes, Drilled: drill.At, Away: away, Problem: drill.Problem, Unknown: !known}, err
}

// print prints what is kept; the third place only where there is one.
func (c *backupStatus) print(io *console, list []copyState, failed error) error {
	heads := []string{"DATABASE", "OLDEST", "NEWEST", "NEWEST IMAGE", "WHOLE FILE", "RECORDS", "OBJECTS", "BYTES", "LAST DRILL"}
	if c.Offsite != "" {
		heads = append(heads, "THIRD PLACE")
	}
	return printDone(io, c.JSON, list, heads, func(s copyState) []string {
		drilled := stamp(s.Drilled)
		if s.Problem != "" {
			drilled += " failed"
		}
		row := []string{s.Database, stamp(s.Oldest), stamp(s.Newest), stamp(s.Image), stamp(s.Whole),
			strconv.FormatUint(s.Records, 10), strconv.Itoa(s.Objects), strconv.FormatInt(s.Bytes, 10), drilled}
		if s.Unknown {
			for i := range len(row) - 2 {
				row[1+i] = "?"
			}
		}
		switch {
		case s.Away != nil:
			row = append(row, s.Away.String())
		case c.Offsite != "":
			row = append(row, "?")
		}
		return row
	}, failed)
}

// tooLate says that changes wait for the third place for longer than promised.
func tooLate(names []string) error {
	if names == nil {
		return nil
	}
	return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("changes wait for the third place for longer than promised: %s", strings.Join(names, ", ")),
		Hint: "see whether it answers; verlof backup now puts what waits there"}
}

// place says where the databases are, when that is not where they belong.
func (c *backupStatus) place(io *console, d *tenant.Directory) {
	if c.Spare != "" && filepath.Dir(d.Place.Folder()) == filepath.Clean(c.Spare) {
		io.say("the disk of the data folder was lost: the databases are in %s; docs/operate/backup.md says how they get back", d.Place.Folder())
	}
}

// stamp prints a moment, and a zero one as a dash.
func stamp(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.RFC3339)
}

// backupNow puts images.
type backupNow struct {
	copyWork
	Full bool `help:"Of PostgreSQL servers, make full backups, which need none of those before."`
}

// Help is what --help adds.
func (backupNow) Help() string {
	return `The server does this by itself, once a day for a database that changed. By hand it is for the time
before something that might go wrong, and after keys were replaced: an image is sealed with the newest.

Examples:
  verlof backup now
  verlof backup now acme`
}

// Run puts them.
func (c *backupNow) Run(ctx context.Context, io *console, layers *layers) error {
	if c.Full {
		c.FullEvery = 0
	}
	if c.ofServers() {
		return c.servers(ctx, io, layers)
	}
	if c.Full {
		return errs.Operator("leave --full out: an image of a file is whole", "full backups are of PostgreSQL servers")
	}
	var list []put
	failed := c.logs(ctx, io, func(d *tenant.Directory, copies *backup.Copies, k kept, _ *store.DB) error {
		l := copies.Log(k.ID)
		err := putAll(ctx, l)
		if k.ID == tenant.RegistryID {
			err = errors.Join(err, c.keepAnew(ctx, layers, d, copies))
		}
		if err == nil {
			list = append(list, put{k.name, l.Status().Record, l.Status().Bytes})
		}
		return err
	})
	return printDone(io, c.JSON, list, []string{"DATABASE", "RECORD", "BYTES PUT"}, func(p put) []string {
		return []string{p.Database, strconv.FormatUint(p.Record, 10), strconv.FormatInt(p.Bytes, 10)}
	}, failed)
}

// putAll puts what waits of a database, an image and a whole file at their places.
func putAll(ctx context.Context, l *backup.Log) error {
	if err := l.Upkeep(ctx, true); err != nil {
		return err
	}
	return errors.Join(l.Status().Err, l.TakeWholes(ctx), l.Mirror(ctx))
}

// put is one line of backup now.
type put struct {
	Database string `json:"database"`
	Record   uint64 `json:"record"` // the newest, whose state the image holds
	Bytes    int64  `json:"bytes"`  // that were put at the depot
}

// logs is each for databases whose log carries them, open.
func (c *copyWork) logs(ctx context.Context, io *console, do func(*tenant.Directory, *backup.Copies, kept, *store.DB) error) error {
	return c.each(ctx, io, func(d *tenant.Directory, copies *backup.Copies, k kept) error {
		db := d.Registry()
		if k.ID != tenant.RegistryID {
			t, release, err := d.ByID(ctx, k.ID)
			if err != nil {
				return err
			}
			defer release()
			db = t.DB()
		}
		if db.File() == "" {
			return errs.Operator("verlof backup status says how those of a server stand", "databases on PostgreSQL are copied with their server, by pgBackRest")
		}
		return do(d, copies, k, db)
	})
}

// backupDrill rehearses restores.
type backupDrill struct {
	copyWork
	list []drilled // what they came to so far
}

// Help is what --help adds.
func (backupDrill) Help() string {
	return `The server does this by itself, once a day for each database. What is restored must be the database
in use page by page, and the database engine must find it whole. Exit code 1 says that one was not.

Examples:
  verlof backup drill
  verlof backup drill acme --json`
}

// drilled is one line of backup drill.
type drilled struct {
	Database string    `json:"database"`
	StateOf  time.Time `json:"state_of,omitzero"`
	Seconds  float64   `json:"seconds"`
	Bytes    int64     `json:"bytes"`
	Problem  string    `json:"problem"` // empty: it is sound
}

// Run rehearses them.
func (c *backupDrill) Run(ctx context.Context, io *console) error {
	if c.ofServers() {
		return c.print(io, c.servers(ctx, io))
	}
	return c.print(io, c.logs(ctx, io, func(d *tenant.Directory, copies *backup.Copies, k kept, db *store.DB) error {
		r, err := operate.Drill(ctx, d, copies.Log(k.ID), k.ID, db)
		if err != nil {
			return err
		}
		return c.add(k.name, r)
	}))
}

// add takes in what a drill came to, and returns what is wrong with the database.
func (c *backupDrill) add(name string, r store.Drill) error {
	c.list = append(c.list, drilled{name, r.Reached, r.Took.Seconds(), r.Bytes, r.Problem})
	if r.Problem != "" {
		return errors.New(r.Problem)
	}
	return nil
}

// print prints what the drills came to.
func (c *backupDrill) print(io *console, failed error) error {
	return printDone(io, c.JSON, c.list, []string{"DATABASE", "STATE OF", "TOOK", "BYTES", "RESULT"}, func(d drilled) []string {
		result := "sound"
		if d.Problem != "" {
			result = "failed"
		}
		took := time.Duration(d.Seconds * float64(time.Second)).Round(time.Millisecond)
		return []string{d.Database, stamp(d.StateOf), took.String(), strconv.FormatInt(d.Bytes, 10), result}
	}, failed)
}
