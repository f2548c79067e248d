// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"cmp"
	"net/http"
	"strconv"

	"verlof/errs"
	"verlof/intake"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// planPage shows what an import would do, or did, line by line.
type planPage struct {
	Frame   template.Page
	Form    *page.Form
	Upload  *upload
	File    *intake.File
	Tiles   []template.Tile
	Notes   []string
	Columns []columnLine
	Choices planChoices
	Views   []template.Link
	Lines   []planLine
	Pages   template.Pages
	Refused int
	Nothing bool // there is nothing to write
}

// columnLine is a column of the file with what it is taken for.
type columnLine struct {
	Name, Letters, Samples string
	Choice                 template.Choice
}

// planChoices are what can be decided about an import.
type planChoices struct {
	Kinds, Dates, Patterns, Packages, Locations []template.Option
	Words                                       []template.Choice // leave types for words of the file
}

// planLine is one line of a plan in words.
type planLine struct {
	Number  int
	Thing   string
	Title   string
	Key     string
	Changes []string
	Why     []string
	Notes   []string
	Act     view.Badge
}

// acts are the fates of a line with their tones, in the order of the views.
var acts = []struct {
	act  intake.Act
	tone template.Tone
}{{intake.Refuse, template.Bad}, {intake.Add, template.Good}, {intake.Change, template.Info}, {intake.Same, ""}}

func renderPlan(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form, u *upload) error {
	v := page.VisitOf(r)
	p := planPage{Form: f, Upload: u, File: u.file}
	if u.plan != nil {
		p.fillPlan(v.Lang, u.plan)
	} else if f.Fine() {
		f.Refuse(errs.As(u.file.Problem()).At("column1"))
	}
	for _, n := range u.file.Notes {
		p.Notes = append(p.Notes, u.file.Text(v.Lang, n))
	}
	p.fillColumns(v.Lang)
	var err error
	if p.Choices, err = choicesOf(r, v, t, u); err != nil {
		return err
	}
	p.Frame = page.ManageFrame(w, r, v.Lang.T("admin.import.of", "file", u.Name), page.ImportPath+"/"+u.ID)
	return page.Render(w, r, f.Status(), planView(p))
}

// fillPlan puts a plan into words, the lines of one fate and one page. Of a file
// that is imported already it shows what that did, and the lines left out.
func (p *planPage) fillPlan(l *lang.Locale, plan *intake.Plan) {
	n := plan.Counts("")
	p.Refused, p.Nothing = n.Refuse, n.Add+n.Change == 0
	show, here := p.Form.Text("show"), page.ImportPath+"/"+p.Upload.ID
	if p.Upload.Written != nil {
		n, show = *p.Upload.Written, string(intake.Refuse) // planned again, all that was written is there already
	} else {
		p.Views = []template.Link{{Text: l.T("admin.import.all", "count", len(plan.Lines)), Href: here, Current: show == ""}}
	}
	counts := map[intake.Act]int{intake.Add: n.Add, intake.Change: n.Change, intake.Same: n.Same, intake.Refuse: n.Refuse}
	for _, a := range acts {
		label := "admin.import."
		if p.Upload.Written != nil {
			label = "admin.import.did."
		}
		p.Tiles = append(p.Tiles, template.Tile{Label: l.T(label + string(a.act)), Value: l.Number(exact.Int(int64(counts[a.act])), 0),
			Short: a.act == intake.Refuse && n.Refuse > 0})
		if counts[a.act] > 0 && p.Upload.Written == nil {
			p.Views = append(p.Views, template.Link{Text: l.T("admin.import.some", "act", l.T("intake.act."+string(a.act)), "count", counts[a.act]),
				Href: page.WithQuery(here, "show", string(a.act)), Current: show == string(a.act)})
		}
	}
	var some []*intake.Line
	for i := range plan.Lines {
		if show == "" || show == string(plan.Lines[i].Act) {
			some = append(some, &plan.Lines[i])
		}
	}
	some, p.Pages = page.Paginate(some, p.Form.Text("page"), func(number string) string { return page.WithQuery(here, "show", show, "page", number) })
	for _, line := range some {
		p.Lines = append(p.Lines, planLineOf(l, plan, line))
	}
}

