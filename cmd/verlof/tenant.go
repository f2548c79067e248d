// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"verlof/backup"
	"verlof/errs"
	"verlof/operate"
	"verlof/people"
	"verlof/store"
	"verlof/tenant"
)

// tenantCmd holds the verbs about customers.
type tenantCmd struct {
	Create  tenantCreate  `cmd:"" help:"Create a customer with something to start from."`
	List    tenantList    `cmd:"" help:"List the customers."`
	Show    tenantShow    `cmd:"" help:"Show one customer."`
	Set     tenantSet     `cmd:"" help:"Say how important a customer is when all must be brought back."`
	Rename  tenantRename  `cmd:"" help:"Give a customer another name, or other host names."`
	Suspend tenantSuspend `cmd:"" help:"Take a customer out of service. Nothing is lost."`
	Resume  tenantResume  `cmd:"" help:"Put a suspended customer back in service."`
	Freeze  tenantFreeze  `cmd:"" help:"Let people look at a customer's site and change nothing."`
	Thaw    tenantThaw    `cmd:"" help:"Let a frozen customer's site be changed again."`
	Move    tenantMove    `cmd:"" help:"Take a customer to another folder or PostgreSQL server, while it is in use."`
	Replace tenantReplace `cmd:"" help:"Put another database in a customer's place, while it is in use, and undo that."`
	Export  tenantExport  `cmd:"" help:"Write everything of a customer into a file that imports again."`
	Looks   tenantLooks   `cmd:"" help:"Say who looked at copies and past states of a customer, and at which pages."`
	Hold    tenantHold    `cmd:"" help:"Keep everything of a customer: a legal hold."`
	Close   tenantClose   `cmd:"" help:"Begin to close a customer: people may look until a day, and it can be undone."`
	Destroy tenantDestroy `cmd:"" help:"Destroy the keys, databases and copies of a customer that is being closed."`

	Quarantine  tenantQuarantine  `cmd:"" help:"Put a sealed copy of a customer aside for an investigation."`
	Certificate tenantCertificate `cmd:"" help:"Print the certificate of a customer that was destroyed."`

	Log tenantLog `cmd:"" help:"Say what operators did to a customer, when, who and why."`
}

// tenantCreate makes a customer.
type tenantCreate struct {
	settings  `embed:"" group:"settings"`
	Slug      string   `arg:"" name:"SLUG" help:"Its short name: letters a-z, digits and hyphens."`
	Name      string   `placeholder:"NAME" help:"Its name, as pages show it; needed without --import."`
	Import    string   `placeholder:"FILE" help:"Make it of a file that verlof tenant export wrote. Nobody can sign in before they are invited."`
	Host      []string `placeholder:"NAME" help:"Another host name that leads to it. May be repeated."`
	Language  string   `default:"en" placeholder:"TAG" help:"Language of those who chose none: en, nl or de (${default})."`
	Accent    string   `placeholder:"#RRGGBB" help:"Colour of its pages."`
	Region    string   `default:"NL" placeholder:"CODE" help:"Country or region whose public holidays its first place of work keeps, such as NL, DE-BE, GB-ENG (${default})."`
	TimeZone  string   `placeholder:"ZONE" help:"Time zone of that place; without it, the country's own."`
	Admin     string   `placeholder:"EMAIL" help:"Mail address of its first administrator, who is invited."`
	AdminName string   `placeholder:"NAME" help:"Name of that person: given name, family name."`
	Cluster   string   `placeholder:"NAME" help:"Make its database on this cluster, or home; without it, where servers are to choose from, on that with the fewest customers."`
	PrintLink bool     `help:"Print the invitation's link and send no mail."`
	JSON      bool     `help:"Print JSON."`
}

// Help is what --help adds.
func (tenantCreate) Help() string {
	return `The customer gets a website and a database of its own, with a place of work, a working
week, leave types and a package with the holiday that its country's law gives at least.

Examples:
  verlof tenant create acme --name "Acme" --admin hr@acme.example
  verlof tenant create birch --name "Birch" --language nl --admin pz@birch.example --print-link
  verlof tenant create acme --import acme.zip`
}

// created is what tenant create prints.
type created struct {
	customer
	Invited string    `json:"invited,omitempty"`
	Link    string    `json:"link,omitempty"`
	Expires time.Time `json:"expires,omitzero"`
}

