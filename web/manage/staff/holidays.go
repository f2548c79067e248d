// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/lang"
	"verlof/internal/order"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// holidaysPage lists what the customer adds to public holidays or changes of
// them, in one year, by where it holds.
type holidaysPage struct {
	Frame  template.Page
	Year   int
	Places []holidayPlace
}

// holidayPlace is every location, a holiday set or one location, with its days.
type holidayPlace struct {
	Where  string // as forms send it: see whereOf
	Name   string
	Note   string // who keeps a holiday set
	Set    string // id of the holiday set; empty: it is none
	Copies bool   // it has days that do not come back by themselves
	Days   []ownDayLine
}

// ownDayLine is a day of the customer's own, in one year.
type ownDayLine struct {
	ID, Day, Name, Repeats, Off string
	Past                        bool
	date                        calendar.Date
}

// setPrefix tells a holiday set from a location where a form names a place.
const setPrefix = "set:"

// whereOf names the place of a day in a form: a location's id, a set's id after
// setPrefix, or nothing for every location.
func whereOf(d people.OwnDay) string {
	if d.Set != "" {
		return setPrefix + d.Set
	}
	return d.Location
}

// placeOf reads what whereOf writes.
func placeOf(where string) (location, set string) {
	if set, ok := strings.CutPrefix(where, setPrefix); ok {
		return "", set
	}
	return where, ""
}

func holidaysPath(year int) string { return "/manage/holidays?year=" + strconv.Itoa(year) }

// yearAsked is the year in an address, today's unless it is a sensible one.
func yearAsked(q url.Values, today calendar.Date) int {
	if n, err := strconv.Atoi(q.Get("year")); err == nil && n >= today.Year()-15 && n <= today.Year()+10 {
		return n
	}
	return today.Year()
}

// showHolidays handles GET /manage/holidays.
func showHolidays(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v, ctx := page.VisitOf(r), r.Context()
	locations, err := t.People.Locations(ctx, v.Person)
	if err != nil {
		return err
	}
	sets, err := t.People.HolidaySets(ctx, v.Person)
	if err != nil {
		return err
	}
	own, err := t.People.OwnDays(ctx, v.Person)
	if err != nil {
		return err
	}
	today, err := t.Leave.Today(ctx, v.Person)
	if err != nil {
		return err
	}
	p := holidaysPage{Frame: page.ManageFrame(w, r, v.Lang.T("admin.holidays"), "/manage/holidays"), Year: yearAsked(r.URL.Query(), today)}
	p.Places = append(p.Places, holidayPlace{Name: v.Lang.T("admin.everywhere"), Note: v.Lang.T("admin.everywhere.note")})
	for _, s := range sets {
		p.Places = append(p.Places, holidayPlace{Where: setPrefix + s.ID, Name: s.Name, Set: s.ID, Note: keptBy(v.Lang, s.ID, locations)})
	}
	for _, l := range locations {
		if slices.ContainsFunc(own, func(d people.OwnDay) bool { return d.Location == l.ID }) {
			p.Places = append(p.Places, holidayPlace{Where: l.ID, Name: l.Name, Note: v.Lang.T("admin.holidays.only")})
		}
	}
	for i := range p.Places {
		p.Places[i].fill(v.Lang, p.Year, own, locations, today)
	}
	return page.Render(w, r, http.StatusOK, holidaysView(p))
}

// keptBy names the locations that keep a holiday set.
func keptBy(l *lang.Locale, set string, locations []people.Location) string {
	var names []string
	for _, at := range locations {
		if slices.Contains(at.Sets, set) {
			names = append(names, at.Name)
		}
	}
	if names == nil {
		return l.T("admin.set.kept_by_none")
	}
	return l.T("admin.set.kept_by", "names", strings.Join(names, ", "))
}

// fill puts the days of one year on the place, by date.
func (p *holidayPlace) fill(l *lang.Locale, year int, own []people.OwnDay, locations []people.Location, today calendar.Date) {
	for _, d := range own {
		if whereOf(d) != p.Where {
			continue
		}
		days := d.In(year, year)
		if d.Feast != "" {
			days = feastDates(d, year, locations)
		}
		if len(days) == 0 {
			continue
		}
		p.Copies = p.Copies || !d.ComesBack()
		p.Days = append(p.Days, ownDayLine{ID: d.ID, Day: l.DateLong(days[0]), Name: ownDayName(l, d), Repeats: repeats(l, d),
			Off: l.T("admin.off." + d.Off.String()), Past: days[0] < today, date: days[0]})
	}
	order.By(p.Days, func(a, b ownDayLine) int { return int(a.date - b.date) })
}

