// SPDX-License-Identifier: Apache-2.0

package sick

import (
	"net/http"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// sicknessPage is a list of reports: of those who are sick now, or of one person.
type sicknessPage struct {
	Frame template.Page
	Whose view.Subject // of the reports of one person
	Now   bool         // of everybody who is sick now
	Lines []sickLine
}

// sickLine is one report in a list.
type sickLine struct {
	Person    people.Person
	Href      string
	Dates     string
	Days      string
	Until     string // when the person is expected back
	Works     string // how much is worked again; empty: nothing
	Note      string // of the doctor
	Long      bool
	Withdrawn bool
}

func sickLineOf(l *lang.Locale, d *leave.SickDetail) sickLine {
	r := &d.Report
	x := sickLine{Person: d.Person, Href: page.AbsencePath(r.ID), Dates: l.Date(r.From), Days: l.T("unit.days", "count", d.Days),
		Until: l.T("web.sick.unknown"), Note: certificate(l, r), Long: d.Long() && d.MayRecover, Withdrawn: r.Withdrawn}
	switch {
	case !r.To.IsZero():
		x.Dates, x.Until = l.Range(r.From, r.To), l.Date(r.To.AddDays(1))
	case !r.Expected.IsZero():
		x.Until = l.Date(r.Expected)
	}
	if n := r.WorksOn(d.Today); n > 0 {
		x.Works = l.T("web.percent", "percent", n)
	}
	return x
}

// showSickness handles GET /sickness: who is sick now, the longest first.
func showSickness(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	list, err := t.Leave.SickToday(r.Context(), v.Person)
	if err != nil {
		return err
	}
	p := sicknessPage{Now: true}
	for i := range list {
		p.Lines = append(p.Lines, sickLineOf(v.Lang, &list[i]))
	}
	p.Frame = page.Frame(w, r, v.Lang.T("web.sickness.title"))
	return page.Render(w, r, http.StatusOK, sicknessView(p))
}

// showOwnSickness handles GET /sick/history.
func showOwnSickness(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderSickness(w, r, t, page.VisitOf(r).Person)
}

// showSicknessOf handles GET /people/{id}/sickness.
func showSicknessOf(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderSickness(w, r, t, people.ID(r.PathValue("id")))
}

func renderSickness(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, person people.ID) error {
	v := page.VisitOf(r)
	list, err := t.Leave.SickHistory(r.Context(), v.Person, person)
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	p := sicknessPage{Whose: view.SubjectOf(v, org.Person(person))}
	for i := range list {
		p.Lines = append(p.Lines, sickLineOf(v.Lang, &list[i]))
	}
	p.Frame = page.Within(page.Frame(w, r, p.Whose.Title(v.Lang, "web.sick.mine", "web.sick.of")), "/sickness")
	return page.Render(w, r, http.StatusOK, sicknessView(p))
}

// sicknessTabs lead between the pages of sickness officers.
func sicknessTabs(l *lang.Locale, here string) []template.Link {
	return []template.Link{
		{Text: l.T("web.sickness.now"), Href: "/sickness", Current: here == "now"},
		{Text: l.T("web.sickness.figures"), Href: page.FiguresPath, Current: here == "figures"},
	}
}

// figuresPage shows figures of sickness over a time.
type figuresPage struct {
	Frame   template.Page
	Form    *page.Form
	Officer bool
	Tiles   []template.Tile
	Teams   []figureLine
	People  []figureLine
	CSV     string // address of the file
}

// figureLine is one line of figures, in words.
type figureLine struct {
	Name, Key                                string
	Hidden                                   bool
	Heads                                    string // of a group
	Spells, Lost, Due, Rate, Often, Bradford string
}

// showSickFigures handles GET /sickness/figures.
func showSickFigures(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, s, err := readFigures(r, t)
	if err != nil {
		return err
	}
	v := page.VisitOf(r)
	p := figuresPage{Form: f, Officer: v.Viewer.Has(people.FollowSickness), Teams: figureLines(v.Lang, s.Teams), People: figureLines(v.Lang, s.People),
		CSV: page.WithQuery(page.FiguresPath+"/csv", "from", f.Text("from"), "to", f.Text("to"), "by", f.Text("by"))}
	if s.Company != nil {
		p.Tiles = figureTiles(v.Lang, s.Company)
	}
	p.Frame = page.Frame(w, r, v.Lang.T("web.sickness.figures"))
	return page.Render(w, r, f.Status(), figuresView(p))
}

// readFigures returns what the query asks for: the last twelve months where it says nothing.
// What cannot be worked out stands in the form.
func readFigures(r *http.Request, t *tenant.Tenant) (*page.Form, leave.SickSummary, error) {
	f, err := page.ReadForm(r)
	if err != nil {
		return nil, leave.SickSummary{}, err
	}
	v := page.VisitOf(r)
	today, err := t.Leave.Today(r.Context(), v.Person)
	if err != nil {
		return nil, leave.SickSummary{}, err
	}
	in := calendar.Range{From: f.DateOr("from", today.AddYears(-1).AddDays(1)), To: f.DateOr("to", today)}
	by := leave.SickWorking
	if f.Text("by") == string(leave.SickCalendar) {
		by = leave.SickCalendar
	}
	f.Values.Set("by", string(by))
	for name, d := range map[string]calendar.Date{"from": in.From, "to": in.To} {
		if f.Text(name) == "" {
			f.Values.Set(name, d.String())
		}
	}
	s, err := t.Leave.SickSummary(r.Context(), v.Person, in, by)
	if err != nil && !f.Refuse(err) {
		return nil, s, err
	}
	return f, s, nil
}

func figureTiles(l *lang.Locale, c *leave.SickReportRow) []template.Tile {
	x := figureLineOf(l, c)
	if x.Hidden {
		return nil
	}
	return []template.Tile{{Label: l.T("web.figure.rate"), Value: x.Rate}, {Label: l.T("web.figure.often"), Value: x.Often},
		{Label: l.T("web.figure.lost"), Value: x.Lost}, {Label: l.T("web.figure.spells"), Value: x.Spells}}
}

func figureLines(l *lang.Locale, rows []leave.SickReportRow) []figureLine {
	var out []figureLine
	for i := range rows {
		out = append(out, figureLineOf(l, &rows[i]))
	}
	return out
}

func figureLineOf(l *lang.Locale, r *leave.SickReportRow) figureLine {
	x := figureLine{Name: r.Team.Name, Key: string(r.Person.ID), Hidden: r.Hidden, Heads: l.Exact(exact.Int(int64(r.Heads)))}
	if r.Person.ID != "" {
		x.Name = r.Person.Name()
	}
	if r.Hidden {
		return x
	}
	x.Spells, x.Lost, x.Due = l.Exact(exact.Int(int64(r.Spells))), l.Days(r.Lost), l.Days(r.Due)
	x.Rate, x.Often, x.Bradford = l.T("web.percent", "percent", ratio(l, r.Rate.Mul(exact.Int(100)))), ratio(l, r.Frequency), ratio(l, r.Bradford)
	return x
}

// ratio writes a number with at most two decimals.
func ratio(l *lang.Locale, x exact.Rat) string {
	return l.Exact(x.Mul(exact.Int(100)).HalfUp().Div(exact.Int(100)))
}

// sendSickFigures handles GET /sickness/figures/csv: the same figures as a file for
// spreadsheets.
func sendSickFigures(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, s, err := readFigures(r, t)
	if err != nil {
		return err
	}
	if !f.Fine() {
		return errs.New(errs.Invalid, "leave.error.range")
	}
	l := f.Lang
	return page.SendTable(w, r, "sickness.csv", func(yield func([]string) bool) {
		head := []string{l.T("web.col.person"), l.T("web.col.team")}
		for _, key := range []string{"heads", "spells", "lost", "due", "rate", "often", "bradford"} {
			head = append(head, l.T("web.figure."+key))
		}
		if !yield(head) {
			return
		}
		for _, row := range append(s.People, s.Teams...) {
			if !yield(figureCells(&row)) {
				return
			}
		}
	})
}

// figureCells writes a line for a spreadsheet: numbers with four decimals and a point.
func figureCells(r *leave.SickReportRow) []string {
	cells := []string{r.Person.Name(), r.Team.Name}
	number := func(x exact.Rat) string {
		if r.Hidden {
			return ""
		}
		return x.Decimal(4)
	}
	heads := number(exact.Int(int64(r.Heads)))
	if r.Person.ID != "" {
		heads = ""
	}
	cells = append(cells, heads, number(exact.Int(int64(r.Spells))), number(r.Lost), number(r.Due), number(r.Rate), number(r.Frequency))
	if r.Person.ID == "" {
		return append(cells, "")
	}
	return append(cells, number(r.Bradford))
}
