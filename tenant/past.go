// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/events"
	"verlof/identity"
	"verlof/internal/hostname"
	"verlof/internal/id"
	"verlof/people"
	"verlof/store"
)

// A past state of a customer may be looked at in a browser, at a host name of its own and
// for a time. Nothing in it can be changed: its database refuses that. Nothing leaves it
// either: no mail, no event, no copy. Nobody signs in there. An operator is let in by a link
// that is good for once; the customer's own system managers step over from the site as it
// is, and are in for as long as they are signed in there and keep that right. What they see
// is decided by their roles of today.

// Past says of which moment a customer's state is that is looked at.
type Past struct {
	store.Past
	Now string // the address of the customer's site as it is
}

// KindRestored is the kind of a past state that was had back from copies.
const KindRestored = "restored"

// What the registry keeps of past states, for those who see no store.
type (
	OpenPast = store.Past     // one that is open
	PastLook = store.PastLook // a page of one that somebody looked at
	Happened = events.Event   // the last change of something
)

// How long a link to a past state is good for.
const (
	operatorLink = 15 * time.Minute
	stepOver     = time.Minute
)

// NewPast is a past state that is to be opened.
type NewPast struct {
	Database string // as Place.Beside names one
	Host     string // that leads to it, in lower case
	Kind     string
	State    time.Time     // the moment that it is of
	For      time.Duration // how long it stays open
}

// OpenPast lets a database of a customer be looked at as a past state. It reports Conflict
// for a host name that is taken.
func (d *Directory) OpenPast(ctx context.Context, slug string, n NewPast, w Why) (store.Past, error) {
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return store.Past{}, err
	}
	if err := d.Look(ctx, slug, n.Database, func(*Tenant) error { return nil }); err != nil { // brought up to date, and this customer's
		return store.Past{}, fmt.Errorf("open a past state of %s: %w", slug, err)
	}
	now := d.clock()
	p := store.Past{ID: id.New(now), TenantID: row.ID, Host: n.Host, Database: n.Database, Kind: n.Kind, State: n.State.UTC().Truncate(time.Microsecond),
		Opened: now, Ends: now.Add(n.For).Truncate(time.Microsecond), By: w.By, Reason: w.Reason}
	return p, d.registry.AddPast(ctx, p, d.act("past state opened", "of "+p.State.Format(time.RFC3339)+", until "+p.Ends.Format(time.RFC3339), w))
}

// EndPast closes the past states of a customer that were opened of one of its databases; all
// who look at them are out at once. It reports NotFound where none is open.
func (d *Directory) EndPast(ctx context.Context, slug, database string, w Why) error {
	open, err := d.Pasts(ctx, slug)
	if err != nil {
		return err
	}
	ended := false
	for _, p := range open {
		if p.Database != database {
			continue
		}
		if err := d.registry.EndPast(ctx, p, d.clock(), d.act("past state closed", "of "+p.State.Format(time.RFC3339), w)); err != nil {
			return err
		}
		d.evict(p.ID)
		ended = true
	}
	if !ended {
		return &errs.Error{Kind: errs.NotFound, Err: fmt.Errorf("no past state of %s is open there", slug), Hint: "verlof restore " + slug + " lists its databases"}
	}
	return nil
}

// Pasts returns the past states of a customer that are open, the newest first.
func (d *Directory) Pasts(ctx context.Context, slug string) ([]store.Past, error) {
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return nil, err
	}
	return d.openPasts(ctx, row.ID)
}

func (d *Directory) openPasts(ctx context.Context, tenantID string) (open []store.Past, err error) {
	all, err := d.registry.Pasts(ctx, tenantID)
	for _, p := range all {
		if p.Ends.After(d.Now()) {
			open = append(open, p)
		}
	}
	return open, err
}

// PastLink returns an address that lets an operator, by that name, look at a past state. It
// is good for once, within a quarter of an hour.
func (d *Directory) PastLink(ctx context.Context, p store.Past, name string) (string, error) {
	return d.link(ctx, store.Pass{Past: p.ID, Name: name, Ends: d.clock().Add(operatorLink)}, p)
}

