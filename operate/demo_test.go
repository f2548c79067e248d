// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/errs"
	"verlof/identity"
	"verlof/internal/seal"
	"verlof/leave"
	"verlof/people"
	"verlof/store"
	"verlof/tenant"
)

// cheap hashes passwords in no time.
var cheap = identity.Params{Memory: 64, Time: 1, Threads: 1}

// directory opens an installation in a folder of its own, as of one day.
func directory(t *testing.T, today calendar.Date) *tenant.Directory {
	t.Helper()
	return directoryIn(t, "sqlite:"+filepath.Join(t.TempDir(), "data"), today)
}

// directoryIn opens an installation in a place, as of one day.
func directoryIn(t *testing.T, setting string, today calendar.Date) *tenant.Directory {
	t.Helper()
	place, err := store.ParsePlace(setting)
	if err != nil {
		t.Fatal(err)
	}
	y, m, day := today.Civil()
	now := time.Date(y, m, day, 11, 0, 0, 0, time.UTC)
	d, err := tenant.Open(t.Context(), tenant.Options{Place: place, RootKey: seal.File{Path: filepath.Join(t.TempDir(), "root.key"), Make: true}, Now: func() time.Time { return now },
		Hasher: identity.NewHasher(cheap, 2, time.Second), Plain: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func localhost(slug string) string { return slug + ".localhost" }

// picture is what a database holds of one company.
type picture struct {
	Records     []people.Record
	Teams       []people.Team
	Counting    map[people.ID][]leave.Request
	Adjustments map[people.ID][]leave.Adjustment
	Claims      map[people.ID][]leave.Claim
	Pending     []leave.Request
	book        *leave.Rulebook
}

func look(t *testing.T, tn *tenant.Tenant, today calendar.Date) picture {
	t.Helper()
	var p picture
	err := tn.Leave.Store.View(t.Context(), func(tx leave.Tx) error {
		org, err := people.ReadOrganisation(tx)
		if err != nil {
			return err
		}
		if p.book, err = leave.ReadRulebook(tx, org, today); err != nil {
			return err
		}
		if p.Records, err = tx.Records(); err != nil {
			return err
		}
		if p.Teams, err = tx.Teams(); err != nil {
			return err
		}
		if p.Counting, err = counting(tx, p.Records); err != nil {
			return err
		}
		if p.Pending, err = tx.PendingRequests(); err != nil {
			return err
		}
		if p.Claims, err = tx.AllClaims(); err != nil {
			return err
		}
		p.Adjustments, err = tx.AllAdjustments()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// counting returns everybody's requests that count, with all that is known of them.
func counting(tx leave.Tx, records []people.Record) (map[people.ID][]leave.Request, error) {
	out := map[people.ID][]leave.Request{}
	for _, r := range records {
		all, err := tx.RequestsOf(r.Person.ID)
		if err != nil {
			return nil, err
		}
		out[r.Person.ID] = slices.DeleteFunc(all, func(q leave.Request) bool { return !q.State.Counts() })
	}
	return out, nil
}

func open(t *testing.T, d *tenant.Directory, slug string) *tenant.Tenant {
	t.Helper()
	tn, release, err := d.BySlug(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	return tn
}

// TestDemo makes the demo on days that are awkward and ordinary, and holds it to
// what the rules of leave allow and what a visitor is promised.
func TestDemo(t *testing.T) {
	for _, day := range []string{"2026-11-23", "2027-01-01", "2027-05-15", "2028-02-29", "2028-12-31"} {
		t.Run(day, func(t *testing.T) {
			today := calendar.MustParse(day)
			d := directory(t, today)
			if err := Demo(t.Context(), d, localhost, today); err != nil {
				t.Fatal(err)
			}
			for _, c := range DemoCustomers() {
				tn := open(t, d, c.Slug)
				p := look(t, tn, today)
				if want := map[string]int{"acme": 123, "birch": 12}[c.Slug]; len(p.Records) != want {
					t.Errorf("%s has %d people, want %d", c.Slug, len(p.Records), want)
				}
				sound(t, p, today)
				lively(t, tn, c, p, today)
				for _, who := range c.People {
					as(t, tn, c.Slug, who)
				}
			}
		})
	}
}

// sound demands that nobody is away twice and nobody took more than there was.
func sound(t *testing.T, p picture, today calendar.Date) {
	t.Helper()
	for _, r := range p.Records {
		f := &leave.Facts{Record: r, Requests: p.Counting[r.Person.ID], Adjustments: p.Adjustments[r.Person.ID], Claims: p.Claims[r.Person.ID]}
		for i, q := range f.Requests {
			if len(q.Charges) == 0 {
				t.Errorf("request %s costs nothing", q.ID)
			}
			if q.State == leave.Approved && (q.DecidedBy == "" || q.DecidedAt < q.AskedAt) {
				t.Errorf("request %s: decided by %q, %d before it was asked", q.ID, q.DecidedBy, q.AskedAt-q.DecidedAt)
			}
			for _, other := range f.Requests[:i] {
				if p.book.Overlap(f, q.Span, other.Span) {
					t.Errorf("requests %s and %s overlap", q.ID, other.ID)
				}
			}
		}
		for _, typ := range p.book.Types {
			for year := today.Year() - 1; typ.Entitled && year <= today.Year()+1; year++ {
				if left := p.book.Available(f, typ, calendar.On(year, time.December, 31)); left.Sign() < 0 {
					t.Errorf("%s: %s of %s left at the end of %d", r.Person.ID, left, typ.Name, year)
				}
			}
		}
	}
}

// lively demands that a visitor finds something to look at.
func lively(t *testing.T, tn *tenant.Tenant, c DemoCustomer, p picture, today calendar.Date) {
	t.Helper()
	admin := c.People[2].ID
	away, err := tn.Leave.AwayOn(t.Context(), admin, today)
	if err != nil || len(away) < len(p.Records)/20 {
		t.Errorf("%s: %d of %d away today, %v", c.Slug, len(away), len(p.Records), err)
	}
	if n := len(p.Pending); n < 3 {
		t.Errorf("%s: %d requests wait", c.Slug, n)
	}
	employee, manager := c.People[0], c.People[1]
	if in, _, err := tn.Leave.Inbox(t.Context(), manager.ID, 100); err != nil || len(in) < 2 {
		t.Errorf("%s: %d requests wait for the manager, %v", c.Slug, len(in), err)
	}
	all, err := tn.Leave.Balances(t.Context(), employee.ID, employee.ID, today)
	if err != nil || len(all) < 4 {
		t.Errorf("%s: the employee has %d balances, %v", c.Slug, len(all), err)
	}
	places, patterns, left := map[string]bool{}, map[string]bool{}, 0
	for _, r := range p.Records {
		places[r.Person.Location] = true
		for _, line := range r.Contracts {
			patterns[line.Pattern] = true
		}
		if _, leaves := r.LastEmployment(); leaves {
			left++
		}
	}
	if len(places) != 2 || len(patterns) < 4 || c.Slug == "acme" && left == 0 {
		t.Errorf("%s: %d places, %d patterns, %d leavers", c.Slug, len(places), len(patterns), left)
	}
}

// as demands that a person can sign in and is what the demo says.
func as(t *testing.T, tn *tenant.Tenant, slug string, who DemoPerson) {
	t.Helper()
	e, err := tn.Identity.SignIn(t.Context(), identity.Attempt{Email: who.Email, Password: DemoPassword})
	if err != nil || e.Session.Person != who.ID {
		t.Errorf("%s: sign in as %s: %q, %v", slug, who.Email, e.Session.Person, err)
		return
	}
	v, err := tn.People.Viewer(t.Context(), who.ID)
	if err != nil {
		t.Fatal(err)
	}
	role := "employee"
	switch {
	case v.IsAdministrator():
		role = "administrator"
	case v.IsManager():
		role = "manager"
	case v.IsSicknessOfficer():
		role = "officer"
	case v.Has(people.SeeRecord):
		role = "auditor"
	case v.Has(people.SeeReports):
		role = "payroll"
	case v.HasAny(people.KeepBalances):
		role = "hr"
	}
	if role != who.Role || v.Name() != who.Name {
		t.Errorf("%s: %s is %q, %s; the demo says %q, %s", slug, who.ID, v.Name(), role, who.Name, who.Role)
	}
}

// TestDemoTwice: the same day gives the same demo, and another day another one.
func TestDemoTwice(t *testing.T) {
	see := func(day string) picture {
		today := calendar.MustParse(day)
		d := directory(t, today)
		if err := Demo(t.Context(), d, localhost, today); err != nil {
			t.Fatal(err)
		}
		return look(t, open(t, d, "birch"), today)
	}
	once, again, later := see("2026-11-23"), see("2026-11-23"), see("2026-12-23")
	ignore := cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "Contracts.ID" }, cmp.Ignore()) // of what was changed
	if diff := cmp.Diff(fmt.Sprint(once.Counting), fmt.Sprint(again.Counting)); diff != "" {
		t.Errorf("requests differ: %s", diff)
	}
	if diff := cmp.Diff(once.Records, again.Records, ignore); diff != "" {
		t.Errorf("people differ: %s", diff)
	}
	if fmt.Sprint(once.Counting) == fmt.Sprint(later.Counting) {
		t.Error("a month later the leave is the same")
	}
}

// TestSample: a sample has as many people as it was asked for, and sound leave.
func TestSample(t *testing.T) {
	today := calendar.MustParse("2026-11-23")
	d := directory(t, today)
	for _, size := range []int{2, 25, 300} {
		slug := fmt.Sprintf("sample-%d", size)
		n := tenant.New{Slug: slug, Name: "Sample", Hosts: []string{localhost(slug)}}
		if _, err := Sample(t.Context(), d, n, size, 1, today); err != nil {
			t.Fatal(err)
		}
		p := look(t, open(t, d, slug), today)
		if len(p.Records) != size {
			t.Errorf("%d people, want %d", len(p.Records), size)
		}
		sound(t, p, today)
	}
	_, err := Sample(t.Context(), d, tenant.New{Slug: "one", Name: "One", Hosts: []string{"one.localhost"}}, 1, 1, today)
	if !errs.Is(err, errs.Invalid) {
		t.Errorf("a sample of one: %v", err)
	}
}

// TestNames: no two people of a large sample share a mail address.
func TestNames(t *testing.T) {
	c := company{slug: "x", squads: []squad{{"all", 1999, 0, true}}}
	seen := map[string]bool{}
	for _, a := range c.cast() {
		if address, ok := people.ParseEmail(a.Email); !ok || address != a.Email || seen[a.Email] {
			t.Fatalf("%q is no address, or somebody else's", a.Email)
		}
		seen[a.Email] = true
	}
}
