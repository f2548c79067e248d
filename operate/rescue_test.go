// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"verlof/backup"
	"verlof/errs"
	"verlof/identity"
	"verlof/internal/seal"
	"verlof/people"
	"verlof/store"
	"verlof/tenant"
)

// guarded is an installation with a depot and a spare folder.
type guarded struct {
	t                  *testing.T
	d                  *tenant.Directory
	data, depot, spare string
	told               []tenant.Rescued
	later              time.Duration // than the clock of the machine
}

func newGuarded(t *testing.T) *guarded {
	dir := t.TempDir()
	g := &guarded{t: t, data: filepath.Join(dir, "data"), depot: filepath.Join(dir, "depot"), spare: filepath.Join(dir, "spare")}
	for _, d := range []string{g.data, g.depot, g.spare} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := g.open(); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(t.Context(), g.d, customer("acme")); err != nil {
		t.Fatal(err)
	}
	return g
}

// open opens the installation as a server does.
func (g *guarded) open() error {
	at, err := backup.ParseDepot("folder:" + g.depot)
	if err != nil {
		return err
	}
	copies := &backup.Copies{Depot: at, Now: func() time.Time { return time.Now().Add(g.later) }}
	dir, err := InForce(g.t.Context(), copies, g.data, g.spare)
	if err != nil {
		return err
	}
	place, err := store.ParsePlace("sqlite:" + dir)
	if err != nil {
		return err
	}
	g.d, err = tenant.Open(g.t.Context(), tenant.Options{Place: place, RootKey: seal.File{Path: filepath.Join(filepath.Dir(g.data), "root.key"), Make: true},
		Now: time.Now, Hasher: identity.NewHasher(cheap, 2, time.Second), Plain: true, OnOpen: Carry(copies)})
	if err != nil {
		return err
	}
	d := g.d
	g.t.Cleanup(func() { _ = d.Close() })
	g.d.RescueWith(&Rescuer{Copies: copies, Spare: g.spare, Told: func(r tenant.Rescued) { g.told = append(g.told, r) }})
	return ClaimFor(g.t.Context(), copies, dir)
}

// rename changes the customer's name, and reads it back.
func (g *guarded) rename(name string) error {
	tn, release, err := g.d.BySlug(g.t.Context(), "acme")
	if err != nil {
		return err
	}
	defer release()
	err = tn.DB().People().Update(g.t.Context(), func(tx people.Tx) error {
		s, err := tx.Settings()
		s.Name = name
		return errors.Join(err, tx.SaveSettings(s))
	})
	if err != nil {
		return err
	}
	s, err := tn.People.Settings(g.t.Context())
	if err == nil && s.Name != name {
		g.t.Errorf("called %q, want %q", s.Name, name)
	}
	return err
}

func (g *guarded) must(name string) {
	g.t.Helper()
	if err := g.rename(name); err != nil {
		g.t.Fatal(err)
	}
}

// file returns where the customer's database is.
func (g *guarded) file() string {
	g.t.Helper()
	tn, release, err := g.d.BySlug(g.t.Context(), "acme")
	if err != nil {
		g.t.Fatal(err)
	}
	defer release()
	return tn.DB().File()
}