func planLineOf(l *lang.Locale, plan *intake.Plan, n *intake.Line) planLine {
	x := planLine{Number: n.Number, Thing: l.T("intake.thing." + string(n.Thing)), Title: n.Title, Key: n.Key}
	if n.Thing == intake.TheAbsence && n.Act != intake.Refuse {
		x.Changes = append(x.Changes, l.T("admin.import.absence", "type", n.Absence.Type, "span", view.SpanText(l, n.Absence.Span)))
	}
	if n.Thing == intake.TheBalance && n.Act != intake.Refuse {
		x.Changes = append(x.Changes, n.Balance.Text(l))
	}
	for _, d := range n.Changes {
		x.Changes = append(x.Changes, differenceText(l, d))
	}
	for _, note := range n.Why {
		x.Why = append(x.Why, plan.Text(l, note))
	}
	for _, note := range n.Notes {
		x.Notes = append(x.Notes, plan.Text(l, note))
	}
	for _, a := range acts {
		if a.act == n.Act {
			x.Act = view.Badge{Tone: a.tone, Text: l.T("intake.act." + string(a.act))}
		}
	}
	return x
}

func differenceText(l *lang.Locale, d intake.Difference) string {
	what := l.T("intake.field." + cmp.Or(string(d.Field), "nothing"))
	if d.From == nil {
		return l.T("admin.import.sets", "what", what, "to", intake.Value(l, d.To))
	}
	return l.T("admin.import.changes", "what", what, "from", intake.Value(l, d.From), "to", intake.Value(l, d.To))
}

func (p *planPage) fillColumns(l *lang.Locale) {
	options := []template.Option{{Text: l.T("intake.field.nothing")}}
	for _, field := range intake.Fields(p.File.Kind) {
		options = append(options, template.Option{Value: string(field), Text: l.T("intake.field." + string(field))})
	}
	for _, c := range p.File.Columns {
		name := "column" + strconv.Itoa(c.Number)
		p.Columns = append(p.Columns, columnLine{Name: c.Heading, Letters: c.Letters, Samples: l.T("admin.import.samples", "list", lister(c.Samples)),
			Choice: template.Choice{Name: name, Label: c.Heading, Value: p.Form.Text(name), Options: options, Required: true}})
	}
}

// lister parts examples so that they can be told apart.
func lister(samples []string) string {
	out := ""
	for i, s := range samples {
		if i > 0 {
			out += " · "
		}
		out += s
	}
	return out
}

// choicesOf are what can be decided about the import of a file.
func choicesOf(r *http.Request, v *page.Visit, t *tenant.Tenant, u *upload) (planChoices, error) {
	c := planChoices{}
	for _, k := range intake.Kinds() {
		c.Kinds = append(c.Kinds, template.Option{Value: string(k), Text: v.Lang.T("intake.kind." + string(k))})
	}
	for _, d := range intake.DateFormats() {
		c.Dates = append(c.Dates, template.Option{Value: d, Text: d})
	}
	var err error
	if c.Patterns, c.Packages, err = view.ContractOptions(r.Context(), v, t); err != nil {
		return c, err
	}
	locations, err := t.People.Locations(r.Context(), v.Person)
	if err != nil {
		return c, err
	}
	c.Locations = view.LocationOptions(locations)
	book, err := t.Leave.Rules(r.Context())
	if err != nil || u.file.Kind == intake.People {
		return c, err
	}
	types := []template.Option{{Value: intake.AsCalled, Text: v.Lang.T("admin.import.new_type")}, {Value: intake.SickReport, Text: v.Lang.T("intake.sickness")}}
	if u.file.Kind == intake.Balances {
		types = []template.Option{{Value: intake.AsCalled, Text: v.Lang.T("admin.import.no_type")}}
	}
	for _, x := range book.Types {
		if x.Entitled || u.file.Kind == intake.Absences {
			types = append(types, template.Option{Value: x.ID, Text: x.Name})
		}
	}
	for i, word := range u.words() {
		c.Words = append(c.Words, template.Choice{Name: "word" + strconv.Itoa(i), Label: word, Value: u.meaning(word), Options: types, Required: true})
	}
	return c, nil
}