// Run makes it.
func (c *tenantCreate) Run(ctx context.Context, io *console) error {
	if c.Import+c.Name == "" {
		return errs.Operator("give the customer's name with --name", "a customer needs a name")
	}
	if c.Admin == "" && (c.AdminName != "" || c.PrintLink) {
		return errs.Operator("give the mail address of the first administrator with --admin", "there is nobody to be invited")
	}
	return c.withNew(ctx, func(d *tenant.Directory, _ *backup.Copies) error {
		n := operate.Customer{Region: c.Region, TimeZone: c.TimeZone, New: tenant.New{Slug: c.Slug, Name: c.Name,
			Hosts: c.hosts(), Language: c.Language, Accent: c.Accent, Cluster: c.Cluster}}
		given, family, _ := strings.Cut(strings.TrimSpace(c.AdminName), " ")
		n.Admin = people.Person{Email: c.Admin, GivenName: given, FamilyName: family, Language: c.Language}
		done := io.working("creating " + c.Slug)
		err := c.make(ctx, d, n)
		done()
		if err != nil {
			return err
		}
		info, err := d.Show(ctx, c.Slug)
		if err != nil {
			return err
		}
		var out created
		if out.customer, err = customerOf(&c.settings, d, info); err != nil {
			return err
		}
		if c.Admin != "" {
			in := admission{&c.settings, c.Slug, c.Admin, operate.Invitation, c.PrintLink, whoever("")}
			let, err := in.grant(ctx, io, d)
			if err != nil {
				return err
			}
			out.Invited, out.Link, out.Expires = let.To, let.Link, let.Expires
		}
		if c.JSON {
			return io.json(out)
		}
		return out.print(io)
	})
}

// hosts returns the customer's host names: those that were given, and its own
// below the base domain.
func (c *tenantCreate) hosts() []string {
	var all []string
	for _, h := range append(c.Host, c.host(c.Slug)) {
		all = append(all, strings.ToLower(strings.TrimSuffix(h, ".")))
	}
	return all
}

func (c *created) print(io *console) error {
	rows := [][]string{{"customer", c.Slug}, {"name", c.Name}, {"site", c.Site}}
	return io.table(append(rows, (&letIn{To: c.Invited, Link: c.Link, Expires: c.Expires}).rows("invited")...)...)
}

// customer is one customer as verbs print it.
type customer struct {
	ID      string    `json:"id"`
	Slug    string    `json:"slug"`
	Name    string    `json:"name"`
	State   string    `json:"state"`
	Site    string    `json:"site,omitempty"`
	Hosts   []string  `json:"hosts,omitempty"`
	Created time.Time `json:"created"`
	Cluster string    `json:"cluster,omitempty"` // where its database is

	// What was decided about it.
	Importance int             `json:"importance,omitempty"`
	Canary     bool            `json:"canary,omitempty"`
	Hold       *tenant.Hold    `json:"hold,omitempty"`   // why it may be looked at and not changed
	Moving     string          `json:"moving,omitempty"` // the database that it is on its way into
	Closing    *tenant.Closing `json:"closing,omitempty"`
	LegalHold  *tenant.Legal   `json:"legal_hold,omitempty"`
}

// customerOf returns a customer as verbs print it; without host names also without its site.
func customerOf(s *settings, d *tenant.Directory, info tenant.Info) (customer, error) {
	t, err := tenant.TermsOf(info.TenantRow)
	c := customer{ID: info.ID, Slug: info.Slug, Name: info.Name, State: string(info.State), Hosts: info.Hosts, Created: info.CreatedAt.UTC(),
		Cluster: d.Place.ClusterOf(info.Database), Importance: t.Rank, Canary: t.Canary, Hold: t.Hold, Moving: t.Moving, Closing: t.Closing, LegalHold: t.Legal}
	if len(info.Hosts) > 0 {
		c.Site = s.site(info.Hosts[0])
	}
	return c, err
}

// tenantList lists the customers.
type tenantList struct {
	settings `embed:"" group:"settings"`
	JSON     bool `help:"Print JSON."`
}

// Help is what --help adds.
func (tenantList) Help() string {
	return `PLACE is home, or the PostgreSQL server (--clusters) that its database is on.

Examples:
  verlof tenant list
  verlof tenant list --json`
}