func (d *Directory) link(ctx context.Context, pass store.Pass, p store.Past) (string, error) {
	token := id.Token()
	pass.Digest, pass.Link = string(identity.DigestOf(token)), true
	return d.Site(p.Host) + StepOverPath + "?pass=" + url.QueryEscape(token), d.registry.AddPass(ctx, pass)
}

// StepOverPath is where the site of a past state takes a link.
const StepOverPath = "/step-over"

// Pasts returns the customer's past states that are open to be looked at, for its system
// managers.
func (t *Tenant) Pasts(ctx context.Context, by people.ID) ([]OpenPast, error) {
	if err := t.managesSystem(ctx, by); err != nil {
		return nil, err
	}
	return t.dir.openPasts(ctx, t.ID)
}

// Looks returns what was looked at of one of the customer's past states, the newest first.
func (t *Tenant) Looks(ctx context.Context, by people.ID, past string, n int) ([]PastLook, error) {
	if _, err := t.listed(ctx, by, past); err != nil {
		return nil, err
	}
	return t.dir.registry.Looks(ctx, past, n)
}

// StepOver returns an address that lets a system manager look at a past state while that
// session of theirs lives. It reports NotFound for one that is not open, and another
// customer's.
func (t *Tenant) StepOver(ctx context.Context, by people.ID, session, past string) (string, error) {
	p, err := t.past(ctx, by, past)
	if err != nil {
		return "", err
	}
	return t.dir.link(ctx, store.Pass{Past: p.ID, Person: string(by), Session: session, Ends: t.dir.clock().Add(stepOver)}, p)
}

// past returns a past state that the customer's own system managers may look at.
func (t *Tenant) past(ctx context.Context, by people.ID, past string) (store.Past, error) {
	p, err := t.listed(ctx, by, past)
	if err == nil && Granted(&p) {
		err = errs.New(errs.NotFound, "")
	}
	return p, err
}

// listed returns a past state that a system manager may know of.
func (t *Tenant) listed(ctx context.Context, by people.ID, past string) (store.Past, error) {
	if t.Past != nil { // a past state has none of its own
		return store.Past{}, errs.New(errs.NotFound, "")
	}
	if err := t.managesSystem(ctx, by); err != nil {
		return store.Past{}, err
	}
	p, err := t.dir.registry.Past(ctx, past)
	if err == nil && (p.TenantID != t.ID || !p.Ends.After(t.dir.Now())) {
		err = errs.New(errs.NotFound, "")
	}
	return p, err
}

func (t *Tenant) managesSystem(ctx context.Context, by people.ID) error {
	v, err := t.People.Viewer(ctx, by)
	if err != nil {
		return err
	}
	return v.NeedSignInKeeper()
}

// PastByHost returns the past state that a host name leads to, as ByHost does a customer. It
// reports NotFound for a name that leads nowhere, for one that has ended, and for a customer
// that was destroyed.
func (d *Directory) PastByHost(ctx context.Context, host string) (*Tenant, func(), error) {
	p, err := d.registry.PastByHost(ctx, hostname.Of(host))
	if errs.Is(err, errs.NotFound) || err == nil && !p.Ends.After(d.Now()) {
		return nil, nil, errNoTenant
	}
	if err != nil {
		return nil, nil, err
	}
	row, err := d.registry.Tenant(ctx, p.TenantID)
	if err == nil && row.State == store.StateClosed { // destroyed meanwhile: also where the past state is open still
		err = errNoTenant
	}
	if err != nil {
		return nil, nil, err
	}
	return d.share(ctx, &entry{id: p.ID, folder: d.folderOf(p.Database)}, func(ctx context.Context) (*Tenant, error) { return d.openPast(ctx, row, p) })
}

func (d *Directory) openPast(ctx context.Context, row store.TenantRow, p store.Past) (*Tenant, error) {
	row.Database = p.Database
	t, err := d.open(ctx, row)
	if err != nil {
		return nil, err
	}
	t.Past = &Past{Past: p, Now: t.Site}
	t.Hosts, t.Site, t.Hold = []string{p.Host}, d.Site(p.Host), nil
	t.Identity.Host, t.OpenID.Issuer, t.OpenID.Host, t.SSO.Site = p.Host, t.Site, p.Host, t.Site
	then := func() time.Time { return p.State } // today is the day that it is of
	t.People.Now, t.Leave.Now = then, then
	t.db.LookOnly(t.Past.Refusal())
	return t, nil
}

