// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"strings"
	"testing"

	"verlof/calendar"
	"verlof/errs"
	"verlof/identity"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
)

// TestStarter: every region there is has something to start from.
func TestStarter(t *testing.T) {
	newID := func() string { return "id" }
	for _, r := range calendar.Regions() {
		s, err := NewStarter("en", r.Code, "", newID)
		if err != nil {
			t.Errorf("%s: %v", r.Code, err)
			continue
		}
		if s.Policies[0].Terms.Amount.Sign() <= 0 || s.Location.TimeZone == "" {
			t.Errorf("%s: %s days, time zone %q", r.Code, s.Policies[0].Terms.Amount, s.Location.TimeZone)
		}
	}
	for region, want := range map[string]string{"NL": "2026-01-01", "FR": "2026-06-01", "GB-ENG": "2026-01-01"} {
		s, err := NewStarter("en", region, "", newID)
		if err != nil {
			t.Fatal(err)
		}
		s.Begin(calendar.MustParse("2026-11-23"))
		for _, p := range s.Policies[:1] {
			if p.From.String() != want {
				t.Errorf("%s: what is due begins on %v, want %s", region, p.From, want)
			}
		}
	}
	for _, tag := range lang.Tags() {
		s, err := NewStarter(tag, "NL", "", newID)
		if want := lang.For(tag).T("starter.type.holiday"); err != nil || s.Types.Holiday.Name != want {
			t.Errorf("%s: holiday is called %q, %v", tag, s.Types.Holiday.Name, err)
		}
	}
	for name, in := range map[string][2]string{"region": {"ZZ", ""}, "zone": {"NL", "Mars/Olympus"}} {
		if _, err := NewStarter("en", in[0], in[1], newID); !errs.Is(err, errs.Invalid) || errs.As(err).Hint == "" {
			t.Errorf("a wrong %s: %v", name, err)
		}
	}
}

func customer(slug string) Customer {
	return Customer{New: tenant.New{Slug: slug, Name: "Customer", Hosts: []string{localhost(slug)}, Language: "nl"},
		Region: "NL", Admin: people.Person{Email: "Anna@acme.example", GivenName: "Anna"}}
}

// TestCreate: the first administrator of a new customer gets in by a link, and
// there is leave to ask for.
func TestCreate(t *testing.T) {
	d := directory(t, calendar.MustParse("2026-03-02"))
	if _, err := Create(t.Context(), d, customer("acme")); err != nil {
		t.Fatal(err)
	}
	tn := open(t, d, "acme")
	link, err := Issue(t.Context(), d, "acme", " ANNA@acme.example", tenant.Why{By: "op"})
	if err != nil || link.Host != "acme.localhost" || !strings.HasPrefix(link.Path, "/invitation/") {
		t.Fatalf("%q %q, %v", link.Host, link.Path, err)
	}
	const password = "heron stairs violin"
	if _, err := tn.Identity.Redeem(t.Context(), identity.Redemption{Token: link.Token, Password: password}); err != nil {
		t.Fatal(err)
	}
	e, err := tn.Identity.SignIn(t.Context(), identity.Attempt{Email: "anna@acme.example", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	anna := e.Session.Person
	v, err := tn.People.Viewer(t.Context(), anna)
	if err != nil || !v.IsAdministrator() || !v.IsSystemManager() {
		t.Errorf("roles %v, %v", v.Roles, err)
	}
	book, err := tn.Leave.Rules(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	monday := calendar.MustParse("2026-03-09")
	_, err = tn.Leave.Submit(t.Context(), anna, leave.Ask{Person: anna, Type: book.Types[0].ID, Span: whole(monday, monday+4)})
	if err != nil {
		t.Errorf("ask for %s: %v", book.Types[0].Name, err)
	}
	o, err := Show(t.Context(), d, "acme")
	if err != nil || o.People != 1 || o.Waiting != 1 || o.NextDue.IsZero() {
		t.Errorf("%d people, %d waiting, due %v, %v", o.People, o.Waiting, o.NextDue, err)
	}
}

// TestCreateRefuses: what cannot be leaves no customer behind.
func TestCreateRefuses(t *testing.T) {
	d := directory(t, calendar.MustParse("2026-03-02"))
	if _, err := Create(t.Context(), d, customer("taken")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		edit func(*Customer)
		kind errs.Kind
	}{
		{"slug", func(c *Customer) { c.Slug = "Not A Slug" }, errs.Invalid},
		{"taken", func(c *Customer) { c.Slug = "taken" }, errs.Conflict},
		{"host", func(c *Customer) { c.Hosts = []string{"taken.localhost"} }, errs.Conflict},
		{"region", func(c *Customer) { c.Region = "NX" }, errs.Invalid},
		{"language", func(c *Customer) { c.Language = "tlh" }, errs.Invalid},
		{"admin", func(c *Customer) { c.Admin.Email = "nobody" }, errs.Invalid},
		{"name", func(c *Customer) { c.Name = "" }, errs.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := customer("fresh")
			c.edit(&n)
			if _, err := Create(t.Context(), d, n); !errs.Is(err, c.kind) {
				t.Errorf("got %v, want %v", err, c.kind)
			}
			if rows, err := d.List(t.Context()); err != nil || len(rows) != 1 {
				t.Errorf("%d customers, %v", len(rows), err)
			}
		})
	}
}

// TestSend: letters go to those who may have them.
func TestSend(t *testing.T) {
	d := directory(t, calendar.MustParse("2026-03-02"))
	if _, err := Create(t.Context(), d, customer("acme")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, slug, email string
		kind              errs.Kind
	}{
		{"customer", "nobody", "anna@acme.example", errs.NotFound},
		{"person", "acme", "bob@acme.example", errs.NotFound},
		{"address", "acme", "anna", errs.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := Send(t.Context(), d, c.slug, c.email, Invitation, tenant.Why{By: "op"}); !errs.Is(err, c.kind) || errs.As(err).Hint == "" {
				t.Errorf("got %v, want %v with a hint", err, c.kind)
			}
		})
	}
	tn := open(t, d, "acme")
	if id, err := Send(t.Context(), d, "acme", "anna@acme.example", Invitation, tenant.Why{By: "op"}); err != nil || id != tn.ID {
		t.Errorf("invite: %q, %v", id, err)
	}
	if next, err := tn.Queue().Next(t.Context()); err != nil || next.IsZero() {
		t.Errorf("nothing in the outbox: %v", err)
	}
}
