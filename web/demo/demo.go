// SPDX-License-Identifier: Apache-2.0

// Package demo owns what only a demo has: the strip that says so, the way to be somebody
// else with one click, the mailbox for all, and the page that works out a case of leave.
// It refuses to know where persons and mails come from: whoever runs a demo says so.
package demo

import (
	"context"
	"net/http"
	"regexp"

	"verlof/errs"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// Demo is what only a demo has: a strip that says so, a way to be somebody else
// with one click, and a mailbox for all. A site without it has none of its
// routes.
type Demo struct {
	// Persons returns those whom a visitor may be.
	Persons func(ctx context.Context, t *tenant.Tenant) ([]Person, error)
	// SwitchTo signs the browser in as a person.
	SwitchTo func(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, person people.ID) error
	// Mailbox returns the mails of a customer, newest first.
	Mailbox func(ctx context.Context, t *tenant.Tenant) ([]Mail, error)
}

// Person is somebody whom a visitor of a demo may be.
type Person struct {
	ID   people.ID
	Name string
	Role string // "employee", "manager", "administrator": a key below web.demo.role
}

// Mail is a mail that the demo has kept.
type Mail struct {
	To      string
	At      int64 // microseconds since 1970
	Subject string
	Text    string
}

// Routes returns the demo's own addresses; none outside a demo.
func (d *Demo) Routes() []page.Route {
	if d == nil {
		return nil
	}
	return []page.Route{
		page.Post(template.DemoSwitchPath, page.Public, d.switchTo),
		page.Get(StartPath, page.Public, d.start),
		page.Get("/demo/mail", page.Public, d.mail),
		page.Get(ScenarioPath, page.Public, showScenario),
		page.Post(ScenarioPath, page.Public, runScenario),
		page.Get("/styleguide", page.Public, styleguide),
	}
}

// Strip returns what stands above every page of a demo.
func (d *Demo) Strip(ctx context.Context, v *page.Visit) (*template.Demo, error) {
	persons, err := d.Persons(ctx, v.Tenant)
	if err != nil {
		return nil, err
	}
	mails, err := d.Mailbox(ctx, v.Tenant)
	if err != nil {
		return nil, err
	}
	strip := &template.Demo{StartURL: StartPath, MailURL: "/demo/mail", Mails: len(mails), ScenarioURL: ScenarioPath}
	for _, one := range persons {
		strip.People = append(strip.People, template.DemoPerson{
			Key: string(one.ID), Name: one.Name, Role: v.Lang.T("web.demo.role." + one.Role), Current: one.ID == v.Person,
		})
	}
	return strip, nil
}

// switchTo handles POST /demo/switch.
func (d *Demo) switchTo(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	persons, err := d.Persons(r.Context(), t)
	if err != nil {
		return err
	}
	for _, one := range persons {
		if string(one.ID) != f.Text("person") {
			continue
		}
		if err := d.SwitchTo(w, r, t, one.ID); err != nil {
			return err
		}
		return page.SeeOther(w, r, page.LocalPath(f.Text("to")))
	}
	return errs.New(errs.NotFound, "people.error.no_person")
}

// mailPage shows the demo's mailbox.
type mailPage struct {
	Frame template.Page
	Mails []mailView
}

// mailView is one mail as the page shows it.
type mailView struct {
	To, At, Subject string
	Text            []piece
}

// mail handles GET /demo/mail.
func (d *Demo) mail(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	mails, err := d.Mailbox(r.Context(), t)
	if err != nil {
		return err
	}
	p := mailPage{Frame: page.Frame(w, r, v.Lang.T("web.demo.mail.title"))}
	for _, m := range mails {
		p.Mails = append(p.Mails, mailView{To: m.To, At: v.Lang.DateTime(m.At, v.Zone), Subject: m.Subject, Text: pieces(m.Text)})
	}
	return page.Render(w, r, http.StatusOK, mailboxView(p))
}

// piece is a stretch of a mail's text; an address is its own link.
type piece struct {
	Text string
	Link bool
}

// pieces finds the addresses in a text.
func pieces(text string) []piece {
	var out []piece
	for text != "" {
		at := webAddress.FindStringIndex(text)
		if at == nil {
			return append(out, piece{Text: text})
		}
		out = append(out, piece{Text: text[:at[0]]}, piece{Text: text[at[0]:at[1]], Link: true})
		text = text[at[1]:]
	}
	return out
}

var webAddress = regexp.MustCompile(`https?://[^\s<>"]+`)

// styleguide handles GET /styleguide.
func styleguide(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
	p := page.Frame(w, r, "Style guide")
	p.Styles, p.Scripts = []string{"chart.css"}, []string{"range.js", "chart.js", "select-all.js"}
	return page.Render(w, r, http.StatusOK, template.Styleguide(p))
}
