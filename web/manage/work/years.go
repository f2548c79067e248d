// SPDX-License-Identifier: Apache-2.0

package work

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

const yearsPath = "/manage/years"

// recentYears are listed at once; those before them are folded away.
const recentYears = 4

// yearsPage lists the leave years, and how far each has come.
type yearsPage struct {
	Frame         template.Page
	Lines, Before []yearLine
}

// yearLine is the leave years that end on one day, in words.
type yearLine struct {
	Name, Days, Href string
	Tone             template.Tone
	State            string
	People, Closed   string
	Last             string // what was done last, by whom and when
}

// showYears handles GET /manage/years.
func showYears(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v, ctx := page.VisitOf(r), r.Context()
	years, err := t.Leave.Years(ctx, v.Person)
	if err != nil {
		return err
	}
	names, err := namesOf(r, t)
	if err != nil {
		return err
	}
	p := yearsPage{Frame: page.ManageFrame(w, r, v.Lang.T("admin.yearend"), yearsPath)}
	for i := range years {
		line := yearLineOf(v.Lang, &years[i], names, v.Zone)
		if i < recentYears || years[i].Last.ID != "" {
			p.Lines = append(p.Lines, line)
		} else {
			p.Before = append(p.Before, line)
		}
	}
	return page.Render(w, r, http.StatusOK, yearsView(p))
}

// namesOf returns the name of anybody, also of a bureau, for who did what.
func namesOf(r *http.Request, t *tenant.Tenant) (func(people.ID) string, error) {
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return nil, err
	}
	return func(id people.ID) string { return org.Person(id).Name() }, nil
}

func yearLineOf(l *lang.Locale, y *leave.YearSummary, names func(people.ID) string, zone *time.Location) yearLine {
	all := 0
	for _, n := range y.Counts {
		all += n
	}
	line := yearLine{Name: yearName(l, y.Year), Days: l.Range(y.Year.From, y.Year.To), Href: yearsPath + "/" + y.Year.To.String(),
		People: strconv.Itoa(y.People), Closed: l.T("years.of", "count", y.Counts[leave.YearClosed], "all", all)}
	line.Tone, line.State = yearState(l, y.State())
	if y.Last.ID != "" {
		line.Last = actText(l, &y.Last, names, zone)
	}
	return line
}

// yearName is what people call a leave year: 2025, or 2025–2026.
func yearName(l *lang.Locale, y calendar.Range) string {
	from, to := y.From.Year(), y.To.Year()
	switch {
	case y == calendar.YearOf(from):
		return strconv.Itoa(from)
	case from < to:
		return fmt.Sprintf("%d\u2013%d", from, to)
	}
	return l.Range(y.From, y.To)
}

func yearState(l *lang.Locale, s leave.YearState) (template.Tone, string) {
	tones := map[leave.YearState]template.Tone{leave.YearReady: template.Info, leave.YearWaits: template.Warn, leave.YearClosed: template.Good}
	return tones[s], l.T("years.state." + string(s))
}

// actText says who closed or opened leave years, when, and of how many.
func actText(l *lang.Locale, a *leave.ClosingAct, names func(people.ID) string, zone *time.Location) string {
	return l.T("years.act."+string(a.Kind), "name", names(a.By), "at", l.DateTime(a.At, zone), "count", a.People)
}

// yearPage is the review of leave years.
type yearPage struct {
	Frame    template.Page
	Form     *page.Form
	Review   leave.Review
	Name     string
	Days     string
	Next     calendar.Date // the first day after them
	Packages []template.Option
	Types    []template.Link
	Sum      overviewRow
	Lines    []yearRow
	Pages    template.Pages
	Loose    []looseLine
	Look     []lookLine
	Acts     []actLine
	File     string
	Stay     int             // cannot be closed now
	None     map[string]bool // columns that are left out, since all of them is zero
}

// yearRow is a leave year of one person, in words.
type yearRow struct {
	overviewRow
	Tone  template.Tone
	State string
}

// looseLine is what waits for a decision.
type looseLine struct{ Name, What, When, Href string }

