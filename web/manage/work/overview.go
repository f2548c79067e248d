// SPDX-License-Identifier: Apache-2.0

package work

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// overviewPage shows what people have left on a day, of one leave type.
type overviewPage struct {
	Frame  template.Page
	Form   *page.Form
	Crumbs []template.Link
	Admin  bool
	At     calendar.Date
	Teams  []template.Option
	Types  []template.Link
	Sum    overviewRow
	Lines  []overviewRow
	Pages  template.Pages
	File   string // address of the same as a file
	Even   bool   // nothing was corrected: that column is left out

	Blocks    map[people.ID]leave.BlockView // of the type that is shown; empty: it asks for none
	Standings []template.Option             // of which one can be chosen
}

// overviewRow is a person, or the sum of all, in words.
type overviewRow struct {
	Name, Key, Year string
	Cells           []figure // one of each column
	Block           overviewBlock
}

// figure is a number under the name of its column.
type figure struct {
	Name, Text string
	Class      string // where it stands in a row on a phone; see .table in components.css
}

// figureOf places a figure in its row. What is nought takes no room on a phone, and what
// stands at the front is marked where it is less than nothing.
func figureOf(l *lang.Locale, key, place string, amount exact.Rat, u leave.Unit) figure {
	switch {
	case place == "front" && amount.Sign() < 0:
		place = "front bad"
	case place == "" && amount.IsZero():
		place = "nil"
	}
	return figure{Name: l.T(key), Text: view.Numeral(l, amount, u), Class: place}
}

// class is that of the figure in this row: the sum of all has room for each.
func (x *overviewRow) class(c figure) string {
	if x.Key == "" {
		return ""
	}
	return c.Class
}

// showOverview handles GET /balances.
func showOverview(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	found, err := readOverview(r, t, f)
	if err != nil {
		return err
	}
	v := page.VisitOf(r)
	p := overviewPage{Form: f, Admin: v.Viewer.IsAdministrator(), Crumbs: collectiveCrumbs(v, false), At: found.At}
	if p.Teams, err = teamsOverseen(r, t); err != nil {
		return err
	}
	if err := p.readBlocks(r, t, &found); err != nil {
		return err
	}
	p.fill(v.Lang, &found)
	p.Frame = collectiveFrame(w, r, v.Lang.T("admin.overview"), page.OverviewPath)
	return page.Render(w, r, f.Status(), overviewView(p))
}

// readOverview works out what a form asks for.
func readOverview(r *http.Request, t *tenant.Tenant, f *page.Form) (leave.Overview, error) {
	by := page.VisitOf(r).Person
	today, err := t.Leave.Today(r.Context(), by)
	if err != nil {
		return leave.Overview{}, err
	}
	return t.Leave.Overview(r.Context(), by, f.DateOr("at", today), f.Text("team"))
}

// teamsOverseen are the teams of whose members a reader may know the leave, after all of them.
func teamsOverseen(r *http.Request, t *tenant.Tenant) ([]template.Option, error) {
	v := page.VisitOf(r)
	teams, err := t.People.Teams(r.Context(), v.Person)
	if err != nil {
		return nil, err
	}
	out := []template.Option{{Text: v.Lang.T("admin.all_teams")}}
	for _, x := range teams {
		if v.Viewer.OverTeam(people.SeeLeave, x.ID) {
			out = append(out, template.Option{Value: x.ID, Text: x.Name})
		}
	}
	return out, nil
}

// fill shows one page of one type: the one that is asked for, or else the first.
func (p *overviewPage) fill(l *lang.Locale, found *leave.Overview) {
	f := p.Form
	address := func(path, typ, number string) string {
		return page.WithQuery(path, "at", p.At.String(), "team", f.Text("team"), "type", typ, "block", f.Text("block"), "page", number)
	}
	p.File = address(page.OverviewPath+"/file", "", "")
	typ, ok := shownType(f.Text("type"), found)
	if !ok {
		return
	}
	for _, s := range found.Sums {
		p.Types = append(p.Types, template.Link{Text: s.Type.Name, Href: address(page.OverviewPath, s.Type.ID, ""), Current: s.Type.ID == typ.ID})
	}
	var lines []*leave.OverviewLine
	var sum leave.Totals
	p.Even = true
	for i := range found.Lines {
		if x := &found.Lines[i]; x.Type.ID == typ.ID && p.wanted(x.Person.ID) {
			lines, sum = append(lines, x), sum.Add(x.Totals)
			p.Even = p.Even && x.Corrected.IsZero()
		}
	}
	p.Sum = overviewRow{Name: l.T("unit.people", "count", len(lines)), Cells: p.cells(l, typ, &sum)}
	apart := slices.ContainsFunc(lines, func(x *leave.OverviewLine) bool { return x.Year != lines[0].Year })
	if len(lines) > 0 && !apart { // said once
		p.Sum.Name += " · " + l.Range(lines[0].Year.From, lines[0].Year.To)
	}
	lines, p.Pages = page.Paginate(lines, f.Text("page"), func(number string) string { return address(page.OverviewPath, typ.ID, number) })
	for _, x := range lines {
		row := overviewRow{Name: x.Person.Name(), Key: string(x.Person.ID), Cells: p.cells(l, typ, &x.Totals)}
		if apart {
			row.Year = l.Range(x.Year.From, x.Year.To)
		}
		p.fillBlock(&row, x.Person.ID)
		p.Lines = append(p.Lines, row)
	}
}