// Sentence returns the key of the sentence that says what is looked at, and what it needs.
func (p *Past) Sentence(zone *time.Location) (key string, args []any) {
	at := p.State.In(zone)
	key = "tenant.past"
	if Granted(&p.Past) {
		key = "tenant.quarantine"
	}
	return key, []any{"date", calendar.DateOf(at), "time", at.Format("15:04:05 MST")}
}

// Refusal is what every change reports.
func (p *Past) Refusal() *errs.Error {
	_, args := p.Sentence(time.UTC)
	return errs.New(errs.Forbidden, "tenant.error.past", args...)
}

// sessionLife is how long a look may last without a new link.
const sessionLife = 8 * time.Hour

// Enter exchanges a link for a session with a past state. It reports NotFound for a link
// that was used or is too old.
func (t *Tenant) Enter(ctx context.Context, link string) (session string, err error) {
	session = id.Token()
	now := t.dir.clock()
	err = t.dir.registry.SwapPass(ctx, string(identity.DigestOf(link)), func(p store.Pass) (store.Pass, error) {
		if p.Past != t.Past.ID || !p.Link || !p.Ends.After(now) {
			return p, errs.New(errs.NotFound, "")
		}
		p.Digest, p.Link, p.Ends = string(identity.DigestOf(session)), false, now.Add(sessionLife)
		return p, nil
	})
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.NotFound, "tenant.error.pass").Because(err)
	}
	return session, err
}

// errOutside says that nobody is let in by what a browser holds.
var errOutside = errs.New(errs.Unauthenticated, "tenant.error.outside")

// Looker returns who looks at a past state with a session that Enter made, and has the
// database know them as they are today. It reports Unauthenticated where there is none, or
// the session with the customer it rests on has ended, and Forbidden for somebody who keeps
// the system no longer.
func (t *Tenant) Looker(ctx context.Context, session string) (people.Person, error) {
	pass, err := t.dir.registry.Pass(ctx, string(identity.DigestOf(session)))
	switch {
	case errs.Is(err, errs.NotFound):
		return people.Person{}, errOutside
	case err != nil:
		return people.Person{}, err
	case pass.Link || pass.Past != t.Past.ID || !pass.Ends.After(t.dir.Now()):
		return people.Person{}, errOutside
	}
	p := people.Person{ID: operatorID, GivenName: pass.Name, Roles: people.Administrator | people.Auditor, Active: true}
	if pass.Person != "" {
		if p, err = t.asToday(ctx, people.ID(pass.Person), pass.Session); err != nil {
			return people.Person{}, err
		}
	}
	t.db.Looks(p)
	return p, nil
}

// operatorID is whom an operator looks as: nobody of the customer.
const operatorID = "operator"

// asToday returns one of the customer's system managers as they are today, while a session
// of theirs lives.
func (t *Tenant) asToday(ctx context.Context, who people.ID, session string) (people.Person, error) {
	row, err := t.dir.registry.Tenant(ctx, t.ID)
	if err != nil {
		return people.Person{}, err
	}
	if !row.State.Serves() {
		return people.Person{}, errOutside
	}
	now, release, err := t.dir.use(ctx, row)
	if err != nil {
		return people.Person{}, err
	}
	defer release()
	if err := now.managesSystem(ctx, who); err != nil {
		return people.Person{}, err
	}
	sessions, err := now.Identity.Sessions(ctx, who)
	if err != nil {
		return people.Person{}, err
	}
	for _, s := range sessions {
		if s.ID == session {
			v, err := now.People.Viewer(ctx, who)
			v.Person.Custom = nil // what those of the customer's own allowed then is not what they allow now
			return v.Person, err
		}
	}
	return people.Person{}, errOutside
}

// NoteLook puts on record that somebody looked at a page of a past state.
func (t *Tenant) NoteLook(ctx context.Context, who people.Person, page string) error {
	name := string(who.ID)
	if who.ID == operatorID {
		name = who.GivenName
	}
	now := t.dir.clock()
	err := t.dir.registry.AddLook(ctx, store.PastLook{ID: id.New(now), Past: t.Past.ID, At: now, Who: name, Page: page})
	if err != nil {
		return fmt.Errorf("put a look on record: %w", err)
	}
	return nil
}
