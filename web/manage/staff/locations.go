// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/internal/order"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// locationsPage lists the places of work.
type locationsPage struct {
	Frame template.Page
	Lines []locationLine
}

// locationLine is one place of work.
type locationLine struct {
	people.Location
	Region string
	People int
	Next   string // the next day off
}

// showLocations handles GET /manage/locations.
func showLocations(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v, ctx := page.VisitOf(r), r.Context()
	p := locationsPage{Frame: page.ManageFrame(w, r, v.Lang.T("admin.locations"), "/manage/locations")}
	locations, err := t.People.Locations(ctx, v.Person)
	if err != nil {
		return err
	}
	own, err := t.People.OwnDays(ctx, v.Person)
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(ctx)
	if err != nil {
		return err
	}
	today, err := t.Leave.Today(ctx, v.Person)
	if err != nil {
		return err
	}
	for _, l := range locations {
		p.Lines = append(p.Lines, locationLine{Location: l, Region: regionName(v.Lang, l.Region), People: peopleAt(org, l.ID, today),
			Next: nextDayOff(v.Lang, l, own, today)})
	}
	return page.Render(w, r, http.StatusOK, locationsView(p))
}

// peopleAt counts who works at a location, or soon will.
func peopleAt(org *people.Organisation, location string, today calendar.Date) int {
	n := 0
	for _, r := range org.Records {
		if r.LocationOn(today) == location && presenceOf(r, today).counts() {
			n++
		}
	}
	return n
}

// nextDayOff names the first day, but for weekends, on which something is free.
func nextDayOff(l *lang.Locale, at people.Location, own []people.OwnDay, today calendar.Date) string {
	set := at.Holidays(own, today.Year(), today.Year()+1)
	for _, h := range set.Between(calendar.Range{From: today, To: today.AddYears(1)}) {
		if h.Off != calendar.Informative && !view.Weekend(h.Date) {
			return l.T("admin.next_off", "date", h.Date, "name", view.HolidayName(l, h))
		}
	}
	return ""
}

// regionName names a region with its country; none has no public holidays.
func regionName(l *lang.Locale, code string) string {
	if code == "" {
		return l.T("admin.no_region")
	}
	country, _, part := strings.Cut(code, "-")
	if !part {
		return l.T("region." + code)
	}
	return l.T("admin.region", "country", l.T("country."+country), "region", l.T("region."+code))
}

func regionOptions(l *lang.Locale) []template.Option {
	var out []template.Option
	for _, r := range calendar.Regions() {
		out = append(out, template.Option{Value: r.Code, Text: regionName(l, r.Code)})
	}
	order.By(out, func(a, b template.Option) int { return cmp.Compare(a.Text, b.Text) })
	return append([]template.Option{{Text: regionName(l, "")}}, out...)
}

// timeZones are offered beside the field for a time zone; any other can be typed.
var timeZones = strings.Fields(`Europe/Amsterdam Europe/Brussels Europe/Berlin Europe/Paris Europe/Madrid Atlantic/Canary Africa/Ceuta
	Europe/London America/New_York America/Chicago America/Denver America/Phoenix America/Los_Angeles America/Anchorage
	Pacific/Honolulu UTC`)

// usualZone returns the time zone of most locations, which a new one probably shares: the
// first by name of those that as many have.
func usualZone(org *people.Organisation) string {
	have := map[string]int{}
	for _, l := range org.Locations {
		have[l.TimeZone]++
	}
	usual := timeZones[0]
	for zone, n := range have {
		if n > have[usual] || n == have[usual] && zone < usual {
			usual = zone
		}
	}
	return usual
}

// locationPage is where a location is added or changed, beside its days off.
type locationPage struct {
	Frame   template.Page
	Form    *page.Form
	ID      string // empty for a new one
	Regions []template.Option
	Sets    []people.HolidaySet
	Year    int
	Days    []dayOffLine
	Source  string // where the region's days come from
}

// dayOffLine is a public holiday or a day of the customer's own.
type dayOffLine struct {
	Day, Name, Local, Off string
	Tone                  template.Tone
	Own                   bool
	Change                string // where it is changed
}

func (p *locationPage) path() string {
	if p.ID == "" {
		return "/manage/locations/new"
	}
	return "/manage/locations/" + p.ID
}