// overviewColumns are the figures of a line, in their order, and where each stands on a
// phone. The last is in hours, whatever the type is counted in.
var overviewColumns = []struct {
	key, place string
	of         func(*leave.Totals) exact.Rat
}{
	{"carried", "desk", func(t *leave.Totals) exact.Rat { return t.Carried }},
	{"corrected", "desk", func(t *leave.Totals) exact.Rat { return t.Corrected }},
	{"entitled", "", func(t *leave.Totals) exact.Rat { return t.Entitled }},
	{"lost", "desk", func(t *leave.Totals) exact.Rat { return t.Lost.Add(t.Paid) }},
	{"taken", "", func(t *leave.Totals) exact.Rat { return t.Taken }},
	{"planned", "", func(t *leave.Totals) exact.Rat { return t.Planned }},
	{"pending", "", func(t *leave.Totals) exact.Rat { return t.Pending }},
	{"left", "front", func(t *leave.Totals) exact.Rat { return t.Left }},
	{"worth", "desk", func(t *leave.Totals) exact.Rat { return t.Minutes }},
}

func (p *overviewPage) cells(l *lang.Locale, t leave.Type, x *leave.Totals) []figure {
	var out []figure
	for _, c := range overviewColumns {
		if p.Even && c.key == "corrected" {
			continue
		}
		u := t.Unit
		if c.key == "worth" {
			u = leave.Hours
		}
		out = append(out, figureOf(l, "web.overview."+c.key, c.place, c.of(x), u))
	}
	return out
}

func (p *overviewPage) columns() []template.Column {
	out := []template.Column{{Text: p.Frame.L.T("web.col.person")}}
	for _, c := range overviewColumns {
		if p.Even && c.key == "corrected" {
			continue
		}
		out = append(out, template.Column{Text: p.Frame.L.T("web.overview." + c.key), Number: true})
	}
	if len(p.Blocks) > 0 {
		out = append(out, template.Column{Text: p.Frame.L.T("block.title")})
	}
	return out
}

// overviewFile handles GET /balances/file: every line of every type, with exact
// figures.
func overviewFile(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	found, err := readOverview(r, t, f)
	if err != nil {
		return err
	}
	if !f.Fine() {
		return page.SeeOther(w, r, page.WithQuery(page.OverviewPath, "at", f.Text("at"), "team", f.Text("team")))
	}
	return page.SendTable(w, r, "balances-"+found.At.String()+".csv", overviewRows(page.VisitOf(r).Lang, &found))
}

// overviewRows yields the rows of the file: hours as hours with a decimal part, so
// that a spreadsheet can add them up.
func overviewRows(l *lang.Locale, found *leave.Overview) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		head := []string{l.T("admin.field.number"), l.T("web.col.person"), l.T("web.col.type"), l.T("admin.field.unit"), l.T("web.overview.year")}
		for _, c := range overviewColumns {
			head = append(head, l.T("web.overview."+c.key))
		}
		if !yield(head) {
			return
		}
		for i := range found.Lines {
			x := &found.Lines[i]
			row := []string{x.Person.Number, x.Person.Name(), x.Type.Name, l.T("admin.trades.unit." + string(x.Type.Unit)), x.Year.From.String()}
			for _, c := range overviewColumns {
				u := x.Type.Unit
				if c.key == "worth" {
					u = leave.Hours
				}
				row = append(row, fileNumber(l, c.of(&x.Totals), u))
			}
			if !yield(row) {
				return
			}
		}
	}
}

// fileNumber writes an amount for a spreadsheet, which knows no other minus than that of keyboards.
func fileNumber(l *lang.Locale, amount exact.Rat, u leave.Unit) string {
	if u == leave.Hours {
		amount = amount.Div(exact.Int(60))
	}
	return cmp.Or(strings.Replace(l.Number(amount, 4), "\u2212", "-", 1), "0")
}

// sum is the line of all together.
func (p *overviewPage) sum() overviewRow {
	x := p.Sum
	x.Name = p.Frame.L.T("web.overview.sum")
	return x
}