// Run lists them.
func (c *tenantList) Run(ctx context.Context, io *console) error {
	return c.with(ctx, func(d *tenant.Directory) error {
		rows, err := d.List(ctx)
		if err != nil {
			return err
		}
		var all []customer
		for _, row := range rows {
			one, err := customerOf(&c.settings, d, tenant.Info{TenantRow: row})
			if err != nil {
				return err
			}
			all = append(all, one)
		}
		return printList(io, c.JSON, all, []string{"SLUG", "NAME", "STATE", "CREATED", "PLACE"}, func(one customer) []string {
			return []string{one.Slug, one.Name, one.State, one.Created.Format(time.DateOnly), one.Cluster}
		})
	})
}

// tenantShow shows one customer.
type tenantShow struct {
	settings `embed:"" group:"settings"`
	Slug     string `arg:"" name:"SLUG" help:"Its short name."`
	JSON     bool   `help:"Print JSON."`
}

// Help is what --help adds.
func (tenantShow) Help() string {
	return `What the registry knows, and how much there is in its database; no names, no leave. Where the database
cannot be opened, the first is printed all the same, and then why.

Examples:
  verlof tenant show acme
  verlof tenant show acme --json`
}

// shown is what tenant show prints.
type shown struct {
	customer
	Database string `json:"database"`
	Schema   int64  `json:"schema"`
	*inside
}

// inside is how much there is in a customer's database.
type inside struct {
	People   int       `json:"people"`
	Teams    int       `json:"teams"`
	Waiting  int       `json:"waiting"`
	Bureaus  int       `json:"bureaus"`
	Serves   int       `json:"serves"`
	NextMail time.Time `json:"next_mail,omitzero"`
}

// Run shows it.
func (c *tenantShow) Run(ctx context.Context, io *console) error {
	return c.with(ctx, func(d *tenant.Directory) error {
		o, failed := operate.Show(ctx, d, c.Slug)
		if failed != nil && o.ID == "" {
			return failed
		}
		one, err := customerOf(&c.settings, d, o.Info)
		if err != nil {
			return errors.Join(failed, err)
		}
		s := shown{customer: one, Database: o.Database, Schema: o.SchemaVersion}
		if failed == nil && o.State != store.StateClosed {
			s.inside = &inside{o.People, o.Teams, o.Waiting, o.Admits, o.Serves, o.NextDue.UTC()}
		}
		if c.JSON {
			return errors.Join(io.json(s), failed)
		}
		return errors.Join(io.table(s.rows()...), failed)
	})
}

func (s *shown) rows() [][]string {
	rows := [][]string{{"customer", s.Slug}, {"name", s.Name}, {"id", s.ID}, {"state", s.State}, {"created", s.Created.Format(time.RFC3339)}}
	if s.State != string(store.StateClosed) {
		rows = append(rows, [][]string{{"site", s.Site}, {"hosts", strings.Join(s.Hosts, ", ")},
			{"database", s.Database}, {"schema", strconv.FormatInt(s.Schema, 10)}}...)
	}
	rows = append(rows, s.decided()...)
	if s.inside == nil {
		return rows
	}
	mail := "nothing waits"
	if !s.NextMail.IsZero() {
		mail = "waits; next try " + stamp(s.NextMail)
	}
	return append(rows, [][]string{{"people", strconv.Itoa(s.People)}, {"teams", strconv.Itoa(s.Teams)},
		{"requests", fmt.Sprintf("%d to be decided", s.Waiting)}, {"mail", mail},
		{"bureaus", fmt.Sprintf("admits %d, serves %d customers", s.Bureaus, s.Serves)}}...)
}

// decided returns a row for each thing that was decided about a customer.
func (c *customer) decided() (rows [][]string) {
	if c.Importance != 0 {
		rows = append(rows, []string{"importance", strconv.Itoa(c.Importance)})
	}
	if c.Canary {
		rows = append(rows, []string{"canary", "yes"})
	}
	if c.Moving != "" {
		rows = append(rows, []string{"moving", "to " + c.Moving})
	}
	switch {
	case c.Closing != nil:
		rows = append(rows, []string{"closing", reasonUntil(c.Closing.Reason, c.Closing.Until)})
	case c.Hold != nil:
		rows = append(rows, []string{"frozen", reasonUntil(c.Hold.Reason, c.Hold.Until)})
	}
	if c.LegalHold != nil {
		rows = append(rows, []string{"legal hold", reasonUntil(c.LegalHold.Reason, c.LegalHold.Until)})
	}
	return rows
}

func reasonUntil(reason string, until time.Time) string {
	if until.IsZero() {
		return reason
	}
	return "until " + stamp(until) + ": " + reason
}