// year is the address of the page in another year.
func (p *locationPage) year(n int) string { return p.path() + "?year=" + strconv.Itoa(n) }

// showLocation handles GET /manage/locations/new and GET /manage/locations/{id}.
func showLocation(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	l := people.Location{TimeZone: usualZone(org)}
	if id := r.PathValue("id"); id != "" {
		found, ok := org.Locations[id]
		if !ok {
			return page.ErrNothing
		}
		l = found
	}
	f := page.BlankForm(r, "name", l.Name, "region", l.Region, "time_zone", l.TimeZone)
	f.Values["sets"] = l.Sets
	return renderLocation(w, r, t, f)
}

// saveLocation handles POST to the same addresses.
func saveLocation(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	l := people.Location{ID: r.PathValue("id"), Name: f.Text("name"), Region: f.Text("region"), TimeZone: f.Text("time_zone"), Sets: f.Values["sets"]}
	return view.Change(w, r, t, f, leave.SavingLocation(l), view.Asker{
		Done:  func(string) error { return page.Done(w, r, "/manage/locations", "location-saved") },
		Again: func() error { return renderLocation(w, r, t, f) },
	})
}

func renderLocation(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	p := locationPage{Form: f, ID: r.PathValue("id"), Regions: regionOptions(v.Lang)}
	var err error
	if p.Sets, err = t.People.HolidaySets(r.Context(), v.Person); err != nil {
		return err
	}
	title := v.Lang.T("admin.location.add")
	if p.ID != "" {
		org, err := t.People.Organisation(r.Context())
		if err != nil {
			return err
		}
		title = org.Locations[p.ID].Name
		if err := p.fill(r.Context(), v, t, org.Locations[p.ID], r.URL.Query()); err != nil {
			return err
		}
	}
	p.Frame = page.ManageFrame(w, r, title, p.path())
	return page.Render(w, r, f.Status(), locationView(p))
}

// fill lists the days off of a year, this one unless another is asked for.
func (p *locationPage) fill(ctx context.Context, v *page.Visit, t *tenant.Tenant, at people.Location, asked url.Values) error {
	today, err := t.Leave.Today(ctx, v.Person)
	if err != nil {
		return err
	}
	own, err := t.People.OwnDays(ctx, v.Person)
	if err != nil {
		return err
	}
	p.Year = yearAsked(asked, today)
	for _, h := range at.Holidays(own, p.Year, p.Year).Between(calendar.YearOf(p.Year)) {
		x := dayOff(v.Lang, h)
		x.Change = changeOf(at, own, h)
		p.Days = append(p.Days, x)
	}
	if region, ok := calendar.Region(at.Region); ok {
		p.Source = v.Lang.T("admin.location.source", "source", region.Source, "date", calendar.MustParse(region.Reviewed))
		if region.ListedUntil > 0 && p.Year > region.ListedUntil {
			p.Source += " " + v.Lang.T("admin.location.unlisted", "year", region.ListedUntil)
		}
	}
	return nil
}

func dayOff(l *lang.Locale, h calendar.Holiday) dayOffLine {
	x := dayOffLine{Day: l.DateLong(h.Date), Name: view.HolidayName(l, h), Own: h.Set, Off: l.T("admin.off." + h.Off.String())}
	if h.Local != x.Name {
		x.Local = h.Local
	}
	if h.Off != calendar.Informative {
		x.Tone = template.Good
	}
	return x
}

// changeOf is where a day of a location is changed: the customer's own day that it
// comes from, or else what its public holiday takes here from that year on.
func changeOf(at people.Location, own []people.OwnDay, h calendar.Holiday) string {
	found := ""
	for _, d := range own {
		here := d.Location == at.ID || d.Location == "" && (d.Set == "" || slices.Contains(at.Sets, d.Set))
		if here && h.Set && d.Feast == h.Key && (d.Feast != "" || d.Name == h.Name && slices.Contains(d.In(h.Date.Year(), h.Date.Year()), h.Date)) {
			found = "/manage/days/" + d.ID
		}
	}
	if found == "" {
		q := url.Values{"location": {at.ID}, "feast": {h.Key}, "date": {calendar.On(h.Date.Year(), time.January, 1).String()}}
		found = "/manage/days/new?" + q.Encode()
	}
	return found
}
