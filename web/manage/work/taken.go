// SPDX-License-Identifier: Apache-2.0

package work

import (
	"net/http"
	"strings"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// takenPage shows what approved leave costs in a time, piece by piece.
type takenPage struct {
	Frame   template.Page
	Form    *page.Form
	Crumbs  []template.Link
	Admin   bool
	Reports bool // who looks may see what payroll settled
	Today   calendar.Date
	In      calendar.Range
	Teams   []template.Option
	Types   []template.Option
	Times   []template.Link // times that are often asked for
	Sum     takenRow
	Lines   []takenRow
	Pages   template.Pages
	File    string // address of the same as a file
	Pay     []payNote
}

// takenRow is a piece of leave, or the sum of all, in words.
type takenRow struct {
	Name, Key, Type, When, Request string
	Part                           string // which days of it are meant, where it is more than these
	Days, Hours                    string
	Corrects, Change               string // of a correction: which time, what was told and what it is now
}

// showTaken handles GET /taken.
func showTaken(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	p, lines, err := readTaken(r, t)
	if err != nil {
		return err
	}
	v := page.VisitOf(r)
	p.Admin, p.Crumbs = v.Viewer.IsAdministrator(), collectiveCrumbs(v, false)
	if p.Teams, err = teamsOverseen(r, t); err != nil {
		return err
	}
	book, err := t.Leave.Rules(r.Context())
	if err != nil {
		return err
	}
	p.Types = typeFilter(v.Lang, book.Types)
	p.fillTimes(v.Lang)
	p.fill(v.Lang, lines)
	p.Reports = v.Viewer.Has(people.SeeReports)
	if p.Reports && p.Form.Fine() && p.Form.Text("team")+p.Form.Text("type") == "" {
		if p.Pay, err = payNotes(r, t, p.In); err != nil {
			return err
		}
	}
	p.Frame = collectiveFrame(w, r, v.Lang.T("admin.taken"), page.TakenPath)
	return page.Render(w, r, p.Form.Status(), takenView(p))
}

// readTaken returns what a form asks for: this month where it says nothing. What cannot be worked
// out stands in the form.
func readTaken(r *http.Request, t *tenant.Tenant) (takenPage, []leave.TakenLine, error) {
	f, err := page.ReadForm(r)
	if err != nil {
		return takenPage{}, nil, err
	}
	by := page.VisitOf(r).Person
	today, err := t.Leave.Today(r.Context(), by)
	if err != nil {
		return takenPage{}, nil, err
	}
	p := takenPage{Form: f, Today: today, In: periodOf(f, today)}
	all, err := t.Leave.Taken(r.Context(), by, p.In, f.Text("team"))
	if err != nil && !f.Refuse(err) {
		return p, nil, err
	}
	lines := all[:0]
	for _, x := range all {
		if typ := f.Text("type"); typ == "" || x.Type.ID == typ {
			lines = append(lines, x)
		}
	}
	p.File = p.address("/taken/file", p.In, "")
	return p, lines, nil
}

// periodOf returns the time that a form asks for: the month of today where it says nothing, which is written into it.
func periodOf(f *page.Form, today calendar.Date) calendar.Range {
	month := calendar.MonthOf(today.Year(), today.Month())
	in := calendar.Range{From: f.DateOr("from", month.From), To: f.DateOr("to", month.To)}
	for name, d := range map[string]calendar.Date{"from": in.From, "to": in.To} {
		if f.Text(name) == "" {
			f.Values.Set(name, d.String())
		}
	}
	return in
}

// address is that of what the form asks for, in another time.
func (p *takenPage) address(path string, in calendar.Range, number string) string {
	return page.WithQuery(path, "from", in.From.String(), "to", in.To.String(), "team", p.Form.Text("team"), "type", p.Form.Text("type"), "page", number)
}

// typeFilter offers all types at once, and each of some.
func typeFilter(l *lang.Locale, types []leave.Type) []template.Option {
	out := []template.Option{{Text: l.T("admin.all_types")}}
	for _, x := range types {
		out = append(out, template.Option{Value: x.ID, Text: x.Name})
	}
	return out
}

// fillTimes offers last month, this month and this year.
func (p *takenPage) fillTimes(l *lang.Locale) {
	y, m := p.Today.Year(), p.Today.Month()
	this := calendar.MonthOf(y, m)
	last := this.From.AddDays(-1)
	for _, x := range []struct {
		text string
		in   calendar.Range
	}{{l.Month(last.Year(), last.Month()), calendar.MonthOf(last.Year(), last.Month())}, {l.Month(y, m), this},
		{l.T("web.taken.year", "year", y), calendar.YearOf(y)}} {
		p.Times = append(p.Times, template.Link{Text: x.text, Href: p.address(page.TakenPath, x.in, ""), Current: x.in == p.In})
	}
}

// fill shows one page of the lines, and the sum of all.
func (p *takenPage) fill(l *lang.Locale, lines []leave.TakenLine) {
	var sum leave.Spent
	who := map[people.ID]bool{}
	for _, x := range lines {
		sum, who[x.Person.ID] = sum.Add(x.Spent), true
	}
	p.Sum = takenRow{Name: l.T("web.overview.sum"), When: l.T("unit.people", "count", len(who)), Days: view.Numeral(l, sum.Days, leave.Days), Hours: view.Numeral(l, sum.Minutes, leave.Hours)}
	lines, p.Pages = page.Paginate(lines, p.Form.Text("page"), func(number string) string { return p.address(page.TakenPath, p.In, number) })
	for _, x := range lines {
		row := takenRow{Name: x.Person.Name(), Key: string(x.Person.ID), Type: x.Type.Name, When: view.SpanText(l, x.Request.Span), Request: x.Request.ID,
			Days: view.Numeral(l, x.Days, leave.Days), Hours: view.Numeral(l, x.Minutes, leave.Hours)}
		if x.Request.From < p.In.From || x.Request.To > p.In.To {
			row.Part = l.T("web.taken.part", "range", l.Range(x.In.From, x.In.To))
		}
		p.Lines = append(p.Lines, row)
	}
}

// dayInput is an end of a time.
func dayInput(l *lang.Locale, f *page.Form, name string) template.Input {
	return template.Input{Name: name, Label: l.T("web.taken.field." + name), Value: f.Text(name), Error: f.At(name), Short: true, Required: true}
}

// choice is what narrows the lines down.
func (p *takenPage) choice(name, label string, options []template.Option) template.Choice {
	return template.Choice{Name: name, Label: label, Value: p.Form.Text(name), Options: options, Required: true}
}

// takenColumns are those of lines of leave, and of their corrections.
func takenColumns(l *lang.Locale, corrects bool) []template.Column {
	out := []template.Column{{Text: l.T("web.col.person")}, {Text: l.T("web.col.type")}, {Text: l.T("web.col.when")}}
	if corrects {
		out = append(out, template.Column{Text: l.T("web.settlement.corrects")})
	}
	return append(out, template.Column{Text: l.T("web.taken.days"), Number: true}, template.Column{Text: l.T("web.taken.hours"), Number: true})
}

// takenFile handles GET /taken/file: the same as a file, in which days are dates and amounts numbers.
func takenFile(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	p, lines, err := readTaken(r, t)
	if err != nil {
		return err
	}
	if !p.Form.Fine() {
		return errs.New(errs.Invalid, "leave.error.range")
	}
	l := page.VisitOf(r).Lang
	teams, err := t.People.Teams(r.Context(), page.VisitOf(r).Person)
	if err != nil {
		return err
	}
	in := view.TeamNames(teams)
	return page.SendTable(w, r, "taken-"+p.In.From.String()+"-"+p.In.To.String()+".csv", func(yield func([]string) bool) {
		if !yield(takenHeads(l)) {
			return
		}
		for _, x := range lines {
			if !yield(takenCells(l, x.Person, strings.Join(in[x.Person.ID], ", "), x.Type, x.In, x.Spent)) {
				return
			}
		}
	})
}

// takenHeads are the columns of a file of leave.
func takenHeads(l *lang.Locale) []string {
	return []string{l.T("admin.field.number"), l.T("web.col.person"), l.T("web.col.team"), l.T("web.col.type"), l.T("web.taken.field.from"), l.T("web.taken.field.to"),
		l.T("web.taken.days"), l.T("web.taken.hours")}
}

// takenCells are those of a piece of leave.
func takenCells(l *lang.Locale, who people.Person, teams string, t leave.Type, in calendar.Range, cost leave.Spent) []string {
	return []string{who.Number, who.Name(), teams, t.Name, in.From.String(), in.To.String(), fileNumber(l, cost.Days, leave.Days), fileNumber(l, cost.Minutes, leave.Hours)}
}