// lookLine is what may be wrong about somebody.
type lookLine struct{ Name, What, Href string }

// actLine is what was done, with the reason.
type actLine struct{ What, Reason string }

// pickOf reads which leave years an address and a form mean.
func pickOf(r *http.Request, f *page.Form) (leave.YearPick, error) {
	to, err := calendar.Parse(r.PathValue("to"))
	if err != nil {
		return leave.YearPick{}, page.ErrNothing
	}
	pick := leave.YearPick{To: to, Package: f.Text("package")}
	if who := f.Text("person"); who != everybody {
		pick.Person = people.ID(who)
	}
	return pick, nil
}

// everybody stands for all people in a list of them.
const everybody = "everybody"

// closedPeople are those whose leave year can be opened again.
func (p *yearPage) closedPeople() []template.Option {
	out := []template.Option{{Value: everybody, Text: p.Frame.L.T("web.collective.everybody")}}
	for i := range p.Review.Lines {
		x := &p.Review.Lines[i]
		id := string(x.Person.ID)
		if x.State == leave.YearClosed && !x.Later && out[len(out)-1].Value != id {
			out = append(out, template.Option{Value: id, Text: x.Person.Name()})
		}
	}
	return out
}

// showYear handles GET /manage/years/{to}.
func showYear(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	return renderYear(w, r, t, f)
}

func renderYear(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	pick, err := pickOf(r, f)
	if err != nil {
		return err
	}
	book, err := t.Leave.Rules(r.Context())
	if err != nil {
		return err
	}
	pick.Person = "" // one person is meant by what is done, never by the page
	if !slices.ContainsFunc(book.Packages, func(x leave.Package) bool { return x.ID == pick.Package }) {
		pick.Package = ""
	}
	review, err := t.Leave.YearReview(r.Context(), v.Person, pick)
	if err != nil {
		return err
	}
	if len(review.Lines) == 0 && pick.Package == "" {
		return page.ErrNothing
	}
	names, err := namesOf(r, t)
	if err != nil {
		return err
	}
	if review.Year.To.IsZero() {
		review.Year = calendar.YearOf(pick.To.Year())
	}
	p := yearPage{Form: f, Review: review, Name: yearName(v.Lang, review.Year), Days: v.Lang.Range(review.Year.From, review.Year.To), Next: pick.To.AddDays(1)}
	p.Packages = []template.Option{{Text: v.Lang.T("years.all_packages")}}
	for _, x := range book.Packages {
		p.Packages = append(p.Packages, template.Option{Value: x.ID, Text: x.Name})
	}
	p.Stay = review.Counts[leave.YearWaits]
	p.fill(v.Lang)
	p.fillSides(v.Lang, names, v.Zone)
	p.Frame = page.ManageFrame(w, r, v.Lang.T("years.title", "year", p.Name), yearsPath+"/"+pick.To.String())
	return page.Render(w, r, f.Status(), yearView(p))
}

// address is that of the page with one thing otherwise.
func (p *yearPage) address(typ, number string) string {
	return page.WithQuery(yearsPath+"/"+p.Review.Pick.To.String(), "package", p.Review.Pick.Package, "type", typ, "page", number)
}

// fill shows one page of one type: the one that is asked for, or else the first.
func (p *yearPage) fill(l *lang.Locale) {
	p.File = page.WithQuery(yearsPath+"/"+p.Review.Pick.To.String()+"/file", "package", p.Review.Pick.Package)
	sums := p.Review.Sums
	if len(sums) == 0 {
		return
	}
	shown := max(0, slices.IndexFunc(sums, func(s leave.ReviewSum) bool { return s.Type.ID == p.Form.Text("type") }))
	typ := sums[shown].Type
	for i, s := range sums {
		p.Types = append(p.Types, template.Link{Text: s.Type.Name, Href: p.address(s.Type.ID, ""), Current: i == shown})
	}
	var lines []*leave.ReviewLine
	for i := range p.Review.Lines {
		if p.Review.Lines[i].Type.ID == typ.ID {
			lines = append(lines, &p.Review.Lines[i])
		}
	}
	p.leaveOut(lines)
	p.Sum = overviewRow{Name: l.T("web.overview.sum"), Cells: p.cells(l, typ, &sums[shown].YearFigures)}
	lines, p.Pages = page.Paginate(lines, p.Form.Text("page"), func(number string) string { return p.address(typ.ID, number) })
	for _, x := range lines {
		row := yearRow{overviewRow: overviewRow{Name: x.Person.Name(), Key: string(x.Person.ID), Cells: p.cells(l, typ, &x.YearFigures)}}
		row.Tone, row.State = yearState(l, x.State)
		p.Lines = append(p.Lines, row)
	}
}

