// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"verlof/backup"
	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/id"
	"verlof/leave"
	"verlof/people"
	"verlof/store"
	"verlof/tenant"
)

// Original names the database that a customer was made with, among those restored beside it.
const Original = "original"

// Restored is a database that was made of a customer's copy, beside the one in use.
type Restored struct {
	Name string // among those beside it
	backup.Reached
	Tables  []store.TableChange // in which it differs from the one in use
	Persons int                 // whose balances of today are otherwise in it
	Alone   error               // the one in use cannot be opened, and the two are not compared; else nil
}

// Restoring says of which customer a database is made beside the one in use, as of when, and how it is called: named
// after the time, where it has no name.
type Restoring struct {
	Slug, Name string
	To         time.Time
}

// Restore makes a database of what a depot keeps of a customer, as it was at a time, beside
// the one in use, puts that on record, and compares the two where that opens. It reports
// NotFound where nothing that old is kept, and Conflict for a name that is taken.
func Restore(ctx context.Context, d *tenant.Directory, at backup.Depot, o Restoring, w tenant.Why) (Restored, error) {
	row, key, err := d.CopyKey(ctx, o.Slug)
	if err != nil {
		return Restored{}, err
	}
	name := cmp.Or(o.Name, o.To.UTC().Format("20060102-150405"))
	where, path, err := beside(d, row, name)
	if err != nil {
		return Restored{}, err
	}
	if _, err := os.Stat(path); err == nil {
		return Restored{}, nameTaken(o.Slug, name)
	}
	r := Restored{Name: name}
	if r.Reached, err = (backup.Kept{At: at, ID: row.ID, Sealer: key}).Restore(ctx, o.To, path); err != nil {
		return r, errors.Join(err, os.Remove(filepath.Dir(path)))
	}
	return r, r.record(ctx, d, o, where, w)
}

// record puts on record that the database was made, and compares it with the one in use.
func (r *Restored) record(ctx context.Context, d *tenant.Directory, o Restoring, where string, w tenant.Why) error {
	if err := d.Note(ctx, o.Slug, "restored", r.Name+", as of "+o.To.UTC().Format(time.RFC3339), w); err != nil {
		return err
	}
	return r.compare(ctx, d, o.Slug, where)
}

// beside returns where a database of a customer lies by its name.
func beside(d *tenant.Directory, row store.TenantRow, name string) (where, path string, err error) {
	if name == Original {
		name = ""
	}
	return d.Place.Beside(row.ID, name)
}

// compare finds what is otherwise in a database of a customer than in the one in use.
func (r *Restored) compare(ctx context.Context, d *tenant.Directory, slug, where string) error {
	now, release, err := d.BySlug(ctx, slug)
	if r.Alone = err; err == nil {
		defer release()
	}
	return d.Look(ctx, slug, where, func(then *tenant.Tenant) error {
		if err := then.DB().Check(ctx); err != nil || r.Alone != nil {
			return err
		}
		return r.compareWith(ctx, d, then, now)
	})
}

// compareWith compares the two, open.
func (r *Restored) compareWith(ctx context.Context, d *tenant.Directory, then, now *tenant.Tenant) (err error) {
	if r.Tables, err = store.Compare(ctx, then.DB(), now.DB()); err != nil || len(r.Tables) == 0 {
		return err
	}
	today := calendar.DateOf(d.Now())
	before, err := balances(ctx, then, today)
	if err != nil {
		return err
	}
	after, err := balances(ctx, now, today)
	r.Persons = differing(before, after)
	return err
}

