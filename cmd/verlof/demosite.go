// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/notify"
	"verlof/operate"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/demo"
)

// demoSite is what only the pages of a demo have.
type demoSite struct {
	mail   string // folder of the mails
	people map[string][]operate.DemoPerson

	mu    sync.Mutex
	boxes map[string]mailbox // by customer id
}

// mailbox is what a folder of mails held when it was last read.
type mailbox struct {
	changed time.Time // of the folder
	mails   []demo.Mail
}

func newDemoSite(mail string) *demoSite {
	s := &demoSite{mail: mail, people: map[string][]operate.DemoPerson{}, boxes: map[string]mailbox{}}
	for _, c := range operate.DemoCustomers() {
		s.people[c.Slug] = c.People
	}
	return s
}

func (s *demoSite) hooks() *demo.Demo {
	return &demo.Demo{Persons: s.persons, SwitchTo: s.switchTo, Mailbox: s.mailbox}
}

// persons returns whom a visitor may be.
func (s *demoSite) persons(_ context.Context, t *tenant.Tenant) ([]demo.Person, error) {
	var out []demo.Person
	for _, p := range s.people[t.Slug] {
		out = append(out, demo.Person{ID: p.ID, Name: p.Name, Role: p.Role})
	}
	return out, nil
}

// switchTo signs the browser in as somebody, with the password that everybody
// has. Where a visitor has changed it, it is put back.
func (s *demoSite) switchTo(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, person people.ID) error {
	e, err := s.signIn(r, t, person)
	if errs.Is(err, errs.Unauthenticated) || errs.Is(err, errs.Invalid) {
		var h identity.Hash
		if h, err = t.Identity.Hasher.Hash(r.Context(), operate.DemoPassword); err != nil {
			return err
		}
		if err = t.Identity.SetPassword(r.Context(), h, person); err != nil {
			return err
		}
		e, err = s.signIn(r, t, person)
	}
	if err != nil {
		return err
	}
	t.Identity.Keep(w, e)
	return nil
}

func (s *demoSite) signIn(r *http.Request, t *tenant.Tenant, person people.ID) (identity.Entry, error) {
	viewer, err := t.People.Viewer(r.Context(), person)
	if err != nil {
		return identity.Entry{}, err
	}
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return identity.Entry{}, err
	}
	return t.Identity.SignIn(r.Context(), identity.Attempt{Email: viewer.Email, Password: operate.DemoPassword,
		Visitor: t.Identity.Visitor(r, from.Addr())})
}

// mailbox returns the mails of a customer, newest first. Every page counts them,
// so they are read again only after a mail came in.
func (s *demoSite) mailbox(_ context.Context, t *tenant.Tenant) ([]demo.Mail, error) {
	dir := filepath.Join(s.mail, t.ID)
	info, err := os.Stat(dir)
	if err != nil {
		return nil, nil // no mail yet
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	box, known := s.boxes[t.ID]
	if known && box.changed.Equal(info.ModTime()) {
		return box.mails, nil
	}
	mails, err := notify.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	box = mailbox{changed: info.ModTime()}
	for _, m := range mails {
		one := demo.Mail{At: m.Date.UnixMicro(), Subject: m.Subject, Text: m.Text}
		if len(m.To) > 0 {
			one.To = m.To[0].Address
		}
		box.mails = append(box.mails, one)
	}
	s.boxes[t.ID] = box
	return box.mails, nil
}
