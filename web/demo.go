// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"net/http"
	"regexp"

	"verlof/errs"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/template"
)

// Demo is what only a demo has: a strip that says so, a way to be somebody else
// with one click, and a mailbox for all. A site without it has none of its
// routes.
type Demo struct {
	// Persons returns those whom a visitor may be.
	Persons func(ctx context.Context, t *tenant.Tenant) ([]DemoPerson, error)
	// SwitchTo signs the browser in as a person.
	SwitchTo func(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, person people.ID) error
	// Mailbox returns the mails of a customer, newest first.
	Mailbox func(ctx context.Context, t *tenant.Tenant) ([]DemoMail, error)
}

// DemoPerson is somebody whom a visitor of a demo may be.
type DemoPerson struct {
	ID   people.ID
	Name string
	Role string // "employee", "manager", "administrator": a key below web.demo.role
}

// DemoMail is a mail that the demo has kept.
type DemoMail struct {
	To      string
	At      int64 // microseconds since 1970
	Subject string
	Text    string
}

// routes returns the demo's own addresses; none outside a demo.
func (d *Demo) routes() []Route {
	if d == nil {
		return nil
	}
	return []Route{
		post(template.DemoSwitchPath, Public, d.switchTo),
		get("/demo/mail", Public, d.mail),
		get(scenarioPath, Public, showScenario),
		post(scenarioPath, Public, runScenario),
		get("/styleguide", Public, styleguide),
	}
}

func (d *Demo) strip(ctx context.Context, v *visit) (*template.Demo, error) {
	persons, err := d.Persons(ctx, v.tenant)
	if err != nil {
		return nil, err
	}
	mails, err := d.Mailbox(ctx, v.tenant)
	if err != nil {
		return nil, err
	}
	strip := &template.Demo{MailURL: "/demo/mail", Mails: len(mails), ScenarioURL: scenarioPath}
	for _, one := range persons {
		strip.People = append(strip.People, template.DemoPerson{
			Key: string(one.ID), Name: one.Name, Role: v.lang.T("web.demo.role." + one.Role), Current: one.ID == v.person,
		})
	}
	return strip, nil
}

// switchTo handles POST /demo/switch.
func (d *Demo) switchTo(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	persons, err := d.Persons(r.Context(), t)
	if err != nil {
		return err
	}
	for _, one := range persons {
		if string(one.ID) != f.text("person") {
			continue
		}
		if err := d.SwitchTo(w, r, t, one.ID); err != nil {
			return err
		}
		return seeOther(w, r, "/")
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
	v := visitOf(r)
	mails, err := d.Mailbox(r.Context(), t)
	if err != nil {
		return err
	}
	p := mailPage{Frame: frame(w, r, v.lang.T("web.demo.mail.title"))}
	for _, m := range mails {
		p.Mails = append(p.Mails, mailView{To: m.To, At: v.lang.DateTime(m.At, v.zone), Subject: m.Subject, Text: pieces(m.Text)})
	}
	return render(w, r, http.StatusOK, mailboxView(p))
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
	p := frame(w, r, "Style guide")
	p.Scripts = []string{"range.js", "chart.js", "select-all.js"}
	return render(w, r, http.StatusOK, template.Styleguide(p))
}
