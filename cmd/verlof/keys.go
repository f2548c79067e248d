// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"verlof/backup"
	"verlof/errs"
	"verlof/internal/disk"
	"verlof/tenant"
)

// keysCmd holds the verbs about what sealed columns are closed with.
type keysCmd struct {
	List          keysList          `cmd:"" help:"List the root key and the customers' keys by name and number."`
	Rotate        keysRotate        `cmd:"" help:"Give customers a new key, and seal anew what the older ones sealed."`
	Prune         keysPrune         `cmd:"" help:"Take a customer's older keys away."`
	RotateSigning keysRotateSigning `cmd:"" help:"Give customers a new key that signs tokens."`
	RotateRoot    keysRotateRoot    `cmd:"" help:"Make a new root key, and seal with it what the older ones sealed."`
	Rewrap        keysRewrap        `cmd:"" help:"Seal with the first root key what others sealed, where something else keeps the file."`
	PruneRoot     keysPruneRoot     `cmd:"" help:"Take the older root keys away."`
}

// keysList says how everything is closed.
type keysList struct {
	settings `embed:"" group:"settings"`
	JSON     bool `help:"Print JSON."`
}

// Help is what --help adds.
func (keysList) Help() string {
	return `No key is printed. A name or number tells nothing about the key.

Example:
  verlof keys list --json`
}

// keyState is one line of keys list.
type keyState struct {
	Customer string `json:"customer"`
	Newest   uint32 `json:"newest"` // number of the key that seals
	Keys     int    `json:"keys"`
	Root     string `json:"root"` // the root key that sealed them
}

// Run lists them.
func (c *keysList) Run(ctx context.Context, io *console) error {
	return c.with(ctx, func(d *tenant.Directory) error {
		root, err := d.RootState(ctx)
		if err != nil {
			return err
		}
		states, err := d.KeyStates(ctx)
		if err != nil {
			return err
		}
		list := make([]keyState, 0, len(states))
		rows := [][]string{{"CUSTOMER", "SEALS WITH", "KEYS", "ROOT KEY"}}
		for _, s := range states {
			list = append(list, keyState{s.Slug, s.Newest, s.Keys, s.Root})
			rows = append(rows, []string{s.Slug, strconv.Itoa(int(s.Newest)), strconv.Itoa(s.Keys), s.Root})
		}
		if c.JSON {
			return io.json(map[string]any{"root": root.Newest, "older_roots": root.Older, "customers": list})
		}
		if err := io.table([]string{"root key", root.Newest}, []string{"older root keys", strconv.Itoa(root.Older)}); err != nil {
			return err
		}
		return io.table(rows...)
	})
}

// customers are those that a verb is for.
type customers struct {
	settings `embed:"" group:"settings"`
	Slugs    []string `arg:"" optional:"" name:"SLUG" help:"Customers by their short names."`
	All      bool     `help:"All customers."`
	Reason   string   `placeholder:"TEXT" help:"Why, for the record that verlof tenant log shows."`
	JSON     bool     `help:"Print JSON."`
}

// allAndNamed refuses --all beside the names of customers.
func allAndNamed(slugs []string) error {
	return errs.Operator("leave out the names, or --all", "%s is named and --all is everybody: which is meant?", slugs[0])
}

// each runs do for the customers one by one, as forEach does. There are no copies where there is no depot.
func (c *customers) each(ctx context.Context, io *console, do func(d *tenant.Directory, copies *backup.Copies, slug string) error) error {
	switch named := len(c.Slugs) > 0; {
	case c.All && named:
		return allAndNamed(c.Slugs)
	case !c.All && !named:
		return errs.Operator("name customers, or give --all", "no customer is named")
	}
	return c.withCopies(ctx, func(d *tenant.Directory, copies *backup.Copies) (err error) {
		slugs := once(c.Slugs)
		if c.All {
			if slugs, err = everySlug(ctx, d); err != nil {
				return err
			}
		}
		return forEach(ctx, io, slugs, asIs, func(slug string) error { return do(d, copies, slug) })
	})
}

// reseal runs do for the customers, and prints how many texts it sealed anew.
func (c *customers) reseal(ctx context.Context, io *console, do func(ctx context.Context, d *tenant.Directory, copies *backup.Copies, slug string) (int, error)) error {
	var list []resealed
	failed := c.each(ctx, io, func(d *tenant.Directory, copies *backup.Copies, slug string) error {
		n, err := do(ctx, d, copies, slug)
		if err == nil {
			list = append(list, resealed{slug, n})
		}
		return err
	})
	return printDone(io, c.JSON, list, []string{"CUSTOMER", "SEALED ANEW"}, func(r resealed) []string {
		return []string{r.Customer, strconv.Itoa(r.Anew)}
	}, failed)
}