// fillSides puts into words what stands beside the figures.
func (p *yearPage) fillSides(l *lang.Locale, names func(people.ID) string, zone *time.Location) {
	for _, x := range p.Review.Loose {
		line := looseLine{Name: x.Person.Name(), What: x.Type.Name, When: l.Date(x.Date())}
		if x.Request != nil {
			line.When, line.Href = l.Range(x.Request.From, x.Request.To), "/requests/"+x.Request.ID
		} else {
			line.What, line.Href = l.T("years.claim", "type", x.Type.Name), "/inbox"
		}
		p.Loose = append(p.Loose, line)
	}
	for _, x := range p.Review.Look {
		p.Look = append(p.Look, lookLine{Name: x.Person.Name(), What: l.T("leave.look."+x.Key, "date", x.Date), Href: "/manage/people/" + string(x.Person.ID)})
	}
	for i := range p.Review.Acts {
		a := &p.Review.Acts[i]
		line := actLine{What: actText(l, a, names, zone), Reason: a.Reason}
		if a.Person != "" {
			line.What = l.T("years.act.one."+string(a.Kind), "name", names(a.By), "at", l.DateTime(a.At, zone), "person", names(a.Person))
		}
		p.Acts = append(p.Acts, line)
	}
}

// yearColumn is a figure with the key of its name.
type yearColumn struct {
	key, place string // where it stands on a phone: see figure
	rare       bool   // left out where all of it is zero
	of         func(*leave.YearFigures) exact.Rat
}

// yearColumns are the figures of a leave year, in their order.
var yearColumns = []yearColumn{
	{"web.overview.carried", "desk", false, func(x *leave.YearFigures) exact.Rat { return x.Carried }},
	{"web.overview.corrected", "desk", true, func(x *leave.YearFigures) exact.Rat { return x.Corrected }},
	{"web.overview.entitled", "desk", false, func(x *leave.YearFigures) exact.Rat { return x.Entitled }},
	{"web.overview.lost", "desk", false, func(x *leave.YearFigures) exact.Rat { return x.Lost.Add(x.Paid) }},
	{"web.overview.taken", "", false, func(x *leave.YearFigures) exact.Rat { return x.Taken }},
	{"web.overview.pending", "", true, func(x *leave.YearFigures) exact.Rat { return x.Pending }},
	{"web.overview.left", "front", false, func(x *leave.YearFigures) exact.Rat { return x.Balance }},
	{"years.since", "", true, func(x *leave.YearFigures) exact.Rat { return x.Since }},
	{"years.over", "", false, func(x *leave.YearFigures) exact.Rat { return x.Over }},
	{"years.ends", "", false, func(x *leave.YearFigures) exact.Rat { return x.Ends }},
	{"years.stays", "", true, (*leave.YearFigures).Stays},
}

// leaveOut finds the columns that few need where all of it is zero. The file has them.
func (p *yearPage) leaveOut(lines []*leave.ReviewLine) {
	p.None = map[string]bool{}
	for _, c := range yearColumns {
		p.None[c.key] = c.rare && !slices.ContainsFunc(lines, func(x *leave.ReviewLine) bool { return !c.of(&x.YearFigures).IsZero() })
	}
}

// columnsShown are those that the page has.
func (p *yearPage) columnsShown() []yearColumn {
	return slices.DeleteFunc(slices.Clone(yearColumns), func(c yearColumn) bool { return p.None[c.key] })
}