// TestRescue_missing brings a database back once somebody took its folder away: while it is open,
// and while it is not.
func TestRescue_missing(t *testing.T) {
	g := newGuarded(t)
	g.must("before")
	path := g.file()
	if err := os.RemoveAll(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	g.must("after")
	beside := g.file()
	if !strings.HasPrefix(beside, g.spare) {
		t.Errorf("it was open, and is brought back at %s", beside)
	}
	for _, away := range []string{filepath.Dir(beside), path} {
		if err := g.d.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(away); err != nil {
			t.Fatal(err)
		}
		if err := g.open(); err != nil {
			t.Fatal(err)
		}
		g.must("after " + away)
	}
	for _, r := range g.told {
		if r.Err != nil {
			t.Errorf("told: %+v", r)
		}
	}
	if len(g.told) != 2 {
		t.Errorf("told %d times: %+v", len(g.told), g.told)
	}
}

// TestRescue_in_place brings the database of a customer that nobody uses back where it was.
func TestRescue_in_place(t *testing.T) {
	g := newGuarded(t)
	g.must("before")
	path := g.file()
	if err := g.d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	if err := g.open(); err != nil {
		t.Fatal(err)
	}
	g.must("after")
	if g.file() != path || len(g.told) != 1 || g.told[0].Err != nil {
		t.Errorf("it is at %s, told %+v", g.file(), g.told)
	}
}

// TestRescue_damaged gives up one file that holds what cannot be, and no other.
func TestRescue_damaged(t *testing.T) {
	g := newGuarded(t)
	g.must("before")
	path := g.file()
	if err := g.d.Close(); err != nil { // all is in the file
		t.Fatal(err)
	}
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 8192; i < len(body); i++ {
		body[i] ^= 0x55
	}
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := g.open(); err != nil {
		t.Fatal(err)
	}
	g.must("after")
	if !strings.HasPrefix(g.file(), filepath.Join(g.spare, "tenants")) || g.d.Place.Folder() != g.data {
		t.Errorf("the database is %s, the others in %s", g.file(), g.d.Place.Folder())
	}
	log, err := g.d.Log(t.Context(), "acme")
	if err != nil || len(log) != 1 || log[0].Kind != "brought back" {
		t.Errorf("on record: %+v, %v", log, err)
	}
}

// TestRescue_behind gives up nothing while changes are not at the depot that were
// acknowledged.
func TestRescue_behind(t *testing.T) {
	g := newGuarded(t)
	g.must("before")
	if err := os.Rename(g.depot, g.depot+".away"); err != nil {
		t.Fatal(err)
	}
	g.must("acknowledged")
	if err := os.Rename(g.depot+".away", g.depot); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(g.data, g.data+".away"); err != nil {
		t.Fatal(err)
	}
	g.later = time.Minute // the depot is asked again
	if err := g.rename("after"); err == nil {
		t.Error("it goes on without what was acknowledged")
	}
	last := g.told[len(g.told)-1]
	if last.Database == tenant.RegistryID || !errs.Is(last.Err, errs.Unavailable) || errs.As(last.Err).Hint == "" {
		t.Errorf("told %+v", last)
	}
}

// TestInForce finds the folder in force, whatever of depot and folders is there.
func TestInForce(t *testing.T) {
	g := newGuarded(t)
	g.must("before")
	_ = g.d.Close()
	if err := os.Rename(g.data, g.data+".away"); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(g.data, 0o700); err != nil { // what the disk was mounted on
		t.Fatal(err)
	}
	at, _ := backup.ParseDepot("folder:" + g.depot)
	in := func(data, depot, spare string) (string, error) {
		where, err := backup.ParseDepot("folder:" + depot)
		if err != nil {
			t.Fatal(err)
		}
		return InForce(t.Context(), &backup.Copies{Depot: where}, data, spare)
	}
	first, err := backup.ReadEpoch(t.Context(), at)
	if err != nil || first.Number != 1 {
		t.Fatalf("%+v, %v", first, err)
	}
	r := &Rescuer{Copies: &backup.Copies{Depot: at}, Spare: g.spare}
	r.Copies.Take(first)
	dir, err := r.Folder(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := in(g.data+".away", g.depot, g.spare); err != nil || got != g.data+".away" {
		t.Errorf("cut short before it was in force: %s, %v", got, err)
	}
	if err := r.next.Begin(t.Context(), at); err != nil {
		t.Fatal(err)
	}
	if got, err := in(g.data+".away", g.depot, g.spare); err != nil || got != dir {
		t.Errorf("cut short before the folder says so: %s, %v", got, err)
	}
	for name, c := range map[string]struct{ data, depot, spare, want string }{
		"the_old_disk_is_back":                    {g.data + ".away", g.depot, g.spare, dir},
		"the_old_disk_is_gone":                    {g.data, g.depot, g.spare, dir},
		"the_depot_is_gone":                       {g.data + ".away", g.depot + ".none", g.spare, dir},
		"another_depot":                           {g.data + ".away", t.TempDir(), g.spare, dir},
		"the_spare_folder_is_not_named":           {g.data + ".away", g.depot, "", ""},
		"the_spare_folder_is_gone":                {g.data + ".away", g.depot, g.spare + ".none", ""},
		"an_empty_spare_folder":                   {g.data + ".away", g.depot, t.TempDir(), ""},
		"neither_depot_nor_folder_say_what_holds": {g.data, g.depot + ".none", t.TempDir(), ""},
	} {
		got, err := in(c.data, c.depot, c.spare)
		if got != c.want || (err == nil) != (c.want != "") || err != nil && errs.As(err).Hint == "" {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}

// TestAlone has nobody use databases that were given up, whether or not the depot can be asked then,
// and has those in force be used without one where it can, or where copying them was ended.
func TestAlone(t *testing.T) {
	g := newGuarded(t)
	g.must("before")
	const fine = errs.Internal // no error at all
	ctx, away := t.Context(), g.depot+".away"
	alone := func(when, dir string, ended bool, want errs.Kind) {
		t.Helper()
		err := Alone(ctx, dir, ended, nil)
		if (err == nil) != (want == fine) || err != nil && (!errs.Is(err, want) || errs.As(err).Hint == "") {
			t.Errorf("%s: %v, want %v", when, err, want)
		}
	}
	move := func(from, to string) {
		t.Helper()
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	alone("an empty folder", t.TempDir(), false, fine)
	alone("in force", g.data, false, fine)
	move(g.depot, away)
	alone("the depot is away", g.data, false, errs.Unavailable)
	if err := os.Mkdir(g.depot, 0o700); err != nil { // what it was mounted on
		t.Fatal(err)
	}
	alone("the depot is empty", g.data, false, errs.Unavailable)
	alone("copying was ended", g.data, true, fine)
	alone("copying was ended before", g.data, false, fine)
	if err := os.Remove(g.depot); err != nil {
		t.Fatal(err)
	}
	move(away, g.depot)
	_ = g.d.Close()
	if err := g.open(); err != nil { // with the depot: it is copied again
		t.Fatal(err)
	}
	move(g.data, g.data+".away")
	g.must("after")
	copies := g.d.Rescue.(*Rescuer).Copies
	if done, err := GiveUp(ctx, copies, g.data); done || err != nil {
		t.Errorf("a folder that is not there is given up: %v, %v", done, err)
	}
	move(g.data+".away", g.data)
	alone("it was given up", g.data, false, errs.Conflict)
	if done, err := GiveUp(ctx, copies, g.data); done || err != nil {
		t.Errorf("it says so already: %v, %v", done, err)
	}
	move(g.depot, away)
	alone("it was given up, and the depot is away", g.data, false, errs.Conflict)
	alone("it was given up, and copying was ended", g.data, true, errs.Conflict)
	alone("the spare folder is in force, and the depot is away", g.d.Place.Folder(), false, errs.Unavailable)
	if err := os.Mkdir(g.depot, 0o700); err != nil {
		t.Fatal(err)
	}
	another := &backup.Copies{Depot: copies.Depot}
	if dir, err := InForce(ctx, another, g.data, ""); !errs.Is(err, errs.Conflict) {
		t.Errorf("it was given up, and another depot is named: %s, %v", dir, err)
	}
}

// TestGiveUp has a disk that is there again say that its databases were given up, while others work on.
func TestGiveUp(t *testing.T) {
	g := newGuarded(t)
	g.must("before")
	if err := os.Rename(g.data, g.data+".away"); err != nil {
		t.Fatal(err)
	}
	g.must("after")
	if err := os.Rename(g.data+".away", g.data); err != nil {
		t.Fatal(err)
	}
	copies := g.d.Rescue.(*Rescuer).Copies
	for n, want := range []bool{true, false} {
		if done, err := GiveUp(t.Context(), copies, g.data); done != want || err != nil {
			t.Errorf("time %d: %v, %v", n+1, done, err)
		}
	}
	if done, err := GiveUp(t.Context(), copies, g.d.Place.Folder()); done || err != nil {
		t.Errorf("the folder in force is given up: %v, %v", done, err)
	}
	f, err := backup.ReadFolder(g.data)
	if err != nil || f.After != copies.Epoch() {
		t.Errorf("%+v, %v; want after %+v", f, err, copies.Epoch())
	}
}

// TestDestroy_beside destroys a customer whose database was brought back into the spare folder, and whose first disk
// is there again: nothing of it is left on either, and the certificate names the folder with the older registry.
func TestDestroy_beside(t *testing.T) {
	g := newGuarded(t)
	g.must("before")
	away := g.data + ".away"
	if err := os.Rename(g.data, away); err != nil {
		t.Fatal(err)
	}
	g.must("after")
	if err := os.Rename(away, g.data); err != nil {
		t.Fatal(err)
	}
	row, err := g.d.Show(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	if found := holding(t, "/"+row.ID+"/", "", g.data, g.spare); len(found) < 2 {
		t.Fatalf("the test shows nothing: %v", found)
	}
	if err := g.d.BeginClose(t.Context(), "acme", time.Now(), false, destroys); err != nil {
		t.Fatal(err)
	}
	copies := g.d.Rescue.(*Rescuer).Copies
	cert, _, err := Destroy(t.Context(), g.d, copies, "acme", Destruction{Now: true, Beside: []string{g.data, g.spare}}, destroys)
	if err != nil || len(cert.Folders) != 1 || cert.Folders[0] != g.data || !strings.Contains(cert.Beyond[0], g.data) {
		t.Fatalf("%+v, %v", cert, err)
	}
	if found := holding(t, "/"+row.ID+"/", "no such content", g.data, g.spare, g.depot); found != nil {
		t.Errorf("left behind: %v", found)
	}
}