// resealed is how many texts of a customer were sealed anew.
type resealed struct {
	Customer string `json:"customer"`
	Anew     int    `json:"sealed_anew"`
}

// keysRotate gives customers a new key.
type keysRotate struct {
	customers `embed:""`
}

// Help is what --help adds.
func (keysRotate) Help() string {
	return `Nobody notices: customers stay in service. The older keys stay, since copies of a database that
were made before need them; verlof keys prune takes them away once no such copy is left.

Examples:
  verlof keys rotate acme
  verlof keys rotate --all`
}

// Run gives them one.
func (c *keysRotate) Run(ctx context.Context, io *console) error {
	return c.reseal(ctx, io, func(ctx context.Context, d *tenant.Directory, _ *backup.Copies, slug string) (int, error) {
		return d.RotateKeys(ctx, slug, whoever(c.Reason))
	})
}

// keysPrune takes older keys away.
type keysPrune struct {
	customers `embed:""`
}

// Help is what --help adds.
func (keysPrune) Help() string {
	return `What they sealed in the database is sealed anew first, and an image and a whole file of it are put at
the depot, sealed with the newest key. Copies that were made before the last rotation open no more.

Example:
  verlof keys prune acme`
}

// Run takes them away.
func (c *keysPrune) Run(ctx context.Context, io *console) error {
	return c.reseal(ctx, io, func(ctx context.Context, d *tenant.Directory, copies *backup.Copies, slug string) (int, error) {
		keep, err := d.NewestKey(ctx, slug) // before anything is copied with it
		if err == nil {
			err = putBefore(ctx, d, copies, slug)
		}
		if err != nil {
			return 0, err
		}
		return d.PruneKeys(ctx, slug, keep, whoever(c.Reason))
	})
}

// keysRotateSigning gives customers another key that signs tokens.
type keysRotateSigning struct {
	customers `embed:""`
}

// Help is what --help adds.
func (keysRotateSigning) Help() string {
	return `Nobody is signed out: the key before it is published until the last token that it signed has ended.
A key takes over from another by itself after 180 days, and when its certificate is about to end. Run
this where somebody may have seen one, or after another issuing certificate was brought.

Example:
  verlof keys rotate-signing --all`
}

// signs is which key signs a customer's tokens.
type signs struct {
	Customer string `json:"customer"`
	Key      string `json:"key"` // its id in the published keys
}

// Run gives them one.
func (c *keysRotateSigning) Run(ctx context.Context, io *console) error {
	var list []signs
	failed := c.each(ctx, io, func(d *tenant.Directory, _ *backup.Copies, slug string) error {
		key, err := d.RotateSigning(ctx, slug, whoever(c.Reason))
		if err == nil {
			list = append(list, signs{slug, key})
		}
		return err
	})
	return printDone(io, c.JSON, list, []string{"CUSTOMER", "SIGNS WITH"}, func(s signs) []string { return []string{s.Customer, s.Key} }, failed)
}

// rootWork is a verb about the root key.
type rootWork struct {
	settings `embed:"" group:"settings"`
	Reason   string `placeholder:"TEXT" help:"Why, for the record that verlof tenant log shows of each customer whose keys are sealed anew."`
	JSON     bool   `help:"Print JSON."`
}

// run does the work, and says how much was sealed anew and with what.
func (c *rootWork) run(ctx context.Context, io *console, work func(context.Context, *tenant.Directory, *backup.Copies, tenant.Why) (int, error)) error {
	return c.withCopies(ctx, func(d *tenant.Directory, copies *backup.Copies) error {
		n, err := work(ctx, d, copies, whoever(c.Reason))
		if err != nil {
			return err
		}
		root, err := d.RootState(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return io.json(map[string]any{"root": root.Newest, "older_roots": root.Older, "sealed_anew": n})
		}
		return io.table([]string{"root key", root.Newest}, []string{"older root keys", strconv.Itoa(root.Older)}, []string{"sealed anew", strconv.Itoa(n)})
	})
}

// keysRotateRoot makes a new root key.
type keysRotateRoot struct {
	rootWork `embed:""`
}

