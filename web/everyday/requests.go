// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// requestsPage lists what one person has asked for.
type requestsPage struct {
	Frame       template.Page
	Whose       view.Subject
	Years       []template.Link
	States      []template.Option
	Year, State string
	Lines       []requestLine
	Any         bool           // there are requests, chosen or not
	Calendar    *template.Year // of the chosen year, or of this one; nil where there is nothing to show
	Legend      []template.LegendItem
}

// requestLine is one request in a list.
type requestLine struct {
	ID     string
	Dates  string
	Type   leave.Type
	Cost   string
	State  template.Status
	From   calendar.Date
	Person people.Person // where lists hold several
}

// showRequests handles GET /requests.
func showRequests(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return listRequests(w, r, t, page.VisitOf(r).Viewer.Person)
}

// showRequestsOf handles GET /people/{id}/requests.
func showRequestsOf(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	who, err := t.People.Record(r.Context(), page.VisitOf(r).Person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return listRequests(w, r, t, who.Person)
}

func listRequests(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, who people.Person) error {
	v := page.VisitOf(r)
	all, err := t.Leave.Mine(r.Context(), v.Person, who.ID)
	if err != nil {
		return err
	}
	book, err := t.Leave.Rules(r.Context())
	if err != nil {
		return err
	}
	q := r.URL.Query()
	whose, err := subjectOf(r.Context(), v, t, who)
	if err != nil {
		return err
	}
	p := newRequestsPage(v.Lang, whose, book, all, q.Get("year"), q.Get("state"))
	p.Frame = page.Frame(w, r, p.Whose.Title(v.Lang, "web.requests.title", "web.requests.title.of"))
	if err := p.fillYear(r.Context(), v, t); err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, requestsView(p))
}

// newRequestsPage chooses what to show: the requests that touch a year, where
// one is chosen, and stand in a state, where one is.
func newRequestsPage(l *lang.Locale, who view.Subject, book *leave.Rulebook, all []leave.Request, year, state string) requestsPage {
	p := requestsPage{Whose: who, Year: year, State: state, Any: len(all) > 0, States: stateOptions(l)}
	p.Years = yearLinks(l, who.Path("requests"), all, year, state)
	chosen, _ := strconv.Atoi(year)
	for i := range all {
		q := &all[i]
		if chosen != 0 && !q.Range().Overlaps(calendar.YearOf(chosen)) || state != "" && string(q.State) != state {
			continue
		}
		t, _ := book.Type(q.Type)
		p.Lines = append(p.Lines, lineOf(l, t, q))
	}
	return p
}

// fillYear draws the year that is chosen, or this one, day by day. A year without requests
// that somebody typed into the address is none.
func (p *requestsPage) fillYear(ctx context.Context, v *page.Visit, t *tenant.Tenant) error {
	today, err := t.Leave.Today(ctx, v.Person)
	if err != nil {
		return err
	}
	year := today.Year()
	if slices.ContainsFunc(p.Years, func(k template.Link) bool { return k.Current && k.Text == p.Year }) {
		year, _ = strconv.Atoi(p.Year)
	}
	c, err := t.Leave.YearOf(ctx, v.Person, p.Whose.Person.ID, year)
	if err != nil {
		return err
	}
	row, _ := rowsOf(&c, p.Whose.Person.ID)
	if row == nil {
		return nil
	}
	p.Calendar = &template.Year{L: v.Lang, Label: v.Lang.T("web.year.label", "year", year), Year: year, Today: c.Today, Day: dayMarks(v.Lang, &c, row, nil)}
	p.Legend = legend(v.Lang, c.Types, slices.ContainsFunc(row.Away, func(a leave.Absence) bool { return a.Type.Name == "" }))
	return nil
}

// stateOptions are all states, and none.
func stateOptions(l *lang.Locale) []template.Option {
	options := []template.Option{{Text: l.T("web.requests.all_states")}}
	for _, s := range []leave.State{leave.Pending, leave.Approved, leave.Refused, leave.Withdrawn, leave.Cancelled} {
		options = append(options, template.Option{Value: string(s), Text: l.T("ui.status." + string(s))})
	}
	return options
}

func lineOf(l *lang.Locale, t leave.Type, r *leave.Request) requestLine {
	line := requestLine{ID: r.ID, Dates: view.SpanText(l, r.Span), Type: t, State: template.Status(r.State), From: r.From}
	if len(r.Charges) > 0 {
		line.Cost = explain.Plain(l, leave.Total(r.Costs(), t.Unit), t.Unit)
	}
	return line
}

// yearLinks lead to the years in which there are requests, newest first.
func yearLinks(l *lang.Locale, path string, all []leave.Request, year, state string) []template.Link {
	var years []int
	for i := range all {
		for y := all[i].From.Year(); y <= all[i].To.Year(); y++ {
			if !slices.Contains(years, y) {
				years = append(years, y)
			}
		}
	}
	slices.Sort(years)
	slices.Reverse(years)
	links := []template.Link{{Text: l.T("web.requests.all_years"), Href: page.WithQuery(path, "state", state), Current: year == ""}}
	for _, y := range years {
		s := strconv.Itoa(y)
		links = append(links, template.Link{Text: s, Href: page.WithQuery(path, "year", s, "state", state), Current: year == s})
	}
	return links
}