// note says when leave goes over or ends, and where some stays, which that is.
func (p *yearPage) note() string {
	if p.None["years.stays"] {
		return p.Frame.L.T("years.figures.note", "date", p.Next)
	}
	return p.Frame.L.T("years.figures.stays", "date", p.Next)
}

func (p *yearPage) cells(l *lang.Locale, t leave.Type, x *leave.YearFigures) []figure {
	var out []figure
	for _, c := range p.columnsShown() {
		out = append(out, figureOf(l, c.key, c.place, c.of(x), t.Unit))
	}
	return out
}

func (p *yearPage) columns() []template.Column {
	out := []template.Column{{Text: p.Frame.L.T("web.col.person")}}
	for _, c := range p.columnsShown() {
		out = append(out, template.Column{Text: p.Frame.L.T(c.key), Number: true})
	}
	return append(out, template.Column{Text: p.Frame.L.T("web.col.state")})
}

// facts tell how far the leave years have come.
func (p *yearPage) facts() []template.Fact {
	l, n := p.Frame.L, p.Review.Counts
	out := []template.Fact{{Name: l.T("years.days"), Text: p.Days}, {Name: l.T("admin.people"), Text: strconv.Itoa(p.Review.People)}}
	for _, s := range []leave.YearState{leave.YearRuns, leave.YearReady, leave.YearWaits, leave.YearClosed} {
		if n[s] > 0 {
			out = append(out, template.Fact{Name: l.T("years.count." + string(s)), Text: strconv.Itoa(n[s])})
		}
	}
	return out
}

// closeYear handles POST /manage/years/{to}.
func closeYear(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return actOnYear(w, r, t, "year-closed", func(f *page.Form, pick leave.YearPick) error {
		pick.Person = ""
		_, err := t.Leave.CloseYear(r.Context(), page.VisitOf(r).Person, pick, f.Text("mark"))
		return err
	})
}

// reopenYear handles POST /manage/years/{to}/reopen.
func reopenYear(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return actOnYear(w, r, t, "year-reopened", func(f *page.Form, pick leave.YearPick) error {
		_, err := t.Leave.ReopenYear(r.Context(), page.VisitOf(r).Person, pick, f.Text("reason"))
		return err
	})
}

// actOnYear does something to leave years and comes back to their review.
func actOnYear(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, key string, act func(*page.Form, leave.YearPick) error) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	pick, err := pickOf(r, f)
	if err != nil {
		return err
	}
	finished, err := f.Attempt(func() error { return act(f, pick) })
	switch {
	case err != nil:
		return err
	case finished:
		return page.Done(w, r, page.WithQuery(yearsPath+"/"+pick.To.String(), "package", pick.Package), key)
	}
	return renderYear(w, r, t, f)
}

// yearFile handles GET /manage/years/{to}/file: every line of every type, with exact
// figures.
func yearFile(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	pick, err := pickOf(r, f)
	if err != nil {
		return err
	}
	pick.Person = ""
	review, err := t.Leave.YearReview(r.Context(), page.VisitOf(r).Person, pick)
	if err != nil {
		return err
	}
	return page.SendTable(w, r, "leave-year-"+pick.To.String()+".csv", yearRows(page.VisitOf(r).Lang, &review))
}

// yearRows yields the rows of the file, hours with a decimal part.
func yearRows(l *lang.Locale, review *leave.Review) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		head := []string{l.T("admin.field.number"), l.T("web.col.person"), l.T("web.col.type"), l.T("admin.field.unit"), l.T("web.overview.year"), l.T("web.col.state")}
		for _, c := range yearColumns {
			head = append(head, l.T(c.key))
		}
		if !yield(head) {
			return
		}
		for i := range review.Lines {
			x := &review.Lines[i]
			row := []string{x.Person.Number, x.Person.Name(), x.Type.Name, l.T("admin.trades.unit." + string(x.Type.Unit)), review.Year.From.String(),
				l.T("years.state." + string(x.State))}
			for _, c := range yearColumns {
				row = append(row, fileNumber(l, c.of(&x.YearFigures), x.Type.Unit))
			}
			if !yield(row) {
				return
			}
		}
	}
}