// feastDates returns when a public holiday that a day changes falls in a year, in
// the regions of the locations for which it holds.
func feastDates(d people.OwnDay, year int, locations []people.Location) []calendar.Date {
	var out []calendar.Date
	for _, at := range locations {
		if d.Location != "" && d.Location != at.ID || d.Set != "" && !slices.Contains(at.Sets, d.Set) {
			continue
		}
		for _, h := range at.Holidays([]people.OwnDay{d}, year, year).Between(calendar.YearOf(year)) {
			if h.Key == d.Feast && h.Set && !slices.Contains(out, h.Date) {
				out = append(out, h.Date)
			}
		}
	}
	return out
}

// ownDayName names a day of the customer's own or the public holiday that it
// changes.
func ownDayName(l *lang.Locale, d people.OwnDay) string {
	return view.HolidayName(l, calendar.Holiday{Name: d.Name, Key: d.Feast})
}

// repeats says in which years a day falls.
func repeats(l *lang.Locale, d people.OwnDay) string {
	switch {
	case !d.ComesBack():
		return l.T("admin.repeats.once")
	case d.Last != 0:
		return l.T("admin.repeats.until", "from", d.Date.Year(), "to", d.Last.Year())
	}
	return l.T("admin.repeats.yearly", "from", d.Date.Year())
}

// copyDays handles POST /manage/holidays/copy.
func copyDays(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	v := page.VisitOf(r)
	today, err := t.Leave.Today(r.Context(), v.Person)
	if err != nil {
		return err
	}
	year := yearAsked(f.Values, today)
	if strconv.Itoa(year) != f.Text("year") {
		return errs.New(errs.Invalid, "")
	}
	location, set := placeOf(f.Text("where"))
	return view.Change(w, r, t, f, leave.CopyingDays(location, set, year), view.Asker{
		Done: func(copied string) error {
			if copied == "0" {
				return page.Done(w, r, holidaysPath(year), "days-not-copied")
			}
			return page.Done(w, r, holidaysPath(year+1), "days-copied")
		},
		Back: holidaysPath(year),
	})
}

// holidaySetPage is where a holiday set is added, changed or removed.
type holidaySetPage struct {
	Frame     template.Page
	Form      *page.Form
	ID        string // empty for a new one
	Locations []people.Location
}

func (p *holidaySetPage) path() string {
	if p.ID == "" {
		return "/manage/holidays/sets/new"
	}
	return "/manage/holidays/sets/" + p.ID
}

// showHolidaySet handles GET /manage/holidays/sets/new and
// GET /manage/holidays/sets/{id}.
func showHolidaySet(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f := page.BlankForm(r)
	if id := r.PathValue("id"); id != "" {
		sets, err := t.People.HolidaySets(r.Context(), page.VisitOf(r).Person)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(sets, func(s people.HolidaySet) bool { return s.ID == id })
		if i < 0 {
			return page.ErrNothing
		}
		locations, err := t.People.Locations(r.Context(), page.VisitOf(r).Person)
		if err != nil {
			return err
		}
		f.Values.Set("name", sets[i].Name)
		for _, l := range locations {
			if slices.Contains(l.Sets, id) {
				f.Values.Add("locations", l.ID)
			}
		}
	}
	return renderHolidaySet(w, r, t, f)
}

// saveHolidaySet handles POST to the same addresses.
func saveHolidaySet(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	set := people.HolidaySet{ID: r.PathValue("id"), Name: f.Text("name")}
	return view.Change(w, r, t, f, leave.SavingHolidaySet(set, f.Values["locations"]), view.Asker{
		Done:  func(string) error { return page.Done(w, r, "/manage/holidays", "set-saved") },
		Again: func() error { return renderHolidaySet(w, r, t, f) },
	})
}

// deleteHolidaySet handles POST /manage/holidays/sets/{id}/delete.
func deleteHolidaySet(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	gone, err := f.Attempt(func() error {
		return t.People.DeleteHolidaySet(r.Context(), page.VisitOf(r).Person, r.PathValue("id"))
	})
	if gone {
		return page.Done(w, r, "/manage/holidays", "set-deleted")
	}
	if err != nil {
		return err
	}
	return renderHolidaySet(w, r, t, f)
}

func renderHolidaySet(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	p := holidaySetPage{Form: f, ID: r.PathValue("id")}
	var err error
	if p.Locations, err = t.People.Locations(r.Context(), v.Person); err != nil {
		return err
	}
	title := "admin.set.add"
	if p.ID != "" {
		title = "admin.set.edit"
	}
	p.Frame = page.ManageFrame(w, r, v.Lang.T(title), p.path())
	return page.Render(w, r, f.Status(), holidaySetView(p))
}
