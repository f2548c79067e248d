// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"net/http"
	"slices"

	"verlof/calendar"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// ownDayPage is where a day of the customer's own is added, changed or removed.
type ownDayPage struct {
	Frame     template.Page
	Form      *page.Form
	ID        string // empty for a new one
	Feast     string // name of the public holiday that it changes; empty: it is a day of its own
	Locations []template.Option
	Offs      []template.Option
}

func (p *ownDayPage) path() string {
	if p.ID == "" {
		return "/manage/days/new"
	}
	return "/manage/days/" + p.ID
}

// showOwnDay handles GET /manage/days/new and GET /manage/days/{id}.
func showOwnDay(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	q := r.URL.Query()
	f := page.BlankForm(r, "off", calendar.FullDay.String(), "location", q.Get("location"))
	if calendar.HasFeast(q.Get("feast")) {
		f = page.BlankForm(r, "off", calendar.Informative.String(), "location", q.Get("location"), "feast", q.Get("feast"), "date", q.Get("date"))
	}
	if id := r.PathValue("id"); id != "" {
		days, err := t.People.OwnDays(r.Context(), page.VisitOf(r).Person)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(days, func(d people.OwnDay) bool { return d.ID == id })
		if i < 0 {
			return page.ErrNothing
		}
		d := days[i]
		f = page.BlankForm(r, "date", d.Date.String(), "name", d.Name, "location", whereOf(d), "off", d.Off.String(), "feast", d.Feast,
			"last", d.Last.String())
		if d.Yearly {
			f.Values.Set("yearly", "on")
		}
	}
	return renderOwnDay(w, r, t, f)
}

// saveOwnDay handles POST to the same addresses.
func saveOwnDay(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	d := people.OwnDay{ID: r.PathValue("id"), Date: f.DateOr("date", 0), Last: f.DateOr("last", 0), Yearly: f.Has("yearly", "on"),
		Feast: f.Text("feast"), Name: f.Text("name")}
	d.Location, d.Set = placeOf(f.Text("location"))
	if d.Off, err = calendar.ParseHalf(f.Text("off")); err != nil {
		d.Off = calendar.Informative + 1 // none that there is: people says what is wrong
	}
	return view.Change(w, r, t, f, leave.SavingOwnDay(d), view.Asker{
		Done:  func(string) error { return page.Done(w, r, holidaysPath(d.Date.Year()), "day-saved") },
		Again: func() error { return renderOwnDay(w, r, t, f) },
	})
}

// deleteOwnDay handles POST /manage/days/{id}/delete.
func deleteOwnDay(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	return view.Change(w, r, t, f, leave.DeletingOwnDay(r.PathValue("id")), view.Asker{
		Done: func(string) error { return page.Done(w, r, "/manage/holidays", "day-deleted") },
		Back: "/manage/days/" + r.PathValue("id"),
	})
}

func renderOwnDay(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	p := ownDayPage{Form: f, ID: r.PathValue("id"), Locations: []template.Option{{Text: v.Lang.T("admin.everywhere")}}}
	sets, err := t.People.HolidaySets(r.Context(), v.Person)
	if err != nil {
		return err
	}
	locations, err := t.People.Locations(r.Context(), v.Person)
	if err != nil {
		return err
	}
	for _, s := range sets {
		p.Locations = append(p.Locations, template.Option{Value: setPrefix + s.ID, Text: v.Lang.T("admin.set.option", "name", s.Name)})
	}
	p.Locations = append(p.Locations, view.LocationOptions(locations)...)
	for _, half := range []calendar.Half{calendar.FullDay, calendar.MorningOff, calendar.AfternoonOff, calendar.Informative} {
		p.Offs = append(p.Offs, template.Option{Value: half.String(), Text: v.Lang.T("admin.off." + half.String()),
			Note: v.Lang.T("admin.off." + half.String() + ".note")})
	}
	title := "admin.day.add"
	if p.ID != "" {
		title = "admin.day.edit"
	}
	if feast := f.Text("feast"); calendar.HasFeast(feast) {
		p.Feast, title = v.Lang.T("holiday."+feast), "admin.day.feast"
	}
	p.Frame = page.ManageFrame(w, r, v.Lang.T(title), p.path())
	return page.Render(w, r, f.Status(), ownDayView(p))
}