// balances returns what each active person has left on a day, type by type, as one text.
func balances(ctx context.Context, t *tenant.Tenant, on calendar.Date) (map[string]string, error) {
	all := map[string]string{}
	var persons []people.Person
	err := t.Leave.Store.View(ctx, func(tx leave.Tx) (err error) {
		persons, err = tx.Persons()
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, p := range persons {
		if !p.Active {
			continue
		}
		own, err := t.Leave.Balances(ctx, p.ID, p.ID, on)
		if err != nil {
			return nil, fmt.Errorf("balances of person %s: %w", p.ID, err)
		}
		text := ""
		for _, s := range own {
			text += left(s)
		}
		all[string(p.ID)] = text
	}
	return all, nil
}

// count returns how many balances there are.
func count(all map[string]string) (n int64) {
	for _, text := range all {
		n += int64(strings.Count(text, ";"))
	}
	return n
}

func left(s leave.Statement) string {
	return fmt.Sprintf("%s %s %s;", s.Type.ID, s.Balance, s.Available)
}

// differing returns of how many persons the texts are not the same.
func differing(a, b map[string]string) (n int) {
	for id, text := range a {
		if other, ok := b[id]; !ok || other != text {
			n++
		}
	}
	for id := range b {
		if _, ok := a[id]; !ok {
			n++
		}
	}
	return n
}

// UseRestored makes a database of a customer that lies beside the one in use the one in use.
// It returns the name of the one that was. It reports NotFound for one that is not there.
func UseRestored(ctx context.Context, d *tenant.Directory, slug, name string, w tenant.Why) (was string, err error) {
	where, err := there(ctx, d, slug, name)
	if err != nil {
		return "", err
	}
	if was, err = d.Replace(ctx, slug, where, w); err != nil {
		return "", err
	}
	if d.Place.HasRoles(was) {
		return nameOnServer(ctx, d, slug, was)
	}
	return nameOf(was), nil
}

// nameOnServer returns the name of a database of a customer by where it is on a server.
func nameOnServer(ctx context.Context, d *tenant.Directory, slug, where string) (string, error) {
	info, err := d.Show(ctx, slug)
	if err != nil {
		return "", err
	}
	_, name, _ := strings.Cut(where, info.ID+"_")
	return cmp.Or(name, Original), nil
}

// Viewing says which database of a customer is to be looked at, and where.
type Viewing struct {
	Slug, Name string
	State      time.Time // the moment that it is of; zero: what its last change says
	For        time.Duration
	Host       func(label string) string // a host name of the installation
}

// Viewed is a database that can be looked at.
type Viewed struct {
	store.Past
	Link string // lets one browser in, once
}

// ViewRestored lets a database that lies beside the one in use be looked at in a browser, at
// a host name that nobody guesses. It reports NotFound for one that is not there.
func ViewRestored(ctx context.Context, d *tenant.Directory, v Viewing, w tenant.Why) (o Viewed, err error) {
	where, err := there(ctx, d, v.Slug, v.Name)
	if err != nil {
		return o, err
	}
	if v.State.IsZero() {
		if v.State, err = lastChange(ctx, d, v.Slug, where); err != nil {
			return o, err
		}
	}
	label := "--" + v.State.UTC().Format("20060102t1504") + "-" + id.Token()[:8]
	label = v.Slug[:min(len(v.Slug), longLabel-len(label))] + label
	n := tenant.NewPast{Database: where, Host: v.Host(label), Kind: tenant.KindRestored, State: v.State, For: v.For}
	if o.Past, err = d.OpenPast(ctx, v.Slug, n, w); err != nil {
		return o, err
	}
	o.Link, err = d.PastLink(ctx, o.Past, cmp.Or(w.By, "operator"))
	return o, err
}

// longLabel bounds a label of a host name (RFC 1035, section 2.3.4).
const longLabel = 63

// HideRestored lets a database be looked at no longer.
func HideRestored(ctx context.Context, d *tenant.Directory, slug, name string, w tenant.Why) error {
	where, err := there(ctx, d, slug, name)
	if err != nil {
		return err
	}
	return d.EndPast(ctx, slug, where, w)
}

// CompareRestored says what is otherwise in a customer's database in use than in one beside
// it, person by person, and puts on record that it was asked. It reports NotFound for one that is not there.
func CompareRestored(ctx context.Context, d *tenant.Directory, slug, name string, w tenant.Why) (out tenant.Difference, err error) {
	where, err := there(ctx, d, slug, name)
	if err != nil {
		return out, err
	}
	if err := d.Note(ctx, slug, "compared", "with "+name, w); err != nil {
		return out, err
	}
	err = with(ctx, d, slug, func(now *tenant.Tenant) error {
		return d.Look(ctx, slug, where, func(then *tenant.Tenant) error {
			state, err := then.DB().LastChange(ctx)
			if err == nil {
				out, err = tenant.Compare(ctx, then, now, state, "")
			}
			return err
		})
	})
	return out, err
}

// there returns where a database of a customer lies that is there. It reports NotFound.
func there(ctx context.Context, d *tenant.Directory, slug, name string) (string, error) {
	info, err := d.Show(ctx, slug)
	if err != nil {
		return "", err
	}
	found := false
	var where, path string
	if d.Place.HasRoles(info.Database) {
		where, found, err = onServer(ctx, d, info.TenantRow, name)
	} else if where, path, err = beside(d, info.TenantRow, name); err == nil {
		_, missing := os.Stat(path)
		found = !errors.Is(missing, fs.ErrNotExist)
	}
	if err != nil {
		return "", err
	}
	if !found {
		return "", &errs.Error{Kind: errs.NotFound, Err: fmt.Errorf("%s has no database %s", slug, name),
			Hint: "verlof restore " + slug + " lists those that it has"}
	}
	return where, nil
}

// lastChange returns when the last change in a database was made.
func lastChange(ctx context.Context, d *tenant.Directory, slug, where string) (at time.Time, err error) {
	err = d.Look(ctx, slug, where, func(t *tenant.Tenant) error {
		at, err = t.DB().LastChange(ctx)
		return err
	})
	return at, err
}

// nameOf returns the name of a database by where it is.
func nameOf(where string) string {
	dir := filepath.Dir(where)
	if filepath.Base(filepath.Dir(dir)) == "restored" {
		return filepath.Base(dir)
	}
	return Original
}

// Beside is a database of a customer that lies in its folder.
type Beside struct {
	Name  string
	InUse bool
	Bytes int64
}

// Databases lists the databases of a customer that lie in its folder, the original first.
func Databases(ctx context.Context, d *tenant.Directory, slug string) ([]Beside, error) {
	info, err := d.Show(ctx, slug)
	if err != nil {
		return nil, err
	}
	if d.Place.HasRoles(info.Database) {
		return databasesOnServer(ctx, d, info.TenantRow)
	}
	_, original, err := beside(d, info.TenantRow, Original)
	if err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(filepath.Join(filepath.Dir(original), "restored", "*", "data.db"))
	if err != nil {
		return nil, err
	}
	var all []Beside
	for _, path := range append([]string{original}, paths...) {
		f, err := os.Stat(path)
		if err != nil {
			continue // taken away meanwhile
		}
		name := nameOf(path)
		all = append(all, Beside{name, name == nameOf(info.Database), f.Size()})
	}
	return all, nil
}
