// SPDX-License-Identifier: Apache-2.0

package programs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/identity/access"
	"verlof/internal/ical"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/view"
)

// feedRefresh is how often a calendar app is asked to fetch a feed.
const feedRefresh = time.Hour

// serveFeed handles GET /feeds/{secret}/calendar.ics, for calendar apps: no cookie counts, the
// secret alone says whose it is. Where it opens nothing, nobody learns why.
func serveFeed(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	err := sendFeed(w, r, t)
	if err == nil {
		return nil
	}
	switch errs.As(err).Kind {
	case errs.NotFound, errs.Unauthenticated, errs.Forbidden:
		page.NothingHere(w)
		return nil
	case errs.TooMany:
		page.RetryAfter(w, err)
		w.WriteHeader(http.StatusTooManyRequests)
		return nil
	}
	return err
}

func sendFeed(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := t.Programs.OpenFeed(r.Context(), r.PathValue("secret"))
	if err != nil {
		return err
	}
	ctx := people.Acting(r.Context(), f.Person)
	d, err := drawFeed(ctx, t, &f, page.VisitOf(r).Org, t.Hosts[0])
	if err != nil {
		return err
	}
	tag := d.fingerprint()
	changed, err := t.Programs.FeedServed(ctx, f, tag)
	if err != nil {
		return err
	}
	page.SendFeed(w, r, ical.ContentType, tag, changed, d.stamped(changed))
	return nil
}

// feedDrawing is a feed being written.
type feedDrawing struct {
	file  ical.Calendar
	feed  *access.Feed
	l     *lang.Locale
	org   *people.Organisation
	host  string
	taken map[string]int // how often a UID was wished for
}

// drawFeed returns what is in a feed now, as its person may see it.
func drawFeed(ctx context.Context, t *tenant.Tenant, f *access.Feed, org *people.Organisation, host string) (d feedDrawing, err error) {
	d = feedDrawing{feed: f, l: lang.For(org.Person(f.Person).Language, org.Settings.Language), org: org, host: host, taken: map[string]int{}}
	var shown leave.Feed
	if f.Team == "" {
		shown, err = t.Leave.OwnFeed(ctx, f.Person, f.Holidays)
	} else {
		shown, err = t.Leave.TeamFeed(ctx, f.Person, f.Team)
	}
	if err != nil {
		return d, err
	}
	d.file = ical.Calendar{Name: view.FeedName(d.l, f.FeedWish, org.Teams), Refresh: feedRefresh}
	for i := range shown.Absences {
		d.file.Entries = append(d.file.Entries, d.entry(&shown.Absences[i]))
	}
	for _, h := range shown.Holidays {
		d.file.Entries = append(d.file.Entries, d.holiday(h))
	}
	return d, nil
}

// entry is an absence. Leave of others blocks no time of whoever looks.
func (d *feedDrawing) entry(a *leave.Absence) ical.Entry {
	title := a.Type.Name
	if title == "" {
		title = d.l.T("web.away.unknown")
	}
	if d.feed.Team != "" {
		title = a.Person.Name() + ": " + title
	}
	if a.Partly {
		title += ", " + d.l.T("web.away.partly")
	}
	e := view.Entry(d.l, a.Span, title)
	e.Tentative, e.Zone = a.Pending, d.org.ZoneOn(a.Person.ID, a.From)
	e.Free = e.Free || a.Partly || a.Person.ID != d.feed.Person
	if e.UID = a.Request; e.UID == "" { // not theirs to open, nor its name to know
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %v", a.Person.ID, a.From, a.First))
		e.UID = hex.EncodeToString(sum[:16])
	}
	e.UID = d.once(e.UID)
	return e
}

// once makes a UID of a name, of its own also where two absences have that name.
func (d *feedDrawing) once(name string) string {
	n := d.taken[name]
	if d.taken[name]++; n > 0 {
		name += fmt.Sprintf("-%d", n+1)
	}
	return name + "@" + d.host
}

func (d *feedDrawing) holiday(h calendar.Holiday) ical.Entry {
	title := view.HolidayName(d.l, h)
	if h.Off != calendar.FullDay {
		title += " (" + d.l.T("web.feeds.half") + ")"
	}
	return ical.Entry{UID: d.once("holiday-" + h.Date.String()), Title: title, From: h.Date, To: h.Date, Free: true}
}

// fingerprint is the same as long as the same is in the feed.
func (d *feedDrawing) fingerprint() string {
	sum := sha256.Sum256(d.stamped(time.Time{}))
	return hex.EncodeToString(sum[:16])
}

// stamped returns the feed with the time since when all of this is in it.
func (d *feedDrawing) stamped(changed time.Time) []byte {
	for i := range d.file.Entries {
		d.file.Entries[i].Stamp = changed
	}
	return d.file.Bytes()
}