// Help is what --help adds.
func (keysRotateRoot) Help() string {
	return `Nobody notices: a server that runs reads the key again when it meets one that it does not know. The
older root key stays in the second line of the file, since copies of the registry that were made
before need it. Keep a copy of the file as it is now where no copy of the databases lies.

Example:
  verlof keys rotate-root`
}

// Run makes it.
func (c *keysRotateRoot) Run(ctx context.Context, io *console) error {
	return c.run(ctx, io, func(ctx context.Context, d *tenant.Directory, _ *backup.Copies, w tenant.Why) (int, error) {
		return d.RotateRoot(ctx, w)
	})
}

// keysRewrap seals anew what other root keys sealed.
type keysRewrap struct {
	rootWork `embed:""`
}

// Help is what --help adds.
func (keysRewrap) Help() string {
	return `For a root key that something else keeps, such as systemd: put a new key in its first line, leave the
old one in the second, and run this. Then the old one can go.

Example:
  verlof keys rewrap`
}

// Run seals them.
func (c *keysRewrap) Run(ctx context.Context, io *console) error {
	return c.run(ctx, io, func(ctx context.Context, d *tenant.Directory, _ *backup.Copies, w tenant.Why) (int, error) {
		return d.Rewrap(ctx, w)
	})
}

// keysPruneRoot takes older root keys away.
type keysPruneRoot struct {
	rootWork `embed:""`
}

// Help is what --help adds.
func (keysPruneRoot) Help() string {
	return `What they sealed is sealed anew first, and an image, a whole file and the configuration are put at the
depot, sealed with the newest. Copies of the registry that were made before the last rotation open no more.

Example:
  verlof keys prune-root`
}

// Run takes them away.
func (c *keysPruneRoot) Run(ctx context.Context, io *console, l *layers) error {
	return c.run(ctx, io, func(ctx context.Context, d *tenant.Directory, copies *backup.Copies, w tenant.Why) (int, error) {
		keep, err := d.RootState(ctx) // before anything is copied with it
		if err != nil {
			return 0, err
		}
		if copies != nil && d.Registry().File() != "" {
			if err := errors.Join(putAll(ctx, copies.Log(tenant.RegistryID)), c.keepAnew(ctx, l, d, copies)); err != nil {
				return 0, cannotPrune(err)
			}
		}
		if err := c.besides(ctx, io, l, d); err != nil {
			return 0, cannotPrune(err)
		}
		n, err := d.PruneRoot(ctx, keep.Newest, w)
		if err == nil {
			_, err = c.clearPassing()
		}
		return n, err
	})
}

// clearPassing takes away what killed processes left in the folders, and returns what: what the older root keys sealed is
// among it.
func (s *settings) clearPassing() (all []string, err error) {
	folders, err := s.folders()
	for _, dir := range folders {
		cleared, _, failed := disk.ClearPassing(dir)
		all, err = append(all, cleared...), errors.Join(err, failed)
	}
	return all, err
}

// besides puts the configuration beside the copies of each PostgreSQL server, sealed with the root key that is to stay: the
// passphrase that opens those is in it. Where they are out of this machine's reach it says what to do.
func (c *keysPruneRoot) besides(ctx context.Context, io *console, l *layers, d *tenant.Directory) error {
	place, err := c.place()
	if err != nil {
		return err
	}
	for _, name := range place.Servers() {
		s := c.stanza(name)
		if s.Here() != nil {
			io.say("where pgBackRest keeps copies of server %s, run verlof backup now on its machine: until then what lies beside them opens with the older root key alone", name)
			continue
		}
		if err := c.keepBeside(ctx, d, s, l); err != nil {
			return err
		}
	}
	return nil
}

// putBefore puts an image and a whole of a customer's database at the depots, sealed with the key that is to stay.
func putBefore(ctx context.Context, d *tenant.Directory, copies *backup.Copies, slug string) error {
	if copies == nil {
		return nil
	}
	t, release, err := d.BySlug(ctx, slug)
	if err != nil {
		return err
	}
	defer release()
	if t.DB().File() == "" {
		return nil
	}
	return cannotPrune(putAll(ctx, copies.Log(t.ID)))
}

// cannotPrune says why keys stay.
func cannotPrune(err error) error {
	if err == nil {
		return nil
	}
	return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("no copy could be put that the key in use opens: %w", err),
		Hint: "see that the depots answer, and run the command again; the older keys are there still"}
}
